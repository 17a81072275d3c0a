//! `SyntaxError`: where in a source text.

use core::ffi::c_int;
use std::os::unix::ffi::OsStrExt;

use super::base::{self, ExceptionLayout, fields_from};
use super::simple::template;
use super::{SYNTAX_ERROR, TYPE_ERROR};
use crate::ffi::*;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::{Dict, Int, Str, Tuple, entries, singletons, slot};

layout!(SyntaxError = PySyntaxErrorObject);

// SAFETY: CPython's layout, `BaseException`'s fields first, then nine objects.
unsafe impl ExceptionLayout for SyntaxError {
    fn own_fields(&self) -> &[core::cell::Cell<*mut PyObject>] {
        // SAFETY: nine fields in a row.
        unsafe { fields_from(&self.msg, 9) }
    }
}

#[allow(clippy::declare_interior_mutable_const)]
pub(super) const SYNTAX_ERROR_TEMPLATE: Type = Type {
    tp_init: slot::init(init),
    tp_str: slot::unary(str),
    tp_members: entries(&MEMBERS),
    ..template::<SyntaxError>()
};

/// What its subclasses start from: they inherit its members.
#[allow(clippy::declare_interior_mutable_const)]
pub(super) const SYNTAX_ERROR_SUBCLASS_TEMPLATE: Type =
    Type { tp_members: core::ptr::null_mut(), ..SYNTAX_ERROR_TEMPLATE };

/// `SyntaxError(msg, (filename, lineno, offset, text, end_lineno, end_offset, metadata))`.
fn init(ts: &ThreadState, this: &SyntaxError, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    base::init(ts, this.base(), args, kwargs)?;
    if let Some(message) = args.get(0) {
        this.msg.store(Some(Owned::new(message)));
    }
    let Some(info) = args.get(1).filter(|_| args.len() == 2) else { return Ok(()) };
    let info = Tuple::from_iterable(ts, info)?;
    let n = info.len();
    if !(4..=7).contains(&n) {
        let (bound, most) = if n < 4 { ("at least", 4) } else { ("at most", 7) };
        let message = format_args!("function takes {bound} {most} arguments ({n} given)");
        return Err(ts.raise(&TYPE_ERROR, message));
    }
    let fields =
        [&this.filename, &this.lineno, &this.offset, &this.text, &this.end_lineno, &this.end_offset, &this.metadata];
    for field in fields {
        drop(field.take_owned());
    }
    for (field, value) in fields.iter().zip(info.as_slice()) {
        field.store(Some(Owned::new(*value)));
    }
    if n == 5 {
        return Err(ts.raise_str(&TYPE_ERROR, "end_offset must be provided when end_lineno is provided"));
    }
    Ok(())
}

fn str(ts: &ThreadState, this: &SyntaxError) -> Result<Owned<Str>> {
    let message = object::str(ts, &this.msg.load().unwrap_or_else(singletons::none))?;
    let file = this.filename.peek().and_then(|f| f.downcast::<Str>()).map(|f| {
        let name = f.to_string();
        name.rsplit_once('/').map_or(name.clone(), |(_, last)| last.to_owned())
    });
    let line = this.lineno.peek().and_then(|l| l.downcast_exact::<Int>()).and_then(Int::to_i64);
    match (file, line) {
        (None, None) => Ok(message),
        (Some(file), Some(line)) => Str::new(ts, &format!("{message} ({file}, line {line})")),
        (Some(file), None) => Str::new(ts, &format!("{message} ({file})")),
        (None, Some(line)) => Str::new(ts, &format!("{message} (line {line})")),
    }
}

/// The line of that number of a file, from 1; its end is a line feed, whatever the file has.
pub fn line_of_file(name: &[u8], line: c_int) -> Option<String> {
    let index = usize::try_from(line).ok()?.checked_sub(1)?;
    let content = std::fs::read(std::ffi::OsStr::from_bytes(name)).ok()?;
    let content = String::from_utf8_lossy(&content).replace("\r\n", "\n").replace('\r', "\n");
    content.split_inclusive('\n').nth(index).map(str::to_owned)
}

/// Tells an exception of whatever type where it is. What cannot be set is left out.
pub fn locate(
    ts: &ThreadState,
    exception: &Object,
    filename: Option<&Str>,
    text: Option<&str>,
    line: c_int,
    column: c_int,
) {
    let none = singletons::none_ref();
    let set = |name: &str, value: Result<Owned<Object>>| {
        let done = value.and_then(|value| object::setattr(ts, exception, &*Str::interned(ts, name)?, Some(&value)));
        if done.is_err() {
            ts.error.clear();
        }
    };
    let number = |n: c_int| Int::from_i64(ts, n.into()).map(Owned::upcast);
    set("lineno", number(line));
    set("offset", if column == -1 { Ok(singletons::none()) } else { number(column) });
    set("end_lineno", number(line));
    set("end_offset", Ok(singletons::none()));
    set("filename", Ok(Owned::new(filename.map_or(none, |name| name))));
    set("text", text.map_or(Ok(singletons::none()), |text| Str::new(ts, text).map(Owned::upcast)));
    if core::ptr::eq(exception.ty(), &SYNTAX_ERROR) {
        return;
    }
    let lacks = |name: &str| {
        let found = Str::interned(ts, name).and_then(|name| object::find_attr(ts, exception, &name));
        found
            .unwrap_or_else(|_raised| {
                ts.error.clear();
                None
            })
            .is_none()
    };
    if lacks("msg") {
        set("msg", object::str(ts, exception).map(Owned::upcast));
    }
    if lacks("print_file_and_line") {
        set("print_file_and_line", Ok(singletons::none()));
    }
}

const fn member(name: &'static core::ffi::CStr, offset: usize) -> PyMemberDef {
    slot::member(name, _Py_T_OBJECT, offset, 0)
}

static MEMBERS: [PyMemberDef; 10] = [
    member(c"msg", core::mem::offset_of!(PySyntaxErrorObject, msg)),
    member(c"filename", core::mem::offset_of!(PySyntaxErrorObject, filename)),
    member(c"lineno", core::mem::offset_of!(PySyntaxErrorObject, lineno)),
    member(c"offset", core::mem::offset_of!(PySyntaxErrorObject, offset)),
    member(c"text", core::mem::offset_of!(PySyntaxErrorObject, text)),
    member(c"end_lineno", core::mem::offset_of!(PySyntaxErrorObject, end_lineno)),
    member(c"end_offset", core::mem::offset_of!(PySyntaxErrorObject, end_offset)),
    member(c"print_file_and_line", core::mem::offset_of!(PySyntaxErrorObject, print_file_and_line)),
    member(c"_metadata", core::mem::offset_of!(PySyntaxErrorObject, metadata)),
    slot::MEMBERS_END,
];
