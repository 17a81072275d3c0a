//! The door: every exported function, one file for each CPython header. No algorithms.
//!
//! Each `unsafe` block names why it holds by a tag:
//!
//! * `[live]` a live object, borrowed for the call
//! * `[nullable]` NULL or live
//! * `[steals]` ownership moves in
//! * `[out]` valid for one write
//! * `[cstr]` NUL-terminated, valid for the call
//! * `[span]` a pointer and its length
//! * `[attached]` the caller holds this interpreter's GIL
//! * `[static]` an exported static, immortal

// The contract of every function here is the C API's; the tags above say what each relies on.
#![allow(clippy::missing_safety_doc, non_snake_case, non_camel_case_types)]

pub mod ceval;
pub mod objimpl;
pub mod pylifecycle;
pub mod pymem;
pub mod pystate;
pub mod refcount;

use crate::object::Raised;
use crate::runtime::ThreadState;

/// `SystemError: bad argument to internal function`: a NULL, or an object of the wrong type.
#[cold]
pub(crate) fn bad_internal_call(ts: &ThreadState) -> Raised {
    ts.raise_str(&crate::types::exceptions::SYSTEM_ERROR, "bad argument to internal function")
}
