//! HTTP/1.1 messages as bytes.

use super::headers::Headers;

/// Returns an HTTP message: the parts of its first line, the header fields, an empty line and the body.
pub(super) fn write(first_line: &[&str], headers: &Headers, body: &[u8]) -> Vec<u8> {
    let first: usize = first_line.iter().map(|part| part.len()).sum();
    let fields: usize = headers.iter().map(|(name, value)| name.len() + value.len() + ": \r\n".len()).sum();
    // One allocation, because a receiver may save every request.
    let mut message = Vec::with_capacity(first + fields + "\r\n\r\n".len() + body.len());
    for part in first_line {
        message.extend_from_slice(part.as_bytes());
    }
    message.extend_from_slice(b"\r\n");
    for (name, value) in headers.iter() {
        for part in [name.as_bytes(), b": ", value, b"\r\n"] {
            message.extend_from_slice(part);
        }
    }
    message.extend_from_slice(b"\r\n");
    message.extend_from_slice(body);
    message
}
