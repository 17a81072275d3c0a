//! Lines: splitlines, and expandtabs, which counts columns from their beginning.

use std::ops::Range;

use super::buf::{NoMemory, TextBuf};
use super::chars::{Chars, CodeUnit};
use super::split::Spaces;
use super::unicode::is_line_break;

const LF: u32 = 10;
const CR: u32 = 13;

/// `text.splitlines(keep_ends)`. The white space a text knows says which breaks it
/// knows: bytes have only CR and LF.
pub fn split_lines<E>(
    text: Chars<'_>,
    spaces: Spaces,
    keep_ends: bool,
    part: impl FnMut(Range<usize>) -> Result<(), E>,
) -> Result<(), E> {
    let ends: fn(u32) -> bool = match spaces {
        Spaces::Unicode => is_line_break,
        Spaces::Ascii => |c| c == LF || c == CR,
    };
    each!(text, units => lines(units, ends, keep_ends, part))
}

fn lines<T: CodeUnit, E>(
    text: &[T],
    ends: fn(u32) -> bool,
    keep_ends: bool,
    mut part: impl FnMut(Range<usize>) -> Result<(), E>,
) -> Result<(), E> {
    let mut start = 0;
    while start < text.len() {
        let rest = &text[start..];
        let len = rest.iter().position(|&c| ends(c.into())).unwrap_or(rest.len());
        let end = start + len;
        let next = match (rest.get(len), rest.get(len + 1)) {
            (Some(&a), Some(&b)) if a.into() == CR && b.into() == LF => end + 2,
            (Some(_), _) => end + 1,
            (None, _) => end,
        };
        part(start..if keep_ends { next } else { end })?;
        start = next;
    }
    Ok(())
}

/// `text.expandtabs(tab_size)`.
pub fn expand_tabs(text: Chars<'_>, tab_size: usize, out: &mut TextBuf) -> Result<(), NoMemory> {
    each!(text, units => expand(units, tab_size, out))
}

fn expand<T: CodeUnit>(text: &[T], tab_size: usize, out: &mut TextBuf) -> Result<(), NoMemory> {
    let mut column = 0;
    let mut done = 0;
    for (i, &c) in text.iter().enumerate() {
        match c.into() {
            9 => {
                out.extend(T::chars(&text[done..i]))?;
                done = i + 1;
                if tab_size > 0 {
                    let fill = tab_size - column % tab_size;
                    out.push_repeated(32, fill)?;
                    column += fill;
                }
            }
            LF | CR => column = 0,
            _ => column += 1,
        }
    }
    out.extend(T::chars(&text[done..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_lines() {
        let split = |text: &'static str, spaces, keep| {
            let mut parts = Vec::new();
            split_lines(Chars::One(text.as_bytes()), spaces, keep, |range| {
                parts.push(&text[range]);
                Ok::<(), NoMemory>(())
            })
            .unwrap();
            parts
        };
        let text = "a\r\nb\rc\n\x0bd\x1ce";
        assert_eq!(split(text, Spaces::Unicode, false), ["a", "b", "c", "", "d", "e"]);
        assert_eq!(split(text, Spaces::Ascii, true), ["a\r\n", "b\r", "c\n", "\x0bd\x1ce"]);
        assert_eq!(split("", Spaces::Unicode, true), Vec::<&str>::new());
        assert_eq!(split("\n", Spaces::Unicode, true), ["\n"]);
    }

    #[test]
    fn expands_tabs() {
        let expand = |text: &[u8], size| {
            let mut out = TextBuf::new();
            expand_tabs(Chars::One(text), size, &mut out).unwrap();
            String::from_utf8(out.view().as_bytes().to_vec()).unwrap()
        };
        assert_eq!(expand(b"a\tbc\t\nabcdefgh\tx", 8), "a       bc      \nabcdefgh        x");
        assert_eq!(expand(b"a\tb", 0), "ab");
        assert_eq!(expand(b"ab\r\tb", 4), "ab\r    b");
    }
}
