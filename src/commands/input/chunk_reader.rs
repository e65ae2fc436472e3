//! Reads stdin, or a file with one body on each line, chunk by chunk. Memory grows with the longest line, or with a body
//! that is all of stdin, but not with the number of lines.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;

use super::file_format::{FileFormat, is_stdin};

/// How many bytes are read at once: enough to keep all cores busy.
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

impl Chunk {
    pub(super) fn from_file(path: &Path) -> anyhow::Result<Self> {
        let file: Arc<str> = path.to_string_lossy().into();
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {file}"))?;
        Ok(Self { file, line: 1, format: FileFormat::from_path(path), bytes: bytes.into() })
    }
}

/// Reads chunks of whole lines; of another format, one chunk with everything.
pub(super) struct ChunkReader {
    file: Arc<str>,
    reader: Box<dyn Read + Send>,
    format: FileFormat,
    /// The line that the next chunk begins on, from 1.
    line: usize,
    /// What was read and is not part of a chunk yet.
    buffer: Vec<u8>,
    /// How many bytes of the buffer are known to have no line end.
    searched: usize,
    is_at_end: bool,
}

impl ChunkReader {
    /// Opens a file with one body on each line, or stdin.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let file: Arc<str> = path.to_string_lossy().into();
        let is_stdin = is_stdin(path);
        let open = || -> io::Result<Self> {
            let reader: Box<dyn Read + Send> =
                if is_stdin { Box::new(io::stdin()) } else { Box::new(File::open(path)?) };
            let (file, format) = (Arc::clone(&file), FileFormat::Lines);
            let mut chunks = Self { file, reader, format, line: 1, buffer: Vec::new(), searched: 0, is_at_end: false };
            if is_stdin {
                chunks.detect_format()?;
            }
            Ok(chunks)
        };
        open().with_context(|| format!("cannot read {file}"))
    }

    /// Reads past the first line, or to the end. However long that line is, it would be in memory anyway: as a body, or as
    /// one of many.
    fn detect_format(&mut self) -> io::Result<()> {
        while !self.is_at_end && !self.has_second_line() {
            self.fill()?;
        }
        self.format = FileFormat::from_content(&self.buffer);
        self.searched = 0;
        Ok(())
    }

    fn has_second_line(&mut self) -> bool {
        let Some(end) = memchr::memchr(b'\n', &self.buffer[self.searched..]) else {
            self.searched = self.buffer.len();
            return false;
        };
        !self.buffer[self.searched + end..].trim_ascii().is_empty()
    }

    fn fill(&mut self) -> io::Result<()> {
        let start = self.buffer.len();
        // A line without an end becomes an error; growing the vector would abort the program.
        self.buffer.try_reserve(CHUNK_SIZE).map_err(|_| io::ErrorKind::OutOfMemory)?;
        self.buffer.resize(start + CHUNK_SIZE, 0);
        let count = loop {
            match self.reader.read(&mut self.buffer[start..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result,
            }
        };
        self.buffer.truncate(start + *count.as_ref().unwrap_or(&0));
        self.is_at_end = count? == 0;
        Ok(())
    }

    /// The end of the last whole line in the buffer.
    fn last_line_end(&mut self) -> Option<usize> {
        let end = memchr::memrchr(b'\n', &self.buffer[self.searched..]).map(|end| self.searched + end + 1);
        self.searched = self.buffer.len();
        end.filter(|_| self.format == FileFormat::Lines)
    }

    fn read_chunk(&mut self) -> io::Result<Option<Chunk>> {
        let end = loop {
            match self.last_line_end() {
                Some(end) => break end,
                None if self.is_at_end => break self.buffer.len(),
                None => self.fill()?,
            }
        };
        // An empty file with one body is an empty body, which is a finding; an empty file of lines has no bodies.
        if end == 0 && (self.format == FileFormat::Lines || self.line > 1) {
            return Ok(None);
        }
        let rest = self.buffer.split_off(end);
        let bytes = std::mem::replace(&mut self.buffer, rest);
        self.searched = 0;
        let line = self.line;
        self.line += memchr::memchr_iter(b'\n', &bytes).count().max(1);
        Ok(Some(Chunk { file: Arc::clone(&self.file), line, format: self.format, bytes: bytes.into() }))
    }
}

impl Iterator for ChunkReader {
    type Item = anyhow::Result<Chunk>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read_chunk().with_context(|| format!("cannot read {}", self.file)).transpose()
    }
}
