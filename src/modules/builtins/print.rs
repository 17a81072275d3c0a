//! `print`.

use crate::ffi::PyMethodDef;
use crate::modules::sys;
use crate::object::{Object, Owned, Result};
use crate::protocol::args::Args;
use crate::protocol::{call, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::{RUNTIME_ERROR, TYPE_ERROR};
use crate::types::{Str, identifiers as id, method, singletons};

pub const PRINT: PyMethodDef = method::static_keywords(
    c"print",
    print,
    c"print($module, /, *objects, sep=' ', end='\\n', file=None, flush=False)\n--\n\nWrite objects as text to a stream, sys.stdout by default.",
);

fn print(ts: &ThreadState, args: Args<'_>) -> Result<()> {
    let (mut sep, mut end, mut file, mut flush) = (None, None, None, false);
    for (name, value) in args.keywords() {
        match () {
            () if name.equals_text("sep") => sep = Some(value),
            () if name.equals_text("end") => end = Some(value),
            () if name.equals_text("file") => file = Some(value),
            () if name.equals_text("flush") => flush = object::is_true(ts, value)?,
            () => {
                let message = format_args!("print() got an unexpected keyword argument '{name}'");
                return Err(ts.raise(&TYPE_ERROR, message));
            }
        }
    }
    let file = match file.filter(|f| !singletons::is_none(*f)) {
        Some(file) => Owned::new(file),
        None => match sys::get(ts, "stdout") {
            None => return Err(ts.raise_str(&RUNTIME_ERROR, "lost sys.stdout")),
            Some(none) if singletons::is_none(&*none) => return Ok(()),
            Some(stdout) => stdout,
        },
    };
    let sep = text_or(ts, "sep", sep, " ")?;
    let end = text_or(ts, "end", end, "\n")?;
    let write = object::getattr(ts, &file, &id::write)?;
    for (i, &item) in args.positional.iter().enumerate() {
        if i > 0 {
            call::call(ts, &write, &[&sep])?;
        }
        call::call(ts, &write, &[&*object::str(ts, item)?])?;
    }
    call::call(ts, &write, &[&end])?;
    if flush {
        call::call_method(ts, &file, &id::flush, &[])?;
    }
    Ok(())
}

fn text_or(ts: &ThreadState, name: &str, value: Option<&Object>, default: &str) -> Result<Owned<Str>> {
    let Some(value) = value.filter(|v| !singletons::is_none(*v)) else { return Str::new(ts, default) };
    match value.downcast::<Str>() {
        Some(text) => Ok(Owned::new(text)),
        None => {
            let ty = value.ty().full_name();
            Err(ts.raise(&TYPE_ERROR, format_args!("{name} must be None or a string, not {ty}")))
        }
    }
}
