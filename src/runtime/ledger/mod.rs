//! The ledger: the books of what extension modules hold.
//!
//! Built with the feature `ledger` alone; in the ordinary build every function here is empty and inlined away.
//!
//! The runtime enters a module's functions through thunks ([`thunk`]) that push a [frame](frames) for the time of
//! the call. What that function is given as a new reference, what is taken from it and what it counts up and down is
//! entered in the [books](books) under the frame's function. A call that the module itself makes is told from the
//! runtime's own by the doors that are open in the frame: every exported function that makes or takes references
//! opens one, and only the outermost door is the module's.
//!
//! Who holds a reference after a call is said where it changes hands: `boundary` with an `Owned` result, `hand_out`
//! and `take_over` in `capi`, the thunks for what a module's function returns, [`field`] for fields of a module's
//! objects that the runtime fills in.
//!
//! What [threads](threads) of a module do outside of any function that the runtime entered is entered under their file's
//! name. Out of reach is a module that counts inline, and what more functions do than there are thunks; the books say how
//! many those are.

use crate::object::Object;

#[cfg(feature = "ledger")]
mod books;
#[cfg(feature = "ledger")]
mod frames;
#[cfg(feature = "ledger")]
mod origin;
#[cfg(feature = "ledger")]
mod threads;
#[cfg(feature = "ledger")]
mod thunk;

#[cfg(feature = "ledger")]
pub use books::{close, ended, open, visit};
#[cfg(feature = "ledger")]
pub use frames::{Callback, Door, counted, field, handed, taken};
#[cfg(feature = "ledger")]
pub use thunk::{entry, entry_raw, is_entry, target};

/// What a C function of a module leaves its caller to own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Gives {
    /// A number, or nothing.
    Nothing,
    /// The object that it returns.
    Object,
    /// The module that it returns, unless that is a definition, which is lent.
    Module,
    /// `bf_getbuffer`: the object in the view, for success.
    View,
    /// `am_send`: what it writes to its third argument, unless it fails.
    Sent,
    /// `tp_dealloc`: nothing, and it is given the instance's reference to its heap type to drop.
    End,
}

/// What is entered in the books for one function, kind of object, way of changing hands and place.
pub struct Row<'a> {
    /// What the function is in Python's terms; the runtime itself has none.
    pub function: Option<&'a str>,
    pub function_address: usize,
    /// In a row that says `called` and no more: how often the function was. In one that says `unheard`: how many
    /// functions are not in the books.
    pub calls: u64,
    /// The type's name, or what an immortal is.
    pub kind: &'a str,
    /// The object, if it is an immortal.
    pub immortal: Option<&'a Object>,
    pub how: &'static core::ffi::CStr,
    /// The return address in the module, or 0.
    pub site: usize,
    /// An address in the library's function that was called, or 0.
    pub api: usize,
    /// References that the function holds more than before, or fewer.
    pub balance: i64,
}

/// A type of C functions; its result says what it gives.
///
/// # Safety
/// A function pointer that takes at most six arguments, none of them a float.
pub unsafe trait Function: Copy {
    const GIVES: Gives;
}

/// The result of a C function.
pub trait Given {
    const GIVES: Gives;
}

/// `given! { c_int: Nothing }`
macro_rules! given {
    ($($result:ty: $gives:ident),*) => {$(
        impl Given for $result {
            const GIVES: Gives = Gives::$gives;
        }
    )*};
}
given! { (): Nothing, i32: Nothing, isize: Nothing, *mut crate::ffi::PyObject: Object }

/// `function! { A B }` for functions of two arguments.
macro_rules! function {
    ($($argument:ident)*) => {
        // SAFETY: it takes as many, and `PyObject *`, integers and pointers are what C's API has.
        unsafe impl<R: Given, $($argument),*> Function for unsafe extern "C" fn($($argument),*) -> R {
            const GIVES: Gives = R::GIVES;
        }
    };
}
function! {}
function! { A }
function! { A B }
function! { A B C }
function! { A B C D }
function! { A B C D E }

/// Nothing of this is there in the ordinary build.
#[cfg(not(feature = "ledger"))]
mod none {
    use super::{Function, Gives};
    use crate::ffi::PyObject;
    use crate::object::Object;

    /// See the ledger's own.
    pub struct Door;

    impl Door {
        #[inline(always)]
        pub fn open() -> Door {
            Door
        }

        #[inline(always)]
        pub fn handed(&self, _object: *mut PyObject) {}
    }

    /// See the ledger's own.
    pub struct Callback;

    impl Callback {
        #[inline(always)]
        pub fn open() -> Callback {
            Callback
        }
    }

    #[inline(always)]
    pub fn handed(_object: *mut PyObject) {}

    #[inline(always)]
    pub fn taken(_object: *mut PyObject) {}

    #[inline(always)]
    pub fn counted(_object: *mut PyObject, _by: i64) {}

    #[inline(always)]
    pub fn entry<F: Function>(function: F, _gives: Gives, _name: impl FnOnce() -> String) -> F {
        function
    }

    #[inline(always)]
    pub fn target(function: *mut core::ffi::c_void) -> *mut core::ffi::c_void {
        function
    }

    #[inline(always)]
    pub fn is_entry(_function: *const ()) -> bool {
        false
    }

    /// There are no books in this build.
    pub fn open() -> bool {
        false
    }

    pub fn close() {}

    pub fn visit(_visit: &mut dyn FnMut(&super::Row) -> bool) -> bool {
        false
    }

    #[inline(always)]
    pub fn ended(_object: &Object) -> bool {
        false
    }

    #[inline(always)]
    pub fn field(_new: Option<&Object>, _old: Option<&Object>) {}
}
#[cfg(not(feature = "ledger"))]
pub use none::*;
