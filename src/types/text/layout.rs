//! Filling a text up to a width, and mapping it character by character.

use super::buf::{NoMemory, TextBuf};
use super::chars::Chars;

/// Which side of the text is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// `rjust`
    Left,
    /// `ljust`
    Right,
    /// `center`
    Both,
}

/// How many fill characters stand before and after a text of `len` characters;
/// None if it is wide enough as it is.
pub fn padding(len: usize, width: isize, side: Fill) -> Option<(usize, usize)> {
    let width = usize::try_from(width).ok()?;
    let total = width.checked_sub(len).filter(|&total| total > 0)?;
    let left = match side {
        Fill::Left => total,
        Fill::Right => 0,
        // The odd one goes to the left if the width is odd too.
        Fill::Both => total / 2 + (total & width & 1),
    };
    Some((left, total - left))
}

/// `text` between two runs of `fill`.
pub fn pad(text: Chars<'_>, (left, right): (usize, usize), fill: u32, out: &mut TextBuf) -> Result<(), NoMemory> {
    let total = left.checked_add(right).and_then(|n| n.checked_add(text.len()));
    out.reserve(total.ok_or(NoMemory)?)?;
    out.push_repeated(fill, left)?;
    out.extend(text)?;
    out.push_repeated(fill, right)
}

/// `text.zfill(width)`: a sign stays in front.
pub fn zero_fill(text: Chars<'_>, width: isize, out: &mut TextBuf) -> Result<(), NoMemory> {
    let zeros = padding(text.len(), width, Fill::Left).map_or(0, |(left, _)| left);
    let sign = text.get(0).filter(|&c| c == u32::from(b'+') || c == u32::from(b'-'));
    if let Some(sign) = sign {
        out.push(sign)?;
    }
    let rest = text.slice(usize::from(sign.is_some())..text.len());
    pad(rest, (zeros, 0), b'0'.into(), out)
}

/// `text` `count` times.
pub fn repeat(text: Chars<'_>, count: usize, out: &mut TextBuf) -> Result<(), NoMemory> {
    if text.len() == 1 {
        return out.push_repeated(text.at(0), count);
    }
    if text.is_empty() {
        return Ok(());
    }
    out.reserve(text.len().checked_mul(count).ok_or(NoMemory)?)?;
    for _ in 0..count {
        out.extend(text)?;
    }
    Ok(())
}

/// What a translation table says about a character.
pub enum Mapping {
    Char(u32),
    Delete,
    /// The table has appended something longer itself.
    Appended,
}

/// An entry of the cache below: nothing known yet; or delete.
const UNKNOWN: u8 = 0xff;
const DELETED: u8 = 0xfe;

/// `text.translate(table)`. What the table says about an ASCII character is
/// asked once if it is a character of ASCII or nothing.
pub fn translate<E: From<NoMemory>>(
    text: Chars<'_>,
    out: &mut TextBuf,
    mut table: impl FnMut(u32, &mut TextBuf) -> Result<Mapping, E>,
) -> Result<(), E> {
    let mut cache = [UNKNOWN; 0x80];
    for i in 0..text.len() {
        let c = text.at(i);
        match cache.get(c as usize) {
            None | Some(&UNKNOWN) => {}
            Some(&DELETED) => continue,
            Some(&known) => {
                out.push(known.into())?;
                continue;
            }
        }
        let entry = match table(c, out)? {
            Mapping::Char(to) => {
                out.push(to)?;
                u8::try_from(to).ok().filter(u8::is_ascii)
            }
            Mapping::Delete => Some(DELETED),
            Mapping::Appended => None,
        };
        if let (Some(slot), Some(entry)) = (cache.get_mut(c as usize), entry) {
            *slot = entry;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(run: impl FnOnce(&mut TextBuf) -> Result<(), NoMemory>) -> String {
        let mut out = TextBuf::new();
        run(&mut out).unwrap();
        out.view().iter().map(|c| char::from_u32(c).unwrap()).collect()
    }

    #[test]
    fn pads_as_recorded() {
        // 'ab'.center(5), 'abc'.center(6), 'ab'.center(2)
        assert_eq!(padding(2, 5, Fill::Both), Some((2, 1)));
        assert_eq!(padding(3, 6, Fill::Both), Some((1, 2)));
        assert_eq!(padding(2, 2, Fill::Both), None);
        assert_eq!(padding(2, -1, Fill::Left), None);
        assert_eq!(built(|out| pad(Chars::One(b"ab"), (1, 2), 0x400, out)), "\u{400}ab\u{400}\u{400}");
        assert_eq!(built(|out| zero_fill(Chars::One(b"-12"), 6, out)), "-00012");
        assert_eq!(built(|out| zero_fill(Chars::One(b""), 2, out)), "00");
        assert_eq!(built(|out| repeat(Chars::One(b"ab"), 3, out)), "ababab");
    }

    #[test]
    fn translates() {
        let mut asked = 0;
        let text = built(|out| {
            translate(Chars::One(b"abcabcd"), out, |c, out| {
                asked += 1;
                Ok(match c {
                    97 => Mapping::Delete,
                    98 => Mapping::Char(66),
                    99 => {
                        out.push_ascii(b"<c>")?;
                        Mapping::Appended
                    }
                    _ => Mapping::Char(0x400),
                })
            })
        });
        assert_eq!((text.as_str(), asked), ("B<c>B<c>\u{400}", 5));
    }
}
