//! Warnings, under the [`filters`] of `sys.warnoptions` and those that CPython starts with.
//!
//! By the latter, a warning is printed once for each text, category and line. Those for developers are passed over:
//! `DeprecationWarning` outside `__main__`, `PendingDeprecationWarning`, `ImportWarning`, `ResourceWarning`. There is
//! no `warnings` module to change that.

pub mod filters;

use filters::Action;

use crate::object::{Object, Owned, Raised, Result, Type};
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

/// Issues a warning; an error if a filter makes it one.
pub fn warn(ts: &ThreadState, category: &Type, message: &Object, place: &Place<'_>) -> Result<()> {
    let text = match message.downcast::<Str>() {
        Some(text) => text.to_string(),
        None => object::str(ts, message)?.to_string(),
    };
    let key = match action(ts, category, &text, place)? {
        Action::Ignore => return Ok(()),
        Action::Error => return Err(raise(ts, category, message)),
        Action::Always => None,
        Action::Default => Some(format!("{}\0{}\0{}\0{text}", category.full_name(), place.module, place.line)),
        Action::Module => Some(format!("{}\0{}\0\0{text}", category.full_name(), place.module)),
        Action::Once => Some(format!("{}\0\0\0{text}", category.full_name())),
    };
    if key.is_some_and(|key| !ts.interp().warned.borrow_mut().insert(key)) {
        return Ok(());
    }
    let name = category.short_name();
    super::sys::write_stderr(ts, &format!("{}:{}: {name}: {text}\n", place.file, place.line));
    Ok(())
}

fn action(ts: &ThreadState, category: &Type, text: &str, place: &Place<'_>) -> Result<Action> {
    let chosen = filters::action(ts, category, text, place)?;
    Ok(chosen.unwrap_or(if is_ignored(category, place) { Action::Ignore } else { Action::Default }))
}

#[cold]
fn raise(ts: &ThreadState, category: &Type, message: &Object) -> Raised {
    ts.raise_value(category, Owned::new(message))
}

/// Issues a warning of the runtime's own.
pub fn warn_text(ts: &ThreadState, category: &Type, text: &str) -> Result<()> {
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
