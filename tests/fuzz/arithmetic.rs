//! Operators and functions on ints of up to some hundred digits, and on floats and complex numbers beside them.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::format_spec::{complex, float};
use crate::search::{Area, Difference};
use crate::text::{one_of, re};

pub fn area() -> Area {
    Area { name: "arithmetic", expressions, differences: &[NAN_HASH] }
}

const NAN_HASH: Difference = Difference {
    _reason: "The hash of a NaN is made of its address.",
    holds: |expression, _, _| expression.starts_with("hash(") && expression.contains("1e400"),
};

fn small() -> BoxedStrategy<String> {
    (-40..40i32).prop_map(|int| format!("({int})")).boxed()
}

fn int() -> BoxedStrategy<String> {
    // Next to a power of two, where digits and words end.
    let turn = (0..400u32, -2..3i32, any::<bool>())
        .prop_map(|(bits, by, minus)| format!("({}(1 << {bits}) + {by})", if minus { "-" } else { "" }));
    prop_oneof![
        3 => small(),
        2 => any::<i64>().prop_map(|int| format!("({int})")),
        3 => re("\\(-?[1-9][0-9]{18,60}\\)"),
        1 => re("\\(-?[1-9][0-9]{60,400}\\)"),
        1 => re("\\(-?0x[1-9a-f](0{8}|f{8}|[0-9a-f]{8}){1,40}\\)"),
        2 => turn,
        1 => one_of(&["True", "False", "(10**30)", "(-10**100)"]),
    ]
    .boxed()
}

fn number() -> BoxedStrategy<String> {
    prop_oneof![5 => int(), 3 => float(), 1 => complex()].boxed()
}

fn expressions() -> BoxedStrategy<String> {
    let binary = (int(), one_of(&["+", "-", "*", "//", "%", "/", "&", "|", "^", "==", "<", ">="]), int())
        .prop_map(|(a, how, b)| format!("{a} {how} {b}"));
    let mixed = (number(), one_of(&["+", "-", "*", "//", "%", "/", "==", "<", "!=", ">="]), number())
        .prop_map(|(a, how, b)| format!("{a} {how} {b}"));
    let shift = (
        int(),
        one_of(&["<<", ">>"]),
        prop_oneof![6 => (-2..700i32).prop_map(|n| n.to_string()), 1 => one_of(&["10**30", "-10**30"])],
    )
        .prop_map(
            |(a, how, b)| if how == "<<" && b == "10**30" { format!("{a} >> {b}") } else { format!("{a} {how} ({b})") },
        );
    let power = (int(), -3..9i32).prop_map(|(a, b)| format!("{a} ** ({b})"));
    let powers = (number(), prop_oneof![small(), float(), complex()])
        .prop_map(|(a, b)| if a.len() < 30 { format!("{a} ** {b}") } else { format!("{b} ** 2.5") });
    let modular = (int(), int(), int()).prop_map(|(a, b, c)| format!("pow({a}, {b}, {c})"));
    let divided = (number(), number()).prop_map(|(a, b)| format!("divmod({a}, {b})"));
    let rounded = (prop_oneof![2 => int(), 2 => float()], prop_oneof![1 => Just(String::new()), 5 => (-420..330i32).prop_map(|n| format!(", {n}")), 1 => one_of(&[", None", ", 10**20"])])
        .prop_map(|(a, n)| format!("round({a}{n})"));
    let unary = (
        one_of(&["-", "+", "~", "abs", "hash", "float", "int", "complex", "bool", "str", "hex", "oct", "bin", "repr"]),
        number(),
    )
        .prop_map(|(how, a)| format!("{how}({a})"));
    let method = (
        int(),
        one_of(&[
            "bit_length()",
            "bit_count()",
            "as_integer_ratio()",
            "is_integer()",
            "__round__(-3)",
            "__trunc__()",
            "__divmod__(7)",
            "__rsub__(3)",
        ]),
    )
        .prop_map(|(a, method)| format!("{a}.{method}"));
    let of_float = (
        float(),
        one_of(&[
            "hex()",
            "as_integer_ratio()",
            "is_integer()",
            "__trunc__()",
            "__floor__()",
            "__ceil__()",
            "conjugate()",
            "__divmod__(-0.75)",
        ]),
    )
        .prop_map(|(a, method)| format!("{a}.{method}"));
    // Around the limit on the digits of decimal text.
    let long = (4280..4310u32, int(), one_of(&["str", "repr", "len(str", "hex", "'%d' % ", "format"])).prop_map(
        |(digits, by, how)| format!("{how}(10**{digits} + {by}){}", if how.starts_with("len") { ")" } else { "" }),
    );
    prop_oneof![
        6 => binary, 3 => mixed, 2 => shift, 1 => power, 2 => powers, 1 => modular, 4 => divided, 3 => rounded, 3 => unary,
        1 => method, 1 => of_float, 1 => long,
    ]
    .boxed()
}
