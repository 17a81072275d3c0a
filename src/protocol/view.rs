//! Views of memory as C passes them around: `Py_buffer`s that somebody else owns.
//!
//! Getting and releasing, what shape a view has, and copying between views of any strides. All sizes in a view
//! come from an exporter, so products are checked where they decide about memory.

use core::ffi::c_int;
use core::ptr;

use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result};
use crate::runtime::ThreadState;
use crate::types::exceptions::{BUFFER_ERROR, SYSTEM_ERROR, TYPE_ERROR};

/// The object's buffer functions, if it exports a buffer at all.
#[inline]
pub fn exporter_of(object: &Object) -> Option<&PyBufferProcs> {
    // SAFETY: NULL or a live suite.
    unsafe { object.ty().tp_as_buffer.get().as_ref() }.filter(|procs| procs.bf_getbuffer.get().is_some())
}

/// `PyObject_GetBuffer`.
///
/// # Safety
/// `out` is valid for a write; it is filled in if this succeeds.
pub unsafe fn get(ts: &ThreadState, object: &Object, out: *mut Py_buffer, flags: c_int) -> Result<()> {
    if flags != PyBUF_SIMPLE && (flags == PyBUF_READ || flags == PyBUF_WRITE) {
        return Err(ts.raise_str(&SYSTEM_ERROR, "bad argument to internal function"));
    }
    let Some(get) = exporter_of(object).and_then(|procs| procs.bf_getbuffer.get()) else {
        let name = object.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("a bytes-like object is required, not '{name}'")));
    };
    // SAFETY: the type's own function for its instance.
    match unsafe { get(object.as_ptr(), out, flags) } {
        0 => Ok(()),
        _ => Err(Raised::already()),
    }
}

/// `PyBuffer_Release`: a view of nothing, or one released before, is left alone.
///
/// # Safety
/// `view` was filled in, or its `obj` is NULL.
pub unsafe fn release(view: *mut Py_buffer) {
    // SAFETY: NULL, or a reference that the view owns; the exporter may look at it in the view once more.
    unsafe {
        let Some(object) = Owned::<Object>::from_stolen_nullable((*view).obj) else { return };
        if let Some(release) = exporter_of(&object).and_then(|procs| procs.bf_releasebuffer.get()) {
            release(object.as_ptr(), view);
        }
        (*view).obj = ptr::null_mut();
    }
}

/// `PyBuffer_FillInfo`: a view of `len` contiguous bytes, of `object` or of nobody's.
///
/// # Safety
/// `out` is valid for a write; the bytes are at `buf` while `object` lives.
pub unsafe fn fill(
    ts: &ThreadState,
    out: *mut Py_buffer,
    object: Option<&Object>,
    buf: *mut u8,
    len: usize,
    readonly: bool,
    flags: c_int,
) -> Result<()> {
    if out.is_null() {
        return Err(ts.raise_str(&BUFFER_ERROR, "PyBuffer_FillInfo: view==NULL argument is obsolete"));
    }
    if flags != PyBUF_SIMPLE {
        if flags == PyBUF_READ || flags == PyBUF_WRITE {
            return Err(ts.raise_str(&SYSTEM_ERROR, "bad argument to internal function"));
        }
        if flags & PyBUF_WRITABLE != 0 && readonly {
            return Err(ts.raise_str(&BUFFER_ERROR, "Object is not writable."));
        }
    }
    let asked = |flag: c_int| flags & flag == flag;
    // SAFETY: the caller's promise; the view points into itself, as C's exporters make it.
    unsafe {
        out.write(Py_buffer {
            buf: buf.cast(),
            obj: object.map_or(ptr::null_mut(), |o| Owned::new(o).into_raw()),
            len: len as isize,
            itemsize: 1,
            readonly: c_int::from(readonly),
            ndim: 1,
            format: if asked(PyBUF_FORMAT) { c"B".as_ptr().cast_mut() } else { ptr::null_mut() },
            shape: if asked(PyBUF_ND) { &raw mut (*out).len } else { ptr::null_mut() },
            strides: if asked(PyBUF_STRIDES) { &raw mut (*out).itemsize } else { ptr::null_mut() },
            suboffsets: ptr::null_mut(),
            internal: ptr::null_mut(),
        });
    }
    Ok(())
}

/// A view's shape: empty for one that is flat and does not say.
fn shape(view: &Py_buffer) -> &[isize] {
    if view.shape.is_null() || view.ndim <= 0 {
        return &[];
    }
    // SAFETY: [span] a shape has one entry a dimension.
    unsafe { core::slice::from_raw_parts(view.shape, view.ndim as usize) }
}

fn strides(view: &Py_buffer) -> Option<&[isize]> {
    if view.strides.is_null() || view.ndim <= 0 {
        return None;
    }
    // SAFETY: [span] strides have one entry a dimension.
    Some(unsafe { core::slice::from_raw_parts(view.strides, view.ndim as usize) })
}

/// The items lie side by side, the dimensions counted in the order given: the fastest first.
fn is_dense<'a>(view: &Py_buffer, dimensions: impl Iterator<Item = (&'a isize, &'a isize)>) -> bool {
    let mut step = view.itemsize;
    for (&n, &stride) in dimensions {
        if n > 1 && stride != step {
            return false;
        }
        step = step.wrapping_mul(n);
    }
    true
}

/// `PyBuffer_IsContiguous`: in C's order, in Fortran's, or (`A`) in either.
pub fn is_contiguous(view: &Py_buffer, order: u8) -> bool {
    if !view.suboffsets.is_null() {
        return false;
    }
    let c = || is_c_contiguous(view);
    let fortran = || is_fortran_contiguous(view);
    match order {
        b'C' => c(),
        b'F' => fortran(),
        b'A' => c() || fortran(),
        _ => false,
    }
}

fn is_c_contiguous(view: &Py_buffer) -> bool {
    match strides(view) {
        _ if view.len == 0 => true,
        None => true,
        Some(strides) => is_dense(view, shape(view).iter().rev().zip(strides.iter().rev())),
    }
}

fn is_fortran_contiguous(view: &Py_buffer) -> bool {
    match strides(view) {
        _ if view.len == 0 => true,
        // Without strides it is in C's order: both at once only if at most one dimension has items to step over.
        None => view.ndim <= 1 || shape(view).iter().filter(|&&n| n > 1).count() <= 1,
        Some(strides) => is_dense(view, shape(view).iter().zip(strides)),
    }
}

/// `PyBuffer_GetPointer`: where the item with these indices lies.
///
/// # Safety
/// The view is filled in, with strides; there is one index a dimension, each within the shape.
pub unsafe fn item_at(view: &Py_buffer, indices: &[isize]) -> *mut u8 {
    let mut at = view.buf.cast::<u8>();
    for (i, &index) in indices.iter().enumerate() {
        // SAFETY: the caller's promise.
        unsafe {
            at = at.offset(view.strides.add(i).read().wrapping_mul(index));
            if !view.suboffsets.is_null() && view.suboffsets.add(i).read() >= 0 {
                at = at.cast::<*mut u8>().read().offset(view.suboffsets.add(i).read());
            }
        }
    }
    at
}

/// Which index moves on first when all items are visited.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Order {
    C,
    Fortran,
}

impl Order {
    /// `C`, `F`; `A` is Fortran's for a view that lies so, else C's.
    pub fn of(view: &Py_buffer, order: u8) -> Order {
        match order {
            b'F' => Order::Fortran,
            b'A' if is_fortran_contiguous(view) && !is_c_contiguous(view) => Order::Fortran,
            _ => Order::C,
        }
    }
}

/// `PyBuffer_FillContiguousStrides`.
pub fn contiguous_strides(shape: &[isize], strides: &mut [isize], itemsize: isize, order: Order) {
    let mut step = itemsize;
    let n = shape.len();
    for k in 0..n {
        let i = if order == Order::Fortran { k } else { n - 1 - k };
        strides[i] = step;
        step = step.wrapping_mul(shape[i]);
    }
}

/// Visits where every item of `view` lies, in `order`.
///
/// # Safety
/// The view is filled in, with a shape and strides unless it is flat.
unsafe fn for_each_item(view: &Py_buffer, order: Order, mut f: impl FnMut(*mut u8)) {
    let shape = shape(view);
    if shape.is_empty() || shape.contains(&0) {
        if shape.is_empty() {
            f(view.buf.cast());
        }
        return;
    }
    let mut indices = [0isize; PyBUF_MAX_NDIM as usize];
    let indices = &mut indices[..shape.len()];
    loop {
        // SAFETY: the indices are within the shape.
        f(unsafe { item_at(view, indices) });
        let mut k = 0;
        loop {
            if k == shape.len() {
                return;
            }
            let i = if order == Order::Fortran { k } else { shape.len() - 1 - k };
            indices[i] += 1;
            if indices[i] < shape[i] {
                break;
            }
            indices[i] = 0;
            k += 1;
        }
    }
}

/// Whether items may be taken one after the other as they lie.
fn lies_in(view: &Py_buffer, order: Order) -> bool {
    is_contiguous(view, if order == Order::Fortran { b'F' } else { b'C' })
}

/// `PyBuffer_ToContiguous`: copies the view's items side by side.
///
/// # Safety
/// The view is filled in; `out` has room for `view.len` bytes.
pub unsafe fn to_contiguous(view: &Py_buffer, out: *mut u8, order: Order) {
    // SAFETY: the caller's promise; as many items fit as `len` says.
    unsafe {
        if lies_in(view, order) {
            out.copy_from_nonoverlapping(view.buf.cast(), view.len as usize);
            return;
        }
        let size = view.itemsize as usize;
        let mut at = out;
        for_each_item(view, order, |item| {
            at.copy_from_nonoverlapping(item, size);
            at = at.add(size);
        });
    }
}

/// `PyBuffer_FromContiguous`: copies `bytes`, items side by side, into the view, as far as they go.
///
/// # Safety
/// The view is filled in and may be written to.
pub unsafe fn from_contiguous(view: &Py_buffer, bytes: &[u8], order: Order) {
    let bytes = &bytes[..bytes.len().min(view.len as usize)];
    // SAFETY: the caller's promise.
    unsafe {
        if lies_in(view, order) {
            view.buf.cast::<u8>().copy_from(bytes.as_ptr(), bytes.len());
            return;
        }
        let mut items = bytes.chunks_exact((view.itemsize as usize).max(1));
        for_each_item(view, order, |item| {
            if let Some(bytes) = items.next() {
                item.copy_from(bytes.as_ptr(), bytes.len());
            }
        });
    }
}

/// `PyObject_CopyData`: all items of `source`, in C's order, over those of `target`.
pub fn copy_data(ts: &ThreadState, target: &Object, source: &Object) -> Result<()> {
    if exporter_of(target).is_none() || exporter_of(source).is_none() {
        return Err(ts.raise_str(&TYPE_ERROR, "both destination and source must be bytes-like objects"));
    }
    let to = Held::get(ts, target, PyBUF_FULL)?;
    let from = Held::get(ts, source, PyBUF_FULL_RO)?;
    if to.0.len < from.0.len {
        return Err(ts.raise_str(&BUFFER_ERROR, "destination is too small to receive data from source"));
    }
    if (is_contiguous(&to.0, b'C') && is_contiguous(&from.0, b'C'))
        || (is_contiguous(&to.0, b'F') && is_contiguous(&from.0, b'F'))
    {
        // SAFETY: [span] `len` bytes on both sides, which may be the same memory.
        unsafe { to.0.buf.cast::<u8>().copy_from(from.0.buf.cast(), from.0.len as usize) };
        return Ok(());
    }
    let mut bytes: Vec<u8> = Vec::new();
    bytes.try_reserve_exact(from.0.len as usize).map_err(|_| ts.no_memory())?;
    // SAFETY: room for `len` bytes, all of them written before anyone looks.
    unsafe {
        to_contiguous(&from.0, bytes.as_mut_ptr(), Order::C);
        bytes.set_len(from.0.len as usize);
        from_contiguous(&to.0, &bytes, Order::C);
    }
    Ok(())
}

/// A view that is released when dropped. Boxed, since an exporter may point into the view.
pub struct Held(pub Box<Py_buffer>);

impl Held {
    pub fn get(ts: &ThreadState, object: &Object, flags: c_int) -> Result<Held> {
        let mut room = Box::new(core::mem::MaybeUninit::<Py_buffer>::zeroed());
        // SAFETY: [out] our own room, filled in on success.
        unsafe {
            get(ts, object, room.as_mut_ptr(), flags)?;
            Ok(Held(Box::from_raw(Box::into_raw(room).cast())))
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: filled in, and released once.
        unsafe { release(&mut *self.0) };
    }
}
