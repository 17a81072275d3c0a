//! Single items: the formats that name one C type of this machine, and reading and writing items of them.

use core::ffi::{c_int, c_long, c_longlong, c_short, c_uint, c_ulong, c_ushort};

use super::half;
use crate::ffi::Py_complex;
use crate::object::{Object, Owned, Raised, Result};
use crate::protocol::{convert, number, object};
use crate::runtime::ThreadState;
use crate::types::complex::construct::as_complex;
use crate::types::exceptions::{OVERFLOW_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::{Bytes, Complex, Float, Int};

/// One native item: a letter of the module `struct`, or two for a complex number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    Plain(u8),
    ComplexFloat,
    ComplexDouble,
}

/// What the bytes of an item are.
enum Kind {
    Signed,
    Unsigned,
    Float,
    Complex,
    Bool,
    Char,
}

/// The largest item.
pub const MAX_SIZE: usize = 16;

impl Format {
    /// `i`, or `@i`; nothing for a format with another byte order, or of several items.
    pub fn parse(text: &[u8]) -> Option<Format> {
        match super::native(text) {
            b"Zf" => Some(Format::ComplexFloat),
            b"Zd" => Some(Format::ComplexDouble),
            [code] if b"cbB?hHiIlLqQnNPefd".contains(code) => Some(Format::Plain(*code)),
            _ => None,
        }
    }

    fn name(&self) -> &str {
        match self {
            Format::Plain(code) => core::str::from_utf8(core::slice::from_ref(code)).unwrap_or("?"),
            Format::ComplexFloat => "Zf",
            Format::ComplexDouble => "Zd",
        }
    }

    pub fn is_byte(self) -> bool {
        matches!(self, Format::Plain(b'b' | b'B' | b'c'))
    }

    /// Two items are equal if their bytes are.
    pub fn is_plain_bits(self) -> bool {
        matches!(self.kind(), Kind::Signed | Kind::Unsigned | Kind::Char)
    }

    fn kind(self) -> Kind {
        match self {
            Format::Plain(b'b' | b'h' | b'i' | b'l' | b'q' | b'n') => Kind::Signed,
            Format::Plain(b'e' | b'f' | b'd') => Kind::Float,
            Format::Plain(b'?') => Kind::Bool,
            Format::Plain(b'c') => Kind::Char,
            Format::Plain(_) => Kind::Unsigned,
            Format::ComplexFloat | Format::ComplexDouble => Kind::Complex,
        }
    }

    pub fn size(self) -> usize {
        match self {
            Format::Plain(b'h' | b'H') => size_of::<c_short>(),
            Format::Plain(b'i' | b'I') => size_of::<c_int>(),
            Format::Plain(b'l' | b'L') => size_of::<c_long>(),
            Format::Plain(b'q' | b'Q') => size_of::<c_longlong>(),
            Format::Plain(b'n' | b'N' | b'P') => size_of::<usize>(),
            Format::Plain(b'e') => 2,
            Format::Plain(b'f') => 4,
            Format::Plain(b'd') => 8,
            Format::Plain(_) => 1,
            Format::ComplexFloat => 8,
            Format::ComplexDouble => 16,
        }
    }

    /// The item at `at` as an object.
    ///
    /// # Safety
    /// An item's bytes are there, aligned or not.
    pub unsafe fn read(self, ts: &ThreadState, at: *const u8) -> Result {
        let mut bytes = [0; MAX_SIZE];
        // SAFETY: the caller's promise; no item is larger.
        unsafe { bytes.as_mut_ptr().copy_from_nonoverlapping(at, self.size()) };
        self.to_object(ts, &bytes)
    }

    /// The same of its bytes, followed by zeros.
    pub fn to_object(self, ts: &ThreadState, bytes: &[u8; MAX_SIZE]) -> Result {
        Ok(match self.kind() {
            Kind::Signed => Int::from_i64(ts, self.signed(bytes))?.upcast(),
            Kind::Unsigned => Int::from_parts_u64(ts, false, u64::from_ne_bytes(part(bytes, 0)))?.upcast(),
            Kind::Float => Float::new(ts, self.float(bytes))?.upcast(),
            Kind::Complex => {
                let (real, imag) = match self {
                    Format::ComplexFloat => {
                        let float = |at| f64::from(f32::from_ne_bytes(part(bytes, at)));
                        (float(0), float(4))
                    }
                    _ => (f64::from_ne_bytes(part(bytes, 0)), f64::from_ne_bytes(part(bytes, 8))),
                };
                Complex::new(ts, Py_complex { real, imag })?.upcast()
            }
            Kind::Bool => crate::types::bool::from_bool(bytes[0] != 0),
            Kind::Char => Owned::immortal(Bytes::single(bytes[0])).upcast(),
        })
    }

    fn signed(self, bytes: &[u8; MAX_SIZE]) -> i64 {
        let value = i64::from_ne_bytes(part(bytes, 0));
        // The bytes beyond the item are 0: the sign is brought to the top and back.
        let unused = 64 - 8 * self.size() as u32;
        value << unused >> unused
    }

    fn float(self, bytes: &[u8; MAX_SIZE]) -> f64 {
        match self {
            Format::Plain(b'e') => half::to_f64(u16::from_ne_bytes(part(bytes, 0))),
            Format::Plain(b'f') => f64::from(f32::from_ne_bytes(part(bytes, 0))),
            _ => f64::from_ne_bytes(part(bytes, 0)),
        }
    }

    /// The bytes of an item of that value; the first `size` of them count.
    ///
    /// `TypeError` or `ValueError` if it is none of the format.
    pub fn bytes_of(self, ts: &ThreadState, value: &Object) -> Result<[u8; MAX_SIZE]> {
        let mut bytes = [0; MAX_SIZE];
        let mut put = |at: usize, part: &[u8]| bytes[at..at + part.len()].copy_from_slice(part);
        match self.kind() {
            Kind::Signed | Kind::Unsigned => put(0, &self.integer(ts, value)?.to_ne_bytes()),
            Kind::Bool => put(0, &[u8::from(object::is_true(ts, value)?)]),
            Kind::Float => {
                let float = convert::as_f64(ts, value).map_err(|raised| self.explain(ts, raised))?;
                match self {
                    Format::Plain(b'e') => {
                        let half = half::from_f64(float).ok_or_else(|| self.wrong_value(ts))?;
                        put(0, &half.to_ne_bytes());
                    }
                    Format::Plain(b'f') => put(0, &(float as f32).to_ne_bytes()),
                    _ => put(0, &float.to_ne_bytes()),
                }
            }
            Kind::Complex => {
                let complex = as_complex(ts, value).map_err(|raised| self.explain(ts, raised))?;
                if self == Format::ComplexFloat {
                    put(0, &(complex.real as f32).to_ne_bytes());
                    put(4, &(complex.imag as f32).to_ne_bytes());
                } else {
                    put(0, &complex.real.to_ne_bytes());
                    put(8, &complex.imag.to_ne_bytes());
                }
            }
            Kind::Char => match value.downcast::<Bytes>().map(Bytes::as_slice) {
                Some([byte]) => put(0, &[*byte]),
                Some(_) => return Err(self.wrong_value(ts)),
                None => return Err(self.wrong_type(ts)),
            },
        }
        Ok(bytes)
    }

    /// An int within the range of the C type, as the bits of one.
    fn integer(self, ts: &ThreadState, value: &Object) -> Result<u64> {
        let int = number::index(ts, value).map_err(|raised| self.explain(ts, raised))?;
        let signed = int.to_i64();
        let fits = |low: i64, high: u64| {
            let value = signed.filter(|&v| v >= low && (v < 0 || v as u64 <= high)).map(|v| v as u64);
            value.or(int.kernel().to_u64().filter(|&v| v <= high))
        };
        let value = match self {
            Format::Plain(b'b') => fits(i64::from(i8::MIN), i8::MAX as u64),
            Format::Plain(b'h') => fits(i64::from(c_short::MIN), c_short::MAX as u64),
            Format::Plain(b'H') => fits(0, u64::from(c_ushort::MAX)),
            Format::Plain(b'i') => fits(i64::from(c_int::MIN), c_int::MAX as u64),
            Format::Plain(b'I') => fits(0, u64::from(c_uint::MAX)),
            Format::Plain(b'l' | b'q' | b'n') => fits(c_long::MIN, c_long::MAX as u64),
            Format::Plain(b'L' | b'Q' | b'N') => fits(0, c_ulong::MAX),
            // A pointer may be written as a negative number.
            Format::Plain(b'P') => fits(i64::MIN, u64::MAX),
            _ => fits(0, u64::from(u8::MAX)),
        };
        value.ok_or_else(|| self.wrong_value(ts))
    }

    /// What a conversion failed of, in the view's words.
    fn explain(self, ts: &ThreadState, raised: Raised) -> Raised {
        let kind = |ty| ts.raised_is(ty);
        if kind(&TYPE_ERROR) {
            ts.error.clear();
            self.wrong_type(ts)
        } else if kind(&OVERFLOW_ERROR) || kind(&VALUE_ERROR) {
            ts.error.clear();
            self.wrong_value(ts)
        } else {
            raised
        }
    }

    #[cold]
    fn wrong_type(self, ts: &ThreadState) -> Raised {
        ts.raise(&TYPE_ERROR, format_args!("memoryview: invalid type for format '{}'", self.name()))
    }

    #[cold]
    fn wrong_value(self, ts: &ThreadState) -> Raised {
        ts.raise(&VALUE_ERROR, format_args!("memoryview: invalid value for format '{}'", self.name()))
    }
}

/// `N` of the bytes.
fn part<const N: usize>(bytes: &[u8; MAX_SIZE], at: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[at..at + N]);
    part
}
