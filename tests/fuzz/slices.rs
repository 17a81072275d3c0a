//! Slices, indices and searches in sequences, with bounds of any size.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::search::Area;
use crate::text::{bytes_literal, index, literal, one_of};

pub fn area() -> Area {
    Area { name: "slices", expressions, differences: &[] }
}

fn sequence() -> BoxedStrategy<String> {
    prop_oneof![
        2 => (0..12u8).prop_map(|n| format!("list(range({n}))")),
        2 => (0..12u8).prop_map(|n| format!("tuple(range({n}))")),
        2 => literal(12),
        2 => bytes_literal(12),
        1 => bytes_literal(12).prop_map(|bytes| format!("bytearray({bytes})")),
        1 => bytes_literal(12).prop_map(|bytes| format!("memoryview({bytes})")),
        3 => vec(index(), 1..=3).prop_map(|bounds| format!("range({})", bounds.join(", "))),
    ]
    .boxed()
}

fn slice() -> BoxedStrategy<String> {
    let bound = || prop_oneof![1 => Just(String::new()), 3 => index()];
    (bound(), bound(), prop_oneof![1 => Just(String::new()), 1 => bound().prop_map(|step| format!(":{step}"))])
        .prop_map(|(start, stop, step)| format!("{start}:{stop}{step}"))
        .boxed()
}

fn expressions() -> BoxedStrategy<String> {
    // A view shows an address.
    let shown = |(sequence, rest): (String, String)| match sequence.starts_with("memoryview") && rest.ends_with(']') {
        true => format!("bytes({sequence}{rest})"),
        false => format!("{sequence}{rest}"),
    };
    let rest = prop_oneof![
        5 => slice().prop_map(|slice| format!("[{slice}]")),
        2 => (slice(), slice()).prop_map(|(one, two)| format!("[{one}][{two}]")),
        2 => index().prop_map(|at| format!("[{at}]")),
    ];
    let cut = (sequence(), slice(), index())
        .prop_map(|(sequence, slice, at)| format!("{sequence}[{slice}].__getitem__({at})"));
    // What is no int is searched for item by item, in a range of any length.
    let int = index().prop_filter("an int", |value| value != "None");
    let search = (sequence(), int, vec(index(), 0..=2), one_of(&["index", "count", "__contains__", "__mul__"]))
        .prop_map(|(sequence, value, bounds, method)| match method.as_str() {
            "index" => format!("{sequence}.index({})", [vec![value], bounds].concat().join(", ")),
            "__mul__" => format!("{sequence}.__mul__({} % 3)", value),
            method => format!("{sequence}.{method}({value})"),
        });
    let indices =
        (vec(index(), 1..=3), index()).prop_map(|(bounds, n)| format!("slice({}).indices({n})", bounds.join(", ")));
    let ranges = (vec(index(), 1..=3), vec(index(), 1..=3), one_of(&["==", "!="]))
        .prop_map(|(a, b, how)| format!("range({}) {how} range({})", a.join(", "), b.join(", ")));
    prop_oneof![6 => (sequence(), rest).prop_map(shown), 1 => cut, 3 => search, 2 => indices, 1 => ranges].boxed()
}
