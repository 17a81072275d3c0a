//! `slice`, and turning one into start, stop and step for a length.

use core::cell::Cell;

use super::{Dict, Int, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, entries, method, singletons, slot};
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::args::Args;
use crate::protocol::compare::CompareOp;
use crate::protocol::{number, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::{TYPE_ERROR, VALUE_ERROR};

layout!(Slice = PySliceObject, PySlice_Type);

/// A slice as C integers, not yet cut to a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub start: isize,
    pub stop: isize,
    pub step: isize,
}

/// A slice of a sequence of known length: `len` indexes from `start` in steps of `step`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indices {
    pub start: isize,
    pub stop: isize,
    pub step: isize,
    pub len: usize,
}

impl Bounds {
    /// `PySlice_AdjustIndices`.
    pub fn adjust(self, length: isize) -> Indices {
        let Bounds { start, stop, step } = self;
        let clip = |i: isize| {
            if i < 0 {
                let i = i.saturating_add(length);
                if i < 0 { if step < 0 { -1 } else { 0 } } else { i }
            } else if i >= length {
                if step < 0 { length - 1 } else { length }
            } else {
                i
            }
        };
        let (start, stop) = (clip(start), clip(stop));
        let len = if step < 0 {
            if stop < start { (start - stop - 1) / step.unsigned_abs() as isize + 1 } else { 0 }
        } else if start < stop {
            (stop - start - 1) / step + 1
        } else {
            0
        };
        Indices { start, stop, step, len: len as usize }
    }
}

impl Indices {
    /// The indexes themselves.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..self.len as isize).map(move |i| (self.start + i * self.step) as usize)
    }
}

/// An index of a slice: `None` leaves it to `default`, anything else is clipped to C's range.
pub fn slice_index(ts: &ThreadState, value: &Object, default: isize) -> Result<isize> {
    if singletons::is_none(value) {
        return Ok(default);
    }
    if !number::is_index(value) {
        return Err(ts.raise_str(&TYPE_ERROR, "slice indices must be integers or have an __index__ method"));
    }
    number::as_ssize(ts, value, None)
}

/// The optional start or stop of `index` methods, where `None` is not allowed.
pub fn search_bound(ts: &ThreadState, value: Option<&Object>, default: isize) -> Result<isize> {
    match value {
        None => Ok(default),
        Some(value) if number::is_index(value) => number::as_ssize(ts, value, None),
        Some(_) => Err(ts.raise_str(&TYPE_ERROR, "slice indices must be integers or have an __index__ method")),
    }
}

impl Slice {
    pub fn new(ts: &ThreadState, start: &Object, stop: &Object, step: &Object) -> Result<Owned<Slice>> {
        // SAFETY: all fields are written.
        unsafe {
            let this = ts.new_object::<Slice>(&PySlice_Type, size_of::<Slice>())?;
            for (field, value) in [(&this.start, start), (&this.stop, stop), (&this.step, step)] {
                field.as_ptr().write(Owned::new(value).into_raw());
            }
            gc_track(&this);
            Ok(this)
        }
    }

    /// Start, stop and step.
    pub fn parts(&self) -> [&Object; 3] {
        [&self.start, &self.stop, &self.step].map(|f| f.peek().unwrap_or(singletons::none_ref()))
    }

    /// `PySlice_Unpack`: start, stop and step as C integers.
    pub fn unpack(&self, ts: &ThreadState) -> Result<Bounds> {
        let [start, stop, step] = self.parts();
        let step = match slice_index(ts, step, 1)? {
            0 => return Err(ts.raise_str(&VALUE_ERROR, "slice step cannot be zero")),
            // So that -step fits as well.
            step => step.max(-isize::MAX),
        };
        let (first, last) = if step < 0 { (isize::MAX, isize::MIN) } else { (0, isize::MAX) };
        Ok(Bounds { start: slice_index(ts, start, first)?, stop: slice_index(ts, stop, last)?, step })
    }

    /// For a sequence of that length.
    pub fn indices_of(&self, ts: &ThreadState, length: usize) -> Result<Indices> {
        Ok(self.unpack(ts)?.adjust(length as isize))
    }

    /// `slice.indices(length)`, with ints of any size.
    pub fn indices(ts: &ThreadState, this: &Slice, length: &Object) -> Result<Owned<Tuple>> {
        let length = number::exact_index(ts, length)?;
        if length.is_negative() {
            return Err(ts.raise_str(&VALUE_ERROR, "length should not be negative"));
        }
        let zero = Int::from_i64(ts, 0)?;
        let one = Int::from_i64(ts, 1)?;
        let [start, stop, step] = this.parts();
        let step = if singletons::is_none(step) { one.clone() } else { any_index(ts, step)? };
        if step.is_zero() {
            return Err(ts.raise_str(&VALUE_ERROR, "slice step cannot be zero"));
        }
        let backward = step.is_negative();
        let (lower, upper) = if backward {
            let minus_one = Int::from_i64(ts, -1)?;
            let upper = number::binary(ts, number::ADD, &length, &minus_one)?;
            (minus_one.upcast(), upper)
        } else {
            (zero.upcast(), Owned::new(&**length))
        };
        let clip = |value: &Object, default: &Object| -> Result {
            if singletons::is_none(value) {
                return Ok(Owned::new(default));
            }
            let value = any_index(ts, value)?;
            if value.is_negative() {
                let shifted = number::binary(ts, number::ADD, &value, &length)?;
                let below = object::compare_bool(ts, &shifted, &lower, CompareOp::Lt)?;
                return Ok(if below { lower.clone() } else { shifted });
            }
            let above = object::compare_bool(ts, &value, &upper, CompareOp::Gt)?;
            Ok(if above { upper.clone() } else { value.upcast() })
        };
        let start = clip(start, if backward { &upper } else { &lower })?;
        let stop = clip(stop, if backward { &lower } else { &upper })?;
        Tuple::new(ts, &[&start, &stop, &step])
    }

    fn repr(ts: &ThreadState, this: &Slice) -> Result<Owned<Str>> {
        let [start, stop, step] = this.parts();
        let (start, stop, step) = (object::repr(ts, start)?, object::repr(ts, stop)?, object::repr(ts, step)?);
        Str::build(ts, |text| {
            text.extend_str("slice(")?;
            text.extend(start.chars())?;
            text.extend_str(", ")?;
            text.extend(stop.chars())?;
            text.extend_str(", ")?;
            text.extend(step.chars())?;
            text.extend_str(")")
        })
    }

    fn hash(ts: &ThreadState, this: &Slice) -> Result<isize> {
        super::tuple::hash_parts(ts, &this.parts())
    }

    fn compare(ts: &ThreadState, this: &Slice, other: &Object, op: CompareOp) -> Result {
        let Some(other) = other.downcast_exact::<Slice>() else { return Ok(singletons::not_implemented()) };
        if core::ptr::eq(this, other) {
            return Ok(super::bool::from_bool(matches!(op, CompareOp::Eq | CompareOp::Le | CompareOp::Ge)));
        }
        let (a, b) = (Tuple::new(ts, &this.parts())?, Tuple::new(ts, &other.parts())?);
        object::compare(ts, &a, &b, op)
    }

    fn reduce(ts: &ThreadState, this: &Slice) -> Result<Owned<Tuple>> {
        let parts = Tuple::new(ts, &this.parts())?;
        Tuple::new(ts, &[PySlice_Type.as_object(), &parts])
    }

    fn construct(ts: &ThreadState, _ty: &Type, args: Args<'_>) -> Result<Owned<Slice>> {
        args.no_keywords(ts, "slice")?;
        args.expect_positional(ts, "slice", 1, 3)?;
        let none = singletons::none_ref();
        match *args.positional {
            [stop] => Slice::new(ts, none, stop, none),
            [start, stop] => Slice::new(ts, start, stop, none),
            _ => Slice::new(ts, args.positional[0], args.positional[1], args.positional[2]),
        }
    }

    fn new_slot(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result<Owned<Slice>> {
        crate::protocol::args::with_tuple_and_dict(ts, args, kwargs, |args| Slice::construct(ts, ty, args))
    }

    fn drop_fields(_ts: &ThreadState, this: &Slice) {
        for field in [&this.start, &this.stop, &this.step] {
            drop(field.take_owned());
        }
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        [&self.start, &self.stop, &self.step].into_iter().try_for_each(|f| visitor.field(f))
    }
}

fn any_index(ts: &ThreadState, value: &Object) -> Result<Owned<Int>> {
    if !number::is_index(value) {
        return Err(ts.raise_str(&TYPE_ERROR, "slice indices must be integers or None or have an __index__ method"));
    }
    number::exact_index(ts, value)
}

static MEMBERS: [PyMemberDef; 4] = [
    slot::member(c"start", _Py_T_OBJECT, core::mem::offset_of!(PySliceObject, start), Py_READONLY),
    slot::member(c"stop", _Py_T_OBJECT, core::mem::offset_of!(PySliceObject, stop), Py_READONLY),
    slot::member(c"step", _Py_T_OBJECT, core::mem::offset_of!(PySliceObject, step), Py_READONLY),
    slot::MEMBERS_END,
];

static METHODS: [PyMethodDef; 4] = [
    method::one(
        c"indices",
        Slice::indices,
        c"indices($self, len, /)\n--\n\nThe start, stop and step that the slice means for a sequence of length len.",
    ),
    method::noargs(c"__reduce__", Slice::reduce, c"Return state information for pickling."),
    crate::types::generic_alias::CLASS_GETITEM,
    slot::METHODS_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PySlice_Type: Type = Type {
    tp_name: c"slice".as_ptr(),
    tp_basicsize: size_of::<Slice>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC),
    tp_doc: Cell::new(
        c"slice(stop)\nslice(start, stop[, step])\n\nWhich items of a sequence a subscript means.".as_ptr(),
    ),
    tp_dealloc: slot::dealloc(Slice::drop_fields),
    tp_traverse: slot::traverse(Slice::visit),
    tp_repr: slot::unary(Slice::repr),
    tp_hash: slot::hash(Slice::hash),
    tp_richcompare: slot::richcompare(Slice::compare),
    tp_members: entries(&MEMBERS),
    tp_methods: entries(&METHODS),
    tp_new: slot::new(Slice::new_slot),
    ..STATIC_TYPE
};
