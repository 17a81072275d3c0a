//! `bytes`: immutable bytes behind a header, with a NUL after the last.
//!
//! Empty and one-byte bytes are statics that the process shares. What works on the bytes themselves is in
//! `types/text`, where bytes are the one-byte case of characters.
//!
//! [`construct`] makes them, [`sequence`] is what operators do, [`methods`] and [`search`] what Python sees by
//! name, [`percent`] the `%` operator, [`iterator`] the iterator. All but the first are generic over [`ByteString`], which
//! `bytearray` is too.

use core::cell::Cell;
use core::ffi::c_char;

pub mod construct;
pub mod iterator;
pub mod methods;
pub mod percent;
mod search;
pub mod sequence;
mod string;

pub use string::{ByteString, content_of};

use super::{STATIC_FLAGS, STATIC_TYPE, entries, slot, table};
use crate::ffi::*;
use crate::object::strategy::{self, Singleton};
use crate::object::{Owned, Result, Type};
use crate::protocol::buffer;
use crate::runtime::ThreadState;
use crate::types::Str;
use crate::types::text::repr;

layout!(Bytes = PyBytesObject, PyBytes_Type, Py_TPFLAGS_BYTES_SUBCLASS);

/// Bytes before the content.
const HEADER: usize = core::mem::offset_of!(PyBytesObject, ob_sval);

/// A static bytes of at most one byte.
#[repr(C)]
struct StaticBytes {
    header: PyBytesObject,
    rest: [u8; 7],
}

// SAFETY: as its header; the content never changes.
unsafe impl Sync for StaticBytes {}

const fn static_bytes(len: isize, byte: u8) -> StaticBytes {
    StaticBytes {
        header: PyBytesObject {
            ob_base: PyVarObject::immortal_sized(&raw const PyBytes_Type, len),
            ob_shash: Cell::new(-1),
            ob_sval: Cell::new([byte as c_char]),
        },
        rest: [0; 7],
    }
}

#[unsafe(link_section = "immortal")]
static EMPTY: StaticBytes = static_bytes(0, 0);

#[unsafe(link_section = "immortal")]
static SINGLE: [StaticBytes; 256] = {
    let mut all = [const { static_bytes(1, 0) }; 256];
    let mut i = 0;
    while i < 256 {
        all[i] = static_bytes(1, i as u8);
        i += 1;
    }
    all
};

/// All bytes in the image.
pub fn static_objects() -> impl Iterator<Item = &'static Bytes> {
    core::iter::once(&EMPTY.header).chain(SINGLE.iter().map(|b| &b.header))
}

/// Fills in the hashes, which depend on the process's seed.
pub fn finish_statics() {
    static_objects().for_each(|b| {
        b.hash();
    });
}

/// `b""`.
pub fn empty_ref() -> &'static Bytes {
    &strategy::own(Singleton::EmptyBytes, &EMPTY).header
}

impl Bytes {
    pub fn empty() -> Owned<Bytes> {
        Owned::immortal(empty_ref())
    }

    /// The shared bytes of one byte.
    #[inline]
    pub fn single(byte: u8) -> &'static Bytes {
        &strategy::own(Singleton::SingleBytes, &SINGLE)[usize::from(byte)].header
    }

    /// Bytes with this content.
    #[inline]
    pub fn new(ts: &ThreadState, content: &[u8]) -> Result<Owned<Bytes>> {
        match content {
            [] => Ok(Bytes::empty()),
            [byte] => Ok(Owned::immortal(Bytes::single(*byte))),
            // SAFETY: room for the content, written before anyone sees it.
            _ => unsafe {
                let bytes = Bytes::with_size(ts, content.len())?;
                bytes.data().copy_from_nonoverlapping(content.as_ptr(), content.len());
                Ok(bytes)
            },
        }
    }

    /// Bytes that `write` fills in; it sees zeros.
    pub fn filled(ts: &ThreadState, n: usize, write: impl FnOnce(&mut [u8])) -> Result<Owned<Bytes>> {
        if n == 0 {
            return Ok(Bytes::empty());
        }
        // SAFETY: all bytes are written before anyone else sees them.
        unsafe {
            let bytes = Bytes::with_size(ts, n)?;
            bytes.data().write_bytes(0, n);
            write(core::slice::from_raw_parts_mut(bytes.data(), n));
            Ok(Bytes::canonical(bytes))
        }
    }

    /// The shared object if there is one of this content.
    pub fn canonical(this: Owned<Bytes>) -> Owned<Bytes> {
        match *this.as_slice() {
            [] => Bytes::empty(),
            [byte] => Owned::immortal(Bytes::single(byte)),
            _ => this,
        }
    }

    /// Bytes of length `n` not yet written, the NUL behind them aside. Always a new object.
    ///
    /// # Safety
    /// The caller writes all bytes before anyone else sees them.
    #[inline]
    pub unsafe fn with_size(ts: &ThreadState, n: usize) -> Result<Owned<Bytes>> {
        let size = n.checked_add(HEADER + 1).filter(|&s| s <= isize::MAX as usize);
        let Some(size) = size else {
            return Err(ts.raise_str(&super::exceptions::OVERFLOW_ERROR, "byte string is too large"));
        };
        // SAFETY: the fields are written here, the content by the caller.
        unsafe {
            let bytes = ts.new_object::<Bytes>(&PyBytes_Type, size)?;
            bytes.ob_base.ob_size.set(n as isize);
            bytes.ob_shash.set(-1);
            bytes.data().add(n).write(0);
            Ok(bytes)
        }
    }

    #[inline(always)]
    pub fn len(&self) -> usize {
        self.ob_base.ob_size.get() as usize
    }

    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    pub fn data(&self) -> *mut u8 {
        self.ob_sval.as_ptr().cast()
    }

    #[inline(always)]
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: as many bytes follow as the size says.
        unsafe { core::slice::from_raw_parts(self.data(), self.len()) }
    }

    /// The hash, made once.
    #[inline]
    pub fn hash(&self) -> isize {
        let hash = self.ob_shash.get();
        if hash != -1 {
            return hash;
        }
        let hash = super::hash::hash_bytes(self.as_slice());
        self.ob_shash.set(hash);
        hash
    }

    /// The same object if it is a bytes and no instance of a subclass, else a copy.
    pub fn unchanged(ts: &ThreadState, this: &Bytes) -> Result<Owned<Bytes>> {
        if this.is_exact::<Bytes>() { Ok(Owned::new(this)) } else { Bytes::new(ts, this.as_slice()) }
    }

    pub fn repr(ts: &ThreadState, this: &Bytes) -> Result<Owned<Str>> {
        Str::build(ts, |out| repr::repr_bytes(this.as_slice(), out))
    }

    /// The same in single quotes, whatever is within.
    pub fn repr_single_quoted(ts: &ThreadState, this: &Bytes) -> Result<Owned<Str>> {
        Str::build(ts, |out| repr::repr_bytes_single_quoted(this.as_slice(), out))
    }

    fn hash_slot(_ts: &ThreadState, this: &Bytes) -> Result<isize> {
        Ok(this.hash())
    }
}

/// # Safety
/// C's protocol: `object` is a bytes, `view` valid for a write.
unsafe extern "C" fn get_buffer(
    object: *mut PyObject,
    view: *mut Py_buffer,
    flags: core::ffi::c_int,
) -> core::ffi::c_int {
    crate::runtime::boundary(|ts| {
        // SAFETY: the slot gets an instance; its content stays as long as it lives.
        unsafe {
            let this = &*object.cast::<Bytes>();
            buffer::fill(ts, view, Some(this), this.data(), this.len(), true, flags)
        }
    })
}

#[unsafe(link_section = "immortal")]
static AS_BUFFER: PyBufferProcs = PyBufferProcs { bf_getbuffer: Cell::new(Some(get_buffer)), ..PyBufferProcs::EMPTY };

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyBytes_Type: Type = Type {
    tp_name: c"bytes".as_ptr(),
    tp_basicsize: HEADER as isize + 1,
    tp_itemsize: 1,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_BYTES_SUBCLASS | _Py_TPFLAGS_MATCH_SELF),
    tp_doc: Cell::new(
        c"bytes(iterable_of_ints)\nbytes(text, encoding[, errors])\nbytes(buffer)\nbytes(count)\nbytes()\n\n\
          An immutable sequence of numbers from 0 to 255."
            .as_ptr(),
    ),
    tp_repr: slot::unary(Bytes::repr),
    tp_str: slot::unary(Bytes::repr),
    tp_hash: slot::hash(Bytes::hash_slot),
    tp_richcompare: slot::richcompare(sequence::compare),
    tp_iter: slot::unary(iterator::new::<Bytes>),
    tp_as_number: Cell::new(table(&sequence::AS_NUMBER)),
    tp_as_sequence: Cell::new(table(&sequence::AS_SEQUENCE)),
    tp_as_mapping: Cell::new(table(&sequence::AS_MAPPING)),
    tp_as_buffer: Cell::new(table(&AS_BUFFER)),
    tp_methods: entries(&methods::METHODS),
    tp_new: slot::new(construct::new_slot),
    tp_dealloc: slot::dealloc(drop_nothing),
    ..STATIC_TYPE
};

/// A bytes holds nothing but its own memory.
fn drop_nothing(_ts: &ThreadState, _this: &Bytes) {}
