//! The deliveries of the inspector, by number, limited in number and in size.

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

/// The maximum number of deliveries in memory. With more, the data does not fit the processor cache, and each delivery takes a third
/// longer.
const MAX_RECORDS: usize = 1000;
/// The maximum total size of deliveries in memory.
const MAX_RECORD_BYTES: usize = 64 * 1024 * 1024;
/// The maximum number of deliveries on disk, which take about 2 KiB of memory each. A folder may have more than a receiver adds.
const MAX_SAVED: usize = 100_000;
/// The maximum number of deliveries on disk that were in memory before.
const MAX_DEMOTED: usize = 20_000;

/// The deliveries of the inspector.
#[derive(Debug)]
pub struct DeliveryLog {
    content: Mutex<Content>,
    /// The number of changes so far.
    changes: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Content {
    /// Deliveries on disk, by number.
    saved: VecDeque<Saved>,
    /// Deliveries in memory, by number. Their numbers are higher. Each has its insertion index, because a delivery that waits for an endpoint
    /// is added after later ones.
    records: VecDeque<(u64, Arc<Record>)>,
    record_bytes: usize,
    /// The number of added deliveries.
    added: u64,
    omitted: usize,
    refused: u64,
    last_refusal: Option<String>,
    has_ended: bool,
}

/// A delivery on disk.
#[derive(Debug)]
pub(super) struct Saved {
    /// The insertion index, which the log sets.
    pub(super) place: u64,
    pub(super) row: DeliveryRow,
    pub(super) path: Option<PathBuf>,
    pub(super) entry: Option<Box<JournalEntry<'static>>>,
}

/// The changes since an earlier insertion index.
#[derive(Debug)]
pub(super) struct News {
    /// New rows, in insertion order.
    pub(super) rows: Vec<DeliveryRow>,
    /// The insertion index of the last row.
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
        // A panic of another thread cannot leave a partial delivery.
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    /// Adds deliveries on disk. Their numbers must be higher than all others.
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

    /// Counts older deliveries that are not loaded.
    pub(super) fn omit(&self, count: usize) {
        self.lock().omitted += count;
    }

    /// Marks the end: no more deliveries follow.
    pub fn end(&self) {
        self.lock().has_ended = true;
        self.changed();
    }

    /// Returns a receiver for change notifications.
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Returns the number of deliveries, including those that were dropped.
    pub fn total(&self) -> usize {
        let (count, omitted) = self.counts();
        count + omitted
    }

    /// Returns the insertion index of the last delivery, which equals the number of added deliveries.
    pub(super) fn added(&self) -> u64 {
        self.lock().added
    }

    /// Returns the number of deliveries, and the number of omitted ones.
    pub(super) fn counts(&self) -> (usize, usize) {
        let content = self.lock();
        (content.saved.len() + content.records.len(), content.omitted)
    }

    /// Returns at most `limit` matching rows with numbers below `before`, the newest first, and the number of all matches.
    pub(super) fn rows(
        &self,
        before: Option<u64>,
        limit: usize,
        mut passes: impl FnMut(&DeliveryRow) -> bool,
    ) -> (Vec<DeliveryRow>, usize) {
        let (mut rows, mut count) = (Vec::new(), 0);
        // Receivers add deliveries at the same time, so copy the records first.
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
        // A filter may read bodies, so release the lock first.
        let saved: Vec<_> = self.lock().saved.iter().rev().map(|saved| saved.row.clone()).collect();
        saved.into_iter().filter(|row| row.number < lowest).for_each(add);
        (rows, count)
    }

    /// Returns at most `limit` numbers of matching deliveries below `before`, the newest first. It stops at the last one, so it is fast for any
    /// number of deliveries.
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

    /// Returns at most `limit` deliveries that were added after an insertion index.
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
        // Receivers add deliveries at the same time.
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

    /// Returns a delivery, or `None` if it is unknown or was dropped.
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

    /// Adds a delivery. Returns the deliveries that it displaces, so that the caller frees their memory outside the lock.
    fn add(&mut self, record: &Arc<Record>) -> Vec<Arc<Record>> {
        let mut evicted = Vec::new();
        self.record_bytes += record.size();
        self.added += 1;
        // Deliveries complete almost in the order of their numbers.
        let later = self.records.iter().rev().take_while(|(_, other)| other.number > record.number).count();
        self.records.insert(self.records.len() - later, (self.added, Arc::clone(record)));
        while self.records.len() > MAX_RECORDS || self.record_bytes > MAX_RECORD_BYTES {
            let Some((place, oldest)) = self.records.pop_front() else { break };
            self.record_bytes -= oldest.size();
            // The bytes are on disk and can be read again.
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

/// Reads a delivery from its record, or from its capture if the record is truncated.
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
