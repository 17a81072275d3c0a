//! Views of a dict: `keys()`, `values()` and `items()`.
//!
//! A view holds its dict and nothing else. Those of keys and items behave as sets: they compare with sets, and
//! the set operators answer with new sets.

use core::cell::Cell;

use super::{Dict, iterator};
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Class, Layout, Object, ObjectCell, Owned, Result, Type};
use crate::protocol::compare::CompareOp;
use crate::protocol::{object, sequence};
use crate::runtime::ThreadState;
use crate::types::descr::proxy::{MappingProxy, new_proxy};
use crate::types::{
    List, STATIC_FLAGS, STATIC_TYPE, Set, Str, Tuple, bool as boolean, entries, method, singletons, slot, table,
};

#[repr(C)]
pub struct DictView {
    ob_base: PyObject,
    dict: Cell<*mut PyObject>,
}

// SAFETY: begins with the header.
unsafe impl Layout for DictView {}
// SAFETY: the three types' instances have this layout, and they have no subtypes.
unsafe impl Class for DictView {
    fn class() -> &'static Type {
        &PyDictKeys_Type
    }
    fn is_instance(object: &Object) -> bool {
        is_set_like(object) || core::ptr::eq(object.ty(), &PyDictValues_Type)
    }
}

/// A view of keys or of items.
fn is_set_like(object: &Object) -> bool {
    core::ptr::eq(object.ty(), &PyDictKeys_Type) || core::ptr::eq(object.ty(), &PyDictItems_Type)
}

fn as_set_like(object: &Object) -> Option<&DictView> {
    // SAFETY: those types' layout.
    is_set_like(object).then(|| unsafe { object.cast() })
}

fn make(ts: &ThreadState, ty: &'static Type, dict: &Dict) -> Result {
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<DictView>(ty, size_of::<DictView>())?;
        this.dict.as_ptr().write(Owned::new(dict).into_raw());
        let this = this.upcast();
        gc_track(&this);
        Ok(this)
    }
}

pub(super) fn keys(ts: &ThreadState, dict: &Dict) -> Result {
    make(ts, &PyDictKeys_Type, dict)
}

pub(super) fn values(ts: &ThreadState, dict: &Dict) -> Result {
    make(ts, &PyDictValues_Type, dict)
}

pub(super) fn items(ts: &ThreadState, dict: &Dict) -> Result {
    make(ts, &PyDictItems_Type, dict)
}

impl DictView {
    #[inline]
    fn dict(&self) -> &Dict {
        // SAFETY: a dict, written when the view was made; the collector clears nothing in it.
        unsafe { &*self.dict.get().cast::<Dict>() }
    }

    fn is_keys(&self) -> bool {
        core::ptr::eq(self.ob_base.ty(), &PyDictKeys_Type)
    }

    fn length(_ts: &ThreadState, this: &DictView) -> Result<isize> {
        Ok(this.dict().len() as isize)
    }

    fn has(&self, ts: &ThreadState, item: &Object) -> Result<bool> {
        if self.is_keys() {
            return self.dict().contains(ts, item);
        }
        let Some(pair) = item.downcast::<Tuple>() else { return Ok(false) };
        let [key, value] = pair.as_slice() else { return Ok(false) };
        match self.dict().get(ts, key)? {
            Some(found) => object::equal(ts, &found, value),
            None => Ok(false),
        }
    }

    fn contains(ts: &ThreadState, this: &DictView, item: &Object) -> Result<bool> {
        this.has(ts, item)
    }

    fn iter_keys(ts: &ThreadState, this: &DictView) -> Result {
        iterator::make(ts, &iterator::PyDictIterKey_Type, this.dict())
    }

    fn iter_values(ts: &ThreadState, this: &DictView) -> Result {
        iterator::make(ts, &iterator::PyDictIterValue_Type, this.dict())
    }

    fn iter_items(ts: &ThreadState, this: &DictView) -> Result {
        iterator::make(ts, &iterator::PyDictIterItem_Type, this.dict())
    }

    fn reversed(ts: &ThreadState, this: &DictView) -> Result {
        let ty = this.ob_base.ty();
        let backward = if this.is_keys() {
            &iterator::PyDictRevIterKey_Type
        } else if core::ptr::eq(ty, &PyDictValues_Type) {
            &iterator::PyDictRevIterValue_Type
        } else {
            &iterator::PyDictRevIterItem_Type
        };
        iterator::make(ts, backward, this.dict())
    }

    fn repr(ts: &ThreadState, this: &DictView) -> Result<Owned<Str>> {
        if !ts.enter_repr(this.as_object()) {
            return Str::new(ts, "...");
        }
        let list = List::from_iterable(ts, this.as_object());
        let text = list.and_then(|list| object::repr(ts, &list));
        ts.leave_repr(this.as_object());
        let name = this.ob_base.ty().full_name();
        let text = text?;
        Str::build(ts, |out| {
            out.extend_str(name)?;
            out.extend_str("(")?;
            out.extend(text.chars())?;
            out.extend_str(")")
        })
    }

    fn mapping(ts: &ThreadState, this: &DictView) -> Result<Owned<MappingProxy>> {
        new_proxy(ts, this.dict())
    }

    fn compare(ts: &ThreadState, this: &DictView, other: &Object, op: CompareOp) -> Result {
        let comparable = other.downcast::<Set>().is_some() || is_set_like(other);
        if !comparable {
            return Ok(singletons::not_implemented());
        }
        let (n, theirs) = (this.dict().len() as isize, sequence::len(ts, other)?);
        let this = this.as_object();
        let result = match op {
            CompareOp::Eq => n == theirs && all_in(ts, this, other)?,
            CompareOp::Ne => !(n == theirs && all_in(ts, this, other)?),
            CompareOp::Lt => n < theirs && all_in(ts, this, other)?,
            CompareOp::Le => n <= theirs && all_in(ts, this, other)?,
            CompareOp::Gt => n > theirs && all_in(ts, other, this)?,
            CompareOp::Ge => n >= theirs && all_in(ts, other, this)?,
        };
        Ok(boolean::from_bool(result))
    }

    fn isdisjoint(ts: &ThreadState, this: &DictView, other: &Object) -> Result<bool> {
        let mut view = this.as_object();
        let mut other = other;
        if view.is(other) {
            return Ok(this.dict().is_empty());
        }
        // The smaller one is walked.
        let swappable = is_set_like(other) || other.downcast::<Set>().is_some_and(Set::is_exact_set);
        if swappable && sequence::len(ts, other)? > this.dict().len() as isize {
            core::mem::swap(&mut view, &mut other);
        }
        let iterator = sequence::iter(ts, other)?;
        while let Some(item) = sequence::next(ts, &iterator)? {
            if sequence::contains(ts, view, &item)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn drop_fields(_ts: &ThreadState, this: &DictView) {
        drop(this.dict.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        visitor.field(&self.dict)
    }
}

fn all_in(ts: &ThreadState, part: &Object, whole: &Object) -> Result<bool> {
    let iterator = sequence::iter(ts, part)?;
    while let Some(item) = sequence::next(ts, &iterator)? {
        if !sequence::contains(ts, whole, &item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// An operand as a new set: what any iterable holds.
fn to_set(ts: &ThreadState, operand: &Object) -> Result<Owned<Set>> {
    match as_set_like(operand).filter(|v| v.is_keys()) {
        Some(view) if view.dict().is_exact::<Dict>() => Set::from_iterable(ts, view.dict()),
        _ => Set::from_iterable(ts, operand),
    }
}

fn subtract(ts: &ThreadState, a: &Object, b: &Object) -> Result<Owned<Set>> {
    let result = to_set(ts, a)?;
    result.difference_update(ts, b)?;
    Ok(result)
}

fn or(ts: &ThreadState, a: &Object, b: &Object) -> Result<Owned<Set>> {
    let result = to_set(ts, a)?;
    result.update(ts, b)?;
    Ok(result)
}

fn xor(ts: &ThreadState, a: &Object, b: &Object) -> Result<Owned<Set>> {
    if let (Some(x), Some(y)) = (as_set_like(a), as_set_like(b))
        && !x.is_keys()
        && !y.is_keys()
    {
        return xor_items(ts, x.dict(), y.dict());
    }
    let result = to_set(ts, a)?;
    result.symmetric_difference_update(ts, b)?;
    Ok(result)
}

/// Pairs of only one of the dicts. What both have is found by key, so its values need not be hashable.
fn xor_items(ts: &ThreadState, a: &Dict, b: &Dict) -> Result<Owned<Set>> {
    let (small, large) = if a.len() > b.len() { (b, a) } else { (a, b) };
    let rest = small.copy(ts)?;
    let result = Set::new(ts)?;
    let mut position = 0;
    while let Some((next, key, value, hash)) = large.next_entry(position) {
        position = next;
        let (key, value) = (Owned::new(key), Owned::new(value));
        let common = match rest.get_with_hash(ts, &key, hash)? {
            Some(other) => object::equal(ts, &other, &value)?,
            None => false,
        };
        if common {
            drop(rest.remove_with_hash(ts, &key, hash)?);
        } else {
            result.add(ts, &*Tuple::new(ts, &[&key, &value])?)?;
        }
    }
    for (key, value) in rest.items_vec() {
        result.add(ts, &*Tuple::new(ts, &[&key, &value])?)?;
    }
    Ok(result)
}

fn and(ts: &ThreadState, a: &Object, b: &Object) -> Result {
    let (mut view, mut other) = match as_set_like(a) {
        Some(view) => (view, b),
        // The operator was asked for by the right operand.
        None => match as_set_like(b) {
            Some(view) => (view, a),
            None => return Ok(singletons::not_implemented()),
        },
    };
    let n = view.dict().len();
    if let Some(set) = other.downcast::<Set>().filter(|s| s.is_exact_mutable())
        && n <= set.len()
    {
        return set.intersection(ts, view.as_object()).map(Owned::upcast);
    }
    if let Some(larger) = as_set_like(other).filter(|v| v.dict().len() > n) {
        (view, other) = (larger, view.as_object());
    }
    let result = Set::new(ts)?;
    let iterator = sequence::iter(ts, other)?;
    while let Some(item) = sequence::next(ts, &iterator)? {
        if view.has(ts, &item)? {
            result.add(ts, &item)?;
        }
    }
    Ok(result.upcast())
}

#[unsafe(link_section = "immortal")]
static AS_NUMBER: PyNumberMethods = PyNumberMethods {
    nb_subtract: slot::binary(subtract),
    nb_and: slot::binary(and),
    nb_xor: slot::binary(xor),
    nb_or: slot::binary(or),
    ..PyNumberMethods::EMPTY
};

#[unsafe(link_section = "immortal")]
static AS_SET: PySequenceMethods = PySequenceMethods {
    sq_length: slot::len(DictView::length),
    sq_contains: slot::contains(DictView::contains),
    ..PySequenceMethods::EMPTY
};

#[unsafe(link_section = "immortal")]
static AS_VALUES: PySequenceMethods =
    PySequenceMethods { sq_length: slot::len(DictView::length), ..PySequenceMethods::EMPTY };

const REVERSED: PyMethodDef = method::noargs(
    c"__reversed__",
    DictView::reversed,
    c"__reversed__($self, /)\n--\n\nAn iterator over the view, the last first.",
);

static SET_METHODS: [PyMethodDef; 3] = [
    method::one(
        c"isdisjoint",
        DictView::isdisjoint,
        c"isdisjoint($self, other, /)\n--\n\nWhether the view and an iterable have nothing in common.",
    ),
    REVERSED,
    slot::METHODS_END,
];

static VALUES_METHODS: [PyMethodDef; 2] = [REVERSED, slot::METHODS_END];

static GETSET: [PyGetSetDef; 2] =
    [slot::getter(c"mapping", DictView::mapping, c"The dict that this is a view of, read-only."), slot::GETSET_END];

#[allow(clippy::declare_interior_mutable_const)]
const TEMPLATE: Type = Type {
    tp_basicsize: size_of::<DictView>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC),
    tp_dealloc: slot::dealloc(DictView::drop_fields),
    tp_traverse: slot::traverse(DictView::visit),
    tp_repr: slot::unary(DictView::repr),
    tp_getset: entries(&GETSET),
    ..STATIC_TYPE
};

#[allow(clippy::declare_interior_mutable_const)]
const SET_TEMPLATE: Type = Type {
    tp_as_number: Cell::new(table(&AS_NUMBER)),
    tp_as_sequence: Cell::new(table(&AS_SET)),
    tp_hash: slot::unhashable(),
    tp_richcompare: slot::richcompare(DictView::compare),
    tp_methods: entries(&SET_METHODS),
    ..TEMPLATE
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyDictKeys_Type: Type =
    Type { tp_name: c"dict_keys".as_ptr(), tp_iter: slot::unary(DictView::iter_keys), ..SET_TEMPLATE };

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyDictItems_Type: Type =
    Type { tp_name: c"dict_items".as_ptr(), tp_iter: slot::unary(DictView::iter_items), ..SET_TEMPLATE };

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyDictValues_Type: Type = Type {
    tp_name: c"dict_values".as_ptr(),
    tp_as_sequence: Cell::new(table(&AS_VALUES)),
    tp_iter: slot::unary(DictView::iter_values),
    tp_methods: entries(&VALUES_METHODS),
    ..TEMPLATE
};
