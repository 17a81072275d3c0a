//! What a type takes over from its bases: flags, sizes, slots.
//!
//! A slot is taken from the first base along the MRO that defines it, where defining means having another
//! function than that base's own base. Some slots go together: the collector's pair, comparison and hash, both
//! forms of attribute access.

use core::cell::Cell;
use core::ffi::c_ulong;

use super::write_field;
use crate::ffi::*;
use crate::object::Type;
use crate::types::identifiers as id;
use crate::types::object::{free_of, generic_free};

/// Flags by which instances of a few built-in types are known at once.
const SUBCLASS_FLAGS: c_ulong = Py_TPFLAGS_LONG_SUBCLASS
    | Py_TPFLAGS_LIST_SUBCLASS
    | Py_TPFLAGS_TUPLE_SUBCLASS
    | Py_TPFLAGS_BYTES_SUBCLASS
    | Py_TPFLAGS_UNICODE_SUBCLASS
    | Py_TPFLAGS_DICT_SUBCLASS
    | Py_TPFLAGS_BASE_EXC_SUBCLASS
    | Py_TPFLAGS_TYPE_SUBCLASS;

/// All that a type with a namespace takes over but `tp_new`.
pub fn inherit_all(ty: &Type, base: Option<&Type>) {
    let Some(base) = base else { return };
    inherit_special(ty, base);
    for &base in ty.mro_types().iter().skip(1) {
        inherit_slots(ty, base);
    }
    if !ty.has(Py_TPFLAGS_HEAPTYPE) {
        inherit_suites(ty, base);
    }
}

pub fn add_flags(ty: &Type, flags: c_ulong) {
    ty.tp_flags.set(ty.tp_flags.get() | flags);
}

/// A suite that a static type lacks is its base's.
fn inherit_suites(ty: &Type, base: &Type) {
    fn take<T>(own: &Cell<*mut T>, base: &Cell<*mut T>) {
        if own.get().is_null() {
            own.set(base.get());
        }
    }
    take(&ty.tp_as_async, &base.tp_as_async);
    take(&ty.tp_as_number, &base.tp_as_number);
    take(&ty.tp_as_sequence, &base.tp_as_sequence);
    take(&ty.tp_as_mapping, &base.tp_as_mapping);
    take(&ty.tp_as_buffer, &base.tp_as_buffer);
}

/// From `tp_base`: collection, sizes and the flags that say what an instance is.
fn inherit_special(ty: &Type, base: &Type) {
    let no_collection = ty.tp_traverse.get().is_none() && ty.tp_clear.get().is_none();
    if !ty.has(Py_TPFLAGS_HAVE_GC) && base.has(Py_TPFLAGS_HAVE_GC) && no_collection {
        add_flags(ty, Py_TPFLAGS_HAVE_GC);
        ty.tp_traverse.set(base.tp_traverse.get());
        ty.tp_clear.set(base.tp_clear.get());
    }
    if ty.tp_basicsize == 0 {
        write_field!(ty, tp_basicsize, base.tp_basicsize);
    }
    if ty.tp_itemsize == 0 {
        write_field!(ty, tp_itemsize, base.tp_itemsize);
    }
    if ty.tp_weaklistoffset == 0 {
        write_field!(ty, tp_weaklistoffset, base.tp_weaklistoffset);
    }
    if ty.tp_dictoffset == 0 {
        write_field!(ty, tp_dictoffset, base.tp_dictoffset);
    }
    let kept = SUBCLASS_FLAGS | Py_TPFLAGS_ITEMS_AT_END | _Py_TPFLAGS_MATCH_SELF;
    add_flags(ty, base.tp_flags.get() & kept);
    // A sequence or a mapping stays one, unless the type says that it is the other.
    let kinds = Py_TPFLAGS_SEQUENCE | Py_TPFLAGS_MAPPING;
    if ty.tp_flags.get() & kinds == 0 {
        add_flags(ty, base.tp_flags.get() & kinds);
    }
}

/// Takes `own` from `base` if it is empty and `base` defines it.
fn take<F: Copy>(own: &Cell<Option<F>>, base: &Cell<Option<F>>, base_of_base: Option<&Cell<Option<F>>>) {
    const { assert!(size_of::<Option<F>>() == size_of::<usize>()) };
    // SAFETY: an optional function pointer is one word.
    let word = |f: Option<F>| unsafe { core::mem::transmute_copy::<Option<F>, usize>(&f) };
    let defined = base.get().is_some() && base_of_base.is_none_or(|b| word(b.get()) != word(base.get()));
    if own.get().is_none() && defined {
        own.set(base.get());
    }
}

/// The suites' slots, as words: all are cells of one pointer.
fn inherit_words<T>(own: *mut T, base: *mut T, base_of_base: *mut T) {
    if own.is_null() || base.is_null() || core::ptr::eq(own, base) {
        return;
    }
    let word = |p: *mut T, i: usize| {
        // SAFETY: within a live suite, which consists of words.
        unsafe { &*p.cast::<Cell<usize>>().add(i) }
    };
    for i in 0..size_of::<T>() / size_of::<usize>() {
        let value = word(base, i).get();
        let defined = value != 0 && (base_of_base.is_null() || word(base_of_base, i).get() != value);
        if word(own, i).get() == 0 && defined {
            word(own, i).set(value);
        }
    }
}

/// The slots that `base`, any type of the MRO, defines.
fn inherit_slots(ty: &Type, base: &Type) {
    let above = base.base();
    macro_rules! suites {
        ($($suite:ident),*) => {$(
            inherit_words(ty.$suite.get(), base.$suite.get(), above.map_or(core::ptr::null_mut(), |b| b.$suite.get()));
        )*};
    }
    suites!(tp_as_async, tp_as_number, tp_as_sequence, tp_as_mapping, tp_as_buffer);
    macro_rules! slots {
        ($($slot:ident),*) => {$( take(&ty.$slot, &base.$slot, above.map(|b| &b.$slot)); )*};
    }
    slots!(tp_dealloc);
    if ty.tp_getattr.get().is_none() && ty.tp_getattro.get().is_none() {
        ty.tp_getattr.set(base.tp_getattr.get());
        ty.tp_getattro.set(base.tp_getattro.get());
    }
    if ty.tp_setattr.get().is_none() && ty.tp_setattro.get().is_none() {
        ty.tp_setattr.set(base.tp_setattr.get());
        ty.tp_setattro.set(base.tp_setattro.get());
    }
    inherit_call(ty, base);
    slots!(tp_repr, tp_call, tp_str);
    let names: [&crate::types::Str; 2] = [&id::__eq__, &id::__hash__];
    let defines = |name| ty.own_dict().is_some_and(|d| d.get_name(name).is_some());
    if ty.tp_richcompare.get().is_none() && ty.tp_hash.get().is_none() && !names.into_iter().any(defines) {
        ty.tp_richcompare.set(base.tp_richcompare.get());
        ty.tp_hash.set(base.tp_hash.get());
    }
    slots!(tp_iter, tp_iternext, tp_descr_get);
    inherit_method_descriptor(ty, base);
    slots!(tp_descr_set, tp_init, tp_alloc, tp_is_gc, tp_finalize, tp_del);
    inherit_free(ty, base);
}

/// A type that does not define `tp_call` anew keeps the vectorcall of its base.
fn inherit_call(ty: &Type, base: &Type) {
    if ty.tp_vectorcall_offset == 0 {
        write_field!(ty, tp_vectorcall_offset, base.tp_vectorcall_offset);
    }
    if ty.tp_call.get().is_none() && base.has(Py_TPFLAGS_HAVE_VECTORCALL) {
        add_flags(ty, Py_TPFLAGS_HAVE_VECTORCALL);
    }
}

fn inherit_method_descriptor(ty: &Type, base: &Type) {
    let same = match (ty.tp_descr_get.get(), base.tp_descr_get.get()) {
        (Some(a), Some(b)) => core::ptr::fn_addr_eq(a, b),
        _ => false,
    };
    if same && ty.has(Py_TPFLAGS_IMMUTABLETYPE) && base.has(Py_TPFLAGS_METHOD_DESCRIPTOR) {
        add_flags(ty, Py_TPFLAGS_METHOD_DESCRIPTOR);
    }
}

/// `tp_free` depends on whether there is a collector's header before the object.
fn inherit_free(ty: &Type, base: &Type) {
    if ty.tp_free.get().is_some() {
        return;
    }
    if ty.is_gc() == base.is_gc() {
        take(&ty.tp_free, &base.tp_free, base.base().map(|b| &b.tp_free));
    } else if base.tp_free.get().is_some() {
        ty.tp_free.set(Some(generic_free));
    }
    // What `object` has works for both kinds; C expects the one that fits.
    if ty.tp_free.get().is_some_and(|free| core::ptr::fn_addr_eq(free, generic_free as freefunc)) {
        ty.tp_free.set(Some(free_of(ty.is_gc())));
    }
}

/// A built-in type's static starts with `object`'s functions in place; here they count as not filled, so that
/// they come from the nearest base.
pub fn forget_template(ty: &Type) {
    let root = &crate::types::object::PyBaseObject_Type;
    macro_rules! forget {
        ($($slot:ident),*) => {$(
            if let (Some(own), Some(template)) = (ty.$slot.get(), root.$slot.get())
                && core::ptr::fn_addr_eq(own, template)
            {
                ty.$slot.set(None);
            }
        )*};
    }
    forget!(tp_repr, tp_str, tp_hash, tp_getattro, tp_setattro, tp_richcompare, tp_init);
}
