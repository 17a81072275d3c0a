//! `co_linetable`: which instructions came from where in the source.
//!
//! An entry begins with a byte whose highest bit is set: four bits for what kind it is, three for how many code
//! units it covers. Numbers behind it come in groups of six bits, the lowest first. Each entry says by how much the
//! line is off from the one before, from the first line at the beginning. A table that ends too early, which
//! `types.CodeType` takes like any bytes, reads as if zeros followed.

use core::ops::Range;

use super::Code;

/// What one entry says of a range of bytes of the instructions. Parts that it does not tell are `None`.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    pub range: Range<usize>,
    pub line: Option<i32>,
    pub end_line: Option<i32>,
    pub column: Option<i32>,
    pub end_column: Option<i32>,
}

/// The table of a code object.
pub fn entries(code: &Code) -> impl Iterator<Item = Entry> {
    parse(code.line_table(), code.co_firstlineno.get())
}

/// Neighbouring entries of one line as one, with that line.
pub fn by_line(code: &Code) -> impl Iterator<Item = (Range<usize>, Option<i32>)> {
    let mut entries = entries(code).peekable();
    core::iter::from_fn(move || {
        let first = entries.next()?;
        let mut end = first.range.end;
        while let Some(next) = entries.next_if(|next| next.line == first.line) {
            end = next.range.end;
        }
        Some((first.range.start..end, first.line))
    })
}

fn parse(table: &[u8], first_line: i32) -> impl Iterator<Item = Entry> {
    let (mut rest, mut line, mut start) = (table, first_line, 0);
    core::iter::from_fn(move || {
        let (&head, behind) = rest.split_first()?;
        let len = behind.iter().position(|byte| byte & 0x80 != 0).unwrap_or(behind.len());
        let (mut payload, next) = behind.split_at(len);
        rest = next;
        let end = start + 2 * (usize::from(head & 7) + 1);
        let range = start..end;
        start = end;
        Some(entry(range, head >> 3 & 15, &mut payload, &mut line))
    })
}

fn entry(range: Range<usize>, kind: u8, payload: &mut &[u8], line: &mut i32) -> Entry {
    let (mut delta, mut more_lines, mut column, mut end_column) = (0, 0, None, None);
    match kind {
        // A short form: both columns in one byte and the kind, on the same line.
        0..=9 => {
            let byte = i32::from(next(payload));
            let first = i32::from(kind) << 3 | byte >> 4;
            (column, end_column) = (Some(first), Some(first + (byte & 15)));
        }
        // One line: a small distance, and a byte for each column.
        10..=12 => {
            delta = i32::from(kind) - 10;
            column = Some(next(payload).into());
            end_column = Some(next(payload).into());
        }
        13 => delta = signed(payload),
        14 => {
            delta = signed(payload);
            more_lines = number(payload) as i32;
            // Counted from 1; 0 for none.
            column = (number(payload) as i32).checked_sub(1).filter(|&column| column >= 0);
            end_column = (number(payload) as i32).checked_sub(1).filter(|&column| column >= 0);
        }
        _ => return Entry { range, line: None, end_line: None, column, end_column },
    }
    *line = line.wrapping_add(delta);
    Entry { range, line: Some(*line), end_line: Some(line.wrapping_add(more_lines)), column, end_column }
}

fn next(payload: &mut &[u8]) -> u8 {
    payload.split_off_first().copied().unwrap_or(0)
}

fn number(payload: &mut &[u8]) -> u32 {
    let (mut value, mut shift) = (0, 0);
    loop {
        let byte = next(payload);
        value |= u32::from(byte & 63).checked_shl(shift).unwrap_or(0);
        if byte & 64 == 0 {
            return value;
        }
        shift += 6;
    }
}

/// The sign is the lowest bit.
fn signed(payload: &mut &[u8]) -> i32 {
    let value = number(payload);
    let size = (value >> 1) as i32;
    if value & 1 == 0 { size } else { -size }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(table: &[u8]) -> Vec<(Range<usize>, Option<i32>)> {
        parse(table, 3).map(|entry| (entry.range, entry.line)).collect()
    }

    // What CPython 3.15 reads in these tables.
    #[test]
    fn entries_are_read_as_cpython_reads_them() {
        assert_eq!(lines(b"\xeb\x00"), [(0..8, Some(3))]);
        assert_eq!(lines(b"\xf8\xe9\x02"), [(0..2, None), (2..6, Some(4))]);
        assert_eq!(lines(b""), []);
        let long = parse(b"\xf0\x02\x01\x03\x05", 3).next();
        let expected = Entry { range: 0..2, line: Some(4), end_line: Some(5), column: Some(2), end_column: Some(4) };
        assert_eq!(long, Some(expected));
        let short = parse(b"\x80\x11", 3).next().map(|entry| (entry.column, entry.end_column));
        assert_eq!(short, Some((Some(1), Some(2))));
    }

    #[test]
    fn a_table_that_is_cut_off_ends() {
        assert_eq!(lines(b"\xf7\x7f"), [(0..16, Some(3 - 31))]);
        assert_eq!(lines(b"\xe8\x7f\x7f\x7f\x7f\x7f\x7f\x7f").len(), 1);
    }
}
