//! Finding, cutting and replacing in a str.

use core::ops::Range;

use super::Str;
use super::arguments::{Failed, bounds, ensure_str};
use crate::object::{Object, Owned, Result};
use crate::protocol::args::{Args, Signature, as_c_ssize, expect_str};
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::exceptions::{TYPE_ERROR, VALUE_ERROR};
use crate::types::text::split::{self, Ends, Spaces};
use crate::types::text::{Chars, TextBuf, lines, search};
use crate::types::{List, Tuple, singletons};

impl Str {
    /// Where `sub` first or last occurs between two indexes.
    pub fn find_in(
        &self,
        ts: &ThreadState,
        sub: &Str,
        start: isize,
        end: isize,
        from_right: bool,
    ) -> Result<Option<usize>> {
        let Some(range) = search::clip(self.len(), start, end) else { return Ok(None) };
        let at = range.start;
        let text = self.chars().slice(range);
        let found = if from_right { search::rfind(text, sub.chars()) } else { search::find(text, sub.chars()) };
        Ok(ts.allocated(found)?.map(|i| i + at))
    }

    /// How often `sub` occurs between two indexes.
    pub fn count_in(&self, ts: &ThreadState, sub: &Str, start: isize, end: isize) -> Result<isize> {
        match search::clip(self.len(), start, end) {
            Some(range) => Ok(ts.allocated(search::count(self.chars().slice(range), sub.chars()))? as isize),
            None => Ok(0),
        }
    }

    /// Whether the part between two indexes begins, or ends, with `affix`.
    pub fn tail_matches(&self, affix: &Str, start: isize, end: isize, at_end: bool) -> bool {
        let Some(range) = search::clip(self.len(), start, end) else { return false };
        let text = self.chars().slice(range);
        if at_end { text.ends_with(affix.chars()) } else { text.starts_with(affix.chars()) }
    }

    /// `split` or `rsplit`; without a separator at white space.
    pub fn split_by(
        ts: &ThreadState,
        this: &Str,
        sep: Option<&Str>,
        max: isize,
        from_right: bool,
    ) -> Result<Owned<List>> {
        if sep.is_some_and(Str::is_empty) {
            return Err(ts.raise_str(&VALUE_ERROR, "empty separator"));
        }
        let text = this.chars();
        let mut parts = Vec::new();
        let push = |range: Range<usize>| -> core::result::Result<(), Failed> { push_part(ts, &mut parts, this, range) };
        match (sep, from_right) {
            (None, false) => split::split_spaces(text, Spaces::Unicode, max, push),
            (None, true) => split::rsplit_spaces(text, Spaces::Unicode, max, push),
            (Some(sep), false) => split::split(text, sep.chars(), max, push),
            (Some(sep), true) => split::rsplit(text, sep.chars(), max, push),
        }
        .map_err(|f| f.raised(ts))?;
        if from_right {
            parts.reverse();
        }
        List::from_owned(ts, parts)
    }

    pub fn split_lines(ts: &ThreadState, this: &Str, keep_ends: bool) -> Result<Owned<List>> {
        let mut parts = Vec::new();
        let push = |range: Range<usize>| -> core::result::Result<(), Failed> { push_part(ts, &mut parts, this, range) };
        lines::split_lines(this.chars(), Spaces::Unicode, keep_ends, push).map_err(|f| f.raised(ts))?;
        List::from_owned(ts, parts)
    }

    /// `partition` or `rpartition`.
    pub fn partition_by(ts: &ThreadState, this: &Str, sep: &Str, from_right: bool) -> Result<Owned<Tuple>> {
        if sep.is_empty() {
            return Err(ts.raise_str(&VALUE_ERROR, "empty separator"));
        }
        let (text, chars) = (this.chars(), sep.chars());
        let sides = if from_right { split::rpartition(text, chars) } else { split::partition(text, chars) };
        match ts.allocated(sides)? {
            Some((before, after)) => {
                Tuple::new(ts, &[&*Str::part(ts, this, before)?, sep, &*Str::part(ts, this, after)?])
            }
            None if from_right => Tuple::new(ts, &[&Str::empty(), &Str::empty(), this]),
            None => Tuple::new(ts, &[this, &Str::empty(), &Str::empty()]),
        }
    }

    /// `replace`; a negative `max` means all.
    pub fn replace_in(ts: &ThreadState, this: &Str, old: &Str, new: &Str, max: isize) -> Result<Owned<Str>> {
        let mut out = TextBuf::new();
        match ts.allocated(search::replace(this.chars(), old.chars(), new.chars(), max, &mut out))? {
            0 => Str::unchanged(ts, this),
            _ => Str::from_buf(ts, &out),
        }
    }
}

fn push_part(
    ts: &ThreadState,
    parts: &mut Vec<Owned<Object>>,
    this: &Str,
    range: Range<usize>,
) -> core::result::Result<(), Failed> {
    parts.try_reserve(1)?;
    parts.push(Str::part(ts, this, range)?.upcast());
    Ok(())
}

/// Reads `(sub[, start[, end]])`.
fn search_arguments<'a>(ts: &ThreadState, name: &str, args: Args<'a>) -> Result<(&'a Str, isize, isize)> {
    args.expect_positional(ts, name, 1, 3)?;
    let sub = expect_str(ts, name, "argument 1", args.positional[0])?;
    let (start, end) = bounds(ts, args)?;
    Ok((sub, start, end))
}

fn find_by(ts: &ThreadState, this: &Str, name: &str, args: Args<'_>, from_right: bool) -> Result<Option<usize>> {
    let (sub, start, end) = search_arguments(ts, name, args)?;
    this.find_in(ts, sub, start, end, from_right)
}

pub(super) fn find(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<isize> {
    Ok(find_by(ts, this, "find", args, false)?.map_or(-1, |i| i as isize))
}

pub(super) fn rfind(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<isize> {
    Ok(find_by(ts, this, "rfind", args, true)?.map_or(-1, |i| i as isize))
}

fn found(ts: &ThreadState, at: Option<usize>) -> Result<isize> {
    at.map(|i| i as isize).ok_or_else(|| ts.raise_str(&VALUE_ERROR, "substring not found"))
}

pub(super) fn index(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<isize> {
    found(ts, find_by(ts, this, "index", args, false)?)
}

pub(super) fn rindex(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<isize> {
    found(ts, find_by(ts, this, "rindex", args, true)?)
}

pub(super) fn count(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<isize> {
    let (sub, start, end) = search_arguments(ts, "count", args)?;
    this.count_in(ts, sub, start, end)
}

pub(super) fn startswith(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<bool> {
    has_affix(ts, this, "startswith", args, false)
}

pub(super) fn endswith(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<bool> {
    has_affix(ts, this, "endswith", args, true)
}

fn has_affix(ts: &ThreadState, this: &Str, name: &str, args: Args<'_>, at_end: bool) -> Result<bool> {
    args.expect_positional(ts, name, 1, 3)?;
    let (start, end) = bounds(ts, args)?;
    let affix = args.positional[0];
    if let Some(text) = affix.downcast::<Str>() {
        return Ok(this.tail_matches(text, start, end, at_end));
    }
    let Some(tuple) = affix.downcast::<Tuple>() else {
        let kind = affix.ty().full_name();
        let message = format_args!("{name} first arg must be str or a tuple of str, not {kind}");
        return Err(ts.raise(&TYPE_ERROR, message));
    };
    for affix in tuple.as_slice() {
        let Some(text) = affix.downcast::<Str>() else {
            let kind = affix.ty().full_name();
            let message = format_args!("tuple for {name} must only contain str, not {kind}");
            return Err(ts.raise(&TYPE_ERROR, message));
        };
        if this.tail_matches(text, start, end, at_end) {
            return Ok(true);
        }
    }
    Ok(false)
}

static SPLIT: Signature = Signature { name: "split", params: &["sep", "maxsplit"], required: 0, max_positional: 2 };
static RSPLIT: Signature = Signature { name: "rsplit", params: &["sep", "maxsplit"], required: 0, max_positional: 2 };

pub(super) fn split(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<Owned<List>> {
    split_method(ts, this, &SPLIT, args, false)
}

pub(super) fn rsplit(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<Owned<List>> {
    split_method(ts, this, &RSPLIT, args, true)
}

fn split_method(
    ts: &ThreadState,
    this: &Str,
    signature: &Signature,
    args: Args<'_>,
    from_right: bool,
) -> Result<Owned<List>> {
    let [sep, max] = signature.bind(ts, args)?;
    let max = max.map_or(Ok(-1), |m| as_c_ssize(ts, m))?;
    let sep = match sep.filter(|s| !singletons::is_none(*s)) {
        None => None,
        Some(sep) => Some(sep.downcast::<Str>().ok_or_else(|| {
            let name = sep.ty().full_name();
            ts.raise(&TYPE_ERROR, format_args!("must be str or None, not {name}"))
        })?),
    };
    Str::split_by(ts, this, sep, max, from_right)
}

static SPLITLINES: Signature = Signature { name: "splitlines", params: &["keepends"], required: 0, max_positional: 1 };

pub(super) fn splitlines(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<Owned<List>> {
    let [keep] = SPLITLINES.bind(ts, args)?;
    let keep = keep.map_or(Ok(false), |k| object::is_true(ts, k))?;
    Str::split_lines(ts, this, keep)
}

pub(super) fn partition(ts: &ThreadState, this: &Str, sep: &Object) -> Result<Owned<Tuple>> {
    Str::partition_by(ts, this, ensure_str(ts, sep)?, false)
}

pub(super) fn rpartition(ts: &ThreadState, this: &Str, sep: &Object) -> Result<Owned<Tuple>> {
    Str::partition_by(ts, this, ensure_str(ts, sep)?, true)
}

pub(super) fn strip(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<Owned<Str>> {
    strip_ends(ts, this, "strip", args, Ends::Both)
}

pub(super) fn lstrip(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<Owned<Str>> {
    strip_ends(ts, this, "lstrip", args, Ends::Left)
}

pub(super) fn rstrip(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<Owned<Str>> {
    strip_ends(ts, this, "rstrip", args, Ends::Right)
}

fn strip_ends(ts: &ThreadState, this: &Str, name: &str, args: Args<'_>, ends: Ends) -> Result<Owned<Str>> {
    args.expect_positional(ts, name, 0, 1)?;
    let range = match args.get(0).filter(|s| !singletons::is_none(*s)) {
        None => split::strip_spaces(this.chars(), Spaces::Unicode, ends),
        Some(set) => match set.downcast::<Str>() {
            Some(set) => split::strip(this.chars(), set.chars(), ends),
            None => return Err(ts.raise(&TYPE_ERROR, format_args!("{name} arg must be None or str"))),
        },
    };
    Str::part(ts, this, range)
}

static REPLACE: Signature = Signature { name: "replace", params: &["", "", "count"], required: 2, max_positional: 3 };

pub(super) fn replace(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<Owned<Str>> {
    let [old, new, max] = REPLACE.bind(ts, args)?;
    let (Some(old), Some(new)) = (old, new) else { return Str::unchanged(ts, this) };
    let old = expect_str(ts, "replace", "argument 1", old)?;
    let new = expect_str(ts, "replace", "argument 2", new)?;
    let max = max.map_or(Ok(-1), |m| as_c_ssize(ts, m))?;
    Str::replace_in(ts, this, old, new, max)
}

pub(super) fn removeprefix(ts: &ThreadState, this: &Str, prefix: &Object) -> Result<Owned<Str>> {
    let prefix = expect_str(ts, "removeprefix", "argument", prefix)?;
    let start = if this.chars().starts_with(prefix.chars()) { prefix.len() } else { 0 };
    Str::part(ts, this, start..this.len())
}

pub(super) fn removesuffix(ts: &ThreadState, this: &Str, suffix: &Object) -> Result<Owned<Str>> {
    let suffix = expect_str(ts, "removesuffix", "argument", suffix)?;
    let cut = if this.chars().ends_with(suffix.chars()) { suffix.len() } else { 0 };
    Str::part(ts, this, 0..this.len() - cut)
}

/// Where one character first or last occurs between two indexes.
pub fn find_char(text: Chars<'_>, c: u32, start: isize, end: isize, from_right: bool) -> Option<usize> {
    let range = search::clip(text.len(), start, end)?;
    let at = range.start;
    let text = text.slice(range);
    let found = if from_right { search::rfind_char(text, c) } else { search::find_char(text, c) };
    found.map(|i| i + at)
}
