//! FILE, folder or `-` becomes deliveries. The rule is the same for every command:
//!
//! - a name that ends in `.http` is a whole delivery, a capture; in `.ndjson` or `.jsonl`, one body a line;
//! - anything else is one body, every byte of it;
//! - `-` is stdin, and goes by its content: a capture when it begins with a request line, one body a line when the first
//!   line is a whole JSON object and more follows, else one body.
//!
//! Nothing is trimmed or decoded: of a file with one body a line, the line ends are between the bodies.

mod blocks;
pub mod chunks;
pub mod pipeline;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use serde::de::IgnoredAny;

use crate::models::request::Request;
use crate::store::captures;
use chunks::Part;

/// What folders are searched for.
const ENDINGS: [&str; 4] = ["json", "ndjson", "jsonl", captures::EXTENSION];

/// A delivery, and where it was read.
#[derive(Clone, Debug)]
pub struct Input {
    /// The file; `-` is stdin.
    pub file: Arc<str>,
    /// The line of the file that the body begins on, from 1.
    pub line: usize,
    /// What it holds.
    pub form: Form,
    /// What was read. A body alone has no target and no headers.
    pub delivery: Request,
}

impl Input {
    /// The file, and of a file with one body a line, the line.
    #[must_use]
    pub fn name(&self) -> String {
        match self.form {
            Form::Lines => format!("{}:{}", self.file, self.line),
            Form::Body | Form::Capture => self.file.to_string(),
        }
    }
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One body.
    Body,
    /// One body a line.
    Lines,
    /// A whole delivery.
    Capture,
}

impl Form {
    /// Goes by the ending of a name.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("ndjson" | "jsonl") => Self::Lines,
            Some(captures::EXTENSION) => Self::Capture,
            _ => Self::Body,
        }
    }

    fn of_content(bytes: &[u8]) -> Self {
        if captures::is_capture(bytes) {
            return Self::Capture;
        }
        let (line, rest) = bytes.split_at(bytes.iter().position(|&byte| byte == b'\n').unwrap_or(bytes.len()));
        let one_body_a_line = line.trim_ascii_start().starts_with(b"{")
            && !rest.trim_ascii().is_empty()
            && serde_json::from_slice::<IgnoredAny>(line).is_ok();
        if one_body_a_line { Self::Lines } else { Self::Body }
    }
}

/// Is this `-`?
#[must_use]
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Stdin can be read once.
///
/// # Errors
/// When `-` is there twice.
pub fn stdin_at_most_once<'a>(paths: impl IntoIterator<Item = &'a PathBuf>) -> anyhow::Result<()> {
    if paths.into_iter().filter(|path| is_stdin(path)).count() > 1 {
        bail!("`-` is there twice, but stdin can be read only once");
    }
    Ok(())
}

/// The files that paths stand for: folders are searched recursively, in the order of names. No path is stdin.
///
/// # Errors
/// When a path is not there, a folder cannot be listed or holds nothing to read.
pub fn files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    if paths.is_empty() {
        return Ok(vec![PathBuf::from("-")]);
    }
    let mut files = Vec::new();
    for path in paths {
        if !is_stdin(path) && path.is_dir() {
            let before = files.len();
            search(path, &mut files).with_context(|| format!("cannot list {}", path.display()))?;
            if files.len() == before {
                bail!("there is nothing to read in {}: no .json, .ndjson, .jsonl or .http", path.display());
            }
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// Links to folders are not followed, so that a loop of links ends.
fn search(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries: Vec<_> = folder.read_dir()?.collect::<io::Result<_>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let is_input =
            path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| ENDINGS.contains(&ending));
        let kind = entry.file_type()?;
        if kind.is_dir() {
            search(&path, files)?;
        } else if is_input && (kind.is_file() || path.is_file()) {
            files.push(path);
        }
    }
    Ok(())
}

/// The deliveries of all files, in order; what cannot be read is an error in its place.
pub fn deliveries(files: Vec<PathBuf>) -> impl Iterator<Item = anyhow::Result<Input>> + Send {
    chunks::cut(files).flat_map(Part::read)
}
