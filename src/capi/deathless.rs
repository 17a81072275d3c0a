//! deathless.h: what this library offers beyond CPython's API.

use core::ffi::{CStr, c_char, c_int, c_void};
use std::path::Path;

use crate::ffi::{Py_ssize_t, PyObject};
use crate::modules::{immortals, import};
use crate::object::immortal;
use crate::runtime::{ThreadState, boundary};
use crate::types::traceback;

/// An immortal object; deathless.h says what its fields are.
#[repr(C)]
pub struct deathless_immortal {
    pub kind: *const c_char,
    pub type_name: *const c_char,
    pub owner: *const c_char,
    pub origin: *const c_char,
    pub object: *mut PyObject,
    pub bytes: usize,
    pub mortal_cost: u64,
    pub drift: i64,
    pub heals: u64,
    pub healed: i64,
    registry: *const c_void,
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
            drift: immortal.drift,
            heals: immortal.healed.times,
            healed: immortal.healed.references,
            registry: core::ptr::from_ref(&immortal).cast(),
        };
        // SAFETY: the visitor takes any row and this argument.
        answer = unsafe { visit(&row, arg) };
        answer != 0
    });
    answer
}

/// Writes a name by which a person recognises the object of a row (`module.qualname` of a function or type, a value
/// shortened, `dict of TYPE`) to `buffer`, in UTF-8, cut to `size` with the NUL at its end; gives the length of the
/// whole name. To be called by a visitor, with the row that it was given. Nothing of the object's own is called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn deathless_immortal_name(
    row: *const deathless_immortal,
    buffer: *mut c_char,
    size: usize,
) -> usize {
    // SAFETY: the row of a visit under way, which holds what it was made of.
    let name = unsafe { (*(*row).registry.cast::<immortals::Immortal<'_>>()).name() };
    if size > 0 {
        let mut end = name.len().min(size - 1);
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        // SAFETY: [out] of that size.
        unsafe {
            buffer.copy_from_nonoverlapping(name.as_ptr().cast(), end);
            buffer.add(end).write(0);
        }
    }
    name.len()
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
/// current interpreter's heap: every object, `PyMem_*` and `PyObject_*`; and of that of an interpreter which is being made
/// from here. Returns how many were asked for since the last call.
#[unsafe(no_mangle)]
pub extern "C" fn deathless_fail_allocation(nth: Py_ssize_t) -> Py_ssize_t {
    ThreadState::current().interp().heap().fail_allocation(nth)
}

/// The strategy that the library was built with, by which it keeps shared objects alive: `immortal`, `plain`,
/// `high-count` or `lookup`.
#[unsafe(no_mangle)]
pub extern "C" fn deathless_strategy() -> *const c_char {
    crate::object::strategy::NAME.as_ptr()
}

/// What `deathless_immortalize_heap` made immortal: how many objects, and the bytes of them and of the blocks that are
/// theirs alone.
#[repr(C)]
pub struct deathless_heap_walk {
    pub objects: usize,
    pub bytes: usize,
}

/// Makes everything that the current interpreter holds immortal, and writes how much that was to `*report`, unless it
/// is NULL. 0, or -1 with an exception: `MemoryError`, or `RuntimeError` where a collection or the end of an object or
/// of the interpreter is under way; nothing has become immortal then. deathless.h says more.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn deathless_immortalize_heap(report: *mut deathless_heap_walk) -> c_int {
    boundary(|ts| {
        let walked = immortals::walk::immortalize_heap(ts)?;
        if !report.is_null() {
            // SAFETY: [out].
            unsafe { report.write(deathless_heap_walk { objects: walked.objects, bytes: walked.bytes }) };
        }
        Ok(())
    })
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

/// Puts an entry before the traceback of what is raised: that the exception passed through `function`, at `line` of
/// `file`. What CPython's own modules use `_PyTraceback_Add` for. `function` is UTF-8, `file` a file name.
///
/// 0, or -1 with an exception: `SystemError` where nothing is raised, else what went wrong, with what was raised as its
/// context. In either case an exception is set, and the caller has only to return.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn deathless_add_traceback(function: *const c_char, file: *const c_char, line: c_int) -> c_int {
    // SAFETY: [cstr] both.
    let (function, file) = unsafe { (CStr::from_ptr(function), CStr::from_ptr(file)) };
    boundary(|ts| traceback::add(ts, function.to_bytes(), file.to_bytes(), line))
}
