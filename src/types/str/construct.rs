//! Making strs of other things: `str(…)`, instances of subclasses.

use super::{ASCII, KIND_SHIFT, PyUnicode_Type, Str, codecs};
use crate::ffi::*;
use crate::object::{Object, Owned, Result, Type};
use crate::protocol::args::{Args, with_tuple_and_dict};
use crate::protocol::object;
use crate::runtime::ThreadState;
use crate::types::exceptions::TYPE_ERROR;
use crate::types::str::arguments::c_text;
use crate::types::{Dict, Tuple};

pub(super) fn new_slot(ts: &ThreadState, ty: &Type, args: &Tuple, kwargs: Option<&Dict>) -> Result<Owned<Str>> {
    let made = with_tuple_and_dict(ts, args, kwargs, |args| construct(ts, args))?;
    if core::ptr::eq(ty, &PyUnicode_Type) { Ok(made) } else { instance(ts, ty, &made) }
}

/// `str(…)` itself, by vectorcall.
pub(super) fn call(ts: &ThreadState, _ty: &Type, args: Args<'_>) -> Result<Owned<Str>> {
    match *args.positional {
        [source] if args.values.is_empty() => object::str(ts, source),
        _ => construct(ts, args),
    }
}

fn construct(ts: &ThreadState, args: Args<'_>) -> Result<Owned<Str>> {
    let [source, encoding, errors] = bind(ts, args)?;
    let Some(source) = source else { return Ok(Str::empty()) };
    if args.values.is_empty() {
        refuse_by_place(ts, "encoding", encoding)?;
        refuse_by_place(ts, "errors", errors)?;
    }
    let encoding = encoding.map(|o| c_text(ts, "str", "argument 'encoding'", o)).transpose()?;
    let errors = errors.map(|o| c_text(ts, "str", "argument 'errors'", o)).transpose()?;
    if encoding.is_none() && errors.is_none() {
        return object::str(ts, source);
    }
    let made = codecs::decode_buffer_or_refuse(ts, source, encoding.as_deref(), errors.as_deref())?;
    Str::unchanged(ts, &made)
}

/// A vectorcall without names has a message of its own, which tells `None` by its type.
fn refuse_by_place(ts: &ThreadState, name: &str, given: Option<&Object>) -> Result<()> {
    match given {
        Some(given) if given.downcast::<Str>().is_none() => {
            let other = given.ty().full_name();
            Err(ts.raise(&TYPE_ERROR, format_args!("str() argument '{name}' must be str, not {other}")))
        }
        _ => Ok(()),
    }
}

/// Too many arguments are told in another way when a type is called by vectorcall, which is the usual one.
fn bind<'a>(ts: &ThreadState, args: Args<'a>) -> Result<[Option<&'a Object>; 3]> {
    static SIGNATURE: crate::protocol::args::Signature = crate::protocol::args::Signature {
        name: "str",
        params: &["object", "encoding", "errors"],
        required: 0,
        max_positional: 3,
    };
    if args.values.is_empty() {
        args.expect_positional(ts, "str", 0, 3)?;
    }
    SIGNATURE.bind(ts, args)
}

/// An instance of a subclass: the header of a str that is not compact, its characters in a block of their own.
fn instance(ts: &ThreadState, ty: &Type, text: &Str) -> Result<Owned<Str>> {
    // SAFETY: a subtype's instances are at least as large as the layout; all its fields are written before the
    // str is seen, the block first, so that a dealloc finds it or NULL.
    unsafe {
        let this = ts.alloc_instance(ty, 0)?.cast_owned::<Str>();
        let unit = text.kind() as usize;
        let wide = &*this.as_ptr().cast::<PyUnicodeObject>();
        this.hash.set(-1);
        this.state.set(1 << KIND_SHIFT);
        let block = ts.alloc((text.len() + 1) * unit)?.as_ptr();
        block.copy_from_nonoverlapping(text.data(), (text.len() + 1) * unit);
        wide.data.set(block.cast());
        this.length.set(text.len() as isize);
        this.state.set(text.kind() << KIND_SHIFT | if text.is_ascii() { ASCII } else { 0 });
        if text.is_ascii() {
            wide._base.utf8.set(block.cast());
            wide._base.utf8_length.set(text.len() as isize);
        }
        Ok(this)
    }
}

impl Str {
    /// `PyUnicode_FromObject`: an exact str, of a str only.
    pub fn from_object(ts: &ThreadState, source: &Object) -> Result<Owned<Str>> {
        match source.downcast::<Str>() {
            Some(text) => Str::unchanged(ts, text),
            None => {
                let name = source.ty().full_name();
                Err(ts.raise(&TYPE_ERROR, format_args!("Can't convert '{name}' object to str implicitly")))
            }
        }
    }
}
