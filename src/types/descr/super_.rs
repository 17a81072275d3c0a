//! `super`: looks attributes up behind a class in an object's MRO.

use core::cell::Cell;
use core::ffi::c_int;
use core::mem::offset_of;

use crate::ffi::*;
use crate::object::{Object, ObjectCell, Owned, Raised, Result, Type};
use crate::protocol::object::find_attr;
use crate::runtime::ThreadState;
use crate::types::exceptions::{RUNTIME_ERROR, TYPE_ERROR};
use crate::types::{Dict, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, entries, identifiers, singletons, slot};

layout!(Super = SuperObject, PySuper_Type);

/// The type whose MRO is searched: `object` itself if it is a class derived from `class`, else its type, else
/// what it says its `__class__` is.
fn check(ts: &ThreadState, class: &Type, object: &Object) -> Result<Owned<Type>> {
    if let Some(ty) = object.downcast::<Type>()
        && ty.is_subtype_of(class)
    {
        return Ok(Owned::new(ty));
    }
    if object.ty().is_subtype_of(class) {
        return Ok(Owned::new(object.ty()));
    }
    if let Some(says) = find_attr(ts, object, &identifiers::__class__)?
        && let Some(ty) = says.downcast::<Type>()
        && !core::ptr::eq(ty, object.ty())
        && ty.is_subtype_of(class)
    {
        return Ok(Owned::new(ty));
    }
    Err(does_not_derive(ts, class, object))
}

#[cold]
fn does_not_derive(ts: &ThreadState, class: &Type, object: &Object) -> Raised {
    let (what, name) = match object.downcast::<Type>() {
        Some(ty) => ("type", ty.full_name()),
        None => ("instance of", object.ty().full_name()),
    };
    let class = class.full_name();
    ts.raise(
        &TYPE_ERROR,
        format_args!("super(type, obj): obj ({what} {name}) is not an instance or subtype of type ({class})."),
    )
}

impl Super {
    #[allow(clippy::new_ret_no_self, reason = "it is `tp_new`")]
    fn new(ts: &ThreadState, ty: &Type, _args: &Tuple, _kwargs: Option<&Dict>) -> Result {
        ts.alloc_instance(ty, 0)
    }

    fn init(ts: &ThreadState, this: &Super, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
        if kwargs.is_some_and(|k| !k.is_empty()) {
            return Err(ts.raise_str(&TYPE_ERROR, "super() takes no keyword arguments"));
        }
        let items = args.as_slice();
        let (class, object) = match *items {
            // Without frames of Python code there is nothing to infer the arguments from.
            [] => return Err(ts.raise_str(&RUNTIME_ERROR, "super(): no current frame")),
            [class] => (class, None),
            [class, object] => (class, Some(object)),
            _ => {
                let n = items.len();
                return Err(ts.raise(&TYPE_ERROR, format_args!("super() expected at most 2 arguments, got {n}")));
            }
        };
        let Some(class) = class.downcast::<Type>() else {
            let name = class.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("super() argument 1 must be a type, not {name}")));
        };
        this.fill(ts, class, object.filter(|o| !singletons::is_none(*o)))
    }

    fn fill(&self, ts: &ThreadState, class: &Type, object: Option<&Object>) -> Result<()> {
        let ty = object.map(|o| check(ts, class, o)).transpose()?;
        self.class.store(Some(Owned::new(class)));
        self.object.store(object.map(Owned::new));
        self.object_type.store(ty);
        Ok(())
    }

    fn class_of(&self) -> Option<Owned<Type>> {
        // SAFETY: NULL or a type.
        self.class.load().map(|c| unsafe { c.cast_owned() })
    }

    /// Behind the class in the MRO first; `__class__`, and what is not there, as any object.
    fn getattro(ts: &ThreadState, this: &Super, name: &Object) -> Result {
        if let Some(name) = name.downcast::<Str>()
            && !name.equals_text("__class__")
            && let Some(found) = this.search(ts, name)?
        {
            return Ok(found);
        }
        crate::types::object::generic_getattr(ts, this, name)
    }

    fn search(&self, ts: &ThreadState, name: &Str) -> Result<Option<Owned<Object>>> {
        let (Some(object), Some(ty)) = (self.object.load(), self.object_type.load()) else { return Ok(None) };
        // SAFETY: a type.
        let ty: Owned<Type> = unsafe { ty.cast_owned() };
        let Some(mro) = ty.mro().map(Owned::new) else { return Ok(None) };
        let class = self.class.get();
        let behind = mro.as_slice().iter().skip_while(|t| t.as_ptr() != class.cast()).skip(1);
        for base in behind {
            // SAFETY: an MRO holds types.
            let found = unsafe { base.cast::<Type>() }.own_dict().and_then(|d| d.get_name(name)).map(Owned::new);
            let Some(found) = found else { continue };
            let Some(get) = found.ty().tp_descr_get.get() else { return Ok(Some(found)) };
            // Through the class itself it is bound as if it were found on the class.
            let bound_to = if object.is(&ty) { core::ptr::null_mut() } else { object.as_ptr() };
            // SAFETY: the descriptor's own function.
            return ts.check_result(None, unsafe { get(found.as_ptr(), bound_to, ty.as_ptr()) }).map(Some);
        }
        Ok(None)
    }

    fn get(ts: &ThreadState, this: &Super, object: Option<&Object>, _owner: Option<&Object>) -> Result {
        let unbound = this.object.get().is_null();
        let (Some(object), true) = (object.filter(|o| !singletons::is_none(*o)), unbound) else {
            return Ok(Owned::new(this).upcast());
        };
        let Some(class) = this.class_of() else { return Ok(Owned::new(this).upcast()) };
        if !this.is_exact::<Super>() {
            let ty = Owned::new(this.ty());
            return crate::protocol::call::call(ts, &ty, &[&class, object]);
        }
        let new = ts.alloc_instance(&PySuper_Type, 0)?;
        // SAFETY: the type's own layout.
        unsafe { new.cast::<Super>() }.fill(ts, &class, Some(object))?;
        Ok(new)
    }

    fn repr(ts: &ThreadState, this: &Super) -> Result<Owned<Str>> {
        let class = this.class_of();
        let class = class.as_ref().map_or("NULL", |c| c.full_name());
        // SAFETY: NULL or a type.
        let ty = this.object_type.load().map(|t| unsafe { t.cast_owned::<Type>() });
        let text = match ty {
            Some(ty) => format!("<super: <class '{class}'>, <{} object>>", ty.full_name()),
            None => format!("<super: <class '{class}'>, NULL>"),
        };
        Str::new(ts, &text)
    }

    fn drop_fields(_ts: &ThreadState, this: &Super) {
        drop(this.object.take_owned());
        drop(this.class.take_owned());
        drop(this.object_type.take_owned());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        visitor.field(&self.object)?;
        visitor.field(&self.class)?;
        visitor.field(&self.object_type)
    }
}

static MEMBERS: [PyMemberDef; 4] = [
    PyMemberDef {
        doc: c"the class invoking super()".as_ptr(),
        ..slot::member(c"__thisclass__", _Py_T_OBJECT, offset_of!(SuperObject, class), Py_READONLY)
    },
    PyMemberDef {
        doc: c"the instance invoking super(); may be None".as_ptr(),
        ..slot::member(c"__self__", _Py_T_OBJECT, offset_of!(SuperObject, object), Py_READONLY)
    },
    PyMemberDef {
        doc: c"the type of the instance invoking super(); may be None".as_ptr(),
        ..slot::member(c"__self_class__", _Py_T_OBJECT, offset_of!(SuperObject, object_type), Py_READONLY)
    },
    slot::MEMBERS_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PySuper_Type: Type = Type {
    tp_name: c"super".as_ptr(),
    tp_basicsize: size_of::<Super>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE),
    tp_doc: Cell::new(c"Attributes of an object, searched for behind a class in its MRO.".as_ptr()),
    tp_dealloc: slot::dealloc(Super::drop_fields),
    tp_traverse: slot::traverse(Super::visit),
    tp_repr: slot::unary(Super::repr),
    tp_getattro: slot::binary(Super::getattro),
    tp_descr_get: slot::descr_get(Super::get),
    tp_members: entries(&MEMBERS),
    tp_init: slot::init(Super::init),
    tp_new: slot::new(Super::new),
    ..STATIC_TYPE
};
