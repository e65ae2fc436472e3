//! Reads requests from files, folders and stdin. All commands follow the same rule:
//!
//! - a file with a name that ends in `.http` is a whole request, a capture; in `.ndjson` or `.jsonl`, one body on each line;
//! - any other file is one body, every byte of it;
//! - the content of `-`, stdin, decides: a capture if it begins with a request line, one body on each line if the first
//!   line is a whole JSON object and more follows, else one body.
//!
//! Nothing is trimmed or decoded; in a file with one body on each line, the line ends separate the bodies.

pub mod batches;
mod chunk_reader;
pub mod file_format;
pub mod parallel;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::exit::Exit;
use crate::output::Terminal;
use batches::Input;
use file_format::{FileFormat, is_stdin};

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

/// Lists the files that paths stand for: folders are searched recursively, in the order of names. No path stands for stdin.
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
        search(path, &mut files).with_context(|| format!("cannot list {}", path.display()))?;
        if files.len() == before {
            bail!("{} contains no .json, .ndjson, .jsonl or .http file", path.display());
        }
    }
    Ok(files)
}

/// Links to folders are not followed, so that a loop of links ends.
fn search(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries: Vec<_> = folder.read_dir()?.collect::<io::Result<_>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let kind = entry.file_type()?;
        if kind.is_dir() {
            search(&path, files)?;
        } else if FileFormat::from_extension(&path).is_some() && (kind.is_file() || path.is_file()) {
            files.push(path);
        }
    }
    Ok(())
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

/// Reads all files, in order. What cannot be read is an error in its place.
pub fn read(files: Vec<PathBuf>) -> impl Iterator<Item = anyhow::Result<Input>> + Send {
    files.into_iter().flat_map(|path| batches::read(&path))
}
