//! JSON Pointers (RFC 6901).

/// Appends one step to a JSON Pointer (RFC 6901).
pub fn push_step(pointer: &mut String, key: &str) {
    pointer.push('/');
    if key.bytes().any(|byte| matches!(byte, b'~' | b'/')) {
        pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(key);
    }
}
