//! The loop that all encoders share.

use super::super::buf::{NoMemory, TextBuf};
use super::super::chars::{Chars, CodeUnit};
use super::{ByteBuf, EncodeErrors, Fault, Replacement, append};

/// What distinguishes one encoding from another.
pub trait Scheme {
    /// Why a character does not fit.
    const REASON: &'static str;
    /// Whether neighbours that do not fit are one fault.
    const RUNS: bool;
    /// Bytes in a replacement must be a multiple of this.
    const UNIT: usize;
    /// The largest character that a replacement may have.
    const REPLACEMENT_MAX: u32;

    fn fits(&self, c: u32) -> bool;

    /// Whether a replacement can be encoded.
    fn takes(&self, replacement: &TextBuf) -> bool {
        replacement.max_char() <= Self::REPLACEMENT_MAX
    }

    /// The bytes of a character that fits, and how many.
    fn bytes(&self, c: u32) -> ([u8; 4], usize);
}

/// Characters that are gathered before they are appended.
const BLOCK: usize = 64;

/// Append what fits at the beginning, and say how many characters that is.
fn put_fitting<S: Scheme, T: CodeUnit>(scheme: &S, units: &[T], out: &mut ByteBuf) -> Result<usize, NoMemory> {
    let mut done = 0;
    let mut block = [0; 4 * BLOCK];
    for part in units.chunks(BLOCK) {
        let (mut len, mut count) = (0, 0);
        for &unit in part.iter().take_while(|&&unit| scheme.fits(unit.into())) {
            let (bytes, size) = scheme.bytes(unit.into());
            block[len..len + 4].copy_from_slice(&bytes);
            len += size;
            count += 1;
        }
        append(out, &block[..len])?;
        done += count;
        if count < part.len() {
            break;
        }
    }
    Ok(done)
}

pub fn encode<S: Scheme, E: EncodeErrors>(
    scheme: &S,
    text: Chars<'_>,
    errors: &mut E,
    out: &mut ByteBuf,
) -> Result<(), E::Error> {
    out.try_reserve(text.len()).map_err(NoMemory::from)?;
    each!(text, units => encode_units(scheme, units, errors, out))
}

fn encode_units<S: Scheme, T: CodeUnit, E: EncodeErrors>(
    scheme: &S,
    units: &[T],
    errors: &mut E,
    out: &mut ByteBuf,
) -> Result<(), E::Error> {
    let mut at = 0;
    while let Some(rest) = units.get(at..) {
        at += put_fitting(scheme, rest, out)?;
        if at == units.len() {
            break;
        }
        let run = units[at..].iter().take_while(|&&u| !scheme.fits(u.into()));
        let count = if S::RUNS { run.count() } else { 1 };
        let fault = Fault::new(at, at + count, S::REASON);
        let (replacement, resume) = errors.handle(T::chars(units), fault)?;
        match replacement {
            Replacement::Bytes(bytes) if bytes.len() % S::UNIT == 0 => append(out, &bytes)?,
            Replacement::Text(text) if scheme.takes(&text) => {
                each!(text.view(), units => put_fitting(scheme, units, out))?;
            }
            _ => return Err(errors.refuse(T::chars(units), fault)),
        }
        at = resume;
    }
    Ok(())
}
