//! Warnings, as CPython issues them where nobody set filters.
//!
//! A warning is printed once for each text, category and line. Those for developers are passed over:
//! `DeprecationWarning` outside `__main__`, `PendingDeprecationWarning`, `ImportWarning`, `ResourceWarning`. There is
//! no `warnings` module to change that.

use crate::object::{Object, Result, Type};
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::Str;
use crate::types::exceptions::{
    DEPRECATION_WARNING, IMPORT_WARNING, PENDING_DEPRECATION_WARNING, RESOURCE_WARNING, RUNTIME_WARNING, TYPE_ERROR,
};

/// Where a warning is issued.
pub struct Place<'a> {
    pub file: &'a str,
    pub line: i32,
    pub module: &'a str,
}

impl Place<'static> {
    /// C code without a frame.
    pub const HERE: Place<'static> = Place { file: "<sys>", line: 0, module: "sys" };
}

/// Issues a warning.
pub fn warn(ts: &ThreadState, category: &Type, text: &Object, place: &Place<'_>) -> Result<()> {
    if is_ignored(category, place) {
        return Ok(());
    }
    let text = match text.downcast::<Str>() {
        Some(text) => text.to_string(),
        None => object::str(ts, text)?.to_string(),
    };
    let key = format!("{}\0{}\0{}\0{text}", category.full_name(), place.module, place.line);
    if !ts.interp().warned.borrow_mut().insert(key) {
        return Ok(());
    }
    let name = category.short_name();
    super::sys::write_stderr(ts, &format!("{}:{}: {name}: {text}\n", place.file, place.line));
    Ok(())
}

/// Issues a warning of the runtime's own.
pub fn warn_text(ts: &ThreadState, category: &Type, text: &str) -> Result<()> {
    if is_ignored(category, &Place::HERE) {
        return Ok(());
    }
    warn(ts, category, &*Str::new(ts, text)?, &Place::HERE)
}

/// The category that C names: a class of warnings; `RuntimeWarning` for NULL.
pub fn category<'a>(ts: &ThreadState, category: Option<&'a Object>) -> Result<&'a Type> {
    match category {
        None => Ok(&RUNTIME_WARNING),
        Some(category) => category.downcast::<Type>().ok_or_else(|| {
            let name = category.ty().full_name();
            ts.raise(&TYPE_ERROR, format_args!("'{name}' object is not callable"))
        }),
    }
}

fn is_ignored(category: &Type, place: &Place<'_>) -> bool {
    let is = |ty: &Type| category.is_subtype_of(ty);
    if is(&DEPRECATION_WARNING) {
        return place.module != "__main__";
    }
    is(&PENDING_DEPRECATION_WARNING) || is(&IMPORT_WARNING) || is(&RESOURCE_WARNING)
}
