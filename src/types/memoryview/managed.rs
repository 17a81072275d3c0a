//! The buffer that memoryviews share: asked for once, given back when the last of them is released.

use core::cell::Cell;
use core::ffi::{c_char, c_int};
use core::ptr;

use super::MemoryView;
use crate::ffi::*;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::buffer;
use crate::runtime::ThreadState;
use crate::types::exceptions::{BUFFER_ERROR, VALUE_ERROR};
use crate::types::{STATIC_FLAGS, STATIC_TYPE, slot};

layout!(ManagedBuffer = PyManagedBufferObject, MANAGED_BUFFER_TYPE);

/// See [`ManagedBuffer::hold`]. Whoever holds it has a reference to the managed buffer.
pub(super) struct Hold<'a>(&'a ManagedBuffer);

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.0.drop_export();
    }
}

impl ManagedBuffer {
    /// One that holds nothing yet. `master` is filled in where it lies, since a view may point into itself.
    fn empty(ts: &ThreadState) -> Result<Owned<ManagedBuffer>> {
        let this = ts.alloc_instance(&MANAGED_BUFFER_TYPE, 0)?;
        // SAFETY: the type's instances have the layout; zeros are a valid one.
        let this = unsafe { this.cast_owned::<ManagedBuffer>() };
        this.released.set(true);
        Ok(this)
    }

    /// The buffer of an object that exports one.
    pub fn of_object(ts: &ThreadState, object: &Object, flags: c_int) -> Result<Owned<ManagedBuffer>> {
        let this = ManagedBuffer::empty(ts)?;
        // SAFETY: [out] the object's own room.
        unsafe { buffer::get(ts, object, this.master.as_ptr(), flags)? };
        this.released.set(false);
        Ok(this)
    }

    /// What `object` gives when it is asked by `get`: its own method, whatever its type has in the place of it.
    pub fn by_function(
        ts: &ThreadState,
        object: &Object,
        get: getbufferproc,
        flags: c_int,
    ) -> Result<Owned<ManagedBuffer>> {
        let this = ManagedBuffer::empty(ts)?;
        // SAFETY: [out] the object's own room; the caller's function is one for this object.
        if unsafe { get(object.as_ptr(), this.master.as_ptr(), flags) } != 0 {
            return Err(crate::object::Raised::already());
        }
        this.released.set(false);
        Ok(this)
    }

    /// A view that stays C's to release, `PyMemoryView_FromBuffer`.
    ///
    /// # Safety
    /// The view is filled in and outlives all memoryviews of it.
    pub unsafe fn of_view(ts: &ThreadState, view: &Py_buffer) -> Result<Owned<ManagedBuffer>> {
        if view.buf.is_null() {
            let message = "PyMemoryView_FromBuffer(): info->buf must not be NULL";
            return Err(ts.raise_str(&VALUE_ERROR, message));
        }
        let this = ManagedBuffer::empty(ts)?;
        this.master.set(Py_buffer { obj: ptr::null_mut(), ..*view });
        this.released.set(false);
        Ok(this)
    }

    /// `len` bytes of C's.
    ///
    /// # Safety
    /// They outlive all memoryviews of them, and may be written to unless `readonly`.
    pub unsafe fn of_memory(
        ts: &ThreadState,
        memory: *mut c_char,
        len: usize,
        readonly: bool,
    ) -> Result<Owned<ManagedBuffer>> {
        let this = ManagedBuffer::empty(ts)?;
        // SAFETY: [out] the object's own room; the caller's promise.
        unsafe { buffer::fill(ts, this.master.as_ptr(), None, memory.cast(), len, readonly, PyBUF_FULL_RO)? };
        this.released.set(false);
        Ok(this)
    }

    pub fn master(&self) -> &Py_buffer {
        // SAFETY: filled in once, by what makes one.
        unsafe { &*self.master.as_ptr() }
    }

    /// A memoryview of all of it.
    pub fn whole(&self, ts: &ThreadState) -> Result<Owned<MemoryView>> {
        let master = self.master();
        let Ok(ndim) = usize::try_from(master.ndim) else {
            return Err(ts.raise_str(&BUFFER_ERROR, "the exporter gave a buffer with a negative number of dimensions"));
        };
        MemoryView::describe(ts, self, master, ndim, |_, _| Ok(()))
    }

    /// Keeps a copy of a format that would be gone before the memoryviews.
    pub fn own_format(&self, format: &[u8]) -> *mut c_char {
        let text: Box<[u8]> = format.iter().copied().chain([0]).collect();
        let text = Box::into_raw(text).cast::<c_char>();
        self.own_format.set(text);
        text
    }

    /// Keeps the buffer from being given back for a while.
    pub(super) fn hold(&self) -> Hold<'_> {
        self.exports.set(self.exports.get() + 1);
        Hold(self)
    }

    /// A memoryview is released.
    pub(super) fn drop_export(&self) {
        self.exports.set(self.exports.get() - 1);
        if self.exports.get() == 0 {
            self.give_back();
        }
    }

    fn give_back(&self) {
        if !self.released.replace(true) {
            // SAFETY: filled in, and released once.
            unsafe { buffer::release(self.master.as_ptr()) };
        }
    }

    fn drop_fields(_ts: &ThreadState, this: &ManagedBuffer) {
        this.give_back();
        let format = this.own_format.get();
        if !format.is_null() {
            // SAFETY: what `own_format` made of a boxed slice: its text and a NUL.
            unsafe {
                let len = core::ffi::CStr::from_ptr(format).to_bytes_with_nul().len();
                drop(Box::from_raw(ptr::slice_from_raw_parts_mut(format.cast::<u8>(), len)));
            }
        }
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        // SAFETY: NULL or a live object, which the buffer holds until it is released.
        match unsafe { Object::from_nullable(self.master().obj) } {
            Some(object) if !self.released.get() => visitor.object(object),
            _ => Ok(()),
        }
    }

    /// Breaks a cycle through the exporter, unless a buffer that a memoryview gave out is still looked at.
    fn clear(&self) {
        if self.exports.get() == 0 {
            self.give_back();
        }
    }
}

#[unsafe(link_section = "immortal")]
pub static MANAGED_BUFFER_TYPE: Type = Type {
    tp_name: c"managedbuffer".as_ptr(),
    tp_basicsize: size_of::<ManagedBuffer>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION),
    tp_dealloc: slot::dealloc(ManagedBuffer::drop_fields),
    tp_traverse: slot::traverse(ManagedBuffer::visit),
    tp_clear: slot::clear(ManagedBuffer::clear),
    ..STATIC_TYPE
};
