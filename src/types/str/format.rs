//! `str.format`, `str.format_map` and `str.__format__`.
//!
//! A format string is literal text and fields; a field is a name, which may go on with `.attribute` and
//! `[item]`, a conversion and a specification, which may hold fields itself, one level deep.

use super::Str;
use crate::format::spec::{self, Align, Spec, SpecError};
use crate::object::{Object, Owned, Raised, Result};
use crate::protocol::args::{Args, expect_str};
use crate::protocol::{object, sequence};
use crate::runtime::ThreadState;
use crate::types::Int;
use crate::types::exceptions::{INDEX_ERROR, KEY_ERROR, VALUE_ERROR};
use crate::types::text::unicode;
use crate::types::text::{Chars, TextBuf};

/// A specification may hold fields, whose specifications may not.
const DEPTH: u32 = 2;

/// Where fields get their values.
struct Values<'a> {
    /// `None`: `format_map`, where a number means nothing.
    positional: Option<&'a [&'a Object]>,
    keywords: Keywords<'a>,
    numbering: Numbering,
}

enum Keywords<'a> {
    Args(Args<'a>),
    Mapping(&'a Object),
}

/// Whether fields are numbered by themselves or by hand: not both in one format string.
enum Numbering {
    Unknown,
    Automatic(usize),
    Manual,
}

pub(super) fn format(ts: &ThreadState, this: &Str, args: Args<'_>) -> Result<Owned<Str>> {
    let mut values =
        Values { positional: Some(args.positional), keywords: Keywords::Args(args), numbering: Numbering::Unknown };
    run(ts, this, &mut values)
}

pub(super) fn format_map(ts: &ThreadState, this: &Str, mapping: &Object) -> Result<Owned<Str>> {
    let mut values = Values { positional: None, keywords: Keywords::Mapping(mapping), numbering: Numbering::Unknown };
    run(ts, this, &mut values)
}

fn run(ts: &ThreadState, this: &Str, values: &mut Values<'_>) -> Result<Owned<Str>> {
    if !this.chars().iter().any(|c| c == OPEN || c == CLOSE) {
        // Nothing to replace: the very object, of a subclass too.
        return Ok(Owned::new(this));
    }
    let mut out = TextBuf::new();
    expand(ts, this.chars(), values, DEPTH, &mut out)?;
    Str::from_buf(ts, &out)
}

#[cold]
fn value_error(ts: &ThreadState, message: &str) -> Raised {
    ts.raise_str(&VALUE_ERROR, message)
}

const OPEN: u32 = b'{' as u32;
const CLOSE: u32 = b'}' as u32;

/// Appends `format` with its fields replaced.
fn expand(ts: &ThreadState, format: Chars<'_>, values: &mut Values<'_>, depth: u32, out: &mut TextBuf) -> Result<()> {
    if depth == 0 {
        return Err(value_error(ts, "Max string recursion exceeded"));
    }
    let mut at = 0;
    while at < format.len() {
        let start = at;
        while format.get(at).is_some_and(|c| c != OPEN && c != CLOSE) {
            at += 1;
        }
        ts.allocated(out.extend(format.slice(start..at)))?;
        let Some(brace) = format.get(at) else { break };
        at += 1;
        if format.get(at) == Some(brace) {
            // Twice: the character itself.
            ts.allocated(out.push(brace))?;
            at += 1;
        } else if brace == CLOSE {
            return Err(value_error(ts, "Single '}' encountered in format string"));
        } else if at == format.len() {
            return Err(value_error(ts, "Single '{' encountered in format string"));
        } else {
            let field = Field::parse(ts, format, &mut at)?;
            field.put(ts, values, depth, out)?;
        }
    }
    Ok(())
}

struct Field<'a> {
    name: Chars<'a>,
    conversion: Option<u32>,
    spec: Chars<'a>,
    /// The specification holds fields.
    nested: bool,
}

impl<'a> Field<'a> {
    /// Reads a field, `at` behind its brace, and moves `at` behind its end.
    fn parse(ts: &ThreadState, format: Chars<'a>, at: &mut usize) -> Result<Field<'a>> {
        let start = *at;
        let mut end_of_name = None;
        while let Some(c) = format.get(*at) {
            *at += 1;
            match char::from_u32(c) {
                Some('{') => return Err(value_error(ts, "unexpected '{' in field name")),
                Some('[') => {
                    while format.get(*at).is_some_and(|c| c != u32::from(b']')) {
                        *at += 1;
                    }
                }
                Some('}' | ':' | '!') => {
                    end_of_name = Some(c);
                    break;
                }
                _ => {}
            }
        }
        let Some(end) = end_of_name else {
            return Err(value_error(ts, "expected '}' before end of string"));
        };
        let mut field =
            Field { name: format.slice(start..*at - 1), conversion: None, spec: format.slice(0..0), nested: false };
        if end == CLOSE {
            return Ok(field);
        }
        if end == u32::from(b'!') && field.parse_conversion(ts, format, at)? {
            return Ok(field);
        }
        field.parse_spec(ts, format, at)?;
        Ok(field)
    }

    /// Reads the conversion; whether the field ends with it.
    fn parse_conversion(&mut self, ts: &ThreadState, format: Chars<'a>, at: &mut usize) -> Result<bool> {
        let Some(conversion) = format.get(*at) else {
            return Err(value_error(ts, "end of string while looking for conversion specifier"));
        };
        self.conversion = Some(conversion);
        *at += 1;
        let Some(c) = format.get(*at) else { return Ok(false) };
        *at += 1;
        match c {
            CLOSE => Ok(true),
            c if c == u32::from(b':') => Ok(false),
            _ => Err(value_error(ts, "expected ':' after conversion specifier")),
        }
    }

    fn parse_spec(&mut self, ts: &ThreadState, format: Chars<'a>, at: &mut usize) -> Result<()> {
        let start = *at;
        let mut open = 1;
        while let Some(c) = format.get(*at) {
            *at += 1;
            match c {
                OPEN => {
                    self.nested = true;
                    open += 1;
                }
                CLOSE => open -= 1,
                _ => {}
            }
            if open == 0 {
                self.spec = format.slice(start..*at - 1);
                return Ok(());
            }
        }
        Err(value_error(ts, "unmatched '{' in format spec"))
    }

    /// Appends the field's value, formatted.
    fn put(&self, ts: &ThreadState, values: &mut Values<'_>, depth: u32, out: &mut TextBuf) -> Result<()> {
        let mut value = self.value(ts, values)?;
        if let Some(conversion) = self.conversion {
            value = convert(ts, &value, conversion)?;
        }
        let mut expanded = TextBuf::new();
        let spec = if self.nested {
            expand(ts, self.spec, values, depth - 1, &mut expanded)?;
            expanded.view()
        } else {
            self.spec
        };
        if let (true, Some(text)) = (spec.is_empty(), value.downcast_exact::<Str>()) {
            return ts.allocated(out.extend(text.chars()));
        }
        let spec = Str::from_chars(ts, spec)?;
        let formatted = object::format(ts, &value, Some(&spec))?;
        match formatted.downcast::<Str>() {
            Some(text) => ts.allocated(out.extend(text.chars())),
            None => Ok(()),
        }
    }

    /// What the name means.
    fn value(&self, ts: &ThreadState, values: &mut Values<'_>) -> Result {
        let name = self.name;
        let is_mark = |c: u32| c == u32::from(b'.') || c == u32::from(b'[');
        let end = name.iter().position(is_mark).unwrap_or(name.len());
        let mut value = first(ts, name.slice(0..end), values)?;
        let mut at = end;
        while at < name.len() {
            value = step(ts, &value, name, &mut at)?;
        }
        Ok(value)
    }
}

/// The argument that a field begins with.
fn first(ts: &ThreadState, name: Chars<'_>, values: &mut Values<'_>) -> Result {
    let number = number_of(ts, name)?;
    let index = match (name.is_empty(), number) {
        (false, None) => return keyword(ts, name, &values.keywords),
        (true, _) => match values.numbering {
            Numbering::Manual => {
                let message = "cannot switch from manual field specification to automatic field numbering";
                return Err(value_error(ts, message));
            }
            Numbering::Unknown => {
                values.numbering = Numbering::Automatic(1);
                0
            }
            Numbering::Automatic(next) => {
                values.numbering = Numbering::Automatic(next + 1);
                next
            }
        },
        (false, Some(number)) => {
            if let Numbering::Automatic(_) = values.numbering {
                let message = "cannot switch from automatic field numbering to manual field specification";
                return Err(value_error(ts, message));
            }
            values.numbering = Numbering::Manual;
            number
        }
    };
    let Some(positional) = values.positional else {
        return Err(value_error(ts, "Format string contains positional fields"));
    };
    match positional.get(index) {
        Some(value) => Ok(Owned::new(value)),
        None => {
            let message = format_args!("Replacement index {index} out of range for positional args tuple");
            Err(ts.raise(&INDEX_ERROR, message))
        }
    }
}

fn keyword(ts: &ThreadState, name: Chars<'_>, keywords: &Keywords<'_>) -> Result {
    match keywords {
        Keywords::Args(args) => {
            let found = args.keywords().find(|(key, _)| key.chars().equals(name));
            match found {
                Some((_, value)) => Ok(Owned::new(value)),
                None => {
                    let key = Str::from_chars(ts, name)?;
                    Err(ts.raise_value(&KEY_ERROR, key.upcast()))
                }
            }
        }
        Keywords::Mapping(mapping) => {
            let key = Str::from_chars(ts, name)?;
            sequence::getitem(ts, mapping, &key)
        }
    }
}

/// `.name` or `[item]` of a value.
fn step(ts: &ThreadState, value: &Object, name: Chars<'_>, at: &mut usize) -> Result {
    let mark = name.at(*at);
    *at += 1;
    let start = *at;
    if mark == u32::from(b'.') {
        let is_mark = |c: u32| c == u32::from(b'.') || c == u32::from(b'[');
        *at = (start..name.len()).find(|&i| is_mark(name.at(i))).unwrap_or(name.len());
        let attribute = not_empty(ts, name.slice(start..*at))?;
        return object::getattr(ts, value, &*Str::from_chars(ts, attribute)?);
    }
    if mark != u32::from(b'[') {
        return Err(value_error(ts, "Only '.' or '[' may follow ']' in format field specifier"));
    }
    let Some(end) = (start..name.len()).find(|&i| name.at(i) == u32::from(b']')) else {
        return Err(value_error(ts, "Missing ']' in format string"));
    };
    *at = end + 1;
    let item = name.slice(start..end);
    let number = number_of(ts, item)?;
    let item = not_empty(ts, item)?;
    match number {
        None => sequence::getitem(ts, value, &*Str::from_chars(ts, item)?),
        Some(i) if sequence::is_sequence(value) => sequence::get_index(ts, value, i as isize),
        Some(i) => sequence::getitem(ts, value, &*Int::from_i64(ts, i as i64)?),
    }
}

fn not_empty<'a>(ts: &ThreadState, name: Chars<'a>) -> Result<Chars<'a>> {
    if name.is_empty() { Err(value_error(ts, "Empty attribute in format string")) } else { Ok(name) }
}

/// The number that a name is, if it is one.
fn number_of(ts: &ThreadState, name: Chars<'_>) -> Result<Option<usize>> {
    if name.is_empty() {
        return Ok(None);
    }
    let mut number: isize = 0;
    for c in name.iter() {
        let Some(digit) = unicode::decimal(c) else { return Ok(None) };
        let next = number.checked_mul(10).and_then(|n| n.checked_add(digit as isize));
        number = next.ok_or_else(|| value_error(ts, "Too many decimal digits in format string"))?;
    }
    Ok(Some(number as usize))
}

/// `!r`, `!s` and `!a`.
fn convert(ts: &ThreadState, value: &Object, conversion: u32) -> Result {
    match char::from_u32(conversion) {
        // As in CPython, which takes NUL for none.
        Some('\0') => Ok(Owned::new(value)),
        Some('r') => Ok(object::repr(ts, value)?.upcast()),
        Some('s') => Ok(object::str(ts, value)?.upcast()),
        Some('a') => Ok(object::ascii(ts, value)?.upcast()),
        Some(c @ '!'..='~') => Err(ts.raise(&VALUE_ERROR, format_args!("Unknown conversion specifier {c}"))),
        _ => Err(ts.raise(&VALUE_ERROR, format_args!("Unknown conversion specifier \\x{conversion:x}"))),
    }
}

pub(super) fn format_method(ts: &ThreadState, this: &Str, spec: &Object) -> Result<Owned<Str>> {
    let spec = expect_str(ts, "__format__", "argument", spec)?;
    if spec.is_empty() {
        return if this.is_exact::<Str>() { Ok(Owned::new(this)) } else { object::str(ts, this) };
    }
    let name = this.ty().full_name();
    let code = |c: u32| char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER);
    let text: Vec<char> = spec.code_points().map(code).collect();
    let parsed = Spec::parse(&text, Align::Left, name).map_err(|e| spec_error(ts, &e))?;
    let padded = spec::format_str(&parsed, this.len(), name).map_err(|e| spec_error(ts, &e))?;
    Str::build(ts, |out| {
        out.push_repeated(padded.fill.into(), padded.left)?;
        out.extend(this.chars().slice(0..padded.kept))?;
        out.push_repeated(padded.fill.into(), padded.right)
    })
}

fn spec_error(ts: &ThreadState, error: &SpecError) -> Raised {
    match error {
        SpecError::NoMemory => ts.no_memory(),
        error => ts.raise(&VALUE_ERROR, error),
    }
}
