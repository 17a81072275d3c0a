//! The table of special methods: which name belongs to which slot.
//!
//! Read in both directions. A C type that fills a slot gets a wrapper of that name in its dict; a class whose
//! dict has the name gets the generic slot function, which looks the name up and calls it. Entries of one slot
//! stand together, and where two slots share a name the preferred one comes first.

use core::ffi::{CStr, c_void};
use core::mem::offset_of;

use super::slot_functions as f;
use super::slot_functions_number as n;
use super::wrappers as w;
use crate::ffi::*;
use crate::object::{Object, Result};
use crate::runtime::ThreadState;
use crate::types::str::StaticStr;
use crate::types::{Dict, Tuple, identifiers};

/// Calls the C function `wrapped` of a slot with what a caller in Python gave.
pub type WrapperFn =
    unsafe fn(ts: &ThreadState, this: &Object, args: &Tuple, wrapped: *mut c_void, kwargs: Option<&Dict>) -> Result;

/// A special method.
pub struct SlotDef {
    pub name: &'static str,
    pub ident: &'static StaticStr,
    /// Of the slot, in `PyHeapTypeObject`.
    pub offset: usize,
    /// The generic slot function; NULL where the other slot of the same name has it.
    pub function: *const (),
    pub wrapper: WrapperFn,
    /// Whether a filled slot shows as a wrapper at all: `__new__` and `__getattr__` do not.
    pub visible: bool,
    pub doc: &'static CStr,
    /// The wrapper takes keyword arguments.
    pub keywords: bool,
}

// SAFETY: a table of constants.
unsafe impl Sync for SlotDef {}

impl PartialEq for SlotDef {
    fn eq(&self, other: &SlotDef) -> bool {
        core::ptr::eq(self, other)
    }
}

const NONE: *const () = core::ptr::null();

const fn c_text(text: &'static str) -> &'static CStr {
    match CStr::from_bytes_with_nul(text.as_bytes()) {
        Ok(text) => text,
        Err(_) => panic!("the text ends with a NUL"),
    }
}

/// ```ignore
/// slots! { __repr__: ht_type.tp_repr, f::repr, w::unary, "($self, /)", "Return repr(self)."; }
/// ```
macro_rules! slots {
    ($($name:ident: $part:ident.$slot:ident, $function:expr, $wrapper:expr, $signature:literal, $doc:literal;)*) => {
        /// All special methods.
        pub static SLOTS: &[SlotDef] = &[$(SlotDef {
            name: stringify!($name),
            ident: &identifiers::$name,
            offset: offset_of!(PyHeapTypeObject, $part.$slot),
            function: $function as *const (),
            wrapper: $wrapper,
            visible: !$signature.is_empty(),
            doc: c_text(concat!(stringify!($name), $signature, "\n--\n\n", $doc, "\0")),
            keywords: matches!(stringify!($name).as_bytes(), b"__call__" | b"__init__"),
        }),*];
    };
}

slots! {
    __repr__: ht_type.tp_repr, f::repr, w::unary, "($self, /)", "What repr(self) gives.";
    __hash__: ht_type.tp_hash, f::hash, w::hash, "($self, /)", "What hash(self) gives.";
    __call__: ht_type.tp_call, f::call, w::call, "($self, /, *args, **kwargs)", "Calls self as a function.";
    __str__: ht_type.tp_str, f::str, w::unary, "($self, /)", "What str(self) gives.";
    __getattribute__: ht_type.tp_getattro, f::getattr_hook, w::binary, "($self, name, /)", "What self.name gives.";
    __getattr__: ht_type.tp_getattro, f::getattr_hook, w::unreachable_wrapper, "", "";
    __setattr__: ht_type.tp_setattro, f::setattro, w::setattr, "($self, name, value, /)", "Does what self.name = value does.";
    __delattr__: ht_type.tp_setattro, f::setattro, w::delattr, "($self, name, /)", "Does what del self.name does.";
    __lt__: ht_type.tp_richcompare, f::richcompare, w::richcompare::<{ Py_LT }>, "($self, value, /)", "What self < value gives.";
    __le__: ht_type.tp_richcompare, f::richcompare, w::richcompare::<{ Py_LE }>, "($self, value, /)", "What self <= value gives.";
    __eq__: ht_type.tp_richcompare, f::richcompare, w::richcompare::<{ Py_EQ }>, "($self, value, /)", "What self == value gives.";
    __ne__: ht_type.tp_richcompare, f::richcompare, w::richcompare::<{ Py_NE }>, "($self, value, /)", "What self != value gives.";
    __gt__: ht_type.tp_richcompare, f::richcompare, w::richcompare::<{ Py_GT }>, "($self, value, /)", "What self > value gives.";
    __ge__: ht_type.tp_richcompare, f::richcompare, w::richcompare::<{ Py_GE }>, "($self, value, /)", "What self >= value gives.";
    __iter__: ht_type.tp_iter, f::iter, w::unary, "($self, /)", "What iter(self) gives.";
    __next__: ht_type.tp_iternext, f::iternext, w::next, "($self, /)", "What next(self) gives.";
    __get__: ht_type.tp_descr_get, f::descr_get, w::descr_get, "($self, instance, owner=None, /)", "The attribute of an instance, or of its owner.";
    __set__: ht_type.tp_descr_set, f::descr_set, w::descr_set, "($self, instance, value, /)", "Sets the attribute of an instance.";
    __delete__: ht_type.tp_descr_set, f::descr_set, w::descr_delete, "($self, instance, /)", "Deletes the attribute of an instance.";
    __init__: ht_type.tp_init, f::init, w::init, "($self, /, *args, **kwargs)", "Initializes self; the signature is that of type(self).";
    __new__: ht_type.tp_new, f::new, w::unreachable_wrapper, "", "";
    __del__: ht_type.tp_finalize, f::finalize, w::del, "($self, /)", "Runs when the instance is about to be destroyed.";
    __await__: as_async.am_await, f::am_await, w::unary, "($self, /)", "The iterator that an await expression uses.";
    __aiter__: as_async.am_aiter, f::am_aiter, w::unary, "($self, /)", "The asynchronous iterator of self.";
    __anext__: as_async.am_anext, f::am_anext, w::unary, "($self, /)", "An awaitable for the next value, or StopAsyncIteration.";
    __buffer__: as_buffer.bf_getbuffer, f::get_buffer, w::buffer, "($self, flags, /)", "A memoryview of the object's memory.";
    __release_buffer__: as_buffer.bf_releasebuffer, f::release_buffer, w::release_buffer, "($self, buffer, /)", "Gives back the memory that __buffer__ gave.";
    __add__: as_number.nb_add, n::add, w::binary_left, "($self, value, /)", "What self + value gives.";
    __radd__: as_number.nb_add, n::add, w::binary_right, "($self, value, /)", "What value + self gives.";
    __sub__: as_number.nb_subtract, n::subtract, w::binary_left, "($self, value, /)", "What self - value gives.";
    __rsub__: as_number.nb_subtract, n::subtract, w::binary_right, "($self, value, /)", "What value - self gives.";
    __mul__: as_number.nb_multiply, n::multiply, w::binary_left, "($self, value, /)", "What self * value gives.";
    __rmul__: as_number.nb_multiply, n::multiply, w::binary_right, "($self, value, /)", "What value * self gives.";
    __mod__: as_number.nb_remainder, n::remainder, w::binary_left, "($self, value, /)", "What self % value gives.";
    __rmod__: as_number.nb_remainder, n::remainder, w::binary_right, "($self, value, /)", "What value % self gives.";
    __divmod__: as_number.nb_divmod, n::divmod, w::binary_left, "($self, value, /)", "What divmod(self, value) gives.";
    __rdivmod__: as_number.nb_divmod, n::divmod, w::binary_right, "($self, value, /)", "What divmod(value, self) gives.";
    __pow__: as_number.nb_power, n::power, w::ternary_left, "($self, value, mod=None, /)", "What pow(self, value, mod) gives.";
    __rpow__: as_number.nb_power, n::power, w::ternary_right, "($self, value, mod=None, /)", "What pow(value, self, mod) gives.";
    __neg__: as_number.nb_negative, n::negative, w::unary, "($self, /)", "What -self gives.";
    __pos__: as_number.nb_positive, n::positive, w::unary, "($self, /)", "What +self gives.";
    __abs__: as_number.nb_absolute, n::absolute, w::unary, "($self, /)", "What abs(self) gives.";
    __bool__: as_number.nb_bool, n::bool, w::inquiry, "($self, /)", "Whether self is true.";
    __invert__: as_number.nb_invert, n::invert, w::unary, "($self, /)", "What ~self gives.";
    __lshift__: as_number.nb_lshift, n::lshift, w::binary_left, "($self, value, /)", "What self << value gives.";
    __rlshift__: as_number.nb_lshift, n::lshift, w::binary_right, "($self, value, /)", "What value << self gives.";
    __rshift__: as_number.nb_rshift, n::rshift, w::binary_left, "($self, value, /)", "What self >> value gives.";
    __rrshift__: as_number.nb_rshift, n::rshift, w::binary_right, "($self, value, /)", "What value >> self gives.";
    __and__: as_number.nb_and, n::and, w::binary_left, "($self, value, /)", "What self & value gives.";
    __rand__: as_number.nb_and, n::and, w::binary_right, "($self, value, /)", "What value & self gives.";
    __xor__: as_number.nb_xor, n::xor, w::binary_left, "($self, value, /)", "What self ^ value gives.";
    __rxor__: as_number.nb_xor, n::xor, w::binary_right, "($self, value, /)", "What value ^ self gives.";
    __or__: as_number.nb_or, n::or, w::binary_left, "($self, value, /)", "What self | value gives.";
    __ror__: as_number.nb_or, n::or, w::binary_right, "($self, value, /)", "What value | self gives.";
    __int__: as_number.nb_int, n::int, w::unary, "($self, /)", "What int(self) gives.";
    __float__: as_number.nb_float, n::float, w::unary, "($self, /)", "What float(self) gives.";
    __iadd__: as_number.nb_inplace_add, n::inplace_add, w::binary, "($self, value, /)", "Does self += value.";
    __isub__: as_number.nb_inplace_subtract, n::inplace_subtract, w::binary, "($self, value, /)", "Does self -= value.";
    __imul__: as_number.nb_inplace_multiply, n::inplace_multiply, w::binary, "($self, value, /)", "Does self *= value.";
    __imod__: as_number.nb_inplace_remainder, n::inplace_remainder, w::binary, "($self, value, /)", "Does self %= value.";
    __ipow__: as_number.nb_inplace_power, n::inplace_power, w::ternary, "($self, value, /)", "Does self **= value.";
    __ilshift__: as_number.nb_inplace_lshift, n::inplace_lshift, w::binary, "($self, value, /)", "Does self <<= value.";
    __irshift__: as_number.nb_inplace_rshift, n::inplace_rshift, w::binary, "($self, value, /)", "Does self >>= value.";
    __iand__: as_number.nb_inplace_and, n::inplace_and, w::binary, "($self, value, /)", "Does self &= value.";
    __ixor__: as_number.nb_inplace_xor, n::inplace_xor, w::binary, "($self, value, /)", "Does self ^= value.";
    __ior__: as_number.nb_inplace_or, n::inplace_or, w::binary, "($self, value, /)", "Does self |= value.";
    __floordiv__: as_number.nb_floor_divide, n::floor_divide, w::binary_left, "($self, value, /)", "What self // value gives.";
    __rfloordiv__: as_number.nb_floor_divide, n::floor_divide, w::binary_right, "($self, value, /)", "What value // self gives.";
    __truediv__: as_number.nb_true_divide, n::true_divide, w::binary_left, "($self, value, /)", "What self / value gives.";
    __rtruediv__: as_number.nb_true_divide, n::true_divide, w::binary_right, "($self, value, /)", "What value / self gives.";
    __ifloordiv__: as_number.nb_inplace_floor_divide, n::inplace_floor_divide, w::binary, "($self, value, /)", "Does self //= value.";
    __itruediv__: as_number.nb_inplace_true_divide, n::inplace_true_divide, w::binary, "($self, value, /)", "Does self /= value.";
    __index__: as_number.nb_index, n::index, w::unary, "($self, /)", "Self as an int, for use as an index.";
    __matmul__: as_number.nb_matrix_multiply, n::matrix_multiply, w::binary_left, "($self, value, /)", "What self @ value gives.";
    __rmatmul__: as_number.nb_matrix_multiply, n::matrix_multiply, w::binary_right, "($self, value, /)", "What value @ self gives.";
    __imatmul__: as_number.nb_inplace_matrix_multiply, n::inplace_matrix_multiply, w::binary, "($self, value, /)", "Does self @= value.";
    __len__: as_mapping.mp_length, f::length, w::len, "($self, /)", "What len(self) gives.";
    __getitem__: as_mapping.mp_subscript, f::subscript, w::binary, "($self, key, /)", "What self[key] gives.";
    __setitem__: as_mapping.mp_ass_subscript, f::ass_subscript, w::setitem, "($self, key, value, /)", "Does self[key] = value.";
    __delitem__: as_mapping.mp_ass_subscript, f::ass_subscript, w::delitem, "($self, key, /)", "Does del self[key].";
    __len__: as_sequence.sq_length, f::length, w::len, "($self, /)", "What len(self) gives.";
    __add__: as_sequence.sq_concat, NONE, w::binary, "($self, value, /)", "What self + value gives.";
    __mul__: as_sequence.sq_repeat, NONE, w::repeat, "($self, value, /)", "What self * value gives.";
    __rmul__: as_sequence.sq_repeat, NONE, w::repeat, "($self, value, /)", "What value * self gives.";
    __getitem__: as_sequence.sq_item, f::item, w::item, "($self, key, /)", "What self[key] gives.";
    __setitem__: as_sequence.sq_ass_item, f::ass_item, w::ass_item, "($self, key, value, /)", "Does self[key] = value.";
    __delitem__: as_sequence.sq_ass_item, f::ass_item, w::delete_item, "($self, key, /)", "Does del self[key].";
    __contains__: as_sequence.sq_contains, f::contains, w::contains, "($self, key, /)", "Whether key is in self.";
    __iadd__: as_sequence.sq_inplace_concat, NONE, w::binary, "($self, value, /)", "Does self += value.";
    __imul__: as_sequence.sq_inplace_repeat, NONE, w::repeat, "($self, value, /)", "Does self *= value.";
}

/// Where a type keeps the slot at `offset` of `PyHeapTypeObject`; nothing if the type lacks the suite.
pub fn slot_cell(ty: &crate::object::Type, offset: usize) -> Option<&core::cell::Cell<*const ()>> {
    const ASYNC: usize = offset_of!(PyHeapTypeObject, as_async);
    const NUMBER: usize = offset_of!(PyHeapTypeObject, as_number);
    const MAPPING: usize = offset_of!(PyHeapTypeObject, as_mapping);
    const SEQUENCE: usize = offset_of!(PyHeapTypeObject, as_sequence);
    const BUFFER: usize = offset_of!(PyHeapTypeObject, as_buffer);
    let (suite, inner): (*mut u8, usize) = match offset {
        BUFFER.. => (ty.tp_as_buffer.get().cast(), offset - BUFFER),
        SEQUENCE.. => (ty.tp_as_sequence.get().cast(), offset - SEQUENCE),
        MAPPING.. => (ty.tp_as_mapping.get().cast(), offset - MAPPING),
        NUMBER.. => (ty.tp_as_number.get().cast(), offset - NUMBER),
        ASYNC.. => (ty.tp_as_async.get().cast(), offset - ASYNC),
        _ => (core::ptr::from_ref(ty).cast_mut().cast(), offset),
    };
    // SAFETY: NULL or a suite that lives as long as the type; its slots are cells of one pointer each.
    (!suite.is_null()).then(|| unsafe { &*suite.add(inner).cast() })
}

/// What fills the slot: NULL if nothing does.
#[inline]
pub fn slot_value(ty: &crate::object::Type, offset: usize) -> *const () {
    slot_cell(ty, offset).map_or(core::ptr::null(), core::cell::Cell::get)
}
