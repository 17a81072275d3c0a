//! The messages.

use super::{Failure, Outline, Reason};
use crate::ffi::Py_ssize_t;
use crate::format::cursor::Cursor;
use crate::object::{Object, Raised, Type};
use crate::runtime::ThreadState;
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR};
use crate::types::singletons::is_none;
use crate::types::str::codecs;

/// The type of an argument as messages name it.
pub(super) fn type_name(arg: &Object) -> &str {
    if is_none(arg) { "None" } else { arg.ty().full_name() }
}

/// At most `max` bytes, as C cuts them: within a character, if need be.
pub(super) fn cut(bytes: &[u8], max: usize) -> &[u8] {
    &bytes[..bytes.len().min(max)]
}

/// `PyErr_SetString`: the text must be UTF-8.
#[cold]
fn raise_bytes(ts: &ThreadState, ty: &Type, text: &[u8]) -> Raised {
    match codecs::decode(ts, text, None, None) {
        Ok(text) => ts.raise_value(ty, text.upcast()),
        Err(raised) => raised,
    }
}

/// At most `max` bytes of a text, without the character that this would split.
pub(super) fn limited(text: &str, max: usize) -> String {
    text[..text.floor_char_boundary(max)].to_owned()
}

/// `f()`, or `function` for a nameless one, in at most `max` bytes of the name.
pub(super) fn function(name: Option<Cursor<'_>>, max: usize) -> String {
    name.map_or_else(|| "function".to_owned(), |name| format!("{}()", name.text(max)))
}

pub(super) fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

#[cold]
pub(super) fn wrong_count(ts: &ThreadState, outline: Outline<'_>, given: usize) -> Raised {
    if let Some(message) = outline.message {
        return raise_bytes(ts, &TYPE_ERROR, message.rest().to_bytes());
    }
    let (min, max) = (outline.min, outline.max);
    let wanted = if given < min { min } else { max };
    let bound = if min == max {
        "exactly"
    } else if given < min {
        "at least"
    } else {
        "at most"
    };
    let (f, s) = (function(outline.name, 150), plural(wanted));
    ts.raise(&TYPE_ERROR, format_args!("{f} takes {bound} {wanted} argument{s} ({given} given)"))
}

/// `f() takes no arguments`.
#[cold]
pub(super) fn about_function(ts: &ThreadState, outline: Outline<'_>, what: &str) -> Raised {
    let f = function(outline.name, 200);
    ts.raise(&TYPE_ERROR, format_args!("{f} {what}"))
}

#[cold]
pub(super) fn wrong_unpack(
    ts: &ThreadState,
    name: Option<&str>,
    min: Py_ssize_t,
    max: Py_ssize_t,
    given: Py_ssize_t,
) -> Raised {
    let wanted = if given < min { min } else { max };
    let bound = if min == max {
        ""
    } else if given < min {
        "at least "
    } else {
        "at most "
    };
    let s = if wanted == 1 { "" } else { "s" };
    match name {
        Some(name) => ts.raise(
            &TYPE_ERROR,
            format_args!("{} expected {bound}{wanted} argument{s}, got {given}", limited(name, 200)),
        ),
        None => ts
            .raise(&TYPE_ERROR, format_args!("unpacked tuple should have {bound}{wanted} element{s}, but has {given}")),
    }
}

impl Failure {
    /// The failure of argument `position`, counted from 1.
    #[cold]
    pub(super) fn raise(self, ts: &ThreadState, position: usize, outline: Outline<'_>) -> Raised {
        self.raise_at(ts, Some(position), outline)
    }

    /// The failure of the one argument of `PyArg_Parse`: the items of a tuple count as arguments.
    #[cold]
    pub(super) fn raise_nested(mut self, ts: &ThreadState, outline: Outline<'_>) -> Raised {
        let position = self.0.1.pop().map(|i| i + 1);
        self.raise_at(ts, position, outline)
    }

    fn raise_at(self, ts: &ThreadState, position: Option<usize>, outline: Outline<'_>) -> Raised {
        let (reason, path) = *self.0;
        let (ty, what) = match reason {
            Reason::Raised(raised) => return raised,
            Reason::Wrong(text) => (&TYPE_ERROR, text),
            Reason::Format(text) => (&SYSTEM_ERROR, format!("({text})").into_bytes()),
        };
        if let Some(message) = outline.message {
            return raise_bytes(ts, ty, message.rest().to_bytes());
        }
        let mut text = Vec::new();
        if let Some(name) = outline.name {
            text.extend_from_slice(cut(name.rest().to_bytes(), 200));
            text.extend_from_slice(b"() ");
        }
        text.extend_from_slice(b"argument");
        if let Some(position) = position {
            text.extend_from_slice(format!(" {position}").as_bytes());
            // No further down a path that makes the message longer than this.
            for i in path.iter().rev() {
                if text.len() >= 220 {
                    break;
                }
                text.extend_from_slice(format!(", item {i}").as_bytes());
            }
        }
        text.push(b' ');
        text.extend_from_slice(cut(&what, 256));
        raise_bytes(ts, ty, &text)
    }
}
