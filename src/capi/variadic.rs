//! The engines behind `variadic.c`, which defines the functions that take `...` or a `va_list`.
//!
//! Nothing here is exported: that file declares these names with hidden visibility. Each is the door of one
//! engine in `format`; the promise of each exported function holds for `va` as well: it has what the format asks for.

use core::ffi::{CStr, c_char, c_int};

use smallvec::SmallVec;

use super::{bad_argument, name, required};
use crate::ffi::{Py_ssize_t, PyObject};
use crate::format::cursor::Cursor;
use crate::format::va::{CVa, VaSource};
use crate::format::{args, build_value, printf};
use crate::modules::sys;
use crate::modules::warnings;
use crate::object::{Object, Owned, Result};
use crate::protocol::{call, object};
use crate::runtime::{ThreadState, boundary, boundary_or};
use crate::types::exceptions::{RESOURCE_WARNING, TYPE_ERROR};
use crate::types::{Dict, Str, Tuple};

/// 1 for success, 0 for an exception, as `PyArg_*` answer.
fn parsed(f: impl FnOnce(&ThreadState) -> Result<()>) -> c_int {
    boundary_or(0, |ts| f(ts).map(|()| true))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_parse(arg: *mut PyObject, format: *const c_char, va: &mut CVa) -> c_int {
    // SAFETY: [nullable], [cstr]
    parsed(|ts| unsafe { args::parse_one(ts, Object::from_nullable(arg), Cursor::from_raw(format), va) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_parse_tuple(args: *mut PyObject, format: *const c_char, va: &mut CVa) -> c_int {
    // SAFETY: [live], [cstr]
    parsed(|ts| unsafe { args::parse_tuple(ts, Object::from_raw(args), Cursor::from_raw(format), va) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_parse_keywords(
    args: *mut PyObject,
    kwargs: *mut PyObject,
    format: *const c_char,
    names: *const *const c_char,
    va: &mut CVa,
) -> c_int {
    parsed(|ts| {
        // SAFETY: [nullable]
        let (args, kwargs) = unsafe { (Object::from_nullable(args), Object::from_nullable(kwargs)) };
        let tuple = args.and_then(Object::downcast::<Tuple>);
        let dict = kwargs.and_then(Object::downcast::<Dict>);
        let (Some(args), false, false, false) =
            (tuple, kwargs.is_some() && dict.is_none(), format.is_null(), names.is_null())
        else {
            return Err(bad_argument(ts));
        };
        // SAFETY: [cstr], and `names` ends with NULL.
        unsafe { args::parse_keywords(ts, args, dict, Cursor::from_raw(format), names, va) }
    })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_unpack_tuple(
    args: *mut PyObject,
    name: *const c_char,
    min: Py_ssize_t,
    max: Py_ssize_t,
    va: &mut CVa,
) -> c_int {
    parsed(|ts| {
        // SAFETY: [cstr] or NULL
        let name = if name.is_null() { None } else { Some(unsafe { CStr::from_ptr(name) }.to_string_lossy()) };
        // SAFETY: [live]
        unsafe { args::unpack_tuple(ts, Object::from_raw(args), name.as_deref(), min, max, va) }
    })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_build_value(format: *const c_char, va: &mut CVa) -> *mut PyObject {
    // SAFETY: [cstr]
    boundary(|ts| unsafe { build_value::build(ts, Cursor::from_raw(format), va) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_tuple_pack(n: Py_ssize_t, va: &mut CVa) -> *mut PyObject {
    boundary(|ts| {
        let Ok(n) = usize::try_from(n) else { return Err(bad_argument(ts)) };
        if n == 0 {
            return Ok(Tuple::empty());
        }
        // SAFETY: [live] `n` objects follow; each place is filled in before anyone sees the tuple.
        unsafe {
            let tuple = Tuple::with_size(ts, n)?;
            let mut is_collectable = false;
            for place in 0..n {
                let item = Object::from_raw(va.ptr());
                is_collectable |= item.ty().is_gc();
                tuple.items_ptr().add(place).write(Owned::new(item).into_raw());
            }
            if is_collectable {
                ts.track_new(&tuple);
            }
            Ok(tuple)
        }
    })
}

/// `callable(*items)`, where one tuple alone stands for several arguments.
fn call_items(ts: &ThreadState, callable: &Object, items: &[Owned<Object>]) -> Result {
    match items {
        [only] if let Some(tuple) = only.downcast::<Tuple>() => call::call(ts, callable, tuple.as_slice()),
        _ => {
            // SAFETY: an owned reference and a borrowed one look alike.
            let borrowed = unsafe { core::slice::from_raw_parts(items.as_ptr().cast::<&Object>(), items.len()) };
            call::call(ts, callable, borrowed)
        }
    }
}

/// # Safety
/// `format` is NULL or NUL-terminated, `va` holds what it asks for.
unsafe fn call_formatted(ts: &ThreadState, callable: &Object, format: *const c_char, va: &mut CVa) -> Result {
    if format.is_null() {
        return call::call(ts, callable, &[]);
    }
    if call::vectorcall_of(callable).is_some() {
        // SAFETY: the caller's promise.
        let items = unsafe { build_value::build_items(ts, Cursor::from_raw(format), va)? };
        return call_items(ts, callable, &items);
    }
    // It wants a tuple, so the values are made right into one.
    // SAFETY: as above.
    let items = unsafe { build_value::build_tuple(ts, Cursor::from_raw(format), va)? };
    let only = items.get(0).filter(|_| items.len() == 1).and_then(Object::downcast::<Tuple>);
    call::call_tuple_dict(ts, callable, only.unwrap_or(&items), None)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_call_function(
    callable: *mut PyObject,
    format: *const c_char,
    va: &mut CVa,
) -> *mut PyObject {
    // SAFETY: [nullable], [cstr] or NULL
    boundary(|ts| unsafe { call_formatted(ts, required(ts, callable)?, format, va) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_call_method(
    object: *mut PyObject,
    method: *const c_char,
    format: *const c_char,
    va: &mut CVa,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable]; a NULL name is as wrong as a NULL object.
        let object = unsafe { required(ts, if method.is_null() { core::ptr::null_mut() } else { object })? };
        // SAFETY: [cstr]
        let method = object::getattr(ts, object, &*unsafe { name(ts, method)? })?;
        if !call::is_callable(&method) {
            let ty = method.ty().full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("attribute of type '{ty}' is not callable")));
        }
        // SAFETY: [cstr] or NULL
        unsafe { call_formatted(ts, &method, format, va) }
    })
}

/// The objects up to NULL, with room before them for one more.
fn objects_until_null<'a>(va: &mut CVa) -> SmallVec<[&'a Object; 8]> {
    // SAFETY: [nullable] live objects, the last one followed by NULL.
    core::iter::from_fn(|| unsafe { Object::from_nullable(va.ptr()) }).collect()
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_call_objects(callable: *mut PyObject, va: &mut CVa) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable]
        let callable = unsafe { required(ts, callable)? };
        call::call(ts, callable, &objects_until_null(va))
    })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_call_method_objects(
    object: *mut PyObject,
    name: *mut PyObject,
    va: &mut CVa,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable]
        let (object, name) = unsafe { (required(ts, object)?, required(ts, name)?) };
        let Some(name) = name.downcast::<Str>() else { return Err(not_a_name(ts, name)) };
        call::call_method(ts, object, name, &objects_until_null(va))
    })
}

#[cold]
fn not_a_name(ts: &ThreadState, name: &Object) -> crate::object::Raised {
    let ty = name.ty().full_name();
    ts.raise(&TYPE_ERROR, format_args!("attribute name must be string, not '{ty}'"))
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_unicode_format(format: *const c_char, va: &mut CVa) -> *mut PyObject {
    // SAFETY: [cstr]
    boundary(|ts| unsafe { printf::format_str(ts, Cursor::from_raw(format), va) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_bytes_format(format: *const c_char, va: &mut CVa) -> *mut PyObject {
    // SAFETY: [cstr]
    boundary(|ts| unsafe { printf::format_bytes(ts, Cursor::from_raw(format), va) })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_err_format(
    exception: *mut PyObject,
    format: *const c_char,
    va: &mut CVa,
) -> *mut PyObject {
    // SAFETY: [nullable], [cstr]
    boundary::<Owned<Object>>(|ts| unsafe {
        Err(printf::raise(ts, Object::from_nullable(exception), Cursor::from_raw(format), va))
    })
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_warn_format(
    category: *mut PyObject,
    _level: Py_ssize_t,
    format: *const c_char,
    va: &mut CVa,
) -> c_int {
    boundary(|ts| {
        // SAFETY: [nullable], [cstr]
        let (category, text) =
            unsafe { (Object::from_nullable(category), printf::format_str(ts, Cursor::from_raw(format), va)?) };
        warnings::warn(ts, warnings::category(ts, category)?, &text, &warnings::Place::HERE)
    })
}

/// The source is for tools that trace where it was made; there are none here.
#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_resource_warning(
    _source: *mut PyObject,
    _level: Py_ssize_t,
    format: *const c_char,
    va: &mut CVa,
) -> c_int {
    boundary(|ts| {
        // SAFETY: [cstr]
        let text = unsafe { printf::format_str(ts, Cursor::from_raw(format), va)? };
        warnings::warn_text(ts, &RESOURCE_WARNING, &text.to_string())
    })
}

/// Nobody listens, so nothing is built, as in CPython without hooks.
#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_audit(_event: *const c_char, _format: *const c_char, _va: &mut CVa) -> c_int {
    0
}

/// To `sys.stdout` or `sys.stderr`, or C's streams where those fail.
fn write(ts: &ThreadState, error: bool, text: &str) {
    if error { sys::write_stderr(ts, text) } else { sys::write_stdout(ts, text) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_sys_format(error: c_int, format: *const c_char, va: &mut CVa) {
    let ts = ThreadState::current();
    ts.preserving_error(|| {
        // SAFETY: [cstr]
        match unsafe { printf::format_str(ts, Cursor::from_raw(format), va) } {
            Ok(text) => write(ts, error != 0, &text.to_string()),
            Err(_) => ts.error.clear(),
        }
    });
}

#[unsafe(no_mangle)]
unsafe extern "C" fn deathless_sys_write(error: c_int, text: *const c_char) {
    // SAFETY: [cstr]
    let text = unsafe { CStr::from_ptr(text) }.to_string_lossy();
    write(ThreadState::current(), error != 0, &text);
}
