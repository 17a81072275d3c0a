//! How an exception is printed: its traceback, its notes, and what it came from.
//!
//! * [`report`] the whole: chains of exceptions, and groups
//! * [`stack`]  the entries of a traceback, with their lines of source
//! * [`lines`]  the last line, and the notes
//! * [`syntax`] where a `SyntaxError` is

mod lines;
mod report;
mod stack;
mod syntax;

use crate::object::{Object, ObjectCell, Owned, Result};
use crate::protocol::{call, object};
use crate::runtime::ThreadState;
use crate::runtime::unraisable::Unraisable;
use crate::types::exceptions::BaseException;
use crate::types::namespace::Namespace;
use crate::types::traceback::Traceback;
use crate::types::{Dict, Str, Tuple, identifiers as id, singletons};

/// Prints an exception to `sys.stderr`.
pub fn print(ts: &ThreadState, exception: &BaseException) {
    super::sys::write_stderr(ts, &report::text(ts, exception));
}

/// How many entries [`print_traceback`] shows unless `sys.tracebacklimit` says otherwise.
const DEFAULT_LIMIT: usize = 1000;

/// Writes a traceback alone to a file-like object.
pub fn print_traceback(ts: &ThreadState, traceback: &Traceback, file: &Object) -> Result<()> {
    let limit = stack::limit(ts).unwrap_or(DEFAULT_LIMIT);
    let text = stack::text(ts, traceback, Some(limit), &mut stack::Sources::default());
    if text.is_empty() {
        return Ok(());
    }
    let write = object::getattr(ts, file, &id::write)?;
    call::call(ts, &write, &[&*Str::new(ts, &format!("{}{text}", stack::HEADER))?]).map(drop)
}

/// The interpreter's hook for exceptions that nobody can be told of: what a program has put in
/// `sys.unraisablehook`, or else the printing below.
pub fn tell_unraisable(ts: &ThreadState, told: Unraisable<'_>) {
    let hook = own_hook(ts);
    ts.error.clear();
    let Some(hook) = hook else { return print_unraisable(ts, told) };
    let asked = hook_arguments(ts, &told).and_then(|info| call::call(ts, &hook, &[&info]));
    if asked.is_err()
        && let Some(exception) = ts.take_raised()
    {
        let message = Some("Exception ignored while calling the unraisable hook");
        print_unraisable(ts, Unraisable { exception, message, object: Some(&hook) });
    }
}

/// `sys.unraisablehook`, unless it is the one that was there at the start.
fn own_hook(ts: &ThreadState) -> Option<Owned<Object>> {
    let sys = ts.interp().sys_dict.load()?;
    // SAFETY: a dict is stored there.
    let sys = unsafe { sys.cast::<Dict>() };
    let get = |name: &str| sys.get(ts, &*Str::interned(ts, name).ok()?).ok().flatten().map(|f| Owned::new(&*f));
    let (hook, first) = (get("unraisablehook")?, get("__unraisablehook__"));
    (!first.is_some_and(|first| first.is(&hook))).then_some(hook)
}

fn hook_arguments(ts: &ThreadState, told: &Unraisable<'_>) -> Result {
    let none = singletons::none_ref();
    let message = told.message.map(|message| Str::new(ts, message)).transpose()?;
    let info = Namespace::new(ts)?;
    let traceback = told.exception.traceback.load();
    let fields: [(&str, &Object); 5] = [
        ("exc_type", told.exception.ty()),
        ("exc_value", &told.exception),
        ("exc_traceback", traceback.as_deref().unwrap_or(none)),
        ("err_msg", message.as_deref().map_or(none, |m| m)),
        ("object", told.object.unwrap_or(none)),
    ];
    for (name, value) in fields {
        info.dict().set(ts, &*Str::interned(ts, name)?, value)?;
    }
    Ok(info.upcast())
}

/// Prints it to `sys.stderr`.
pub fn print_unraisable(ts: &ThreadState, told: Unraisable<'_>) {
    let object =
        told.object.filter(|object| !singletons::is_none(*object)).map(|object| match object::repr(ts, object) {
            Ok(text) => text.to_string(),
            Err(_raised) => {
                ts.error.clear();
                "<object repr() failed>".to_owned()
            }
        });
    let head = match (told.message, object) {
        (Some(message), Some(object)) => format!("{message} {object}:\n"),
        (Some(message), None) => format!("{message}:\n"),
        (None, Some(object)) => format!("Exception ignored in: {object}\n"),
        (None, None) => String::new(),
    };
    super::sys::write_stderr(ts, &(head + &report::text(ts, &told.exception)));
}

/// What `SystemExit` asks for: the status, and what is to be printed first.
pub fn exit_status(ts: &ThreadState, exception: &BaseException) -> (i32, Option<String>) {
    // SAFETY: an exception's args are a tuple.
    let args = exception.args.load().map(|a| unsafe { a.cast_owned::<Tuple>() });
    let code = object::find_attr(ts, exception, &id::code).ok().flatten();
    let code = code.or_else(|| args.and_then(|a| a.get(0).map(Owned::new)));
    ts.error.clear();
    match code {
        None => (0, None),
        Some(code) if singletons::is_none(&*code) => (0, None),
        Some(code) => match code.downcast::<crate::types::Int>() {
            Some(status) => (status.to_i64().map_or(-1, |s| s as i32), None),
            None => {
                let text = object::str(ts, &code).map_or_else(|_| String::new(), |t| t.to_string());
                ts.error.clear();
                (1, Some(text))
            }
        },
    }
}
