//! The seal on the process's immortals, as it is asked for and as it reports.
//!
//! [`crate::object::seal`] keeps the pages closed and sees the writes; here is what it is laid on, and what is told of a
//! write: the object by its name ([`names`]), the function and line by [`crate::runtime::site`].

mod names;

use core::ffi::CStr;
use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::object::lock::Mutex;
use crate::object::seal::{self, Mode, PAGE, Write};
use crate::object::{Object, strategy};
use crate::runtime::{lifecycle, site};
use crate::types::singletons;
use crate::types::type_::{builtin, statics};

/// Whether the environment asked for what is to be told at the end; also one seal at a time.
static ASKED: Mutex<bool> = Mutex::new(false);

const VARIABLE: &str = "DEATHLESS_SEAL";

/// Seals the process's immortals; or why they cannot be, and then nothing has changed.
pub fn seal(mode: Mode) -> Result<(), String> {
    statics::alone(|| {
        let _one = ASKED.lock();
        lay(mode)
    })
}

fn lay(mode: Mode) -> Result<(), String> {
    if !lifecycle::is_initialized() {
        return Err("the immortals cannot be sealed before the runtime is initialised".to_owned());
    }
    if !strategy::skips(singletons::none_ref()) {
        let name = strategy::NAME.to_string_lossy();
        return Err(format!("the immortals cannot be sealed: the strategy '{name}' counts references to them"));
    }
    let image = seal::image();
    if !image.start.is_multiple_of(PAGE) || !image.end.is_multiple_of(PAGE) {
        return Err("the immortals cannot be sealed: they share pages with other data, since the library was linked \
                    without src/object/immortal.ld"
            .to_owned());
    }
    let (Some(mut pages), Some(growing)) = (builtin::memory(), statics::memory()) else {
        return Err("the immortals cannot be sealed: they share pages with other data, since PYTHONMALLOC asks for \
                    malloc or no range of addresses could be reserved"
            .to_owned());
    };
    pages.push(image);
    seal::seal(mode, pages, growing, stop).map_err(|error| format!("the immortals cannot be sealed: {error}"))
}

/// Makes the pages writable again. What was counted is kept.
pub fn lift() {
    let _one = ASKED.lock();
    seal::lift();
}

/// Seals where `DEATHLESS_SEAL` is `1` or `count`. Called once the runtime is initialised.
pub fn start() {
    let Some(wanted) = std::env::var_os(VARIABLE) else { return };
    let mode = match wanted.to_str() {
        Some("" | "0") => return,
        Some("1") => Mode::Stop,
        Some("count") => Mode::Count,
        _ => {
            eprintln!("deathless: {VARIABLE} is 1, count or 0, not {wanted:?}: the immortals are not sealed");
            return;
        }
    };
    match seal(mode) {
        Ok(()) => {
            *ASKED.lock() = true;
            for (file, objects) in copies() {
                eprintln!("deathless: {}", copies_text(&file, objects.len()));
            }
        }
        Err(sentence) => eprintln!("deathless: {VARIABLE}={}: {sentence}", wanted.display()),
    }
}

/// The runtime has ended: with it the seal. Where the environment asked for counts, they are told.
pub fn end() {
    let mut asked = ASKED.lock();
    let mode = seal::mode();
    seal::lift();
    if core::mem::take(&mut *asked) && mode == Some(Mode::Count) {
        tell();
    }
}

fn tell() {
    for row in rows() {
        let Row { function, module, object, up, down, other, .. } = &row;
        let source = row.source.as_ref().map(|source| format!(" ({source})")).unwrap_or_default();
        eprintln!(
            "deathless: {object} was written to by {function}{source} in {module}: {up} up, {down} down, {other} other"
        );
    }
    if seal::lost() > 0 {
        eprintln!("deathless: {} more writes to immortals found no room in the table", seal::lost());
    }
}

/// What one function did to one object.
pub struct Row {
    /// The file that the function's code lies in.
    pub module: String,
    pub function: String,
    /// Where debug information says so: file and line of the write that happened most.
    pub source: Option<String>,
    pub object: String,
    pub up: u64,
    pub down: u64,
    pub other: u64,
}

impl Row {
    pub fn total(&self) -> u64 {
        self.up + self.down + self.other
    }
}

/// The writes that were counted, by module; there those that wrote most first.
pub fn rows() -> Vec<Row> {
    let index = names::Index::new();
    let mut rows: BTreeMap<(String, String, String), (Row, u64)> = BTreeMap::new();
    for count in seal::snapshot() {
        let site = site::at(count.instruction);
        let module = site.image.as_ref().map_or_else(|| "no file".to_owned(), |path| path.display().to_string());
        let (object, counts) = target(&index, count.word);
        let function = site.function_name().into_owned();
        let (row, most) = rows
            .entry((module.clone(), function.clone(), object.clone()))
            .or_insert_with(|| (Row { module, function, source: None, object, up: 0, down: 0, other: 0 }, 0));
        let total = count.up + count.down + count.other;
        if counts {
            row.up += count.up;
            row.down += count.down;
            row.other += count.other;
        } else {
            row.other += total;
        }
        if total > *most {
            *most = total;
            row.source = site.line();
        }
    }
    let mut rows: Vec<Row> = rows.into_values().map(|(row, _)| row).collect();
    rows.sort_by(|a, b| (&a.module, b.total()).cmp(&(&b.module, a.total())));
    rows
}

/// What a word belongs to, and whether it is a reference count.
fn target(index: &names::Index, word: usize) -> (String, bool) {
    match index.find(word) {
        Some(object) => (names::name(object), object.as_ptr().addr() == word),
        None if seal::image().contains(&word) => ("a table of a built-in type's functions".to_owned(), false),
        None => ("a table of a type's names".to_owned(), false),
    }
}

/// The singletons and types of which a program has copies in its own memory, by the program's file: those are not
/// sealed.
pub fn copies() -> BTreeMap<PathBuf, Vec<&'static Object>> {
    let image = seal::image();
    let mut found: BTreeMap<PathBuf, Vec<&'static Object>> = BTreeMap::new();
    for object in names::of_image().filter(|object| !image.contains(&object.as_ptr().addr())) {
        let file = site::image_of(object.as_ptr().addr()).map_or_else(PathBuf::new, |image| image.path);
        found.entry(file).or_default().push(object);
    }
    found
}

fn copies_text(file: &std::path::Path, count: usize) -> String {
    format!(
        "{count} of the immortals lie in {} and are not sealed: it was linked with copies of them; a \
         position-independent program compiled with deathless's headers takes none",
        file.display()
    )
}

/// The report of a write that nobody counts, and the end.
fn stop(write: Write) -> ! {
    let index = names::Index::new();
    let (object, counts) = target(&index, write.word);
    let byte = || match index.find(write.address) {
        Some(object) => format!("byte {} of it", write.address - object.as_ptr().addr()),
        None => format!("the byte at {:#x}", write.address),
    };
    let site = site::at(write.instruction);
    let difference = write.after.wrapping_sub(write.before) as i64;
    let kind = match difference {
        _ if !counts => byte(),
        1.. => format!("reference count up by {difference}"),
        0 => "reference count, with the value that it had".to_owned(),
        _ => format!("reference count down by {}", difference.unsigned_abs()),
    };
    let field = |label: &str, text: &str| eprintln!("  {label:<12} {text}");
    eprintln!("deathless: a sealed immortal was written to");
    field("object", &object);
    field("write", &format!("{kind}: {:#018x} became {:#018x}", write.before, write.after));
    field("instruction", &format!("{:#x}, {:#x} in the file", site.address, site.offset));
    field("function", &site.function_name());
    field("module", &site.image.as_ref().map_or_else(|| "no file".into(), |path| path.to_string_lossy()));
    field("source", &site.source().unwrap_or_else(|| "not told: the module has no debug information".to_owned()));
    eprintln!("{VARIABLE}=count lets writes pass and counts them");
    std::process::abort()
}

/// Texts for C, which outlive the call that asks for them.
pub fn sentence_for_c(text: String) -> &'static CStr {
    static TOLD: Mutex<Vec<&'static CStr>> = Mutex::new(Vec::new());
    let text = std::ffi::CString::new(text).unwrap_or_default();
    let mut told = TOLD.lock();
    if let Some(known) = told.iter().find(|known| ***known == *text) {
        return known;
    }
    let text: &'static CStr = Box::leak(text.into_boxed_c_str());
    told.push(text);
    text
}
