//! An owned reference inside a layout.
//!
//! The invariant of every `Cell<*mut PyObject>` in an object layout: NULL, or a reference that the object
//! owns. The methods here keep it; replacing drops the old value only after the new one is in place, since
//! ending the old one may run foreign code that looks at the field.

use core::cell::Cell;
use core::ptr;

use super::{Layout, Object, Owned};

pub trait ObjectCell {
    /// What the field holds, borrowed. Hold an `Owned` instead across anything that may assign the field.
    fn peek<'a>(&self) -> Option<&'a Object>;
    /// A new reference to what the field holds.
    fn load(&self) -> Option<Owned<Object>> {
        self.peek().map(Owned::new)
    }
    /// Puts a value in and drops the old one.
    fn store<T: Layout>(&self, value: Option<Owned<T>>);
    /// Takes the value out.
    fn take_owned(&self) -> Option<Owned<Object>>;
}

impl<P> ObjectCell for Cell<*mut P> {
    #[inline(always)]
    fn peek<'a>(&self) -> Option<&'a Object> {
        // SAFETY: NULL or live, by the invariant above.
        unsafe { Object::from_nullable(self.get().cast()) }
    }

    #[inline(always)]
    fn store<T: Layout>(&self, value: Option<Owned<T>>) {
        let new = value.map_or(ptr::null_mut(), Owned::into_raw);
        let old = self.replace(new.cast());
        // SAFETY: NULL or owned by the field until now.
        drop(unsafe { Owned::<Object>::from_stolen_nullable(old.cast()) });
    }

    #[inline(always)]
    fn take_owned(&self) -> Option<Owned<Object>> {
        // SAFETY: NULL or owned by the field until now.
        unsafe { Owned::from_stolen_nullable(self.replace(ptr::null_mut()).cast()) }
    }
}
