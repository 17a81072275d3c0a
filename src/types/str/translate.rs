//! `str.translate` and `str.maketrans`.

use super::arguments::Failed;
use super::{Str, codecs, registry};
use crate::object::{Object, Owned, Result};
use crate::protocol::args::{Args, expect_str};
use crate::protocol::{call, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::{LOOKUP_ERROR, TYPE_ERROR, UNICODE_TRANSLATE_ERROR, VALUE_ERROR};
use crate::types::text::TextBuf;
use crate::types::text::layout::{self, Mapping};
use crate::types::{Dict, Int, singletons};

impl Str {
    /// `text.translate(table)`.
    pub fn translate(ts: &ThreadState, text: &Str, table: &Object) -> Result<Owned<Str>> {
        let mut out = TextBuf::new();
        let done = layout::translate(text.chars(), &mut out, |c, out| -> core::result::Result<Mapping, Failed> {
            Ok(look_up(ts, table, c, out)?)
        });
        done.map_err(|f: Failed| f.raised(ts))?;
        Str::from_buf(ts, &out)
    }
}

/// `PyUnicode_Translate`: characters that the table deletes go to an error handler, a run of them at a time.
pub fn translate_with(ts: &ThreadState, text: &Str, table: &Object, errors: &str) -> Result<Owned<Str>> {
    if errors == "ignore" {
        return Str::translate(ts, text, table);
    }
    let chars = text.chars();
    let mut out = TextBuf::new();
    let mut i = 0;
    while i < chars.len() {
        match look_up(ts, table, chars.at(i), &mut out)? {
            Mapping::Char(c) => ts.allocated(out.push(c))?,
            Mapping::Appended => {}
            Mapping::Delete => {
                i = handle_run(ts, text, table, i, errors, &mut out)?;
                continue;
            }
        }
        i += 1;
    }
    Str::from_buf(ts, &out)
}

/// What the handler makes of the characters from `start` on that the table deletes, and where to go on.
fn handle_run(
    ts: &ThreadState,
    text: &Str,
    table: &Object,
    start: usize,
    errors: &str,
    out: &mut TextBuf,
) -> Result<usize> {
    let chars = text.chars();
    let mut end = start + 1;
    while end < chars.len() && matches!(look_up(ts, table, chars.at(end), &mut TextBuf::new())?, Mapping::Delete) {
        end += 1;
    }
    let function = registry::lookup_error(ts, errors)?;
    let (from, to) = (Int::from_i64(ts, start as i64)?, Int::from_i64(ts, end as i64)?);
    let reason = Str::new(ts, "character maps to <undefined>")?;
    let exception = call::call(ts, &UNICODE_TRANSLATE_ERROR, &[text, &from, &to, &reason])?;
    let shape = "translating error handler must return (str, int) tuple";
    let (instead, at) = codecs::ask(ts, &function, &exception, chars.len(), shape)?;
    let Some(instead) = instead.downcast::<Str>() else { return Err(ts.raise_str(&TYPE_ERROR, shape)) };
    ts.allocated(out.extend(instead.chars()))?;
    Ok(at)
}

fn look_up(ts: &ThreadState, table: &Object, c: u32, out: &mut TextBuf) -> Result<Mapping> {
    let key = Int::from_i64(ts, c.into())?;
    let value = match sequence::getitem(ts, table, &key) {
        Ok(value) => value,
        Err(raised) => {
            ts.recover(raised, &LOOKUP_ERROR)?;
            return Ok(Mapping::Char(c));
        }
    };
    if singletons::is_none(&*value) {
        return Ok(Mapping::Delete);
    }
    if let Some(int) = value.downcast::<Int>() {
        return match int.to_i64() {
            Some(c @ 0..=0x10FFFF) => Ok(Mapping::Char(c as u32)),
            _ => Err(ts.raise_str(&VALUE_ERROR, "character mapping must be in range(0x110000)")),
        };
    }
    let Some(text) = value.downcast::<Str>() else {
        return Err(ts.raise_str(&TYPE_ERROR, "character mapping must return integer, None or str"));
    };
    if text.len() == 1 {
        return Ok(Mapping::Char(text.chars().at(0)));
    }
    ts.allocated(out.extend(text.chars()))?;
    Ok(Mapping::Appended)
}

pub(super) fn maketrans(ts: &ThreadState, args: Args<'_>) -> Result<Owned<Dict>> {
    args.no_keywords(ts, "str.maketrans")?;
    args.expect_positional(ts, "maketrans", 1, 3)?;
    let y = args.get(1).map(|y| expect_str(ts, "maketrans", "argument 2", y)).transpose()?;
    let z = args.get(2).map(|z| expect_str(ts, "maketrans", "argument 3", z)).transpose()?;
    let x = args.positional[0];
    let table = Dict::new(ts)?;
    match y {
        Some(y) => {
            let Some(x) = x.downcast::<Str>() else {
                let message = "first maketrans argument must be a string if there is a second argument";
                return Err(ts.raise_str(&TYPE_ERROR, message));
            };
            fill_pairs(ts, &table, x, y, z)?;
        }
        None => fill_from_dict(ts, &table, x)?,
    }
    Ok(table)
}

fn fill_pairs(ts: &ThreadState, table: &Dict, x: &Str, y: &Str, z: Option<&Str>) -> Result<()> {
    if x.len() != y.len() {
        return Err(ts.raise_str(&VALUE_ERROR, "the first two maketrans arguments must have equal length"));
    }
    for (from, to) in x.code_points().zip(y.code_points()) {
        table.set(ts, &*Int::from_i64(ts, from.into())?, &*Int::from_i64(ts, to.into())?)?;
    }
    for c in z.into_iter().flat_map(Str::code_points) {
        table.set(ts, &*Int::from_i64(ts, c.into())?, singletons::none_ref())?;
    }
    Ok(())
}

fn fill_from_dict(ts: &ThreadState, table: &Dict, x: &Object) -> Result<()> {
    let Some(source) = x.downcast_exact::<Dict>() else {
        return Err(ts.raise_str(&TYPE_ERROR, "if you give only one argument to maketrans it must be a dict"));
    };
    for (key, value) in source.items_vec() {
        if let Some(text) = key.downcast::<Str>() {
            if text.len() != 1 {
                return Err(ts.raise_str(&VALUE_ERROR, "string keys in translatetable must be of length 1"));
            }
            table.set(ts, &*Int::from_i64(ts, text.chars().at(0).into())?, &value)?;
        } else if key.downcast::<Int>().is_some() {
            table.set(ts, &key, &value)?;
        } else {
            return Err(ts.raise_str(&TYPE_ERROR, "keys in translate table mustbe strings or integers"));
        }
    }
    Ok(())
}
