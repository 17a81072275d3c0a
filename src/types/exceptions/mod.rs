//! The exception tree.
//!
//! * [`tree`]     every built-in exception with its base
//! * [`base`]     what all share: args, chaining, notes, traceback
//! * [`simple`]   those with one field more: `StopIteration`, `SystemExit`, `NameError`, `AttributeError`, `KeyError`
//! * [`os_error`], [`import_error`], [`syntax_error`], [`unicode_error`], [`group`]: those with more

mod base;
pub mod group;
pub mod import_error;
pub mod os_error;
pub mod simple;
pub mod syntax_error;
mod tree;
pub mod unicode_error;

pub use base::*;
pub use tree::*;
