//! Passing over an item for which no argument was given: its variables are left alone.

use crate::format::cursor::Cursor;
use crate::format::va::VaSource;

/// Past the next item and its variables; what is wrong with the format otherwise.
pub(super) fn skip<V: VaSource>(format: &mut Cursor<'_>, va: &mut V) -> Result<(), &'static str> {
    const BAD: &str = "impossible<bad format char>";
    let mut depth = 0;
    loop {
        if depth > 0 && is_end(format.peek()) {
            return Err("Unmatched left paren in format string");
        }
        match format.take() {
            b'(' => depth += 1,
            b')' if depth == 0 => return Err("Unmatched right paren in format string"),
            b')' => depth -= 1,
            b'b' | b'B' | b'h' | b'H' | b'i' | b'I' | b'l' | b'k' | b'L' | b'K' | b'n' | b'f' | b'd' | b'D' | b'c'
            | b'p' | b'S' | b'Y' | b'U' | b'C' => pass(va, 1),
            b'e' => {
                if !format.eat(b's') && !format.eat(b't') {
                    return Err(BAD);
                }
                pass(va, 2);
                if format.eat(b'#') {
                    pass(va, 1);
                }
            }
            unit @ (b's' | b'z' | b'y' | b'w') => {
                pass(va, 1);
                if unit != b'w' && format.eat(b'#') {
                    pass(va, 1);
                } else if !format.eat(b'*') && unit == b'w' {
                    return Err(BAD);
                }
            }
            b'O' => pass(va, if format.eat(b'!') || format.eat(b'&') { 2 } else { 1 }),
            _ => return Err(BAD),
        }
        if depth == 0 {
            return Ok(());
        }
    }
}

fn pass<V: VaSource>(va: &mut V, n: usize) {
    for _ in 0..n {
        va.pointer();
    }
}

pub(super) fn is_end(unit: u8) -> bool {
    matches!(unit, 0 | b';' | b':')
}
