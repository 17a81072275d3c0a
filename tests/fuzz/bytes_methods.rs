//! Methods of bytes and bytearray that search, split, strip, replace and change case.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::BoxedStrategy;

use crate::search::Area;
use crate::text::{bounds, byte, bytes_literal, call, index, one_of, quoted_bytes};

pub fn area() -> Area {
    Area { name: "bytes_methods", expressions, differences: &[] }
}

fn bytes(most: usize) -> BoxedStrategy<Vec<u8>> {
    prop_oneof![2 => vec(select(b"aab bA.\n".to_vec()), 0..=most), 3 => vec(byte(), 0..=most)].boxed()
}

fn subject(most: usize) -> BoxedStrategy<String> {
    (bytes_literal(most), any::<bool>())
        .prop_map(|(bytes, changes)| if changes { format!("bytearray({bytes})") } else { bytes })
        .boxed()
}

/// Bytes, and a part of them or something else.
fn both() -> BoxedStrategy<(String, String)> {
    let part = (bytes(14), any::<Index>(), 0..4usize, any::<bool>()).prop_map(|(bytes, at, count, changes)| {
        let start = at.index(bytes.len() + 1);
        let part = quoted_bytes(&bytes[start..bytes.len().min(start + count)]);
        let bytes = quoted_bytes(&bytes);
        (if changes { format!("bytearray({bytes})") } else { bytes }, part)
    });
    let odd = prop_oneof![subject(3), index(), one_of(&["'a'", "97", "256", "[97]"])];
    prop_oneof![4 => part, 1 => (subject(14), odd)].boxed()
}

const PLAIN: &[&str] = &[
    "upper()",
    "lower()",
    "title()",
    "swapcase()",
    "capitalize()",
    "isalnum()",
    "isalpha()",
    "isascii()",
    "isdigit()",
    "islower()",
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
    "hex()",
    "__len__()",
];

fn expressions() -> BoxedStrategy<String> {
    let plain = (subject(14), one_of(PLAIN)).prop_map(|(bytes, method)| format!("{bytes}.{method}"));
    let search = (both(), one_of(&["find", "rfind", "index", "rindex", "count", "startswith", "endswith"]), bounds())
        .prop_map(|((bytes, part), method, bounds)| call(&format!("{bytes}.{method}"), [vec![part], bounds].concat()));
    let most = prop_oneof![2 => Just(vec![]), 2 => (-2..5i32).prop_map(|n| vec![n.to_string()]), 1 => index().prop_map(|n| vec![n])];
    let split = (both(), one_of(&["split", "rsplit"]), most.clone())
        .prop_map(|((bytes, part), method, most)| call(&format!("{bytes}.{method}"), [vec![part], most].concat()));
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
        .prop_map(|((bytes, part), method)| format!("{bytes}.{method}({part})"));
    let replace = (both(), bytes_literal(3), most)
        .prop_map(|((bytes, part), by, most)| call(&format!("{bytes}.replace"), [vec![part, by], most].concat()));
    let filled = (subject(10), one_of(&["ljust", "rjust", "center"]), -2..25i32, bytes_literal(1))
        .prop_map(|(bytes, method, width, fill)| format!("{bytes}.{method}({width}, {fill})"));
    let widths = (subject(10), one_of(&["zfill", "expandtabs", "__mul__"]), -3..14i32)
        .prop_map(|(bytes, method, width)| format!("{bytes}.{method}({width})"));
    let signs = (one_of(&["b'+'", "b'-12'", "b'--'", "b'\\t+a\\tb'", "bytearray(b'+1')"]), -1..12i32)
        .prop_map(|(bytes, width)| format!("{bytes}.zfill({width})"));
    let made = (both(), bytes_literal(3), bytes_literal(3)).prop_map(|((bytes, from), to, without)| {
        format!("{bytes}.translate(bytes.maketrans({from}, {to}), delete={without})")
    });
    let joined =
        (subject(3), vec(subject(4), 0..4)).prop_map(|(by, parts)| format!("{by}.join([{}])", parts.join(", ")));
    let built = (one_of(&["bytes", "bytearray"]), vec(index(), 0..4))
        .prop_map(|(kind, items)| format!("{kind}([{}])", items.join(", ")));
    prop_oneof![6 => plain, 6 => search, 4 => split, 5 => one, 4 => replace, 2 => filled, 2 => widths, 1 => signs, 2 => made, 1 => joined, 1 => built].boxed()
}
