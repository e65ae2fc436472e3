//! A file with one body a line, or stdin, read block by block: what is held grows with a line, or with a body that is all
//! of stdin, but not with the number of lines.

use std::io::{self, Read};
use std::sync::Arc;

use super::Form;
use super::chunks::Block;

/// So much is read at a time: enough to keep every core busy, little to hold.
const BLOCK: usize = 512 * 1024;

/// A file or stdin, read block by block.
pub(super) struct Blocks {
    pub(super) file: Arc<str>,
    reader: Box<dyn Read + Send>,
    form: Form,
    /// The line that the next block begins on, from 1.
    line: usize,
    /// What was read and not given out: the beginning of a line.
    held: Vec<u8>,
    /// So much of it was searched for a line end, and has none.
    searched: usize,
    /// The end was read.
    ended: bool,
}

impl Blocks {
    pub(super) fn new(file: &str, reader: Box<dyn Read + Send>, form: Form) -> Self {
        Self { file: file.into(), reader, form, line: 1, held: Vec::new(), searched: 0, ended: false }
    }

    /// Reads until the content tells its form: past the first line, or to the end. However long that line is, it would be
    /// held anyway: as a body, or as one of many.
    pub(super) fn sniff(reader: Box<dyn Read + Send>) -> io::Result<Self> {
        let mut blocks = Self::new("-", reader, Form::Body);
        while !blocks.ended && !blocks.has_second_line() {
            blocks.fill()?;
        }
        blocks.form = Form::of_content(&blocks.held);
        blocks.searched = 0;
        Ok(blocks)
    }

    fn has_second_line(&mut self) -> bool {
        let Some(end) = memchr::memchr(b'\n', &self.held[self.searched..]) else {
            self.searched = self.held.len();
            return false;
        };
        !self.held[self.searched + end..].trim_ascii().is_empty()
    }

    /// Reads on: as much as is there, at most a block.
    fn fill(&mut self) -> io::Result<()> {
        let start = self.held.len();
        // A line without end is told of, where growing a vector would end the program.
        self.held.try_reserve(BLOCK).map_err(|_| io::ErrorKind::OutOfMemory)?;
        self.held.resize(start + BLOCK, 0);
        let count = loop {
            match self.reader.read(&mut self.held[start..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.held.truncate(start + *count.as_ref().unwrap_or(&0));
        self.ended = count? == 0;
        Ok(())
    }

    fn last_line_end(&mut self) -> Option<usize> {
        let end = memchr::memrchr(b'\n', &self.held[self.searched..]).map(|end| self.searched + end);
        self.searched = self.held.len();
        end
    }

    /// The next block: whole lines, or everything where the form is one of a whole file.
    pub(super) fn next(&mut self) -> io::Result<Option<Block>> {
        let end = loop {
            let newline = self.last_line_end().filter(|_| self.form == Form::Lines);
            match newline {
                Some(last) => break last + 1,
                None if self.ended => break self.held.len(),
                None => self.fill()?,
            }
        };
        // An empty file is one empty body, which is to be complained of; an empty list of lines is none.
        if end == 0 && (self.form == Form::Lines || self.line > 1) {
            return Ok(None);
        }
        let rest = self.held.split_off(end);
        let bytes = std::mem::replace(&mut self.held, rest);
        self.searched = 0;
        let line = self.line;
        self.line += memchr::memchr_iter(b'\n', &bytes).count().max(1);
        Ok(Some(Block { file: Arc::clone(&self.file), line, form: self.form, bytes: bytes.into() }))
    }
}
