//! The error indicator.
//!
//! A built-in exception has no side effects at birth, so raising one keeps its type and message only; the
//! object is made when somebody looks ([`ThreadState::take_raised`]). Most exceptions are cleared or only
//! matched, and cost no object at all. An exception type of an extension or of a class is made at once, as
//! CPython does.

use core::cell::Cell;
use core::fmt::{Display, Write};
use core::ptr;

use super::{ThreadState, ledger};
use crate::ffi::{Py_TPFLAGS_BASE_EXC_SUBCLASS, Py_TPFLAGS_HEAPTYPE, Py_TPFLAGS_TYPE_SUBCLASS, PyObject};
use crate::object::{Object, ObjectCell, Owned, Raised, Result, Type, strategy};
use crate::types::exceptions::{self, BaseException};
use crate::types::{Str, Tuple};

/// Empty, or a type with what its constructor is to be called with, or an exception object.
pub struct Indicator {
    /// NULL when nothing is raised. Owned if `built`; else one of the static types, to which no reference is counted
    /// where the strategy leaves that out.
    ty: Cell<*mut PyObject>,
    /// The exception object if `built`; else the constructor's argument: NULL for none, a tuple for many.
    value: Cell<*mut PyObject>,
    built: Cell<bool>,
}

impl Default for Indicator {
    fn default() -> Indicator {
        Indicator { ty: Cell::new(ptr::null_mut()), value: Cell::new(ptr::null_mut()), built: Cell::new(false) }
    }
}

impl Indicator {
    #[inline]
    pub fn is_set(&self) -> bool {
        !self.ty.get().is_null()
    }

    /// The type of what is raised.
    #[inline]
    pub fn ty(&self) -> Option<&Type> {
        // SAFETY: only types are stored there.
        self.ty.peek().map(|t| unsafe { t.cast::<Type>() })
    }

    /// The message, where it is still text: for what goes wrong before there are exceptions.
    pub fn message(&self) -> Option<String> {
        self.value.peek().and_then(|v| v.downcast::<Str>()).map(Str::to_string)
    }

    pub fn clear(&self) {
        if self.is_set() {
            drop(self.take());
        }
    }

    fn set(&self, ty: &Type, value: Option<Owned<Object>>, built: bool) {
        let old = self.take();
        self.built.set(built);
        self.value.set(value.map_or(ptr::null_mut(), Owned::into_raw));
        let ty = ty.as_object();
        if built {
            ty.incref()
        } else {
            strategy::take(ty)
        }
        self.ty.set(ty.as_ptr());
        drop(old);
    }

    /// Takes out what there is: the indicator is empty then.
    #[inline(always)]
    fn take(&self) -> Taken<'_> {
        let ty = self.ty.replace(ptr::null_mut());
        // SAFETY: NULL, or a type that is kept by whoever holds what was taken.
        let ty = unsafe { Object::from_nullable(ty) };
        Taken { ty, value: self.value.take_owned(), built: self.built.replace(false) }
    }
}

/// What was in the indicator, with its references.
struct Taken<'a> {
    ty: Option<&'a Object>,
    value: Option<Owned<Object>>,
    built: bool,
}

impl Taken<'_> {
    fn ty(&self) -> Option<&Type> {
        // SAFETY: only types are stored there.
        self.ty.map(|ty| unsafe { ty.cast::<Type>() })
    }
}

impl Drop for Taken<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        match self.ty {
            // SAFETY: the reference that `set` took.
            Some(ty) if self.built => unsafe { ty.decref() },
            // SAFETY: the same, of a static type.
            Some(ty) => unsafe { strategy::give_back(ty) },
            None => {}
        }
    }
}

impl ThreadState {
    /// Raises `ty` with a message.
    #[cold]
    pub fn raise(&self, ty: &Type, message: impl Display) -> Raised {
        let mut text = String::new();
        if write!(text, "{message}").is_err() {
            return self.no_memory();
        }
        self.raise_str(ty, &text)
    }

    #[cold]
    pub fn raise_str(&self, ty: &Type, message: &str) -> Raised {
        match Str::new(self, message) {
            Ok(message) => self.raise_value(ty, message.upcast()),
            Err(raised) => raised,
        }
    }

    /// Raises `ty` as calling it with `value` would make it: nothing for `None`-less, a tuple's items as
    /// several arguments, an instance of `ty` as it is.
    pub fn raise_value(&self, ty: &Type, value: Owned<Object>) -> Raised {
        self.raise_arguments(ty, Some(value))
    }

    /// Raises `ty` without arguments.
    pub fn raise_bare(&self, ty: &Type) -> Raised {
        self.raise_arguments(ty, None)
    }

    fn raise_arguments(&self, ty: &Type, value: Option<Owned<Object>>) -> Raised {
        let lazy = ty.tp_flags.get() & Py_TPFLAGS_HEAPTYPE == 0 && ty.is_static();
        let instance = value.as_ref().is_some_and(|v| is_exception(v));
        if instance || !lazy || !self.handled.get().is_null() {
            return match self.build(ty, value) {
                Ok(exception) => self.raise_exception(exception),
                Err(raised) => raised,
            };
        }
        self.error.set(ty, value, false);
        Raised::already()
    }

    /// Raises an exception object, with the one being handled as its context.
    pub fn raise_exception(&self, exception: Owned<BaseException>) -> Raised {
        if let Some(handled) = self.handled.load() {
            exceptions::set_implicit_context(&exception, handled);
        }
        self.restore(exception);
        Raised::already()
    }

    /// Puts an exception back as it is.
    pub fn restore(&self, exception: Owned<BaseException>) {
        let ty = Owned::new(exception.ty());
        self.error.set(&ty, Some(exception.upcast()), true);
    }

    /// Puts an exception back after something was done with it; where that failed, what went wrong is raised, and the
    /// exception is its context.
    pub fn restore_or_chain(&self, exception: Owned<BaseException>, done: Result<()>) -> Raised {
        match (done, self.take_raised()) {
            (Err(_raised), Some(worse)) => {
                exceptions::set_implicit_context(&worse, exception.upcast());
                self.restore(worse);
            }
            _ => self.restore(exception),
        }
        Raised::already()
    }

    /// Raises `MemoryError`, for which nothing needs to be allocated.
    #[cold]
    pub fn no_memory(&self) -> Raised {
        self.error.set(&exceptions::MEMORY_ERROR, None, false);
        Raised::already()
    }

    /// Something that a C function returned: NULL means that it raised. A NULL without an exception, or a
    /// result with one, is the callee's fault and becomes `SystemError`.
    #[inline]
    #[allow(clippy::not_unsafe_ptr_arg_deref, reason = "what C returned: NULL or a reference that is ours")]
    pub fn check_result(&self, callable: Option<&Object>, result: *mut PyObject) -> Result {
        // SAFETY: a C function returns NULL or a reference that is ours.
        match unsafe { Owned::from_stolen_nullable(result) } {
            Some(value) if !self.error.is_set() => Ok(value),
            None if self.error.is_set() => Err(Raised::already()),
            value => Err(self.bad_result(callable, value)),
        }
    }

    #[cold]
    fn bad_result(&self, callable: Option<&Object>, value: Option<Owned<Object>>) -> Raised {
        // Aside first: a repr is asked for with nothing raised.
        let cause = self.take_raised();
        let what = match callable.map(|c| crate::protocol::object::repr(self, c)) {
            Some(Ok(text)) => text.to_string(),
            _ => "a function".to_owned(),
        };
        match value {
            None => {
                self.raise(&exceptions::SYSTEM_ERROR, format_args!("{what} returned NULL without setting an exception"))
            }
            Some(_) => {
                self.raise(&exceptions::SYSTEM_ERROR, format_args!("{what} returned a result with an exception set"));
                if let (Some(cause), Some(error)) = (cause, self.take_raised()) {
                    exceptions::set_cause_and_context(&error, cause);
                    self.restore(error);
                }
                Raised::already()
            }
        }
    }

    /// What is raised, as an object, the indicator then empty.
    pub fn take_raised(&self) -> Option<Owned<BaseException>> {
        if !self.error.is_set() {
            return None;
        }
        let mut taken = self.error.take();
        let value = taken.value.take();
        if taken.built {
            // SAFETY: `built` says that it is an exception.
            return value.map(|v| unsafe { v.cast_owned() });
        }
        match self.build(taken.ty()?, value) {
            Ok(exception) => Some(exception),
            // What went wrong while building stands in for it.
            Err(Raised { .. }) => self.take_raised(),
        }
    }

    fn build(&self, ty: &Type, value: Option<Owned<Object>>) -> Result<Owned<BaseException>> {
        let _door = ledger::Door::open();
        let result = match value {
            None => crate::protocol::call::call(self, ty.as_object(), &[])?,
            Some(v) if is_exception(&v) && v.ty().is_subtype_of(ty) => v,
            Some(v) if crate::types::singletons::is_none(&*v) => {
                crate::protocol::call::call(self, ty.as_object(), &[])?
            }
            Some(v) => match v.downcast::<Tuple>() {
                Some(args) => crate::protocol::call::call(self, ty.as_object(), args.as_slice())?,
                None => crate::protocol::call::call(self, ty.as_object(), &[&v])?,
            },
        };
        if !is_exception(&result) {
            return Err(self.raise(
                &exceptions::TYPE_ERROR,
                format_args!(
                    "calling {} should have returned an instance of BaseException, not {}",
                    crate::protocol::object::repr(self, ty.as_object())?,
                    result.ty().full_name()
                ),
            ));
        }
        // SAFETY: checked.
        Ok(unsafe { result.cast_owned() })
    }

    /// Whether what is raised is a `ty` or a subtype of it.
    #[inline]
    pub fn raised_is(&self, ty: &Type) -> bool {
        self.error.ty().is_some_and(|t| t.is_subtype_of(ty))
    }

    /// Drops the exception if it is a `ty`; otherwise hands it on.
    pub fn recover(&self, raised: Raised, ty: &Type) -> Result<()> {
        if self.raised_is(ty) {
            self.error.clear();
            Ok(())
        } else {
            Err(raised)
        }
    }

    /// Runs `f` with the indicator put aside, for destructors that may be reached with an exception set.
    pub fn preserving_error<R>(&self, f: impl FnOnce() -> R) -> R {
        let mut aside = self.error.take();
        let result = f();
        self.error.clear();
        let value = aside.value.take();
        if let Some(ty) = aside.ty() {
            self.error.set(ty, value, aside.built);
        }
        result
    }
}

/// An instance of `BaseException`.
#[inline]
pub fn is_exception(object: &Object) -> bool {
    object.ty().tp_flags.get() & Py_TPFLAGS_BASE_EXC_SUBCLASS != 0
}

/// A class that derives from `BaseException`.
#[inline]
pub fn is_exception_class(object: &Object) -> bool {
    object.ty().tp_flags.get() & Py_TPFLAGS_TYPE_SUBCLASS != 0
        // SAFETY: the flag says that it is a type.
        && unsafe { object.cast::<Type>() }.tp_flags.get() & Py_TPFLAGS_BASE_EXC_SUBCLASS != 0
}
