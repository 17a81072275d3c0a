//! Iterators over dicts: keys, values and items, from either end.
//!
//! One layout for all six types. An iterator holds its dict until it is exhausted, and fails once the dict's size
//! is not what it was at the start; an item's tuple is used again if nobody kept it.

use core::cell::Cell;

use super::Dict;
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Class, Layout, Object, ObjectCell, Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::exceptions::RUNTIME_ERROR;
use crate::types::iterators::{self, ITER_SELF};
use crate::types::{List, STATIC_FLAGS, STATIC_TYPE, Tuple, entries, method, slot};

#[repr(C)]
pub struct DictIterator {
    ob_base: PyObject,
    /// NULL once exhausted.
    dict: Cell<*mut PyObject>,
    /// The dict's size at the start; -1 once it was found to have changed.
    size: Cell<isize>,
    /// The next position, or, backward, the one behind it.
    position: Cell<usize>,
    /// How many are still to come.
    left: Cell<isize>,
    /// The tuple for items, NULL for keys and values.
    item: Cell<*mut PyObject>,
}

// SAFETY: begins with the header.
unsafe impl Layout for DictIterator {}
// SAFETY: the six types' instances have this layout, and they have no subtypes.
unsafe impl Class for DictIterator {
    fn class() -> &'static Type {
        &PyDictIterKey_Type
    }
    fn is_instance(object: &Object) -> bool {
        TYPES.iter().any(|ty| core::ptr::eq(object.ty(), *ty))
    }
}

static TYPES: [&Type; 6] = [
    &PyDictIterKey_Type,
    &PyDictIterValue_Type,
    &PyDictIterItem_Type,
    &PyDictRevIterKey_Type,
    &PyDictRevIterValue_Type,
    &PyDictRevIterItem_Type,
];

const KEYS: u8 = 0;
const VALUES: u8 = 1;
const ITEMS: u8 = 2;

pub(super) fn make(ts: &ThreadState, ty: &'static Type, dict: &Dict) -> Result {
    let items = core::ptr::eq(ty, &PyDictIterItem_Type) || core::ptr::eq(ty, &PyDictRevIterItem_Type);
    let backward = TYPES[3..].iter().any(|t| core::ptr::eq(ty, *t));
    let none = crate::types::singletons::none_ref();
    let item = if items { Tuple::new(ts, &[none, none])?.into_raw() } else { core::ptr::null_mut() };
    // SAFETY: all fields are written; without memory the tuple is given back.
    unsafe {
        let this = ts.new_object::<DictIterator>(ty, size_of::<DictIterator>()).inspect_err(|_| {
            drop(Owned::<Object>::from_stolen_nullable(item));
        })?;
        this.dict.as_ptr().write(Owned::new(dict).into_raw());
        this.size.as_ptr().write(dict.len() as isize);
        this.position.as_ptr().write(if backward { dict.entry_count() } else { 0 });
        this.left.as_ptr().write(dict.len() as isize);
        this.item.as_ptr().write(item);
        let this = this.upcast();
        gc_track(&this);
        Ok(this)
    }
}

pub(super) fn keys(ts: &ThreadState, dict: &Dict) -> Result {
    make(ts, &PyDictIterKey_Type, dict)
}

pub(super) fn keys_backward(ts: &ThreadState, dict: &Dict) -> Result {
    make(ts, &PyDictRevIterKey_Type, dict)
}

impl DictIterator {
    fn dict(&self) -> Option<&Dict> {
        // SAFETY: NULL or a dict.
        self.dict.peek().map(|d| unsafe { d.cast() })
    }

    #[inline]
    fn next<const WHAT: u8, const BACKWARD: bool>(
        ts: &ThreadState,
        this: &DictIterator,
    ) -> Result<Option<Owned<Object>>> {
        let Some(dict) = this.dict() else { return Ok(None) };
        if this.size.get() != dict.len() as isize {
            this.size.set(-1);
            return Err(ts.raise_str(&RUNTIME_ERROR, "dictionary changed size during iteration"));
        }
        let position = this.position.get();
        let entry = if BACKWARD {
            dict.previous_entry(position)
        } else {
            dict.next_entry(position).map(|(next, key, value, _)| (next, key, value))
        };
        let Some((next, key, value)) = entry else {
            drop(this.dict.take_owned());
            return Ok(None);
        };
        if this.left.get() == 0 {
            drop(this.dict.take_owned());
            return Err(ts.raise_str(&RUNTIME_ERROR, "dictionary keys changed during iteration"));
        }
        this.position.set(next);
        this.left.set(this.left.get() - 1);
        match WHAT {
            KEYS => Ok(Some(Owned::new(key))),
            VALUES => Ok(Some(Owned::new(value))),
            _ => this.pair(ts, Owned::new(key), Owned::new(value)).map(Some),
        }
    }

    fn pair(&self, ts: &ThreadState, key: Owned<Object>, value: Owned<Object>) -> Result {
        let Some(kept) = self.item.peek().filter(|i| i.refcount() == 1) else {
            return Ok(Tuple::new(ts, &[&key, &value])?.upcast());
        };
        let result = Owned::new(kept);
        // SAFETY: a tuple of two that nobody else has; its items are its own.
        unsafe {
            let tuple = kept.cast::<Tuple>();
            tuple.ob_hash.set(-1);
            let old_key = tuple.items_ptr().replace(key.into_raw());
            let old_value = tuple.items_ptr().add(1).replace(value.into_raw());
            gc_track(tuple);
            drop((Owned::<Object>::from_stolen(old_key), Owned::<Object>::from_stolen(old_value)));
        }
        Ok(result)
    }

    fn hint(_ts: &ThreadState, this: &DictIterator) -> Result<isize> {
        let same = this.dict().is_some_and(|d| d.len() as isize == this.size.get());
        Ok(if same { this.left.get() } else { 0 })
    }

    /// The items still to come, as a list, without using this iterator up.
    fn reduce(ts: &ThreadState, this: &DictIterator) -> Result<Owned<Tuple>> {
        let list = match this.dict() {
            None => List::with_room(ts, 0)?,
            Some(dict) => {
                let ty = TYPES.iter().find(|t| core::ptr::eq(this.ob_base.ty(), **t)).unwrap_or(&TYPES[0]);
                let copy = make(ts, ty, dict)?;
                // SAFETY: just made.
                let twin = unsafe { copy.cast::<DictIterator>() };
                twin.size.set(this.size.get());
                twin.position.set(this.position.get());
                twin.left.set(this.left.get());
                List::from_iterable(ts, &copy)?
            }
        };
        Tuple::new(ts, &[&*iterators::builtin(ts, "iter")?, &*Tuple::new(ts, &[&list])?])
    }

    fn drop_fields(_ts: &ThreadState, this: &DictIterator) {
        drop(this.dict.take_owned());
        drop(this.item.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
        visitor.field(&self.dict)?;
        visitor.field(&self.item)
    }
}

static METHODS: [PyMethodDef; 3] = [
    method::noargs(
        c"__length_hint__",
        DictIterator::hint,
        c"__length_hint__($self, /)\n--\n\nHow many items are left.",
    ),
    method::noargs(c"__reduce__", DictIterator::reduce, c"__reduce__($self, /)\n--\n\nWhat pickling needs."),
    slot::METHODS_END,
];

#[allow(clippy::declare_interior_mutable_const)]
const TEMPLATE: Type = Type {
    tp_basicsize: size_of::<DictIterator>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC),
    tp_dealloc: slot::dealloc(DictIterator::drop_fields),
    tp_traverse: slot::traverse(DictIterator::visit),
    tp_iter: ITER_SELF,
    tp_methods: entries(&METHODS),
    ..STATIC_TYPE
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyDictIterKey_Type: Type = Type {
    tp_name: c"dict_keyiterator".as_ptr(),
    tp_iternext: slot::unary(DictIterator::next::<KEYS, false>),
    ..TEMPLATE
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyDictIterValue_Type: Type = Type {
    tp_name: c"dict_valueiterator".as_ptr(),
    tp_iternext: slot::unary(DictIterator::next::<VALUES, false>),
    ..TEMPLATE
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyDictIterItem_Type: Type = Type {
    tp_name: c"dict_itemiterator".as_ptr(),
    tp_iternext: slot::unary(DictIterator::next::<ITEMS, false>),
    ..TEMPLATE
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyDictRevIterKey_Type: Type = Type {
    tp_name: c"dict_reversekeyiterator".as_ptr(),
    tp_iternext: slot::unary(DictIterator::next::<KEYS, true>),
    ..TEMPLATE
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyDictRevIterValue_Type: Type = Type {
    tp_name: c"dict_reversevalueiterator".as_ptr(),
    tp_iternext: slot::unary(DictIterator::next::<VALUES, true>),
    ..TEMPLATE
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyDictRevIterItem_Type: Type = Type {
    tp_name: c"dict_reverseitemiterator".as_ptr(),
    tp_iternext: slot::unary(DictIterator::next::<ITEMS, true>),
    ..TEMPLATE
};
