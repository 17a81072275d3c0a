//! The last step of every exported function and slot: a `Result` becomes C's return value.

use core::ffi::{c_char, c_int, c_void};
use core::ptr;

use super::{ThreadState, ledger};
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::{Layout, Owned, Result};

/// What a Rust result becomes in C, and C's usual value for "an exception is set".
pub trait CReturn {
    type C;
    const ERROR: Self::C;
    fn into_c(self) -> Self::C;

    /// The object that such a value leaves the caller to own, or NULL.
    #[inline(always)]
    fn handed(_value: &Self::C) -> *mut PyObject {
        ptr::null_mut()
    }
}

impl<T: Layout> CReturn for Owned<T> {
    type C = *mut PyObject;
    const ERROR: *mut PyObject = ptr::null_mut();
    #[inline(always)]
    fn into_c(self) -> *mut PyObject {
        self.into_raw()
    }

    #[inline(always)]
    fn handed(value: &*mut PyObject) -> *mut PyObject {
        *value
    }
}

/// NULL without an exception: the end of an iterator, a missing key.
impl<T: Layout> CReturn for Option<Owned<T>> {
    type C = *mut PyObject;
    const ERROR: *mut PyObject = ptr::null_mut();
    #[inline(always)]
    fn into_c(self) -> *mut PyObject {
        self.map_or(ptr::null_mut(), Owned::into_raw)
    }

    #[inline(always)]
    fn handed(value: &*mut PyObject) -> *mut PyObject {
        *value
    }
}

/// A borrowed reference.
impl CReturn for &PyObject {
    type C = *mut PyObject;
    const ERROR: *mut PyObject = ptr::null_mut();
    #[inline(always)]
    fn into_c(self) -> *mut PyObject {
        self.as_ptr()
    }
}

impl CReturn for () {
    type C = c_int;
    const ERROR: c_int = -1;
    #[inline(always)]
    fn into_c(self) -> c_int {
        0
    }
}

impl CReturn for bool {
    type C = c_int;
    const ERROR: c_int = -1;
    #[inline(always)]
    fn into_c(self) -> c_int {
        c_int::from(self)
    }
}

macro_rules! number {
    ($($t:ty: $error:expr),*) => {$(
        impl CReturn for $t {
            type C = $t;
            const ERROR: $t = $error;
            #[inline(always)]
            fn into_c(self) -> $t {
                self
            }
        }
    )*};
}
number!(i32: -1, i64: -1, Py_ssize_t: -1, u32: u32::MAX, u64: u64::MAX, usize: usize::MAX, f64: -1.0);

impl<T> CReturn for *const T {
    type C = *const T;
    const ERROR: *const T = ptr::null();
    #[inline(always)]
    fn into_c(self) -> *const T {
        self
    }
}

/// Pointers to what is no object. A pointer to an object says who owns it: [`Owned`], `&PyObject`, [`Lent`], [`Passed`].
macro_rules! pointer {
    ($($t:ty),*) => {$(
        impl CReturn for *mut $t {
            type C = *mut $t;
            const ERROR: *mut $t = ptr::null_mut();
            #[inline(always)]
            fn into_c(self) -> *mut $t {
                self
            }
        }
    )*};
}
pointer!(c_void, c_char, u8, u32, i32, super::guard::Guard);

/// A borrowed reference, or NULL.
pub struct Lent(pub *mut PyObject);

impl CReturn for Lent {
    type C = *mut PyObject;
    const ERROR: *mut PyObject = ptr::null_mut();
    #[inline(always)]
    fn into_c(self) -> *mut PyObject {
        self.0
    }
}

/// What another C function returned, handed on with its reference and its error.
pub struct Passed(pub *mut PyObject);

impl CReturn for Passed {
    type C = *mut PyObject;
    const ERROR: *mut PyObject = ptr::null_mut();
    #[inline(always)]
    fn into_c(self) -> *mut PyObject {
        self.0
    }

    #[inline(always)]
    fn handed(value: &*mut PyObject) -> *mut PyObject {
        *value
    }
}

/// Runs `f` with the current thread state; its usual error value on failure.
#[inline(always)]
pub fn boundary<R: CReturn>(f: impl FnOnce(&ThreadState) -> Result<R>) -> R::C {
    boundary_or(R::ERROR, f)
}

/// What is left where a function's usual way ends: out of line, so that the usual way needs no frame. What `f` takes
/// along goes in registers as long as it is two words.
#[inline(never)]
pub fn rest<R: CReturn>(f: impl FnOnce(&ThreadState) -> Result<R>) -> R::C {
    boundary(f)
}

/// [`boundary`] with an error value of the function's own, such as 0 for `PyArg_*`.
#[inline(always)]
pub fn boundary_or<R: CReturn>(error: R::C, f: impl FnOnce(&ThreadState) -> Result<R>) -> R::C {
    let door = ledger::Door::open();
    match f(ThreadState::current()) {
        Ok(value) => {
            let value = value.into_c();
            door.handed(R::handed(&value));
            value
        }
        Err(_raised) => error,
    }
}
