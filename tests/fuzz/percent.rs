//! `%`-formatting of str and of bytes.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::format_spec;
use crate::search::Area;
use crate::text::{bytes_literal, is_modest, narrow, one_of, quoted_bytes, quoted_str, re, spoilt};

pub fn areas() -> Vec<Area> {
    vec![
        Area { name: "percent_str", expressions: of_str, differences: &[] },
        Area { name: "percent_bytes", expressions: of_bytes, differences: &[] },
    ]
}

fn template() -> BoxedStrategy<String> {
    let piece = prop_oneof![
        6 => re("%[#0+ -]{0,3}(\\*|[0-9]{0,2})(\\.(\\*|[0-9]{0,2}))?[hlL]?[diouxXeEfFgGcrsab%]"),
        1 => re("%\\((k|b k|none|\\(k\\)|)\\)[#0+ -]{0,2}[0-9]{0,2}(\\.[0-9]{0,2})?[dxefgcrsa%]"),
        1 => re("[ -~é😀]{0,3}"),
        1 => one_of(&["%%", "%", "%9999999999999999999999999d", "%.9999999999999999999999999f", "%(", "%(k", "%-", "%.", "%y", "%é"]),
    ];
    let whole = vec(piece, 0..4).prop_map(|pieces| pieces.concat());
    spoilt(whole.boxed(), "%%#0-+ .*19hldxefgcrsab()k").prop_filter("of modest size", |text| is_modest(text)).boxed()
}

fn values() -> BoxedStrategy<String> {
    let value = || prop_oneof![4 => format_spec::value(), 1 => bytes_literal(3), 1 => one_of(&["'x'", "'xy'", "b'x'", "3", "-3", "bytearray(b'z')"])];
    let several = vec(value(), 0..5).prop_map(|values| match values.len() {
        1 => format!("({},)", values[0]),
        _ => format!("({})", values.join(", ")),
    });
    let named =
        (value(), value()).prop_map(|(a, b)| format!("{{'k': {a}, 'b k': {b}, '(k)': 4, b'k': {b}, b'b k': {a}}}"));
    prop_oneof![6 => several, 2 => value(), 2 => named].boxed()
}

fn of_str() -> BoxedStrategy<String> {
    (template(), values()).prop_map(|(template, values)| format!("{} % {values}", quoted_str(&template))).boxed()
}

fn of_bytes() -> BoxedStrategy<String> {
    let written = |(template, values, changes): (String, String, bool)| {
        let template = quoted_bytes(&narrow(&template));
        if changes { format!("bytearray({template}) % {values}") } else { format!("{template} % {values}") }
    };
    (template(), values(), any::<bool>()).prop_map(written).boxed()
}
