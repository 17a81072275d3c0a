//! `_getframe()`: the one text that is compiled and evaluated.
//!
//! A module that Cython wrote for the stable ABI, where no function makes a frame, gets one by compiling this text under
//! the name of its own source, giving the code its function's name and line by `replace`, and evaluating it with
//! `sys._getframe` among the globals. What it means is done here without a compiler: a frame runs for as long as the
//! call takes.

use super::{Code, Parts};
use crate::object::{Object, ObjectCell, Owned, Result};
use crate::protocol::{call, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::{KEY_ERROR, NAME_ERROR};
use crate::types::frame::Frame;
use crate::types::{Bytes, Dict, Str, Tuple, bytes, traceback};

pub const TEXT: &[u8] = b"_getframe()";
const NAME: &str = "_getframe";

/// The instructions that CPython 3.15 makes of it: by them such code is known again, whatever else was replaced.
const CODE: &[u8] = b"\x80\x00\x00\x00\\\x00\x1f\x002\x00\x00\x00\x00\x00\x00\x00!\x00";
/// All nine on the first line. Columns are not told: there is no such text in the file.
const LINES: &[u8] = b"\xef\x00\xe8\x00";
/// The offset of the call.
const CALL: i32 = 16;

/// The code of [`TEXT`].
pub fn compile(ts: &ThreadState, filename: &Str) -> Result<Owned<Code>> {
    let name = Str::interned(ts, "<module>")?;
    let names = Tuple::new(ts, &[&*Str::interned(ts, NAME)?])?;
    let (lines, none) = (Bytes::new(ts, LINES)?, Tuple::empty_ref());
    Code::new(
        ts,
        &Parts {
            counts: [0, 0, 0, 0, 2, 0],
            code: CODE,
            consts: none,
            names: &names,
            varnames: none,
            filename,
            name: &name,
            qualname: &name,
            first_line: 1,
            lines: &lines,
            exceptions: bytes::empty_ref(),
            freevars: none,
            cellvars: none,
        },
    )
}

/// Whether an object is the code of [`TEXT`], and so can be evaluated.
pub fn is_compiled(object: &Object) -> Option<&Code> {
    object.downcast::<Code>().filter(|code| code.bytes() == CODE && code.called().is_some())
}

impl Code {
    /// The name that is called.
    fn called(&self) -> Option<&Str> {
        let names = self.co_names.peek()?.downcast::<Tuple>()?;
        names.get(0)?.downcast::<Str>().filter(|name| name.equals_text(NAME))
    }
}

/// Evaluates code that [`is_compiled`]. What the call raises gets an entry for the frame.
pub fn evaluate(ts: &ThreadState, code: &Code, globals: &Dict, locals: Option<&Object>) -> Result {
    let frame = Frame::new(ts, code, globals)?;
    frame.f_lasti.set(CALL);
    frame.f_locals.store(locals.map(Owned::new));
    let caller = ts.frame.load();
    frame.f_back.store(caller.clone());
    ts.frame.store(Some(frame.clone()));
    let result = find(ts, code, globals, locals).and_then(|function| call::call(ts, &function, &[]));
    ts.frame.store(caller);
    if result.is_err() {
        traceback::here(ts, &frame)?;
    }
    result
}

/// The name in the local, the global and the built-in names.
fn find(ts: &ThreadState, code: &Code, globals: &Dict, locals: Option<&Object>) -> Result {
    let Some(name) = code.called() else { return Err(ts.raise_bare(&NAME_ERROR)) };
    if let Some(locals) = locals.filter(|locals| !locals.is(globals)) {
        match sequence::getitem(ts, locals, name) {
            Ok(found) => return Ok(found),
            Err(raised) => ts.recover(raised, &KEY_ERROR)?,
        }
    }
    if let Some(found) = globals.get(ts, name)? {
        return Ok(found);
    }
    let builtins = ts.interp().builtins.load();
    // SAFETY: a dict is stored there.
    let found = builtins.map_or(Ok(None), |builtins| unsafe { builtins.cast::<Dict>() }.get(ts, name))?;
    found.ok_or_else(|| ts.raise(&NAME_ERROR, format_args!("name '{name}' is not defined")))
}
