//! The input in parts that can be read and judged by themselves, on any thread.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use anyhow::Context;
use bytes::Bytes;

use super::blocks::Blocks;
use super::{Form, Input, is_stdin};
use crate::models::request::{Headers, Request};
use crate::store::captures;

/// Files that go into one part at the most: handing over a small file takes longer than judging it.
const FILES: usize = 64;

/// A part of the input.
#[derive(Debug)]
pub enum Part {
    /// Files to be read whole, one after another.
    Files(Vec<PathBuf>),
    /// What has been read already.
    Block(Block),
    /// What could not be read.
    Unreadable(anyhow::Error),
}

/// Whole lines of a file with one body a line, or all of a file.
#[derive(Debug)]
pub struct Block {
    /// The file.
    pub file: Arc<str>,
    /// The line that the block begins on, from 1.
    pub line: usize,
    /// What it holds.
    pub form: Form,
    /// The bytes.
    pub bytes: Bytes,
}

type Inputs = Box<dyn Iterator<Item = anyhow::Result<Input>> + Send>;

impl Part {
    /// The deliveries in it, in order; what cannot be read, or is no capture although its name says so, is an error in
    /// its place.
    #[must_use]
    pub fn read(self) -> Inputs {
        match self {
            Self::Files(paths) => Box::new(paths.into_iter().flat_map(|path| match Block::of(&path) {
                Ok(block) => block.inputs(),
                Err(error) => Box::new(std::iter::once(Err(error))),
            })),
            Self::Block(block) => block.inputs(),
            Self::Unreadable(error) => Box::new(std::iter::once(Err(error))),
        }
    }
}

impl Block {
    fn of(path: &Path) -> anyhow::Result<Self> {
        let file: Arc<str> = path.to_string_lossy().into();
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {file}"))?;
        Ok(Self { file, line: 1, form: Form::of(path), bytes: bytes.into() })
    }

    /// Of lines, blank ones are no bodies.
    fn inputs(self) -> Inputs {
        let Self { file, line, form, bytes } = self;
        let body = move |line, body: Bytes, file| {
            Ok(Input { file, line, form, delivery: Request::post("", Headers::new(), body) })
        };
        match form {
            Form::Body => Box::new(std::iter::once(body(line, bytes, file))),
            Form::Lines => {
                let lines = lines(bytes).enumerate().filter(|(_, line)| !line.trim_ascii().is_empty());
                Box::new(lines.map(move |(index, bytes)| body(line + index, bytes, Arc::clone(&file))))
            }
            Form::Capture => Box::new(std::iter::once(
                captures::parse(&bytes).with_context(|| format!("cannot read {file}")).map(|capture| Input {
                    file,
                    line: capture.body_line,
                    form,
                    delivery: capture.delivery,
                }),
            )),
        }
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

/// The parts of all files, in order. Of a file with one body a line only a block at a time is held.
pub struct Parts {
    files: VecDeque<PathBuf>,
    blocks: Option<Blocks>,
    /// Files that go into one part: fewer where there are few, so that every core gets some.
    files_a_part: usize,
}

/// Cuts files into parts.
#[must_use]
pub fn cut(files: Vec<PathBuf>) -> Parts {
    // To ask for the cores takes twenty system calls, which a run on one file would feel.
    let cores = || thread::available_parallelism().map_or(1, NonZero::get);
    let files_a_part = if files.len() < 8 { 1 } else { (files.len() / (cores() * 4)).clamp(1, FILES) };
    Parts { files: files.into(), blocks: None, files_a_part }
}

impl Parts {
    /// Is there one file and no more, which is read in one piece?
    #[must_use]
    pub fn is_one_file(&self) -> bool {
        self.files.len() == 1 && self.files.iter().all(|path| is_whole(path))
    }

    /// As many files as go into one part, none of which is read in blocks.
    fn whole_files(&mut self) -> Vec<PathBuf> {
        let count = self.files.iter().take(self.files_a_part).take_while(|path| is_whole(path)).count();
        self.files.drain(..count).collect()
    }
}

/// Is this file read whole, not block by block?
fn is_whole(path: &Path) -> bool {
    !is_stdin(path) && Form::of(path) != Form::Lines
}

impl Iterator for Parts {
    type Item = Part;

    fn next(&mut self) -> Option<Part> {
        loop {
            if let Some(blocks) = &mut self.blocks {
                match blocks.next().with_context(|| format!("cannot read {}", blocks.file)) {
                    Ok(Some(block)) => return Some(Part::Block(block)),
                    Ok(None) => self.blocks = None,
                    Err(error) => {
                        self.blocks = None;
                        return Some(Part::Unreadable(error));
                    }
                }
            }
            let files = self.whole_files();
            if !files.is_empty() {
                return Some(Part::Files(files));
            }
            let path = self.files.pop_front()?;
            let opened = if is_stdin(&path) {
                Blocks::sniff(Box::new(io::stdin()))
            } else {
                File::open(&path).map(|file| Blocks::new(&path.to_string_lossy(), Box::new(file), Form::Lines))
            };
            match opened.with_context(|| format!("cannot read {}", path.display())) {
                Ok(blocks) => self.blocks = Some(blocks),
                Err(error) => return Some(Part::Unreadable(error)),
            }
        }
    }
}
