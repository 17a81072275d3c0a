//! Finding, cutting and replacing in bytes. Arguments are anything with a buffer, or a number for one byte.

use core::ops::Range;

use super::ByteString;
use crate::object::{Object, Owned, Result};
use crate::protocol::args::{Args, Signature, as_c_ssize};
use crate::protocol::buffer::{Buffer, exporter_of};
use crate::protocol::{number, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::{TYPE_ERROR, VALUE_ERROR};
use crate::types::str::arguments::{Failed, bounds};
use crate::types::text::split::{self, Ends, Spaces};
use crate::types::text::{Chars, TextBuf, search};
use crate::types::{List, Tuple, singletons};

/// What is searched for.
enum Needle {
    Buffer(Buffer),
    Byte([u8; 1]),
}

impl Needle {
    fn new(ts: &ThreadState, object: &Object) -> Result<Needle> {
        if exporter_of(object).is_some() {
            return Ok(Needle::Buffer(Buffer::simple(ts, object)?));
        }
        if !number::is_index(object) {
            let name = object.ty().full_name();
            return Err(
                ts.raise(&TYPE_ERROR, format_args!("argument should be integer or bytes-like object, not '{name}'"))
            );
        }
        let byte = u8::try_from(number::as_ssize(ts, object, None)?);
        byte.map(|b| Needle::Byte([b])).map_err(|_| ts.raise_str(&VALUE_ERROR, "byte must be in range(0, 256)"))
    }

    fn chars(&self) -> Chars<'_> {
        match self {
            Needle::Buffer(buffer) => Chars::One(buffer.as_slice()),
            Needle::Byte(byte) => Chars::One(byte),
        }
    }
}

/// Reads `(sub[, start[, end]])`, then asks `f` about the part that is meant.
fn search_in<T: ByteString, R>(
    ts: &ThreadState,
    this: &T,
    name: &str,
    args: Args<'_>,
    none: R,
    f: impl FnOnce(Chars<'_>, Chars<'_>, usize) -> core::result::Result<R, crate::types::text::NoMemory>,
) -> Result<R> {
    args.expect_positional(ts, name, 1, 3)?;
    let (start, end) = bounds(ts, args)?;
    let needle = Needle::new(ts, args.positional[0])?;
    match search::clip(this.as_slice().len(), start, end) {
        Some(range) => ts.allocated(f(this.chars().slice(range.clone()), needle.chars(), range.start)),
        None => Ok(none),
    }
}

fn position(found: Option<usize>, start: usize) -> isize {
    found.map_or(-1, |i| (i + start) as isize)
}

pub(super) fn find<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<isize> {
    search_in(ts, this, "find", args, -1, |text, sub, start| Ok(position(search::find(text, sub)?, start)))
}

pub(super) fn rfind<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<isize> {
    search_in(ts, this, "rfind", args, -1, |text, sub, start| Ok(position(search::rfind(text, sub)?, start)))
}

fn found(ts: &ThreadState, at: isize) -> Result<isize> {
    if at < 0 { Err(ts.raise_str(&VALUE_ERROR, "subsection not found")) } else { Ok(at) }
}

pub(super) fn index<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<isize> {
    let at = search_in(ts, this, "index", args, -1, |text, sub, start| Ok(position(search::find(text, sub)?, start)))?;
    found(ts, at)
}

pub(super) fn rindex<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<isize> {
    let at =
        search_in(ts, this, "rindex", args, -1, |text, sub, start| Ok(position(search::rfind(text, sub)?, start)))?;
    found(ts, at)
}

pub(super) fn count<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<isize> {
    search_in(ts, this, "count", args, 0, |text, sub, _| Ok(search::count(text, sub)? as isize))
}

pub(super) fn startswith<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<bool> {
    tail_match(ts, this, "startswith", args, <[u8]>::starts_with)
}

pub(super) fn endswith<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<bool> {
    tail_match(ts, this, "endswith", args, <[u8]>::ends_with)
}

fn tail_match<T: ByteString>(
    ts: &ThreadState,
    this: &T,
    name: &str,
    args: Args<'_>,
    matches: impl Fn(&[u8], &[u8]) -> bool,
) -> Result<bool> {
    args.expect_positional(ts, name, 1, 3)?;
    let (start, end) = bounds(ts, args)?;
    let one = |affix: &Object| -> Result<bool> {
        let affix = Buffer::simple(ts, affix)?;
        let range = search::clip(this.as_slice().len(), start, end);
        Ok(range.is_some_and(|r| matches(&this.as_slice()[r], affix.as_slice())))
    };
    let affix = args.positional[0];
    if let Some(tuple) = affix.downcast::<Tuple>() {
        for &affix in tuple.as_slice() {
            if one(affix)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    one(affix).map_err(|raised| {
        if !ts.raised_is(&TYPE_ERROR) {
            return raised;
        }
        let kind = affix.ty().full_name();
        ts.raise(&TYPE_ERROR, format_args!("{name} first arg must be bytes or a tuple of bytes, not {kind}"))
    })
}

static SPLIT: Signature = Signature { name: "split", params: &["sep", "maxsplit"], required: 0, max_positional: 2 };
static RSPLIT: Signature = Signature { name: "rsplit", params: &["sep", "maxsplit"], required: 0, max_positional: 2 };

pub(super) fn split<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<Owned<List>> {
    split_by(ts, this, &SPLIT, args, false)
}

pub(super) fn rsplit<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<Owned<List>> {
    split_by(ts, this, &RSPLIT, args, true)
}

fn split_by<T: ByteString>(
    ts: &ThreadState,
    this: &T,
    signature: &Signature,
    args: Args<'_>,
    from_right: bool,
) -> Result<Owned<List>> {
    let [sep, max] = signature.bind(ts, args)?;
    let max = max.map_or(Ok(-1), |m| as_c_ssize(ts, m))?;
    let sep = sep.filter(|s| !singletons::is_none(*s)).map(|s| Buffer::simple(ts, s)).transpose()?;
    if sep.as_ref().is_some_and(|s| s.as_slice().is_empty()) {
        return Err(ts.raise_str(&VALUE_ERROR, "empty separator"));
    }
    let mut parts: Vec<Owned<Object>> = Vec::new();
    let push = |range: Range<usize>| -> core::result::Result<(), Failed> {
        parts.try_reserve(1)?;
        parts.push(T::part(ts, this, range)?.upcast());
        Ok(())
    };
    let text = this.chars();
    let done = match (&sep, from_right) {
        (None, false) => split::split_spaces(text, Spaces::Ascii, max, push),
        (None, true) => split::rsplit_spaces(text, Spaces::Ascii, max, push),
        (Some(sep), false) => split::split(text, Chars::One(sep.as_slice()), max, push),
        (Some(sep), true) => split::rsplit(text, Chars::One(sep.as_slice()), max, push),
    };
    done.map_err(|f| f.raised(ts))?;
    if from_right {
        parts.reverse();
    }
    List::from_owned(ts, parts)
}

static SPLITLINES: Signature = Signature { name: "splitlines", params: &["keepends"], required: 0, max_positional: 1 };

pub(super) fn splitlines<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<Owned<List>> {
    let [keep] = SPLITLINES.bind(ts, args)?;
    let keep = keep.map_or(Ok(false), |k| object::is_true(ts, k))?;
    let mut parts: Vec<Owned<Object>> = Vec::new();
    let push = |range: Range<usize>| -> core::result::Result<(), Failed> {
        parts.try_reserve(1)?;
        parts.push(T::part(ts, this, range)?.upcast());
        Ok(())
    };
    crate::types::text::lines::split_lines(this.chars(), Spaces::Ascii, keep, push).map_err(|f| f.raised(ts))?;
    List::from_owned(ts, parts)
}

pub(super) fn partition<T: ByteString>(ts: &ThreadState, this: &T, sep: &Object) -> Result<Owned<Tuple>> {
    partition_by(ts, this, sep, false)
}

pub(super) fn rpartition<T: ByteString>(ts: &ThreadState, this: &T, sep: &Object) -> Result<Owned<Tuple>> {
    partition_by(ts, this, sep, true)
}

fn partition_by<T: ByteString>(ts: &ThreadState, this: &T, sep: &Object, from_right: bool) -> Result<Owned<Tuple>> {
    let buffer = Buffer::simple(ts, sep)?;
    let chars = Chars::One(buffer.as_slice());
    if chars.is_empty() {
        return Err(ts.raise_str(&VALUE_ERROR, "empty separator"));
    }
    let sides = if from_right { split::rpartition(this.chars(), chars) } else { split::partition(this.chars(), chars) };
    let Some((before, after)) = ts.allocated(sides)? else {
        let (whole, left, right) = (T::unchanged(ts, this)?, T::make(ts, &[])?, T::make(ts, &[])?);
        let whole = whole.as_object();
        let parts = if from_right {
            [left.as_object(), right.as_object(), whole]
        } else {
            [whole, left.as_object(), right.as_object()]
        };
        return Tuple::new(ts, &parts);
    };
    let (before, after) = (T::make(ts, &this.as_slice()[before])?, T::make(ts, &this.as_slice()[after])?);
    let sep = T::separator(ts, sep, buffer.as_slice())?;
    Tuple::new(ts, &[before.as_object(), &sep, after.as_object()])
}

pub(super) fn strip<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<Owned<T>> {
    strip_ends(ts, this, "strip", args, Ends::Both)
}

pub(super) fn lstrip<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<Owned<T>> {
    strip_ends(ts, this, "lstrip", args, Ends::Left)
}

pub(super) fn rstrip<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<Owned<T>> {
    strip_ends(ts, this, "rstrip", args, Ends::Right)
}

fn strip_ends<T: ByteString>(ts: &ThreadState, this: &T, name: &str, args: Args<'_>, ends: Ends) -> Result<Owned<T>> {
    args.expect_positional(ts, name, 0, 1)?;
    let set = args.get(0).filter(|s| !singletons::is_none(*s)).map(|s| Buffer::simple(ts, s)).transpose()?;
    let range = match &set {
        None => split::strip_spaces(this.chars(), Spaces::Ascii, ends),
        Some(set) => split::strip(this.chars(), Chars::One(set.as_slice()), ends),
    };
    T::part(ts, this, range)
}

static REPLACE: Signature = Signature { name: "replace", params: &["", "", "count"], required: 2, max_positional: 3 };

pub(super) fn replace<T: ByteString>(ts: &ThreadState, this: &T, args: Args<'_>) -> Result<Owned<T>> {
    let [old, new, max] = REPLACE.bind(ts, args)?;
    let (Some(old), Some(new)) = (old, new) else { return T::unchanged(ts, this) };
    let (old, new) = (Buffer::simple(ts, old)?, Buffer::simple(ts, new)?);
    let max = max.map_or(Ok(-1), |m| as_c_ssize(ts, m))?;
    let mut out = TextBuf::new();
    let [old, new] = [&old, &new].map(|b| Chars::One(b.as_slice()));
    if ts.allocated(search::replace(this.chars(), old, new, max, &mut out))? == 0 {
        return T::unchanged(ts, this);
    }
    T::make(ts, out.view().as_bytes())
}

pub(super) fn removeprefix<T: ByteString>(ts: &ThreadState, this: &T, prefix: &Object) -> Result<Owned<T>> {
    let prefix = Buffer::simple(ts, prefix)?;
    match this.as_slice().strip_prefix(prefix.as_slice()) {
        Some(rest) if rest.len() < this.as_slice().len() => T::make(ts, rest),
        _ => T::unchanged(ts, this),
    }
}

pub(super) fn removesuffix<T: ByteString>(ts: &ThreadState, this: &T, suffix: &Object) -> Result<Owned<T>> {
    let suffix = Buffer::simple(ts, suffix)?;
    match this.as_slice().strip_suffix(suffix.as_slice()) {
        Some(rest) if rest.len() < this.as_slice().len() => T::make(ts, rest),
        _ => T::unchanged(ts, this),
    }
}
