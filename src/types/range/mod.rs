//! `range`: numbers in even steps, of any size.
//!
//! Start, stop, step and length are ints that never change. Whatever fits into 64 bits is worked out in 128; the rest
//! goes by the number protocol.

pub mod iterator;

use core::cell::Cell;

use super::{Dict, Int, STATIC_FLAGS, STATIC_TYPE, Slice, Str, Tuple, entries, method, singletons, slot, table};
use crate::ffi::*;
use crate::object::{Layout, Object, ObjectCell, Owned, Result, Type};
use crate::protocol::args::{Args, as_c_ssize, with_tuple_and_dict};
use crate::protocol::compare::CompareOp;
use crate::protocol::{number, object, sequence};
use crate::runtime::ThreadState;
use crate::types::bool::{PyBool_Type, from_bool};
use crate::types::exceptions::{INDEX_ERROR, TYPE_ERROR, VALUE_ERROR};

#[repr(C)]
pub struct Range {
    ob_base: PyObject,
    start: Cell<*mut PyObject>,
    stop: Cell<*mut PyObject>,
    step: Cell<*mut PyObject>,
    length: Cell<*mut PyObject>,
}

// SAFETY: begins with the header.
unsafe impl Layout for Range {}
// SAFETY: the type has no subtypes, and its instances this layout.
unsafe impl crate::object::Class for Range {
    fn class() -> &'static Type {
        &PyRange_Type
    }
    fn is_instance(object: &Object) -> bool {
        core::ptr::eq(object.ty(), &PyRange_Type)
    }
}

/// An int of a value that two of 64 bits led to.
fn int_of(ts: &ThreadState, value: i128) -> Result<Owned<Int>> {
    match i64::try_from(value) {
        Ok(value) => Int::from_i64(ts, value),
        Err(_) => match u64::try_from(value.unsigned_abs()) {
            Ok(size) => Int::from_parts_u64(ts, value < 0, size),
            Err(_) => {
                let high = Int::from_i64(ts, (value >> 64) as i64)?;
                let shifted = number::binary(ts, number::LSHIFT, &high, &*Int::from_i64(ts, 64)?)?;
                let low = Int::from_parts_u64(ts, false, value as u64)?;
                as_int(number::binary(ts, number::OR, &shifted, &low)?)
            }
        },
    }
}

/// What arithmetic on exact ints gives.
fn as_int(object: Owned<Object>) -> Result<Owned<Int>> {
    // SAFETY: exact ints give exact ints.
    Ok(unsafe { object.cast_owned() })
}

fn small<const N: usize>(ints: [&Int; N]) -> Option<[i128; N]> {
    let mut values = [0; N];
    for (value, int) in values.iter_mut().zip(ints) {
        *value = int.to_i64()?.into();
    }
    Some(values)
}

/// `start + index * step`
fn at(ts: &ThreadState, start: &Int, step: &Int, index: &Int) -> Result<Owned<Int>> {
    if let Some([start, step, index]) = small([start, step, index])
        && let Some(value) = index.checked_mul(step).and_then(|product| product.checked_add(start))
    {
        return int_of(ts, value);
    }
    let product = number::binary(ts, number::MULTIPLY, index, step)?;
    as_int(number::binary(ts, number::ADD, start, &product)?)
}

fn length(ts: &ThreadState, start: &Int, stop: &Int, step: &Int) -> Result<Owned<Int>> {
    if let Some([start, stop, step]) = small([start, stop, step]) {
        let distance = if step > 0 { stop - start } else { start - stop };
        return int_of(ts, if distance > 0 { (distance - 1) / step.abs() + 1 } else { 0 });
    }
    let (low, high) = if step.is_negative() { (stop, start) } else { (start, stop) };
    if !object::compare_bool(ts, low, high, CompareOp::Lt)? {
        return Int::from_i64(ts, 0);
    }
    let one = Int::from_i64(ts, 1)?;
    let distance = number::binary(ts, number::SUBTRACT, high, low)?;
    let distance = number::binary(ts, number::SUBTRACT, &distance, &one)?;
    let step = number::absolute(ts, step)?;
    let steps = number::binary(ts, number::FLOOR_DIVIDE, &distance, &step)?;
    as_int(number::binary(ts, number::ADD, &steps, &one)?)
}

impl Range {
    /// From exact ints, the step not 0.
    pub fn new(ts: &ThreadState, start: Owned<Int>, stop: Owned<Int>, step: Owned<Int>) -> Result<Owned<Range>> {
        let length = length(ts, &start, &stop, &step)?;
        // SAFETY: all fields are written.
        unsafe {
            let this = ts.new_object::<Range>(&PyRange_Type, size_of::<Range>())?;
            this.start.as_ptr().write(start.into_raw());
            this.stop.as_ptr().write(stop.into_raw());
            this.step.as_ptr().write(step.into_raw());
            this.length.as_ptr().write(length.into_raw());
            Ok(this)
        }
    }

    fn construct(ts: &ThreadState, _ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
        with_tuple_and_dict(ts, args, kwargs, |args| Range::of(ts, args)).map(Owned::upcast)
    }

    fn of(ts: &ThreadState, args: Args<'_>) -> Result<Owned<Range>> {
        args.no_keywords(ts, "range")?;
        args.expect_positional(ts, "range", 1, 3)?;
        let int = |i: usize| number::exact_index(ts, args.positional[i]);
        if let [_] = args.positional {
            return Range::new(ts, Int::from_i64(ts, 0)?, int(0)?, Int::from_i64(ts, 1)?);
        }
        let (start, stop) = (int(0)?, int(1)?);
        let step = if args.len() == 3 { int(2)? } else { Int::from_i64(ts, 1)? };
        if step.is_zero() {
            return Err(ts.raise_str(&VALUE_ERROR, "range() arg 3 must not be zero"));
        }
        Range::new(ts, start, stop, step)
    }

    fn field(cell: &Cell<*mut PyObject>) -> &Int {
        // SAFETY: an int, written when the range was made and never replaced.
        unsafe { cell.peek().expect("written when it was made").cast() }
    }

    fn start(&self) -> &Int {
        Range::field(&self.start)
    }

    fn stop(&self) -> &Int {
        Range::field(&self.stop)
    }

    fn step(&self) -> &Int {
        Range::field(&self.step)
    }

    fn length(&self) -> &Int {
        Range::field(&self.length)
    }

    fn len(ts: &ThreadState, this: &Range) -> Result<isize> {
        as_c_ssize(ts, this.length())
    }

    fn is_true(_ts: &ThreadState, this: &Range) -> Result<bool> {
        Ok(!this.length().is_zero())
    }

    fn repr(ts: &ThreadState, this: &Range) -> Result<Owned<Str>> {
        let (start, stop) = (object::repr(ts, this.start())?, object::repr(ts, this.stop())?);
        match this.step().to_i64() {
            Some(1) => Str::new(ts, &format!("range({start}, {stop})")),
            _ => Str::new(ts, &format!("range({start}, {stop}, {})", object::repr(ts, this.step())?)),
        }
    }

    /// The item at an index that may count from the end. `IndexError` where there is none.
    fn item(&self, ts: &ThreadState, index: &Int) -> Result<Owned<Int>> {
        let length = self.length();
        let index = match index.is_negative() {
            true => as_int(number::binary(ts, number::ADD, index, length)?)?,
            false => Owned::new(index),
        };
        if index.is_negative() || !object::compare_bool(ts, &index, length, CompareOp::Lt)? {
            return Err(ts.raise_str(&INDEX_ERROR, "range object index out of range"));
        }
        at(ts, self.start(), self.step(), &index)
    }

    fn item_at(ts: &ThreadState, this: &Range, index: isize) -> Result<Owned<Int>> {
        this.item(ts, &*Int::from_i64(ts, index as i64)?)
    }

    fn subscript(ts: &ThreadState, this: &Range, key: &Object) -> Result {
        if number::is_index(key) {
            return Ok(this.item(ts, &*number::exact_index(ts, key)?)?.upcast());
        }
        match key.downcast::<Slice>() {
            Some(slice) => Ok(this.part(ts, slice)?.upcast()),
            None => {
                let name = key.ty().full_name();
                Err(ts.raise(&TYPE_ERROR, format_args!("range indices must be integers or slices, not {name}")))
            }
        }
    }

    fn part(&self, ts: &ThreadState, slice: &Slice) -> Result<Owned<Range>> {
        let bounds = Slice::indices(ts, slice, self.length())?;
        let bound = |i: usize| as_int(Owned::new(bounds.as_slice()[i]));
        let (first, last, by) = (bound(0)?, bound(1)?, bound(2)?);
        let step = as_int(number::binary(ts, number::MULTIPLY, self.step(), &by)?)?;
        let start = at(ts, self.start(), self.step(), &first)?;
        let stop = at(ts, self.start(), self.step(), &last)?;
        Range::new(ts, start, stop, step)
    }

    /// The index of an int that is in it.
    fn find(&self, ts: &ThreadState, value: &Int) -> Result<Option<Owned<Int>>> {
        let (low, high) = match self.step().is_negative() {
            false => (self.start(), self.stop()),
            true => (self.stop(), self.start()),
        };
        // From the first number, which counts, to the last, which does not.
        let within = match self.step().is_negative() {
            false => [(low, CompareOp::Ge), (high, CompareOp::Lt)],
            true => [(low, CompareOp::Gt), (high, CompareOp::Le)],
        };
        for (bound, op) in within {
            if !object::compare_bool(ts, value, bound, op)? {
                return Ok(None);
            }
        }
        let distance = number::binary(ts, number::SUBTRACT, value, self.start())?;
        let rest = as_int(number::binary(ts, number::REMAINDER, &distance, self.step())?)?;
        if !rest.is_zero() {
            return Ok(None);
        }
        as_int(number::binary(ts, number::FLOOR_DIVIDE, &distance, self.step())?).map(Some)
    }

    /// What is found without looking at each number: exact ints and bools.
    fn is_plain(value: &Object) -> Option<&Int> {
        value.downcast::<Int>().filter(|_| value.is_exact::<Int>() || core::ptr::eq(value.ty(), &PyBool_Type))
    }

    fn contains(ts: &ThreadState, this: &Range, value: &Object) -> Result<bool> {
        if let Some(value) = Range::is_plain(value) {
            return Ok(this.find(ts, value)?.is_some());
        }
        let iterator = sequence::iter(ts, this.as_object())?;
        while let Some(item) = sequence::next(ts, &iterator)? {
            if object::equal(ts, &item, value)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn index(ts: &ThreadState, this: &Range, value: &Object) -> Result {
        let Some(int) = Range::is_plain(value) else {
            let index = sequence::index_of(ts, this.as_object(), value)?;
            return Ok(Int::from_i64(ts, index as i64)?.upcast());
        };
        match this.find(ts, int)? {
            Some(index) => Ok(index.upcast()),
            None => Err(ts.raise_str(&VALUE_ERROR, "range.index(x): x not in range")),
        }
    }

    fn count(ts: &ThreadState, this: &Range, value: &Object) -> Result<isize> {
        match Range::is_plain(value) {
            Some(value) => Ok(this.find(ts, value)?.is_some().into()),
            None => sequence::count(ts, this.as_object(), value),
        }
    }

    /// The length, and what else tells ranges apart: nothing more of empty ones, no step of those with one number.
    fn telling(&self) -> [&Object; 3] {
        let none = singletons::none_ref();
        match self.length().to_i64() {
            Some(0) => [self.length(), none, none],
            Some(1) => [self.length(), self.start(), none],
            _ => [self.length(), self.start(), self.step()],
        }
    }

    fn hash(ts: &ThreadState, this: &Range) -> Result<isize> {
        super::tuple::hash_parts(ts, &this.telling())
    }

    fn compare(ts: &ThreadState, this: &Range, other: &Object, op: CompareOp) -> Result {
        let other = match (other.downcast::<Range>(), op) {
            (Some(other), CompareOp::Eq | CompareOp::Ne) => other,
            _ => return Ok(singletons::not_implemented()),
        };
        let mut same = true;
        for (a, b) in this.telling().into_iter().zip(other.telling()) {
            same = same && object::equal(ts, a, b)?;
        }
        Ok(from_bool(same == (op == CompareOp::Eq)))
    }

    fn reduce(ts: &ThreadState, this: &Range) -> Result<Owned<Tuple>> {
        let args = Tuple::new(ts, &[this.start(), this.stop(), this.step()])?;
        Tuple::new(ts, &[&PyRange_Type, &args])
    }

    fn drop_fields(_ts: &ThreadState, this: &Range) {
        [&this.start, &this.stop, &this.step, &this.length].into_iter().for_each(|field| drop(field.take_owned()));
    }

    /// Not for the collector, which does not know of ranges: for whoever wants to know what an object holds.
    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        [&self.start, &self.stop, &self.step, &self.length].into_iter().try_for_each(|field| visitor.field(field))
    }
}

static AS_NUMBER: PyNumberMethods =
    PyNumberMethods { nb_bool: slot::inquiry(Range::is_true), ..PyNumberMethods::EMPTY };

static AS_SEQUENCE: PySequenceMethods = PySequenceMethods {
    sq_length: slot::len(Range::len),
    sq_item: slot::ssizearg(Range::item_at),
    sq_contains: slot::contains(Range::contains),
    ..PySequenceMethods::EMPTY
};

static AS_MAPPING: PyMappingMethods = PyMappingMethods {
    mp_length: slot::len(Range::len),
    mp_subscript: slot::binary(Range::subscript),
    ..PyMappingMethods::EMPTY
};

static METHODS: [PyMethodDef; 5] = [
    method::noargs(c"__reversed__", iterator::backward, c"Return a reverse iterator."),
    method::noargs(c"__reduce__", Range::reduce, c""),
    method::one(c"count", Range::count, c"How often a value occurs: once or never."),
    method::one(c"index", Range::index, c"Where a value is; ValueError if it is not there."),
    slot::METHODS_END,
];

static MEMBERS: [PyMemberDef; 4] = [
    slot::member(c"start", Py_T_OBJECT_EX, core::mem::offset_of!(Range, start), Py_READONLY),
    slot::member(c"stop", Py_T_OBJECT_EX, core::mem::offset_of!(Range, stop), Py_READONLY),
    slot::member(c"step", Py_T_OBJECT_EX, core::mem::offset_of!(Range, step), Py_READONLY),
    slot::MEMBERS_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyRange_Type: Type = Type {
    tp_name: c"range".as_ptr(),
    tp_basicsize: size_of::<Range>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_SEQUENCE),
    tp_doc: Cell::new(
        c"range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\nNumbers from start, 0 if it is not given, to stop, which is not among them, in steps of step."
            .as_ptr(),
    ),
    tp_dealloc: slot::dealloc(Range::drop_fields),
    tp_traverse: slot::traverse(Range::visit),
    tp_repr: slot::unary(Range::repr),
    tp_hash: slot::hash(Range::hash),
    tp_richcompare: slot::richcompare(Range::compare),
    tp_as_number: Cell::new(table(&AS_NUMBER)),
    tp_as_sequence: Cell::new(table(&AS_SEQUENCE)),
    tp_as_mapping: Cell::new(table(&AS_MAPPING)),
    tp_iter: slot::unary(iterator::forward),
    tp_methods: entries(&METHODS),
    tp_members: entries(&MEMBERS),
    tp_new: slot::new(Range::construct),
    ..STATIC_TYPE
};
