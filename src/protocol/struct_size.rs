//! How many bytes a format of the module `struct` describes: `PyBuffer_SizeFromFormat`.
//!
//! The first character may choose byte order, and with it sizes that are the same everywhere and no padding;
//! without it, or with `@`, sizes and padding are the machine's.

/// Why a format has no size. The text is what `struct.error` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatError {
    BadCharacter,
    CountWithoutCode,
    TooLarge,
}

impl FormatError {
    pub fn message(self) -> &'static str {
        match self {
            FormatError::BadCharacter => "bad char in struct format",
            FormatError::CountWithoutCode => "repeat count given without format specifier",
            FormatError::TooLarge => "total struct size too long",
        }
    }
}

/// The size of `format` in bytes.
pub fn size_of_format(format: &[u8]) -> Result<isize, FormatError> {
    let (native, codes) = match format.split_first() {
        Some((b'@', rest)) => (true, rest),
        Some((b'<' | b'>' | b'=' | b'!', rest)) => (false, rest),
        _ => (true, format),
    };
    let mut size = 0usize;
    let mut at = 0;
    while let Some(&c) = codes.get(at) {
        at += 1;
        if c.is_ascii_whitespace() {
            continue;
        }
        let mut count = 1usize;
        let mut code = c;
        if c.is_ascii_digit() {
            let digits = codes[at..].iter().take_while(|c| c.is_ascii_digit()).count();
            count = codes[at - 1..at + digits]
                .iter()
                .try_fold(0usize, |n, &d| n.checked_mul(10)?.checked_add(usize::from(d - b'0')))
                .ok_or(FormatError::TooLarge)?;
            at += digits;
            code = *codes.get(at).ok_or(FormatError::CountWithoutCode)?;
            at += 1;
        }
        let (item, align) = item_size(code, native).ok_or(FormatError::BadCharacter)?;
        let start = size.checked_next_multiple_of(align).ok_or(FormatError::TooLarge)?;
        size = item.checked_mul(count).and_then(|n| n.checked_add(start)).ok_or(FormatError::TooLarge)?;
    }
    isize::try_from(size).map_err(|_| FormatError::TooLarge)
}

/// Size and alignment of a code. `s` and `p` count bytes.
fn item_size(code: u8, native: bool) -> Option<(usize, usize)> {
    let size = match code {
        b'x' | b'c' | b'b' | b'B' | b's' | b'p' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' if native => size_of::<core::ffi::c_long>(),
        b'l' | b'L' => 4,
        b'q' | b'Q' | b'd' => 8,
        b'n' | b'N' | b'P' if native => size_of::<usize>(),
        b'F' => return Some((8, if native { 4 } else { 1 })),
        b'D' => return Some((16, if native { 8 } else { 1 })),
        _ => return None,
    };
    Some((size, if native { size } else { 1 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (format, size) in [
            ("", 0),
            ("B", 1),
            ("bi", 8),
            ("=bi", 5),
            ("3s", 3),
            ("10i", 40),
            ("2h q", 16),
            ("<2h q", 12),
            ("b0q", 8),
            ("P", 8),
            ("?e", 4),
        ] {
            assert_eq!(size_of_format(format.as_bytes()), Ok(size), "{format}");
        }
        assert_eq!(size_of_format(b"y"), Err(FormatError::BadCharacter));
        assert_eq!(size_of_format(b"<n"), Err(FormatError::BadCharacter));
        assert_eq!(size_of_format(b"3"), Err(FormatError::CountWithoutCode));
        assert_eq!(size_of_format(b"99999999999999999999B"), Err(FormatError::TooLarge));
        assert_eq!(size_of_format(b"9223372036854775807i"), Err(FormatError::TooLarge));
    }
}
