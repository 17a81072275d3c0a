//! `PyCapsule`: a C pointer as an object, under a name that says what it points to.

use core::cell::Cell;
use core::ffi::{CStr, c_char, c_int, c_void};

use super::{STATIC_FLAGS, STATIC_TYPE, Str, slot};
use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result, Type};
use crate::runtime::ThreadState;
use crate::runtime::ledger::{self, Gives};
use crate::types::exceptions::VALUE_ERROR;

layout!(Capsule = CapsuleObject, PyCapsule_Type);

pub type Destructor = unsafe extern "C" fn(*mut PyObject);

/// What a name is compared as: two NULLs are equal.
///
/// # Safety
/// NULL or NUL-terminated.
unsafe fn same_name(a: *const c_char, b: *const c_char) -> bool {
    if a.is_null() || b.is_null() {
        return a == b;
    }
    // SAFETY: the caller's promise.
    unsafe { CStr::from_ptr(a) == CStr::from_ptr(b) }
}

impl Capsule {
    /// `PyCapsule_New`.
    pub fn new(
        ts: &ThreadState,
        pointer: *mut c_void,
        name: *const c_char,
        destructor: Option<Destructor>,
    ) -> Result<Owned<Capsule>> {
        if pointer.is_null() {
            return Err(ts.raise_str(&VALUE_ERROR, "PyCapsule_New called with null pointer"));
        }
        // SAFETY: all fields are written. It holds no objects, so it is not tracked.
        unsafe {
            let this = ts.new_object::<Capsule>(&PyCapsule_Type, size_of::<Capsule>())?;
            this.pointer.set(pointer);
            this.name.set(name);
            this.context.set(core::ptr::null_mut());
            this.destructor.set(destructor);
            this.traverse.set(None);
            this.clear.set(None);
            Ok(this)
        }
    }

    /// `object` as a capsule that holds a pointer; `function` is for the message.
    pub fn legal<'a>(ts: &ThreadState, object: Option<&'a Object>, function: &str) -> Result<&'a Capsule> {
        let capsule = object.and_then(|o| o.downcast_exact::<Capsule>()).filter(|c| !c.pointer.get().is_null());
        capsule.ok_or_else(|| Capsule::invalid(ts, function, "invalid PyCapsule object"))
    }

    /// Refuses a call of `function`.
    #[cold]
    pub fn invalid(ts: &ThreadState, function: &str, what: &str) -> Raised {
        ts.raise(&VALUE_ERROR, format_args!("{function} called with {what}"))
    }

    /// Whether the capsule has that name.
    ///
    /// # Safety
    /// NULL or NUL-terminated.
    pub unsafe fn is_named(&self, name: *const c_char) -> bool {
        // SAFETY: the caller's promise, and that of whoever named the capsule.
        unsafe { same_name(self.name.get(), name) }
    }

    fn repr(ts: &ThreadState, this: &Capsule) -> Result<Owned<Str>> {
        let at = this.as_ptr();
        if this.name.get().is_null() {
            return Str::new(ts, &format!("<capsule object NULL at {at:p}>"));
        }
        // SAFETY: a capsule's name is a C string that outlives it.
        let name = unsafe { CStr::from_ptr(this.name.get()) }.to_string_lossy();
        Str::new(ts, &format!("<capsule object \"{name}\" at {at:p}>"))
    }

    fn drop_fields(_ts: &ThreadState, this: &Capsule) {
        if let Some(destructor) = this.destructor.get() {
            let destructor = ledger::entry(destructor, Gives::Nothing, || "destructor of a capsule".to_owned());
            // SAFETY: the capsule is whole still; the destructor is its maker's.
            unsafe { destructor(this.as_ptr()) };
        }
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        match self.traverse.get() {
            Some(traverse) => visitor.forward(traverse, self),
            None => Ok(()),
        }
    }
}

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyCapsule_Type: Type = Type {
    tp_name: c"PyCapsule".as_ptr(),
    tp_basicsize: size_of::<Capsule>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION),
    tp_doc: Cell::new(c"A C pointer as an object: how one extension module hands its C interface to others.".as_ptr()),
    tp_dealloc: slot::dealloc(Capsule::drop_fields),
    tp_traverse: slot::traverse(Capsule::visit),
    tp_repr: slot::unary(Capsule::repr),
    ..STATIC_TYPE
};
