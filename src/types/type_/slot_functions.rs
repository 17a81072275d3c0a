//! Generic slot functions: each looks its special method up by name and calls it.
//!
//! They fill the slots of classes that define the method in Python. Numbers have a file of their own.

use core::ffi::c_int;

use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result, Type};
use crate::protocol::call::{call as call_object, call_tuple_dict};
use crate::protocol::compare::CompareOp;
use crate::protocol::{number, object as protocol, sequence};
use crate::runtime::{ThreadState, boundary};
use crate::types::exceptions::{ATTRIBUTE_ERROR, OVERFLOW_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::memoryview::export;
use crate::types::slot::{Obj, not_hashable};
use crate::types::{Dict, Int, Str, Tuple, identifiers as id, singletons};

/// # Safety
/// `p` is a live object for the time of the call.
unsafe fn object<'a>(p: Obj) -> &'a Object {
    // SAFETY: the caller's promise.
    unsafe { &*p }
}

/// `type(this).name(this, *rest)`; nothing if the type has no such method.
pub fn call_if_found(ts: &ThreadState, this: &Object, name: &Str, rest: &[&Object]) -> Result<Option<Owned<Object>>> {
    let Some(method) = this.ty().lookup(ts, name).map(Owned::new) else { return Ok(None) };
    call_found(ts, this, &method, rest).map(Some)
}

/// Calls what was found in the type under the name of a special method.
pub fn call_found(ts: &ThreadState, this: &Object, method: &Object, rest: &[&Object]) -> Result {
    if method.ty().has(Py_TPFLAGS_METHOD_DESCRIPTOR) {
        let mut all: smallvec::SmallVec<[&Object; 4]> = smallvec::smallvec![this];
        all.extend_from_slice(rest);
        return call_object(ts, method, &all);
    }
    let bound = protocol::bind(ts, method, this)?;
    call_object(ts, &bound, rest)
}

/// The same for a method that must be there.
pub fn call_special(ts: &ThreadState, this: &Object, name: &Str, rest: &[&Object]) -> Result {
    match call_if_found(ts, this, name, rest)? {
        Some(result) => Ok(result),
        None => Err(missing(ts, name)),
    }
}

#[cold]
fn missing(ts: &ThreadState, name: &Str) -> Raised {
    ts.raise_value(&ATTRIBUTE_ERROR, Owned::new(name).upcast())
}

/// The function that all types inherit from `object` for reading attributes.
fn wraps_generic_getattr(found: &Object) -> bool {
    let Some(wrapper) = super::as_wrapper(found) else { return false };
    let generic = crate::types::object::PyBaseObject_Type.tp_getattro.get();
    generic.is_some_and(|g| core::ptr::eq(wrapper.d_wrapped.get(), (g as *const ()).cast()))
}

/// `tp_getattro`: `__getattribute__`, and `__getattr__` after an `AttributeError`.
///
/// # Safety
/// C's protocol for the slot; the same holds for all functions below.
pub unsafe extern "C" fn getattr_hook(a: Obj, name: Obj) -> Obj {
    boundary(|ts| {
        // SAFETY: the slot's protocol.
        let (this, name) = unsafe { (object(a), object(name)) };
        match getattribute(ts, this, name) {
            Ok(value) => Ok(value),
            Err(raised) => {
                let Some(hook) = this.ty().lookup(ts, &id::__getattr__).map(Owned::new) else { return Err(raised) };
                ts.recover(raised, &ATTRIBUTE_ERROR)?;
                call_found(ts, this, &hook, &[name])
            }
        }
    })
}

fn getattribute(ts: &ThreadState, this: &Object, name: &Object) -> Result {
    let Some(found) = this.ty().lookup(ts, &id::__getattribute__).map(Owned::new) else {
        return Err(missing(ts, &id::__getattribute__));
    };
    if wraps_generic_getattr(&found) {
        return crate::types::object::generic_getattr(ts, this, name);
    }
    call_found(ts, this, &found, &[name])
}

/// `tp_setattro`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn setattro(a: Obj, name: Obj, value: Obj) -> c_int {
    boundary(|ts| {
        // SAFETY: the slot's protocol.
        let (this, name, value) = unsafe { (object(a), object(name), Object::from_nullable(value)) };
        match value {
            Some(value) => call_special(ts, this, &id::__setattr__, &[name, value]).map(drop),
            None => call_special(ts, this, &id::__delattr__, &[name]).map(drop),
        }
    })
}

/// `tp_repr`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn repr(a: Obj) -> Obj {
    // SAFETY: the slot's protocol.
    boundary(|ts| match call_if_found(ts, unsafe { object(a) }, &id::__repr__, &[])? {
        Some(text) => Ok(text),
        // SAFETY: as above.
        None => Ok(crate::types::object::repr_of(ts, unsafe { object(a) })?.upcast()),
    })
}

/// `tp_str`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn str(a: Obj) -> Obj {
    // SAFETY: the slot's protocol.
    boundary(|ts| call_special(ts, unsafe { object(a) }, &id::__str__, &[]))
}

/// `tp_hash`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn hash(a: Obj) -> isize {
    // SAFETY: the slot's protocol.
    let this = unsafe { object(a) };
    boundary::<isize>(|ts| {
        let method = this.ty().lookup(ts, &id::__hash__).map(Owned::new);
        let Some(method) = method.filter(|m| !singletons::is_none(&**m)) else {
            // SAFETY: as above.
            unsafe { not_hashable(a) };
            return Err(Raised::already());
        };
        let result = call_found(ts, this, &method, &[])?;
        let Some(int) = result.downcast::<Int>() else {
            return Err(ts.raise_str(&TYPE_ERROR, "__hash__ method should return an integer"));
        };
        match int.to_i64() {
            Some(-1) => Ok(-2),
            Some(hash) => Ok(hash as isize),
            None => protocol::hash(ts, int),
        }
    })
}

/// `tp_call`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn call(a: Obj, args: Obj, kwargs: Obj) -> Obj {
    boundary(|ts| {
        // SAFETY: the slot's protocol.
        let (this, args, kwargs) = unsafe { (object(a), &*args.cast::<Tuple>(), kwargs.cast::<Dict>().as_ref()) };
        let Some(method) = protocol::lookup_special(ts, this, &id::__call__)? else {
            return Err(missing(ts, &id::__call__));
        };
        ts.check_recursion(" while calling a Python object")?;
        call_tuple_dict(ts, &method, args, kwargs)
    })
}

/// `tp_richcompare`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn richcompare(a: Obj, b: Obj, op: c_int) -> Obj {
    boundary(|ts| {
        let name: &Str = match CompareOp::from_c(ts, op)? {
            CompareOp::Lt => &id::__lt__,
            CompareOp::Le => &id::__le__,
            CompareOp::Eq => &id::__eq__,
            CompareOp::Ne => &id::__ne__,
            CompareOp::Gt => &id::__gt__,
            CompareOp::Ge => &id::__ge__,
        };
        // SAFETY: the slot's protocol.
        let (this, other) = unsafe { (object(a), object(b)) };
        Ok(call_if_found(ts, this, name, &[other])?.unwrap_or_else(singletons::not_implemented))
    })
}

/// `tp_iter`: `__iter__`, else by `__getitem__`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn iter(a: Obj) -> Obj {
    boundary(|ts| {
        // SAFETY: the slot's protocol.
        let this = unsafe { object(a) };
        match this.ty().lookup(ts, &id::__iter__).map(Owned::new) {
            Some(method) if !singletons::is_none(&*method) => call_found(ts, this, &method, &[]),
            None if this.ty().lookup(ts, &id::__getitem__).is_some() => {
                crate::types::iterators::sequence_iterator(ts, this)
            }
            _ => Err(not(ts, this, "iterable")),
        }
    })
}

#[cold]
fn not(ts: &ThreadState, this: &Object, what: &str) -> Raised {
    let name = this.ty().full_name();
    ts.raise(&TYPE_ERROR, format_args!("'{name}' object is not {what}"))
}

/// `tp_iternext`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn iternext(a: Obj) -> Obj {
    // SAFETY: the slot's protocol.
    boundary(|ts| call_special(ts, unsafe { object(a) }, &id::__next__, &[]))
}

/// `tp_iternext` of a class with `__iter__` alone.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn next_not_implemented(a: Obj) -> Obj {
    // SAFETY: the slot's protocol.
    boundary::<Owned<Object>>(|ts| Err(not(ts, unsafe { object(a) }, "an iterator")))
}

/// `tp_descr_get`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn descr_get(a: Obj, instance: Obj, owner: Obj) -> Obj {
    boundary(|ts| {
        // SAFETY: the slot's protocol.
        let this = unsafe { object(a) };
        let Some(method) = this.ty().lookup(ts, &id::__get__).map(Owned::new) else { return Ok(Owned::new(this)) };
        let none = singletons::none_ref();
        // SAFETY: as above.
        let (instance, owner) = unsafe { (Object::from_nullable(instance), Object::from_nullable(owner)) };
        let args = [this, instance.unwrap_or(none), owner.unwrap_or(none)];
        call_object(ts, &method, &args)
    })
}

/// `tp_descr_set`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn descr_set(a: Obj, instance: Obj, value: Obj) -> c_int {
    boundary(|ts| {
        // SAFETY: the slot's protocol.
        let (this, instance, value) = unsafe { (object(a), object(instance), Object::from_nullable(value)) };
        match value {
            Some(value) => call_special(ts, this, &id::__set__, &[instance, value]).map(drop),
            None => call_special(ts, this, &id::__delete__, &[instance]).map(drop),
        }
    })
}

/// `tp_init`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn init(a: Obj, args: Obj, kwargs: Obj) -> c_int {
    boundary(|ts| {
        // SAFETY: the slot's protocol.
        let (this, args, kwargs) = unsafe { (object(a), &*args.cast::<Tuple>(), kwargs.cast::<Dict>().as_ref()) };
        let Some(method) = protocol::lookup_special(ts, this, &id::__init__)? else {
            return Err(missing(ts, &id::__init__));
        };
        let result = call_tuple_dict(ts, &method, args, kwargs)?;
        if singletons::is_none(&*result) {
            return Ok(());
        }
        let name = result.ty().full_name();
        Err(ts.raise(&TYPE_ERROR, format_args!("__init__() should return None, not '{name}'")))
    })
}

/// `tp_new`: `__new__` is a static method, so the class goes first.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn new(ty: *mut Type, args: Obj, kwargs: Obj) -> Obj {
    boundary(|ts| {
        // SAFETY: the slot's protocol.
        let (ty, args, kwargs) = unsafe { (&*ty, &*args.cast::<Tuple>(), kwargs.cast::<Dict>().as_ref()) };
        let function = protocol::getattr(ts, ty.as_object(), &id::__new__)?;
        let mut all = vec![ty.as_object()];
        all.extend_from_slice(args.as_slice());
        let all = Tuple::new(ts, &all)?;
        call_tuple_dict(ts, &function, &all, kwargs)
    })
}

/// `tp_finalize`: an exception of `__del__` goes nowhere but the unraisable hook.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn finalize(a: Obj) {
    let ts = ThreadState::current();
    // SAFETY: the slot's protocol.
    let this = unsafe { object(a) };
    ts.preserving_error(|| {
        let Some(method) = this.ty().lookup(ts, &id::__del__).map(Owned::new) else { return };
        if call_found(ts, this, &method, &[]).is_err() {
            crate::runtime::unraisable::report(ts, Some(&method));
        }
    });
}

macro_rules! unary_slots {
    ($($(#[$doc:meta])* $name:ident $method:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// # Safety
        /// See [`getattr_hook`].
        pub unsafe extern "C" fn $name(a: Obj) -> Obj {
            // SAFETY: the slot's protocol.
            boundary(|ts| call_special(ts, unsafe { object(a) }, &id::$method, &[]))
        }
    )*};
}

unary_slots! {
    /// `am_await`.
    am_await __await__;
    /// `am_aiter`.
    am_aiter __aiter__;
    /// `am_anext`.
    am_anext __anext__;
}

/// `mp_length`, `sq_length`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn length(a: Obj) -> isize {
    boundary::<isize>(|ts| {
        // SAFETY: the slot's protocol.
        let result = call_special(ts, unsafe { object(a) }, &id::__len__, &[])?;
        checked_length(ts, &result)
    })
}

/// What `__len__` gave, as a length.
pub fn checked_length(ts: &ThreadState, result: &Object) -> Result<isize> {
    let index = number::index(ts, result)?;
    if index.is_negative() {
        return Err(ts.raise_str(&VALUE_ERROR, "__len__() should return >= 0"));
    }
    number::as_ssize(ts, &index, Some(&OVERFLOW_ERROR))
}

/// `mp_subscript`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn subscript(a: Obj, key: Obj) -> Obj {
    // SAFETY: the slot's protocol.
    boundary(|ts| call_special(ts, unsafe { object(a) }, &id::__getitem__, &[unsafe { object(key) }]))
}

/// `mp_ass_subscript`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn ass_subscript(a: Obj, key: Obj, value: Obj) -> c_int {
    // SAFETY: the slot's protocol.
    boundary(|ts| unsafe { set_item(ts, object(a), object(key), Object::from_nullable(value)) })
}

fn set_item(ts: &ThreadState, this: &Object, key: &Object, value: Option<&Object>) -> Result<()> {
    match value {
        Some(value) => call_special(ts, this, &id::__setitem__, &[key, value]).map(drop),
        None => call_special(ts, this, &id::__delitem__, &[key]).map(drop),
    }
}

/// `sq_item`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn item(a: Obj, index: isize) -> Obj {
    boundary(|ts| {
        let index = Int::from_i64(ts, index as i64)?;
        // SAFETY: the slot's protocol.
        call_special(ts, unsafe { object(a) }, &id::__getitem__, &[&index])
    })
}

/// `sq_ass_item`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn ass_item(a: Obj, index: isize, value: Obj) -> c_int {
    boundary(|ts| {
        let index = Int::from_i64(ts, index as i64)?;
        // SAFETY: the slot's protocol.
        unsafe { set_item(ts, object(a), &index, Object::from_nullable(value)) }
    })
}

/// `bf_getbuffer`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn get_buffer(a: Obj, view: *mut Py_buffer, flags: c_int) -> c_int {
    // SAFETY: the slot's protocol.
    boundary(|ts| unsafe { export::get_by_method(ts, object(a), view, flags) })
}

/// `bf_releasebuffer`: that of the first base which is no class of Python's, then `__release_buffer__`.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn release_buffer(a: Obj, view: *mut Py_buffer) {
    // SAFETY: the slot's protocol: the buffer was filled in for this object.
    unsafe {
        let this = object(a);
        let functions =
            this.ty().mro_types().iter().filter_map(|ty| ty.tp_as_buffer.get().as_ref()?.bf_releasebuffer.get());
        let by_method = release_buffer as releasebufferproc;
        if let Some(base) = functions.into_iter().find(|f| !core::ptr::fn_addr_eq(*f, by_method)) {
            base(a, view);
        }
        export::release_by_method(ThreadState::current(), this, &*view);
    }
}

/// `sq_contains`: `__contains__`, else by iterating.
///
/// # Safety
/// See [`getattr_hook`].
pub unsafe extern "C" fn contains(a: Obj, value: Obj) -> c_int {
    boundary::<bool>(|ts| {
        // SAFETY: the slot's protocol.
        let (this, value) = unsafe { (object(a), object(value)) };
        match this.ty().lookup(ts, &id::__contains__).map(Owned::new) {
            Some(method) if singletons::is_none(&*method) => Err(not(ts, this, "a container")),
            Some(method) => {
                let answer = call_found(ts, this, &method, &[value])?;
                protocol::is_true(ts, &answer)
            }
            None => search(ts, this, value),
        }
    })
}

fn search(ts: &ThreadState, this: &Object, value: &Object) -> Result<bool> {
    let iterator = match sequence::iter(ts, this) {
        Ok(iterator) => iterator,
        Err(raised) => {
            ts.recover(raised, &TYPE_ERROR)?;
            return Err(not(ts, this, "a container or iterable"));
        }
    };
    while let Some(item) = sequence::next(ts, &iterator)? {
        if protocol::equal(ts, &item, value)? {
            return Ok(true);
        }
    }
    Ok(false)
}
