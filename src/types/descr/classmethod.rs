//! `classmethod` and `staticmethod`.

use core::cell::Cell;
use core::ffi::c_int;

use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::object::{find_attr, repr, setattr};
use crate::runtime::ThreadState;
use crate::types::exceptions::{RUNTIME_ERROR, TYPE_ERROR};
use crate::types::{Dict, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, bool as boolean, entries, identifiers, slot};

layout!(ClassMethod = ClassMethodObject, PyClassMethod_Type);
layout!(StaticMethod = StaticMethodObject, PyStaticMethod_Type);

/// `staticmethod(callable)`.
pub fn new_static_method(ts: &ThreadState, callable: &Object) -> Result {
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<StaticMethod>(&PyStaticMethod_Type, size_of::<StaticMethod>())?;
        this.callable.set(Owned::new(callable).into_raw());
        this.dict.set(core::ptr::null_mut());
        gc_track(&this);
        Ok(this.upcast())
    }
}

/// `classmethod(callable)`.
pub fn new_class_method(ts: &ThreadState, callable: &Object) -> Result {
    // SAFETY: all fields are written.
    unsafe {
        let this = ts.new_object::<ClassMethod>(&PyClassMethod_Type, size_of::<ClassMethod>())?;
        this.callable.set(Owned::new(callable).into_raw());
        this.dict.set(core::ptr::null_mut());
        gc_track(&this);
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

fn is_abstract(ts: &ThreadState, callable: &Cell<*mut PyObject>) -> Result {
    match callable.load() {
        Some(callable) => Ok(boolean::from_bool(is_abstract_method(ts, &callable)?)),
        None => Ok(boolean::from_bool(false)),
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
fn inherited(ts: &ThreadState, callable: &Cell<*mut PyObject>, dict: &Cell<*mut PyObject>, name: &Str) -> Result {
    let dict = crate::types::object::ensure_dict(ts, dict)?;
    if let Some(value) = dict.get(ts, name)? {
        return Ok(value);
    }
    let Some(callable) = callable.load() else {
        return Err(ts.raise_value(&crate::types::exceptions::ATTRIBUTE_ERROR, Owned::new(name).upcast()));
    };
    let value = crate::protocol::object::getattr(ts, &callable, name)?;
    dict.set(ts, name, &value)?;
    Ok(value)
}

fn set_inherited(ts: &ThreadState, dict: &Cell<*mut PyObject>, name: &Str, value: Option<&Object>) -> Result<()> {
    let dict = crate::types::object::ensure_dict(ts, dict)?;
    match value {
        Some(value) => dict.set(ts, name, value),
        None => match dict.remove(ts, name)? {
            Some(_) => Ok(()),
            None => Err(ts.raise_value(&crate::types::exceptions::ATTRIBUTE_ERROR, Owned::new(name).upcast())),
        },
    }
}

impl ClassMethod {
    #[allow(clippy::new_ret_no_self, reason = "it is `tp_new`")]
    fn new(ts: &ThreadState, ty: &Type, _args: &Tuple, _kwargs: Option<&Dict>) -> Result {
        ts.alloc_instance(ty, 0)
    }

    fn init(ts: &ThreadState, this: &ClassMethod, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
        let callable = callable_argument(ts, "classmethod", args, kwargs)?;
        this.callable.store(Some(callable.clone()));
        copy_attributes(ts, &callable, this)
    }

    fn get(ts: &ThreadState, this: &ClassMethod, object: Option<&Object>, owner: Option<&Object>) -> Result {
        let Some(callable) = this.callable.load() else {
            return Err(ts.raise_str(&RUNTIME_ERROR, "uninitialized classmethod object"));
        };
        let Some(owner) = owner.or_else(|| object.map(|o| o.ty().as_object())) else {
            return Err(ts.raise_str(&TYPE_ERROR, "__get__(None, None) is invalid"));
        };
        Ok(crate::types::bound_method::new_bound_method(ts, &callable, owner)?.upcast())
    }

    fn repr(ts: &ThreadState, this: &ClassMethod) -> Result<Owned<Str>> {
        wrapper_repr(ts, "classmethod", &this.callable)
    }

    fn is_abstract(ts: &ThreadState, this: &ClassMethod) -> Result {
        is_abstract(ts, &this.callable)
    }

    fn dict(ts: &ThreadState, this: &ClassMethod) -> Result<Owned<Dict>> {
        crate::types::object::ensure_dict(ts, &this.dict)
    }

    fn annotations(ts: &ThreadState, this: &ClassMethod) -> Result {
        inherited(ts, &this.callable, &this.dict, &identifiers::__annotations__)
    }

    fn set_annotations(ts: &ThreadState, this: &ClassMethod, value: Option<&Object>) -> Result<()> {
        set_inherited(ts, &this.dict, &identifiers::__annotations__, value)
    }

    fn annotate(ts: &ThreadState, this: &ClassMethod) -> Result {
        inherited(ts, &this.callable, &this.dict, &identifiers::__annotate__)
    }

    fn set_annotate(ts: &ThreadState, this: &ClassMethod, value: Option<&Object>) -> Result<()> {
        set_inherited(ts, &this.dict, &identifiers::__annotate__, value)
    }

    fn drop_fields(_ts: &ThreadState, this: &ClassMethod) {
        this.clear();
    }

    fn clear(&self) {
        drop(self.callable.take_owned());
        drop(self.dict.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        visitor.field(&self.callable)?;
        visitor.field(&self.dict)
    }
}

impl StaticMethod {
    #[allow(clippy::new_ret_no_self, reason = "it is `tp_new`")]
    fn new(ts: &ThreadState, ty: &Type, _args: &Tuple, _kwargs: Option<&Dict>) -> Result {
        ts.alloc_instance(ty, 0)
    }

    fn init(ts: &ThreadState, this: &StaticMethod, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
        let callable = callable_argument(ts, "staticmethod", args, kwargs)?;
        this.callable.store(Some(callable.clone()));
        copy_attributes(ts, &callable, this)
    }

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

    fn repr(ts: &ThreadState, this: &StaticMethod) -> Result<Owned<Str>> {
        wrapper_repr(ts, "staticmethod", &this.callable)
    }

    fn is_abstract(ts: &ThreadState, this: &StaticMethod) -> Result {
        is_abstract(ts, &this.callable)
    }

    fn dict(ts: &ThreadState, this: &StaticMethod) -> Result<Owned<Dict>> {
        crate::types::object::ensure_dict(ts, &this.dict)
    }

    fn annotations(ts: &ThreadState, this: &StaticMethod) -> Result {
        inherited(ts, &this.callable, &this.dict, &identifiers::__annotations__)
    }

    fn set_annotations(ts: &ThreadState, this: &StaticMethod, value: Option<&Object>) -> Result<()> {
        set_inherited(ts, &this.dict, &identifiers::__annotations__, value)
    }

    fn annotate(ts: &ThreadState, this: &StaticMethod) -> Result {
        inherited(ts, &this.callable, &this.dict, &identifiers::__annotate__)
    }

    fn set_annotate(ts: &ThreadState, this: &StaticMethod, value: Option<&Object>) -> Result<()> {
        set_inherited(ts, &this.dict, &identifiers::__annotate__, value)
    }

    fn drop_fields(_ts: &ThreadState, this: &StaticMethod) {
        this.clear();
    }

    fn clear(&self) {
        drop(self.callable.take_owned());
        drop(self.dict.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        visitor.field(&self.callable)?;
        visitor.field(&self.dict)
    }
}

fn wrapper_repr(ts: &ThreadState, kind: &str, callable: &Cell<*mut PyObject>) -> Result<Owned<Str>> {
    let inner = match callable.load() {
        Some(callable) => repr(ts, &callable)?.to_string(),
        None => "<NULL>".to_owned(),
    };
    Str::new(ts, &format!("<{kind}({inner})>"))
}

const FLAGS: core::ffi::c_ulong = STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE;

const fn callable_member(name: &'static core::ffi::CStr) -> PyMemberDef {
    // Both layouts have it at the same place.
    slot::member(name, _Py_T_OBJECT, core::mem::offset_of!(ClassMethodObject, callable), Py_READONLY)
}

static MEMBERS: [PyMemberDef; 3] = [callable_member(c"__func__"), callable_member(c"__wrapped__"), slot::MEMBERS_END];

static METHODS: [PyMethodDef; 2] = [crate::types::generic_alias::CLASS_GETITEM, slot::METHODS_END];

static CLASS_GETSET: [PyGetSetDef; 5] = [
    slot::getter(c"__isabstractmethod__", ClassMethod::is_abstract, c""),
    slot::getter(c"__dict__", ClassMethod::dict, c""),
    slot::getset(c"__annotations__", ClassMethod::annotations, ClassMethod::set_annotations, c""),
    slot::getset(c"__annotate__", ClassMethod::annotate, ClassMethod::set_annotate, c""),
    slot::GETSET_END,
];

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
    tp_dealloc: slot::dealloc(ClassMethod::drop_fields),
    tp_traverse: slot::traverse(ClassMethod::visit),
    tp_clear: slot::clear(ClassMethod::clear),
    tp_repr: slot::unary(ClassMethod::repr),
    tp_descr_get: slot::descr_get(ClassMethod::get),
    tp_members: entries(&MEMBERS),
    tp_methods: entries(&METHODS),
    tp_getset: entries(&CLASS_GETSET),
    tp_init: slot::init(ClassMethod::init),
    tp_new: slot::new(ClassMethod::new),
    ..STATIC_TYPE
};

static STATIC_GETSET: [PyGetSetDef; 5] = [
    slot::getter(c"__isabstractmethod__", StaticMethod::is_abstract, c""),
    slot::getter(c"__dict__", StaticMethod::dict, c""),
    slot::getset(c"__annotations__", StaticMethod::annotations, StaticMethod::set_annotations, c""),
    slot::getset(c"__annotate__", StaticMethod::annotate, StaticMethod::set_annotate, c""),
    slot::GETSET_END,
];

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
    tp_dealloc: slot::dealloc(StaticMethod::drop_fields),
    tp_traverse: slot::traverse(StaticMethod::visit),
    tp_clear: slot::clear(StaticMethod::clear),
    tp_repr: slot::unary(StaticMethod::repr),
    tp_call: slot::call(StaticMethod::call),
    tp_descr_get: slot::descr_get(StaticMethod::get),
    tp_members: entries(&MEMBERS),
    tp_methods: entries(&METHODS),
    tp_getset: entries(&STATIC_GETSET),
    tp_init: slot::init(StaticMethod::init),
    tp_new: slot::new(StaticMethod::new),
    ..STATIC_TYPE
};
