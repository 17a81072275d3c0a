//! `memoryview`: an object's memory as a sequence of items, without a copy.
//!
//! A memoryview, and all that are made of it by slicing and casting, share one [`managed`] buffer, which is given back
//! when the last of them is released. Each has a description of its own of what it shows: `view`, whose shape and
//! strides lie behind the object. The description is never changed once the memoryview is made; releasing sets a flag,
//! and everything that looks at the memory checks it first, after foreign code once more.
//!
//! [`item`] reads and writes single items, [`index`] is subscripts, [`cast`] other descriptions of the same memory,
//! [`compare`] `==` and hash, [`methods`] what Python sees by name, [`export`] a memoryview's own buffer and those of
//! classes with `__buffer__`.

use core::cell::Cell;
use core::ffi::c_int;
use core::mem::offset_of;
use core::ptr;

pub mod cast;
mod compare;
pub mod export;
mod half;
mod index;
mod item;
mod iterator;
pub mod managed;
mod methods;
mod record;

pub use iterator::ITERATOR_TYPE;

use super::{STATIC_FLAGS, STATIC_TYPE, Str, entries, slot, table};
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Object, ObjectCell, Owned, Raised, Result, Type};
use crate::protocol::buffer::exporter_of;
use crate::protocol::view::{self, Order};
use crate::runtime::ThreadState;
use crate::types::exceptions::{BUFFER_ERROR, NOT_IMPLEMENTED_ERROR, TYPE_ERROR, VALUE_ERROR};
use item::Format;
use managed::ManagedBuffer;

layout!(MemoryView = PyMemoryViewObject, PyMemoryView_Type);

/// Bytes before shape, strides and suboffsets.
const HEADER: usize = offset_of!(PyMemoryViewObject, ob_array);

pub const MAX_NDIM: usize = PyBUF_MAX_NDIM as usize;

/// Shape, strides and suboffsets of a view that is being made.
pub struct Dimensions<'a> {
    pub shape: &'a mut [isize],
    pub strides: &'a mut [isize],
    pub suboffsets: &'a mut [isize],
}

impl MemoryView {
    /// `memoryview(object)`: of the object's memory, or one more of what a memoryview shows.
    pub fn new(ts: &ThreadState, object: &Object, flags: c_int) -> Result<Owned<MemoryView>> {
        if let Some(other) = object.downcast::<MemoryView>() {
            other.check_unrestricted(ts)?;
            return other.another(ts, |_, _| Ok(()));
        }
        if exporter_of(object).is_none() {
            let name = object.ty().full_name();
            let message = format_args!("memoryview: a bytes-like object is required, not '{name}'");
            return Err(ts.raise(&TYPE_ERROR, message));
        }
        ManagedBuffer::of_object(ts, object, flags)?.whole(ts)
    }

    /// One more memoryview of the same managed buffer, which `change` makes show something else. Its suboffsets are
    /// empty if there are none.
    fn another(
        &self,
        ts: &ThreadState,
        change: impl FnOnce(&mut Py_buffer, Dimensions<'_>) -> Result<()>,
    ) -> Result<Owned<MemoryView>> {
        let source = self.view();
        MemoryView::describe(ts, self.managed(), source, source.ndim as usize, change)
    }

    /// A memoryview of `managed` with room for `ndim` dimensions that shows what `source` describes, as `change` has
    /// changed it: before that, `source`'s own dimensions are filled in, as far as there is room.
    pub fn describe(
        ts: &ThreadState,
        managed: &ManagedBuffer,
        source: &Py_buffer,
        ndim: usize,
        change: impl FnOnce(&mut Py_buffer, Dimensions<'_>) -> Result<()>,
    ) -> Result<Owned<MemoryView>> {
        if ndim.max(source.ndim as usize) > MAX_NDIM {
            let message = format!("memoryview: number of dimensions must not exceed {MAX_NDIM}");
            return Err(ts.raise_str(&VALUE_ERROR, &message));
        }
        let mut arrays = [0isize; 3 * MAX_NDIM];
        let (shape, rest) = arrays[..3 * ndim].split_at_mut(ndim);
        let (strides, suboffsets) = rest.split_at_mut(ndim);
        copy_dimensions(source, shape, strides, suboffsets);
        let n_suboffsets = if source.suboffsets.is_null() { 0 } else { ndim };
        let mut view = Py_buffer { shape: ptr::null_mut(), strides: ptr::null_mut(), ..*source };
        if view.format.is_null() {
            view.format = c"B".as_ptr().cast_mut();
        }
        change(&mut view, Dimensions { shape, strides, suboffsets: &mut suboffsets[..n_suboffsets] })?;
        MemoryView::from_parts(ts, managed, view, &arrays[..3 * ndim])
    }

    /// The object itself: `arrays` are shape, strides and suboffsets.
    fn from_parts(
        ts: &ThreadState,
        managed: &ManagedBuffer,
        mut view: Py_buffer,
        arrays: &[isize],
    ) -> Result<Owned<MemoryView>> {
        let room = arrays.len() / 3;
        // SAFETY: all fields are written, and the arrays behind them, for which there is room.
        unsafe {
            let this = ts.new_object::<MemoryView>(&PyMemoryView_Type, HEADER + size_of_val(arrays))?;
            let own = this.ob_array.as_ptr().cast::<isize>();
            own.copy_from_nonoverlapping(arrays.as_ptr(), arrays.len());
            if view.ndim > 0 {
                view.shape = own;
                view.strides = own.add(room);
            }
            view.suboffsets = if view.suboffsets.is_null() { ptr::null_mut() } else { own.add(2 * room) };
            this.ob_base.ob_size.set(arrays.len() as isize);
            this.hash.set(-1);
            this.flags.set(flags_of(&view));
            this.exports.set(0);
            this.view.set(view);
            this.weakreflist.set(ptr::null_mut());
            this.mbuf.set(Owned::new(managed).into_raw().cast());
            managed.exports.set(managed.exports.get() + 1);
            gc_track(&this);
            Ok(this)
        }
    }

    /// What it shows.
    #[inline(always)]
    pub fn view(&self) -> &Py_buffer {
        // SAFETY: written when it was made and never changed.
        unsafe { &*self.view.as_ptr() }
    }

    #[inline]
    fn managed(&self) -> &ManagedBuffer {
        // SAFETY: written when it was made; only the collector takes it, from what nobody reaches any more.
        unsafe { &*self.mbuf.get() }
    }

    #[inline(always)]
    fn has(&self, flag: c_int) -> bool {
        self.flags.get() & flag != 0
    }

    /// The memory is not to be looked at any more.
    #[inline]
    pub fn is_released(&self) -> bool {
        self.has(_Py_MEMORYVIEW_RELEASED) || self.managed().released.get()
    }

    #[inline]
    pub fn check(&self, ts: &ThreadState) -> Result<&Py_buffer> {
        if self.is_released() {
            return Err(ts.raise_str(&VALUE_ERROR, "operation forbidden on released memoryview object"));
        }
        Ok(self.view())
    }

    /// The same for what makes one more view: not of one that is lent to `__release_buffer__`.
    pub fn check_unrestricted(&self, ts: &ThreadState) -> Result<&Py_buffer> {
        self.check(ts)?;
        if self.has(_Py_MEMORYVIEW_RESTRICTED) {
            return Err(ts.raise_str(&VALUE_ERROR, "cannot create new view on restricted memoryview"));
        }
        Ok(self.view())
    }

    /// How to read the items; `NotImplementedError` for what only the module `struct` knows.
    fn format(&self, ts: &ThreadState) -> Result<Format> {
        let text = format_text(self.view());
        Format::parse(text).ok_or_else(|| match native(text) {
            letter @ [_] => {
                not_implemented(ts, &format!("memoryview: format {} not supported", String::from_utf8_lossy(letter)))
            }
            _ => not_implemented(ts, &format!("memoryview: unsupported format {}", String::from_utf8_lossy(text))),
        })
    }

    /// The same for an item that nobody reads yet: any single letter may still turn out not to be needed.
    fn check_format(&self, ts: &ThreadState) -> Result<()> {
        if native(format_text(self.view())).len() == 1 { Ok(()) } else { self.format(ts).map(drop) }
    }

    /// `BufferError` while somebody holds a buffer of the memoryview's own.
    pub fn release(&self, ts: &ThreadState) -> Result<()> {
        match self.exports.get() {
            _ if self.has(_Py_MEMORYVIEW_RELEASED) => Ok(()),
            0 => {
                self.give_back();
                Ok(())
            }
            n => {
                let s = if n == 1 { "" } else { "s" };
                Err(ts.raise(&BUFFER_ERROR, format_args!("memoryview has {n} exported buffer{s}")))
            }
        }
    }

    fn give_back(&self) {
        self.flags.set(self.flags.get() | _Py_MEMORYVIEW_RELEASED);
        if !self.mbuf.get().is_null() {
            self.managed().drop_export();
        }
    }

    fn repr(ts: &ThreadState, this: &MemoryView) -> Result<Owned<Str>> {
        let released = if this.has(_Py_MEMORYVIEW_RELEASED) { "released " } else { "" };
        Str::new(ts, &format!("<{released}memory at {:p}>", this.as_ptr()))
    }

    fn drop_fields(ts: &ThreadState, this: &MemoryView) {
        if !this.has(_Py_MEMORYVIEW_RELEASED) {
            this.give_back();
        }
        if !this.weakreflist.get().is_null() {
            super::weakref::clear_references(ts, this);
        }
        drop(this.mbuf.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        visitor.field(&self.mbuf)
    }

    /// Breaks a cycle through the exporter. A buffer of the memoryview's own needs the memory still.
    fn clear(&self) {
        if self.exports.get() == 0 && !self.has(_Py_MEMORYVIEW_RELEASED) {
            self.give_back();
        }
    }
}

/// The format that a view names; none is bytes.
pub fn format_text(view: &Py_buffer) -> &[u8] {
    if view.format.is_null() {
        return b"B";
    }
    // SAFETY: [cstr] an exporter's format lives as long as its buffer.
    unsafe { core::ffi::CStr::from_ptr(view.format) }.to_bytes()
}

/// What `source` says of its dimensions, or leaves to be known: that items lie side by side, in one dimension.
fn copy_dimensions(source: &Py_buffer, shape: &mut [isize], strides: &mut [isize], suboffsets: &mut [isize]) {
    let n = source.ndim as usize;
    if n > shape.len() {
        return;
    }
    let (shape, strides) = (&mut shape[..n], &mut strides[..n]);
    match view::shape(source) {
        [] if n > 0 => {
            shape.fill(1);
            shape[0] = if source.itemsize == 0 { 0 } else { source.len / source.itemsize };
        }
        known => shape.copy_from_slice(known),
    }
    match view::strides(source) {
        Some(known) => strides.copy_from_slice(known),
        None => view::contiguous_strides(shape, strides, source.itemsize, Order::C),
    }
    if !source.suboffsets.is_null() {
        // SAFETY: [span] one entry a dimension.
        suboffsets[..n].copy_from_slice(unsafe { core::slice::from_raw_parts(source.suboffsets, n) });
    }
}

/// How the items lie.
fn flags_of(view: &Py_buffer) -> c_int {
    const BOTH: c_int = _Py_MEMORYVIEW_C | _Py_MEMORYVIEW_FORTRAN;
    if !view.suboffsets.is_null() {
        return _Py_MEMORYVIEW_PIL;
    }
    match view.ndim {
        0 => _Py_MEMORYVIEW_SCALAR | BOTH,
        1 => {
            let stride = view::strides(view).map_or(view.itemsize, |s| s[0]);
            if view::shape(view)[0] == 1 || stride == view.itemsize { BOTH } else { 0 }
        }
        _ => {
            let c = if view::is_contiguous(view, b'C') { _Py_MEMORYVIEW_C } else { 0 };
            let fortran = if view::is_contiguous(view, b'F') { _Py_MEMORYVIEW_FORTRAN } else { 0 };
            c | fortran
        }
    }
}

#[cold]
fn type_error(ts: &ThreadState, message: &str) -> Raised {
    ts.raise_str(&TYPE_ERROR, message)
}

/// A format without the `@` that says nothing.
fn native(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"@").unwrap_or(text)
}

#[cold]
fn not_implemented(ts: &ThreadState, message: &str) -> Raised {
    ts.raise_str(&NOT_IMPLEMENTED_ERROR, message)
}

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyMemoryView_Type: Type = Type {
    tp_name: c"memoryview".as_ptr(),
    tp_basicsize: HEADER as isize,
    tp_itemsize: size_of::<isize>() as isize,
    tp_weaklistoffset: offset_of!(PyMemoryViewObject, weakreflist) as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_SEQUENCE),
    tp_doc: Cell::new(c"memoryview(object)\n--\n\nAn object's memory, as a sequence of items.".as_ptr()),
    tp_dealloc: slot::dealloc(MemoryView::drop_fields),
    tp_traverse: slot::traverse(MemoryView::visit),
    tp_clear: slot::clear(MemoryView::clear),
    tp_repr: slot::unary(MemoryView::repr),
    tp_hash: slot::hash(compare::hash),
    tp_richcompare: slot::richcompare(compare::richcompare),
    tp_iter: slot::unary(iterator::new),
    tp_as_sequence: Cell::new(table(&index::AS_SEQUENCE)),
    tp_as_mapping: Cell::new(table(&index::AS_MAPPING)),
    tp_as_buffer: Cell::new(table(&export::AS_BUFFER)),
    tp_methods: entries(&methods::METHODS),
    tp_getset: entries(&methods::GETSET),
    tp_new: slot::new(methods::make),
    ..STATIC_TYPE
};
