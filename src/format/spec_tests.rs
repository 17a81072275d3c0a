//! Specs with what CPython 3.15 printed for them.

use super::*;
use crate::types::int::digits::{Digits, text};

fn int(value: i64, spec: &str) -> Result<String, String> {
    let spec: Vec<char> = spec.chars().collect();
    let format = || {
        let spec = Spec::parse(&spec, Align::Right, "int")?;
        if spec.wants_float() {
            return format_float(&spec, value as f64, "int");
        }
        let style = int_style(&spec, "int")?;
        let magnitude = Digits::from_u64(value.unsigned_abs());
        let digits = match style {
            IntStyle::Decimal => value.unsigned_abs().to_string(),
            IntStyle::PowerOfTwo(bits, upper) => text::to_power_of_two_base(&magnitude.digits, bits, upper),
            IntStyle::Char => char_argument(Some(value))?.to_string(),
        };
        format_int(&spec, style, value < 0, &digits)
    };
    format().map_err(|error: SpecError| error.to_string())
}

fn float(value: f64, spec: &str) -> Result<String, String> {
    let spec: Vec<char> = spec.chars().collect();
    let format = || format_float(&Spec::parse(&spec, Align::Right, "float")?, value, "float");
    format().map_err(|error: SpecError| error.to_string())
}

fn string(value: &str, spec: &str) -> Result<String, String> {
    let spec: Vec<char> = spec.chars().collect();
    let format = || format_str(&Spec::parse(&spec, Align::Left, "str")?, value.chars().count(), "str");
    let padded = format().map_err(|error: SpecError| error.to_string())?;
    let fill = |count| std::iter::repeat_n(padded.fill, count);
    Ok(fill(padded.left).chain(value.chars().take(padded.kept)).chain(fill(padded.right)).collect())
}

fn agree(found: Result<String, String>, expected: &str, spec: &str) {
    let found = found.unwrap_or_else(|error| format!("! {error}"));
    assert_eq!(found, expected, "spec {spec:?}");
}

#[test]
fn ints() {
    for (value, spec, expected) in [
        (5, "", "5"),
        (1234567, ",", "1,234,567"),
        (1234567, "_x", "12_d687"),
        (5, "+#012_b", "+0b0000_0101"),
        (5, "013,", "0,000,000,005"),
        (5, "015_.3_f", "000_000_005.000"),
        (-255, "#x", "-0xff"),
        (5, "*^10", "****5*****"),
        (5, "=+5", "+   5"),
        (-255, "\u{1f600}=8X", "-\u{1f600}\u{1f600}\u{1f600}\u{1f600}\u{1f600}FF"),
        (65, "5c", "    A"),
        (65, "05c", "0000A"),
        (5, ".,f", "5.000,000"),
        (5, "%", "500.000000%"),
        (0, "#o", "0o0"),
        (5, ",_", "! Cannot specify both ',' and '_'."),
        (5, ",,", "! Cannot specify ',' with ','."),
        (5, "_1", "! Cannot specify '_' with '1'."),
        (5, ",n", "! Cannot specify ',' with 'n'."),
        (5, ".3,n", "! Cannot specify ',' with 'n'."),
        (5, ".2,_f", "! Cannot specify both ',' and '_'."),
        (5, ".,2f", "! Invalid format specifier '.,2f' for object of type 'int'"),
        (5, ".2d", "! Precision not allowed in integer format specifier"),
        (5, "zd", "! Negative zero coercion (z) not allowed in integer format specifier"),
        (5, "+c", "! Sign not allowed with integer format specifier 'c'"),
        (5, "#c", "! Alternate form (#) not allowed with integer format specifier 'c'"),
        (-1, "c", "! %c arg not in range(0x110000)"),
        (5, ".", "! Format specifier missing precision"),
        (5, "s", "! Unknown format code 's' for object of type 'int'"),
        (5, "\u{e9}", "! Unknown format code '\\xe9' for object of type 'int'"),
        (5, "10000000000000000000000", "! Too many decimal digits in format string"),
    ] {
        agree(int(value, spec), expected, spec);
    }
}

#[test]
fn floats() {
    for (value, spec, expected) in [
        (1e20, "", "1e+20"),
        (1e20, "+010,", "+0,001e+20"),
        (3.25159, ".,", "3.251,59"),
        (-0.04, "z.1f", "0.0"),
        (-0.04, "z.0f", "0"),
        (3.25159, ".0", "3e+00"),
        (-0.04, "012,.1f", "-0,000,000.0"),
        (f64::NAN, "010", "0000000nan"),
        (f64::NEG_INFINITY, "=+5", "- inf"),
        (3.25159, "#.0%", "325.%"),
        (1e20, "#", "1.e+20"),
        (5.0, "g", "5"),
        (5.0, "", "5.0"),
        (3.25159, "\u{1f600}^10", "\u{1f600}3.25159\u{1f600}\u{1f600}"),
        (f64::NEG_INFINITY, "F", "-INF"),
        (3.5, "d", "! Unknown format code 'd' for object of type 'float'"),
        (3.5, ".10000000000f", "! precision too big"),
        (3.5, "z+.1f", "! Invalid format specifier 'z+.1f' for object of type 'float'"),
    ] {
        agree(float(value, spec), expected, spec);
    }
}

#[test]
fn strings() {
    for (spec, expected) in [
        ("", "abc"),
        ("5", "abc  "),
        ("05", "abc00"),
        (">5.2", "   ab"),
        ("\u{1f600}^6", "\u{1f600}abc\u{1f600}\u{1f600}"),
        ("+s", "! Sign not allowed in string format specifier"),
        (" s", "! Space not allowed in string format specifier"),
        ("=5", "! '=' alignment not allowed in string format specifier"),
        (",", "! Cannot specify ',' with 's'."),
        ("#s", "! Alternate form (#) not allowed in string format specifier"),
        ("z", "! Negative zero coercion (z) not allowed in string format specifier"),
        ("d", "! Unknown format code 'd' for object of type 'str'"),
    ] {
        agree(string("abc", spec), expected, spec);
    }
}
