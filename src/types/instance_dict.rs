//! `__dict__` of instances: getting it, which makes it, and setting it.

use super::Dict;
use super::object::{dict_cell, ensure_instance_dict};
use super::type_::instance::note_field;
use crate::object::{Object, ObjectCell, Owned, Result};
use crate::runtime::ThreadState;
use crate::types::exceptions::{ATTRIBUTE_ERROR, TYPE_ERROR};

/// The instance's dict, made if there is none yet.
pub fn get(ts: &ThreadState, object: &Object) -> Result<Owned<Dict>> {
    match dict_cell(object) {
        Some(cell) => ensure_instance_dict(ts, object, cell),
        None => Err(ts.raise_str(&ATTRIBUTE_ERROR, "This object has no __dict__")),
    }
}

/// Replaces the instance's dict.
pub fn set(ts: &ThreadState, object: &Object, value: Option<&Object>) -> Result<()> {
    let Some(cell) = dict_cell(object) else {
        return Err(ts.raise_str(&ATTRIBUTE_ERROR, "This object has no __dict__"));
    };
    let Some(value) = value else { return Err(ts.raise_str(&TYPE_ERROR, "cannot delete __dict__")) };
    let Some(dict) = value.downcast::<Dict>() else {
        let name = value.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("__dict__ must be set to a dictionary, not a '{name}'")));
    };
    note_field(object, object.ty().tp_dictoffset, Some(value), cell.peek());
    cell.store(Some(Owned::new(dict)));
    Ok(())
}
