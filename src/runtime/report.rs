//! Showing an exception to a person: its causes and contexts first, then type, message and notes.
//!
//! There are no frames, so there is no traceback to print.

use super::ThreadState;
use crate::ffi::PyObject;
use crate::object::{Object, ObjectCell};
use crate::protocol::object;
use crate::types::exceptions::{BaseException, SYSTEM_EXIT};
use crate::types::{Int, List, Str, identifiers, singletons};

/// `TypeName: message` and the notes, a line each, as the last lines of CPython's traceback.
pub fn describe(ts: &ThreadState, exception: &Object) -> String {
    let message = match object::str(ts, exception) {
        Ok(text) => text.to_string(),
        Err(_raised) => {
            ts.error.clear();
            "<exception str() failed>".to_owned()
        }
    };
    let name = qualified_name(ts, exception);
    let mut shown = if message.is_empty() { name } else { format!("{name}: {message}") };
    for note in notes(ts, exception) {
        shown.push('\n');
        shown.push_str(&note);
    }
    shown
}

/// The class's name, with its module unless that is `builtins` or `__main__`.
fn qualified_name(ts: &ThreadState, exception: &Object) -> String {
    let ty = exception.ty();
    let text = |name: &Str| match object::find_attr(ts, ty, name) {
        Ok(found) => found.and_then(|v| v.downcast::<Str>().map(|s| s.to_string())),
        Err(_raised) => {
            ts.error.clear();
            None
        }
    };
    let name = text(&identifiers::__qualname__).unwrap_or_else(|| ty.short_name().to_owned());
    match text(&identifiers::__module__) {
        Some(module) if module != "builtins" && module != "__main__" => format!("{module}.{name}"),
        _ => name,
    }
}

fn notes(ts: &ThreadState, exception: &Object) -> Vec<String> {
    let notes = match object::find_attr(ts, exception, &identifiers::__notes__) {
        Ok(notes) => notes,
        Err(_raised) => {
            ts.error.clear();
            None
        }
    };
    let Some(notes) = notes.and_then(|n| n.downcast_owned::<List>().ok()) else { return Vec::new() };
    notes.as_slice().iter().filter_map(|n| n.downcast::<Str>()).map(|n| n.to_string()).collect()
}

/// Prints to stderr, with causes and contexts, each exception once.
pub fn print(ts: &ThreadState, exception: &Object) {
    let mut chain: Vec<(*const PyObject, &str)> = vec![(exception, "")];
    let mut at = exception;
    loop {
        // SAFETY: only exceptions come here: the argument, and causes and contexts.
        let this = unsafe { at.cast::<BaseException>() };
        let (next, why) = match (this.cause.peek(), this.context.peek()) {
            (Some(cause), _) => (cause, "The above exception was the direct cause of the following exception:"),
            (None, Some(context)) if this.suppress_context.get() == 0 => {
                (context, "During handling of the above exception, another exception occurred:")
            }
            _ => break,
        };
        if chain.iter().any(|&(seen, _)| core::ptr::eq(seen, next)) {
            break;
        }
        chain.push((next, why));
        at = next;
    }
    for (i, &(exception, _)) in chain.iter().enumerate().rev() {
        // SAFETY: kept alive by the exception that the caller holds.
        eprintln!("{}", describe(ts, unsafe { &*exception }));
        if i > 0 {
            eprintln!("\n{}\n", chain[i].1);
        }
    }
}

/// Prints; `SystemExit` ends the process with its code, as `PyErr_Print` does.
pub fn print_and_handle_exit(ts: &ThreadState, exception: &Object) {
    if !exception.ty().is_subtype_of(&SYSTEM_EXIT) {
        return print(ts, exception);
    }
    // SAFETY: checked.
    let code = unsafe { exception.cast::<crate::types::exceptions::simple::SystemExit>() }.code.load();
    let status = match code {
        None => 0,
        Some(code) if singletons::is_none(&*code) => 0,
        Some(code) => match code.downcast::<Int>() {
            Some(code) => code.to_i64().map_or(-1, |c| c as i32),
            None => {
                match object::str(ts, &code) {
                    Ok(text) => eprintln!("{text}"),
                    Err(_raised) => ts.error.clear(),
                }
                1
            }
        },
    };
    super::lifecycle::exit(status);
}
