//! JSON Pointers (RFC 6901).

use std::borrow::Cow;

/// Appends one step to a JSON Pointer (RFC 6901).
pub fn push_step(pointer: &mut String, key: &str) {
    pointer.push('/');
    pointer.push_str(&escape_step(key));
}

/// Returns a key as a step of a JSON Pointer.
pub fn escape_step(key: &str) -> Cow<'_, str> {
    if key.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        key.replace('~', "~0").replace('/', "~1").into()
    } else {
        key.into()
    }
}
