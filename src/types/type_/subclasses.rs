//! Who derives from a type, and telling them that it changed.
//!
//! A heap type keeps the list itself. Static types are shared by all interpreters, so theirs is kept in each
//! interpreter; that built-in types derive from one another is known from the table of built-in types.

use core::ptr::NonNull;

use crate::ffi::Py_TPFLAGS_HEAPTYPE;
use crate::object::Type;
use crate::runtime::ThreadState;
use crate::types::builtin_types;

type List = Vec<NonNull<Type>>;

fn with_list<R>(ts: &ThreadState, ty: &Type, f: impl FnOnce(&mut List) -> R) -> R {
    if !ty.has(Py_TPFLAGS_HEAPTYPE) {
        let mut states = ts.interp().shared.borrow_mut();
        return f(&mut states.entry(ty.as_object()).or_default().subclasses);
    }
    if ty.tp_subclasses.get().is_null() {
        ty.tp_subclasses.set(Box::into_raw(Box::new(List::new())).cast());
    }
    // SAFETY: made above, ended by `end`; `f` runs nothing foreign.
    f(unsafe { &mut *ty.tp_subclasses.get().cast::<List>() })
}

/// Enters `ty` with its bases.
pub fn enter(ts: &ThreadState, ty: &Type) {
    for base in ty.bases() {
        with_list(ts, base, |list| list.push(NonNull::from(ty)));
    }
}

/// Takes `ty` out of its bases' lists.
pub fn leave(ts: &ThreadState, ty: &Type) {
    for base in ty.bases() {
        with_list(ts, base, |list| list.retain(|&t| t != NonNull::from(ty)));
    }
}

/// A heap type ends: its own list goes.
pub fn end(ty: &Type) {
    let list = ty.tp_subclasses.replace(core::ptr::null_mut()).cast::<List>();
    if !list.is_null() {
        // SAFETY: made by `with_list`, and not used any more.
        drop(unsafe { Box::from_raw(list) });
    }
}

/// The direct subclasses, oldest first.
pub fn all<'a>(ts: &ThreadState, ty: &'a Type) -> Vec<&'a Type> {
    let derives = |t: &&Type| t.bases().iter().any(|&b| core::ptr::eq(b, ty));
    let mut found: Vec<&'a Type> =
        if ty.has(Py_TPFLAGS_HEAPTYPE) { Vec::new() } else { builtin_types().filter(derives).collect() };
    let listed = with_list(ts, ty, |list| list.clone());
    // SAFETY: each takes itself out at its end.
    found.extend(listed.into_iter().map(|t| unsafe { t.as_ref() }));
    found
}

impl Type {
    /// The type's namespace or bases changed: no cached lookup through it, or through a subclass, holds any more.
    pub fn modified(&self, ts: &ThreadState) {
        if !self.has(Py_TPFLAGS_HEAPTYPE) {
            // Shared: its version stays, and what this interpreter knows goes, of its subclasses too.
            return ts.interp().clear_method_cache();
        }
        if self.tp_version_tag.get() == 0 {
            // A subclass has a version only while all its bases have one.
            return;
        }
        self.tp_version_tag.set(0);
        let subclasses = with_list(ts, self, |list| list.clone());
        for subclass in subclasses {
            // SAFETY: each takes itself out at its end.
            unsafe { subclass.as_ref() }.modified(ts);
        }
    }
}
