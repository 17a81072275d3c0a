//! pyerrors.h: the error indicator, and exceptions as objects.

use core::ffi::{c_char, c_int};

use super::{hand_out, take_over, text};
use crate::ffi::{PyObject, PyTypeObject};
use crate::object::{Class, Object, Owned, Raised, Result, Type};
use crate::runtime::error::{is_exception, is_exception_class};
use crate::runtime::{ThreadState, boundary, unraisable};
use crate::types::exceptions::os_error::OsError;
use crate::types::exceptions::{self, BaseException, SYSTEM_ERROR, TYPE_ERROR};
use crate::types::{Dict, Str, Tuple};

/// What is raised, as a type; NULL if nothing is. Borrowed reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_Occurred() -> *mut PyObject {
    match ThreadState::try_current().and_then(|ts| ts.error.ty()) {
        Some(ty) => ty.as_ptr(),
        None => core::ptr::null_mut(),
    }
}

/// Drops what is raised, if anything is.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_Clear() {
    ThreadState::current().error.clear();
}

/// The class of an exception that C asks to be raised; `SystemError` for anything else.
fn exception_class<'a>(ts: &ThreadState, class: &'a Object) -> Result<&'a Type> {
    if is_exception_class(class) {
        // SAFETY: checked.
        return Ok(unsafe { class.cast() });
    }
    let shown = crate::protocol::object::repr(ts, class)?;
    let message = format_args!("_PyErr_SetObject: exception {shown} is not a BaseException subclass");
    Err(ts.raise(&SYSTEM_ERROR, message))
}

/// Raises `exception` with `value`: an instance as it is, a tuple as several arguments, NULL or `None` as none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_SetObject(exception: *mut PyObject, value: *mut PyObject) {
    let ts = ThreadState::current();
    // SAFETY: [nullable] both
    let (exception, value) = unsafe { (Object::from_nullable(exception), Object::from_nullable(value)) };
    let Some(exception) = exception else { return ts.error.clear() };
    if let Ok(class) = exception_class(ts, exception) {
        match value {
            Some(value) => ts.raise_value(class, Owned::new(value)),
            None => ts.raise_bare(class),
        };
    }
}

/// Raises `exception` without arguments.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_SetNone(exception: *mut PyObject) {
    // SAFETY: the same contract
    unsafe { PyErr_SetObject(exception, core::ptr::null_mut()) };
}

/// Raises `exception` with a message in UTF-8.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_SetString(exception: *mut PyObject, message: *const c_char) {
    let ts = ThreadState::current();
    // SAFETY: [nullable] [cstr]
    let (exception, message) = unsafe { (Object::from_nullable(exception), text(ts, message)) };
    let (Some(exception), Ok(message)) = (exception, message) else { return };
    if let Ok(class) = exception_class(ts, exception) {
        ts.raise_value(class, message.upcast());
    }
}

/// Raises `MemoryError`. NULL always.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_NoMemory() -> *mut PyObject {
    ThreadState::current().no_memory();
    core::ptr::null_mut()
}

/// `TypeError: bad argument type for built-in operation`. Returns 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_BadArgument() -> c_int {
    ThreadState::current().raise_str(&TYPE_ERROR, "bad argument type for built-in operation");
    0
}

/// `SystemError: bad argument to internal function`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_BadInternalCall() {
    super::bad_argument(ThreadState::current());
}

/// The same with the place in C that was called wrongly.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _PyErr_BadInternalCall(filename: *const c_char, line: c_int) {
    // SAFETY: [cstr]
    let file = unsafe { core::ffi::CStr::from_ptr(filename) }.to_string_lossy();
    let message = format_args!("{file}:{line}: bad argument to internal function");
    ThreadState::current().raise(&SYSTEM_ERROR, message);
}

/// Takes what is raised; NULL if nothing is. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_GetRaisedException() -> *mut PyObject {
    hand_out(ThreadState::current().take_raised())
}

/// Puts an exception back, in place of what is raised; NULL clears. Steals `exception`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_SetRaisedException(exception: *mut PyObject) {
    let ts = ThreadState::current();
    // SAFETY: [steals]
    match unsafe { take_over::<BaseException>(exception) } {
        Some(exception) => ts.restore(exception),
        None => ts.error.clear(),
    }
}

/// Takes what is raised as type, value and traceback. New references, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_Fetch(
    ptype: *mut *mut PyObject,
    pvalue: *mut *mut PyObject,
    ptraceback: *mut *mut PyObject,
) {
    let raised = ThreadState::current().take_raised();
    let ty = raised.as_ref().map(|e| Owned::new(e.ty().as_object()));
    let traceback = raised.as_ref().and_then(|e| crate::object::ObjectCell::load(&e.traceback));
    // SAFETY: [out] all
    unsafe {
        ptype.write(hand_out(ty));
        pvalue.write(hand_out(raised));
        ptraceback.write(hand_out(traceback));
    }
}

/// Raises a type with a value and a traceback, in place of what is raised; a NULL type clears. Steals all.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_Restore(ptype: *mut PyObject, value: *mut PyObject, traceback: *mut PyObject) {
    let ts = ThreadState::current();
    // SAFETY: [steals] all
    let [ty, value, traceback] = unsafe { [ptype, value, traceback].map(|p| take_over::<Object>(p)) };
    let Some(ty) = ty else { return ts.error.clear() };
    let Ok(class) = exception_class(ts, &ty) else { return };
    match value {
        Some(value) if is_exception(&value) && value.ty().is_subtype_of(class) => {
            // SAFETY: checked.
            ts.restore(unsafe { value.cast_owned() });
        }
        Some(value) => _ = ts.raise_value(class, value),
        None => _ = ts.raise_bare(class),
    }
    let Some(traceback) = traceback else { return };
    if let Some(exception) = ts.take_raised() {
        match exceptions::set_traceback(ts, &exception, Some(&traceback)) {
            Ok(()) => ts.restore(exception),
            Err(_raised) => {}
        }
    }
}

/// Makes the value an instance of the type, where it is not one yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_NormalizeException(
    ptype: *mut *mut PyObject,
    pvalue: *mut *mut PyObject,
    ptraceback: *mut *mut PyObject,
) {
    // SAFETY: [out] all, and readable
    unsafe {
        if (*ptype).is_null() {
            return;
        }
        let is_instance = !(*pvalue).is_null() && is_exception(&**pvalue);
        if is_instance && core::ptr::eq((**pvalue).ty().as_ptr(), *ptype) {
            return;
        }
        let traceback = *ptraceback;
        PyErr_Restore(*ptype, *pvalue, core::ptr::null_mut());
        PyErr_Fetch(ptype, pvalue, ptraceback);
        // The exception keeps its own; what the caller holds beside it stays.
        drop(take_over::<Object>(*ptraceback));
        ptraceback.write(traceback);
    }
}

/// Whether `given`, an exception or a class, is `class` or derives from it, or is one of a tuple of classes.
fn matches(given: &Object, class: &Object) -> bool {
    if let Some(classes) = class.downcast::<Tuple>() {
        return classes.as_slice().iter().any(|c| matches(given, c));
    }
    let given = if is_exception(given) { given.ty().as_object() } else { given };
    if is_exception_class(given) && is_exception_class(class) {
        // SAFETY: both are types.
        return unsafe { given.cast::<Type>().is_subtype_of(class.cast()) };
    }
    given.is(class)
}

/// Whether what is raised matches `exception`: 1 or 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_ExceptionMatches(exception: *mut PyObject) -> c_int {
    // SAFETY: the same contract
    unsafe { PyErr_GivenExceptionMatches(PyErr_Occurred(), exception) }
}

/// Whether `given` matches `exception`: 1 or 0, and 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_GivenExceptionMatches(given: *mut PyObject, exception: *mut PyObject) -> c_int {
    // SAFETY: [nullable] both
    match unsafe { (Object::from_nullable(given), Object::from_nullable(exception)) } {
        (Some(given), Some(exception)) => c_int::from(matches(given, exception)),
        _ => 0,
    }
}

/// The exception being handled. New reference, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_GetHandledException() -> *mut PyObject {
    hand_out(crate::object::ObjectCell::load(&ThreadState::current().handled))
}

/// Sets the exception being handled; NULL or `None` for none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_SetHandledException(exception: *mut PyObject) {
    // SAFETY: [nullable]
    let exception = unsafe { Object::from_nullable(exception) }.filter(|e| is_exception(e));
    crate::object::ObjectCell::store(&ThreadState::current().handled, exception.map(Owned::new));
}

/// The exception being handled as type, value and traceback. New references; `None` or NULL where absent.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_GetExcInfo(
    ptype: *mut *mut PyObject,
    pvalue: *mut *mut PyObject,
    ptraceback: *mut *mut PyObject,
) {
    let none = crate::types::singletons::none;
    let handled = crate::object::ObjectCell::load(&ThreadState::current().handled);
    let (ty, traceback) = match &handled {
        None => (none(), none()),
        Some(e) => {
            // SAFETY: only exceptions are handled.
            let traceback = crate::object::ObjectCell::load(unsafe { &e.cast::<BaseException>().traceback });
            (Owned::new(e.ty().as_object()), traceback.unwrap_or_else(none))
        }
    };
    // SAFETY: [out] all
    unsafe {
        ptype.write(hand_out(Some(ty)));
        pvalue.write(hand_out(Some(handled.unwrap_or_else(none))));
        ptraceback.write(hand_out(Some(traceback)));
    }
}

/// Sets the exception being handled by its value. Steals all three; only the value counts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_SetExcInfo(ptype: *mut PyObject, value: *mut PyObject, traceback: *mut PyObject) {
    // SAFETY: [nullable], then [steals] all
    unsafe {
        PyErr_SetHandledException(value);
        for object in [ptype, value, traceback] {
            drop(take_over::<Object>(object));
        }
    }
}

/// A new exception class by its dotted name; `base` a class or a tuple of them, `Exception` if NULL. New
/// reference. `SystemError` for a name without a dot.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_NewException(
    name: *const c_char,
    base: *mut PyObject,
    dict: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: [cstr] [nullable] both
    let (base, dict) = unsafe { (Object::from_nullable(base), Object::from_nullable(dict)) };
    // SAFETY: [cstr]
    boundary(|ts| unsafe { new_exception(ts, &*text(ts, name)?, None, base, dict) })
}

/// As `PyErr_NewException`, with a docstring unless `doc` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_NewExceptionWithDoc(
    name: *const c_char,
    doc: *const c_char,
    base: *mut PyObject,
    dict: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: [nullable] both
    let (base, dict) = unsafe { (Object::from_nullable(base), Object::from_nullable(dict)) };
    boundary(|ts| {
        // SAFETY: [cstr] both, the second may be NULL
        let (name, doc) = unsafe { (text(ts, name)?, if doc.is_null() { None } else { Some(text(ts, doc)?) }) };
        new_exception(ts, &name, doc.as_deref(), base, dict)
    })
}

fn new_exception(
    ts: &ThreadState,
    name: &Str,
    doc: Option<&Str>,
    base: Option<&Object>,
    dict: Option<&Object>,
) -> Result {
    let full = name.to_string();
    let Some((module, short)) = full.rsplit_once('.') else {
        return Err(ts.raise_str(&SYSTEM_ERROR, "PyErr_NewException: name must be module.class"));
    };
    let namespace = Dict::new(ts)?;
    if let Some(given) = dict {
        let Some(given) = given.downcast::<Dict>() else { return Err(super::bad_argument(ts)) };
        for (key, value) in given.items_vec() {
            namespace.set(ts, &key, &value)?;
        }
    }
    let set = |key: &Str, value: &Str| match namespace.get_name(key) {
        Some(_) => Ok(()),
        None => namespace.set_name(ts, key, value),
    };
    set(&crate::types::identifiers::__module__, &*Str::new(ts, module)?)?;
    if let Some(doc) = doc {
        namespace.set_name(ts, &crate::types::identifiers::__doc__, doc)?;
    }
    let base = base.unwrap_or(&exceptions::EXCEPTION);
    let bases = match base.downcast::<Tuple>() {
        Some(bases) => Owned::new(bases),
        None => Tuple::new(ts, &[base])?,
    };
    let short = Str::new(ts, short)?;
    crate::protocol::call::call(ts, Type::class(), &[&short, &bases, &namespace])
}

/// Raises `exception` for C's `errno`. Returns NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_SetFromErrno(exception: *mut PyObject) -> *mut PyObject {
    let null = core::ptr::null_mut();
    // SAFETY: the same contract
    unsafe { PyErr_SetFromErrnoWithFilenameObjects(exception, null, null) }
}

/// As `PyErr_SetFromErrno`, with a file name unless it is NULL. Returns NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_SetFromErrnoWithFilenameObject(
    exception: *mut PyObject,
    filename: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: the same contract
    unsafe { PyErr_SetFromErrnoWithFilenameObjects(exception, filename, core::ptr::null_mut()) }
}

/// As `PyErr_SetFromErrno`, with two file names unless they are NULL. Returns NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_SetFromErrnoWithFilenameObjects(
    exception: *mut PyObject,
    filename: *mut PyObject,
    filename2: *mut PyObject,
) -> *mut PyObject {
    let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(0);
    // SAFETY: [live], [nullable] both
    let (class, first, second) =
        unsafe { (Object::from_raw(exception), Object::from_nullable(filename), Object::from_nullable(filename2)) };
    boundary(|ts| from_errno(ts, class, errno, first, second))
}

/// As `PyErr_SetFromErrno`, with a file name in the file system's encoding unless it is NULL. Returns NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_SetFromErrnoWithFilename(
    exception: *mut PyObject,
    filename: *const c_char,
) -> *mut PyObject {
    let errno = std::io::Error::last_os_error().raw_os_error().unwrap_or(0);
    boundary(|ts| {
        // SAFETY: [cstr] or NULL
        let name = unsafe { if filename.is_null() { None } else { Some(text(ts, filename)?) } };
        // SAFETY: [live]
        from_errno(ts, unsafe { Object::from_raw(exception) }, errno, name.as_ref().map(|n| n.as_object()), None)
    })
}

fn from_errno(
    ts: &ThreadState,
    class: &Object,
    errno: c_int,
    filename: Option<&Object>,
    filename2: Option<&Object>,
) -> Result {
    if errno == libc::EINTR && crate::runtime::signals::check(ts).is_err() {
        return Err(Raised::already());
    }
    let error = OsError::from_errno(ts, class, errno, filename, filename2)?;
    Err(ts.raise_exception(error))
}

/// Raises `ImportError` with message, name and path; the latter two may be NULL. Returns NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_SetImportError(
    message: *mut PyObject,
    name: *mut PyObject,
    path: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: the same contract
    unsafe { PyErr_SetImportErrorSubclass(exceptions::IMPORT_ERROR.as_ptr(), message, name, path) }
}

/// As `PyErr_SetImportError`, of a subclass. `TypeError` for another class or without a message. Returns NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_SetImportErrorSubclass(
    exception: *mut PyObject,
    message: *mut PyObject,
    name: *mut PyObject,
    path: *mut PyObject,
) -> *mut PyObject {
    // SAFETY: [nullable] all
    let [class, message, name, path] = unsafe { [exception, message, name, path].map(|p| Object::from_nullable(p)) };
    boundary(|ts| -> Result {
        let is_import_error =
            class.and_then(|c| c.downcast::<Type>()).is_some_and(|c| c.is_subtype_of(&exceptions::IMPORT_ERROR));
        let Some(class) = class.filter(|_| is_import_error) else {
            return Err(ts.raise_str(&TYPE_ERROR, "expected a subclass of ImportError"));
        };
        let Some(message) = message else {
            return Err(ts.raise_str(&TYPE_ERROR, "expected a message argument"));
        };
        let none = crate::types::singletons::none_ref();
        let names = Tuple::new(ts, &[&*Str::interned(ts, "name")?, &*Str::interned(ts, "path")?])?;
        let args = [message, name.unwrap_or(none), path.unwrap_or(none)];
        let error = crate::protocol::call::call_with_names(ts, class, &args, 1, Some(&names))?;
        match error.downcast_owned::<BaseException>() {
            Ok(error) => Err(ts.raise_exception(error)),
            Err(_) => Err(super::bad_argument(ts)),
        }
    })
}

/// Prints what is raised to stderr, with what it was raised in, and clears it: for where nobody can be told.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyErr_WriteUnraisable(object: *mut PyObject) {
    // SAFETY: [nullable]
    unraisable::report(ThreadState::current(), unsafe { Object::from_nullable(object) });
}

/// The name of an exception class, with its module where `tp_name` has it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyExceptionClass_Name(class: *mut PyObject) -> *const c_char {
    // SAFETY: [live] a type
    unsafe { (*class.cast::<PyTypeObject>()).tp_name }
}

/// `exception.__traceback__`. New reference, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyException_GetTraceback(exception: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live] an exception
    field(unsafe { &(*exception.cast::<BaseException>()).traceback })
}

/// `exception.__traceback__ = traceback`; `None` for none. `TypeError` for anything else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyException_SetTraceback(exception: *mut PyObject, traceback: *mut PyObject) -> c_int {
    // SAFETY: [live] an exception, [nullable]
    boundary(|ts| unsafe {
        exceptions::set_traceback(ts, &*exception.cast::<BaseException>(), Object::from_nullable(traceback))
    })
}

/// `exception.__context__`. New reference, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyException_GetContext(exception: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live] an exception
    field(unsafe { &(*exception.cast::<BaseException>()).context })
}

/// `exception.__context__ = context`; NULL for none. Steals `context`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyException_SetContext(exception: *mut PyObject, context: *mut PyObject) {
    // SAFETY: [live] an exception, [steals]
    unsafe {
        let context = take_over::<Object>(context);
        crate::object::ObjectCell::store(&(*exception.cast::<BaseException>()).context, context);
    }
}

/// `exception.__cause__`. New reference, or NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyException_GetCause(exception: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live] an exception
    field(unsafe { &(*exception.cast::<BaseException>()).cause })
}

/// `exception.__cause__ = cause`; NULL for none. Steals `cause`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyException_SetCause(exception: *mut PyObject, cause: *mut PyObject) {
    // SAFETY: [live] an exception, [steals]
    unsafe {
        let cause = take_over::<Object>(cause);
        exceptions::set_cause(&*exception.cast::<BaseException>(), cause);
    }
}

/// `exception.args`. New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyException_GetArgs(exception: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live] an exception
    field(unsafe { &(*exception.cast::<BaseException>()).args })
}

/// `exception.args = args`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyException_SetArgs(exception: *mut PyObject, args: *mut PyObject) {
    // SAFETY: [live] an exception, [live] a tuple
    unsafe {
        crate::object::ObjectCell::store(
            &(*exception.cast::<BaseException>()).args,
            Some(Owned::new(Object::from_raw(args))),
        );
    }
}

fn field(cell: &core::cell::Cell<*mut PyObject>) -> *mut PyObject {
    hand_out(crate::object::ObjectCell::load(cell))
}
// skipped PyErr_Format, PyErr_FormatV, PyErr_WarnFormat, PyErr_ResourceWarning: variadic, in variadic.c
// skipped PyErr_WarnEx, PyErr_WarnExplicit: in warnings.rs
// skipped PyErr_CheckSignals, PyErr_SetInterrupt, PyErr_SetInterruptEx: in intrcheck.rs
// skipped PyErr_Print, PyErr_PrintEx, PyErr_Display, PyErr_DisplayException: in pythonrun.rs
