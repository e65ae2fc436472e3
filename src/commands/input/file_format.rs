//! The formats of input files.

use std::path::Path;

use anyhow::{Context, bail};
use serde::de::IgnoredAny;

use crate::store::capture_format;

/// The ending of the file name of a saved response.
pub const RESPONSE_EXTENSION: &str = "response.http";

/// The format of an input file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// One body.
    Body,
    /// One body on each line.
    Lines,
    /// A whole request.
    Capture,
    /// A list of requests, as HAR.
    Archive,
}

impl FileFormat {
    /// Returns the format of a file with this name.
    pub fn from_path(path: &Path) -> Self {
        Self::from_extension(path).unwrap_or(Self::Body)
    }

    /// Returns the format of a file extension.
    pub(super) fn from_extension(path: &Path) -> Option<Self> {
        let path = uncompressed(path).unwrap_or(path);
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "json" => Some(Self::Body),
            "ndjson" | "jsonl" => Some(Self::Lines),
            capture_format::EXTENSION => Some(Self::Capture),
            "har" => Some(Self::Archive),
            _ => None,
        }
    }

    /// Returns whether a folder walk includes a file with this name. Saved responses are not included.
    pub(super) fn is_in_folder(path: &Path) -> bool {
        let name = uncompressed(path).unwrap_or(path).file_name().unwrap_or_default().to_string_lossy();
        let is_response = name.to_ascii_lowercase().ends_with(&format!(".{RESPONSE_EXTENSION}"));
        !is_response && Self::from_extension(path).is_some()
    }

    pub(super) fn from_content(bytes: &[u8]) -> Self {
        if capture_format::is_capture(bytes) {
            return Self::Capture;
        }
        let (line, rest) = bytes.split_at(bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len()));
        let is_one_of_many = line.trim_ascii_start().starts_with(b"{")
            && !rest.trim_ascii().is_empty()
            && serde_json::from_slice::<IgnoredAny>(line).is_ok();
        if is_one_of_many { Self::Lines } else { Self::Body }
    }
}

/// Returns the name without `.gz`, if it has this ending.
fn uncompressed(path: &Path) -> Option<&Path> {
    let is_gzip = path.extension()?.eq_ignore_ascii_case("gz");
    path.file_stem().map(Path::new).filter(|_| is_gzip)
}

/// Returns whether this is the name of a gzip-compressed file in one of our formats.
pub(super) fn is_compressed(path: &Path) -> bool {
    uncompressed(path).is_some_and(|name| FileFormat::from_extension(name).is_some())
}

/// Returns whether this is `-`.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Returns the text of a file, without a byte order mark.
///
/// # Errors
/// Returns an error if the text is not UTF-8. The error for UTF-16 is separate, because some editors and shells write it.
pub fn utf8(bytes: &[u8]) -> anyhow::Result<&str> {
    if capture_format::is_utf16(bytes) {
        bail!("it is in UTF-16; save it as UTF-8");
    }
    // A byte order mark is not part of the text.
    let bytes = capture_format::without_byte_order_mark(bytes);
    std::str::from_utf8(bytes).context("it is not UTF-8")
}
