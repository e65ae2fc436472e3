//! The journal of a folder of captures: `deliveries.ndjson`, with a line of JSON for each delivery that got a response.
//!
//! Captures contain what was received, and are on disk before the response. The journal contains the results. A separate
//! thread writes it after the response, so that senders do not wait for it. `kill -9` can lose the lines of the last
//! milliseconds and cut the last line. Reading skips a line that is cut.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use memchr::{memchr2, memrchr};
use serde::de::IgnoredAny;

use crate::models::json_escape::json;

use super::folder_limit::FolderLimit;
use super::journal_entry::JournalEntry;

/// The name of the file.
pub const FILE_NAME: &str = "deliveries.ndjson";

/// The beginning of every line.
const LINE_START: &[u8] = b"{\"number\":";
/// An upper bound for the length of a line, in bytes.
const MAX_LINE: usize = 1024 * 1024;

/// How long lines are collected before one write. A write for each line would take as long as making the line.
const COLLECTING: Duration = Duration::from_millis(5);
/// The most bytes that wait for a slow disk. Above this, senders wait.
const MAX_WAITING: usize = 8 * 1024 * 1024;

/// Writes the journal of a folder.
#[derive(Debug)]
pub struct Journal {
    shared: Arc<Shared>,
    limit: Arc<FolderLimit>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    /// Signals that lines were added or removed, or that the journal was closed.
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: Vec<u8>,
    is_closed: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // The state is valid even if another thread panicked, because only whole lines are added.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_while(&self, condition: impl FnMut(&mut Waiting) -> bool) -> MutexGuard<'_, Waiting> {
        self.changed.wait_while(self.lock(), condition).unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal {
    /// Opens the journal of a folder, and removes an incomplete line at its end. The file is created with the first line.
    /// `report` gets the first later error. Deliveries are still received after an error.
    ///
    /// # Errors
    /// Returns an error if an existing file cannot be written, or if the thread cannot be started.
    pub(super) fn open(
        folder: &Path,
        limit: Arc<FolderLimit>,
        report: impl Fn(io::Error) + Send + 'static,
    ) -> io::Result<Self> {
        let path = folder.join(FILE_NAME);
        if path.symlink_metadata().is_ok() {
            check_file(&path)?;
            end_last_line(&mut open_file(&path)?)?;
        }
        let shared = Arc::<Shared>::default();
        let writer = Arc::clone(&shared);
        let thread = thread::Builder::new().name("journal".into()).spawn(move || write_all(&writer, &path, report))?;
        Ok(Self { shared, limit, thread: Mutex::new(Some(thread)) })
    }

    /// Adds a line, unless the limit of the folder is reached. Then the delivery itself was not saved either. `is_verified`
    /// is whether the delivery was authenticated.
    pub fn append(&self, entry: &JournalEntry<'_>, is_verified: bool) {
        let line = line(entry);
        if !self.limit.extend(line.len(), is_verified) {
            return;
        }
        let is_full = |waiting: &mut Waiting| waiting.lines.len() >= MAX_WAITING && !waiting.is_closed;
        let mut waiting = self.shared.wait_while(is_full);
        let was_empty = waiting.lines.is_empty();
        waiting.lines.extend_from_slice(&line);
        drop(waiting);
        if was_empty {
            self.shared.changed.notify_all();
        }
    }

    /// Waits until all lines are written. Lines that are added later are lost.
    pub fn close(&self) {
        self.shared.lock().is_closed = true;
        self.shared.changed.notify_all();
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // A panic of the thread was reported already.
            let _ = thread.join();
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.close();
    }
}

/// Writes lines until the journal is closed.
fn write_all(shared: &Shared, path: &Path, report: impl Fn(io::Error)) {
    let mut has_failed = false;
    loop {
        let waiting = shared.wait_while(|waiting| waiting.lines.is_empty() && !waiting.is_closed);
        if waiting.lines.is_empty() {
            return;
        }
        // Collect more lines, unless the journal is closed.
        let collect = |waiting: &mut Waiting| !waiting.is_closed && waiting.lines.len() < MAX_WAITING;
        let collected = shared.changed.wait_timeout_while(waiting, COLLECTING, collect);
        let mut waiting = collected.unwrap_or_else(PoisonError::into_inner).0;
        let lines = std::mem::take(&mut waiting.lines);
        drop(waiting);
        shared.changed.notify_all();
        if let Err(error) = append(path, &lines)
            && !std::mem::replace(&mut has_failed, true)
        {
            report(error);
        }
    }
}

/// Refuses a file that is not a regular file: a link may lead to another file, and a pipe may have no end.
fn check_file(path: &Path) -> io::Result<()> {
    let is_file = path.symlink_metadata()?.is_file();
    if is_file { Ok(()) } else { Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file")) }
}

/// Opens the file, or creates it for its owner only (0600).
fn open_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Appends all lines, or none if writing fails. The file is opened each time, because it may have been moved.
fn append(path: &Path, lines: &[u8]) -> io::Result<()> {
    if path.symlink_metadata().is_ok() {
        check_file(path)?;
    }
    let mut file = open_file(path)?;
    let end = file.seek(SeekFrom::End(0))?;
    file.write_all(lines).inspect_err(|_| {
        // Without the incomplete line, the next line is readable. If this fails too, reading skips the line.
        let _ = file.set_len(end);
    })
}

/// Makes the file end with a line end. Removes an incomplete line of an earlier process. Other text after the last line end
/// is kept.
fn end_last_line(file: &mut File) -> io::Result<()> {
    const STEP: usize = 64 * 1024;
    let length = file.seek(SeekFrom::End(0))?;
    let mut end = length;
    let mut buffer = vec![0; STEP];
    while end > 0 {
        let start = end.saturating_sub(STEP as u64);
        let part = &mut buffer[..usize::try_from(end - start).unwrap_or(STEP)];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(part)?;
        if let Some(line_end) = memrchr(b'\n', part) {
            end = start + line_end as u64 + 1;
            break;
        }
        end = start;
    }
    if end == length {
        return Ok(());
    }
    let mut last = vec![0; usize::try_from(length - end).unwrap_or(usize::MAX).min(MAX_LINE)];
    file.seek(SeekFrom::Start(end))?;
    file.read_exact(&mut last)?;
    let is_start_of_ours = last.starts_with(LINE_START) || LINE_START.starts_with(&last);
    let is_whole = serde_json::from_slice::<IgnoredAny>(&last).is_ok();
    if is_start_of_ours && !is_whole { file.set_len(end) } else { file.write_all(b"\n") }
}

/// Returns an entry as a line.
pub fn line(entry: &JournalEntry<'_>) -> Vec<u8> {
    // Enough for most entries, so that the buffer does not grow.
    let mut line = Vec::with_capacity(1024);
    // Serializing fails only for keys that are not text, which an entry does not have.
    let _ = serde_json::to_writer(&mut line, entry);
    // `cat` may print text from senders on a terminal. Most lines need no escapes.
    let is_plain = line.is_ascii() && memchr2(0x7F, b'#', &line).is_none();
    if !is_plain && let Ok(text) = std::str::from_utf8(&line) {
        line = json(text).into_owned().into_bytes();
    }
    line.push(b'\n');
    line
}

/// The readable content of a journal.
#[derive(Clone, Debug, Default)]
pub struct JournalContent {
    /// The entries, in the order of the file.
    pub entries: Vec<JournalEntry<'static>>,
    /// The number of lines that are not entries, without an incomplete last line.
    pub unreadable: usize,
}

/// Reads the journal of a folder. Returns `None` if it has none. Skips an incomplete last line.
///
/// # Errors
/// Returns an error if the file cannot be read.
pub fn read(folder: &Path) -> io::Result<Option<JournalContent>> {
    let path = folder.join(FILE_NAME);
    // A link to a regular file is allowed.
    let is_file = match path.metadata() {
        Ok(metadata) => metadata.is_file(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if !is_file {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{FILE_NAME} is not a regular file")));
    }
    let bytes = std::fs::read(path)?;
    let mut content = JournalContent::default();
    for line in bytes.split_inclusive(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty()) {
        match serde_json::from_slice(line) {
            Ok(entry) => content.entries.push(entry),
            Err(_) if !line.ends_with(b"\n") => {}
            Err(_) => content.unreadable += 1,
        }
    }
    Ok(Some(content))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::recorded_response::RecordedResponse;
    use crate::models::response::Response;

    fn append_to(folder: &Path, numbers: impl IntoIterator<Item = u64>) {
        let limit = Arc::new(FolderLimit::new(u64::MAX, &[]));
        let journal = Journal::open(folder, limit, |error| panic!("{error}")).expect("it opens");
        let response = Response::text(200, "ok");
        for number in numbers {
            journal.append(&entry(number, &response), true);
        }
    }

    fn entry(number: u64, response: &Response) -> JournalEntry<'_> {
        JournalEntry {
            number,
            at: "2026-01-15T09:10:00.5Z".parse().expect("a time"),
            event: Some("page_created".into()),
            subject: Some("Line\nend \u{1f600}".into()),
            target: "/webhooks/confluence?x=1".into(),
            bytes: 2,
            profile: "spec".into(),
            auth: "hmac".into(),
            signature: "valid".into(),
            verdict: "clean".into(),
            findings: Vec::new(),
            omitted: 0,
            status: Some(200),
            fault: None,
            ms: 0.25,
            capture: Some("000001-page_created.http".into()),
            forwarded: Vec::new(),
            response: Some(RecordedResponse::from(response)),
        }
    }

    fn numbers(folder: &Path) -> Vec<u64> {
        let content = read(folder).expect("it is read").expect("there is one");
        assert_eq!(content.unreadable, 0);
        content.entries.iter().map(|entry| entry.number).collect()
    }

    #[test]
    fn an_entry_reads_back_the_same_and_more_are_appended() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(read(folder.path()).expect("it is read").is_none());
        append_to(folder.path(), 1..=3);
        append_to(folder.path(), 4..=4);
        assert_eq!(numbers(folder.path()), [1, 2, 3, 4]);
        let content = read(folder.path()).expect("it is read").expect("there is one");
        assert_eq!(content.entries[1], entry(2, &Response::text(200, "ok")));
    }

    #[test]
    fn a_line_that_was_cut_off_is_left_out_and_then_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        append_to(folder.path(), 1..=2);
        let path = folder.path().join(FILE_NAME);
        let whole = std::fs::read(&path).expect("a file");
        let first = whole.iter().position(|&byte| byte == b'\n').expect("a line") + 1;
        for end in [0, 1, first - 1, first, first + 1, whole.len() - 1] {
            std::fs::write(&path, &whole[..end]).expect("it is written");
            // A line without its end can be whole.
            let expected = usize::from(end >= first - 1) + usize::from(end == whole.len() - 1);
            let kept = expected as u64;
            assert_eq!(numbers(folder.path()).len(), expected, "cut after {end} bytes");
            append_to(folder.path(), 7..=7);
            assert_eq!(numbers(folder.path()), (1..=kept).chain([7]).collect::<Vec<_>>(), "cut after {end} bytes");
        }
        // Longer than one step backwards.
        let long = [&whole[..], LINE_START, &vec![b'x'; 200_000]].concat();
        std::fs::write(&path, long).expect("it is written");
        append_to(folder.path(), 9..=9);
        assert_eq!(numbers(folder.path()), [1, 2, 9]);
    }

    #[test]
    fn what_somebody_else_wrote_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE_NAME);
        for (text, expected) in [("{\"mine\":1}\n{\"mine\":2}", "{\"mine\":1}\n{\"mine\":2}\n"), ("notes", "notes\n")] {
            std::fs::write(&path, text).expect("it is written");
            append_to(folder.path(), 1..=1);
            let found = std::fs::read_to_string(&path).expect("text");
            assert!(found.starts_with(&format!("{expected}{{\"number\":1,")), "{found}");
        }
        #[cfg(unix)]
        {
            std::fs::remove_file(&path).expect("it is removed");
            std::fs::write(folder.path().join("notes"), "notes").expect("it is written");
            std::os::unix::fs::symlink("notes", &path).expect("a link");
            let limit = Arc::new(FolderLimit::new(u64::MAX, &[]));
            let error = Journal::open(folder.path(), limit, |error| panic!("{error}")).expect_err("a link");
            assert_eq!(error.to_string(), "it is not a regular file");
        }
    }

    #[test]
    fn the_limit_of_the_folder_holds_for_the_journal() {
        let folder = tempfile::tempdir().expect("a folder");
        let limit = Arc::new(FolderLimit::new(4000, &[]));
        let journal = Journal::open(folder.path(), limit, |error| panic!("{error}")).expect("it opens");
        let response = Response::text(200, "ok");
        (1..=1000).for_each(|number| journal.append(&entry(number, &response), true));
        drop(journal);
        let length = std::fs::metadata(folder.path().join(FILE_NAME)).expect("a file").len();
        assert!((3000..=4000).contains(&length), "{length}");
    }
}
