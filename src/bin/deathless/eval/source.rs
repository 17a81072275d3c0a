//! From source text to a syntax tree, with the two things that the parser does
//! not give: a bound on depth, and lone surrogates in string literals.
//!
//! The parser recurses on nesting, and so does dropping its tree. A long line is
//! therefore parsed on a thread whose stack is sized by the line, and a tree too
//! deep for the evaluator never leaves it.

use rustpython_ruff_python_ast::visitor::{Visitor, walk_expr};
use rustpython_ruff_python_ast::{Expr, Stmt};
use rustpython_ruff_python_parser::parse_module;
use rustpython_ruff_text_size::Ranged;

use super::MAX_DEPTH;

/// Lines up to this length fit an ordinary stack, however deep they nest.
const SHORT: usize = 1000;
/// Stack for each byte of a longer line, which can nest once a byte.
const STACK_PER_BYTE: usize = 8 << 10;
const LONGEST: usize = 128 << 10;

/// The statements of a line, or why it is none.
pub fn parse(source: &str) -> Result<Vec<Stmt>, String> {
    if source.len() <= SHORT {
        return parse_here(source);
    }
    if source.len() > LONGEST {
        return Err(format!("the line is longer than {} KiB", LONGEST >> 10));
    }
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(source.len() * STACK_PER_BYTE)
            .spawn_scoped(scope, || parse_here(source))
            .map_err(|error| format!("no stack to parse the line: {error}"))?
            .join()
            .map_err(|_| "the parser failed".to_owned())?
    })
}

fn parse_here(source: &str) -> Result<Vec<Stmt>, String> {
    let parsed = parse_module(source).map_err(|error| format!("SyntaxError: {}", error.error))?;
    let body = parsed.into_syntax().body;
    let mut depth = Depth::default();
    body.iter().for_each(|statement| depth.visit_stmt(statement));
    if depth.most > MAX_DEPTH {
        return Err(format!("the expression is nested more than {MAX_DEPTH} deep"));
    }
    Ok(body)
}

/// The source of each call that is a part of the line, but not all of it.
pub fn calls_within(source: &str) -> Vec<String> {
    struct Calls<'a> {
        source: &'a str,
        found: Vec<String>,
    }

    impl<'a> Visitor<'a> for Calls<'_> {
        fn visit_expr(&mut self, expr: &'a Expr) {
            let text = self.source.get(expr.range().to_std_range()).unwrap_or_default().to_owned();
            if expr.is_call_expr() && text != self.source && !self.found.contains(&text) {
                self.found.push(text);
            }
            walk_expr(self, expr);
        }
    }

    let mut calls = Calls { source: source.trim(), found: Vec::new() };
    let statements = parse(calls.source).unwrap_or_default();
    statements.iter().for_each(|statement| calls.visit_stmt(statement));
    calls.found
}

#[derive(Default)]
struct Depth {
    now: usize,
    most: usize,
}

impl<'a> Visitor<'a> for Depth {
    fn visit_expr(&mut self, expr: &'a Expr) {
        self.now += 1;
        self.most = self.most.max(self.now);
        walk_expr(self, expr);
        self.now -= 1;
    }
}

/// The text of a string literal in UTF-8, with lone surrogates as three bytes
/// each (Python's `surrogatepass`).
///
/// The parser puts U+FFFD for a surrogate. `raw` is the literal's source: what
/// stands there says, one by one, what each U+FFFD in `value` was.
pub fn with_surrogates(value: &str, raw: &str, is_raw: bool) -> Vec<u8> {
    if is_raw || !value.contains(char::REPLACEMENT_CHARACTER) {
        return value.as_bytes().to_vec();
    }
    let mut originals = replacements(raw).into_iter();
    let mut out = Vec::with_capacity(value.len());
    for character in value.chars() {
        let code = match character {
            char::REPLACEMENT_CHARACTER => originals.next().unwrap_or(0xFFFD),
            other => other as u32,
        };
        push_wtf8(&mut out, code);
    }
    out
}

/// The code points that the parser shows as U+FFFD, in order.
fn replacements(raw: &str) -> Vec<u32> {
    let mut found = Vec::new();
    let mut rest = raw.chars();
    while let Some(character) = rest.next() {
        if character == char::REPLACEMENT_CHARACTER {
            found.push(0xFFFD);
        }
        if character != '\\' {
            continue;
        }
        let digits = match rest.next() {
            Some('u') => 4,
            Some('U') => 8,
            Some('N') => {
                let name: String = rest.by_ref().take_while(|c| *c != '}').collect();
                if name.eq_ignore_ascii_case("{REPLACEMENT CHARACTER") {
                    found.push(0xFFFD);
                }
                continue;
            }
            _ => continue,
        };
        let hex: String = rest.by_ref().take(digits).collect();
        if let Ok(code @ (0xD800..=0xDFFF | 0xFFFD)) = u32::from_str_radix(&hex, 16) {
            found.push(code);
        }
    }
    found
}

fn push_wtf8(out: &mut Vec<u8>, code: u32) {
    match char::from_u32(code) {
        Some(character) => {
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        }
        None => out.extend_from_slice(&[
            0xE0 | (code >> 12) as u8,
            0x80 | (code >> 6 & 0x3F) as u8,
            0x80 | (code & 0x3F) as u8,
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_survive_beside_real_replacement_characters() {
        let raw = r"'\ufffd\ud800a\N{REPLACEMENT CHARACTER}\\ud800'";
        let bytes = with_surrogates("\u{fffd}\u{fffd}a\u{fffd}\\ud800", raw, false);
        let mut expected = "\u{fffd}".as_bytes().to_vec();
        expected.extend_from_slice(&[0xED, 0xA0, 0x80]);
        expected.extend_from_slice("a\u{fffd}\\ud800".as_bytes());
        assert_eq!(bytes, expected);
    }

    #[test]
    fn parts_of_a_line() {
        assert_eq!(calls_within(" x = f(g(1)).h() "), ["f(g(1)).h()", "f(g(1))", "g(1)"]);
        assert_eq!(calls_within("f(1)"), [""; 0]);
    }

    #[test]
    fn deep_nesting_is_an_answer() {
        let error = parse(&"-".repeat(50_000)).expect_err("no operand");
        assert!(error.starts_with("SyntaxError"), "{error}");
        let error = parse(&format!("{}1", "-".repeat(50_000))).expect_err("too deep");
        assert!(error.contains("nested"), "{error}");
        let error = parse(&format!("1{}", "+1".repeat(5_000))).expect_err("too deep");
        assert!(error.contains("nested"), "{error}");
    }
}
