//! Divides the input into batches. Any thread can read and process a batch.

use std::iter::once;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;

use super::chunk_reader::{Chunk, cannot_read, chunks};
use super::file_format::{FileFormat, is_stdin};
use super::no_input::{expect_some, no_input};
use super::options::ReadOptions;
use super::split::{array_items, lines, split_number};
use crate::models::request::{Headers, Request};
use crate::store::capture_format::{self, Capture};
use crate::store::har;

/// The most files in a batch. Processing a small file is faster than passing it to another thread.
const MAX_FILES: usize = 64;

/// A request, and its place in the input.
#[derive(Clone, Debug)]
pub struct Input {
    /// The file; `-` is stdin.
    pub file: Arc<str>,
    /// The path of the file, which may not be text.
    pub path: Arc<Path>,
    /// The line of the file where the body begins, from 1. In an archive, the number of the entry.
    pub line: usize,
    /// The format of the file.
    pub format: FileFormat,
    /// Whether the file contains several requests, which are distinguished by line.
    is_one_of_many: bool,
    /// The request. A body file has no target and no headers.
    pub request: Request,
}

impl Input {
    /// Returns the file name, and the line if the file contains several requests.
    pub fn name(&self) -> String {
        if self.is_one_of_many { format!("{}:{}", self.file, self.line) } else { self.file.to_string() }
    }
}

/// A part of the input.
#[derive(Debug)]
pub enum Batch<'a> {
    /// Files to read.
    Files(&'a [PathBuf], ReadOptions),
    /// A part of a file, or an error.
    Chunk(anyhow::Result<Chunk>),
}

/// The requests of a batch, read in order.
pub type Inputs<'a> = Box<dyn Iterator<Item = anyhow::Result<Input>> + Send + 'a>;

/// Divides files into batches, in order. Only one chunk of a file with one body per line is in memory. If no body is found,
/// the last batch is an error.
pub fn batches(files: &[PathBuf], options: ReadOptions) -> impl Iterator<Item = Batch<'_>> + Send {
    // With few files, batches are smaller, so that every core gets one.
    let size = (files.len() / 16).clamp(1, MAX_FILES);
    let groups = files.chunk_by(|a, b| !is_chunked(a) && !is_chunked(b));
    let batches = groups.flat_map(move |group| -> Box<dyn Iterator<Item = Batch<'_>> + Send> {
        match group {
            [file] if is_chunked(file) => Box::new(chunks(file, options).map(Batch::Chunk)),
            files => Box::new(files.chunks(size).map(move |files| Batch::Files(files, options))),
        }
    });
    // A part of a larger input may be empty.
    expect_some(batches, move || (!options.numbered).then(|| Batch::Chunk(Err(no_input(files)))))
}

/// Returns whether a file may be larger than one batch.
pub fn is_chunked(path: &Path) -> bool {
    is_stdin(path) || FileFormat::from_path(path) == FileFormat::Lines
}

impl<'a> Batch<'a> {
    /// Reads the requests of the batch, in order. An unreadable file, or a `.http` file that is not a capture, is an error in
    /// its place.
    pub fn read(self) -> Inputs<'a> {
        match self {
            Self::Files(files, options) => Box::new(files.iter().flat_map(move |path| read(path, options))),
            Self::Chunk(chunk) => inputs(chunk),
        }
    }
}

/// Reads the requests of a file, in order.
pub(super) fn read(path: &Path, options: ReadOptions) -> impl Iterator<Item = anyhow::Result<Input>> + Send + use<> {
    chunks(path, options).flat_map(inputs)
}

/// Returns the requests of a chunk. Blank lines are not bodies.
fn inputs(chunk: anyhow::Result<Chunk>) -> Inputs<'static> {
    let Chunk { file, path, line, format, bytes, options } = match chunk {
        Ok(chunk) => chunk,
        Err(error) => return Box::new(once(Err(error))),
    };
    let bodies: Box<dyn Iterator<Item = (usize, Bytes)> + Send> = match format {
        FileFormat::Capture => {
            let mut captures = capture_format::parse_all(&bytes).peekable();
            let mut is_one_of_many = false;
            return Box::new(std::iter::from_fn(move || {
                let capture = captures.next()?.with_context(|| cannot_read(&file));
                is_one_of_many |= captures.peek().is_some();
                Some(capture.map(|Capture { delivery, body_line }| Input {
                    file: Arc::clone(&file),
                    path: Arc::clone(&path),
                    line: body_line,
                    format,
                    is_one_of_many,
                    request: delivery,
                }))
            }));
        }
        FileFormat::Archive => {
            return match har::deliveries(&bytes).with_context(|| cannot_read(&file)) {
                Ok(deliveries) => Box::new(deliveries.map(move |(number, delivery)| {
                    let delivery = delivery.with_context(|| format!("entry {number}"));
                    Ok(Input {
                        file: Arc::clone(&file),
                        path: Arc::clone(&path),
                        line: number,
                        format: FileFormat::Capture,
                        is_one_of_many: true,
                        request: delivery.with_context(|| cannot_read(&file))?,
                    })
                })),
                Err(error) => Box::new(once(Err(error))),
            };
        }
        FileFormat::Lines if options.numbered => return Box::new(numbered_inputs(file, path, line, bytes)),
        FileFormat::Lines => Box::new(lines(bytes).enumerate().filter(|(_, line)| !line.trim_ascii().is_empty())),
        FileFormat::Body => match array_items(&bytes).filter(|_| options.splits_arrays) {
            Some(items) => Box::new(items),
            None => Box::new(once((0, bytes))),
        },
    };
    let is_one_of_many = format == FileFormat::Lines;
    Box::new(bodies.map(move |(lines_before, body)| {
        let (file, path) = (Arc::clone(&file), Arc::clone(&path));
        let request = Request::post("", Headers::new(), body);
        Ok(Input { file, path, line: line + lines_before, format, is_one_of_many, request })
    }))
}

/// The bodies of lines that begin with their number in a larger input.
fn numbered_inputs(
    file: Arc<str>,
    path: Arc<Path>,
    first_line: usize,
    bytes: Bytes,
) -> impl Iterator<Item = anyhow::Result<Input>> + Send {
    let lines = lines(bytes).enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
    lines.map(move |(lines_before, line)| {
        let (line, body) = split_number(&line).with_context(|| {
            let line = first_line + lines_before;
            format!(
                "{}: line {line} does not begin with a number and a tab; number the lines, or leave out --numbered",
                cannot_read(&file)
            )
        })?;
        let (file, path, format) = (Arc::clone(&file), Arc::clone(&path), FileFormat::Lines);
        Ok(Input { file, path, line, format, is_one_of_many: true, request: Request::post("", Headers::new(), body) })
    })
}
