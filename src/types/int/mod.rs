//! `int`: sign and digits of 30 bits, as CPython lays them out.
//!
//! An int of at most one digit is *compact*; most are, and every operation has a path for them that makes
//! no intermediate. -5 to 1024 are immortal statics, found by value.

//!
//! This file is the layout and how ints are made; [`arithmetic`] what operators do, [`construct`] `int(…)`,
//! [`text`] repr, formats and parsing, [`methods`] what Python sees by name, [`convert`] C's integers. The
//! arithmetic on digits, which knows no objects, is [`digits`].

use core::cell::Cell;
use core::ptr::NonNull;

use digits::Written;

use crate::ffi::*;
use crate::object::strategy::{self, Singleton};
use crate::object::{Object, Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::{STATIC_TYPE, entries, slot, table};

pub mod arithmetic;
pub mod construct;
pub mod convert;
pub mod digits;
pub mod methods;
pub mod text;

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

/// Bytes before the digits, and of an int with room for two.
const HEADER: usize = 24;
const LEAST_SIZE: usize = 32;

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
        strategy::own(Singleton::SmallInts, &SMALL_INTS).get(value.wrapping_sub(SMALL_MIN) as usize)
    }

    /// The int of that value.
    #[inline]
    pub fn from_i64(ts: &ThreadState, value: i64) -> Result<Owned<Int>> {
        if let Some(small) = Int::small(value) {
            return Ok(Owned::immortal(small));
        }
        let magnitude = value.unsigned_abs();
        if magnitude >> (2 * digits::SHIFT) != 0 {
            return Int::from_parts_u64(ts, value < 0, magnitude);
        }
        let (low, high) = (magnitude as u32 & MASK, (magnitude >> digits::SHIFT) as u32);
        let sign = if value < 0 { SIGN_NEGATIVE } else { SIGN_POSITIVE };
        // SAFETY: the tag and the two digits that there is always room for are written here.
        unsafe {
            let int = Int::block(ts, LEAST_SIZE)?;
            let lv_tag = (1 + usize::from(high != 0)) << 3 | sign;
            int.long_value.as_ptr().write(_PyLongValue { lv_tag, ob_digit: [low] });
            int.digits_ptr().add(1).write(high);
            Ok(int)
        }
    }

    /// The int of that magnitude and sign.
    pub fn from_parts_u64(ts: &ThreadState, negative: bool, value: u64) -> Result<Owned<Int>> {
        let (digits, len) = digits::split_u64(value);
        Int::from_digits(ts, negative, &digits[..len])
    }

    /// The int of these digits of 30 bits, the last of them not 0.
    pub fn from_digits(ts: &ThreadState, negative: bool, digits: &[u32]) -> Result<Owned<Int>> {
        match digits {
            [] => return Int::from_i64(ts, 0),
            [digit] => return Int::from_i64(ts, if negative { -i64::from(*digit) } else { i64::from(*digit) }),
            _ => {}
        }
        Int::build(ts, digits.len(), |out| {
            out.copy_from_slice(digits);
            Written { negative, len: digits.len() }
        })
    }

    /// The int of what a kernel made.
    pub fn from_kernel(ts: &ThreadState, value: &digits::Digits) -> Result<Owned<Int>> {
        Int::from_digits(ts, value.negative, &value.digits)
    }

    /// The int whose digits a kernel writes straight into the object; at most `room` of them.
    #[inline]
    pub fn build(ts: &ThreadState, room: usize, write: impl FnOnce(&mut [u32]) -> Written) -> Result<Owned<Int>> {
        let int = Int::with_room(ts, room)?;
        // SAFETY: nobody else has seen the object; it has that many digits.
        let written = write(unsafe { int.room_mut(room) });
        Ok(Int::finish(int, written))
    }

    /// An int under construction, its digits zero, to be handed to [`Int::finish`] before others see it.
    pub fn with_room(ts: &ThreadState, room: usize) -> Result<Owned<Int>> {
        let size = room.checked_mul(4).and_then(|size| size.checked_add(HEADER));
        let size = size.filter(|&size| size <= isize::MAX as usize).ok_or_else(|| ts.no_memory())?;
        // SAFETY: the tag says that there are no digits until `finish` says how many.
        unsafe {
            let int = Int::block(ts, size.max(LEAST_SIZE))?;
            (&raw mut (*int.long_value.as_ptr()).lv_tag).write(SIGN_ZERO);
            int.digits_ptr().write_bytes(0, room.max(1));
            Ok(int)
        }
    }

    /// The digits of an int under construction.
    ///
    /// # Safety
    /// It was made with that room, and nobody else looks at it meanwhile.
    #[allow(clippy::mut_from_ref, reason = "the digits are behind a cell; the caller is alone")]
    pub unsafe fn room_mut(&self, room: usize) -> &mut [u32] {
        // SAFETY: the caller's promise.
        unsafe { core::slice::from_raw_parts_mut(self.digits_ptr(), room) }
    }

    /// Says what was written into an int made by [`Int::with_room`]; the shared one if the value is small.
    pub fn finish(int: Owned<Int>, written: Written) -> Owned<Int> {
        let sign = match written {
            Written { len: 0, .. } => SIGN_ZERO,
            Written { negative: true, .. } => SIGN_NEGATIVE,
            _ => SIGN_POSITIVE,
        };
        // SAFETY: alone with it, by the caller's promise; the tag is there to be written.
        unsafe { (&raw mut (*int.long_value.as_ptr()).lv_tag).write(written.len << 3 | sign) };
        if int.is_compact()
            && let Some(small) = Int::small(int.compact_value())
        {
            return Owned::immortal(small);
        }
        int
    }

    /// Memory for an int, with its header.
    ///
    /// # Safety
    /// `size` is at least [`LEAST_SIZE`]; the caller writes tag and digits before others see it.
    #[inline(always)]
    unsafe fn block(ts: &ThreadState, size: usize) -> Result<Owned<Int>> {
        let block: NonNull<u8> = ts.alloc_object(size)?;
        // SAFETY: of the size asked for, fresh.
        unsafe {
            let int: *mut PyObject = block.as_ptr().cast();
            (&raw mut (*int).ob_refcnt).write(RefWord::MORTAL);
            (&raw mut (*int).ob_type).write(Cell::new(&raw const PyLong_Type));
            Ok(Owned::from_stolen(int))
        }
    }

    /// An instance of a subclass of `int` with this value.
    pub fn of_subclass(ts: &ThreadState, ty: &Type, value: &Int) -> Result {
        let digits = value.digits();
        // CPython too has room for one digit in a zero.
        let n = digits.len().max(1) as isize;
        let this = match ty.tp_alloc.get() {
            // SAFETY: the type's own allocator.
            Some(alloc) => ts.check_result(None, unsafe { alloc(core::ptr::from_ref(ty).cast_mut(), n) })?,
            None => ts.alloc_instance(ty, n)?,
        };
        // SAFETY: the layout of int, with room for the digits; nobody else has seen it.
        unsafe {
            let int = this.cast::<Int>();
            (&raw mut (*int.long_value.as_ptr()).lv_tag).write(value.tag() & !SMALL);
            int.digits_ptr().copy_from_nonoverlapping(digits.as_ptr(), digits.len());
        }
        Ok(this)
    }

    /// This value as an exact int.
    #[inline]
    pub fn exact(ts: &ThreadState, this: &Int) -> Result<Owned<Int>> {
        if this.is_exact::<Int>() {
            Ok(Owned::new(this))
        } else {
            Int::from_digits(ts, this.is_negative(), this.digits())
        }
    }

    /// What a kernel works on.
    #[inline(always)]
    pub fn kernel(&self) -> digits::Int<'_> {
        digits::Int { negative: self.is_negative(), digits: self.digits() }
    }

    #[inline(always)]
    fn digits_ptr(&self) -> *mut u32 {
        // SAFETY: within the object.
        unsafe { (&raw mut (*self.long_value.as_ptr()).ob_digit).cast() }
    }

    #[inline(always)]
    fn tag(&self) -> usize {
        // SAFETY: written when it was made, never afterwards.
        unsafe { (*self.long_value.as_ptr()).lv_tag }
    }

    #[inline(always)]
    pub fn digits(&self) -> &[u32] {
        // SAFETY: the tag says how many follow.
        unsafe { core::slice::from_raw_parts(self.digits_ptr(), self.tag() >> 3) }
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
        self.kernel().to_i64()
    }
}

const MASK: u32 = digits::MASK;

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyLong_Type: Type = Type {
    tp_name: c"int".as_ptr(),
    tp_basicsize: HEADER as isize,
    tp_itemsize: 4,
    tp_flags: Cell::new(super::STATIC_FLAGS | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_LONG_SUBCLASS | _Py_TPFLAGS_MATCH_SELF),
    tp_doc: Cell::new(construct::DOC.as_ptr()),
    tp_dealloc: Cell::new(Some(dealloc)),
    tp_repr: slot::unary(text::repr),
    tp_as_number: Cell::new(table(&arithmetic::AS_NUMBER)),
    tp_hash: slot::hash(arithmetic::hash),
    tp_richcompare: slot::richcompare(arithmetic::compare),
    tp_methods: entries(&methods::METHODS),
    tp_getset: entries(&methods::GETSET),
    tp_new: slot::new(construct::new),
    tp_vectorcall: slot::vectorcall(construct::vectorcall),
    ..STATIC_TYPE
};

/// Ints own nothing; the path of exact ones is short, since most end young.
unsafe extern "C" fn dealloc(object: *mut PyObject) {
    // SAFETY: a dead int; its memory goes back to where its type takes it.
    unsafe {
        let ty = (*object).ty();
        if core::ptr::eq(ty, &PyLong_Type) {
            ThreadState::current().free(object.cast());
        } else if let Some(free) = ty.tp_free.get() {
            free(object.cast());
        }
    }
}

/// The static small ints, for the registry.
pub fn small_objects() -> impl Iterator<Item = &'static Object> {
    SMALL_INTS.iter().map(|i| &**i)
}
