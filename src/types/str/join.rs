//! `separator.join(iterable)`.

use super::{PyUnicode_Type, Str};
use crate::object::{Object, Owned, Result};
use crate::protocol::sequence;
use crate::runtime::ThreadState;
use crate::types::exceptions::{OVERFLOW_ERROR, TYPE_ERROR};
use crate::types::{List, Tuple};

impl Str {
    /// `separator.join(iterable)`. `TypeError` for a separator that is no str, if one is needed.
    pub fn join(ts: &ThreadState, separator: &Object, iterable: &Object) -> Result<Owned<Str>> {
        if let Some(list) = iterable.downcast_exact::<List>() {
            return Str::join_items(ts, separator, list.as_slice());
        }
        if let Some(tuple) = iterable.downcast_exact::<Tuple>() {
            return Str::join_items(ts, separator, tuple.as_slice());
        }
        if let Err(raised) = sequence::iter(ts, iterable).map(drop) {
            return Err(if ts.raised_is(&TYPE_ERROR) {
                ts.raise_str(&TYPE_ERROR, "can only join an iterable")
            } else {
                raised
            });
        }
        let items = sequence::collect(ts, iterable)?;
        let items: Vec<&Object> = items.iter().map(|i| &**i).collect();
        Str::join_items(ts, separator, &items)
    }

    /// The same of items at hand. Nothing foreign runs.
    pub fn join_items(ts: &ThreadState, separator: &Object, items: &[&Object]) -> Result<Owned<Str>> {
        let separator = match (items, separator.downcast::<Str>()) {
            ([], _) => return Ok(Str::empty()),
            ([item], _) if core::ptr::eq(item.ty(), &PyUnicode_Type) => {
                // SAFETY: checked.
                return Ok(Owned::new(unsafe { item.cast::<Str>() }));
            }
            ([_], _) => Str::empty_ref(),
            (_, Some(separator)) => separator,
            (_, None) => {
                let name = separator.ty().full_name();
                let message = format_args!("separator: expected str instance, {name} found");
                return Err(ts.raise(&TYPE_ERROR, message));
            }
        };
        let mut max_char = if items.len() > 1 { separator.max_char() } else { 0x7F };
        if separator.is_empty() {
            max_char = 0x7F;
        }
        let mut total = separator.len().checked_mul(items.len() - 1);
        for (i, item) in items.iter().enumerate() {
            let Some(text) = item.downcast::<Str>() else {
                let name = item.ty().full_name();
                return Err(
                    ts.raise(&TYPE_ERROR, format_args!("sequence item {i}: expected str instance, {name} found"))
                );
            };
            total = total.and_then(|t| t.checked_add(text.len()));
            max_char = max_char.max(text.max_char());
        }
        let Some(total) = total.filter(|&t| t <= isize::MAX as usize) else {
            return Err(ts.raise_str(&OVERFLOW_ERROR, "join() result is too long for a Python string"));
        };
        if total == 0 {
            return Ok(Str::empty());
        }
        if total == 1 && max_char < 0x100 {
            let c = items.iter().chain(&[separator.as_object()]).find_map(|item| {
                // SAFETY: all were seen to be strs.
                unsafe { item.cast::<Str>() }.chars().get(0)
            });
            return Ok(Owned::immortal(Str::latin1_char(c.unwrap_or(0) as u8)));
        }
        // SAFETY: `total` characters are written, none above the largest of the maxima.
        unsafe {
            let made = Str::with_size(ts, total, max_char)?;
            if max_char < 0x100 {
                join_narrow(made.data(), separator, items);
                return Ok(made);
            }
            let mut at = 0;
            for (i, item) in items.iter().enumerate() {
                if i > 0 && !separator.is_empty() {
                    made.write_chars(at, separator.chars());
                    at += separator.len();
                }
                let text = item.cast::<Str>();
                made.write_chars(at, text.chars());
                at += text.len();
            }
            Ok(made)
        }
    }
}

/// The join of strs of which none, nor what they make, is wider than a byte.
///
/// # Safety
///
/// All items are such strs, and `to` has room for the result.
unsafe fn join_narrow(mut to: *mut u8, separator: &Str, items: &[&Object]) {
    // SAFETY: the caller's promise; a separator wider than a byte is not written.
    unsafe {
        let between = if items.len() > 1 { (separator.data(), separator.len()) } else { (to, 0) };
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                to = append(to, between.0, between.1);
            }
            let text = item.cast::<Str>();
            to = append(to, text.data(), text.len());
        }
    }
}

/// Copies `size` bytes and gives the place after them. Parts are short as a rule: two
/// loads that may overlap cost less than a call of memcpy.
///
/// # Safety
///
/// As `copy_nonoverlapping`.
#[inline(always)]
unsafe fn append(to: *mut u8, from: *const u8, size: usize) -> *mut u8 {
    // SAFETY: the caller's promise; every access is within `size` bytes.
    unsafe {
        match size {
            0 => {}
            1 => *to = *from,
            2..4 => copy_ends::<u16>(to, from, size),
            4..8 => copy_ends::<u32>(to, from, size),
            8..=16 => copy_ends::<u64>(to, from, size),
            _ => to.copy_from_nonoverlapping(from, size),
        }
        to.add(size)
    }
}

/// Copies by one word from the beginning and one that ends at the end.
///
/// # Safety
///
/// As `copy_nonoverlapping`; `size` is that of one word to that of two.
#[inline(always)]
unsafe fn copy_ends<W: Copy>(to: *mut u8, from: *const u8, size: usize) {
    let last = size - size_of::<W>();
    // SAFETY: the caller's promise.
    unsafe {
        let first = from.cast::<W>().read_unaligned();
        let end = from.add(last).cast::<W>().read_unaligned();
        to.cast::<W>().write_unaligned(first);
        to.add(last).cast::<W>().write_unaligned(end);
    }
}
