//! What is warned of, and what becomes of it.
//!
//! There is no Python code here, so neither the module `warnings` nor a frame to blame: every warning comes from
//! `<sys>:0`, and the filters are CPython's at the start. Those of deprecation, of imports and of resources are
//! ignored; the rest go to the standard error, each text once.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Mutex;

use super::ThreadState;
use crate::object::{Object, Result, Type};
use crate::types::exceptions::{
    DEPRECATION_WARNING, IMPORT_WARNING, PENDING_DEPRECATION_WARNING, RESOURCE_WARNING, RUNTIME_WARNING,
};

/// What has been shown: the category's address and the text.
static SHOWN: Mutex<BTreeSet<(usize, String)>> = Mutex::new(BTreeSet::new());

fn is_ignored(category: &Type) -> bool {
    let ignored: [&Type; 4] = [&DEPRECATION_WARNING, &PENDING_DEPRECATION_WARNING, &IMPORT_WARNING, &RESOURCE_WARNING];
    ignored.into_iter().any(|ty| category.is_subtype_of(ty))
}

/// Warns of `text`.
pub fn warn(_ts: &ThreadState, category: &Type, text: &str) -> Result<()> {
    if is_ignored(category) {
        return Ok(());
    }
    let key = (core::ptr::from_ref(category).addr(), text.to_owned());
    if SHOWN.lock().is_ok_and(|mut shown| shown.insert(key)) {
        show(category, text, "<sys>", 0);
    }
    Ok(())
}

/// `PyErr_WarnEx`: NULL stands for `RuntimeWarning`; what is no class is no category.
pub fn warn_object(ts: &ThreadState, category: Option<&Object>, text: &str) -> Result<()> {
    match category {
        None => warn(ts, &RUNTIME_WARNING, text),
        Some(category) => match category.downcast::<Type>() {
            Some(category) => warn(ts, category, text),
            None => {
                let name = category.ty().short_name();
                Err(ts.raise(&crate::types::exceptions::TYPE_ERROR, format_args!("'{name}' object is not callable")))
            }
        },
    }
}

/// `PyErr_WarnExplicit` without a registry: every time.
pub fn warn_explicit(_ts: &ThreadState, category: &Type, text: &str, file: &str, line: i32) -> Result<()> {
    if !is_ignored(category) {
        show(category, text, file, line);
    }
    Ok(())
}

fn show(category: &Type, text: &str, file: &str, line: i32) {
    let line = format!("{file}:{line}: {}: {text}\n", category.short_name());
    // A standard error that is closed is no reason to fail.
    let _ = std::io::stderr().write_all(line.as_bytes());
}
