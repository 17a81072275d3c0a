//! Slot functions and method definitions made from plain Rust functions.
//!
//! A Rust function item has a type of its own and no size, so each adapter below is instantiated once for
//! the function it wraps: `tp_repr: slot::unary(List::repr)` costs what a hand-written C slot costs. The
//! adapter turns pointers into borrows, finds the thread state, and turns the `Result` into C's value.
//!
//! What an adapter may rely on: C's protocol calls a slot with an instance of the type (or a subtype) as its
//! first argument; binary number slots alone get theirs in either place, so they take two `&Object`.

use core::cell::Cell;
use core::ffi::{c_char, c_int, c_void};
use core::mem::MaybeUninit;

use crate::ffi::*;
use crate::object::alloc::GC_HEAD;
use crate::object::{Layout, Object, Owned, Result, Type};
use crate::protocol::args::Args;
use crate::protocol::compare::CompareOp;
use crate::runtime::{CReturn, ThreadState, boundary};
use crate::types::{Dict, Tuple};

/// The value of a function item's type: it has no bytes, so there is nothing to initialise.
#[inline(always)]
#[allow(clippy::uninit_assumed_init, reason = "of a type without bytes, which the assertion makes sure of")]
pub(super) fn item<F: Copy>() -> F {
    const { assert!(size_of::<F>() == 0, "adapters take function items, not pointers or captures") };
    // SAFETY: a type without bytes that a value was given of, at compile time.
    unsafe { MaybeUninit::<F>::uninit().assume_init() }
}

/// # Safety
/// `p` is a live object of layout `T`.
#[inline(always)]
unsafe fn this<'a, T: Layout>(p: *mut PyObject) -> &'a T {
    // SAFETY: the caller's promise.
    unsafe { &*p.cast::<T>() }
}

/// # Safety
/// `p` is NULL or of layout `T`.
#[inline(always)]
unsafe fn nullable<'a, T: Layout>(p: *mut PyObject) -> Option<&'a T> {
    // SAFETY: the caller's promise.
    unsafe { p.cast::<T>().as_ref() }
}

pub type Obj = *mut PyObject;

/// `tp_repr`, `tp_str`, `tp_iter`, `nb_negative`, `nb_index`, …; with `Result<Option<_>>` `tp_iternext`.
pub const fn unary<T: Layout, R: CReturn<C = Obj>, F>(_f: F) -> Slot<unaryfunc>
where
    F: Fn(&ThreadState, &T) -> Result<R> + Copy,
{
    unsafe extern "C" fn call<T: Layout, R: CReturn<C = Obj>, F>(a: Obj) -> Obj
    where
        F: Fn(&ThreadState, &T) -> Result<R> + Copy,
    {
        // SAFETY: see the module doc.
        boundary(|ts| item::<F>()(ts, unsafe { this(a) }))
    }
    Cell::new(Some(call::<T, R, F>))
}

/// `tp_iternext` of an iterator that never fails: it needs no thread, and none is looked for.
pub const fn next<T: Layout, F: Fn(&T) -> Option<Owned<Object>> + Copy>(_f: F) -> Slot<unaryfunc> {
    unsafe extern "C" fn call<T: Layout, F: Fn(&T) -> Option<Owned<Object>> + Copy>(a: Obj) -> Obj {
        // SAFETY: see the module doc.
        item::<F>()(unsafe { this(a) }).into_c()
    }
    Cell::new(Some(call::<T, F>))
}

/// `tp_hash`. The function never returns -1.
pub const fn hash<T: Layout, F: Fn(&ThreadState, &T) -> Result<isize> + Copy>(_f: F) -> Slot<hashfunc> {
    unsafe extern "C" fn call<T: Layout, F>(a: Obj) -> isize
    where
        F: Fn(&ThreadState, &T) -> Result<isize> + Copy,
    {
        // SAFETY: see the module doc.
        boundary(|ts| item::<F>()(ts, unsafe { this(a) }))
    }
    Cell::new(Some(call::<T, F>))
}

/// `sq_length`, `mp_length`.
pub const fn len<T: Layout, F: Fn(&ThreadState, &T) -> Result<isize> + Copy>(_f: F) -> Slot<lenfunc> {
    hash::<T, F>(_f)
}

/// `nb_bool`.
pub const fn inquiry<T: Layout, F: Fn(&ThreadState, &T) -> Result<bool> + Copy>(_f: F) -> Slot<inquiry> {
    unsafe extern "C" fn call<T: Layout, F>(a: Obj) -> c_int
    where
        F: Fn(&ThreadState, &T) -> Result<bool> + Copy,
    {
        // SAFETY: see the module doc.
        boundary(|ts| item::<F>()(ts, unsafe { this(a) }))
    }
    Cell::new(Some(call::<T, F>))
}

/// `nb_add` and the other number slots of two operands with `T = Object`; `sq_concat`, `mp_subscript`,
/// `tp_getattro`, in-place slots with the instance as `T`.
pub const fn binary<T: Layout, R: CReturn<C = Obj>, F>(_f: F) -> Slot<binaryfunc>
where
    F: Fn(&ThreadState, &T, &Object) -> Result<R> + Copy,
{
    unsafe extern "C" fn call<T: Layout, R: CReturn<C = Obj>, F>(a: Obj, b: Obj) -> Obj
    where
        F: Fn(&ThreadState, &T, &Object) -> Result<R> + Copy,
    {
        // SAFETY: see the module doc.
        boundary(|ts| item::<F>()(ts, unsafe { this(a) }, unsafe { this(b) }))
    }
    Cell::new(Some(call::<T, R, F>))
}

/// `nb_power`, `nb_inplace_power`; the third operand is `None` (the object) when absent.
pub const fn power<T: Layout, R: CReturn<C = Obj>, F>(_f: F) -> Slot<ternaryfunc>
where
    F: Fn(&ThreadState, &T, &Object, &Object) -> Result<R> + Copy,
{
    unsafe extern "C" fn call<T: Layout, R: CReturn<C = Obj>, F>(a: Obj, b: Obj, c: Obj) -> Obj
    where
        F: Fn(&ThreadState, &T, &Object, &Object) -> Result<R> + Copy,
    {
        // SAFETY: see the module doc.
        boundary(|ts| item::<F>()(ts, unsafe { this(a) }, unsafe { this(b) }, unsafe { this(c) }))
    }
    Cell::new(Some(call::<T, R, F>))
}

/// `tp_call`.
pub const fn call<T: Layout, R: CReturn<C = Obj>, F>(_f: F) -> Slot<ternaryfunc>
where
    F: Fn(&ThreadState, &T, &Tuple, Option<&Dict>) -> Result<R> + Copy,
{
    unsafe extern "C" fn call<T: Layout, R: CReturn<C = Obj>, F>(a: Obj, args: Obj, kwargs: Obj) -> Obj
    where
        F: Fn(&ThreadState, &T, &Tuple, Option<&Dict>) -> Result<R> + Copy,
    {
        // SAFETY: see the module doc; the arguments are a tuple and a dict or NULL.
        boundary(|ts| item::<F>()(ts, unsafe { this(a) }, unsafe { this(args) }, unsafe { nullable(kwargs) }))
    }
    Cell::new(Some(call::<T, R, F>))
}

/// `tp_new`.
pub const fn new<R: CReturn<C = Obj>, F>(_f: F) -> Slot<newfunc>
where
    F: Fn(&ThreadState, &Type, &Tuple, Option<&Dict>) -> Result<R> + Copy,
{
    unsafe extern "C" fn call<R: CReturn<C = Obj>, F>(ty: *mut Type, args: Obj, kwargs: Obj) -> Obj
    where
        F: Fn(&ThreadState, &Type, &Tuple, Option<&Dict>) -> Result<R> + Copy,
    {
        // SAFETY: as for `call`.
        boundary(|ts| item::<F>()(ts, unsafe { &*ty }, unsafe { this(args) }, unsafe { nullable(kwargs) }))
    }
    Cell::new(Some(call::<R, F>))
}

/// `tp_init`.
pub const fn init<T: Layout, F>(_f: F) -> Slot<initproc>
where
    F: Fn(&ThreadState, &T, &Tuple, Option<&Dict>) -> Result<()> + Copy,
{
    unsafe extern "C" fn call<T: Layout, F>(a: Obj, args: Obj, kwargs: Obj) -> c_int
    where
        F: Fn(&ThreadState, &T, &Tuple, Option<&Dict>) -> Result<()> + Copy,
    {
        // SAFETY: as for `call`.
        boundary(|ts| item::<F>()(ts, unsafe { this(a) }, unsafe { this(args) }, unsafe { nullable(kwargs) }))
    }
    Cell::new(Some(call::<T, F>))
}

/// `tp_vectorcall` of a type (`T = Type`), or the `vectorcall` field of a callable.
pub const fn vectorcall<T: Layout, R: CReturn<C = Obj>, F>(_f: F) -> Slot<vectorcallfunc>
where
    F: Fn(&ThreadState, &T, Args<'_>) -> Result<R> + Copy,
{
    unsafe extern "C" fn call<T: Layout, R: CReturn<C = Obj>, F>(
        a: Obj,
        args: *const Obj,
        nargsf: usize,
        kwnames: Obj,
    ) -> Obj
    where
        F: Fn(&ThreadState, &T, Args<'_>) -> Result<R> + Copy,
    {
        // SAFETY: the vectorcall protocol.
        boundary(|ts| item::<F>()(ts, unsafe { this(a) }, unsafe { Args::from_vectorcall(args, nargsf, kwnames) }))
    }
    Cell::new(Some(call::<T, R, F>))
}

/// `tp_richcompare`.
pub const fn richcompare<T: Layout, R: CReturn<C = Obj>, F>(_f: F) -> Slot<richcmpfunc>
where
    F: Fn(&ThreadState, &T, &Object, CompareOp) -> Result<R> + Copy,
{
    unsafe extern "C" fn call<T: Layout, R: CReturn<C = Obj>, F>(a: Obj, b: Obj, op: c_int) -> Obj
    where
        F: Fn(&ThreadState, &T, &Object, CompareOp) -> Result<R> + Copy,
    {
        // SAFETY: see the module doc.
        boundary(|ts| item::<F>()(ts, unsafe { this(a) }, unsafe { this(b) }, CompareOp::from_c(ts, op)?))
    }
    Cell::new(Some(call::<T, R, F>))
}

/// `sq_contains`.
pub const fn contains<T: Layout, F>(_f: F) -> Slot<objobjproc>
where
    F: Fn(&ThreadState, &T, &Object) -> Result<bool> + Copy,
{
    unsafe extern "C" fn call<T: Layout, F>(a: Obj, b: Obj) -> c_int
    where
        F: Fn(&ThreadState, &T, &Object) -> Result<bool> + Copy,
    {
        // SAFETY: see the module doc.
        boundary(|ts| item::<F>()(ts, unsafe { this(a) }, unsafe { this(b) }))
    }
    Cell::new(Some(call::<T, F>))
}

/// `sq_item`, `sq_repeat`.
pub const fn ssizearg<T: Layout, R: CReturn<C = Obj>, F>(_f: F) -> Slot<ssizeargfunc>
where
    F: Fn(&ThreadState, &T, isize) -> Result<R> + Copy,
{
    unsafe extern "C" fn call<T: Layout, R: CReturn<C = Obj>, F>(a: Obj, n: isize) -> Obj
    where
        F: Fn(&ThreadState, &T, isize) -> Result<R> + Copy,
    {
        // SAFETY: see the module doc.
        boundary(|ts| item::<F>()(ts, unsafe { this(a) }, n))
    }
    Cell::new(Some(call::<T, R, F>))
}

/// `sq_ass_item`; no value means delete.
pub const fn ssizeobjarg<T: Layout, F>(_f: F) -> Slot<ssizeobjargproc>
where
    F: Fn(&ThreadState, &T, isize, Option<&Object>) -> Result<()> + Copy,
{
    unsafe extern "C" fn call<T: Layout, F>(a: Obj, n: isize, v: Obj) -> c_int
    where
        F: Fn(&ThreadState, &T, isize, Option<&Object>) -> Result<()> + Copy,
    {
        // SAFETY: see the module doc.
        boundary(|ts| item::<F>()(ts, unsafe { this(a) }, n, unsafe { nullable(v) }))
    }
    Cell::new(Some(call::<T, F>))
}

/// `mp_ass_subscript`, `tp_setattro`, `tp_descr_set`; no value means delete.
pub const fn objobjarg<T: Layout, F>(_f: F) -> Slot<objobjargproc>
where
    F: Fn(&ThreadState, &T, &Object, Option<&Object>) -> Result<()> + Copy,
{
    unsafe extern "C" fn call<T: Layout, F>(a: Obj, k: Obj, v: Obj) -> c_int
    where
        F: Fn(&ThreadState, &T, &Object, Option<&Object>) -> Result<()> + Copy,
    {
        // SAFETY: see the module doc.
        boundary(|ts| item::<F>()(ts, unsafe { this(a) }, unsafe { this(k) }, unsafe { nullable(v) }))
    }
    Cell::new(Some(call::<T, F>))
}

/// `tp_descr_get`: the instance and the owner, either absent.
pub const fn descr_get<T: Layout, R: CReturn<C = Obj>, F>(_f: F) -> Slot<descrgetfunc>
where
    F: Fn(&ThreadState, &T, Option<&Object>, Option<&Object>) -> Result<R> + Copy,
{
    unsafe extern "C" fn call<T: Layout, R: CReturn<C = Obj>, F>(a: Obj, object: Obj, owner: Obj) -> Obj
    where
        F: Fn(&ThreadState, &T, Option<&Object>, Option<&Object>) -> Result<R> + Copy,
    {
        // SAFETY: see the module doc.
        boundary(|ts| item::<F>()(ts, unsafe { this(a) }, unsafe { nullable(object) }, unsafe { nullable(owner) }))
    }
    Cell::new(Some(call::<T, R, F>))
}

/// `tp_dealloc`: untracks, lets `f` give back what the fields hold, then frees: through `tp_free` what is of a
/// subtype, and straight what is of a built-in type, all of which free alike. A heap subtype's own `tp_dealloc` comes
/// first and calls this one, so the type's reference is its business.
pub const fn dealloc<T: Layout, F: Fn(&ThreadState, &T) + Copy>(_f: F) -> Slot<destructor> {
    unsafe extern "C" fn call<T: Layout, F: Fn(&ThreadState, &T) + Copy>(a: Obj) {
        let ts = ThreadState::current();
        // SAFETY: the protocol hands over a dead instance; its fields are still whole.
        unsafe {
            let ty = (*a).ty();
            let is_gc = ty.is_gc();
            if is_gc {
                ts.untrack(&*a);
            }
            item::<F>()(ts, this(a));
            match ty.tp_free.get() {
                Some(free) if !ty.has(_Py_TPFLAGS_STATIC_BUILTIN) => free(a.cast()),
                _ => ts.free(if is_gc { a.cast::<u8>().sub(GC_HEAD) } else { a.cast() }),
            }
        }
    }
    Cell::new(Some(call::<T, F>))
}

/// Calls C's `visit` on fields, for `tp_traverse`. `?` hands a nonzero answer up.
pub struct Visitor {
    visit: visitproc,
    arg: *mut c_void,
}

impl Visitor {
    /// # Safety
    /// `visit` may be called with `arg` and any live object.
    pub unsafe fn new(visit: visitproc, arg: *mut c_void) -> Visitor {
        Visitor { visit, arg }
    }

    #[inline]
    pub fn object(&self, object: &Object) -> core::result::Result<(), c_int> {
        // SAFETY: the promise of `new`.
        match unsafe { (self.visit)(object.as_ptr(), self.arg) } {
            0 => Ok(()),
            other => Err(other),
        }
    }

    /// What a C function visits on its own.
    #[inline]
    pub fn forward<T: Layout>(&self, traverse: traverseproc, object: &T) -> core::result::Result<(), c_int> {
        // SAFETY: the object's own function, with what `new` was given.
        match unsafe { traverse(object.as_object().as_ptr(), self.visit, self.arg) } {
            0 => Ok(()),
            other => Err(other),
        }
    }

    /// A field: NULL or an owned reference.
    #[inline]
    pub fn field<P>(&self, field: &Cell<*mut P>) -> core::result::Result<(), c_int> {
        match crate::object::ObjectCell::peek(field) {
            Some(object) => self.object(object),
            None => Ok(()),
        }
    }
}

/// `tp_traverse`.
pub const fn traverse<T: Layout, F>(_f: F) -> Slot<traverseproc>
where
    F: Fn(&T, &Visitor) -> core::result::Result<(), c_int> + Copy,
{
    unsafe extern "C" fn call<T: Layout, F>(a: Obj, visit: visitproc, arg: *mut c_void) -> c_int
    where
        F: Fn(&T, &Visitor) -> core::result::Result<(), c_int> + Copy,
    {
        // SAFETY: the collector's protocol.
        item::<F>()(unsafe { this(a) }, &unsafe { Visitor::new(visit, arg) }).err().unwrap_or(0)
    }
    Cell::new(Some(call::<T, F>))
}

/// `tp_clear`.
pub const fn clear<T: Layout, F: Fn(&T) + Copy>(_f: F) -> Slot<crate::ffi::inquiry> {
    unsafe extern "C" fn call<T: Layout, F: Fn(&T) + Copy>(a: Obj) -> c_int {
        // SAFETY: the collector's protocol.
        item::<F>()(unsafe { this(a) });
        0
    }
    Cell::new(Some(call::<T, F>))
}

/// `tp_hash` of what cannot be hashed.
pub const fn unhashable() -> Slot<hashfunc> {
    Cell::new(Some(not_hashable))
}

/// `PyObject_HashNotImplemented`, by which the type machinery knows that `__hash__` is `None`.
///
/// # Safety
/// C's protocol: a live object.
pub unsafe extern "C" fn not_hashable(a: *mut PyObject) -> isize {
    // SAFETY: see the module doc.
    let ty = unsafe { (*a).ty() };
    boundary::<isize>(|ts| {
        let name = ty.full_name();
        Err(ts.raise(&crate::types::exceptions::TYPE_ERROR, format_args!("unhashable type: '{name}'")))
    })
}

/// The end of a definition table.
pub const METHODS_END: PyMethodDef =
    PyMethodDef { ml_name: core::ptr::null(), ml_meth: None, ml_flags: 0, ml_doc: core::ptr::null() };
pub const GETSET_END: PyGetSetDef = PyGetSetDef {
    name: core::ptr::null(),
    get: None,
    set: None,
    doc: core::ptr::null(),
    closure: core::ptr::null_mut(),
};
pub const MEMBERS_END: PyMemberDef =
    PyMemberDef { name: core::ptr::null(), r#type: 0, offset: 0, flags: 0, doc: core::ptr::null() };

/// A read-only object member at `offset`.
pub const fn member(name: &'static core::ffi::CStr, kind: c_int, offset: usize, flags: c_int) -> PyMemberDef {
    PyMemberDef { name: name.as_ptr(), r#type: kind, offset: offset as isize, flags, doc: core::ptr::null() }
}

/// A computed attribute without a setter.
pub const fn getter<T: Layout, R: CReturn<C = Obj>, F>(
    name: &'static core::ffi::CStr,
    _f: F,
    doc: &'static core::ffi::CStr,
) -> PyGetSetDef
where
    F: Fn(&ThreadState, &T) -> Result<R> + Copy,
{
    unsafe extern "C" fn get<T: Layout, R: CReturn<C = Obj>, F>(a: Obj, _closure: *mut c_void) -> Obj
    where
        F: Fn(&ThreadState, &T) -> Result<R> + Copy,
    {
        // SAFETY: the descriptor checked the instance.
        boundary(|ts| item::<F>()(ts, unsafe { this(a) }))
    }
    PyGetSetDef {
        name: name.as_ptr(),
        get: Some(get::<T, R, F>),
        set: None,
        doc: doc.as_ptr(),
        closure: core::ptr::null_mut(),
    }
}

/// A computed attribute with a setter; no value means delete.
pub const fn getset<T: Layout, R: CReturn<C = Obj>, F, S>(
    name: &'static core::ffi::CStr,
    get: F,
    _set: S,
    doc: &'static core::ffi::CStr,
) -> PyGetSetDef
where
    F: Fn(&ThreadState, &T) -> Result<R> + Copy,
    S: Fn(&ThreadState, &T, Option<&Object>) -> Result<()> + Copy,
{
    unsafe extern "C" fn set<T: Layout, S>(a: Obj, value: Obj, _closure: *mut c_void) -> c_int
    where
        S: Fn(&ThreadState, &T, Option<&Object>) -> Result<()> + Copy,
    {
        // SAFETY: the descriptor checked the instance.
        boundary(|ts| item::<S>()(ts, unsafe { this(a) }, unsafe { nullable(value) }))
    }
    PyGetSetDef { set: Some(set::<T, S>), ..getter::<T, R, F>(name, get, doc) }
}

/// A static slice of C's characters as the pointer that the tables want.
pub const fn text(s: &'static core::ffi::CStr) -> *const c_char {
    s.as_ptr()
}
