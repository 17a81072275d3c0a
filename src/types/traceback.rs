//! `traceback`: where an exception passed through, a chain of frames from the outermost call to the innermost.
//!
//! An entry is made by whoever lets an exception pass: an extension module's C code by [`here`] and [`add`]. Chains may
//! be long, and closed ones are refused: nothing here recurses on their length.

use core::cell::Cell;
use core::ffi::c_int;
use core::mem::offset_of;

use super::code::Code;
use super::frame::Frame;
use super::{Dict, Int, List, STATIC_FLAGS, STATIC_TYPE, Str, Tuple, entries, method, singletons, slot};
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Object, ObjectCell, Owned, Raised, Result, Type};
use crate::protocol::args::{Signature, as_c_int, bad_argument, with_tuple_and_dict};
use crate::runtime::ThreadState;
use crate::types::exceptions::{BaseException, SYSTEM_ERROR, TYPE_ERROR, VALUE_ERROR};

layout!(Traceback = PyTracebackObject, PyTraceBack_Type);

/// The line is not known yet: the code object knows.
const ASK_THE_CODE: c_int = -1;

impl Traceback {
    /// The entry of `frame`, before `next`.
    pub fn new(
        ts: &ThreadState,
        next: Option<Owned<Object>>,
        frame: &Frame,
        last_instruction: c_int,
        line: c_int,
    ) -> Result<Owned<Traceback>> {
        // SAFETY: all fields are written.
        unsafe {
            let this = ts.new_object::<Traceback>(&PyTraceBack_Type, size_of::<Traceback>())?;
            this.tb_next.set(next.map_or(core::ptr::null_mut(), Owned::into_raw));
            this.tb_frame.set(Owned::new(frame).into_raw());
            this.tb_lasti.set(last_instruction);
            this.tb_lineno.set(line);
            gc_track(&this);
            Ok(this)
        }
    }

    pub fn next(&self) -> Option<&Traceback> {
        // SAFETY: only tracebacks are stored there.
        self.tb_next.peek().map(|next| unsafe { next.cast() })
    }

    /// `None` while the collector takes it apart.
    pub fn frame(&self) -> Option<&Frame> {
        // SAFETY: only frames are stored there.
        self.tb_frame.peek().map(|frame| unsafe { frame.cast() })
    }

    /// The line, where it has one.
    pub fn line(&self) -> Option<c_int> {
        match self.tb_lineno.get() {
            ASK_THE_CODE => self.frame()?.code().line_at(self.tb_lasti.get()),
            line => Some(line),
        }
    }

    fn construct(ts: &ThreadState, _ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result<Owned<Traceback>> {
        with_tuple_and_dict(ts, args, kwargs, |args| {
            let bound: [Option<&Object>; 4] = NEW.bind(ts, args)?;
            let [next, frame, last, line] = bound.map(|value| value.expect("all are required"));
            let Some(frame) = frame.downcast::<Frame>() else {
                return Err(bad_argument(ts, "traceback", "argument 'tb_frame'", "frame", frame));
            };
            let (last, line) = (as_c_int(ts, last)?, as_c_int(ts, line)?);
            let next = match next.downcast::<Traceback>() {
                None if !singletons::is_none(next) => return Err(expected(ts, "traceback object or None", next)),
                next => next.map(|next| Owned::new(next).upcast()),
            };
            Traceback::new(ts, next, frame, last, line)
        })
    }

    fn get_next(_ts: &ThreadState, this: &Traceback) -> Result {
        Ok(this.tb_next.load().unwrap_or_else(singletons::none))
    }

    /// `tb_next = value`. `ValueError` if the chain would never end.
    fn set_next(ts: &ThreadState, this: &Traceback, value: Option<&Object>) -> Result<()> {
        let Some(value) = value else {
            return Err(ts.raise_str(&TYPE_ERROR, "can't delete tb_next attribute"));
        };
        let next = match value.downcast::<Traceback>() {
            None if !singletons::is_none(value) => return Err(expected(ts, "traceback object", value)),
            next => next,
        };
        if core::iter::successors(next, |entry| entry.next()).any(|entry| core::ptr::eq(entry, this)) {
            return Err(ts.raise_str(&VALUE_ERROR, "traceback loop detected"));
        }
        this.tb_next.store(next.map(Owned::new));
        Ok(())
    }

    fn get_line(ts: &ThreadState, this: &Traceback) -> Result {
        this.line().map_or_else(|| Ok(singletons::none()), |line| Ok(Int::from_i64(ts, line.into())?.upcast()))
    }

    fn dir(ts: &ThreadState, _this: &Traceback) -> Result<Owned<List>> {
        let names = ["tb_frame", "tb_next", "tb_lasti", "tb_lineno"];
        let names: Result<Vec<_>> = names.into_iter().map(|name| Ok(Str::interned(ts, name)?.upcast())).collect();
        List::from_owned(ts, names?)
    }

    fn clear(&self) {
        drop(self.tb_next.take_owned());
        drop(self.tb_frame.take_owned());
    }

    fn drop_fields(_ts: &ThreadState, this: &Traceback) {
        this.clear();
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        visitor.field(&self.tb_next)?;
        visitor.field(&self.tb_frame)
    }
}

pub fn is_traceback(object: &Object) -> bool {
    object.downcast::<Traceback>().is_some()
}

#[cold]
fn expected(ts: &ThreadState, what: &str, given: &Object) -> Raised {
    let name = given.ty().full_name();
    ts.raise(&TYPE_ERROR, format_args!("expected {what}, got '{name}'"))
}

/// Puts an entry for `frame` before the traceback of what is raised. `SystemError` if nothing is; where there is no
/// memory, `MemoryError` with what was raised as its context.
pub fn here(ts: &ThreadState, frame: &Frame) -> Result<()> {
    let exception = take_raised(ts)?;
    let done = put_before(ts, &exception, frame);
    finish(ts, exception, done)
}

/// The same for a function in another language, which has no frame: one is made for it.
pub fn add(ts: &ThreadState, function: &[u8], file: &[u8], line: c_int) -> Result<()> {
    let exception = take_raised(ts)?;
    let done = frame_for(ts, function, file, line).and_then(|frame| put_before(ts, &exception, &frame));
    finish(ts, exception, done)
}

fn take_raised(ts: &ThreadState) -> Result<Owned<BaseException>> {
    ts.take_raised().ok_or_else(|| ts.raise_str(&SYSTEM_ERROR, "a traceback needs an exception that is set"))
}

fn finish(ts: &ThreadState, exception: Owned<BaseException>, done: Result<()>) -> Result<()> {
    let failed = done.is_err();
    let raised = ts.restore_or_chain(exception, done);
    if failed { Err(raised) } else { Ok(()) }
}

fn put_before(ts: &ThreadState, exception: &BaseException, frame: &Frame) -> Result<()> {
    let entry = Traceback::new(ts, exception.traceback.load(), frame, frame.f_lasti.get(), ASK_THE_CODE)?;
    exception.traceback.store(Some(entry));
    Ok(())
}

fn frame_for(ts: &ThreadState, function: &[u8], file: &[u8], line: c_int) -> Result<Owned<Frame>> {
    let globals = Dict::new(ts)?;
    let file = super::str::fs::decode_name(ts, file)?;
    let function = super::str::codecs::decode(ts, function, None, None)?;
    Frame::new(ts, &*Code::empty(ts, &file, &function, line)?, &globals)
}

static NEW: Signature = Signature {
    name: "traceback",
    params: &["tb_next", "tb_frame", "tb_lasti", "tb_lineno"],
    required: 4,
    max_positional: 4,
};

static MEMBERS: [PyMemberDef; 3] = [
    slot::member(c"tb_frame", _Py_T_OBJECT, offset_of!(PyTracebackObject, tb_frame), Py_READONLY),
    slot::member(c"tb_lasti", Py_T_INT, offset_of!(PyTracebackObject, tb_lasti), Py_READONLY),
    slot::MEMBERS_END,
];

static GETSET: [PyGetSetDef; 3] = [
    slot::getset(c"tb_next", Traceback::get_next, Traceback::set_next, c""),
    slot::getter(c"tb_lineno", Traceback::get_line, c""),
    slot::GETSET_END,
];

static METHODS: [PyMethodDef; 2] = [method::noargs(c"__dir__", Traceback::dir, c""), slot::METHODS_END];

#[unsafe(no_mangle)]
#[unsafe(link_section = "immortal")]
pub static PyTraceBack_Type: Type = Type {
    tp_name: c"traceback".as_ptr(),
    tp_basicsize: size_of::<Traceback>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC),
    tp_doc: Cell::new(
        c"traceback(tb_next, tb_frame, tb_lasti, tb_lineno)\n--\n\nWhere an exception passed through.".as_ptr(),
    ),
    tp_dealloc: slot::dealloc(Traceback::drop_fields),
    tp_traverse: slot::traverse(Traceback::visit),
    tp_clear: slot::clear(Traceback::clear),
    tp_members: entries(&MEMBERS),
    tp_methods: entries(&METHODS),
    tp_getset: entries(&GETSET),
    tp_new: slot::new(Traceback::construct),
    ..STATIC_TYPE
};
