//! `frame`: a call that was under way, as a traceback remembers it.
//!
//! The runtime runs no Python code. A frame is made for a function in another language that an exception passed
//! through (`deathless_add_traceback`), as CPython's own C modules make them: it stands behind the first instruction of
//! [empty code](Code::empty), and nobody called it. Only the one text that is evaluated (`code/call.rs`) has a
//! frame that runs.

use core::cell::Cell;
use core::ffi::c_int;
use core::mem::offset_of;

use super::code::Code;
use super::{Dict, Int, STATIC_FLAGS, STATIC_TYPE, Str, entries, method, singletons, slot};
use crate::ffi::*;
use crate::object::alloc::gc_track;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::bool::from_bool;
use crate::types::exceptions::{ATTRIBUTE_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::object::ensure_dict;

layout!(Frame = PyFrameObject, FRAME_TYPE);

/// What a frame of [empty code](Code::empty) ran last.
const EMPTY_LAST_INSTRUCTION: c_int = 2;

impl Frame {
    /// A frame of `code`, on its first line, that nobody called.
    pub fn new(ts: &ThreadState, code: &Code, globals: &Dict) -> Result<Owned<Frame>> {
        let builtins = ts.interp().builtins.load();
        // SAFETY: all fields are written.
        unsafe {
            let this = ts.new_object::<Frame>(&FRAME_TYPE, size_of::<Frame>())?;
            this.f_back.set(core::ptr::null_mut());
            this.f_code.set(Owned::new(code).into_raw());
            this.f_globals.set(Owned::new(globals).into_raw());
            this.f_builtins.set(builtins.map_or(core::ptr::null_mut(), Owned::into_raw));
            this.f_locals.set(core::ptr::null_mut());
            this.f_trace.set(core::ptr::null_mut());
            this.f_lineno.set(code.co_firstlineno.get());
            this.f_lasti.set(EMPTY_LAST_INSTRUCTION);
            this.f_trace_lines.set(1);
            this.f_trace_opcodes.set(0);
            gc_track(&this);
            Ok(this)
        }
    }

    pub fn code(&self) -> &Code {
        // SAFETY: a code object, written when it was made and kept until the end.
        unsafe { self.f_code.peek().expect("written when it was made").cast() }
    }

    fn repr(ts: &ThreadState, this: &Frame) -> Result<Owned<Str>> {
        let (code, line) = (this.code(), this.f_lineno.get());
        let file = object::repr(ts, code.filename())?;
        Str::build(ts, |text| {
            text.extend_str(&format!("<frame at {:p}, file ", this.as_ptr()))?;
            text.extend(file.chars())?;
            text.extend_str(&format!(", line {line}, code "))?;
            text.extend(code.name().chars())?;
            text.extend_str(">")
        })
    }

    /// The frame that called it.
    pub fn caller(&self) -> Option<&Frame> {
        // SAFETY: only frames are stored there.
        self.f_back.peek().map(|frame| unsafe { frame.cast() })
    }

    /// The frame that runs in this thread.
    pub fn current(ts: &ThreadState) -> Option<&Frame> {
        // SAFETY: only frames are stored there.
        ts.frame.peek().map(|frame| unsafe { frame.cast() })
    }

    fn back(_ts: &ThreadState, this: &Frame) -> Result {
        Ok(this.f_back.load().unwrap_or_else(singletons::none))
    }

    fn generator(_ts: &ThreadState, _this: &Frame) -> Result {
        Ok(singletons::none())
    }

    fn get_code(_ts: &ThreadState, this: &Frame) -> Result<Owned<Code>> {
        Ok(Owned::new(this.code()))
    }

    fn globals(_ts: &ThreadState, this: &Frame) -> Result {
        Ok(this.f_globals.load().unwrap_or_else(singletons::none))
    }

    fn builtins(_ts: &ThreadState, this: &Frame) -> Result {
        Ok(this.f_builtins.load().unwrap_or_else(singletons::none))
    }

    pub fn locals(ts: &ThreadState, this: &Frame) -> Result {
        match this.f_locals.load() {
            Some(locals) => Ok(locals),
            None => Ok(ensure_dict(ts, &this.f_locals)?.upcast()),
        }
    }

    fn line(ts: &ThreadState, this: &Frame) -> Result {
        match this.f_lineno.get() {
            line if line < 0 => Ok(singletons::none()),
            line => Ok(Int::from_i64(ts, line.into())?.upcast()),
        }
    }

    fn set_line(ts: &ThreadState, _this: &Frame, value: Option<&Object>) -> Result<()> {
        match value {
            None => Err(not_deleted(ts, "f_lineno")),
            Some(value) if value.is_exact::<Int>() => {
                Err(ts.raise_str(&VALUE_ERROR, "f_lineno can only be set in a trace function"))
            }
            Some(_) => Err(ts.raise_str(&VALUE_ERROR, "lineno must be an integer")),
        }
    }

    fn trace(_ts: &ThreadState, this: &Frame) -> Result {
        Ok(this.f_trace.load().unwrap_or_else(singletons::none))
    }

    /// Kept, and never called: nothing runs that could be traced.
    fn set_trace(_ts: &ThreadState, this: &Frame, value: Option<&Object>) -> Result<()> {
        this.f_trace.store(value.filter(|value| !singletons::is_none(*value)).map(Owned::new));
        Ok(())
    }

    fn trace_opcodes(_ts: &ThreadState, this: &Frame) -> Result {
        Ok(from_bool(this.f_trace_opcodes.get() != 0))
    }

    fn set_trace_opcodes(ts: &ThreadState, this: &Frame, value: Option<&Object>) -> Result<()> {
        let Some(value) = value else { return Err(not_deleted(ts, "f_trace_opcodes")) };
        if !core::ptr::eq(value.ty(), &super::bool::PyBool_Type) {
            return Err(ts.raise_str(&TYPE_ERROR, "attribute value type must be bool"));
        }
        this.f_trace_opcodes.set(super::bool::is_true(value).into());
        Ok(())
    }

    fn last_instruction(ts: &ThreadState, this: &Frame) -> Result<Owned<Int>> {
        Int::from_i64(ts, this.f_lasti.get().into())
    }

    /// `frame.clear()`: gives up what the frame keeps for its own sake.
    fn clear_method(_ts: &ThreadState, this: &Frame) -> Result<()> {
        this.clear();
        Ok(())
    }

    /// What may be part of a cycle. The code and the globals stay: `f_code` and `f_globals` have no other answer.
    fn clear(&self) {
        drop(self.f_trace.take_owned());
        drop(self.f_locals.take_owned());
    }

    fn fields(&self) -> [&Cell<*mut PyObject>; 6] {
        [&self.f_back, &self.f_code, &self.f_globals, &self.f_builtins, &self.f_locals, &self.f_trace]
    }

    fn drop_fields(_ts: &ThreadState, this: &Frame) {
        this.fields().into_iter().for_each(|field| drop(field.take_owned()));
    }

    fn visit(&self, visitor: &slot::Visitor) -> core::result::Result<(), c_int> {
        self.fields().into_iter().try_for_each(|field| visitor.field(field))
    }
}

#[cold]
fn not_deleted(ts: &ThreadState, name: &str) -> crate::object::Raised {
    ts.raise(&ATTRIBUTE_ERROR, format_args!("attribute '{name}' of 'frame' objects cannot be deleted"))
}

static MEMBERS: [PyMemberDef; 2] =
    [slot::member(c"f_trace_lines", Py_T_BOOL, offset_of!(PyFrameObject, f_trace_lines), 0), slot::MEMBERS_END];

static GETSET: [PyGetSetDef; 11] = [
    slot::getter(c"f_back", Frame::back, c""),
    slot::getter(c"f_locals", Frame::locals, c"The names that are local to the call."),
    slot::getset(c"f_lineno", Frame::line, Frame::set_line, c"The line that the call had come to."),
    slot::getset(c"f_trace", Frame::trace, Frame::set_trace, c""),
    slot::getter(c"f_lasti", Frame::last_instruction, c""),
    slot::getter(c"f_globals", Frame::globals, c""),
    slot::getter(c"f_builtins", Frame::builtins, c""),
    slot::getter(c"f_code", Frame::get_code, c""),
    slot::getset(c"f_trace_opcodes", Frame::trace_opcodes, Frame::set_trace_opcodes, c""),
    slot::getter(c"f_generator", Frame::generator, c"None: no generator runs in it."),
    slot::GETSET_END,
];

static METHODS: [PyMethodDef; 2] = [
    method::noargs(c"clear", Frame::clear_method, c"clear($self, /)\n--\n\nGive up what the frame holds."),
    slot::METHODS_END,
];

#[unsafe(link_section = "immortal")]
pub static FRAME_TYPE: Type = Type {
    tp_name: c"frame".as_ptr(),
    tp_basicsize: size_of::<Frame>() as isize,
    tp_flags: Cell::new(STATIC_FLAGS | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION),
    tp_dealloc: slot::dealloc(Frame::drop_fields),
    tp_traverse: slot::traverse(Frame::visit),
    tp_clear: slot::clear(Frame::clear),
    tp_repr: slot::unary(Frame::repr),
    tp_members: entries(&MEMBERS),
    tp_methods: entries(&METHODS),
    tp_getset: entries(&GETSET),
    ..STATIC_TYPE
};
