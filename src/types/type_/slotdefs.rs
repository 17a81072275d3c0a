//! What a slot wrapper is made of: the slot's place in a type, its name, and how a call in Python's terms becomes
//! a call of the C function in it.

use core::ffi::{CStr, c_void};

use crate::object::{Object, Result};
use crate::runtime::ThreadState;
use crate::types::str::StaticStr;
use crate::types::{Dict, Tuple};

/// Calls the C function `wrapped` with Python's arguments.
pub type WrapperFn =
    unsafe fn(ts: &ThreadState, this: &Object, args: &Tuple, wrapped: *mut c_void, kwargs: Option<&Dict>) -> Result;

pub struct SlotDef {
    pub name: &'static str,
    pub ident: &'static StaticStr,
    pub offset: usize,
    pub function: *const (),
    pub wrapper: WrapperFn,
    pub doc: &'static CStr,
    pub keywords: bool,
}

// SAFETY: never written to.
unsafe impl Sync for SlotDef {}
