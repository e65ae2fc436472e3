//! The deliveries that the inspector shows, in the order of their numbers, bounded in number and in bytes.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::models::request::{Headers, Request};
use crate::receiver::journal::journal_entry;
use crate::receiver::record::{Entry, Record, Subscriber};
use crate::store::journal_entry::JournalEntry;

use super::delivery::{Delivery, read_capture, unread_reason};
use super::delivery_row::DeliveryRow;
use super::inspection::PlacedFinding;
use super::summary::Summary;

/// The most deliveries that are kept with their bytes in memory. With more, memory is never in the processor's cache, and each
/// delivery costs a third more.
const MAX_RECORDS: usize = 1000;
/// The most bytes of these together.
const MAX_RECORD_BYTES: usize = 64 * 1024 * 1024;
/// The most deliveries that are kept with their bytes on disk: about 2 KiB each. A folder may have more than a receiver adds.
const MAX_SAVED: usize = 100_000;
/// The most of these that were in memory before.
const MAX_DEMOTED: usize = 20_000;

/// The deliveries that the inspector shows.
#[derive(Debug)]
pub struct DeliveryLog {
    content: Mutex<Content>,
    /// How much has happened so far.
    changes: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Content {
    /// In the order of their numbers.
    saved: VecDeque<Saved>,
    /// In the order of their numbers, which are higher. Each with its place in the order of being added: a delivery that waits
    /// for an endpoint is added after later ones.
    records: VecDeque<(u64, Arc<Record>)>,
    record_bytes: usize,
    /// How many deliveries were added.
    added: u64,
    omitted: usize,
    refused: u64,
    last_refusal: Option<String>,
    has_ended: bool,
}

/// A delivery with its bytes on disk.
#[derive(Debug)]
pub(super) struct Saved {
    /// Its place in the order of being added; whoever adds it need not know.
    pub(super) place: u64,
    pub(super) row: DeliveryRow,
    pub(super) path: Option<PathBuf>,
    pub(super) entry: Option<Box<JournalEntry<'static>>>,
}

/// What has happened since somebody asked before.
#[derive(Debug)]
pub(super) struct News {
    /// In the order of being added.
    pub(super) rows: Vec<DeliveryRow>,
    /// The place of the last of them.
    pub(super) last: u64,
    pub(super) omitted: usize,
    pub(super) refused: u64,
    pub(super) last_refusal: Option<String>,
    pub(super) has_ended: bool,
}

/// A delivery that was added.
enum New {
    Row(Box<DeliveryRow>),
    Record(Arc<Record>),
}

impl Default for DeliveryLog {
    fn default() -> Self {
        Self { content: Mutex::default(), changes: watch::Sender::new(0) }
    }
}

impl DeliveryLog {
    fn lock(&self) -> MutexGuard<'_, Content> {
        // Whole deliveries are added, whatever happened to another thread.
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    /// Adds deliveries whose bytes are on disk. Their numbers are higher than those of all others.
    pub(super) fn add_saved(&self, saved: impl IntoIterator<Item = Saved>) {
        let mut content = self.lock();
        for saved in saved {
            content.added += 1;
            let place = content.added;
            content.saved.push_back(Saved { place, ..saved });
        }
        content.trim(MAX_SAVED);
        drop(content);
        self.changed();
    }

    /// Counts deliveries that are older than all others and are not kept.
    pub(super) fn omit(&self, count: usize) {
        self.lock().omitted += count;
    }

    /// Says that no more deliveries will be added.
    pub fn end(&self) {
        self.lock().has_ended = true;
        self.changed();
    }

    /// Waits for changes with this.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Returns the number of deliveries, with those that are not kept any more.
    pub fn total(&self) -> usize {
        let (count, omitted) = self.counts();
        count + omitted
    }

    /// Returns how many deliveries were added so far, which is the place of the last one.
    pub(super) fn added(&self) -> u64 {
        self.lock().added
    }

    /// The number of deliveries, and how many more there were.
    pub(super) fn counts(&self) -> (usize, usize) {
        let content = self.lock();
        (content.saved.len() + content.records.len(), content.omitted)
    }

    /// Returns the rows that pass, the newest first, at most `limit`, and how many pass. `before` is the number that all are
    /// below.
    pub(super) fn rows(
        &self,
        before: Option<u64>,
        limit: usize,
        mut passes: impl FnMut(&DeliveryRow) -> bool,
    ) -> (Vec<DeliveryRow>, usize) {
        let (mut rows, mut count) = (Vec::new(), 0);
        // Receivers add to it meanwhile, so their records are taken out first.
        let records: Vec<_> = self.lock().records.iter().map(|(_, record)| Arc::clone(record)).collect();
        let lowest = records.first().map_or(u64::MAX, |record| record.number);
        let mut add = |row: DeliveryRow| {
            if before.is_none_or(|before| row.number < before) && passes(&row) {
                count += 1;
                if rows.len() < limit {
                    rows.push(row);
                }
            }
        };
        records.iter().rev().for_each(|record| add(DeliveryRow::from_record(record)));
        // A filter may read bodies, so nothing is held meanwhile.
        let saved: Vec<_> = self.lock().saved.iter().rev().map(|saved| saved.row.clone()).collect();
        saved.into_iter().filter(|row| row.number < lowest).for_each(add);
        (rows, count)
    }

    /// Returns the numbers of deliveries below this one that pass, the newest first, at most `limit`. It ends with the last of
    /// them, so it is quick however many deliveries there are.
    pub(super) fn numbers_before(
        &self,
        before: u64,
        limit: usize,
        mut passes: impl FnMut(&Summary) -> bool,
    ) -> Vec<u64> {
        let records: Vec<_> = self.lock().records.iter().map(|(_, record)| Arc::clone(record)).collect();
        let lowest = records.first().map_or(before, |record| record.number.min(before));
        let rows =
            records.iter().rev().filter(|record| record.number < before).map(|record| DeliveryRow::from_record(record));
        let mut numbers: Vec<_> = rows.filter(|row| passes(&row.summary)).map(|row| row.number).take(limit).collect();
        let content = self.lock();
        let end = content.saved.partition_point(|saved| saved.row.number < lowest);
        let saved = content.saved.range(..end).rev().filter(|saved| passes(&saved.row.summary));
        numbers.extend(saved.map(|saved| saved.row.number).take(limit - numbers.len()));
        numbers
    }

    /// Returns what was added after this place, at most `limit`.
    pub(super) fn news(&self, after: u64, limit: usize) -> News {
        let content = self.lock();
        let saved = content.saved.iter().filter(|saved| saved.place > after);
        let mut new: Vec<_> = saved.map(|saved| (saved.place, New::Row(Box::new(saved.row.clone())))).collect();
        let records = content.records.iter().filter(|(place, _)| *place > after);
        new.extend(records.map(|(place, record)| (*place, New::Record(Arc::clone(record)))));
        let mut news = News {
            rows: Vec::new(),
            last: after,
            omitted: content.omitted,
            refused: content.refused,
            last_refusal: content.last_refusal.clone(),
            has_ended: content.has_ended,
        };
        // Receivers add to it meanwhile.
        drop(content);
        new.sort_unstable_by_key(|(place, _)| *place);
        new.truncate(limit);
        news.last = new.last().map_or(after, |(place, _)| *place);
        let row = |new| match new {
            New::Row(row) => *row,
            New::Record(record) => DeliveryRow::from_record(&record),
        };
        news.rows = new.into_iter().map(|(_, new)| row(new)).collect();
        news
    }

    /// Returns a delivery; `None` if it is not known, or not any more.
    pub(super) fn get(&self, number: u64) -> Option<Delivery> {
        let content = self.lock();
        if let Ok(at) = content.records.binary_search_by_key(&number, |(_, record)| record.number) {
            let record = Arc::clone(&content.records[at].1);
            drop(content);
            return Some(of_record(&record));
        }
        let at = content.saved.binary_search_by_key(&number, |saved| saved.row.number).ok()?;
        let Saved { row, path, entry, .. } = &content.saved[at];
        let (row, path, entry) = (row.clone(), path.clone(), entry.as_deref().cloned());
        drop(content);
        let read = path.as_deref().map(read_capture);
        let (request, unread) = match read {
            Some(Ok(request)) => (request, None),
            other => {
                let reason = unread_reason(other.and_then(Result::err).as_ref());
                (Request::post(row.summary.target.clone(), Headers::new(), bytes::Bytes::new()), Some(reason))
            }
        };
        let body_length = if unread.is_some() { row.summary.bytes } else { request.body().len() };
        Some(Delivery { row, request, body_length, findings: None, entry, unread })
    }
}

impl Content {
    fn trim(&mut self, most: usize) {
        let excess = self.saved.len().saturating_sub(most);
        self.saved.drain(..excess);
        self.omitted += excess;
    }

    /// Adds a delivery. Returns those that it takes the place of: their memory is given back when nobody waits for it.
    fn add(&mut self, record: &Arc<Record>) -> Vec<Arc<Record>> {
        let mut evicted = Vec::new();
        self.record_bytes += record.size();
        self.added += 1;
        // Deliveries end in nearly the order in which they began.
        let later = self.records.iter().rev().take_while(|(_, other)| other.number > record.number).count();
        self.records.insert(self.records.len() - later, (self.added, Arc::clone(record)));
        while self.records.len() > MAX_RECORDS || self.record_bytes > MAX_RECORD_BYTES {
            let Some((place, oldest)) = self.records.pop_front() else { break };
            self.record_bytes -= oldest.size();
            // Its bytes are on disk, where they are read again.
            let is_in_order = self.saved.back().is_none_or(|last| last.row.number < oldest.number);
            if oldest.capture.is_some() && is_in_order {
                let row = DeliveryRow::from_record(&oldest);
                let entry = Some(Box::new(journal_entry(&oldest).into_owned()));
                self.saved.push_back(Saved { place, row, path: oldest.capture.clone(), entry });
                self.trim(MAX_DEMOTED);
            } else {
                self.omitted += 1;
            }
            evicted.push(oldest);
        }
        evicted
    }
}

fn of_record(record: &Record) -> Delivery {
    let report = &record.report;
    Delivery {
        row: DeliveryRow::from_record(record),
        request: whole_body(record).unwrap_or_else(|| record.request.clone()),
        body_length: record.body_length,
        findings: Some((PlacedFinding::all(report.findings.clone(), record.positions.clone()), report.omitted)),
        entry: Some(journal_entry(record).into_owned()),
        unread: None,
    }
}

/// A record has the beginning of a long body; its capture has all of it.
fn whole_body(record: &Record) -> Option<Request> {
    let path = record.capture.as_deref().filter(|_| !record.has_whole_body())?;
    read_capture(path).ok()
}

impl Subscriber for DeliveryLog {
    fn receive(&self, entry: &Entry) {
        match entry {
            Entry::Delivery(record) => {
                let evicted = self.lock().add(record);
                drop(evicted);
            }
            Entry::Refused(refusal) => {
                let mut content = self.lock();
                content.refused += 1;
                content.last_refusal = Some(refusal.reason.clone());
            }
            Entry::NotSaved(_) => return,
        }
        self.changed();
    }
}
