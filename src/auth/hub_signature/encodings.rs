//! Text in other encodings than UTF-8: what platforms make of a body or a secret that they hold as text. Each function
//! returns `None` where nothing changes.

use std::borrow::Cow;

/// The characters of Windows-1252 from 0x80 to 0x9F; from 0xA0 on they are those of Latin-1.
const WINDOWS_1252: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

type Encoded<'a> = Option<Cow<'a, [u8]>>;

/// Text with something to encode.
fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.is_ascii())
}

/// Every character as one byte, or as a question mark.
fn in_bytes<'a>(bytes: &[u8], byte: impl Fn(char) -> Option<u8>) -> Encoded<'a> {
    Some(text(bytes)?.chars().map(|character| byte(character).unwrap_or(b'?')).collect::<Vec<_>>().into())
}

fn ascii_byte(character: char) -> Option<u8> {
    u8::try_from(character).ok().filter(u8::is_ascii)
}

/// Java and Python: a question mark for each character.
pub(super) fn ascii(bytes: &[u8]) -> Encoded<'_> {
    in_bytes(bytes, ascii_byte)
}

/// .NET: a question mark for each unit of UTF-16, two for an emoji.
pub(super) fn ascii_by_unit(bytes: &[u8]) -> Encoded<'_> {
    let text = text(bytes).filter(|text| text.chars().any(|character| character.len_utf16() > 1))?;
    Some(text.encode_utf16().map(|unit| u8::try_from(unit).ok().filter(u8::is_ascii).unwrap_or(b'?')).collect())
}

/// Java, which decodes UTF-8 as ASCII before it encodes it again: a question mark for each byte.
pub(super) fn ascii_by_byte(bytes: &[u8]) -> Encoded<'_> {
    text(bytes)?;
    Some(bytes.iter().map(|&byte| if byte.is_ascii() { byte } else { b'?' }).collect())
}

/// ISO 8859-1, with question marks for what it lacks.
pub(super) fn latin1(bytes: &[u8]) -> Encoded<'_> {
    in_bytes(bytes, |character| u8::try_from(character).ok())
}

/// Node's `latin1` and `binary`: the low byte of each unit of UTF-16.
pub(super) fn low_bytes(bytes: &[u8]) -> Encoded<'_> {
    let text = text(bytes).filter(|text| text.chars().any(|character| character > '\u{ff}'))?;
    Some(text.encode_utf16().map(|unit| unit.to_le_bytes()[0]).collect())
}

/// Windows-1252, with question marks for what it lacks.
pub(super) fn windows_1252(bytes: &[u8]) -> Encoded<'_> {
    in_bytes(bytes, |character| {
        let special = WINDOWS_1252.chars().zip(0x80..).find(|(special, _)| *special == character);
        special.map(|(_, byte)| byte).or_else(|| u8::try_from(character).ok())
    })
}

/// Little-endian, as .NET's `Encoding.Unicode` has it.
pub(super) fn utf16_le(bytes: &[u8]) -> Encoded<'_> {
    Some(std::str::from_utf8(bytes).ok()?.encode_utf16().flat_map(u16::to_le_bytes).collect())
}

/// Big-endian.
pub(super) fn utf16_be(bytes: &[u8]) -> Encoded<'_> {
    Some(std::str::from_utf8(bytes).ok()?.encode_utf16().flat_map(u16::to_be_bytes).collect())
}

/// Little-endian with a byte order mark, as Python's `utf-16` has it.
pub(super) fn utf16_le_with_mark(bytes: &[u8]) -> Encoded<'_> {
    Some([b"\xFF\xFE", utf16_le(bytes)?.as_ref()].concat().into())
}

/// Big-endian with a byte order mark, as Java's `UTF-16` has it.
pub(super) fn utf16_be_with_mark(bytes: &[u8]) -> Encoded<'_> {
    Some([b"\xFE\xFF", utf16_be(bytes)?.as_ref()].concat().into())
}

/// The text of a file in UTF-16 with a byte order mark, as UTF-8 without a line end.
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

/// UTF-8 that is read as Latin-1 and written as UTF-8 again: `Ã©` for `é`.
pub(super) fn double_utf8(bytes: &[u8]) -> Encoded<'_> {
    text(bytes)?;
    Some(bytes.iter().map(|&byte| char::from(byte)).collect::<String>().into_bytes().into())
}

/// UTF-8 that is read as Windows-1252 and written as UTF-8 again.
pub(super) fn double_utf8_by_windows(bytes: &[u8]) -> Encoded<'_> {
    text(bytes)?;
    let special: Vec<char> = WINDOWS_1252.chars().collect();
    let read = |&byte: &u8| match byte {
        0x80..=0x9F => special[usize::from(byte - 0x80)],
        _ => char::from(byte),
    };
    Some(bytes.iter().map(read).collect::<String>().into_bytes().into())
}

/// Bytes that are not UTF-8, after they were decoded as such: U+FFFD for what is invalid.
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

    /// What Python printed for `'é€😀'.encode(…)`, Node for `Buffer.from(…, 'latin1')` and .NET for `Encoding.ASCII`.
    #[test]
    fn as_platforms_encode_it() {
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
        assert_eq!(from_utf16(b"\xff\xfes\x00\r\x00\n\x00").as_deref(), Some(&b"s"[..]));
        assert_eq!(lossy_utf8(b"a\xffb").as_deref(), Some("a\u{fffd}b".as_bytes()));
        assert!(ascii(b"plain").is_none() && low_bytes("é".as_bytes()).is_none());
    }
}
