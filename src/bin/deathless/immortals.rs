//! `deathless immortals`: the registry of immortal objects, as a table.
//!
//! The registry is our own addition to the C API. It is copied first and
//! printed afterwards: printing makes objects, and must not run during the visit.

use std::collections::BTreeMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::process::ExitCode;

use crate::args::{Group, Immortals};
use crate::object::{Fault, Outcome, PyObject};
use crate::runtime::{self, api};
use crate::{module, report};

const VISIT: &str = "deathless_visit_immortals";
const NAME: &str = "deathless_immortal_name";
const WALK: &str = "deathless_immortalize_heap";

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
    drift: i64,
    heals: u64,
    healed: i64,
    registry: *const c_void,
}

type Visitor = unsafe extern "C" fn(*const Row, *mut c_void) -> c_int;
type Namer = unsafe extern "C" fn(*const Row, *mut c_char, usize) -> usize;

struct Immortal {
    kind: String,
    class: String,
    owner: String,
    origin: String,
    name: String,
    bytes: u64,
    mortal_cost: u64,
    drift: i64,
    heals: u64,
    healed: i64,
}

impl Immortal {
    fn group(&self, by: Group) -> &str {
        match by {
            Group::Kind => &self.kind,
            Group::Type => &self.class,
            Group::Owner => &self.owner,
        }
    }

    fn has_drifted(&self) -> bool {
        self.drift != 0 || self.heals != 0
    }
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
    if options.walk {
        walk()?;
    }
    let mut immortals = collect(options)?;
    if options.drift {
        immortals.retain(Immortal::has_drifted);
    }
    let mut groups: BTreeMap<&str, Sum> = BTreeMap::new();
    let mut total = Sum::default();
    for immortal in &immortals {
        groups.entry(immortal.group(options.by)).or_default().add(immortal);
        total.add(immortal);
    }
    let listed = (options.list || options.drift).then_some(&*immortals);
    if options.json {
        print_json(options.by, &groups, total, listed);
    } else if options.drift {
        print_drift(&immortals);
    } else {
        if let Some(immortals) = listed {
            immortals.iter().for_each(print_one);
            println!();
        }
        print_table(options.by, &groups, total);
    }
    Ok(())
}

fn print_one(immortal: &Immortal) {
    let Immortal { kind, bytes, owner, class, name, origin, .. } = immortal;
    println!("{kind:<20} {bytes:>8}  {owner:<14} {class:<28} {name}  ({origin})");
}

fn print_drift(immortals: &[Immortal]) {
    if immortals.is_empty() {
        println!("no immortal has drifted");
        return;
    }
    println!("{:>14}  {:>8}  {:>16}  {:<20}  object", "off by now", "healed", "references", "type");
    for Immortal { drift, heals, healed, class, name, .. } in immortals {
        println!("{drift:>+14}  {heals:>8}  {healed:>+16}  {class:<20}  {name}");
    }
    println!(
        "\noff by now: references taken and never given back (+), or given back and never taken (-), in the object's"
    );
    println!("word; healed: how often the word was written back, and how many references it was off by then");
}

fn print_table(by: Group, groups: &BTreeMap<&str, Sum>, total: Sum) {
    let width = groups.keys().map(|group| group.len()).max().unwrap_or(0).max(5);
    println!("{:<width$}  {:>10}  {:>12}  {:>12}", by.name(), "objects", "bytes", "kept alive");
    for (group, sum) in groups.iter().map(|(group, sum)| (*group, *sum)).chain([("total", total)]) {
        let Sum { objects, bytes, mortal_cost } = sum;
        println!("{group:<width$}  {objects:>10}  {bytes:>12}  {mortal_cost:>12}");
    }
    println!("\nkept alive: bytes that would have been given back, were they mortal");
}

fn print_json(by: Group, groups: &BTreeMap<&str, Sum>, total: Sum, listed: Option<&[Immortal]>) {
    let by = by.name();
    let sum = |sum: &Sum| {
        let Sum { objects, bytes, mortal_cost } = sum;
        format!("\"objects\":{objects},\"bytes\":{bytes},\"mortal_cost\":{mortal_cost}")
    };
    let rows: Vec<String> =
        groups.iter().map(|(group, it)| format!("{{\"{by}\":{},{}}}", quoted(group), sum(it))).collect();
    print!("{{\"{by}s\":[{}],\"total\":{{{}}}", rows.join(","), sum(&total));
    if let Some(immortals) = listed {
        print!(",\"immortals\":[{}]", immortals.iter().map(json_object).collect::<Vec<_>>().join(","));
    }
    println!("}}");
}

fn json_object(immortal: &Immortal) -> String {
    let texts = [
        ("kind", &immortal.kind),
        ("type", &immortal.class),
        ("owner", &immortal.owner),
        ("origin", &immortal.origin),
        ("name", &immortal.name),
    ];
    let fields = texts.map(|(key, text)| format!("\"{key}\":{}", quoted(text))).join(",");
    let Immortal { bytes, mortal_cost, drift, heals, healed, .. } = immortal;
    let numbers = format!("\"bytes\":{bytes},\"mortal_cost\":{mortal_cost},\"drift\":{drift}");
    format!("{{{fields},{numbers},\"heals\":{heals},\"healed\":{healed}}}")
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            ' '.. => out.push(character),
            control => out.push_str(&format!("\\u{:04x}", control as u32)),
        }
    }
    out.push('"');
    out
}

/// The heap walk, of which the table tells afterwards.
fn walk() -> Outcome<()> {
    let address = api().raw(WALK)?;
    // SAFETY: our header declares this signature; a report is not asked for.
    let status = unsafe {
        std::mem::transmute::<*mut c_void, unsafe extern "C" fn(*mut c_void) -> c_int>(address)(std::ptr::null_mut())
    };
    if status < 0 { Err(Fault::Raised) } else { Ok(()) }
}

/// What is copied during a visit, and how objects are named, where that is wanted.
struct Copy {
    immortals: Vec<Immortal>,
    namer: Option<Namer>,
    only_drift: bool,
}

fn collect(options: &Immortals) -> Outcome<Vec<Immortal>> {
    let address = api().raw(VISIT)?;
    let namer = if options.list || options.drift {
        // SAFETY: our header declares this signature.
        Some(unsafe { std::mem::transmute::<*mut c_void, Namer>(api().raw(NAME)?) })
    } else {
        None
    };
    let mut copy = Copy { immortals: Vec::new(), namer, only_drift: options.drift };
    // SAFETY: our header declares this signature; the visitor gets back what it
    // is given here, and the runtime keeps the rows' strings while it calls.
    let status = unsafe {
        let visit = std::mem::transmute::<*mut c_void, unsafe extern "C" fn(Visitor, *mut c_void) -> c_int>(address);
        visit(remember, (&raw mut copy).cast())
    };
    match status {
        -1 => Err(Fault::Raised),
        _ => Ok(copy.immortals),
    }
}

/// # Safety
/// `row` is a row of the registry, `copy` what `collect` made.
unsafe extern "C" fn remember(row: *const Row, copy: *mut c_void) -> c_int {
    // SAFETY: as promised above; nothing else uses the copy during the visit.
    let (row, copy) = unsafe { (&*row, &mut *copy.cast::<Copy>()) };
    if copy.only_drift && row.drift == 0 && row.heals == 0 {
        return 0;
    }
    let text = |chars: *const c_char| match chars.is_null() {
        true => String::new(),
        // SAFETY: the registry's strings end with NUL.
        false => unsafe { CStr::from_ptr(chars) }.to_string_lossy().into_owned(),
    };
    copy.immortals.push(Immortal {
        kind: text(row.kind),
        class: text(row.type_name),
        owner: text(row.owner),
        origin: text(row.origin),
        name: copy.namer.map(|namer| name(row, namer)).unwrap_or_default(),
        bytes: row.bytes as u64,
        mortal_cost: row.mortal_cost,
        drift: row.drift,
        heals: row.heals,
        healed: row.healed,
    });
    0
}

fn name(row: &Row, namer: Namer) -> String {
    let mut buffer = [0u8; 256];
    // SAFETY: within the visit, with its row and a buffer of that size.
    unsafe { namer(row, buffer.as_mut_ptr().cast(), buffer.len()) };
    let end = buffer.iter().position(|&byte| byte == 0).unwrap_or(buffer.len());
    String::from_utf8_lossy(&buffer[..end]).replace('\n', "\\n")
}
