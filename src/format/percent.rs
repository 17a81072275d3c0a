//! The `%` operator of str and bytes: reading conversions, and laying out what
//! they convert.
//!
//! [`Conversion::read`] walks one conversion and asks an [`Arguments`] for the
//! mapping's key, for each `*` and for the value, in the order in which CPython
//! fetches them, so that of several errors the same one is reported. The arguments
//! are objects, which only the caller knows.

use std::fmt;
use std::ops::Range;

use super::float_text::{Flags, Style, double_to_string};

/// What is wrong with a format, or with the count of its arguments. The text is
/// CPython's. Positions count from 0, in units of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PercentError {
    /// ValueError: the format ends within a conversion.
    Stray { start: usize },
    /// ValueError: it ends within a key.
    StrayKey { start: usize },
    /// ValueError: a character that is no letter.
    Unexpected { start: usize, at: usize, unit: Unit },
    /// ValueError: a letter that converts nothing.
    Unsupported { start: usize, letter: char },
    /// ValueError
    WidthTooBig { start: usize },
    /// ValueError
    PrecisionTooBig { start: usize },
    /// ValueError: after conversions with a key, one without.
    KeyRequired { start: usize },
    /// ValueError
    StarWithKey { start: usize },
    /// TypeError: the format wants more than it got.
    NotEnough { got: usize },
    /// TypeError: it wants fewer.
    NotAll { required: usize, got: usize, bytes: bool },
}

/// A unit of a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Byte(u8),
    /// A code point, and whether `str.isprintable` holds for it.
    Char(u32, bool),
}

impl fmt::Display for PercentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Stray { start } => write!(f, "stray % at position {start}"),
            Self::StrayKey { start } => write!(f, "stray % or incomplete format key at position {start}"),
            Self::Unexpected { start, at, unit } => {
                write!(f, "stray % at position {start} or unexpected format character {unit} at position {at}")
            }
            Self::Unsupported { start, letter } => write!(f, "unsupported format %{letter} at position {start}"),
            Self::WidthTooBig { start } => write!(f, "width too big at position {start}"),
            Self::PrecisionTooBig { start } => write!(f, "precision too big at position {start}"),
            Self::KeyRequired { start } => {
                write!(f, "format requires a parenthesised mapping key at position {start}")
            }
            Self::StarWithKey { start } => {
                write!(f, "* cannot be used with a parenthesised mapping key at position {start}")
            }
            Self::NotEnough { got } => write!(f, "not enough arguments for format string (got {got})"),
            Self::NotAll { required, got, bytes } => {
                let kind = if bytes { "bytes" } else { "string" };
                write!(f, "not all arguments converted during {kind} formatting (required {required}, got {got})")
            }
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = match *self {
            Self::Byte(byte @ 0x20..0x7f) => u32::from(byte),
            Self::Byte(byte) => return write!(f, "with code 0x{byte:02x}"),
            Self::Char(code, true) => code,
            Self::Char(code, false) => return write!(f, "U+{code:04X}"),
        };
        match char::from_u32(code) {
            Some('\'') => f.write_str("\"'\""),
            Some(ascii) if ascii.is_ascii() => write!(f, "'{ascii}'"),
            Some(other) => write!(f, "'{other}' (U+{code:04X})"),
            None => write!(f, "U+{code:04X}"),
        }
    }
}

/// Which argument a message is about: what stands before its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument<'a> {
    /// The right operand is no tuple and no mapping in use.
    Only,
    /// Of a tuple, counted from 1.
    Index(usize),
    /// The repr of a mapping's key.
    Key(&'a str),
}

impl fmt::Display for Argument<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Only => f.write_str("format argument: "),
            Self::Index(index) => write!(f, "format argument {index}: "),
            Self::Key(repr) => write!(f, "format argument {repr}: "),
        }
    }
}

/// What a conversion wants of its argument; the text follows an [`Argument`]. All
/// are TypeError, but the ranges and sizes, which are OverflowError.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants<'a> {
    /// `d`, `i`, `u`, `e`, `f`, `g`: the code, and the argument's type.
    RealNumber(char, &'a str),
    /// `x`, `X`, `o`
    Integer(char, &'a str),
    /// `c` of a str: the argument's type.
    Character(&'a str),
    /// `c` of a str, and the argument is a str of that length.
    CharacterNot(usize),
    CharacterRange,
    /// `c` of bytes: the argument's type.
    Byte(&'a str),
    /// `c` of bytes: the argument's type is bytes or bytearray, of that length.
    ByteNot(&'a str, usize),
    ByteRange,
    /// `s` and `b` of bytes.
    BytesLike(&'a str),
    /// `*`: the argument's type.
    StarInt(&'a str),
    StarWidth,
    StarPrecision,
}

impl fmt::Display for Wants<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RealNumber(code, found) => write!(f, "%{code} requires a real number, not {found}"),
            Self::Integer(code, found) => write!(f, "%{code} requires an integer, not {found}"),
            Self::Character(found) => write!(f, "%c requires an integer or a unicode character, not {found}"),
            Self::CharacterNot(len) => {
                write!(f, "%c requires an integer or a unicode character, not a string of length {len}")
            }
            Self::CharacterRange => f.write_str("%c argument not in range(0x110000)"),
            Self::Byte(found) => write!(f, "%c requires an integer in range(256) or a single byte, not {found}"),
            Self::ByteNot(found, len) => {
                write!(f, "%c requires an integer in range(256) or a single byte, not a {found} object of length {len}")
            }
            Self::ByteRange => f.write_str("%c argument not in range(256)"),
            Self::BytesLike(found) => {
                write!(f, "%b requires a bytes-like object, or an object that implements __bytes__, not {found}")
            }
            Self::StarInt(found) => write!(f, "* requires int, not {found}"),
            Self::StarWidth => f.write_str("too big for width"),
            Self::StarPrecision => f.write_str("too big for precision"),
        }
    }
}

/// TypeError: there is a key, but the right operand is no mapping.
pub fn mapping_required(found: &str) -> String {
    format!("format requires a mapping, not {found}")
}

/// The caller's side of [`Conversion::read`]. It knows the operand and counts.
pub trait Arguments {
    type Error: From<PercentError>;

    /// A key begins: is the operand a mapping?
    fn require_mapping(&mut self) -> Result<(), Self::Error>;
    /// The key, as a range of the format: the value is the mapping's item.
    fn key(&mut self, range: Range<usize>) -> Result<(), Self::Error>;
    /// A conversion without a key begins; `start` is the `%`.
    fn keyless(&mut self, start: usize) -> Result<(), Self::Error>;
    /// A `*` for the width: the next argument, an int that fits an `isize`.
    fn width(&mut self) -> Result<isize, Self::Error>;
    /// A `*` for the precision: the next argument, an int that fits an `i32`.
    fn precision(&mut self) -> Result<i32, Self::Error>;
    /// The value to convert: of the key, or the next argument.
    fn value(&mut self) -> Result<(), Self::Error>;
}

/// One conversion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conversion {
    pub left: bool,
    pub plus: bool,
    pub space: bool,
    pub alternate: bool,
    pub zero: bool,
    pub width: usize,
    pub precision: Option<usize>,
    /// The last character: a format code, or whatever is in its place.
    pub code: u32,
    /// Where the `%` is, where the code is.
    pub start: usize,
    pub at: usize,
}

impl Conversion {
    /// Reads the conversion whose `%` is at `start`, and has its value fetched. The
    /// next literal text begins after [`Conversion::at`]. For `%%`, which converts
    /// nothing, the code is `%`. The code is not checked: see [`Conversion::unknown`].
    pub fn read<A: Arguments>(
        unit: impl Fn(usize) -> Option<u32>,
        start: usize,
        arguments: &mut A,
    ) -> Result<Conversion, A::Error> {
        let mut reader = Reader { unit, at: start + 1, start };
        let mut found = Conversion { start, ..Conversion::default() };
        if reader.is('%') {
            return Ok(Conversion { code: u32::from('%'), at: reader.at, ..found });
        }
        let keyed = reader.key(arguments)?;
        if !keyed {
            arguments.keyless(start)?;
        }
        reader.flags(&mut found);
        let width = reader.width(keyed, arguments)?;
        found.left |= width < 0;
        found.width = width.unsigned_abs();
        found.precision = reader.precision(keyed, arguments)?;
        if reader.is('h') || reader.is('l') || reader.is('L') {
            reader.at += 1;
        }
        let code = reader.peek().ok_or(PercentError::Stray { start })?;
        arguments.value()?;
        Ok(Conversion { code, at: reader.at, ..found })
    }

    /// The error for a code that converts nothing.
    pub fn unknown(&self, unit: Unit) -> PercentError {
        match char::from_u32(self.code) {
            Some(letter) if letter.is_ascii_alphabetic() => PercentError::Unsupported { start: self.start, letter },
            _ => PercentError::Unexpected { start: self.start, at: self.at, unit },
        }
    }

    /// The format code, if it is one of str's (or of bytes', which adds `b`).
    pub fn known_code(&self, bytes: bool) -> Option<char> {
        let code = char::from_u32(self.code)?;
        let known = "diouxXeEfFgGcrsa".contains(code) || (bytes && code == 'b');
        known.then_some(code)
    }

    /// Spaces before and after `len` characters.
    pub fn padding(&self, len: usize) -> (usize, usize) {
        let spare = self.width.saturating_sub(len);
        if self.left { (0, spare) } else { (spare, 0) }
    }

    /// How much of a str of `len` characters is kept, for `s`, `r` and `a`.
    pub fn kept(&self, len: usize) -> usize {
        self.precision.map_or(len, |precision| precision.min(len))
    }

    /// `d`, `i`, `u`, `o`, `x`, `X`: the magnitude's digits in that base, lower case
    /// or upper. None if memory runs out.
    pub fn integer(&self, negative: bool, digits: &str) -> Option<String> {
        let prefix = match char::from_u32(self.code) {
            Some('x') if self.alternate => "0x",
            Some('X') if self.alternate => "0X",
            Some('o') if self.alternate => "0o",
            _ => "",
        };
        let zeros = self.precision.unwrap_or(0).saturating_sub(digits.len());
        self.number(self.sign(negative), prefix, zeros, digits)
    }

    /// `e`, `f`, `g` and their capitals. None if memory runs out.
    pub fn float(&self, value: f64) -> Option<String> {
        let (style, upper) = Style::from_code(char::from_u32(self.code)?)?;
        let precision = self.precision.unwrap_or(6);
        String::new().try_reserve(precision.saturating_mul(4)).ok()?;
        let flags = Flags { alternate: self.alternate, upper, ..Flags::default() };
        let text = double_to_string(value, style, precision, flags);
        let negative = text.starts_with('-');
        self.number(self.sign(negative), "", 0, &text[usize::from(negative)..])
    }

    fn sign(&self, negative: bool) -> &'static str {
        match negative {
            true => "-",
            false if self.plus => "+",
            false if self.space => " ",
            false => "",
        }
    }

    fn number(&self, sign: &str, prefix: &str, zeros: usize, digits: &str) -> Option<String> {
        let len = (sign.len() + prefix.len() + digits.len()).checked_add(zeros)?;
        let (mut before, after) = self.padding(len);
        let mut zeros = zeros;
        if self.zero && !self.left {
            zeros += before;
            before = 0;
        }
        let mut text = String::new();
        text.try_reserve_exact(len.max(self.width)).ok()?;
        let fill = |text: &mut String, with, count| text.extend(std::iter::repeat_n(with, count));
        fill(&mut text, ' ', before);
        text.push_str(sign);
        text.push_str(prefix);
        fill(&mut text, '0', zeros);
        text.push_str(digits);
        fill(&mut text, ' ', after);
        Some(text)
    }
}

struct Reader<F> {
    unit: F,
    at: usize,
    start: usize,
}

impl<F: Fn(usize) -> Option<u32>> Reader<F> {
    fn peek(&self) -> Option<u32> {
        (self.unit)(self.at)
    }

    fn is(&self, wanted: char) -> bool {
        self.peek() == Some(u32::from(wanted))
    }

    /// A key in parentheses, which may hold balanced parentheses itself.
    fn key<A: Arguments>(&mut self, arguments: &mut A) -> Result<bool, A::Error> {
        if !self.is('(') {
            return Ok(false);
        }
        arguments.require_mapping()?;
        self.at += 1;
        let (begin, mut depth) = (self.at, 1);
        while depth > 0 {
            match self.peek() {
                None => return Err(PercentError::StrayKey { start: self.start }.into()),
                Some(unit) if unit == u32::from('(') => depth += 1,
                Some(unit) if unit == u32::from(')') => depth -= 1,
                Some(_) => {}
            }
            self.at += 1;
        }
        arguments.key(begin..self.at - 1)?;
        Ok(true)
    }

    fn flags(&mut self, found: &mut Conversion) {
        loop {
            match self.peek().and_then(char::from_u32) {
                Some('-') => found.left = true,
                Some('+') => found.plus = true,
                Some(' ') => found.space = true,
                Some('#') => found.alternate = true,
                Some('0') => found.zero = true,
                _ => return,
            }
            self.at += 1;
        }
    }

    fn star(&mut self, keyed: bool) -> Result<bool, PercentError> {
        if !self.is('*') {
            return Ok(false);
        }
        self.at += 1;
        if keyed { Err(PercentError::StarWithKey { start: self.start }) } else { Ok(true) }
    }

    fn width<A: Arguments>(&mut self, keyed: bool, arguments: &mut A) -> Result<isize, A::Error> {
        if self.star(keyed)? {
            return arguments.width();
        }
        let width = self.number(isize::MAX as usize).ok_or(PercentError::WidthTooBig { start: self.start })?;
        Ok(width as isize)
    }

    fn precision<A: Arguments>(&mut self, keyed: bool, arguments: &mut A) -> Result<Option<usize>, A::Error> {
        if !self.is('.') {
            return Ok(None);
        }
        self.at += 1;
        if self.star(keyed)? {
            return Ok(Some(usize::try_from(arguments.precision()?).unwrap_or(0)));
        }
        let precision = self.number(i32::MAX as usize);
        Ok(Some(precision.ok_or(PercentError::PrecisionTooBig { start: self.start })?))
    }

    /// Digits, or none, which count as 0; None beyond `most`.
    fn number(&mut self, most: usize) -> Option<usize> {
        let mut number = 0usize;
        while let Some(digit) = self.peek().and_then(char::from_u32).and_then(|unit| unit.to_digit(10)) {
            number = number.checked_mul(10)?.checked_add(digit as usize).filter(|number| *number <= most)?;
            self.at += 1;
        }
        Some(number)
    }
}

#[cfg(test)]
#[path = "percent_tests.rs"]
mod tests;
