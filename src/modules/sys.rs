//! sys

use crate::object::Object;
use crate::runtime::ThreadState;

/// Reports an exception that cannot be raised to anybody, and clears it.
pub fn unraisable(ts: &ThreadState, doing: Option<&str>, object: Option<&Object>) {
    let _ = (doing, object);
    ts.error.clear();
}
