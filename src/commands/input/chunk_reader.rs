//! Reads a file, or stdin, chunk by chunk. Memory grows with the longest line, or with a file that is one body, but not
//! with the number of lines.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;

use super::file_format::{FileFormat, is_stdin};

/// How many bytes of a file with many lines are read at once: enough to keep all cores busy.
const CHUNK_SIZE: usize = 512 * 1024;

/// Whole lines of a file with one body on each line, or all of another file.
#[derive(Debug)]
pub struct Chunk {
    pub(super) file: Arc<str>,
    /// The line that the chunk begins on, from 1.
    pub(super) line: usize,
    pub(super) format: FileFormat,
    pub(super) bytes: Bytes,
}

/// Returns the chunks of a file until its end, or until it cannot be read further.
pub(super) fn chunks(path: &Path) -> impl Iterator<Item = anyhow::Result<Chunk>> + Send + use<> {
    let file: Arc<str> = path.to_string_lossy().into();
    let mut opened = Some(ChunkReader::open(path, &file));
    std::iter::from_fn(move || match opened.take()?.and_then(|mut reader| Ok((reader.read_chunk()?, reader))) {
        Ok((chunk, reader)) => {
            opened = Some(Ok(reader));
            chunk.map(Ok)
        }
        Err(error) => Some(Err(error).with_context(|| format!("cannot read {file}"))),
    })
}

struct ChunkReader {
    file: Arc<str>,
    reader: BufReader<Box<dyn Read + Send>>,
    format: FileFormat,
    /// The line that the next chunk begins on, from 1.
    line: usize,
    /// What was read when the file was opened.
    start: Vec<u8>,
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
    fn open(path: &Path, file: &Arc<str>) -> io::Result<Self> {
        let (file, line, mut start) = (Arc::clone(file), 1, Vec::new());
        if !is_stdin(path) {
            let format = FileFormat::from_path(path);
            let reader = if format == FileFormat::Lines {
                BufReader::with_capacity(CHUNK_SIZE, Box::new(File::open(path)?) as _)
            } else {
                // For many small files, this is a little faster than a reader.
                start = std::fs::read(path)?;
                BufReader::with_capacity(0, Box::new(io::empty()) as _)
            };
            return Ok(Self { file, reader, format, line, start });
        }
        let mut reader = BufReader::with_capacity(CHUNK_SIZE, Box::new(UntilEnd(Some(io::stdin()))) as _);
        // The first line and the next that is not blank decide. However long the first is, it would be in memory anyway: as a
        // body, or as one of many.
        let first = read_line(&mut reader, &mut start)?;
        while start[first..].trim_ascii().is_empty() && read_line(&mut reader, &mut start)? > 0 {}
        Ok(Self { file, reader, format: FileFormat::from_content(&start), line, start })
    }

    /// Reads a whole line, and the other whole lines that were read with it: they do not wait for more.
    fn read_chunk(&mut self) -> io::Result<Option<Chunk>> {
        let mut bytes = std::mem::take(&mut self.start);
        if self.format == FileFormat::Lines {
            if bytes.is_empty() {
                read_line(&mut self.reader, &mut bytes)?;
            }
            let end = memchr::memrchr(b'\n', self.reader.buffer()).map_or(0, |end| end + 1);
            bytes.extend_from_slice(&self.reader.buffer()[..end]);
            self.reader.consume(end);
            if bytes.is_empty() {
                return Ok(None);
            }
        } else if self.line == 1 {
            // An empty file with one body is an empty body, which is a finding; an empty file of lines has no bodies.
            self.reader.read_to_end(&mut bytes)?;
        } else {
            return Ok(None);
        }
        let line = self.line;
        self.line += memchr::memchr_iter(b'\n', &bytes).count().max(1);
        Ok(Some(Chunk { file: Arc::clone(&self.file), line, format: self.format, bytes: bytes.into() }))
    }
}

/// Appends the rest of a line, with its end, and returns its length. A line without an end becomes an error: `read_until`
/// alone would abort the program when there is no more memory.
fn read_line(reader: &mut impl BufRead, bytes: &mut Vec<u8>) -> io::Result<usize> {
    let mut length = 0;
    loop {
        bytes.try_reserve(CHUNK_SIZE)?;
        let read = reader.take(CHUNK_SIZE as u64).read_until(b'\n', bytes)?;
        length += read;
        if read < CHUNK_SIZE || bytes.ends_with(b"\n") {
            return Ok(length);
        }
    }
}
