//! `module`.
//!
//! * [`abi`]        what an extension was compiled for
//! * [`definition`] modules from C definitions, in one phase or in two
//! * [`state`]      what an interpreter finds by definition: `PyState_FindModule` and its kin
//!
//! A module's attributes are its dict. An extension's module has C state besides, whose size and care its
//! definition tells.

use core::cell::Cell;
use core::ffi::{c_int, c_void};
use core::mem::offset_of;

pub mod abi;
pub mod definition;
pub mod state;

use super::{Dict, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, entries, identifiers, method, singletons, slot};
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Object, ObjectCell, Owned, Raised, Result, Type};
use crate::protocol::args::{Signature, with_tuple_and_dict};
use crate::protocol::object::{find_attr, is_true, repr, str};
use crate::runtime::ThreadState;
use crate::types::exceptions::{ATTRIBUTE_ERROR, SYSTEM_ERROR, TYPE_ERROR};

layout!(Module = ModuleObject, PyModule_Type);

const SIGNATURE: Signature = Signature { name: "module", params: &["name", "doc"], required: 1, max_positional: 2 };

impl Module {
    /// A module of that name, with the attributes that all have.
    pub fn new(ts: &ThreadState, name: &Object) -> Result<Owned<Module>> {
        let this = Module::blank(ts, &PyModule_Type)?;
        this.fill(ts, name, singletons::none_ref())?;
        Ok(this)
    }

    fn blank(ts: &ThreadState, ty: &Type) -> Result<Owned<Module>> {
        let dict = Dict::new(ts)?;
        let this = ts.alloc_instance(ty, 0)?;
        // SAFETY: the type and its subtypes have this layout.
        let this = unsafe { this.cast_owned::<Module>() };
        this.dict.set(dict.into_raw());
        this.state_size.set(0);
        gc_track(&this);
        Ok(this)
    }

    fn fill(&self, ts: &ThreadState, name: &Object, doc: &Object) -> Result<()> {
        let dict = self.dict();
        let none = singletons::none_ref();
        dict.set(ts, &identifiers::__name__, name)?;
        dict.set(ts, &identifiers::__doc__, doc)?;
        for key in [&identifiers::__package__, &identifiers::__loader__, &identifiers::__spec__] {
            dict.set(ts, key, none)?;
        }
        if name.is_exact::<Str>() {
            self.name.store(Some(Owned::new(name)));
        }
        Ok(())
    }

    /// The module's namespace.
    #[inline]
    pub fn dict(&self) -> Owned<Dict> {
        // SAFETY: every module has one from its birth to its end.
        unsafe { self.dict.load().expect("a module has a dict").cast_owned() }
    }

    /// `__name__`, if it is a str still.
    pub fn name(&self, ts: &ThreadState) -> Result<Owned<Str>> {
        let name = self.dict().get(ts, &identifiers::__name__)?;
        match name.map(Owned::downcast_owned::<Str>) {
            Some(Ok(name)) => Ok(name),
            _ => Err(ts.raise_str(&SYSTEM_ERROR, "nameless module")),
        }
    }

    /// `__file__`.
    pub fn filename(&self, ts: &ThreadState) -> Result<Owned<Str>> {
        let name = self.dict().get(ts, &identifiers::__file__)?;
        match name.map(Owned::downcast_owned::<Str>) {
            Some(Ok(name)) => Ok(name),
            _ => Err(ts.raise_str(&SYSTEM_ERROR, "module filename missing")),
        }
    }

    /// The definition that the module was made from, or NULL.
    pub fn definition(&self) -> *mut PyModuleDef {
        if self.token_is_def.get() { self.token.get().cast() } else { core::ptr::null_mut() }
    }

    fn tp_new(ts: &ThreadState, ty: &Type, _args: &Tuple, _kwargs: Option<&Dict>) -> Result<Owned<Module>> {
        Module::blank(ts, ty)
    }

    fn init(ts: &ThreadState, this: &Module, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
        with_tuple_and_dict(ts, args, kwargs, |args| {
            let [name, doc]: [Option<&Object>; 2] = SIGNATURE.bind(ts, args)?;
            let name = name.unwrap_or(singletons::none_ref());
            if name.downcast::<Str>().is_none() {
                let given = name.ty().full_name();
                let given = if singletons::is_none(name) { "None" } else { given };
                let message = format!("module() argument 'name' must be str, not {given}");
                return Err(ts.raise_str(&TYPE_ERROR, &message));
            }
            this.fill(ts, name, doc.unwrap_or(singletons::none_ref()))
        })
    }

    /// As any object; then the module's own `__getattr__`, then a message that names the module.
    fn getattro(ts: &ThreadState, this: &Module, name: &Object) -> Result {
        match super::object::generic_getattr(ts, this, name) {
            Ok(value) => Ok(value),
            Err(raised) => {
                let Some(name) = name.downcast::<Str>() else { return Err(raised) };
                ts.recover(raised, &ATTRIBUTE_ERROR)?;
                this.missing(ts, name)
            }
        }
    }

    #[cold]
    fn missing(&self, ts: &ThreadState, name: &Str) -> Result {
        let dict = self.dict();
        if let Some(getattr) = dict.get(ts, &identifiers::__getattr__)? {
            return crate::protocol::call::call(ts, &getattr, &[name]);
        }
        let module = dict.get(ts, &identifiers::__name__)?;
        let Some(module) = module.as_ref().and_then(|m| m.downcast::<Str>()) else {
            return Err(ts.raise(&ATTRIBUTE_ERROR, format_args!("module has no attribute '{name}'")));
        };
        let message = if self.is_initializing(ts)? {
            format!(
                "partially initialized module '{module}' has no attribute '{name}' (most likely due to a circular \
                 import)"
            )
        } else {
            format!("module '{module}' has no attribute '{name}'")
        };
        Err(ts.raise_str(&ATTRIBUTE_ERROR, &message))
    }

    /// Whether its import is under way.
    fn is_initializing(&self, ts: &ThreadState) -> Result<bool> {
        let Some(spec) = self.dict().get(ts, &identifiers::__spec__)? else { return Ok(false) };
        match find_attr(ts, &spec, &identifiers::_initializing)? {
            Some(value) => is_true(ts, &value),
            None => Ok(false),
        }
    }

    /// From the spec where there is one, else from name, file and loader.
    fn repr(ts: &ThreadState, this: &Module) -> Result<Owned<Str>> {
        let dict = this.dict();
        if let Some(spec) = dict.get(ts, &identifiers::__spec__)?
            && is_true(ts, &spec)?
        {
            return spec_repr(ts, &spec);
        }
        let name = match dict.get(ts, &identifiers::__name__)? {
            Some(name) => repr(ts, &name)?.to_string(),
            None => "'?'".to_owned(),
        };
        if let Some(file) = dict.get(ts, &identifiers::__file__)? {
            return Str::new(ts, &format!("<module {name} from {}>", repr(ts, &file)?));
        }
        match dict.get(ts, &identifiers::__loader__)?.filter(|l| !singletons::is_none(&**l)) {
            Some(loader) => Str::new(ts, &format!("<module {name} ({})>", repr(ts, &loader)?)),
            None => Str::new(ts, &format!("<module {name}>")),
        }
    }

    /// The names in the dict, unless the module has a `__dir__` of its own.
    fn dir(ts: &ThreadState, this: &Module) -> Result {
        let dict = this.dict();
        match dict.get(ts, &identifiers::__dir__)? {
            Some(function) => crate::protocol::call::call(ts, &function, &[]),
            None => {
                let names = dict.items_vec().into_iter().map(|(name, _)| name).collect();
                Ok(super::list::List::from_owned(ts, names)?.upcast())
            }
        }
    }

    fn annotations(ts: &ThreadState, this: &Module) -> Result {
        let dict = this.dict();
        if let Some(found) = dict.get(ts, &identifiers::__annotations__)? {
            return Ok(found);
        }
        let annotate = dict.get(ts, &identifiers::__annotate__)?.filter(|a| !singletons::is_none(&**a));
        let annotations = match annotate {
            Some(annotate) if annotate.ty().tp_call.get().is_some() => {
                let format = super::Int::from_i64(ts, 1)?;
                let made = crate::protocol::call::call(ts, &annotate, &[&format])?;
                if made.downcast::<Dict>().is_none() {
                    let ty = made.ty().full_name();
                    let message = format!("__annotate__() must return a dict, not {ty}");
                    return Err(ts.raise_str(&TYPE_ERROR, &message));
                }
                made
            }
            _ => Dict::new(ts)?.upcast(),
        };
        if !this.is_initializing(ts)? {
            dict.set(ts, &identifiers::__annotations__, &annotations)?;
        }
        Ok(annotations)
    }

    fn set_annotations(ts: &ThreadState, this: &Module, value: Option<&Object>) -> Result<()> {
        let dict = this.dict();
        match value {
            Some(value) => dict.set(ts, &identifiers::__annotations__, value)?,
            None => {
                if dict.remove(ts, &identifiers::__annotations__)?.is_none() {
                    return Err(ts.raise_str(&ATTRIBUTE_ERROR, "__annotations__"));
                }
            }
        }
        dict.remove(ts, &identifiers::__annotate__).map(drop)
    }

    fn annotate(ts: &ThreadState, this: &Module) -> Result {
        let dict = this.dict();
        if let Some(found) = dict.get(ts, &identifiers::__annotate__)? {
            return Ok(found);
        }
        dict.set(ts, &identifiers::__annotate__, singletons::none_ref())?;
        Ok(singletons::none())
    }

    fn set_annotate(ts: &ThreadState, this: &Module, value: Option<&Object>) -> Result<()> {
        let Some(value) = value else {
            return Err(ts.raise_str(&TYPE_ERROR, "cannot delete __annotate__ attribute"));
        };
        let none = singletons::is_none(value);
        if !none && value.ty().tp_call.get().is_none() {
            return Err(ts.raise_str(&TYPE_ERROR, "__annotate__ must be callable or None"));
        }
        let dict = this.dict();
        dict.set(ts, &identifiers::__annotate__, value)?;
        if !none {
            dict.remove(ts, &identifiers::__annotations__)?;
        }
        Ok(())
    }

    /// Whether the definition's functions may see the module: its state is there, or it wants none.
    fn has_state(&self) -> bool {
        self.state_size.get() <= 0 || !self.state.get().is_null()
    }

    fn drop_fields(ts: &ThreadState, this: &Module) {
        super::weakref::clear_references(ts, this);
        if let Some(free) = this.free.get().filter(|_| this.has_state()) {
            // SAFETY: the definition's own function for its module.
            unsafe { free(this.as_ptr().cast()) };
        }
        drop(this.dict.take_owned());
        drop(this.name.take_owned());
        let state = this.state.replace(core::ptr::null_mut());
        if !state.is_null() {
            // SAFETY: allocated by `allocate_state`.
            unsafe { ts.free(state.cast()) };
        }
    }

    fn clear(&self) {
        if let Some(clear) = self.clear.get().filter(|_| self.has_state()) {
            // SAFETY: the definition's own function for its module.
            if unsafe { clear(self.as_ptr()) } != 0 {
                ThreadState::current().error.clear();
            }
        }
        // The dict stays: what is left of the module may still be asked for its name.
        self.dict().clear(ThreadState::current());
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        if let Some(traverse) = self.traverse.get().filter(|_| self.has_state()) {
            visitor.forward(traverse, self)?;
        }
        visitor.field(&self.dict)
    }

    /// Gives the module its zeroed state.
    fn allocate_state(&self, ts: &ThreadState) -> Result<()> {
        let size = self.state_size.get();
        if size >= 0 && self.state.get().is_null() {
            let block = ts.alloc((size as usize).max(1))?.as_ptr();
            // SAFETY: of that size.
            unsafe { block.write_bytes(0, size as usize) };
            self.state.set(block.cast::<c_void>());
        }
        Ok(())
    }
}

/// How `importlib` shows a module that has a spec.
fn spec_repr(ts: &ThreadState, spec: &Object) -> Result<Owned<Str>> {
    let attribute = |name: &str| -> Result {
        let name = Str::interned(ts, name)?;
        crate::protocol::object::getattr(ts, spec, &name)
    };
    let name = attribute("name")?;
    let name = if singletons::is_none(&*name) { "'?'".to_owned() } else { repr(ts, &name)?.to_string() };
    let origin = attribute("origin")?;
    if !singletons::is_none(&*origin) {
        if is_true(ts, &*attribute("has_location")?)? {
            return Str::new(ts, &format!("<module {name} from {}>", repr(ts, &origin)?));
        }
        return Str::new(ts, &format!("<module {name} ({})>", str(ts, &origin)?));
    }
    let loader = attribute("loader")?;
    if singletons::is_none(&*loader) {
        return Str::new(ts, &format!("<module {name}>"));
    }
    Str::new(ts, &format!("<module {name} ({})>", repr(ts, &loader)?))
}

/// `PyErr_BadArgument`.
#[cold]
pub fn bad_argument(ts: &ThreadState) -> Raised {
    ts.raise_str(&TYPE_ERROR, "bad argument type for built-in operation")
}

/// `object` as a module; another thing is a bad argument.
pub fn as_module<'a>(ts: &ThreadState, object: &'a Object) -> Result<&'a Module> {
    object.downcast::<Module>().ok_or_else(|| bad_argument(ts))
}

static METHODS: [PyMethodDef; 2] = [
    method::noargs(c"__dir__", Module::dir, c"__dir__($self, /)\n--\n\nThe names of the module's attributes."),
    slot::METHODS_END,
];

static MEMBERS: [PyMemberDef; 2] =
    [slot::member(c"__dict__", _Py_T_OBJECT, offset_of!(ModuleObject, dict), Py_READONLY), slot::MEMBERS_END];

static GETSET: [PyGetSetDef; 3] = [
    slot::getset(c"__annotations__", Module::annotations, Module::set_annotations, c""),
    slot::getset(c"__annotate__", Module::annotate, Module::set_annotate, c""),
    slot::GETSET_END,
];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyModule_Type: Type = Type {
    tp_name: c"module".as_ptr(),
    tp_basicsize: size_of::<Module>() as isize,
    tp_dictoffset: offset_of!(ModuleObject, dict) as isize,
    tp_weaklistoffset: offset_of!(ModuleObject, weakreflist) as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE),
    tp_doc: Cell::new(c"module(name, doc=None)\n--\n\nA namespace with a name.".as_ptr()),
    tp_dealloc: slot::dealloc(Module::drop_fields),
    tp_traverse: slot::traverse(Module::visit),
    tp_clear: slot::clear(Module::clear),
    tp_repr: slot::unary(Module::repr),
    tp_getattro: slot::binary(Module::getattro),
    tp_methods: entries(&METHODS),
    tp_members: entries(&MEMBERS),
    tp_getset: entries(&GETSET),
    tp_init: slot::init(Module::init),
    tp_new: slot::new(Module::tp_new),
    ..STATIC_TYPE
};
