//! deathless: CPython 3.15's stable C ABI on immortal objects.
//!
//! * [`ffi`]      C's view of the data: `repr(C)` structs, constants, layout asserts
//! * [`object`]   the heart: reference word, handles, immortals, heap, collector
//! * [`runtime`]  process, interpreter, thread, error indicator, life cycle
//! * [`types`]    the built-in types, one file or folder each
//! * [`protocol`] what works on any object
//! * [`format`]   the format-string engines
//! * [`modules`]  `builtins`, `sys`, `types`, and the import system
//! * [`capi`]     the door: every exported function, one file for each C header

pub mod capi;
pub mod ffi;
pub mod format;
pub mod modules;
pub mod object;
pub mod protocol;
pub mod runtime;
pub mod types;
