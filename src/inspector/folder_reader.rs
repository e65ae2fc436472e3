//! Reads a folder of captures into a log, and follows it.

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

/// The most findings of a capture that are counted.
const MAX_FINDINGS: usize = 100;
/// How often the folder is looked at.
const INTERVAL: Duration = Duration::from_secs(1);

/// Reads a folder of captures into a log.
#[derive(Debug)]
pub struct FolderReader {
    folder: PathBuf,
    inspector: Inspector,
    /// The names of captures, and the numbers and times of deliveries without one.
    known: HashSet<String>,
    last_number: u64,
    /// Captures that had no line in the journal when they were seen first: it is written a moment after the capture.
    awaited: HashSet<String>,
    /// Only so many of the newest captures are read.
    newest: usize,
    /// When folder and journal were changed last.
    state: Option<[Option<(SystemTime, u64)>; 2]>,
}

impl FolderReader {
    /// Returns a reader that has read nothing yet.
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

    /// Reads only so many of the newest captures. Of older ones only the journal is read; those that it does not know are
    /// counted and left out.
    #[must_use]
    pub fn newest(self, newest: usize) -> Self {
        Self { newest, ..self }
    }

    /// Adds to the log what is new in the folder. Returns how many lines of the journal cannot be read.
    ///
    /// # Errors
    /// When the folder or its journal cannot be read.
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

    /// Follows the folder until `end` is closed.
    pub fn follow(mut self, log: &DeliveryLog, end: &Receiver<()>) {
        while end.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
            // A folder that cannot be read for a moment is read the next time.
            let _ = self.read(log);
        }
    }

    /// `is_read` says whether its capture may be read.
    fn saved(&mut self, delivery: SavedDelivery, is_read: bool) -> Option<Saved> {
        let key = key(&delivery);
        // A delivery that appears late goes to the end, whatever its name says.
        let number = delivery.number.filter(|number| *number > self.last_number).unwrap_or(self.last_number + 1);
        let capture = delivery.capture.as_ref().map(|path| path.display().to_string());
        let row = match (&delivery.entry, &delivery.capture) {
            (Some(entry), None) => DeliveryRow::from_entry(number, None, entry),
            // With a secret, deliveries are verified again.
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

    /// The row of a capture of which no journal knows anything.
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

/// What tells deliveries of a folder apart.
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
