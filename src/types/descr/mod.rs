//! Descriptors: what a type's dict holds for its C methods, members, computed attributes and slots.
//!
//! * [`method`]      method descriptors and class method descriptors
//! * [`member`]      members: a C field of the instance as an attribute
//! * [`getset`]      computed attributes
//! * [`wrapper`]     slot wrappers, and what they are when bound
//! * [`classmethod`] `classmethod` and `staticmethod`
//! * [`property`]    `property`
//! * [`super_`]      `super`
//! * [`proxy`]       `mappingproxy`
//! * [`doc`]         docstrings that begin with a signature
//!
//! All begin with [`Descriptor`]: the type, the name, and the qualified name, which is made when asked for. An
//! immortal descriptor is shared by interpreters and is never written to, so it does not keep that name.

use core::ffi::{CStr, c_char, c_int};

use super::{Str, Tuple, identifiers, slot};
use crate::ffi::*;
use crate::object::{Layout, Object, ObjectCell, Owned, Raised, Result, Type};
use crate::protocol::object::getattr;
use crate::runtime::ThreadState;
use crate::types::exceptions::{ATTRIBUTE_ERROR, TYPE_ERROR, VALUE_ERROR};

pub mod classmethod;
pub mod doc;
pub mod getset;
pub mod member;
pub mod method;
pub mod property;
pub mod proxy;
pub mod super_;
pub mod wrapper;

pub use getset::new_getset;
pub use member::new_member;
pub use method::new_method;
pub use wrapper::new_wrapper;

layout!(Descriptor = PyDescrObject);

/// A descriptor's common part, for handles of any descriptor.
pub trait HasDescriptor: Layout {
    #[inline(always)]
    fn common(&self) -> &Descriptor {
        // SAFETY: implemented by layouts that begin with it.
        unsafe { self.as_object().cast() }
    }
}
impl HasDescriptor for PyDescrObject {}
impl HasDescriptor for PyMethodDescrObject {}
impl HasDescriptor for PyMemberDescrObject {}
impl HasDescriptor for PyGetSetDescrObject {}
impl HasDescriptor for PyWrapperDescrObject {}

/// A name of a C definition, interned.
///
/// # Safety
/// NUL-terminated.
pub unsafe fn c_name(ts: &ThreadState, text: *const c_char) -> Result<Owned<Str>> {
    // SAFETY: the caller's promise.
    Str::interned(ts, unsafe { c_text(ts, text)? })
}

/// The same as it stands.
///
/// # Safety
/// NUL-terminated.
pub unsafe fn c_text<'a>(ts: &ThreadState, text: *const c_char) -> Result<&'a str> {
    // SAFETY: the caller's promise.
    let text = unsafe { CStr::from_ptr(text) };
    if text.to_bytes().is_ascii() {
        // SAFETY: ASCII is UTF-8; most names are, and that is seen sooner.
        return Ok(unsafe { core::str::from_utf8_unchecked(text.to_bytes()) });
    }
    text.to_str().map_err(|_| ts.raise_str(&VALUE_ERROR, "a name of a definition must be UTF-8"))
}

/// `__name__` and `__objclass__`, which all have.
pub(super) const NAME_MEMBER: PyMemberDef =
    slot::member(c"__name__", _Py_T_OBJECT, core::mem::offset_of!(PyDescrObject, d_name), Py_READONLY);
pub(super) const OBJCLASS_MEMBER: PyMemberDef =
    slot::member(c"__objclass__", _Py_T_OBJECT, core::mem::offset_of!(PyDescrObject, d_type), Py_READONLY);

pub(super) static MEMBERS: [PyMemberDef; 3] = [OBJCLASS_MEMBER, NAME_MEMBER, slot::MEMBERS_END];

impl Descriptor {
    /// The common part of a new descriptor; the rest is the caller's to write before it is tracked.
    ///
    /// # Safety
    /// `T` is `class`'s layout and begins with `Descriptor`.
    unsafe fn make<T: HasDescriptor>(
        ts: &ThreadState,
        class: &'static Type,
        ty: &Type,
        name: Owned<Str>,
    ) -> Result<Owned<T>> {
        // SAFETY: the caller's promise; the common fields are written here.
        let this = unsafe { ts.new_object::<T>(class, size_of::<T>())? };
        let common = this.common();
        common.d_type.set(Owned::new(ty).into_raw().cast());
        common.d_name.set(name.into_raw());
        common.d_qualname.set(core::ptr::null_mut());
        Ok(this)
    }

    /// The type that the descriptor belongs to.
    #[inline(always)]
    pub fn objclass(&self) -> &Type {
        // SAFETY: written when it was made; the collector clears nothing in it.
        unsafe { &*self.d_type.get() }
    }

    #[inline]
    pub fn name(&self) -> &Str {
        // SAFETY: as above.
        unsafe { &*self.d_name.get().cast::<Str>() }
    }

    /// Refuses what is not an instance of the descriptor's type.
    #[inline(always)]
    pub fn check(&self, ts: &ThreadState, object: &Object) -> Result<()> {
        if object.ty().is_subtype_of(self.objclass()) { Ok(()) } else { Err(self.does_not_apply(ts, object)) }
    }

    #[cold]
    fn does_not_apply(&self, ts: &ThreadState, object: &Object) -> Raised {
        let (ty, other) = (self.objclass().full_name(), object.ty().full_name());
        let name = self.name();
        ts.raise(
            &TYPE_ERROR,
            format_args!("descriptor '{name}' for '{ty}' objects doesn't apply to a '{other}' object"),
        )
    }

    #[cold]
    fn needs_argument(&self, ts: &ThreadState) -> Raised {
        let (name, ty) = (self.name(), self.objclass().full_name());
        ts.raise(&TYPE_ERROR, format_args!("descriptor '{name}' of '{ty}' object needs an argument"))
    }

    #[cold]
    fn not_accessible(&self, ts: &ThreadState, how: &str) -> Raised {
        let (name, ty) = (self.name(), self.objclass().full_name());
        ts.raise(&ATTRIBUTE_ERROR, format_args!("attribute '{name}' of '{ty}' objects is not {how}"))
    }

    /// `Type.attribute` behind what it is, for the ledger.
    fn path(&self, what: &str) -> String {
        format!("{what}{}.{}", self.objclass().full_name(), self.name())
    }

    fn repr_as(&self, ts: &ThreadState, kind: &str) -> Result<Owned<Str>> {
        if core::ptr::eq(self.objclass(), &crate::types::object::PyBaseObject_Type) {
            return Str::new(ts, &format!("<{kind} '{}'>", self.name()));
        }
        Str::new(ts, &format!("<{kind} '{}' of '{}' objects>", self.name(), self.objclass().full_name()))
    }

    /// `Type.name`.
    pub fn qualname(ts: &ThreadState, this: &Descriptor) -> Result {
        if let Some(made) = this.d_qualname.load() {
            return Ok(made);
        }
        let ty = getattr(ts, this.objclass(), &identifiers::__qualname__)?;
        let Some(ty) = ty.downcast::<Str>() else {
            return Err(ts.raise_str(&TYPE_ERROR, "<descriptor>.__objclass__.__qualname__ is not a unicode object"));
        };
        let made = Str::new(ts, &format!("{ty}.{}", this.name()))?;
        if !this.is_immortal() {
            this.d_qualname.store(Some(made.clone()));
        }
        Ok(made.upcast())
    }

    /// For pickling: `getattr(type, name)`.
    pub fn reduce(ts: &ThreadState, this: &Descriptor) -> Result<Owned<Tuple>> {
        reduce_to_getattr(ts, this.objclass(), this.name())
    }

    pub(super) fn drop_fields(&self) {
        drop(self.d_type.take_owned());
        drop(self.d_name.take_owned());
        drop(self.d_qualname.take_owned());
    }

    pub(super) fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        visitor.field(&self.d_type)
    }
}

/// `(getattr, (owner, name))`.
pub fn reduce_to_getattr(ts: &ThreadState, owner: &Object, name: &Str) -> Result<Owned<Tuple>> {
    let getattr = Str::interned(ts, "getattr")?;
    let builtins = ts.interp().builtins.load();
    let found = match &builtins {
        // SAFETY: NULL or a dict.
        Some(dict) => unsafe { dict.cast::<super::Dict>() }.get(ts, &getattr)?,
        None => None,
    };
    let Some(function) = found else { return Err(ts.raise_value(&ATTRIBUTE_ERROR, getattr.upcast())) };
    let arguments = Tuple::new(ts, &[owner, name])?;
    Tuple::new(ts, &[&function, &arguments])
}

/// How a callable is called in messages: `list.append()`, `math.sin()`.
pub fn function_text(ts: &ThreadState, function: &Object) -> Result<String> {
    use crate::protocol::object::{find_attr, str};
    let Some(qualname) = find_attr(ts, function, &identifiers::__qualname__)? else {
        return Ok(str(ts, function)?.to_string());
    };
    let qualname = str(ts, &qualname)?;
    let module = find_attr(ts, function, &identifiers::__module__)?;
    match module.filter(|m| !super::singletons::is_none(&**m)) {
        Some(module) if module.downcast::<Str>().is_none_or(|m| !m.equals_text("builtins")) => {
            Ok(format!("{}.{qualname}()", str(ts, &module)?))
        }
        _ => Ok(format!("{qualname}()")),
    }
}

/// `TypeError` about a call: `f() takes no arguments (1 given)`.
#[cold]
pub fn call_error(ts: &ThreadState, function: &Object, message: impl FnOnce(&str) -> String) -> Raised {
    match function_text(ts, function) {
        Ok(text) => ts.raise_str(&TYPE_ERROR, &message(&text)),
        Err(raised) => raised,
    }
}

/// `tp_call` of what always has a vectorcall function.
pub fn call_by_vectorcall(ts: &ThreadState, this: &Object, args: &Tuple, kwargs: Option<&super::Dict>) -> Result {
    crate::protocol::call::call_tuple_dict(ts, this, args, kwargs)
}
