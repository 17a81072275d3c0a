//! Calling objects.
//!
//! Vectorcall throughout: arguments stay in the caller's array. Only a callee that offers nothing but
//! `tp_call` gets a tuple and a dict made for it.

use crate::ffi::*;
use crate::object::collector::collect_if_due;
use crate::object::{Object, Result};
use crate::runtime::ThreadState;
use crate::runtime::ledger::{self, Gives};
use crate::types::exceptions::TYPE_ERROR;
use crate::types::{Dict, Str, Tuple};

/// The vectorcall function of an object, if its type offers one.
#[inline(always)]
pub fn vectorcall_of(callable: &Object) -> Option<vectorcallfunc> {
    let ty = callable.ty();
    if !ty.has(Py_TPFLAGS_HAVE_VECTORCALL) {
        return None;
    }
    // SAFETY: the flag promises a function pointer, or NULL, at that offset.
    let function = unsafe { *callable.as_ptr().byte_offset(ty.tp_vectorcall_offset).cast::<Option<vectorcallfunc>>() };
    function.map(|f| ledger::entry(f, Gives::Object, || format!("vectorcall of {}", ty.full_name())))
}

/// `callable(*args)`.
#[inline]
pub fn call(ts: &ThreadState, callable: &Object, args: &[&Object]) -> Result {
    call_with_names(ts, callable, args, args.len(), None)
}

/// `callable(*args[..positional], **dict(zip(names, args[positional..])))`.
#[inline]
pub fn call_with_names(
    ts: &ThreadState,
    callable: &Object,
    args: &[&Object],
    positional: usize,
    names: Option<&Tuple>,
) -> Result {
    // SAFETY: `args` holds the positional arguments, then one value for each name; a reference is a pointer.
    unsafe { vectorcall(ts, callable, args.as_ptr().cast(), positional, names) }
}

/// # Safety
/// The vectorcall protocol for `args`, `nargsf` and `names`.
#[inline]
pub unsafe fn vectorcall(
    ts: &ThreadState,
    callable: &Object,
    args: *const *mut PyObject,
    nargsf: usize,
    names: Option<&Tuple>,
) -> Result {
    // Foreign code is about to run: nobody relies on more than what a call leaves in place.
    collect_if_due(ts);
    let kwnames = names.map_or(core::ptr::null_mut(), |n| n.as_ptr());
    let result = match vectorcall_of(callable) {
        // SAFETY: the caller's promise.
        Some(function) => unsafe { function(callable.as_ptr(), args, nargsf, kwnames) },
        None => {
            let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
            // SAFETY: as above.
            let (positional, values) = unsafe {
                let base = args.cast::<&Object>();
                let values = names.map_or(0, Tuple::len);
                let all: &[&Object] = if n + values == 0 { &[] } else { core::slice::from_raw_parts(base, n + values) };
                all.split_at(n)
            };
            return call_by_tp_call(ts, callable, positional, values, names);
        }
    };
    ts.check_result(Some(callable), result)
}

fn call_by_tp_call(
    ts: &ThreadState,
    callable: &Object,
    positional: &[&Object],
    values: &[&Object],
    names: Option<&Tuple>,
) -> Result {
    let args = Tuple::new(ts, positional)?;
    let kwargs = match names.filter(|n| !n.is_empty()) {
        None => None,
        Some(names) => {
            let dict = Dict::new(ts)?;
            for (&name, &value) in names.as_slice().iter().zip(values) {
                dict.set(ts, name, value)?;
            }
            Some(dict)
        }
    };
    call_tuple_dict_by_tp_call(ts, callable, &args, kwargs.as_deref())
}

fn call_tuple_dict_by_tp_call(ts: &ThreadState, callable: &Object, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    let Some(function) = callable.ty().tp_call.get() else {
        let name = callable.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("'{name}' object is not callable")));
    };
    ts.check_recursion(" while calling a Python object")?;
    let kwargs = kwargs.map_or(core::ptr::null_mut(), |d| d.as_ptr());
    // SAFETY: the type's own function for its instance.
    let result = unsafe { function(callable.as_ptr(), args.as_ptr(), kwargs) };
    ts.check_result(Some(callable), result)
}

/// `callable(*args, **kwargs)`.
pub fn call_tuple_dict(ts: &ThreadState, callable: &Object, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    let Some(function) = vectorcall_of(callable) else {
        return call_tuple_dict_by_tp_call(ts, callable, args, kwargs);
    };
    let Some(kwargs) = kwargs.filter(|d| !d.is_empty()) else {
        // SAFETY: a tuple's items are an array of live objects.
        let result = unsafe { function(callable.as_ptr(), args.items_ptr(), args.len(), core::ptr::null_mut()) };
        return ts.check_result(Some(callable), result);
    };
    super::args::with_tuple_and_dict(ts, args, Some(kwargs), |a| {
        let all: Vec<&Object> = a.positional.iter().chain(a.values).copied().collect();
        call_with_names(ts, callable, &all, a.len(), a.names)
    })
}

/// `object.name(*args)`.
pub fn call_method(ts: &ThreadState, object: &Object, name: &Str, args: &[&Object]) -> Result {
    if let Some(function) = unbound_method(ts, object, name) {
        let mut all: smallvec::SmallVec<[&Object; 8]> = smallvec::smallvec![object];
        all.extend_from_slice(args);
        return call(ts, &function, &all);
    }
    let method = super::object::getattr(ts, object, name)?;
    call(ts, &method, args)
}

/// `callable(object)`: has `tp_call`.
pub fn is_callable(object: &Object) -> bool {
    object.ty().tp_call.get().is_some()
}

/// `args[0].name(*args[1..])`, without binding where the type's attribute is a method that takes its
/// instance as first argument.
///
/// # Safety
/// `args` holds `n` positional arguments, the object itself first, then a value for each name.
pub unsafe fn vectorcall_method(
    ts: &ThreadState,
    object: &Object,
    name: &Str,
    args: *const *mut PyObject,
    n: usize,
    names: Option<&Tuple>,
) -> Result {
    if let Some(function) = unbound_method(ts, object, name) {
        // SAFETY: the caller's promise.
        return unsafe { vectorcall(ts, &function, args, n, names) };
    }
    let method = super::object::getattr(ts, object, name)?;
    // SAFETY: as above; the place before the rest is the object's.
    unsafe { vectorcall(ts, &method, args.add(1), n - 1, names) }
}

/// The method that `object.name` would bind, if nothing on the instance hides it and it need not be bound.
fn unbound_method(ts: &ThreadState, object: &Object, name: &Str) -> Option<crate::object::Owned<Object>> {
    let ty = object.ty();
    let generic = crate::types::object::PyBaseObject_Type.tp_getattro.get();
    if ty.tp_getattro.get().map(|f| f as usize) != generic.map(|f| f as usize) {
        return None;
    }
    let found = ty.lookup(ts, name)?;
    if !found.ty().has(Py_TPFLAGS_METHOD_DESCRIPTOR) {
        return None;
    }
    if crate::types::object::dict_of(object).is_some_and(|d| d.get_name(name).is_some()) {
        return None;
    }
    Some(crate::object::Owned::new(found))
}
