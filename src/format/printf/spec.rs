//! What stands between `%` and the letter.

use core::ffi::c_int;

use super::super::cursor::Cursor;
use super::super::va::VaSource;
use crate::object::Result;
use crate::runtime::ThreadState;
use crate::types::exceptions::VALUE_ERROR;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    Int,
    /// `l`, which goes with text as well.
    Long,
    /// `ll`, `z`, `t`, `j`: as wide.
    Wide,
}

#[derive(Clone, Copy)]
pub(super) struct Spec {
    pub left: bool,
    pub zeros: bool,
    pub alternate: bool,
    pub width: Option<usize>,
    /// 0 in place of a negative one.
    pub precision: Option<usize>,
    pub negative_precision: bool,
    pub size: Size,
}

impl Spec {
    /// Reads what precedes the letter. `*` takes an argument.
    pub(super) fn read<V: VaSource>(ts: &ThreadState, format: &mut Cursor<'_>, va: &mut V) -> Result<Spec> {
        let mut spec = Spec {
            left: false,
            zeros: false,
            alternate: false,
            width: None,
            precision: None,
            negative_precision: false,
            size: Size::Int,
        };
        loop {
            match format.peek() {
                b'-' => spec.left = true,
                b'0' => spec.zeros = true,
                b'#' => spec.alternate = true,
                _ => break,
            }
            format.skip();
        }
        if format.eat(b'*') {
            let width = va.int();
            spec.left |= width < 0;
            spec.width = Some(width.unsigned_abs() as usize);
        } else {
            spec.width = number(ts, format, "width too big")?;
        }
        if format.eat(b'.') {
            spec.precision = if format.eat(b'*') {
                let precision: c_int = va.int();
                spec.negative_precision = precision < 0;
                Some(usize::try_from(precision).unwrap_or(0))
            } else {
                number(ts, format, "precision too big")?
            };
        }
        spec.size = match format.peek() {
            b'l' => Size::Long,
            b'z' | b't' | b'j' => Size::Wide,
            _ => return Ok(spec),
        };
        format.skip();
        if spec.size == Size::Long && format.eat(b'l') {
            spec.size = Size::Wide;
        }
        Ok(spec)
    }

    /// Nothing but flags, and perhaps a precision that says by its sign that it is none.
    pub(super) fn is_plain(&self) -> bool {
        self.width.is_none() && (self.precision.is_none() || self.negative_precision) && self.size == Size::Int
    }
}

fn number(ts: &ThreadState, format: &mut Cursor<'_>, too_big: &str) -> Result<Option<usize>> {
    let mut value: Option<usize> = None;
    while format.peek().is_ascii_digit() {
        let digit = usize::from(format.take() - b'0');
        let more = value.unwrap_or(0).checked_mul(10).and_then(|v| v.checked_add(digit));
        match more.filter(|&v| v <= isize::MAX as usize) {
            Some(more) => value = Some(more),
            None => return Err(ts.raise_str(&VALUE_ERROR, too_big)),
        }
    }
    Ok(value)
}
