//! FILE, folder or `-` becomes deliveries. The rule is the same for every command:
//!
//! - a name that ends in `.http` is a whole delivery, a capture; in `.ndjson` or `.jsonl`, one body a line;
//! - anything else is one body, every byte of it;
//! - `-` is stdin, and goes by its content: a capture when it begins with a request line, one body a line when the first
//!   line is a whole JSON object and more follows, else one body.
//!
//! Nothing is trimmed or decoded: of a file with one body a line, the line ends are between the bodies.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use bytes::Bytes;
use serde::de::IgnoredAny;

use crate::captures;
use crate::models::delivery::{Delivery, Headers};

/// What folders are searched for.
const ENDINGS: [&str; 4] = ["json", "ndjson", "jsonl", captures::EXTENSION];

/// So much of a file with one body a line is read at a time: enough to keep every core busy, little to hold.
const BLOCK: usize = 512 * 1024;

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
    pub delivery: Delivery,
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
        if entry.file_type()?.is_dir() {
            search(&path, files)?;
        } else if is_input && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

/// A part of the input that can be read and judged by itself.
#[derive(Debug)]
pub enum Part {
    /// A file to be read whole.
    File(PathBuf),
    /// What has been read already: whole lines of a file with one body a line, or all of stdin.
    Block {
        /// The file.
        file: Arc<str>,
        /// The line that the block begins on, from 1.
        line: usize,
        /// What it holds.
        form: Form,
        /// The bytes.
        bytes: Bytes,
    },
}

impl Part {
    /// The deliveries in it, in order. Of lines, blank ones are none.
    ///
    /// # Errors
    /// When the file cannot be read or is no capture although its name says so.
    pub fn read(self) -> anyhow::Result<Box<dyn Iterator<Item = Input> + Send>> {
        let (file, line, form, bytes) = match self {
            Self::Block { file, line, form, bytes } => (file, line, form, bytes),
            Self::File(path) => {
                let file = path.display().to_string();
                let bytes = std::fs::read(&path).with_context(|| format!("cannot read {file}"))?;
                (file.into(), 1, Form::of(&path), bytes.into())
            }
        };
        let body = move |line, body: Bytes, file| Input {
            file,
            line,
            form,
            delivery: Delivery::new("", Headers::new(), body),
        };
        Ok(match form {
            Form::Body => Box::new(std::iter::once(body(line, bytes, file))),
            Form::Lines => {
                let lines = lines(bytes).enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
                Box::new(lines.map(move |(index, bytes)| body(line + index, bytes, Arc::clone(&file))))
            }
            Form::Capture => {
                let capture = captures::parse(&bytes).with_context(|| format!("cannot read {file}"))?;
                let line = capture.body_line;
                Box::new(std::iter::once(Input { file, line, form, delivery: capture.delivery }))
            }
        })
    }
}

/// Lines without their ends, LF or CRLF.
fn lines(bytes: Bytes) -> impl Iterator<Item = Bytes> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = bytes.slice(at..at + rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]).len());
        at += end + 1;
        Some(line)
    })
}

/// The deliveries of all files, in order; what cannot be read is an error in its place.
pub fn deliveries(files: Vec<PathBuf>) -> impl Iterator<Item = anyhow::Result<Input>> + Send {
    parts(files).flat_map(|part| {
        let inputs: Box<dyn Iterator<Item = anyhow::Result<Input>> + Send> = match part.and_then(Part::read) {
            Ok(inputs) => Box::new(inputs.map(Ok)),
            Err(error) => Box::new(std::iter::once(Err(error))),
        };
        inputs
    })
}

/// The parts of all files, in order. Of a file with one body a line only a block at a time is held.
pub struct Parts {
    files: VecDeque<PathBuf>,
    blocks: Option<Blocks>,
}

/// Cuts files into parts.
#[must_use]
pub fn parts(files: Vec<PathBuf>) -> Parts {
    Parts { files: files.into(), blocks: None }
}

impl Iterator for Parts {
    type Item = anyhow::Result<Part>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(blocks) = &mut self.blocks {
                match blocks.next().with_context(|| format!("cannot read {}", blocks.file)) {
                    Ok(Some(part)) => return Some(Ok(part)),
                    Ok(None) => self.blocks = None,
                    Err(error) => {
                        self.blocks = None;
                        return Some(Err(error));
                    }
                }
            }
            let path = self.files.pop_front()?;
            let opened = if is_stdin(&path) {
                Blocks::sniff(Box::new(io::stdin()))
            } else if Form::of(&path) == Form::Lines {
                File::open(&path).map(|file| Blocks::new(&path.to_string_lossy(), Box::new(file), Form::Lines))
            } else {
                return Some(Ok(Part::File(path)));
            };
            match opened.with_context(|| format!("cannot read {}", path.display())) {
                Ok(blocks) => self.blocks = Some(blocks),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// A file or stdin, read block by block.
struct Blocks {
    file: Arc<str>,
    reader: Box<dyn Read + Send>,
    form: Form,
    /// The line that the next block begins on, from 1.
    line: usize,
    /// What was read and not given out: the beginning of a line.
    held: Vec<u8>,
}

impl Blocks {
    fn new(file: &str, reader: Box<dyn Read + Send>, form: Form) -> Self {
        Self { file: file.into(), reader, form, line: 1, held: Vec::new() }
    }

    /// Reads until the content tells its form: past the first line, or to the end.
    fn sniff(reader: Box<dyn Read + Send>) -> io::Result<Self> {
        let mut blocks = Self::new("-", reader, Form::Body);
        while !has_second_line(&blocks.held) && blocks.held.len() < BLOCK && blocks.fill()? > 0 {}
        blocks.form = Form::of_content(&blocks.held);
        Ok(blocks)
    }

    /// Reads on: as much as is there, at most a block.
    fn fill(&mut self) -> io::Result<usize> {
        let start = self.held.len();
        self.held.resize(start + BLOCK, 0);
        let count = loop {
            match self.reader.read(&mut self.held[start..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.held.truncate(start + *count.as_ref().unwrap_or(&0));
        count
    }

    /// The next block: whole lines, or everything where the form is one of a whole file.
    fn next(&mut self) -> io::Result<Option<Part>> {
        let mut ended = false;
        let end = loop {
            match memchr::memrchr(b'\n', &self.held) {
                Some(last) if self.form == Form::Lines => break last + 1,
                _ if ended => break self.held.len(),
                _ => ended = self.fill()? == 0,
            }
        };
        // An empty file is one empty body, which is to be complained of; an empty list of lines is none.
        if end == 0 && (self.form == Form::Lines || self.line > 1) {
            return Ok(None);
        }
        let rest = self.held.split_off(end);
        let bytes = std::mem::replace(&mut self.held, rest);
        let line = self.line;
        self.line += memchr::memchr_iter(b'\n', &bytes).count().max(1);
        Ok(Some(Part::Block { file: Arc::clone(&self.file), line, form: self.form, bytes: bytes.into() }))
    }
}

fn has_second_line(bytes: &[u8]) -> bool {
    memchr::memchr(b'\n', bytes).is_some_and(|end| !bytes[end..].trim_ascii().is_empty())
}
