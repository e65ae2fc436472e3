//! The encoding of public RSA keys in PEM files: `SubjectPublicKeyInfo` (RFC 5280, section 4.1) around `RSAPublicKey`
//! (RFC 8017, appendix A.1.1).

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;
/// The algorithm `rsaEncryption` without parameters, encoded.
const RSA_ENCRYPTION: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// Returns the modulus and the exponent of a public key; `None` if it is not an RSA key.
pub(super) fn read_public_key(info: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let (info, _) = element(SEQUENCE, info)?;
    let (bits, _) = element(BIT_STRING, info.strip_prefix(&RSA_ENCRYPTION)?)?;
    // The first byte is the number of unused bits.
    let (key, _) = element(SEQUENCE, bits.strip_prefix(&[0])?)?;
    let (modulus, rest) = element(INTEGER, key)?;
    let (exponent, _) = element(INTEGER, rest)?;
    let unsigned = |integer: &[u8]| integer.strip_prefix(&[0]).unwrap_or(integer).to_vec();
    Some((unsigned(modulus), unsigned(exponent)))
}

/// Encodes a public key.
pub(super) fn write_public_key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let integer = |unsigned: &[u8]| {
        let sign: &[u8] = if unsigned.first().is_some_and(|byte| byte & 0x80 != 0) { &[0] } else { &[] };
        encoded(INTEGER, &[sign, unsigned].concat())
    };
    let key = encoded(SEQUENCE, &[integer(modulus), integer(exponent)].concat());
    let bits = encoded(BIT_STRING, &[&[0], key.as_slice()].concat());
    encoded(SEQUENCE, &[RSA_ENCRYPTION.as_slice(), &bits].concat())
}

/// Splits the content of the first element, which must have this tag, from the rest.
fn element(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&first, rest) = bytes.strip_prefix(&[tag])?.split_first()?;
    let (length, rest) = if first < 0x80 {
        (usize::from(first), rest)
    } else {
        let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f).min(8))?;
        (length.iter().fold(0_usize, |length, byte| length << 8 | usize::from(*byte)), rest)
    };
    rest.split_at_checked(length)
}

fn encoded(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant = &length[length.iter().position(|&byte| byte != 0).unwrap_or(length.len() - 1)..];
    let mut bytes = vec![tag];
    if content.len() >= 0x80 {
        // A length has at most eight bytes.
        bytes.push(0x80 | u8::try_from(significant.len()).unwrap_or(8));
    }
    bytes.extend_from_slice(significant);
    bytes.extend_from_slice(content);
    bytes
}
