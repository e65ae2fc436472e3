//! Gzip (RFC 1952).

use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// The first bytes of everything that gzip compressed.
pub const MAGIC: &[u8] = &[0x1F, 0x8B];

const HEADER_CRC: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;

/// Decompresses the first member of gzip's format, if it is that and not larger than `limit` bytes then. The checksum at the
/// end is not read.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Python's `gzip.compress(b'{"a":1}\n', mtime=0)`, and the same from `gzip` with a file's name in it.
    const PLAIN: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x54\xb2\x32\xac\xe5\x02\x00\x46\xa3\xe8\x74\x08\x00\x00\x00";
    const NAMED: &[u8] = b"\x1f\x8b\x08\x08\xaa\x5f\x07\x6b\x00\x03\x62\x2e\x6a\x73\x6f\x6e\x00\xab\x56\x4a\x54\xb2\x32\xac\xe5\x02\x00\x46\xa3\xe8\x74\x08\x00\x00\x00";

    #[test]
    fn what_gzip_compressed_is_decompressed_up_to_the_limit() {
        for compressed in [PLAIN, NAMED] {
            assert_eq!(gunzip(compressed, 100).as_deref(), Some(&b"{\"a\":1}\n"[..]));
            assert_eq!(gunzip(compressed, 7), None);
            for length in 0..compressed.len() - 8 {
                assert_eq!(gunzip(&compressed[..length], 100), None, "{length}");
            }
        }
        assert_eq!(gunzip(b"{\"a\":1}", 100), None);
    }
}
