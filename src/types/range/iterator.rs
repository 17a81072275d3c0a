//! The iterators over a range: one that counts in 64 bits, and one for ints of any size.

use core::cell::Cell;

use super::{Range, as_int, at, small};
use crate::ffi::*;
use crate::object::{Layout, Object, ObjectCell, Owned, Result, Type};
use crate::protocol::compare::CompareOp;
use crate::protocol::{number, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::{OVERFLOW_ERROR, TYPE_ERROR};
use crate::types::iterators::{ITER_SELF, builtin};
use crate::types::{Int, STATIC_FLAGS, STATIC_TYPE, Tuple, entries, method, singletons, slot};

#[repr(C)]
pub struct RangeIterator {
    ob_base: PyObject,
    /// The next number, if there is one.
    start: Cell<i64>,
    step: Cell<i64>,
    /// How many are left.
    left: Cell<i64>,
}

#[repr(C)]
pub struct LongRangeIterator {
    ob_base: PyObject,
    start: Cell<*mut PyObject>,
    step: Cell<*mut PyObject>,
    left: Cell<*mut PyObject>,
}

// SAFETY: begins with the header.
unsafe impl Layout for RangeIterator {}
// SAFETY: begins with the header.
unsafe impl Layout for LongRangeIterator {}

/// From its first number.
pub fn forward(ts: &ThreadState, range: &Range) -> Result {
    if let Some([start, stop, step, left]) = small([range.start(), range.stop(), range.step(), range.length()]) {
        // Counting may end one step behind the stop; as in CPython, it is asked of the stop.
        let end = stop + step - step.signum();
        if left == 0 || i64::try_from(end).is_ok() {
            return fast(ts, start as i64, step as i64, left as i64);
        }
    }
    long(ts, Owned::new(range.start()), Owned::new(range.step()), Owned::new(range.length()))
}

/// From its last number.
pub fn backward(ts: &ThreadState, range: &Range) -> Result {
    if let Some([start, step, left]) = small([range.start(), range.step(), range.length()]) {
        let fits = i64::try_from(start - step).is_ok() && range.stop().to_i64().is_some();
        if let (true, Ok(last)) = (fits, i64::try_from(start + step * (left - 1))) {
            return fast(ts, last, (step as i64).wrapping_neg(), left as i64);
        }
    }
    let last = number::binary(ts, number::SUBTRACT, range.length(), &*Int::from_i64(ts, 1)?)?;
    let start = at(ts, range.start(), range.step(), &*as_int(last)?)?;
    let step = as_int(number::negative(ts, range.step())?)?;
    long(ts, start, step, Owned::new(range.length()))
}

fn fast(ts: &ThreadState, start: i64, step: i64, left: i64) -> Result {
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<RangeIterator>(&PyRangeIter_Type, size_of::<RangeIterator>())?;
        this.start.as_ptr().write(start);
        this.step.as_ptr().write(step);
        this.left.as_ptr().write(left);
        Ok(this.upcast())
    }
}

fn long(ts: &ThreadState, start: Owned<Int>, step: Owned<Int>, left: Owned<Int>) -> Result {
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<LongRangeIterator>(&PyLongRangeIter_Type, size_of::<LongRangeIterator>())?;
        this.start.as_ptr().write(start.into_raw());
        this.step.as_ptr().write(step.into_raw());
        this.left.as_ptr().write(left.into_raw());
        Ok(this.upcast())
    }
}

/// How to make an iterator over what is left.
fn reduce(ts: &ThreadState, start: Owned<Int>, step: Owned<Int>, left: &Int) -> Result<Owned<Tuple>> {
    let stop = at(ts, &start, &step, left)?;
    let (iter, range) = (builtin(ts, "iter")?, Range::new(ts, start, stop, step)?);
    Tuple::new(ts, &[&iter, &*Tuple::new(ts, &[range.as_object()])?, singletons::none_ref()])
}

impl RangeIterator {
    fn next(ts: &ThreadState, this: &RangeIterator) -> Result<Option<Owned<Int>>> {
        let left = this.left.get();
        if left <= 0 {
            return Ok(None);
        }
        let number = this.start.get();
        let made = Int::from_i64(ts, number)?;
        this.start.set(number.wrapping_add(this.step.get()));
        this.left.set(left - 1);
        Ok(Some(made))
    }

    fn length_hint(_ts: &ThreadState, this: &RangeIterator) -> Result<isize> {
        Ok(this.left.get() as isize)
    }

    fn reduce(ts: &ThreadState, this: &RangeIterator) -> Result<Owned<Tuple>> {
        let int = |cell: &Cell<i64>| Int::from_i64(ts, cell.get());
        reduce(ts, int(&this.start)?, int(&this.step)?, &*int(&this.left)?)
    }

    /// Passes over so many numbers.
    fn set_state(ts: &ThreadState, this: &RangeIterator, state: &Object) -> Result<()> {
        let left = this.left.get();
        let state = number::index(ts, state)?.to_i64();
        let overflow = || ts.raise_str(&OVERFLOW_ERROR, "Python int too large to convert to C long");
        let passed = state.ok_or_else(overflow)?.clamp(0, left);
        this.start.set(this.start.get().wrapping_add(passed.wrapping_mul(this.step.get())));
        this.left.set(left - passed);
        Ok(())
    }

    /// Nothing to give back: all of it is numbers.
    fn drop_fields(_ts: &ThreadState, _this: &RangeIterator) {}
}

impl LongRangeIterator {
    fn field(cell: &Cell<*mut PyObject>) -> Owned<Int> {
        // SAFETY: an int is stored there, always.
        unsafe { cell.load().expect("written when it was made").cast_owned() }
    }

    fn next(ts: &ThreadState, this: &LongRangeIterator) -> Result<Option<Owned<Int>>> {
        let (left, number) = (LongRangeIterator::field(&this.left), LongRangeIterator::field(&this.start));
        if left.is_zero() {
            return Ok(None);
        }
        let one = Int::from_i64(ts, 1)?;
        let fewer = as_int(number::binary(ts, number::SUBTRACT, &left, &one)?)?;
        let next = at(ts, &number, &LongRangeIterator::field(&this.step), &one)?;
        this.start.store(Some(next));
        this.left.store(Some(fewer));
        Ok(Some(number))
    }

    fn length_hint(_ts: &ThreadState, this: &LongRangeIterator) -> Result<Owned<Int>> {
        Ok(LongRangeIterator::field(&this.left))
    }

    fn reduce(ts: &ThreadState, this: &LongRangeIterator) -> Result<Owned<Tuple>> {
        let left = LongRangeIterator::field(&this.left);
        reduce(ts, LongRangeIterator::field(&this.start), LongRangeIterator::field(&this.step), &left)
    }

    /// Passes over so many numbers.
    fn set_state(ts: &ThreadState, this: &LongRangeIterator, state: &Object) -> Result<()> {
        let Some(state) = state.downcast::<Int>() else {
            let name = state.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("state must be an int, not {name}")));
        };
        let left = LongRangeIterator::field(&this.left);
        let passed = if state.is_negative() {
            Int::from_i64(ts, 0)?
        } else if object::compare_bool(ts, &left, state, CompareOp::Lt)? {
            left.clone()
        } else {
            Int::exact(ts, state)?
        };
        let start = at(ts, &LongRangeIterator::field(&this.start), &LongRangeIterator::field(&this.step), &passed)?;
        let left = as_int(number::binary(ts, number::SUBTRACT, &left, &passed)?)?;
        this.start.store(Some(start));
        this.left.store(Some(left));
        Ok(())
    }

    fn drop_fields(_ts: &ThreadState, this: &LongRangeIterator) {
        [&this.start, &this.step, &this.left].into_iter().for_each(|field| drop(field.take_owned()));
    }

    /// For whoever wants to know what an object holds; the collector does not know of it.
    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        [&self.start, &self.step, &self.left].into_iter().try_for_each(|field| visitor.field(field))
    }
}

static METHODS: [PyMethodDef; 4] = [
    method::noargs(c"__length_hint__", RangeIterator::length_hint, c"Say how many items are left."),
    method::noargs(c"__reduce__", RangeIterator::reduce, c"Return state information for pickling."),
    method::one(c"__setstate__", RangeIterator::set_state, c"Pass over so many items."),
    slot::METHODS_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyRangeIter_Type: Type = Type {
    tp_name: c"range_iterator".as_ptr(),
    tp_basicsize: size_of::<RangeIterator>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_DISALLOW_INSTANTIATION),
    tp_dealloc: slot::dealloc(RangeIterator::drop_fields),
    tp_iter: ITER_SELF,
    tp_iternext: slot::unary(RangeIterator::next),
    tp_methods: entries(&METHODS),
    ..STATIC_TYPE
};

static LONG_METHODS: [PyMethodDef; 4] = [
    method::noargs(c"__length_hint__", LongRangeIterator::length_hint, c"Say how many items are left."),
    method::noargs(c"__reduce__", LongRangeIterator::reduce, c"Return state information for pickling."),
    method::one(c"__setstate__", LongRangeIterator::set_state, c"Pass over so many items."),
    slot::METHODS_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyLongRangeIter_Type: Type = Type {
    tp_name: c"longrange_iterator".as_ptr(),
    tp_basicsize: size_of::<LongRangeIterator>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_DISALLOW_INSTANTIATION),
    tp_dealloc: slot::dealloc(LongRangeIterator::drop_fields),
    tp_traverse: slot::traverse(LongRangeIterator::visit),
    tp_iter: ITER_SELF,
    tp_iternext: slot::unary(LongRangeIterator::next),
    tp_methods: entries(&LONG_METHODS),
    ..STATIC_TYPE
};
