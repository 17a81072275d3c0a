//! What reading an object writes into it, written ahead: hashes, UTF-8 forms, versions of types.
//!
//! No foreign code runs: the hash of a tuple is made only if those of its items are known to be the library's own.

use core::ptr::{self, NonNull};

use crate::ffi::{_Py_TPFLAGS_STATIC_BUILTIN, hashfunc};
use crate::object::{Object, Result, Type};
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::exceptions::MEMORY_ERROR;
use crate::types::object::PyBaseObject_Type;
use crate::types::tuple::PyTuple_Type;
use crate::types::weakref::WeakReference;
use crate::types::{Bytes, Set, Str, Tuple, is_plain};

/// How deep tuples are followed that were found before what they hold. Most were found after.
const MAX_DEPTH: u32 = 64;

/// Fills in what the objects, which live, would write later. Only `MemoryError`.
pub fn fill(ts: &ThreadState, objects: &[NonNull<Object>]) -> Result<()> {
    // SAFETY: they live.
    let each = || objects.iter().map(|object| unsafe { object.as_ref() });
    let mut left_over = false;
    // The last found first: what a tuple holds was mostly found after it.
    for object in each().rev() {
        fill_one(ts, object)?;
        if let Some(tuple) = object.downcast::<Tuple>() {
            left_over |= fill_tuple(ts, tuple, 0) == Known::TooDeep;
        }
    }
    if left_over {
        each().filter_map(|object| object.downcast::<Tuple>()).for_each(|tuple| {
            fill_tuple(ts, tuple, 0);
        });
    }
    Ok(())
}

fn fill_one(ts: &ThreadState, object: &Object) -> Result<()> {
    if let Some(text) = object.downcast::<Str>() {
        text.hash();
        return fill_utf8(ts, text);
    }
    if let Some(bytes) = object.downcast::<Bytes>() {
        bytes.hash();
    } else if is_plain(object) || object.is_exact::<Tuple>() {
        // Nothing but what `fill_tuple` does.
    } else if let Some(class) = object.downcast::<Type>() {
        class.fill_version();
    } else if let Some(set) = object.downcast::<Set>() {
        set.fill_hash();
    } else if let Some(reference) = object.downcast::<WeakReference>() {
        fill_weak(ts, reference);
    }
    Ok(())
}

/// Text with lone surrogates has no UTF-8 form, and never will.
fn fill_utf8(ts: &ThreadState, text: &Str) -> Result<()> {
    match text.utf8(ts) {
        Err(raised) if ts.error.ty().is_some_and(|ty| ptr::eq(ty, &MEMORY_ERROR)) => Err(raised),
        Err(_) => {
            ts.error.clear();
            Ok(())
        }
        Ok(_) => Ok(()),
    }
}

fn fill_weak(ts: &ThreadState, reference: &WeakReference) {
    let Some(referent) = reference.referent() else { return };
    if hash_of(ts, &referent, 0) == Known::Yes && object::hash(ts, reference).is_err() {
        ts.error.clear();
    }
}

/// Whether an object's hash is known from now on without foreign code.
#[derive(PartialEq, Clone, Copy)]
enum Known {
    Yes,
    No,
    TooDeep,
}

fn hash_of(ts: &ThreadState, object: &Object, depth: u32) -> Known {
    let constant = object.is_static() && object.ty().has(_Py_TPFLAGS_STATIC_BUILTIN);
    if is_plain(object) || constant || hashes_by_address(object.ty()) {
        return Known::Yes;
    }
    if let Some(tuple) = object.downcast_exact::<Tuple>() {
        return fill_tuple(ts, tuple, depth);
    }
    if object.downcast::<Set>().is_some_and(Set::fill_hash) { Known::Yes } else { Known::No }
}

fn hashes_by_address(ty: &Type) -> bool {
    let (own, plain) = (ty.tp_hash.get(), PyBaseObject_Type.tp_hash.get());
    same_hash(own, plain)
}

fn same_hash(a: Option<hashfunc>, b: Option<hashfunc>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if ptr::fn_addr_eq(a, b))
}

fn fill_tuple(ts: &ThreadState, tuple: &Tuple, depth: u32) -> Known {
    if tuple.ob_hash.get() != -1 {
        return Known::Yes;
    }
    if depth == MAX_DEPTH {
        return Known::TooDeep;
    }
    if !same_hash(tuple.ty().tp_hash.get(), PyTuple_Type.tp_hash.get()) {
        return Known::No;
    }
    for item in tuple.as_slice() {
        match hash_of(ts, item, depth + 1) {
            Known::Yes => {}
            other => return other,
        }
    }
    if object::hash(ts, tuple).is_err() {
        ts.error.clear();
        return Known::No;
    }
    Known::Yes
}
