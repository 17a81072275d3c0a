//! methodobject.h: C functions as objects.

use core::ffi::c_int;

use super::expected;
use crate::ffi::*;
use crate::object::{Object, Result};
use crate::runtime::{Lent, ThreadState, boundary, boundary_or};
use crate::types::function::{self, Function};
use crate::types::{Dict, Tuple};

/// A function for the definition, which must outlive it, with `receiver` as its first argument.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCFunction_New(def: *mut PyMethodDef, receiver: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live] [nullable]
    unsafe { PyCMethod_New(def, receiver, core::ptr::null_mut(), core::ptr::null_mut()) }
}

/// The same, with the name of its module.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCFunction_NewEx(
    def: *mut PyMethodDef,
    receiver: *mut PyObject,
    module: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: [live] [nullable]
    unsafe { PyCMethod_New(def, receiver, module, core::ptr::null_mut()) }
}

/// The same, with the class that defines it, for `METH_METHOD`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCMethod_New(
    def: *mut PyMethodDef,
    receiver: *mut PyObject,
    module: *mut PyObject,
    class: *mut PyTypeObject,
) -> *mut PyObject {
    // SAFETY: [live] the definition; [nullable] the rest.
    boundary(|ts| unsafe {
        let (receiver, module) = (Object::from_nullable(receiver), Object::from_nullable(module));
        function::new_function(ts, def, receiver, module, class.as_ref())
    })
}

/// # Safety
/// `[nullable]`
unsafe fn as_function<'a>(ts: &ThreadState, function: *mut PyObject) -> Result<&'a Function> {
    // SAFETY: [nullable]
    unsafe { expected(ts, function) }
}

/// The C function. `SystemError` if the object is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCFunction_GetFunction(function: *mut PyObject) -> Option<PyCFunction> {
    // SAFETY: [nullable]
    let def = boundary(|ts| Ok(core::ptr::from_ref(unsafe { as_function(ts, function)? }.def())));
    // SAFETY: NULL or a definition, which outlives its function.
    unsafe { def.as_ref() }.and_then(|def| def.ml_meth)
}

/// What the C function gets as its first argument: borrowed, NULL for a static method.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCFunction_GetSelf(function: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| Ok(Lent(unsafe { as_function(ts, function)? }.receiver_ptr())))
}

/// The definition's flags.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCFunction_GetFlags(function: *mut PyObject) -> c_int {
    // SAFETY: [nullable]
    boundary_or(-1, |ts| Ok(unsafe { as_function(ts, function)? }.def().ml_flags))
}

/// `function(*args, **kwargs)`. Superseded by `PyObject_Call`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCFunction_Call(
    function: *mut PyObject,
    args: *mut PyObject,
    kwargs: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: [live] the function and a tuple; [nullable] a dict.
    boundary(|ts| unsafe {
        let args = expected::<Tuple>(ts, args)?;
        crate::protocol::call::call_tuple_dict(ts, Object::from_raw(function), args, kwargs.cast::<Dict>().as_ref())
    })
}
