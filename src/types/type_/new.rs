//! `type(name, bases, dict)`: making a class.

use core::mem::offset_of;

use super::{PyType_Type, attributes, call, dispatch, instance, layout, ready, subclasses, write_field};
use crate::ffi::*;
use crate::object::{Object, ObjectCell, Owned, Raised, Result, Type};
use crate::protocol::{call as calls, object as protocol, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::{TYPE_ERROR, VALUE_ERROR};
use crate::types::object::{PyBaseObject_Type, PyType_GenericAlloc, free_of};
use crate::types::str::codecs::refuse_surrogates;
use crate::types::{Dict, Str, Tuple, identifiers as id, singletons};

/// A heap type under construction: its memory, its suites in place, nothing else. `items` is how many member
/// definitions it has room for.
pub fn allocate(ts: &ThreadState, meta: &Type, items: usize) -> Result<Owned<Type>> {
    let alloc = meta.tp_alloc.get().unwrap_or(PyType_GenericAlloc);
    // SAFETY: the metatype's own function.
    let ty = ts.check_result(None, unsafe { alloc(call::type_ptr(meta), items as isize) })?;
    // SAFETY: an instance of a metatype has the layout of a heap type, zeroed.
    let ty: Owned<Type> = unsafe { ty.cast_owned() };
    let at = ty.as_object().as_ptr().cast::<u8>();
    ty.tp_flags.set(Py_TPFLAGS_HEAPTYPE);
    ty.tp_as_async.set(at.wrapping_add(offset_of!(PyHeapTypeObject, as_async)).cast());
    ty.tp_as_number.set(at.wrapping_add(offset_of!(PyHeapTypeObject, as_number)).cast());
    ty.tp_as_mapping.set(at.wrapping_add(offset_of!(PyHeapTypeObject, as_mapping)).cast());
    ty.tp_as_sequence.set(at.wrapping_add(offset_of!(PyHeapTypeObject, as_sequence)).cast());
    ty.tp_as_buffer.set(at.wrapping_add(offset_of!(PyHeapTypeObject, as_buffer)).cast());
    write_field!(&ty, tp_name, c"?".as_ptr());
    Ok(ty)
}

/// A copy of `text` with a NUL behind it, in the interpreter's heap.
pub fn copy_text(ts: &ThreadState, text: &[u8]) -> Result<*mut core::ffi::c_char> {
    let block = ts.alloc(text.len() + 1)?.as_ptr();
    // SAFETY: room for the text and the NUL.
    unsafe {
        block.copy_from_nonoverlapping(text.as_ptr(), text.len());
        block.add(text.len()).write(0);
    }
    Ok(block.cast())
}

/// Sets `tp_name`; the old text goes.
pub fn set_c_name(ts: &ThreadState, ty: &Type, name: &str) -> Result<()> {
    let Some(heap) = ty.as_heap() else { return Ok(()) };
    let text = copy_text(ts, name.as_bytes())?;
    write_field!(ty, tp_name, text.cast_const());
    let old = heap._ht_tpname.replace(text);
    if !old.is_null() {
        // SAFETY: made by `copy_text`.
        unsafe { ts.free(old.cast()) };
    }
    Ok(())
}

/// The most derived metatype of `meta` and the bases' types.
pub fn metatype<'a>(ts: &ThreadState, meta: &'a Type, bases: &[&'a Object]) -> Result<&'a Type> {
    let mut winner = meta;
    for base in bases {
        let other = base.ty();
        if winner.is_subtype_of(other) {
            continue;
        }
        if !other.is_subtype_of(winner) {
            return Err(ts.raise_str(
                &TYPE_ERROR,
                "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses \
                 of all its bases",
            ));
        }
        winner = other;
    }
    Ok(winner)
}

/// The arguments of `type.__new__`.
struct Definition<'a> {
    name: &'a Str,
    bases: &'a Tuple,
    namespace: &'a Dict,
}

fn definition<'a>(ts: &ThreadState, args: &'a Tuple) -> Result<Definition<'a>> {
    let [name, bases, namespace] = *args.as_slice() else {
        let n = args.len();
        return Err(ts.raise(&TYPE_ERROR, format_args!("type.__new__() takes exactly 3 arguments ({n} given)")));
    };
    let wrong = |i: u8, what: &str, object: &Object| {
        let name = if i < 3 && singletons::is_none(object) { "None" } else { object.ty().full_name() };
        ts.raise(&TYPE_ERROR, format_args!("type.__new__() argument {i} must be {what}, not {name}"))
    };
    Ok(Definition {
        name: name.downcast().ok_or_else(|| wrong(1, "str", name))?,
        bases: bases.downcast().ok_or_else(|| wrong(2, "tuple", bases))?,
        namespace: namespace.downcast().ok_or_else(|| wrong(3, "dict or frozendict", namespace))?,
    })
}

/// `type.__new__(meta, name, bases, namespace, **kwargs)`.
pub fn type_new(ts: &ThreadState, meta: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    let definition = definition(ts, args)?;
    let bases = if definition.bases.is_empty() {
        Tuple::new(ts, &[PyBaseObject_Type.as_object()])?
    } else {
        check_bases(ts, definition.bases)?;
        Owned::new(definition.bases)
    };
    let winner = metatype(ts, meta, if definition.bases.is_empty() { &[] } else { bases.as_slice() })?;
    if !core::ptr::eq(winner, meta)
        && let Some(new) = winner.tp_new.get()
        && PyType_Type.tp_new.get().is_none_or(|ours| !core::ptr::fn_addr_eq(ours, new))
    {
        let kwargs = kwargs.map_or(core::ptr::null_mut(), |k| k.as_ptr());
        // SAFETY: the metatype's own function.
        return ts.check_result(None, unsafe { new(call::type_ptr(winner), args.as_ptr(), kwargs) });
    }
    let base = layout::best_base(ts, bases.as_slice())?;
    let ty = make_class(ts, winner, &definition, &bases, base)?;
    set_names(ts, &ty)?;
    init_subclass(ts, &ty, kwargs)?;
    Ok(ty.upcast())
}

fn check_bases(ts: &ThreadState, bases: &Tuple) -> Result<()> {
    for base in bases.as_slice() {
        if base.downcast::<Type>().is_none() && protocol::find_attr(ts, base, &id::__mro_entries__)?.is_some() {
            return Err(ts.raise_str(&TYPE_ERROR, "type() doesn't support MRO entry resolution; use types.new_class()"));
        }
    }
    Ok(())
}

/// What a class adds to its base's layout.
#[derive(Default)]
struct Added {
    slots: Option<Owned<Tuple>>,
    dict: bool,
    weakrefs: bool,
}

fn make_class(
    ts: &ThreadState,
    meta: &Type,
    definition: &Definition<'_>,
    bases: &Owned<Tuple>,
    base: &Type,
) -> Result<Owned<Type>> {
    let namespace = Dict::new(ts)?;
    for (key, value) in definition.namespace.items_vec() {
        namespace.set(ts, &key, &value)?;
    }
    let added = added_fields(ts, definition, bases, base, &namespace)?;
    let n_slots = added.slots.as_ref().map_or(0, |s| s.len());
    let ty = allocate(ts, meta, n_slots)?;
    // From here on the type's own end gives back whatever it holds.
    ty.tp_dealloc.set(Some(instance::dealloc));
    ty.tp_dict.store(Some(namespace));
    ty.tp_bases.store(Some(bases.clone()));
    ty.tp_base.set(Owned::new(base).into_raw().cast());
    set_class_names(ts, &ty, definition.name)?;
    lay_out(ts, &ty, base, &added)?;
    copy_doc(ts, &ty)?;
    let classcell = take(ts, &ty, &id::__classcell__)?;
    ready::ready_one(ts, &ty)?;
    dispatch::fill(&ty);
    if let Some(cell) = classcell {
        return Err(not_a_cell(ts, &cell));
    }
    Ok(ty)
}

/// Takes an entry out of the new class's namespace.
fn take(ts: &ThreadState, ty: &Type, name: &Str) -> Result<Option<Owned<Object>>> {
    match ty.own_dict() {
        Some(dict) => dict.remove(ts, name),
        None => Ok(None),
    }
}

fn set_class_names(ts: &ThreadState, ty: &Type, name: &Str) -> Result<()> {
    refuse_surrogates(ts, name)?;
    let text = name.to_string();
    if text.as_bytes().contains(&0) {
        return Err(ts.raise_str(&VALUE_ERROR, "type name must not contain null characters"));
    }
    set_c_name(ts, ty, &text)?;
    let Some(heap) = ty.as_heap() else { return Ok(()) };
    heap.ht_name.store(Some(Owned::new(name)));
    let qualname = match attributes::own(ty, &id::__qualname__) {
        None => Owned::new(name),
        Some(object) => object.downcast_owned::<Str>().map_err(|other| {
            let name = other.ty().full_name();
            ts.raise(&TYPE_ERROR, format_args!("type __qualname__ must be a str, not {name}"))
        })?,
    };
    heap.ht_qualname.store(Some(qualname));
    take(ts, ty, &id::__qualname__).map(drop)
}

fn copy_doc(ts: &ThreadState, ty: &Type) -> Result<()> {
    if let Some(doc) = attributes::own(ty, &id::__doc__).and_then(|d| d.downcast_owned::<Str>().ok()) {
        refuse_surrogates(ts, &doc)?;
        ty.tp_doc.set(copy_text(ts, doc.to_string().as_bytes())?);
    }
    Ok(())
}

/// Cells are the compiler's, and there is none.
fn not_a_cell(ts: &ThreadState, cell: &Object) -> Raised {
    match protocol::repr(ts, cell.ty().as_object()) {
        Ok(kind) => ts.raise(&TYPE_ERROR, format_args!("__classcell__ must be a nonlocal cell, not {kind}")),
        Err(raised) => raised,
    }
}

/// `__slots__`, and whether the class brings a dict and weak references.
fn added_fields(
    ts: &ThreadState,
    definition: &Definition<'_>,
    bases: &Tuple,
    base: &Type,
    namespace: &Dict,
) -> Result<Added> {
    let may_add_dict = base.tp_dictoffset == 0;
    let may_add_weakrefs = base.tp_weaklistoffset == 0 && base.tp_itemsize == 0;
    let Some(slots) = namespace.get_name(&id::__slots__).map(Owned::new) else {
        return Ok(Added { slots: None, dict: may_add_dict, weakrefs: may_add_weakrefs });
    };
    let slots = match slots.downcast::<Str>() {
        Some(one) => Tuple::new(ts, &[one])?,
        None => Tuple::from_owned(ts, sequence::collect(ts, &slots)?)?,
    };
    let mut added = Added::default();
    let mut names: Vec<Owned<Str>> = Vec::new();
    for slot in slots.as_slice() {
        let slot = check_slot(ts, slot)?;
        if slot.equals(&id::__dict__) {
            if !may_add_dict || added.dict {
                return Err(ts.raise_str(&TYPE_ERROR, "__dict__ slot disallowed: we already got one"));
            }
            added.dict = true;
        } else if slot.equals(&id::__weakref__) {
            if !may_add_weakrefs || added.weakrefs {
                return Err(ts.raise_str(&TYPE_ERROR, "__weakref__ slot disallowed: we already got one"));
            }
            added.weakrefs = true;
        } else {
            names.push(slot_name(ts, definition.name, slot, namespace)?);
        }
    }
    if !names.is_empty() && base.tp_itemsize != 0 && !base.has(Py_TPFLAGS_TUPLE_SUBCLASS) {
        let name = base.full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("arbitrary __slots__ not supported for subtype of '{name}'")));
    }
    names.sort_by(|a, b| a.code_points().cmp(b.code_points()));
    for other in bases.as_slice().iter().filter_map(|b| b.downcast::<Type>()).filter(|b| !core::ptr::eq(*b, base)) {
        added.dict |= may_add_dict && other.tp_dictoffset != 0;
        added.weakrefs |= may_add_weakrefs && other.tp_weaklistoffset != 0;
    }
    added.slots = Some(Tuple::from_owned(ts, names.into_iter().map(Owned::upcast).collect())?);
    Ok(added)
}

fn check_slot<'a>(ts: &ThreadState, slot: &'a Object) -> Result<&'a Str> {
    let Some(text) = slot.downcast::<Str>() else {
        let name = slot.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("__slots__ items must be strings, not '{name}'")));
    };
    if crate::types::text::unicode::is_identifier(text.chars()) {
        return Ok(text);
    }
    Err(ts.raise_str(&TYPE_ERROR, "__slots__ must be identifiers"))
}

/// The attribute's name: a private one carries the class's name.
fn slot_name(ts: &ThreadState, class: &Str, slot: &Str, namespace: &Dict) -> Result<Owned<Str>> {
    let (text, class) = (slot.to_string(), class.to_string());
    let class = class.trim_start_matches('_');
    let private = text.starts_with("__") && !text.ends_with("__") && !class.is_empty();
    let name = if private { Str::interned(ts, &format!("_{class}{text}"))? } else { Str::interned(ts, &text)? };
    let allowed: [&Str; 2] = [&id::__qualname__, &id::__classcell__];
    if namespace.get_name(&name).is_some() && !allowed.iter().any(|a| a.equals(&name)) {
        let shown = protocol::repr(ts, &name)?;
        return Err(ts.raise(&VALUE_ERROR, format_args!("{shown} in __slots__ conflicts with class variable")));
    }
    Ok(name)
}

const POINTER: isize = size_of::<*mut PyObject>() as isize;

/// Sizes, members, flags and the functions that all classes share.
fn lay_out(ts: &ThreadState, ty: &Type, base: &Type, added: &Added) -> Result<()> {
    let mut size = base.tp_basicsize;
    if let (Some(slots), Some(heap)) = (&added.slots, ty.as_heap()) {
        let members = instance::members_ptr(ty);
        let flags = if base.tp_itemsize != 0 { _Py_AFTER_ITEMS } else { 0 };
        // A dict behind the items is always the last field, so the base's moves.
        let start = if base.tp_dictoffset < 0 { size - POINTER } else { size };
        for (i, name) in slots.as_slice().iter().enumerate() {
            // SAFETY: strs, and the type was made with room for as many.
            unsafe {
                let name = copy_text(ts, name.cast::<Str>().to_string().as_bytes())?;
                let offset = start + i as isize * POINTER;
                let def = PyMemberDef { name, r#type: Py_T_OBJECT_EX, offset, flags, doc: core::ptr::null() };
                members.add(i).write(def);
            }
            size += POINTER;
        }
        if !slots.is_empty() {
            write_field!(ty, tp_members, members);
        }
        heap.ht_slots.store(Some(slots.clone()));
    }
    if added.dict {
        write_field!(ty, tp_dictoffset, if base.tp_itemsize != 0 { -POINTER } else { size });
        size += POINTER;
    }
    if added.weakrefs {
        write_field!(ty, tp_weaklistoffset, size);
        size += POINTER;
    }
    write_field!(ty, tp_basicsize, size);
    write_field!(ty, tp_itemsize, base.tp_itemsize);
    write_field!(ty, tp_getset, instance::getset(added.dict, added.weakrefs));
    // An instance without fields holds its class, which may hold it.
    let flags = Py_TPFLAGS_HEAPTYPE | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC;
    ty.tp_traverse.set(Some(instance::traverse));
    ty.tp_clear.set(Some(instance::clear));
    ty.tp_flags.set(ty.tp_flags.get() | flags);
    ty.tp_alloc.set(Some(PyType_GenericAlloc));
    ty.tp_free.set(Some(free_of(true)));
    Ok(())
}

/// `__set_name__` of what the class's namespace holds.
fn set_names(ts: &ThreadState, ty: &Type) -> Result<()> {
    let Some(dict) = ty.own_dict() else { return Ok(()) };
    for (key, value) in dict.items_vec() {
        if let Some(method) = protocol::lookup_special(ts, &value, &id::__set_name__)?
            && let Err(raised) = calls::call(ts, &method, &[ty.as_object(), &key])
        {
            return Err(note_set_name(ts, ty, &key, &value, raised));
        }
    }
    Ok(())
}

/// Says for which attribute of which class a `__set_name__` failed.
#[cold]
fn note_set_name(ts: &ThreadState, ty: &Type, key: &Object, value: &Object, raised: Raised) -> Raised {
    let Some(exception) = ts.take_raised() else { return raised };
    match protocol::repr(ts, key) {
        Ok(key) => {
            ts.restore(exception);
            let (kind, class) = (value.ty().full_name(), ty.full_name());
            let note = format!("Error calling __set_name__ on '{kind}' instance {key} in '{class}'");
            protocol::add_note(ts, raised, &note)
        }
        Err(worse) => ts.restore_or_chain(exception, Err(worse)),
    }
}

/// `super(ty, ty).__init_subclass__(**kwargs)`.
fn init_subclass(ts: &ThreadState, ty: &Type, kwargs: Option<&Dict>) -> Result<()> {
    let mut behind = ty.mro_types().iter().skip_while(|t| !core::ptr::eq(**t, ty));
    if behind.next().is_none() {
        let name = ty.full_name();
        return Err(ts.raise(
            &TYPE_ERROR,
            format_args!("super(type, obj): obj (type {name}) is not an instance or subtype of type ({name})."),
        ));
    }
    let found = behind.find_map(|t| t.own_dict()?.get_name(&id::__init_subclass__));
    let Some(found) = found.map(Owned::new) else { return Ok(()) };
    let bound = match found.ty().tp_descr_get.get() {
        None => found,
        Some(get) => {
            // SAFETY: the descriptor's own function: no instance, the class as the owner.
            ts.check_result(None, unsafe { get(found.as_ptr(), core::ptr::null_mut(), ty.as_object().as_ptr()) })?
        }
    };
    calls::call_tuple_dict(ts, &bound, &Tuple::empty(), kwargs).map(drop)
}

/// `type.__init__`: the work was done by `__new__`.
pub fn type_init(ts: &ThreadState, _ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    if args.len() == 1 && kwargs.is_some_and(|k| !k.is_empty()) {
        return Err(ts.raise_str(&TYPE_ERROR, "type.__init__() takes no keyword arguments"));
    }
    if !matches!(args.len(), 1 | 3) {
        return Err(ts.raise_str(&TYPE_ERROR, "type.__init__() takes 1 or 3 arguments"));
    }
    Ok(())
}

/// The end of a heap type.
///
/// # Safety
/// C's protocol: a heap type without references.
pub unsafe extern "C" fn dealloc(a: *mut PyObject) {
    let ts = ThreadState::current();
    // SAFETY: a type; its fields are still whole.
    let ty = unsafe { &*a.cast::<Type>() };
    crate::object::alloc::gc_untrack(ty.as_object());
    crate::types::weakref::clear_references(ts, ty.as_object());
    ts.preserving_error(|| subclasses::leave(ts, ty));
    subclasses::end(ty);
    for name in instance::own_members(ty).iter().filter(|_| has_own_slots(ty)).map(|m| m.name) {
        // SAFETY: made by `lay_out`.
        unsafe { ts.free(name.cast_mut().cast()) };
    }
    for field in [&ty.tp_dict, &ty.tp_cache, &ty.tp_bases, &ty.tp_mro] {
        drop(field.take_owned());
    }
    drop(ty.tp_base.take_owned());
    let doc = ty.tp_doc.replace(core::ptr::null());
    if let Some(heap) = ty.as_heap() {
        for field in [&heap.ht_name, &heap.ht_qualname, &heap.ht_slots, &heap.ht_module] {
            drop(field.take_owned());
        }
        for block in [heap._ht_tpname.replace(core::ptr::null_mut()).cast::<u8>(), doc.cast_mut().cast()] {
            if !block.is_null() {
                // SAFETY: made by `copy_text`.
                unsafe { ts.free(block) };
            }
        }
    }
    // A metaclass's `instance::dealloc` comes before this function, and gives the reference to it back.
    if let Some(free) = ty.as_object().ty().tp_free.get() {
        // SAFETY: nobody refers to the type any more.
        unsafe { free(a.cast()) };
    }
}

fn has_own_slots(ty: &Type) -> bool {
    ty.as_heap().is_some_and(|h| !h.ht_slots.get().is_null())
}
