//! Subscripts: items by number or by one number a dimension, slices, and assigning to them.

use core::ffi::c_int;

use super::{MemoryView, copy_dimensions, format_text, not_implemented, type_error};
use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result};
use crate::protocol::buffer::Buffer;
use crate::protocol::number::{as_subscript, is_index};
use crate::protocol::view;
use crate::runtime::ThreadState;
use crate::types::exceptions::{INDEX_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::slot;
use crate::types::{Slice, Tuple, singletons};

pub(super) const SCALAR_INDEX: &str = "invalid indexing of 0-dim memory";
pub(super) const SUB_VIEWS: &str = "multi-dimensional sub-views are not implemented";
pub(super) const SCALAR_LOOKUP: &str = "invalid lookup on 0-dim memory";
const FEWER_INDICES: &str = "sub-views are not implemented";
const INVALID_KEY: &str = "memoryview: invalid slice key";

/// What stands between the brackets.
enum Key<'a> {
    Index(&'a Object),
    Slice(&'a Slice),
    /// One index a dimension; none of them may be missing.
    Indices(&'a Tuple),
    Slices,
    /// `()` and `...` of what has no dimensions.
    Whole {
        itself: bool,
    },
}

impl<'a> Key<'a> {
    fn of(ts: &ThreadState, key: &'a Object, ndim: c_int) -> Result<Key<'a>> {
        let tuple = key.downcast::<Tuple>();
        if ndim == 0 {
            return match tuple {
                Some(tuple) if tuple.is_empty() => Ok(Key::Whole { itself: false }),
                _ if singletons::is_ellipsis(key) => Ok(Key::Whole { itself: true }),
                _ => Err(type_error(ts, SCALAR_INDEX)),
            };
        }
        if is_index(key) {
            return Ok(Key::Index(key));
        }
        if let Some(slice) = key.downcast::<Slice>() {
            return Ok(Key::Slice(slice));
        }
        match tuple {
            Some(tuple) if tuple.as_slice().iter().all(|i| is_index(i)) => Ok(Key::Indices(tuple)),
            Some(tuple) if tuple.as_slice().iter().all(|i| i.downcast::<Slice>().is_some()) => Ok(Key::Slices),
            _ => Err(type_error(ts, INVALID_KEY)),
        }
    }
}

#[cold]
fn out_of_bounds(ts: &ThreadState, dimension: usize) -> Raised {
    ts.raise(&INDEX_ERROR, format_args!("index out of bounds on dimension {}", dimension + 1))
}

/// An index of a dimension, counted from its start.
fn within(ts: &ThreadState, view: &Py_buffer, dimension: usize, index: isize) -> Result<isize> {
    let n = view::shape(view)[dimension];
    let index = if index < 0 { index + n } else { index };
    if (0..n).contains(&index) { Ok(index) } else { Err(out_of_bounds(ts, dimension)) }
}

/// Where an item of a memoryview lies: within its memory, while that is not released.
#[derive(Clone, Copy)]
struct Place(*mut u8);

/// The only item of a view without dimensions.
fn only_place(view: &Py_buffer) -> Place {
    Place(view.buf.cast())
}

/// That of an item of a one-dimensional view.
fn place(ts: &ThreadState, view: &Py_buffer, index: &Object) -> Result<Place> {
    place_at(ts, view, as_subscript(ts, index)?)
}

fn place_at(ts: &ThreadState, view: &Py_buffer, index: isize) -> Result<Place> {
    let index = within(ts, view, 0, index)?;
    // SAFETY: a memoryview has shape and strides, and the index is within.
    Ok(Place(unsafe { view::item_at(view, &[index]) }))
}

/// The same with one index a dimension.
fn place_of(ts: &ThreadState, view: &Py_buffer, indices: &Tuple) -> Result<Place> {
    let (given, ndim) = (indices.len(), view.ndim as usize);
    if given < ndim {
        return Err(not_implemented(ts, FEWER_INDICES));
    }
    if given > ndim {
        let message = format_args!("cannot index {ndim}-dimension view with {given}-element tuple");
        return Err(ts.raise(&TYPE_ERROR, message));
    }
    let mut all = [0; super::MAX_NDIM];
    for (dimension, index) in indices.as_slice().iter().enumerate() {
        all[dimension] = within(ts, view, dimension, as_subscript(ts, index)?)?;
    }
    // SAFETY: as above.
    Ok(Place(unsafe { view::item_at(view, &all[..ndim]) }))
}

impl MemoryView {
    /// The item at a place. What gave the place may have run foreign code.
    fn read(&self, ts: &ThreadState, place: Place) -> Result {
        self.check(ts)?;
        let format = self.format(ts)?;
        // SAFETY: a place is within the memory, which is there.
        unsafe { format.read(ts, place.0) }
    }

    fn write(&self, ts: &ThreadState, place: Place, value: &Object) -> Result<()> {
        let format = self.format(ts)?;
        let bytes = format.bytes_of(ts, value)?;
        // Making a number of the value may have released the view.
        self.check(ts)?;
        // SAFETY: as above.
        unsafe { place.0.copy_from_nonoverlapping(bytes.as_ptr(), format.size()) };
        Ok(())
    }

    /// `view[index]` of one dimension.
    pub(super) fn item(ts: &ThreadState, this: &MemoryView, index: isize) -> Result {
        let view = this.check(ts)?;
        this.check_format(ts)?;
        match view.ndim {
            0 => Err(type_error(ts, SCALAR_INDEX)),
            1 => this.read(ts, place_at(ts, view, index)?),
            _ => Err(not_implemented(ts, SUB_VIEWS)),
        }
    }

    fn subscript(ts: &ThreadState, this: &MemoryView, key: &Object) -> Result {
        let view = this.check(ts)?;
        match Key::of(ts, key, view.ndim)? {
            Key::Whole { itself: true } => Ok(Owned::new(this).upcast()),
            Key::Whole { itself: false } => this.read(ts, only_place(view)),
            Key::Index(index) => MemoryView::item(ts, this, as_subscript(ts, index)?),
            Key::Slice(slice) => Ok(this.part(ts, slice)?.upcast()),
            Key::Indices(indices) => {
                this.check_format(ts)?;
                this.read(ts, place_of(ts, view, indices)?)
            }
            Key::Slices => Err(not_implemented(ts, "multi-dimensional slicing is not implemented")),
        }
    }

    /// A memoryview of some of the items of the first dimension.
    fn part(&self, ts: &ThreadState, slice: &Slice) -> Result<Owned<MemoryView>> {
        self.check_unrestricted(ts)?;
        // Making numbers of the bounds may release this view; the part lives on.
        let _held = self.managed().hold();
        let bounds = slice.unpack(ts)?;
        self.another(ts, |view, dimensions| {
            cut(view, dimensions.shape, dimensions.strides, bounds);
            Ok(())
        })
    }

    fn assign(ts: &ThreadState, this: &MemoryView, key: &Object, value: Option<&Object>) -> Result<()> {
        let view = this.check(ts)?;
        this.check_format(ts)?;
        if view.readonly != 0 {
            return Err(type_error(ts, "cannot modify read-only memory"));
        }
        let Some(value) = value else { return Err(type_error(ts, "cannot delete memory")) };
        match Key::of(ts, key, view.ndim)? {
            Key::Whole { .. } => this.write(ts, only_place(view), value),
            Key::Index(_) if view.ndim > 1 => Err(not_implemented(ts, FEWER_INDICES)),
            Key::Index(index) => this.write(ts, place(ts, view, index)?, value),
            Key::Slice(slice) if view.ndim == 1 => this.assign_part(ts, slice, value),
            Key::Indices(indices) => this.write(ts, place_of(ts, view, indices)?, value),
            Key::Slice(_) | Key::Slices => {
                let message = "memoryview slice assignments are currently restricted to ndim = 1";
                Err(not_implemented(ts, message))
            }
        }
    }

    /// The items of `value` over those of a slice: as many, and of the same format.
    fn assign_part(&self, ts: &ThreadState, slice: &Slice, value: &Object) -> Result<()> {
        let source = Buffer::with_flags(ts, value, PyBUF_FULL_RO)?;
        let bounds = slice.unpack(ts)?;
        let (mut shape, mut strides, mut none) = ([0], [0], [0]);
        copy_dimensions(self.view(), &mut shape, &mut strides, &mut none);
        let mut target = Py_buffer { shape: shape.as_mut_ptr(), strides: strides.as_mut_ptr(), ..*self.view() };
        cut(&mut target, &mut shape, &mut strides, bounds);
        // The value's `__buffer__` may have released the view.
        self.check(ts)?;
        if !same_structure(&target, source.view()) {
            let message = "memoryview assignment: lvalue and rvalue have different structures";
            return Err(ts.raise_str(&VALUE_ERROR, message));
        }
        // SAFETY: filled in, writable, and of one size.
        unsafe { view::copy(ts, &target, source.view()) }
    }
}

/// Makes a view one of some of the items of its first dimension.
fn cut(view: &mut Py_buffer, shape: &mut [isize], strides: &mut [isize], bounds: crate::types::slice::Bounds) {
    let indices = bounds.adjust(shape[0]);
    view.buf = view.buf.cast::<u8>().wrapping_offset(strides[0].wrapping_mul(indices.start)).cast();
    shape[0] = indices.len as isize;
    strides[0] = strides[0].wrapping_mul(indices.step);
    view.len = shape.iter().product::<isize>() * view.itemsize;
}

/// Shapes of views, where one that says nothing is flat.
pub(super) fn shape_of(view: &Py_buffer) -> Vec<isize> {
    match view::shape(view) {
        [] if view.ndim == 1 => vec![if view.itemsize == 0 { 0 } else { view.len / view.itemsize }],
        shape => shape.to_vec(),
    }
}

/// As many items in each dimension; of what has none, how many there are in the others does not count.
pub(super) fn same_shape(a: &Py_buffer, b: &Py_buffer) -> bool {
    let (left, right) = (shape_of(a), shape_of(b));
    let end = left.iter().zip(&right).position(|(x, y)| *x == 0 && *y == 0).unwrap_or(left.len());
    left.len() == right.len() && left[..end] == right[..end]
}

fn same_structure(a: &Py_buffer, b: &Py_buffer) -> bool {
    let plain = |view| -> Vec<u8> {
        let text = format_text(view);
        text.strip_prefix(b"@").unwrap_or(text).to_vec()
    };
    plain(a) == plain(b) && a.itemsize == b.itemsize && same_shape(a, b)
}

/// `len(view)`: the first dimension's.
pub(super) fn len(ts: &ThreadState, this: &MemoryView) -> Result<isize> {
    let view = this.check(ts)?;
    match view::shape(view) {
        [] => Err(type_error(ts, "0-dim memory has no length")),
        [first, ..] => Ok(*first),
    }
}

#[unsafe(link_section = "immortal")]
pub(super) static AS_SEQUENCE: PySequenceMethods = PySequenceMethods {
    sq_length: slot::len(len),
    sq_item: slot::ssizearg(MemoryView::item),
    ..PySequenceMethods::EMPTY
};

#[unsafe(link_section = "immortal")]
pub(super) static AS_MAPPING: PyMappingMethods = PyMappingMethods {
    mp_length: slot::len(len),
    mp_subscript: slot::binary(MemoryView::subscript),
    mp_ass_subscript: slot::objobjarg(MemoryView::assign),
};
