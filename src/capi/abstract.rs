//! abstract.h: calls, lengths and items of any object.

use core::ffi::{c_char, c_int};

use super::{required, text};
use crate::ffi::{PY_VECTORCALL_ARGUMENTS_OFFSET, Py_ssize_t, PyObject};
use crate::object::Object;
use crate::protocol::{call, sequence};
use crate::runtime::boundary;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::{Dict, Str, Tuple};

/// `callable(*args, **kwargs)`; no keywords if `kwargs` is NULL. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Call(
    callable: *mut PyObject,
    args: *mut PyObject,
    kwargs: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: [live] both, a tuple; [nullable] a dict
    let (callable, args, kwargs) =
        unsafe { (Object::from_raw(callable), &*args.cast::<Tuple>(), kwargs.cast::<Dict>().as_ref()) };
    boundary(|ts| call::call_tuple_dict(ts, callable, args, kwargs))
}

/// `callable(*args)`; no arguments if `args` is NULL. New reference. `TypeError` if it is no tuple.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_CallObject(callable: *mut PyObject, args: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [live] [nullable]
        let (callable, args) = unsafe { (required(ts, callable)?, Object::from_nullable(args)) };
        match args.map(|a| a.downcast::<Tuple>()) {
            None => call::call(ts, callable, &[]),
            Some(Some(args)) => call::call(ts, callable, args.as_slice()),
            Some(None) => Err(ts.raise_str(&TYPE_ERROR, "argument list must be a tuple")),
        }
    })
}

/// `callable()`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_CallNoArgs(callable: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| call::call(ts, unsafe { Object::from_raw(callable) }, &[]))
}

/// `callable(*args[..n], **dict(zip(kwnames, args[n..])))`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Vectorcall(
    callable: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: [live], a tuple or NULL, [span]
    boundary(|ts| unsafe {
        call::vectorcall(ts, Object::from_raw(callable), args, nargsf, kwnames.cast::<Tuple>().as_ref())
    })
}

/// `args[0].name(*args[1..], …)`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_VectorcallMethod(
    name: *mut PyObject,
    args: *const *mut PyObject,
    nargsf: usize,
    kwnames: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: [live] a str; [span] of at least the object itself
    boundary(|ts| unsafe {
        let (name, object) = (Object::from_raw(name).cast::<Str>(), Object::from_raw(*args));
        let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
        call::vectorcall_method(ts, object, name, args, n, kwnames.cast::<Tuple>().as_ref())
    })
}

/// `callable(*tuple, **dict)` of a callable with a vectorcall function. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyVectorcall_Call(
    callable: *mut PyObject,
    tuple: *mut PyObject,
    dict: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: [live] both, a tuple; [nullable] a dict
    let (callable, args, kwargs) =
        unsafe { (Object::from_raw(callable), &*tuple.cast::<Tuple>(), dict.cast::<Dict>().as_ref()) };
    boundary(|ts| {
        if call::vectorcall_of(callable).is_none() {
            let name = callable.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("'{name}' object does not support vectorcall")));
        }
        call::call_tuple_dict(ts, callable, args, kwargs)
    })
}

/// The number of positional arguments in `nargsf`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyVectorcall_NARGS(nargsf: usize) -> Py_ssize_t {
    (nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET) as Py_ssize_t
}

/// `len(object)`; -1 on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Size(object: *mut PyObject) -> Py_ssize_t {
    // SAFETY: [nullable]
    boundary(|ts| sequence::len(ts, unsafe { required(ts, object)? }))
}

/// As `PyObject_Size`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_Length(object: *mut PyObject) -> Py_ssize_t {
    // SAFETY: the same contract
    unsafe { PyObject_Size(object) }
}

/// `object[key]`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_GetItem(object: *mut PyObject, key: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable] both
    boundary(|ts| unsafe { sequence::getitem(ts, required(ts, object)?, required(ts, key)?) })
}

/// `object[key] = value`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_SetItem(object: *mut PyObject, key: *mut PyObject, value: *mut PyObject) -> c_int {
    // SAFETY: [nullable] all
    boundary(|ts| unsafe {
        sequence::setitem(ts, required(ts, object)?, required(ts, key)?, Some(required(ts, value)?))
    })
}

/// `del object[key]`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_DelItem(object: *mut PyObject, key: *mut PyObject) -> c_int {
    // SAFETY: [nullable] both
    boundary(|ts| unsafe { sequence::setitem(ts, required(ts, object)?, required(ts, key)?, None) })
}

/// `del object[key]`, the key as UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_DelItemString(object: *mut PyObject, key: *const c_char) -> c_int {
    // SAFETY: [nullable] [cstr]
    boundary(|ts| unsafe { sequence::setitem(ts, required(ts, object)?, &*text(ts, key)?, None) })
}
// skipped PyObject_CallFunction, PyObject_CallMethod, PyObject_Call*ObjArgs: variadic, in variadic.c
// skipped PyObject_IsInstance, PyObject_IsSubclass: in abstract_instance.rs
// skipped PyObject_GetBuffer, PyBuffer_*: in pybuffer.rs
