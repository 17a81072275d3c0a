//! `format(value, spec)` of numbers, text and what knows no spec.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::search::{Area, Difference};
use crate::text::{is_modest, literal, one_of, quoted_str, re, spoilt};

pub fn area() -> Area {
    Area { name: "format_spec", expressions, differences: &[SURROGATES] }
}

/// Narrow enough: of numbers and format codes, CPython shows a lone surrogate in no other place.
pub const SURROGATES: Difference = Difference {
    _reason: "Specs are read as Unicode scalar values, of which a lone surrogate is none: as fill, as code, or by `c`.",
    holds: |_, theirs, ours| {
        let shown = ours.contains('\u{fffd}') || ours.contains("\\xfffd") || ours.contains("%c arg not in range");
        shown && (theirs.contains("\\ud") || theirs.contains("\\xd"))
    },
};

/// A spec, well-formed but for what was spoilt.
pub fn spec() -> BoxedStrategy<String> {
    let size = || prop_oneof![3 => Just(String::new()), 5 => re("[0-9]{1,2}"), 1 => re("[0-9]{3}"), 1 => Just("9999999999999999999999999".to_owned())];
    let fill = prop_oneof![3 => Just(String::new()), 2 => re("[<>=^]"), 2 => re("[ 0*a<>=^,é€😀\u{0}\\.][<>=^]")];
    let precision = prop_oneof![3 => Just(String::new()), 3 => size().prop_map(|size| format!(".{size}")), 1 => re("\\.[0-9]{0,2}[,_]")];
    let kind = prop_oneof![3 => re("[bcdeEfFgGnosxX%]?"), 1 => re("[aA-Zz!é]?")];
    let whole = (fill, re("[-+ ]?z?"), re("#?0?"), size(), re("[,_]?"), precision, kind).prop_map(
        |(fill, sign, flags, width, group, precision, kind)| {
            [fill, sign, flags, width, group, precision, kind].concat()
        },
    );
    spoilt(whole.boxed(), "<>=^+- z#00189,_.bcdeEfFgGnosxX%a!é😀{}")
        .prop_filter("of modest size", |spec| is_modest(spec))
        .boxed()
}

pub fn int() -> BoxedStrategy<String> {
    prop_oneof![
        3 => (-20..300i32).prop_map(|int| format!("({int})")),
        2 => any::<i64>().prop_map(|int| format!("({int})")),
        1 => re("\\(-?[1-9][0-9]{15,80}\\)"),
        1 => one_of(&["(0)", "(-1)", "(0x10ffff)", "(0x110000)", "(0xd800)", "True", "False"]),
    ]
    .boxed()
}

pub fn float() -> BoxedStrategy<String> {
    let bits = |bits: u64| {
        let value = f64::from_bits(bits);
        if value.is_finite() { format!("({value:e})") } else { "(1e400)".to_owned() }
    };
    prop_oneof![
        3 => re("\\(-?[0-9]{1,3}\\.[0-9]{1,4}\\)"),
        2 => re("\\(-?[0-9]{1,6}(\\.5|\\.25|\\.125|\\.05)?e-?[0-9]{1,2}\\)"),
        2 => any::<u64>().prop_map(bits),
        1 => one_of(&["(0.0)", "(-0.0)", "(1e400)", "(-1e400)", "(1e400-1e400)", "(9.995)", "(0.5)", "(1.5)", "(2.5)", "(1e16)", "(1e-5)", "(5e-324)"]),
    ]
    .boxed()
}

pub fn complex() -> BoxedStrategy<String> {
    (float(), float()).prop_map(|(real, imag)| format!("complex({real}, {imag})")).boxed()
}

/// What is formatted.
pub fn value() -> BoxedStrategy<String> {
    prop_oneof![
        4 => int(),
        4 => float(),
        1 => complex(),
        2 => literal(5),
        1 => one_of(&["None", "b'x'", "[1]", "(1, 2)", "{}", "int", "..."]),
    ]
    .boxed()
}

fn expressions() -> BoxedStrategy<String> {
    let written = |(value, spec, how): (String, String, u8)| {
        let spec = quoted_str(&spec);
        match how {
            0..=4 => format!("format({value}, {spec})"),
            5 => format!("{value}.__format__({spec})"),
            _ => format!("'{{:{}'.format({value})", &format!("{}}}'", &spec[1..spec.len() - 1])),
        }
    };
    (value(), spec(), 0..7u8).prop_map(written).boxed()
}
