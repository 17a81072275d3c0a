//! `PyUnicode_FromFormat`, `PyBytes_FromFormat` and what raises with such a text.
//!
//! Text is written into a [`TextBuf`], whose first characters lie on the stack; only the finished str is
//! allocated.

mod bytes;
mod spec;
mod text;

use crate::format::cursor::Cursor;
use crate::format::va::VaSource;
use crate::object::{Object, Owned, Raised, Result, Type};
use crate::runtime::ThreadState;
use crate::runtime::error::is_exception_class;
use crate::types::Str;
use crate::types::exceptions::SYSTEM_ERROR;
use crate::types::text::TextBuf;
pub use bytes::format_bytes;
pub(super) use text::check_wide;

/// `PyUnicode_FromFormat`.
///
/// # Safety
/// `va` holds what the format asks for.
pub unsafe fn format_str<V: VaSource>(ts: &ThreadState, format: Cursor<'_>, va: &mut V) -> Result<Owned<Str>> {
    let mut out = TextBuf::new();
    // SAFETY: the caller's promise.
    unsafe { text::format(ts, format, va, &mut out)? };
    Str::from_buf(ts, &out)
}

/// `PyErr_Format`: raises `exception` with the text. What was raised before is forgotten first, since formatting may
/// call what must not see it.
///
/// # Safety
/// As for [`format_str`].
pub unsafe fn raise<V: VaSource>(
    ts: &ThreadState,
    exception: Option<&Object>,
    format: Cursor<'_>,
    va: &mut V,
) -> Raised {
    ts.error.clear();
    // SAFETY: the caller's promise.
    let message = match unsafe { format_str(ts, format, va) } {
        Ok(message) => message,
        Err(raised) => return raised,
    };
    let Some(exception) = exception else { return Raised::already() };
    if !is_exception_class(exception) {
        return match crate::protocol::object::repr(ts, exception) {
            Ok(repr) => {
                let start = "_PyErr_SetObject: exception ";
                raise_with_str(ts, &SYSTEM_ERROR, start, &repr, " is not a BaseException subclass")
            }
            Err(raised) => raised,
        };
    }
    // SAFETY: an exception class is a type.
    ts.raise_value(unsafe { exception.cast::<Type>() }, message.upcast())
}

/// Raises `ty` with a message that holds a str as it is, lone surrogates included.
#[cold]
pub fn raise_with_str(ts: &ThreadState, ty: &Type, start: &str, text: &Str, end: &str) -> Raised {
    let message = Str::build(ts, |out| {
        out.extend_str(start)?;
        out.extend(text.chars())?;
        out.extend_str(end)
    });
    match message {
        Ok(message) => ts.raise_value(ty, message.upcast()),
        Err(raised) => raised,
    }
}
