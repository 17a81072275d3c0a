//! Arguments that the methods of str and bytes share.

use std::borrow::Cow;

use super::{Str, codecs};
use crate::object::{Object, Raised, Result};
use crate::protocol::args::{Args, expect_str};
use crate::protocol::number;
use crate::runtime::ThreadState;
use crate::types::exceptions::{TYPE_ERROR, VALUE_ERROR};
use crate::types::singletons;
use crate::types::text::NoMemory;

/// Why a kernel that calls back did not finish: its own allocation, or what the callee raised.
pub enum Failed {
    NoMemory,
    Raised(Raised),
}

impl From<NoMemory> for Failed {
    fn from(_: NoMemory) -> Failed {
        Failed::NoMemory
    }
}

impl From<std::collections::TryReserveError> for Failed {
    fn from(_: std::collections::TryReserveError) -> Failed {
        Failed::NoMemory
    }
}

impl From<Raised> for Failed {
    fn from(raised: Raised) -> Failed {
        Failed::Raised(raised)
    }
}

impl Failed {
    pub fn raised(self, ts: &ThreadState) -> Raised {
        match self {
            Failed::NoMemory => ts.no_memory(),
            Failed::Raised(raised) => raised,
        }
    }
}

/// `start` and `end` as the second and third argument: absent or `None` means all.
pub fn bounds(ts: &ThreadState, args: Args<'_>) -> Result<(isize, isize)> {
    Ok((bound(ts, args.get(1), 0)?, bound(ts, args.get(2), isize::MAX)?))
}

fn bound(ts: &ThreadState, value: Option<&Object>, default: isize) -> Result<isize> {
    match value.filter(|v| !singletons::is_none(*v)) {
        None => Ok(default),
        Some(value) if number::is_index(value) => number::as_ssize(ts, value, None),
        Some(_) => Err(ts.raise_str(&TYPE_ERROR, "slice indices must be integers or have an __index__ method")),
    }
}

/// A str argument that C code would get as `const char *`.
pub fn c_text<'a>(ts: &ThreadState, function: &str, place: &str, given: &'a Object) -> Result<Cow<'a, str>> {
    let text = expect_str(ts, function, place, given)?;
    let text: Cow<'a, str> = match text.as_ascii() {
        Some(ascii) => Cow::Borrowed(ascii),
        None => {
            codecs::refuse_surrogates(ts, text)?;
            Cow::Owned(text.to_string())
        }
    };
    if text.contains('\0') {
        return Err(ts.raise_str(&VALUE_ERROR, "embedded null character"));
    }
    Ok(text)
}

/// A str where C would have `ensure_unicode`.
pub fn ensure_str<'a>(ts: &ThreadState, given: &'a Object) -> Result<&'a Str> {
    given.downcast::<Str>().ok_or_else(|| {
        let name = given.ty().full_name();
        ts.raise(&TYPE_ERROR, format_args!("must be str, not {name}"))
    })
}
