//! Reads requests from files, folders and stdin. All commands follow the same rule:
//!
//! - A `.http` file is a capture: a whole request. A `.ndjson` or `.jsonl` file has one body per line. A `.har` file has a list
//!   of requests. Each of these may be compressed, with `.gz` at the end of its name.
//! - Any other file is one body, or several bodies in a JSON array of objects.
//! - For `-`, stdin, the content decides. It is a capture if it begins with a request line. It has one body per line if the
//!   first line is a whole JSON object and more lines follow. Otherwise it is one body.
//!
//! Bodies are not trimmed or decoded. In a file with one body per line, line ends separate the bodies.

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

/// Refuses to read stdin twice. Prints a note if stdin is a terminal, because the command waits for the user.
///
/// # Errors
/// Returns an error if `-` is given twice.
pub fn check_stdin<'a>(paths: impl IntoIterator<Item = &'a PathBuf>, terminal: &mut Terminal) -> anyhow::Result<()> {
    let count = paths.into_iter().filter(|path| is_stdin(path)).count();
    if count > 1 {
        bail!("stdin can be read only once; give `-` once");
    }
    if count == 1 && io::stdin().is_terminal() {
        terminal.say("reading from the terminal; press Ctrl-D to end the input");
    }
    Ok(())
}

/// Lists the files of paths. Folders are walked in the order of names. Without a path, the input is stdin.
///
/// # Errors
/// Returns an error if a folder cannot be listed or contains no input file.
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
            bail!(
                "no input: {} contains no .json, .ndjson, .jsonl, .http or .har file; name one, or another folder",
                path.display()
            );
        }
    }
    Ok(files)
}

/// Handles items in order. Reports and skips an unreadable item. An error of `each` ends the loop. Returns the highest exit
/// code.
///
/// # Errors
/// Returns the first error of `each`.
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

/// Reads all files, in order. An unreadable file is an error in its place. No input at all is also an error.
pub fn read(files: Vec<PathBuf>, options: ReadOptions) -> impl Iterator<Item = anyhow::Result<Input>> + Send {
    let none = no_input(&files);
    expect_some(files.into_iter().flat_map(move |path| batches::read(&path, options)), || Some(Err(none)))
}
