//! A JSON reader that reads one token at a time.

use std::borrow::Cow;
use std::fmt::Display;
use std::ops::Range;

use super::error::SyntaxError;
use super::pitfall::{Pitfall, PitfallKind};
use super::span::MAX_LENGTH;
use super::tree::Value;

type Result<T> = std::result::Result<T, SyntaxError>;

/// The maximum nesting depth of arrays and objects.
const MAX_DEPTH: usize = 128;

const WORDS: [(&str, Value<'_>); 3] =
    [("null", Value::Null), ("true", Value::Boolean(true)), ("false", Value::Boolean(false))];

/// Reads JSON (RFC 8259).
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    offset: usize,
    depth: usize,
    pitfalls: Vec<Pitfall>,
}

impl<'a> Reader<'a> {
    /// Creates a reader at the first byte of a body.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is empty, is not UTF-8, or has a byte order mark.
    pub fn new(body: &'a [u8]) -> Result<Self> {
        let refuse = |message: &str, help| Err(SyntaxError::new(0, message, help));
        match body {
            _ if body.trim_ascii().is_empty() => refuse("the body is empty", None),
            _ if body.len() > MAX_LENGTH => refuse("the body is larger than 4 GiB", None),
            [0xEF, 0xBB, 0xBF, ..] => {
                let help = Some("save it as UTF-8 without a byte order mark");
                Err(SyntaxError { span: 0..3, ..SyntaxError::new(0, "the body starts with a byte order mark", help) })
            }
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'{' | b'[', 0, ..] | [0, b'{' | b'[', ..] => {
                refuse("the body is in UTF-16", Some("send JSON in UTF-8"))
            }
            _ => match (compression(body), simdutf8::basic::from_utf8(body)) {
                (Some(name), _) => refuse(&format!("the body is compressed with {name}"), Some(DECOMPRESS)),
                (None, Ok(text)) => Ok(Self { text, offset: 0, depth: 0, pitfalls: Vec::new() }),
                (None, Err(_)) => Err(not_utf8(body)),
            },
        }
    }

    /// Returns the offset of the next byte.
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// Returns the pitfalls so far, at most one for each token.
    pub fn into_pitfalls(self) -> Vec<Pitfall> {
        self.pitfalls
    }

    /// Skips white space and returns the first byte of the next token.
    pub fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.offset += 1;
        }
        self.byte()
    }

    /// Reads an array. `item` is called before each item and must read it.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not an array or if `item` fails.
    pub fn array<E: From<SyntaxError>>(
        &mut self,
        item: impl FnMut(&mut Self) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.sequence(b']', "an array", "expected `,` or `]`", item)
    }

    /// Reads an object. `member` is called with each key and its position, and must read the value.
    ///
    /// # Errors
    ///
    /// Returns an error if the text is not an object or if `member` fails.
    pub fn object<E: From<SyntaxError>>(
        &mut self,
        mut member: impl FnMut(&mut Self, Cow<'a, str>, Range<usize>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.sequence(b'}', "an object", "expected `,` or `}`", |reader| {
            if reader.peek() != Some(b'"') {
                return Err(reader.unexpected("an object", "a key must be a string").into());
            }
            let start = reader.offset;
            let key = reader.string()?;
            let span = start..reader.offset;
            if reader.peek() != Some(b':') {
                return Err(reader.unexpected("an object", "expected `:`").into());
            }
            reader.offset += 1;
            member(reader, key, span)
        })
    }

    /// Reads a string, a number, `true`, `false` or `null`.
    ///
    /// # Errors
    ///
    /// Returns an error if the next token is anything else.
    pub fn scalar(&mut self) -> Result<Value<'a>> {
        match self.peek() {
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            _ => self.word(),
        }
    }

    /// Reads and discards a value of any type.
    ///
    /// # Errors
    ///
    /// Returns an error if the value is not JSON.
    pub fn skip_value(&mut self) -> Result<()> {
        match self.peek() {
            Some(b'{') => self.object(|reader, _, _| reader.skip_value()),
            Some(b'[') => self.array(Self::skip_value),
            _ => self.scalar().map(drop),
        }
    }

    /// Checks that only white space follows.
    ///
    /// # Errors
    ///
    /// Returns an error if other text follows.
    pub fn end(&mut self) -> Result<()> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(SyntaxError::grammar(
                self.offset,
                "text follows the end of the value",
                Some("write one JSON value, or write several bodies to an .ndjson file, one on each line"),
            )),
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied()
    }

    fn error(&self, message: impl Display) -> SyntaxError {
        SyntaxError::grammar(self.offset, message, None)
    }

    /// Returns the error for an unexpected byte, or for an unexpected end.
    fn unexpected(&self, within: &str, message: &str) -> SyntaxError {
        if self.offset < self.text.len() {
            return self.error(message);
        }
        let last = self.text.trim_ascii_end().len().saturating_sub(1);
        SyntaxError::grammar(
            last,
            format_args!("it ends in the middle of {within}"),
            Some("check whether the body was truncated"),
        )
    }

    fn sequence<E: From<SyntaxError>>(
        &mut self,
        end: u8,
        noun: &str,
        expected: &str,
        mut item: impl FnMut(&mut Self) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        if self.depth == MAX_DEPTH {
            let help = Some("nest arrays and objects at most 128 levels deep");
            return Err(SyntaxError::grammar(self.offset, "it is nested too deeply", help).into());
        }
        self.depth += 1;
        self.offset += 1;
        let mut is_first = true;
        loop {
            match self.peek() {
                Some(byte) if byte == end => break,
                Some(_) if is_first => is_first = false,
                Some(b',') => {
                    self.offset += 1;
                    if self.peek() == Some(end) {
                        return Err(self.error("trailing comma").into());
                    }
                }
                _ => return Err(self.unexpected(noun, expected).into()),
            }
            item(self)?;
        }
        self.offset += 1;
        self.depth -= 1;
        Ok(())
    }

    #[cold]
    fn word(&mut self) -> Result<Value<'a>> {
        let rest = &self.text[self.offset..];
        if let Some((word, value)) = WORDS.into_iter().find(|(word, _)| rest.starts_with(word)) {
            self.offset += word.len();
            return Ok(value);
        }
        if WORDS.iter().any(|(word, _)| word.starts_with(rest)) {
            self.offset = self.text.len();
        }
        Err(self.unexpected("a value", "expected an object, an array, a string, a number, `true`, `false` or `null`"))
    }

    /// Reads a string. The next byte must be its opening quote.
    ///
    /// # Errors
    ///
    /// Returns an error if the string is not closed, or has an invalid escape or a control character.
    pub fn string(&mut self) -> Result<Cow<'a, str>> {
        match self.plain_string() {
            Some(plain) => Ok(Cow::Borrowed(plain)),
            None => self.escaped_string().map(Cow::Owned),
        }
    }

    /// Reads a string without escapes, or nothing if the string has some. Most strings have no escapes, and this small result fits
    /// in registers.
    #[inline(never)]
    fn plain_string(&mut self) -> Option<&'a str> {
        let start = self.offset + 1;
        let end = start + plain_length(&self.text.as_bytes()[start..]);
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return None;
        }
        self.offset = end + 1;
        Some(&self.text[start..end])
    }

    #[cold]
    fn escaped_string(&mut self) -> Result<String> {
        let mut decoded = String::new();
        self.offset += 1;
        let mut has_pitfall = false;
        loop {
            let start = self.offset;
            self.offset += plain_length(&self.text.as_bytes()[start..]);
            decoded.push_str(&self.text[start..self.offset]);
            match self.byte() {
                Some(b'"') => {
                    self.offset += 1;
                    return Ok(decoded);
                }
                Some(b'\\') => {
                    let start = self.offset;
                    self.offset += 1;
                    let character = self.escape()?;
                    if character.is_none() && !std::mem::replace(&mut has_pitfall, true) {
                        let span = start..self.offset;
                        self.pitfalls.push(Pitfall { kind: PitfallKind::UnpairedSurrogate, span });
                    }
                    decoded.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                _ => return Err(self.unexpected("a string", "a control character in a string must be escaped")),
            }
        }
    }

    /// Reads an escape after its backslash. Returns `None` for an unpaired surrogate.
    fn escape(&mut self) -> Result<Option<char>> {
        let character = match self.byte() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return Err(self.unexpected("a string", "invalid escape")),
        };
        self.offset += 1;
        Ok(Some(character))
    }

    fn unicode_escape(&mut self) -> Result<Option<char>> {
        let first = self.code_unit()?;
        let end = self.offset;
        let is_leading = (0xD800..0xDC00).contains(&first);
        if is_leading && self.text[end..].starts_with("\\u") {
            self.offset += 1;
            let second = self.code_unit()?;
            if let Some(Ok(character)) = char::decode_utf16([first, second]).next() {
                return Ok(Some(character));
            }
            // The second escape is a separate character.
            self.offset = end;
        }
        Ok(char::from_u32(first.into()))
    }

    /// Reads a `u` and four hex digits.
    fn code_unit(&mut self) -> Result<u16> {
        let start = self.offset + 1;
        let digits = self.text.as_bytes()[start..].iter().take(4).take_while(|byte| byte.is_ascii_hexdigit()).count();
        self.offset = start + digits;
        if digits < 4 {
            return Err(self.unexpected("a string", "invalid escape"));
        }
        u16::from_str_radix(&self.text[start..self.offset], 16).map_err(|_| self.error("invalid escape"))
    }

    fn number(&mut self) -> Result<&'a str> {
        let start = self.offset;
        self.skip(b"-");
        if !self.skip(b"0") {
            self.digits()?;
        } else if self.byte().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(self.error("invalid number"));
        }
        if self.skip(b".") {
            self.digits()?;
        }
        let has_exponent = self.skip(b"eE");
        if has_exponent {
            self.skip(b"+-");
            self.digits()?;
        }
        let number = &self.text[start..self.offset];
        // Every number of up to 308 digits fits a double.
        if (has_exponent || number.len() > 300) && number.parse().is_ok_and(f64::is_infinite) {
            self.pitfalls.push(Pitfall { kind: PitfallKind::NumberRange, span: start..self.offset });
        }
        Ok(number)
    }

    /// Reads at least one digit.
    fn digits(&mut self) -> Result<()> {
        let rest = &self.text.as_bytes()[self.offset..];
        let count = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.offset += count;
        if count == 0 { Err(self.unexpected("a number", "invalid number")) } else { Ok(()) }
    }

    /// Skips the next byte if it is one of these.
    fn skip(&mut self, bytes: &[u8]) -> bool {
        let found = self.byte().is_some_and(|byte| bytes.contains(&byte));
        self.offset += usize::from(found);
        found
    }
}

/// Returns the number of bytes before the first quote, backslash or control character. It checks eight bytes at a time:
/// subtracting a limit sets the high bit of every byte below the limit.
fn plain_length(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let (chunks, rest) = bytes.as_chunks::<8>();
    for (index, chunk) in chunks.iter().enumerate() {
        let word = u64::from_le_bytes(*chunk);
        let below = |word: u64, limit: u8| word.wrapping_sub(ONES * u64::from(limit)) & !word;
        let equal = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
        let ends = (below(word, b' ') | equal(b'"') | equal(b'\\')) & (ONES << 7);
        if ends != 0 {
            return index * 8 + ends.trailing_zeros() as usize / 8;
        }
    }
    let ends = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1F);
    chunks.len() * 8 + rest.iter().position(ends).unwrap_or(rest.len())
}

const DECOMPRESS: &str = "send the body uncompressed, or decompress it first";

/// Detects compression by the first bytes: gzip (RFC 1952), zlib (RFC 1950), zstd (RFC 8878).
const fn compression(body: &[u8]) -> Option<&'static str> {
    match body {
        [0x1F, 0x8B, ..] => Some("gzip"),
        [0x78, 0x01 | 0x5E | 0x9C | 0xDA, ..] => Some("zlib (deflate)"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Some("zstd"),
        _ => None,
    }
}

fn not_utf8(body: &[u8]) -> SyntaxError {
    let offset = std::str::from_utf8(body).map_or_else(|error| error.valid_up_to(), str::len);
    let byte = body.get(offset).copied().unwrap_or_default();
    // Brotli has no signature at its start.
    let is_text = body.trim_ascii_start().first().is_some_and(|byte| b"{[\"-0123456789tfn".contains(byte));
    let help = (!is_text)
        .then_some("the body may be compressed, for example with brotli: send it uncompressed, or decompress it first");
    SyntaxError::new(offset, format!("the body is not UTF-8: byte 0x{byte:02x} at offset {offset}"), help)
}
