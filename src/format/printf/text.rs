//! `PyUnicode_FromFormat`.

use core::ffi::{CStr, c_char};

use super::spec::{Size, Spec};
use crate::ffi::{Py_TPFLAGS_HEAPTYPE, PyObject};
use crate::format::cursor::Cursor;
use crate::format::va::VaSource;
use crate::object::{Object, Raised, Result, Type};
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::Str;
use crate::types::exceptions::{OVERFLOW_ERROR, SYSTEM_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::text::codec::{Codec, Handler, Plain, utf8};
use crate::types::text::{Chars, TextBuf};
use crate::types::type_::attributes;

/// Writes what the format says.
///
/// # Safety
/// `va` holds what the format asks for.
pub(super) unsafe fn format<V: VaSource>(
    ts: &ThreadState,
    mut format: Cursor<'_>,
    va: &mut V,
    out: &mut TextBuf,
) -> Result<()> {
    check_ascii(ts, format)?;
    loop {
        literal(ts, &mut format, out)?;
        if format.peek() == 0 {
            return Ok(());
        }
        let start = format;
        format.skip();
        if format.eat(b'%') {
            ts.allocated(out.push(u32::from(b'%')))?;
            continue;
        }
        let spec = Spec::read(ts, &mut format, va)?;
        // SAFETY: the caller's promise.
        if !unsafe { one(ts, format.take(), spec, va, out)? } {
            return Err(ts.raise(&SYSTEM_ERROR, format_args!("invalid format string: {}", start.text(usize::MAX))));
        }
    }
}

/// `ValueError` for a format that is not ASCII from end to end, whatever else is wrong with it.
fn check_ascii(ts: &ThreadState, format: Cursor<'_>) -> Result<()> {
    let bytes = format.rest().to_bytes();
    if bytes.is_ascii() {
        return Ok(());
    }
    let byte = bytes.iter().find(|byte| !byte.is_ascii()).copied().unwrap_or(0);
    Err(ts.raise(
        &VALUE_ERROR,
        format_args!(
            "PyUnicode_FromFormatV() expects an ASCII-encoded format string, got a non-ASCII byte: 0x{byte:02x}"
        ),
    ))
}

/// Copies what stands before the next `%`.
fn literal(ts: &ThreadState, format: &mut Cursor<'_>, out: &mut TextBuf) -> Result<()> {
    let start = *format;
    while !matches!(format.peek(), 0 | b'%') {
        format.skip();
    }
    ts.allocated(out.push_ascii(start.bytes_until(*format)))
}

/// Writes one conversion; false if there is no such.
///
/// # Safety
/// `va` holds what it asks for.
unsafe fn one<V: VaSource>(ts: &ThreadState, letter: u8, spec: Spec, va: &mut V, out: &mut TextBuf) -> Result<bool> {
    match letter {
        b'd' | b'i' => {
            let value = if spec.size == Size::Int { i64::from(va.int()) } else { va.long() };
            integer(ts, value < 0, value.unsigned_abs(), b'd', spec, out)?;
        }
        b'u' | b'x' | b'X' | b'o' => {
            let value = if spec.size == Size::Int { u64::from(va.int() as u32) } else { va.long() as u64 };
            integer(ts, false, value, letter, spec, out)?;
        }
        b'c' if spec.is_plain() => match u32::try_from(va.int()) {
            Ok(c @ 0..=0x10FFFF) => ts.allocated(out.push(c))?,
            _ => return Err(ts.raise_str(&OVERFLOW_ERROR, "character argument not in range(0x110000)")),
        },
        b'p' if spec.is_plain() => {
            let address = va.pointer().addr();
            let text = if address == 0 { "0x(nil)".to_owned() } else { format!("{address:#x}") };
            ts.allocated(out.push_ascii(text.as_bytes()))?;
        }
        b's' | b'V' if spec.size != Size::Wide => {
            // SAFETY: [nullable] the format says so.
            let object = if letter == b'V' { unsafe { Object::from_nullable(va.ptr::<PyObject>()) } } else { None };
            let fallback = va.pointer();
            match object {
                // SAFETY: the format says that it is a str.
                Some(text) => padded(ts, unsafe { text.cast::<Str>() }.chars(), spec, out)?,
                // SAFETY: [cstr] the format says so.
                None if spec.size == Size::Long => unsafe { wide_text(ts, fallback.cast(), spec, out)? },
                // SAFETY: as above.
                None => unsafe { utf8_text(ts, fallback.cast(), spec, out)? },
            }
        }
        b'U' | b'S' | b'R' | b'A' | b'T' | b'N' if spec.size == Size::Int => {
            // SAFETY: [nullable] the format says that an object comes next.
            match unsafe { Object::from_nullable(va.ptr::<PyObject>()) } {
                Some(arg) => of_object(ts, letter, arg, spec, out)?,
                None => padded(ts, Str::new(ts, "<NULL>")?.chars(), spec, out)?,
            }
        }
        _ => return Ok(false),
    }
    Ok(true)
}

fn integer(ts: &ThreadState, negative: bool, magnitude: u64, letter: u8, spec: Spec, out: &mut TextBuf) -> Result<()> {
    // 22 octal digits at most.
    let mut room = [0u8; 24];
    let mut at = room.len();
    let mut left = magnitude;
    let base = match letter {
        b'o' => 8,
        b'x' | b'X' => 16,
        _ => 10,
    };
    let alphabet: &[u8; 16] = if letter == b'X' { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
    loop {
        at -= 1;
        room[at] = alphabet[(left % base) as usize];
        left /= base;
        if left == 0 {
            break;
        }
    }
    let digits = &room[at..];
    let width = spec.width.unwrap_or(0);
    let sign = usize::from(negative);
    let mut zeros = spec.precision.unwrap_or(0).saturating_sub(digits.len());
    if spec.zeros && !spec.left {
        zeros = zeros.max(width.saturating_sub(digits.len() + sign));
    }
    let blanks = width.saturating_sub(digits.len() + sign).saturating_sub(zeros);
    ts.allocated((|| {
        out.push_repeated(u32::from(b' '), if spec.left { 0 } else { blanks })?;
        if negative {
            out.push(u32::from(b'-'))?;
        }
        out.push_repeated(u32::from(b'0'), zeros)?;
        out.push_ascii(digits)?;
        out.push_repeated(u32::from(b' '), if spec.left { blanks } else { 0 })
    })())
}

/// Text cut to the precision and filled up to the width.
fn padded(ts: &ThreadState, text: Chars<'_>, spec: Spec, out: &mut TextBuf) -> Result<()> {
    let len = text.len().min(spec.precision.unwrap_or(usize::MAX));
    let text = text.slice(0..len);
    let blanks = spec.width.unwrap_or(0).saturating_sub(len);
    ts.allocated((|| {
        out.push_repeated(u32::from(b' '), if spec.left { 0 } else { blanks })?;
        out.extend(text)?;
        out.push_repeated(u32::from(b' '), if spec.left { blanks } else { 0 })
    })())
}

/// UTF-8, what is malformed replaced. The precision counts bytes; a character that it cuts through is left out.
///
/// # Safety
/// `text` is NUL-terminated, or as long as the precision.
unsafe fn utf8_text(ts: &ThreadState, text: *const c_char, spec: Spec, out: &mut TextBuf) -> Result<()> {
    // SAFETY: the caller's promise.
    let bytes = unsafe {
        match spec.precision {
            None => CStr::from_ptr(text).to_bytes(),
            Some(max) => core::slice::from_raw_parts(text.cast(), libc::strnlen(text, max)),
        }
    };
    let whole = spec.precision.is_none_or(|max| bytes.len() < max);
    let mut errors = Plain { codec: Codec::Utf8, handler: Handler::Replace };
    if spec.width.is_none() {
        return decoded(ts, utf8::decode(bytes, whole, &mut errors, out));
    }
    let mut text = TextBuf::new();
    decoded(ts, utf8::decode(bytes, whole, &mut errors, &mut text))?;
    padded(ts, text.view(), Spec { precision: None, ..spec }, out)
}

/// With a handler that replaces, only memory can be wanting.
fn decoded<E>(ts: &ThreadState, result: core::result::Result<usize, E>) -> Result<()> {
    result.map(drop).map_err(|_| ts.no_memory())
}

/// # Safety
/// `text` is NUL-terminated, or as long as the precision.
unsafe fn wide_text(ts: &ThreadState, text: *const u32, spec: Spec, out: &mut TextBuf) -> Result<()> {
    let max = spec.precision.unwrap_or(usize::MAX);
    // SAFETY: the caller's promise.
    let units = unsafe {
        let len = (0..max).take_while(|&i| *text.add(i) != 0).count();
        core::slice::from_raw_parts(text, len)
    };
    check_wide(ts, units)?;
    padded(ts, Chars::Four(units), Spec { precision: None, ..spec }, out)
}

/// `ValueError` for a wide character that is none.
pub(crate) fn check_wide(ts: &ThreadState, units: &[u32]) -> Result<()> {
    match units.iter().find(|&&c| c > 0x10FFFF) {
        None => Ok(()),
        Some(c) => Err(ts.raise(&VALUE_ERROR, format_args!("character U+{c:x} is not in range [U+0000; U+10ffff]"))),
    }
}

fn of_object(ts: &ThreadState, letter: u8, arg: &Object, spec: Spec, out: &mut TextBuf) -> Result<()> {
    match letter {
        b'U' => {
            // SAFETY: the format says that it is a str.
            padded(ts, unsafe { arg.cast::<Str>() }.chars(), spec, out)
        }
        b'S' => padded(ts, object::str(ts, arg)?.chars(), spec, out),
        b'R' => padded(ts, object::repr(ts, arg)?.chars(), spec, out),
        b'A' => padded(ts, object::ascii(ts, arg)?.chars(), spec, out),
        b'T' => type_name(ts, arg.ty(), spec, out),
        _ => match arg.downcast::<Type>() {
            Some(ty) => type_name(ts, ty, spec, out),
            None => Err(not_a_type(ts)),
        },
    }
}

#[cold]
fn not_a_type(ts: &ThreadState) -> Raised {
    ts.raise_str(&TYPE_ERROR, "%N argument must be a type")
}

/// The type's name with its module, unless that is `builtins` or `__main__`; `#` puts a colon between.
fn type_name(ts: &ThreadState, ty: &Type, spec: Spec, out: &mut TextBuf) -> Result<()> {
    let full = attributes::fully_qualified(ts, ty)?;
    if !spec.alternate || !ty.has(Py_TPFLAGS_HEAPTYPE) {
        return padded(ts, full.chars(), spec, out);
    }
    let qualname = attributes::qualname(ts, ty)?;
    let mut text = TextBuf::new();
    if let Some(module) = full.len().checked_sub(qualname.len() + 1) {
        ts.allocated(text.extend(full.chars().slice(0..module)))?;
        ts.allocated(text.push(u32::from(b':')))?;
    }
    ts.allocated(text.extend(qualname.chars()))?;
    padded(ts, text.view(), spec, out)
}
