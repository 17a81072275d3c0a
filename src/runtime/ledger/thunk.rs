//! Thunks: the code by which the runtime enters a module's functions.
//!
//! Where a function pointer of a module comes in (a slot, a method's definition), the runtime keeps a thunk instead:
//! code of its own that pushes a frame, calls the function with the very arguments, and pops the frame. So each place
//! where the runtime calls a function pointer stays as it is, whatever its signature. A thunk is five bytes that call
//! the code they have in common, which tells from the return address which thunk it was; there is room for [`COUNT`].

use core::arch::global_asm;
use core::ffi::c_void;
use core::mem::transmute_copy;
use std::collections::HashMap;
use std::sync::OnceLock;

use super::frames::{self, Arguments};
use super::{Function, Gives, origin};
use crate::object::lock::Mutex;

/// How many functions can be told apart; the extension with the most so far has some hundreds.
pub const COUNT: usize = 16384;
const SIZE: usize = 8;

global_asm!(
    ".pushsection .text.deathless_ledger, \"ax\", @progbits",
    ".globl deathless_ledger_thunks",
    ".hidden deathless_ledger_thunks",
    ".globl deathless_ledger_common",
    ".hidden deathless_ledger_common",
    ".globl deathless_ledger_common_end",
    ".hidden deathless_ledger_common_end",
    ".p2align 4",
    "deathless_ledger_thunks:",
    ".rept {count}",
    "call deathless_ledger_common",
    ".p2align 3",
    ".endr",
    ".type deathless_ledger_common, @function",
    "deathless_ledger_common:",
    ".cfi_startproc",
    ".cfi_def_cfa_offset 16",
    "pop r11",
    ".cfi_def_cfa_offset 8",
    "push rbp",
    ".cfi_def_cfa_offset 16",
    ".cfi_offset rbp, -16",
    "mov rbp, rsp",
    ".cfi_def_cfa_register rbp",
    "sub rsp, 64",
    "mov [rbp - 8], r9",
    "mov [rbp - 16], r8",
    "mov [rbp - 24], rcx",
    "mov [rbp - 32], rdx",
    "mov [rbp - 40], rsi",
    "mov [rbp - 48], rdi",
    "mov [rbp - 56], r11",
    "mov rdi, r11",
    "lea rsi, [rbp - 48]",
    "call {enter}",
    "mov r11, rax",
    "mov r9, [rbp - 8]",
    "mov r8, [rbp - 16]",
    "mov rcx, [rbp - 24]",
    "mov rdx, [rbp - 32]",
    "mov rsi, [rbp - 40]",
    "mov rdi, [rbp - 48]",
    "call r11",
    "mov [rbp - 64], rax",
    "mov rdi, [rbp - 56]",
    "lea rsi, [rbp - 48]",
    "mov rdx, rax",
    "call {leave}",
    "mov rax, [rbp - 64]",
    "leave",
    ".cfi_def_cfa rsp, 8",
    "ret",
    ".cfi_endproc",
    "deathless_ledger_common_end:",
    ".size deathless_ledger_common, . - deathless_ledger_common",
    ".popsection",
    count = const COUNT,
    enter = sym enter,
    leave = sym leave,
);

unsafe extern "C" {
    static deathless_ledger_thunks: u8;
    static deathless_ledger_common: u8;
    static deathless_ledger_common_end: u8;
}

/// A function of a module.
#[derive(Debug)]
pub struct Entered {
    pub address: usize,
    pub gives: Gives,
    /// What it is in Python's terms.
    pub name: String,
}

/// One for each thunk that is taken, written before the thunk is used.
static FUNCTIONS: [OnceLock<Entered>; COUNT] = [const { OnceLock::new() }; COUNT];

/// Which thunk a function has under a name.
static TAKEN: Mutex<Option<HashMap<(usize, String), usize>>> = Mutex::new(None);

/// The function behind thunk `index`.
pub fn function(index: usize) -> Option<&'static Entered> {
    FUNCTIONS.get(index)?.get()
}

/// Whether `address` lies in the code that the thunks have in common.
pub fn is_common(address: usize) -> bool {
    ((&raw const deathless_ledger_common).addr()..(&raw const deathless_ledger_common_end).addr()).contains(&address)
}

fn index_of(address: usize) -> Option<usize> {
    let index = address.checked_sub((&raw const deathless_ledger_thunks).addr())? / SIZE;
    (index < COUNT).then_some(index)
}

/// The thunk for a module's function, to be kept and called in its place. A function of the library's own comes back
/// as it is, and so does any when no thunk is left.
pub fn entry_raw(function: *const (), gives: Gives, name: impl FnOnce() -> String) -> *const () {
    let address = function.addr();
    if function.is_null() || origin::is_own(address) {
        return function;
    }
    match place(address, gives, name()) {
        Some(index) => (&raw const deathless_ledger_thunks).wrapping_add(index * SIZE).cast(),
        None => function,
    }
}

/// The number of the thunk for a function under a name; `None` when none is left.
pub fn place(address: usize, gives: Gives, name: String) -> Option<usize> {
    let mut taken = TAKEN.lock();
    let taken = taken.get_or_insert_default();
    let next = taken.len();
    let index = *taken.entry((address, name)).or_insert_with_key(|(address, name)| {
        if let Some(place) = FUNCTIONS.get(next) {
            place.get_or_init(|| Entered { address: *address, gives, name: name.clone() });
        }
        next
    });
    (index < COUNT).then_some(index)
}

/// How many functions found no thunk left: what they do is not in the books.
pub fn unheard() -> usize {
    TAKEN.lock().as_ref().map_or(0, |taken| taken.len().saturating_sub(COUNT))
}

/// The same for a typed function.
pub fn entry<F: Function>(function: F, gives: Gives, name: impl FnOnce() -> String) -> F {
    const { assert!(size_of::<F>() == size_of::<*const ()>()) };
    // SAFETY: a function pointer; the thunk takes and returns what the function does.
    unsafe { transmute_copy(&entry_raw(transmute_copy(&function), gives, name)) }
}

/// The function behind a thunk; anything else comes back as it is.
pub fn target(function: *mut c_void) -> *mut c_void {
    match index_of(function.addr()).and_then(self::function) {
        Some(entered) => core::ptr::with_exposed_provenance_mut(entered.address),
        None => function,
    }
}

/// Whether it is a thunk: a module's function stands there.
pub fn is_entry(function: *const ()) -> bool {
    index_of(function.addr()).is_some()
}

/// Which thunk it was, by the return address that it left.
fn index_by_return(address: usize) -> usize {
    index_of(address - 1).expect("a thunk's return address")
}

/// A frame for the function behind the thunk; which function to call.
unsafe extern "C" fn enter(return_address: usize, arguments: *const Arguments) -> usize {
    let index = index_by_return(return_address);
    let entered = function(index).expect("a thunk that is taken");
    // SAFETY: the thunk's arguments.
    frames::push(index, entered, unsafe { &*arguments });
    entered.address
}

/// The end of that frame.
unsafe extern "C" fn leave(return_address: usize, arguments: *const Arguments, result: usize) {
    let entered = function(index_by_return(return_address)).expect("a thunk that is taken");
    // SAFETY: the thunk's arguments.
    frames::pop(entered, unsafe { &*arguments }, result);
}
