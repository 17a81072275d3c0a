//! The arguments behind a C function's `...`, read one by one.
//!
//! Rust cannot read a `va_list`; [`CVa`] stands for the one that `capi/variadic.c` holds, and asks that file for
//! each argument. The engines read from the trait, so that they can be tried without C.

use core::ffi::{c_int, c_long, c_void};

/// Where an engine takes its arguments from. Reading is right only when the format says that such an argument
/// comes next: the promise of whoever calls an engine.
pub trait VaSource {
    /// An `int`, and what is promoted to it.
    fn int(&mut self) -> c_int;
    /// Whatever integer is as wide as a pointer: `long`, `long long`, `Py_ssize_t`, `size_t`, `intmax_t`.
    fn long(&mut self) -> c_long;
    /// A `double`, and a `float`, which is promoted to it.
    fn double(&mut self) -> f64;
    fn pointer(&mut self) -> *mut c_void;

    /// A pointer to something in particular.
    #[inline(always)]
    fn ptr<T>(&mut self) -> *mut T {
        self.pointer().cast()
    }

    #[inline(always)]
    fn ssize(&mut self) -> isize {
        self.long() as isize
    }
}

/// `struct deathless_va` of `capi/variadic.c`.
#[repr(C)]
pub struct CVa {
    opaque: [u8; 0],
    neither_send_nor_moved: core::marker::PhantomData<(*mut c_void, core::marker::PhantomPinned)>,
}

unsafe extern "C" {
    safe fn deathless_va_int(va: &mut CVa) -> c_int;
    safe fn deathless_va_long(va: &mut CVa) -> c_long;
    safe fn deathless_va_double(va: &mut CVa) -> f64;
    safe fn deathless_va_pointer(va: &mut CVa) -> *mut c_void;
}

impl VaSource for CVa {
    #[inline(always)]
    fn int(&mut self) -> c_int {
        deathless_va_int(self)
    }

    #[inline(always)]
    fn long(&mut self) -> c_long {
        deathless_va_long(self)
    }

    #[inline(always)]
    fn double(&mut self) -> f64 {
        deathless_va_double(self)
    }

    #[inline(always)]
    fn pointer(&mut self) -> *mut c_void {
        deathless_va_pointer(self)
    }
}
