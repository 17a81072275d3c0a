//! What works on any object: repr, str, hash, truth, comparison, attributes.

use crate::ffi::{getattrofunc, setattrofunc};
use crate::object::{Object, Owned, Raised, Result, Type};
use crate::protocol::compare::CompareOp;
use crate::runtime::ThreadState;
use crate::types::exceptions::{ATTRIBUTE_ERROR, TYPE_ERROR};
use crate::types::object as instance;
use crate::types::{Int, List, Str, bool as boolean, identifiers, int, singletons};

/// `repr(object)`.
pub fn repr(ts: &ThreadState, object: &Object) -> Result<Owned<Str>> {
    ts.check_recursion(" while getting the repr of an object")?;
    let Some(function) = object.ty().tp_repr.get() else {
        return crate::types::object::repr_of(ts, object);
    };
    // SAFETY: the type's own function for its instance.
    let result = ts.check_result(None, unsafe { function(object.as_ptr()) })?;
    as_str(ts, object, result, "__repr__")
}

/// `str(object)`.
pub fn str(ts: &ThreadState, object: &Object) -> Result<Owned<Str>> {
    if let Some(text) = object.downcast_exact::<Str>() {
        return Ok(Owned::new(text));
    }
    let Some(function) = object.ty().tp_str.get() else { return repr(ts, object) };
    ts.check_recursion(" while getting the str of an object")?;
    // SAFETY: the type's own function for its instance.
    let result = ts.check_result(None, unsafe { function(object.as_ptr()) })?;
    as_str(ts, object, result, "__str__")
}

fn as_str(ts: &ThreadState, object: &Object, result: Owned<Object>, method: &str) -> Result<Owned<Str>> {
    result.downcast_owned::<Str>().map_err(|other| wrong_result(ts, object, method, "str", &other))
}

/// `m.C.__str__() must return a str, not int`
#[cold]
pub fn wrong_result(ts: &ThreadState, object: &Object, method: &str, wanted: &str, result: &Object) -> Raised {
    use crate::types::type_::attributes::fully_qualified;
    match (fully_qualified(ts, object.ty()), fully_qualified(ts, result.ty())) {
        (Ok(ty), Ok(other)) => {
            ts.raise(&TYPE_ERROR, format_args!("{ty}.{method}() must return a {wanted}, not {other}"))
        }
        (Err(raised), _) | (_, Err(raised)) => raised,
    }
}

/// Adds a note to what is raised. Where that fails, what went wrong is raised, and the other is its context.
#[cold]
pub fn add_note(ts: &ThreadState, raised: Raised, note: &str) -> Raised {
    let Some(exception) = ts.take_raised() else { return raised };
    let note = Str::new(ts, note);
    let added = note.and_then(|note| super::call::call_method(ts, &exception, &identifiers::add_note, &[&note]));
    ts.restore_or_chain(exception, added.map(drop))
}

/// `hash(object)`.
#[inline]
pub fn hash(ts: &ThreadState, object: &Object) -> Result<isize> {
    if let Some(text) = object.downcast_exact::<Str>() {
        return Ok(text.hash());
    }
    let Some(function) = object.ty().tp_hash.get() else {
        let name = object.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("unhashable type: '{name}'")));
    };
    // SAFETY: the type's own function for its instance.
    match unsafe { function(object.as_ptr()) } {
        -1 => Err(Raised::already()),
        hash => Ok(hash),
    }
}

/// `bool(object)`.
#[inline]
pub fn is_true(_ts: &ThreadState, object: &Object) -> Result<bool> {
    if boolean::is_true(object) {
        return Ok(true);
    }
    if boolean::is_false(object) || singletons::is_none(object) {
        return Ok(false);
    }
    let ty = object.ty();
    // SAFETY: NULL or live suites, and the type's own functions for its instance.
    let answer = unsafe {
        if let Some(f) = ty.tp_as_number.get().as_ref().and_then(|s| s.nb_bool.get()) {
            f(object.as_ptr()) as isize
        } else if let Some(f) = ty.tp_as_mapping.get().as_ref().and_then(|s| s.mp_length.get()) {
            f(object.as_ptr())
        } else if let Some(f) = ty.tp_as_sequence.get().as_ref().and_then(|s| s.sq_length.get()) {
            f(object.as_ptr())
        } else {
            1
        }
    };
    if answer < 0 { Err(Raised::already()) } else { Ok(answer != 0) }
}

/// `a == b`, identity first, as containers compare their items.
#[inline]
pub fn equal(ts: &ThreadState, a: &Object, b: &Object) -> Result<bool> {
    if a.is(b) {
        return Ok(true);
    }
    compare_bool(ts, a, b, CompareOp::Eq)
}

/// The truth of `a op b`, identity counting as equality.
pub fn compare_bool(ts: &ThreadState, a: &Object, b: &Object, op: CompareOp) -> Result<bool> {
    if a.is(b) {
        match op {
            CompareOp::Eq => return Ok(true),
            CompareOp::Ne => return Ok(false),
            _ => {}
        }
    }
    if let (Some(a), Some(b)) = (a.downcast_exact::<Int>(), b.downcast_exact::<Int>()) {
        return Ok(op.of(int::arithmetic::order(a, b)));
    }
    compare_bool_of_any(ts, a, b, op)
}

/// Out of line, so that the comparison of ints needs no frame.
#[inline(never)]
fn compare_bool_of_any(ts: &ThreadState, a: &Object, b: &Object, op: CompareOp) -> Result<bool> {
    if let (Some(a), Some(b)) = (a.downcast_exact::<Str>(), b.downcast_exact::<Str>()) {
        return Ok(Str::compare_with(a, b, op));
    }
    let result = compare(ts, a, b, op)?;
    is_true(ts, &result)
}

/// `a op b`: a subclass's reflected method first, then `a`'s, then `b`'s, then identity.
pub fn compare(ts: &ThreadState, a: &Object, b: &Object, op: CompareOp) -> Result {
    ts.check_recursion(" in comparison")?;
    let (ta, tb) = (a.ty(), b.ty());
    let reflected_first = !core::ptr::eq(ta, tb) && tb.is_subtype_of(ta) && tb.tp_richcompare.get().is_some();
    if reflected_first && let Some(result) = try_compare(ts, b, a, op.swapped())? {
        return Ok(result);
    }
    if let Some(result) = try_compare(ts, a, b, op)? {
        return Ok(result);
    }
    if !reflected_first && let Some(result) = try_compare(ts, b, a, op.swapped())? {
        return Ok(result);
    }
    match op {
        CompareOp::Eq => Ok(boolean::from_bool(a.is(b))),
        CompareOp::Ne => Ok(boolean::from_bool(!a.is(b))),
        _ => Err(ts.raise(
            &TYPE_ERROR,
            format_args!(
                "'{}' not supported between instances of '{}' and '{}'",
                op.symbol(),
                ta.full_name(),
                tb.full_name()
            ),
        )),
    }
}

fn try_compare(ts: &ThreadState, a: &Object, b: &Object, op: CompareOp) -> Result<Option<Owned<Object>>> {
    let Some(function) = a.ty().tp_richcompare.get() else { return Ok(None) };
    // SAFETY: the type's own function for its instance.
    let result = ts.check_result(None, unsafe { function(a.as_ptr(), b.as_ptr(), op as i32) })?;
    Ok(if singletons::is_not_implemented(&result) { None } else { Some(result) })
}

/// `object.name`.
#[inline]
pub fn getattr(ts: &ThreadState, object: &Object, name: &Str) -> Result {
    match object.ty().tp_getattro.get() {
        Some(function) if instance::is_generic_getattr(function) => instance::attribute(ts, object, name),
        function => getattr_by_slot(ts, object, name, function),
    }
}

/// The same by what the type has for it; out of line, so that what most types have needs no frame.
#[inline(never)]
fn getattr_by_slot(ts: &ThreadState, object: &Object, name: &Str, function: Option<getattrofunc>) -> Result {
    let ty = object.ty();
    if let Some(function) = function {
        // SAFETY: the type's own function for its instance.
        return ts.check_result(None, unsafe { function(object.as_ptr(), name.as_ptr()) });
    }
    if let Some(function) = ty.tp_getattr.get() {
        let text = name.utf8(ts)?.as_ptr().cast_mut().cast();
        // SAFETY: as above; the old slot takes the name as C text, which the str keeps.
        return ts.check_result(None, unsafe { function(object.as_ptr(), text) });
    }
    Err(no_attribute(ts, ty, name))
}

/// `object.name`, or nothing if there is no such attribute.
pub fn find_attr(ts: &ThreadState, object: &Object, name: &Str) -> Result<Option<Owned<Object>>> {
    match getattr(ts, object, name) {
        Ok(value) => Ok(Some(value)),
        Err(raised) => ts.recover(raised, &ATTRIBUTE_ERROR).map(|()| None),
    }
}

/// `object.name = value`, or `del object.name`.
#[inline]
pub fn setattr(ts: &ThreadState, object: &Object, name: &Str, value: Option<&Object>) -> Result<()> {
    match object.ty().tp_setattro.get() {
        Some(function) if instance::is_generic_setattr(function) => instance::set_attribute(ts, object, name, value),
        function => setattr_by_slot(ts, object, name, value, function),
    }
}

#[inline(never)]
fn setattr_by_slot(
    ts: &ThreadState,
    object: &Object,
    name: &Str,
    value: Option<&Object>,
    function: Option<setattrofunc>,
) -> Result<()> {
    let ty = object.ty();
    let value = value.map_or(core::ptr::null_mut(), |v| v.as_ptr());
    let status = if let Some(function) = function {
        // SAFETY: the type's own function for its instance.
        unsafe { function(object.as_ptr(), name.as_ptr(), value) }
    } else if let Some(function) = ty.tp_setattr.get() {
        let text = name.utf8(ts)?.as_ptr().cast_mut().cast();
        // SAFETY: as above; the old slot takes the name as C text, which the str keeps.
        unsafe { function(object.as_ptr(), text, value) }
    } else {
        return Err(no_attribute(ts, ty, name));
    };
    match status {
        0 => Ok(()),
        _ => Err(Raised::already()),
    }
}

#[cold]
pub fn no_attribute(ts: &ThreadState, ty: &Type, name: &Str) -> Raised {
    ts.raise(&ATTRIBUTE_ERROR, format_args!("'{}' object has no attribute '{}'", ty.full_name(), name))
}

/// A special method looked up on the type, bound to the object.
pub fn lookup_special(ts: &ThreadState, object: &Object, name: &Str) -> Result<Option<Owned<Object>>> {
    let Some(found) = object.ty().lookup(ts, name).map(Owned::new) else { return Ok(None) };
    bind(ts, &found, object).map(Some)
}

/// `descriptor.__get__(object, type(object))`, or the thing itself.
pub fn bind(ts: &ThreadState, descriptor: &Object, object: &Object) -> Result {
    match descriptor.ty().tp_descr_get.get() {
        None => Ok(Owned::new(descriptor)),
        // SAFETY: the type's own function for its instance.
        Some(get) => ts.check_result(None, unsafe {
            get(descriptor.as_ptr(), object.as_ptr(), object.ob_type.get().cast_mut().cast())
        }),
    }
}

/// `ascii(object)`: the repr with all but ASCII escaped.
pub fn ascii(ts: &ThreadState, object: &Object) -> Result<Owned<Str>> {
    let repr = repr(ts, object)?;
    if repr.is_ascii() {
        return Ok(repr);
    }
    Str::build(ts, |text| {
        repr.code_points().try_for_each(|c| match c {
            0..0x80 => text.push(c),
            0x80..0x100 => text.extend_str(&format!("\\x{c:02x}")),
            0x100..0x10000 => text.extend_str(&format!("\\u{c:04x}")),
            _ => text.extend_str(&format!("\\U{c:08x}")),
        })
    })
}

/// `format(object, spec)`; no spec is an empty one.
pub fn format(ts: &ThreadState, object: &Object, spec: Option<&Object>) -> Result {
    if spec.is_none_or(|s| s.downcast::<Str>().is_some_and(Str::is_empty)) && object.is_exact::<Str>() {
        return Ok(Owned::new(object));
    }
    let empty = Str::empty();
    let spec = spec.unwrap_or(&empty);
    if spec.downcast::<Str>().is_none() {
        let name = spec.ty().full_name();
        return Err(ts.raise(
            &crate::types::exceptions::SYSTEM_ERROR,
            format_args!("Format specifier must be a string, not {name}"),
        ));
    }
    let Some(method) = lookup_special(ts, object, &identifiers::__format__)? else {
        let name = object.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("Type {name} doesn't define __format__")));
    };
    let result = super::call::call(ts, &method, &[spec])?;
    if result.downcast::<Str>().is_none() {
        return Err(wrong_result(ts, object, "__format__", "str", &result));
    }
    Ok(result)
}

/// `dir(object)`: what its `__dir__` gives, as a sorted list.
pub fn dir(ts: &ThreadState, object: &Object) -> Result<Owned<List>> {
    let Some(method) = lookup_special(ts, object, &identifiers::__dir__)? else {
        return Err(ts.raise_str(&TYPE_ERROR, "object does not provide __dir__"));
    };
    let names = List::from_iterable(ts, &*super::call::call(ts, &method, &[])?)?;
    crate::types::list::sort::sort(ts, &names, None, false)?;
    Ok(names)
}
