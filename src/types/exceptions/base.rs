//! What all exceptions share: args, chaining, notes, traceback.

use core::cell::Cell;
use core::ffi::c_int;

use super::{ATTRIBUTE_ERROR, TYPE_ERROR};
use crate::ffi::*;
use crate::object::{Layout, Object, ObjectCell, Owned, Result, Type};
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::runtime::error::is_exception;
use crate::types::traceback::is_traceback;
use crate::types::{
    Dict, List, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, entries, identifiers, instance_dict, method, singletons, slot,
};

layout!(BaseException = PyBaseExceptionObject, BASE_EXCEPTION, Py_TPFLAGS_BASE_EXC_SUBCLASS);

#[unsafe(link_section = "immortal")]
pub static BASE_EXCEPTION: Type = Type {
    tp_name: c"BaseException".as_ptr(),
    tp_doc: Cell::new(c"Common base class for all exceptions.".as_ptr()),
    tp_base: Cell::new((&raw const crate::types::object::PyBaseObject_Type).cast_mut()),
    tp_members: entries(&MEMBERS),
    tp_methods: entries(&METHODS),
    tp_getset: entries(&GETSET),
    ..EXCEPTION_TEMPLATE
};

/// What every exception type starts from.
#[allow(clippy::declare_interior_mutable_const)]
pub const EXCEPTION_TEMPLATE: Type = Type {
    tp_basicsize: size_of::<BaseException>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASE_EXC_SUBCLASS),
    tp_dictoffset: core::mem::offset_of!(PyBaseExceptionObject, dict) as isize,
    tp_new: slot::new(new),
    tp_init: slot::init(init),
    tp_repr: slot::unary(repr),
    tp_str: slot::unary(str),
    tp_dealloc: slot::dealloc(drop_fields::<BaseException>),
    tp_traverse: slot::traverse(visit_fields::<BaseException>),
    tp_clear: slot::clear(clear_fields::<BaseException>),
    ..STATIC_TYPE
};

/// The same for a type that inherits `__new__`, and so has none in its own namespace.
#[allow(clippy::declare_interior_mutable_const)]
pub const INHERITING_TEMPLATE: Type = Type { tp_new: Cell::new(None), ..EXCEPTION_TEMPLATE };

/// A layout that begins with `BaseException`'s fields and has fields of its own that own references.
///
/// # Safety
/// The layout begins with that of `BaseException`.
pub unsafe trait ExceptionLayout: Layout {
    /// The fields behind those of `BaseException`.
    fn own_fields(&self) -> &[Cell<*mut PyObject>];

    fn base(&self) -> &BaseException {
        // SAFETY: the trait's promise.
        unsafe { &*core::ptr::from_ref(self).cast() }
    }
}

// SAFETY: it is that layout.
unsafe impl ExceptionLayout for BaseException {
    fn own_fields(&self) -> &[Cell<*mut PyObject>] {
        &[]
    }
}

/// A run of `n` object fields that starts at `first`.
///
/// # Safety
/// That many object fields follow each other in a live layout.
pub unsafe fn fields_from(first: &Cell<*mut PyObject>, n: usize) -> &[Cell<*mut PyObject>] {
    // SAFETY: the caller's promise.
    unsafe { core::slice::from_raw_parts(first, n) }
}

fn base_fields(this: &BaseException) -> [&Cell<*mut PyObject>; 6] {
    [&this.dict, &this.args, &this.notes, &this.traceback, &this.context, &this.cause]
}

pub fn drop_fields<T: ExceptionLayout>(_ts: &ThreadState, this: &T) {
    clear_fields(this);
}

pub fn clear_fields<T: ExceptionLayout>(this: &T) {
    for field in base_fields(this.base()).into_iter().chain(this.own_fields()) {
        drop(field.take_owned());
    }
}

pub fn visit_fields<T: ExceptionLayout>(this: &T, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
    base_fields(this.base()).into_iter().chain(this.own_fields()).try_for_each(|field| visitor.field(field))
}

pub fn new(ts: &ThreadState, ty: &Type, args: &Tuple, _kwargs: Option<&Dict>) -> Result {
    let this = allocate(ts, ty)?;
    this.args.store(Some(Owned::new(args)));
    Ok(this.upcast())
}

/// An instance without arguments.
pub fn allocate(ts: &ThreadState, ty: &Type) -> Result<Owned<BaseException>> {
    let this = match ty.tp_alloc.get() {
        // SAFETY: the type's own allocator.
        Some(alloc) => ts.check_result(None, unsafe { alloc(core::ptr::from_ref(ty).cast_mut(), 0) })?,
        None => ts.alloc_instance(ty, 0)?,
    };
    // SAFETY: every exception type's instances have the layout.
    let this = unsafe { this.cast_owned::<BaseException>() };
    this.args.store(Some(Tuple::empty()));
    Ok(this)
}

pub fn init(ts: &ThreadState, this: &BaseException, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    no_keywords(ts, this, kwargs)?;
    this.args.store(Some(Owned::new(args)));
    Ok(())
}

pub fn no_keywords(ts: &ThreadState, this: &Object, kwargs: Option<&Dict>) -> Result<()> {
    if kwargs.is_none_or(Dict::is_empty) {
        return Ok(());
    }
    let name = this.ty().full_name();
    Err(ts.raise(&TYPE_ERROR, format_args!("{name}() takes no keyword arguments")))
}

impl BaseException {
    /// The arguments it was made with.
    pub fn arguments(&self) -> Owned<Tuple> {
        match self.args.load() {
            // SAFETY: only tuples are stored there.
            Some(args) => unsafe { args.cast_owned() },
            None => Tuple::empty(),
        }
    }

    /// Takes a traceback, if it is one and there is none yet, so that it is shown.
    pub fn adopt_traceback(&self, traceback: Option<&Object>) {
        if let Some(traceback) = traceback.filter(|_| self.traceback.get().is_null()).filter(|t| is_traceback(t)) {
            self.traceback.store(Some(Owned::new(traceback)));
        }
    }
}

pub fn repr(ts: &ThreadState, this: &BaseException) -> Result<Owned<Str>> {
    let args = this.arguments();
    let shown = match args.as_slice() {
        [one] => {
            let one = object::repr(ts, one)?;
            Str::build(ts, |text| {
                text.extend_str("(")?;
                text.extend(one.chars())?;
                text.extend_str(")")
            })?
        }
        _ => object::repr(ts, &args)?,
    };
    let name = this.ty().short_name();
    Str::build(ts, |text| {
        text.extend_str(name)?;
        text.extend(shown.chars())
    })
}

pub fn str(ts: &ThreadState, this: &BaseException) -> Result<Owned<Str>> {
    let args = this.arguments();
    match args.as_slice() {
        [] => Ok(Str::empty()),
        [one] => object::str(ts, one),
        _ => object::str(ts, &args),
    }
}

fn reduce(ts: &ThreadState, this: &BaseException) -> Result<Owned<Tuple>> {
    let (ty, args) = (this.ty().as_object(), this.arguments());
    match this.dict.load() {
        Some(dict) => Tuple::new(ts, &[ty, &args, &dict]),
        None => Tuple::new(ts, &[ty, &args]),
    }
}

fn set_state(ts: &ThreadState, this: &BaseException, state: &Object) -> Result<()> {
    if singletons::is_none(state) {
        return Ok(());
    }
    let Some(dict) = state.downcast::<Dict>() else {
        return Err(ts.raise_str(&TYPE_ERROR, "state is not a dictionary"));
    };
    for (key, value) in dict.items_vec() {
        let Some(key) = key.downcast::<Str>() else {
            let name = key.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("attribute name must be string, not '{name}'")));
        };
        object::setattr(ts, this, key, Some(&value))?;
    }
    Ok(())
}

fn with_traceback(ts: &ThreadState, this: &BaseException, traceback: &Object) -> Result {
    set_traceback(ts, this, Some(traceback))?;
    Ok(Owned::new(this))
}

fn add_note(ts: &ThreadState, this: &BaseException, note: &Object) -> Result<()> {
    if note.downcast::<Str>().is_none() {
        let name = note.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("add_note() argument must be str, not {name}")));
    }
    let notes = match object::find_attr(ts, this, &identifiers::__notes__)? {
        Some(notes) => notes,
        None => {
            let notes = List::new(ts, &[])?.upcast();
            object::setattr(ts, this, &identifiers::__notes__, Some(&notes))?;
            notes
        }
    };
    match notes.downcast::<List>() {
        Some(notes) => notes.append(ts, Owned::new(note)),
        None => Err(ts.raise_str(&TYPE_ERROR, "Cannot add note: __notes__ is not a list")),
    }
}

fn get_args(_ts: &ThreadState, this: &BaseException) -> Result<Owned<Tuple>> {
    Ok(this.arguments())
}

fn set_args(ts: &ThreadState, this: &BaseException, value: Option<&Object>) -> Result<()> {
    let Some(value) = value else { return Err(may_not_be_deleted(ts, "args")) };
    this.args.store(Some(Tuple::from_iterable(ts, value)?));
    Ok(())
}

#[cold]
fn may_not_be_deleted(ts: &ThreadState, name: &str) -> crate::object::Raised {
    ts.raise(&TYPE_ERROR, format_args!("{name} may not be deleted"))
}

fn or_none(field: &Cell<*mut PyObject>) -> Owned<Object> {
    field.load().unwrap_or_else(singletons::none)
}

fn get_traceback(_ts: &ThreadState, this: &BaseException) -> Result {
    Ok(or_none(&this.traceback))
}

/// `__traceback__ = value`: a traceback or `None`.
pub fn set_traceback(ts: &ThreadState, this: &BaseException, value: Option<&Object>) -> Result<()> {
    let Some(value) = value else { return Err(may_not_be_deleted(ts, "__traceback__")) };
    if singletons::is_none(value) {
        this.traceback.store::<Object>(None);
    } else if is_traceback(value) {
        this.traceback.store(Some(Owned::new(value)));
    } else {
        return Err(ts.raise_str(&TYPE_ERROR, "__traceback__ must be a traceback or None"));
    }
    Ok(())
}

fn get_context(_ts: &ThreadState, this: &BaseException) -> Result {
    Ok(or_none(&this.context))
}

fn set_context(ts: &ThreadState, this: &BaseException, value: Option<&Object>) -> Result<()> {
    let value = exception_or_none(ts, value, "__context__", "context")?;
    this.context.store(value);
    Ok(())
}

fn get_cause(_ts: &ThreadState, this: &BaseException) -> Result {
    Ok(or_none(&this.cause))
}

fn set_cause_attribute(ts: &ThreadState, this: &BaseException, value: Option<&Object>) -> Result<()> {
    let value = exception_or_none(ts, value, "__cause__", "cause")?;
    set_cause(this, value);
    Ok(())
}

/// Sets the cause, which also stops the context from being shown.
pub fn set_cause(this: &BaseException, cause: Option<Owned<Object>>) {
    this.suppress_context.set(1);
    this.cause.store(cause);
}

fn exception_or_none(
    ts: &ThreadState,
    value: Option<&Object>,
    attribute: &str,
    what: &str,
) -> Result<Option<Owned<Object>>> {
    match value {
        None => Err(may_not_be_deleted(ts, attribute)),
        Some(none) if singletons::is_none(none) => Ok(None),
        Some(exception) if is_exception(exception) => Ok(Some(Owned::new(exception))),
        Some(_) => {
            Err(ts.raise(&TYPE_ERROR, format_args!("exception {what} must be None or derive from BaseException")))
        }
    }
}

fn get_dict(ts: &ThreadState, this: &BaseException) -> Result<Owned<Dict>> {
    instance_dict::get(ts, this)
}

fn set_dict(ts: &ThreadState, this: &BaseException, value: Option<&Object>) -> Result<()> {
    instance_dict::set(ts, this, value)
}

/// Makes `handled` the context of `exception`, unless it is that exception; a cycle in the chain of contexts
/// is cut first.
pub fn set_implicit_context(exception: &Owned<BaseException>, handled: Owned<Object>) {
    if handled.is(exception) {
        return;
    }
    // SAFETY: only exceptions are handled.
    let mut at: &BaseException = unsafe { handled.cast() };
    // A chain that somebody made circular is met twice at one of its members: Brent's method.
    let (mut tortoise, mut steps, mut limit) = (at, 0usize, 1usize);
    while let Some(context) = at.context.peek() {
        // SAFETY: a context is an exception.
        let context = unsafe { context.cast::<BaseException>() };
        if core::ptr::eq(context, &**exception) {
            drop(at.context.take_owned());
            break;
        }
        if core::ptr::eq(context, tortoise) {
            break;
        }
        steps += 1;
        if steps == limit {
            (tortoise, steps, limit) = (context, 0, limit * 2);
        }
        at = context;
    }
    exception.context.store(Some(handled));
}

/// `raise exception from cause`, with `cause` as the context as well.
pub fn set_cause_and_context(exception: &BaseException, cause: Owned<BaseException>) {
    exception.context.store(Some(cause.clone()));
    set_cause(exception, Some(cause.upcast()));
}

/// `AttributeError` for an attribute that has no value, by its name alone.
pub fn missing_attribute(ts: &ThreadState, name: &str) -> crate::object::Raised {
    ts.raise_str(&ATTRIBUTE_ERROR, name)
}

static MEMBERS: [PyMemberDef; 2] = [
    slot::member(c"__suppress_context__", Py_T_BOOL, core::mem::offset_of!(PyBaseExceptionObject, suppress_context), 0),
    slot::MEMBERS_END,
];

static METHODS: [PyMethodDef; 5] = [
    method::noargs(c"__reduce__", reduce, c"__reduce__($self, /)\n--\n\n"),
    method::one(c"__setstate__", set_state, c"__setstate__($self, state, /)\n--\n\n"),
    method::one(
        c"with_traceback",
        with_traceback,
        c"with_traceback($self, object, /)\n--\n\nSet __traceback__ and return the exception itself.",
    ),
    method::one(
        c"add_note",
        add_note,
        c"add_note($self, object, /)\n--\n\nAdd a line to what is shown of the exception.",
    ),
    slot::METHODS_END,
];

static GETSET: [PyGetSetDef; 6] = [
    slot::getset(c"__dict__", get_dict, set_dict, c""),
    slot::getset(c"args", get_args, set_args, c""),
    slot::getset(c"__traceback__", get_traceback, set_traceback, c""),
    slot::getset(c"__context__", get_context, set_context, c""),
    slot::getset(c"__cause__", get_cause, set_cause_attribute, c""),
    slot::GETSET_END,
];
