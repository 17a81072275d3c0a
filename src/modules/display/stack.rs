//! The entries of a traceback as text: file, line and function, and the line of source where the file can be read.

use core::fmt::Write;
use std::collections::HashMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::modules::sys;
use crate::object::Owned;
use crate::runtime::ThreadState;
use crate::types::str::fs;
use crate::types::traceback::Traceback;
use crate::types::{Int, List, Str};

pub const HEADER: &str = "Traceback (most recent call last):\n";

/// How often an entry is shown that comes several times in a row.
const SHOWN: usize = 3;

/// `sys.tracebacklimit`: how many entries are shown, the innermost ones.
pub fn limit(ts: &ThreadState) -> Option<usize> {
    let limit = sys::get(ts, "tracebacklimit")?;
    let limit = limit.downcast::<Int>()?;
    match limit.to_i64() {
        _ if limit.is_negative() => Some(0),
        Some(limit) => Some(limit as usize),
        None => None,
    }
}

/// The lines for a traceback, without its head; empty where `limit` leaves none.
pub fn text(ts: &ThreadState, traceback: &Traceback, limit: Option<usize>, sources: &mut Sources) -> String {
    let entries: Vec<&Traceback> = core::iter::successors(Some(traceback), |entry| entry.next()).collect();
    let first = limit.map_or(0, |limit| entries.len().saturating_sub(limit));
    let mut out = String::new();
    let (mut last, mut times) = (None, 0);
    for entry in &entries[first..] {
        let Some(place) = Place::of(entry) else { continue };
        if last.as_ref() != Some(&place) || place.line.is_none() {
            push_repeated(&mut out, times);
            times = 0;
        }
        times += 1;
        if times <= SHOWN {
            place.push(ts, &mut out, sources);
        }
        last = Some(place);
    }
    push_repeated(&mut out, times);
    out
}

fn push_repeated(out: &mut String, times: usize) {
    if let Some(more) = times.checked_sub(SHOWN).filter(|&more| more > 0) {
        let s = if more == 1 { "" } else { "s" };
        let _ = writeln!(out, "  [Previous line repeated {more} more time{s}]");
    }
}

struct Place {
    file: Owned<Str>,
    function: Owned<Str>,
    line: Option<i32>,
}

impl PartialEq for Place {
    fn eq(&self, other: &Place) -> bool {
        self.line == other.line && self.file.equals(&other.file) && self.function.equals(&other.function)
    }
}

impl Place {
    fn of(entry: &Traceback) -> Option<Place> {
        let code = entry.frame()?.code();
        Some(Place { file: Owned::new(code.filename()), function: Owned::new(code.name()), line: entry.line() })
    }

    fn push(&self, ts: &ThreadState, out: &mut String, sources: &mut Sources) {
        let line = self.line.map_or_else(|| "None".to_owned(), |line| line.to_string());
        let _ = writeln!(out, "  File \"{}\", line {line}, in {}", &*self.file, &*self.function);
        let source = self.line.and_then(|line| sources.line(ts, &self.file, line));
        if let Some(source) = source.filter(|source| !source.is_empty()) {
            let _ = writeln!(out, "    {source}");
        }
    }
}

/// The files that were read for one report: their lines, without the space around them.
#[derive(Default)]
pub struct Sources {
    files: HashMap<String, Vec<String>>,
}

impl Sources {
    fn line(&mut self, ts: &ThreadState, file: &Str, line: i32) -> Option<&str> {
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        let lines = self.files.entry(file.to_string()).or_insert_with(|| read(ts, file).unwrap_or_default());
        lines.get(index).map(String::as_str)
    }
}

/// A file's lines: a regular file by that name, from the working directory or else a folder of `sys.path`, in UTF-8.
/// Text in another encoding is not shown, whatever it says about itself.
fn read(ts: &ThreadState, name: &Str) -> Option<Vec<String>> {
    let Ok(bytes) = fs::encode_name(ts, name) else {
        ts.error.clear();
        return None;
    };
    let path = Path::new(OsStr::from_bytes(bytes.as_slice()));
    let content = read_file(path).or_else(|| {
        let folders = sys::get(ts, "path").filter(|_| path.is_relative())?;
        let folders = folders.downcast::<List>()?;
        let texts = folders.as_slice().iter().filter_map(|folder| folder.downcast::<Str>());
        texts.map(|folder| Path::new(&folder.to_string()).join(path)).find_map(|path| read_file(&path))
    })?;
    let text = String::from_utf8(content).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n");
    Some(text.split(['\n', '\r']).map(|line| line.trim_matches(is_space).to_owned()).collect())
}

fn read_file(path: &Path) -> Option<Vec<u8>> {
    // What is no file may never end.
    if !std::fs::metadata(path).ok()?.is_file() {
        return None;
    }
    std::fs::read(path).ok()
}

/// What `str.strip` takes off: the separators of ASCII as well.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\x1c'..='\x1f').contains(&c)
}
