//! `int`: sign and digits of 30 bits, as CPython lays them out.
//!
//! An int of at most one digit is *compact*; most are, and every operation has a path for them that makes
//! no intermediate. -5 to 1024 are immortal statics, found by value.

use core::cell::Cell;

use crate::ffi::*;
use crate::object::{Object, Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::STATIC_TYPE;

pub mod digits;

layout!(Int = PyLongObject, PyLong_Type, Py_TPFLAGS_LONG_SUBCLASS);

/// The immortal ints: those that CPython 3.15 shares.
pub const SMALL_MIN: i64 = -5;
pub const SMALL_MAX: i64 = 1024;
const SMALL_COUNT: usize = (SMALL_MAX - SMALL_MIN + 1) as usize;

const SIGN_POSITIVE: usize = 0;
const SIGN_ZERO: usize = 1;
const SIGN_NEGATIVE: usize = 2;
/// Bit 2 of the tag: one of the immortal ints.
const SMALL: usize = 4;
const SHIFT: u32 = 30;

#[unsafe(link_section = "immortal")]
static SMALL_INTS: [Int; SMALL_COUNT] = small_ints();

const fn small_ints() -> [Int; SMALL_COUNT] {
    let mut ints = [const { Int::immortal(&raw const PyLong_Type, 0) }; SMALL_COUNT];
    let mut i = 0;
    while i < SMALL_COUNT {
        ints[i] = Int::immortal(&raw const PyLong_Type, SMALL_MIN + i as i64);
        i += 1;
    }
    ints
}

impl Int {
    /// A static int of one digit.
    pub const fn immortal(ty: *const Type, value: i64) -> Int {
        let (sign, n) = match value {
            0 => (SIGN_ZERO, 0),
            1.. => (SIGN_POSITIVE, 1),
            _ => (SIGN_NEGATIVE, 1),
        };
        Int {
            ob_base: PyObject::immortal(ty),
            long_value: Cell::new(_PyLongValue {
                lv_tag: n << 3 | sign | SMALL,
                ob_digit: [value.unsigned_abs() as u32],
            }),
        }
    }

    /// The shared int of that value.
    #[inline(always)]
    pub fn small(value: i64) -> Option<&'static Int> {
        SMALL_INTS.get(value.wrapping_sub(SMALL_MIN) as usize)
    }

    /// The int of that value.
    #[inline]
    pub fn from_i64(ts: &ThreadState, value: i64) -> Result<Owned<Int>> {
        if let Some(small) = Int::small(value) {
            return Ok(Owned::immortal(small));
        }
        Int::from_parts_u64(ts, value < 0, value.unsigned_abs())
    }

    #[inline]
    pub fn from_parts_u64(ts: &ThreadState, negative: bool, value: u64) -> Result<Owned<Int>> {
        let mut digits = [value as u32 & MASK, (value >> SHIFT) as u32 & MASK, (value >> (2 * SHIFT)) as u32];
        let n = if digits[2] != 0 {
            3
        } else if digits[1] != 0 {
            2
        } else {
            1
        };
        if value == 0 {
            return Ok(Owned::immortal(&SMALL_INTS[-SMALL_MIN as usize]));
        }
        let sign = if negative { SIGN_NEGATIVE } else { SIGN_POSITIVE };
        // SAFETY: tag and digits are written here.
        unsafe {
            let int = ts.new_object::<Int>(&PyLong_Type, 24 + 4 * n.max(2))?;
            let value = int.long_value.as_ptr();
            (&raw mut (*value).lv_tag).write(n << 3 | sign);
            (&raw mut (*value).ob_digit).cast::<u32>().copy_from_nonoverlapping(digits.as_mut_ptr(), n);
            Ok(int)
        }
    }

    /// The int of these digits of 30 bits, the last of them not 0.
    pub fn from_digits(ts: &ThreadState, negative: bool, digits: &[u32]) -> Result<Owned<Int>> {
        match digits {
            [] => return Int::from_i64(ts, 0),
            [digit] => return Int::from_i64(ts, if negative { -i64::from(*digit) } else { i64::from(*digit) }),
            _ => {}
        }
        let sign = if negative { SIGN_NEGATIVE } else { SIGN_POSITIVE };
        // SAFETY: tag and digits are written here.
        unsafe {
            let int = ts.new_object::<Int>(&PyLong_Type, 24 + 4 * digits.len())?;
            let value = int.long_value.as_ptr();
            (&raw mut (*value).lv_tag).write(digits.len() << 3 | sign);
            (&raw mut (*value).ob_digit).cast::<u32>().copy_from_nonoverlapping(digits.as_ptr(), digits.len());
            Ok(int)
        }
    }

    #[inline(always)]
    fn tag(&self) -> usize {
        // SAFETY: written when it was made, never afterwards.
        unsafe { (*self.long_value.as_ptr()).lv_tag }
    }

    #[inline(always)]
    pub fn digits(&self) -> &[u32] {
        // SAFETY: the tag says how many follow.
        unsafe {
            core::slice::from_raw_parts((&raw const (*self.long_value.as_ptr()).ob_digit).cast(), self.tag() >> 3)
        }
    }

    #[inline(always)]
    pub fn is_negative(&self) -> bool {
        self.tag() & 3 == SIGN_NEGATIVE
    }

    #[inline(always)]
    pub fn is_zero(&self) -> bool {
        self.tag() & 3 == SIGN_ZERO
    }

    /// At most one digit.
    #[inline(always)]
    pub fn is_compact(&self) -> bool {
        self.tag() < 2 << 3
    }

    /// The value of a compact int.
    #[inline(always)]
    pub fn compact_value(&self) -> i64 {
        debug_assert!(self.is_compact());
        let sign = 1 - (self.tag() & 3) as i64;
        // SAFETY: there is always room for one digit.
        sign * i64::from(unsafe { (*self.long_value.as_ptr()).ob_digit[0] })
    }

    /// The value, if it fits.
    #[inline]
    pub fn to_i64(&self) -> Option<i64> {
        if self.is_compact() {
            return Some(self.compact_value());
        }
        let mut value: i128 = 0;
        if self.digits().len() > 3 {
            return None;
        }
        for &digit in self.digits().iter().rev() {
            value = value << SHIFT | i128::from(digit);
        }
        i64::try_from(if self.is_negative() { -value } else { value }).ok()
    }
}

const MASK: u32 = (1 << SHIFT) - 1;

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyLong_Type: Type = Type {
    tp_name: c"int".as_ptr(),
    tp_basicsize: 24,
    tp_itemsize: 4,
    tp_flags: Cell::new(super::STATIC_FLAGS | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_LONG_SUBCLASS | _Py_TPFLAGS_MATCH_SELF),
    ..STATIC_TYPE
};

/// The static small ints, for the registry.
pub fn small_objects() -> impl Iterator<Item = &'static Object> {
    SMALL_INTS.iter().map(|i| &**i)
}
