//! osmodule.h: paths.

use crate::ffi::{Py_TPFLAGS_BYTES_SUBCLASS, PyObject};
use crate::object::Result;
use crate::protocol::{call, object};
use crate::runtime::{ThreadState, boundary};
use crate::types::Str;
use crate::types::exceptions::TYPE_ERROR;

/// The path as str or bytes, by its `__fspath__` if it is neither.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyOS_FSPath(path: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable].
    boundary(|ts| fspath(ts, unsafe { super::required(ts, path)? }))
}

fn is_path(object: &PyObject) -> bool {
    object.downcast::<Str>().is_some() || object.ty().has(Py_TPFLAGS_BYTES_SUBCLASS)
}

fn fspath(ts: &ThreadState, path: &PyObject) -> Result {
    if is_path(path) {
        return Ok(crate::object::Owned::new(path));
    }
    let name = path.ty().full_name();
    let Some(method) = object::lookup_special(ts, path, &*Str::interned(ts, "__fspath__")?)? else {
        let message = format_args!("expected str, bytes or os.PathLike object, not {name}");
        return Err(ts.raise(&TYPE_ERROR, message));
    };
    let result = call::call(ts, &method, &[])?;
    if is_path(&result) {
        return Ok(result);
    }
    let got = result.ty().full_name();
    Err(ts.raise(&TYPE_ERROR, format_args!("expected {name}.__fspath__() to return str or bytes, not {got}")))
}
