//! JSON written straight into bytes, in the form that `serde_json` writes. A tree in between would cost ten times as much.

use jiff::Timestamp;
use jiff::tz::Offset;

/// Writes behind what is there.
pub(super) struct Writer<'a>(pub(super) &'a mut Vec<u8>);

impl Writer<'_> {
    /// What is JSON already, or the inside of a string that needs no escapes.
    pub(super) fn raw(&mut self, json: &str) -> &mut Self {
        self.0.extend_from_slice(json.as_bytes());
        self
    }

    pub(super) fn number(&mut self, number: impl itoa::Integer) -> &mut Self {
        self.raw(itoa::Buffer::new().format(number))
    }

    pub(super) fn boolean(&mut self, value: bool) -> &mut Self {
        self.raw(if value { "true" } else { "false" })
    }

    /// A string in its quotes.
    pub(super) fn string(&mut self, text: &str) -> &mut Self {
        self.raw("\"").inside(text).raw("\"")
    }

    /// The inside of a string.
    pub(super) fn inside(&mut self, text: &str) -> &mut Self {
        let mut plain = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte >= b' ' && byte != b'"' && byte != b'\\' {
                continue;
            }
            self.raw(&text[plain..at]);
            plain = at + 1;
            let short = match byte {
                b'"' => b'"',
                b'\\' => b'\\',
                b'\n' => b'n',
                b'\r' => b'r',
                b'\t' => b't',
                0x08 => b'b',
                0x0C => b'f',
                other => {
                    const DIGITS: &[u8; 16] = b"0123456789abcdef";
                    self.raw("\\u00");
                    self.0.extend([DIGITS[usize::from(other >> 4)], DIGITS[usize::from(other & 15)]]);
                    continue;
                }
            };
            self.0.extend([b'\\', short]);
        }
        self.raw(&text[plain..])
    }

    /// Text as a part of a URL's path, as Confluence writes titles: spaces are `+`, and what is not unreserved is
    /// percent-encoded.
    pub(super) fn segment(&mut self, text: &str) -> &mut Self {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        for byte in text.bytes() {
            match byte {
                b' ' => self.0.push(b'+'),
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => self.0.push(byte),
                other => self.0.extend([b'%', DIGITS[usize::from(other >> 4)], DIGITS[usize::from(other & 15)]]),
            }
        }
        self
    }

    /// A time, in milliseconds since the Unix epoch, as Confluence writes it: RFC 3339, UTC, always three digits of a
    /// second.
    pub(super) fn time(&mut self, milliseconds: i64) -> &mut Self {
        let mut text = *b"0000-00-00T00:00:00.000Z";
        let time = civil(milliseconds);
        let mut put = |at: usize, width: usize, mut number: u32| {
            for digit in text[at..at + width].iter_mut().rev() {
                *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
                number /= 10;
            }
        };
        put(0, 4, number(time.year()));
        put(5, 2, number(time.month()));
        put(8, 2, number(time.day()));
        put(11, 2, number(time.hour()));
        put(14, 2, number(time.minute()));
        put(17, 2, number(time.second()));
        put(20, 3, number(time.millisecond()));
        self.0.extend_from_slice(&text);
        self
    }

    /// The day of a time in a URL: `2026/01/15`.
    pub(super) fn day(&mut self, milliseconds: i64) -> &mut Self {
        let time = civil(milliseconds);
        self.raw(&format!("{:04}/{:02}/{:02}", time.year(), time.month(), time.day()))
    }
}

fn civil(milliseconds: i64) -> jiff::civil::DateTime {
    Offset::UTC.to_datetime(Timestamp::from_millisecond(milliseconds).unwrap_or_default())
}

/// The world's times lie in the years 0 to 9999, so nothing is negative.
fn number(part: impl Into<i32>) -> u32 {
    part.into().unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Writer<'_>)) -> String {
        let mut bytes = Vec::new();
        write(&mut Writer(&mut bytes));
        String::from_utf8(bytes).expect("UTF-8")
    }

    #[test]
    fn strings_are_escaped_as_serde_json_escapes_them() {
        let all: String = (0..0x80).map(|byte: u8| char::from(byte)).chain("é😀\u{2028}".chars()).collect();
        let expected = serde_json::to_string(&all).expect("a string is JSON");
        assert_eq!(written(|writer| _ = writer.string(&all)), expected);
    }

    #[test]
    fn times_are_those_of_jiff() {
        for milliseconds in [0, -1, 1_768_469_400_123, -62_167_219_200_000, 253_402_207_200_000, 951_782_399_999] {
            let time = Timestamp::from_millisecond(milliseconds).expect("a time");
            assert_eq!(written(|writer| _ = writer.time(milliseconds)), format!("{time:.3}"));
        }
        assert_eq!(written(|writer| _ = writer.day(951_782_399_999)), "2000/02/28");
    }

    #[test]
    fn a_title_in_a_url_has_plus_signs() {
        assert_eq!(written(|writer| _ = writer.segment("1:1 Ana / Zoë+")), "1%3A1+Ana+%2F+Zo%C3%AB%2B");
    }
}
