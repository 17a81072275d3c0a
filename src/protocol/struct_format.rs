//! Formats of the module `struct`: which items one describes, where they lie, and how many bytes they are in all
//! (`PyBuffer_SizeFromFormat`).
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

/// Items of one kind, side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub code: Code,
    /// As many items; of `s` and `p` the bytes of one.
    pub count: usize,
    /// Of the first item.
    pub offset: usize,
    /// Of one item.
    pub size: usize,
}

/// A letter, or two for a complex number, which has the letter of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    Plain(u8),
    Complex(u8),
}

/// The size of `format` in bytes.
pub fn size_of_format(format: &[u8]) -> Result<isize, FormatError> {
    for_each_field(format, |_| {})
}

/// The lowest byte of an item comes first.
pub fn is_little_endian(format: &[u8]) -> bool {
    match format.first() {
        Some(b'<') => true,
        Some(b'>' | b'!') => false,
        _ => cfg!(target_endian = "little"),
    }
}

/// Visits what the format describes, padding left out; the size of all of it in bytes.
pub fn for_each_field(format: &[u8], mut f: impl FnMut(Field)) -> Result<isize, FormatError> {
    let (native, mut codes) = match format.split_first() {
        Some((b'@', rest)) => (true, rest),
        Some((b'<' | b'>' | b'=' | b'!', rest)) => (false, rest),
        _ => (true, format),
    };
    let mut size = 0usize;
    while let Some(&c) = codes.first() {
        if c.is_ascii_whitespace() {
            codes = &codes[1..];
            continue;
        }
        let count = take_count(&mut codes)?;
        let code = take_code(&mut codes)?;
        let (item, align) = item_size(code, native).ok_or(FormatError::BadCharacter)?;
        let offset = size.checked_next_multiple_of(align).ok_or(FormatError::TooLarge)?;
        let end = item.checked_mul(count).and_then(|n| n.checked_add(offset));
        // At once, since what follows may be wrong in another way.
        size = end.filter(|&end| end <= isize::MAX as usize).ok_or(FormatError::TooLarge)?;
        if code != Code::Plain(b'x') {
            f(Field { code, count, offset, size: item });
        }
    }
    isize::try_from(size).map_err(|_| FormatError::TooLarge)
}

/// The number before a code, 1 if there is none.
fn take_count(codes: &mut &[u8]) -> Result<usize, FormatError> {
    let (digits, rest) = codes.split_at(codes.iter().take_while(|c| c.is_ascii_digit()).count());
    *codes = rest;
    if digits.is_empty() {
        return Ok(1);
    }
    let add = |n: usize, &d: &u8| n.checked_mul(10)?.checked_add(usize::from(d - b'0'));
    let count = digits.iter().try_fold(0, add);
    count.filter(|&count| count <= isize::MAX as usize).ok_or(FormatError::TooLarge)
}

fn take_code(codes: &mut &[u8]) -> Result<Code, FormatError> {
    let (&code, rest) = codes.split_first().ok_or(FormatError::CountWithoutCode)?;
    *codes = rest;
    match (code, rest.split_first()) {
        (b'F', _) => Ok(Code::Complex(b'f')),
        (b'D', _) => Ok(Code::Complex(b'd')),
        (b'Z', Some((&part @ (b'f' | b'd'), rest))) => {
            *codes = rest;
            Ok(Code::Complex(part))
        }
        _ => Ok(Code::Plain(code)),
    }
}

/// Size and alignment of a code. `s` and `p` count bytes.
fn item_size(code: Code, native: bool) -> Option<(usize, usize)> {
    let code = match code {
        // Two of its parts, aligned as one.
        Code::Complex(part) => return item_size(Code::Plain(part), native).map(|(size, align)| (2 * size, align)),
        Code::Plain(code) => code,
    };
    let size = match code {
        b'x' | b'c' | b'b' | b'B' | b's' | b'p' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' if native => size_of::<core::ffi::c_long>(),
        b'l' | b'L' => 4,
        b'q' | b'Q' | b'd' => 8,
        b'n' | b'N' | b'P' if native => size_of::<usize>(),
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
            ("bZd", 24),
            ("<bZd", 17),
            ("2Zf", 16),
            ("bF", 12),
        ] {
            assert_eq!(size_of_format(format.as_bytes()), Ok(size), "{format}");
        }
        assert_eq!(size_of_format(b"y"), Err(FormatError::BadCharacter));
        assert_eq!(size_of_format(b"<n"), Err(FormatError::BadCharacter));
        assert_eq!(size_of_format(b"Z"), Err(FormatError::BadCharacter));
        assert_eq!(size_of_format(b"3"), Err(FormatError::CountWithoutCode));
        assert_eq!(size_of_format(b"99999999999999999999B"), Err(FormatError::TooLarge));
        assert_eq!(size_of_format(b"9223372036854775807i"), Err(FormatError::TooLarge));
    }
}
