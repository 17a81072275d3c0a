//! What `PyType_FromSpec` and `PyType_FromSlots` are told, read into one form.

use core::ffi::{CStr, c_char, c_ulong, c_void};

use super::slot_ids::{self, LAST, modern};
use crate::ffi::slots::*;
use crate::ffi::*;
use crate::object::{Object, Raised, Result, Type};
use crate::runtime::ThreadState;
use crate::types::exceptions::SYSTEM_ERROR;

/// A type to be made.
pub struct Definition<'a> {
    pub name: &'a CStr,
    pub size: Size,
    pub itemsize: isize,
    pub flags: c_ulong,
    pub metaclass: Option<&'a Type>,
    pub module: Option<&'a Object>,
    /// A tuple or a single type.
    pub bases: Option<&'a Object>,
    pub base: Option<&'a Type>,
    pub doc: *const c_char,
    pub members: *mut PyMemberDef,
    pub token: *mut c_void,
    /// Function slots and tables, by number.
    pub slots: Vec<(u16, *mut c_void)>,
}

/// The size of instances.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Inherited,
    Whole(isize),
    /// On top of the base's.
    Extra(isize),
}

/// Reads slots; knows what was seen already.
struct Reader<'a> {
    name: Option<&'a CStr>,
    size: Option<isize>,
    extra: Option<isize>,
    itemsize: isize,
    flags: c_ulong,
    metaclass: *mut c_void,
    module: *mut c_void,
    bases: *mut c_void,
    base: *mut c_void,
    doc: *mut c_void,
    members: *mut c_void,
    token: *mut c_void,
    slots: Vec<(u16, *mut c_void)>,
    seen: Vec<u16>,
    /// Where the slots come from: what `Py_tp_token` with NULL means, if a spec.
    spec: Option<*const PyType_Spec>,
}

impl<'a> Reader<'a> {
    fn new(spec: Option<*const PyType_Spec>) -> Reader<'a> {
        let null = core::ptr::null_mut();
        Reader {
            name: None,
            size: None,
            extra: None,
            itemsize: 0,
            flags: 0,
            metaclass: null,
            module: null,
            bases: null,
            base: null,
            doc: null,
            members: null,
            token: null,
            slots: Vec::new(),
            seen: Vec::new(),
            spec,
        }
    }

    fn shown_name(&self) -> String {
        self.name.map_or_else(|| "?".to_owned(), |n| n.to_string_lossy().into_owned())
    }

    fn once(&mut self, ts: &ThreadState, id: u16) -> Result<()> {
        if self.seen.contains(&id) {
            let (ty, name) = (self.shown_name(), slot_ids::name(id));
            return Err(ts.raise(&SYSTEM_ERROR, format_args!("type {ty} has multiple {name} ({id}) slots")));
        }
        self.seen.push(id);
        Ok(())
    }

    /// A slot that both kinds of array have.
    fn take(&mut self, ts: &ThreadState, id: u16, value: *mut c_void) -> Result<()> {
        match id {
            Py_tp_base => self.base = value,
            Py_tp_bases => self.bases = value,
            Py_tp_doc => {
                self.once(ts, id)?;
                self.doc = value;
            }
            Py_tp_members => {
                self.once(ts, id)?;
                self.members = value;
            }
            Py_tp_token => {
                self.once(ts, id)?;
                self.token = match self.spec {
                    Some(spec) if value.is_null() => spec.cast_mut().cast(),
                    None if value.is_null() => {
                        return Err(ts.raise_str(
                            &SYSTEM_ERROR,
                            "Py_tp_token: Py_TP_USE_SPEC (NULL) can only be used with PyType_Spec",
                        ));
                    }
                    _ => value,
                };
            }
            _ if slot_ids::offset(id).is_some() => self.slots.push((id, value)),
            _ => return Err(refuse(ts, id)),
        }
        Ok(())
    }

    /// # Safety
    /// `at` is an array that ends with slot 0.
    unsafe fn old_array(&mut self, ts: &ThreadState, mut at: *const PyType_Slot) -> Result<()> {
        // SAFETY: the caller's promise.
        while let Some(slot) = unsafe { at.as_ref() }.filter(|s| s.slot != 0) {
            let id = u16::try_from(slot.slot).unwrap_or(u16::MAX);
            let id = modern(id);
            if (Py_tp_name..=Py_tp_flags).contains(&id) || matches!(id, Py_tp_metaclass | Py_tp_module) {
                let name = slot_ids::name(id);
                return Err(ts.raise(&SYSTEM_ERROR, format_args!("{name} must not be used with PyType_Spec")));
            }
            self.take(ts, id, slot.pfunc)?;
            // SAFETY: within the array.
            at = unsafe { at.add(1) };
        }
        Ok(())
    }

    /// # Safety
    /// `at` is an array that ends with slot 0.
    unsafe fn array(&mut self, ts: &ThreadState, mut at: *const PySlot) -> Result<()> {
        ts.check_recursion(" while reading slots")?;
        // SAFETY: the caller's promise, for nested arrays as well.
        while let Some(slot) = unsafe { at.as_ref() }.filter(|s| s.sl_id != Py_slot_end) {
            let optional = i32::from(slot.sl_flags) & PySlot_OPTIONAL != 0;
            // SAFETY: as above.
            unsafe {
                match modern(slot.sl_id) {
                    Py_slot_subslots => self.array(ts, slot.sl_ptr.cast())?,
                    Py_tp_slots => self.old_array(ts, slot.sl_ptr.cast())?,
                    id if optional && id > LAST => {}
                    id => self.new_slot(ts, id, slot)?,
                }
                at = at.add(1);
            }
        }
        Ok(())
    }

    /// # Safety
    /// The slot's value is what its number asks for.
    unsafe fn new_slot(&mut self, ts: &ThreadState, id: u16, slot: &PySlot) -> Result<()> {
        let value = slot.sl_ptr;
        let is_static = i32::from(slot.sl_flags) & PySlot_STATIC != 0;
        match id {
            Py_tp_name => {
                self.once(ts, id)?;
                if value.is_null() {
                    return Err(ts.raise_str(&SYSTEM_ERROR, "NULL not allowed for slot Py_tp_name"));
                }
                // SAFETY: the caller's promise.
                self.name = Some(unsafe { CStr::from_ptr(value.cast()) });
            }
            Py_tp_basicsize => {
                self.once(ts, id)?;
                self.size = Some(positive(ts, id, value)?);
            }
            Py_tp_extra_basicsize => {
                self.once(ts, id)?;
                self.extra = Some(positive(ts, id, value)?);
            }
            Py_tp_itemsize => {
                self.once(ts, id)?;
                self.itemsize = positive(ts, id, value)?;
            }
            Py_tp_flags => {
                self.once(ts, id)?;
                self.flags = value as usize as c_ulong;
            }
            Py_tp_metaclass => {
                self.once(ts, id)?;
                self.metaclass = value;
            }
            Py_tp_module => {
                self.once(ts, id)?;
                self.module = value;
            }
            Py_tp_methods | Py_tp_members | Py_tp_getset if !is_static => {
                let name = slot_ids::name(id);
                return Err(ts.raise(&SYSTEM_ERROR, format_args!("{name} requires PySlot_STATIC")));
            }
            _ => self.take(ts, id, value)?,
        }
        Ok(())
    }

    /// # Safety
    /// The objects among the slots are live for `'a`.
    unsafe fn finish(self, ts: &ThreadState, name: &'a CStr) -> Result<Definition<'a>> {
        let size = match (self.size, self.extra) {
            (Some(size), Some(extra)) if size != 0 && extra != 0 => {
                let name = self.shown_name();
                return Err(ts.raise(
                    &SYSTEM_ERROR,
                    format_args!("type {name}: Py_tp_basicsize and Py_tp_extra_basicsize are mutually exclusive"),
                ));
            }
            (_, Some(extra)) if extra != 0 => Size::Extra(extra),
            (Some(size), _) if size != 0 => Size::Whole(size),
            _ => Size::Inherited,
        };
        // SAFETY: the caller's promise: NULL or live.
        unsafe {
            Ok(Definition {
                name,
                size,
                itemsize: self.itemsize,
                flags: self.flags,
                metaclass: self.metaclass.cast::<Type>().as_ref(),
                module: self.module.cast::<Object>().as_ref(),
                bases: self.bases.cast::<Object>().as_ref(),
                base: self.base.cast::<Type>().as_ref(),
                doc: self.doc.cast(),
                members: self.members.cast(),
                token: self.token,
                slots: self.slots,
            })
        }
    }
}

fn positive(ts: &ThreadState, id: u16, value: *mut c_void) -> Result<isize> {
    let size = value as isize;
    if size >= 0 {
        return Ok(size);
    }
    let name = slot_ids::name(id);
    Err(ts.raise(&SYSTEM_ERROR, format_args!("{name} must be positive")))
}

/// A number that is no slot of a type.
#[cold]
fn refuse(ts: &ThreadState, id: u16) -> Raised {
    match slot_ids::name(id) {
        name if id == u16::MAX => ts.raise(&SYSTEM_ERROR, format_args!("invalid slot ({name}, {id})")),
        _ if id > LAST => ts.raise(&SYSTEM_ERROR, format_args!("unknown type slot ID {id}")),
        name => ts.raise(&SYSTEM_ERROR, format_args!("invalid type slot {id} ({name})")),
    }
}

/// A spec with what the function's other arguments say.
///
/// # Safety
/// C's promise: a spec whose slots are what their numbers ask for.
pub unsafe fn from_spec<'a>(
    ts: &ThreadState,
    spec: *const PyType_Spec,
    metaclass: Option<&'a Type>,
    module: Option<&'a Object>,
    bases: Option<&'a Object>,
) -> Result<Definition<'a>> {
    let mut reader = Reader::new(Some(spec));
    // SAFETY: the caller's promise.
    unsafe {
        let spec = &*spec;
        if spec.name.is_null() {
            return Err(ts.raise_str(&SYSTEM_ERROR, "Type spec does not define the name field."));
        }
        let name = CStr::from_ptr(spec.name);
        reader.name = Some(name);
        match spec.basicsize as isize {
            extra if extra < 0 => reader.extra = Some(-extra),
            size => reader.size = Some(size),
        }
        reader.itemsize = spec.itemsize as isize;
        reader.flags = c_ulong::from(spec.flags);
        reader.old_array(ts, spec.slots)?;
        let mut definition = reader.finish(ts, name)?;
        definition.metaclass = metaclass;
        definition.module = module;
        if bases.is_some() {
            definition.bases = bases;
        }
        Ok(definition)
    }
}

/// 3.15's array of slots.
///
/// # Safety
/// C's promise: slots that are what their numbers ask for.
pub unsafe fn from_slots<'a>(ts: &ThreadState, slots: *const PySlot) -> Result<Definition<'a>> {
    let mut reader = Reader::new(None);
    // SAFETY: the caller's promise.
    unsafe {
        reader.array(ts, slots)?;
        let Some(name) = reader.name else {
            return Err(ts.raise_str(&SYSTEM_ERROR, "Py_tp_name slot is required."));
        };
        reader.finish(ts, name)
    }
}
