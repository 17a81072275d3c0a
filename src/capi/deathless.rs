//! deathless.h: what this library offers beyond CPython's API.

use core::ffi::{CStr, c_char, c_int, c_void};
use std::path::Path;

use crate::ffi::{Py_ssize_t, PyObject};
use crate::modules::{immortals, import};
use crate::object::immortal;
use crate::runtime::{ThreadState, boundary};

/// An immortal object: its kind, its type's name, whose memory it lies in, how it became immortal, its size, and how
/// much of that a mortal would have given back.
#[repr(C)]
pub struct deathless_immortal {
    pub kind: *const c_char,
    pub type_name: *const c_char,
    pub owner: *const c_char,
    pub origin: *const c_char,
    pub object: *mut PyObject,
    pub bytes: usize,
    pub mortal_cost: u64,
}

/// Calls `visit` with every immortal that this interpreter can meet, until it returns something other than 0, which is
/// then returned. What it is shown is valid during the call; it must not make or end objects.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn deathless_visit_immortals(
    visit: unsafe extern "C" fn(*const deathless_immortal, *mut c_void) -> c_int,
    arg: *mut c_void,
) -> c_int {
    let ts = ThreadState::current();
    let mut answer = 0;
    immortals::visit(ts, &mut |immortal| {
        let row = deathless_immortal {
            kind: immortal.kind.as_ptr(),
            type_name: immortal.type_name.as_ptr(),
            owner: immortal.owner.as_ptr(),
            origin: immortal.origin.as_ptr(),
            object: immortal.object.as_ptr(),
            bytes: immortal.bytes,
            mortal_cost: immortal.mortal_cost,
        };
        // SAFETY: the visitor takes any row and this argument.
        answer = unsafe { visit(&row, arg) };
        answer != 0
    });
    answer
}

/// Looks at the reference word of every immortal and writes back those that drifted; `*drifted` says how many. NULL
/// is passed over. Always 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn deathless_check_immortals(drifted: *mut usize) -> c_int {
    let count = immortals::check(ThreadState::current());
    if !drifted.is_null() {
        // SAFETY: [out].
        unsafe { drifted.write(count) };
    }
    0
}

/// How often in this process the word of an immortal was found drifted and written back.
#[unsafe(no_mangle)]
pub extern "C" fn deathless_heal_count() -> u64 {
    immortal::heal_count()
}

/// Has the `nth` allocation from now on fail, counted from 1, and only that one; 0 for none. Of the blocks of the
/// current interpreter's heap: every object, `PyMem_*` and `PyObject_*`. Returns how many were asked for since the last
/// call.
#[unsafe(no_mangle)]
pub extern "C" fn deathless_fail_allocation(nth: Py_ssize_t) -> Py_ssize_t {
    ThreadState::current().interp().heap.fail_allocation(nth)
}

/// The strategy that the library was built with, by which it keeps shared objects alive: `immortal`, `plain`,
/// `high-count` or `lookup`.
#[unsafe(no_mangle)]
pub extern "C" fn deathless_strategy() -> *const c_char {
    crate::object::strategy::NAME.as_ptr()
}

/// Loads the extension module in the file `path` as `name`, wherever the file lies. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn deathless_load_module(name: *const c_char, path: *const c_char) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [cstr] both.
        let (name, path) = unsafe { (super::name(ts, name)?, CStr::from_ptr(path)) };
        if let Some(found) = import::find_imported(ts, &name)? {
            return Ok(found);
        }
        let path = path.to_string_lossy();
        import::load::extension(ts, &name, Path::new(&*path), None)
    })
}
