//! `classmethod` and `staticmethod`.

use core::cell::Cell;
use core::ffi::c_int;

use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Layout, Object, ObjectCell, Owned, Result, Type};
use crate::protocol::object::{find_attr, setattr};
use crate::runtime::ThreadState;
use crate::types::exceptions::{ATTRIBUTE_ERROR, RUNTIME_ERROR, TYPE_ERROR};
use crate::types::object::ensure_dict;
use crate::types::{Dict, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, bool as boolean, entries, identifiers, slot};

layout!(ClassMethod = ClassMethodObject, PyClassMethod_Type);
layout!(StaticMethod = StaticMethodObject, PyStaticMethod_Type);

/// What both are: a callable with a dict of its own; they differ in what `__get__` makes of it.
trait Wrapper: Layout {
    const NAME: &str;
    const TYPE: &Type;
    fn callable(&self) -> &Cell<*mut PyObject>;
    fn dict(&self) -> &Cell<*mut PyObject>;
}

impl Wrapper for ClassMethod {
    const NAME: &str = "classmethod";
    const TYPE: &Type = &PyClassMethod_Type;
    fn callable(&self) -> &Cell<*mut PyObject> {
        &self.callable
    }
    fn dict(&self) -> &Cell<*mut PyObject> {
        &self.dict
    }
}

impl Wrapper for StaticMethod {
    const NAME: &str = "staticmethod";
    const TYPE: &Type = &PyStaticMethod_Type;
    fn callable(&self) -> &Cell<*mut PyObject> {
        &self.callable
    }
    fn dict(&self) -> &Cell<*mut PyObject> {
        &self.dict
    }
}

/// `staticmethod(callable)`.
pub fn new_static_method(ts: &ThreadState, callable: &Object) -> Result {
    wrap::<StaticMethod>(ts, callable)
}

/// `classmethod(callable)`.
pub fn new_class_method(ts: &ThreadState, callable: &Object) -> Result {
    wrap::<ClassMethod>(ts, callable)
}

fn wrap<W: Wrapper>(ts: &ThreadState, callable: &Object) -> Result {
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<W>(W::TYPE, size_of::<W>())?;
        this.callable().set(Owned::new(callable).into_raw());
        this.dict().set(core::ptr::null_mut());
        if ts.makes_for_all() {
            this.dict().store(Some(Dict::shared(ts, &Dict::new(ts)?)?));
        }
        gc_track(this.as_object());
        Ok(this.upcast())
    }
}

/// The attributes of a function that its wrapper has as well.
fn copy_attributes(ts: &ThreadState, from: &Object, to: &Object) -> Result<()> {
    let names = [&identifiers::__module__, &identifiers::__name__, &identifiers::__qualname__, &identifiers::__doc__];
    for name in names {
        if let Some(value) = find_attr(ts, from, name)? {
            setattr(ts, to, name, Some(&value))?;
        }
    }
    Ok(())
}

fn callable_argument(ts: &ThreadState, name: &str, args: &Tuple, kwargs: Option<&Dict>) -> Result<Owned<Object>> {
    if kwargs.is_some_and(|k| !k.is_empty()) {
        return Err(ts.raise(&TYPE_ERROR, format_args!("{name}() takes no keyword arguments")));
    }
    match args.as_slice() {
        [callable] => Ok(Owned::new(*callable)),
        other => {
            let n = other.len();
            Err(ts.raise(&TYPE_ERROR, format_args!("{name} expected 1 argument, got {n}")))
        }
    }
}

/// The truth of `object.__isabstractmethod__`, if it has such an attribute.
pub fn is_abstract_method(ts: &ThreadState, object: &Object) -> Result<bool> {
    match find_attr(ts, object, &identifiers::__isabstractmethod__)? {
        Some(value) => crate::protocol::object::is_true(ts, &value),
        None => Ok(false),
    }
}

/// The wrapped function's `name`, kept in the wrapper's dict once it was asked for.
fn inherited<W: Wrapper>(ts: &ThreadState, this: &W, name: &Str) -> Result {
    let dict = ensure_dict(ts, this.dict())?;
    if let Some(value) = dict.get(ts, name)? {
        return Ok(value);
    }
    let Some(callable) = this.callable().load() else {
        return Err(ts.raise_value(&ATTRIBUTE_ERROR, Owned::new(name).upcast()));
    };
    let value = crate::protocol::object::getattr(ts, &callable, name)?;
    dict.set(ts, name, &value)?;
    Ok(value)
}

fn set_inherited<W: Wrapper>(ts: &ThreadState, this: &W, name: &Str, value: Option<&Object>) -> Result<()> {
    let dict = ensure_dict(ts, this.dict())?;
    match value {
        Some(value) => dict.set(ts, name, value),
        None => match dict.remove(ts, name)? {
            Some(_) => Ok(()),
            None => Err(ts.raise_value(&ATTRIBUTE_ERROR, Owned::new(name).upcast())),
        },
    }
}

fn new(ts: &ThreadState, ty: &Type, _args: &Tuple, _kwargs: Option<&Dict>) -> Result {
    ts.alloc_instance(ty, 0)
}

fn init<W: Wrapper>(ts: &ThreadState, this: &W, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    let callable = callable_argument(ts, W::NAME, args, kwargs)?;
    this.callable().store(Some(callable.clone()));
    copy_attributes(ts, &callable, this.as_object())
}

fn repr<W: Wrapper>(ts: &ThreadState, this: &W) -> Result<Owned<Str>> {
    let inner = match this.callable().load() {
        Some(callable) => crate::protocol::object::repr(ts, &callable)?.to_string(),
        None => "<NULL>".to_owned(),
    };
    Str::new(ts, &format!("<{}({inner})>", W::NAME))
}

fn is_abstract<W: Wrapper>(ts: &ThreadState, this: &W) -> Result {
    let abstract_ = this.callable().load().map_or(Ok(false), |callable| is_abstract_method(ts, &callable))?;
    Ok(boolean::from_bool(abstract_))
}

fn dict<W: Wrapper>(ts: &ThreadState, this: &W) -> Result<Owned<Dict>> {
    ensure_dict(ts, this.dict())
}

fn annotations<W: Wrapper>(ts: &ThreadState, this: &W) -> Result {
    inherited(ts, this, &identifiers::__annotations__)
}

fn set_annotations<W: Wrapper>(ts: &ThreadState, this: &W, value: Option<&Object>) -> Result<()> {
    set_inherited(ts, this, &identifiers::__annotations__, value)
}

fn annotate<W: Wrapper>(ts: &ThreadState, this: &W) -> Result {
    inherited(ts, this, &identifiers::__annotate__)
}

fn set_annotate<W: Wrapper>(ts: &ThreadState, this: &W, value: Option<&Object>) -> Result<()> {
    set_inherited(ts, this, &identifiers::__annotate__, value)
}

fn drop_fields<W: Wrapper>(_ts: &ThreadState, this: &W) {
    clear(this);
}

fn clear<W: Wrapper>(this: &W) {
    drop(this.callable().take_owned());
    drop(this.dict().take_owned());
}

fn visit<W: Wrapper>(this: &W, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
    visitor.field(this.callable())?;
    visitor.field(this.dict())
}

impl ClassMethod {
    fn get(ts: &ThreadState, this: &ClassMethod, object: Option<&Object>, owner: Option<&Object>) -> Result {
        let Some(callable) = this.callable.load() else {
            return Err(ts.raise_str(&RUNTIME_ERROR, "uninitialized classmethod object"));
        };
        let Some(owner) = owner.or_else(|| object.map(|o| o.ty().as_object())) else {
            return Err(ts.raise_str(&TYPE_ERROR, "__get__(None, None) is invalid"));
        };
        Ok(crate::types::bound_method::new_bound_method(ts, &callable, owner)?.upcast())
    }
}

impl StaticMethod {
    fn get(ts: &ThreadState, this: &StaticMethod, _object: Option<&Object>, _owner: Option<&Object>) -> Result {
        match this.callable.load() {
            Some(callable) => Ok(callable),
            None => Err(ts.raise_str(&RUNTIME_ERROR, "uninitialized staticmethod object")),
        }
    }

    fn call(ts: &ThreadState, this: &StaticMethod, args: &Tuple, kwargs: Option<&Dict>) -> Result {
        let callable = StaticMethod::get(ts, this, None, None)?;
        crate::protocol::call::call_tuple_dict(ts, &callable, args, kwargs)
    }
}

const FLAGS: core::ffi::c_ulong = STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE;

const fn callable_member(name: &'static core::ffi::CStr) -> PyMemberDef {
    // Both layouts have it at the same place.
    slot::member(name, _Py_T_OBJECT, core::mem::offset_of!(ClassMethodObject, callable), Py_READONLY)
}

static MEMBERS: [PyMemberDef; 3] = [callable_member(c"__func__"), callable_member(c"__wrapped__"), slot::MEMBERS_END];

static METHODS: [PyMethodDef; 2] = [crate::types::generic_alias::CLASS_GETITEM, slot::METHODS_END];

const fn getset<W: Wrapper>() -> [PyGetSetDef; 5] {
    [
        slot::getter(c"__isabstractmethod__", is_abstract::<W>, c""),
        slot::getter(c"__dict__", dict::<W>, c""),
        slot::getset(c"__annotations__", annotations::<W>, set_annotations::<W>, c""),
        slot::getset(c"__annotate__", annotate::<W>, set_annotate::<W>, c""),
        slot::GETSET_END,
    ]
}

static CLASS_GETSET: [PyGetSetDef; 5] = getset::<ClassMethod>();
static STATIC_GETSET: [PyGetSetDef; 5] = getset::<StaticMethod>();

#[unsafe(link_section = "immortal")]
pub static PyClassMethod_Type: Type = Type {
    tp_name: c"classmethod".as_ptr(),
    tp_basicsize: size_of::<ClassMethod>() as isize,
    tp_dictoffset: core::mem::offset_of!(ClassMethodObject, dict) as isize,
    tp_flags: Cell::new(FLAGS),
    tp_doc: Cell::new(
        c"classmethod(function, /)\n--\n\nMakes a method whose first argument is the class that it was found on."
            .as_ptr(),
    ),
    tp_dealloc: slot::dealloc(drop_fields::<ClassMethod>),
    tp_traverse: slot::traverse(visit::<ClassMethod>),
    tp_clear: slot::clear(clear::<ClassMethod>),
    tp_repr: slot::unary(repr::<ClassMethod>),
    tp_descr_get: slot::descr_get(ClassMethod::get),
    tp_members: entries(&MEMBERS),
    tp_methods: entries(&METHODS),
    tp_getset: entries(&CLASS_GETSET),
    tp_init: slot::init(init::<ClassMethod>),
    tp_new: slot::new(new),
    ..STATIC_TYPE
};

#[unsafe(link_section = "immortal")]
pub static PyStaticMethod_Type: Type = Type {
    tp_name: c"staticmethod".as_ptr(),
    tp_basicsize: size_of::<StaticMethod>() as isize,
    tp_dictoffset: core::mem::offset_of!(StaticMethodObject, dict) as isize,
    tp_flags: Cell::new(FLAGS),
    tp_doc: Cell::new(
        c"staticmethod(function, /)\n--\n\nMakes a method that gets neither instance nor class as an argument."
            .as_ptr(),
    ),
    tp_dealloc: slot::dealloc(drop_fields::<StaticMethod>),
    tp_traverse: slot::traverse(visit::<StaticMethod>),
    tp_clear: slot::clear(clear::<StaticMethod>),
    tp_repr: slot::unary(repr::<StaticMethod>),
    tp_call: slot::call(StaticMethod::call),
    tp_descr_get: slot::descr_get(StaticMethod::get),
    tp_members: entries(&MEMBERS),
    tp_methods: entries(&METHODS),
    tp_getset: entries(&STATIC_GETSET),
    tp_init: slot::init(init::<StaticMethod>),
    tp_new: slot::new(new),
    ..STATIC_TYPE
};
