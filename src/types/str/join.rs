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
        let (total, max_char) = measure(ts, separator, items)?;
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
                join_narrow(made.data(), total, separator, items);
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

/// How many characters the join has, and the largest of the maxima of its parts. Every item is a str.
///
/// A function of its own, as is what writes: the loops of both take what they take wherever the code around them lies.
#[inline(never)]
fn measure(ts: &ThreadState, separator: &Str, items: &[&Object]) -> Result<(usize, u32)> {
    let is_separated = items.len() > 1 && !separator.is_empty();
    let mut max_char = if is_separated { separator.max_char() } else { 0x7F };
    // Too wide to overflow: that is asked once, not for each item.
    let mut total = separator.len() as u128 * (items.len() - 1) as u128;
    for (i, item) in items.iter().enumerate() {
        let Some(text) = item.downcast::<Str>() else {
            let name = item.ty().full_name();
            let message = format_args!("sequence item {i}: expected str instance, {name} found");
            return Err(ts.raise(&TYPE_ERROR, message));
        };
        total += text.len() as u128;
        max_char = max_char.max(text.max_char());
    }
    if total > isize::MAX as u128 {
        return Err(ts.raise_str(&OVERFLOW_ERROR, "join() result is too long for a Python string"));
    }
    Ok((total as usize, max_char))
}

/// The join of strs of which none, nor what they make, is wider than a byte.
///
/// # Safety
///
/// All items are such strs, and `to` has room for the result, of `total` bytes.
#[inline(never)]
unsafe fn join_narrow(to: *mut u8, total: usize, separator: &Str, items: &[&Object]) {
    let Some((last, others)) = items.split_last() else { return };
    // SAFETY: the caller's promise; a separator wider than a byte is not written.
    unsafe {
        let (mut to, end) = (to, to.add(total));
        if !others.is_empty() {
            let between = Between::new(separator);
            for item in others {
                to = append_item(to, item);
                to = between.append(to, end);
            }
        }
        append_item(to, last);
    }
}

/// # Safety
///
/// A str without wide characters, and room for it.
#[inline(always)]
unsafe fn append_item(to: *mut u8, item: &Object) -> *mut u8 {
    // SAFETY: the caller's promise.
    unsafe {
        let text = item.cast::<Str>();
        append(to, text.data(), text.len())
    }
}

/// What is written between any two items. A short one is written with whatever is behind it, which what follows
/// overwrites: its length is asked for but once.
struct Between {
    from: *const u8,
    size: usize,
    beginning: [u8; 16],
    /// How much room there must be for all of `beginning`; none is enough if the separator is longer.
    room: usize,
}

impl Between {
    #[inline(always)]
    fn new(separator: &Str) -> Between {
        let (from, size) = (separator.data(), separator.len());
        let mut beginning = [0; 16];
        let is_short = size <= beginning.len();
        if is_short {
            // SAFETY: the characters of a str, a byte each.
            unsafe { append(beginning.as_mut_ptr(), from, size) };
        }
        let room = if is_short { beginning.len() } else { usize::MAX };
        Between { from, size, beginning, room }
    }

    /// # Safety
    ///
    /// There is room for it before `end`.
    #[inline(always)]
    unsafe fn append(&self, to: *mut u8, end: *mut u8) -> *mut u8 {
        // SAFETY: the caller's promise, and the room is looked for.
        unsafe {
            if end.offset_from_unsigned(to) >= self.room {
                to.cast::<[u8; 16]>().write(self.beginning);
                return to.add(self.size);
            }
            append(to, self.from, self.size)
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
        if size > 16 {
            to.copy_from_nonoverlapping(from, size);
        } else if size >= 8 {
            copy_ends::<u64>(to, from, size);
        } else if size >= 4 {
            copy_ends::<u32>(to, from, size);
        } else if size >= 2 {
            copy_ends::<u16>(to, from, size);
        } else if size == 1 {
            *to = *from;
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
