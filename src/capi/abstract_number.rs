//! abstract.h: the number protocol.

use core::ffi::c_int;

use super::required;
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::{Object, Type};
use crate::protocol::number;
use crate::runtime::boundary;

/// Whether `object` is a number: it has `__index__`, `__int__` or `__float__`, or is complex. NULL is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Check(object: *mut PyObject) -> c_int {
    // SAFETY: [nullable]
    c_int::from(unsafe { Object::from_nullable(object) }.is_some_and(number::is_number))
}

/// `left + right`.
///
/// New reference. `TypeError` if neither operand knows how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Add(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::binary(ts, number::ADD, left, right)
    })
}

/// `left - right`.
///
/// New reference. `TypeError` if neither operand knows how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Subtract(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::binary(ts, number::SUBTRACT, left, right)
    })
}

/// `left * right`.
///
/// New reference. `TypeError` if neither operand knows how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Multiply(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::binary(ts, number::MULTIPLY, left, right)
    })
}

/// `left @ right`.
///
/// New reference. `TypeError` if neither operand knows how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_MatrixMultiply(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::binary(ts, number::MATRIX_MULTIPLY, left, right)
    })
}

/// `left / right`.
///
/// New reference. `TypeError` if neither operand knows how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_TrueDivide(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::binary(ts, number::TRUE_DIVIDE, left, right)
    })
}

/// `left // right`.
///
/// New reference. `TypeError` if neither operand knows how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_FloorDivide(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::binary(ts, number::FLOOR_DIVIDE, left, right)
    })
}

/// `left % right`.
///
/// New reference. `TypeError` if neither operand knows how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Remainder(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::binary(ts, number::REMAINDER, left, right)
    })
}

/// `left << right`.
///
/// New reference. `TypeError` if neither operand knows how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Lshift(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::binary(ts, number::LSHIFT, left, right)
    })
}

/// `left >> right`.
///
/// New reference. `TypeError` if neither operand knows how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Rshift(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::binary(ts, number::RSHIFT, left, right)
    })
}

/// `left & right`.
///
/// New reference. `TypeError` if neither operand knows how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_And(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::binary(ts, number::AND, left, right)
    })
}

/// `left ^ right`.
///
/// New reference. `TypeError` if neither operand knows how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Xor(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::binary(ts, number::XOR, left, right)
    })
}

/// `left | right`.
///
/// New reference. `TypeError` if neither operand knows how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Or(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::binary(ts, number::OR, left, right)
    })
}

/// `divmod(left, right)`.
///
/// New reference. `TypeError` if neither operand knows how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Divmod(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::binary(ts, number::DIVMOD, left, right)
    })
}

/// `pow(base, exponent, modulus)`; `None` for no modulus.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Power(
    base: *mut PyObject,
    exponent: *mut PyObject,
    modulus: *mut PyObject,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] all
        let [a, b, c] = unsafe { [required(ts, base)?, required(ts, exponent)?, required(ts, modulus)?] };
        number::power(ts, a, b, c)
    })
}

/// `left += right`, in place where the left operand can.
///
/// New reference, possibly to `left` itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_InPlaceAdd(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::inplace(ts, number::ADD, left, right)
    })
}

/// `left -= right`, in place where the left operand can.
///
/// New reference, possibly to `left` itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_InPlaceSubtract(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::inplace(ts, number::SUBTRACT, left, right)
    })
}

/// `left *= right`, in place where the left operand can.
///
/// New reference, possibly to `left` itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_InPlaceMultiply(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::inplace(ts, number::MULTIPLY, left, right)
    })
}

/// `left @= right`, in place where the left operand can.
///
/// New reference, possibly to `left` itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_InPlaceMatrixMultiply(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::inplace(ts, number::MATRIX_MULTIPLY, left, right)
    })
}

/// `left /= right`, in place where the left operand can.
///
/// New reference, possibly to `left` itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_InPlaceTrueDivide(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::inplace(ts, number::TRUE_DIVIDE, left, right)
    })
}

/// `left //= right`, in place where the left operand can.
///
/// New reference, possibly to `left` itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_InPlaceFloorDivide(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::inplace(ts, number::FLOOR_DIVIDE, left, right)
    })
}

/// `left %= right`, in place where the left operand can.
///
/// New reference, possibly to `left` itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_InPlaceRemainder(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::inplace(ts, number::REMAINDER, left, right)
    })
}

/// `left <<= right`, in place where the left operand can.
///
/// New reference, possibly to `left` itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_InPlaceLshift(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::inplace(ts, number::LSHIFT, left, right)
    })
}

/// `left >>= right`, in place where the left operand can.
///
/// New reference, possibly to `left` itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_InPlaceRshift(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::inplace(ts, number::RSHIFT, left, right)
    })
}

/// `left &= right`, in place where the left operand can.
///
/// New reference, possibly to `left` itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_InPlaceAnd(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::inplace(ts, number::AND, left, right)
    })
}

/// `left ^= right`, in place where the left operand can.
///
/// New reference, possibly to `left` itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_InPlaceXor(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::inplace(ts, number::XOR, left, right)
    })
}

/// `left |= right`, in place where the left operand can.
///
/// New reference, possibly to `left` itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_InPlaceOr(left: *mut PyObject, right: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (left, right) = unsafe { (required(ts, left)?, required(ts, right)?) };
        number::inplace(ts, number::OR, left, right)
    })
}

/// `base **= exponent`, in place where the base can.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_InPlacePower(
    base: *mut PyObject,
    exponent: *mut PyObject,
    modulus: *mut PyObject,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable] all
        let [a, b, c] = unsafe { [required(ts, base)?, required(ts, exponent)?, required(ts, modulus)?] };
        number::inplace_power(ts, a, b, c)
    })
}

/// `-object`.
///
/// New reference. `TypeError` if the type does not know how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Negative(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| number::negative(ts, unsafe { required(ts, object)? }))
}

/// `+object`.
///
/// New reference. `TypeError` if the type does not know how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Positive(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| number::positive(ts, unsafe { required(ts, object)? }))
}

/// `~object`.
///
/// New reference. `TypeError` if the type does not know how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Invert(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| number::invert(ts, unsafe { required(ts, object)? }))
}

/// `abs(object)`.
///
/// New reference. `TypeError` if the type does not know how.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Absolute(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| number::absolute(ts, unsafe { required(ts, object)? }))
}

/// `operator.index(object)`: an exact int.
///
/// New reference. `TypeError` for what has no `__index__`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_Index(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| number::exact_index(ts, unsafe { required(ts, object)? }))
}

/// Whether `object` has `__index__`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyIndex_Check(object: *mut PyObject) -> c_int {
    // SAFETY: [live]
    c_int::from(number::is_index(unsafe { Object::from_raw(object) }))
}

/// An index as a C integer. One that does not fit raises `exception`, or is clipped if that is NULL.
///
/// -1 on failure, which is also a value: ask `PyErr_Occurred`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyNumber_AsSsize_t(object: *mut PyObject, exception: *mut PyObject) -> Py_ssize_t {
    boundary(|ts| {
        // SAFETY: [nullable] both; an exception class is a type
        let (object, exception) = unsafe { (required(ts, object)?, exception.cast::<Type>().as_ref()) };
        number::as_ssize(ts, object, exception)
    })
}
