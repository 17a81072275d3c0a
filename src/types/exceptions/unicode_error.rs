//! `UnicodeDecodeError`, `UnicodeEncodeError` and `UnicodeTranslateError`: which part of what could not be
//! converted, and why.

use core::cell::Cell;

use super::base::{self, ExceptionLayout};
use super::simple::template;
use super::{OVERFLOW_ERROR, TYPE_ERROR};
use crate::ffi::*;
use crate::object::{Object, ObjectCell, Owned, Result, Type};
use crate::protocol::buffer::Buffer;
use crate::protocol::{number, object};
use crate::runtime::ThreadState;
use crate::types::{Bytes, Dict, Str, Tuple, entries, slot};

/// `BaseException`'s fields, then encoding and object, start and end, reason.
#[repr(C)]
pub struct UnicodeError {
    base: PyBaseExceptionObject,
    pub encoding: Cell<*mut PyObject>,
    pub object: Cell<*mut PyObject>,
    pub start: Cell<isize>,
    pub end: Cell<isize>,
    pub reason: Cell<*mut PyObject>,
}

const _: () = assert!(size_of::<UnicodeError>() == size_of::<PyUnicodeErrorObject>());

// SAFETY: begins with the header.
unsafe impl crate::object::Layout for UnicodeError {}

// SAFETY: CPython's layout. The reason, behind two numbers, is dropped and visited by this type's own slots.
unsafe impl ExceptionLayout for UnicodeError {
    fn own_fields(&self) -> &[Cell<*mut PyObject>] {
        // SAFETY: two fields in a row.
        unsafe { base::fields_from(&self.encoding, 2) }
    }
}

#[allow(clippy::declare_interior_mutable_const)]
const TEMPLATE: Type = Type {
    tp_new: slot::new(base::new),
    tp_members: entries(&MEMBERS),
    tp_dealloc: slot::dealloc(drop_fields),
    tp_traverse: slot::traverse(visit_fields),
    tp_clear: slot::clear(clear_fields),
    ..template::<UnicodeError>()
};

#[allow(clippy::declare_interior_mutable_const)]
pub(super) const DECODE_TEMPLATE: Type =
    Type { tp_init: slot::init(decode_init), tp_str: slot::unary(decode_str), ..TEMPLATE };

#[allow(clippy::declare_interior_mutable_const)]
pub(super) const ENCODE_TEMPLATE: Type =
    Type { tp_init: slot::init(encode_init), tp_str: slot::unary(encode_str), ..TEMPLATE };

#[allow(clippy::declare_interior_mutable_const)]
pub(super) const TRANSLATE_TEMPLATE: Type =
    Type { tp_init: slot::init(translate_init), tp_str: slot::unary(translate_str), ..TEMPLATE };

fn drop_fields(_ts: &ThreadState, this: &UnicodeError) {
    clear_fields(this);
}

fn clear_fields(this: &UnicodeError) {
    drop(this.reason.take_owned());
    base::clear_fields(this);
}

fn visit_fields(this: &UnicodeError, visitor: &slot::Visitor) -> core::result::Result<(), core::ffi::c_int> {
    visitor.field(&this.reason)?;
    base::visit_fields(this, visitor)
}

/// What the object of the error must be.
#[derive(Clone, Copy)]
pub enum Source {
    Bytes,
    Text,
}

fn wrong_type(ts: &ThreadState, position: usize, wanted: &str, got: &Object) -> crate::object::Raised {
    let name = if crate::types::singletons::is_none(got) { "None" } else { got.ty().full_name() };
    ts.raise(&TYPE_ERROR, format_args!("argument {position} must be {wanted}, not {name}"))
}

fn init(
    ts: &ThreadState,
    this: &UnicodeError,
    args: &Tuple,
    kwargs: Option<&Dict>,
    encoded: bool,
    source: Source,
) -> Result<()> {
    base::init(ts, this.base(), args, kwargs)?;
    let first = usize::from(encoded);
    let wanted = 4 + first;
    let given = args.as_slice();
    if given.len() != wanted {
        let message = format_args!("function takes exactly {wanted} arguments ({} given)", given.len());
        return Err(ts.raise(&TYPE_ERROR, message));
    }
    if encoded && given[0].downcast::<Str>().is_none() {
        return Err(wrong_type(ts, 1, "str", given[0]));
    }
    let object = given[first];
    if matches!(source, Source::Text) && object.downcast::<Str>().is_none() {
        return Err(wrong_type(ts, first + 1, "str", object));
    }
    let start = number::as_ssize(ts, given[first + 1], Some(&OVERFLOW_ERROR))?;
    let end = number::as_ssize(ts, given[first + 2], Some(&OVERFLOW_ERROR))?;
    let reason = given[first + 3];
    if reason.downcast::<Str>().is_none() {
        return Err(wrong_type(ts, wanted, "str", reason));
    }
    let object = match source {
        // A buffer may change; a bytes does not.
        Source::Bytes if !object.ty().has(Py_TPFLAGS_BYTES_SUBCLASS) => {
            Bytes::new(ts, Buffer::simple(ts, object)?.as_slice())?.upcast()
        }
        _ => Owned::new(object),
    };
    this.encoding.store(if encoded { Some(Owned::new(given[0])) } else { None });
    this.object.store(Some(object));
    this.start.set(start);
    this.end.set(end);
    this.reason.store(Some(Owned::new(reason)));
    Ok(())
}

fn decode_init(ts: &ThreadState, this: &UnicodeError, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    init(ts, this, args, kwargs, true, Source::Bytes)
}

fn encode_init(ts: &ThreadState, this: &UnicodeError, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    init(ts, this, args, kwargs, true, Source::Text)
}

fn translate_init(ts: &ThreadState, this: &UnicodeError, args: &Tuple, kwargs: Option<&Dict>) -> Result<()> {
    init(ts, this, args, kwargs, false, Source::Text)
}

impl UnicodeError {
    /// `error` as one of that type, for C.
    pub fn expected<'a>(ts: &ThreadState, error: &'a Object, ty: &Type) -> Result<&'a UnicodeError> {
        if error.ty().is_subtype_of(ty) {
            // SAFETY: all three types have this layout.
            return Ok(unsafe { error.cast() });
        }
        let got = super::super::type_::attributes::fully_qualified(ts, error.ty())?;
        let message = format_args!("expecting a {} object, got {got}", ty.full_name());
        Err(ts.raise(&TYPE_ERROR, message))
    }

    /// A field that Python code may have deleted or changed.
    fn checked(ts: &ThreadState, field: &Cell<*mut PyObject>, name: &str, source: Source) -> Result {
        let Some(value) = field.load() else {
            return Err(ts.raise(&TYPE_ERROR, format_args!("UnicodeError '{name}' attribute is not set")));
        };
        let (flag, wanted) = match source {
            Source::Bytes => (Py_TPFLAGS_BYTES_SUBCLASS, "bytes"),
            Source::Text => (Py_TPFLAGS_UNICODE_SUBCLASS, "string"),
        };
        if !value.ty().has(flag) {
            let message = format_args!("UnicodeError '{name}' attribute must be a {wanted}");
            return Err(ts.raise(&TYPE_ERROR, message));
        }
        Ok(value)
    }

    pub fn checked_encoding(&self, ts: &ThreadState) -> Result {
        UnicodeError::checked(ts, &self.encoding, "encoding", Source::Text)
    }

    pub fn checked_object(&self, ts: &ThreadState, source: Source) -> Result {
        UnicodeError::checked(ts, &self.object, "object", source)
    }

    pub fn checked_reason(&self, ts: &ThreadState) -> Result {
        UnicodeError::checked(ts, &self.reason, "reason", Source::Text)
    }

    /// Sets where the trouble starts, for C.
    pub fn set_start(&self, start: isize) -> Result<()> {
        self.start.set(start);
        Ok(())
    }

    /// Sets where it ends, for C.
    pub fn set_end(&self, end: isize) -> Result<()> {
        self.end.set(end);
        Ok(())
    }

    /// Length of the object: of a str in characters, of bytes in bytes.
    pub fn object_len(&self) -> Option<isize> {
        let object = self.object.peek()?;
        if let Some(text) = object.downcast::<Str>() {
            return Some(text.len() as isize);
        }
        if !object.ty().has(Py_TPFLAGS_BYTES_SUBCLASS) {
            return None;
        }
        // SAFETY: the flag says that it is of variable size.
        Some(unsafe { (*object.as_ptr().cast::<PyVarObject>()).ob_size.get() })
    }

    /// Start and end, cut to the object: start to a character that there is, end to one behind it at least.
    pub fn range(&self) -> (isize, isize) {
        let n = self.object_len().unwrap_or(0);
        let start = self.start.get().clamp(0, (n - 1).max(0));
        (start, self.end.get().max(1).min(n.max(0)).max(if n == 0 { 0 } else { 1 }))
    }

    fn part(&self, ts: &ThreadState, field: &Cell<*mut PyObject>) -> Result<Owned<Str>> {
        match field.load() {
            Some(value) => object::str(ts, &value),
            None => Str::new(ts, "<unassigned>"),
        }
    }

    /// The single character or byte that is meant, if it is one and there.
    fn single(&self) -> Option<u32> {
        let (start, end) = (self.start.get(), self.end.get());
        let i = usize::try_from(start).ok()?;
        if end != start.checked_add(1)? || start >= self.object_len()? {
            return None;
        }
        let object = self.object.peek()?;
        match object.downcast::<Str>() {
            Some(text) => text.chars().get(i),
            // SAFETY: bytes, and within.
            None => Some(u32::from(unsafe {
                (&raw const (*object.as_ptr().cast::<PyBytesObject>()).ob_sval).cast::<u8>().add(i).read()
            })),
        }
    }
}

fn escaped(c: u32) -> String {
    match c {
        0..0x100 => format!("\\x{c:02x}"),
        0x100..0x10000 => format!("\\u{c:04x}"),
        _ => format!("\\U{c:08x}"),
    }
}

fn decode_str(ts: &ThreadState, this: &UnicodeError) -> Result<Owned<Str>> {
    if this.object.peek().is_none() {
        return Ok(Str::empty());
    }
    this.checked_object(ts, Source::Bytes)?;
    let (encoding, reason) = (this.part(ts, &this.encoding)?, this.part(ts, &this.reason)?);
    let (start, last) = (this.start.get(), this.end.get().wrapping_sub(1));
    let what = match this.single() {
        Some(byte) => format!("byte 0x{byte:02x} in position {start}"),
        None => format!("bytes in position {start}-{last}"),
    };
    Str::new(ts, &format!("'{encoding}' codec can't decode {what}: {reason}"))
}

fn characters(this: &UnicodeError) -> String {
    let (start, last) = (this.start.get(), this.end.get().wrapping_sub(1));
    match this.single() {
        Some(c) => format!("character '{}' in position {start}", escaped(c)),
        None => format!("characters in position {start}-{last}"),
    }
}

fn encode_str(ts: &ThreadState, this: &UnicodeError) -> Result<Owned<Str>> {
    if this.object.peek().is_none() {
        return Ok(Str::empty());
    }
    this.checked_object(ts, Source::Text)?;
    let (encoding, reason) = (this.part(ts, &this.encoding)?, this.part(ts, &this.reason)?);
    Str::new(ts, &format!("'{encoding}' codec can't encode {}: {reason}", characters(this)))
}

fn translate_str(ts: &ThreadState, this: &UnicodeError) -> Result<Owned<Str>> {
    if this.object.peek().is_none() {
        return Ok(Str::empty());
    }
    this.checked_object(ts, Source::Text)?;
    let reason = this.part(ts, &this.reason)?;
    Str::new(ts, &format!("can't translate {}: {reason}", characters(this)))
}

static MEMBERS: [PyMemberDef; 6] = [
    slot::member(c"encoding", _Py_T_OBJECT, core::mem::offset_of!(UnicodeError, encoding), 0),
    slot::member(c"object", _Py_T_OBJECT, core::mem::offset_of!(UnicodeError, object), 0),
    slot::member(c"start", Py_T_PYSSIZET, core::mem::offset_of!(UnicodeError, start), 0),
    slot::member(c"end", Py_T_PYSSIZET, core::mem::offset_of!(UnicodeError, end), 0),
    slot::member(c"reason", _Py_T_OBJECT, core::mem::offset_of!(UnicodeError, reason), 0),
    slot::MEMBERS_END,
];
