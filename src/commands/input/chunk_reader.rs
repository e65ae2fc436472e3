//! Reads a file, or stdin, chunk by chunk. Memory grows with the longest line, or with a file that is one body, but not
//! with the number of lines.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;

use super::file_format::{FileFormat, is_compressed, is_stdin};
use super::options::ReadOptions;
use crate::models::gzip::GzipReader;
use crate::models::text::size;
use crate::store::capture_format;

/// How many bytes of a file with many lines are read at once: enough to keep all cores busy.
const CHUNK_SIZE: usize = 512 * 1024;
/// How many lines a chunk has at most. Lines of two bytes have findings that are a hundred times as long.
const CHUNK_LINES: usize = 1024;

/// Whole lines of a file with one body on each line, or all of another file.
#[derive(Debug)]
pub struct Chunk {
    pub(super) file: Arc<str>,
    pub(super) path: Arc<Path>,
    /// The line that the chunk begins on, from 1.
    pub(super) line: usize,
    pub(super) format: FileFormat,
    pub(super) bytes: Bytes,
    /// Is a JSON array several bodies?
    pub(super) splits_arrays: bool,
}

/// Returns the chunks of a file until its end, or until it cannot be read further: also when a body, or a line, has more than
/// the most bytes. Nothing is returned for blank lines, and for blank stdin.
pub(super) fn chunks(path: &Path, options: ReadOptions) -> impl Iterator<Item = anyhow::Result<Chunk>> + Send + use<> {
    let file: Arc<str> = path.to_string_lossy().into();
    let mut opened = Some(ChunkReader::open(path, &file, options));
    std::iter::from_fn(move || match opened.take()?.and_then(|mut reader| Ok((reader.read_chunk()?, reader))) {
        Ok((chunk, reader)) => {
            opened = Some(Ok(reader));
            chunk.map(Ok)
        }
        Err(error) => Some(Err(error).with_context(|| cannot_read(&file))),
    })
}

struct ChunkReader {
    file: Arc<str>,
    path: Arc<Path>,
    reader: BufReader<Box<dyn Read + Send>>,
    format: FileFormat,
    /// The line that the next chunk begins on, from 1.
    line: usize,
    /// What was read when the file was opened.
    start: Vec<u8>,
    options: ReadOptions,
}

/// A reader that ends once: a terminal would wait for more after its end.
struct UntilEnd<R>(Option<R>);

impl<R: Read> Read for UntilEnd<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.as_mut().map_or(Ok(0), |reader| reader.read(buffer))?;
        self.0.take_if(|_| count == 0 && !buffer.is_empty());
        Ok(count)
    }
}

impl ChunkReader {
    fn open(path: &Path, file: &Arc<str>, options: ReadOptions) -> io::Result<Self> {
        let (file, line, mut start, max_body) = (Arc::clone(file), 1, Vec::new(), options.max_body);
        if !is_stdin(path) {
            let format = FileFormat::from_path(path);
            let mut opened = open(path)?;
            let reader = if format == FileFormat::Lines {
                BufReader::with_capacity(CHUNK_SIZE, opened)
            } else {
                // For many small files, this is a little faster than a reader.
                start.try_reserve(size_hint(path, max_body)?)?;
                if !read_bounded(&mut opened, &mut start, max_body)? {
                    return Err(too_large(max_body));
                }
                BufReader::with_capacity(0, Box::new(io::empty()) as _)
            };
            return Ok(Self { file, path: path.into(), reader, format, line, start, options });
        }
        let mut reader = BufReader::with_capacity(CHUNK_SIZE, Box::new(UntilEnd(Some(io::stdin()))) as _);
        // The first line and the next that is not blank decide. However long the first is, it would be in memory anyway: as a
        // body, or as one of many.
        let first = read_line(&mut reader, &mut start, max_body)?;
        // An editor's comments are in front of the request line, which decides.
        let mut last = 0;
        while capture_format::is_comment(&start)
            && capture_format::is_before_request(&start[last..])
            && start.len() <= max_body
        {
            last = start.len();
            if read_line(&mut reader, &mut start, max_body)? == 0 {
                break;
            }
        }
        while start[first..].trim_ascii().is_empty()
            && start.len() <= max_body
            && read_line(&mut reader, &mut start, max_body)? > 0
        {}
        let format = FileFormat::from_content(&start);
        Ok(Self { file, path: path.into(), reader, format, line, start, options })
    }

    /// Reads the next chunk that is not blank.
    fn read_chunk(&mut self) -> io::Result<Option<Chunk>> {
        loop {
            let start = std::mem::take(&mut self.start);
            let bytes = match self.format {
                FileFormat::Lines => self.read_lines(start)?,
                _ if self.line == 1 => self.read_whole(start)?,
                _ => return Ok(None),
            };
            let line = self.line;
            self.line += memchr::memchr_iter(b'\n', &bytes).count().max(1);
            if !bytes.trim_ascii().is_empty() || self.is_empty_body() {
                let (file, path, format) = (Arc::clone(&self.file), Arc::clone(&self.path), self.format);
                let splits_arrays = self.options.splits_arrays;
                return Ok(Some(Chunk { file, path, line, format, bytes: bytes.into(), splits_arrays }));
            }
            if bytes.is_empty() {
                return Ok(None);
            }
        }
    }

    /// An empty file with one body is an empty body, which is a finding. Empty stdin is no body: what should have written to it
    /// has failed.
    fn is_empty_body(&self) -> bool {
        self.format != FileFormat::Lines && &*self.file != "-"
    }

    /// Reads a whole line, and the other whole lines that were read with it: they do not wait for more.
    fn read_lines(&mut self, mut bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        if bytes.is_empty() {
            read_line(&mut self.reader, &mut bytes, self.options.max_body)?;
        }
        let buffer = self.reader.buffer();
        let last = memchr::memchr_iter(b'\n', buffer).take(CHUNK_LINES).last();
        let end = last.map_or(0, |end| end + 1);
        bytes.extend_from_slice(&buffer[..end]);
        self.reader.consume(end);
        Ok(bytes)
    }

    fn read_whole(&mut self, mut bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let max_body = self.options.max_body;
        if read_bounded(&mut self.reader, &mut bytes, max_body)? { Ok(bytes) } else { Err(too_large(max_body)) }
    }
}

/// Reads a file, or stdin; `None` if it has more than `limit` bytes.
///
/// # Errors
/// When it cannot be read.
pub fn read_file(path: &Path, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let is_whole = read_bounded(&mut open(path)?, &mut bytes, limit)?;
    Ok(is_whole.then_some(bytes))
}

/// Opens a file, or stdin, and decompresses a file with `.gz` at the end of its name.
///
/// # Errors
/// When it cannot be opened.
pub fn open(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    if is_stdin(path) {
        return Ok(Box::new(io::stdin()));
    }
    let file = File::open(path)?;
    Ok(if is_compressed(path) { Box::new(GzipReader::new(BufReader::new(file))) } else { Box::new(file) })
}

/// How much room a whole file takes, so that it is read at once.
fn size_hint(path: &Path, limit: usize) -> io::Result<usize> {
    let length = path.metadata()?.len();
    // One byte more, so that the end is found without a larger buffer.
    Ok(usize::try_from(length).unwrap_or(limit).min(limit) + 1)
}

/// Appends everything up to the end, or returns false if that is more than the limit.
fn read_bounded(reader: &mut impl Read, bytes: &mut Vec<u8>, limit: usize) -> io::Result<bool> {
    let room = limit.saturating_sub(bytes.len()) as u64;
    reader.take(room + 1).read_to_end(bytes)?;
    Ok(bytes.len() <= limit)
}

/// Appends the rest of a line, with its end, and returns its length. A line without an end becomes an error.
fn read_line(reader: &mut impl BufRead, bytes: &mut Vec<u8>, limit: usize) -> io::Result<usize> {
    let before = bytes.len();
    loop {
        bytes.try_reserve(CHUNK_SIZE)?;
        let read = reader.take(CHUNK_SIZE as u64).read_until(b'\n', bytes)?;
        let length = bytes.len() - before;
        // The line end does not count.
        if length > limit + 2 {
            return Err(too_large(limit));
        }
        if read < CHUNK_SIZE || bytes.ends_with(b"\n") {
            return Ok(length);
        }
    }
}

/// The beginning of the error for a file that cannot be read; `-` is stdin.
pub fn cannot_read(file: &str) -> String {
    format!("cannot read {}", if file == "-" { "stdin" } else { file })
}

/// The error for a body or a file that is larger than allowed.
pub fn too_large(limit: usize) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("it has more than {}; allow more with --max-body", size(limit as u64)),
    )
}
