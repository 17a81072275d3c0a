//! Settings from before the start that are kept for who asks. They outlive the runtime.

#![allow(non_upper_case_globals, reason = "C's names")]

use core::ffi::{CStr, c_char, c_int};
use core::ptr;
use core::sync::atomic::{AtomicBool, AtomicI32, AtomicPtr, Ordering};
use std::collections::TryReserveError;

use crate::object::lock::Mutex;

/// A wide string that C sets and gets.
pub struct Setting {
    text: Mutex<Vec<libc::wchar_t>>,
    /// What it is where nobody set it, if anything.
    default: Option<&'static str>,
}

pub static PROGRAM_NAME: Setting = Setting::new(Some("python3"));
pub static HOME: Setting = Setting::new(None);
/// The folders of `sys.path`, with colons between.
pub static PATH: Setting = Setting::new(Some(""));
/// `sys.prefix`, `sys.exec_prefix` and `sys.executable`: nothing is installed that belongs to the runtime.
pub static PREFIX: Setting = Setting::new(Some(""));

/// Whether the runtime was ever started.
static STARTED: AtomicBool = AtomicBool::new(false);

/// Options that a program gives before the start: of `-W` and `-X`.
pub static WARN_OPTIONS: Mutex<Vec<String>> = Mutex::new(Vec::new());
pub static X_OPTIONS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The encoding of file names, while the runtime runs.
#[unsafe(no_mangle)]
pub static Py_FileSystemDefaultEncoding: AtomicPtr<c_char> = AtomicPtr::new(ptr::null_mut());
/// What becomes of file names that are not in it, while the runtime runs.
#[unsafe(no_mangle)]
pub static Py_FileSystemDefaultEncodeErrors: AtomicPtr<c_char> = AtomicPtr::new(ptr::null_mut());
/// Whether a program has set the encoding, which none can.
#[unsafe(no_mangle)]
pub static Py_HasFileSystemDefaultEncoding: c_int = 0;
/// Whether UTF-8 is used whatever the locale says: from the first start on.
#[unsafe(no_mangle)]
pub static Py_UTF8Mode: AtomicI32 = AtomicI32::new(0);

/// What C may read of all this as the runtime starts.
pub fn start() {
    STARTED.store(true, Ordering::Release);
    Py_UTF8Mode.store(1, Ordering::Relaxed);
    show_encoding(Some((c"utf-8", c"surrogateescape")));
}

/// The same as it ends: only the encoding goes.
pub fn end() {
    show_encoding(None);
}

fn show_encoding(names: Option<(&'static CStr, &'static CStr)>) {
    let text = |text: Option<&'static CStr>| text.map_or(ptr::null_mut(), |text| text.as_ptr().cast_mut());
    Py_FileSystemDefaultEncoding.store(text(names.map(|n| n.0)), Ordering::Relaxed);
    Py_FileSystemDefaultEncodeErrors.store(text(names.map(|n| n.1)), Ordering::Relaxed);
}

/// What the environment says, empty if it says nothing or no UTF-8: as `std::env::var`, whose copy cannot fail cleanly.
pub fn environment(name: &CStr) -> Result<String, TryReserveError> {
    // SAFETY: NULL or a C string, which stays as long as nobody changes the environment; nobody may while others read.
    let text = unsafe { libc::getenv(name.as_ptr()).as_ref() }.map(|text| unsafe { CStr::from_ptr(text) });
    let text = text.and_then(|text| text.to_str().ok()).unwrap_or_default();
    let mut copy = String::new();
    copy.try_reserve_exact(text.len())?;
    copy.push_str(text);
    Ok(copy)
}

impl Setting {
    const fn new(default: Option<&'static str>) -> Setting {
        Setting { text: Mutex::new(Vec::new()), default }
    }

    /// # Safety
    /// NULL or a NUL-terminated wide string.
    pub unsafe fn set(&self, text: *const libc::wchar_t) {
        let mut copy = Vec::new();
        let mut at = text;
        // SAFETY: the caller's promise.
        unsafe {
            while !at.is_null() && *at != 0 {
                copy.push(*at);
                at = at.add(1);
            }
        }
        if !copy.is_empty() {
            copy.push(0);
        }
        *self.text.lock() = copy;
    }

    /// The same of text.
    pub fn set_text(&self, text: &str) -> Result<(), TryReserveError> {
        let mut copy = Vec::new();
        copy.try_reserve_exact(text.len() + 1)?;
        copy.extend(text.chars().map(|c| c as libc::wchar_t).chain([0]));
        *self.text.lock() = copy;
        Ok(())
    }

    /// What was set, if anything was.
    pub fn given(&self) -> Result<Option<String>, TryReserveError> {
        let text = self.text.lock();
        let Some(chars) = text.strip_suffix(&[0]) else { return Ok(None) };
        let chars = chars.iter().map(|&c| char::from_u32(c as u32).unwrap_or(char::REPLACEMENT_CHARACTER));
        let mut given = String::new();
        given.try_reserve_exact(chars.clone().map(char::len_utf8).sum())?;
        given.extend(chars);
        Ok(Some(given))
    }

    /// The text, valid until it is set again; NULL before the runtime is started and where there is none.
    pub fn get(&self) -> *mut libc::wchar_t {
        if !STARTED.load(Ordering::Acquire) {
            return ptr::null_mut();
        }
        if self.text.lock().is_empty() {
            let Some(default) = self.default else { return ptr::null_mut() };
            if self.set_text(default).is_err() {
                return ptr::null_mut();
            }
        }
        self.text.lock().as_mut_ptr()
    }
}
