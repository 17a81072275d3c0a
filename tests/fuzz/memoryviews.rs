//! `memoryview.cast` with formats and shapes, and what is read from the result.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::search::Area;
use crate::text::{byte, index, one_of, quoted_bytes, quoted_str, re, spoilt};

pub fn area() -> Area {
    Area { name: "memoryview", expressions, differences: &[] }
}

fn format() -> BoxedStrategy<String> {
    let good = prop_oneof![6 => re("@?[bBhHiIlLqQefdcnN?]"), 1 => re("[@=<>!]?[bBhHiIlLqQefdcnN?PsxpFDg]{1,2}")];
    spoilt(good.boxed(), "@<1bHFDs \0é").prop_map(|format| quoted_str(&format)).boxed()
}

fn shape() -> BoxedStrategy<String> {
    let side = || prop_oneof![5 => (0..5i32).prop_map(|n| n.to_string()), 1 => index()];
    vec(side(), 0..4).prop_map(|sides| format!("[{}]", sides.join(", "))).boxed()
}

fn cast() -> BoxedStrategy<String> {
    prop_oneof![
        4 => format().prop_map(|format| format!(".cast({format})")),
        2 => (format(), shape()).prop_map(|(format, shape)| format!(".cast({format}, {shape})")),
        2 => (format(), shape()).prop_map(|(format, shape)| format!(".cast({format}).cast('B', shape={shape})")),
        1 => (format(), format(), shape()).prop_map(|(a, b, shape)| format!(".cast({a}).cast('B').cast({b}, {shape})")),
    ]
    .boxed()
}

fn slice() -> BoxedStrategy<String> {
    let bound = || prop_oneof![1 => Just(String::new()), 2 => index()];
    (bound(), bound(), bound()).prop_map(|(a, b, c)| format!("{a}:{b}:{c}")).boxed()
}

fn asked() -> BoxedStrategy<String> {
    prop_oneof![
        4 => Just(".tolist()".to_owned()),
        2 => one_of(&[".tobytes()", ".tobytes('F')", ".tobytes(order='A')", ".tobytes('x')", ".shape", ".strides", ".format", ".nbytes", ".itemsize", ".ndim", ".c_contiguous", ".f_contiguous", ".contiguous", ".readonly", ".hex()", ".suboffsets"]),
        2 => index().prop_map(|at| format!("[{at}]")),
        1 => (index(), index()).prop_map(|(a, b)| format!("[{a}, {b}]")),
        3 => (slice(), one_of(&[".tolist()", ".tobytes()", ".strides", ".shape", ".hex('-', 2)"])).prop_map(|(slice, then)| format!("[{slice}]{then}")),
        1 => (slice(), slice()).prop_map(|(one, two)| format!("[{one}][{two}].tolist()")),
        1 => (slice(), format()).prop_map(|(slice, format)| format!("[{slice}].cast({format}).tolist()")),
        1 => (index(), bounds()).prop_map(|(value, bounds)| format!(".index({value}{bounds})")),
        1 => index().prop_map(|value| format!(".count({value})")),
    ]
    .boxed()
}

fn bounds() -> BoxedStrategy<String> {
    vec(index(), 0..=2).prop_map(|bounds| bounds.iter().map(|bound| format!(", {bound}")).collect()).boxed()
}

fn expressions() -> BoxedStrategy<String> {
    let memory = prop_oneof![1 => vec(byte(), 0..18), 3 => vec(byte(), 0..=4).prop_map(|bytes| bytes.repeat(4)), 2 => vec(byte(), 24..=24)];
    let memory = memory.prop_map(|bytes| format!("memoryview({})", quoted_bytes(&bytes)));
    let one = (memory.clone(), cast(), asked()).prop_map(|(memory, cast, asked)| memory + &cast + &asked);
    let two = (memory.clone(), cast(), cast(), one_of(&["==", "!="]))
        .prop_map(|(m, a, b, how)| format!("{m}{a} {how} {m}{b}"));
    let other = (memory, cast(), one_of(&["b''", "bytearray(4)", "memoryview(bytes(4)).cast('i')", "'x'"]))
        .prop_map(|(memory, cast, other)| format!("{memory}{cast} == {other}"));
    prop_oneof![8 => one, 2 => two, 1 => other].boxed()
}
