//! What an interpreter leaves behind, by type and count, where somebody asks: `DEATHLESS_LEAKS=1`, or a program.
//!
//! At an interpreter's end, once its modules were given up, the last collection has run and what was immortal in it has
//! gone, nothing of it should be left: whatever its heap still holds, some extension forgot. The heap takes it along all
//! the same; before it goes, [`end`] has it surveyed ([`survey`]) and told. Only heaps that were made since it was asked
//! for are known, since theirs alone keep the book of who took which block.

mod survey;

use core::fmt::Write;

use crate::object::heap::book;
use crate::object::lock::Mutex;
use crate::runtime::ThreadState;

pub use survey::{Row, What, of_living};

/// Who is told, when an interpreter has ended.
pub type Listener = Box<dyn Fn(i64, &[Row]) + Send>;

static LISTENER: Mutex<Option<Listener>> = Mutex::new(None);

const VARIABLE: &str = "DEATHLESS_LEAKS";

/// Has every interpreter that is made from now on tell `listener` what it leaves, instead of whoever was told before.
/// Or says why that cannot be, and then nothing has changed.
pub fn ask(listener: Listener) -> Result<(), &'static str> {
    book::ask()?;
    *LISTENER.lock() = Some(listener);
    Ok(())
}

/// Does so where `DEATHLESS_LEAKS` is `1`, unless somebody listens already. Called before the first interpreter is made.
pub fn start() {
    let Some(wanted) = std::env::var_os(VARIABLE) else { return };
    match wanted.to_str() {
        Some("" | "0") => {}
        Some("1") if LISTENER.lock().is_some() => {}
        Some("1") => {
            if let Err(sentence) = ask(Box::new(print)) {
                eprintln!("deathless: {VARIABLE}=1: {sentence}");
            }
        }
        _ => eprintln!("deathless: {VARIABLE} is 1 or 0, not {wanted:?}: what is left behind is not told"),
    }
}

/// Tells what the interpreter, of which nothing else is left, leaves in its heap.
pub fn end(ts: &ThreadState) {
    if ts.interp().heap().keeps_book() {
        let rows = survey::of_left(ts);
        if let Some(listener) = &*LISTENER.lock() {
            listener(ts.interp().id, &rows);
        }
    }
}

/// To stderr: the interpreter's own streams are gone.
pub fn print(interpreter: i64, rows: &[Row]) {
    eprint!("{}", text(interpreter, rows));
}

fn text(interpreter: i64, rows: &[Row]) -> String {
    let mut text = format!("deathless: interpreter {interpreter} has ended: ");
    let objects: usize = rows.iter().filter(|row| matches!(row.what, What::Objects(_))).map(|row| row.count).sum();
    let blocks: usize = rows.iter().filter(|row| row.what == What::Raw).map(|row| row.count).sum();
    let bytes: usize = rows.iter().map(|row| row.bytes).sum();
    if rows.is_empty() {
        return text + "nothing was left\n";
    }
    let number = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    let (objects, blocks) = (number(objects, "object"), number(blocks, "block"));
    // A String grows.
    let _ = writeln!(text, "{objects} and {blocks} of memory were left, {bytes} bytes in all");
    let width = rows.iter().map(|row| row.what.name().chars().count()).max().unwrap_or(0).max("type".len());
    let _ = writeln!(text, "  {:<width$}  {:>9}  {:>9}  {:>11}", "type", "count", "leaked", "bytes");
    for row in rows {
        let Row { what, count, bytes, .. } = row;
        let leaked = if matches!(what, What::Objects(_)) { row.leaked.to_string() } else { "-".to_owned() };
        let line = format!("  {:<width$}  {count:>9}  {leaked:>9}  {bytes:>11}  {}", what.name(), row.examples());
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}
