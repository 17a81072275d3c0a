//! fileobject.h

use core::ffi::c_int;

use crate::ffi::PyObject;
use crate::object::Object;
use crate::protocol::{call, convert, object};
use crate::runtime::boundary;
use crate::types::exceptions::{OVERFLOW_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::{Int, Str};

/// The file descriptor that an object stands for: an int itself, or what its `fileno()` gives.
///
/// -1 with `TypeError` for what is neither, `ValueError` for a negative one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyObject_AsFileDescriptor(object: *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [live]
        let given = unsafe { Object::from_raw(object) };
        let found = match given.downcast::<Int>() {
            Some(_) => None,
            None => match object::find_attr(ts, given, &*Str::interned(ts, "fileno")?)? {
                Some(method) => Some(call::call(ts, &method, &[])?),
                None => {
                    return Err(ts.raise_str(&TYPE_ERROR, "argument must be an int, or have a fileno() method."));
                }
            },
        };
        let Some(int) = found.as_deref().unwrap_or(given).downcast::<Int>() else {
            return Err(convert::must_return(ts, given, "fileno", "an int", found.as_deref().unwrap_or(given)));
        };
        let fd = int.to_i64().and_then(|fd| c_int::try_from(fd).ok());
        match fd {
            None => Err(ts.raise_str(&OVERFLOW_ERROR, "Python int too large to convert to C int")),
            Some(fd) if fd < 0 => {
                Err(ts.raise(&VALUE_ERROR, format_args!("file descriptor cannot be a negative integer ({fd})")))
            }
            Some(fd) => Ok(fd),
        }
    })
}
