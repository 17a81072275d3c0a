//! The arguments behind a C function's `...`, read one by one.
//!
//! Rust has no `va_list`; [`CVa`] stands for the one that `capi/variadic.c` holds. Where the processor's ABI lays
//! a `va_list` out, it is read here; elsewhere that file is asked for each argument. The engines read from the trait,
//! so that they can be tried without C.

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

#[cfg(all(target_arch = "x86_64", unix))]
mod c_va {
    use core::ffi::{c_int, c_long, c_void};

    use super::VaSource;

    /// `struct deathless_va` of `capi/variadic.c`: a `va_list` as the System V ABI lays it out for x86-64. The
    /// registers that the caller passed arguments in were saved, general ones first; what did not fit follows on the
    /// stack, eight bytes each.
    #[repr(C)]
    pub struct CVa {
        /// Offsets of the next argument among the saved registers, by kind.
        general: u32,
        floating: u32,
        stack: *mut u64,
        saved: *mut u8,
    }

    /// Where the saved general registers end, and the floating ones: six of 8 bytes, eight of 16.
    const GENERAL_END: u32 = 6 * 8;
    const FLOATING_END: u32 = GENERAL_END + 8 * 16;

    impl CVa {
        /// The next argument's eight bytes.
        #[inline(always)]
        fn general(&mut self) -> u64 {
            if self.general >= GENERAL_END {
                return self.from_stack();
            }
            // SAFETY: within what was saved; the caller of the engine says that there is such an argument.
            let value = unsafe { self.saved.add(self.general as usize).cast::<u64>().read() };
            self.general += 8;
            value
        }

        #[inline(always)]
        fn from_stack(&mut self) -> u64 {
            // SAFETY: as above.
            unsafe {
                let value = self.stack.read();
                self.stack = self.stack.add(1);
                value
            }
        }
    }

    impl VaSource for CVa {
        #[inline(always)]
        fn int(&mut self) -> c_int {
            self.general() as c_int
        }

        #[inline(always)]
        fn long(&mut self) -> c_long {
            self.general() as c_long
        }

        #[inline(always)]
        fn double(&mut self) -> f64 {
            if self.floating >= FLOATING_END {
                return f64::from_bits(self.from_stack());
            }
            // SAFETY: as above.
            let value = unsafe { self.saved.add(self.floating as usize).cast::<f64>().read() };
            self.floating += 16;
            value
        }

        #[inline(always)]
        fn pointer(&mut self) -> *mut c_void {
            core::ptr::with_exposed_provenance_mut(self.general() as usize)
        }
    }
}

#[cfg(not(all(target_arch = "x86_64", unix)))]
mod c_va {
    use core::ffi::{c_int, c_long, c_void};

    use super::VaSource;

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
}

pub use c_va::CVa;
