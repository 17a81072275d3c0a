//! What an interpreter owns.
//!
//! Nothing in here is shared: its heap, its collector, its modules, its interned strings, and what is
//! mutable about the built-in types (their subclasses and weak references). Used only under its GIL, the list
//! of its threads and its guards apart: a thread state may be made and deleted without.
//!
//! Interpreters of the old kind (`Py_NewInterpreter`) share the main one's GIL, and with it its [`Memory`]: C code that
//! was written for them hands objects from one to another.

use core::cell::{Cell, OnceCell, RefCell};
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use super::ThreadState;
use super::config::PyInterpreterConfig;
use super::gil::Gil;
use super::guard::Guards;
use crate::ffi::{PyModuleDef, PyObject};
use crate::object::alloc::{try_box, try_push};
use crate::object::collector::Collector;
use crate::object::counted::Counted;
use crate::object::heap::Heap;
use crate::object::immortal::Origin;
use crate::object::lock::Mutex;
use crate::object::strategy::Copies;
use crate::object::{Object, ObjectCell, Owned, Type};
use crate::types::dict::shared::Copies as DictCopies;
use crate::types::str::intern::InternTable;
use crate::types::type_::lookup::MethodCache;

/// What an interpreter keeps about a type, or another object, whose own fields are shared.
#[derive(Default)]
pub struct SharedState {
    /// A type's subclasses, not owned: each removes itself when it ends.
    pub subclasses: Vec<NonNull<Type>>,
    /// The list of weak references to the object: NULL or its first.
    pub weak_references: Cell<*mut PyObject>,
}

/// What an interpreter keeps for its imports.
#[derive(Default)]
pub struct Imports {
    /// The full name of the single-phase module that is being loaded: `PyModule_Create` takes it where its last part
    /// is the name that the module gives itself.
    pub context: RefCell<Option<String>>,
    /// Single-phase modules by file and name, for a second import.
    pub single_phase: RefCell<HashMap<(PathBuf, String), SinglePhase>>,
}

/// What is called when the interpreter ends.
pub type AtExit = Box<dyn FnOnce(&ThreadState)>;

/// What objects are made in, and what knows them by their address.
pub struct Memory {
    heap: Heap,
    interned: InternTable,
    /// Made once enough was looked up.
    method_cache: OnceCell<Box<MethodCache>>,
    /// What was changed in the dicts of extensions' static types.
    dict_copies: DictCopies,
}

impl Default for Memory {
    fn default() -> Memory {
        Memory {
            heap: Heap::of_interpreter(),
            interned: InternTable::default(),
            method_cache: OnceCell::new(),
            dict_copies: DictCopies::default(),
        }
    }
}

/// The function by which a C module begins: a module, or its definition.
pub type ModuleInit = unsafe extern "C" fn() -> *mut PyObject;

/// What is needed to make a single-phase module again.
pub struct SinglePhase {
    pub definition: *const PyModuleDef,
    pub init: ModuleInit,
    /// A copy of the module's dict, for one that can be initialised only once: NULL or owned.
    pub copy: Cell<*mut PyObject>,
}

/// More than a start takes, little beside what any program does.
const LOOKUPS_WITHOUT_CACHE: u32 = 100;

pub struct Interpreter {
    pub id: i64,
    pub config: PyInterpreterConfig,
    gil: Counted<Gil>,
    memory: Counted<Memory>,
    /// The memory's, one step nearer; one in which nothing is found until so much was looked up that one is worth
    /// its 24 KB.
    method_cache: Cell<*const MethodCache>,
    uncached_lookups: Cell<u32>,
    pub gc: Collector,
    /// Its singletons, where the strategy gives it some of its own.
    pub copies: Copies,
    pub shared: RefCell<HashMap<*const PyObject, SharedState>>,
    /// Objects of this interpreter that became immortal.
    pub promoted: RefCell<Vec<(NonNull<Object>, Origin)>>,
    /// What heap walks made immortal, a list for each walk.
    pub walked: RefCell<Vec<Vec<NonNull<Object>>>>,
    /// `sys.modules`, the `sys` and `builtins` modules' dicts, `PyInterpreterState_GetDict`: NULL or owned.
    pub modules: Cell<*mut PyObject>,
    pub sys_dict: Cell<*mut PyObject>,
    pub builtins: Cell<*mut PyObject>,
    pub dict: Cell<*mut PyObject>,
    /// Registered error handlers by name, and codec search functions: NULL or owned.
    pub codec_errors: Cell<*mut PyObject>,
    pub codec_search: Cell<*mut PyObject>,
    /// Modules by `PyModuleDef.m_base.m_index`: NULL or owned.
    pub modules_by_index: RefCell<Vec<*mut PyObject>>,
    /// `PyUnstable_AtExit`: called once the modules are gone, the newest first.
    pub at_exit: RefCell<Vec<AtExit>>,
    /// `sys.set_int_max_str_digits`; 0 for no limit.
    pub int_max_str_digits: Cell<usize>,
    threads: Mutex<Vec<NonNull<ThreadState>>>,
    next_thread: AtomicU64,
    finalizing: AtomicBool,
    /// What keeps it from ending.
    pub(super) guards: Guards,
    pub imports: Imports,
    /// Warnings that were printed, by what makes them the same.
    pub warned: RefCell<HashSet<String>>,
    /// Where exceptions go that nobody can be told of.
    pub unraisable_hook: super::unraisable::Hook,
}

impl Interpreter {
    /// With `main`, whose GIL and memory it may share. `None` without memory.
    pub(super) fn new(
        id: i64,
        config: PyInterpreterConfig,
        main: Option<&Interpreter>,
        unraisable_hook: super::unraisable::Hook,
    ) -> Option<Box<Interpreter>> {
        let memory = match main.filter(|_| config.shares_memory()) {
            Some(main) => main.memory.clone(),
            None => Counted::new(Memory::default())?,
        };
        let gil = match main.filter(|_| !config.has_own_gil()) {
            Some(main) => main.gil.clone(),
            None => Counted::new(Gil::default())?,
        };
        let gc = Collector::new()?;
        try_box(|| Interpreter {
            id,
            config,
            gil,
            method_cache: Cell::new(MethodCache::nothing()),
            uncached_lookups: Cell::new(0),
            memory,
            gc,
            copies: Default::default(),
            shared: RefCell::default(),
            promoted: RefCell::default(),
            walked: RefCell::default(),
            modules: Cell::new(ptr::null_mut()),
            sys_dict: Cell::new(ptr::null_mut()),
            builtins: Cell::new(ptr::null_mut()),
            dict: Cell::new(ptr::null_mut()),
            codec_errors: Cell::new(ptr::null_mut()),
            codec_search: Cell::new(ptr::null_mut()),
            modules_by_index: RefCell::default(),
            at_exit: RefCell::default(),
            int_max_str_digits: Cell::new(crate::types::int::digits::DEFAULT_MAX_STR_DIGITS),
            threads: Mutex::default(),
            next_thread: AtomicU64::new(1),
            finalizing: AtomicBool::new(false),
            guards: Guards::default(),
            imports: Imports::default(),
            warned: RefCell::default(),
            unraisable_hook,
        })
    }

    pub fn is_main(&self) -> bool {
        self.id == 0
    }

    pub(super) fn gil(&self) -> Counted<Gil> {
        self.gil.clone()
    }

    pub fn heap(&self) -> &Heap {
        &self.memory.heap
    }

    pub(super) fn heap_ptr(&self) -> *const Heap {
        &raw const self.memory.heap
    }

    pub fn interned(&self) -> &InternTable {
        &self.memory.interned
    }

    #[inline(always)]
    pub fn method_cache(&self) -> &MethodCache {
        // SAFETY: the memory's, which is there as long as this, or static.
        unsafe { &*self.method_cache.get() }
    }

    /// The same where something was found that it is to know.
    pub fn method_cache_to_fill(&self) -> Option<&MethodCache> {
        if ptr::eq(self.method_cache.get(), MethodCache::nothing()) {
            let lookups = self.uncached_lookups.get();
            if lookups < LOOKUPS_WITHOUT_CACHE {
                self.uncached_lookups.set(lookups + 1);
                return None;
            }
            if self.memory.method_cache.get().is_none() {
                // Without memory for one, the next lookup asks again.
                self.memory.method_cache.set(MethodCache::new()?).ok()?;
            }
            self.method_cache.set(&raw const **self.memory.method_cache.get()?);
        }
        Some(self.method_cache())
    }

    /// A name ends that the cache knows.
    pub fn forget_cached(&self, name: &crate::types::Str) {
        if let Some(cache) = self.memory.method_cache.get() {
            cache.forget(name);
        }
    }

    pub fn dict_copies(&self) -> &DictCopies {
        &self.memory.dict_copies
    }

    /// Most names end, or nobody knows which of what is in it still holds.
    pub fn clear_method_cache(&self) {
        if let Some(cache) = self.memory.method_cache.get() {
            cache.clear();
        }
    }

    /// Whether its objects are the main interpreter's as well.
    pub fn shares_memory_with_main(&self) -> bool {
        self.is_main() || self.config.shares_memory()
    }

    /// Whether what it does to its memory concerns no other interpreter.
    pub fn owns_memory(&self) -> bool {
        self.memory.owners() == 1
    }

    /// A thread state, attached to nothing yet; `None` without memory.
    pub fn new_thread(&self) -> Option<&ThreadState> {
        let ts = try_box(|| ThreadState::new(self, self.next_thread.fetch_add(1, Relaxed)))?;
        // Either this sees the end, or the end sees the state.
        let mut threads = self.threads.lock();
        if self.is_finalizing() {
            ts.end();
        }
        let listed = NonNull::from(&*ts);
        try_push(&mut threads, listed).then(|| &*Box::leak(ts))
    }

    /// Whether `f` holds for one of the interpreter's threads.
    pub fn any_thread(&self, f: impl Fn(&ThreadState) -> bool) -> bool {
        // SAFETY: a state lives as long as it is listed.
        self.threads.lock().iter().any(|t| f(unsafe { t.as_ref() }))
    }

    /// Calls `f` with every object that the interpreter and its threads hold themselves, until it says `false`; whether
    /// it never did.
    pub fn visit_cells(&self, f: &mut dyn FnMut(&Object) -> bool) -> bool {
        if !self.memory.dict_copies.all(f) {
            return false;
        }
        let own = [&self.modules, &self.sys_dict, &self.builtins, &self.dict, &self.codec_errors, &self.codec_search];
        let gc = [&self.gc.garbage, &self.gc.callbacks];
        let mut field = |cell: &Cell<*mut PyObject>| cell.peek().is_none_or(&mut *f);
        own.into_iter().chain(gc).all(&mut field)
            && self.modules_by_index.borrow().iter().all(|&module| field(&Cell::new(module)))
            && self.imports.single_phase.borrow().values().all(|module| field(&module.copy))
            && self.threads.lock().iter().all(|t| {
                // SAFETY: a state lives as long as it is listed.
                let ts = unsafe { t.as_ref() };
                [&ts.handled, &ts.dict, &ts.asked_to_raise, &ts.frame].into_iter().all(&mut field)
            })
    }

    /// Frees a thread state that was cleared.
    ///
    /// # Safety
    /// It is one of this interpreter's, no thread is attached to it, and nobody uses it afterwards.
    pub unsafe fn delete_thread(&self, ts: *const ThreadState) {
        self.threads.lock().retain(|t| !ptr::eq(t.as_ptr(), ts));
        if super::tls::own() == ts {
            super::tls::set_own(ptr::null());
        }
        // SAFETY: leaked by `new_thread`, and the caller's promise.
        drop(unsafe { Box::from_raw(ts.cast_mut()) });
    }

    /// `PyThreadState_SetAsyncExc`: whether there is such a thread.
    pub fn set_async_exception(&self, os_thread: usize, exception: Option<&Object>) -> bool {
        let asked = exception.map_or(ptr::null_mut(), |e| Owned::new(e).into_raw());
        let threads = self.threads.lock();
        // SAFETY: a state lives as long as it is listed.
        let found = threads.iter().map(|t| unsafe { t.as_ref() }).find(|t| t.os_thread() == os_thread);
        let unused = found.map_or(asked, |ts| ts.asked_to_raise.replace(asked));
        let is_found = found.is_some();
        drop(threads);
        // SAFETY: NULL or owned. What ends now may run foreign code, so no lock is held.
        drop(unsafe { Owned::<PyObject>::from_stolen_nullable(unused) });
        is_found
    }

    /// All thread states but `ts`.
    pub(super) fn other_threads(&self, ts: &ThreadState) -> Vec<*const ThreadState> {
        self.threads.lock().iter().map(|t| t.as_ptr().cast_const()).filter(|&t| !ptr::eq(t, ts)).collect()
    }

    /// In the child of a fork only the current thread goes on. The others' states are freed, and not cleared: what
    /// they hold may have been in the middle of a change.
    pub fn forget_other_threads(&self) {
        let current = super::tls::get();
        for ts in self.threads.lock().extract_if(.., |t| !ptr::eq(t.as_ptr(), current)) {
            // SAFETY: leaked by `new_thread`, and its thread is gone.
            drop(unsafe { Box::from_raw(ts.as_ptr()) });
        }
    }

    /// Whether it is ending. Needs no GIL.
    pub fn is_finalizing(&self) -> bool {
        self.finalizing.load(Relaxed)
    }

    /// From here on all other threads wait for ever when they come for the GIL.
    pub(super) fn begin_finalizing(&self, ts: &ThreadState) {
        self.finalizing.store(true, Relaxed);
        for other in self.threads.lock().iter().filter(|t| !ptr::eq(t.as_ptr(), ts)) {
            // SAFETY: a state lives as long as it is listed.
            unsafe { other.as_ref() }.end();
        }
    }

    /// Frees the thread states, at the end, but for those that another thread may come back to.
    pub(super) fn free_threads(&self) {
        for ts in core::mem::take(&mut *self.threads.lock()) {
            // SAFETY: leaked by `new_thread`; the interpreter ends, and with it whoever used them.
            unsafe {
                if ts.as_ref().is_of_another_thread() {
                    ABANDONED.lock().push(Abandoned(ts));
                } else {
                    drop(Box::from_raw(ts.as_ptr()));
                }
            }
        }
    }
}

/// States of threads that wait for ever, or will.
static ABANDONED: Mutex<Vec<Abandoned>> = Mutex::new(Vec::new());

#[allow(dead_code, reason = "kept for who looks for leaks")]
struct Abandoned(NonNull<ThreadState>);
// SAFETY: nobody looks at it but its own thread, when that comes back.
unsafe impl Send for Abandoned {}
