//! What lies where in a view of memory, and copying between views of any shape.
//!
//! A view that was filled in describes memory; how one is asked for and given back is `protocol::buffer`'s. All sizes
//! come from an exporter, so products are checked where they decide about memory.

use core::ptr;

use crate::ffi::*;
use crate::object::Result;
use crate::runtime::ThreadState;

/// A view's shape: empty for one that is flat and does not say.
pub fn shape(view: &Py_buffer) -> &[isize] {
    if view.shape.is_null() || view.ndim <= 0 {
        return &[];
    }
    // SAFETY: [span] a shape has one entry a dimension.
    unsafe { core::slice::from_raw_parts(view.shape, view.ndim as usize) }
}

/// A view's strides, unless the items just lie side by side in C's order.
pub fn strides(view: &Py_buffer) -> Option<&[isize]> {
    if view.strides.is_null() || view.ndim <= 0 {
        return None;
    }
    // SAFETY: [span] strides have one entry a dimension.
    Some(unsafe { core::slice::from_raw_parts(view.strides, view.ndim as usize) })
}

/// Where pointers are to be followed, if they are.
pub fn suboffsets(view: &Py_buffer) -> Option<&[isize]> {
    if view.suboffsets.is_null() || view.ndim <= 0 {
        return None;
    }
    // SAFETY: [span] suboffsets have one entry a dimension.
    Some(unsafe { core::slice::from_raw_parts(view.suboffsets, view.ndim as usize) })
}

/// The `i`-th place of a dimension that begins at `at`.
///
/// # Safety
/// The view is filled in, `at` is such a place in it, and the index within the shape.
pub unsafe fn step(view: &Py_buffer, at: *const u8, dimension: usize, i: isize) -> *const u8 {
    // A view without strides, where more than one dimension is looked at, is no such view.
    let stride = strides(view).map_or(view.itemsize, |s| s[dimension]);
    let place = at.wrapping_offset(stride.wrapping_mul(i));
    match suboffsets(view).map(|s| s[dimension]) {
        // SAFETY: a place with a suboffset holds a pointer.
        Some(suboffset) if suboffset >= 0 => unsafe { place.cast::<*const u8>().read_unaligned().offset(suboffset) },
        _ => place,
    }
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
    let mut at = view.buf.cast::<u8>().cast_const();
    for (dimension, &index) in indices.iter().enumerate() {
        // SAFETY: the caller's promise.
        at = unsafe { step(view, at, dimension, index) };
    }
    at.cast_mut()
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

/// All items of `from`, in C's order, over those of `to`. Both may be the same memory.
///
/// # Safety
/// Both views are filled in, `to` may be written to and is no smaller than `from`.
pub unsafe fn copy(ts: &ThreadState, to: &Py_buffer, from: &Py_buffer) -> Result<()> {
    let n = from.len as usize;
    let both = |order| is_contiguous(to, order) && is_contiguous(from, order);
    if both(b'C') || both(b'F') {
        // SAFETY: [span] `len` bytes on both sides, which may overlap.
        unsafe { ptr::copy(from.buf.cast::<u8>(), to.buf.cast(), n) };
        return Ok(());
    }
    let mut bytes: Vec<u8> = Vec::new();
    bytes.try_reserve_exact(n).map_err(|_| ts.no_memory())?;
    // SAFETY: room for `len` bytes, all of them written before anyone looks.
    unsafe {
        to_contiguous(from, bytes.as_mut_ptr(), Order::C);
        bytes.set_len(n);
        from_contiguous(to, &bytes, Order::C);
    }
    Ok(())
}
