//! `property`.

use core::cell::Cell;
use core::ffi::c_int;
use core::mem::offset_of;

use super::classmethod::is_abstract_method;
use crate::ffi::*;
use crate::object::{Object, ObjectCell, Owned, Raised, Result, Type};
use crate::protocol::args::{Signature, with_tuple_and_dict};
use crate::protocol::call::call;
use crate::protocol::object::{find_attr, getattr, repr, setattr};
use crate::runtime::ThreadState;
use crate::types::exceptions::{ATTRIBUTE_ERROR, TYPE_ERROR};
use crate::types::{
    Dict, STATIC_FLAGS, STATIC_TYPE, Tuple, bool as boolean, entries, identifiers, method, singletons, slot,
};

layout!(Property = PropertyObject, PyProperty_Type);

const SIGNATURE: Signature =
    Signature { name: "property", params: &["fget", "fset", "fdel", "doc"], required: 0, max_positional: 4 };

fn given(argument: Option<&Object>) -> Option<Owned<Object>> {
    argument.filter(|a| !singletons::is_none(*a)).map(Owned::new)
}

impl Property {
    #[allow(clippy::new_ret_no_self, reason = "it is `tp_new`")]
    fn new(ts: &ThreadState, ty: &Type, _args: &Tuple, _kwargs: Option<&Dict>) -> Result {
        ts.alloc_instance(ty, 0)
    }

    fn init(ts: &ThreadState, this: &Property, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
        with_tuple_and_dict(ts, args, kwargs, |args| {
            let [get, set, del, doc]: [Option<&Object>; 4] = SIGNATURE.bind(ts, args)?;
            this.get.store(given(get));
            this.set.store(given(set));
            this.del.store(given(del));
            this.doc.store::<Object>(None);
            this.name.store::<Object>(None);
            this.getter_doc.set(0);
            this.init_doc(ts, given(doc))
        })
    }

    /// The docstring: the one given, else the getter's. An instance of a subclass keeps it in its dict, since the
    /// class's own `__doc__` hides the member.
    fn init_doc(&self, ts: &ThreadState, given: Option<Owned<Object>>) -> Result<()> {
        let doc = match (given, self.get.load()) {
            (Some(doc), _) => Some(doc),
            (None, Some(getter)) => {
                let doc = find_attr(ts, &getter, &identifiers::__doc__)?.filter(|d| !singletons::is_none(&**d));
                self.getter_doc.set(doc.is_some().into());
                doc
            }
            (None, None) => None,
        };
        if self.is_exact::<Property>() {
            self.doc.store(doc);
            return Ok(());
        }
        let doc = doc.unwrap_or_else(singletons::none);
        match setattr(ts, self, &identifiers::__doc__, Some(&doc)) {
            // Nowhere to keep one that only the getter has.
            Err(raised) if self.getter_doc.get() == 0 && singletons::is_none(&*doc) => {
                ts.recover(raised, &ATTRIBUTE_ERROR)
            }
            other => other,
        }
    }

    fn get(ts: &ThreadState, this: &Property, object: Option<&Object>, _owner: Option<&Object>) -> Result {
        let Some(object) = object.filter(|o| !singletons::is_none(*o)) else { return Ok(Owned::new(this).upcast()) };
        match this.get.load() {
            Some(getter) => call(ts, &getter, &[object]),
            None => Err(this.lacks(ts, object, "getter")),
        }
    }

    fn set(ts: &ThreadState, this: &Property, object: &Object, value: Option<&Object>) -> Result<()> {
        match value {
            None => match this.del.load() {
                Some(deleter) => call(ts, &deleter, &[object]).map(drop),
                None => Err(this.lacks(ts, object, "deleter")),
            },
            Some(value) => match this.set.load() {
                Some(setter) => call(ts, &setter, &[object, value]).map(drop),
                None => Err(this.lacks(ts, object, "setter")),
            },
        }
    }

    #[cold]
    fn lacks(&self, ts: &ThreadState, object: &Object, what: &str) -> Raised {
        self.try_lacks(ts, object, what).unwrap_or_else(|raised| raised)
    }

    fn try_lacks(&self, ts: &ThreadState, object: &Object, what: &str) -> Result<Raised> {
        let owner = getattr(ts, object.ty(), &identifiers::__qualname__)?;
        let owner = repr(ts, &owner)?;
        let message = match self.find_name(ts)? {
            Some(name) => format!("property {} of {owner} object has no {what}", repr(ts, &name)?),
            None => format!("property of {owner} object has no {what}"),
        };
        Ok(ts.raise_str(&ATTRIBUTE_ERROR, &message))
    }

    /// The name that a class gave it, else the getter's.
    fn find_name(&self, ts: &ThreadState) -> Result<Option<Owned<Object>>> {
        if let Some(name) = self.name.load() {
            return Ok(Some(name));
        }
        match self.get.load() {
            Some(getter) => find_attr(ts, &getter, &identifiers::__name__),
            None => Ok(None),
        }
    }

    fn name(ts: &ThreadState, this: &Property) -> Result {
        match this.find_name(ts)? {
            Some(name) => Ok(name),
            None => {
                let message = "'property' object has no attribute '__name__'";
                Err(ts.raise_str(&ATTRIBUTE_ERROR, message))
            }
        }
    }

    fn set_own_name(_ts: &ThreadState, this: &Property, value: Option<&Object>) -> Result<()> {
        this.name.store(value.map(Owned::new));
        Ok(())
    }

    fn set_name(ts: &ThreadState, this: &Property, args: crate::protocol::args::Args<'_>) -> Result<()> {
        let [_, name] = args.positional else {
            let n = args.len();
            let message = format!("__set_name__() takes 2 positional arguments but {n} were given");
            return Err(ts.raise_str(&TYPE_ERROR, &message));
        };
        this.name.store(Some(Owned::new(*name)));
        Ok(())
    }

    fn getter(ts: &ThreadState, this: &Property, function: &Object) -> Result {
        this.copy(ts, Some(function), None, None)
    }

    fn setter(ts: &ThreadState, this: &Property, function: &Object) -> Result {
        this.copy(ts, None, Some(function), None)
    }

    fn deleter(ts: &ThreadState, this: &Property, function: &Object) -> Result {
        this.copy(ts, None, None, Some(function))
    }

    /// A property of the same class with one function replaced. A docstring that came from the getter is asked
    /// for anew.
    fn copy(&self, ts: &ThreadState, get: Option<&Object>, set: Option<&Object>, del: Option<&Object>) -> Result {
        let or = |new: Option<&Object>, old: &Cell<*mut PyObject>| {
            given(new).or_else(|| old.load()).unwrap_or_else(singletons::none)
        };
        let (get, set, del) = (or(get, &self.get), or(set, &self.set), or(del, &self.del));
        let from_getter = self.getter_doc.get() != 0 && !singletons::is_none(&*get);
        let doc = if from_getter { None } else { self.doc.load() }.unwrap_or_else(singletons::none);
        let class = Owned::new(self.ty());
        let new = call(ts, &class, &[&get, &set, &del, &doc])?;
        if let Some(property) = new.downcast::<Property>() {
            property.name.store(self.name.load());
        }
        Ok(new)
    }

    fn is_abstract(ts: &ThreadState, this: &Property) -> Result {
        for function in [&this.get, &this.set, &this.del] {
            if let Some(function) = function.load()
                && is_abstract_method(ts, &function)?
            {
                return Ok(boolean::from_bool(true));
            }
        }
        Ok(boolean::from_bool(false))
    }

    fn fields(&self) -> [&Cell<*mut PyObject>; 5] {
        [&self.get, &self.set, &self.del, &self.doc, &self.name]
    }

    fn drop_fields(_ts: &ThreadState, this: &Property) {
        this.clear();
    }

    fn clear(&self) {
        for field in self.fields() {
            drop(field.take_owned());
        }
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        self.fields().into_iter().try_for_each(|field| visitor.field(field))
    }
}

static METHODS: [PyMethodDef; 5] = [
    method::one(
        c"getter",
        Property::getter,
        c"getter($self, object, /)\n--\n\nA property like this one with another getter.",
    ),
    method::one(
        c"setter",
        Property::setter,
        c"setter($self, object, /)\n--\n\nA property like this one with another setter.",
    ),
    method::one(
        c"deleter",
        Property::deleter,
        c"deleter($self, object, /)\n--\n\nA property like this one with another deleter.",
    ),
    method::positional(
        c"__set_name__",
        Property::set_name,
        c"__set_name__($self, owner, name, /)\n--\n\nTells the property the name that a class gives it.",
    ),
    slot::METHODS_END,
];

static MEMBERS: [PyMemberDef; 5] = [
    slot::member(c"fget", _Py_T_OBJECT, offset_of!(PropertyObject, get), Py_READONLY),
    slot::member(c"fset", _Py_T_OBJECT, offset_of!(PropertyObject, set), Py_READONLY),
    slot::member(c"fdel", _Py_T_OBJECT, offset_of!(PropertyObject, del), Py_READONLY),
    slot::member(c"__doc__", _Py_T_OBJECT, offset_of!(PropertyObject, doc), 0),
    slot::MEMBERS_END,
];

static GETSET: [PyGetSetDef; 3] = [
    slot::getset(c"__name__", Property::name, Property::set_own_name, c""),
    slot::getter(c"__isabstractmethod__", Property::is_abstract, c""),
    slot::GETSET_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyProperty_Type: Type = Type {
    tp_name: c"property".as_ptr(),
    tp_basicsize: size_of::<Property>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE),
    tp_doc: Cell::new(
        c"property(fget=None, fset=None, fdel=None, doc=None)\n--\n\nAn attribute that functions get, set and delete."
            .as_ptr(),
    ),
    tp_dealloc: slot::dealloc(Property::drop_fields),
    tp_traverse: slot::traverse(Property::visit),
    tp_clear: slot::clear(Property::clear),
    tp_descr_get: slot::descr_get(Property::get),
    tp_descr_set: slot::objobjarg(Property::set),
    tp_methods: entries(&METHODS),
    tp_members: entries(&MEMBERS),
    tp_getset: entries(&GETSET),
    tp_init: slot::init(Property::init),
    tp_new: slot::new(Property::new),
    ..STATIC_TYPE
};
