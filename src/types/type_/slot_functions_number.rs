//! Generic slot functions of numbers.
//!
//! A binary operator calls both operands' slots with the operands in the same order, so a slot function must
//! tell on which side its instance stands, and which of `__add__` and `__radd__` comes first.

use core::ffi::c_int;

use crate::ffi::*;
use crate::object::{Object, Owned, Result};
use crate::protocol::{convert, object as protocol};
use crate::runtime::{ThreadState, boundary};
use crate::types::slot::Obj;
use crate::types::{Str, bool as boolean, identifiers as id, singletons};

use super::slot_functions::{call_found, call_if_found, call_special, checked_length};

fn is_not_implemented(object: &Object) -> bool {
    singletons::is_not_implemented(object)
}

/// Whether `b` has another method of that name than `a`.
fn is_overloaded(ts: &ThreadState, a: &Object, b: &Object, name: &Str) -> Result<bool> {
    let Some(theirs) = protocol::find_attr(ts, b.ty().as_object(), name)? else { return Ok(false) };
    let Some(ours) = protocol::find_attr(ts, a.ty().as_object(), name)? else { return Ok(true) };
    let result = protocol::compare(ts, &ours, &theirs, crate::protocol::compare::CompareOp::Ne)?;
    protocol::is_true(ts, &result)
}

/// `a op b`, where `fills` tells whether an object's slot is this operator's generic function.
fn operate(ts: &ThreadState, a: &Object, b: &Object, names: [&Str; 2], fills: fn(&PyNumberMethods) -> bool) -> Result {
    let [name, reflected] = names;
    // SAFETY: NULL or a live suite.
    let is_generic = |o: &Object| unsafe { o.ty().tp_as_number.get().as_ref() }.is_some_and(fills);
    let same_type = core::ptr::eq(a.ty(), b.ty());
    let mut try_other = !same_type && is_generic(b);
    if is_generic(a) {
        if try_other && b.ty().is_subtype_of(a.ty()) && is_overloaded(ts, a, b, reflected)? {
            let result = maybe(ts, b, reflected, &[a])?;
            if !is_not_implemented(&result) {
                return Ok(result);
            }
            try_other = false;
        }
        let result = maybe(ts, a, name, &[b])?;
        if !is_not_implemented(&result) || same_type {
            return Ok(result);
        }
    }
    if try_other { maybe(ts, b, reflected, &[a]) } else { Ok(singletons::not_implemented()) }
}

fn maybe(ts: &ThreadState, this: &Object, name: &Str, rest: &[&Object]) -> Result {
    Ok(call_if_found(ts, this, name, rest)?.unwrap_or_else(singletons::not_implemented))
}

macro_rules! binary_slots {
    ($($function:ident $slot:ident $name:ident $reflected:ident;)*) => {$(
        /// # Safety
        /// C's protocol for the slot.
        pub unsafe extern "C" fn $function(a: Obj, b: Obj) -> Obj {
            fn fills(suite: &PyNumberMethods) -> bool {
                suite.$slot.get().is_some_and(|f| core::ptr::fn_addr_eq(f, $function as binaryfunc))
            }
            // SAFETY: the slot's protocol.
            boundary(|ts| operate(ts, unsafe { &*a }, unsafe { &*b }, [&id::$name, &id::$reflected], fills))
        }
    )*};
}

binary_slots! {
    add nb_add __add__ __radd__;
    subtract nb_subtract __sub__ __rsub__;
    multiply nb_multiply __mul__ __rmul__;
    remainder nb_remainder __mod__ __rmod__;
    divmod nb_divmod __divmod__ __rdivmod__;
    lshift nb_lshift __lshift__ __rlshift__;
    rshift nb_rshift __rshift__ __rrshift__;
    and nb_and __and__ __rand__;
    xor nb_xor __xor__ __rxor__;
    or nb_or __or__ __ror__;
    floor_divide nb_floor_divide __floordiv__ __rfloordiv__;
    true_divide nb_true_divide __truediv__ __rtruediv__;
    matrix_multiply nb_matrix_multiply __matmul__ __rmatmul__;
}

macro_rules! inplace_slots {
    ($($function:ident $name:ident;)*) => {$(
        /// # Safety
        /// C's protocol for the slot.
        pub unsafe extern "C" fn $function(a: Obj, b: Obj) -> Obj {
            // SAFETY: the slot's protocol.
            boundary(|ts| call_special(ts, unsafe { &*a }, &id::$name, &[unsafe { &*b }]))
        }
    )*};
}

inplace_slots! {
    inplace_add __iadd__;
    inplace_subtract __isub__;
    inplace_multiply __imul__;
    inplace_remainder __imod__;
    inplace_lshift __ilshift__;
    inplace_rshift __irshift__;
    inplace_and __iand__;
    inplace_xor __ixor__;
    inplace_or __ior__;
    inplace_floor_divide __ifloordiv__;
    inplace_true_divide __itruediv__;
    inplace_matrix_multiply __imatmul__;
}

macro_rules! unary_slots {
    ($($function:ident $name:ident;)*) => {$(
        /// # Safety
        /// C's protocol for the slot.
        pub unsafe extern "C" fn $function(a: Obj) -> Obj {
            // SAFETY: the slot's protocol.
            boundary(|ts| call_special(ts, unsafe { &*a }, &id::$name, &[]))
        }
    )*};
}

unary_slots! {
    negative __neg__;
    positive __pos__;
    absolute __abs__;
    invert __invert__;
    int __int__;
    float __float__;
    index __index__;
}

/// `nb_power`: the third operand takes part only in `a`'s own method.
///
/// # Safety
/// C's protocol for the slot.
pub unsafe extern "C" fn power(a: Obj, b: Obj, modulus: Obj) -> Obj {
    fn fills(suite: &PyNumberMethods) -> bool {
        suite.nb_power.get().is_some_and(|f| core::ptr::fn_addr_eq(f, power as ternaryfunc))
    }
    boundary(|ts| {
        // SAFETY: the slot's protocol.
        let (a, b, modulus) = unsafe { (&*a, &*b, &*modulus) };
        if singletons::is_none(modulus) {
            return operate(ts, a, b, [&id::__pow__, &id::__rpow__], fills);
        }
        // SAFETY: NULL or a live suite.
        let is_generic = |o: &Object| unsafe { o.ty().tp_as_number.get().as_ref() }.is_some_and(fills);
        if is_generic(a) {
            return call_special(ts, a, &id::__pow__, &[b, modulus]);
        }
        if is_generic(b) {
            return maybe(ts, b, &id::__rpow__, &[a, modulus]);
        }
        Ok(singletons::not_implemented())
    })
}

/// `nb_inplace_power`.
///
/// # Safety
/// C's protocol for the slot.
pub unsafe extern "C" fn inplace_power(a: Obj, b: Obj, _modulus: Obj) -> Obj {
    // SAFETY: the slot's protocol.
    boundary(|ts| call_special(ts, unsafe { &*a }, &id::__ipow__, &[unsafe { &*b }]))
}

/// `nb_bool`: `__bool__`, else `__len__`.
///
/// # Safety
/// C's protocol for the slot.
pub unsafe extern "C" fn bool(a: Obj) -> c_int {
    boundary::<core::primitive::bool>(|ts| {
        // SAFETY: the slot's protocol.
        let this = unsafe { &*a };
        let Some(method) = this.ty().lookup(ts, &id::__bool__).map(Owned::new) else {
            return match call_if_found(ts, this, &id::__len__, &[])? {
                Some(length) => Ok(checked_length(ts, &length)? != 0),
                None => Ok(true),
            };
        };
        let answer = call_found(ts, this, &method, &[])?;
        if !core::ptr::eq(answer.ty(), &boolean::PyBool_Type) {
            return Err(convert::must_return(ts, this, "__bool__", "a bool", &answer));
        }
        protocol::is_true(ts, &answer)
    })
}
