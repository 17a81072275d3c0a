//! deathless.h: the ledger, in a library that is built with it.

use core::ffi::{c_char, c_int, c_void};
use std::ffi::CString;

use crate::ffi::PyObject;
use crate::object::Object;
use crate::runtime::ledger;

/// What the ledger has entered for one function of an extension module, one kind of object, one way of changing hands
/// and one place: the function's name in Python's terms (NULL for a field that the runtime fills in) and its address,
/// the kind's name, the object if it is an immortal, `handed`, `taken`, `counted`, `returned`, `instance's type` or
/// `field`, the return address in the module and an address in the function of the library that it called (NULL where
/// there is none), and how many references the function so came to hold, or gave up. A row that says `called` has how
/// often the function was called, and nothing else; one that says `unheard` has there how many functions of modules are
/// not in the books, since the library has no room to tell more of them apart. What a module does on threads of its own,
/// outside of any function, stands under `threads of FILE`, called once for each thread.
#[repr(C)]
pub struct deathless_ledger_row {
    pub function: *const c_char,
    pub function_address: *const c_void,
    pub calls: u64,
    pub kind: *const c_char,
    pub object: *mut PyObject,
    pub how: *const c_char,
    pub site: *const c_void,
    pub api: *const c_void,
    pub balance: i64,
}

/// Begins to keep the books of what extension modules hold: 0, or -1 if this library was built without the ledger.
#[unsafe(no_mangle)]
pub extern "C" fn deathless_ledger_open() -> c_int {
    if ledger::open() { 0 } else { -1 }
}

/// Ends the books.
#[unsafe(no_mangle)]
pub extern "C" fn deathless_ledger_close() {
    ledger::close();
}

/// Calls `visit` with what is in the books, until it returns something other than 0, which is then returned; -1 if they
/// are not kept. Only rows of objects that live, of immortals, and of objects that ended while references were missing
/// or left over. What `visit` is shown is valid during the call; it must not call the library.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn deathless_ledger_visit(
    visit: unsafe extern "C" fn(*const deathless_ledger_row, *mut c_void) -> c_int,
    arg: *mut c_void,
) -> c_int {
    let mut answer = 0;
    let text = |text: &str| CString::new(text).unwrap_or_default();
    let shown = ledger::visit(&mut |row| {
        let (function, kind) = (row.function.map(text), text(row.kind));
        let row = deathless_ledger_row {
            function: function.as_ref().map_or(core::ptr::null(), |f| f.as_ptr()),
            function_address: core::ptr::with_exposed_provenance(row.function_address),
            calls: row.calls,
            kind: kind.as_ptr(),
            object: row.immortal.map_or(core::ptr::null_mut(), Object::as_ptr),
            how: row.how.as_ptr(),
            site: core::ptr::with_exposed_provenance(row.site),
            api: core::ptr::with_exposed_provenance(row.api),
            balance: row.balance,
        };
        // SAFETY: the visitor takes any row and this argument.
        answer = unsafe { visit(&row, arg) };
        answer != 0
    });
    if shown { answer } else { -1 }
}
