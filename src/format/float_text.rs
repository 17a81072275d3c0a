//! Floats as text: `repr`, what `PyOS_double_to_string` does, and `float.hex`.
//!
//! std's formatter supplies digits that are shortest (`{:e}`) or exactly rounded,
//! ties to even (`{:.N}`); the layout of those digits is CPython's.

/// std refuses a precision beyond 16 bits; a float has no more places than this.
const MOST_PLACES: usize = 1100;

/// How digits are laid out: the format codes without their case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `e`: always with an exponent.
    Exponent,
    /// `f`: never with an exponent.
    Fixed,
    /// `g`: whichever is shorter, without zeros at the end.
    General,
    /// `r`: the shortest text that reads back as the same float.
    Repr,
}

/// The flags of `PyOS_double_to_string`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `Py_DTSF_SIGN`: a plus sign too.
    pub sign: bool,
    /// `Py_DTSF_ADD_DOT_0`: looks like a float, not like an int.
    pub add_dot_0: bool,
    /// `Py_DTSF_ALT`: keeps the point and the zeros at the end.
    pub alternate: bool,
    /// `Py_DTSF_NO_NEG_0`: no minus sign before what rounds to zero.
    pub no_negative_zero: bool,
    /// The format code was a capital letter.
    pub upper: bool,
}

impl Style {
    /// Takes a format code apart: its style, and whether it is a capital.
    pub fn from_code(code: char) -> Option<(Style, bool)> {
        let style = match code.to_ascii_lowercase() {
            'e' => Style::Exponent,
            'f' => Style::Fixed,
            'g' => Style::General,
            'r' if code == 'r' => Style::Repr,
            _ => return None,
        };
        Some((style, code.is_ascii_uppercase()))
    }
}

/// `repr(float)`.
pub fn repr(value: f64) -> String {
    double_to_string(value, Style::Repr, 0, Flags { add_dot_0: true, ..Flags::default() })
}

/// Significant digits, the first of which stands before the point of `d.ddd * 10^exponent`.
struct Decimal {
    digits: String,
    exponent: i32,
}

/// `precision` means nothing to [`Style::Repr`].
pub fn double_to_string(value: f64, style: Style, precision: usize, flags: Flags) -> String {
    let mut negative = value.is_sign_negative() && !value.is_nan();
    let magnitude = value.abs();
    let body = if value.is_nan() {
        "nan".to_owned()
    } else if value.is_infinite() {
        "inf".to_owned()
    } else {
        let body = finite(magnitude, style, precision, flags);
        if flags.no_negative_zero && is_zero(&body) {
            negative = false;
        }
        body
    };
    let sign = match negative {
        true => "-",
        false if flags.sign => "+",
        false => "",
    };
    let text = format!("{sign}{body}");
    if flags.upper { text.to_ascii_uppercase() } else { text }
}

fn is_zero(body: &str) -> bool {
    body.bytes().take_while(|byte| *byte != b'e').all(|byte| matches!(byte, b'0' | b'.'))
}

fn finite(magnitude: f64, style: Style, precision: usize, flags: Flags) -> String {
    match style {
        Style::Fixed => fixed(magnitude, precision, flags),
        Style::Exponent => {
            let decimal = decimal(magnitude, Some(precision));
            scientific(&decimal, flags)
        }
        Style::General => {
            let precision = precision.max(1);
            let mut decimal = decimal(magnitude, Some(precision - 1));
            if !flags.alternate {
                trim_zeros(&mut decimal);
            }
            // With ".0" to come, the last place is taken.
            let most = precision - usize::from(flags.add_dot_0);
            lay_out(&decimal, i64::try_from(most).unwrap_or(i64::MAX), flags)
        }
        Style::Repr => lay_out(&decimal(magnitude, None), 16, flags),
    }
}

/// `places` after the point; None for the fewest that tell the float from its neighbours.
fn decimal(magnitude: f64, places: Option<usize>) -> Decimal {
    let text = match places {
        None => shortest(magnitude),
        Some(places) => format!("{magnitude:.*e}", places.min(MOST_PLACES)),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mut digits = mantissa.replace('.', "");
    extend(&mut digits, places.unwrap_or(0).saturating_sub(MOST_PLACES));
    Decimal { digits, exponent: exponent.parse().unwrap_or(0) }
}

/// The fewest digits that tell the float from its neighbours, `{:e}`; of two that are as near, those that end even.
fn shortest(magnitude: f64) -> String {
    let text = format!("{magnitude:e}");
    let digits = text.bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).count();
    // Half way between two is only what has 18 digits at most, or ends in zeros: no more than 25 places in base 2.
    // And the two are neighbours nearer than floats are, which takes 16 digits.
    let mantissa = magnitude.to_bits() & ((1 << 52) - 1) | 1 << 52;
    let places = 1023 + 52 - (magnitude.to_bits() >> 52) as i64 - i64::from(mantissa.trailing_zeros());
    if digits < 16 || places > 25 {
        return text;
    }
    // std rounds what is half way up here, and to even where it is told how many digits.
    let even = format!("{magnitude:.*e}", digits - 1);
    if even.parse() == Ok(magnitude) { even } else { text }
}

fn extend(digits: &mut String, zeros: usize) {
    digits.extend(std::iter::repeat_n('0', zeros));
}

fn trim_zeros(decimal: &mut Decimal) {
    let kept = decimal.digits.trim_end_matches('0').len();
    decimal.digits.truncate(kept.max(1));
}

fn fixed(magnitude: f64, precision: usize, flags: Flags) -> String {
    let mut text = format!("{magnitude:.*}", precision.min(MOST_PLACES));
    extend(&mut text, precision.saturating_sub(MOST_PLACES));
    if precision == 0 {
        if flags.add_dot_0 {
            text.push_str(".0");
        } else if flags.alternate {
            text.push('.');
        }
    }
    text
}

/// Without an exponent if the point stands within reach: -4 < point <= most.
fn lay_out(decimal: &Decimal, most: i64, flags: Flags) -> String {
    let point = i64::from(decimal.exponent) + 1;
    if point <= -4 || point > most {
        return scientific(decimal, flags);
    }
    let digits = &decimal.digits;
    let mut text = String::with_capacity(digits.len() + 8);
    if point <= 0 {
        text.push_str("0.");
        extend(&mut text, point.unsigned_abs() as usize);
        text.push_str(digits);
        return text;
    }
    let point = point as usize;
    if digits.len() > point {
        text.push_str(&digits[..point]);
        text.push('.');
        text.push_str(&digits[point..]);
        return text;
    }
    text.push_str(digits);
    extend(&mut text, point - digits.len());
    if flags.add_dot_0 {
        text.push_str(".0");
    } else if flags.alternate {
        text.push('.');
    }
    text
}

fn scientific(decimal: &Decimal, flags: Flags) -> String {
    let (first, rest) = decimal.digits.split_at(1);
    let point = if rest.is_empty() && !flags.alternate { "" } else { "." };
    let sign = if decimal.exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}e{sign}{:02}", decimal.exponent.unsigned_abs())
}

/// `float.hex()`.
pub fn hex(value: f64) -> String {
    if !value.is_finite() {
        return repr(value);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = value.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i32);
    let (whole, exponent) = if exponent == 0 { (0, -1022) } else { (1, exponent - 1023) };
    format!("{sign}0x{whole}.{fraction:013x}p{exponent:+}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repr_is_shortest() {
        for (value, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (9999999999999998.0, "9999999999999998.0"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (5e-324, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
            (1e22, "1e+22"),
            (123456.789, "123456.789"),
            (f64::NAN, "nan"),
            (-f64::NAN, "nan"),
            (f64::NEG_INFINITY, "-inf"),
            (1.5e-7, "1.5e-07"),
            (1e100, "1e+100"),
        ] {
            assert_eq!(repr(value), text);
        }
    }

    #[test]
    fn styles_and_flags() {
        let plain = Flags::default();
        let alternate = Flags { alternate: true, ..plain };
        let dotted = Flags { add_dot_0: true, ..plain };
        for (value, style, precision, flags, text) in [
            (2.675, Style::Fixed, 2, plain, "2.67"),
            (0.5, Style::Fixed, 0, plain, "0"),
            (1.5, Style::Fixed, 0, alternate, "2."),
            (3.25159, Style::Exponent, 0, alternate, "3.e+00"),
            (3.25159, Style::Exponent, 3, plain, "3.252e+00"),
            (1e20, Style::General, 6, alternate, "1.00000e+20"),
            (100.0, Style::General, 3, dotted, "1e+02"),
            (100.0, Style::General, 3, plain, "100"),
            (100000.0, Style::General, 6, alternate, "100000."),
            (1e-5, Style::General, 6, plain, "1e-05"),
            (0.0001, Style::General, 6, plain, "0.0001"),
            (0.0, Style::General, 6, alternate, "0.00000"),
            (1e20, Style::Repr, 0, alternate, "1.e+20"),
            (5.0, Style::Repr, 0, alternate, "5."),
            (-0.04, Style::Fixed, 1, Flags { no_negative_zero: true, ..plain }, "0.0"),
            (-0.0, Style::Exponent, 1, Flags { no_negative_zero: true, ..plain }, "0.0e+00"),
            (2.0, Style::Repr, 0, Flags { sign: true, ..plain }, "+2"),
            (f64::INFINITY, Style::Fixed, 0, Flags { sign: true, upper: true, ..plain }, "+INF"),
            (1e-10, Style::General, 6, Flags { upper: true, ..plain }, "1E-10"),
        ] {
            assert_eq!(double_to_string(value, style, precision, flags), text, "{value} {style:?} {precision}");
        }
        let long = double_to_string(0.5, Style::Fixed, 100_000, plain);
        assert!(long.starts_with("0.50") && long.len() == 100_002);
        assert_eq!(double_to_string(0.5, Style::Exponent, 70_000, plain).len(), 70_006);
    }

    #[test]
    fn hexadecimal() {
        for (value, text) in [
            (0.1, "0x1.999999999999ap-4"),
            (5e-324, "0x0.0000000000001p-1022"),
            (-0.0, "-0x0.0p+0"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
            (1e308, "0x1.1ccf385ebc8a0p+1023"),
            (2.2250738585072014e-308, "0x1.0000000000000p-1022"),
        ] {
            assert_eq!(hex(value), text);
        }
    }
}
