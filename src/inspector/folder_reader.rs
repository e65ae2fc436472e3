//! Reads a folder of captures into a log, and watches it.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use crate::store::folder::{self, SavedDelivery};
use crate::store::journal;

use super::delivery::read_capture;
use super::delivery_log::{DeliveryLog, Saved};
use super::delivery_row::DeliveryRow;
use super::inspect::Inspector;
use super::inspector_settings::InspectorSettings;
use super::summary::Summary;
use crate::validation::Validator;

/// The maximum number of findings of a capture that are counted.
const MAX_FINDINGS: usize = 100;
/// The time between two checks of the folder.
const INTERVAL: Duration = Duration::from_secs(1);

/// Reads a folder of captures into a log.
#[derive(Debug)]
pub struct FolderReader {
    folder: PathBuf,
    inspector: Inspector,
    /// The known captures, and the known deliveries without a capture.
    known: HashSet<String>,
    last_number: u64,
    /// Captures that had no line in the journal yet. The line is written shortly after the capture.
    awaited: HashSet<String>,
    /// The maximum number of captures to read, the newest first.
    newest: usize,
    /// The modification times of the folder and the journal.
    state: Option<[Option<(SystemTime, u64)>; 2]>,
}

impl FolderReader {
    /// Creates a reader.
    pub fn new(folder: &Path, settings: &InspectorSettings) -> Self {
        Self {
            folder: folder.to_owned(),
            inspector: settings.inspector.clone(),
            known: HashSet::new(),
            last_number: 0,
            awaited: HashSet::new(),
            newest: usize::MAX,
            state: None,
        }
    }

    /// Reads at most this many of the newest captures. For older ones it reads only the journal; captures that are not in the journal are
    /// only counted.
    #[must_use]
    pub fn newest(self, newest: usize) -> Self {
        Self { newest, ..self }
    }

    /// Adds new deliveries to the log. Returns the number of unreadable lines in the journal.
    ///
    /// # Errors
    ///
    /// Returns an error if the folder or its journal is not readable.
    pub fn read(&mut self, log: &DeliveryLog) -> io::Result<usize> {
        let state = [&self.folder, &self.folder.join(journal::FILE_NAME)].map(|path| state(path));
        let before = self.state.replace(state);
        if before == Some(state) && self.awaited.is_empty() {
            return Ok(0);
        }
        let listed = folder::list(&self.folder)?;
        let awaited = std::mem::take(&mut self.awaited);
        let mut new = listed.deliveries;
        new.retain(|delivery| !self.known.contains(&key(delivery)));
        if listed.has_journal && before.is_some() {
            new.retain(|delivery| {
                let key = key(delivery);
                delivery.entry.is_some() || awaited.contains(&key) || !self.awaited.insert(key)
            });
        }
        let older = new.len().saturating_sub(self.newest);
        let unknown = new.iter().take(older).filter(|delivery| delivery.entry.is_none()).count();
        log.omit(unknown);
        let read = |(index, delivery): (usize, SavedDelivery)| match delivery.entry {
            None if index < older => None,
            _ => self.saved(delivery, index >= older),
        };
        let saved: Vec<_> = new.into_iter().enumerate().filter_map(read).collect();
        if !saved.is_empty() {
            log.add_saved(saved);
        }
        Ok(listed.unreadable_lines)
    }

    /// Watches the folder until `end` is closed.
    pub fn follow(mut self, log: &DeliveryLog, end: &Receiver<()>) {
        while end.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
            // If the folder is not readable now, try again later.
            let _ = self.read(log);
        }
    }

    /// Creates the row of a delivery. `is_read` says whether its capture may be read.
    fn saved(&mut self, delivery: SavedDelivery, is_read: bool) -> Option<Saved> {
        let key = key(&delivery);
        // A late delivery goes to the end, even if its name has a lower number.
        let number = delivery.number.filter(|number| *number > self.last_number).unwrap_or(self.last_number + 1);
        let capture = delivery.capture.as_ref().map(|path| path.display().to_string());
        let row = match (&delivery.entry, &delivery.capture) {
            (Some(entry), None) => DeliveryRow::from_entry(number, None, entry),
            // With a secret, verify deliveries again.
            (Some(entry), Some(path)) => {
                let row = DeliveryRow::from_entry(number, capture, entry);
                let scheme = self.inspector.scheme.as_ref().filter(|_| is_read);
                match scheme.and_then(|scheme| Some((scheme, read_capture(path).ok()?))) {
                    Some((scheme, request)) => {
                        let verdict = scheme.verify(&request, row.received_at());
                        row.verified(scheme.info().name, verdict.name())
                    }
                    None => row,
                }
            }
            (None, Some(path)) => self.row_of_capture(number, path)?,
            (None, None) => return None,
        };
        self.known.insert(key);
        self.last_number = number;
        Some(Saved { place: 0, row, path: delivery.capture, entry: delivery.entry.map(Box::new) })
    }

    /// Creates the row of a capture that is not in the journal.
    fn row_of_capture(&self, number: u64, path: &Path) -> Option<DeliveryRow> {
        let request = read_capture(path).ok()?;
        let at = std::fs::metadata(path).and_then(|file| file.modified()).ok();
        let at = at.and_then(|at| Timestamp::try_from(at).ok());
        let report = Validator::new(self.inspector.profile(None))
            .limit(MAX_FINDINGS)
            .with_subject(true)
            .validate(&request, None);
        let scheme = self.inspector.scheme.as_deref();
        let target = scheme.map_or_else(|| request.target().into(), |scheme| scheme.shown_target(request.target()));
        let at_time = at.and_then(|at| SystemTime::try_from(at).ok()).unwrap_or_else(SystemTime::now);
        let verdict = scheme.map(|scheme| scheme.verify(&request, at_time));
        let auth = scheme.map_or("none", |scheme| scheme.info().name);
        let summary = Summary::from_request(&request, target.into_owned(), auth, verdict.as_ref(), &report);
        let summary = Summary { at, capture: Some(path.display().to_string()), ..summary };
        Some(DeliveryRow::from_report(number, summary, &report))
    }
}

/// Returns the identity of a delivery in a folder.
fn key(delivery: &SavedDelivery) -> String {
    match (&delivery.capture, &delivery.entry) {
        (Some(path), _) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        (None, Some(entry)) => format!("{} {}", entry.number, entry.at),
        (None, None) => String::new(),
    }
}

fn state(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}
