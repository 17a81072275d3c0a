//! `bytearray`: bytes that may change.
//!
//! The content lies within a bytes object that nobody else sees (`ob_bytes_object`), so that `take_bytes` can give
//! it away. It begins at `ob_start`, which moves to the right when bytes are cut off in front, and a NUL follows
//! it. While `ob_exports` is not 0 somebody holds a pointer to the content: the size must not change then.
//!
//! [`construct`] makes them, [`sequence`] is what operators do, [`methods`] what Python sees by name and bytes do
//! not have; the rest, and the iterator, is shared with bytes (`types::bytes::ByteString`).

use core::cell::Cell;
use core::ffi::c_int;
use core::ptr;

pub mod construct;
mod methods;
pub mod sequence;

use super::bytes::{ByteString, iterator};
use super::{Bytes, STATIC_FLAGS, STATIC_TYPE, Str, entries, slot, table};
use crate::ffi::*;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::buffer;
use crate::protocol::number;
use crate::runtime::ThreadState;
use crate::types::exceptions::{BUFFER_ERROR, VALUE_ERROR};
use crate::types::text::repr;

layout!(ByteArray = PyByteArrayObject, PyByteArray_Type);

/// What a bytes takes beside its content: the header and the NUL.
const BYTES_OVERHEAD: usize = core::mem::offset_of!(PyBytesObject, ob_sval) + 1;

impl ByteArray {
    pub fn new(ts: &ThreadState, content: &[u8]) -> Result<Owned<ByteArray>> {
        Self::filled(ts, content.len(), |room| room.copy_from_slice(content))
    }

    /// A bytearray that `write` fills in; it sees zeros.
    pub fn filled(ts: &ThreadState, n: usize, write: impl FnOnce(&mut [u8])) -> Result<Owned<ByteArray>> {
        let this = Self::empty(ts, &PyByteArray_Type)?;
        this.resize(ts, n)?;
        this.with_content(|content| {
            content.fill(0);
            write(content);
        });
        Ok(this)
    }

    /// An empty instance of `ty`, which is bytearray or a subtype.
    fn empty(ts: &ThreadState, ty: &Type) -> Result<Owned<ByteArray>> {
        // SAFETY: a subtype's instances have the layout, and zeros are a valid one.
        let this = unsafe { ts.alloc_instance(ty, 0)?.cast_owned::<ByteArray>() };
        this.adopt(Bytes::empty(), 0);
        Ok(this)
    }

    /// Makes `storage` the memory, its first `len` bytes the content.
    fn adopt(&self, storage: Owned<Bytes>, len: usize) {
        self.ob_alloc.set(storage.len() as isize);
        self.ob_bytes.set(storage.data().cast());
        self.ob_start.set(storage.data().cast());
        self.ob_base.ob_size.set(len as isize);
        self.ob_bytes_object.store(Some(storage));
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.ob_base.ob_size.get() as usize
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the content is, until the size changes.
    #[inline(always)]
    pub fn data(&self) -> *mut u8 {
        self.ob_start.get().cast()
    }

    /// The content, until anything may change it.
    #[inline(always)]
    pub fn as_slice(&self) -> &[u8] {
        if self.is_empty() {
            return &[];
        }
        // SAFETY: so many bytes are there.
        unsafe { core::slice::from_raw_parts(self.data(), self.len()) }
    }

    /// Lets `f`, which runs no foreign code, change the content.
    fn with_content<R>(&self, f: impl FnOnce(&mut [u8]) -> R) -> R {
        if self.is_empty() {
            return f(&mut []);
        }
        // SAFETY: so many bytes are there, and `f` sees them by no other way.
        f(unsafe { core::slice::from_raw_parts_mut(self.data(), self.len()) })
    }

    /// Bytes in front of the content.
    fn offset(&self) -> usize {
        self.ob_start.get() as usize - self.ob_bytes.get() as usize
    }

    /// `BufferError` while somebody holds a buffer.
    fn check_resizable(&self, ts: &ThreadState) -> Result<()> {
        if self.ob_exports.get() > 0 {
            return Err(ts.raise_str(&BUFFER_ERROR, "Existing exports of data: object cannot be re-sized"));
        }
        Ok(())
    }

    /// Changes the size; bytes that come in at the end are not written yet.
    pub fn resize(&self, ts: &ThreadState, n: usize) -> Result<()> {
        if n == self.len() {
            return Ok(());
        }
        self.check_resizable(ts)?;
        let alloc = self.ob_alloc.get() as usize;
        let room = if n == 0 {
            self.adopt(Bytes::empty(), 0);
            return Ok(());
        } else if n.saturating_add(self.offset()) <= alloc && n >= alloc / 2 {
            self.cut(n);
            return Ok(());
        } else if n > alloc && n <= alloc + (alloc >> 3) {
            // As a list grows.
            n + (n >> 3) + if n < 9 { 3 } else { 6 }
        } else {
            n
        };
        if room > isize::MAX as usize - BYTES_OVERHEAD {
            return Err(ts.no_memory());
        }
        // SAFETY: what was there is copied; the rest is the caller's to write, and nobody reads beyond the size.
        unsafe {
            let storage = match Bytes::with_size(ts, room) {
                Ok(storage) => storage,
                Err(_raised) if n < self.len() => {
                    // Becoming smaller never fails: the old memory does.
                    ts.error.clear();
                    self.cut(n);
                    return Ok(());
                }
                Err(raised) => return Err(raised),
            };
            let kept = self.len().min(n);
            storage.data().copy_from_nonoverlapping(self.data(), kept);
            storage.data().add(n).write(0);
            self.adopt(storage, n);
        }
        Ok(())
    }

    /// Sets a size that the storage has room for.
    fn cut(&self, n: usize) {
        self.ob_base.ob_size.set(n as isize);
        // SAFETY: the storage is the bytearray's own, with one byte more than `ob_alloc`.
        unsafe { self.data().add(n).write(0) };
    }

    /// Replaces bytes `from..to` by `new`, which is none of the bytearray's own memory.
    pub fn splice(&self, ts: &ThreadState, from: usize, to: usize, new: &[u8]) -> Result<()> {
        let n = self.len();
        let (gone, tail) = (to - from, n - to);
        if new.len() < gone {
            self.check_resizable(ts)?;
            let less = gone - new.len();
            // SAFETY: all within the content.
            unsafe {
                if from == 0 && tail > 0 {
                    self.ob_start.set(self.ob_start.get().add(less));
                } else {
                    ptr::copy(self.data().add(to), self.data().add(from + new.len()), tail);
                }
            }
            self.resize(ts, n - less)?;
        } else if new.len() > gone {
            let Some(size) = n.checked_add(new.len() - gone) else { return Err(ts.no_memory()) };
            self.resize(ts, size)?;
            // SAFETY: there is room for all of it now.
            unsafe { ptr::copy(self.data().add(to), self.data().add(from + new.len()), tail) };
        }
        self.with_content(|content| content[from..from + new.len()].copy_from_slice(new));
        Ok(())
    }

    /// Adds one byte.
    pub fn push(&self, ts: &ThreadState, byte: u8) -> Result<()> {
        let n = self.len();
        self.resize(ts, n + 1)?;
        self.with_content(|content| content[n] = byte);
        Ok(())
    }

    /// Takes bytes `..n` away, as a bytes.
    fn take_front(&self, ts: &ThreadState, n: usize) -> Result<Owned<Bytes>> {
        let rest = self.len() - n;
        if rest > n || self.offset() > 0 || self.ob_alloc.get() as usize != n {
            let taken = Bytes::new(ts, &self.as_slice()[..n])?;
            self.splice(ts, 0, n, &[])?;
            return Ok(taken);
        }
        // The storage is the content, and nobody else has seen it.
        let storage = self.ob_bytes_object.take_owned();
        self.adopt(Bytes::empty(), 0);
        // SAFETY: always a bytes, but before the first `adopt`.
        Ok(storage.map_or_else(Bytes::empty, |s| Bytes::canonical(unsafe { s.cast_owned::<Bytes>() })))
    }

    /// What an allocation takes; nothing for the shared empty one.
    fn allocated(&self) -> isize {
        match self.ob_alloc.get() {
            0 => 0,
            n => n + BYTES_OVERHEAD as isize,
        }
    }

    fn repr(ts: &ThreadState, this: &ByteArray) -> Result<Owned<Str>> {
        let name = this.ty().short_name();
        Str::build(ts, |out| {
            out.extend_str(name)?;
            out.push_ascii(b"(")?;
            repr::repr_bytes(this.as_slice(), out)?;
            out.push_ascii(b")")
        })
    }

    fn drop_content(_ts: &ThreadState, this: &ByteArray) {
        drop(this.ob_bytes_object.take_owned());
    }
}

/// A number that is a byte; `ValueError` if it is too large or too small.
fn byte_value(ts: &ThreadState, value: &Object) -> Result<u8> {
    let byte = number::index(ts, value)?.to_i64().and_then(|b| u8::try_from(b).ok());
    byte.ok_or_else(|| ts.raise_str(&VALUE_ERROR, "byte must be in range(0, 256)"))
}

impl ByteString for ByteArray {
    const MAKETRANS: &'static str = "bytearray.maketrans";
    const INDICES: &'static str = "bytearray";
    const OUT_OF_RANGE: &'static str = "bytearray index out of range";
    const FIRST_PLACE: isize = -1;

    fn iterator_type() -> &'static Type {
        &PyByteArrayIter_Type
    }

    #[inline(always)]
    fn as_slice(&self) -> &[u8] {
        ByteArray::as_slice(self)
    }

    fn make(ts: &ThreadState, content: &[u8]) -> Result<Owned<ByteArray>> {
        ByteArray::new(ts, content)
    }

    fn filled(ts: &ThreadState, n: usize, write: impl FnOnce(&mut [u8])) -> Result<Owned<ByteArray>> {
        ByteArray::filled(ts, n, write)
    }

    fn unchanged(ts: &ThreadState, this: &ByteArray) -> Result<Owned<ByteArray>> {
        ByteArray::new(ts, this.as_slice())
    }

    fn reused(_object: &Object) -> Option<Owned<ByteArray>> {
        None
    }

    fn separator(ts: &ThreadState, _given: &Object, content: &[u8]) -> Result {
        Ok(ByteArray::new(ts, content)?.upcast())
    }

    fn pinned<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R {
        self.ob_exports.set(self.ob_exports.get() + 1);
        let answer = f(self.as_slice());
        self.ob_exports.set(self.ob_exports.get() - 1);
        answer
    }
}

/// # Safety
/// C's protocol: `object` is a bytearray, `view` valid for a write.
unsafe extern "C" fn get_buffer(object: *mut PyObject, view: *mut Py_buffer, flags: c_int) -> c_int {
    crate::runtime::boundary(|ts| {
        if view.is_null() {
            let message = "bytearray_getbuffer: view==NULL argument is obsolete";
            return Err(ts.raise_str(&BUFFER_ERROR, message));
        }
        // SAFETY: the slot gets an instance; its content stays where it is while it is exported.
        unsafe {
            let this = &*object.cast::<ByteArray>();
            buffer::fill(ts, view, Some(this), this.data(), this.len(), false, flags)?;
            this.ob_exports.set(this.ob_exports.get() + 1);
        }
        Ok(())
    })
}

/// # Safety
/// C's protocol: `object` is a bytearray that `get_buffer` has exported.
unsafe extern "C" fn release_buffer(object: *mut PyObject, _view: *mut Py_buffer) {
    // SAFETY: the slot gets an instance.
    let this = unsafe { &*object.cast::<ByteArray>() };
    this.ob_exports.set(this.ob_exports.get() - 1);
}

#[unsafe(link_section = "immortal")]
static AS_BUFFER: PyBufferProcs =
    PyBufferProcs { bf_getbuffer: Cell::new(Some(get_buffer)), bf_releasebuffer: Cell::new(Some(release_buffer)) };

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyByteArray_Type: Type = Type {
    tp_name: c"bytearray".as_ptr(),
    tp_basicsize: size_of::<ByteArray>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_BASETYPE | _Py_TPFLAGS_MATCH_SELF),
    tp_doc: Cell::new(
        c"bytearray(iterable_of_ints)\nbytearray(text, encoding[, errors])\nbytearray(buffer)\nbytearray(count)\n\
          bytearray()\n\nA sequence of numbers from 0 to 255 that may change."
            .as_ptr(),
    ),
    tp_repr: slot::unary(ByteArray::repr),
    tp_str: slot::unary(ByteArray::repr),
    tp_hash: slot::unhashable(),
    tp_richcompare: slot::richcompare(sequence::compare),
    tp_iter: slot::unary(iterator::new::<ByteArray>),
    tp_as_number: Cell::new(table(&sequence::AS_NUMBER)),
    tp_as_sequence: Cell::new(table(&sequence::AS_SEQUENCE)),
    tp_as_mapping: Cell::new(table(&sequence::AS_MAPPING)),
    tp_as_buffer: Cell::new(table(&AS_BUFFER)),
    tp_methods: entries(&methods::METHODS),
    tp_init: slot::init(construct::init),
    tp_new: slot::new(construct::new_slot),
    tp_dealloc: slot::dealloc(ByteArray::drop_content),
    ..STATIC_TYPE
};

static ITERATOR_METHODS: [PyMethodDef; 4] = iterator::methods::<ByteArray>();

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyByteArrayIter_Type: Type = iterator::type_of::<ByteArray>(c"bytearray_iterator", &ITERATOR_METHODS);
