//! The objects behind `sys.stdout` and `sys.stderr`: text out to C's streams, so that what C prints and what Python
//! prints keep their order.

use core::cell::Cell;
use core::ffi::c_int;

use crate::ffi::*;
use crate::object::{Object, Owned, Result, Type};
use crate::runtime::{ThreadState, gil};
use crate::types::exceptions::{OS_ERROR, TYPE_ERROR};
use crate::types::{STATIC_FLAGS, STATIC_TYPE, Str, entries, method, slot};

unsafe extern "C" {
    #[link_name = "stdout"]
    static C_STDOUT: *mut libc::FILE;
    #[link_name = "stderr"]
    static C_STDERR: *mut libc::FILE;
}

/// One of the two.
#[repr(C)]
pub struct StreamObject {
    ob_base: PyObject,
    fd: c_int,
}

// SAFETY: never written to.
unsafe impl Sync for StreamObject {}
// SAFETY: begins with the header.
unsafe impl crate::object::Layout for StreamObject {}

#[unsafe(link_section = "immortal")]
pub static STDOUT: StreamObject = StreamObject { ob_base: PyObject::immortal(&raw const STREAM_TYPE), fd: 1 };
#[unsafe(link_section = "immortal")]
pub static STDERR: StreamObject = StreamObject { ob_base: PyObject::immortal(&raw const STREAM_TYPE), fd: 2 };

impl StreamObject {
    pub fn as_object(&'static self) -> &'static Object {
        &self.ob_base
    }

    fn file(&self) -> *mut libc::FILE {
        // SAFETY: the streams that C sets up before anything else runs.
        unsafe { if self.fd == 2 { C_STDERR } else { C_STDOUT } }
    }

    /// Writes bytes; `false` if that failed.
    pub fn put(&self, bytes: &[u8]) -> bool {
        // SAFETY: an open stream and as many bytes as said.
        let whole = unsafe { libc::fwrite(bytes.as_ptr().cast(), 1, bytes.len(), self.file()) } == bytes.len();
        whole && (!unbuffered() || self.flush_file())
    }

    pub fn flush_file(&self) -> bool {
        // SAFETY: an open stream.
        unsafe { libc::fflush(self.file()) == 0 }
    }

    fn label(&self) -> &'static str {
        if self.fd == 2 { "<stderr>" } else { "<stdout>" }
    }

    fn write(ts: &ThreadState, this: &StreamObject, text: &Object) -> Result<isize> {
        let Some(text) = text.downcast::<Str>() else {
            let name = text.ty().full_name();
            let name = if crate::types::singletons::is_none(text) { "None" } else { name };
            return Err(ts.raise(&TYPE_ERROR, format_args!("write() argument must be str, not {name}")));
        };
        without_gil(ts, || match text.as_ascii() {
            Some(ascii) => this.put(ascii.as_bytes()),
            None => this.put(text.to_string().as_bytes()),
        })?;
        Ok(text.len() as isize)
    }

    fn flush(ts: &ThreadState, this: &StreamObject) -> Result<()> {
        without_gil(ts, || this.flush_file())
    }

    fn fileno(_ts: &ThreadState, this: &StreamObject) -> Result<isize> {
        Ok(this.fd as isize)
    }

    fn isatty(_ts: &ThreadState, this: &StreamObject) -> Result<bool> {
        // SAFETY: asks about a descriptor.
        Ok(unsafe { libc::isatty(this.fd) } == 1)
    }

    fn writable(_ts: &ThreadState, _this: &StreamObject) -> Result<bool> {
        Ok(true)
    }

    fn readable(_ts: &ThreadState, _this: &StreamObject) -> Result<bool> {
        Ok(false)
    }

    fn name(ts: &ThreadState, this: &StreamObject) -> Result<Owned<Str>> {
        Str::new(ts, this.label())
    }

    fn mode(ts: &ThreadState, _this: &StreamObject) -> Result<Owned<Str>> {
        Str::new(ts, "w")
    }

    fn encoding(ts: &ThreadState, _this: &StreamObject) -> Result<Owned<Str>> {
        Str::new(ts, "utf-8")
    }

    fn errors(ts: &ThreadState, _this: &StreamObject) -> Result<Owned<Str>> {
        Str::new(ts, "backslashreplace")
    }

    fn closed(_ts: &ThreadState, _this: &StreamObject) -> Result {
        Ok(crate::types::bool::from_bool(false))
    }

    fn repr(ts: &ThreadState, this: &StreamObject) -> Result<Owned<Str>> {
        Str::new(ts, &format!("<sys.Stream name='{}' mode='w' encoding='utf-8'>", this.label()))
    }
}

fn unbuffered() -> bool {
    static UNBUFFERED: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *UNBUFFERED.get_or_init(|| std::env::var_os("PYTHONUNBUFFERED").is_some_and(|v| !v.is_empty()))
}

/// Runs what may block, and says whether it went well, without the GIL; `OSError` if it did not.
fn without_gil(ts: &ThreadState, write: impl FnOnce() -> bool) -> Result<()> {
    // Waiting for the GIL may set `errno` anew.
    let failure = gil::detached(|| (!write()).then(std::io::Error::last_os_error));
    failure.map_or(Ok(()), |error| Err(failed(ts, &error)))
}

#[cold]
fn failed(ts: &ThreadState, error: &std::io::Error) -> crate::object::Raised {
    let number = error.raw_os_error().unwrap_or(libc::EIO);
    let arguments = || -> Result {
        let number = crate::types::Int::from_i64(ts, number.into())?;
        // SAFETY: a message for any number; copied at once.
        let message = unsafe { core::ffi::CStr::from_ptr(libc::strerror(error.raw_os_error().unwrap_or(libc::EIO))) };
        let message = Str::new(ts, &message.to_string_lossy())?;
        Ok(crate::types::Tuple::new(ts, &[&number, &message])?.upcast())
    };
    match arguments() {
        Ok(arguments) => ts.raise_value(&OS_ERROR, arguments),
        Err(raised) => raised,
    }
}

static METHODS: [PyMethodDef; 7] = [
    method::one(
        c"write",
        StreamObject::write,
        c"write($self, text, /)\n--\n\nWrite text, and say how many characters.",
    ),
    method::noargs(c"flush", StreamObject::flush, c"flush($self, /)\n--\n\nWrite out what is buffered."),
    method::noargs(c"fileno", StreamObject::fileno, c"fileno($self, /)\n--\n\nThe file descriptor."),
    method::noargs(c"isatty", StreamObject::isatty, c"isatty($self, /)\n--\n\nWhether it is a terminal."),
    method::noargs(c"writable", StreamObject::writable, c"writable($self, /)\n--\n\nTrue."),
    method::noargs(c"readable", StreamObject::readable, c"readable($self, /)\n--\n\nFalse."),
    slot::METHODS_END,
];

static GETSET: [PyGetSetDef; 6] = [
    slot::getter(c"name", StreamObject::name, c"What the stream is called."),
    slot::getter(c"mode", StreamObject::mode, c"How it was opened."),
    slot::getter(c"encoding", StreamObject::encoding, c"How text becomes bytes."),
    slot::getter(c"errors", StreamObject::errors, c"What becomes of text that has no bytes."),
    slot::getter(c"closed", StreamObject::closed, c"Whether it was closed."),
    slot::GETSET_END,
];

#[unsafe(link_section = "immortal")]
pub static STREAM_TYPE: Type = Type {
    tp_name: c"sys.Stream".as_ptr(),
    tp_basicsize: size_of::<StreamObject>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_DISALLOW_INSTANTIATION),
    tp_doc: Cell::new(c"One of the process's standard streams.".as_ptr()),
    tp_repr: slot::unary(StreamObject::repr),
    tp_methods: entries(&METHODS),
    tp_getset: entries(&GETSET),
    ..STATIC_TYPE
};
