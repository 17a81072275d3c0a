//! PyTypeObject and PyHeapTypeObject (cpython/object.h).
//!
//! Whatever readying or assignment to a class may change is a `Cell`; the rest is fixed before the type is
//! first used. Built-in types are statics made by struct update from [`PyTypeObject::STATIC`].

#![allow(non_camel_case_types)]

use super::*;

#[repr(C)]
pub struct PyTypeObject {
    pub ob_base: PyVarObject,
    pub tp_name: *const c_char,
    pub tp_basicsize: Py_ssize_t,
    pub tp_itemsize: Py_ssize_t,
    pub tp_dealloc: Slot<destructor>,
    pub tp_vectorcall_offset: Py_ssize_t,
    pub tp_getattr: Slot<getattrfunc>,
    pub tp_setattr: Slot<setattrfunc>,
    pub tp_as_async: Cell<*mut PyAsyncMethods>,
    pub tp_repr: Slot<reprfunc>,
    pub tp_as_number: Cell<*mut PyNumberMethods>,
    pub tp_as_sequence: Cell<*mut PySequenceMethods>,
    pub tp_as_mapping: Cell<*mut PyMappingMethods>,
    pub tp_hash: Slot<hashfunc>,
    pub tp_call: Slot<ternaryfunc>,
    pub tp_str: Slot<reprfunc>,
    pub tp_getattro: Slot<getattrofunc>,
    pub tp_setattro: Slot<setattrofunc>,
    pub tp_as_buffer: Cell<*mut PyBufferProcs>,
    pub tp_flags: Cell<c_ulong>,
    pub tp_doc: Cell<*const c_char>,
    pub tp_traverse: Slot<traverseproc>,
    pub tp_clear: Slot<inquiry>,
    pub tp_richcompare: Slot<richcmpfunc>,
    pub tp_weaklistoffset: Py_ssize_t,
    pub tp_iter: Slot<getiterfunc>,
    pub tp_iternext: Slot<iternextfunc>,
    pub tp_methods: *mut PyMethodDef,
    pub tp_members: *mut PyMemberDef,
    pub tp_getset: *mut PyGetSetDef,
    pub tp_base: Cell<*mut PyTypeObject>,
    pub tp_dict: Cell<*mut PyObject>,
    pub tp_descr_get: Slot<descrgetfunc>,
    pub tp_descr_set: Slot<descrsetfunc>,
    pub tp_dictoffset: Py_ssize_t,
    pub tp_init: Slot<initproc>,
    pub tp_alloc: Slot<allocfunc>,
    pub tp_new: Slot<newfunc>,
    pub tp_free: Slot<freefunc>,
    pub tp_is_gc: Slot<inquiry>,
    pub tp_bases: Cell<*mut PyObject>,
    pub tp_mro: Cell<*mut PyObject>,
    pub tp_cache: Cell<*mut PyObject>,
    pub tp_subclasses: Cell<*mut c_void>,
    pub tp_weaklist: Cell<*mut PyObject>,
    pub tp_del: Slot<destructor>,
    pub tp_version_tag: Cell<c_uint>,
    pub tp_finalize: Slot<destructor>,
    pub tp_vectorcall: Slot<vectorcallfunc>,
    pub tp_watched: Cell<c_uchar>,
    pub tp_versions_used: Cell<u16>,
    pub _tp_iteritem: *mut c_void,
}

// SAFETY: a built-in type is immutable once readied; a heap type belongs to one interpreter.
unsafe impl Sync for PyTypeObject {}

impl PyTypeObject {
    /// Every field zero; the header names no type yet.
    #[allow(clippy::declare_interior_mutable_const)]
    pub const EMPTY: PyTypeObject = PyTypeObject {
        ob_base: PyVarObject::immortal(ptr::null()),
        tp_name: ptr::null(),
        tp_basicsize: 0,
        tp_itemsize: 0,
        tp_dealloc: Cell::new(None),
        tp_vectorcall_offset: 0,
        tp_getattr: Cell::new(None),
        tp_setattr: Cell::new(None),
        tp_as_async: Cell::new(ptr::null_mut()),
        tp_repr: Cell::new(None),
        tp_as_number: Cell::new(ptr::null_mut()),
        tp_as_sequence: Cell::new(ptr::null_mut()),
        tp_as_mapping: Cell::new(ptr::null_mut()),
        tp_hash: Cell::new(None),
        tp_call: Cell::new(None),
        tp_str: Cell::new(None),
        tp_getattro: Cell::new(None),
        tp_setattro: Cell::new(None),
        tp_as_buffer: Cell::new(ptr::null_mut()),
        tp_flags: Cell::new(0),
        tp_doc: Cell::new(ptr::null()),
        tp_traverse: Cell::new(None),
        tp_clear: Cell::new(None),
        tp_richcompare: Cell::new(None),
        tp_weaklistoffset: 0,
        tp_iter: Cell::new(None),
        tp_iternext: Cell::new(None),
        tp_methods: ptr::null_mut(),
        tp_members: ptr::null_mut(),
        tp_getset: ptr::null_mut(),
        tp_base: Cell::new(ptr::null_mut()),
        tp_dict: Cell::new(ptr::null_mut()),
        tp_descr_get: Cell::new(None),
        tp_descr_set: Cell::new(None),
        tp_dictoffset: 0,
        tp_init: Cell::new(None),
        tp_alloc: Cell::new(None),
        tp_new: Cell::new(None),
        tp_free: Cell::new(None),
        tp_is_gc: Cell::new(None),
        tp_bases: Cell::new(ptr::null_mut()),
        tp_mro: Cell::new(ptr::null_mut()),
        tp_cache: Cell::new(ptr::null_mut()),
        tp_subclasses: Cell::new(ptr::null_mut()),
        tp_weaklist: Cell::new(ptr::null_mut()),
        tp_del: Cell::new(None),
        tp_version_tag: Cell::new(0),
        tp_finalize: Cell::new(None),
        tp_vectorcall: Cell::new(None),
        tp_watched: Cell::new(0),
        tp_versions_used: Cell::new(0),
        _tp_iteritem: ptr::null_mut(),
    };
}

#[repr(C)]
pub struct PyHeapTypeObject {
    pub ht_type: PyTypeObject,
    pub as_async: PyAsyncMethods,
    pub as_number: PyNumberMethods,
    pub as_mapping: PyMappingMethods,
    pub as_sequence: PySequenceMethods,
    pub as_buffer: PyBufferProcs,
    pub ht_name: Cell<*mut PyObject>,
    pub ht_slots: Cell<*mut PyObject>,
    pub ht_qualname: Cell<*mut PyObject>,
    pub ht_cached_keys: Cell<*mut c_void>,
    pub ht_module: Cell<*mut PyObject>,
    pub _ht_tpname: Cell<*mut c_char>,
    pub ht_token: Cell<*mut c_void>,
    pub _spec_cache: Cell<[usize; 3]>,
}

const _: () = {
    assert!(size_of::<PyTypeObject>() == 424);
    assert!(offset_of!(PyTypeObject, ob_base) == 0);
    assert!(offset_of!(PyTypeObject, tp_name) == 24);
    assert!(offset_of!(PyTypeObject, tp_basicsize) == 32);
    assert!(offset_of!(PyTypeObject, tp_itemsize) == 40);
    assert!(offset_of!(PyTypeObject, tp_dealloc) == 48);
    assert!(offset_of!(PyTypeObject, tp_vectorcall_offset) == 56);
    assert!(offset_of!(PyTypeObject, tp_getattr) == 64);
    assert!(offset_of!(PyTypeObject, tp_setattr) == 72);
    assert!(offset_of!(PyTypeObject, tp_as_async) == 80);
    assert!(offset_of!(PyTypeObject, tp_repr) == 88);
    assert!(offset_of!(PyTypeObject, tp_as_number) == 96);
    assert!(offset_of!(PyTypeObject, tp_as_sequence) == 104);
    assert!(offset_of!(PyTypeObject, tp_as_mapping) == 112);
    assert!(offset_of!(PyTypeObject, tp_hash) == 120);
    assert!(offset_of!(PyTypeObject, tp_call) == 128);
    assert!(offset_of!(PyTypeObject, tp_str) == 136);
    assert!(offset_of!(PyTypeObject, tp_getattro) == 144);
    assert!(offset_of!(PyTypeObject, tp_setattro) == 152);
    assert!(offset_of!(PyTypeObject, tp_as_buffer) == 160);
    assert!(offset_of!(PyTypeObject, tp_flags) == 168);
    assert!(offset_of!(PyTypeObject, tp_doc) == 176);
    assert!(offset_of!(PyTypeObject, tp_traverse) == 184);
    assert!(offset_of!(PyTypeObject, tp_clear) == 192);
    assert!(offset_of!(PyTypeObject, tp_richcompare) == 200);
    assert!(offset_of!(PyTypeObject, tp_weaklistoffset) == 208);
    assert!(offset_of!(PyTypeObject, tp_iter) == 216);
    assert!(offset_of!(PyTypeObject, tp_iternext) == 224);
    assert!(offset_of!(PyTypeObject, tp_methods) == 232);
    assert!(offset_of!(PyTypeObject, tp_members) == 240);
    assert!(offset_of!(PyTypeObject, tp_getset) == 248);
    assert!(offset_of!(PyTypeObject, tp_base) == 256);
    assert!(offset_of!(PyTypeObject, tp_dict) == 264);
    assert!(offset_of!(PyTypeObject, tp_descr_get) == 272);
    assert!(offset_of!(PyTypeObject, tp_descr_set) == 280);
    assert!(offset_of!(PyTypeObject, tp_dictoffset) == 288);
    assert!(offset_of!(PyTypeObject, tp_init) == 296);
    assert!(offset_of!(PyTypeObject, tp_alloc) == 304);
    assert!(offset_of!(PyTypeObject, tp_new) == 312);
    assert!(offset_of!(PyTypeObject, tp_free) == 320);
    assert!(offset_of!(PyTypeObject, tp_is_gc) == 328);
    assert!(offset_of!(PyTypeObject, tp_bases) == 336);
    assert!(offset_of!(PyTypeObject, tp_mro) == 344);
    assert!(offset_of!(PyTypeObject, tp_cache) == 352);
    assert!(offset_of!(PyTypeObject, tp_subclasses) == 360);
    assert!(offset_of!(PyTypeObject, tp_weaklist) == 368);
    assert!(offset_of!(PyTypeObject, tp_del) == 376);
    assert!(offset_of!(PyTypeObject, tp_version_tag) == 384);
    assert!(offset_of!(PyTypeObject, tp_finalize) == 392);
    assert!(offset_of!(PyTypeObject, tp_vectorcall) == 400);
    assert!(offset_of!(PyTypeObject, tp_watched) == 408);
    assert!(offset_of!(PyTypeObject, tp_versions_used) == 410);
    assert!(offset_of!(PyTypeObject, _tp_iteritem) == 416);
    assert!(size_of::<PyHeapTypeObject>() == 944);
    assert!(offset_of!(PyHeapTypeObject, ht_type) == 0);
    assert!(offset_of!(PyHeapTypeObject, as_async) == 424);
    assert!(offset_of!(PyHeapTypeObject, as_number) == 456);
    assert!(offset_of!(PyHeapTypeObject, as_mapping) == 744);
    assert!(offset_of!(PyHeapTypeObject, as_sequence) == 768);
    assert!(offset_of!(PyHeapTypeObject, as_buffer) == 848);
    assert!(offset_of!(PyHeapTypeObject, ht_name) == 864);
    assert!(offset_of!(PyHeapTypeObject, ht_slots) == 872);
    assert!(offset_of!(PyHeapTypeObject, ht_qualname) == 880);
    assert!(offset_of!(PyHeapTypeObject, ht_cached_keys) == 888);
    assert!(offset_of!(PyHeapTypeObject, ht_module) == 896);
    assert!(offset_of!(PyHeapTypeObject, _ht_tpname) == 904);
    assert!(offset_of!(PyHeapTypeObject, ht_token) == 912);
    assert!(offset_of!(PyHeapTypeObject, _spec_cache) == 920);
};
