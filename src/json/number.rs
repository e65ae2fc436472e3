//! The exact value of numbers. Most parsers read doubles, which round numbers with more than 15 digits.

/// Returns whether a JSON number has no fraction. Like JSON Schema Draft 7, it treats `1.0` and `1e3` as integers.
pub fn is_integer(number: &str) -> bool {
    is_plain(number) || decimal(number).1 >= 0
}

/// Returns the value of an integer in any notation, if it fits 64 bits.
pub fn to_i64(number: &str) -> Option<i64> {
    number.parse().ok().or_else(|| {
        let (digits, zeros) = decimal(number);
        let zeros = usize::try_from(zeros).ok().filter(|zeros| *zeros <= MAX_ZEROS)?;
        format!("{digits}{}", "0".repeat(zeros)).parse().ok()
    })
}

/// One more than the maximum number of trailing zeros of a 64-bit integer.
const MAX_ZEROS: usize = 19;

/// Returns whether a number has no fraction and no exponent.
fn is_plain(number: &str) -> bool {
    !number.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E'))
}

/// Returns the sign and digits without trailing zeros, and the number of zeros that follow. This number is negative if there is
/// a fraction.
fn decimal(number: &str) -> (String, i64) {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = format!("{integer}{fraction}");
    let length = digits.len();
    digits.truncate(digits.trim_end_matches('0').len());
    if digits.is_empty() || digits == "-" {
        return ("0".to_owned(), 0);
    }
    // An exponent beyond 64 bits has the same effect as the largest one.
    let beyond = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
    let places = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    let exponent = exponent.parse().unwrap_or(beyond);
    let zeros = exponent.saturating_sub(places(fraction.len())).saturating_add(places(length - digits.len()));
    (digits, zeros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_exact_in_every_notation() {
        for (number, integer, value) in [
            ("0", true, Some(0)),
            ("-0", true, Some(0)),
            ("-0.0e-5", true, Some(0)),
            ("0e99999999999999999999", true, Some(0)),
            ("1.0", true, Some(1)),
            ("1e3", true, Some(1000)),
            ("0.05e+2", true, Some(5)),
            ("-1200E-2", true, Some(-12)),
            ("15e-1", false, None),
            ("1.0000000000000000000000001", false, None),
            ("9007199254740993.0", true, Some(9_007_199_254_740_993)),
            ("9223372036854775807", true, Some(i64::MAX)),
            ("9223372036854775807.0", true, Some(i64::MAX)),
            ("922337203685477580.7e1", true, Some(i64::MAX)),
            ("9223372036854775807.5", false, None),
            ("9223372036854775808", true, None),
            ("9.223372036854775808e18", true, None),
            ("-9223372036854775808", true, Some(i64::MIN)),
            ("-9223372036854775808.0", true, Some(i64::MIN)),
            ("-9223372036854775809", true, None),
            ("1e19", true, None),
            ("1e400", true, None),
            ("1e-99999999999999999999", false, None),
            ("1e99999999999999999999", true, None),
        ] {
            assert_eq!((is_integer(number), to_i64(number)), (integer, value), "{number}");
        }
    }
}
