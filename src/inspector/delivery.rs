//! A delivery with all its bytes.

use std::io;
use std::path::Path;

use bytes::Bytes;

use crate::models::request::Request;
use crate::store::capture_format::{self, FormatError};
use crate::store::journal_entry::JournalEntry;

use super::delivery_row::DeliveryRow;
use super::inspection::PlacedFinding;

/// A delivery with all its bytes.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) row: DeliveryRow,
    pub(super) request: Request,
    /// The length of the whole body, which the request may have only the beginning of.
    pub(super) body_length: usize,
    /// What was found when it was received, and how much more. Without the whole body it cannot be found again.
    pub(super) findings: Option<(Vec<PlacedFinding>, usize)>,
    pub(super) entry: Option<JournalEntry<'static>>,
    /// Why its bytes are not here. The request is empty then, and nothing may be concluded from it.
    pub(super) unread: Option<&'static str>,
}

impl Delivery {
    /// Does it have the whole body?
    pub(super) fn is_whole(&self) -> bool {
        self.unread.is_none() && self.request.body().len() == self.body_length
    }
}

/// Reads a capture. One that was cut off is read all the same.
pub(super) fn read_capture(path: &Path) -> io::Result<Request> {
    let bytes = Bytes::from(std::fs::read(path)?);
    let first = capture_format::parse_all(&bytes).next();
    let capture = first.unwrap_or(Err(FormatError::Form("it is empty")));
    capture.map(|capture| capture.delivery).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// Says why the capture of a delivery cannot be shown.
pub(super) fn unread_reason(error: Option<&io::Error>) -> &'static str {
    match error.map(io::Error::kind) {
        None => "the delivery was not saved, so only the journal knows it",
        Some(io::ErrorKind::NotFound) => "the capture is not there any more",
        Some(io::ErrorKind::InvalidData) => "the file is not a capture any more",
        Some(_) => "the capture cannot be read",
    }
}
