//! deathless.h: what lives in an interpreter, and what it leaves behind.

use core::ffi::{c_char, c_int, c_void};
use core::ptr;
use std::ffi::CString;

use crate::modules::leaks::{self, Row, What};
use crate::modules::seal::sentence_for_c;
use crate::runtime::{ThreadState, boundary_or};
use crate::types::exceptions::RUNTIME_ERROR;

/// What is of one type, or of none; deathless.h says what its fields are.
#[repr(C)]
pub struct deathless_living {
    pub interpreter: i64,
    pub what: c_int,
    pub type_name: *const c_char,
    pub count: usize,
    pub leaked: usize,
    pub bytes: usize,
    pub examples: *const c_char,
}

type Visitor = unsafe extern "C" fn(*const deathless_living, *mut c_void) -> c_int;

/// # Safety
/// The visitor takes any row and this argument.
unsafe fn show(interpreter: i64, rows: &[Row], visit: Visitor, arg: *mut c_void) -> c_int {
    for row in rows {
        let (what, name) = match &row.what {
            What::Objects(name) => (1, CString::new(name.as_str()).ok()),
            What::Parts => (2, None),
            What::Raw => (3, None),
        };
        let type_name = name.as_deref().map_or(ptr::null(), |name| name.as_ptr());
        let (count, leaked, bytes) = (row.count, row.leaked, row.bytes);
        let named = CString::new(row.examples()).ok().filter(|text| !text.is_empty());
        let examples = named.as_deref().map_or(ptr::null(), |text| text.as_ptr());
        let row = deathless_living { interpreter, what, type_name, count, leaked, bytes, examples };
        // SAFETY: the caller's promise.
        let answer = unsafe { visit(&row, arg) };
        if answer != 0 {
            return answer;
        }
    }
    0
}

/// What C is called with.
struct Listener(Visitor, *mut c_void);
// SAFETY: deathless.h says that it is called by whichever thread ends an interpreter.
unsafe impl Send for Listener {}

impl Listener {
    fn hear(&self, interpreter: i64, rows: &[Row]) {
        // SAFETY: C handed both over to be called so.
        unsafe { show(interpreter, rows, self.0, self.1) };
    }
}

/// Has each interpreter that is made from now on count what it holds, and calls `visit` at its end with a row for each type
/// of which something is left, until it returns something other than 0. With NULL a table is printed on stderr, as by
/// `DEATHLESS_LEAKS=1`. To be called before `Py_Initialize` if the main interpreter is to be among them. NULL; or a
/// sentence that says why it cannot be done, valid for ever, and then nothing has changed. A second call changes who is
/// called.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn deathless_watch_leaks(
    visit: Option<unsafe extern "C" fn(*const deathless_living, *mut c_void) -> c_int>,
    arg: *mut c_void,
) -> *const c_char {
    let asked = match visit {
        None => leaks::ask(Box::new(leaks::print)),
        Some(visit) => {
            let listener = Listener(visit, arg);
            leaks::ask(Box::new(move |interpreter, rows| listener.hear(interpreter, rows)))
        }
    };
    asked.map_or_else(|sentence| sentence_for_c(sentence.to_owned()).as_ptr(), |()| ptr::null())
}

/// Calls `visit` with what lives in the current interpreter, a row for each type, until it returns something other than
/// 0, which is then returned. -1 with `RuntimeError` where the interpreter does not count.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn deathless_visit_living(
    visit: unsafe extern "C" fn(*const deathless_living, *mut c_void) -> c_int,
    arg: *mut c_void,
) -> c_int {
    boundary_or(-1, |ts: &ThreadState| match leaks::of_living(ts) {
        // SAFETY: the visitor takes any row and this argument.
        Some(rows) => Ok(unsafe { show(ts.interp().id, &rows, visit, arg) }),
        None => {
            let why = "the interpreter does not count its objects: set DEATHLESS_LEAKS=1, or call \
                       deathless_watch_leaks() before it is made";
            Err(ts.raise_str(&RUNTIME_ERROR, why))
        }
    })
}
