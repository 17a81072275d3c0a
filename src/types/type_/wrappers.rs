//! Special methods of C types as Python sees them: each calls the C function of a slot with the arguments of a
//! call.
//!
//! `wrapped` is what the slot of the descriptor's type held; the descriptor has checked that the instance is of
//! that type.

use core::ffi::{c_int, c_void};
use core::mem::transmute;

use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result, Type};
use crate::protocol::args::Args;
use crate::protocol::number::as_ssize;
use crate::runtime::ThreadState;
use crate::types::exceptions::{ATTRIBUTE_ERROR, OVERFLOW_ERROR, STOP_ITERATION, TYPE_ERROR};
use crate::types::memoryview::export;
use crate::types::{Dict, Int, Tuple, bool as boolean, singletons};

/// Exactly `N` positional arguments: `expected 1 argument, got 0`.
fn exactly<'a, const N: usize>(ts: &ThreadState, args: &'a Tuple) -> Result<[&'a Object; N]> {
    <[&Object; N]>::try_from(args.as_slice()).map_err(|_| {
        let s = if N == 1 { "" } else { "s" };
        ts.raise(&TYPE_ERROR, format_args!("expected {N} argument{s}, got {}", args.len()))
    })
}

/// One positional argument: `__buffer__ expected 1 argument, got 0`.
fn one<'a>(ts: &ThreadState, name: &str, args: &'a Tuple) -> Result<&'a Object> {
    Args::positional(args.as_slice()).expect_positional(ts, name, 1, 1)?;
    exactly::<1>(ts, args).map(|[only]| only)
}

/// Two positional arguments: `__setitem__ expected 2 arguments, got 1`.
fn two<'a>(ts: &ThreadState, name: &str, args: &'a Tuple) -> Result<[&'a Object; 2]> {
    Args::positional(args.as_slice()).expect_positional(ts, name, 2, 2)?;
    exactly(ts, args)
}

fn status(code: c_int) -> Result {
    if code < 0 { Err(Raised::already()) } else { Ok(singletons::none()) }
}

/// ```ignore
/// wrappers! { fn unary(ts, this, args, wrapped: unaryfunc) { … } }
/// ```
macro_rules! wrappers {
    ($($(#[$doc:meta])* fn $name:ident($ts:ident, $this:ident, $args:ident, $wrapped:ident: $type:ty) $body:block)*) => {$(
        $(#[$doc])*
        /// # Safety
        /// `wrapped` is a function of the slot's type that takes `this`.
        pub unsafe fn $name(
            $ts: &ThreadState,
            $this: &Object,
            $args: &Tuple,
            wrapped: *mut c_void,
            _kwargs: Option<&Dict>,
        ) -> Result {
            // SAFETY: the caller's promise.
            let $wrapped = unsafe { transmute::<*mut c_void, $type>(wrapped) };
            $body
        }
    )*};
}

wrappers! {
    fn unary(ts, this, args, wrapped: unaryfunc) {
        exactly::<0>(ts, args)?;
        // SAFETY: the slot's function for its instance.
        ts.check_result(None, unsafe { wrapped(this.as_ptr()) })
    }

    fn next(ts, this, args, wrapped: iternextfunc) {
        exactly::<0>(ts, args)?;
        // SAFETY: as above.
        match unsafe { Owned::from_stolen_nullable(wrapped(this.as_ptr())) } {
            Some(value) => Ok(value),
            None if ts.error.is_set() => Err(Raised::already()),
            None => Err(ts.raise_bare(&STOP_ITERATION)),
        }
    }

    fn hash(ts, this, args, wrapped: hashfunc) {
        exactly::<0>(ts, args)?;
        // SAFETY: as above.
        match unsafe { wrapped(this.as_ptr()) } {
            -1 => Err(Raised::already()),
            hash => Ok(Int::from_i64(ts, hash as i64)?.upcast()),
        }
    }

    fn len(ts, this, args, wrapped: lenfunc) {
        exactly::<0>(ts, args)?;
        // SAFETY: as above.
        match unsafe { wrapped(this.as_ptr()) } {
            ..=-1 => Err(Raised::already()),
            len => Ok(Int::from_i64(ts, len as i64)?.upcast()),
        }
    }

    fn inquiry(ts, this, args, wrapped: crate::ffi::inquiry) {
        exactly::<0>(ts, args)?;
        // SAFETY: as above.
        match unsafe { wrapped(this.as_ptr()) } {
            ..=-1 => Err(Raised::already()),
            answer => Ok(boolean::from_bool(answer != 0)),
        }
    }

    fn del(ts, this, args, wrapped: destructor) {
        exactly::<0>(ts, args)?;
        // SAFETY: as above.
        unsafe { wrapped(this.as_ptr()) };
        Ok(singletons::none())
    }

    fn buffer(ts, this, args, wrapped: getbufferproc) {
        let flags = as_ssize(ts, one(ts, "__buffer__", args)?, Some(&OVERFLOW_ERROR))?;
        let Ok(flags) = c_int::try_from(flags) else {
            return Err(ts.raise_str(&OVERFLOW_ERROR, "buffer flags out of range"));
        };
        Ok(export::by_function(ts, this, wrapped, flags)?.upcast())
    }

    /// By the memoryview, which gives its buffer back as it was got.
    fn release_buffer(ts, this, args, _wrapped: releasebufferproc) {
        export::release_by_wrapper(ts, this, one(ts, "__release_buffer__", args)?)?;
        Ok(singletons::none())
    }

    fn binary(ts, this, args, wrapped: binaryfunc) {
        let [other] = exactly(ts, args)?;
        // SAFETY: as above.
        ts.check_result(None, unsafe { wrapped(this.as_ptr(), other.as_ptr()) })
    }

    fn binary_left(ts, this, args, wrapped: binaryfunc) {
        let [other] = exactly(ts, args)?;
        // SAFETY: as above.
        ts.check_result(None, unsafe { wrapped(this.as_ptr(), other.as_ptr()) })
    }

    /// The reflected operand.
    fn binary_right(ts, this, args, wrapped: binaryfunc) {
        let [other] = exactly(ts, args)?;
        // SAFETY: as above.
        ts.check_result(None, unsafe { wrapped(other.as_ptr(), this.as_ptr()) })
    }

    fn ternary(ts, this, args, wrapped: ternaryfunc) {
        let (other, modulus) = base_and_modulus(ts, args)?;
        // SAFETY: as above.
        ts.check_result(None, unsafe { wrapped(this.as_ptr(), other.as_ptr(), modulus.as_ptr()) })
    }

    fn ternary_left(ts, this, args, wrapped: ternaryfunc) {
        let (other, modulus) = base_and_modulus(ts, args)?;
        // SAFETY: as above.
        ts.check_result(None, unsafe { wrapped(this.as_ptr(), other.as_ptr(), modulus.as_ptr()) })
    }

    /// The reflected operand.
    fn ternary_right(ts, this, args, wrapped: ternaryfunc) {
        let (other, modulus) = base_and_modulus(ts, args)?;
        // SAFETY: as above.
        ts.check_result(None, unsafe { wrapped(other.as_ptr(), this.as_ptr(), modulus.as_ptr()) })
    }

    fn setattr(ts, this, args, wrapped: setattrofunc) {
        let [name, value] = two(ts, "__setattr__", args)?;
        check_not_bypassed(ts, this, wrapped, "__setattr__")?;
        // SAFETY: as above.
        status(unsafe { wrapped(this.as_ptr(), name.as_ptr(), value.as_ptr()) })
    }

    fn delattr(ts, this, args, wrapped: setattrofunc) {
        let [name] = exactly(ts, args)?;
        check_not_bypassed(ts, this, wrapped, "__delattr__")?;
        // SAFETY: as above.
        status(unsafe { wrapped(this.as_ptr(), name.as_ptr(), core::ptr::null_mut()) })
    }

    fn descr_get(ts, this, args, wrapped: descrgetfunc) {
        Args::positional(args.as_slice()).expect_positional(ts, "__get__", 1, 2)?;
        let given = |i: usize| {
            args.get(i).filter(|o| !singletons::is_none(*o)).map_or(core::ptr::null_mut(), |o| o.as_ptr())
        };
        let (object, owner) = (given(0), given(1));
        if object.is_null() && owner.is_null() {
            return Err(ts.raise_str(&TYPE_ERROR, "__get__(None, None) is invalid"));
        }
        // SAFETY: as above.
        ts.check_result(None, unsafe { wrapped(this.as_ptr(), object, owner) })
    }

    fn descr_set(ts, this, args, wrapped: descrsetfunc) {
        let [object, value] = two(ts, "__set__", args)?;
        // SAFETY: as above.
        status(unsafe { wrapped(this.as_ptr(), object.as_ptr(), value.as_ptr()) })
    }

    fn descr_delete(ts, this, args, wrapped: descrsetfunc) {
        let [object] = exactly(ts, args)?;
        // SAFETY: as above.
        status(unsafe { wrapped(this.as_ptr(), object.as_ptr(), core::ptr::null_mut()) })
    }

    fn setitem(ts, this, args, wrapped: objobjargproc) {
        let [key, value] = two(ts, "__setitem__", args)?;
        // SAFETY: as above.
        status(unsafe { wrapped(this.as_ptr(), key.as_ptr(), value.as_ptr()) })
    }

    fn delitem(ts, this, args, wrapped: objobjargproc) {
        let [key] = exactly(ts, args)?;
        // SAFETY: as above.
        status(unsafe { wrapped(this.as_ptr(), key.as_ptr(), core::ptr::null_mut()) })
    }

    fn repeat(ts, this, args, wrapped: ssizeargfunc) {
        let [count] = exactly(ts, args)?;
        let count = as_ssize(ts, count, Some(&OVERFLOW_ERROR))?;
        // SAFETY: as above.
        ts.check_result(None, unsafe { wrapped(this.as_ptr(), count) })
    }

    fn item(ts, this, args, wrapped: ssizeargfunc) {
        let [index] = exactly(ts, args)?;
        let index = sequence_index(ts, this, index)?;
        // SAFETY: as above.
        ts.check_result(None, unsafe { wrapped(this.as_ptr(), index) })
    }

    fn ass_item(ts, this, args, wrapped: ssizeobjargproc) {
        let [index, value] = two(ts, "__setitem__", args)?;
        let index = sequence_index(ts, this, index)?;
        // SAFETY: as above.
        status(unsafe { wrapped(this.as_ptr(), index, value.as_ptr()) })
    }

    fn delete_item(ts, this, args, wrapped: ssizeobjargproc) {
        let [index] = exactly(ts, args)?;
        let index = sequence_index(ts, this, index)?;
        // SAFETY: as above.
        status(unsafe { wrapped(this.as_ptr(), index, core::ptr::null_mut()) })
    }

    fn contains(ts, this, args, wrapped: objobjproc) {
        let [key] = exactly(ts, args)?;
        // SAFETY: as above.
        match unsafe { wrapped(this.as_ptr(), key.as_ptr()) } {
            ..=-1 => Err(Raised::already()),
            answer => Ok(boolean::from_bool(answer != 0)),
        }
    }
}

/// `__lt__` … `__ge__`.
///
/// # Safety
/// `wrapped` is a `richcmpfunc` that takes `this`.
pub unsafe fn richcompare<const OP: c_int>(
    ts: &ThreadState,
    this: &Object,
    args: &Tuple,
    wrapped: *mut c_void,
    _kwargs: Option<&Dict>,
) -> Result {
    let [other] = exactly(ts, args)?;
    // SAFETY: the caller's promise.
    ts.check_result(None, unsafe { transmute::<*mut c_void, richcmpfunc>(wrapped)(this.as_ptr(), other.as_ptr(), OP) })
}

fn raw_kwargs(kwargs: Option<&Dict>) -> *mut PyObject {
    kwargs.map_or(core::ptr::null_mut(), |d| d.as_ptr())
}

/// `__call__`.
///
/// # Safety
/// `wrapped` is a `ternaryfunc` that takes `this`.
pub unsafe fn call(
    ts: &ThreadState,
    this: &Object,
    args: &Tuple,
    wrapped: *mut c_void,
    kwargs: Option<&Dict>,
) -> Result {
    // SAFETY: the caller's promise.
    ts.check_result(None, unsafe {
        transmute::<*mut c_void, ternaryfunc>(wrapped)(this.as_ptr(), args.as_ptr(), raw_kwargs(kwargs))
    })
}

/// `__init__`.
///
/// # Safety
/// `wrapped` is an `initproc` that takes `this`.
pub unsafe fn init(
    _ts: &ThreadState,
    this: &Object,
    args: &Tuple,
    wrapped: *mut c_void,
    kwargs: Option<&Dict>,
) -> Result {
    // SAFETY: the caller's promise.
    status(unsafe { transmute::<*mut c_void, initproc>(wrapped)(this.as_ptr(), args.as_ptr(), raw_kwargs(kwargs)) })
}

/// In the table's place for a special method that no wrapper stands for.
///
/// # Safety
/// None is needed.
pub unsafe fn unreachable_wrapper(
    ts: &ThreadState,
    _this: &Object,
    _args: &Tuple,
    _wrapped: *mut c_void,
    _kwargs: Option<&Dict>,
) -> Result {
    Err(ts.raise_str(&ATTRIBUTE_ERROR, "no wrapper"))
}

fn base_and_modulus<'a>(ts: &ThreadState, args: &'a Tuple) -> Result<(&'a Object, &'a Object)> {
    match *args.as_slice() {
        [other] => Ok((other, singletons::none_ref())),
        [other, modulus] => Ok((other, modulus)),
        _ => Err(ts.raise(&TYPE_ERROR, format_args!("expected 1 or 2 arguments, got {}", args.len()))),
    }
}

/// A sequence's index, from the end if negative.
fn sequence_index(ts: &ThreadState, this: &Object, index: &Object) -> Result<isize> {
    let index = as_ssize(ts, index, Some(&OVERFLOW_ERROR))?;
    if index >= 0 {
        return Ok(index);
    }
    // SAFETY: NULL or a live suite, and the type's own function for its instance.
    let length = unsafe {
        match this.ty().tp_as_sequence.get().as_ref().and_then(|s| s.sq_length.get()) {
            Some(length) => length(this.as_ptr()),
            None => return Ok(index),
        }
    };
    if length < 0 { Err(Raised::already()) } else { Ok(index.wrapping_add(length)) }
}

/// `object.__setattr__(int, …)` must not go round what `int`'s type made of setting: the function has to be that
/// of the most derived C type among the instance's bases.
fn check_not_bypassed(ts: &ThreadState, this: &Object, function: setattrofunc, what: &str) -> Result<()> {
    let ty = this.ty();
    let is_this = |t: &Type| t.tp_setattro.get().is_some_and(|f| core::ptr::fn_addr_eq(f, function));
    // Types made in Python call what is found by name: look behind them, for the one the method came from.
    let mut at = Some(ty);
    while let Some(t) = at {
        if is_this(t) {
            return Ok(());
        }
        let generic = t
            .tp_setattro
            .get()
            .is_some_and(|f| core::ptr::fn_addr_eq(f, super::slot_functions::setattro as setattrofunc));
        if !generic {
            break;
        }
        at = t.base();
    }
    Err(ts.raise(&TYPE_ERROR, format_args!("can't apply this {what} to {} object", ty.full_name())))
}
