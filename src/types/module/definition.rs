//! Modules from C definitions.
//!
//! `PyModule_Create` makes a module of one phase from a `PyModuleDef`. A module of two phases is made from a
//! spec and then executed; its definition is a `PyModuleDef` with slots, or, since 3.15, slots alone. Both kinds of
//! slots are read into one [`Definition`]: slots of the old kind may carry the numbers of before 3.15 as well.

use core::ffi::{CStr, c_char, c_int, c_void};
use core::mem::transmute;
use core::sync::atomic::{AtomicIsize, Ordering};

use super::{Module, PyModule_Type, as_module};
use crate::ffi::*;
use crate::object::{Object, Owned, Raised, Result, Type, immortal};
use crate::protocol::object::{getattr, repr, setattr};
use crate::runtime::ThreadState;
use crate::runtime::ledger::{self, Gives};
use crate::types::exceptions::{SYSTEM_ERROR, VALUE_ERROR};
use crate::types::object::PyBaseObject_Type;
use crate::types::type_::namespace::names;
use crate::types::{STATIC_TYPE, Str, function, identifiers};

/// The type of a `PyModuleDef` as an object.
#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyModuleDef_Type: Type =
    Type { tp_name: c"moduledef".as_ptr(), tp_basicsize: size_of::<PyModuleDef>() as isize, ..STATIC_TYPE };

type Create = unsafe extern "C" fn(*mut PyObject, *mut PyModuleDef) -> *mut PyObject;
type Exec = unsafe extern "C" fn(*mut PyObject) -> c_int;

static LAST_INDEX: AtomicIsize = AtomicIsize::new(0);

/// `PyModuleDef_Init`: makes the definition an object with a number of its own.
pub fn init(def: &PyModuleDef) -> &Object {
    let object = &def.m_base.ob_base;
    if def.m_base.m_index.get() == 0 {
        object.ob_type.set(&raw const PyModuleDef_Type);
        immortal::adopt_static(object);
        def.m_base.m_index.set(LAST_INDEX.fetch_add(1, Ordering::Relaxed) + 1);
    }
    object
}

/// Values of `Py_mod_multiple_interpreters`; what is neither copes with interpreters that share the main one's GIL.
const NO_OTHER_INTERPRETERS: *mut c_void = core::ptr::null_mut();
const PER_INTERPRETER_GIL: *mut c_void = core::ptr::without_provenance_mut(2);

/// Whether the interpreter takes only modules that say that they are for others than the main one.
pub fn are_others_refused(ts: &ThreadState) -> bool {
    !ts.interp().is_main() && ts.interp().config.checks_extensions()
}

fn refuse_in_others(ts: &ThreadState, module: &str) -> Result<()> {
    if are_others_refused(ts) { Err(refusal(ts, module)) } else { Ok(()) }
}

/// `ImportError`, for where it does and a module does not.
pub fn refusal(ts: &ThreadState, module: &str) -> Raised {
    let message = format!("module {module} does not support loading in subinterpreters");
    ts.raise_str(&crate::types::exceptions::IMPORT_ERROR, &message)
}

/// What slots say about a module.
#[derive(Default)]
struct Definition {
    name: Option<*mut c_void>,
    doc: Option<*mut c_void>,
    state_size: Option<isize>,
    methods: Option<*mut c_void>,
    traverse: Option<*mut c_void>,
    clear: Option<*mut c_void>,
    free: Option<*mut c_void>,
    token: Option<*mut c_void>,
    create: Option<*mut c_void>,
    /// All of them; slots without a `PyModuleDef` may have one.
    exec: Vec<*mut c_void>,
    has_abi: bool,
    interpreters: Option<*mut c_void>,
    seen: Vec<u16>,
}

/// A slot of either kind.
#[derive(Clone, Copy)]
struct Slot {
    id: u16,
    flags: c_int,
    value: *mut c_void,
}

/// The slots of before 3.15 that were given new numbers.
fn modern(id: u16) -> u16 {
    use slots::*;
    match id {
        OLD_Py_mod_create => Py_mod_create,
        OLD_Py_mod_exec => Py_mod_exec,
        OLD_Py_mod_multiple_interpreters => Py_mod_multiple_interpreters,
        OLD_Py_mod_gil => Py_mod_gil,
        other => other,
    }
}

/// How deep slots may include others.
const MAX_NESTING: u32 = 5;

impl Definition {
    /// # Safety
    /// NULL or an array of slots that ends with a zero.
    unsafe fn read_old(
        &mut self,
        ts: &ThreadState,
        what: &str,
        mut at: *const PyModuleDef_Slot,
        depth: u32,
    ) -> Result<()> {
        if at.is_null() {
            return Ok(());
        }
        // SAFETY: the caller's promise.
        unsafe {
            while (*at).slot != 0 {
                let flags = PySlot_STATIC | PySlot_INTPTR;
                self.read(ts, what, Slot { id: modern((*at).slot as u16), flags, value: (*at).value }, depth)?;
                at = at.add(1);
            }
        }
        Ok(())
    }

    /// # Safety
    /// An array of slots that ends with a zero.
    unsafe fn read_new(&mut self, ts: &ThreadState, what: &str, mut at: *const PySlot, depth: u32) -> Result<()> {
        // SAFETY: the caller's promise.
        unsafe {
            while (*at).sl_id != 0 {
                let slot = Slot { id: modern((*at).sl_id), flags: (*at).sl_flags.into(), value: (*at).sl_ptr };
                self.read(ts, what, slot, depth)?;
                at = at.add(1);
            }
        }
        Ok(())
    }

    /// # Safety
    /// The slot's value is what its number asks for.
    unsafe fn read(&mut self, ts: &ThreadState, what: &str, slot: Slot, depth: u32) -> Result<()> {
        use slots::*;
        let Slot { id, flags, value } = slot;
        if id == u16::MAX {
            return Err(ts.raise_str(&SYSTEM_ERROR, "invalid slot (Py_slot_invalid, 65535)"));
        }
        let Some(name) = slots::name(id) else {
            if flags & PySlot_OPTIONAL != 0 {
                return Ok(());
            }
            return Err(ts.raise(&SYSTEM_ERROR, format_args!("unknown module slot ID {id}")));
        };
        if matches!(id, Py_mod_slots | Py_slot_subslots) {
            if depth >= MAX_NESTING {
                let message = format!("{name} (slot {id}): too many levels of nested slots");
                return Err(ts.raise_str(&SYSTEM_ERROR, &message));
            }
            // SAFETY: the value is an array of slots.
            return unsafe {
                match id {
                    Py_mod_slots => self.read_old(ts, what, value.cast(), depth + 1),
                    _ if value.is_null() => Ok(()),
                    _ => self.read_new(ts, what, value.cast(), depth + 1),
                }
            };
        }
        if !name.starts_with("Py_mod_") {
            return Err(ts.raise(&SYSTEM_ERROR, format_args!("invalid module slot {id} ({name})")));
        }
        if id == Py_mod_methods && flags & PySlot_STATIC == 0 {
            return Err(ts.raise(&SYSTEM_ERROR, format_args!("{name} requires PySlot_STATIC")));
        }
        if id == Py_mod_exec && value.is_null() {
            return Err(ts.raise(&SYSTEM_ERROR, format_args!("NULL not allowed for slot {name}")));
        }
        if id != Py_mod_exec && id != Py_mod_abi {
            if self.seen.contains(&id) {
                let message = format!("module {what} has multiple {name} ({id}) slots");
                return Err(ts.raise_str(&SYSTEM_ERROR, &message));
            }
            self.seen.push(id);
        }
        self.take(ts, what, id, value)
    }

    fn take(&mut self, ts: &ThreadState, what: &str, id: u16, value: *mut c_void) -> Result<()> {
        use slots::*;
        let given = (!value.is_null()).then_some(value);
        match id {
            Py_mod_create => self.create = given,
            Py_mod_exec => self.exec.push(value),
            Py_mod_name => self.name = given,
            Py_mod_doc => self.doc = given,
            Py_mod_state_size => self.state_size = Some(value as isize),
            Py_mod_methods => self.methods = given,
            Py_mod_state_traverse => self.traverse = given,
            Py_mod_state_clear => self.clear = given,
            Py_mod_state_free => self.free = given,
            Py_mod_token => self.token = given,
            Py_mod_abi => {
                self.has_abi = true;
                // SAFETY: the slot's value is a description of the ABI.
                crate::types::module::abi::check(ts, unsafe { value.cast::<PyABIInfo>().as_ref() }, what)?;
            }
            Py_mod_multiple_interpreters => self.interpreters = Some(value),
            // Whether it needs a GIL: one is held here, always.
            _ => {}
        }
        Ok(())
    }

    /// What a `PyModuleDef` says, with its slots; the two must not contradict each other.
    ///
    /// # Safety
    /// A definition whose pointers are valid.
    unsafe fn of_def(ts: &ThreadState, what: &str, def: &PyModuleDef) -> Result<Definition> {
        let mut this = Definition::default();
        // SAFETY: the caller's promise.
        unsafe { this.read_old(ts, what, def.m_slots.get(), 0)? };
        if this.token.is_some_and(|t| t != core::ptr::from_ref(def).cast_mut().cast()) {
            let message = format!("module {what}: arbitrary Py_mod_token not allowed with PyModuleDef");
            return Err(ts.raise_str(&SYSTEM_ERROR, &message));
        }
        let pointer = |f: Option<usize>| f.unwrap_or(0) as *mut c_void;
        let merge = |slot: &mut Option<*mut c_void>, field: *mut c_void, name: &str, of: &str| -> Result<()> {
            if !field.is_null() {
                if slot.is_some() {
                    let message = format!("module {what}: {name} conflicts with PyModuleDef.{of}");
                    return Err(ts.raise_str(&SYSTEM_ERROR, &message));
                }
                *slot = Some(field);
            }
            Ok(())
        };
        merge(&mut this.name, def.m_name.get().cast_mut().cast(), "Py_mod_name", "m_name")?;
        merge(&mut this.doc, def.m_doc.get().cast_mut().cast(), "Py_mod_doc", "m_doc")?;
        merge(&mut this.methods, def.m_methods.get().cast(), "Py_mod_methods", "m_methods")?;
        let traverse = pointer(def.m_traverse.get().map(|f| f as usize));
        merge(&mut this.traverse, traverse, "Py_mod_state_traverse", "m_traverse")?;
        merge(&mut this.clear, pointer(def.m_clear.get().map(|f| f as usize)), "Py_mod_state_clear", "m_clear")?;
        merge(&mut this.free, pointer(def.m_free.get().map(|f| f as usize)), "Py_mod_state_free", "m_free")?;
        match (this.state_size, def.m_size.get()) {
            (Some(_), size) if size != 0 => {
                let message = format!("module {what}: Py_mod_state_size conflicts with PyModuleDef.m_size");
                return Err(ts.raise_str(&SYSTEM_ERROR, &message));
            }
            (None, size) => this.state_size = Some(size),
            _ => {}
        }
        Ok(this)
    }

    fn wants_state(&self) -> bool {
        self.state_size.is_some_and(|s| s > 0) || self.traverse.is_some() || self.clear.is_some() || self.free.is_some()
    }

    /// Makes the module for `spec`.
    fn create(&self, ts: &ThreadState, spec: &Object, name: &Str, def: Option<&PyModuleDef>) -> Result {
        let module = match self.create {
            None => Module::new(ts, name)?.upcast(),
            Some(create) => {
                // SAFETY: the slot's value is such a function.
                let result = unsafe {
                    let create: Create = transmute::<*mut c_void, Create>(create);
                    let create = ledger::entry(create, Gives::Object, || format!("Py_mod_create of {name}"));
                    create(spec.as_ptr(), def.map_or(core::ptr::null_mut(), |d| core::ptr::from_ref(d).cast_mut()))
                };
                made(ts, result, name)?
            }
        };
        let system_error = |what: &str| Err(ts.raise(&SYSTEM_ERROR, format_args!("module {name} {what}")));
        match module.downcast::<Module>() {
            Some(module) => self.fill(module, def),
            None if self.wants_state() => {
                return system_error("is not a module object, but requests module state");
            }
            None if !self.exec.is_empty() => {
                return system_error("specifies execution slots, but did not create a ModuleType instance");
            }
            None if def.is_none() && self.token.is_some() => {
                return system_error("specifies a token, but did not create a ModuleType instance");
            }
            None => {}
        }
        // SAFETY: the slots' values are an array of definitions, and a C string.
        unsafe {
            if let Some(methods) = self.methods {
                add_functions(ts, &module, methods.cast(), name)?;
            }
            if let Some(doc) = self.doc {
                set_doc(ts, &module, doc.cast())?;
            }
        }
        Ok(module)
    }

    fn fill(&self, module: &Module, def: Option<&PyModuleDef>) {
        // SAFETY: the slots' values are functions of these types.
        unsafe {
            module.traverse.set(self.traverse.map(|f| transmute::<*mut c_void, traverseproc>(f)));
            module.clear.set(self.clear.map(|f| transmute::<*mut c_void, inquiry>(f)));
            module.free.set(self.free.map(|f| transmute::<*mut c_void, freefunc>(f)));
        }
        module.state_size.set(self.state_size.unwrap_or(0));
        match def {
            Some(def) => {
                module.token.set(core::ptr::from_ref(def).cast_mut().cast());
                module.token_is_def.set(true);
            }
            None => {
                module.token.set(self.token.unwrap_or(core::ptr::null_mut()));
                module.exec.set(self.exec.first().copied().unwrap_or(core::ptr::null_mut()));
            }
        }
    }

    /// Whether the module copes with the interpreter that loads it.
    fn check_interpreter(&self, ts: &ThreadState, what: &str) -> Result<()> {
        let interp = ts.interp();
        match self.interpreters {
            Some(PER_INTERPRETER_GIL) => Ok(()),
            Some(NO_OTHER_INTERPRETERS) => refuse_in_others(ts, what),
            _ if interp.config.has_own_gil() => refuse_in_others(ts, what),
            _ => Ok(()),
        }
    }

    fn check_size(&self, ts: &ThreadState, what: &str) -> Result<()> {
        if self.state_size.is_some_and(|s| s < 0) {
            let message = format!("module {what}: m_size may not be negative for multi-phase initialization");
            return Err(ts.raise_str(&SYSTEM_ERROR, &message));
        }
        Ok(())
    }
}

/// What a create function returned.
fn made(ts: &ThreadState, result: *mut PyObject, name: &Str) -> Result {
    // SAFETY: a C function returns NULL or a reference that is ours.
    match unsafe { Owned::from_stolen_nullable(result) } {
        Some(module) if !ts.error.is_set() => Ok(module),
        None if ts.error.is_set() => Err(Raised::already()),
        None => {
            let message = format!("creation of module {name} failed without setting an exception");
            Err(ts.raise_str(&SYSTEM_ERROR, &message))
        }
        Some(_) => Err(raise_from_current(ts, &format!("creation of module {name} raised unreported exception"))),
    }
}

/// `SystemError` with what is raised as its cause.
fn raise_from_current(ts: &ThreadState, message: &str) -> Raised {
    let cause = ts.take_raised();
    let raised = ts.raise_str(&SYSTEM_ERROR, message);
    if let (Some(cause), Some(error)) = (cause, ts.take_raised()) {
        crate::types::exceptions::set_cause_and_context(&error, cause);
        ts.restore(error);
    }
    raised
}

fn spec_name(ts: &ThreadState, spec: &Object) -> Result<Owned<Str>> {
    let name = getattr(ts, spec, &identifiers::name)?;
    name.downcast_owned::<Str>().map_err(|_| super::bad_argument(ts))
}

/// `PyModule_FromDefAndSpec2`.
///
/// # Safety
/// A definition whose pointers are valid and outlive the module.
pub unsafe fn from_def_and_spec(ts: &ThreadState, def: &PyModuleDef, spec: &Object) -> Result {
    init(def);
    let name = spec_name(ts, spec)?;
    let what = name.to_string();
    // SAFETY: the caller's promise.
    let definition = unsafe { Definition::of_def(ts, &what, def)? };
    definition.check_size(ts, &what)?;
    definition.check_interpreter(ts, &what)?;
    definition.create(ts, spec, &name, Some(def))
}

/// `PyModule_FromSlotsAndSpec`.
///
/// # Safety
/// An array of slots that ends with a zero, whose pointers are valid and outlive the module.
pub unsafe fn from_slots_and_spec(ts: &ThreadState, slots: *const PySlot, spec: &Object) -> Result {
    if slots.is_null() {
        return Err(ts.raise_str(&SYSTEM_ERROR, "PyModule_FromSlotsAndSpec called with NULL slots"));
    }
    let name = spec_name(ts, spec)?;
    let what = name.to_string();
    let mut definition = Definition::default();
    // SAFETY: the caller's promise.
    unsafe { definition.read_new(ts, &what, slots, 0)? };
    if definition.exec.len() > 1 {
        let message = format!("module {what} has multiple Py_mod_exec slots");
        return Err(ts.raise_str(&SYSTEM_ERROR, &message));
    }
    if !definition.has_abi {
        let message = format!(
            "module {what} does not define Py_mod_abi, which is mandatory for modules defined from slots only."
        );
        return Err(ts.raise_str(&SYSTEM_ERROR, &message));
    }
    definition.check_size(ts, &what)?;
    definition.check_interpreter(ts, &what)?;
    definition.create(ts, spec, &name, None)
}

/// `PyModule_Create2`: a module of one phase.
///
/// # Safety
/// A definition whose pointers are valid and outlive the module.
pub unsafe fn create(ts: &ThreadState, def: &PyModuleDef) -> Result<Owned<Module>> {
    init(def);
    // SAFETY: the name is a C string.
    let what = unsafe { CStr::from_ptr(def.m_name.get()) }.to_string_lossy();
    if !def.m_slots.get().is_null() {
        let message = format!("module {what}: PyModule_Create is incompatible with m_slots");
        return Err(ts.raise_str(&SYSTEM_ERROR, &message));
    }
    // A module within a package gives itself the last part of its name only.
    let imported = ts.interp().imports.context.borrow_mut().take_if(|full| full.rsplit('.').next() == Some(&*what));
    let name = Str::new(ts, imported.as_deref().unwrap_or(&what))?;
    let module = Module::new(ts, &name)?;
    module.token.set(core::ptr::from_ref(def).cast_mut().cast());
    module.token_is_def.set(true);
    module.state_size.set(def.m_size.get());
    if def.m_size.get() > 0 {
        module.allocate_state(ts)?;
    }
    // SAFETY: the caller's promise.
    unsafe {
        if !def.m_methods.get().is_null() {
            add_functions(ts, &module, def.m_methods.get(), &name)?;
        }
        if !def.m_doc.get().is_null() {
            set_doc(ts, &module, def.m_doc.get())?;
        }
    }
    // Only now: nothing above may run them.
    module.traverse.set(def.m_traverse.get());
    module.clear.set(def.m_clear.get());
    module.free.set(def.m_free.get());
    Ok(module)
}

/// `PyModule_Exec`: the second phase.
pub fn exec(ts: &ThreadState, object: &Object) -> Result<()> {
    let module = as_module(ts, object)?;
    // SAFETY: NULL or the definition, which outlives the module.
    if let Some(def) = unsafe { module.definition().as_ref() } {
        return exec_def(ts, object, def);
    }
    module.allocate_state(ts)?;
    match module.exec.get() {
        f if f.is_null() => Ok(()),
        f => run(ts, object, f),
    }
}

/// `PyModule_ExecDef`.
pub fn exec_def(ts: &ThreadState, object: &Object, def: &PyModuleDef) -> Result<()> {
    if let Some(module) = object.downcast::<Module>() {
        // A subclass's instance may not have been told yet.
        if module.state_size.get() <= 0 {
            module.state_size.set(def.m_size.get());
        }
        module.allocate_state(ts)?;
    }
    let what = match object.downcast::<Module>() {
        Some(module) => module.name(ts)?.to_string(),
        None => return Err(super::bad_argument(ts)),
    };
    // SAFETY: a definition's pointers are valid.
    let definition = unsafe { Definition::of_def(ts, &what, def)? };
    definition.exec.iter().try_for_each(|&f| run(ts, object, f))
}

fn run(ts: &ThreadState, module: &Object, f: *mut c_void) -> Result<()> {
    // SAFETY: the slot's value is such a function.
    let status = unsafe {
        let exec = ledger::entry(transmute::<*mut c_void, Exec>(f), Gives::Nothing, || "Py_mod_exec".to_owned());
        exec(module.as_ptr())
    };
    match (status, ts.error.is_set()) {
        (0, false) => Ok(()),
        (0, true) => {
            let cause = ts.take_raised();
            let text = repr(ts, module)?;
            if let Some(cause) = cause {
                ts.restore(cause);
            }
            let message = format!("execution of module {text} raised unreported exception");
            Err(raise_from_current(ts, &message))
        }
        (_, true) => Err(Raised::already()),
        (_, false) => {
            let text = repr(ts, module)?;
            let message = format!("execution of {text} failed without setting an exception");
            Err(ts.raise_str(&SYSTEM_ERROR, &message))
        }
    }
}

/// Makes the definitions functions of the module.
///
/// # Safety
/// An array of definitions that ends with a NULL name and outlives the module.
pub unsafe fn add_functions(ts: &ThreadState, module: &Object, mut def: *const PyMethodDef, name: &Str) -> Result<()> {
    // SAFETY: the caller's promise.
    unsafe {
        while !(*def).ml_name.is_null() {
            if (*def).ml_flags & (METH_CLASS | METH_STATIC) != 0 {
                return Err(ts.raise_str(&VALUE_ERROR, "module functions cannot set METH_CLASS or METH_STATIC"));
            }
            let function = function::new_function(ts, def, Some(module), Some(name), None)?;
            let key = Str::interned(ts, crate::types::descr::c_text(ts, (*def).ml_name)?)?;
            put(ts, module, &key, &function)?;
            def = def.add(1);
        }
    }
    Ok(())
}

/// `module.name = value`.
fn put(ts: &ThreadState, module: &Object, name: &Str, value: &Object) -> Result<()> {
    match module.downcast_exact::<Module>() {
        Some(module) if !is_computed(name) => module.dict().set_name(ts, name, value),
        _ => setattr(ts, module, name, Some(value)),
    }
}

/// Whether a module's type defines an attribute of that name, so that it is not its dict that keeps it.
fn is_computed(name: &Str) -> bool {
    let Some(text) = name.as_ascii() else { return true };
    // SAFETY: names in static tables.
    let is_name = |defined: *const c_char| unsafe { CStr::from_ptr(defined) }.to_bytes() == text.as_bytes();
    text.starts_with("__") && [&PyModule_Type, &PyBaseObject_Type].into_iter().flat_map(names).any(is_name)
}

/// `PyModule_SetDocString`.
///
/// # Safety
/// NUL-terminated.
pub unsafe fn set_doc(ts: &ThreadState, module: &Object, doc: *const c_char) -> Result<()> {
    // SAFETY: the caller's promise.
    let doc = Str::new(ts, &unsafe { CStr::from_ptr(doc) }.to_string_lossy())?;
    put(ts, module, &identifiers::__doc__, &doc)
}
