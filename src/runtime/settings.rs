//! Settings from before the start that are kept for who asks.

use core::ptr;

use parking_lot::Mutex;

use super::lifecycle;

/// A wide string that C sets and gets.
pub struct Setting {
    text: Mutex<Vec<libc::wchar_t>>,
    default: &'static str,
}

pub static PROGRAM_NAME: Setting = Setting::new("python3");
pub static HOME: Setting = Setting::new("");

impl Setting {
    const fn new(default: &'static str) -> Setting {
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

    /// The text, valid until it is set again; NULL before the runtime is started and where there is none.
    pub fn get(&self) -> *mut libc::wchar_t {
        if !lifecycle::is_initialized() {
            return ptr::null_mut();
        }
        let mut text = self.text.lock();
        if text.is_empty() {
            if self.default.is_empty() {
                return ptr::null_mut();
            }
            text.extend(self.default.chars().map(|c| c as libc::wchar_t));
            text.push(0);
        }
        text.as_mut_ptr()
    }
}
