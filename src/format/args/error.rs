//! The messages.

use super::{Failure, Outline, Reason};
use crate::ffi::Py_ssize_t;
use crate::format::cursor::Cursor;
use crate::object::{Object, Raised};
use crate::runtime::ThreadState;
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR};
use crate::types::singletons::is_none;

/// The type of an argument as messages name it.
pub(super) fn type_name(arg: &Object) -> String {
    if is_none(arg) { "None".to_owned() } else { limited(arg.ty().full_name(), 50) }
}

/// At most `max` bytes of a text.
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
        return ts.raise_str(&TYPE_ERROR, &message.text(usize::MAX));
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
            Reason::Format(text) => (&SYSTEM_ERROR, format!("({text})")),
        };
        if let Some(message) = outline.message {
            return ts.raise_str(ty, &message.text(usize::MAX));
        }
        let mut text = String::new();
        if let Some(name) = outline.name {
            text += &name.text(200);
            text += "() ";
        }
        text += "argument";
        if let Some(position) = position {
            text += &format!(" {position}");
            for i in path.iter().rev() {
                text += &format!(", item {i}");
            }
        }
        text.push(' ');
        text += &limited(&what, 256);
        ts.raise_str(ty, &text)
    }
}
