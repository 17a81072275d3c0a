//! The `%` operator of str with objects; reading conversions and laying them out is in `format/percent`.
//!
//! [`Operand`] is the right operand, which bytes use as well: a tuple, a mapping, or a single value.

use core::ops::Range;

use super::Str;
use super::arguments::Failed;
use crate::format::percent::{Argument, Arguments, Conversion, PercentError, Unit, Wants, mapping_required};
use crate::object::{Object, Owned, Raised, Result, Type};
use crate::protocol::{call, number, object, sequence};
use crate::runtime::ThreadState;
use crate::types::exceptions::{OVERFLOW_ERROR, TYPE_ERROR, VALUE_ERROR};
use crate::types::int::digits::text::to_power_of_two_base;
use crate::types::text::{Chars, TextBuf, unicode};
use crate::types::type_::attributes::fully_qualified;
use crate::types::{ByteArray, Bytes, Float, Int, Tuple, float, int};

/// The right operand, and how far it is used up.
pub struct Operand<'a> {
    pub ts: &'a ThreadState,
    operand: &'a Object,
    format: Chars<'a>,
    bytes: bool,
    tuple: Option<&'a Tuple>,
    mapping: bool,
    used: usize,
    /// The key of the conversion under way, and whether there ever was one.
    key: Option<Owned<Object>>,
    keyed: bool,
    pub value: Option<Owned<Object>>,
}

/// A kernel's error, or what an object raised.
pub enum Stop {
    Percent(PercentError),
    Raised(Raised),
}

impl From<PercentError> for Stop {
    fn from(error: PercentError) -> Stop {
        Stop::Percent(error)
    }
}

impl From<Raised> for Stop {
    fn from(raised: Raised) -> Stop {
        Stop::Raised(raised)
    }
}

impl Stop {
    pub fn raised(self, ts: &ThreadState) -> Raised {
        match self {
            Stop::Raised(raised) => raised,
            Stop::Percent(error @ (PercentError::NotEnough { .. } | PercentError::NotAll { .. })) => {
                ts.raise(&TYPE_ERROR, error)
            }
            Stop::Percent(error) => ts.raise(&VALUE_ERROR, error),
        }
    }
}

impl<'a> Operand<'a> {
    pub fn new(ts: &'a ThreadState, operand: &'a Object, format: Chars<'a>, bytes: bool) -> Operand<'a> {
        let tuple = operand.downcast::<Tuple>();
        let is_bytes = || operand.downcast::<Bytes>().is_some() || operand.downcast::<ByteArray>().is_some();
        let text = operand.downcast::<Str>().is_some() || bytes && is_bytes();
        // SAFETY: NULL or a live suite.
        let suite = unsafe { operand.ty().tp_as_mapping.get().as_ref() };
        let mapping = tuple.is_none() && !text && suite.is_some_and(|s| s.mp_subscript.get().is_some());
        Operand { ts, operand, format, bytes, tuple, mapping, used: 0, key: None, keyed: false, value: None }
    }

    fn count(&self) -> usize {
        self.tuple.map_or(1, Tuple::len)
    }

    fn next(&mut self) -> core::result::Result<Owned<Object>, Stop> {
        let got = self.count();
        if self.used == got {
            return Err(PercentError::NotEnough { got }.into());
        }
        let item = match self.tuple {
            Some(tuple) => tuple.as_slice()[self.used],
            None => self.operand,
        };
        self.used += 1;
        Ok(Owned::new(item))
    }

    /// All that there is must have been used, unless it is a mapping.
    fn finish(&self) -> Result<()> {
        if self.mapping || self.used == self.count() {
            return Ok(());
        }
        let error = PercentError::NotAll { required: self.used, got: self.count(), bytes: self.bytes };
        Err(Stop::Percent(error).raised(self.ts))
    }

    /// Raises what a conversion wanted of its argument.
    #[cold]
    pub fn wants(&self, wants: Wants<'_>) -> Raised {
        let ty: &Type = match wants {
            Wants::CharacterRange | Wants::ByteRange | Wants::StarWidth | Wants::StarPrecision => &OVERFLOW_ERROR,
            _ => &TYPE_ERROR,
        };
        let key = match &self.key {
            Some(key) => match object::repr(self.ts, key) {
                Ok(repr) => Some(repr.to_string()),
                Err(raised) => return raised,
            },
            None => None,
        };
        let argument = match &key {
            Some(key) => Argument::Key(key),
            None if self.tuple.is_some() => Argument::Index(self.used),
            None => Argument::Only,
        };
        self.ts.raise(ty, format_args!("{argument}{wants}"))
    }

    /// The same with the name of what was given instead.
    #[cold]
    fn wants_other(&self, given: &Object, wants: impl FnOnce(&str) -> Wants<'_>) -> Raised {
        match fully_qualified(self.ts, given.ty()) {
            Ok(name) => self.wants(wants(&name.to_string())),
            Err(raised) => raised,
        }
    }

    /// The argument of a `*`, which only a tuple has.
    fn star(&mut self) -> core::result::Result<Owned<Int>, Stop> {
        if self.tuple.is_none() {
            return Err(PercentError::NotEnough { got: self.count() }.into());
        }
        let value = self.next()?;
        value
            .downcast_owned::<Int>()
            .map_err(|other| Stop::Raised(self.wants_other(&other, |name| Wants::StarInt(name))))
    }
}

impl Arguments for Operand<'_> {
    type Error = Stop;

    fn require_mapping(&mut self) -> core::result::Result<(), Stop> {
        if self.mapping {
            return Ok(());
        }
        Err(self.ts.raise_str(&TYPE_ERROR, &mapping_required(self.operand.ty().full_name())).into())
    }

    fn key(&mut self, range: Range<usize>) -> core::result::Result<(), Stop> {
        let key = match (self.bytes, self.format.slice(range)) {
            (true, Chars::One(name)) => Bytes::new(self.ts, name)?.upcast(),
            (_, name) => Str::from_chars(self.ts, name)?.upcast(),
        };
        self.value = Some(sequence::getitem(self.ts, self.operand, &key)?);
        self.key = Some(key);
        self.keyed = true;
        Ok(())
    }

    fn width(&mut self) -> core::result::Result<isize, Stop> {
        match self.star()?.to_i64() {
            Some(width) => Ok(width as isize),
            None => Err(self.wants(Wants::StarWidth).into()),
        }
    }

    fn precision(&mut self) -> core::result::Result<i32, Stop> {
        match self.star()?.to_i64().map(i32::try_from) {
            Some(Ok(precision)) => Ok(precision),
            _ => Err(self.wants(Wants::StarPrecision).into()),
        }
    }

    fn keyless(&mut self, start: usize) -> core::result::Result<(), Stop> {
        if self.keyed { Err(PercentError::KeyRequired { start }.into()) } else { Ok(()) }
    }

    fn value(&mut self) -> core::result::Result<(), Stop> {
        if self.value.is_none() {
            self.value = Some(self.next()?);
        }
        Ok(())
    }
}

/// Walks a format: literal text to `literal`, each conversion with its value to `convert`.
pub fn walk<'a, S>(
    operand: &mut Operand<'a>,
    state: &mut S,
    literal: impl Fn(&mut S, Chars<'a>) -> core::result::Result<(), Failed>,
    convert: impl Fn(&mut S, &Operand<'a>, &Conversion, &Object) -> core::result::Result<(), Failed>,
) -> Result<()> {
    let (ts, format) = (operand.ts, operand.format);
    let mut at = 0;
    while at < format.len() {
        let rest = format.slice(at..format.len());
        let plain = crate::types::text::search::find_char(rest, '%'.into()).unwrap_or(rest.len());
        literal(state, rest.slice(0..plain)).map_err(|f| f.raised(ts))?;
        at += plain;
        if at == format.len() {
            break;
        }
        operand.value = None;
        operand.key = None;
        let found = Conversion::read(|i| format.get(i), at, operand).map_err(|stop| stop.raised(ts))?;
        match operand.value.take() {
            Some(value) => convert(state, operand, &found, &value).map_err(|f| f.raised(ts))?,
            None => literal(state, format.slice(at..at + 1)).map_err(|f| f.raised(ts))?,
        }
        at = found.at + 1;
    }
    operand.finish()
}

/// `format % operand`.
pub fn format(ts: &ThreadState, format: &Str, operand: &Object) -> Result<Owned<Str>> {
    let mut out = TextBuf::new();
    let mut operand = Operand::new(ts, operand, format.chars(), false);
    if crate::types::text::search::find_char(format.chars(), '%'.into()).is_none() {
        // Nothing to replace: the very object, of a subclass too.
        operand.finish()?;
        return Ok(Owned::new(format));
    }
    walk(&mut operand, &mut out, |out, text| Ok(out.extend(text)?), convert)?;
    Str::from_buf(ts, &out)
}

fn convert(
    out: &mut TextBuf,
    operand: &Operand<'_>,
    found: &Conversion,
    value: &Object,
) -> core::result::Result<(), Failed> {
    let ts = operand.ts;
    let text = match found.known_code(false) {
        Some('s') => object::str(ts, value)?,
        Some('r') => object::repr(ts, value)?,
        Some('a') => object::ascii(ts, value)?,
        Some('c') => return put(out, found, Chars::Four(&[character(operand, value)?])),
        Some(code) => {
            let text = number_text(operand, found, code, value)?;
            return Ok(out.push_ascii(text.as_bytes())?);
        }
        None => {
            let unit = Unit::Char(found.code, unicode::is_printable(found.code));
            return Err(Stop::Percent(found.unknown(unit)).raised(ts).into());
        }
    };
    put(out, found, text.chars().slice(0..found.kept(text.len())))
}

fn put(out: &mut TextBuf, found: &Conversion, text: Chars<'_>) -> core::result::Result<(), Failed> {
    let (before, after) = found.padding(text.len());
    out.push_repeated(' '.into(), before)?;
    out.extend(text)?;
    Ok(out.push_repeated(' '.into(), after)?)
}

/// What `%c` makes of a number or a str of one character.
fn character(operand: &Operand<'_>, value: &Object) -> Result<u32> {
    if let Some(text) = value.downcast::<Str>() {
        return match (text.len(), text.chars().get(0)) {
            (1, Some(c)) => Ok(c),
            (n, _) => Err(operand.wants(Wants::CharacterNot(n))),
        };
    }
    if !number::is_index(value) {
        return Err(operand.wants_other(value, |name| Wants::Character(name)));
    }
    match number::index(operand.ts, value)?.to_i64() {
        Some(c @ 0..=0x10FFFF) => Ok(c as u32),
        _ => Err(operand.wants(Wants::CharacterRange)),
    }
}

/// What a numeric conversion makes of its value: ASCII.
pub fn number_text(operand: &Operand<'_>, found: &Conversion, code: char, value: &Object) -> Result<String> {
    let ts = operand.ts;
    let text = match code {
        'd' | 'i' | 'u' | 'o' | 'x' | 'X' => {
            let int = integer(operand, code, value)?;
            let digits = match code {
                'o' => to_power_of_two_base(int.digits(), 3, false),
                'x' | 'X' => to_power_of_two_base(int.digits(), 4, code == 'X'),
                _ => object::repr(ts, &int)?.to_string().trim_start_matches('-').to_owned(),
            };
            found.integer(int.is_negative(), &digits)
        }
        _ => found.float(real(operand, code, value)?),
    };
    text.ok_or_else(|| ts.no_memory())
}

/// The int that `d`, `x` and their kin print.
fn integer(operand: &Operand<'_>, code: char, value: &Object) -> Result<Owned<Int>> {
    let ts = operand.ts;
    if value.downcast::<Int>().is_some() {
        return number::exact_index(ts, value);
    }
    let hexadecimal = matches!(code, 'o' | 'x' | 'X');
    let refused =
        || {
            operand.wants_other(value, |name| {
                if hexadecimal { Wants::Integer(code, name) } else { Wants::RealNumber(code, name) }
            })
        };
    if !number::is_number(value) {
        return Err(refused());
    }
    let converted = if hexadecimal {
        number::exact_index(ts, value)
    } else {
        call::call(ts, int::PyLong_Type.as_object(), &[value]).and_then(|made| number::exact_index(ts, &made))
    };
    converted.map_err(|raised| instead_of_type_error(ts, raised, refused))
}

/// What a conversion wanted says more than the `TypeError` of what could not be converted. That is forgotten first: a
/// key's repr is asked for.
#[cold]
fn instead_of_type_error(ts: &ThreadState, raised: Raised, refused: impl FnOnce() -> Raised) -> Raised {
    if !ts.raised_is(&TYPE_ERROR) {
        return raised;
    }
    ts.error.clear();
    refused()
}

/// The float that `f` and its kin print.
fn real(operand: &Operand<'_>, code: char, value: &Object) -> Result<f64> {
    let ts = operand.ts;
    if let Some(value) = value.downcast::<Float>() {
        return Ok(value.value());
    }
    let refused = || operand.wants_other(value, |name| Wants::RealNumber(code, name));
    if !number::is_number(value) {
        return Err(refused());
    }
    match call::call(ts, float::PyFloat_Type.as_object(), &[value]) {
        Ok(made) => Ok(made.downcast::<Float>().map_or(0.0, Float::value)),
        Err(raised) => Err(instead_of_type_error(ts, raised, refused)),
    }
}
