//! Gzip (RFC 1952).

use std::io::{self, BufRead, Read};

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};

/// The first bytes of gzip data.
pub const MAGIC: &[u8] = &[0x1F, 0x8B];

const HEADER_CRC: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;

/// Decompresses the first member of gzip data, without checking its checksum. Returns `None` if the data is invalid or the
/// result is larger than `limit` bytes.
pub fn gunzip(compressed: &[u8], limit: usize) -> Option<Vec<u8>> {
    let [method, flags, _, _, _, _, _, _, rest @ ..] = compressed.strip_prefix(MAGIC)? else { return None };
    let mut rest = rest;
    if *method != 8 {
        return None;
    }
    if flags & EXTRA != 0 {
        let (length, after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_le_bytes(*length))..)?;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            rest = &rest[memchr::memchr(0, rest)? + 1..];
        }
    }
    if flags & HEADER_CRC != 0 {
        rest = rest.get(2..)?;
    }
    decompress_to_vec_with_limit(rest, limit).ok()
}

/// Compresses to one gzip member without a file name and a time.
pub fn gzip(plain: &[u8]) -> Vec<u8> {
    const LEVEL: u8 = 6;
    let header = [MAGIC, &[8, 0, 0, 0, 0, 0, 0, 255]].concat();
    #[allow(clippy::cast_possible_truncation, reason = "RFC 1952 stores the length modulo 2^32")]
    let length = plain.len() as u32;
    [&header[..], &compress_to_vec(plain, LEVEL), &crc32(plain).to_le_bytes(), &length.to_le_bytes()].concat()
}

/// Returns the CRC-32 of RFC 1952, section 8.
fn crc32(bytes: &[u8]) -> u32 {
    const POLYNOMIAL: u32 = 0xEDB8_8320;
    let add = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ if sum & 1 == 1 { POLYNOMIAL } else { 0 })
    };
    !bytes.iter().fold(u32::MAX, add)
}

/// Decompresses gzip data while it is read, including files with several members.
pub struct GzipReader<R> {
    reader: R,
    state: Box<InflateState>,
    /// The decompressed length of the current member so far. The trailer of the member must state it.
    length: Option<u32>,
}

impl<R: BufRead> GzipReader<R> {
    /// Creates a reader. The first byte must be the start of a member.
    pub fn new(reader: R) -> Self {
        Self { reader, state: InflateState::new_boxed(DataFormat::Raw), length: None }
    }

    /// Starts the next member. Returns `false` at the end of the data.
    fn start_member(&mut self) -> io::Result<bool> {
        if self.reader.fill_buf()?.is_empty() {
            return Ok(false);
        }
        skip_header(&mut self.reader)?;
        self.state.reset(DataFormat::Raw);
        self.length = Some(0);
        Ok(true)
    }

    fn end_member(&mut self) -> io::Result<()> {
        let mut end = [0; 8];
        self.reader.read_exact(&mut end)?;
        let [.., a, b, c, d] = end;
        if self.length.take() == Some(u32::from_le_bytes([a, b, c, d])) { Ok(()) } else { Err(damaged()) }
    }
}

impl<R: BufRead> Read for GzipReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let Some(length) = self.length else {
                if self.start_member()? {
                    continue;
                }
                return Ok(0);
            };
            let compressed = self.reader.fill_buf()?;
            let step = inflate(&mut self.state, compressed, buffer, MZFlush::None);
            self.reader.consume(step.bytes_consumed);
            let written = step.bytes_written;
            let has_progress = step.bytes_consumed + written > 0;
            self.length = Some(length.wrapping_add(u32::try_from(written).unwrap_or(u32::MAX)));
            match step.status {
                Ok(MZStatus::StreamEnd) => self.end_member()?,
                Ok(_) | Err(MZError::Buf) if has_progress => {}
                Ok(_) | Err(MZError::Buf) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Err(_) => return Err(damaged()),
            }
            if written > 0 || buffer.is_empty() {
                return Ok(written);
            }
        }
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the gzip data is damaged")
}

/// Skips the header of a member.
fn skip_header(reader: &mut impl BufRead) -> io::Result<()> {
    let mut start = [0; 10];
    reader.read_exact(&mut start)?;
    let [magic @ .., method, flags, _, _, _, _, _, _] = start;
    if magic != *MAGIC || method != 8 {
        return Err(damaged());
    }
    if flags & EXTRA != 0 {
        let mut length = [0; 2];
        reader.read_exact(&mut length)?;
        io::copy(&mut reader.take(u16::from_le_bytes(length).into()), &mut io::sink())?;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            reader.skip_until(0)?;
        }
    }
    if flags & HEADER_CRC != 0 {
        reader.read_exact(&mut [0; 2])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The output of Python's `gzip.compress(b'{"a":1}\n', mtime=0)`, and of `gzip`, which adds the file name.
    const PLAIN: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x54\xb2\x32\xac\xe5\x02\x00\x46\xa3\xe8\x74\x08\x00\x00\x00";
    const NAMED: &[u8] = b"\x1f\x8b\x08\x08\xaa\x5f\x07\x6b\x00\x03\x62\x2e\x6a\x73\x6f\x6e\x00\xab\x56\x4a\x54\xb2\x32\xac\xe5\x02\x00\x46\xa3\xe8\x74\x08\x00\x00\x00";

    #[test]
    fn gzip_data_is_decompressed_up_to_the_limit() {
        for compressed in [PLAIN, NAMED] {
            assert_eq!(gunzip(compressed, 100).as_deref(), Some(&b"{\"a\":1}\n"[..]));
            assert_eq!(gunzip(compressed, 7), None);
            for length in 0..compressed.len() - 8 {
                assert_eq!(gunzip(&compressed[..length], 100), None, "{length}");
            }
        }
        assert_eq!(gunzip(b"{\"a\":1}", 100), None);
    }

    #[test]
    fn compressed_data_decompresses_to_the_original() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        for plain in [&b""[..], b"{\"a\":1}\n", &[7; 10_000]] {
            let mut read = Vec::new();
            GzipReader::new(&gzip(plain)[..]).read_to_end(&mut read).expect("it is whole");
            assert_eq!(read, plain);
            assert_eq!(gunzip(&gzip(plain), plain.len()).as_deref(), Some(plain));
        }
    }

    #[test]
    fn members_are_read_one_after_another_and_damage_is_an_error() {
        let read = |compressed: &[u8]| {
            let mut text = String::new();
            GzipReader::new(io::BufReader::with_capacity(3, compressed)).read_to_string(&mut text).map(|_| text)
        };
        assert_eq!(read(&[PLAIN, NAMED].concat()).expect("it is whole"), "{\"a\":1}\n{\"a\":1}\n");
        assert_eq!(read(b"").expect("there is nothing"), "");
        for length in 1..PLAIN.len() {
            assert!(read(&PLAIN[..length]).is_err(), "{length}");
        }
        assert!(read(b"{\"a\":1}{\"a\":1}").is_err());
        let mut damaged = PLAIN.to_vec();
        damaged[PLAIN.len() - 4] ^= 1;
        assert!(read(&damaged).is_err(), "another length");
    }
}
