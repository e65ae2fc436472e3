//! A folder of captures: deliveries saved in files, in the [format of an HTTP request](super::capture_format).

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::models::event::in_file_name;
use crate::models::request::Request;

use super::capture_format::{EXTENSION, message};
use super::folder_limit::{FolderLimit, Reserved};
use super::journal::{self, Journal};
use super::unnamed_file::{Naming, UnnamedFile};

/// A folder of saved deliveries. A file name is a number, in the order in which deliveries were received, and the event:
/// `000001-page_created.http`. Text from a sender is never part of a file name.
#[derive(Debug)]
pub struct Captures {
    folder: PathBuf,
    /// The last number that was used.
    last: AtomicU64,
    naming: Naming,
    limit: Arc<FolderLimit>,
    /// The lengths of the files in the folder when it was opened.
    lengths: Vec<u64>,
}

/// Errors when captures are saved.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// The folder cannot be created or listed.
    #[error("cannot save captures in {}", .folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A capture cannot be written: the disk is full, or the folder was removed or is not writable.
    #[error("cannot save a capture in {}", .folder.display())]
    Save {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The journal cannot be written.
    #[error("cannot write {} in {}", journal::FILE_NAME, .folder.display())]
    Journal {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The limit of the folder, or its limit for unverified deliveries, is reached.
    #[error("cannot save a capture in {}", .folder.display())]
    Full {
        /// The folder.
        folder: PathBuf,
        /// The limit that is reached.
        source: io::Error,
        /// Whether this error occurred before.
        is_repeated: bool,
    },
}

impl Captures {
    /// Opens a folder, or creates it for its owner only (0700), and continues after the highest number in it. Only this
    /// function lists the folder.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be created or listed, or if files cannot be created in it.
    pub fn open(folder: &Path) -> Result<Self, CaptureError> {
        let error = |source| CaptureError::Folder { folder: folder.to_owned(), source };
        create_folder(folder).map_err(error)?;
        let (mut last, mut lengths) = (0, Vec::new());
        for entry in folder.read_dir().map_err(error)? {
            let entry = entry.map_err(error)?;
            last = last.max(number(&entry.file_name().to_string_lossy()).unwrap_or(0));
            // A file that was removed in the meantime uses no space.
            lengths.extend(entry.metadata().map(|metadata| metadata.len()));
        }
        let naming = Naming::detect(folder).map_err(error)?;
        let limit = Arc::new(FolderLimit::new(u64::MAX, &[]));
        Ok(Self { folder: folder.to_owned(), last: AtomicU64::new(last), naming, limit, lengths })
    }

    /// Limits the space of all files in the folder to this number of bytes, and that of unverified deliveries to a sixteenth
    /// of it. The default is unlimited.
    pub fn with_limit(self, bytes: u64) -> Self {
        Self { limit: Arc::new(FolderLimit::new(bytes, &self.lengths)), lengths: Vec::new(), ..self }
    }

    /// Opens the journal in the folder. The journal counts for the limit of the folder. `report` gets the first later error.
    ///
    /// # Errors
    /// Returns an error if the journal cannot be opened.
    pub fn journal(&self, report: impl Fn(CaptureError) + Send + 'static) -> Result<Journal, CaptureError> {
        let folder = self.folder.clone();
        let error = move |source| CaptureError::Journal { folder: folder.clone(), source };
        let report = {
            let error = error.clone();
            move |source| report(error(source))
        };
        Journal::open(&self.folder, Arc::clone(&self.limit), report).map_err(error)
    }

    /// Saves a request: [`Captures::write`] and [`WrittenCapture::commit`] in one step.
    ///
    /// # Errors
    /// Returns an error if the request cannot be written. Then no file gets a final name.
    pub fn save(&self, request: &Request, event: Option<&'static str>) -> Result<PathBuf, CaptureError> {
        self.write(request, true)?.commit(event)
    }

    /// Writes a request to a file without a final name, readable only by its owner (0600). When this returns, the operating
    /// system has all bytes.
    ///
    /// # Errors
    /// Returns an error if the request cannot be written, or if the limit is reached.
    pub fn write(&self, request: &Request, is_verified: bool) -> Result<WrittenCapture<'_>, CaptureError> {
        let message = message(request);
        let reserved = self.limit.reserve(message.len(), is_verified).map_err(|reached| CaptureError::Full {
            folder: self.folder.clone(),
            is_repeated: reached.is_repeated,
            source: io::Error::new(io::ErrorKind::StorageFull, reached),
        })?;
        let written = self.naming.create(&self.folder, 0o600).and_then(|mut file| {
            file.file.write_all(&message)?;
            Ok(WrittenCapture { captures: self, file, reserved })
        });
        written.map_err(|source| self.error(source))
    }

    fn error(&self, source: io::Error) -> CaptureError {
        CaptureError::Save { folder: self.folder.clone(), source }
    }

    /// Returns the next file name.
    fn next(&self, event: Option<&'static str>) -> PathBuf {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let event = in_file_name(event.unwrap_or("unknown"));
        self.folder.join(format!("{}-{event}.{EXTENSION}", numeral(number)))
    }
}

/// A written capture without a final name. Dropping it removes the file.
#[derive(Debug)]
#[must_use = "without a final name, the file is gone when this is dropped"]
pub struct WrittenCapture<'a> {
    captures: &'a Captures,
    file: UnnamedFile,
    reserved: Reserved<'a>,
}

impl WrittenCapture<'_> {
    /// Gives the file its final name, and never replaces another file. After this, the capture survives the end of this
    /// process, even by `kill -9`.
    ///
    /// # Errors
    /// Returns an error if the file cannot be named. Then no file gets a final name.
    pub fn commit(mut self, event: Option<&'static str>) -> Result<PathBuf, CaptureError> {
        loop {
            let path = self.captures.next(event);
            match self.file.link(&path) {
                Ok(()) => {
                    self.reserved.keep();
                    return Ok(path);
                }
                // Another process also saves captures here, and has used the name.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(self.captures.error(error)),
            }
        }
    }
}

/// Creates a folder for its owner only (0700), unless it exists.
///
/// # Errors
/// Returns an error if the folder cannot be created.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Formats a number for file names, so that names sort by number. It has at least six digits. A longer number begins with a
/// letter: `a` for seven digits, `b` for eight.
fn numeral(number: u64) -> String {
    let digits = format!("{number:06}");
    let letter = (digits.len() > 6).then(|| char::from(b"abcdefghijklmn"[digits.len() - 7]));
    letter.into_iter().chain(digits.chars()).collect()
}

/// Parses the number in a file name. A number too large to be counted to belongs to another kind of file.
pub fn number(name: &str) -> Option<u64> {
    let numeral = name.strip_suffix(".http")?.split('-').next()?;
    let number = numeral.strip_prefix(|letter: char| letter.is_ascii_lowercase()).unwrap_or(numeral).parse().ok();
    number.filter(|number| *number < 1_000_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::request::Headers;
    use crate::store::capture_format::parse;

    fn delivery(body: &'static [u8]) -> Request {
        let mut headers = Headers::new();
        headers.append("Host", "127.0.0.1:8080");
        headers.append("X-Odd", &b"caf\xe9"[..]);
        headers.append("X-Odd", "");
        Request::post("/webhooks/confluence?lic=active", headers, body)
    }

    #[test]
    fn captures_are_saved_under_temporary_names_where_nothing_else_works() {
        let folder = tempfile::tempdir().expect("a folder");
        let captures = Captures { naming: Naming::Temporary, ..Captures::open(folder.path()).expect("it opens") };
        let names = || folder.path().read_dir().map(Iterator::count).unwrap_or_default();
        drop(captures.write(&delivery(b"{}"), true).expect("it is written"));
        assert_eq!(names(), 0, "without a final name nothing stays");
        // Another process has used the name.
        std::fs::write(folder.path().join("000001-unknown.http"), "").expect("a file");
        let path = captures.save(&delivery(b"{}"), None).expect("it is saved");
        assert_eq!(path, folder.path().join("000002-unknown.http"));
        assert_eq!(names(), 2);
        let saved = std::fs::read(path).expect("a file");
        assert_eq!(parse(&saved.into()).expect("it is a capture").delivery, delivery(b"{}"));
        std::fs::remove_dir_all(folder.path()).expect("it is removed");
        assert!(matches!(captures.save(&delivery(b"{}"), None), Err(CaptureError::Save { .. })));
    }

    #[test]
    fn numbers_continue_after_the_highest_and_no_name_is_used_twice() {
        let folder = tempfile::tempdir().expect("a folder");
        let name = |path: PathBuf| path.file_name().expect("a name").to_string_lossy().into_owned();
        let save = |captures: &Captures| name(captures.save(&delivery(b"x"), None).expect("it is saved"));
        let first = Captures::open(folder.path()).expect("a folder");
        assert_eq!(save(&first), "000001-unknown.http");
        std::fs::write(folder.path().join(format!("{}-x.http", u64::MAX)), "").expect("it is written");
        let second = Captures::open(folder.path()).expect("a folder");
        assert_eq!(save(&second), "000002-unknown.http");
        assert_eq!(save(&first), "000003-unknown.http");
        let second = Captures { naming: Naming::Temporary, ..second };
        assert_eq!(save(&second), "000004-unknown.http", "the other way of writing does the same");
        #[cfg(target_os = "linux")]
        {
            let first = Captures { naming: Naming::Proc, ..first };
            assert_eq!(save(&first), "000005-unknown.http", "and so does the other way of naming");
        }
    }
}
