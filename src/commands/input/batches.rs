//! Divides the input into batches, which can be read and processed on any thread.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;

use super::chunk_reader::{Chunk, ChunkReader};
use super::file_format::{FileFormat, is_stdin};
use crate::models::request::{Headers, Request};
use crate::store::captures;

/// How many files a batch has at most: small files are processed faster than they are passed to another thread.
const MAX_FILES: usize = 64;

/// A request, and where it was read.
#[derive(Clone, Debug)]
pub struct Input {
    /// The file; `-` is stdin.
    pub file: Arc<str>,
    /// The line of the file that the body begins on, from 1.
    pub line: usize,
    /// What the file holds.
    pub format: FileFormat,
    /// The request. A body alone has no target and no headers.
    pub request: Request,
}

impl Input {
    /// The file, and of a file with one body on each line, the line too.
    pub fn name(&self) -> String {
        match self.format {
            FileFormat::Lines => format!("{}:{}", self.file, self.line),
            FileFormat::Body | FileFormat::Capture => self.file.to_string(),
        }
    }
}

/// A part of the input.
#[derive(Debug)]
pub enum Batch {
    /// Files that are not read yet.
    Files(Vec<PathBuf>),
    /// A part of a file, or why it cannot be read.
    Chunk(anyhow::Result<Chunk>),
}

type Inputs = Box<dyn Iterator<Item = anyhow::Result<Input>> + Send>;

impl Batch {
    /// Reads the requests of the batch, in order. What cannot be read, and what is not a capture although its name says so,
    /// is an error in its place.
    pub fn read(self) -> Inputs {
        match self {
            Self::Files(paths) => Box::new(paths.into_iter().flat_map(|path| inputs(Chunk::from_file(&path)))),
            Self::Chunk(chunk) => inputs(chunk),
        }
    }
}

/// The requests of a chunk. Blank lines are not bodies.
fn inputs(chunk: anyhow::Result<Chunk>) -> Inputs {
    let Chunk { file, line, format, bytes } = match chunk {
        Ok(chunk) => chunk,
        Err(error) => return Box::new(std::iter::once(Err(error))),
    };
    let input = move |file, line, body: Bytes| {
        Ok(Input { file, line, format, request: Request::post("", Headers::new(), body) })
    };
    match format {
        FileFormat::Body => Box::new(std::iter::once(input(file, line, bytes))),
        FileFormat::Lines => {
            let lines = lines(bytes).enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
            Box::new(lines.map(move |(index, bytes)| input(Arc::clone(&file), line + index, bytes)))
        }
        FileFormat::Capture => {
            let capture = captures::parse(&bytes).with_context(|| format!("cannot read {file}"));
            let input =
                capture.map(|capture| Input { file, line: capture.body_line, format, request: capture.delivery });
            Box::new(std::iter::once(input))
        }
    }
}

/// Lines without their ends, LF or CRLF.
fn lines(bytes: Bytes) -> impl Iterator<Item = Bytes> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = bytes.slice(start..start + rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]).len());
        start += end + 1;
        Some(line)
    })
}

/// The batches of all files, in order. Of a file with one body on each line, only one chunk at a time is in memory.
pub struct Batches {
    files: VecDeque<PathBuf>,
    reader: Option<ChunkReader>,
    /// How many files a batch has: fewer of a few files, so that every core gets some.
    batch_size: usize,
}

impl Batches {
    /// Divides files into batches.
    pub fn new(files: Vec<PathBuf>) -> Self {
        let batch_size = (files.len() / 16).clamp(1, MAX_FILES);
        Self { files: files.into(), reader: None, batch_size }
    }

    /// Is there only one batch?
    pub fn is_single(&self) -> bool {
        self.files.len() == 1 && self.files.iter().all(|path| !is_chunked(path))
    }
}

fn is_chunked(path: &Path) -> bool {
    is_stdin(path) || FileFormat::from_path(path) == FileFormat::Lines
}

impl Iterator for Batches {
    type Item = Batch;

    fn next(&mut self) -> Option<Batch> {
        loop {
            if let Some(chunk) = self.reader.as_mut().and_then(Iterator::next) {
                self.reader.take_if(|_| chunk.is_err());
                return Some(Batch::Chunk(chunk));
            }
            self.reader = None;
            let count = self.files.iter().take(self.batch_size).take_while(|path| !is_chunked(path)).count();
            if count > 0 {
                return Some(Batch::Files(self.files.drain(..count).collect()));
            }
            match ChunkReader::open(&self.files.pop_front()?) {
                Ok(reader) => self.reader = Some(reader),
                Err(error) => return Some(Batch::Chunk(Err(error))),
            }
        }
    }
}
