//! C's view of the data: `repr(C)` structs, constants, layout asserts. No logic.
//!
//! One file for each family of structs. Fields that change while others look on are `Cell`s: an object is
//! touched only under its interpreter's GIL, so shared references with interior mutability are the right
//! borrow, and immortal objects that several threads share are never written to. `Sync` on the layouts
//! states exactly that.

use core::cell::Cell;
use core::ffi::{c_char, c_int, c_uchar, c_uint, c_ulong, c_void};
use core::mem::offset_of;
use core::ptr;

mod buffer;
mod callables;
mod constants;
mod containers;
mod defs;
mod exceptions;
mod frames;
mod functions;
mod header;
mod hidden;
mod longs;
mod methods;
mod scalars;
mod sets;
pub mod slots;
mod typeobject;
mod unicode;
mod weakref;

pub use buffer::*;
pub use callables::*;
pub use constants::*;
pub use containers::*;
pub use defs::*;
pub use exceptions::*;
pub use frames::*;
pub use functions::*;
pub use header::*;
pub use hidden::*;
pub use longs::*;
pub use methods::*;
pub use scalars::*;
pub use sets::*;
pub use typeobject::*;
pub use unicode::*;
pub use weakref::*;

#[allow(non_camel_case_types)]
pub type Py_ssize_t = isize;
#[allow(non_camel_case_types)]
pub type Py_hash_t = isize;
