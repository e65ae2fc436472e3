//! What a file holds.

use std::path::Path;

use serde::de::IgnoredAny;

use crate::store::captures;

/// The extensions of the files that folders are searched for.
const EXTENSIONS: [&str; 4] = ["json", "ndjson", "jsonl", captures::EXTENSION];

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// One body.
    Body,
    /// One body on each line.
    Lines,
    /// A whole request.
    Capture,
}

impl FileFormat {
    /// The format of a file of this name.
    #[must_use]
    pub fn from_path(path: &Path) -> Self {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("ndjson" | "jsonl") => Self::Lines,
            Some(captures::EXTENSION) => Self::Capture,
            _ => Self::Body,
        }
    }

    pub(super) fn from_content(bytes: &[u8]) -> Self {
        if captures::is_capture(bytes) {
            return Self::Capture;
        }
        let (line, rest) = bytes.split_at(bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len()));
        let is_one_of_many = line.trim_ascii_start().starts_with(b"{")
            && !rest.trim_ascii().is_empty()
            && serde_json::from_slice::<IgnoredAny>(line).is_ok();
        if is_one_of_many { Self::Lines } else { Self::Body }
    }
}

/// Is this `-`?
#[must_use]
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Does a search of folders find a file of this name?
pub(super) fn has_known_extension(path: &Path) -> bool {
    path.extension().and_then(|extension| extension.to_str()).is_some_and(|extension| EXTENSIONS.contains(&extension))
}
