//! How an exception is printed: its traceback, its notes, and what it came from.

use core::fmt::Write;

use crate::object::{Object, ObjectCell, Owned, Result};
use crate::protocol::{object, sequence};
use crate::runtime::ThreadState;
use crate::runtime::unraisable::Unraisable;
use crate::types::exceptions::BaseException;
use crate::types::namespace::Namespace;
use crate::types::{Dict, Str, Tuple, identifiers as id, singletons};

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

/// The whole of it, as Python prints it for an exception that ends a program.
pub fn text(ts: &ThreadState, exception: &BaseException) -> String {
    let mut chain: Vec<(Owned<BaseException>, &str)> = vec![(Owned::new(exception), "")];
    // From the last to the first; each link says how it led to the one before. A chain may close on itself.
    loop {
        let (last, _) = chain.last().expect("begins with one");
        let next = match (last.cause.load(), last.context.load()) {
            (Some(cause), _) => (cause, CAUSE),
            (None, Some(context)) if last.suppress_context.get() == 0 => (context, CONTEXT),
            _ => break,
        };
        if chain.iter().any(|(seen, _)| seen.as_object().is(&next.0)) {
            break;
        }
        // SAFETY: causes and contexts are exceptions.
        chain.push((unsafe { next.0.cast_owned() }, next.1));
    }
    let mut out = String::new();
    for (exception, link) in chain.iter().rev() {
        push_one(ts, &mut out, exception);
        out.push_str(link);
    }
    out
}

fn push_one(ts: &ThreadState, out: &mut String, exception: &BaseException) {
    if let Some(traceback) = exception.traceback.load() {
        push_traceback(ts, out, &traceback);
    }
    out.push_str(&last_line(ts, exception));
    out.push('\n');
    if let Err(_raised) = push_notes(ts, out, exception) {
        ts.error.clear();
    }
}

/// Lines of a traceback without source, from the outermost call.
pub fn push_traceback(ts: &ThreadState, out: &mut String, traceback: &Object) {
    out.push_str("Traceback (most recent call last):\n");
    let mut at = Some(Owned::new(traceback));
    while let Some(entry) = at {
        let line = walk(ts, &entry, &["tb_lineno"]).map(|l| l.to_string());
        let code = walk_object(ts, &entry, &["tb_frame", "f_code"]);
        let part = |name| code.as_deref().and_then(|c| walk(ts, c, &[name])).map(|t| t.to_string());
        let file = part("co_filename").unwrap_or_else(|| "<unknown>".to_owned());
        let function = part("co_name").unwrap_or_else(|| "<unknown>".to_owned());
        let line = line.unwrap_or_else(|| "?".to_owned());
        let _ = writeln!(out, "  File \"{file}\", line {line}, in {function}");
        at = walk_object(ts, &entry, &["tb_next"]).filter(|next| !singletons::is_none(&**next));
    }
}

/// `object.first.second`, or nothing.
fn walk_object(ts: &ThreadState, object: &Object, names: &[&str]) -> Option<Owned<Object>> {
    let mut at = Owned::new(object);
    for name in names {
        let found = Str::interned(ts, name).and_then(|name| object::getattr(ts, &at, &name));
        match found {
            Ok(found) => at = found,
            Err(_raised) => {
                ts.error.clear();
                return None;
            }
        }
    }
    Some(at)
}

/// The same as text.
fn walk(ts: &ThreadState, object: &Object, names: &[&str]) -> Option<Owned<Str>> {
    let found = walk_object(ts, object, names)?;
    match object::str(ts, &found) {
        Ok(text) => Some(text),
        Err(_raised) => {
            ts.error.clear();
            None
        }
    }
}

/// `ValueError: message`, with the type's module unless it is a built-in one.
fn last_line(ts: &ThreadState, exception: &BaseException) -> String {
    let name = type_name(ts, exception);
    match object::str(ts, exception) {
        Ok(text) if text.is_empty() => name,
        Ok(text) => format!("{name}: {text}"),
        Err(_raised) => {
            ts.error.clear();
            format!("{name}: <exception str() failed>")
        }
    }
}

fn type_name(ts: &ThreadState, exception: &Object) -> String {
    let part = |name| match object::getattr(ts, exception.ty(), name) {
        Ok(value) => value.downcast::<Str>().map(|s| s.to_string()),
        Err(_raised) => {
            ts.error.clear();
            None
        }
    };
    let name = part(&id::__qualname__).unwrap_or_else(|| exception.ty().short_name().to_owned());
    match part(&id::__module__) {
        Some(module) if module != "builtins" && module != "__main__" => format!("{module}.{name}"),
        _ => name,
    }
}

fn push_notes(ts: &ThreadState, out: &mut String, exception: &BaseException) -> Result<()> {
    let Some(notes) = object::find_attr(ts, exception, &id::__notes__)? else { return Ok(()) };
    for note in sequence::collect(ts, &notes)? {
        let text = match note.downcast::<Str>() {
            Some(text) => text.to_string(),
            None => object::repr(ts, &note)?.to_string(),
        };
        out.push_str(&text);
        out.push('\n');
    }
    Ok(())
}

/// Prints an exception to `sys.stderr`.
pub fn print(ts: &ThreadState, exception: &BaseException) {
    let text = text(ts, exception);
    super::sys::write_stderr(ts, &text);
}

/// The interpreter's hook for exceptions that nobody can be told of: what a program has put in
/// `sys.unraisablehook`, or else the printing below.
pub fn tell_unraisable(ts: &ThreadState, told: Unraisable<'_>) {
    let hook = own_hook(ts);
    ts.error.clear();
    let Some(hook) = hook else { return print_unraisable(ts, told) };
    let asked = hook_arguments(ts, &told).and_then(|info| crate::protocol::call::call(ts, &hook, &[&info]));
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

fn hook_arguments(ts: &ThreadState, told: &Unraisable<'_>) -> crate::object::Result {
    let none = crate::types::singletons::none_ref();
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
    let object = told.object.map(|object| match object::repr(ts, object) {
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
    let mut out = head;
    push_one(ts, &mut out, &told.exception);
    super::sys::write_stderr(ts, &out);
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
        Some(code) if crate::types::singletons::is_none(&*code) => (0, None),
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
