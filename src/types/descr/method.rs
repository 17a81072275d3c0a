//! `method_descriptor` and `classmethod_descriptor`: a type's C methods.
//!
//! A method descriptor is called with the instance first. There is a vectorcall function for each of C's calling
//! conventions: none makes an object, but for those that ask for a tuple. The common case of a call is checked by
//! a few comparisons; only when they fail is it found out why.

use core::cell::Cell;
use core::ffi::c_int;

use super::{Descriptor, HasDescriptor, MEMBERS, call_by_vectorcall, call_error, classmethod, doc};
use crate::ffi::*;
use crate::object::{Class, Object, Owned, Raised, Result, Type};
use crate::runtime::{ThreadState, boundary};
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR};
use crate::types::function::{self, CALL_FLAGS};
use crate::types::{Dict, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, entries, method, slot};

layout!(MethodDescriptor = PyMethodDescrObject, PyMethodDescr_Type);

/// What `ty`'s dict holds for the definition, which outlives it.
#[allow(clippy::not_unsafe_ptr_arg_deref, reason = "a definition lives as long as its type, by C's contract")]
pub fn new_method(ts: &ThreadState, ty: &Type, name: Owned<Str>, def: *const PyMethodDef) -> Result {
    // SAFETY: a definition is live.
    let flags = unsafe { (*def).ml_flags };
    if flags & METH_CLASS != 0 {
        if flags & METH_STATIC != 0 {
            let message = "method cannot be both class and static";
            return Err(ts.raise_str(&crate::types::exceptions::VALUE_ERROR, message));
        }
        return new_class_method(ts, ty, name, def);
    }
    if flags & METH_STATIC != 0 {
        let function = function::new_function(ts, def, Some(ty), None, None)?;
        return classmethod::new_static_method(ts, &function);
    }
    new_instance_method(ts, ty, name, def)
}

/// `PyDescr_NewMethod`.
#[allow(clippy::not_unsafe_ptr_arg_deref, reason = "a definition lives as long as its type, by C's contract")]
pub fn new_instance_method(ts: &ThreadState, ty: &Type, name: Owned<Str>, def: *const PyMethodDef) -> Result {
    // SAFETY: a definition is live.
    let def_ref = unsafe { &*def };
    let vectorcall: vectorcallfunc = match def_ref.ml_flags & CALL_FLAGS {
        METH_VARARGS => call_varargs,
        VARARGS_KEYWORDS => call_varargs_keywords,
        METH_FASTCALL => call_fast,
        FASTCALL_KEYWORDS => call_fast_keywords,
        METH_NOARGS => call_noargs,
        METH_O => call_one,
        METHOD_FASTCALL_KEYWORDS => call_method,
        _ => return Err(function::bad_flags(ts, def_ref)),
    };
    make(ts, &PyMethodDescr_Type, ty, (name, def), Some(vectorcall))
}

/// `PyDescr_NewClassMethod`.
pub fn new_class_method(ts: &ThreadState, ty: &Type, name: Owned<Str>, def: *const PyMethodDef) -> Result {
    make(ts, &PyClassMethodDescr_Type, ty, (name, def), None)
}

const VARARGS_KEYWORDS: c_int = METH_VARARGS | METH_KEYWORDS;
const FASTCALL_KEYWORDS: c_int = METH_FASTCALL | METH_KEYWORDS;
const METHOD_FASTCALL_KEYWORDS: c_int = METH_METHOD | METH_FASTCALL | METH_KEYWORDS;

fn make(
    ts: &ThreadState,
    class: &'static Type,
    ty: &Type,
    (name, def): (Owned<Str>, *const PyMethodDef),
    vectorcall: Option<vectorcallfunc>,
) -> Result {
    // SAFETY: a definition is live; all fields are written.
    unsafe {
        if (*def).ml_meth.is_none() {
            return Err(ts.raise_str(&SYSTEM_ERROR, "a method definition without a function"));
        }
        let this = Descriptor::make::<MethodDescriptor>(ts, class, ty, name)?;
        this.d_method.set(def.cast_mut());
        this.vectorcall.set(vectorcall);
        ts.track_new(&this);
        Ok(this.upcast())
    }
}

impl MethodDescriptor {
    #[inline(always)]
    pub fn def(&self) -> &PyMethodDef {
        // SAFETY: a definition outlives its descriptor.
        unsafe { &*self.d_method.get() }
    }

    /// The C function, of the type that the flags say.
    ///
    /// # Safety
    /// `F` is that type.
    #[inline(always)]
    unsafe fn function<F: Copy>(&self) -> F {
        // SAFETY: `make` saw that there is one; all function pointers have one size.
        unsafe { function::of_def(self.def()) }
    }

    fn get(ts: &ThreadState, this: &MethodDescriptor, object: Option<&Object>, owner: Option<&Object>) -> Result {
        let Some(object) = object else { return Ok(Owned::new(this).upcast()) };
        this.common().check(ts, object)?;
        if this.def().ml_flags & METH_METHOD == 0 {
            return Ok(function::new_function(ts, this.def(), Some(object), None, None)?.upcast());
        }
        if let Some(other) = owner.filter(|o| !Type::is_instance(o)) {
            let (name, other) = (this.common().name(), other.ty().full_name());
            return Err(
                ts.raise(&TYPE_ERROR, format_args!("descriptor '{name}' needs a type, not '{other}', as arg 2"))
            );
        }
        let class = Some(this.common().objclass());
        Ok(function::new_function(ts, this.def(), Some(object), None, class)?.upcast())
    }

    fn class_get(ts: &ThreadState, this: &MethodDescriptor, object: Option<&Object>, owner: Option<&Object>) -> Result {
        let common = this.common();
        let (name, ty) = (common.name(), common.objclass());
        let Some(owner) = owner.or_else(|| object.map(|o| o.ty().as_object())) else {
            let ty = ty.full_name();
            let message = format!("descriptor '{name}' for type '{ty}' needs either an object or a type");
            return Err(ts.raise_str(&TYPE_ERROR, &message));
        };
        let Some(class) = owner.downcast::<Type>() else {
            let (ty, other) = (ty.full_name(), owner.ty().full_name());
            let message = format!("descriptor '{name}' for type '{ty}' needs a type, not a '{other}' as arg 2");
            return Err(ts.raise_str(&TYPE_ERROR, &message));
        };
        if !class.is_subtype_of(ty) {
            let (ty, other) = (ty.full_name(), class.full_name());
            let message = format!("descriptor '{name}' requires a subtype of '{ty}' but received '{other}'");
            return Err(ts.raise_str(&TYPE_ERROR, &message));
        }
        let defining = (this.def().ml_flags & METH_METHOD != 0).then_some(ty);
        Ok(function::new_function(ts, this.def(), Some(class), None, defining)?.upcast())
    }

    fn class_call(ts: &ThreadState, this: &MethodDescriptor, args: &Tuple, kwargs: Option<&Dict>) -> Result {
        let Some((&first, rest)) = args.as_slice().split_first() else {
            return Err(this.common().needs_argument(ts));
        };
        let bound = MethodDescriptor::class_get(ts, this, None, Some(first))?;
        let rest = Tuple::new(ts, rest)?;
        crate::protocol::call::call_tuple_dict(ts, &bound, &rest, kwargs)
    }

    fn repr(ts: &ThreadState, this: &MethodDescriptor) -> Result<Owned<Str>> {
        this.common().repr_as(ts, "method")
    }

    fn doc(ts: &ThreadState, this: &MethodDescriptor) -> Result {
        doc::doc_of_method(ts, this.def())
    }

    fn text_signature(ts: &ThreadState, this: &MethodDescriptor) -> Result {
        doc::text_signature_of_method(ts, this.def())
    }

    fn drop_fields(_ts: &ThreadState, this: &MethodDescriptor) {
        this.common().drop_fields();
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        self.common().visit(visitor)
    }
}

type Obj = *mut PyObject;

/// # Safety
/// The vectorcall protocol.
#[inline(always)]
unsafe fn no_names(kwnames: Obj) -> bool {
    // SAFETY: NULL or a tuple.
    kwnames.is_null() || unsafe { (*kwnames.cast::<Tuple>()).is_empty() }
}

/// Whether the first argument is an instance of the descriptor's type.
///
/// # Safety
/// The vectorcall protocol.
#[inline(always)]
unsafe fn applies(this: &MethodDescriptor, args: *const Obj, n: usize) -> bool {
    // SAFETY: as many arguments as said.
    n >= 1 && unsafe { (**args).ty() }.is_subtype_of(this.common().objclass())
}

/// Why a call is refused: in the order in which CPython looks.
///
/// # Safety
/// The vectorcall protocol.
#[cold]
#[inline(never)]
unsafe fn refused(ts: &ThreadState, this: &MethodDescriptor, args: *const Obj, n: usize, kwnames: Obj) -> Raised {
    if n < 1 {
        return call_error(ts, this, |f| format!("unbound method {f} needs an argument"));
    }
    // SAFETY: the caller's promise.
    unsafe {
        if let Err(raised) = this.common().check(ts, &**args) {
            return raised;
        }
        if !no_names(kwnames) {
            return call_error(ts, this, |f| format!("{f} takes no keyword arguments"));
        }
    }
    let given = n - 1;
    match this.def().ml_flags & CALL_FLAGS {
        METH_NOARGS => call_error(ts, this, |f| format!("{f} takes no arguments ({given} given)")),
        _ => call_error(ts, this, |f| format!("{f} takes exactly one argument ({given} given)")),
    }
}

const CALLING: &str = " while calling a Python object";

unsafe extern "C" fn call_noargs(callable: Obj, args: *const Obj, nargsf: usize, kwnames: Obj) -> Obj {
    let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
    // SAFETY: the vectorcall protocol, and a function of this convention.
    boundary(|ts| unsafe {
        let this = &*callable.cast::<MethodDescriptor>();
        if n != 1 || !applies(this, args, n) || !no_names(kwnames) {
            return Err(refused(ts, this, args, n, kwnames));
        }
        ts.check_recursion(CALLING)?;
        Ok(this.function::<PyCFunction>()(*args, core::ptr::null_mut()))
    })
}

unsafe extern "C" fn call_one(callable: Obj, args: *const Obj, nargsf: usize, kwnames: Obj) -> Obj {
    let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
    // SAFETY: the vectorcall protocol, and a function of this convention.
    boundary(|ts| unsafe {
        let this = &*callable.cast::<MethodDescriptor>();
        if n != 2 || !applies(this, args, n) || !no_names(kwnames) {
            return Err(refused(ts, this, args, n, kwnames));
        }
        ts.check_recursion(CALLING)?;
        Ok(this.function::<PyCFunction>()(*args, *args.add(1)))
    })
}

unsafe extern "C" fn call_fast(callable: Obj, args: *const Obj, nargsf: usize, kwnames: Obj) -> Obj {
    let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
    // SAFETY: the vectorcall protocol, and a function of this convention.
    boundary(|ts| unsafe {
        let this = &*callable.cast::<MethodDescriptor>();
        if !applies(this, args, n) || !no_names(kwnames) {
            return Err(refused(ts, this, args, n, kwnames));
        }
        ts.check_recursion(CALLING)?;
        Ok(this.function::<PyCFunctionFast>()(*args, args.add(1), n as isize - 1))
    })
}

unsafe extern "C" fn call_fast_keywords(callable: Obj, args: *const Obj, nargsf: usize, kwnames: Obj) -> Obj {
    let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
    // SAFETY: the vectorcall protocol, and a function of this convention.
    boundary(|ts| unsafe {
        let this = &*callable.cast::<MethodDescriptor>();
        if !applies(this, args, n) {
            return Err(refused(ts, this, args, n, core::ptr::null_mut()));
        }
        ts.check_recursion(CALLING)?;
        Ok(this.function::<PyCFunctionFastWithKeywords>()(*args, args.add(1), n as isize - 1, kwnames))
    })
}

unsafe extern "C" fn call_method(callable: Obj, args: *const Obj, nargsf: usize, kwnames: Obj) -> Obj {
    let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
    // SAFETY: the vectorcall protocol, and a function of this convention.
    boundary(|ts| unsafe {
        let this = &*callable.cast::<MethodDescriptor>();
        if !applies(this, args, n) {
            return Err(refused(ts, this, args, n, core::ptr::null_mut()));
        }
        ts.check_recursion(CALLING)?;
        let class = this.common().d_type.get();
        Ok(this.function::<PyCMethod>()(*args, class, args.add(1), n - 1, kwnames))
    })
}

unsafe extern "C" fn call_varargs(callable: Obj, args: *const Obj, nargsf: usize, kwnames: Obj) -> Obj {
    let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
    // SAFETY: the vectorcall protocol, and a function of this convention.
    boundary(|ts| unsafe {
        let this = &*callable.cast::<MethodDescriptor>();
        if !applies(this, args, n) || !no_names(kwnames) {
            return Err(refused(ts, this, args, n, kwnames));
        }
        let rest = function::tuple_of(ts, args.add(1), n - 1)?;
        ts.check_recursion(CALLING)?;
        Ok(this.function::<PyCFunction>()(*args, rest.as_ptr()))
    })
}

unsafe extern "C" fn call_varargs_keywords(callable: Obj, args: *const Obj, nargsf: usize, kwnames: Obj) -> Obj {
    let n = nargsf & !PY_VECTORCALL_ARGUMENTS_OFFSET;
    // SAFETY: the vectorcall protocol, and a function of this convention.
    boundary(|ts| unsafe {
        let this = &*callable.cast::<MethodDescriptor>();
        if !applies(this, args, n) {
            return Err(refused(ts, this, args, n, core::ptr::null_mut()));
        }
        let rest = function::tuple_of(ts, args.add(1), n - 1)?;
        let kwargs = function::dict_of_names(ts, args.add(n), kwnames)?;
        ts.check_recursion(CALLING)?;
        let kwargs = kwargs.as_ref().map_or(core::ptr::null_mut(), |d| d.as_ptr());
        Ok(this.function::<PyCFunctionWithKeywords>()(*args, rest.as_ptr(), kwargs))
    })
}

static GETSET: [PyGetSetDef; 4] = [
    slot::getter(c"__doc__", MethodDescriptor::doc, c""),
    slot::getter(c"__qualname__", Descriptor::qualname, c""),
    slot::getter(c"__text_signature__", MethodDescriptor::text_signature, c""),
    slot::GETSET_END,
];

pub(super) static REDUCE: [PyMethodDef; 2] =
    [method::noargs(c"__reduce__", Descriptor::reduce, c""), slot::METHODS_END];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyMethodDescr_Type: Type = Type {
    tp_name: c"method_descriptor".as_ptr(),
    tp_basicsize: size_of::<MethodDescriptor>() as isize,
    tp_vectorcall_offset: core::mem::offset_of!(PyMethodDescrObject, vectorcall) as isize,
    tp_flags: Cell::new(
        STATIC_FLAGS
            | Py_TPFLAGS_HAVE_GC
            | Py_TPFLAGS_HAVE_VECTORCALL
            | Py_TPFLAGS_METHOD_DESCRIPTOR
            | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    ),
    tp_call: slot::call(call_by_vectorcall),
    tp_descr_get: slot::descr_get(MethodDescriptor::get),
    tp_methods: entries(&REDUCE),
    ..COMMON
};

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyClassMethodDescr_Type: Type = Type {
    tp_name: c"classmethod_descriptor".as_ptr(),
    tp_basicsize: size_of::<MethodDescriptor>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION),
    tp_call: slot::call(MethodDescriptor::class_call),
    tp_descr_get: slot::descr_get(MethodDescriptor::class_get),
    ..COMMON
};

#[allow(clippy::declare_interior_mutable_const)]
const COMMON: Type = Type {
    tp_dealloc: slot::dealloc(MethodDescriptor::drop_fields),
    tp_traverse: slot::traverse(MethodDescriptor::visit),
    tp_repr: slot::unary(MethodDescriptor::repr),
    tp_members: entries(&MEMBERS),
    tp_getset: entries(&GETSET),
    ..STATIC_TYPE
};
