//! Literals of the expression language itself. The evaluator parses them, on whatever runtime, so that only a crash
//! would tell.

use proptest::prelude::*;
use proptest::strategy::BoxedStrategy;

use crate::search::Area;
use crate::text::{re, spoilt};

pub fn area() -> Area {
    Area { name: "literals", expressions, differences: &[] }
}

fn expressions() -> BoxedStrategy<String> {
    const BODY: &str = "(\\\\(x[0-9a-f]{0,2}|u[0-9a-f]{0,4}|U000[0-9a-f]{0,5}|N\\{(BULLET|LF|digit one|)\\}|[0-7]{1,3}|[abfnrtv'\"\\\\z])|[ -~é😀]){0,6}";
    let text = (re("[rRbBuUfF]{0,2}"), re(BODY), re("('|\"|'''|\"\"\")"))
        .prop_map(|(prefix, body, quote)| format!("{prefix}{quote}{body}{quote}"));
    let field =
        re("f'([a-z ]|\\{[0-9]{1,2}(=)?(![rsa])?(:[<>^]?[0-9]{0,2}(\\{[0-9]\\})?[dxefgs]?)?\\}|\\{\\{|\\}\\}){0,4}'");
    let number =
        re("(0[xXoObB]_?[0-9a-f_]{0,20}|[0-9_]{1,12}\\.?[0-9_]{0,12}([eE][+-]?[0-9_]{1,4})?[jJ]?|[0-9]{1,60})");
    let whole = prop_oneof![4 => text, 2 => field, 3 => number];
    spoilt(whole.boxed(), "'\"\\{}xuUN0_.ejb!:=é😀 ")
        .prop_filter("a line with an answer", |line| {
            !line.trim().is_empty() && !line.trim_start().starts_with('#') && !line.contains(['\n', '\r'])
        })
        .boxed()
}
