//! The format-spec mini-language: `[[fill]align][sign]["z"]["#"]["0"][width]
//! [grouping]["." precision [grouping]][type]`.
//!
//! A spec is read once by [`Spec::parse`] and then applied: [`format_int`],
//! [`format_float`], [`format_complex`], [`format_str`]. The last yields a [`Padded`], because the
//! text of a str is the caller's. In the C locale, which this is, `n` does what `d`
//! and `g` do.

use std::fmt;

use super::float_text::{Flags, Style, double_to_string};

/// What is wrong with a spec. The text is CPython's; `name` is the type's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpecError {
    TooManyDigits,
    MissingPrecision,
    BothGroupings,
    GroupingWith(char, char),
    Invalid {
        spec: String,
        name: String,
    },
    UnknownCode {
        code: char,
        name: String,
    },
    IntPrecision,
    IntNegativeZero,
    CharSign,
    CharAlternate,
    /// OverflowError
    CharRange,
    PrecisionTooBig,
    StrSign,
    StrSpace,
    StrNegativeZero,
    StrAlternate,
    StrEqualsAlign,
    ComplexZeros,
    ComplexEqualsAlign,
    /// MemoryError
    NoMemory,
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::TooManyDigits => "Too many decimal digits in format string",
            Self::MissingPrecision => "Format specifier missing precision",
            Self::BothGroupings => "Cannot specify both ',' and '_'.",
            Self::GroupingWith(separator, code) => {
                return match printable(*code) {
                    true => write!(f, "Cannot specify '{separator}' with '{code}'."),
                    false => write!(f, "Cannot specify '{separator}' with '\\x{:x}'.", u32::from(*code)),
                };
            }
            Self::Invalid { spec, name } => {
                return write!(f, "Invalid format specifier '{spec}' for object of type '{name}'");
            }
            Self::UnknownCode { code, name } => {
                return match printable(*code) {
                    true => write!(f, "Unknown format code '{code}' for object of type '{name}'"),
                    false => write!(f, "Unknown format code '\\x{:x}' for object of type '{name}'", u32::from(*code)),
                };
            }
            Self::IntPrecision => "Precision not allowed in integer format specifier",
            Self::IntNegativeZero => "Negative zero coercion (z) not allowed in integer format specifier",
            Self::CharSign => "Sign not allowed with integer format specifier 'c'",
            Self::CharAlternate => "Alternate form (#) not allowed with integer format specifier 'c'",
            Self::CharRange => "%c arg not in range(0x110000)",
            Self::PrecisionTooBig => "precision too big",
            Self::StrSign => "Sign not allowed in string format specifier",
            Self::StrSpace => "Space not allowed in string format specifier",
            Self::StrNegativeZero => "Negative zero coercion (z) not allowed in string format specifier",
            Self::StrAlternate => "Alternate form (#) not allowed in string format specifier",
            Self::StrEqualsAlign => "'=' alignment not allowed in string format specifier",
            Self::ComplexZeros => "Zero padding is not allowed in complex format specifier",
            Self::ComplexEqualsAlign => "'=' alignment flag is not allowed in complex format specifier",
            Self::NoMemory => "",
        };
        f.write_str(text)
    }
}

fn printable(code: char) -> bool {
    ('!'..='\x7f').contains(&code)
}

/// Where the text stands in its width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
    Center,
    /// Padding goes between the sign and the digits.
    AfterSign,
}

impl Align {
    fn from_char(code: char) -> Option<Align> {
        Some(match code {
            '<' => Align::Left,
            '>' => Align::Right,
            '^' => Align::Center,
            '=' => Align::AfterSign,
            _ => return None,
        })
    }
}

/// A parsed spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    pub fill: char,
    pub align: Align,
    /// `+`, `-` or space.
    pub sign: Option<char>,
    pub no_negative_zero: bool,
    pub alternate: bool,
    pub width: Option<usize>,
    /// `,` or `_`.
    pub grouping: Option<char>,
    pub precision: Option<usize>,
    /// The separator after the point.
    pub fraction_grouping: Option<char>,
    pub code: Option<char>,
}

struct Reader<'a> {
    text: &'a [char],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn number(&mut self) -> Result<Option<usize>, SpecError> {
        let mut number = None;
        while let Some(digit) = self.peek().and_then(|digit| digit.to_digit(10)) {
            let value = number.unwrap_or(0usize).checked_mul(10).and_then(|value| value.checked_add(digit as usize));
            number = Some(value.filter(|value| *value <= isize::MAX as usize).ok_or(SpecError::TooManyDigits)?);
            self.at += 1;
        }
        Ok(number)
    }

    /// One separator. Both kinds are an error; the same kind twice is left for later.
    fn grouping(&mut self) -> Result<Option<char>, SpecError> {
        let Some(first @ (',' | '_')) = self.peek() else { return Ok(None) };
        self.at += 1;
        match self.peek() {
            Some(',' | '_') if self.peek() != Some(first) => Err(SpecError::BothGroupings),
            _ => Ok(Some(first)),
        }
    }
}

impl Spec {
    /// Reads a spec for an object whose type is called `name`; `align` is the type's own.
    pub fn parse(text: &[char], align: Align, name: &str) -> Result<Spec, SpecError> {
        let mut reader = Reader { text, at: 0 };
        let (mut fill, mut given) = (None, None);
        if let Some(found) = text.get(1).and_then(|code| Align::from_char(*code)) {
            (fill, given) = (Some(text[0]), Some(found));
            reader.at = 2;
        } else if let Some(found) = text.first().and_then(|code| Align::from_char(*code)) {
            given = Some(found);
            reader.at = 1;
        }
        let sign = reader.peek().filter(|code| matches!(code, '+' | '-' | ' '));
        reader.at += usize::from(sign.is_some());
        let no_negative_zero = reader.take('z');
        let alternate = reader.take('#');
        if fill.is_none() && reader.take('0') {
            fill = Some('0');
            if given.is_none() && align == Align::Right {
                given = Some(Align::AfterSign);
            }
        }
        let width = reader.number()?;
        let grouping = reader.grouping()?;
        let (mut precision, mut fraction_grouping) = (None, None);
        if reader.take('.') {
            precision = reader.number()?;
            fraction_grouping = reader.grouping()?;
            if precision.is_none() && fraction_grouping.is_none() {
                return Err(SpecError::MissingPrecision);
            }
        }
        let code = match text[reader.at..] {
            [] => None,
            [code] => Some(code),
            _ => return Err(SpecError::Invalid { spec: text.iter().collect(), name: name.to_owned() }),
        };
        // What aligns left is text, whose code is `s` if there is none.
        let code = code.or((align == Align::Left).then_some('s'));
        let align = given.unwrap_or(align);
        let fill = fill.unwrap_or(' ');
        let spec = Spec {
            fill,
            align,
            sign,
            no_negative_zero,
            alternate,
            width,
            grouping,
            precision,
            fraction_grouping,
            code,
        };
        spec.check_grouping()?;
        Ok(spec)
    }

    fn check_grouping(&self) -> Result<(), SpecError> {
        let Some(code) = self.code else { return Ok(()) };
        if let Some(separator) = self.grouping {
            let decimal = matches!(code, 'd' | 'e' | 'f' | 'g' | 'E' | 'F' | 'G' | '%' | '\0');
            let by_fours = separator == '_' && matches!(code, 'b' | 'o' | 'x' | 'X');
            if !decimal && !by_fours {
                return Err(SpecError::GroupingWith(separator, code));
            }
        }
        match self.fraction_grouping {
            Some(separator) if code == 'n' => Err(SpecError::GroupingWith(separator, code)),
            _ => Ok(()),
        }
    }

    fn unknown(&self, name: &str) -> SpecError {
        SpecError::UnknownCode { code: self.code.unwrap_or('\0'), name: name.to_owned() }
    }

    /// Whether an int formatted with this is to be turned into a float first.
    pub fn wants_float(&self) -> bool {
        matches!(self.code, Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%'))
    }

    fn padding(&self, len: usize) -> (usize, usize) {
        let spare = self.width.unwrap_or(0).saturating_sub(len);
        match self.align {
            Align::Left => (0, spare),
            Align::Center => (spare / 2, spare - spare / 2),
            Align::Right | Align::AfterSign => (spare, 0),
        }
    }
}

/// How to print an int: its digits in the base that the spec's code asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntStyle {
    Decimal,
    /// Bits a digit: 1, 3 or 4; capitals or not.
    PowerOfTwo(u32, bool),
    /// The character with that number.
    Char,
}

/// Checks a spec against an int, before its digits are computed. For a spec that
/// [`Spec::wants_float`], format the float instead.
pub fn int_style(spec: &Spec, name: &str) -> Result<IntStyle, SpecError> {
    let style = match spec.code {
        None | Some('d' | 'n') => IntStyle::Decimal,
        Some('b') => IntStyle::PowerOfTwo(1, false),
        Some('o') => IntStyle::PowerOfTwo(3, false),
        Some('x') => IntStyle::PowerOfTwo(4, false),
        Some('X') => IntStyle::PowerOfTwo(4, true),
        Some('c') => IntStyle::Char,
        _ => return Err(spec.unknown(name)),
    };
    if spec.precision.is_some() {
        return Err(SpecError::IntPrecision);
    }
    if spec.no_negative_zero {
        return Err(SpecError::IntNegativeZero);
    }
    if style == IntStyle::Char && spec.sign.is_some() {
        return Err(SpecError::CharSign);
    }
    if style == IntStyle::Char && spec.alternate {
        return Err(SpecError::CharAlternate);
    }
    Ok(style)
}

/// An int whose magnitude has the text `digits`, as [`int_style`] asked for; for
/// [`IntStyle::Char`] the text is that one character.
pub fn format_int(spec: &Spec, style: IntStyle, negative: bool, digits: &str) -> Result<String, SpecError> {
    if style == IntStyle::Char {
        return lay_out(spec, Parts { rest: digits, ..Parts::default() });
    }
    let (prefix, group) = match (style, spec.code) {
        (IntStyle::PowerOfTwo(1, _), _) => ("0b", 4),
        (IntStyle::PowerOfTwo(3, _), _) => ("0o", 4),
        (IntStyle::PowerOfTwo(_, false), _) => ("0x", 4),
        (IntStyle::PowerOfTwo(..), _) => ("0X", 4),
        _ => ("", 3),
    };
    let prefix = if spec.alternate { prefix } else { "" };
    lay_out(spec, Parts { negative, signed: true, prefix, whole: digits, group, ..Parts::default() })
}

/// The character that `format(int, "c")` is; None for an int beyond 32 bits too.
pub fn char_argument(value: Option<i64>) -> Result<char, SpecError> {
    value.and_then(|value| u32::try_from(value).ok()).and_then(char::from_u32).ok_or(SpecError::CharRange)
}

/// A float; `name` is the type of the object that it came from.
pub fn format_float(spec: &Spec, value: f64, name: &str) -> Result<String, SpecError> {
    let mut flags = Flags { alternate: spec.alternate, no_negative_zero: spec.no_negative_zero, ..Flags::default() };
    let percent = spec.code == Some('%');
    let (mut style, usual) = match spec.code {
        None | Some('\0') => {
            flags.add_dot_0 = true;
            (Style::Repr, 0)
        }
        Some('%') => (Style::Fixed, 6),
        Some('n') => (Style::General, 6),
        Some('r') => return Err(spec.unknown(name)),
        Some(code) => match Style::from_code(code) {
            Some((style, upper)) => {
                flags.upper = upper;
                (style, 6)
            }
            None => return Err(spec.unknown(name)),
        },
    };
    if spec.precision.is_some_and(|precision| precision > i32::MAX as usize) {
        return Err(SpecError::PrecisionTooBig);
    }
    if spec.precision.is_some() && style == Style::Repr {
        style = Style::General;
    }
    let precision = spec.precision.unwrap_or(usual);
    Vec::<u8>::new().try_reserve(precision.saturating_mul(4)).map_err(|_| SpecError::NoMemory)?;
    let mut text = double_to_string(if percent { value * 100.0 } else { value }, style, precision, flags);
    if percent {
        text.push('%');
    }
    lay_out_float(spec, &text)
}

/// The text of a float, grouped and padded.
fn lay_out_float(spec: &Spec, text: &str) -> Result<String, SpecError> {
    let negative = text.starts_with('-');
    let digits = &text[usize::from(negative)..];
    let (whole, rest) = split_digits(digits);
    let (point, fraction, rest) = match rest.strip_prefix('.') {
        Some(after) => {
            let (fraction, rest) = split_digits(after);
            (".", fraction, rest)
        }
        None => ("", "", rest),
    };
    lay_out(spec, Parts { negative, signed: true, whole, point, fraction, rest, group: 3, ..Parts::default() })
}

/// A complex number; `name` is the type of the object that it came from. Padding is around the whole of it, and
/// without a code there are parentheses, unless the real part is 0 and left out, as in a repr.
pub fn format_complex(spec: &Spec, real: f64, imag: f64, name: &str) -> Result<String, SpecError> {
    let mut flags = Flags { alternate: spec.alternate, no_negative_zero: spec.no_negative_zero, ..Flags::default() };
    let like_repr = matches!(spec.code, None | Some('\0'));
    let (mut style, usual) = match spec.code {
        None | Some('\0') => (Style::Repr, 0),
        Some('n') => (Style::General, 6),
        Some(code) => match Style::from_code(code).filter(|_| code != 'r') {
            Some((style, upper)) => {
                flags.upper = upper;
                (style, 6)
            }
            None => return Err(spec.unknown(name)),
        },
    };
    if spec.precision.is_some_and(|precision| precision > i32::MAX as usize) {
        return Err(SpecError::PrecisionTooBig);
    }
    if spec.fill == '0' {
        return Err(SpecError::ComplexZeros);
    }
    if spec.align == Align::AfterSign {
        return Err(SpecError::ComplexEqualsAlign);
    }
    if spec.precision.is_some() && style == Style::Repr {
        style = Style::General;
    }
    let precision = spec.precision.unwrap_or(usual);
    Vec::<u8>::new().try_reserve(precision.saturating_mul(8)).map_err(|_| SpecError::NoMemory)?;
    let part = |spec: &Spec, x| lay_out_float(spec, &double_to_string(x, style, precision, flags));
    let mut inner = Spec { width: None, fill: ' ', align: Align::Left, ..spec.clone() };
    let text = if like_repr && real == 0.0 && real.is_sign_positive() {
        format!("{}j", part(&inner, imag)?)
    } else {
        let real = part(&inner, real)?;
        inner.sign = Some('+');
        let imag = part(&inner, imag)?;
        if like_repr { format!("({real}{imag}j)") } else { format!("{real}{imag}j") }
    };
    lay_out(spec, Parts { rest: &text, ..Parts::default() })
}

fn split_digits(text: &str) -> (&str, &str) {
    text.split_at(text.bytes().take_while(u8::is_ascii_digit).count())
}

/// A number taken apart, in the order in which it is printed.
#[derive(Default)]
struct Parts<'a> {
    negative: bool,
    /// A plus sign may be asked for.
    signed: bool,
    prefix: &'a str,
    whole: &'a str,
    /// Digits between separators.
    group: usize,
    point: &'a str,
    fraction: &'a str,
    rest: &'a str,
}

fn lay_out(spec: &Spec, parts: Parts<'_>) -> Result<String, SpecError> {
    let width = spec.width.unwrap_or(0);
    String::new().try_reserve(width.saturating_mul(spec.fill.len_utf8())).map_err(|_| SpecError::NoMemory)?;
    let sign = match spec.sign {
        _ if parts.negative => "-",
        Some('+') if parts.signed => "+",
        Some(' ') if parts.signed => " ",
        _ => "",
    };
    let fraction = group_fraction(parts.fraction, spec.fraction_grouping);
    let around = sign.len() + parts.prefix.len() + parts.point.len() + fraction.len() + parts.rest.chars().count();
    // Zeros that pad a number are grouped like its digits.
    let zeros = spec.fill == '0' && spec.align == Align::AfterSign;
    let least = if zeros { width.saturating_sub(around) } else { 0 };
    let whole = group_whole(parts.whole, least, parts.group, spec.grouping);
    let (left, right) = spec.padding(around + whole.len());
    let (left, inside) = if spec.align == Align::AfterSign { (0, left) } else { (left, 0) };
    let mut text = String::with_capacity(around + whole.len() + (left + inside + right) * spec.fill.len_utf8());
    let fill = |text: &mut String, count| text.extend(std::iter::repeat_n(spec.fill, count));
    fill(&mut text, left);
    text.push_str(sign);
    text.push_str(parts.prefix);
    fill(&mut text, inside);
    for part in [&whole, parts.point, &fraction, parts.rest] {
        text.push_str(part);
    }
    fill(&mut text, right);
    Ok(text)
}

/// At least `least` characters, zeros in front; no separator stands first.
fn group_whole(digits: &str, least: usize, group: usize, separator: Option<char>) -> String {
    if digits.is_empty() {
        return String::new();
    }
    let Some(separator) = separator else {
        return "0".repeat(least.saturating_sub(digits.len())) + digits;
    };
    let (mut reversed, mut left, mut missing) = (String::new(), digits.len(), least);
    let mut source = digits.chars().rev();
    loop {
        let len = group.min(left.max(missing).max(1));
        reversed.extend((0..len).map(|_| source.next().unwrap_or('0')));
        left = left.saturating_sub(len);
        missing = missing.saturating_sub(len);
        if left == 0 && missing == 0 {
            return reversed.chars().rev().collect();
        }
        reversed.push(separator);
        missing = missing.saturating_sub(1);
    }
}

fn group_fraction(digits: &str, separator: Option<char>) -> String {
    let Some(separator) = separator else { return digits.to_owned() };
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && at % 3 == 0 {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// A str within its width: so many fill characters, so many of its own, and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Padded {
    pub left: usize,
    /// Characters kept of the str.
    pub kept: usize,
    pub right: usize,
    pub fill: char,
}

/// A str of `len` characters; `name` is its type.
pub fn format_str(spec: &Spec, len: usize, name: &str) -> Result<Padded, SpecError> {
    if !matches!(spec.code, None | Some('s')) {
        return Err(spec.unknown(name));
    }
    match spec.sign {
        Some(' ') => return Err(SpecError::StrSpace),
        Some(_) => return Err(SpecError::StrSign),
        None => {}
    }
    if spec.no_negative_zero {
        return Err(SpecError::StrNegativeZero);
    }
    if spec.alternate {
        return Err(SpecError::StrAlternate);
    }
    if spec.align == Align::AfterSign {
        return Err(SpecError::StrEqualsAlign);
    }
    let kept = spec.precision.map_or(len, |precision| precision.min(len));
    let (left, right) = spec.padding(kept);
    Ok(Padded { left, kept, right, fill: spec.fill })
}

#[cfg(test)]
#[path = "spec_tests.rs"]
mod tests;
