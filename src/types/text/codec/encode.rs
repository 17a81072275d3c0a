//! The loop that all encoders share.

use super::super::buf::NoMemory;
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

    /// Append a character that fits.
    fn put(&self, c: u32, out: &mut ByteBuf) -> Result<(), NoMemory>;
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
    while let Some(&unit) = units.get(at) {
        if scheme.fits(unit.into()) {
            scheme.put(unit.into(), out)?;
            at += 1;
            continue;
        }
        let run = units[at..].iter().take_while(|&&u| !scheme.fits(u.into()));
        let count = if S::RUNS { run.count() } else { 1 };
        let fault = Fault::new(at, at + count, S::REASON);
        let (replacement, resume) = errors.handle(T::chars(units), fault)?;
        match replacement {
            Replacement::Bytes(bytes) if bytes.len() % S::UNIT == 0 => append(out, &bytes)?,
            Replacement::Text(text) if text.max_char() <= S::REPLACEMENT_MAX => {
                text.view().iter().try_for_each(|c| scheme.put(c, out))?;
            }
            _ => return Err(errors.refuse(T::chars(units), fault)),
        }
        at = resume;
    }
    Ok(())
}
