//! `str.format` and `str.format_map`: fields, conversions, nested specs, attributes and items.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::format_spec;
use crate::search::Area;
use crate::text::{code_point, is_modest, one_of, quoted, quoted_str, re, spoilt};

pub fn area() -> Area {
    Area { name: "str_format", expressions, differences: &[format_spec::SURROGATES] }
}

fn field() -> BoxedStrategy<String> {
    let name = prop_oneof![
        4 => Just(String::new()),
        4 => re("[0-4]"),
        3 => one_of(&["a", "b", "text", "none", "0a", "-1", " a", "01", "9999999999999999999999999", "é"]),
    ];
    let path = prop_oneof![
        6 => Just(String::new()),
        4 => re("(\\.(real|imag|numerator|denominator|none)|\\[(0|1|2|-1|k|k k|01|9999999999999999999999999|)\\]){1,2}"),
        1 => re("[.\\[\\]a0]{1,3}"),
    ];
    let conversion = prop_oneof![6 => Just(String::new()), 3 => re("![rsa]"), 1 => re("!.?.?")];
    let nested = (re("[0-2]?"), re("[<>^]?"), re("(![sra])?"));
    let spec = prop_oneof![
        4 => Just(String::new()),
        4 => format_spec::spec().prop_map(|spec| format!(":{spec}")),
        2 => nested.prop_map(|(name, align, how)| format!(":{align}{{{name}{how}}}")),
        1 => one_of(&[":{a[0]}", ":{{}}", ":{:{}}", ":{a.real}.{}", ":{"]),
    ];
    (name, path, conversion, spec).prop_map(|(name, path, how, spec)| format!("{{{name}{path}{how}{spec}}}")).boxed()
}

fn expressions() -> BoxedStrategy<String> {
    let plain =
        vec(code_point(), 0..3).prop_map(|text| text.into_iter().filter_map(char::from_u32).collect::<String>());
    let piece = prop_oneof![5 => field(), 2 => plain, 1 => one_of(&["{{", "}}", "{", "}", "{{}", "{}}"])];
    let template = vec(piece, 0..4).prop_map(|pieces| pieces.concat());
    let template = spoilt(template, "{}[]!:.0a <>").prop_filter("of modest size", |text| is_modest(text));
    let values = vec(format_spec::value().prop_filter("fit to be a width", |value| is_modest(value)), 0..4)
        .prop_map(|values| values.join(", "));
    let written = |(template, mut values, how, extra): (String, String, u8, Vec<u32>)| {
        let template = quoted_str(&template);
        if !values.is_empty() {
            values.push_str(", ");
        }
        let named =
            format!("'a': [5, 1.5, 'x'], 'b': {{'k': 7, 'k k': 8, 0: 9, '-1': 10}}, 'text': {}", quoted(&extra));
        match how {
            0..=5 => format!("{template}.format({values}[3, 'y'], 7, **{{{named}}})"),
            _ => format!("{template}.format_map({{{named}, '0': 6, '': 5}})"),
        }
    };
    (template, values, 0..8u8, vec(code_point(), 0..3)).prop_map(written).boxed()
}
