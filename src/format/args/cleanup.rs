//! What converting acquired, to be given back if a later item fails.

use core::ffi::{c_char, c_void};
use core::ptr;

use smallvec::SmallVec;

use super::ConverterFunction;
use crate::ffi::Py_buffer;
use crate::protocol::buffer;
use crate::runtime::ThreadState;

enum Entry {
    View(*mut Py_buffer),
    /// A variable that holds memory of `PyMem_Malloc`.
    Memory(*mut *mut c_char),
    Converted(ConverterFunction, *mut c_void),
}

#[derive(Default)]
pub(super) struct Cleanup {
    entries: SmallVec<[Entry; 4]>,
}

impl Cleanup {
    pub(super) fn view(&mut self, view: *mut Py_buffer) {
        self.entries.push(Entry::View(view));
    }

    pub(super) fn memory(&mut self, variable: *mut *mut c_char) {
        self.entries.push(Entry::Memory(variable));
    }

    pub(super) fn converted(&mut self, function: ConverterFunction, variable: *mut c_void) {
        self.entries.push(Entry::Converted(function, variable));
    }

    /// All went well: the caller keeps everything.
    #[inline(always)]
    pub(super) fn forget(&mut self) {
        self.entries.clear();
    }
}

impl Drop for Cleanup {
    #[inline(always)]
    fn drop(&mut self) {
        if !self.entries.is_empty() {
            give_back(&self.entries);
        }
    }
}

#[cold]
fn give_back(entries: &[Entry]) {
    for entry in entries {
        match *entry {
            // SAFETY: an exporter filled it in, and nobody has released it.
            Entry::View(view) => unsafe { buffer::release(view) },
            // SAFETY: the variable is the caller's, its memory from this interpreter's heap.
            Entry::Memory(variable) => unsafe {
                ThreadState::current().free((*variable).cast());
                variable.write(ptr::null_mut());
            },
            Entry::Converted(function, variable) => {
                // SAFETY: the converter asked for this call.
                unsafe { function(ptr::null_mut(), variable) };
            }
        }
    }
}
