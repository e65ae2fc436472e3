//! Reads a folder of captures with its journal.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use super::capture_format::EXTENSION;
use super::captures::number;
use super::journal;
use super::journal_entry::JournalEntry;

/// The deliveries of a folder.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// The deliveries, in the order of their numbers. Deliveries that were not saved are last.
    pub deliveries: Vec<SavedDelivery>,
    /// Whether the folder has a journal.
    pub has_journal: bool,
    /// The number of unreadable lines in the journal.
    pub unreadable_lines: usize,
}

/// A delivery in a folder. It has a capture, a journal entry, or both.
#[derive(Clone, Debug)]
pub struct SavedDelivery {
    /// The number in the capture's name. Captures without a number are numbered after all others. Deliveries without a capture
    /// have none.
    pub number: Option<u64>,
    /// The capture.
    pub capture: Option<PathBuf>,
    /// The journal entry.
    pub entry: Option<JournalEntry<'static>>,
}

/// Lists the captures of a folder, without subfolders, with their journal entries. Captures are not read.
///
/// # Errors
/// Returns an error if the folder or its journal cannot be read.
pub fn list(folder: &Path) -> io::Result<Folder> {
    let mut names = Vec::new();
    for entry in folder.read_dir()? {
        let entry = entry?;
        // `listen` writes only names in UTF-8.
        let Ok(name) = entry.file_name().into_string() else { continue };
        // Only regular files are listed: a pipe or a device may have no end.
        let is_file = || entry.path().metadata().is_ok_and(|metadata| metadata.is_file());
        if is_capture(&name) && is_file() {
            names.push(name);
        }
    }
    names.sort_by_cached_key(|name| (number(name).unwrap_or(u64::MAX), name.clone()));
    let content = journal::read(folder)?;
    let (has_journal, content) = (content.is_some(), content.unwrap_or_default());
    let mut entries = HashMap::new();
    let mut not_saved = Vec::new();
    for entry in content.entries {
        match entry.capture.as_deref().map(str::to_owned) {
            Some(name) => _ = entries.insert(name, entry),
            None => not_saved.push(SavedDelivery { number: None, capture: None, entry: Some(entry) }),
        }
    }
    let mut others = names.iter().filter_map(|name| number(name)).max().unwrap_or_default() + 1..;
    let mut last = None;
    let saved = names.into_iter().map(|name| {
        // Files of two folders in one folder can have the same number.
        let own = number(&name).filter(|own| last != Some(*own));
        last = own.or(last);
        let number = own.or_else(|| others.next());
        SavedDelivery { number, capture: Some(folder.join(&name)), entry: entries.remove(&name) }
    });
    let deliveries = saved.collect::<Vec<_>>().into_iter().chain(not_saved).collect();
    Ok(Folder { deliveries, has_journal, unreadable_lines: content.unreadable })
}

/// Returns whether a file name is that of a capture. Hidden files and responses saved by `probe` are not captures.
fn is_capture(name: &str) -> bool {
    let stem = name.strip_suffix(EXTENSION).and_then(|stem| stem.strip_suffix('.'));
    stem.is_some_and(|stem| !stem.starts_with('.') && !stem.ends_with(".response"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_have_their_numbers_and_others_the_next_ones() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in
            ["000002-a.http", "000010-b.http", "a1000000-c.http", "x.http", "000002-z.http", ".h.http", "a.json"]
        {
            std::fs::write(folder.path().join(name), "").expect("it is written");
        }
        std::fs::write(folder.path().join("000001-p.response.http"), "").expect("it is written");
        let folder = list(folder.path()).expect("it is listed");
        assert!(!folder.has_journal);
        let found = |delivery: &SavedDelivery| {
            let name = delivery.capture.as_ref().and_then(|path| path.file_name()).expect("a name");
            (delivery.number.expect("a number"), name.to_string_lossy().into_owned())
        };
        let found: Vec<_> = folder.deliveries.iter().map(found).collect();
        let expected = [
            (2, "000002-a.http"),
            (1_000_001, "000002-z.http"),
            (10, "000010-b.http"),
            (1_000_000, "a1000000-c.http"),
            (1_000_002, "x.http"),
        ];
        assert_eq!(found, expected.map(|(number, name)| (number, name.to_owned())));
    }
}
