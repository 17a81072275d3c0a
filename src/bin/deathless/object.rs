//! Handles to the runtime's objects, and what can go wrong with a call.
//!
//! An [`Obj`] owns one reference and gives it back when dropped, so that no
//! error path can forget one. The two traits say how values cross into C and
//! back: [`Pass`] for arguments, [`Take`] for results. They make the functions
//! of `api.rs` safe to call: a handle is live by construction.

use std::ffi::{CStr, c_char, c_int};
use std::ptr::{self, NonNull};

use crate::runtime::api;

/// C's `PyObject`, seen from outside.
#[repr(C)]
pub struct PyObject {
    _opaque: [u8; 0],
}

/// Why a call has no result.
#[derive(Debug)]
pub enum Fault {
    /// The runtime's error indicator is set.
    Raised,
    /// The runtime does not export this symbol.
    Missing(String),
    /// The command does not know how to do this.
    Unsupported(String),
}

impl Fault {
    /// The fault in words; for `Raised`, see `report::take_exception`.
    pub fn sentence(&self) -> String {
        match self {
            Fault::Raised => "an exception was raised".to_owned(),
            Fault::Missing(symbol) => format!("the runtime does not export {symbol}"),
            Fault::Unsupported(what) => what.clone(),
        }
    }
}

pub type Outcome<T> = Result<T, Fault>;

/// One owned reference.
pub struct Obj(NonNull<PyObject>);

impl Obj {
    /// Takes over a new reference; `None` for NULL.
    pub fn from_owned(raw: *mut PyObject) -> Option<Obj> {
        NonNull::new(raw).map(Obj)
    }

    /// Makes a reference of its own to a live object.
    pub fn from_borrowed(raw: *mut PyObject) -> Option<Obj> {
        let object = Obj(NonNull::new(raw)?);
        std::mem::forget(object.clone());
        Some(object)
    }

    pub fn as_ptr(&self) -> *mut PyObject {
        self.0.as_ptr()
    }

    /// `self is other`
    pub fn is(&self, other: &Obj) -> bool {
        self.0 == other.0
    }
}

impl Clone for Obj {
    fn clone(&self) -> Obj {
        api().Py_IncRef(self).expect("every runtime exports Py_IncRef");
        Obj(self.0)
    }
}

impl Drop for Obj {
    fn drop(&mut self) {
        // A runtime without Py_DecRef cannot be given anything back.
        let _ = api().Py_DecRef(self);
    }
}

/// An argument of a C function.
pub trait Pass {
    type C;
    fn pass(self) -> Self::C;
}

impl Pass for &Obj {
    type C = *mut PyObject;
    fn pass(self) -> Self::C {
        self.as_ptr()
    }
}

/// `Drop` has only this form of the handle.
impl Pass for &mut Obj {
    type C = *mut PyObject;
    fn pass(self) -> Self::C {
        self.as_ptr()
    }
}

/// By value: the function steals the reference.
impl Pass for Obj {
    type C = *mut PyObject;
    fn pass(self) -> Self::C {
        let raw = self.as_ptr();
        std::mem::forget(self);
        raw
    }
}

impl Pass for Option<&Obj> {
    type C = *mut PyObject;
    fn pass(self) -> Self::C {
        self.map_or(ptr::null_mut(), Obj::as_ptr)
    }
}

impl Pass for Option<Obj> {
    type C = *mut PyObject;
    fn pass(self) -> Self::C {
        self.map_or(ptr::null_mut(), Obj::pass)
    }
}

impl Pass for &CStr {
    type C = *const c_char;
    fn pass(self) -> Self::C {
        self.as_ptr()
    }
}

macro_rules! pass_as_is {
    ($($ty:ty),*) => {$(
        impl Pass for $ty {
            type C = $ty;
            fn pass(self) -> $ty {
                self
            }
        }
    )*};
}

// Example: `pass_as_is!(c_int)` lets a C int be an argument unchanged.
pass_as_is!(c_int, isize, f64, u64, u32, *const c_char, *mut *mut c_char, *mut isize, *mut u8);

/// A result of a C function, with its way to say that an exception is set.
pub trait Take: Sized {
    type C;
    fn take(raw: Self::C) -> Outcome<Self>;
}

impl Take for Obj {
    type C = *mut PyObject;
    fn take(raw: Self::C) -> Outcome<Obj> {
        Obj::from_owned(raw).ok_or(Fault::Raised)
    }
}

/// NULL is a result too, unless the indicator is set: the end of an iterator.
impl Take for Option<Obj> {
    type C = *mut PyObject;
    fn take(raw: Self::C) -> Outcome<Option<Obj>> {
        match Obj::from_owned(raw) {
            None if api().PyErr_Occurred()?.0.is_some() => Err(Fault::Raised),
            object => Ok(object),
        }
    }
}

/// A borrowed reference, or NULL, that never means an exception.
pub struct Peeked(pub Option<NonNull<PyObject>>);

impl Take for Peeked {
    type C = *mut PyObject;
    fn take(raw: Self::C) -> Outcome<Peeked> {
        Ok(Peeked(NonNull::new(raw)))
    }
}

/// Of a function that cannot fail.
impl Take for () {
    type C = ();
    fn take((): ()) -> Outcome<()> {
        Ok(())
    }
}

/// An int that is -1 for an exception and says nothing else.
pub struct Done;

impl Take for Done {
    type C = c_int;
    fn take(raw: c_int) -> Outcome<Done> {
        if raw == -1 { Err(Fault::Raised) } else { Ok(Done) }
    }
}

impl Take for bool {
    type C = c_int;
    fn take(raw: c_int) -> Outcome<bool> {
        if raw == -1 { Err(Fault::Raised) } else { Ok(raw != 0) }
    }
}

impl Take for isize {
    type C = isize;
    fn take(raw: isize) -> Outcome<isize> {
        if raw == -1 { Err(Fault::Raised) } else { Ok(raw) }
    }
}

/// A character, or -1 for an exception.
impl Take for u32 {
    type C = u32;
    fn take(raw: u32) -> Outcome<u32> {
        if raw == u32::MAX { Err(Fault::Raised) } else { Ok(raw) }
    }
}

/// Bytes inside an object; NULL for an exception.
pub struct Chars(pub *const c_char);

impl Take for Chars {
    type C = *const c_char;
    fn take(raw: Self::C) -> Outcome<Chars> {
        if raw.is_null() { Err(Fault::Raised) } else { Ok(Chars(raw)) }
    }
}
