//! The interpreter's modules by definition: for modules of one phase, which exist once.

use core::ptr::NonNull;

use crate::ffi::*;
use crate::object::{Object, Owned, Result};
use crate::runtime::{ThreadState, lifecycle::fatal};
use crate::types::exceptions::SYSTEM_ERROR;

fn has_slots(def: &PyModuleDef) -> bool {
    !def.m_slots.get().is_null()
}

/// The module of that definition, if it was added.
pub fn find<'a>(ts: &'a ThreadState, def: &PyModuleDef) -> Option<&'a Object> {
    let index = def.m_base.m_index.get();
    if has_slots(def) || index == 0 {
        return None;
    }
    let modules = ts.interp().modules_by_index.borrow();
    let module = NonNull::new(*modules.get(index as usize)?)?;
    // SAFETY: the table owns its members.
    Some(unsafe { module.as_ref() })
}

/// Enters the module under its definition's number, in the place of what is there.
pub fn set(ts: &ThreadState, module: &Object, def: &PyModuleDef) -> Result<()> {
    let index = def.m_base.m_index.get() as usize;
    let mut modules = ts.interp().modules_by_index.borrow_mut();
    if modules.len() <= index {
        let more = index + 1 - modules.len();
        if modules.try_reserve(more).is_err() {
            return Err(ts.no_memory());
        }
        modules.resize(index + 1, core::ptr::null_mut());
    }
    let old = core::mem::replace(&mut modules[index], Owned::new(module).into_raw());
    drop(modules);
    // SAFETY: NULL or owned by the table until now.
    drop(unsafe { Owned::<Object>::from_stolen_nullable(old) });
    Ok(())
}

/// `PyState_AddModule`.
pub fn add(ts: &ThreadState, module: &Object, def: Option<&PyModuleDef>) -> Result<()> {
    let Some(def) = def else { fatal("PyState_AddModule", "module definition is NULL") };
    if has_slots(def) {
        return Err(ts.raise_str(&SYSTEM_ERROR, "PyState_AddModule called on module with slots"));
    }
    if find(ts, def).is_some_and(|found| found.is(module)) {
        fatal("PyState_AddModule", &format!("module {:p} already added", module.as_ptr()));
    }
    set(ts, module, def)
}

/// `PyState_RemoveModule`.
pub fn remove(ts: &ThreadState, def: &PyModuleDef) -> Result<()> {
    if has_slots(def) {
        return Err(ts.raise_str(&SYSTEM_ERROR, "PyState_RemoveModule called on module with slots"));
    }
    let index = def.m_base.m_index.get() as usize;
    let mut modules = ts.interp().modules_by_index.borrow_mut();
    let old = match modules.get_mut(index) {
        Some(place) if index != 0 => core::mem::replace(place, core::ptr::null_mut()),
        _ => fatal("PyState_RemoveModule", "invalid module index"),
    };
    drop(modules);
    // SAFETY: NULL or owned by the table until now.
    drop(unsafe { Owned::<Object>::from_stolen_nullable(old) });
    Ok(())
}
