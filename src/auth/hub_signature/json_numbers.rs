//! Numbers as the libraries of other languages write them.

use std::borrow::Cow;
use std::ops::Range;

/// A language, and how its libraries write numbers.
#[derive(Clone, Copy, Debug)]
pub(super) enum Numbers {
    AsWritten,
    /// All numbers are doubles. Exponents start at 1e21 and below 1e-6 (ECMA-262, `Number::toString`).
    JavaScript,
    /// Integers of any length, and floats with a point. Exponents start at 1e16 and below 1e-4 (`repr`).
    Python,
    /// All numbers are doubles with a point. Exponents start at 1e7 and below 1e-3 (`Double.toString`).
    Java,
}

impl Numbers {
    pub(super) fn write(self, number: &str) -> Cow<'_, str> {
        let is_integer = !number.contains(['.', 'e', 'E']);
        match self {
            Self::AsWritten => Cow::Borrowed(number),
            Self::Python if is_integer => Cow::Borrowed(if number == "-0" { "0" } else { number }),
            Self::Python => Cow::Owned(decimal(number, -4..16, ".0")),
            Self::JavaScript => Cow::Owned(decimal(number, -6..21, "")),
            Self::Java => Cow::Owned(java(&decimal(number, -3..7, ".0"))),
        }
    }
}

/// Converts an exponent from Python's form to Java's: `1e+07` becomes `1.0E7`.
fn java(number: &str) -> String {
    let Some((mantissa, exponent)) = number.split_once('e') else { return number.to_owned() };
    let point = if mantissa.contains('.') { "" } else { ".0" };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    format!("{mantissa}{point}E{exponent}")
}

/// Writes the shortest digits that read back as the same double, with an exponent if it is outside `plain`. A whole number
/// ends with `whole`. Exponents have at least two digits, as in Python.
fn decimal(number: &str, plain: Range<i32>, whole: &str) -> String {
    let double: f64 = number.parse().unwrap_or(f64::NAN);
    if double == 0.0 {
        let sign = if double.is_sign_negative() && !whole.is_empty() { "-" } else { "" };
        return format!("{sign}0{whole}");
    }
    let scientific = format!("{:e}", double.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let sign = if double < 0.0 { "-" } else { "" };
    if !plain.contains(&exponent) {
        let width = if whole.is_empty() { 1 } else { 2 };
        let direction = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{mantissa}e{direction}{:0width$}", exponent.unsigned_abs());
    }
    let digits = mantissa.replace('.', "");
    let point = exponent + 1;
    let text = match usize::try_from(point) {
        Ok(0) | Err(_) => format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
        Ok(point) if point >= digits.len() => format!("{digits}{}{whole}", "0".repeat(point - digits.len())),
        Ok(point) => format!("{}.{}", &digits[..point], &digits[point..]),
    };
    format!("{sign}{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The expected texts are the output of Node 20, Python 3.11 and Java 17.
    #[test]
    fn numbers_are_written_as_javascript_python_and_java_write_them() {
        for (number, javascript, python, java) in [
            ("1.0", "1", "1.0", "1.0"),
            ("1e3", "1000", "1000.0", "1000.0"),
            ("1E21", "1e+21", "1e+21", "1.0E21"),
            ("123456e15", "123456000000000000000", "1.23456e+20", "1.23456E20"),
            ("1e16", "10000000000000000", "1e+16", "1.0E16"),
            ("1.5e-7", "1.5e-7", "1.5e-07", "1.5E-7"),
            ("0.00001", "0.00001", "1e-05", "1.0E-5"),
            ("0.0001", "0.0001", "0.0001", "1.0E-4"),
            ("-0", "0", "0", "-0.0"),
            ("-0.0", "0", "-0.0", "-0.0"),
            ("12345678901234567890", "12345678901234567000", "12345678901234567890", "1.2345678901234567E19"),
            ("-12.50", "-12.5", "-12.5", "-12.5"),
            ("10000000", "10000000", "10000000", "1.0E7"),
            ("9999999", "9999999", "9999999", "9999999.0"),
            ("0.001", "0.001", "0.001", "0.001"),
        ] {
            let written = [Numbers::JavaScript, Numbers::Python, Numbers::Java].map(|numbers| numbers.write(number));
            assert_eq!(written, [javascript, python, java], "{number}");
        }
    }
}
