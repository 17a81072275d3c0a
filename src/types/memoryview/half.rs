//! Half precision, IEEE 754's binary16: the format `e`.

/// The value of the bits, which a double holds exactly.
pub fn to_f64(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let value = match exponent {
        0 => fraction * 2f64.powi(-24),
        0x1f if fraction == 0.0 => f64::INFINITY,
        0x1f => f64::NAN,
        _ => (1024.0 + fraction) * 2f64.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -value } else { value }
}

/// The nearest half, ties to even; nothing if the value is too large for one.
pub fn from_f64(value: f64) -> Option<u16> {
    let bits = value.to_bits();
    let sign = (bits >> 63 << 15) as u16;
    let magnitude = value.abs();
    if value.is_nan() {
        // As much of the fraction as there is room for, and never infinity's.
        return Some(sign | 0x7e00 | (bits >> 42 & 0x1ff) as u16);
    }
    if magnitude.is_infinite() {
        return Some(sign | 0x7c00);
    }
    // The half beyond the largest half, 65504, from where rounding goes up.
    if magnitude >= 65520.0 {
        return None;
    }
    // Below 2^-14 steps are of 2^-24; above, each power of two has 1024. Rounding up to the next power of two
    // carries into the exponent, as it is to.
    let exponent = ((bits >> 52 & 0x7ff) as i32 - 1023).max(-15);
    if exponent < -14 {
        return Some(sign | (magnitude * 2f64.powi(24)).round_ties_even() as u16);
    }
    let steps = (magnitude * 2f64.powi(10 - exponent)).round_ties_even() as u16;
    Some(sign | ((((exponent + 14) as u16) << 10) + steps))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_half_comes_back() {
        for bits in 0..=u16::MAX {
            let value = to_f64(bits);
            if !value.is_nan() {
                assert_eq!(from_f64(value), Some(bits), "{bits:#x}");
            }
        }
    }

    #[test]
    fn rounding() {
        assert_eq!(from_f64(65519.99), Some(0x7bff));
        assert_eq!(from_f64(65520.0), None);
        assert_eq!(from_f64(f64::NEG_INFINITY), Some(0xfc00));
        assert_eq!(from_f64(2f64.powi(-25)), Some(0));
        assert_eq!(from_f64(2f64.powi(-25) * 1.5), Some(1));
        assert_eq!(from_f64(-2f64.powi(-14) * (1.0 - 2f64.powi(-12))), Some(0x8400));
        assert_eq!(from_f64(1.0 + 2f64.powi(-11)), Some(0x3c00));
        assert_eq!(from_f64(1.0 + 3.0 * 2f64.powi(-11)), Some(0x3c02));
        assert!(to_f64(from_f64(f64::NAN).unwrap_or(0)).is_nan());
    }
}
