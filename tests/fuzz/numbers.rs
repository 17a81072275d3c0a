//! Numbers from text: `int`, `float`, `complex`, `float.fromhex`; bytes and ints from one another.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::search::Area;
use crate::text::{as_any_literal, bytes_literal, index, one_of, quoted_str, re};

pub fn areas() -> Vec<Area> {
    vec![
        Area { name: "int_from_text", expressions: ints, differences: &[] },
        Area { name: "float_from_text", expressions: floats, differences: &[] },
        Area { name: "bytes_from_text", expressions: bytes, differences: &[] },
    ]
}

const SPACE: &str = "[ \t\n\u{b}\u{c}\r\u{1c}\u{1f}\u{85}\u{a0}\u{2003}\u{3000}]{0,2}";
const SPOILERS: &str = "0189afzAFXxobB_+-. \0\n\u{85}\u{a0}\u{200b}é٣０𝟗²½eEjJpPinf()";

/// Something between spaces.
fn spaced(inner: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let space = || prop_oneof![4 => Just(String::new()), 1 => re(SPACE)];
    (space(), inner, space()).prop_map(|(before, inner, after)| before + &inner + &after).boxed()
}

fn ints() -> BoxedStrategy<String> {
    let digits = prop_oneof![
        3 => re("[+-]?[0-9]{1,6}"),
        2 => re("[+-]?[0-9]{1,40}(_[0-9]{1,3}){0,3}"),
        2 => re("[+-]?0[xX]_?[0-9a-fA-F]{1,20}(_[0-9a-f]{1,4}){0,2}"),
        1 => re("[+-]?0[oO]_?[0-7]{1,30}"),
        1 => re("[+-]?0[bB]_?[01]{1,70}"),
        2 => re("[+-]?[0-9a-zA-Z]{1,30}"),
        1 => re("[+-]?0{1,3}(_0){0,2}[1-9]?"),
        1 => re("[+-]?[٠-٩߀-߉０-９𝟎-𝟿]{1,6}(_[0-9]){0,1}"),
    ];
    let text = as_any_literal(spaced(spoilt(digits.boxed())));
    let base = prop_oneof![
        3 => Just(String::new()),
        3 => one_of(&[", 10", ", 0", ", 16", ", 2", ", 8", ", 36", ", base=0", ", base=16"]),
        1 => (-2..39i32).prop_map(|base| format!(", {base}")),
        1 => index().prop_map(|base| format!(", {base}")),
    ];
    // Around the limit on digits, and where other bases have none.
    let long = (4290..4310usize, re("[1-9]"), re("_?[0-9]{0,3}"), base.clone())
        .prop_map(|(count, digit, rest, base)| format!("int('{digit}' * {count} + '{rest}'{base}) % 10**9"));
    let short = (text, base).prop_map(|(text, base)| format!("int({text}{base})"));
    prop_oneof![40 => short, 1 => long].boxed()
}

/// A float as decimal text that lies close to half way between two floats, or as it is.
fn close_to_half() -> BoxedStrategy<String> {
    let written = |(bits, digits): (u64, usize)| {
        let value = f64::from_bits(bits);
        if value.is_finite() { format!("{value:.digits$e}") } else { format!("{}", bits % 1_000_003) }
    };
    (any::<u64>(), 0..30usize).prop_map(written).boxed()
}

/// The exact middle of two neighbouring floats, and what lies next to it.
fn half() -> BoxedStrategy<String> {
    let written = |(mantissa, exponent, last): (u64, u32, String)| {
        let middle = u128::from(mantissa | 1 << 52) * 2 + 1;
        format!("{}{last}", middle << exponent)
    };
    (0..1u64 << 52, 0..70u32, re("(\\.0{0,30}[01])?(e[+-]?[0-9])?")).prop_map(written).boxed()
}

fn float_text() -> BoxedStrategy<String> {
    prop_oneof![
        3 => re("[+-]?[0-9]{1,4}(\\.[0-9]{0,4})?([eE][+-]?[0-9]{1,3})?"),
        2 => re("[+-]?[0-9_]{0,25}\\.?[0-9]{0,25}([eE][+-]?[0-9]{1,4})?"),
        1 => re("[+-]?(0{0,5}\\.0{0,40})?[1-9]{0,20}([eE][+-]?[0-9]{1,20})?"),
        1 => re("[+-]?([iI][nN][fF]([iI]nity)?|[nN][aA][nN])"),
        1 => re("[+-]?[٠-٩０-９]{1,3}\\.?[0-9]{0,3}"),
        3 => close_to_half(),
        2 => half(),
    ]
    .boxed()
}

fn complex_text() -> BoxedStrategy<String> {
    let part =
        || prop_oneof![3 => re("[0-9]{0,3}(\\.[0-9]{0,3})?(e-?[0-9]{1,2})?"), 1 => one_of(&["inf", "nan", "1_0", ""])];
    (
        one_of(&["", "(", " ( ", "(("]),
        re("[+-]?"),
        part(),
        re("[+-]?"),
        part(),
        one_of(&["j", "J", "", " j"]),
        one_of(&["", ")", " ) "]),
    )
        .prop_map(|(open, sign, real, and, imag, j, close)| [open, sign, real, and, imag, j, close].concat())
        .boxed()
}

fn hex_text() -> BoxedStrategy<String> {
    prop_oneof![
        3 => re("[+-]?(0[xX])?[0-9a-fA-F]{0,4}\\.?[0-9a-fA-F]{0,4}([pP][+-]?[0-9]{1,4})?"),
        2 => re("[+-]?0x1\\.[0-9a-f]{12,13}(0{0,3}|8|7f|80|81|[0-9a-f]{3})p[+-]?[0-9]{1,4}"),
        2 => re("0x0?\\.?[0-9a-f]{13,14}[08]?[01]?p-10[2-7][0-9]"),
        1 => re("[+-]?([iI]nf(inity)?|[nN]an)"),
        1 => re("0x[0-9a-f]{0,30}\\.[0-9a-f]{0,30}(p[+-]?[0-9]{1,22})?"),
    ]
    .boxed()
}

fn floats() -> BoxedStrategy<String> {
    let any = |text| as_any_literal(spaced(spoilt(text)));
    let hex = spaced(spoilt(hex_text()));
    prop_oneof![
        4 => any(float_text()).prop_map(|text| format!("float({text})")),
        1 => any(float_text()).prop_map(|text| format!("complex({text})")),
        2 => any(complex_text()).prop_map(|text| format!("complex({text})")),
        3 => hex.prop_map(|text| format!("float.fromhex({})", quoted_str(&text))),
        1 => close_to_half().prop_map(|text| format!("float('{text}').hex(), float('{text}').as_integer_ratio()")),
        1 => (float_text(), -400..400i32).prop_map(|(text, digits)| format!("round(float({}), {digits})", quoted_str(&text))),
    ]
    .boxed()
}

fn spoilt(text: BoxedStrategy<String>) -> BoxedStrategy<String> {
    crate::text::spoilt(text, SPOILERS)
}

fn bytes() -> BoxedStrategy<String> {
    let pairs = prop_oneof![
        3 => re("([0-9a-fA-F]{2}[ \t\n]{0,1}){0,8}"),
        1 => re("[0-9a-f]{0,9}"),
        1 => re("[ \t\n\r\u{b}\u{c}]{0,2}([0-9a-f]{2}[ \u{a0}]?){0,4}"),
    ];
    let order = || one_of(&["'little'", "'big'", "'big'", "'middle'"]);
    let signed = || one_of(&["", ", signed=True", ", signed=False"]);
    prop_oneof![
        3 => (one_of(&["bytes", "bytearray"]), as_any_literal(spoilt(pairs.boxed())))
            .prop_map(|(kind, text)| format!("{kind}.fromhex({text})")),
        2 => (bytes_literal(24), order(), signed()).prop_map(|(b, order, signed)| format!("int.from_bytes({b}, {order}{signed})")),
        1 => (re("-?[1-9][0-9]{0,40}"), 0..20u8, order(), signed())
            .prop_map(|(int, size, order, signed)| format!("({int}).to_bytes({size}, {order}{signed})")),
        2 => (bytes_literal(12), re("[-:. _a]"), -5..6i32).prop_map(|(b, by, each)| format!("{b}.hex('{by}', {each})")),
        1 => (bytes_literal(6), crate::text::literal(2), index()).prop_map(|(b, by, each)| format!("{b}.hex({by}, {each})")),
    ]
    .boxed()
}
