//! sysmodule.h: what `sys` holds.

// skipped PySys_WriteStdout and its kin, PySys_Audit: variadic

use core::ffi::{c_char, c_int};

use super::pylifecycle::wchar_t;
use crate::ffi::PyObject;
use crate::modules::sys;
use crate::object::{Object, ObjectCell, Owned, Result};
use crate::runtime::{ThreadState, boundary, lifecycle, settings};
use crate::types::exceptions::{RUNTIME_ERROR, TYPE_ERROR};
use crate::types::{Dict, List, Str};

/// `sys.name`, borrowed; NULL without an exception if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySys_GetObject(name: *const c_char) -> *mut PyObject {
    let ts = ThreadState::current();
    ts.preserving_error(|| {
        // SAFETY: [cstr].
        let found = unsafe { super::text(ts, name) }.and_then(|name| find(ts, &name));
        match found {
            Ok(Some(found)) => found.as_ptr(),
            _ => core::ptr::null_mut(),
        }
    })
}

/// `sys.name = value`; NULL deletes it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySys_SetObject(name: *const c_char, value: *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [cstr]; [nullable].
        let (name, value) = unsafe { (super::text(ts, name)?, Object::from_nullable(value)) };
        sys::set(ts, &name.to_string(), value)
    })
}

fn find(ts: &ThreadState, name: &Str) -> Result<Option<Owned<Object>>> {
    // SAFETY: a dict is stored there.
    match ts.interp().sys_dict.load().map(|d| unsafe { d.cast_owned::<Dict>() }) {
        Some(dict) => dict.get(ts, name),
        None => Err(ts.raise_str(&RUNTIME_ERROR, "no sys module")),
    }
}

fn name_of<'a>(ts: &ThreadState, name: &'a Object) -> Result<&'a Str> {
    match name.downcast::<Str>() {
        Some(name) => Ok(name),
        None => {
            let ty = name.ty().full_name();
            Err(ts.raise(&TYPE_ERROR, format_args!("attribute name must be string, not '{ty}'")))
        }
    }
}

fn must_find(ts: &ThreadState, name: &Str) -> Result {
    match find(ts, name)? {
        Some(found) => Ok(found),
        None => Err(ts.raise(&RUNTIME_ERROR, format_args!("lost sys.{name}"))),
    }
}

/// Stores what was found, or NULL, and says which.
///
/// # Safety
/// `[out]`
unsafe fn give(found: Result<Option<Owned<Object>>>, out: *mut *mut PyObject) -> Result<bool> {
    let (pointer, answer) = match found {
        Ok(Some(found)) => (found.into_raw(), Ok(true)),
        Ok(None) => (core::ptr::null_mut(), Ok(false)),
        Err(raised) => (core::ptr::null_mut(), Err(raised)),
    };
    // SAFETY: the caller's promise.
    unsafe { out.write(pointer) };
    answer
}

/// `sys.name`; `RuntimeError` if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySys_GetAttr(name: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live].
    boundary(|ts| must_find(ts, name_of(ts, unsafe { Object::from_raw(name) })?))
}

/// The same with UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySys_GetAttrString(name: *const c_char) -> *mut PyObject {
    // SAFETY: [cstr].
    boundary(|ts| must_find(ts, &*unsafe { super::text(ts, name)? }))
}

/// 1 with `sys.name` in `*value`, or 0 with NULL if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySys_GetOptionalAttr(name: *mut PyObject, value: *mut *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [live]; [out].
        unsafe { give(name_of(ts, Object::from_raw(name)).and_then(|name| find(ts, name)), value) }
    })
}

/// The same with UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySys_GetOptionalAttrString(name: *const c_char, value: *mut *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [cstr]; [out].
        unsafe { give(super::text(ts, name).and_then(|name| find(ts, &name)), value) }
    })
}

/// `sys._xoptions`, borrowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySys_GetXOptions() -> *mut PyObject {
    // SAFETY: a C string.
    unsafe { PySys_GetObject(c"_xoptions".as_ptr()) }
}

/// Whether `sys.warnoptions` holds something.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySys_HasWarnOptions() -> c_int {
    let ts = ThreadState::current();
    let options = sys::get(ts, "warnoptions");
    c_int::from(options.and_then(|o| o.downcast_owned::<List>().ok()).is_some_and(|o| !o.is_empty()))
}

/// Empties `sys.warnoptions`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySys_ResetWarnOptions() {
    let ts = ThreadState::current();
    if let Some(Ok(options)) = sys::get(ts, "warnoptions").map(Owned::downcast_owned::<List>) {
        options.clear(ts);
    }
}

/// Adds an option of `-W`: for the start, or to `sys.warnoptions`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySys_AddWarnOption(option: *const wchar_t) {
    // SAFETY: NUL-terminated.
    let option = unsafe { wide_text(option) };
    if !lifecycle::is_initialized() {
        return settings::WARN_OPTIONS.lock().push(option);
    }
    let ts = ThreadState::current();
    let added = Str::new(ts, &option).and_then(|option| sys::add_warn_option(ts, &option));
    forget_failure(ts, added);
}

/// The same of a str, once the runtime is started.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySys_AddWarnOptionUnicode(option: *mut PyObject) {
    let ts = ThreadState::current();
    // SAFETY: [live].
    let added = sys::add_warn_option(ts, unsafe { Object::from_raw(option) });
    forget_failure(ts, added);
}

/// Adds an option of `-X`, `name` or `name=value`: for the start, or to `sys._xoptions`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySys_AddXOption(option: *const wchar_t) {
    // SAFETY: NUL-terminated.
    let option = unsafe { wide_text(option) };
    if !lifecycle::is_initialized() {
        return settings::X_OPTIONS.lock().push(option);
    }
    let ts = ThreadState::current();
    let added = sys::add_x_option(ts, &option);
    forget_failure(ts, added);
}

/// For functions that cannot say that they failed.
fn forget_failure(ts: &ThreadState, result: Result<()>) {
    if result.is_err() {
        ts.error.clear();
    }
}

/// A wide C string as text; what is no character becomes U+FFFD.
///
/// # Safety
/// NUL-terminated.
pub(crate) unsafe fn wide_text(mut at: *const wchar_t) -> String {
    let mut text = String::new();
    // SAFETY: the caller's promise.
    unsafe {
        while *at != 0 {
            text.push(char::from_u32(*at as u32).unwrap_or(char::REPLACEMENT_CHARACTER));
            at = at.add(1);
        }
    }
    text
}

/// Sets `sys.argv`; with `update`, the first argument's folder goes in front of `sys.path`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySys_SetArgvEx(argc: c_int, argv: *mut *mut wchar_t, update: c_int) {
    let ts = ThreadState::current();
    // SAFETY: [span] of NUL-terminated wide strings.
    let arguments: Vec<String> = (0..argc.max(0) as usize).map(|i| unsafe { wide_text(*argv.add(i)) }).collect();
    if sys::set_arguments(ts, &arguments, update != 0).is_err() {
        crate::runtime::lifecycle::fatal("PySys_SetArgvEx", "can't assign sys.argv");
    }
}

/// The same, with the folder.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySys_SetArgv(argc: c_int, argv: *mut *mut wchar_t) {
    // SAFETY: as above.
    unsafe { PySys_SetArgvEx(argc, argv, 1) };
}

/// Sets `sys.path` to the folders of a text, separated by colons.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySys_SetPath(path: *const wchar_t) {
    let ts = ThreadState::current();
    // SAFETY: NUL-terminated.
    let text = unsafe { wide_text(path) };
    let set = || -> Result<()> {
        let list = List::new(ts, &[])?;
        for folder in text.split(':') {
            list.append(ts, Str::new(ts, folder)?.upcast())?;
        }
        sys::set(ts, "path", Some(&list))
    };
    if set().is_err() {
        crate::runtime::lifecycle::fatal("PySys_SetPath", "can't create sys.path");
    }
}

/// Tells audit hooks, of which there are none. `TypeError` for other than a tuple or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PySys_AuditTuple(_event: *const c_char, args: *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable].
        match unsafe { Object::from_nullable(args) } {
            Some(args) if args.downcast::<crate::types::Tuple>().is_none() => {
                let name = args.ty().full_name();
                Err(ts.raise(&TYPE_ERROR, format_args!("args must be tuple, got {name}")))
            }
            _ => Ok(()),
        }
    })
}
