//! What an interpreter owns.
//!
//! Nothing in here is shared: its heap, its collector's list, its modules, its interned strings, and what is
//! mutable about the built-in types (their subclasses and weak references). Used only under its GIL.

use core::cell::{Cell, RefCell, UnsafeCell};
use core::ptr::{self, NonNull};
use std::collections::HashMap;

use super::ThreadState;
use crate::ffi::PyObject;
use crate::object::alloc::GcHead;
use crate::object::heap::Heap;
use crate::object::immortal::Origin;
use crate::object::{Object, Type};
use crate::types::str::intern::InternTable;
use crate::types::type_::lookup::MethodCache;

/// The collector's list: a ring through its own head.
pub struct GcList {
    head: Box<GcHead>,
    pub enabled: Cell<bool>,
    /// A collection is under way.
    pub collecting: Cell<bool>,
    pub allocated: Cell<u32>,
}

impl Default for GcList {
    fn default() -> GcList {
        let head = Box::new(GcHead { next: Cell::new(ptr::null_mut()), prev: Cell::new(ptr::null_mut()) });
        let p = ptr::from_ref(&*head).cast_mut();
        head.next.set(p);
        head.prev.set(p);
        GcList { head, enabled: Cell::new(true), collecting: Cell::new(false), allocated: Cell::new(0) }
    }
}

impl GcList {
    #[inline]
    pub fn link(&self, item: &GcHead) {
        let head = &*self.head;
        let last = head.prev.get();
        let item_ptr = ptr::from_ref(item).cast_mut();
        item.prev.set(last);
        item.next.set(ptr::from_ref(head).cast_mut());
        // SAFETY: the last head of the ring lives.
        unsafe { (*last).next.set(item_ptr) };
        head.prev.set(item_ptr);
    }

    /// The ring's own head.
    pub fn head(&self) -> &GcHead {
        &self.head
    }
}

/// What an interpreter keeps about a type whose own fields are shared.
#[derive(Default)]
pub struct TypeState {
    /// Subclasses, not owned: each removes itself when it ends.
    pub subclasses: Vec<NonNull<Type>>,
    /// The list of weak references to the type: NULL or its first.
    pub weak_references: Cell<*mut PyObject>,
}

pub struct Interpreter {
    pub id: i64,
    pub heap: Heap,
    pub gc: GcList,
    pub interned: InternTable,
    pub method_cache: MethodCache,
    pub static_types: RefCell<HashMap<*const Type, TypeState>>,
    /// Objects of this interpreter that became immortal.
    pub promoted: RefCell<Vec<(NonNull<Object>, Origin)>>,
    /// `sys.modules`, the `sys` and `builtins` modules' dicts, `PyInterpreterState_GetDict`: NULL or owned.
    pub modules: Cell<*mut PyObject>,
    pub sys_dict: Cell<*mut PyObject>,
    pub builtins: Cell<*mut PyObject>,
    pub dict: Cell<*mut PyObject>,
    /// Modules by `PyModuleDef.m_base.m_index`: NULL or owned.
    pub modules_by_index: RefCell<Vec<*mut PyObject>>,
    /// `PyUnstable_AtExit` and `atexit`-like callbacks.
    pub at_exit: RefCell<Vec<Box<dyn FnOnce(&ThreadState)>>>,
    pub threads: UnsafeCell<Vec<Box<ThreadState>>>,
    pub finalizing: Cell<bool>,
}

impl Interpreter {
    pub(super) fn new(id: i64) -> Interpreter {
        Interpreter {
            id,
            heap: Heap::new(),
            gc: GcList::default(),
            interned: InternTable::default(),
            method_cache: MethodCache::default(),
            static_types: RefCell::default(),
            promoted: RefCell::default(),
            modules: Cell::new(ptr::null_mut()),
            sys_dict: Cell::new(ptr::null_mut()),
            builtins: Cell::new(ptr::null_mut()),
            dict: Cell::new(ptr::null_mut()),
            modules_by_index: RefCell::default(),
            at_exit: RefCell::default(),
            threads: UnsafeCell::default(),
            finalizing: Cell::new(false),
        }
    }
}
