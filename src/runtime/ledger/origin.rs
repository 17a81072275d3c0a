//! Where in a module a call of the library comes from.
//!
//! The stack is unwound to the first address outside the library's image. It ends at the thunk by which the runtime
//! entered the module's function: a function whose last act is to jump into the library has left no address of its own.

use core::ffi::{c_int, c_void};
use std::sync::OnceLock;

use super::thunk;

/// Where a reference changed hands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct Origin {
    /// The return address in the module, or 0 where there is none.
    pub site: usize,
    /// An address in the exported function that was called, or 0.
    pub api: usize,
}

type Trace = unsafe extern "C" fn(*mut c_void, *mut c_void) -> c_int;

// The unwinder that Rust's own library is linked with.
unsafe extern "C" {
    fn _Unwind_Backtrace(trace: Trace, argument: *mut c_void) -> c_int;
    fn _Unwind_GetIP(context: *mut c_void) -> usize;
}

const GO_ON: c_int = 0;
const STOP: c_int = 5;

/// Whether `address` lies in the library's own image.
#[inline]
pub fn is_own(address: usize) -> bool {
    static OWN: OnceLock<(usize, usize)> = OnceLock::new();
    let (start, end) = *OWN.get_or_init(own_image);
    (start..end).contains(&address)
}

/// From the first to the last address of the image that this function is in.
fn own_image() -> (usize, usize) {
    unsafe extern "C" fn look(info: *mut libc::dl_phdr_info, _size: usize, found: *mut c_void) -> c_int {
        let here = own_image as fn() -> (usize, usize) as usize;
        // SAFETY: the loader describes an image, and `found` is the variable below.
        unsafe {
            let info = &*info;
            let headers = core::slice::from_raw_parts(info.dlpi_phdr, info.dlpi_phnum.into());
            let loaded = headers.iter().filter(|h| h.p_type == libc::PT_LOAD);
            let start = loaded.clone().map(|h| info.dlpi_addr + h.p_vaddr).min().unwrap_or(0) as usize;
            let end = loaded.map(|h| info.dlpi_addr + h.p_vaddr + h.p_memsz).max().unwrap_or(0) as usize;
            if !(start..end).contains(&here) {
                return 0;
            }
            *found.cast::<(usize, usize)>() = (start, end);
        }
        1
    }
    let mut found = (0, 0);
    // SAFETY: the callback takes such a variable.
    unsafe { libc::dl_iterate_phdr(Some(look), (&raw mut found).cast()) };
    found
}

/// Where the innermost function of a module called the library.
pub fn find() -> Origin {
    unsafe extern "C" fn look(context: *mut c_void, origin: *mut c_void) -> c_int {
        // SAFETY: the unwinder's own context, and the variable below.
        let (ip, origin) = unsafe { (_Unwind_GetIP(context), &mut *origin.cast::<Origin>()) };
        if thunk::is_common(ip) {
            return STOP;
        }
        if is_own(ip) {
            origin.api = ip;
            return GO_ON;
        }
        origin.site = ip;
        STOP
    }
    let mut origin = Origin::default();
    // SAFETY: the callback takes such a variable.
    unsafe { _Unwind_Backtrace(look, (&raw mut origin).cast()) };
    origin
}
