//! Layouts of code objects, frames and tracebacks (cpython/code.h, cpython/traceback.h).
//!
//! Read off CPython 3.15; the asserts below hold every field to its offset. A frame is opaque there, and has a layout
//! of our own.

#![allow(non_camel_case_types)]

use super::*;

#[repr(C)]
pub struct PyCodeObject {
    /// `ob_size` counts code units of two bytes.
    pub ob_base: PyVarObject,
    pub co_consts: Cell<*mut PyObject>,
    pub co_names: Cell<*mut PyObject>,
    pub co_exceptiontable: Cell<*mut PyObject>,
    pub co_flags: Cell<c_int>,
    pub co_argcount: Cell<c_int>,
    pub co_posonlyargcount: Cell<c_int>,
    pub co_kwonlyargcount: Cell<c_int>,
    pub co_stacksize: Cell<c_int>,
    pub co_firstlineno: Cell<c_int>,
    pub co_nlocalsplus: Cell<c_int>,
    pub co_framesize: Cell<c_int>,
    pub co_nlocals: Cell<c_int>,
    pub co_ncellvars: Cell<c_int>,
    pub co_nfreevars: Cell<c_int>,
    pub co_version: Cell<c_uint>,
    pub co_localsplusnames: Cell<*mut PyObject>,
    pub co_localspluskinds: Cell<*mut PyObject>,
    pub co_filename: Cell<*mut PyObject>,
    pub co_name: Cell<*mut PyObject>,
    pub co_qualname: Cell<*mut PyObject>,
    pub co_linetable: Cell<*mut PyObject>,
    pub co_weakreflist: Cell<*mut PyObject>,
    pub co_executors: Cell<*mut c_void>,
    pub _co_cached: Cell<*mut c_void>,
    pub _co_instrumentation_version: Cell<usize>,
    pub _co_monitoring: Cell<*mut c_void>,
    pub _co_unique_id: Cell<Py_ssize_t>,
    pub _co_firsttraceable: Cell<c_int>,
    pub co_extra: Cell<*mut c_void>,
    /// The code's bytes follow.
    pub co_code_adaptive: Cell<[c_char; 1]>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyCodeObject {}

#[repr(C)]
pub struct PyFrameObject {
    pub ob_base: PyObject,
    /// The frame that called it, NULL for none.
    pub f_back: Cell<*mut PyObject>,
    pub f_code: Cell<*mut PyObject>,
    pub f_globals: Cell<*mut PyObject>,
    pub f_builtins: Cell<*mut PyObject>,
    /// A dict once somebody asked for it, unless it was given one.
    pub f_locals: Cell<*mut PyObject>,
    pub f_trace: Cell<*mut PyObject>,
    pub f_lineno: Cell<c_int>,
    pub f_lasti: Cell<c_int>,
    pub f_trace_lines: Cell<c_char>,
    pub f_trace_opcodes: Cell<c_char>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyFrameObject {}

#[repr(C)]
pub struct PyTracebackObject {
    pub ob_base: PyObject,
    pub tb_next: Cell<*mut PyObject>,
    pub tb_frame: Cell<*mut PyObject>,
    pub tb_lasti: Cell<c_int>,
    /// -1 until somebody asks: the code object knows.
    pub tb_lineno: Cell<c_int>,
}

// SAFETY: guarded by the GIL of the interpreter that owns it; immortal ones are never written to.
unsafe impl Sync for PyTracebackObject {}

const _: () = {
    assert!(size_of::<PyCodeObject>() == 216);
    assert!(offset_of!(PyCodeObject, co_consts) == 24);
    assert!(offset_of!(PyCodeObject, co_names) == 32);
    assert!(offset_of!(PyCodeObject, co_exceptiontable) == 40);
    assert!(offset_of!(PyCodeObject, co_flags) == 48);
    assert!(offset_of!(PyCodeObject, co_firstlineno) == 68);
    assert!(offset_of!(PyCodeObject, co_nlocalsplus) == 72);
    assert!(offset_of!(PyCodeObject, co_version) == 92);
    assert!(offset_of!(PyCodeObject, co_localsplusnames) == 96);
    assert!(offset_of!(PyCodeObject, co_filename) == 112);
    assert!(offset_of!(PyCodeObject, co_name) == 120);
    assert!(offset_of!(PyCodeObject, co_qualname) == 128);
    assert!(offset_of!(PyCodeObject, co_linetable) == 136);
    assert!(offset_of!(PyCodeObject, co_weakreflist) == 144);
    assert!(offset_of!(PyCodeObject, co_extra) == 200);
    assert!(offset_of!(PyCodeObject, co_code_adaptive) == 208);
    assert!(size_of::<PyTracebackObject>() == 40);
    assert!(offset_of!(PyTracebackObject, tb_next) == 16);
    assert!(offset_of!(PyTracebackObject, tb_frame) == 24);
    assert!(offset_of!(PyTracebackObject, tb_lasti) == 32);
    assert!(offset_of!(PyTracebackObject, tb_lineno) == 36);
};
