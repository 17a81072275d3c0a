//! What modules do on threads of their own, outside of any function that the runtime entered.
//!
//! Such a thread has a frame from its first call of the library on, for as long as it lives, of no function. Whose work
//! it is, the calling site says: the file that it lies in has a place in the books under a name of its own, as a
//! function has, "called" once for each thread. The process's first thread has no such frame: what calls the library
//! there, outside of a module's functions, is the program, and so is whatever on other threads lies in the program's file.

use core::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::Path;

use super::origin::Origin;
use super::{Gives, books, thunk};
use crate::object::lock::Mutex;
use crate::runtime::site;

/// In place of a function: whatever module's thread this is.
pub const OF_THREAD: usize = usize::MAX;

/// What the books have for a file's threads, by where it is loaded: `None` for the program's.
static FILES: Mutex<Option<HashMap<usize, Option<usize>>>> = Mutex::new(None);

thread_local! {
    static IS_ANOTHER: Cell<Option<bool>> = const { Cell::new(None) };
    /// The files that this thread was counted for.
    static COUNTED: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Whether this is another than the process's first thread.
pub fn is_another() -> bool {
    IS_ANOTHER.get().unwrap_or_else(|| {
        // SAFETY: asks for two numbers.
        let is_another = unsafe { libc::gettid() != libc::getpid() };
        IS_ANOTHER.set(Some(is_another));
        is_another
    })
}

/// Under what the work of this thread is entered, by its calling site; nothing if that is the program's.
pub fn worker(origin: &Origin) -> Option<usize> {
    if origin.site == 0 {
        return None;
    }
    let image = site::image_of(origin.site)?;
    let known = FILES.lock().get_or_insert_default().get(&image.bias).copied();
    let worker = known.unwrap_or_else(|| {
        let worker = register(&image.path);
        FILES.lock().get_or_insert_default().insert(image.bias, worker);
        worker
    })?;
    COUNTED.with_borrow_mut(|counted| {
        if !counted.contains(&worker) {
            counted.push(worker);
            books::called(worker);
        }
    });
    Some(worker)
}

fn register(file: &Path) -> Option<usize> {
    if std::env::current_exe().is_ok_and(|program| program == file) {
        return None;
    }
    let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
    thunk::place(0, Gives::Nothing, format!("threads of {name}"))
}
