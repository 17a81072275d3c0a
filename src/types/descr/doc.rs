//! Docstrings of C definitions: `name(signature)\n--\n\n` and then the text.

use core::ffi::{CStr, c_char, c_int};

use crate::ffi::{METH_CLASS, METH_COEXIST, METH_NOARGS, METH_O, METH_STATIC, PyMethodDef};
use crate::object::{Object, Owned, Result};
use crate::runtime::ThreadState;
use crate::types::{Str, singletons};

const END: &[u8] = b")\n--\n\n";

/// Where the signature's parenthesis opens.
fn signature_start(name: &[u8], doc: &[u8]) -> Option<usize> {
    let name = name.rsplit(|&c| c == b'.').next().unwrap_or(name);
    (doc.starts_with(name) && doc.get(name.len()) == Some(&b'(')).then_some(name.len())
}

/// Behind the signature's closing parenthesis. An empty line before it means that there is none.
fn signature_end(doc: &[u8], start: usize) -> Option<usize> {
    let mut i = start;
    while i < doc.len() {
        if doc[i..].starts_with(END) {
            return Some(i + 1);
        }
        if doc[i..].starts_with(b"\n\n") {
            return None;
        }
        i += 1;
    }
    None
}

fn bounds(name: &[u8], doc: &[u8]) -> Option<(usize, usize)> {
    let start = signature_start(name, doc)?;
    Some((start, signature_end(doc, start)?))
}

/// The text without the signature.
pub fn without_signature<'a>(name: &[u8], doc: &'a [u8]) -> &'a [u8] {
    match bounds(name, doc) {
        Some((_, end)) => &doc[end + END.len() - 1..],
        None => doc,
    }
}

/// The signature, from parenthesis to parenthesis.
pub fn signature<'a>(name: &[u8], doc: &'a [u8]) -> Option<&'a [u8]> {
    bounds(name, doc).map(|(start, end)| &doc[start..end])
}

/// A docstring of C's.
///
/// # Safety
/// NULL or NUL-terminated, living on.
pub unsafe fn c_doc<'a>(text: *const c_char) -> Option<&'a CStr> {
    // SAFETY: the caller's promise.
    if text.is_null() { None } else { Some(unsafe { CStr::from_ptr(text) }) }
}

fn text_or_none(ts: &ThreadState, text: Option<&[u8]>) -> Result<Owned<Object>> {
    match text {
        Some(text) => Ok(Str::new(ts, &String::from_utf8_lossy(text))?.upcast()),
        None => Ok(singletons::none()),
    }
}

/// `__doc__` of a definition: the text without the signature, `None` where that leaves nothing.
pub fn doc_of(ts: &ThreadState, name: &[u8], doc: Option<&CStr>) -> Result {
    text_or_none(ts, doc.map(|doc| without_signature(name, doc.to_bytes())).filter(|doc| !doc.is_empty()))
}

/// `__text_signature__` of a definition.
pub fn text_signature_of(ts: &ThreadState, name: &[u8], doc: Option<&CStr>) -> Result {
    text_or_none(ts, doc.and_then(|doc| signature(name, doc.to_bytes())))
}

/// A plain docstring.
pub fn plain(ts: &ThreadState, doc: Option<&CStr>) -> Result {
    text_or_none(ts, doc.map(CStr::to_bytes))
}

/// `__doc__` of a method definition.
pub fn doc_of_method(ts: &ThreadState, def: &PyMethodDef) -> Result {
    // SAFETY: name and doc of a definition are C strings.
    unsafe { doc_of(ts, CStr::from_ptr(def.ml_name).to_bytes(), c_doc(def.ml_doc)) }
}

/// `__text_signature__` of a method definition: as its docstring says, else what its way of calling says.
pub fn text_signature_of_method(ts: &ThreadState, def: &PyMethodDef) -> Result {
    // SAFETY: as above.
    let (name, doc) = unsafe { (CStr::from_ptr(def.ml_name).to_bytes(), c_doc(def.ml_doc)) };
    let written = doc.and_then(|doc| signature(name, doc.to_bytes()));
    text_or_none(ts, written.or_else(|| implied_signature(def.ml_flags)))
}

fn implied_signature(flags: c_int) -> Option<&'static [u8]> {
    const CLASS_NOARGS: c_int = METH_CLASS | METH_NOARGS;
    const CLASS_O: c_int = METH_CLASS | METH_O;
    const STATIC_NOARGS: c_int = METH_STATIC | METH_NOARGS;
    const STATIC_O: c_int = METH_STATIC | METH_O;
    Some(match flags & !METH_COEXIST {
        METH_NOARGS => b"($self, /)",
        CLASS_NOARGS => b"($type, /)",
        STATIC_NOARGS => b"()",
        METH_O => b"($self, object, /)",
        CLASS_O => b"($type, object, /)",
        STATIC_O => b"(object, /)",
        _ => return None,
    })
}
