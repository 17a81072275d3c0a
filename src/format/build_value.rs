//! `Py_BuildValue`: C values into objects, and the arguments of `PyObject_CallFunction`.
//!
//! `N` gives a reference away. So when something fails, the rest of the format is still walked, and what it makes is
//! dropped: all references that the caller gave are taken over, whatever happens.

use core::ffi::{CStr, c_char, c_void};

use smallvec::SmallVec;

use super::cursor::Cursor;
use super::printf::check_wide;
use super::va::VaSource;
use crate::ffi::{Py_complex, PyObject};
use crate::object::{Object, Owned, Raised, Result};
use crate::runtime::{ThreadState, ledger};
use crate::types::exceptions::{OVERFLOW_ERROR, SYSTEM_ERROR, VALUE_ERROR};
use crate::types::str::codecs;
use crate::types::text::Chars;
use crate::types::{Bytes, Complex, Dict, Float, Int, List, Str, Tuple, bool as boolean, singletons};

/// Items on their way into a container or a call: most fit without an allocation.
pub type Items = SmallVec<[Owned<Object>; 6]>;

struct Builder<'a, 'f, V> {
    ts: &'a ThreadState,
    va: &'a mut V,
    format: Cursor<'f>,
}

/// `Py_BuildValue`: `None` for no unit, the value for one, a tuple for several.
///
/// # Safety
/// `va` holds what the format asks for.
pub unsafe fn build<V: VaSource>(ts: &ThreadState, format: Cursor<'_>, va: &mut V) -> Result {
    let mut builder = Builder { ts, va, format };
    match builder.count(0)? {
        0 => Ok(singletons::none()),
        1 => builder.value(),
        n => builder.tuple(0, n).map(Owned::upcast),
    }
}

/// The same values side by side, for the arguments of a call.
///
/// # Safety
/// As for [`build`].
pub unsafe fn build_items<V: VaSource>(ts: &ThreadState, format: Cursor<'_>, va: &mut V) -> Result<Items> {
    let mut builder = Builder { ts, va, format };
    let n = builder.count(0)?;
    if n == 0 { Ok(Items::new()) } else { builder.items(0, n) }
}

/// The same values in a tuple.
///
/// # Safety
/// As for [`build`].
pub unsafe fn build_tuple<V: VaSource>(ts: &ThreadState, format: Cursor<'_>, va: &mut V) -> Result<Owned<Tuple>> {
    let mut builder = Builder { ts, va, format };
    let n = builder.count(0)?;
    if n == 0 { Ok(Tuple::empty()) } else { builder.tuple(0, n) }
}

/// What a character is to the count of values: how many begin with it, and how many levels deeper the next ones are.
#[derive(Clone, Copy)]
struct Step {
    values: u8,
    deeper: i8,
}

/// By character: what belongs to none is a unit.
static STEPS: [Step; 256] = {
    let mut steps = [Step { values: 1, deeper: 0 }; 256];
    let mut c = 0;
    while c < 256 {
        match c as u8 {
            b'(' | b'[' | b'{' => steps[c].deeper = 1,
            b')' | b']' | b'}' => steps[c] = Step { values: 0, deeper: -1 },
            b'#' | b'&' => steps[c].values = 0,
            separator if is_separator(separator) => steps[c].values = 0,
            _ => {}
        }
        c += 1;
    }
    steps
};

/// What may stand between values.
const fn is_separator(c: u8) -> bool {
    matches!(c, b',' | b':' | b' ' | b'\t')
}

impl<V: VaSource> Builder<'_, '_, V> {
    /// How many values stand before `end` on this level.
    #[inline]
    fn count(&self, end: u8) -> Result<usize> {
        let mut format = self.format;
        let (mut n, mut depth) = (0, 0);
        loop {
            let c = format.peek();
            if c == end && depth <= 0 {
                return Ok(n);
            }
            if c == 0 {
                return Err(self.ts.raise_str(&SYSTEM_ERROR, "unmatched paren in format"));
            }
            format.skip();
            let step = STEPS[usize::from(c)];
            n += if depth == 0 { usize::from(step.values) } else { 0 };
            depth += i32::from(step.deeper);
        }
    }

    /// `n` values, and the `end` behind them.
    #[inline]
    fn items(&mut self, end: u8, n: usize) -> Result<Items> {
        let mut items = Items::new();
        if items.try_reserve(n).is_err() {
            let raised = self.ts.no_memory();
            return Err(self.give_up(raised, n, end));
        }
        for i in 0..n {
            match self.value() {
                Ok(value) => items.push(value),
                Err(raised) => return Err(self.give_up(raised, n - i - 1, end)),
            }
        }
        self.end(end)?;
        Ok(items)
    }

    /// Past `end`, with separators before it.
    #[inline]
    fn end(&mut self, end: u8) -> Result<()> {
        while is_separator(self.format.peek()) {
            self.format.skip();
        }
        if self.format.peek() != end {
            return Err(self.ts.raise_str(&SYSTEM_ERROR, "Unmatched paren in format"));
        }
        self.format.take();
        Ok(())
    }

    /// Takes over what the next `n` values hand over, and drops it; goes past the `end` behind them, since more may follow.
    /// The exception that there was stays, unless the `end` is missing.
    #[cold]
    fn give_up(&mut self, raised: Raised, n: usize, end: u8) -> Raised {
        let ts = self.ts;
        ts.preserving_error(|| {
            for _ in 0..n {
                if self.value().is_err() {
                    ts.error.clear();
                }
            }
        });
        self.end(end).err().unwrap_or(raised)
    }

    /// Each value goes to its place at once; those that are still missing when one fails are NULL, as in C's tuples.
    #[inline]
    fn tuple(&mut self, end: u8, n: usize) -> Result<Owned<Tuple>> {
        let tuple = match Tuple::unfilled(self.ts, n) {
            Ok(tuple) => tuple,
            Err(raised) => return Err(self.give_up(raised, n, end)),
        };
        for i in 0..n {
            match self.value() {
                // SAFETY: within, and the place is empty.
                Ok(value) => unsafe { tuple.items_ptr().add(i).write(value.into_raw()) },
                Err(raised) => return Err(self.give_up(raised, n - i - 1, end)),
            }
        }
        self.end(end)?;
        Ok(tuple)
    }

    fn list(&mut self) -> Result {
        let n = self.count(b']')?;
        let items = self.items(b']', n)?;
        List::from_owned(self.ts, items.into_vec()).map(Owned::upcast)
    }

    fn dict(&mut self) -> Result {
        let n = self.count(b'}')?;
        if !n.is_multiple_of(2) {
            let raised = self.ts.raise_str(&SYSTEM_ERROR, "Bad dict format");
            return Err(self.give_up(raised, n, b'}'));
        }
        let dict = match Dict::new(self.ts) {
            Ok(dict) => dict,
            Err(raised) => return Err(self.give_up(raised, n, b'}')),
        };
        for done in (0..n).step_by(2) {
            let key = match self.value() {
                Ok(key) => key,
                Err(raised) => return Err(self.give_up(raised, n - done - 1, b'}')),
            };
            let set = self.value().and_then(|value| dict.set(self.ts, &key, &value));
            if let Err(raised) = set {
                return Err(self.give_up(raised, n - done - 2, b'}'));
            }
        }
        self.end(b'}')?;
        Ok(dict.upcast())
    }

    /// The next value.
    #[inline]
    fn value(&mut self) -> Result {
        let ts = self.ts;
        loop {
            return match self.format.take() {
                b'i' | b'b' | b'B' | b'h' => Int::from_i64(ts, self.va.int().into()).map(Owned::upcast),
                b's' | b'z' | b'U' => self.text(),
                b'O' | b'S' => self.object(false),
                b'N' => self.object(true),
                b'(' => {
                    let n = self.nested(b')')?;
                    self.tuple(b')', n).map(Owned::upcast)
                }
                b'[' => self.deeper(Self::list),
                b'{' => self.deeper(Self::dict),
                c if is_separator(c) => continue,
                unit => self.other(unit),
            };
        }
    }

    fn nested(&self, end: u8) -> Result<usize> {
        self.ts.check_recursion(" while building a value")?;
        self.count(end)
    }

    fn deeper(&mut self, f: impl FnOnce(&mut Self) -> Result) -> Result {
        self.ts.check_recursion(" while building a value")?;
        f(self)
    }

    fn other(&mut self, unit: u8) -> Result {
        let (ts, va) = (self.ts, &mut *self.va);
        match unit {
            b'H' | b'I' => Int::from_i64(ts, i64::from(va.int() as u32)).map(Owned::upcast),
            b'l' | b'L' | b'n' => Int::from_i64(ts, va.long()).map(Owned::upcast),
            b'k' | b'K' => Int::from_parts_u64(ts, false, va.long() as u64).map(Owned::upcast),
            b'd' | b'f' => Float::new(ts, va.double()).map(Owned::upcast),
            b'D' => self.complex(),
            b'p' => Ok(boolean::from_bool(va.int() != 0)),
            b'c' => Ok(Owned::immortal(Bytes::single(va.int() as u8)).upcast()),
            b'C' => self.character(),
            b'u' => self.wide_text(),
            b'y' => self.bytes(),
            _ => Err(ts.raise_str(&SYSTEM_ERROR, "bad format char passed to Py_BuildValue")),
        }
    }

    fn complex(&mut self) -> Result {
        let value = self.va.ptr::<Py_complex>();
        // SAFETY: [live] the format says that a pointer to one comes next.
        Complex::new(self.ts, unsafe { value.read() }).map(Owned::upcast)
    }

    fn character(&mut self) -> Result {
        match u32::try_from(self.va.int()) {
            Ok(c @ 0..=0x10FFFF) => Str::from_chars(self.ts, Chars::Four(&[c])).map(Owned::upcast),
            _ => Err(self.ts.raise_str(&VALUE_ERROR, "chr() arg not in range(0x110000)")),
        }
    }

    /// The bytes at a C string, or as many as `#` says. NULL stands for None.
    #[inline]
    fn span(&mut self, what: &str) -> Result<Option<&'static [u8]>> {
        let text = self.va.ptr::<c_char>();
        let n = if self.format.eat(b'#') { self.va.ssize() } else { -1 };
        if text.is_null() {
            return Ok(None);
        }
        // SAFETY: [cstr] or [span]: the format says so; the caller's for the call, and copied within.
        let bytes = unsafe {
            match usize::try_from(n) {
                Ok(n) => core::slice::from_raw_parts(text.cast(), n),
                Err(_) => CStr::from_ptr(text).to_bytes(),
            }
        };
        if bytes.len() > isize::MAX as usize {
            return Err(self.ts.raise(&OVERFLOW_ERROR, format_args!("string too long for Python {what}")));
        }
        Ok(Some(bytes))
    }

    #[inline]
    fn text(&mut self) -> Result {
        match self.span("string")? {
            None => Ok(singletons::none()),
            Some(bytes) => codecs::decode(self.ts, bytes, None, None).map(Owned::upcast),
        }
    }

    fn bytes(&mut self) -> Result {
        match self.span("bytes")? {
            None => Ok(singletons::none()),
            Some(bytes) => Bytes::new(self.ts, bytes).map(Owned::upcast),
        }
    }

    fn wide_text(&mut self) -> Result {
        let text = self.va.ptr::<u32>();
        let n = if self.format.eat(b'#') { self.va.ssize() } else { -1 };
        if text.is_null() {
            return Ok(singletons::none());
        }
        // SAFETY: [span] or ended by a zero: the format says so.
        let units = unsafe {
            let n = usize::try_from(n).unwrap_or_else(|_| (0..).take_while(|&i| *text.add(i) != 0).count());
            core::slice::from_raw_parts(text, n)
        };
        check_wide(self.ts, units)?;
        Str::from_chars(self.ts, Chars::Four(units)).map(Owned::upcast)
    }

    /// `O`, `S`, `N`, or `O&` with a function that makes the object.
    #[inline]
    fn object(&mut self, gives: bool) -> Result {
        if self.format.eat(b'&') {
            return self.made();
        }
        // SAFETY: [nullable] the format says so; with `N` the reference is given away.
        let object = unsafe {
            let object = self.va.ptr::<PyObject>();
            if gives {
                ledger::taken(object);
                Owned::from_stolen_nullable(object)
            } else {
                Object::from_nullable(object).map(Owned::new)
            }
        };
        match object {
            Some(object) => Ok(object),
            // Whoever passed the result of a call that failed gets that call's exception.
            None if self.ts.error.is_set() => Err(Raised::already()),
            None => Err(self.ts.raise_str(&SYSTEM_ERROR, "NULL object passed to Py_BuildValue")),
        }
    }

    fn made(&mut self) -> Result {
        let function = self.va.pointer();
        let arg = self.va.pointer();
        type Maker = unsafe extern "C" fn(*mut c_void) -> *mut PyObject;
        // SAFETY: the format says that such a function comes next; it gives NULL or a new reference.
        let made = unsafe {
            let function = core::mem::transmute::<*mut c_void, Maker>(function);
            let _callback = ledger::Callback::open();
            let made = function(arg);
            ledger::taken(made);
            Owned::from_stolen_nullable(made)
        };
        made.ok_or_else(Raised::already)
    }
}
