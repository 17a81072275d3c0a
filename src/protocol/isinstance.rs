//! `isinstance` and `issubclass`.
//!
//! A metaclass may answer by `__instancecheck__` and `__subclasscheck__`. Otherwise types are asked for their MRO, and
//! whatever else has a tuple of `__bases__` counts as a class.

use crate::object::{Object, Owned, Result, Type};
use crate::protocol::{call, object};
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::type_::PyType_Type;
use crate::types::union::Union;
use crate::types::{Str, Tuple, identifiers as id};

const BAD_INSTANCE_CLASS: &str = "isinstance() arg 2 must be a type, a tuple of types, or a union";
const BAD_SUBCLASS_CLASS: &str = "issubclass() arg 2 must be a class, a tuple of classes, or a union";

/// `isinstance(object, class)`; a tuple or a union stands for any of its items.
pub fn is_instance(ts: &ThreadState, object: &Object, class: &Object) -> Result<bool> {
    if class.is(object.ty()) {
        return Ok(true);
    }
    if core::ptr::eq(class.ty(), &PyType_Type) {
        return plain_instance(ts, object, class);
    }
    ask(ts, class, object, &id::__instancecheck__, " in __instancecheck__", is_instance, plain_instance)
}

/// `issubclass(derived, class)`; a tuple or a union stands for any of its items.
pub fn is_subclass(ts: &ThreadState, derived: &Object, class: &Object) -> Result<bool> {
    if core::ptr::eq(class.ty(), &PyType_Type) {
        return derived_is(ts, derived, class);
    }
    ask(ts, class, derived, &id::__subclasscheck__, " in __subclasscheck__", is_subclass, plain_subclass)
}

fn derived_is(ts: &ThreadState, derived: &Object, class: &Object) -> Result<bool> {
    if derived.is(class) {
        return Ok(true);
    }
    plain_subclass(ts, derived, class)
}

type Check = fn(&ThreadState, &Object, &Object) -> Result<bool>;

/// The items of a tuple or a union one by one, or the class's own answer, or the plain one.
fn ask(
    ts: &ThreadState,
    class: &Object,
    object: &Object,
    hook: &Str,
    place: &str,
    again: Check,
    plain: Check,
) -> Result<bool> {
    let union = class.downcast::<Union>().map(Union::args);
    if let Some(classes) = union.or(class.downcast::<Tuple>()) {
        ts.check_recursion(place)?;
        for &class in classes.as_slice() {
            if again(ts, object, class)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if let Some(check) = object::lookup_special(ts, class, hook)? {
        ts.check_recursion(place)?;
        let answer = call::call(ts, &check, &[object])?;
        return object::is_true(ts, &answer);
    }
    plain(ts, object, class)
}

/// `type.__instancecheck__`: by the object's type, then by what its `__class__` says.
pub fn plain_instance(ts: &ThreadState, object: &Object, class: &Object) -> Result<bool> {
    let Some(ty) = class.downcast::<Type>() else {
        check_class(ts, class, BAD_INSTANCE_CLASS)?;
        return match object::find_attr(ts, object, &id::__class__)? {
            Some(own) => abstract_subclass(ts, &own, class),
            None => Ok(false),
        };
    };
    if object.ty().is_subtype_of(ty) {
        return Ok(true);
    }
    let own = object::find_attr(ts, object, &id::__class__)?;
    let own = own.as_ref().and_then(|c| c.downcast::<Type>()).filter(|c| !core::ptr::eq(*c, object.ty()));
    Ok(own.is_some_and(|own| own.is_subtype_of(ty)))
}

/// `type.__subclasscheck__`.
pub fn plain_subclass(ts: &ThreadState, derived: &Object, class: &Object) -> Result<bool> {
    if let (Some(derived), Some(class)) = (derived.downcast::<Type>(), class.downcast::<Type>()) {
        return Ok(derived.is_subtype_of(class));
    }
    check_class(ts, derived, "issubclass() arg 1 must be a class")?;
    check_class(ts, class, BAD_SUBCLASS_CLASS)?;
    abstract_subclass(ts, derived, class)
}

/// `class.__bases__`, if it is a tuple.
fn bases_of(ts: &ThreadState, class: &Object) -> Result<Option<Owned<Tuple>>> {
    let bases = object::find_attr(ts, class, &id::__bases__)?;
    Ok(bases.and_then(|b| b.downcast_owned::<Tuple>().ok()))
}

fn check_class(ts: &ThreadState, class: &Object, message: &str) -> Result<()> {
    match bases_of(ts, class)? {
        Some(_) => Ok(()),
        None => Err(ts.raise_str(&TYPE_ERROR, message)),
    }
}

fn abstract_subclass(ts: &ThreadState, derived: &Object, class: &Object) -> Result<bool> {
    let mut at = Owned::new(derived);
    loop {
        if at.is(class) {
            return Ok(true);
        }
        let Some(bases) = bases_of(ts, &at)? else { return Ok(false) };
        match bases.as_slice() {
            [] => return Ok(false),
            // One base costs no recursion.
            [base] => at = Owned::new(*base),
            several => {
                ts.check_recursion(" in __issubclass__")?;
                for &base in several {
                    if abstract_subclass(ts, base, class)? {
                        return Ok(true);
                    }
                }
                return Ok(false);
            }
        }
    }
}
