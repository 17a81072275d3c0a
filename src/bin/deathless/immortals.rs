//! `deathless immortals`: the registry of immortal objects, as a table.
//!
//! The registry is our own addition to the C API. It is copied first and
//! printed afterwards: a repr makes objects, and must not run during the visit.

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::process::ExitCode;

use crate::args::Immortals;
use crate::object::{Fault, Obj, Outcome, PyObject};
use crate::report::quoted;
use crate::runtime::{self, api};
use crate::{module, report};

const VISIT: &str = "deathless_visit_immortals";

/// `deathless_immortal` in C.
#[repr(C)]
struct Row {
    kind: *const c_char,
    type_name: *const c_char,
    owner: *const c_char,
    origin: *const c_char,
    object: *mut PyObject,
    bytes: usize,
    mortal_cost: u64,
}

type Visitor = unsafe extern "C" fn(*const Row, *mut c_void) -> c_int;

struct Immortal {
    kind: String,
    class: String,
    owner: String,
    origin: String,
    object: Option<Obj>,
    bytes: u64,
    mortal_cost: u64,
}

#[derive(Default, Clone, Copy)]
struct Sum {
    objects: u64,
    bytes: u64,
    mortal_cost: u64,
}

impl Sum {
    fn add(&mut self, immortal: &Immortal) {
        self.objects += 1;
        self.bytes += immortal.bytes;
        self.mortal_cost += immortal.mortal_cost;
    }
}

pub fn command(options: &Immortals) -> Result<ExitCode, String> {
    let library = runtime::open(options.runtime.as_deref())?;
    if api().raw(VISIT).is_err() {
        return Err(format!(
            "{} does not tell which objects are immortal: it does not export {VISIT}",
            library.display()
        ));
    }
    runtime::start()?;
    let outcome = module::load_all(&options.modules).and_then(|modules| {
        let outcome = show(options).map_err(report::describe);
        drop(modules);
        outcome
    });
    runtime::stop();
    outcome.map(|()| ExitCode::SUCCESS)
}

fn show(options: &Immortals) -> Outcome<()> {
    let immortals = collect()?;
    let mut kinds: BTreeMap<&str, Sum> = BTreeMap::new();
    let mut total = Sum::default();
    for immortal in &immortals {
        kinds.entry(&immortal.kind).or_default().add(immortal);
        total.add(immortal);
    }
    if options.json {
        return print_json(&kinds, total, options.list.then_some(&*immortals));
    }
    if options.list {
        for immortal in &immortals {
            println!(
                "{:<12} {:>8}  {:<14} {:<28} {}",
                immortal.kind,
                immortal.bytes,
                immortal.owner,
                immortal.class,
                name(immortal)?
            );
        }
        println!();
    }
    print_table(&kinds, total);
    Ok(())
}

fn print_table(kinds: &BTreeMap<&str, Sum>, total: Sum) {
    let width = kinds.keys().map(|kind| kind.len()).max().unwrap_or(0).max(5);
    println!("{:<width$}  {:>10}  {:>12}  {:>12}", "kind", "objects", "bytes", "kept alive");
    for (kind, sum) in kinds.iter().map(|(kind, sum)| (*kind, *sum)).chain([("total", total)]) {
        let Sum { objects, bytes, mortal_cost } = sum;
        println!("{kind:<width$}  {objects:>10}  {bytes:>12}  {mortal_cost:>12}");
    }
    println!("\nkept alive: bytes that would have been given back, were they mortal");
}

fn print_json(kinds: &BTreeMap<&str, Sum>, total: Sum, listed: Option<&[Immortal]>) -> Outcome<()> {
    let sum = |sum: &Sum| {
        let Sum { objects, bytes, mortal_cost } = sum;
        format!("\"objects\":{objects},\"bytes\":{bytes},\"mortal_cost\":{mortal_cost}")
    };
    let rows: Vec<String> =
        kinds.iter().map(|(kind, it)| format!("{{\"kind\":{},{}}}", quoted(kind), sum(it))).collect();
    print!("{{\"kinds\":[{}],\"total\":{{{}}}", rows.join(","), sum(&total));
    if let Some(immortals) = listed {
        let rows = immortals.iter().map(json_object).collect::<Outcome<Vec<String>>>()?;
        print!(",\"immortals\":[{}]", rows.join(","));
    }
    println!("}}");
    Ok(())
}

fn json_object(immortal: &Immortal) -> Outcome<String> {
    let texts = [
        ("kind", &immortal.kind),
        ("type", &immortal.class),
        ("owner", &immortal.owner),
        ("origin", &immortal.origin),
        ("name", &name(immortal)?),
    ];
    let fields = texts.map(|(key, text)| format!("\"{key}\":{}", quoted(text))).join(",");
    let Immortal { bytes, mortal_cost, .. } = immortal;
    Ok(format!("{{{fields},\"bytes\":{bytes},\"mortal_cost\":{mortal_cost}}}"))
}

/// A line by which a person recognises the object: its repr, where that runs no
/// foreign code and cannot be long to make.
fn name(immortal: &Immortal) -> Outcome<String> {
    const SIMPLE: &[&str] = &[
        "NoneType",
        "NotImplementedType",
        "ellipsis",
        "bool",
        "int",
        "float",
        "complex",
        "str",
        "bytes",
        "type",
        "builtin_function_or_method",
        "method_descriptor",
        "wrapper_descriptor",
        "classmethod_descriptor",
        "getset_descriptor",
        "member_descriptor",
        "module",
    ];
    const LONGEST: usize = 60;
    let Some(object) = &immortal.object else {
        return Ok(immortal.origin.clone());
    };
    if !SIMPLE.contains(&immortal.class.as_str()) {
        return Ok(format!("<{} at {:p}>", immortal.class, object.as_ptr()));
    }
    let text = match report::repr(object) {
        Err(Fault::Raised) => format!("<{}>", report::describe(Fault::Raised)),
        text => text?,
    };
    let one_line = text.replace('\n', "\\n");
    Ok(match one_line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &one_line[..end]),
        None => one_line,
    })
}

fn collect() -> Outcome<Vec<Immortal>> {
    let address = api().raw(VISIT)?;
    let mut immortals: Vec<Immortal> = Vec::new();
    // SAFETY: our header declares this signature; the visitor gets back the vector that it
    // is given here, and the runtime keeps the rows' strings while it calls.
    let status = unsafe {
        let visit = std::mem::transmute::<*mut c_void, unsafe extern "C" fn(Visitor, *mut c_void) -> c_int>(address);
        visit(remember, (&raw mut immortals).cast())
    };
    match status {
        -1 => Err(Fault::Raised),
        _ => Ok(immortals),
    }
}

/// # Safety
/// `row` is a row of the registry, `immortals` the vector that `collect` made.
unsafe extern "C" fn remember(row: *const Row, immortals: *mut c_void) -> c_int {
    // SAFETY: as promised above; nothing else uses the vector during the visit.
    let (row, immortals) = unsafe { (&*row, &mut *immortals.cast::<Vec<Immortal>>()) };
    let text = |chars: *const c_char| match chars.is_null() {
        true => String::new(),
        // SAFETY: the registry's strings end with NUL.
        false => unsafe { CStr::from_ptr(chars) }.to_string_lossy().into_owned(),
    };
    immortals.push(Immortal {
        kind: text(row.kind),
        class: text(row.type_name),
        owner: text(row.owner),
        origin: text(row.origin),
        object: Obj::from_borrowed(row.object),
        bytes: row.bytes as u64,
        mortal_cost: row.mortal_cost,
    });
    0
}
