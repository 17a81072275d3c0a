//! Making a heap type from C's definition of it.

use core::ffi::{CStr, c_ulong, c_void};

use super::slotdefs::slot_cell;
use super::spec::{Definition, Size};
use super::{PyType_Type, attributes, inherit, instance, layout, new, ready, slot_ids, write_field};
use crate::ffi::slots::{Py_tp_getset, Py_tp_methods};
use crate::ffi::*;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::runtime::ThreadState;
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR};
use crate::types::object::PyBaseObject_Type;
use crate::types::{Str, Tuple, descr, identifiers as id};

/// What instances are aligned to when a type extends its base's.
const ALIGNMENT: isize = 16;

/// The type that `definition` describes.
pub fn make(ts: &ThreadState, definition: &Definition<'_>) -> Result {
    let members = Members::read(ts, definition)?;
    let bases = bases(ts, definition)?;
    let meta = new::metatype(ts, definition.metaclass.unwrap_or(&PyType_Type), bases.as_slice())?;
    check_metatype(ts, meta)?;
    let base = layout::best_base(ts, bases.as_slice())?;
    check_immutable_bases(ts, definition, &bases)?;
    let sizes = Sizes::of(ts, definition, base)?;
    let ty = new::allocate(ts, meta, members.defs.len())?;
    // From here on the type's own end gives back whatever it holds.
    ty.tp_bases.store(Some(bases.clone()));
    ty.tp_base.set(Owned::new(base).into_raw().cast());
    set_names(ts, &ty, definition)?;
    fill(ts, &ty, definition)?;
    members.put(ts, &ty, &sizes)?;
    write_field!(&ty, tp_basicsize, sizes.basicsize);
    write_field!(&ty, tp_itemsize, definition.itemsize);
    ty.tp_flags.set(definition.flags | Py_TPFLAGS_HEAPTYPE);
    add_managed(&ty);
    if ty.tp_dealloc.get().is_none() {
        ty.tp_dealloc.set(Some(instance::dealloc));
    }
    if let Some(heap) = ty.as_heap() {
        heap.ht_token.set(definition.token);
        heap.ht_module.store(definition.module.map(Owned::new));
    }
    ready::ready_one(ts, &ty)?;
    set_module_name(ts, &ty, definition.name)?;
    Ok(ty.upcast())
}

fn bases(ts: &ThreadState, definition: &Definition<'_>) -> Result<Owned<Tuple>> {
    let bases = match (definition.bases, definition.base) {
        (Some(bases), _) => match bases.downcast::<Tuple>() {
            Some(bases) => Owned::new(bases),
            None => Tuple::new(ts, &[bases])?,
        },
        (None, Some(base)) => Tuple::new(ts, &[base.as_object()])?,
        (None, None) => Tuple::new(ts, &[PyBaseObject_Type.as_object()])?,
    };
    if let Some(other) = bases.as_slice().iter().find(|b| b.downcast::<Type>().is_none()) {
        let name = other.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("bases must be types; got '{name}'")));
    }
    Ok(bases)
}

fn check_metatype(ts: &ThreadState, meta: &Type) -> Result<()> {
    let own = match (meta.tp_new.get(), PyType_Type.tp_new.get()) {
        (Some(a), Some(b)) => core::ptr::fn_addr_eq(a, b),
        (a, _) => a.is_none(),
    };
    if own {
        return Ok(());
    }
    Err(ts.raise_str(&TYPE_ERROR, "Metaclasses with custom tp_new are not supported."))
}

fn check_immutable_bases(ts: &ThreadState, definition: &Definition<'_>, bases: &Tuple) -> Result<()> {
    if definition.flags & Py_TPFLAGS_IMMUTABLETYPE == 0 {
        return Ok(());
    }
    for base in bases.as_slice().iter().filter_map(|b| b.downcast::<Type>()) {
        if !base.has(Py_TPFLAGS_IMMUTABLETYPE) {
            let (name, base) = (definition.name.to_string_lossy(), attributes::fully_qualified(ts, base)?);
            return Err(ts.raise(&TYPE_ERROR, format_args!("Creating immutable type {name} from mutable base {base}")));
        }
    }
    Ok(())
}

struct Sizes {
    basicsize: isize,
    /// Where the type's own data begin, and how much there is, if it extends its base's.
    extension: Option<(isize, isize)>,
}

fn align(size: isize) -> isize {
    (size + ALIGNMENT - 1) & !(ALIGNMENT - 1)
}

impl Sizes {
    fn of(ts: &ThreadState, definition: &Definition<'_>, base: &Type) -> Result<Sizes> {
        let inherited = base.tp_basicsize;
        match definition.size {
            Size::Inherited => Ok(Sizes { basicsize: inherited, extension: None }),
            Size::Whole(size) if size < inherited => {
                let (name, base) = (definition.name.to_string_lossy(), attributes::fully_qualified(ts, base)?);
                Err(ts.raise(
                    &TYPE_ERROR,
                    format_args!(
                        "tp_basicsize for type '{name}' ({size}) is too small for base '{base}' ({inherited})"
                    ),
                ))
            }
            Size::Whole(size) => Ok(Sizes { basicsize: size, extension: None }),
            Size::Extra(extra) => {
                let items_at_end = Py_TPFLAGS_ITEMS_AT_END & (definition.flags | base.tp_flags.get()) != 0;
                if base.tp_itemsize != 0 && !items_at_end {
                    return Err(ts.raise_str(
                        &SYSTEM_ERROR,
                        "Cannot extend variable-size class without Py_TPFLAGS_ITEMS_AT_END.",
                    ));
                }
                let start = align(inherited);
                let size = align(extra);
                Ok(Sizes { basicsize: start + size, extension: Some((start, size)) })
            }
        }
    }
}

/// Member definitions, those set aside that say where the dict and its kin are.
struct Members {
    defs: Vec<PyMemberDef>,
    relative: bool,
    weaklist: Option<(isize, bool)>,
    dict: Option<(isize, bool)>,
    vectorcall: Option<(isize, bool)>,
}

impl Members {
    fn read(ts: &ThreadState, definition: &Definition<'_>) -> Result<Members> {
        let mut members = Members { defs: Vec::new(), relative: false, weaklist: None, dict: None, vectorcall: None };
        let mut at = definition.members;
        // SAFETY: the table ends with an entry without a name.
        while let Some(def) = unsafe { at.as_ref() }.filter(|d| !d.name.is_null()) {
            members.add(ts, definition, def)?;
            // SAFETY: within the table.
            at = unsafe { at.add(1) };
        }
        Ok(members)
    }

    fn add(&mut self, ts: &ThreadState, definition: &Definition<'_>, def: &PyMemberDef) -> Result<()> {
        let relative = def.flags & Py_RELATIVE_OFFSET != 0;
        if relative {
            let Size::Extra(extra) = definition.size else {
                return Err(ts.raise_str(&SYSTEM_ERROR, "With Py_RELATIVE_OFFSET, basicsize must be extended"));
            };
            if def.offset < 0 || def.offset >= align(extra) {
                return Err(ts.raise_str(&SYSTEM_ERROR, "Member offset out of range (0..extra_basicsize)"));
            }
            self.relative = true;
        }
        // SAFETY: a member's name is NUL-terminated.
        let name = unsafe { CStr::from_ptr(def.name) };
        let place = match name.to_bytes() {
            b"__weaklistoffset__" => &mut self.weaklist,
            b"__dictoffset__" => &mut self.dict,
            b"__vectorcalloffset__" => &mut self.vectorcall,
            _ => {
                self.defs.push(*def);
                return Ok(());
            }
        };
        *place = Some((def.offset, relative));
        let name = name.to_string_lossy();
        if def.r#type != Py_T_PYSSIZET {
            return Err(ts.raise(&SYSTEM_ERROR, format_args!("type of {name} must be Py_T_PYSSIZET")));
        }
        if def.flags & !Py_RELATIVE_OFFSET != Py_READONLY {
            return Err(ts.raise(
                &SYSTEM_ERROR,
                format_args!("flags for {name} must be Py_READONLY or (Py_READONLY | Py_RELATIVE_OFFSET)"),
            ));
        }
        self.defs.push(*def);
        Ok(())
    }

    /// Copies the definitions behind the type, offsets made absolute.
    fn put(self, _ts: &ThreadState, ty: &Type, sizes: &Sizes) -> Result<()> {
        let start = sizes.extension.map_or(0, |(start, _)| start);
        let absolute = |place: Option<(isize, bool)>| {
            place.map(|(offset, relative)| if relative { offset + start } else { offset })
        };
        if let Some(offset) = absolute(self.weaklist) {
            write_field!(ty, tp_weaklistoffset, offset);
        }
        if let Some(offset) = absolute(self.dict) {
            write_field!(ty, tp_dictoffset, offset);
        }
        if let Some(offset) = absolute(self.vectorcall) {
            write_field!(ty, tp_vectorcall_offset, offset);
        }
        let n = self.defs.len();
        let at = instance::members_ptr(ty);
        for (i, mut def) in self.defs.into_iter().enumerate() {
            if def.flags & Py_RELATIVE_OFFSET != 0 {
                def.flags &= !Py_RELATIVE_OFFSET;
                def.offset += start;
            }
            // SAFETY: the type was made with room for as many, and zeroes end the table's use by size.
            unsafe { at.add(i).write(def) };
        }
        if n != 0 {
            write_field!(ty, tp_members, at);
        }
        Ok(())
    }
}

/// `__name__` is what stands behind the last dot.
fn set_names(ts: &ThreadState, ty: &Type, definition: &Definition<'_>) -> Result<()> {
    // SAFETY: NUL-terminated.
    let full = unsafe { descr::c_text(ts, definition.name.as_ptr())? };
    new::set_c_name(ts, ty, full)?;
    let short = full.rsplit_once('.').map_or(full, |(_, short)| short);
    let name = Str::interned(ts, short)?;
    if let Some(heap) = ty.as_heap() {
        heap.ht_name.store(Some(name.clone()));
        heap.ht_qualname.store(Some(name));
    }
    Ok(())
}

/// Function slots, tables and the doc.
fn fill(ts: &ThreadState, ty: &Type, definition: &Definition<'_>) -> Result<()> {
    for &(slot, value) in &definition.slots {
        match slot {
            Py_tp_methods => write_field!(ty, tp_methods, value.cast()),
            Py_tp_getset => write_field!(ty, tp_getset, value.cast()),
            _ => {
                if let Some(cell) = slot_ids::offset(slot).and_then(|o| slot_cell(ty, o)) {
                    cell.set(value.cast_const().cast());
                }
            }
        }
    }
    if !definition.doc.is_null() {
        // SAFETY: NUL-terminated.
        let doc = unsafe { CStr::from_ptr(definition.doc) };
        ty.tp_doc.set(new::copy_text(ts, doc.to_bytes())?);
    }
    Ok(())
}

/// A type that asks for a dict or weak references managed for it gets fields for them.
fn add_managed(ty: &Type) {
    const POINTER: isize = size_of::<*mut PyObject>() as isize;
    let asked = |flag: c_ulong| ty.has(flag);
    let (dict, weakrefs) = (asked(Py_TPFLAGS_MANAGED_DICT), asked(Py_TPFLAGS_MANAGED_WEAKREF));
    let mut size = ty.tp_basicsize;
    if dict {
        size = (size + POINTER - 1) & !(POINTER - 1);
        write_field!(ty, tp_dictoffset, size);
        size += POINTER;
    }
    if weakrefs {
        size = (size + POINTER - 1) & !(POINTER - 1);
        write_field!(ty, tp_weaklistoffset, size);
        size += POINTER;
    }
    write_field!(ty, tp_basicsize, size);
    ty.tp_flags.set(ty.tp_flags.get() & !(Py_TPFLAGS_MANAGED_DICT | Py_TPFLAGS_MANAGED_WEAKREF));
}

/// `__module__` is what stands before the last dot of the name.
fn set_module_name(ts: &ThreadState, ty: &Type, name: &CStr) -> Result<()> {
    // SAFETY: NUL-terminated.
    let full = unsafe { descr::c_text(ts, name.as_ptr())? };
    let (Some((module, _)), Some(dict)) = (full.rsplit_once('.'), ty.own_dict()) else { return Ok(()) };
    if dict.get_name(&id::__module__).is_some() {
        return Ok(());
    }
    let module = Str::interned(ts, module)?;
    dict.set_name(ts, &id::__module__, &module)?;
    ty.modified(ts);
    Ok(())
}

/// The object's data that `ty` added to its base's: `PyObject_GetTypeData`.
pub fn type_data(this: &Object, ty: &Type) -> *mut c_void {
    let start = align(ty.base().map_or(0, |b| b.tp_basicsize));
    this.as_ptr().wrapping_byte_offset(start).cast()
}

/// How much of it there is.
pub fn type_data_size(ty: &Type) -> isize {
    let start = align(ty.base().map_or(0, |b| b.tp_basicsize));
    if start >= ty.tp_basicsize { 0 } else { ty.tp_basicsize - start }
}

/// The first type along the MRO that has the token.
pub fn base_by_token(ty: &Type, token: *mut c_void) -> Option<&Type> {
    let has = |t: &&Type| t.as_heap().is_some_and(|h| h.ht_token.get() == token);
    core::iter::once(ty).chain(ty.mro_types().iter().skip(1).copied()).find(has)
}

/// `PyType_Freeze`: no attribute of the type can be set any more.
pub fn freeze(ts: &ThreadState, ty: &Type) -> Result<()> {
    for base in ty.mro_types().iter().skip(1) {
        if !base.has(Py_TPFLAGS_IMMUTABLETYPE) {
            let (name, base) = (ty.full_name(), attributes::fully_qualified(ts, base)?);
            return Err(ts.raise(&TYPE_ERROR, format_args!("Creating immutable type {name} from mutable base {base}")));
        }
    }
    inherit::add_flags(ty, Py_TPFLAGS_IMMUTABLETYPE);
    ty.modified(ts);
    Ok(())
}
