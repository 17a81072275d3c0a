//! The functions of `sys`.

use crate::ffi::*;
use crate::modules::display;
use crate::object::{Object, ObjectCell, Owned, Raised, Result};
use crate::protocol::args::{Args, Signature, as_c_int};
use crate::protocol::{call, object};
use crate::runtime::error::is_exception;
use crate::runtime::unraisable::Unraisable;
use crate::runtime::{ThreadState, lifecycle};
use crate::types::exceptions::{BaseException, SYSTEM_EXIT, TYPE_ERROR, VALUE_ERROR};
use crate::types::frame::Frame;
use crate::types::int::convert;
use crate::types::int::digits::STR_DIGITS_CHECK_THRESHOLD;
use crate::types::{Float, Int, Str, Tuple, identifiers as id, method, singletons, slot};

fn getrefcount(ts: &ThreadState, _module: &Object, object: &Object) -> Result<Owned<Int>> {
    Int::from_i64(ts, object.refcount() as i64)
}

fn is_immortal(_ts: &ThreadState, _module: &Object, object: &Object) -> Result<bool> {
    Ok(object.is_immortal())
}

fn intern(ts: &ThreadState, _module: &Object, text: &Object) -> Result<Owned<Str>> {
    match text.downcast::<Str>() {
        Some(exact) if exact.is_exact::<Str>() => Str::intern(ts, Owned::new(exact)),
        Some(other) => {
            let name = other.ty().full_name();
            Err(ts.raise(&TYPE_ERROR, format_args!("can't intern {name}")))
        }
        None => {
            let name = if singletons::is_none(text) { "None" } else { text.ty().full_name() };
            Err(ts.raise(&TYPE_ERROR, format_args!("intern() argument must be str, not {name}")))
        }
    }
}

fn getsizeof(ts: &ThreadState, args: Args<'_>) -> Result {
    const SIGNATURE: Signature =
        Signature { name: "getsizeof", params: &["object", "default"], required: 1, max_positional: 2 };
    let [object, default] = SIGNATURE.bind(ts, args)?;
    let object = object.expect("required");
    match size_of_object(ts, object) {
        Ok(size) => Ok(Int::from_i64(ts, size as i64)?.upcast()),
        Err(raised) => match default {
            Some(default) => ts.recover(raised, &TYPE_ERROR).map(|()| Owned::new(default)),
            None => Err(raised),
        },
    }
}

/// `object.__sizeof__()`, and the collector's header.
pub fn size_of_object(ts: &ThreadState, object: &Object) -> Result<isize> {
    let Some(method) = object::lookup_special(ts, object, &id::__sizeof__)? else {
        let name = object.ty().full_name();
        return Err(ts.raise(&TYPE_ERROR, format_args!("Type {name} doesn't define __sizeof__")));
    };
    let size = call::call(ts, &method, &[])?;
    let Some(size) = size.downcast::<Int>() else {
        return Err(ts.raise_str(&TYPE_ERROR, "an integer is required"));
    };
    let size = size.to_i64().unwrap_or(i64::MAX) as isize;
    if size < 0 {
        return Err(ts.raise_str(&VALUE_ERROR, "__sizeof__() should return >= 0"));
    }
    let header = if object.ty().is_gc() && !object.is_static() { crate::object::alloc::GC_HEAD as isize } else { 0 };
    Ok(size + header)
}

/// The exception that is being handled.
fn exception(_ts: &ThreadState, _module: &Object) -> Result {
    Ok(_ts.handled.load().unwrap_or_else(singletons::none))
}

fn exc_info(ts: &ThreadState, _module: &Object) -> Result<Owned<Tuple>> {
    let none = singletons::none_ref();
    match ts.handled.load() {
        None => Tuple::new(ts, &[none, none, none]),
        Some(exception) => {
            // SAFETY: only exceptions are handled.
            let traceback = unsafe { exception.cast::<BaseException>() }.traceback.load();
            Tuple::new(ts, &[exception.ty(), &exception, traceback.as_deref().unwrap_or(none)])
        }
    }
}

fn excepthook(ts: &ThreadState, args: Args<'_>) -> Result<()> {
    args.expect_positional(ts, "excepthook", 3, 3)?;
    let (value, traceback) = (args.positional[1], args.positional[2]);
    if !is_exception(value) {
        let message =
            format!("TypeError: print_exception(): Exception expected for value, {} found\n", value.ty().full_name());
        super::write_stderr(ts, &message);
        return Ok(());
    }
    // SAFETY: checked.
    let exception = unsafe { value.cast::<BaseException>() };
    exception.adopt_traceback(Some(traceback));
    display::print(ts, exception);
    Ok(())
}

/// `sys._getframe(depth=0)`: the frame that runs, or the one that called it that many calls ago.
fn getframe(ts: &ThreadState, args: Args<'_>) -> Result<Owned<Frame>> {
    args.expect_positional(ts, "_getframe", 0, 1)?;
    let depth = args.get(0).map_or(Ok(0), |depth| as_c_int(ts, depth))?;
    let mut frames = core::iter::successors(Frame::current(ts), |frame| frame.caller());
    match frames.nth(depth.max(0) as usize) {
        Some(frame) => Ok(Owned::new(frame)),
        None => Err(ts.raise_str(&VALUE_ERROR, "call stack is not deep enough")),
    }
}

fn displayhook(ts: &ThreadState, _module: &Object, value: &Object) -> Result<()> {
    if singletons::is_none(value) {
        return Ok(());
    }
    let text = object::repr(ts, value)?;
    super::write_stdout(ts, &format!("{text}\n"));
    if let Some(builtins) = ts.interp().builtins.load() {
        // SAFETY: a dict is stored there.
        unsafe { builtins.cast::<crate::types::Dict>() }.set(ts, &*Str::interned(ts, "_")?, value)?;
    }
    Ok(())
}

fn unraisablehook(ts: &ThreadState, _module: &Object, info: &Object) -> Result<()> {
    let attribute = |name: &str| object::getattr(ts, info, &*Str::interned(ts, name)?);
    let exception = attribute("exc_value")?;
    let (message, object) = (attribute("err_msg")?, attribute("object")?);
    if !is_exception(&exception) {
        return Err(ts.raise_str(&TYPE_ERROR, "sys.unraisablehook argument type must be UnraisableHookArgs"));
    }
    let message = message.downcast::<Str>().map(|m| m.to_string());
    let told = Unraisable {
        // SAFETY: checked.
        exception: unsafe { exception.cast_owned() },
        message: message.as_deref(),
        object: (!singletons::is_none(&*object)).then_some(&*object),
    };
    display::print_unraisable(ts, told);
    Ok(())
}

fn exit(ts: &ThreadState, args: Args<'_>) -> Result {
    args.expect_positional(ts, "exit", 0, 1)?;
    Err(match args.get(0) {
        Some(status) => ts.raise_value(&SYSTEM_EXIT, Owned::new(status)),
        None => ts.raise_bare(&SYSTEM_EXIT),
    })
}

fn getdefaultencoding(ts: &ThreadState, _module: &Object) -> Result<Owned<Str>> {
    Str::new(ts, "utf-8")
}

fn getfilesystemencodeerrors(ts: &ThreadState, _module: &Object) -> Result<Owned<Str>> {
    Str::new(ts, "surrogateescape")
}

fn getallocatedblocks(ts: &ThreadState, _module: &Object) -> Result<isize> {
    Ok(ts.interp().heap().live_blocks())
}

/// In microseconds, as CPython keeps it.
fn setswitchinterval(ts: &ThreadState, _module: &Object, seconds: &Object) -> Result<()> {
    let seconds = crate::protocol::convert::as_f64(ts, seconds)?;
    if seconds <= 0.0 {
        return Err(ts.raise_str(&VALUE_ERROR, "switch interval must be strictly positive"));
    }
    let interval = core::time::Duration::try_from_secs_f64(seconds).unwrap_or(core::time::Duration::MAX);
    ts.gil().set_interval(interval);
    Ok(())
}

fn getswitchinterval(ts: &ThreadState, _module: &Object) -> Result<Owned<Float>> {
    Float::new(ts, ts.gil().interval().as_micros() as f64 * 1e-6)
}

fn is_finalizing(ts: &ThreadState, _module: &Object) -> Result<bool> {
    Ok(ts.interp().is_finalizing())
}

fn getrecursionlimit(_ts: &ThreadState, _module: &Object) -> Result<isize> {
    Ok(lifecycle::recursion_limit() as isize)
}

fn setrecursionlimit(ts: &ThreadState, _module: &Object, limit: &Object) -> Result<()> {
    let limit = crate::protocol::number::as_ssize(ts, limit, Some(&crate::types::exceptions::OVERFLOW_ERROR))?;
    if limit < 1 {
        return Err(ts.raise_str(&VALUE_ERROR, "recursion limit must be greater or equal than 1"));
    }
    match i32::try_from(limit) {
        Ok(limit) => lifecycle::set_recursion_limit(limit),
        Err(_) => return Err(too_large(ts)),
    }
    Ok(())
}

#[cold]
fn too_large(ts: &ThreadState) -> Raised {
    ts.raise_str(&crate::types::exceptions::OVERFLOW_ERROR, "Python int too large to convert to C int")
}

fn get_int_max_str_digits(ts: &ThreadState, _module: &Object) -> Result<isize> {
    Ok(ts.interp().int_max_str_digits.get() as isize)
}

fn set_int_max_str_digits(ts: &ThreadState, args: Args<'_>) -> Result<()> {
    const SIGNATURE: Signature =
        Signature { name: "set_int_max_str_digits", params: &["maxdigits"], required: 1, max_positional: 1 };
    let [Some(digits)] = SIGNATURE.bind(ts, args)? else { return Ok(()) };
    let digits: i32 = convert::as_signed(ts, digits, "int")?;
    match usize::try_from(digits) {
        Ok(digits) if digits == 0 || digits >= STR_DIGITS_CHECK_THRESHOLD => {
            ts.interp().int_max_str_digits.set(digits);
            Ok(())
        }
        _ => Err(ts.raise_str(&VALUE_ERROR, "maxdigits must be >= 640 or 0 for unlimited")),
    }
}

pub static METHODS: [PyMethodDef; 23] = [
    method::noargs(
        c"get_int_max_str_digits",
        get_int_max_str_digits,
        c"get_int_max_str_digits($module, /)\n--\n\nHow many digits an int's text may have; 0 for any number.",
    ),
    method::static_keywords(
        c"set_int_max_str_digits",
        set_int_max_str_digits,
        c"set_int_max_str_digits($module, /, maxdigits)\n--\n\nLimits how many digits an int's text may have.",
    ),
    method::one(
        c"getrefcount",
        getrefcount,
        c"getrefcount($module, object, /)\n--\n\nHow many references there are to an object.",
    ),
    method::one(
        c"_is_immortal",
        is_immortal,
        c"_is_immortal($module, op, /)\n--\n\nWhether no reference count ever changes the object.",
    ),
    method::one(c"intern", intern, c"intern($module, string, /)\n--\n\nThe one str that stands for all equal ones."),
    method::static_keywords(
        c"getsizeof",
        getsizeof,
        c"getsizeof(object [, default]) -> int\n\nThe size of an object in bytes.",
    ),
    method::noargs(
        c"exception",
        exception,
        c"exception($module, /)\n--\n\nThe exception that is being handled, or None.",
    ),
    method::noargs(
        c"exc_info",
        exc_info,
        c"exc_info($module, /)\n--\n\nType, value and traceback of the exception that is being handled.",
    ),
    method::static_positional(
        c"excepthook",
        excepthook,
        c"excepthook($module, exctype, value, traceback, /)\n--\n\nPrint an exception to sys.stderr.",
    ),
    method::one(
        c"displayhook",
        displayhook,
        c"displayhook($module, object, /)\n--\n\nPrint a value to sys.stdout and keep it in builtins._.",
    ),
    method::one(
        c"unraisablehook",
        unraisablehook,
        c"unraisablehook($module, unraisable, /)\n--\n\nPrint an exception that nobody can be told of.",
    ),
    method::static_positional(
        c"_getframe",
        getframe,
        c"_getframe($module, depth=0, /)\n--\n\nThe frame that runs, or one that called it.",
    ),
    method::static_positional(c"exit", exit, c"exit($module, status=None, /)\n--\n\nRaise SystemExit."),
    method::noargs(
        c"getdefaultencoding",
        getdefaultencoding,
        c"getdefaultencoding($module, /)\n--\n\nHow str becomes bytes where nothing is said.",
    ),
    method::noargs(
        c"getfilesystemencoding",
        getdefaultencoding,
        c"getfilesystemencoding($module, /)\n--\n\nHow file names become bytes.",
    ),
    method::noargs(
        c"getfilesystemencodeerrors",
        getfilesystemencodeerrors,
        c"getfilesystemencodeerrors($module, /)\n--\n\nWhat becomes of file names that are no text.",
    ),
    method::noargs(
        c"getallocatedblocks",
        getallocatedblocks,
        c"getallocatedblocks($module, /)\n--\n\nHow many blocks of the interpreter's heap are in use.",
    ),
    method::one(
        c"setswitchinterval",
        setswitchinterval,
        c"setswitchinterval($module, interval, /)\n--\n\nSets how many seconds a thread waits before it asks for the GIL.",
    ),
    method::noargs(
        c"getswitchinterval",
        getswitchinterval,
        c"getswitchinterval($module, /)\n--\n\nHow many seconds a thread waits before it asks for the GIL.",
    ),
    method::noargs(
        c"is_finalizing",
        is_finalizing,
        c"is_finalizing($module, /)\n--\n\nWhether the interpreter is ending.",
    ),
    method::noargs(
        c"getrecursionlimit",
        getrecursionlimit,
        c"getrecursionlimit($module, /)\n--\n\nHow deep Python code may nest.",
    ),
    method::one(
        c"setrecursionlimit",
        setrecursionlimit,
        c"setrecursionlimit($module, limit, /)\n--\n\nSet how deep Python code may nest.",
    ),
    slot::METHODS_END,
];
