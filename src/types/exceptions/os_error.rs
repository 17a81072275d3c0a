//! `OSError`: what the system says went wrong, and with which file.
//!
//! `OSError(errno, strerror, filename=None, winerror=None, filename2=None)`. With `OSError` itself, the number
//! chooses the subclass. The arguments are parsed in `__new__`, unless a subclass overrides `__init__` but not
//! `__new__`: then `__init__`, which that subclass calls, parses them.

use core::ffi::c_int;

use super::base::{self, BaseException, ExceptionLayout, fields_from};
use super::simple::template;
use super::*;
use crate::ffi::*;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::{number, object};
use crate::runtime::ThreadState;
use crate::types::{Dict, Int, Str, Tuple, entries, method, singletons, slot};

layout!(OsError = PyOSErrorObject);

// SAFETY: CPython's layout, `BaseException`'s fields first, then four objects.
unsafe impl ExceptionLayout for OsError {
    fn own_fields(&self) -> &[core::cell::Cell<*mut PyObject>] {
        // SAFETY: four fields in a row.
        unsafe { fields_from(&self.myerrno, 4) }
    }
}

#[allow(clippy::declare_interior_mutable_const)]
pub(super) const OS_ERROR_TEMPLATE: Type = Type {
    tp_new: slot::new(new),
    tp_init: slot::init(init),
    tp_str: slot::unary(str),
    tp_members: entries(&MEMBERS),
    tp_methods: entries(&METHODS),
    tp_getset: entries(&GETSET),
    ..template::<OsError>()
};

/// What its subclasses start from: they inherit its members.
#[allow(clippy::declare_interior_mutable_const)]
pub(super) const OS_ERROR_SUBCLASS_TEMPLATE: Type = Type {
    tp_new: core::cell::Cell::new(None),
    tp_members: core::ptr::null_mut(),
    tp_methods: core::ptr::null_mut(),
    tp_getset: core::ptr::null_mut(),
    ..OS_ERROR_TEMPLATE
};

/// The subclass for an error number.
pub fn class_of(errno: c_int) -> Option<&'static Type> {
    Some(match errno {
        libc::EAGAIN | libc::EALREADY | libc::EINPROGRESS => &BLOCKING_IO_ERROR,
        libc::EPIPE | libc::ESHUTDOWN => &BROKEN_PIPE_ERROR,
        libc::ECHILD => &CHILD_PROCESS_ERROR,
        libc::ECONNABORTED => &CONNECTION_ABORTED_ERROR,
        libc::ECONNREFUSED => &CONNECTION_REFUSED_ERROR,
        libc::ECONNRESET => &CONNECTION_RESET_ERROR,
        libc::EEXIST => &FILE_EXISTS_ERROR,
        libc::ENOENT => &FILE_NOT_FOUND_ERROR,
        libc::EISDIR => &IS_A_DIRECTORY_ERROR,
        libc::ENOTDIR => &NOT_A_DIRECTORY_ERROR,
        libc::EINTR => &INTERRUPTED_ERROR,
        libc::EACCES | libc::EPERM => &PERMISSION_ERROR,
        libc::ESRCH => &PROCESS_LOOKUP_ERROR,
        libc::ETIMEDOUT => &TIMEOUT_ERROR,
        _ => return None,
    })
}

fn same<F: Copy>(a: &Slot<F>, b: &Slot<F>) -> bool {
    // SAFETY: function pointers, compared as addresses.
    let address = |slot: &Slot<F>| slot.get().map(|f| unsafe { core::mem::transmute_copy::<F, usize>(&f) });
    address(a) == address(b)
}

/// Whether `__init__` is to parse: it is overridden and `__new__` is not.
fn parses_in_init(ty: &Type) -> bool {
    !same(&ty.tp_init, &OS_ERROR.tp_init) && same(&ty.tp_new, &OS_ERROR.tp_new)
}

fn new(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result {
    let in_init = parses_in_init(ty);
    let mut class = ty;
    if !in_init {
        if kwargs.is_some_and(|k| !k.is_empty()) {
            let name = ty.full_name();
            return Err(ts.raise(&TYPE_ERROR, format_args!("{name}() takes no keyword arguments")));
        }
        if core::ptr::eq(ty, &OS_ERROR)
            && (2..=5).contains(&args.len())
            && let Some(errno) = args.get(0).and_then(|e| e.downcast::<Int>()).and_then(Int::to_i64)
        {
            class = c_int::try_from(errno).ok().and_then(class_of).unwrap_or(ty);
        }
    }
    let this = base::allocate(ts, class)?;
    // SAFETY: an OSError's instances have its layout.
    let error = unsafe { this.as_object().cast::<OsError>() };
    error.written.set(-1);
    if !in_init {
        parse(ts, error, args)?;
    }
    Ok(this.upcast())
}

fn init(ts: &ThreadState, this: &OsError, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    if !parses_in_init(this.base().ty()) {
        return Ok(());
    }
    base::no_keywords(ts, this.base(), kwargs)?;
    parse(ts, this, args)
}

fn parse(ts: &ThreadState, this: &OsError, args: &Tuple) -> Result<()> {
    let given = args.as_slice();
    let mut kept = Owned::new(args);
    if (2..=5).contains(&given.len()) {
        this.myerrno.store(Some(Owned::new(given[0])));
        this.strerror.store(Some(Owned::new(given[1])));
        if let Some(&filename) = given.get(2).filter(|f| !singletons::is_none(**f)) {
            let is_blocking = core::ptr::eq(this.base().ty(), &BLOCKING_IO_ERROR);
            if is_blocking && number::is_number(filename) {
                this.written.set(number::as_ssize(ts, filename, Some(&VALUE_ERROR))?);
            } else {
                this.filename.store(Some(Owned::new(filename)));
                if let Some(&second) = given.get(4).filter(|f| !singletons::is_none(**f)) {
                    this.filename2.store(Some(Owned::new(second)));
                }
                kept = args.slice(ts, 0, 2)?;
            }
        }
    }
    this.base().args.store(Some(kept));
    Ok(())
}

fn str(ts: &ThreadState, this: &OsError) -> Result<Owned<Str>> {
    let shown = |field: &core::cell::Cell<*mut PyObject>, repr: bool| {
        let value = field.load().unwrap_or_else(singletons::none);
        if repr { object::repr(ts, &value) } else { object::str(ts, &value) }
    };
    let (has_errno, has_text) = (this.myerrno.peek().is_some(), this.strerror.peek().is_some());
    let (errno, text) = (shown(&this.myerrno, false)?, shown(&this.strerror, false)?);
    if let Some(_name) = this.filename.peek() {
        let first = shown(&this.filename, true)?;
        if this.filename2.peek().is_some() {
            let second = shown(&this.filename2, true)?;
            return Str::new(ts, &format!("[Errno {errno}] {text}: {first} -> {second}"));
        }
        return Str::new(ts, &format!("[Errno {errno}] {text}: {first}"));
    }
    if has_errno && has_text {
        return Str::new(ts, &format!("[Errno {errno}] {text}"));
    }
    base::str(ts, this.base())
}

fn reduce(ts: &ThreadState, this: &OsError) -> Result<Owned<Tuple>> {
    let mut args = this.base().arguments();
    if args.len() == 2
        && let Some(filename) = this.filename.load()
    {
        let (errno, text) = (Owned::new(args.as_slice()[0]), Owned::new(args.as_slice()[1]));
        args = match this.filename2.load() {
            Some(second) => Tuple::new(ts, &[&errno, &text, &filename, singletons::none_ref(), &second])?,
            None => Tuple::new(ts, &[&errno, &text, &filename])?,
        };
    }
    let ty = this.base().ty().as_object();
    match this.base().dict.load() {
        Some(dict) => Tuple::new(ts, &[ty, &args, &dict]),
        None => Tuple::new(ts, &[ty, &args]),
    }
}

fn get_written(ts: &ThreadState, this: &OsError) -> Result<Owned<Int>> {
    match this.written.get() {
        -1 => Err(base::missing_attribute(ts, "characters_written")),
        n => Int::from_i64(ts, n as i64),
    }
}

fn set_written(ts: &ThreadState, this: &OsError, value: Option<&Object>) -> Result<()> {
    match value {
        None if this.written.get() == -1 => Err(base::missing_attribute(ts, "characters_written")),
        None => {
            this.written.set(-1);
            Ok(())
        }
        Some(value) => {
            this.written.set(number::as_ssize(ts, value, Some(&VALUE_ERROR))?);
            Ok(())
        }
    }
}

impl OsError {
    /// The exception for `errno`, as `PyErr_SetFromErrno` raises it.
    pub fn from_errno(
        ts: &ThreadState,
        class: &Object,
        errno: c_int,
        filename: Option<&Object>,
        filename2: Option<&Object>,
    ) -> Result<Owned<BaseException>> {
        // SAFETY: a static message, or one in this thread's buffer.
        let text = unsafe { core::ffi::CStr::from_ptr(libc::strerror(errno)) };
        let text = Str::new(ts, &text.to_string_lossy())?;
        let number = Int::from_i64(ts, i64::from(errno))?;
        let zero = Int::from_i64(ts, 0)?;
        let error = match (filename, filename2) {
            (Some(a), Some(b)) => crate::protocol::call::call(ts, class, &[&number, &text, a, &zero, b])?,
            (Some(a), None) => crate::protocol::call::call(ts, class, &[&number, &text, a])?,
            _ => crate::protocol::call::call(ts, class, &[&number, &text])?,
        };
        error
            .downcast_owned::<BaseException>()
            .map_err(|_| ts.raise_str(&TYPE_ERROR, "exceptions must derive from BaseException"))
    }
}

static MEMBERS: [PyMemberDef; 5] = [
    slot::member(c"errno", _Py_T_OBJECT, core::mem::offset_of!(PyOSErrorObject, myerrno), 0),
    slot::member(c"strerror", _Py_T_OBJECT, core::mem::offset_of!(PyOSErrorObject, strerror), 0),
    slot::member(c"filename", _Py_T_OBJECT, core::mem::offset_of!(PyOSErrorObject, filename), 0),
    slot::member(c"filename2", _Py_T_OBJECT, core::mem::offset_of!(PyOSErrorObject, filename2), 0),
    slot::MEMBERS_END,
];

static METHODS: [PyMethodDef; 2] = [method::noargs(c"__reduce__", reduce, c""), slot::METHODS_END];

static GETSET: [PyGetSetDef; 2] =
    [slot::getset(c"characters_written", get_written, set_written, c""), slot::GETSET_END];
