//! deathless.h: the seal on the process's immortals.

use core::ffi::{CStr, c_char, c_int, c_void};
use core::ptr;
use std::ffi::CString;

use crate::ffi::PyObject;
use crate::modules::seal::{self, sentence_for_c};
use crate::object::seal::Mode;

/// What one function did to one immortal: the file that its code lies in, its name, where debug information says so
/// file and line (else NULL), the object's name, and how often it counted its references up and down and wrote
/// something else.
#[repr(C)]
pub struct deathless_write {
    pub module: *const c_char,
    pub function: *const c_char,
    pub source: *const c_char,
    pub object: *const c_char,
    pub up: u64,
    pub down: u64,
    pub other: u64,
}

/// Makes the pages of the process's immortals read-only, from now on until the runtime ends or `deathless_unseal`. With
/// `DEATHLESS_SEAL_STOP` a write is reported on stderr and ends the process; with `DEATHLESS_SEAL_COUNT` it passes and
/// is counted. NULL; or a sentence that says why it cannot be done, valid for ever, and then nothing has changed. A
/// second call changes what a write leads to.
#[unsafe(no_mangle)]
pub extern "C" fn deathless_seal(mode: c_int) -> *const c_char {
    let sealed = match mode {
        1 => seal::seal(Mode::Stop),
        2 => seal::seal(Mode::Count),
        _ => Err("deathless_seal wants DEATHLESS_SEAL_STOP or DEATHLESS_SEAL_COUNT".to_owned()),
    };
    sealed.map_or_else(|sentence| sentence_for_c(sentence).as_ptr(), |()| ptr::null())
}

/// Makes the pages writable again. What was counted is kept.
#[unsafe(no_mangle)]
pub extern "C" fn deathless_unseal() {
    seal::lift();
}

/// Calls `visit` with what was counted, for each function and object, module by module, until it returns something
/// other than 0, which is then returned. What it is shown is valid during the call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn deathless_visit_writes(
    visit: unsafe extern "C" fn(*const deathless_write, *mut c_void) -> c_int,
    arg: *mut c_void,
) -> c_int {
    for row in seal::rows() {
        let text = |text: String| CString::new(text).unwrap_or_default();
        let (module, function, object) = (text(row.module), text(row.function), text(row.object));
        let source = row.source.map(text);
        let write = deathless_write {
            module: module.as_ptr(),
            function: function.as_ptr(),
            source: source.as_deref().map_or(ptr::null(), CStr::as_ptr),
            object: object.as_ptr(),
            up: row.up,
            down: row.down,
            other: row.other,
        };
        // SAFETY: the visitor takes any row and this argument.
        let answer = unsafe { visit(&write, arg) };
        if answer != 0 {
            return answer;
        }
    }
    0
}

/// Calls `visit` with every immortal of the library's of which a program has a copy in its own memory, where no seal
/// reaches it, and with the program's file; until it returns something other than 0, which is then returned. A program
/// that is compiled with deathless's headers takes no copies.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn deathless_visit_copies(
    visit: unsafe extern "C" fn(*mut PyObject, *const c_char, *mut c_void) -> c_int,
    arg: *mut c_void,
) -> c_int {
    for (file, objects) in seal::copies() {
        let file = CString::new(file.into_os_string().into_encoded_bytes()).unwrap_or_default();
        for object in objects {
            // SAFETY: as above.
            let answer = unsafe { visit(object.as_ptr(), file.as_ptr(), arg) };
            if answer != 0 {
                return answer;
            }
        }
    }
    0
}
