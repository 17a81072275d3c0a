//! Methods of str that search, split, strip, replace and change case, on any text.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::search::Area;
use crate::text::{Text, bounds, call, code_point, index, literal, one_of, quoted, text};

pub fn area() -> Area {
    Area { name: "str_methods", expressions, differences: &[] }
}

/// Text, and a part of it or something else.
fn both() -> BoxedStrategy<(Text, Text)> {
    let part = (text(14), any::<prop::sample::Index>(), 0..4usize).prop_map(|(text, at, count)| {
        let start = at.index(text.len() + 1);
        let part = text[start..text.len().min(start + count)].to_vec();
        (text, part)
    });
    prop_oneof![3 => part, 1 => (text(14), text(3))].boxed()
}

const PLAIN: &[&str] = &[
    "upper()",
    "lower()",
    "title()",
    "casefold()",
    "swapcase()",
    "capitalize()",
    "isalnum()",
    "isalpha()",
    "isascii()",
    "isdecimal()",
    "isdigit()",
    "isidentifier()",
    "islower()",
    "isnumeric()",
    "isprintable()",
    "isspace()",
    "istitle()",
    "isupper()",
    "split()",
    "rsplit()",
    "splitlines()",
    "splitlines(True)",
    "strip()",
    "lstrip()",
    "rstrip()",
    "__repr__()",
    "__len__()",
    "encode('utf-8', 'surrogatepass')",
];

fn expressions() -> BoxedStrategy<String> {
    let plain = (literal(14), one_of(PLAIN)).prop_map(|(text, method)| format!("{text}.{method}"));
    let search = (both(), one_of(&["find", "rfind", "index", "rindex", "count", "startswith", "endswith"]), bounds())
        .prop_map(|((text, part), method, bounds)| {
            call(&format!("{}.{method}", quoted(&text)), [vec![quoted(&part)], bounds].concat())
        });
    let split = (both(), one_of(&["split", "rsplit"]), prop_oneof![2 => Just(vec![]), 2 => (-2..5i32).prop_map(|n| vec![n.to_string()]), 1 => index().prop_map(|n| vec![n])], any::<bool>())
        .prop_map(|((text, part), method, most, spaces)| {
            let by = if spaces { "None".to_owned() } else { quoted(&part) };
            call(&format!("{}.{method}", quoted(&text)), [vec![by], most].concat())
        });
    let one = (
        both(),
        one_of(&[
            "partition",
            "rpartition",
            "strip",
            "lstrip",
            "rstrip",
            "removeprefix",
            "removesuffix",
            "__contains__",
            "__add__",
            "__lt__",
            "__eq__",
        ]),
    )
        .prop_map(|((text, part), method)| call(&format!("{}.{method}", quoted(&text)), vec![quoted(&part)]));
    let replace = (both(), text(3), prop_oneof![Just(vec![]), (-2..5i32).prop_map(|n| vec![n.to_string()])]).prop_map(
        |((text, part), by, most)| {
            call(&format!("{}.replace", quoted(&text)), [vec![quoted(&part), quoted(&by)], most].concat())
        },
    );
    let filled = (literal(10), one_of(&["ljust", "rjust", "center"]), -2..25i32, literal(1))
        .prop_map(|(text, method, width, fill)| format!("{text}.{method}({width}, {fill})"));
    let widths = (literal(10), one_of(&["zfill", "expandtabs", "__mul__", "expandtabs"]), -3..14i32)
        .prop_map(|(text, method, width)| format!("{text}.{method}({width})"));
    let signs = (one_of(&["'+'", "'-12'", "'+\\u0663'", "'--'", "'\\t+a\\tb'"]), -1..12i32)
        .prop_map(|(text, width)| format!("{text}.zfill({width})"));
    let table = (
        literal(10),
        vec(
            (code_point(), prop_oneof![Just("None".to_owned()), literal(2), code_point().prop_map(|c| c.to_string())]),
            0..4,
        ),
    )
        .prop_map(|(text, pairs)| {
            let pairs: Vec<String> = pairs.into_iter().map(|(from, to)| format!("{from}: {to}")).collect();
            format!("{text}.translate({{{}}})", pairs.join(", "))
        });
    let made = (both(), text(3), text(3)).prop_map(|((text, from), to, without)| {
        format!("{}.translate(str.maketrans({}, {}, {}))", quoted(&text), quoted(&from), quoted(&to), quoted(&without))
    });
    let joined =
        (literal(3), vec(literal(4), 0..4)).prop_map(|(by, parts)| format!("{by}.join([{}])", parts.join(", ")));
    let tuple = (both(), text(2), bounds()).prop_map(|((text, part), other, bounds)| {
        call(
            &format!("{}.endswith", quoted(&text)),
            [vec![format!("({}, {})", quoted(&other), quoted(&part))], bounds].concat(),
        )
    });
    let ascii = literal(6).prop_map(|text| format!("ascii({text}), hash({text}) == hash({text} + ''), sorted({text})"));
    prop_oneof![8 => plain, 6 => search, 4 => split, 5 => one, 4 => replace, 2 => filled, 3 => widths, 1 => signs, 2 => table, 2 => made, 1 => joined, 1 => tuple, 1 => ascii].boxed()
}
