//! A file with one body a line, or stdin, read block by block: what is held does not grow with the input.

use std::io::{self, Read};
use std::sync::Arc;

use super::Form;
use super::parts::Block;

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
    /// The end was read.
    ended: bool,
}

impl Blocks {
    pub(super) fn new(file: &str, reader: Box<dyn Read + Send>, form: Form) -> Self {
        Self { file: file.into(), reader, form, line: 1, held: Vec::new(), ended: false }
    }

    /// Reads until the content tells its form: past the first line, or to the end.
    pub(super) fn sniff(reader: Box<dyn Read + Send>) -> io::Result<Self> {
        let mut blocks = Self::new("-", reader, Form::Body);
        while !blocks.ended && !has_second_line(&blocks.held) && blocks.held.len() < BLOCK {
            blocks.fill()?;
        }
        blocks.form = Form::of_content(&blocks.held);
        Ok(blocks)
    }

    /// Reads on: as much as is there, at most a block.
    fn fill(&mut self) -> io::Result<()> {
        let start = self.held.len();
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

    /// The next block: whole lines, or everything where the form is one of a whole file.
    pub(super) fn next(&mut self) -> io::Result<Option<Block>> {
        let end = loop {
            let newline = if self.form == Form::Lines { memchr::memrchr(b'\n', &self.held) } else { None };
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
        let line = self.line;
        self.line += memchr::memchr_iter(b'\n', &bytes).count().max(1);
        Ok(Some(Block { file: Arc::clone(&self.file), line, form: self.form, bytes: bytes.into() }))
    }
}

fn has_second_line(bytes: &[u8]) -> bool {
    memchr::memchr(b'\n', bytes).is_some_and(|end| !bytes[end..].trim_ascii().is_empty())
}
