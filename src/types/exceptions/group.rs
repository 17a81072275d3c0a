//! `BaseExceptionGroup` and `ExceptionGroup`: several exceptions as one.
//!
//! A group may hold groups; splitting one walks them all, with a check of the stack at each level.

use core::cell::Cell;

use super::base::{self, BaseException, ExceptionLayout, drop_fields, fields_from};
use super::simple::template;
use super::{BASE_EXCEPTION_GROUP, EXCEPTION, EXCEPTION_GROUP, TYPE_ERROR, VALUE_ERROR};
use crate::ffi::*;
use crate::object::{Layout, Object, ObjectCell, Owned, Result, Type};
use crate::protocol::{call, object, sequence};
use crate::runtime::ThreadState;
use crate::runtime::error::{is_exception, is_exception_class};
use crate::types::type_::instance::WEAKREF_ONLY;
use crate::types::{Dict, List, Str, Tuple, entries, identifiers, method, slot, weakref};

#[repr(C)]
pub struct ExceptionGroup {
    base: PyBaseExceptionObject,
    message: Cell<*mut PyObject>,
    /// A tuple of exceptions.
    exceptions: Cell<*mut PyObject>,
    /// The repr of what they were given as, where that was neither a list nor a tuple.
    shown: Cell<*mut PyObject>,
}

const _: () = assert!(size_of::<ExceptionGroup>() == 96);

// SAFETY: begins with the header.
unsafe impl Layout for ExceptionGroup {}
// SAFETY: CPython's layout, `BaseException`'s fields first, then three objects.
unsafe impl ExceptionLayout for ExceptionGroup {
    fn own_fields(&self) -> &[Cell<*mut PyObject>] {
        // SAFETY: three fields in a row.
        unsafe { fields_from(&self.message, 3) }
    }
}

#[allow(clippy::declare_interior_mutable_const)]
pub(super) const GROUP_TEMPLATE: Type = Type {
    tp_new: slot::new(new),
    tp_init: slot::init(init),
    tp_str: slot::unary(str),
    tp_repr: slot::unary(repr),
    tp_members: entries(&MEMBERS),
    tp_methods: entries(&METHODS),
    ..template::<ExceptionGroup>()
};

/// What an `ExceptionGroup` has and a `BaseExceptionGroup` has not: weak references, since CPython makes it as
/// Python makes a class.
#[repr(C)]
struct PlainGroup {
    group: ExceptionGroup,
    weakrefs: Cell<*mut PyObject>,
}

// SAFETY: begins with the header.
unsafe impl Layout for PlainGroup {}

/// `ExceptionGroup` inherits its members.
#[allow(clippy::declare_interior_mutable_const)]
pub(super) const SUBGROUP_TEMPLATE: Type = Type {
    tp_basicsize: size_of::<PlainGroup>() as isize,
    tp_weaklistoffset: core::mem::offset_of!(PlainGroup, weakrefs) as isize,
    tp_bases: Cell::new((&raw const EXCEPTION_GROUP_BASES).cast_mut().cast()),
    tp_new: Cell::new(None),
    tp_dealloc: slot::dealloc(drop_plain),
    tp_members: core::ptr::null_mut(),
    tp_methods: core::ptr::null_mut(),
    tp_getset: entries(&WEAKREF_ONLY),
    ..GROUP_TEMPLATE
};

fn drop_plain(ts: &ThreadState, this: &PlainGroup) {
    weakref::clear_references(ts, this.group.base());
    drop_fields(ts, &this.group);
}

/// The bases of `ExceptionGroup`, which has two.
#[repr(C)]
pub struct Bases {
    header: PyTupleObject,
    second: *const Type,
}
// SAFETY: immutable.
unsafe impl Sync for Bases {}

#[unsafe(link_section = "immortal")]
pub static EXCEPTION_GROUP_BASES: Bases = Bases {
    header: PyTupleObject {
        ob_base: PyVarObject::immortal_sized(&raw const crate::types::tuple::PyTuple_Type, 2),
        ob_hash: Cell::new(-1),
        ob_item: Cell::new([(&raw const BASE_EXCEPTION_GROUP).cast_mut().cast()]),
    },
    second: &raw const EXCEPTION,
};

fn group(object: &Object) -> Option<&ExceptionGroup> {
    // SAFETY: every group's instances have the layout.
    object.ty().is_subtype_of(&BASE_EXCEPTION_GROUP).then(|| unsafe { object.cast() })
}

/// What a group holds; `None` for any other exception.
pub fn members(exception: &BaseException) -> Option<Owned<Tuple>> {
    group(exception).map(ExceptionGroup::exceptions)
}

impl ExceptionGroup {
    /// The exceptions in it.
    pub fn exceptions(&self) -> Owned<Tuple> {
        match self.exceptions.load() {
            // SAFETY: only tuples are stored there.
            Some(tuple) => unsafe { tuple.cast_owned() },
            None => Tuple::empty(),
        }
    }
}

/// Keywords are refused by `__init__`.
fn new(ts: &ThreadState, ty: &Type, args: &Tuple, _kwargs: Option<&Dict>) -> Result {
    let [message, given] = *args.as_slice() else {
        let n = args.len();
        let message = format_args!("BaseExceptionGroup.__new__() takes exactly 2 arguments ({n} given)");
        return Err(ts.raise(&TYPE_ERROR, message));
    };
    if message.downcast::<Str>().is_none() {
        let name = if crate::types::singletons::is_none(message) { "None" } else { message.ty().full_name() };
        let text = format_args!("BaseExceptionGroup.__new__() argument 1 must be str, not {name}");
        return Err(ts.raise(&TYPE_ERROR, text));
    }
    let exceptions = checked_exceptions(ts, given)?;
    let all_plain = exceptions.as_slice().iter().all(|e| e.ty().is_subtype_of(&EXCEPTION));
    let class = chosen_class(ts, ty, all_plain)?;
    let this = base::allocate(ts, class)?;
    this.args.store(Some(Owned::new(args)));
    // SAFETY: a group's instances have the layout.
    let this_group = unsafe { this.as_object().cast::<ExceptionGroup>() };
    this_group.message.store(Some(Owned::new(message)));
    this_group.exceptions.store(Some(exceptions));
    if given.downcast_exact::<List>().is_none() && given.downcast_exact::<Tuple>().is_none() {
        this_group.shown.store(Some(object::repr(ts, given)?));
    }
    Ok(this.upcast())
}

fn checked_exceptions(ts: &ThreadState, given: &Object) -> Result<Owned<Tuple>> {
    if !sequence::is_sequence(given) {
        return Err(ts.raise_str(&TYPE_ERROR, "second argument (exceptions) must be a sequence"));
    }
    let exceptions = Tuple::from_iterable(ts, given)?;
    if exceptions.is_empty() {
        return Err(ts.raise_str(&VALUE_ERROR, "second argument (exceptions) must be a non-empty sequence"));
    }
    match exceptions.as_slice().iter().position(|e| !is_exception(e)) {
        None => Ok(exceptions),
        Some(i) => {
            Err(ts.raise(&VALUE_ERROR, format_args!("Item {i} of second argument (exceptions) is not an exception")))
        }
    }
}

/// `BaseExceptionGroup` of nothing but `Exception`s is an `ExceptionGroup`; that one holds nothing else.
fn chosen_class<'a>(ts: &ThreadState, ty: &'a Type, all_plain: bool) -> Result<&'a Type> {
    if core::ptr::eq(ty, &BASE_EXCEPTION_GROUP) {
        return Ok(if all_plain { &EXCEPTION_GROUP } else { ty });
    }
    if all_plain {
        return Ok(ty);
    }
    if core::ptr::eq(ty, &EXCEPTION_GROUP) {
        return Err(ts.raise_str(&TYPE_ERROR, "Cannot nest BaseExceptions in an ExceptionGroup"));
    }
    if ty.is_subtype_of(&EXCEPTION) {
        let name = ty.full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("Cannot nest BaseExceptions in '{name}'")));
    }
    Ok(ty)
}

/// As its base's, yet a slot of its own, which is known by its address: optimised, two functions that are alike are one.
fn init(ts: &ThreadState, this: &BaseException, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    core::hint::black_box(());
    base::init(ts, this, args, kwargs)
}

fn str(ts: &ThreadState, this: &ExceptionGroup) -> Result<Owned<Str>> {
    let n = this.exceptions().len();
    let message = object::str(ts, &this.message.load().unwrap_or_else(crate::types::singletons::none))?;
    let s = if n == 1 { "" } else { "s" };
    Str::new(ts, &format!("{message} ({n} sub-exception{s})"))
}

fn repr(ts: &ThreadState, this: &ExceptionGroup) -> Result<Owned<Str>> {
    let message = object::repr(ts, &this.message.load().unwrap_or_else(crate::types::singletons::none))?;
    let exceptions = this.exceptions();
    let as_list = this.base().arguments().get(1).is_some_and(|given| given.downcast_exact::<List>().is_some());
    let shown = match this.shown.load() {
        Some(shown) => object::str(ts, &shown)?,
        None if as_list => object::repr(ts, &*List::new(ts, exceptions.as_slice())?)?,
        None => object::repr(ts, &exceptions)?,
    };
    let name = this.base().ty().short_name();
    Str::build(ts, |text| {
        text.extend_str(name)?;
        text.extend_str("(")?;
        text.extend(message.chars())?;
        text.extend_str(", ")?;
        text.extend(shown.chars())?;
        text.extend_str(")")
    })
}

fn derive(ts: &ThreadState, this: &ExceptionGroup, exceptions: &Object) -> Result {
    let message = this.message.load().unwrap_or_else(crate::types::singletons::none);
    call::call(ts, &BASE_EXCEPTION_GROUP, &[&message, exceptions])
}

/// What decides which exceptions are taken.
enum Condition<'a> {
    /// A type, or a tuple of types.
    Types(&'a Object),
    Predicate(&'a Object),
}

impl<'a> Condition<'a> {
    fn new(ts: &ThreadState, value: &'a Object) -> Result<Condition<'a>> {
        let is_types = is_exception_class(value)
            || value.downcast::<Tuple>().is_some_and(|t| t.as_slice().iter().all(|c| is_exception_class(c)));
        if is_types {
            return Ok(Condition::Types(value));
        }
        if value.downcast::<Type>().is_none() && call::is_callable(value) {
            return Ok(Condition::Predicate(value));
        }
        Err(ts.raise_str(
            &TYPE_ERROR,
            "expected an exception type, a tuple of exception types, or a callable (other than a class)",
        ))
    }

    fn holds(&self, ts: &ThreadState, exception: &Object) -> Result<bool> {
        // SAFETY: `new` has seen that they are types.
        let is = |class: &Object| exception.ty().is_subtype_of(unsafe { class.cast::<Type>() });
        match self {
            Condition::Types(types) => Ok(match types.downcast::<Tuple>() {
                Some(types) => types.as_slice().iter().any(|c| is(c)),
                None => is(types),
            }),
            Condition::Predicate(f) => {
                let answer = call::call(ts, f, &[exception])?;
                object::is_true(ts, &answer)
            }
        }
    }
}

/// The exceptions for which the condition holds, and the rest; groups keep their shape.
struct Split {
    matching: Option<Owned<Object>>,
    rest: Option<Owned<Object>>,
}

fn split_recursive(ts: &ThreadState, exception: &Object, condition: &Condition<'_>, with_rest: bool) -> Result<Split> {
    if condition.holds(ts, exception)? {
        return Ok(Split { matching: Some(Owned::new(exception)), rest: None });
    }
    let Some(this) = group(exception) else {
        return Ok(Split { matching: None, rest: with_rest.then(|| Owned::new(exception)) });
    };
    ts.check_recursion(" in exceptiongroup_split_recursive")?;
    let (mut matching, mut rest) = (Vec::new(), Vec::new());
    for inner in this.exceptions().as_slice() {
        let split = split_recursive(ts, inner, condition, with_rest)?;
        matching.extend(split.matching);
        rest.extend(split.rest);
    }
    Ok(Split { matching: regroup(ts, this, matching)?, rest: regroup(ts, this, rest)? })
}

/// A group like `this` of other exceptions, with its traceback, context, cause and notes.
fn regroup(ts: &ThreadState, this: &ExceptionGroup, parts: Vec<Owned<Object>>) -> Result<Option<Owned<Object>>> {
    if parts.is_empty() {
        return Ok(None);
    }
    let parts = List::from_owned(ts, parts)?;
    let method = object::getattr(ts, this.base(), &identifiers::derive)?;
    let derived = call::call(ts, &method, &[&parts])?;
    let Some(new) = group(&derived) else {
        return Err(ts.raise_str(&TYPE_ERROR, "derive must return an instance of BaseExceptionGroup"));
    };
    let (old, new) = (this.base(), new.base());
    for (from, to) in [(&old.traceback, &new.traceback), (&old.context, &new.context), (&old.cause, &new.cause)] {
        to.store(from.load());
    }
    new.suppress_context.set(old.suppress_context.get());
    if let Some(notes) = object::find_attr(ts, old, &identifiers::__notes__)?
        && sequence::is_sequence(&notes)
    {
        let copy = List::from_iterable(ts, &notes)?;
        object::setattr(ts, new, &identifiers::__notes__, Some(&copy))?;
    }
    Ok(Some(derived))
}

fn split(ts: &ThreadState, this: &ExceptionGroup, condition: &Object) -> Result<Owned<Tuple>> {
    let condition = Condition::new(ts, condition)?;
    let split = split_recursive(ts, this.base(), &condition, true)?;
    let none = crate::types::singletons::none;
    Tuple::new(ts, &[&split.matching.unwrap_or_else(none), &split.rest.unwrap_or_else(none)])
}

fn subgroup(ts: &ThreadState, this: &ExceptionGroup, condition: &Object) -> Result {
    let condition = Condition::new(ts, condition)?;
    let split = split_recursive(ts, this.base(), &condition, false)?;
    Ok(split.matching.unwrap_or_else(crate::types::singletons::none))
}

static MEMBERS: [PyMemberDef; 3] = [
    slot::member(c"message", _Py_T_OBJECT, core::mem::offset_of!(ExceptionGroup, message), Py_READONLY),
    slot::member(c"exceptions", _Py_T_OBJECT, core::mem::offset_of!(ExceptionGroup, exceptions), Py_READONLY),
    slot::MEMBERS_END,
];

static METHODS: [PyMethodDef; 5] = [
    method::one(c"derive", derive, c"derive($self, excs, /)\n--\n\nA group like this one of other exceptions."),
    method::one(
        c"split",
        split,
        c"split($self, matcher_value, /)\n--\n\nTwo groups: of what matches, and of the rest.",
    ),
    method::one(c"subgroup", subgroup, c"subgroup($self, matcher_value, /)\n--\n\nThe group of what matches, or None."),
    crate::types::generic_alias::CLASS_GETITEM,
    slot::METHODS_END,
];
