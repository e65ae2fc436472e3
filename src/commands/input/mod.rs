//! Reads requests from files, folders and stdin. All commands follow the same rule:
//!
//! - a file with a name that ends in `.http` is a whole request, a capture; in `.ndjson` or `.jsonl`, one body on each line; in `.har`,
//!   a list of requests; each of these with `.gz` after it, compressed;
//! - any other file is one body, every byte of it, or several in a JSON array of objects;
//! - the content of `-`, stdin, decides: a capture if it begins with a request line, one body on each line if the first
//!   line is a whole JSON object and more follows, else one body.
//!
//! Nothing is trimmed or decoded; in a file with one body on each line, the line ends separate the bodies.

pub mod batches;
mod chunk_reader;
pub mod file_format;
mod glob;
mod no_input;
mod options;
pub mod parallel;
mod split;
mod walk;

pub use chunk_reader::{cannot_read, open, read_file, too_large};
pub use file_format::utf8;
pub use no_input::no_input;
pub use options::ReadOptions;

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use anyhow::{Context, bail};

use super::exit::Exit;
use crate::output::Terminal;
use batches::Input;
use file_format::is_stdin;
use no_input::expect_some;
use walk::walk;

/// Refuses to read stdin twice. If it is a terminal, says that the command waits for what the user types.
///
/// # Errors
/// When `-` is named twice.
pub fn check_stdin<'a>(paths: impl IntoIterator<Item = &'a PathBuf>, terminal: &mut Terminal) -> anyhow::Result<()> {
    let count = paths.into_iter().filter(|path| is_stdin(path)).count();
    if count > 1 {
        bail!("stdin can be read only once, but `-` is given twice");
    }
    if count == 1 && io::stdin().is_terminal() {
        terminal.say("reading from the terminal; end the input with Ctrl-D");
    }
    Ok(())
}

/// Lists the files that paths stand for: folders are walked, in the order of names. No path stands for stdin.
///
/// # Errors
/// When a folder cannot be listed or contains nothing to read.
pub fn list_files(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    if paths.is_empty() {
        return Ok(vec![PathBuf::from("-")]);
    }
    let mut files = Vec::new();
    for path in paths {
        if is_stdin(path) || !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let before = files.len();
        walk(path, &mut files).with_context(|| format!("cannot list {}", path.display()))?;
        if files.len() == before {
            bail!("no input: {} contains no .json, .ndjson, .jsonl, .http or .har file", path.display());
        }
    }
    Ok(files)
}

/// Handles items one after another. Reports and skips an item that cannot be read; an error of `each` ends this. Returns the
/// highest exit code.
///
/// # Errors
/// The first error of `each`.
pub fn for_each<T>(
    items: impl Iterator<Item = anyhow::Result<T>>,
    terminal: &mut Terminal,
    mut each: impl FnMut(T, &mut Terminal) -> anyhow::Result<Exit>,
) -> anyhow::Result<Exit> {
    let mut exit = Exit::Yes;
    for item in items {
        exit = exit.max(match item {
            Ok(item) => each(item, terminal)?,
            Err(error) => {
                terminal.error(&error);
                Exit::Trouble
            }
        });
    }
    Ok(exit)
}

/// Reads all files, in order. What cannot be read is an error in its place; no input at all is an error, too.
pub fn read(files: Vec<PathBuf>, options: ReadOptions) -> impl Iterator<Item = anyhow::Result<Input>> + Send {
    let none = no_input(&files);
    expect_some(files.into_iter().flat_map(move |path| batches::read(&path, options)), || Err(none))
}
