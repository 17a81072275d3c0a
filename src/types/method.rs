//! Method definitions made from plain Rust functions: one constructor for each of C's calling conventions.
//!
//! The function gets the instance as its layout (the descriptor has checked it), and answers with anything
//! that [`IntoObject`] turns into an object: `()` is `None`, `bool` one of the two singletons, `isize` an
//! int.

use core::ffi::{CStr, c_int};
use core::mem::transmute;

use super::slot::{Obj, item};
use crate::ffi::*;
use crate::object::{Layout, Object, Owned, Result, Type};
use crate::protocol::args::Args;
use crate::runtime::{ThreadState, boundary};

/// What a method may answer with.
pub trait IntoObject {
    fn into_object(self, ts: &ThreadState) -> Result;
}

impl<T: Layout> IntoObject for Owned<T> {
    #[inline(always)]
    fn into_object(self, _ts: &ThreadState) -> Result {
        Ok(self.upcast())
    }
}

impl IntoObject for () {
    #[inline(always)]
    fn into_object(self, _ts: &ThreadState) -> Result {
        Ok(super::singletons::none())
    }
}

impl IntoObject for bool {
    #[inline(always)]
    fn into_object(self, _ts: &ThreadState) -> Result {
        Ok(super::bool::from_bool(self))
    }
}

impl IntoObject for isize {
    #[inline(always)]
    fn into_object(self, ts: &ThreadState) -> Result {
        Ok(super::Int::from_i64(ts, self as i64)?.upcast())
    }
}

const fn def(name: &'static CStr, meth: PyCFunction, flags: c_int, doc: &'static CStr) -> PyMethodDef {
    PyMethodDef { ml_name: name.as_ptr(), ml_meth: Some(meth), ml_flags: flags, ml_doc: doc.as_ptr() }
}

/// No arguments.
pub const fn noargs<T: Layout, R: IntoObject, F>(name: &'static CStr, _f: F, doc: &'static CStr) -> PyMethodDef
where
    F: Fn(&ThreadState, &T) -> Result<R> + Copy,
{
    unsafe extern "C" fn call<T: Layout, R: IntoObject, F>(a: Obj, _none: Obj) -> Obj
    where
        F: Fn(&ThreadState, &T) -> Result<R> + Copy,
    {
        // SAFETY: the descriptor checked the instance.
        boundary(|ts| item::<F>()(ts, unsafe { &*a.cast::<T>() })?.into_object(ts))
    }
    def(name, call::<T, R, F>, METH_NOARGS, doc)
}

/// One positional argument.
pub const fn one<T: Layout, R: IntoObject, F>(name: &'static CStr, _f: F, doc: &'static CStr) -> PyMethodDef
where
    F: Fn(&ThreadState, &T, &Object) -> Result<R> + Copy,
{
    unsafe extern "C" fn call<T: Layout, R: IntoObject, F>(a: Obj, b: Obj) -> Obj
    where
        F: Fn(&ThreadState, &T, &Object) -> Result<R> + Copy,
    {
        // SAFETY: the descriptor checked the instance; the argument is live.
        boundary(|ts| item::<F>()(ts, unsafe { &*a.cast::<T>() }, unsafe { &*b })?.into_object(ts))
    }
    def(name, call::<T, R, F>, METH_O, doc)
}

/// Positional arguments; keywords are refused by the caller.
pub const fn positional<T: Layout, R: IntoObject, F>(name: &'static CStr, _f: F, doc: &'static CStr) -> PyMethodDef
where
    F: Fn(&ThreadState, &T, Args<'_>) -> Result<R> + Copy,
{
    unsafe extern "C" fn call<T: Layout, R: IntoObject, F>(a: Obj, args: *const Obj, n: isize) -> Obj
    where
        F: Fn(&ThreadState, &T, Args<'_>) -> Result<R> + Copy,
    {
        boundary(|ts| {
            // SAFETY: the fastcall protocol.
            let args = unsafe { Args::from_vectorcall(args, n as usize, core::ptr::null_mut()) };
            // SAFETY: the descriptor checked the instance.
            item::<F>()(ts, unsafe { &*a.cast::<T>() }, args)?.into_object(ts)
        })
    }
    let call: PyCFunctionFast = call::<T, R, F>;
    // SAFETY: the flags say which type it really is.
    def(name, unsafe { transmute::<PyCFunctionFast, PyCFunction>(call) }, METH_FASTCALL, doc)
}

/// Positional and keyword arguments.
pub const fn keywords<T: Layout, R: IntoObject, F>(name: &'static CStr, _f: F, doc: &'static CStr) -> PyMethodDef
where
    F: Fn(&ThreadState, &T, Args<'_>) -> Result<R> + Copy,
{
    unsafe extern "C" fn call<T: Layout, R: IntoObject, F>(a: Obj, args: *const Obj, n: isize, names: Obj) -> Obj
    where
        F: Fn(&ThreadState, &T, Args<'_>) -> Result<R> + Copy,
    {
        boundary(|ts| {
            // SAFETY: the fastcall protocol.
            let args = unsafe { Args::from_vectorcall(args, n as usize, names) };
            // SAFETY: the descriptor checked the instance.
            item::<F>()(ts, unsafe { &*a.cast::<T>() }, args)?.into_object(ts)
        })
    }
    let call: PyCFunctionFastWithKeywords = call::<T, R, F>;
    // SAFETY: the flags say which type it really is.
    let call = unsafe { transmute::<PyCFunctionFastWithKeywords, PyCFunction>(call) };
    def(name, call, METH_FASTCALL | METH_KEYWORDS, doc)
}

/// Makes a definition a class method: the function's `T` is then [`Type`].
pub const fn class(def: PyMethodDef) -> PyMethodDef {
    PyMethodDef { ml_flags: def.ml_flags | METH_CLASS, ..def }
}

/// Makes a definition a static method; the function's `T` is [`Object`] and must not be looked at. Use the
/// `*_static` constructors below rather than this where a null self matters.
pub const fn coexist(def: PyMethodDef) -> PyMethodDef {
    PyMethodDef { ml_flags: def.ml_flags | METH_COEXIST, ..def }
}

/// A function without an instance: a static method, or a function of a module that does not use it.
pub const fn static_keywords<R: IntoObject, F>(name: &'static CStr, _f: F, doc: &'static CStr) -> PyMethodDef
where
    F: Fn(&ThreadState, Args<'_>) -> Result<R> + Copy,
{
    unsafe extern "C" fn call<R: IntoObject, F>(_a: Obj, args: *const Obj, n: isize, names: Obj) -> Obj
    where
        F: Fn(&ThreadState, Args<'_>) -> Result<R> + Copy,
    {
        // SAFETY: the fastcall protocol.
        boundary(|ts| item::<F>()(ts, unsafe { Args::from_vectorcall(args, n as usize, names) })?.into_object(ts))
    }
    let call: PyCFunctionFastWithKeywords = call::<R, F>;
    // SAFETY: the flags say which type it really is.
    let call = unsafe { transmute::<PyCFunctionFastWithKeywords, PyCFunction>(call) };
    def(name, call, METH_FASTCALL | METH_KEYWORDS, doc)
}

/// The same without keywords.
pub const fn static_positional<R: IntoObject, F>(name: &'static CStr, _f: F, doc: &'static CStr) -> PyMethodDef
where
    F: Fn(&ThreadState, Args<'_>) -> Result<R> + Copy,
{
    unsafe extern "C" fn call<R: IntoObject, F>(_a: Obj, args: *const Obj, n: isize) -> Obj
    where
        F: Fn(&ThreadState, Args<'_>) -> Result<R> + Copy,
    {
        boundary(|ts| {
            // SAFETY: the fastcall protocol.
            item::<F>()(ts, unsafe { Args::from_vectorcall(args, n as usize, core::ptr::null_mut()) })?.into_object(ts)
        })
    }
    let call: PyCFunctionFast = call::<R, F>;
    // SAFETY: the flags say which type it really is.
    def(name, unsafe { transmute::<PyCFunctionFast, PyCFunction>(call) }, METH_FASTCALL, doc)
}

/// Marks a function without an instance as a type's static method.
pub const fn r#static(def: PyMethodDef) -> PyMethodDef {
    PyMethodDef { ml_flags: def.ml_flags | METH_STATIC, ..def }
}

/// A class method that takes the type: `T` is [`Type`].
pub const fn class_noargs<R: IntoObject, F>(name: &'static CStr, f: F, doc: &'static CStr) -> PyMethodDef
where
    F: Fn(&ThreadState, &Type) -> Result<R> + Copy,
{
    class(noargs::<Type, R, F>(name, f, doc))
}
