//! Reads a file or stdin in chunks. Memory use depends on the longest line, or on the size of a file with one body, but not
//! on the number of lines.

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

/// The number of bytes that are read at once from a file with many lines: enough to use all cores.
const CHUNK_SIZE: usize = 512 * 1024;
/// The most lines in a chunk. The findings of a two-byte line are a hundred times as long as the line.
const CHUNK_LINES: usize = 1024;

/// Some lines of a file with one body per line, or the whole of another file.
#[derive(Debug)]
pub struct Chunk {
    pub(super) file: Arc<str>,
    pub(super) path: Arc<Path>,
    /// The line where the chunk begins, from 1.
    pub(super) line: usize,
    pub(super) format: FileFormat,
    pub(super) bytes: Bytes,
    pub(super) options: ReadOptions,
}

/// Returns the chunks of a file until its end or an error. A body or line that is larger than the limit is an error. Blank
/// lines and blank stdin are skipped.
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
    /// The line where the next chunk begins, from 1.
    line: usize,
    /// The bytes that were read when the file was opened.
    start: Vec<u8>,
    options: ReadOptions,
}

/// A reader that is not read again after its end, because a terminal would wait for more input.
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
            if options.numbered && format != FileFormat::Lines {
                return Err(io::Error::other(
                    "--numbered is for lines; give it stdin, or a file named .ndjson or .jsonl",
                ));
            }
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
        // The first line and the next line that is not blank decide. A long first line is in memory anyway, as a body or as
        // one of many bodies.
        let first = read_line(&mut reader, &mut start, max_body)?;
        // Comments of editors before the request line do not count.
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
        let format = if options.numbered { FileFormat::Lines } else { FileFormat::from_content(&start) };
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
                return Ok(Some(Chunk { file, path, line, format, bytes: bytes.into(), options: self.options }));
            }
            if bytes.is_empty() {
                return Ok(None);
            }
        }
    }

    /// Returns an empty file as an empty body, which is a finding. Empty stdin is not a body, because the program that should
    /// have written to it has failed.
    fn is_empty_body(&self) -> bool {
        self.format != FileFormat::Lines && &*self.file != "-"
    }

    /// Reads a whole line, and all other whole lines that are already in the buffer.
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

/// Reads a file or stdin. Returns `None` if it has more than `limit` bytes.
///
/// # Errors
/// Returns an error if the file cannot be read.
pub fn read_file(path: &Path, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let is_whole = read_bounded(&mut open(path)?, &mut bytes, limit)?;
    Ok(is_whole.then_some(bytes))
}

/// Opens a file or stdin. Decompresses a file with a name that ends with `.gz`.
///
/// # Errors
/// Returns an error if the file cannot be opened.
pub fn open(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    if is_stdin(path) {
        return Ok(Box::new(io::stdin()));
    }
    let file = File::open(path)?;
    Ok(if is_compressed(path) { Box::new(GzipReader::new(BufReader::new(file))) } else { Box::new(file) })
}

/// Returns the buffer size for a whole file, so that one read is enough.
fn size_hint(path: &Path, limit: usize) -> io::Result<usize> {
    let length = path.metadata()?.len();
    // One byte more, so that the end of the file is detected without growing the buffer.
    Ok(usize::try_from(length).unwrap_or(limit).min(limit) + 1)
}

/// Appends all bytes up to the end. Returns false if there are more than the limit.
fn read_bounded(reader: &mut impl Read, bytes: &mut Vec<u8>, limit: usize) -> io::Result<bool> {
    let room = limit.saturating_sub(bytes.len()) as u64;
    reader.take(room + 1).read_to_end(bytes)?;
    Ok(bytes.len() <= limit)
}

/// Appends the rest of a line with its line end, and returns its length. A line that exceeds the limit is an error.
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

/// Returns the beginning of the error for an unreadable file; `-` is stdin.
pub fn cannot_read(file: &str) -> String {
    format!("cannot read {}", if file == "-" { "stdin" } else { file })
}

/// Returns the error for a body or file that is larger than the limit.
pub fn too_large(limit: usize) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("it is larger than {}; raise the limit with --max-body", size(limit as u64)),
    )
}
