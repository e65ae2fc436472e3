//! Refuses empty input: a check without input must not pass.

use std::iter;
use std::path::PathBuf;

use anyhow::anyhow;

use super::file_format::is_stdin;

/// Appends an item, if `none` has one, if the iterator has none.
pub(super) fn expect_some<T>(
    items: impl Iterator<Item = T> + Send,
    none: impl FnOnce() -> Option<T> + Send,
) -> impl Iterator<Item = T> + Send {
    let (mut items, mut none) = (items.fuse(), Some(none));
    iter::from_fn(move || {
        let item = items.next();
        let none = none.take();
        item.or_else(|| none.and_then(|none| none()))
    })
}

/// Returns the error for files without a body.
pub fn no_input(files: &[PathBuf]) -> anyhow::Error {
    match files {
        [file] if is_stdin(file) => anyhow!("no input: stdin is empty"),
        [file] => anyhow!("no input: {} is empty", file.display()),
        files => anyhow!("no input: all {} files are empty", files.len()),
    }
}
