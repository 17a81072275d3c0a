//! Handles: who owns a reference, said by the type.
//!
//! * `Owned<T>` owns one reference and drops it.
//! * `&T` is the borrowed handle: Rust's own borrow. `Owned<T>` derefs to it, and every layout derefs to
//!   [`Object`], its header. Data that follows a layout (a tuple's items) is reached through the pointer of
//!   such a borrow; every layout has interior mutability, so no reference claims exclusive access.
//! * [`Raised`] is the token for "the error indicator is set"; a `Result` with it cannot forget.

use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ops::Deref;
use core::ptr::NonNull;

use super::owner;
use crate::ffi::{PyObject, PyTypeObject};

pub type Object = PyObject;
pub type Type = PyTypeObject;

/// The error indicator of the current thread is set. Made only by whoever sets it.
#[derive(Debug)]
pub struct Raised(PhantomData<*mut ()>);

impl Raised {
    /// To be called by whoever set the indicator, or was told by C that it is set.
    #[inline]
    pub(crate) fn already() -> Raised {
        Raised(PhantomData)
    }
}

pub type Result<T = Owned<Object>> = core::result::Result<T, Raised>;

/// A struct that begins with the object header.
///
/// # Safety
/// `repr(C)`, the first field (transitively) a `PyObject`.
pub unsafe trait Layout: 'static {
    #[inline(always)]
    fn as_object(&self) -> &Object {
        // SAFETY: the trait's promise.
        unsafe { &*(self as *const Self).cast::<Object>() }
    }
}

/// A layout with a built-in type of its own.
///
/// # Safety
/// Whatever `is_instance` accepts has this layout.
pub unsafe trait Class: Layout + Sized {
    /// The built-in type.
    fn class() -> &'static Type;
    /// An instance of the type or of a subclass.
    fn is_instance(object: &Object) -> bool;
}

// SAFETY: it is the header.
unsafe impl Layout for PyObject {}

impl Object {
    /// A borrow of what C handed over.
    ///
    /// # Safety
    /// `ptr` is a live object for as long as the borrow is used.
    #[inline(always)]
    #[cfg_attr(debug_assertions, track_caller)]
    pub unsafe fn from_raw<'a>(ptr: *mut PyObject) -> &'a Object {
        // SAFETY: the caller's promise.
        unsafe {
            owner::check(ptr);
            &*ptr
        }
    }

    /// The same, for a pointer that may be NULL.
    ///
    /// # Safety
    /// NULL or as for [`Object::from_raw`].
    #[inline(always)]
    #[cfg_attr(debug_assertions, track_caller)]
    pub unsafe fn from_nullable<'a>(ptr: *mut PyObject) -> Option<&'a Object> {
        // SAFETY: the caller's promise.
        unsafe {
            owner::check(ptr);
            ptr.as_ref()
        }
    }

    #[inline(always)]
    pub fn as_ptr(&self) -> *mut PyObject {
        (self as *const PyObject).cast_mut()
    }

    /// The object's type.
    #[inline(always)]
    pub fn ty(&self) -> &Type {
        // SAFETY: a live object's type is live, and it holds a reference to a heap type.
        unsafe { &*self.ob_type.get() }
    }

    /// The header of any layout that derefs to it.
    #[inline(always)]
    pub fn as_object(&self) -> &Object {
        self
    }

    /// Identity.
    #[inline(always)]
    pub fn is(&self, other: &Object) -> bool {
        core::ptr::eq(self, other)
    }

    /// The type is exactly `T`'s.
    #[inline(always)]
    pub fn is_exact<T: Class>(&self) -> bool {
        core::ptr::eq(self.ob_type.get(), T::class())
    }

    /// As `T` if it is an instance of `T`'s type or of a subclass.
    #[inline(always)]
    pub fn downcast<T: Class>(&self) -> Option<&T> {
        // SAFETY: `Class` promises the layout.
        if T::is_instance(self) { Some(unsafe { self.cast::<T>() }) } else { None }
    }

    /// As `T` if its type is exactly `T`'s.
    #[inline(always)]
    pub fn downcast_exact<T: Class>(&self) -> Option<&T> {
        // SAFETY: the type's own instances have its layout.
        if self.is_exact::<T>() { Some(unsafe { self.cast::<T>() }) } else { None }
    }

    /// As `T`, unchecked.
    ///
    /// # Safety
    /// The object has `T`'s layout.
    #[inline(always)]
    pub unsafe fn cast<T: Layout>(&self) -> &T {
        // SAFETY: the caller's promise.
        unsafe { &*(self as *const Object).cast::<T>() }
    }
}

/// One owned reference.
#[repr(transparent)]
pub struct Owned<T: Layout = Object>(NonNull<T>, PhantomData<T>);

impl<T: Layout> Owned<T> {
    /// Takes over a reference that C, or a constructor, gave away.
    ///
    /// # Safety
    /// `ptr` is live, of layout `T`, and its reference is the caller's to give.
    #[inline(always)]
    #[cfg_attr(debug_assertions, track_caller)]
    pub unsafe fn from_stolen(ptr: *mut PyObject) -> Owned<T> {
        // SAFETY: live, so not NULL.
        let object = unsafe {
            owner::check(ptr);
            NonNull::new_unchecked(ptr.cast())
        };
        Owned(object, PhantomData)
    }

    /// The same, for a pointer that may be NULL.
    ///
    /// # Safety
    /// NULL or as for [`Owned::from_stolen`].
    #[inline(always)]
    #[cfg_attr(debug_assertions, track_caller)]
    pub unsafe fn from_stolen_nullable(ptr: *mut PyObject) -> Option<Owned<T>> {
        // SAFETY: the caller's promise.
        unsafe { owner::check(ptr) };
        NonNull::new(ptr.cast()).map(|p| Owned(p, PhantomData))
    }

    /// A new reference to `object`.
    #[inline(always)]
    pub fn new(object: &T) -> Owned<T> {
        object.as_object().incref();
        Owned(NonNull::from(object), PhantomData)
    }

    /// A handle on an object that is known to be immortal: nothing is counted, now or at the drop, where the
    /// strategy leaves that out.
    #[inline(always)]
    pub fn immortal(object: &'static T) -> Owned<T> {
        super::strategy::take(object.as_object());
        Owned(NonNull::from(object), PhantomData)
    }

    /// Gives the reference away, to C or into a field.
    #[inline(always)]
    pub fn into_raw(self) -> *mut PyObject {
        ManuallyDrop::new(self).0.as_ptr().cast()
    }

    #[inline(always)]
    pub fn upcast(self) -> Owned<Object> {
        let this = ManuallyDrop::new(self);
        Owned(this.0.cast(), PhantomData)
    }
}

impl Owned<Object> {
    /// As `U` if it is an instance of `U`'s type or of a subclass; otherwise the handle comes back.
    #[inline]
    pub fn downcast_owned<U: Class>(self) -> core::result::Result<Owned<U>, Owned<Object>> {
        if U::is_instance(&self) { Ok(Owned(ManuallyDrop::new(self).0.cast(), PhantomData)) } else { Err(self) }
    }

    /// As `U`, unchecked.
    ///
    /// # Safety
    /// The object has `U`'s layout.
    #[inline]
    pub unsafe fn cast_owned<U: Layout>(self) -> Owned<U> {
        Owned(ManuallyDrop::new(self).0.cast(), PhantomData)
    }
}

impl<T: Layout> Deref for Owned<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: we own a reference, so it lives.
        unsafe { self.0.as_ref() }
    }
}

impl<T: Layout> Drop for Owned<T> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: the reference is ours and `self` is gone afterwards.
        unsafe { self.as_object().decref() }
    }
}

impl<T: Layout + core::fmt::Display> core::fmt::Display for Owned<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: Layout> Clone for Owned<T> {
    #[inline(always)]
    fn clone(&self) -> Owned<T> {
        Owned::new(self)
    }
}
