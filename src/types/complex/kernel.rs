//! Complex arithmetic without objects: with real operands kept real, infinities and zeros recovered as C's
//! Annex G has it, and powers.

use crate::ffi::Py_complex;

/// Why an operator gives no number. The text is CPython's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplexError {
    /// ZeroDivisionError
    DivisionByZero,
    /// ZeroDivisionError
    ZeroToPower,
    /// OverflowError
    PowerTooLarge,
    /// OverflowError
    AbsoluteTooLarge,
}

impl ComplexError {
    /// The exception's text.
    pub fn message(self) -> &'static str {
        match self {
            Self::DivisionByZero => "division by zero",
            Self::ZeroToPower => "zero to a negative or complex power",
            Self::PowerTooLarge => "complex exponentiation",
            Self::AbsoluteTooLarge => "absolute value too large",
        }
    }
}

type Result<T = Py_complex> = core::result::Result<T, ComplexError>;

const NAN: Py_complex = of(f64::NAN, f64::NAN);
const ONE: Py_complex = of(1.0, 0.0);

pub const fn of(real: f64, imag: f64) -> Py_complex {
    Py_complex { real, imag }
}

impl Py_complex {
    fn is_nan(self) -> bool {
        self.real.is_nan() && self.imag.is_nan()
    }

    fn is_finite(self) -> bool {
        self.real.is_finite() && self.imag.is_finite()
    }

    fn has_infinity(self) -> bool {
        self.real.is_infinite() || self.imag.is_infinite()
    }

    /// 1 for an infinity and 0 for the rest, with their signs.
    fn boxed(self) -> Py_complex {
        let unit = |x: f64| if x.is_infinite() { 1f64.copysign(x) } else { 0f64.copysign(x) };
        of(unit(self.real), unit(self.imag))
    }

    /// 0 for a nan, with its sign.
    fn without_nan(self) -> Py_complex {
        let plain = |x: f64| if x.is_nan() { 0f64.copysign(x) } else { x };
        of(plain(self.real), plain(self.imag))
    }
}

pub fn product(z: Py_complex, w: Py_complex) -> Py_complex {
    let (ac, bd) = (z.real * w.real, z.imag * w.imag);
    let (ad, bc) = (z.real * w.imag, z.imag * w.real);
    let plain = of(ac - bd, ad + bc);
    if plain.is_nan() { recovered_product(z, w, [ac, bd, ad, bc]).unwrap_or(plain) } else { plain }
}

/// An infinity that came out as a nan.
#[cold]
fn recovered_product(mut z: Py_complex, mut w: Py_complex, parts: [f64; 4]) -> Option<Py_complex> {
    let mut recovered = false;
    if z.has_infinity() {
        (z, w) = (z.boxed(), w.without_nan());
        recovered = true;
    }
    if w.has_infinity() {
        (z, w) = (z.without_nan(), w.boxed());
        recovered = true;
    }
    if !recovered && parts.iter().any(|part| part.is_infinite()) {
        (z, w) = (z.without_nan(), w.without_nan());
        recovered = true;
    }
    let infinite = |x: f64| f64::INFINITY * x;
    recovered.then(|| of(infinite(z.real * w.real - z.imag * w.imag), infinite(z.real * w.imag + z.imag * w.real)))
}

/// The ratio of the divisor's parts, and the denominator; whether the real part is the larger one.
enum Divisor {
    Real(f64, f64),
    Imag(f64, f64),
    /// A part is no number.
    Nan,
}

fn divisor(b: Py_complex) -> Result<Divisor> {
    let (real, imag) = (b.real.abs(), b.imag.abs());
    if real >= imag {
        if real == 0.0 {
            return Err(ComplexError::DivisionByZero);
        }
        let ratio = b.imag / b.real;
        return Ok(Divisor::Real(ratio, b.real + b.imag * ratio));
    }
    if imag >= real {
        let ratio = b.real / b.imag;
        return Ok(Divisor::Imag(ratio, b.real * ratio + b.imag));
    }
    Ok(Divisor::Nan)
}

pub fn quotient(a: Py_complex, b: Py_complex) -> Result {
    let plain = match divisor(b)? {
        Divisor::Real(ratio, by) => of((a.real + a.imag * ratio) / by, (a.imag - a.real * ratio) / by),
        Divisor::Imag(ratio, by) => of((a.real * ratio + a.imag) / by, (a.imag * ratio - a.real) / by),
        Divisor::Nan => NAN,
    };
    if !plain.is_nan() {
        return Ok(plain);
    }
    if a.has_infinity() && b.is_finite() {
        let a = a.boxed();
        let infinite = |x: f64| f64::INFINITY * x;
        return Ok(of(infinite(a.real * b.real + a.imag * b.imag), infinite(a.imag * b.real - a.real * b.imag)));
    }
    if b.has_infinity() && a.is_finite() {
        let b = b.boxed();
        return Ok(of(0.0 * (a.real * b.real + a.imag * b.imag), 0.0 * (a.imag * b.real - a.real * b.imag)));
    }
    Ok(plain)
}

/// By a real number.
pub fn quotient_by_real(a: Py_complex, b: f64) -> Result {
    if b == 0.0 { Err(ComplexError::DivisionByZero) } else { Ok(of(a.real / b, a.imag / b)) }
}

/// Of a real number.
pub fn quotient_of_real(a: f64, b: Py_complex) -> Result {
    let plain = match divisor(b)? {
        Divisor::Real(ratio, by) => of(a / by, (-a * ratio) / by),
        Divisor::Imag(ratio, by) => of((a * ratio) / by, (-a) / by),
        Divisor::Nan => NAN,
    };
    if plain.is_nan() && a.is_finite() && b.has_infinity() {
        let b = b.boxed();
        return Ok(of(0.0 * (a * b.real), 0.0 * (-a * b.imag)));
    }
    Ok(plain)
}

/// `a ** b`. Small whole exponents are multiplied out, which is faster and closer.
pub fn power(a: Py_complex, b: Py_complex) -> Result {
    let whole = b.imag == 0.0 && b.real == b.real.floor() && b.real.abs() <= 100.0;
    let result = if whole { whole_power(a, b.real as i64)? } else { general_power(a, b)? };
    if result.has_infinity() { Err(ComplexError::PowerTooLarge) } else { Ok(result) }
}

fn whole_power(a: Py_complex, n: i64) -> Result {
    if n > 0 {
        return Ok(repeated_product(a, n));
    }
    quotient(ONE, repeated_product(a, -n)).map_err(|_| ComplexError::ZeroToPower)
}

fn repeated_product(a: Py_complex, n: i64) -> Py_complex {
    let (mut result, mut square, mut rest) = (ONE, a, n);
    while rest > 0 {
        if rest & 1 == 1 {
            result = product(result, square);
        }
        rest >>= 1;
        square = product(square, square);
    }
    result
}

fn general_power(a: Py_complex, b: Py_complex) -> Result {
    if b == of(0.0, 0.0) {
        return Ok(ONE);
    }
    if a == of(0.0, 0.0) {
        return if b.imag != 0.0 || b.real < 0.0 { Err(ComplexError::ZeroToPower) } else { Ok(of(0.0, 0.0)) };
    }
    let size = a.real.hypot(a.imag);
    let angle = a.imag.atan2(a.real);
    let (mut length, mut phase) = (size.powf(b.real), angle * b.real);
    if b.imag != 0.0 {
        length *= (-angle * b.imag).exp();
        phase += b.imag * size.ln();
    }
    // Where C's cosine has a domain error, CPython takes it for this one.
    if phase.is_infinite() {
        return Err(ComplexError::ZeroToPower);
    }
    Ok(of(length * phase.cos(), length * phase.sin()))
}

/// `abs(a)`.
pub fn absolute(a: Py_complex) -> Result<f64> {
    let size = a.real.hypot(a.imag);
    if a.is_finite() && size.is_infinite() { Err(ComplexError::AbsoluteTooLarge) } else { Ok(size) }
}
