//! What Python sees of a memoryview by name.

use core::ffi::c_int;

use super::index::SCALAR_LOOKUP;
use super::{MemoryView, format_text, not_implemented, type_error};
use crate::ffi::*;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::args::{Args, Signature, as_c_int, bad_argument, expect_str, with_tuple_and_dict};
use crate::protocol::buffer::bytes_of;
use crate::protocol::view::{self, Order};
use crate::protocol::{object, sequence};
use crate::runtime::ThreadState;
use crate::types::bytes::methods::hex_of;
use crate::types::exceptions::VALUE_ERROR;
use crate::types::generic_alias::CLASS_GETITEM;
use crate::types::slice::search_bound;
use crate::types::{Bytes, Dict, Int, List, Str, Tuple, method, singletons, slot};

static NEW: Signature = Signature { name: "memoryview", params: &["object"], required: 1, max_positional: 1 };

pub(super) fn make(ts: &ThreadState, _ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result<Owned<MemoryView>> {
    with_tuple_and_dict(ts, args, kwargs, |args| {
        let [object]: [Option<&Object>; 1] = NEW.bind(ts, args)?;
        MemoryView::new(ts, object.expect("required"), PyBUF_FULL_RO)
    })
}

static FROM_FLAGS: Signature =
    Signature { name: "_from_flags", params: &["object", "flags"], required: 2, max_positional: 2 };

fn from_flags(ts: &ThreadState, _ty: &Type, args: Args<'_>) -> Result<Owned<MemoryView>> {
    let [object, flags] = FROM_FLAGS.bind(ts, args)?;
    let flags = as_c_int(ts, flags.expect("required"))?;
    MemoryView::new(ts, object.expect("required"), flags)
}

static CAST: Signature = Signature { name: "cast", params: &["format", "shape"], required: 1, max_positional: 2 };

fn cast(ts: &ThreadState, this: &MemoryView, args: Args<'_>) -> Result<Owned<MemoryView>> {
    let [format, shape] = CAST.bind(ts, args)?;
    let format = expect_str(ts, "cast", "argument 'format'", format.expect("required"))?;
    MemoryView::cast(ts, this, format, shape)
}

static TO_BYTES: Signature = Signature { name: "tobytes", params: &["order"], required: 0, max_positional: 1 };

fn to_bytes(ts: &ThreadState, this: &MemoryView, args: Args<'_>) -> Result<Owned<Bytes>> {
    let [order] = TO_BYTES.bind(ts, args)?;
    let order = match order.filter(|o| !singletons::is_none(*o)) {
        None => None,
        Some(order) => match order.downcast::<Str>() {
            Some(order) => Some(order),
            None => return Err(bad_argument(ts, "tobytes", "argument 'order'", "str or None", order)),
        },
    };
    let view = this.check(ts)?;
    let order = match order.map(Str::as_ascii) {
        None | Some(Some("C")) => Order::C,
        Some(Some("F")) => Order::Fortran,
        Some(Some("A")) => Order::of(view, b'A'),
        Some(_) => return Err(ts.raise_str(&VALUE_ERROR, "order must be 'C', 'F' or 'A'")),
    };
    // SAFETY: filled in, and not released.
    unsafe { bytes_of(ts, view, order) }
}

fn hex(ts: &ThreadState, this: &MemoryView, args: Args<'_>) -> Result<Owned<Str>> {
    let view = this.check(ts)?;
    // SAFETY: filled in, and not released.
    let content = unsafe { bytes_of(ts, view, Order::C)? };
    hex_of(ts, content.as_slice(), args)
}

fn to_list(ts: &ThreadState, this: &MemoryView) -> Result {
    let view = this.check(ts)?;
    this.check_format(ts)?;
    // SAFETY: filled in, and not released; making objects of items runs no foreign code.
    unsafe { list_of(ts, this, view.buf.cast(), 0) }
}

/// # Safety
/// `at` is where the dimension begins, within a view that is not released.
unsafe fn list_of(ts: &ThreadState, this: &MemoryView, at: *const u8, dimension: usize) -> Result {
    let view = this.view();
    let Some(&n) = view::shape(view).get(dimension) else {
        // SAFETY: all dimensions are behind us: an item.
        return unsafe { this.format(ts)?.read(ts, at) };
    };
    let mut items = Vec::new();
    items.try_reserve_exact(usize::try_from(n).unwrap_or(0)).map_err(|_| ts.no_memory())?;
    for i in 0..n {
        // SAFETY: within the shape; at most 64 deep.
        items.push(unsafe { list_of(ts, this, view::step(view, at, dimension, i), dimension + 1)? });
    }
    Ok(List::from_owned(ts, items)?.upcast())
}

fn release(ts: &ThreadState, this: &MemoryView) -> Result<()> {
    this.release(ts)
}

fn enter(ts: &ThreadState, this: &MemoryView) -> Result<Owned<MemoryView>> {
    this.check(ts)?;
    Ok(Owned::new(this))
}

fn exit(ts: &ThreadState, this: &MemoryView, _args: Args<'_>) -> Result<()> {
    this.release(ts)
}

fn count(ts: &ThreadState, this: &MemoryView, value: &Object) -> Result<isize> {
    let mut n = 0;
    sequence::for_each(ts, this, |item| {
        n += isize::from(item.is(value) || object::equal(ts, &item, value)?);
        Ok(())
    })?;
    Ok(n)
}

fn index_of(ts: &ThreadState, this: &MemoryView, args: Args<'_>) -> Result<isize> {
    args.expect_positional(ts, "index", 1, 3)?;
    let start = search_bound(ts, args.get(1), 0)?;
    let stop = search_bound(ts, args.get(2), isize::MAX)?;
    let n = match view::shape(this.check(ts)?) {
        [] => return Err(type_error(ts, SCALAR_LOOKUP)),
        [n] => *n,
        _ => return Err(not_implemented(ts, "multi-dimensional lookup is not implemented")),
    };
    let from_end = |i: isize| if i < 0 { (i + n).max(0) } else { i };
    for i in from_end(start)..from_end(stop).min(n) {
        let item = MemoryView::item(ts, this, i)?;
        if item.is(args.positional[0]) || object::equal(ts, &item, args.positional[0])? {
            return Ok(i);
        }
    }
    Err(ts.raise_str(&VALUE_ERROR, "memoryview.index(x): x not found"))
}

pub(super) static METHODS: [PyMethodDef; 13] = [
    method::noargs(c"release", release, c"release($self, /)\n--\n\nGives back the buffer of the object."),
    method::keywords(
        c"tobytes",
        to_bytes,
        c"tobytes($self, /, order='C')\n--\n\nA copy of the items, in the order of C, of Fortran, or as they lie ('A').",
    ),
    method::keywords(
        c"hex",
        hex,
        c"hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)\n--\n\nThe bytes as hexadecimal digits.",
    ),
    method::noargs(c"tolist", to_list, c"tolist($self, /)\n--\n\nThe items in a list, nested by dimension."),
    method::keywords(
        c"cast",
        cast,
        c"cast($self, /, format, shape=<unrepresentable>)\n--\n\nThe same memory as items of another format.",
    ),
    method::noargs(c"toreadonly", MemoryView::to_readonly, c"toreadonly($self, /)\n--\n\nThe same memory for reading."),
    method::class(method::keywords(
        c"_from_flags",
        from_flags,
        c"_from_flags($type, /, object, flags)\n--\n\nA memoryview of the buffer that these flags ask for.",
    )),
    method::one(c"count", count, c"count($self, value, /)\n--\n\nHow often the value occurs."),
    method::positional(
        c"index",
        index_of,
        c"index($self, value, start=0, stop=sys.maxsize, /)\n--\n\nWhere the value is first found.",
    ),
    method::noargs(c"__enter__", enter, c""),
    method::positional(c"__exit__", exit, c""),
    CLASS_GETITEM,
    slot::METHODS_END,
];

/// A tuple of ints.
fn ints(ts: &ThreadState, values: &[isize]) -> Result<Owned<Tuple>> {
    let items: Result<Vec<Owned<Object>>> = values.iter().map(|&n| Ok(Int::from_i64(ts, n as i64)?.upcast())).collect();
    Tuple::from_owned(ts, items?)
}

fn get_object(ts: &ThreadState, this: &MemoryView) -> Result {
    // SAFETY: NULL or the exporter, which the buffer holds.
    let object = unsafe { Object::from_nullable(this.check(ts)?.obj) };
    Ok(Owned::new(object.unwrap_or(singletons::none_ref())))
}

fn nbytes(ts: &ThreadState, this: &MemoryView) -> Result<Owned<Int>> {
    Int::from_i64(ts, this.check(ts)?.len as i64)
}

fn readonly(ts: &ThreadState, this: &MemoryView) -> Result {
    Ok(crate::types::bool::from_bool(this.check(ts)?.readonly != 0))
}

fn itemsize(ts: &ThreadState, this: &MemoryView) -> Result<Owned<Int>> {
    Int::from_i64(ts, this.check(ts)?.itemsize as i64)
}

fn format(ts: &ThreadState, this: &MemoryView) -> Result<Owned<Str>> {
    crate::types::str::codecs::decode(ts, format_text(this.check(ts)?), None, None)
}

fn ndim(ts: &ThreadState, this: &MemoryView) -> Result<Owned<Int>> {
    Int::from_i64(ts, i64::from(this.check(ts)?.ndim))
}

fn shape(ts: &ThreadState, this: &MemoryView) -> Result<Owned<Tuple>> {
    ints(ts, view::shape(this.check(ts)?))
}

fn strides(ts: &ThreadState, this: &MemoryView) -> Result<Owned<Tuple>> {
    ints(ts, view::strides(this.check(ts)?).unwrap_or_default())
}

fn suboffsets(ts: &ThreadState, this: &MemoryView) -> Result<Owned<Tuple>> {
    ints(ts, view::suboffsets(this.check(ts)?).unwrap_or_default())
}

fn is(ts: &ThreadState, this: &MemoryView, flags: c_int) -> Result {
    this.check(ts)?;
    Ok(crate::types::bool::from_bool(this.has(flags)))
}

fn c_contiguous(ts: &ThreadState, this: &MemoryView) -> Result {
    is(ts, this, _Py_MEMORYVIEW_C)
}

fn f_contiguous(ts: &ThreadState, this: &MemoryView) -> Result {
    is(ts, this, _Py_MEMORYVIEW_FORTRAN)
}

fn contiguous(ts: &ThreadState, this: &MemoryView) -> Result {
    is(ts, this, _Py_MEMORYVIEW_C | _Py_MEMORYVIEW_FORTRAN)
}

pub(super) static GETSET: [PyGetSetDef; 13] = [
    slot::getter(c"obj", get_object, c"The object whose memory it is."),
    slot::getter(c"nbytes", nbytes, c"How many bytes the items take."),
    slot::getter(c"readonly", readonly, c"Whether the memory is for reading only."),
    slot::getter(c"itemsize", itemsize, c"How many bytes an item takes."),
    slot::getter(c"format", format, c"What an item is, in the words of the module struct."),
    slot::getter(c"ndim", ndim, c"How many dimensions there are."),
    slot::getter(c"shape", shape, c"How many items there are in each dimension."),
    slot::getter(c"strides", strides, c"How many bytes it is to the next item in each dimension."),
    slot::getter(c"suboffsets", suboffsets, c"Where pointers are to be followed, and how far beyond."),
    slot::getter(c"c_contiguous", c_contiguous, c"Whether the items lie side by side in C's order."),
    slot::getter(c"f_contiguous", f_contiguous, c"Whether the items lie side by side in Fortran's order."),
    slot::getter(c"contiguous", contiguous, c"Whether the items lie side by side."),
    slot::GETSET_END,
];
