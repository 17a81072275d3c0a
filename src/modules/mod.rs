//! `builtins`, `sys`, `types`, and the import system.
//!
//! * [`import`]   finding and loading modules
//! * [`sys`]      the `sys` module, what is printed, what cannot be raised

pub mod import;
pub mod sys;

use crate::object::{ObjectCell, Result};
use crate::runtime::ThreadState;
use crate::types::Dict;

/// The modules that every interpreter starts with.
pub fn start(ts: &ThreadState) -> Result<()> {
    ts.interp().modules.store(Some(Dict::new(ts)?));
    Ok(())
}

/// Writes out what was printed; `false` if that failed.
pub fn flush_streams(_ts: &ThreadState) -> bool {
    // SAFETY: all of C's streams.
    unsafe { libc::fflush(core::ptr::null_mut()) == 0 }
}

/// Gives the modules up.
pub fn end(_ts: &ThreadState) {}
