//! unicodeobject.h: encodings of strs.
//!
//! skipped PyUnicode_DecodeMBCS and its kin: Windows only

use core::ffi::{c_char, c_int};

use super::optional_text;
use super::unicodeobject::text_of;
use crate::ffi::{Py_ssize_t, PyObject};
use crate::object::{Object, Owned, Result};
use crate::runtime::{ThreadState, boundary};
use crate::types::str::{charmap, codecs, registry};
use crate::types::text::codec::{Codec, Endian};
use crate::types::{Bytes, Str};

/// Decodes a span with a codec that the runtime knows.
///
/// # Safety
/// `[span]`, `[cstr]` or NULL; `consumed` NULL or `[out]`, and if there is one, an incomplete end waits.
unsafe fn decode(
    ts: &ThreadState,
    codec: Codec,
    text: *const c_char,
    size: Py_ssize_t,
    errors: *const c_char,
    consumed: *mut Py_ssize_t,
) -> Result<Owned<Str>> {
    // SAFETY: the caller's promise.
    unsafe {
        let input = super::span(text, size);
        let errors = optional_text(errors);
        let (made, done) = codecs::decode_with(ts, codec, input, errors.as_deref(), None, consumed.is_null())?;
        if !consumed.is_null() {
            consumed.write(done as isize);
        }
        Ok(made)
    }
}

/// Encodes a str with a codec that the runtime knows.
///
/// # Safety
/// `[nullable]`
unsafe fn encode(ts: &ThreadState, codec: Codec, text: *mut PyObject) -> Result<Owned<Bytes>> {
    // SAFETY: [nullable] the caller's promise.
    codecs::encode_with(ts, codec, unsafe { text_of(ts, text)? }, None)
}

/// The text of so many bytes in an encoding; NULL means UTF-8.
///
/// New reference. `LookupError` for an unknown encoding, `UnicodeDecodeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_Decode(
    text: *const c_char,
    size: Py_ssize_t,
    encoding: *const c_char,
    errors: *const c_char,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [span], [cstr] or NULL
        unsafe {
            let input = super::span(text, size);
            let (encoding, errors) = (optional_text(encoding), optional_text(errors));
            codecs::decode(ts, input, encoding.as_deref(), errors.as_deref())
        }
    })
}

/// The bytes of a str in an encoding; NULL means UTF-8.
///
/// New reference. `TypeError` for anything but a str, `LookupError`, `UnicodeEncodeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsEncodedString(
    text: *mut PyObject,
    encoding: *const c_char,
    errors: *const c_char,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable], [cstr] or NULL
        let (text, encoding, errors) = unsafe { (text_of(ts, text)?, optional_text(encoding), optional_text(errors)) };
        codecs::encode(ts, text, encoding.as_deref(), errors.as_deref())
    })
}

/// What the codec's encoder makes of a str, of any type.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsEncodedObject(
    text: *mut PyObject,
    encoding: *const c_char,
    errors: *const c_char,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable], [cstr] or NULL
        let (text, encoding, errors) = unsafe { (text_of(ts, text)?, optional_text(encoding), optional_text(errors)) };
        registry::encode_object(ts, text, encoding.as_deref().unwrap_or("utf-8"), errors.as_deref())
    })
}

/// What the codec's encoder makes of a str, which must be a str.
///
/// New reference. `TypeError` if it is not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsEncodedUnicode(
    text: *mut PyObject,
    encoding: *const c_char,
    errors: *const c_char,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable], [cstr] or NULL
        let (text, encoding, errors) = unsafe { (text_of(ts, text)?, optional_text(encoding), optional_text(errors)) };
        let encoding = encoding.as_deref().unwrap_or("utf-8");
        let made = registry::encode_object(ts, text, encoding, errors.as_deref())?;
        registry::expect_str(ts, made, encoding, "encoder", "encode")
    })
}

/// What the codec's decoder makes of a str, of any type.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsDecodedObject(
    text: *mut PyObject,
    encoding: *const c_char,
    errors: *const c_char,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable], [cstr] or NULL
        let (text, encoding, errors) = unsafe { (text_of(ts, text)?, optional_text(encoding), optional_text(errors)) };
        registry::decode_object(ts, text, encoding.as_deref().unwrap_or("utf-8"), errors.as_deref())
    })
}

/// What the codec's decoder makes of a str, which must be a str.
///
/// New reference. `TypeError` if it is not.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsDecodedUnicode(
    text: *mut PyObject,
    encoding: *const c_char,
    errors: *const c_char,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable], [cstr] or NULL
        let (text, encoding, errors) = unsafe { (text_of(ts, text)?, optional_text(encoding), optional_text(errors)) };
        let encoding = encoding.as_deref().unwrap_or("utf-8");
        let made = registry::decode_object(ts, text, encoding, errors.as_deref())?;
        registry::expect_str(ts, made, encoding, "decoder", "decode")
    })
}

/// The text of so many bytes of UTF-8.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeUTF8(
    text: *const c_char,
    size: Py_ssize_t,
    errors: *const c_char,
) -> *mut PyObject {
    // SAFETY: [span], [cstr] or NULL
    boundary(|ts| unsafe { decode(ts, Codec::Utf8, text, size, errors, core::ptr::null_mut()) })
}

/// The text of so many bytes of Latin-1.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeLatin1(
    text: *const c_char,
    size: Py_ssize_t,
    errors: *const c_char,
) -> *mut PyObject {
    // SAFETY: [span], [cstr] or NULL
    boundary(|ts| unsafe { decode(ts, Codec::Latin1, text, size, errors, core::ptr::null_mut()) })
}

/// The text of so many bytes of ASCII.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeASCII(
    text: *const c_char,
    size: Py_ssize_t,
    errors: *const c_char,
) -> *mut PyObject {
    // SAFETY: [span], [cstr] or NULL
    boundary(|ts| unsafe { decode(ts, Codec::Ascii, text, size, errors, core::ptr::null_mut()) })
}

/// The text of so many bytes of `unicode_escape`.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeUnicodeEscape(
    text: *const c_char,
    size: Py_ssize_t,
    errors: *const c_char,
) -> *mut PyObject {
    // SAFETY: [span], [cstr] or NULL
    boundary(|ts| unsafe { decode(ts, Codec::UnicodeEscape, text, size, errors, core::ptr::null_mut()) })
}

/// The text of so many bytes of `raw_unicode_escape`.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeRawUnicodeEscape(
    text: *const c_char,
    size: Py_ssize_t,
    errors: *const c_char,
) -> *mut PyObject {
    // SAFETY: [span], [cstr] or NULL
    boundary(|ts| unsafe { decode(ts, Codec::RawUnicodeEscape, text, size, errors, core::ptr::null_mut()) })
}

/// The same; with `consumed` an incomplete character at the end waits for more, and `consumed` says how many
/// bytes were decoded.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeUTF8Stateful(
    text: *const c_char,
    size: Py_ssize_t,
    errors: *const c_char,
    consumed: *mut Py_ssize_t,
) -> *mut PyObject {
    // SAFETY: [span], [cstr] or NULL, [out] or NULL
    boundary(|ts| unsafe { decode(ts, Codec::Utf8, text, size, errors, consumed) })
}

/// The text of so many bytes of UTF-7.
///
/// New reference. `UnicodeDecodeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeUTF7(
    text: *const c_char,
    size: Py_ssize_t,
    errors: *const c_char,
) -> *mut PyObject {
    // SAFETY: [span], [cstr] or NULL
    boundary(|ts| unsafe { decode(ts, Codec::Utf7, text, size, errors, core::ptr::null_mut()) })
}

/// The same; with `consumed` a section in base64 that has no end waits for more.
///
/// New reference. `UnicodeDecodeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeUTF7Stateful(
    text: *const c_char,
    size: Py_ssize_t,
    errors: *const c_char,
    consumed: *mut Py_ssize_t,
) -> *mut PyObject {
    // SAFETY: [span], [cstr] or NULL, [out] or NULL
    boundary(|ts| unsafe { decode(ts, Codec::Utf7, text, size, errors, consumed) })
}

/// The text of so many bytes of UTF-16. `*byteorder` is -1 for little endian, 1 for big, 0 for what a mark
/// says, and then tells what it said; NULL counts as 0.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeUTF16(
    text: *const c_char,
    size: Py_ssize_t,
    errors: *const c_char,
    byteorder: *mut c_int,
) -> *mut PyObject {
    // SAFETY: [span], [cstr] or NULL, [out] or NULL
    unsafe { PyUnicode_DecodeUTF16Stateful(text, size, errors, byteorder, core::ptr::null_mut()) }
}

/// The same; with `consumed` an incomplete character at the end waits for more.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeUTF16Stateful(
    text: *const c_char,
    size: Py_ssize_t,
    errors: *const c_char,
    byteorder: *mut c_int,
    consumed: *mut Py_ssize_t,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [span], [cstr] or NULL, [out] or NULL
        unsafe {
            let order = order_of(byteorder);
            let input = super::span(text, size);
            let mark = if order.is_none() { crate::types::text::codec::utf16::order_of(input) } else { None };
            let made = decode(ts, Codec::Utf16(order), text, size, errors, consumed)?;
            tell_order(byteorder, mark);
            Ok(made)
        }
    })
}

/// The text of so many bytes of UTF-32. `*byteorder` is -1 for little endian, 1 for big, 0 for what a mark
/// says, and then tells what it said; NULL counts as 0.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeUTF32(
    text: *const c_char,
    size: Py_ssize_t,
    errors: *const c_char,
    byteorder: *mut c_int,
) -> *mut PyObject {
    // SAFETY: [span], [cstr] or NULL, [out] or NULL
    unsafe { PyUnicode_DecodeUTF32Stateful(text, size, errors, byteorder, core::ptr::null_mut()) }
}

/// The same; with `consumed` an incomplete character at the end waits for more.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeUTF32Stateful(
    text: *const c_char,
    size: Py_ssize_t,
    errors: *const c_char,
    byteorder: *mut c_int,
    consumed: *mut Py_ssize_t,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [span], [cstr] or NULL, [out] or NULL
        unsafe {
            let order = order_of(byteorder);
            let input = super::span(text, size);
            let mark = if order.is_none() { crate::types::text::codec::utf32::order_of(input) } else { None };
            let made = decode(ts, Codec::Utf32(order), text, size, errors, consumed)?;
            tell_order(byteorder, mark);
            Ok(made)
        }
    })
}

/// # Safety
/// `byteorder` is NULL or holds a number.
unsafe fn order_of(byteorder: *const c_int) -> Option<Endian> {
    // SAFETY: the caller's promise.
    match unsafe { byteorder.as_ref() } {
        Some(..=-1) => Some(Endian::Little),
        Some(1..) => Some(Endian::Big),
        _ => None,
    }
}

/// # Safety
/// `byteorder` is NULL or `[out]`.
unsafe fn tell_order(byteorder: *mut c_int, mark: Option<Endian>) {
    if let (false, Some(mark)) = (byteorder.is_null(), mark) {
        // SAFETY: the caller's promise.
        unsafe { byteorder.write(if mark == Endian::Little { -1 } else { 1 }) };
    }
}

/// The bytes of a str in UTF-8.
///
/// New reference. `TypeError` for anything but a str, `UnicodeEncodeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsUTF8String(text: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| unsafe { encode(ts, Codec::Utf8, text) })
}

/// The bytes of a str in UTF-16, with a mark in the machine's order.
///
/// New reference. `TypeError` for anything but a str, `UnicodeEncodeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsUTF16String(text: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| unsafe { encode(ts, Codec::Utf16(None), text) })
}

/// The bytes of a str in UTF-32, with a mark in the machine's order.
///
/// New reference. `TypeError` for anything but a str, `UnicodeEncodeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsUTF32String(text: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| unsafe { encode(ts, Codec::Utf32(None), text) })
}

/// The bytes of a str in Latin-1.
///
/// New reference. `TypeError` for anything but a str, `UnicodeEncodeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsLatin1String(text: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| unsafe { encode(ts, Codec::Latin1, text) })
}

/// The bytes of a str in ASCII.
///
/// New reference. `TypeError` for anything but a str, `UnicodeEncodeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsASCIIString(text: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| unsafe { encode(ts, Codec::Ascii, text) })
}

/// The bytes of a str in `unicode_escape`.
///
/// New reference. `TypeError` for anything but a str, `UnicodeEncodeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsUnicodeEscapeString(text: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| unsafe { encode(ts, Codec::UnicodeEscape, text) })
}

/// The bytes of a str in `raw_unicode_escape`.
///
/// New reference. `TypeError` for anything but a str, `UnicodeEncodeError`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsRawUnicodeEscapeString(text: *mut PyObject) -> *mut PyObject {
    // SAFETY: [nullable]
    boundary(|ts| unsafe { encode(ts, Codec::RawUnicodeEscape, text) })
}

/// The text of bytes by a table from bytes to characters; NULL means Latin-1.
///
/// New reference.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_DecodeCharmap(
    text: *const c_char,
    size: Py_ssize_t,
    table: *mut PyObject,
    errors: *const c_char,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [span], [nullable], [cstr] or NULL
        unsafe {
            let Some(table) = Object::from_nullable(table) else {
                return decode(ts, Codec::Latin1, text, size, errors, core::ptr::null_mut());
            };
            let input = super::span(text, size);
            charmap::decode(ts, input, table, optional_text(errors).as_deref())
        }
    })
}

/// The bytes of a str by a table from characters to bytes.
///
/// New reference. `SystemError` for NULL or anything but a str.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_AsCharmapString(text: *mut PyObject, table: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable]
        unsafe {
            let text = Object::from_nullable(text).and_then(|text| text.downcast::<Str>());
            match (text, Object::from_nullable(table)) {
                (Some(text), Some(table)) => charmap::encode(ts, text, table),
                _ => Err(super::bad_argument_type(ts)),
            }
        }
    })
}

/// The table for encoding that goes with a str for decoding.
///
/// New reference. `TypeError` for anything but a str that is not empty.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyUnicode_BuildEncodingMap(table: *mut PyObject) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable]
        let table = unsafe { text_of(ts, table)? };
        if table.is_empty() {
            return Err(super::bad_argument_type(ts));
        }
        charmap::encoding_map(ts, table)
    })
}
