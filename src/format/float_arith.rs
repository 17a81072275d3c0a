//! What CPython's float operators do beyond the processor's: rounding down,
//! the modulus's sign, powers' special values, correct decimal rounding.

/// Why an operator gives no float. The text is CPython's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatError {
    /// ZeroDivisionError
    DivisionByZero,
    /// ZeroDivisionError
    ZeroToNegativePower,
    /// OverflowError, whose arguments are 34 and this text.
    PowerTooLarge,
    /// OverflowError
    RoundedTooLarge,
    /// No error: a negative number to a broken power is complex, the caller's to compute.
    Complex,
    /// OverflowError and ValueError of `as_integer_ratio`.
    InfinityRatio,
    NanRatio,
}

impl FloatError {
    /// The exception's text.
    pub fn message(self) -> &'static str {
        match self {
            Self::DivisionByZero => "division by zero",
            Self::ZeroToNegativePower => "zero to a negative power",
            Self::PowerTooLarge => "Numerical result out of range",
            Self::RoundedTooLarge => "rounded value too large to represent",
            Self::Complex => "",
            Self::InfinityRatio => "cannot convert Infinity to integer ratio",
            Self::NanRatio => "cannot convert NaN to integer ratio",
        }
    }
}

/// `a / b`.
pub fn divide(a: f64, b: f64) -> Result<f64, FloatError> {
    if b == 0.0 { Err(FloatError::DivisionByZero) } else { Ok(a / b) }
}

/// `divmod(a, b)`.
pub fn divmod(a: f64, b: f64) -> Result<(f64, f64), FloatError> {
    if b == 0.0 {
        return Err(FloatError::DivisionByZero);
    }
    let mut remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder == 0.0 {
        remainder = 0f64.copysign(b);
    } else if (b < 0.0) != (remainder < 0.0) {
        remainder += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return Ok((0f64.copysign(a / b), remainder));
    }
    let floor = quotient.floor();
    // The quotient is nearly whole: to the nearest, should it be a little below.
    Ok((if quotient - floor > 0.5 { floor + 1.0 } else { floor }, remainder))
}

/// `a // b`.
pub fn floor_divide(a: f64, b: f64) -> Result<f64, FloatError> {
    divmod(a, b).map(|(quotient, _)| quotient)
}

/// `a % b`.
pub fn modulo(a: f64, b: f64) -> Result<f64, FloatError> {
    divmod(a, b).map(|(_, remainder)| remainder)
}

/// `base ** exponent`.
pub fn power(base: f64, exponent: f64) -> Result<f64, FloatError> {
    let odd = (exponent % 2.0).abs() == 1.0;
    if exponent == 0.0 || base == 1.0 {
        return Ok(1.0);
    }
    if base.is_nan() || exponent.is_nan() {
        return Ok(base + exponent);
    }
    if exponent.is_infinite() {
        let magnitude = base.abs();
        return Ok(match magnitude == 1.0 {
            true => 1.0,
            false if (exponent > 0.0) == (magnitude > 1.0) => f64::INFINITY,
            false => 0.0,
        });
    }
    if base.is_infinite() || base == 0.0 {
        if base == 0.0 && exponent < 0.0 {
            return Err(FloatError::ZeroToNegativePower);
        }
        let magnitude = if exponent > 0.0 { base.abs() } else { 0.0 };
        return Ok(if odd { magnitude.copysign(base) } else { magnitude });
    }
    if base < 0.0 && exponent != exponent.floor() {
        return Err(FloatError::Complex);
    }
    let result = base.powf(exponent);
    if result.is_finite() { Ok(result) } else { Err(FloatError::PowerTooLarge) }
}

/// `round(value, digits)`: correct for the exact decimal expansion, ties to even.
/// `digits` beyond an int may be clamped.
pub fn round_to(value: f64, digits: i64) -> Result<f64, FloatError> {
    // Beyond these every float is itself, or nothing.
    if !value.is_finite() || digits > 323 {
        return Ok(value);
    }
    if digits < -308 {
        return Ok(0.0 * value);
    }
    let text = match usize::try_from(digits) {
        Ok(places) => format!("{value:.places$}"),
        Err(_) => round_whole(value, digits),
    };
    match text.parse::<f64>() {
        Ok(result) if result.is_finite() => Ok(result),
        _ => Err(FloatError::RoundedTooLarge),
    }
}

/// Rounds to a multiple of ten or more; `digits` is negative.
fn round_whole(value: f64, digits: i64) -> String {
    let scientific = format!("{value:e}");
    let exponent: i64 = scientific.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    match usize::try_from(exponent + digits) {
        Ok(places) => format!("{value:.places$e}"),
        // Only the digit above the first is kept: all or nothing.
        Err(_) if exponent + digits == -1 && above_half(value) => {
            format!("{}e{}", 1f64.copysign(value), exponent + 1)
        }
        Err(_) => format!("{}", 0f64.copysign(value)),
    }
}

/// Whether the exact significand is more than 5: 767 digits are all that a float has.
fn above_half(value: f64) -> bool {
    let exact = format!("{:.767e}", value.abs());
    let significand = exact.split_once('e').map_or("", |(significand, _)| significand);
    significand.trim_end_matches('0') > "5."
}

/// `round(value)` before it becomes an int: ties to even.
pub fn round(value: f64) -> f64 {
    value.round_ties_even()
}

/// `as_integer_ratio` as an odd mantissa (or 0) and a power of two.
pub fn ratio(value: f64) -> Result<(i64, i32), FloatError> {
    if value.is_nan() {
        return Err(FloatError::NanRatio);
    }
    if value.is_infinite() {
        return Err(FloatError::InfinityRatio);
    }
    let (mantissa, exponent) = crate::types::int::digits::float::decompose(value);
    if mantissa == 0 {
        return Ok((0, 0));
    }
    let spare = mantissa.trailing_zeros();
    let mantissa = (mantissa >> spare) as i64;
    Ok((if value < 0.0 { -mantissa } else { mantissa }, exponent + spare as i32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::float_text::repr;

    #[test]
    fn division() {
        let inf = f64::INFINITY;
        for (a, b, text) in [
            (5.0, -3.0, "-2.0 -1.0"),
            (-5.0, 3.0, "-2.0 1.0"),
            (-0.0, 3.0, "-0.0 0.0"),
            (0.0, -3.0, "-0.0 -0.0"),
            (5.0, inf, "0.0 5.0"),
            (-5.0, inf, "-1.0 inf"),
            (inf, 2.0, "nan nan"),
            (7.5, -2.0, "-4.0 -0.5"),
            (1.0, 0.1, "9.0 0.09999999999999995"),
        ] {
            let (quotient, remainder) = divmod(a, b).unwrap();
            assert_eq!(format!("{} {}", repr(quotient), repr(remainder)), text, "{a} {b}");
        }
        assert_eq!(divmod(1.0, 0.0), Err(FloatError::DivisionByZero));
        assert_eq!(divide(0.0, -0.0), Err(FloatError::DivisionByZero));
    }

    #[test]
    fn powers() {
        let inf = f64::INFINITY;
        for (a, b, text) in [
            (-1.0, inf, "1.0"),
            (-inf, -3.0, "-0.0"),
            (-inf, 3.0, "-inf"),
            (-2.0, 3.0, "-8.0"),
            (1.0, f64::NAN, "1.0"),
            (f64::NAN, 0.0, "1.0"),
            (0.5, inf, "0.0"),
            (-0.5, -inf, "inf"),
            (-0.0, 3.0, "-0.0"),
            (-0.0, 2.0, "0.0"),
            (-inf, -2.0, "0.0"),
            (-1.0, 1e300, "1.0"),
            (2.0, -1080.0, "0.0"),
        ] {
            assert_eq!(repr(power(a, b).unwrap()), text, "{a} {b}");
        }
        assert_eq!(power(-0.0, -3.0), Err(FloatError::ZeroToNegativePower));
        assert_eq!(power(1e300, 2.0), Err(FloatError::PowerTooLarge));
        assert_eq!(power(-8.0, 0.5), Err(FloatError::Complex));
    }

    #[test]
    fn rounding() {
        for (value, digits, text) in [
            (2.675, 2, "2.67"),
            (1e22, -1, "1e+22"),
            (5e-324, 323, "0.0"),
            (5e-324, 324, "5e-324"),
            (15.0, -1, "20.0"),
            (25.0, -1, "20.0"),
            (-0.4, 0, "-0.0"),
            (2.5, -10_000_000, "0.0"),
            (2.5, 10_000_000, "2.5"),
            (5.0, -1, "0.0"),
            (5.000001, -1, "10.0"),
            (-51.0, -2, "-100.0"),
            (49.0, -2, "0.0"),
            (-3.0, -5, "-0.0"),
            (1.25, 1, "1.2"),
        ] {
            assert_eq!(repr(round_to(value, digits).unwrap()), text, "{value} {digits}");
        }
        assert_eq!(round_to(f64::MAX, -308), Err(FloatError::RoundedTooLarge));
        assert_eq!(ratio(0.75), Ok((3, -2)));
        assert_eq!(ratio(-8.0), Ok((-1, 3)));
        assert_eq!(ratio(f64::NAN), Err(FloatError::NanRatio));
    }
}
