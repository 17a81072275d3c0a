//! Conversions with what CPython 3.15 printed for them.

use super::*;

/// Ints for a tuple, or a mapping that has every key.
struct Given<'a> {
    values: &'a [i64],
    mapping: bool,
    used: usize,
    keys: Vec<Range<usize>>,
    current: Option<i64>,
}

impl Given<'_> {
    fn next(&mut self) -> Result<i64, String> {
        let value = self.values.get(self.used).copied();
        self.used += 1;
        value.ok_or_else(|| PercentError::NotEnough { got: self.values.len() }.to_string())
    }
}

impl From<PercentError> for String {
    fn from(error: PercentError) -> String {
        error.to_string()
    }
}

impl Arguments for Given<'_> {
    type Error = String;

    fn require_mapping(&mut self) -> Result<(), String> {
        if self.mapping { Ok(()) } else { Err(mapping_required("tuple")) }
    }

    fn key(&mut self, range: Range<usize>) -> Result<(), String> {
        self.keys.push(range);
        self.current = Some(42);
        Ok(())
    }

    fn width(&mut self) -> Result<isize, String> {
        self.next().map(|value| value as isize)
    }

    fn precision(&mut self) -> Result<i32, String> {
        self.next().map(|value| value as i32)
    }

    fn keyless(&mut self, start: usize) -> Result<(), String> {
        if self.keys.is_empty() { Ok(()) } else { Err(PercentError::KeyRequired { start }.to_string()) }
    }

    fn value(&mut self) -> Result<(), String> {
        if self.current.is_some() {
            return Ok(());
        }
        self.current = Some(self.next()?);
        Ok(())
    }
}

fn render(format: &str, given: &mut Given<'_>) -> Result<String, String> {
    let units: Vec<char> = format.chars().collect();
    let (mut text, mut at) = (String::new(), 0);
    while let Some(&unit) = units.get(at) {
        if unit != '%' {
            text.push(unit);
            at += 1;
            continue;
        }
        given.current = None;
        let found = Conversion::read(|at| units.get(at).map(|unit| u32::from(*unit)), at, given)?;
        at = found.at + 1;
        if found.code == u32::from('%') && found.at == found.start + 1 {
            text.push('%');
            continue;
        }
        let value = given.current.unwrap();
        let digits = value.unsigned_abs();
        text += &match found.known_code(false) {
            Some('d' | 'i' | 'u') => found.integer(value < 0, &digits.to_string()).unwrap(),
            Some('o') => found.integer(value < 0, &format!("{digits:o}")).unwrap(),
            Some('x') => found.integer(value < 0, &format!("{digits:x}")).unwrap(),
            Some('X') => found.integer(value < 0, &format!("{digits:X}")).unwrap(),
            Some('s' | 'r' | 'a') => {
                let whole = value.to_string();
                let kept = &whole[..found.kept(whole.len())];
                let (before, after) = found.padding(kept.len());
                format!("{}{kept}{}", " ".repeat(before), " ".repeat(after))
            }
            Some(_) => found.float(value as f64).unwrap(),
            None => {
                let printable = found.code >= 0x20;
                return Err(found.unknown(Unit::Char(found.code, printable)).to_string());
            }
        };
    }
    if !given.mapping && given.used < given.values.len() {
        let error = PercentError::NotAll { required: given.used, got: given.values.len(), bytes: false };
        return Err(error.to_string());
    }
    Ok(text)
}

fn check(format: &str, values: &[i64], mapping: bool, expected: &str) {
    let mut given = Given { values, mapping, used: 0, keys: Vec::new(), current: None };
    let found = render(format, &mut given).unwrap_or_else(|error| format!("! {error}"));
    assert_eq!(found, expected, "{format:?}");
}

#[test]
fn layouts() {
    for (format, value, expected) in [
        ("%#o", 42, "0o52"),
        ("%08.5d", 42, "00000042"),
        ("%+08.5d", 42, "+0000042"),
        ("%#010.4x", 42, "0x0000002a"),
        ("%-#10x|", 42, "0x2a      |"),
        ("%.0s", 42, ""),
        ("%5.1s|", 42, "    4|"),
        ("%#.0f", 42, "42."),
        ("%#g", 42, "42.0000"),
        ("%+.2e", 42, "+4.20e+01"),
        ("%010.2f", 42, "0000042.00"),
        ("%+ d", 42, "+42"),
        ("%-05d|", 42, "42   |"),
        ("%05s", 42, "   42"),
        ("%.d", 42, "42"),
        ("% 05d", 5, " 0005"),
        ("%05d", -5, "-0005"),
        ("%#.5o", 8, "0o00010"),
        ("%#10.8X|", -255, "-0X000000FF|"),
        ("%+.0d", 0, "+0"),
        ("%010.5d|", -5, "-000000005|"),
        ("%%%d", 3, "%3"),
        ("%Lx", 3, "3"),
        ("%lld", 3, "! unsupported format %l at position 0"),
        ("%y", 42, "! unsupported format %y at position 0"),
        ("%", 42, "! stray % at position 0"),
        ("%.3", 42, "! stray % at position 0"),
        ("%5%", 42, "! stray % at position 0 or unexpected format character '%' at position 2"),
        ("%\u{e9}", 42, "! stray % at position 0 or unexpected format character '\u{e9}' (U+00E9) at position 1"),
        ("%\u{1}", 42, "! stray % at position 0 or unexpected format character U+0001 at position 1"),
        ("%.2147483648d", 42, "! precision too big at position 0"),
        ("%9223372036854775808d", 42, "! width too big at position 0"),
        ("%%", 42, "! not all arguments converted during string formatting (required 0, got 1)"),
        ("%(a)d", 42, "! format requires a mapping, not tuple"),
        ("%d %d", 42, "! not enough arguments for format string (got 1)"),
    ] {
        check(format, &[value], false, expected);
    }
    check("%*d", &[-8, 42], false, "42      ");
    check("%*.*f|", &[10, 2, 3], false, "      3.00|");
    check("%.*f", &[-2, 3], false, "3");
    check("%5%", &[], false, "! not enough arguments for format string (got 0)");
    check("%*%", &[3], false, "! not enough arguments for format string (got 1)");
}

#[test]
fn keys() {
    check("%(a(b)c)s", &[], true, "42");
    check("%()s", &[], true, "42");
    check("%(a", &[], true, "! stray % or incomplete format key at position 0");
    check("%(a)", &[], true, "! stray % at position 0");
    check("%(a)s %d", &[], true, "! format requires a parenthesised mapping key at position 6");
    check("%(a)*d", &[], true, "! * cannot be used with a parenthesised mapping key at position 0");
    check("%(a).*d", &[], true, "! * cannot be used with a parenthesised mapping key at position 0");
}

#[test]
fn messages() {
    for (argument, wants, expected) in [
        (Argument::Only, Wants::RealNumber('d', "str"), "format argument: %d requires a real number, not str"),
        (Argument::Key("'a'"), Wants::Integer('x', "float"), "format argument 'a': %x requires an integer, not float"),
        (Argument::Index(1), Wants::CharacterRange, "format argument 1: %c argument not in range(0x110000)"),
        (Argument::Index(2), Wants::StarInt("float"), "format argument 2: * requires int, not float"),
        (Argument::Index(1), Wants::StarWidth, "format argument 1: too big for width"),
        (
            Argument::Only,
            Wants::CharacterNot(2),
            "format argument: %c requires an integer or a unicode character, not a string of length 2",
        ),
        (
            Argument::Only,
            Wants::ByteNot("bytes", 0),
            "format argument: %c requires an integer in range(256) or a single byte, not a bytes object of length 0",
        ),
    ] {
        assert_eq!(format!("{argument}{wants}"), expected);
    }
    assert_eq!(Unit::Byte(0xff).to_string(), "with code 0xff");
}
