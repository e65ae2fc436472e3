//! Divides the input into batches, which can be read and processed on any thread.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;

use super::chunk_reader::{Chunk, chunks};
use super::file_format::{FileFormat, is_stdin};
use crate::models::request::{Headers, Request};
use crate::store::captures::{self, Capture};

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
    /// Does the file hold others too, so that only the line tells them apart?
    is_one_of_many: bool,
    /// The request. A body alone has no target and no headers.
    pub request: Request,
}

impl Input {
    /// The file, and of a file with several bodies or requests, the line too.
    pub fn name(&self) -> String {
        if self.is_one_of_many { format!("{}:{}", self.file, self.line) } else { self.file.to_string() }
    }
}

/// A part of the input.
#[derive(Debug)]
pub enum Batch<'a> {
    /// Files that are not read yet.
    Files(&'a [PathBuf]),
    /// A part of a file, or why it cannot be read.
    Chunk(anyhow::Result<Chunk>),
}

type Inputs<'a> = Box<dyn Iterator<Item = anyhow::Result<Input>> + Send + 'a>;

/// Divides files into batches, in order. Of a file with one body on each line, only one chunk at a time is in memory.
pub fn batches(files: &[PathBuf]) -> impl Iterator<Item = Batch<'_>> + Send {
    // Of a few files each batch has fewer, so that every core gets some.
    let size = (files.len() / 16).clamp(1, MAX_FILES);
    let groups = files.chunk_by(|a, b| !is_chunked(a) && !is_chunked(b));
    groups.flat_map(move |group| -> Box<dyn Iterator<Item = Batch<'_>> + Send> {
        match group {
            [file] if is_chunked(file) => Box::new(chunks(file).map(Batch::Chunk)),
            files => Box::new(files.chunks(size).map(Batch::Files)),
        }
    })
}

/// Is a file so large, perhaps, that it is more than one batch?
pub fn is_chunked(path: &Path) -> bool {
    is_stdin(path) || FileFormat::from_path(path) == FileFormat::Lines
}

impl<'a> Batch<'a> {
    /// Reads the requests of the batch, in order. What cannot be read, and what is not a capture although its name says so,
    /// is an error in its place.
    pub fn read(self) -> Inputs<'a> {
        match self {
            Self::Files(files) => Box::new(files.iter().flat_map(|path| read(path))),
            Self::Chunk(chunk) => inputs(chunk),
        }
    }
}

/// Reads the requests of a file, in order.
pub(super) fn read(path: &Path) -> impl Iterator<Item = anyhow::Result<Input>> + Send + use<> {
    chunks(path).flat_map(inputs)
}

/// The requests of a chunk. Blank lines are not bodies.
fn inputs(chunk: anyhow::Result<Chunk>) -> Inputs<'static> {
    let Chunk { file, line, format, bytes } = match chunk {
        Ok(chunk) => chunk,
        Err(error) => return Box::new(std::iter::once(Err(error))),
    };
    let input = move |file, line, body: Bytes| {
        let is_one_of_many = format == FileFormat::Lines;
        Ok(Input { file, line, format, is_one_of_many, request: Request::post("", Headers::new(), body) })
    };
    match format {
        FileFormat::Body => Box::new(std::iter::once(input(file, line, bytes))),
        FileFormat::Lines => {
            let lines = lines(bytes).enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
            Box::new(lines.map(move |(index, bytes)| input(Arc::clone(&file), line + index, bytes)))
        }
        FileFormat::Capture => {
            let mut captures = captures::parse_all(&bytes).peekable();
            let mut is_one_of_many = false;
            Box::new(std::iter::from_fn(move || {
                let capture = captures.next()?.with_context(|| format!("cannot read {file}"));
                is_one_of_many |= captures.peek().is_some();
                Some(capture.map(|Capture { delivery, body_line }| Input {
                    file: Arc::clone(&file),
                    line: body_line,
                    format,
                    is_one_of_many,
                    request: delivery,
                }))
            }))
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
