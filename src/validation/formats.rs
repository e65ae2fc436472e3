//! The formats of strings: `date-time` and `uri`.

use jiff::civil::Date;

use crate::profiles::shape::Format;

/// Returns whether text has a format. `int64` does not apply to text.
pub(super) fn has_format(text: &str, format: Format) -> bool {
    match format {
        Format::DateTime => is_date_time(text.as_bytes()),
        Format::Uri => fluent_uri::Uri::parse(text).is_ok(),
        Format::Int64 => true,
    }
}

/// Returns whether text is a `date-time` (RFC 3339, section 5.6): a valid date and time with an offset. A leap second is valid at
/// 23:59:60 UTC.
fn is_date_time(text: &[u8]) -> bool {
    let Some((date, [b'T' | b't', time @ ..])) = text.split_at_checked(10) else { return false };
    is_date(date) && is_time(time).unwrap_or(false)
}

fn is_date(text: &[u8]) -> bool {
    // jiff also accepts dates without hyphens.
    matches!(text, [_, _, _, _, b'-', _, _, b'-', _, _])
        && std::str::from_utf8(text).is_ok_and(|date| date.parse::<Date>().is_ok())
}

fn is_time(text: &[u8]) -> Option<bool> {
    let [h1, h2, b':', m1, m2, b':', s1, s2, ref rest @ ..] = *text else { return None };
    let (hour, minute, second) = (two(h1, h2)?, two(m1, m2)?, two(s1, s2)?);
    let utc = (minutes(hour, minute)? - offset(after_fraction(rest)?)?).rem_euclid(24 * 60);
    Some(second <= 59 || second == 60 && utc == 23 * 60 + 59)
}

/// Skips an optional fraction of a second, which has at least one digit.
fn after_fraction(text: &[u8]) -> Option<&[u8]> {
    let Some(fraction) = text.strip_prefix(b".") else { return Some(text) };
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digits > 0).then(|| &fraction[digits..])
}

/// Returns the offset from UTC in minutes.
fn offset(text: &[u8]) -> Option<i16> {
    match *text {
        [b'Z' | b'z'] => Some(0),
        [b'+', h1, h2, b':', m1, m2] => minutes(two(h1, h2)?, two(m1, m2)?),
        [b'-', h1, h2, b':', m1, m2] => Some(-minutes(two(h1, h2)?, two(m1, m2)?)?),
        _ => None,
    }
}

/// Returns the minutes since midnight.
fn minutes(hour: i8, minute: i8) -> Option<i16> {
    (hour <= 23 && minute <= 59).then(|| i16::from(hour) * 60 + i16::from(minute))
}

/// Returns a number of two digits.
fn two(tens: u8, ones: u8) -> Option<i8> {
    let digit = |byte: u8| char::from(byte).to_digit(10);
    i8::try_from(digit(tens)? * 10 + digit(ones)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_times() {
        for good in [
            "2026-01-15T10:30:00.000Z",
            "2024-02-29t23:59:59z",
            "2000-02-29T00:00:00+14:00",
            "2016-12-31T23:59:60Z",
            "2016-12-31T15:59:60.5-08:00",
            "0000-01-01T00:00:00-00:00",
        ] {
            assert!(has_format(good, Format::DateTime), "{good}");
        }
        for bad in [
            "2026-02-30T00:00:00Z",
            "2100-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-15T24:00:00Z",
            "2026-01-15T10:30:60Z",
            "2026-01-15T10:30:00",
            "2026-01-15 10:30:00Z",
            "2026-01-15T10:30:00.Z",
            "2026-01-15T10:30:00+0100",
            "2026-01-15T10:30:00+24:00",
            "2026-01-15",
            "２026-01-15T10:30:00Z",
            "",
        ] {
            assert!(!has_format(bad, Format::DateTime), "{bad}");
        }
    }
}
