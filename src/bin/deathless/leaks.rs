//! `--leaks`: what interpreters leave behind when they end, by type and count.
//!
//! Our own addition to the C API, like the registry. It is asked for before the runtime starts; the runtime then tells
//! of each interpreter that has ended, and what it told is shown once all have.

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::Path;
use std::sync::Mutex;

use crate::report::quoted;
use crate::runtime::api;

/// `deathless_living` in C.
#[repr(C)]
struct Row {
    interpreter: i64,
    what: c_int,
    type_name: *const c_char,
    count: usize,
    leaked: usize,
    bytes: usize,
    examples: *const c_char,
}

/// `DEATHLESS_OBJECTS`, `DEATHLESS_PARTS` in C; the third is `DEATHLESS_RAW`.
const OBJECTS: c_int = 1;
const PARTS: c_int = 2;

type Visitor = unsafe extern "C" fn(*const Row, *mut c_void) -> c_int;

#[derive(Default)]
struct Figures {
    count: usize,
    leaked: usize,
    bytes: usize,
    /// Of the first interpreter that left any.
    examples: Option<String>,
}

/// What all interpreters left, by what it is and by its type's name.
static LEFT: Mutex<BTreeMap<(c_int, String), Figures>> = Mutex::new(BTreeMap::new());

/// Asks the opened runtime, which is not started yet; or says why that cannot be.
pub fn begin(library: &Path) -> Result<(), String> {
    let Ok(address) = api().raw("deathless_watch_leaks") else {
        return Err(format!(
            "{} does not tell what interpreters leave behind: it does not export deathless_watch_leaks",
            library.display()
        ));
    };
    // SAFETY: our header declares this signature; the answer is NULL or a C string that stays.
    let sentence = unsafe {
        type Watch = unsafe extern "C" fn(Visitor, *mut c_void) -> *const c_char;
        let sentence = std::mem::transmute::<*mut c_void, Watch>(address)(remember, std::ptr::null_mut());
        (!sentence.is_null()).then(|| CStr::from_ptr(sentence).to_string_lossy().into_owned())
    };
    sentence.map_or(Ok(()), Err)
}

/// # Safety
/// `row` is a row of the runtime's.
unsafe extern "C" fn remember(row: *const Row, _: *mut c_void) -> c_int {
    // SAFETY: as promised above.
    let row = unsafe { &*row };
    // SAFETY: the row's texts are NULL or live for the call.
    let text =
        |text: *const c_char| (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned());
    let name = text(row.type_name);
    let mut left = LEFT.lock().expect("no thread panics");
    let figures = left.entry((row.what, name.unwrap_or_default())).or_default();
    figures.count += row.count;
    figures.leaked += row.leaked;
    figures.bytes += row.bytes;
    figures.examples = figures.examples.take().or_else(|| text(row.examples));
    0
}

/// What was left, as a table, once the runtime has ended.
pub fn report() {
    print!("\nleft behind\n{}", table());
}

fn table() -> String {
    let left = LEFT.lock().expect("no thread panics");
    if left.is_empty() {
        return "  nothing was left\n".to_owned();
    }
    let name = |what: c_int, name: &str| match what {
        OBJECTS => name.to_owned(),
        PARTS => "(what they keep apart)".to_owned(),
        _ => "(PyMem_Malloc and its like)".to_owned(),
    };
    let width = left.keys().map(|(what, text)| name(*what, text).chars().count()).max().unwrap_or(0).max(4);
    let mut table = format!("  {:<width$}  {:>9}  {:>9}  {:>11}\n", "type", "count", "leaked", "bytes");
    for ((what, text), Figures { count, leaked, bytes, examples }) in &*left {
        let leaked = if *what == OBJECTS { leaked.to_string() } else { "-".to_owned() };
        let examples = examples.as_deref().unwrap_or_default();
        let line = format!("  {:<width$}  {count:>9}  {leaked:>9}  {bytes:>11}  {examples}", name(*what, text));
        table += &format!("{}\n", line.trim_end());
    }
    table
}

/// The same for programs.
pub fn json() -> String {
    let left = LEFT.lock().expect("no thread panics");
    let rows = left.iter().map(|((what, name), Figures { count, leaked, bytes, .. })| {
        let what = ["objects", "parts", "raw"][(*what - OBJECTS).clamp(0, 2) as usize];
        let name = if name.is_empty() { "null".to_owned() } else { quoted(name) };
        format!(
            "{{\"what\": \"{what}\", \"type\": {name}, \"count\": {count}, \"leaked\": {leaked}, \"bytes\": {bytes}}}"
        )
    });
    format!("[{}]", rows.collect::<Vec<_>>().join(", "))
}
