//! Encodings other than UTF-8, as platforms use them for a body or a secret. Each function returns `None` if the bytes would not
//! change.

use std::borrow::Cow;

/// The characters of Windows-1252 from 0x80 to 0x9F. From 0xA0 on, it equals Latin-1.
const WINDOWS_1252: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

type Encoded<'a> = Option<Cow<'a, [u8]>>;

/// Returns text with characters outside ASCII.
fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.is_ascii())
}

/// Encodes every character as one byte, or as a question mark.
fn in_bytes<'a>(bytes: &[u8], byte: impl Fn(char) -> Option<u8>) -> Encoded<'a> {
    Some(text(bytes)?.chars().map(|character| byte(character).unwrap_or(b'?')).collect::<Vec<_>>().into())
}

fn ascii_byte(character: char) -> Option<u8> {
    u8::try_from(character).ok().filter(u8::is_ascii)
}

/// Encodes as ASCII, with a question mark for each other character (Java, Python).
pub(super) fn ascii(bytes: &[u8]) -> Encoded<'_> {
    in_bytes(bytes, ascii_byte)
}

/// Encodes as ASCII, with a question mark for each UTF-16 unit: two for an emoji (.NET).
pub(super) fn ascii_by_unit(bytes: &[u8]) -> Encoded<'_> {
    let text = text(bytes).filter(|text| text.chars().any(|character| character.len_utf16() > 1))?;
    Some(text.encode_utf16().map(|unit| u8::try_from(unit).ok().filter(u8::is_ascii).unwrap_or(b'?')).collect())
}

/// Decodes UTF-8 as ASCII and encodes it again, with a question mark for each other byte (Java).
pub(super) fn ascii_by_byte(bytes: &[u8]) -> Encoded<'_> {
    text(bytes)?;
    Some(bytes.iter().map(|&byte| if byte.is_ascii() { byte } else { b'?' }).collect())
}

/// Encodes as ISO 8859-1, with a question mark for each other character.
pub(super) fn latin1(bytes: &[u8]) -> Encoded<'_> {
    in_bytes(bytes, |character| u8::try_from(character).ok())
}

/// Keeps the low byte of each UTF-16 unit (Node's `latin1` and `binary`).
pub(super) fn low_bytes(bytes: &[u8]) -> Encoded<'_> {
    let text = text(bytes).filter(|text| text.chars().any(|character| character > '\u{ff}'))?;
    Some(text.encode_utf16().map(|unit| unit.to_le_bytes()[0]).collect())
}

/// Encodes as Windows-1252, with a question mark for each other character.
pub(super) fn windows_1252(bytes: &[u8]) -> Encoded<'_> {
    in_bytes(bytes, |character| {
        let special = WINDOWS_1252.chars().zip(0x80..).find(|(special, _)| *special == character);
        special.map(|(_, byte)| byte).or_else(|| u8::try_from(character).ok())
    })
}

/// Encodes as little-endian UTF-16 (.NET's `Encoding.Unicode`).
pub(super) fn utf16_le(bytes: &[u8]) -> Encoded<'_> {
    Some(std::str::from_utf8(bytes).ok()?.encode_utf16().flat_map(u16::to_le_bytes).collect())
}

/// Encodes as big-endian UTF-16.
pub(super) fn utf16_be(bytes: &[u8]) -> Encoded<'_> {
    Some(std::str::from_utf8(bytes).ok()?.encode_utf16().flat_map(u16::to_be_bytes).collect())
}

/// Encodes as little-endian UTF-16 with a byte order mark (Python's `utf-16`).
pub(super) fn utf16_le_with_mark(bytes: &[u8]) -> Encoded<'_> {
    Some([b"\xFF\xFE", utf16_le(bytes)?.as_ref()].concat().into())
}

/// Encodes as big-endian UTF-16 with a byte order mark (Java's `UTF-16`).
pub(super) fn utf16_be_with_mark(bytes: &[u8]) -> Encoded<'_> {
    Some([b"\xFE\xFF", utf16_be(bytes)?.as_ref()].concat().into())
}

/// Decodes a UTF-16 file with a byte order mark, and removes the newline at its end.
pub(super) fn from_utf16(bytes: &[u8]) -> Encoded<'_> {
    let (rest, unit): (_, fn([u8; 2]) -> u16) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => (rest, u16::from_be_bytes),
        _ => return None,
    };
    let units: Vec<u16> = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    let text = String::from_utf16(&units).ok()?;
    Some(text.trim_end_matches(['\r', '\n']).as_bytes().to_vec().into())
}

/// Decodes UTF-16 and removes a byte order mark. Bytes that are valid UTF-8 are read as UTF-16 only if they contain zeros.
fn from_units<'a>(bytes: &[u8], mark: &[u8], unit: fn([u8; 2]) -> u16) -> Encoded<'a> {
    let is_utf8 = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
    let pairs = bytes.strip_prefix(mark).unwrap_or(bytes).chunks_exact(2);
    if is_utf8 || !pairs.remainder().is_empty() {
        return None;
    }
    let units: Vec<u16> = pairs.map(|pair| unit([pair[0], pair[1]])).collect();
    Some(String::from_utf16(&units).ok()?.into_bytes().into())
}

/// Decodes little-endian UTF-16, with or without a byte order mark.
pub(super) fn from_utf16_le(bytes: &[u8]) -> Encoded<'_> {
    from_units(bytes, b"\xFF\xFE", u16::from_le_bytes)
}

/// Decodes big-endian UTF-16, with or without a byte order mark.
pub(super) fn from_utf16_be(bytes: &[u8]) -> Encoded<'_> {
    from_units(bytes, b"\xFE\xFF", u16::from_be_bytes)
}

/// Decodes bytes that are not UTF-8, one character for each byte.
fn from_bytes<'a>(bytes: &[u8], read: impl Fn(u8) -> char) -> Encoded<'a> {
    std::str::from_utf8(bytes).is_err().then(|| bytes.iter().copied().map(read).collect::<String>().into_bytes().into())
}

/// Decodes Latin-1.
pub(super) fn from_latin1(bytes: &[u8]) -> Encoded<'_> {
    from_bytes(bytes, char::from)
}

/// Decodes Windows-1252, if the result differs from Latin-1.
pub(super) fn from_windows_1252(bytes: &[u8]) -> Encoded<'_> {
    let is_special = bytes.iter().any(|byte| (0x80..0xA0).contains(byte));
    is_special.then(|| from_bytes(bytes, windows_1252_character))?
}

/// Returns the character of a byte in Windows-1252.
fn windows_1252_character(byte: u8) -> char {
    let special = WINDOWS_1252.chars().nth(usize::from(byte).wrapping_sub(0x80));
    special.filter(|_| byte < 0xA0).unwrap_or(char::from(byte))
}

/// Reverts double encoding: UTF-8 that was decoded as Latin-1 (`Ã©` becomes `é`).
pub(super) fn from_double_utf8(bytes: &[u8]) -> Encoded<'_> {
    latin1(bytes).filter(|once| is_utf8_text(once))
}

/// Reverts double encoding: UTF-8 that was decoded as Windows-1252, if the result differs from Latin-1.
pub(super) fn from_double_utf8_by_windows(bytes: &[u8]) -> Encoded<'_> {
    windows_1252(bytes).filter(|once| is_utf8_text(once) && latin1(bytes).as_ref() != Some(once))
}

/// Encodes as Latin-1, unless the result is UTF-8: then the text was encoded twice.
pub(super) fn latin1_text(bytes: &[u8]) -> Encoded<'_> {
    latin1(bytes).filter(|once| !is_utf8_text(once))
}

/// Encodes as Windows-1252, unless the result is UTF-8: then the text was encoded twice.
pub(super) fn windows_1252_text(bytes: &[u8]) -> Encoded<'_> {
    windows_1252(bytes).filter(|once| !is_utf8_text(once))
}

/// Returns whether this is UTF-8 with characters outside ASCII.
fn is_utf8_text(bytes: &[u8]) -> bool {
    text(bytes).is_some()
}

/// Encodes twice: decodes UTF-8 as Latin-1 and encodes it again (`é` becomes `Ã©`).
pub(super) fn double_utf8(bytes: &[u8]) -> Encoded<'_> {
    text(bytes)?;
    Some(bytes.iter().map(|&byte| char::from(byte)).collect::<String>().into_bytes().into())
}

/// Encodes twice: decodes UTF-8 as Windows-1252 and encodes it again.
pub(super) fn double_utf8_by_windows(bytes: &[u8]) -> Encoded<'_> {
    text(bytes)?;
    Some(bytes.iter().copied().map(windows_1252_character).collect::<String>().into_bytes().into())
}

/// Decodes as UTF-8, with U+FFFD for invalid bytes.
pub(super) fn lossy_utf8(bytes: &[u8]) -> Encoded<'_> {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text.into_bytes().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Encode = fn(&[u8]) -> Encoded<'_>;

    /// The expected bytes are the output of Python (`'é€😀'.encode(…)`), Node (`Buffer.from(…, 'latin1')`) and .NET
    /// (`Encoding.ASCII`).
    #[test]
    fn text_is_encoded_as_platforms_encode_it() {
        let text = "é€😀".as_bytes();
        let cases: [(Encode, &[u8]); 10] = [
            (ascii, b"???"),
            (ascii_by_unit, b"????"),
            (ascii_by_byte, b"?????????"),
            (latin1, b"\xe9??"),
            (low_bytes, b"\xe9\xac\x3d\x00"),
            (windows_1252, b"\xe9\x80?"),
            (utf16_le, b"\xe9\x00\xac\x20\x3d\xd8\x00\xde"),
            (utf16_be_with_mark, b"\xfe\xff\x00\xe9\x20\xac\xd8\x3d\xde\x00"),
            (double_utf8, b"\xc3\x83\xc2\xa9\xc3\xa2\xc2\x82\xc2\xac\xc3\xb0\xc2\x9f\xc2\x98\xc2\x80"),
            (
                double_utf8_by_windows,
                b"\xc3\x83\xc2\xa9\xc3\xa2\xe2\x80\x9a\xc2\xac\xc3\xb0\xc5\xb8\xcb\x9c\xe2\x82\xac",
            ),
        ];
        for (index, (encode, expected)) in cases.into_iter().enumerate() {
            assert_eq!(encode(text).as_deref(), Some(expected), "{index}");
        }
        let text = "é€".as_bytes();
        for (decode, bytes) in [
            (from_utf16_le as Encode, &b"\xe9\x00\xac\x20"[..]),
            (from_utf16_le, b"\xff\xfe\xe9\x00\xac\x20"),
            (from_utf16_be, b"\x00\xe9\x20\xac"),
            (from_windows_1252, b"\xe9\x80"),
            (from_double_utf8, b"\xc3\x83\xc2\xa9\xc3\xa2\xc2\x82\xc2\xac"),
            (from_double_utf8_by_windows, b"\xc3\x83\xc2\xa9\xc3\xa2\xe2\x80\x9a\xc2\xac"),
        ] {
            assert_eq!(decode(bytes).as_deref(), Some(text), "{bytes:x?}");
        }
        assert_eq!(from_latin1(b"\xe9").as_deref(), Some("é".as_bytes()));
        assert!(latin1_text("Ã©".as_bytes()).is_none() && windows_1252_text("Ã©".as_bytes()).is_none());
        assert_eq!(from_utf16(b"\xff\xfes\x00\r\x00\n\x00").as_deref(), Some(&b"s"[..]));
        assert_eq!(lossy_utf8(b"a\xffb").as_deref(), Some("a\u{fffd}b".as_bytes()));
        assert!(ascii(b"plain").is_none() && low_bytes("é".as_bytes()).is_none());
    }
}
