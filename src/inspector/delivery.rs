//! Deliveries with their bytes.

use std::io;
use std::path::Path;

use bytes::Bytes;

use crate::models::request::Request;
use crate::store::capture_format::{self, FormatError};
use crate::store::journal_entry::JournalEntry;

use super::delivery_row::DeliveryRow;
use super::inspection::PlacedFinding;

/// A delivery with its bytes.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) row: DeliveryRow,
    pub(super) request: Request,
    /// The length of the whole body. The body of the request may be truncated.
    pub(super) body_length: usize,
    /// The findings at the time of receipt, and the number of omitted ones. A truncated body cannot be validated again.
    pub(super) findings: Option<(Vec<PlacedFinding>, usize)>,
    pub(super) entry: Option<JournalEntry<'static>>,
    /// Why the bytes are not available. Then the request is empty and must not be inspected.
    pub(super) unread: Option<&'static str>,
}

impl Delivery {
    /// Returns whether the body is complete.
    pub(super) fn is_whole(&self) -> bool {
        self.unread.is_none() && self.request.body().len() == self.body_length
    }
}

/// Reads a capture, even if it is truncated.
pub(super) fn read_capture(path: &Path) -> io::Result<Request> {
    let bytes = Bytes::from(std::fs::read(path)?);
    let first = capture_format::parse_all(&bytes).next();
    let capture = first.unwrap_or(Err(FormatError::Form("the file is empty")));
    capture.map(|capture| capture.delivery).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Returns why a capture cannot be shown.
pub(super) fn unread_reason(error: Option<&io::Error>) -> &'static str {
    match error.map(io::Error::kind) {
        None => "the delivery was not saved: only the journal has it",
        Some(io::ErrorKind::NotFound) => "the capture does not exist anymore",
        Some(io::ErrorKind::InvalidData) => "the file is not a capture anymore",
        Some(_) => "the capture cannot be read",
    }
}
