//! Folders of captures.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::Serialize;

use crate::models::event::in_file_name;
use crate::profiles::KnownEvent;
use crate::store::capture_format::{FormatError, message, parse};
use crate::store::captures::{create_folder, number};
use crate::store::folder::{SavedDelivery, list};
use crate::store::journal;

use super::redactor::Redactor;
use super::request::Resigning;

/// The result of redacting a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RedactedFolder {
    /// The number of written captures.
    pub captures: usize,
    /// The new ids of Forge apps in tokens. Receivers must be configured with them.
    pub app_ids: BTreeSet<String>,
    /// The new client keys of Connect installations in tokens.
    pub client_keys: BTreeSet<String>,
    /// Files with leftover words. Empty if they were not verified.
    pub leftovers: Vec<FileWithLeftovers>,
}

/// A file with leftover words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileWithLeftovers {
    /// The name of the file.
    pub file: String,
    /// The words, in lower case.
    pub words: BTreeSet<String>,
}

/// The error if a folder cannot be redacted.
#[derive(Debug, thiserror::Error)]
pub enum RedactError {
    /// A file or folder is not readable.
    #[error("nothing was written: cannot read {}", .0.display())]
    Read(PathBuf, #[source] io::Error),
    /// A file is not writable.
    #[error("cannot write {}", .0.display())]
    Write(PathBuf, #[source] io::Error),
    /// A file is not a capture.
    #[error("nothing was written: cannot read {}", .0.display())]
    Form(PathBuf, #[source] FormatError),
    /// The output folder is not empty.
    #[error("{} is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// The output folder is the input folder or inside it.
    #[error("{} is inside the folder to redact; choose another folder", .0.display())]
    Inside(PathBuf),
}

/// Writes the redacted captures and journal of a folder to another folder. The new folder appears only when it is complete.
///
/// # Errors
///
/// Returns an error if a file is not readable or writable. Then no folder is created.
pub fn redact(
    from: &Path,
    to: &Path,
    redactor: &mut Redactor,
    resigning: &Resigning,
    verify: bool,
) -> Result<RedactedFolder, RedactError> {
    let read = |path: &Path| fs::read(path).map_err(|error| RedactError::Read(path.to_owned(), error));
    let write_error = |error| RedactError::Write(to.to_owned(), error);
    check_target(from, to)?;
    let deliveries = list(from).map_err(|error| RedactError::Read(from.to_owned(), error))?;
    let one = |redactor: &mut Redactor, delivery: &SavedDelivery| -> Result<Redacted, RedactError> {
        let was_valid = delivery.entry.as_ref().map(|entry| entry.signature == "valid");
        let mut redacted = Redacted::default();
        if let Some(path) = &delivery.capture {
            let capture = parse(&Bytes::from(read(path)?)).map_err(|error| RedactError::Form(path.clone(), error))?;
            let request = redactor.request(&capture.delivery, resigning, was_valid);
            redacted.length = Some(request.body().len());
            redacted.name = path.file_name().map(|name| file_name(&name.to_string_lossy(), delivery.number));
            redacted.message = message(&request);
        }
        if let Some(entry) = &delivery.entry {
            let entry = redactor.entry(entry, redacted.name.as_deref(), redacted.length);
            redacted.line = journal::line(&entry);
        }
        Ok(redacted)
    };
    for delivery in &deliveries.deliveries {
        one(redactor, delivery)?;
    }
    redactor.complete();
    let parent = match to.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    create_folder(parent).map_err(write_error)?;
    let unfinished = tempfile::Builder::new().prefix(".cfwh-redact-").tempdir_in(parent).map_err(write_error)?;
    let mut result = RedactedFolder::default();
    let mut lines = Vec::new();
    for delivery in &deliveries.deliveries {
        let Redacted { name, message, line, .. } = one(redactor, delivery)?;
        if let Some(name) = name {
            write(&unfinished.path().join(&name), &message).map_err(write_error)?;
            result.captures += 1;
            result.add_leftovers(redactor, verify, &name, &message);
        }
        lines.extend_from_slice(&line);
    }
    if deliveries.has_journal {
        write(&unfinished.path().join(journal::FILE_NAME), &lines).map_err(write_error)?;
        result.add_leftovers(redactor, verify, journal::FILE_NAME, &lines);
    }
    result.app_ids.clone_from(&redactor.app_ids);
    result.client_keys.clone_from(&redactor.client_keys);
    // The folder may exist, if it is empty.
    let _ = fs::remove_dir(to);
    fs::rename(unfinished.path(), to).map_err(write_error)?;
    // No folder to remove.
    let _ = unfinished.keep();
    Ok(result)
}

#[derive(Default)]
struct Redacted {
    name: Option<String>,
    length: Option<usize>,
    message: Vec<u8>,
    line: Vec<u8>,
}

impl RedactedFolder {
    fn add_leftovers(&mut self, redactor: &Redactor, verify: bool, file: &str, bytes: &[u8]) {
        let words = if verify { redactor.leftovers(bytes) } else { BTreeSet::new() };
        if !words.is_empty() {
            self.leftovers.push(FileWithLeftovers { file: file.to_owned(), words });
        }
    }
}

/// Returns the name of a redacted capture: the original name if it is from `listen`.
fn file_name(name: &str, index: Option<u64>) -> String {
    let stem = name.trim_end_matches(".http");
    let event = stem.split_once('-').map_or("", |(_, event)| event);
    let is_event = event == "unknown" || KnownEvent::all().any(|known| in_file_name(known.name()) == event);
    if number(name).is_some() && is_event {
        name.to_owned()
    } else {
        format!("{:06}-redacted.http", index.unwrap_or_default())
    }
}

fn check_target(from: &Path, to: &Path) -> Result<(), RedactError> {
    let whole = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path));
    let source = from.canonicalize().map_err(|error| RedactError::Read(from.to_owned(), error))?;
    let mut existing = to;
    while !existing.exists() {
        match existing.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => existing = parent,
            _ => existing = Path::new("."),
        }
    }
    let target = whole(existing).map_err(|error| RedactError::Read(existing.to_owned(), error))?;
    if target.starts_with(&source) {
        return Err(RedactError::Inside(to.to_owned()));
    }
    match to.read_dir().map(Iterator::count) {
        Ok(1..) => Err(RedactError::NotEmpty(to.to_owned())),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(RedactError::Write(to.to_owned(), error)),
        _ => Ok(()),
    }
}

/// Writes a file that only its owner can read (0600).
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    io::Write::write_all(&mut options.open(path)?, bytes)
}
