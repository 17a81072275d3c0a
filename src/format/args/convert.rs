//! One item: a unit of the format, or a tuple of such in parentheses.

use core::ffi::c_int;

use super::cleanup::Cleanup;
use super::{CLEANUP_SUPPORTED, Converted, ConverterFunction, Failure};
use crate::ffi::{Py_ssize_t, PyObject};
use crate::format::cursor::Cursor;
use crate::format::va::VaSource;
use crate::modules::warnings;
use crate::object::{Object, Owned, Type};
use crate::protocol::{object, sequence};
use crate::runtime::{ThreadState, ledger};
use crate::types::exceptions::DEPRECATION_WARNING;
use crate::types::type_::attributes;
use crate::types::{ByteArray, Bytes, Str, Tuple};

/// Walks the format and fills in the caller's variables.
///
/// Every write below goes to a pointer that the caller passed for the unit at hand: [out], by the promise that
/// the entry points ask for.
pub(super) struct Converter<'a, 'f, V> {
    pub ts: &'a ThreadState,
    pub va: &'a mut V,
    pub format: Cursor<'f>,
    pub cleanup: Cleanup,
}

/// Writes a value to the variable that is next among the caller's.
macro_rules! put {
    ($this:ident, $ty:ty, $value:expr) => {{
        let variable = $this.va.ptr::<$ty>();
        let value: $ty = $value;
        // SAFETY: [out] see `Converter`.
        unsafe { variable.write(value) };
        Ok(())
    }};
}
pub(super) use put;

impl<'a, 'f, V: VaSource> Converter<'a, 'f, V> {
    #[inline]
    pub(super) fn new(ts: &'a ThreadState, va: &'a mut V, format: Cursor<'f>) -> Self {
        Converter { ts, va, format, cleanup: Cleanup::default() }
    }

    /// All went well.
    #[inline]
    pub(super) fn keep_all(&mut self) {
        self.cleanup.forget();
    }

    /// Converts `arg` as the next item of the format says.
    #[inline]
    pub(super) fn item(&mut self, arg: &Object) -> Converted {
        match self.format.take() {
            b'i' => put!(self, c_int, self.int(arg)?),
            b's' => self.text(arg, false),
            b'z' => self.text(arg, true),
            b'O' => self.object(arg),
            b'(' => self.tuple(arg),
            unit => self.other(unit, arg),
        }
    }

    fn other(&mut self, unit: u8, arg: &Object) -> Converted {
        match unit {
            b'b' => put!(self, u8, self.byte(arg)?),
            b'B' => put!(self, u8, self.unsigned(arg, 8)? as u8),
            b'h' => put!(self, i16, self.short(arg)?),
            b'H' => put!(self, u16, self.unsigned(arg, 16)? as u16),
            b'I' => put!(self, u32, self.unsigned(arg, 32)? as u32),
            b'l' => put!(self, i64, self.long(arg)?),
            b'k' | b'K' => self.wrapping(arg),
            b'L' => put!(self, i64, self.long_long(arg)?),
            b'n' => put!(self, Py_ssize_t, self.ssize(arg)?),
            b'f' => put!(self, f32, self.float(arg)? as f32),
            b'd' => put!(self, f64, self.float(arg)?),
            b'D' => self.complex(arg),
            b'p' => put!(self, c_int, c_int::from(object::is_true(self.ts, arg)?)),
            b'c' => self.byte_character(arg),
            b'C' => self.character(arg),
            b'y' => self.bytes(arg),
            b'w' => self.writable(arg),
            b'e' => self.encoded(arg),
            b'S' => self.borrowed(arg, "bytes", arg.downcast::<Bytes>().is_some()),
            b'U' => self.borrowed(arg, "str", arg.downcast::<Str>().is_some()),
            b'Y' => self.borrowed(arg, "bytearray", arg.downcast::<ByteArray>().is_some()),
            _ => Err(Failure::format("impossible<bad format char>")),
        }
    }

    #[inline]
    fn borrowed(&mut self, arg: &Object, expected: &str, fits: bool) -> Converted {
        let variable = self.va.ptr::<*mut PyObject>();
        if !fits {
            return Err(Failure::must_be(expected, arg));
        }
        // SAFETY: [out] see `Converter`.
        unsafe { variable.write(arg.as_ptr()) };
        Ok(())
    }

    /// `O`, `O!` with a type, `O&` with a converter.
    #[inline]
    fn object(&mut self, arg: &Object) -> Converted {
        match self.format.peek() {
            b'!' => {
                self.format.skip();
                // SAFETY: [live] the format says that a type comes next.
                let ty = unsafe { &*self.va.ptr::<Type>() };
                self.borrowed(arg, ty.full_name(), arg.ty().is_subtype_of(ty))
            }
            b'&' => {
                self.format.skip();
                self.by_converter(arg)
            }
            _ => put!(self, *mut PyObject, arg.as_ptr()),
        }
    }

    fn by_converter(&mut self, arg: &Object) -> Converted {
        let function = self.va.pointer();
        let variable = self.va.pointer();
        // SAFETY: the format says that a converter comes next.
        let function = unsafe { core::mem::transmute::<*mut core::ffi::c_void, ConverterFunction>(function) };
        let status = {
            let _callback = ledger::Callback::open();
            // SAFETY: the caller's converter, for the caller's variable.
            unsafe { function(arg.as_ptr(), variable) }
        };
        match status {
            0 if self.ts.error.is_set() => Err(Failure::from(crate::object::Raised::already())),
            0 => Err(Failure::format("unspecified")),
            CLEANUP_SUPPORTED => {
                self.cleanup.converted(function, variable);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Behind `(`: the items of a tuple, or of another sequence that is no string.
    fn tuple(&mut self, arg: &Object) -> Converted {
        let asked = Asked::up_to_parenthesis(self.format);
        match arg.downcast::<Tuple>() {
            Some(tuple) => self.items(tuple, asked)?,
            None => {
                let tuple = self.sequence(arg, asked)?;
                self.items(&tuple, asked)?;
            }
        }
        // A name may stand where the parenthesis is missing: CPython passes over that just so.
        self.format.take();
        Ok(())
    }

    fn items(&mut self, tuple: &Tuple, asked: Asked) -> Converted {
        asked.check(true, tuple.len() as isize)?;
        for (i, item) in tuple.as_slice().iter().enumerate() {
            self.item(item).map_err(|failure| failure.within(i))?;
        }
        Ok(())
    }

    /// Its items, with a warning where something is borrowed from them, since it may not hold them itself.
    #[cold]
    fn sequence(&self, arg: &Object, asked: Asked) -> core::result::Result<Owned<Tuple>, Failure> {
        let text = crate::ffi::Py_TPFLAGS_UNICODE_SUBCLASS | crate::ffi::Py_TPFLAGS_BYTES_SUBCLASS;
        let is_text = arg.ty().has(text) || arg.downcast::<ByteArray>().is_some();
        if !sequence::is_sequence(arg) || is_text {
            return Err(Failure::must_be(&format!("{}-item tuple", asked.n), arg));
        }
        if asked.borrows {
            let name = attributes::fully_qualified(self.ts, arg.ty())?;
            let message = format!("argument must be {}-item tuple, not {name}", asked.n);
            warnings::warn_text(self.ts, &DEPRECATION_WARNING, &message)?;
        }
        asked.check(asked.borrows, sequence::len(self.ts, arg)?)?;
        Ok(Tuple::from_iterable(self.ts, arg)?)
    }
}

/// What is asked for in parentheses.
#[derive(Clone, Copy)]
struct Asked {
    n: usize,
    /// A unit, at whatever depth, refers to an item or its memory without holding it.
    borrows: bool,
}

impl Asked {
    fn up_to_parenthesis(mut format: Cursor<'_>) -> Asked {
        let mut asked = Asked { n: 0, borrows: false };
        let mut depth = 0;
        loop {
            let unit = format.take();
            match unit {
                b')' if depth == 0 => return asked,
                b')' => depth -= 1,
                0 | b':' | b';' => return asked,
                b'(' => {
                    asked.n += usize::from(depth == 0);
                    depth += 1;
                }
                c if c.is_ascii_alphabetic() => {
                    asked.n += usize::from(depth == 0);
                    let next = format.peek();
                    // `es` and `et` are one.
                    if unit == b'e' && matches!(next, b's' | b't') {
                        format.skip();
                        continue;
                    }
                    asked.borrows |= match unit {
                        b's' | b'z' | b'y' => next != b'*',
                        b'O' => next != b'&',
                        _ => matches!(unit, b'S' | b'Y' | b'U'),
                    };
                }
                _ => {}
            }
        }
    }

    fn check(self, must_be_tuple: bool, given: isize) -> Converted {
        if self.n as isize == given {
            return Ok(());
        }
        let kind = if must_be_tuple { "tuple" } else { "sequence" };
        Err(Failure::wrong(format!("must be {kind} of length {}, not {given}", self.n)))
    }
}
