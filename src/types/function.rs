//! `builtin_function_or_method`: a C function as an object, bound to what it gets as its first argument.
//!
//! Each of C's calling conventions has a vectorcall function of its own; the two that take a tuple are called
//! through `tp_call`, which has one already. `builtin_method` is a function that is also told the class which
//! defines it.

use core::cell::Cell;
use core::ffi::{CStr, c_int};

use super::descr::{call_error, doc, reduce_to_getattr};
use super::{Dict, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, entries, method, slot};
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Object, ObjectCell, Owned, Raised, Result, Type};
use crate::protocol::compare::CompareOp;
use crate::runtime::ledger::{self, Gives};
use crate::runtime::{Passed, ThreadState, boundary};
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR};
use crate::types::hash::hash_pointer;
use crate::types::{bool as boolean, identifiers, module, singletons};

layout!(Function = PyCFunctionObject, PyCFunction_Type);
layout!(BuiltinMethod = PyCMethodObject, PyCMethod_Type);

/// The flags that say how a function is called.
pub const CALL_FLAGS: c_int = METH_VARARGS | METH_FASTCALL | METH_NOARGS | METH_O | METH_KEYWORDS | METH_METHOD;
const VARARGS_KEYWORDS: c_int = METH_VARARGS | METH_KEYWORDS;
const FASTCALL_KEYWORDS: c_int = METH_FASTCALL | METH_KEYWORDS;
const METHOD_FASTCALL_KEYWORDS: c_int = METH_METHOD | METH_FASTCALL | METH_KEYWORDS;

type Obj = *mut PyObject;

/// The function of a definition, as what its flags say.
///
/// # Safety
/// There is a function, and `F` is the type that the flags say.
#[inline(always)]
pub unsafe fn of_def<F: Copy>(def: &PyMethodDef) -> F {
    const { assert!(size_of::<F>() == size_of::<Option<PyCFunction>>()) };
    let function = def.ml_meth.map(|f| ledger::entry(f, Gives::Object, || name_of_def(def).to_owned()));
    // SAFETY: the caller's promise; all function pointers have one representation.
    unsafe { core::mem::transmute_copy::<Option<PyCFunction>, F>(&function) }
}

/// The name of a definition, for messages.
pub fn name_of_def(def: &PyMethodDef) -> &str {
    // SAFETY: a definition's name is a C string.
    unsafe { CStr::from_ptr(def.ml_name) }.to_str().unwrap_or("?")
}

#[cold]
pub fn bad_flags(ts: &ThreadState, def: &PyMethodDef) -> Raised {
    ts.raise(&SYSTEM_ERROR, format_args!("{}() method: bad call flags", name_of_def(def)))
}

/// `PyCMethod_New`: a function for the definition, which outlives it. `class` is for `METH_METHOD` alone.
#[allow(clippy::not_unsafe_ptr_arg_deref, reason = "a definition lives as long as its type, by C's contract")]
pub fn new_function(
    ts: &ThreadState,
    def: *const PyMethodDef,
    receiver: Option<&Object>,
    module: Option<&Object>,
    class: Option<&Type>,
) -> Result {
    // SAFETY: a definition is live.
    let def_ref = unsafe { &*def };
    let vectorcall: Option<vectorcallfunc> = match def_ref.ml_flags & CALL_FLAGS {
        METH_VARARGS | VARARGS_KEYWORDS => None,
        METH_FASTCALL => Some(call_fast),
        FASTCALL_KEYWORDS => Some(call_fast_keywords),
        METH_NOARGS => Some(call_noargs),
        METH_O => Some(call_one),
        METHOD_FASTCALL_KEYWORDS => Some(call_method),
        _ => return Err(bad_flags(ts, def_ref)),
    };
    let function = match (def_ref.ml_flags & METH_METHOD != 0, class) {
        (true, Some(class)) => {
            // SAFETY: all fields are written, here and below.
            let this = unsafe { ts.new_object::<BuiltinMethod>(&PyCMethod_Type, size_of::<BuiltinMethod>())? };
            this.mm_class.set(Owned::new(class).into_raw().cast());
            // SAFETY: the layout begins with that of a function.
            unsafe { this.upcast().cast_owned::<Function>() }
        }
        // SAFETY: all fields are written below.
        (false, None) => unsafe { ts.new_object::<Function>(&PyCFunction_Type, size_of::<Function>())? },
        (true, None) => {
            let message = "attempting to create PyCMethod with a METH_METHOD flag but no class";
            return Err(ts.raise_str(&SYSTEM_ERROR, message));
        }
        (false, Some(_)) => {
            let message = "attempting to create PyCFunction with class but no METH_METHOD flag";
            return Err(ts.raise_str(&SYSTEM_ERROR, message));
        }
    };
    function.m_ml.set(def.cast_mut());
    function.m_self.set(receiver.map_or(core::ptr::null_mut(), |r| Owned::new(r).into_raw()));
    function.m_module.set(module.map_or(core::ptr::null_mut(), |m| Owned::new(m).into_raw()));
    function.m_weakreflist.set(core::ptr::null_mut());
    function.vectorcall.set(vectorcall);
    gc_track(&function);
    Ok(function.upcast())
}

/// A tuple of new references to an array's items.
///
/// # Safety
/// `n` live objects are there.
pub unsafe fn tuple_of(ts: &ThreadState, items: *const Obj, n: usize) -> Result<Owned<Tuple>> {
    if n == 0 {
        return Ok(Tuple::empty());
    }
    // SAFETY: the caller's promise; a live pointer and a reference look alike.
    Tuple::new(ts, unsafe { core::slice::from_raw_parts(items.cast(), n) })
}

/// The keyword arguments of a vectorcall as a dict, if there are any.
///
/// # Safety
/// NULL or a tuple of strs, and as many live values.
pub unsafe fn dict_of_names(ts: &ThreadState, values: *const Obj, kwnames: Obj) -> Result<Option<Owned<Dict>>> {
    // SAFETY: the caller's promise.
    let Some(names) = (unsafe { kwnames.cast::<Tuple>().as_ref() }).filter(|n| !n.is_empty()) else {
        return Ok(None);
    };
    let dict = Dict::new(ts)?;
    for (i, &name) in names.as_slice().iter().enumerate() {
        // SAFETY: one value a name.
        dict.set(ts, name, unsafe { &**values.add(i) })?;
    }
    Ok(Some(dict))
}

impl Function {
    #[inline(always)]
    pub fn def(&self) -> &PyMethodDef {
        // SAFETY: a definition outlives its function.
        unsafe { &*self.m_ml.get() }
    }

    /// What the C function gets as its first argument: NULL for a static method.
    #[inline(always)]
    pub fn receiver_ptr(&self) -> Obj {
        if self.def().ml_flags & METH_STATIC != 0 { core::ptr::null_mut() } else { self.m_self.get() }
    }

    /// The class that defines a `builtin_method`.
    pub fn class(&self) -> *mut Type {
        if self.def().ml_flags & METH_METHOD == 0 {
            return core::ptr::null_mut();
        }
        // SAFETY: `new_function` made it so.
        unsafe { (*self.as_ptr().cast::<BuiltinMethod>()).mm_class.get() }
    }

    fn name_text(&self) -> &str {
        name_of_def(self.def())
    }

    /// A function of a module, rather than a method of an object.
    fn is_of_module(&self) -> bool {
        self.m_self.peek().is_none_or(|s| s.downcast::<module::Module>().is_some())
    }

    fn call(ts: &ThreadState, this: &Function, args: &Tuple, kwargs: Option<&Dict>) -> Result {
        if this.vectorcall.get().is_some() {
            return crate::protocol::call::call_tuple_dict(ts, this, args, kwargs);
        }
        let with_keywords = this.def().ml_flags & METH_KEYWORDS != 0;
        if !with_keywords && kwargs.is_some_and(|k| !k.is_empty()) {
            let name = this.name_text();
            return Err(ts.raise(&TYPE_ERROR, format_args!("{name}() takes no keyword arguments")));
        }
        // SAFETY: a function of this convention.
        let result = unsafe {
            if with_keywords {
                let kwargs = kwargs.map_or(core::ptr::null_mut(), |k| k.as_ptr());
                of_def::<PyCFunctionWithKeywords>(this.def())(this.receiver_ptr(), args.as_ptr(), kwargs)
            } else {
                of_def::<PyCFunction>(this.def())(this.receiver_ptr(), args.as_ptr())
            }
        };
        ts.check_result(Some(this), result)
    }

    fn repr(ts: &ThreadState, this: &Function) -> Result<Owned<Str>> {
        let name = this.name_text();
        match this.m_self.peek().filter(|_| !this.is_of_module()) {
            None => Str::new(ts, &format!("<built-in function {name}>")),
            Some(object) => {
                let ty = object.ty().full_name();
                Str::new(ts, &format!("<built-in method {name} of {ty} object at {:p}>", object.as_ptr()))
            }
        }
    }

    fn hash(_ts: &ThreadState, this: &Function) -> Result<isize> {
        let function = this.def().ml_meth.map_or(core::ptr::null(), |f| f as *const ());
        let hash = hash_pointer(this.m_self.get()) ^ hash_pointer(function);
        Ok(if hash == -1 { -2 } else { hash })
    }

    fn compare(_ts: &ThreadState, this: &Function, other: &Object, op: CompareOp) -> Result {
        let other = match (other.downcast::<Function>(), op) {
            (Some(other), CompareOp::Eq | CompareOp::Ne) => other,
            _ => return Ok(singletons::not_implemented()),
        };
        let function = |f: &Function| f.def().ml_meth.map(|f| f as usize);
        let same = this.m_self.get() == other.m_self.get() && function(this) == function(other);
        Ok(boolean::from_bool(same == (op == CompareOp::Eq)))
    }

    fn name(ts: &ThreadState, this: &Function) -> Result<Owned<Str>> {
        Str::new(ts, this.name_text())
    }

    fn qualname(ts: &ThreadState, this: &Function) -> Result<Owned<Str>> {
        let name = this.name_text();
        let Some(object) = this.m_self.load().filter(|_| !this.is_of_module()) else { return Str::new(ts, name) };
        let ty = object.downcast::<Type>().unwrap_or(object.ty());
        let qualname = crate::protocol::object::getattr(ts, ty, &identifiers::__qualname__)?;
        match qualname.downcast::<Str>() {
            Some(qualname) => Str::new(ts, &format!("{qualname}.{name}")),
            None => Err(ts.raise_str(&TYPE_ERROR, "<method>.__class__.__qualname__ is not a unicode object")),
        }
    }

    fn doc(ts: &ThreadState, this: &Function) -> Result {
        doc::doc_of_method(ts, this.def())
    }

    fn text_signature(ts: &ThreadState, this: &Function) -> Result {
        doc::text_signature_of_method(ts, this.def())
    }

    fn receiver(_ts: &ThreadState, this: &Function) -> Result {
        // SAFETY: NULL or a live object.
        let receiver = unsafe { Object::from_nullable(this.receiver_ptr()) };
        Ok(receiver.map_or_else(singletons::none, Owned::new))
    }

    fn reduce(ts: &ThreadState, this: &Function) -> Result {
        let name = Str::new(ts, this.name_text())?;
        match this.m_self.load().filter(|_| !this.is_of_module()) {
            Some(object) => Ok(reduce_to_getattr(ts, &object, &name)?.upcast()),
            None => Ok(name.upcast()),
        }
    }

    fn drop_fields(ts: &ThreadState, this: &Function) {
        if !this.m_weakreflist.get().is_null() {
            super::weakref::clear_references(ts, this);
        }
        if this.def().ml_flags & METH_METHOD != 0 {
            // SAFETY: such a function has the larger layout.
            drop(unsafe { this.cast::<BuiltinMethod>() }.mm_class.take_owned());
        }
        this.clear();
    }

    fn clear(&self) {
        drop(self.m_self.take_owned());
        drop(self.m_module.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        if self.def().ml_flags & METH_METHOD != 0 {
            // SAFETY: such a function has the larger layout.
            visitor.field(&unsafe { self.cast::<BuiltinMethod>() }.mm_class)?;
        }
        visitor.field(&self.m_self)?;
        visitor.field(&self.m_module)
    }
}

/// # Safety
/// The vectorcall protocol.
#[inline(always)]
unsafe fn no_names(kwnames: Obj) -> bool {
    // SAFETY: NULL or a tuple.
    kwnames.is_null() || unsafe { (*kwnames.cast::<Tuple>()).is_empty() }
}

/// Why a call is refused.
#[cold]
#[inline(never)]
fn refused(ts: &ThreadState, this: &Function, given: usize, keywords: bool) -> Raised {
    if keywords {
        return call_error(ts, this, |f| format!("{f} takes no keyword arguments"));
    }
    match this.def().ml_flags & CALL_FLAGS {
        METH_NOARGS => call_error(ts, this, |f| format!("{f} takes no arguments ({given} given)")),
        _ => call_error(ts, this, |f| format!("{f} takes exactly one argument ({given} given)")),
    }
}

const CALLING: &str = " while calling a Python object";

unsafe extern "C" fn call_noargs(callable: Obj, _args: *const Obj, nargsf: usize, kwnames: Obj) -> Obj {
    let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
    // SAFETY: the vectorcall protocol, and a function of this convention.
    boundary(|ts| unsafe {
        let this = &*callable.cast::<Function>();
        if n != 0 || !no_names(kwnames) {
            return Err(refused(ts, this, n, !no_names(kwnames)));
        }
        ts.check_recursion(CALLING)?;
        Ok(Passed(of_def::<PyCFunction>(this.def())(this.receiver_ptr(), core::ptr::null_mut())))
    })
}

unsafe extern "C" fn call_one(callable: Obj, args: *const Obj, nargsf: usize, kwnames: Obj) -> Obj {
    let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
    // SAFETY: the vectorcall protocol, and a function of this convention.
    boundary(|ts| unsafe {
        let this = &*callable.cast::<Function>();
        if n != 1 || !no_names(kwnames) {
            return Err(refused(ts, this, n, !no_names(kwnames)));
        }
        ts.check_recursion(CALLING)?;
        Ok(Passed(of_def::<PyCFunction>(this.def())(this.receiver_ptr(), *args)))
    })
}

unsafe extern "C" fn call_fast(callable: Obj, args: *const Obj, nargsf: usize, kwnames: Obj) -> Obj {
    let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
    // SAFETY: the vectorcall protocol, and a function of this convention.
    unsafe {
        let this = &*callable.cast::<Function>();
        if !no_names(kwnames) {
            refused(ThreadState::current(), this, n, true);
            return core::ptr::null_mut();
        }
        of_def::<PyCFunctionFast>(this.def())(this.receiver_ptr(), args, n as isize)
    }
}

unsafe extern "C" fn call_fast_keywords(callable: Obj, args: *const Obj, nargsf: usize, kwnames: Obj) -> Obj {
    let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
    // SAFETY: the vectorcall protocol, and a function of this convention.
    unsafe {
        let this = &*callable.cast::<Function>();
        of_def::<PyCFunctionFastWithKeywords>(this.def())(this.receiver_ptr(), args, n as isize, kwnames)
    }
}

unsafe extern "C" fn call_method(callable: Obj, args: *const Obj, nargsf: usize, kwnames: Obj) -> Obj {
    let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
    // SAFETY: the vectorcall protocol, and a function of this convention.
    unsafe {
        let this = &*callable.cast::<Function>();
        of_def::<PyCMethod>(this.def())(this.receiver_ptr(), this.class(), args, n, kwnames)
    }
}

static METHODS: [PyMethodDef; 2] = [method::noargs(c"__reduce__", Function::reduce, c""), slot::METHODS_END];

static MEMBERS: [PyMemberDef; 2] = [
    slot::member(c"__module__", _Py_T_OBJECT, core::mem::offset_of!(PyCFunctionObject, m_module), 0),
    slot::MEMBERS_END,
];

static GETSET: [PyGetSetDef; 6] = [
    slot::getter(c"__doc__", Function::doc, c""),
    slot::getter(c"__name__", Function::name, c""),
    slot::getter(c"__qualname__", Function::qualname, c""),
    slot::getter(c"__self__", Function::receiver, c""),
    slot::getter(c"__text_signature__", Function::text_signature, c""),
    slot::GETSET_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyCFunction_Type: Type = Type {
    tp_name: c"builtin_function_or_method".as_ptr(),
    tp_basicsize: size_of::<Function>() as isize,
    tp_vectorcall_offset: core::mem::offset_of!(PyCFunctionObject, vectorcall) as isize,
    tp_weaklistoffset: core::mem::offset_of!(PyCFunctionObject, m_weakreflist) as isize,
    tp_flags: Cell::new(
        STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    ),
    tp_dealloc: slot::dealloc(Function::drop_fields),
    tp_traverse: slot::traverse(Function::visit),
    tp_clear: slot::clear(Function::clear),
    tp_repr: slot::unary(Function::repr),
    tp_hash: slot::hash(Function::hash),
    tp_richcompare: slot::richcompare(Function::compare),
    tp_call: slot::call(Function::call),
    tp_methods: entries(&METHODS),
    tp_members: entries(&MEMBERS),
    tp_getset: entries(&GETSET),
    ..STATIC_TYPE
};

/// CPython has it as a type of its own, under the name of its base.
#[unsafe(link_section = "immortal")]
pub static PyCMethod_Type: Type = Type {
    tp_name: c"builtin_method".as_ptr(),
    tp_basicsize: size_of::<BuiltinMethod>() as isize,
    tp_vectorcall_offset: core::mem::offset_of!(PyCFunctionObject, vectorcall) as isize,
    tp_weaklistoffset: core::mem::offset_of!(PyCFunctionObject, m_weakreflist) as isize,
    tp_base: Cell::new((&raw const PyCFunction_Type).cast_mut()),
    tp_flags: Cell::new(
        STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    ),
    tp_dealloc: slot::dealloc(Function::drop_fields),
    tp_traverse: slot::traverse(Function::visit),
    tp_clear: slot::clear(Function::clear),
    tp_repr: slot::unary(Function::repr),
    tp_hash: slot::hash(Function::hash),
    tp_richcompare: slot::richcompare(Function::compare),
    tp_call: slot::call(Function::call),
    ..STATIC_TYPE
};
