//! Calling a type: `__new__`, then `__init__` if that gave an instance.

use core::ffi::CStr;

use super::PyType_Type;
use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result, Type};
use crate::runtime::{ThreadState, boundary};
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR};
use crate::types::slot::Obj;
use crate::types::{Dict, Tuple, function};

/// `tp_call` of types.
pub fn type_call(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    let kwargs = kwargs.filter(|k| !k.is_empty());
    if core::ptr::eq(ty, &PyType_Type) {
        match (args.len(), kwargs) {
            (1, None) => return Ok(Owned::new(args.as_slice()[0].ty().as_object())),
            (3, _) => {}
            _ => return Err(ts.raise_str(&TYPE_ERROR, "type() takes 1 or 3 arguments")),
        }
    }
    let Some(new) = ty.tp_new.get() else {
        let name = ty.full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("cannot create '{name}' instances")));
    };
    let raw_kwargs = kwargs.map_or(core::ptr::null_mut(), |k| k.as_ptr());
    // SAFETY: the type's own function.
    let made = ts.check_result(Some(ty.as_object()), unsafe { new(type_ptr(ty), args.as_ptr(), raw_kwargs) })?;
    if !made.ty().is_subtype_of(ty) {
        return Ok(made);
    }
    if let Some(init) = made.ty().tp_init.get() {
        // SAFETY: the type's own function for its instance.
        if unsafe { init(made.as_ptr(), args.as_ptr(), raw_kwargs) } < 0 {
            return Err(Raised::already());
        }
    }
    Ok(made)
}

pub fn type_ptr(ty: &Type) -> *mut Type {
    core::ptr::from_ref(ty).cast_mut()
}

const DOC: &CStr = c"__new__($type, *args, **kwargs)\n--\n\nMakes a new object; help(type) tells the signature.";

static NEW: PyMethodDef = PyMethodDef {
    ml_name: c"__new__".as_ptr(),
    // SAFETY: the flags say which type it really is.
    ml_meth: Some(unsafe { core::mem::transmute::<PyCFunctionWithKeywords, PyCFunction>(call_new) }),
    ml_flags: METH_VARARGS | METH_KEYWORDS,
    ml_doc: DOC.as_ptr(),
};

/// `__new__` of a C type, for its dict: a built-in function bound to the type.
pub fn new_wrapper(ts: &ThreadState, ty: &Type) -> Result {
    Ok(function::new_function(ts, &raw const NEW, Some(ty.as_object()), None, None)?.upcast())
}

/// Whether `found` is what [`new_wrapper`] makes.
pub fn is_new_wrapper(found: &Object) -> bool {
    core::ptr::eq(found.ty(), &function::PyCFunction_Type)
        // SAFETY: a built-in function.
        && core::ptr::eq(unsafe { found.cast::<PyCFunctionObject>() }.m_ml.get(), &raw const NEW)
}

unsafe extern "C" fn call_new(this: Obj, args: Obj, kwargs: Obj) -> Obj {
    boundary(|ts| {
        // SAFETY: the protocol of a built-in function; its self is a type.
        let (this, args) = unsafe { (Object::from_nullable(this), &*args.cast::<Tuple>()) };
        let Some(ty) = this.and_then(Object::downcast::<Type>) else {
            return Err(ts.raise_str(&SYSTEM_ERROR, "__new__() called with non-type 'self'"));
        };
        let wanted = check_new(ts, ty, args)?;
        let rest = Tuple::new(ts, &args.as_slice()[1..])?;
        match ty.tp_new.get() {
            // SAFETY: the type's own function, for a class that may be made by it.
            Some(new) => ts.check_result(None, unsafe { new(type_ptr(wanted), rest.as_ptr(), kwargs) }),
            None => Err(ts.raise(&TYPE_ERROR, format_args!("cannot create '{}' instances", ty.full_name()))),
        }
    })
}

/// The class that `ty.__new__(class, …)` is to make an instance of.
fn check_new<'a>(ts: &ThreadState, ty: &Type, args: &'a Tuple) -> Result<&'a Type> {
    let name = ty.full_name();
    let Some(first) = args.get(0) else {
        return Err(ts.raise(&TYPE_ERROR, format_args!("{name}.__new__(): not enough arguments")));
    };
    let Some(wanted) = first.downcast::<Type>() else {
        let other = first.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("{name}.__new__(X): X is not a type object ({other})")));
    };
    let other = wanted.full_name();
    if !wanted.is_subtype_of(ty) {
        return Err(ts.raise(&TYPE_ERROR, format_args!("{name}.__new__({other}): {other} is not a subtype of {name}")));
    }
    // `object.__new__(dict)` would make a dict without a dict's fields.
    let mut c_type = Some(wanted);
    while let Some(t) = c_type.filter(|t| is_generic_new(t)) {
        c_type = t.base();
    }
    let same = |a: Option<newfunc>, b: Option<newfunc>| match (a, b) {
        (Some(a), Some(b)) => core::ptr::fn_addr_eq(a, b),
        (a, b) => a.is_none() && b.is_none(),
    };
    if let Some(c_type) = c_type.filter(|t| !same(t.tp_new.get(), ty.tp_new.get())) {
        let safe = c_type.full_name();
        if c_type.tp_new.get().is_none() {
            return Err(ts.raise(&TYPE_ERROR, format_args!("cannot create '{safe}' instances")));
        }
        return Err(ts.raise(&TYPE_ERROR, format_args!("{name}.__new__({other}) is not safe, use {safe}.__new__()")));
    }
    Ok(wanted)
}

fn is_generic_new(ty: &Type) -> bool {
    ty.tp_new.get().is_some_and(|f| core::ptr::fn_addr_eq(f, super::slot_functions::new as newfunc))
}
