//! The last step of every exported function and slot: a `Result` becomes C's return value.

use core::ffi::c_int;
use core::ptr;

use super::ThreadState;
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::{Layout, Owned, Result};

/// What a Rust result becomes in C, and C's usual value for "an exception is set".
pub trait CReturn {
    type C;
    const ERROR: Self::C;
    fn into_c(self) -> Self::C;
}

impl<T: Layout> CReturn for Owned<T> {
    type C = *mut PyObject;
    const ERROR: *mut PyObject = ptr::null_mut();
    #[inline(always)]
    fn into_c(self) -> *mut PyObject {
        self.into_raw()
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

impl<T> CReturn for *mut T {
    type C = *mut T;
    const ERROR: *mut T = ptr::null_mut();
    #[inline(always)]
    fn into_c(self) -> *mut T {
        self
    }
}

/// Runs `f` with the current thread state; its usual error value on failure.
#[inline(always)]
pub fn boundary<R: CReturn>(f: impl FnOnce(&ThreadState) -> Result<R>) -> R::C {
    match f(ThreadState::current()) {
        Ok(value) => value.into_c(),
        Err(_raised) => R::ERROR,
    }
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
    match f(ThreadState::current()) {
        Ok(value) => value.into_c(),
        Err(_raised) => error,
    }
}
