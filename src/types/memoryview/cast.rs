//! Other descriptions of the same memory: another format, other dimensions, read-only; and contiguous copies.

use core::ffi::c_int;

use super::item::Format;
use super::managed::ManagedBuffer;
use super::{Dimensions, MAX_NDIM, MemoryView, format_text, type_error};
use crate::ffi::*;
use crate::object::{Object, Owned, Result};
use crate::protocol::buffer::bytes_of;
use crate::protocol::view::{self, Order};
use crate::runtime::ThreadState;
use crate::types::exceptions::{BUFFER_ERROR, VALUE_ERROR};
use crate::types::{Int, List, Str, Tuple};

/// The formats that a view may be cast to, each as text that lives for ever.
static NATIVE: [&core::ffi::CStr; 40] = [
    c"c", c"b", c"B", c"?", c"h", c"H", c"i", c"I", c"l", c"L", c"q", c"Q", c"n", c"N", c"P", c"e", c"f", c"d", c"Zf",
    c"Zd", c"@c", c"@b", c"@B", c"@?", c"@h", c"@H", c"@i", c"@I", c"@l", c"@L", c"@q", c"@Q", c"@n", c"@N", c"@P",
    c"@e", c"@f", c"@d", c"@Zf", c"@Zd",
];

impl MemoryView {
    /// `view.cast(format, shape)`: between bytes and another format, and between one dimension and several.
    pub(super) fn cast(
        ts: &ThreadState,
        this: &MemoryView,
        format: &Str,
        shape: Option<&Object>,
    ) -> Result<Owned<MemoryView>> {
        let view = this.check_unrestricted(ts)?;
        if !this.has(_Py_MEMORYVIEW_C) {
            return Err(type_error(ts, "memoryview: casts are restricted to C-contiguous views"));
        }
        if (shape.is_some() || view.ndim != 1) && view::shape(view).contains(&0) {
            return Err(type_error(ts, "memoryview: cannot cast view with zeros in shape or strides"));
        }
        let shape = shape.map(|shape| shape_items(ts, view, shape)).transpose()?;
        let text = crate::types::str::codecs::encode(ts, format, Some("ascii"), None)?;
        // C's text: what stands behind a NUL does not count.
        let text = text.as_slice().split(|&byte| byte == 0).next().unwrap_or_default();
        let format = destination(ts, view, text)?;
        let extents = match &shape {
            None => vec![view.len / format.size],
            Some(shape) => extents(ts, shape.as_slice(), format.size, view.len)?,
        };
        // Room for one dimension at least, as there is in what a view of bytes is made of.
        MemoryView::describe(ts, this.managed(), view, extents.len().max(1), |view, dimensions| {
            view.format = format.text.as_ptr().cast_mut();
            view.itemsize = format.size;
            view.ndim = extents.len() as c_int;
            fill(dimensions, &extents, format.size, Order::C);
            Ok(())
        })
    }

    /// `view.toreadonly()`.
    pub(super) fn to_readonly(ts: &ThreadState, this: &MemoryView) -> Result<Owned<MemoryView>> {
        this.check_unrestricted(ts)?;
        this.another(ts, |view, _| {
            view.readonly = 1;
            Ok(())
        })
    }

    /// `PyMemoryView_GetContiguous`: the object's memory, or a copy of it with items side by side.
    ///
    /// `BufferError` if it is to be written to and is read-only, or not contiguous.
    pub fn contiguous(ts: &ThreadState, object: &Object, writable: bool, order: u8) -> Result<Owned<MemoryView>> {
        let memory = MemoryView::new(ts, object, PyBUF_FULL_RO)?;
        let view = memory.view();
        if writable && view.readonly != 0 {
            return Err(ts.raise_str(&BUFFER_ERROR, "underlying buffer is not writable"));
        }
        if view::is_contiguous(view, order) {
            return Ok(memory);
        }
        if writable {
            let message = "writable contiguous buffer requested for a non-contiguous object.";
            return Err(ts.raise_str(&BUFFER_ERROR, message));
        }
        let order = if matches!(order, b'C' | b'A') { Order::C } else { Order::Fortran };
        // SAFETY: filled in, and held by `memory`.
        let copy = unsafe { bytes_of(ts, view, order)? };
        let managed = ManagedBuffer::of_object(ts, &copy, PyBUF_FULL_RO)?;
        let format = managed.own_format(format_text(view));
        let master = *managed.master();
        let (ndim, extents) = (view.ndim as usize, view::shape(view));
        MemoryView::describe(ts, &managed, &master, ndim.max(1), |made, dimensions| {
            made.format = format;
            made.itemsize = view.itemsize;
            made.ndim = view.ndim;
            fill(dimensions, extents, view.itemsize, order);
            Ok(())
        })
    }
}

/// A format to cast to.
struct Destination {
    text: &'static core::ffi::CStr,
    size: isize,
}

fn destination(ts: &ThreadState, view: &Py_buffer, text: &[u8]) -> Result<Destination> {
    let Some(source) = Format::parse(format_text(view)) else {
        let message = "memoryview: source format must be a native format prefixed with an optional '@'";
        return Err(ts.raise_str(&VALUE_ERROR, message));
    };
    let known = NATIVE.iter().find(|known| known.to_bytes() == text);
    let (Some(format), Some(text)) = (Format::parse(text), known) else {
        let message = "memoryview: destination format must be a native format prefixed with an optional '@'";
        return Err(ts.raise_str(&VALUE_ERROR, message));
    };
    if !source.is_byte() && !format.is_byte() {
        return Err(type_error(ts, "memoryview: cannot cast between two non-byte formats"));
    }
    let size = format.size() as isize;
    if view.len % size != 0 {
        return Err(type_error(ts, "memoryview: length is not a multiple of itemsize"));
    }
    Ok(Destination { text, size })
}

/// The argument `shape`.
fn shape_items(ts: &ThreadState, view: &Py_buffer, shape: &Object) -> Result<Owned<Tuple>> {
    let items = match (shape.downcast::<Tuple>(), shape.downcast::<List>()) {
        (Some(tuple), _) => Owned::new(tuple),
        (None, Some(list)) => Tuple::new(ts, list.as_slice())?,
        (None, None) => return Err(type_error(ts, "shape must be a list or a tuple")),
    };
    if items.len() > MAX_NDIM {
        let message = format!("memoryview: number of dimensions must not exceed {MAX_NDIM}");
        return Err(ts.raise_str(&VALUE_ERROR, &message));
    }
    if view.ndim != 1 && items.len() != 1 {
        return Err(type_error(ts, "memoryview: cast must be 1D -> ND or ND -> 1D"));
    }
    Ok(items)
}

/// How many items there are in each dimension, which are all the items there are.
fn extents(ts: &ThreadState, shape: &[&Object], itemsize: isize, len: isize) -> Result<Vec<isize>> {
    let mut total = itemsize;
    let mut extents = Vec::with_capacity(shape.len());
    for item in shape {
        if item.downcast::<Int>().is_none() {
            return Err(type_error(ts, "memoryview.cast(): elements of shape must be integers"));
        }
        let n = crate::protocol::args::as_c_ssize(ts, item)?;
        if n <= 0 {
            let message = "memoryview.cast(): elements of shape must be integers > 0";
            return Err(ts.raise_str(&VALUE_ERROR, message));
        }
        total = total
            .checked_mul(n)
            .ok_or_else(|| ts.raise_str(&VALUE_ERROR, "memoryview.cast(): product(shape) > SSIZE_MAX"))?;
        extents.push(n);
    }
    if total != len {
        return Err(type_error(ts, "memoryview: product(shape) * itemsize != buffer size"));
    }
    Ok(extents)
}

/// Items side by side.
fn fill(dimensions: Dimensions<'_>, extents: &[isize], itemsize: isize, order: Order) {
    let n = extents.len();
    dimensions.shape[..n].copy_from_slice(extents);
    view::contiguous_strides(extents, &mut dimensions.strides[..n], itemsize, order);
}
