//! `deathless run --seal`: which immortals a module writes to, and how often.
//!
//! The seal is our own addition to the C API, like the registry. It lets the
//! writes pass; what was counted is read at the end, before the runtime ends.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::Path;

use crate::object::Fault;
use crate::runtime::api;

/// `DEATHLESS_SEAL_COUNT` in C.
const COUNT: c_int = 2;

/// `deathless_write` in C.
#[repr(C)]
struct Row {
    module: *const c_char,
    function: *const c_char,
    source: *const c_char,
    object: *const c_char,
    up: u64,
    down: u64,
    other: u64,
}

type Visitor = unsafe extern "C" fn(*const Row, *mut c_void) -> c_int;

struct Write {
    module: String,
    function: String,
    source: Option<String>,
    object: String,
    counts: [u64; 3],
}

/// Seals the immortals of the running runtime; or says why it cannot.
pub fn begin(library: &Path) -> Result<(), String> {
    let Ok(address) = api().raw("deathless_seal") else {
        return Err(format!("{} cannot seal its immortals: it does not export deathless_seal", library.display()));
    };
    // SAFETY: our header declares this signature; the answer is NULL or a C string that stays.
    let sentence = unsafe {
        let seal = std::mem::transmute::<*mut c_void, unsafe extern "C" fn(c_int) -> *const c_char>(address);
        text(seal(COUNT))
    };
    sentence.map_or(Ok(()), Err)
}

/// What was counted, as a table; and what the seal did not reach.
pub fn report() -> Result<(), String> {
    let writes = collect().map_err(|fault| fault.sentence())?;
    println!("\nwrites to immortals");
    if writes.is_empty() {
        println!("  none: whatever was loaded left every one of them alone");
    }
    for group in writes.chunk_by(|a, b| a.module == b.module) {
        print_module(group);
    }
    Ok(())
}

fn print_module(writes: &[Write]) {
    let total: u64 = writes.iter().flat_map(|write| write.counts).sum();
    println!("  {}: {total} writes", writes[0].module);
    let width = |of: fn(&Write) -> &String| writes.iter().map(|write| of(write).chars().count()).max().unwrap_or(0);
    let objects = width(|write| &write.object).max("object".len());
    let functions = width(|write| &write.function).max("function".len());
    println!(
        "    {:<objects$}  {:>10}  {:>10}  {:>10}  {:<functions$}  source",
        "object", "up", "down", "other", "function"
    );
    for Write { function, source, object, counts: [up, down, other], .. } in writes {
        let source = source.as_deref().unwrap_or("-");
        println!("    {object:<objects$}  {up:>10}  {down:>10}  {other:>10}  {function:<functions$}  {source}");
    }
}

/// A text of the runtime's; nothing for NULL.
///
/// # Safety
/// NULL, or a C string that lives for the call.
unsafe fn text(chars: *const c_char) -> Option<String> {
    // SAFETY: the caller's promise.
    (!chars.is_null()).then(|| unsafe { CStr::from_ptr(chars) }.to_string_lossy().into_owned())
}

fn collect() -> Result<Vec<Write>, Fault> {
    let address = api().raw("deathless_visit_writes")?;
    let mut writes: Vec<Write> = Vec::new();
    // SAFETY: our header declares this signature; the visitor gets back the vector that it is given here.
    unsafe {
        let visit = std::mem::transmute::<*mut c_void, unsafe extern "C" fn(Visitor, *mut c_void) -> c_int>(address);
        visit(remember, (&raw mut writes).cast());
    }
    Ok(writes)
}

/// # Safety
/// `row` is a row of the runtime's, `writes` the vector that `collect` made.
unsafe extern "C" fn remember(row: *const Row, writes: *mut c_void) -> c_int {
    // SAFETY: as promised above; the row's texts live for the call.
    unsafe {
        let (row, writes) = (&*row, &mut *writes.cast::<Vec<Write>>());
        let named = |chars| text(chars).unwrap_or_default();
        writes.push(Write {
            module: named(row.module),
            function: named(row.function),
            source: text(row.source),
            object: named(row.object),
            counts: [row.up, row.down, row.other],
        });
    }
    0
}
