//! `PyArg_Parse*`: Python arguments into C variables, as a format string says.
//!
//! One pass over the format counts what it asks for ([`Outline`]), a second converts item by item
//! ([`convert`]). Nothing is allocated unless something fails. What was acquired on the way (buffers, memory,
//! what a converter made) is given back on failure ([`cleanup`]).
//!
//! [`keywords`] is `PyArg_ParseTupleAndKeywords`, [`error`] the messages.

mod cleanup;
mod convert;
mod error;
mod keywords;
mod numbers;
mod skip;
mod text;

use core::ffi::c_int;

use crate::ffi::{Py_ssize_t, PyObject};
use crate::format::cursor::Cursor;
use crate::format::va::VaSource;
use crate::object::{Object, Raised, Result};
use crate::runtime::{ThreadState, lifecycle};
use crate::types::Tuple;
use crate::types::exceptions::{SYSTEM_ERROR, TYPE_ERROR};
use convert::Converter;
pub use keywords::{are_keywords_valid, parse_keywords};

/// Deeper parentheses are a fatal error, as in CPython.
const MAX_DEPTH: u32 = 30;

/// What a format asks for as a whole.
#[derive(Clone, Copy)]
struct Outline<'f> {
    min: usize,
    max: usize,
    /// Behind `:`, the function's name.
    name: Option<Cursor<'f>>,
    /// Behind `;`, the message that replaces all others.
    message: Option<Cursor<'f>>,
}

impl<'f> Outline<'f> {
    #[inline]
    fn of(mut format: Cursor<'f>) -> Outline<'f> {
        let mut outline = Outline { min: usize::MAX, max: 0, name: None, message: None };
        let mut depth = 0;
        loop {
            match format.take() {
                b'(' => {
                    outline.max += usize::from(depth == 0);
                    depth += 1;
                    if depth >= MAX_DEPTH {
                        bad_nesting("too many tuple nesting levels in argument format string");
                    }
                }
                b')' if depth == 0 => bad_nesting("excess ')' in getargs format"),
                b')' => depth -= 1,
                0 => break,
                b':' => {
                    outline.name = Some(format);
                    break;
                }
                b';' => {
                    outline.message = Some(format);
                    break;
                }
                b'|' if depth == 0 => outline.min = outline.max,
                // The second letter of `es` and `et` is not one more; `e` itself is not counted.
                b'e' => {}
                c if depth == 0 && c.is_ascii_alphabetic() => outline.max += 1,
                _ => {}
            }
        }
        if depth != 0 {
            bad_nesting("missing ')' in getargs format");
        }
        outline.min = outline.min.min(outline.max);
        outline
    }
}

#[cold]
fn bad_nesting(message: &str) -> ! {
    lifecycle::fatal("vgetargs1_impl", message)
}

/// `PyArg_ParseTuple`: `args` is the tuple of arguments.
///
/// # Safety
/// `format` is NUL-terminated, and `va` holds what it asks for: pointers valid for a write.
pub unsafe fn parse_tuple<V: VaSource>(ts: &ThreadState, args: &Object, format: Cursor<'_>, va: &mut V) -> Result<()> {
    let Some(args) = args.downcast::<Tuple>() else {
        return Err(ts.raise_str(&SYSTEM_ERROR, "new style getargs format but argument is not a tuple"));
    };
    let outline = Outline::of(format);
    let given = args.as_slice();
    if given.len() < outline.min || given.len() > outline.max {
        return Err(error::wrong_count(ts, outline, given.len()));
    }
    let mut converter = Converter::new(ts, va, format);
    for (i, arg) in given.iter().enumerate() {
        converter.format.eat(b'|');
        if let Err(failure) = converter.item(arg) {
            return Err(failure.raise(ts, i + 1, outline));
        }
    }
    let left = converter.format.peek();
    if left != 0 && !left.is_ascii_alphabetic() && !b"(|:;".contains(&left) {
        return Err(ts.raise(&SYSTEM_ERROR, format_args!("bad format string: {}", format.text(200))));
    }
    converter.keep_all();
    Ok(())
}

/// `PyArg_Parse`: one argument that is no tuple of arguments; nothing at all for a format without units.
///
/// # Safety
/// As for [`parse_tuple`].
pub unsafe fn parse_one<V: VaSource>(
    ts: &ThreadState,
    arg: Option<&Object>,
    format: Cursor<'_>,
    va: &mut V,
) -> Result<()> {
    let outline = Outline::of(format);
    let wrong = |what| Err(error::about_function(ts, outline, what));
    match (outline.min, outline.max, arg) {
        (_, 0, None) => Ok(()),
        (_, 0, Some(_)) => wrong("takes no arguments"),
        (1, 1, None) => wrong("takes at least one argument"),
        (1, 1, Some(arg)) => {
            let mut converter = Converter::new(ts, va, format);
            if let Err(failure) = converter.item(arg) {
                return Err(failure.raise_nested(ts, outline));
            }
            converter.keep_all();
            Ok(())
        }
        _ => Err(ts.raise_str(&SYSTEM_ERROR, "old style getargs format uses new features")),
    }
}

/// `PyArg_UnpackTuple`: the tuple's items, borrowed, one for each pointer.
///
/// # Safety
/// `va` holds `max` pointers valid for a write.
pub unsafe fn unpack_tuple<V: VaSource>(
    ts: &ThreadState,
    args: &Object,
    name: Option<&str>,
    min: Py_ssize_t,
    max: Py_ssize_t,
    va: &mut V,
) -> Result<()> {
    let Some(args) = args.downcast::<Tuple>() else {
        return Err(ts.raise_str(&SYSTEM_ERROR, "PyArg_UnpackTuple() argument list is not a tuple"));
    };
    let given = args.len() as isize;
    if given < min || given > max {
        return Err(error::wrong_unpack(ts, name, min, max, given));
    }
    for item in args.as_slice() {
        // SAFETY: [out] the caller's promise.
        unsafe { va.ptr::<*mut PyObject>().write(item.as_ptr()) };
    }
    Ok(())
}

/// `PyArg_ValidateKeywordArguments`.
pub fn validate_keywords(ts: &ThreadState, kwargs: &Object) -> Result<()> {
    let Some(kwargs) = kwargs.downcast::<crate::types::Dict>() else {
        return Err(ts.raise_str(&SYSTEM_ERROR, "bad argument to internal function"));
    };
    if are_keywords_valid(kwargs) { Ok(()) } else { Err(ts.raise_str(&TYPE_ERROR, "keywords must be strings")) }
}

/// Why an item was not converted.
enum Reason {
    /// Something was raised on the way.
    Raised(Raised),
    /// What the argument must be and is not: bytes, since they may be cut within a character.
    Wrong(Vec<u8>),
    /// What is wrong with the format.
    Format(&'static str),
}

/// An item that was not converted, and the way to it through nested tuples, innermost index first. Boxed:
/// success is what must be small and fast.
struct Failure(Box<(Reason, Vec<usize>)>);

type Converted = core::result::Result<(), Failure>;

impl From<Raised> for Failure {
    #[cold]
    fn from(raised: Raised) -> Failure {
        Failure::new(Reason::Raised(raised))
    }
}

impl Failure {
    #[cold]
    fn new(reason: Reason) -> Failure {
        Failure(Box::new((reason, Vec::new())))
    }

    #[cold]
    fn wrong(text: String) -> Failure {
        Failure::new(Reason::Wrong(text.into_bytes()))
    }

    /// `must be str, not int`.
    #[cold]
    fn must_be(expected: &str, arg: &Object) -> Failure {
        let (expected, name) = (error::cut(expected.as_bytes(), 50), error::cut(error::type_name(arg).as_bytes(), 50));
        Failure::new(Reason::Wrong([b"must be ", expected, b", not ", name].concat()))
    }

    #[cold]
    fn format(what: &'static str) -> Failure {
        Failure::new(Reason::Format(what))
    }

    /// The failure of item `i` of a tuple.
    #[cold]
    fn within(mut self, i: usize) -> Failure {
        self.0.1.push(i);
        self
    }
}

/// The C function behind `O&`: 1 for success, 0 for an exception, or this for success that is to be undone by a call
/// with NULL if a later item fails.
type ConverterFunction = unsafe extern "C" fn(*mut PyObject, *mut core::ffi::c_void) -> c_int;
const CLEANUP_SUPPORTED: c_int = 0x20000;
