//! fileobject.h: file-like objects. The settings of old for file names are in `runtime/settings`.

use core::ffi::{CStr, c_char, c_int};

use super::{bad_argument, optional_text};
use crate::ffi::PyObject;
use crate::modules::import;
use crate::object::{Object, Owned, Result};
use crate::protocol::{call, convert, object};
use crate::runtime::{ThreadState, boundary};
use crate::types::exceptions::{EOF_ERROR, OVERFLOW_ERROR, SYSTEM_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::{Bytes, Int, Str, singletons};

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

/// `flags` of `PyFile_WriteObject`: str rather than repr.
const PY_PRINT_RAW: c_int = 1;

fn write_to(ts: &ThreadState, file: &Object, object: &Object, raw: bool) -> Result<()> {
    let write = object::getattr(ts, file, &*Str::interned(ts, "write")?)?;
    let text = if raw { object::str(ts, object)? } else { object::repr(ts, object)? };
    call::call(ts, &write, &[&text]).map(drop)
}

/// `file.write(repr(object))`, or `str(object)` with `Py_PRINT_RAW`.
///
/// -1 with `TypeError` for a NULL file, or whatever writing raises.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyFile_WriteObject(object: *mut PyObject, file: *mut PyObject, flags: c_int) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable] both
        let (object, file) = unsafe { (Object::from_nullable(object), Object::from_nullable(file)) };
        let Some(file) = file else { return Err(ts.raise_str(&TYPE_ERROR, "writeobject with NULL file")) };
        let raw = flags & PY_PRINT_RAW != 0;
        match object {
            Some(object) => write_to(ts, file, object, raw),
            None => write_to(ts, file, &*Str::new(ts, "<NULL>")?, true),
        }
    })
}

/// `file.write(text)`.
///
/// -1 with an exception, one that was set before included: then nothing is written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyFile_WriteString(text: *const c_char, file: *mut PyObject) -> c_int {
    boundary(|ts| {
        if ts.error.is_set() {
            return Err(crate::object::Raised::already());
        }
        // SAFETY: [nullable], [cstr]
        let (file, text) = unsafe { (Object::from_nullable(file), text) };
        let Some(file) = file else {
            return Err(ts.raise_str(&SYSTEM_ERROR, "null file for PyFile_WriteString"));
        };
        // SAFETY: [cstr]
        write_to(ts, file, &*unsafe { super::text(ts, text)? }, true)
    })
}

/// `file.readline(n)`, without a size if `n` is not positive. If it is negative, the line's end is taken off.
///
/// New reference. `EOFError` at the end if `n` is negative; `TypeError` for what is neither str nor bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyFile_GetLine(file: *mut PyObject, n: c_int) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable]
        let Some(file) = (unsafe { Object::from_nullable(file) }) else { return Err(bad_argument(ts)) };
        let readline = object::getattr(ts, file, &*Str::interned(ts, "readline")?)?;
        let line = match n {
            ..=0 => call::call(ts, &readline, &[])?,
            _ => call::call(ts, &readline, &[&*Int::from_i64(ts, n.into())?])?,
        };
        let at_end = match (line.downcast::<Str>(), line.downcast::<Bytes>()) {
            (Some(text), _) => text.is_empty(),
            (_, Some(bytes)) => bytes.is_empty(),
            _ => return Err(convert::must_return(ts, file, "readline", "a str", &line)),
        };
        match n {
            0.. => Ok(line),
            _ if at_end => Err(ts.raise_str(&EOF_ERROR, "EOF when reading a line")),
            _ => without_newline(ts, line),
        }
    })
}

fn without_newline(ts: &ThreadState, line: Owned<Object>) -> Result {
    const NEWLINE: u32 = 10;
    if let Some(text) = line.downcast::<Str>() {
        let n = text.len() - 1;
        return if text.chars().at(n) == NEWLINE { Ok(Str::part(ts, text, 0..n)?.upcast()) } else { Ok(line) };
    }
    match line.downcast::<Bytes>().and_then(|bytes| bytes.as_slice().strip_suffix(b"\n")) {
        Some(content) => Ok(Bytes::new(ts, content)?.upcast()),
        None => Ok(line),
    }
}

/// `_io.open(fd, mode, buffering, encoding, errors, newline, closefd)`; the name is not used.
///
/// New reference. There is no module `_io` unless the program brings one: `ModuleNotFoundError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyFile_FromFd(
    fd: c_int,
    _name: *const c_char,
    mode: *const c_char,
    buffering: c_int,
    encoding: *const c_char,
    errors: *const c_char,
    newline: *const c_char,
    closefd: c_int,
) -> *mut PyObject {
    boundary(|ts| {
        let io = import::import_module(ts, &*Str::interned(ts, "_io")?)?;
        let open = object::getattr(ts, &io, &*Str::interned(ts, "open")?)?;
        let text = |text: *const c_char| -> Result {
            // SAFETY: [cstr] or NULL
            match unsafe { optional_text(text) } {
                Some(text) => Ok(Str::new(ts, &text)?.upcast()),
                None => Ok(singletons::none()),
            }
        };
        // SAFETY: [cstr]
        let mode = Str::new(ts, &unsafe { CStr::from_ptr(mode) }.to_string_lossy())?;
        let (fd, buffering) = (Int::from_i64(ts, fd.into())?, Int::from_i64(ts, buffering.into())?);
        let (encoding, errors, newline) = (text(encoding)?, text(errors)?, text(newline)?);
        let closefd = crate::types::bool::bool_ref(closefd != 0);
        call::call(ts, &open, &[&fd, &mode, &buffering, &encoding, &errors, &newline, closefd])
    })
}
