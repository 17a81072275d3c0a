//! Weak references.
//!
//! * [`reference`] `weakref.ref`
//! * [`proxy`]     the two proxies
//!
//! An object whose type has a `tp_weaklistoffset` heads a list of its weak references, linked both ways and not
//! owned: a reference leaves the list at its own end. The order is fixed: the plain reference without a callback,
//! then the plain proxy without one, each reused when asked for again, then the rest. What interpreters
//! share, such as a built-in type, has a list in each of them. A dead reference refers to `None`.

use core::cell::Cell;
use core::ptr;

pub mod proxy;
pub mod reference;

use super::singletons;
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::immortal;
use crate::object::{Class, Object, ObjectCell, Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;
use proxy::{_PyWeakref_CallableProxyType, _PyWeakref_ProxyType};
use reference::_PyWeakref_RefType;

layout!(WeakReference = PyWeakReference, _PyWeakref_RefType);

/// `weakref.ref(object, callback)`.
pub fn new_reference(ts: &ThreadState, object: &Object, callback: Option<&Object>) -> Result<Owned<WeakReference>> {
    make(ts, &_PyWeakref_RefType, object, callback)
}

/// `weakref.proxy(object, callback)`.
pub fn new_proxy(ts: &ThreadState, object: &Object, callback: Option<&Object>) -> Result<Owned<WeakReference>> {
    let callable = object.ty().tp_call.get().is_some();
    make(ts, if callable { &_PyWeakref_CallableProxyType } else { &_PyWeakref_ProxyType }, object, callback)
}

/// Any weak reference, a proxy included.
pub fn is_weak(object: &Object) -> bool {
    object.downcast::<WeakReference>().is_some() || is_proxy(object)
}

fn is_proxy(object: &Object) -> bool {
    ptr::eq(object.ty(), &_PyWeakref_ProxyType) || ptr::eq(object.ty(), &_PyWeakref_CallableProxyType)
}

/// Whether objects of that type can be referred to weakly.
pub fn supports(object: &Object) -> bool {
    object.ty().tp_weaklistoffset != 0
}

/// Runs `f` on the head of the object's list. `f` runs no foreign code.
fn with_list<R>(ts: &ThreadState, object: &Object, f: impl FnOnce(&Cell<*mut PyObject>) -> R) -> R {
    if immortal::is_of_all(ts, object) {
        return f(&ts.interp().shared.borrow_mut().entry(object).or_default().weak_references);
    }
    // SAFETY: the type says that the list's head is there.
    f(unsafe { &*object.as_ptr().byte_offset(object.ty().tp_weaklistoffset).cast() })
}

fn first<'a>(list: &Cell<*mut PyObject>) -> Option<&'a WeakReference> {
    // SAFETY: NULL or a live reference: each leaves the list at its end.
    unsafe { list.get().cast::<WeakReference>().as_ref() }
}

/// The plain reference and the plain proxy, both without a callback, at the head of a list.
fn basic_pair<'a>(list: &Cell<*mut PyObject>) -> (Option<&'a WeakReference>, Option<&'a WeakReference>) {
    let plain = |r: &&WeakReference| r.wr_callback.get().is_null();
    let reference = first(list).filter(plain).filter(|r| ptr::eq(r.ty(), &_PyWeakref_RefType));
    let next = match reference {
        // SAFETY: as above.
        Some(reference) => unsafe { reference.wr_next.get().as_ref() },
        None => first(list),
    };
    (reference, next.filter(plain).filter(|r| is_proxy(r)))
}

/// A reference of type `ty` or, where one like it exists already, that one.
fn make(ts: &ThreadState, ty: &Type, object: &Object, callback: Option<&Object>) -> Result<Owned<WeakReference>> {
    if !supports(object) {
        let name = object.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("cannot create weak reference to '{name}' object")));
    }
    let callback = callback.filter(|c| !singletons::is_none(*c));
    let is_proxy = ptr::eq(ty, &_PyWeakref_ProxyType) || ptr::eq(ty, &_PyWeakref_CallableProxyType);
    let shared = callback.is_none() && (is_proxy || ptr::eq(ty, &_PyWeakref_RefType));
    if shared {
        let (reference, proxy) = with_list(ts, object, basic_pair);
        if let Some(found) = if is_proxy { proxy } else { reference } {
            return Ok(Owned::new(found));
        }
    }
    let this = ts.alloc_instance(ty, 0)?;
    // SAFETY: the type and its subtypes have this layout.
    let this = unsafe { this.cast_owned::<WeakReference>() };
    this.hash.set(-1);
    this.wr_callback.set(callback.map_or(ptr::null_mut(), |c| Owned::new(c).into_raw()));
    this.vectorcall.set(Some(reference::CALL));
    with_list(ts, object, |list| {
        let (reference, proxy) = basic_pair(list);
        let before = if !shared {
            proxy.or(reference)
        } else if is_proxy {
            reference
        } else {
            None
        };
        link(list, before, &this);
    });
    this.wr_object.set(object.as_ptr());
    gc_track(&this);
    Ok(this)
}

fn link(list: &Cell<*mut PyObject>, before: Option<&WeakReference>, this: &WeakReference) {
    let this_ptr = ptr::from_ref(this).cast_mut();
    let next = match before {
        Some(before) => before.wr_next.replace(this_ptr),
        None => list.replace(this_ptr.cast()).cast(),
    };
    this.wr_prev.set(before.map_or(ptr::null_mut(), |b| ptr::from_ref(b).cast_mut()));
    this.wr_next.set(next);
    // SAFETY: NULL or a live neighbour.
    if let Some(next) = unsafe { next.as_ref() } {
        next.wr_prev.set(this_ptr);
    }
}

impl WeakReference {
    /// What is referred to, if it lives.
    #[inline]
    pub fn referent(&self) -> Option<Owned<Object>> {
        self.wr_object.peek().filter(|o| !singletons::is_none(*o)).filter(|o| o.refcount() > 0).map(Owned::new)
    }

    fn is_dead(&self) -> bool {
        self.wr_object.peek().is_none_or(singletons::is_none)
    }

    /// Leaves the list and refers to nothing from now on. The callback stays.
    fn unlink(&self, ts: &ThreadState) {
        if self.is_dead() {
            return;
        }
        let Some(object) = self.wr_object.peek() else { return };
        self.wr_object.set(singletons::none_ref().as_ptr());
        let (prev, next) = (self.wr_prev.replace(ptr::null_mut()), self.wr_next.replace(ptr::null_mut()));
        // SAFETY: NULL or live neighbours.
        unsafe {
            match prev.as_ref() {
                Some(prev) => prev.wr_next.set(next),
                None => with_list(ts, object, |list| list.set(next.cast())),
            }
            if let Some(next) = next.as_ref() {
                next.wr_prev.set(prev);
            }
        }
    }

    fn drop_fields(ts: &ThreadState, this: &WeakReference) {
        this.unlink(ts);
        drop(this.wr_callback.take_owned());
    }

    fn clear(&self) {
        WeakReference::drop_fields(ThreadState::current(), self);
    }

    fn visit(&self, visitor: &super::slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        visitor.field(&self.wr_callback)
    }
}

/// A reference that just died, and its callback.
type Dead = (Owned<WeakReference>, Owned<Object>);

/// Kills all weak references to `object` and returns those whose callbacks are to be called. A reference that is
/// itself at its end is not among them.
fn kill_references(ts: &ThreadState, object: &Object) -> Vec<Dead> {
    let mut dead = Vec::new();
    while let Some(reference) = with_list(ts, object, first) {
        let live = reference.refcount() > 0;
        let held = live.then(|| Owned::new(reference));
        reference.unlink(ts);
        match (held, reference.wr_callback.take_owned()) {
            (Some(reference), Some(callback)) => dead.push((reference, callback)),
            (held, callback) => drop((callback, held)),
        }
    }
    dead
}

/// Calls the callbacks, with the dead reference as the argument.
fn call_callbacks(ts: &ThreadState, dead: Vec<Dead>) {
    for (reference, callback) in dead {
        call(ts, &reference, &callback);
    }
}

fn call(ts: &ThreadState, reference: &WeakReference, callback: &Object) {
    if crate::protocol::call::call(ts, callback, &[reference]).is_err() {
        crate::runtime::unraisable::report_while(ts, "calling weakref callback", Some(callback));
    }
}

/// Calls the callback of a reference that just died, if it has one.
pub fn call_callback(ts: &ThreadState, reference: &WeakReference) {
    if let Some(callback) = reference.wr_callback.load() {
        call(ts, reference, &callback);
    }
}

/// Kills the weak references to `object` that have callbacks, and tells `each` of them: for the collector, before
/// finalizers run. The callbacks stay. `each` drops nothing.
pub fn kill_with_callbacks(ts: &ThreadState, object: &Object, mut each: impl FnMut(&WeakReference)) {
    if !supports(object) {
        return;
    }
    let mut next = with_list(ts, object, first);
    while let Some(reference) = next {
        // SAFETY: NULL or a live reference.
        next = unsafe { reference.wr_next.get().as_ref() };
        if !reference.wr_callback.get().is_null() {
            reference.unlink(ts);
            each(reference);
        }
    }
}

/// Kills all weak references to `object`. The callbacks stay, uncalled. Nothing is dropped.
pub fn kill_references_silently(ts: &ThreadState, object: &Object) {
    while let Some(reference) = supports(object).then(|| with_list(ts, object, first)).flatten() {
        reference.unlink(ts);
    }
}

/// Whether weak references can refer to `object`, or it is one.
pub fn concerns(object: &Object) -> bool {
    // What is smaller cannot be one, which is sooner asked than the bases.
    let may_be = object.ty().tp_basicsize >= size_of::<WeakReference>() as isize;
    supports(object) || may_be && is_weak(object)
}

/// Kills `object`, if it is a weak reference itself. Nothing is dropped.
pub fn kill(ts: &ThreadState, object: &Object) {
    if is_weak(object) {
        // SAFETY: all weak references have one layout.
        unsafe { object.cast::<WeakReference>() }.unlink(ts);
    }
}

/// `PyObject_ClearWeakRefs`: for the end of an object whose type has weak references.
pub fn clear_references(ts: &ThreadState, object: &Object) {
    let none = with_list(ts, object, |list| list.get().is_null());
    if !none {
        ts.preserving_error(|| call_callbacks(ts, kill_references(ts, object)));
    }
}

/// The same, if its type has weak references at all.
#[inline]
pub fn clear_references_of(ts: &ThreadState, object: &Object) {
    if supports(object) {
        clear_references(ts, object);
    }
}

/// How many weak references there are to `object`.
pub fn count(ts: &ThreadState, object: &Object) -> usize {
    if !supports(object) {
        return 0;
    }
    with_list(ts, object, |list| {
        // SAFETY: NULL or live references.
        core::iter::successors(first(list), |r| unsafe { r.wr_next.get().as_ref() }).count()
    })
}

/// A type as `%T` shows it: with its module, unless that is `builtins` or `__main__`.
pub fn type_text(ts: &ThreadState, ty: &Type) -> Result<String> {
    use crate::protocol::object::{find_attr, getattr, str};
    let qualname = getattr(ts, ty, &super::identifiers::__qualname__)?;
    let qualname = str(ts, &qualname)?;
    let module = find_attr(ts, ty, &super::identifiers::__module__)?;
    Ok(match module.as_ref().and_then(|m| m.downcast::<super::Str>()) {
        Some(module) if !module.equals_text("builtins") && !module.equals_text("__main__") => {
            format!("{module}.{qualname}")
        }
        _ => qualname.to_string(),
    })
}

/// Whether `ty` is the type of plain references or derives from it; for `PyWeakref_CheckRef`.
pub fn is_reference(object: &Object) -> bool {
    WeakReference::is_instance(object)
}
