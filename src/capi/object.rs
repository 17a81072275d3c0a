//! object.h: identity, text, hashing, truth, comparison, attributes.

use core::ffi::{c_char, c_int, c_uint, c_void};

use super::{name, required};
use crate::ffi::{Py_hash_t, Py_ssize_t, PyObject, PyTypeObject, PyVarObject};
use crate::object::{Object, Owned, Result};
use crate::protocol::compare::CompareOp;
use crate::protocol::{call, object};
use crate::runtime::{ThreadState, boundary, unraisable};
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR};
use crate::types::{Str, bool as boolean, constants, singletons};

/// `Py_CONSTANT_*` by number: `None`, `False`, `True`, `...`, `NotImplemented`, 0, 1, `""`, `b""`, `()`.
///
/// New reference. `SystemError` for any other number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_GetConstant(constant_id: c_uint) -> *mut PyObject {
    boundary(|ts| constant(ts, constant_id).map(Owned::new))
}

/// As `Py_GetConstant`; all of them are immortal, so the reference is borrowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_GetConstantBorrowed(constant_id: c_uint) -> *mut PyObject {
    boundary(|ts| constant(ts, constant_id))
}

fn constant(ts: &ThreadState, id: c_uint) -> Result<&'static Object> {
    constants::by_number(id).ok_or_else(|| ts.raise_str(&SYSTEM_ERROR, "bad argument to internal function"))
}

/// `x is y`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_Is(x: *mut PyObject, y: *mut PyObject) -> c_int {
    c_int::from(core::ptr::eq(x, y))
}

/// `x is None`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_IsNone(x: *mut PyObject) -> c_int {
    // SAFETY: [nullable].
    c_int::from(unsafe { Object::from_nullable(x) }.is_some_and(singletons::is_none))
}

/// `x is True`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_IsTrue(x: *mut PyObject) -> c_int {
    // SAFETY: [nullable].
    c_int::from(unsafe { Object::from_nullable(x) }.is_some_and(boolean::is_true))
}

/// `x is False`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_IsFalse(x: *mut PyObject) -> c_int {
    // SAFETY: [nullable].
    c_int::from(unsafe { Object::from_nullable(x) }.is_some_and(boolean::is_false))
}

/// The object's type. Borrowed reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_TYPE(object: *mut PyObject) -> *mut PyTypeObject {
    // SAFETY: [live]
    unsafe { (*object).ob_type.get().cast_mut() }
}

/// `ob_size` of a variable-size object.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_SIZE(object: *mut PyObject) -> Py_ssize_t {
    // SAFETY: [live] and of variable size
    unsafe { (*object.cast::<crate::ffi::PyVarObject>()).ob_size.get() }
}

/// Whether the type is exactly `ty`, for the macro of that name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_IS_TYPE(object: *mut PyObject, ty: *mut PyTypeObject) -> c_int {
    // SAFETY: [live]
    c_int::from(core::ptr::eq(unsafe { (*object).ob_type.get() }, ty))
}

/// `type(object)`. New reference; `SystemError` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Type(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| Ok(Owned::new(unsafe { required(ts, object)? }.ty())))
}

/// `repr(object)`; NULL gives `<NULL>`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Repr(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| match unsafe { Object::from_nullable(object) } {
        Some(object) => object::repr(ts, object),
        None => Str::new(ts, "<NULL>"),
    })
}

/// `str(object)`; NULL gives `<NULL>`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Str(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| match unsafe { Object::from_nullable(object) } {
        Some(object) => object::str(ts, object),
        None => Str::new(ts, "<NULL>"),
    })
}

/// `ascii(object)`; NULL gives `<NULL>`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_ASCII(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| match unsafe { Object::from_nullable(object) } {
        Some(object) => object::ascii(ts, object),
        None => Str::new(ts, "<NULL>"),
    })
}

/// `bytes(object)`, without ints and strs; NULL gives `<NULL>`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Bytes(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| match unsafe { Object::from_nullable(object) } {
        Some(object) => crate::types::Bytes::of(ts, object),
        None => crate::types::Bytes::new(ts, b"<NULL>"),
    })
}

/// `format(object, spec)`; NULL stands for an empty spec. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Format(object: *mut PyObject, spec: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live] [nullable]
    boundary(|ts| unsafe { object::format(ts, Object::from_raw(object), Object::from_nullable(spec)) })
}

/// `hash(object)`; -1 on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Hash(object: *mut PyObject) -> Py_hash_t {
    // SAFETY: [live]
    boundary(|ts| object::hash(ts, unsafe { Object::from_raw(object) }))
}

/// The `tp_hash` of what cannot be hashed: always `TypeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_HashNotImplemented(object: *mut PyObject) -> Py_hash_t {
    // SAFETY: [live]
    unsafe { crate::types::slot::not_hashable(object) }
}

/// `bool(object)`: 1, 0, or -1 on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_IsTrue(object: *mut PyObject) -> c_int {
    // SAFETY: [live]
    boundary(|ts| object::is_true(ts, unsafe { Object::from_raw(object) }))
}

/// `not object`: 1, 0, or -1 on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Not(object: *mut PyObject) -> c_int {
    // SAFETY: [live]
    boundary(|ts| Ok(!object::is_true(ts, unsafe { Object::from_raw(object) })?))
}

/// `x op y`. New reference; `SystemError` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_RichCompare(x: *mut PyObject, y: *mut PyObject, op: c_int) -> *mut PyObject {
    boundary(|ts| {
        if x.is_null() || y.is_null() {
            return Err(super::bad_argument(ts));
        }
        // SAFETY: [live] both
        unsafe { object::compare(ts, Object::from_raw(x), Object::from_raw(y), CompareOp::from_c(ts, op)?) }
    })
}

/// The truth of `x op y`, identity counting as equality: 1, 0, or -1 on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_RichCompareBool(x: *mut PyObject, y: *mut PyObject, op: c_int) -> c_int {
    boundary(|ts| {
        if x.is_null() || y.is_null() {
            return Err(super::bad_argument(ts));
        }
        // SAFETY: [live] both
        unsafe { object::compare_bool(ts, Object::from_raw(x), Object::from_raw(y), CompareOp::from_c(ts, op)?) }
    })
}

/// A name that C handed over as an object: `TypeError` for anything but a str.
fn attribute_name<'a>(ts: &ThreadState, name: &'a Object) -> Result<&'a Str> {
    name.downcast::<Str>().ok_or_else(|| {
        let ty = name.ty().full_name();
        ts.raise(&TYPE_ERROR, format_args!("attribute name must be string, not '{ty}'"))
    })
}

/// `object.name`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GetAttr(object: *mut PyObject, name: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live] both
    let (object, name) = unsafe { (Object::from_raw(object), Object::from_raw(name)) };
    boundary(|ts| object::getattr(ts, object, attribute_name(ts, name)?))
}

/// `object.name`, the name as UTF-8. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GetAttrString(object: *mut PyObject, attr: *const c_char) -> *mut PyObject {
    // SAFETY: [live] [cstr]
    boundary(|ts| unsafe { object::getattr(ts, Object::from_raw(object), &*name(ts, attr)?) })
}

/// `object.name` into `result`: 1; without such an attribute NULL and 0, and no exception.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GetOptionalAttr(
    object: *mut PyObject,
    name: *mut PyObject,
    result: *mut *mut PyObject,
) -> c_int {
    // SAFETY: [out], then [live] both
    unsafe {
        result.write(core::ptr::null_mut());
        let (object, name) = (Object::from_raw(object), Object::from_raw(name));
        boundary(|ts| optional(object::find_attr(ts, object, attribute_name(ts, name)?)?, result))
    }
}

/// As `PyObject_GetOptionalAttr`, the name as UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GetOptionalAttrString(
    object: *mut PyObject,
    attr: *const c_char,
    result: *mut *mut PyObject,
) -> c_int {
    // SAFETY: [out], then [live] [cstr]
    unsafe {
        result.write(core::ptr::null_mut());
        boundary(|ts| optional(object::find_attr(ts, Object::from_raw(object), &*name(ts, attr)?)?, result))
    }
}

/// # Safety
/// `[out]`
unsafe fn optional(found: Option<Owned<Object>>, result: *mut *mut PyObject) -> Result<bool> {
    let is_found = found.is_some();
    // SAFETY: the caller's promise.
    unsafe { result.write(found.map_or(core::ptr::null_mut(), Owned::into_raw)) };
    Ok(is_found)
}

/// Whether there is such an attribute; -1 for any exception but `AttributeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_HasAttrWithError(object: *mut PyObject, name: *mut PyObject) -> c_int {
    // SAFETY: [live] both
    let (object, name) = unsafe { (Object::from_raw(object), Object::from_raw(name)) };
    boundary(|ts| Ok(object::find_attr(ts, object, attribute_name(ts, name)?)?.is_some()))
}

/// As `PyObject_HasAttrWithError`, the name as UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_HasAttrStringWithError(object: *mut PyObject, attr: *const c_char) -> c_int {
    // SAFETY: [live] [cstr]
    boundary(|ts| unsafe { Ok(object::find_attr(ts, Object::from_raw(object), &*name(ts, attr)?)?.is_some()) })
}

/// Whether there is such an attribute. Never fails: an exception is reported as unraisable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_HasAttr(object: *mut PyObject, name: *mut PyObject) -> c_int {
    // SAFETY: the same contract
    silenced(unsafe { PyObject_HasAttrWithError(object, name) })
}

/// As `PyObject_HasAttr`, the name as UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_HasAttrString(object: *mut PyObject, attr: *const c_char) -> c_int {
    // SAFETY: the same contract
    silenced(unsafe { PyObject_HasAttrStringWithError(object, attr) })
}

fn silenced(status: c_int) -> c_int {
    if status < 0 {
        unraisable::report(ThreadState::current(), None);
        return 0;
    }
    status
}

/// `object.name = value`; NULL deletes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_SetAttr(object: *mut PyObject, name: *mut PyObject, value: *mut PyObject) -> c_int {
    // SAFETY: [live] both, [nullable]
    let (object, name, value) =
        unsafe { (Object::from_raw(object), Object::from_raw(name), Object::from_nullable(value)) };
    boundary(|ts| {
        let name = attribute_name(ts, name)?;
        if name.is_interned() {
            return object::setattr(ts, object, name, value);
        }
        object::setattr(ts, object, &*Str::intern(ts, Owned::new(name))?, value)
    })
}

/// `object.name = value`, the name as UTF-8; NULL deletes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_SetAttrString(
    object: *mut PyObject,
    attr: *const c_char,
    value: *mut PyObject,
) -> c_int {
    // SAFETY: [live] [cstr] [nullable]
    boundary(|ts| unsafe {
        object::setattr(ts, Object::from_raw(object), &*name(ts, attr)?, Object::from_nullable(value))
    })
}

/// `del object.name`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_DelAttr(object: *mut PyObject, name: *mut PyObject) -> c_int {
    // SAFETY: the same contract
    unsafe { PyObject_SetAttr(object, name, core::ptr::null_mut()) }
}

/// `del object.name`, the name as UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_DelAttrString(object: *mut PyObject, attr: *const c_char) -> c_int {
    // SAFETY: the same contract
    unsafe { PyObject_SetAttrString(object, attr, core::ptr::null_mut()) }
}

/// `tp_getattro` of types that keep attributes the usual way. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GenericGetAttr(object: *mut PyObject, name: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live] both
    let (object, name) = unsafe { (Object::from_raw(object), Object::from_raw(name)) };
    boundary(|ts| crate::types::object::generic_getattr(ts, object, name))
}

/// `tp_setattro` of types that keep attributes the usual way; NULL deletes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GenericSetAttr(
    object: *mut PyObject,
    name: *mut PyObject,
    value: *mut PyObject,
) -> c_int {
    // SAFETY: [live] both, [nullable]
    let (object, name, value) =
        unsafe { (Object::from_raw(object), Object::from_raw(name), Object::from_nullable(value)) };
    boundary(|ts| crate::types::object::generic_setattr(ts, object, name, value))
}

/// Getter of `__dict__` for types with a dict offset. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GenericGetDict(object: *mut PyObject, _context: *mut c_void) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| crate::types::instance_dict::get(ts, unsafe { Object::from_raw(object) }))
}

/// Setter of `__dict__` for types with a dict offset.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GenericSetDict(
    object: *mut PyObject,
    value: *mut PyObject,
    _context: *mut c_void,
) -> c_int {
    // SAFETY: [live] [nullable]
    boundary(|ts| unsafe {
        crate::types::instance_dict::set(ts, Object::from_raw(object), Object::from_nullable(value))
    })
}

/// `tp_iter` of iterators: the object itself. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_SelfIter(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    Owned::new(unsafe { Object::from_raw(object) }).into_raw()
}

/// Whether it can be called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCallable_Check(object: *mut PyObject) -> c_int {
    // SAFETY: [nullable]
    c_int::from(unsafe { Object::from_nullable(object) }.is_some_and(call::is_callable))
}

/// The names in `object.__dir__()`, sorted; of NULL, `SystemError` without a frame. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Dir(object: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| match unsafe { Object::from_nullable(object) } {
        Some(object) => object::dir(ts, object),
        None => Err(ts.raise_str(&SYSTEM_ERROR, "frame does not exist")),
    })
}

/// Enters the repr of a container: 0, or 1 if it is under way already.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_ReprEnter(object: *mut PyObject) -> c_int {
    // SAFETY: [live]
    boundary(|ts| Ok(!ts.enter_repr(unsafe { Object::from_raw(object) })))
}

/// Leaves what `Py_ReprEnter` entered.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_ReprLeave(object: *mut PyObject) {
    // SAFETY: [live]
    ThreadState::current().leave_repr(unsafe { Object::from_raw(object) });
}
/// Sets the size that a variable-sized object gives. The caller knows that there is room.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn Py_SET_SIZE(object: *mut PyVarObject, size: Py_ssize_t) {
    // SAFETY: [live]
    unsafe { (*object).ob_size.set(size) };
}

// skipped Py_SET_TYPE: an inline function
