//! codecs.h
//!

use core::ffi::{CStr, c_char, c_int};

use super::{bad_argument, optional_text};
use crate::ffi::PyObject;
use crate::object::{Object, Result};
use crate::runtime::{ThreadState, boundary};
use crate::types::identifiers;
use crate::types::str::{codecs, handlers, registry};
use crate::types::text::codec::Handler;

/// # Safety
/// `[nullable]`
unsafe fn argument<'a>(ts: &ThreadState, object: *mut PyObject) -> Result<&'a Object> {
    // SAFETY: [nullable] the caller's promise.
    unsafe { Object::from_nullable(object) }.ok_or_else(|| bad_argument(ts))
}

/// # Safety
/// `[cstr]`, or NULL, which is a bad argument.
unsafe fn name<'a>(ts: &ThreadState, encoding: *const c_char) -> Result<std::borrow::Cow<'a, str>> {
    // SAFETY: the caller's promise.
    unsafe { optional_text(encoding) }.ok_or_else(|| bad_argument(ts))
}

/// Adds a function to those that are asked for codecs.
///
/// `TypeError` if it is not callable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_Register(search: *mut PyObject) -> c_int {
    // SAFETY: [nullable]
    boundary(|ts| registry::register(ts, unsafe { argument(ts, search)? }))
}

/// Forgets such a function.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_Unregister(search: *mut PyObject) -> c_int {
    // SAFETY: [nullable]
    boundary(|ts| registry::unregister(ts, unsafe { argument(ts, search)? }))
}

/// Whether there is a codec of that name. Never fails.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_KnownEncoding(encoding: *const c_char) -> c_int {
    let ts = ThreadState::current();
    // SAFETY: [cstr]
    let encoding = unsafe { CStr::from_ptr(encoding) }.to_string_lossy();
    if codecs::codec_of(Some(&encoding)).is_some() {
        return 1;
    }
    let known = registry::lookup(ts, &encoding).is_ok();
    ts.error.clear();
    c_int::from(known)
}

/// What an encoding's encoder makes of an object.
///
/// New reference. `LookupError` for an unknown encoding.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_Encode(
    object: *mut PyObject,
    encoding: *const c_char,
    errors: *const c_char,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable], [cstr] or NULL
        let (object, encoding, errors) =
            unsafe { (argument(ts, object)?, optional_text(encoding), optional_text(errors)) };
        registry::encode_object(ts, object, encoding.as_deref().unwrap_or("utf-8"), errors.as_deref())
    })
}

/// What an encoding's decoder makes of an object.
///
/// New reference. `LookupError` for an unknown encoding.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_Decode(
    object: *mut PyObject,
    encoding: *const c_char,
    errors: *const c_char,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [nullable], [cstr] or NULL
        let (object, encoding, errors) =
            unsafe { (argument(ts, object)?, optional_text(encoding), optional_text(errors)) };
        registry::decode_object(ts, object, encoding.as_deref().unwrap_or("utf-8"), errors.as_deref())
    })
}

/// An encoding's encoder.
///
/// New reference. `LookupError` for an encoding that no search function knows.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_Encoder(encoding: *const c_char) -> *mut PyObject {
    // SAFETY: [cstr]
    boundary(|ts| registry::part(ts, &unsafe { name(ts, encoding)? }, 0))
}

/// An encoding's decoder.
///
/// New reference. `LookupError` for an encoding that no search function knows.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_Decoder(encoding: *const c_char) -> *mut PyObject {
    // SAFETY: [cstr]
    boundary(|ts| registry::part(ts, &unsafe { name(ts, encoding)? }, 1))
}

/// What an encoding has for encoding piece by piece, made with these errors.
///
/// New reference. `LookupError`, or `AttributeError` if the codec has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_IncrementalEncoder(encoding: *const c_char, errors: *const c_char) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [cstr], the second or NULL
        let (encoding, errors) = unsafe { (name(ts, encoding)?, optional_text(errors)) };
        registry::incremental(ts, &encoding, &identifiers::incrementalencoder, errors.as_deref())
    })
}

/// What an encoding has for decoding piece by piece, made with these errors.
///
/// New reference. `LookupError`, or `AttributeError` if the codec has none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_IncrementalDecoder(encoding: *const c_char, errors: *const c_char) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [cstr], the second or NULL
        let (encoding, errors) = unsafe { (name(ts, encoding)?, optional_text(errors)) };
        registry::incremental(ts, &encoding, &identifiers::incrementaldecoder, errors.as_deref())
    })
}

/// An encoding's reader for a stream.
///
/// New reference. `LookupError` for an encoding that no search function knows.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_StreamReader(
    encoding: *const c_char,
    stream: *mut PyObject,
    errors: *const c_char,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [cstr], the second or NULL; [nullable]
        let (encoding, stream, errors) = unsafe { (name(ts, encoding)?, argument(ts, stream)?, optional_text(errors)) };
        registry::over_stream(ts, &encoding, 2, stream, errors.as_deref())
    })
}

/// An encoding's writer for a stream.
///
/// New reference. `LookupError` for an encoding that no search function knows.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_StreamWriter(
    encoding: *const c_char,
    stream: *mut PyObject,
    errors: *const c_char,
) -> *mut PyObject {
    boundary(|ts| {
        // SAFETY: [cstr], the second or NULL; [nullable]
        let (encoding, stream, errors) = unsafe { (name(ts, encoding)?, argument(ts, stream)?, optional_text(errors)) };
        registry::over_stream(ts, &encoding, 3, stream, errors.as_deref())
    })
}

/// Gives an error handler a name.
///
/// `TypeError` if it is not callable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_RegisterError(name: *const c_char, handler: *mut PyObject) -> c_int {
    boundary(|ts| {
        // SAFETY: [cstr], [nullable]
        let (name, handler) = unsafe { (CStr::from_ptr(name).to_string_lossy(), argument(ts, handler)?) };
        registry::register_error(ts, &name, handler)
    })
}

/// The error handler of that name; NULL means `strict`.
///
/// New reference. `LookupError` if there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_LookupError(name: *const c_char) -> *mut PyObject {
    // SAFETY: [cstr] or NULL
    boundary(|ts| registry::lookup_error(ts, unsafe { optional_text(name) }.as_deref().unwrap_or("strict")))
}

/// Raises the exception.
///
/// NULL, always.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_StrictErrors(exception: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| handlers::apply(ts, Handler::Strict, unsafe { argument(ts, exception)? }))
}

/// Leaves out what cannot be converted.
///
/// New reference: a tuple of what stands for it and where to go on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_IgnoreErrors(exception: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| handlers::apply(ts, Handler::Ignore, unsafe { argument(ts, exception)? }))
}

/// Puts a mark in place of what cannot be converted.
///
/// New reference: a tuple of what stands for it and where to go on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_ReplaceErrors(exception: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| handlers::apply(ts, Handler::Replace, unsafe { argument(ts, exception)? }))
}

/// Puts character references of XML in place of what cannot be encoded.
///
/// New reference: a tuple of what stands for it and where to go on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_XMLCharRefReplaceErrors(exception: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| handlers::apply(ts, Handler::XmlCharRefReplace, unsafe { argument(ts, exception)? }))
}

/// Puts escapes with a backslash in place of what cannot be converted.
///
/// New reference: a tuple of what stands for it and where to go on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_BackslashReplaceErrors(exception: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| handlers::apply(ts, Handler::BackslashReplace, unsafe { argument(ts, exception)? }))
}

/// Puts escapes by name, `\N{…}`, in place of what cannot be encoded.
///
/// New reference: a tuple of what stands for it and where to go on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn PyCodec_NameReplaceErrors(exception: *mut PyObject) -> *mut PyObject {
    // SAFETY: [live]
    boundary(|ts| handlers::apply(ts, Handler::NameReplace, unsafe { argument(ts, exception)? }))
}
