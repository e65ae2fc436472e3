//! The record of a received delivery. All code that shows, saves or checks deliveries reads it.

use std::borrow::Cow;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use crate::auth::Verdict;
use crate::client::forward::Forward;
use crate::models::request::{Headers, Request};
use crate::models::response::Response;
pub use crate::server::Refusal;
use crate::server::WriteFault;
use crate::store::captures::CaptureError;
use crate::validation::position::{Position, locate};
use crate::validation::report::Report;

use super::fault_injection::ResponseAction;

/// The most bytes that a record stores of a body, of a response, of a name and of a title. Real deliveries have about 2 KiB.
pub(super) const MAX_TEXT: usize = 16 * 1024;
/// The most bytes that a record stores of all findings together.
const MAX_FINDINGS: usize = 64 * 1024;
/// The size of a record without these texts, in bytes.
const RECORD_SIZE: usize = 1024;

/// A delivery with all results. It is complete and does not change.
#[derive(Debug)]
pub struct Record {
    /// The number of the delivery, from 1, in the order in which deliveries were received.
    pub number: u64,
    /// The time when its head was received.
    pub received_at: Timestamp,
    /// The request, byte for byte, with the first 16 KiB of the body.
    pub request: Request,
    /// The path and query, without secret tokens.
    pub target: String,
    /// The length of the whole body, in bytes.
    pub body_length: usize,
    /// The name of the profile that it is validated against.
    pub profile: &'static str,
    /// The name of the authentication scheme, or `none`.
    pub auth: &'static str,
    /// Whether it is authentic; `None` without a key to verify it.
    pub verdict: Option<Verdict>,
    /// The findings in its headers and body.
    pub report: Report,
    /// The positions of the findings.
    pub positions: Vec<Range<Position>>,
    /// The file that it was saved to.
    pub capture: Option<PathBuf>,
    /// The response to a delivery that could not be saved.
    pub(super) not_saved: Option<Response>,
    /// The outcomes at the endpoints that it was forwarded to.
    pub forwards: Vec<Forward>,
    /// The response to the sender, with the first 16 KiB of the body.
    pub response: Response,
    /// The fault that was injected into the response, if any.
    pub fault: Option<WriteFault>,
    /// The time from the end of its head to the response.
    pub elapsed: Duration,
}

/// An entry in the log of a receiver.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Entry {
    /// A delivery got its response.
    Delivery(Arc<Record>),
    /// A request was refused before it was a delivery.
    Refused(Arc<Refusal>),
    /// A delivery could not be saved.
    NotSaved(Arc<CaptureError>),
}

/// A consumer of the entries of a receiver.
pub trait Subscriber: Send + Sync {
    /// Receives an entry. It is called on the thread of the connection, before the response is sent, so a subscriber that
    /// waits makes the sender wait.
    fn receive(&self, entry: &Entry);
}

impl Record {
    /// Returns the name of the event, even if no document declares it, or an empty string if it is unknown.
    pub fn event_name(&self) -> &str {
        self.report.event_name.as_deref().unwrap_or_default()
    }

    /// Returns whether the record has the whole body.
    pub fn has_whole_body(&self) -> bool {
        self.request.body().len() == self.body_length
    }

    /// Cuts long texts to the limits of a record, once the receiver no longer needs them. A delivery may wait a long time for
    /// its response, and its record for the terminal.
    pub(super) fn shrink(&mut self) {
        self.report.truncate_bytes(MAX_FINDINGS);
        self.positions = locate(&self.report.findings, &self.request);
        if self.body_length > MAX_TEXT {
            self.request = self.request.with_body(Bytes::copy_from_slice(&self.request.body()[..MAX_TEXT]));
        }
        if let Some(Cow::Owned(name)) = &mut self.report.event_name {
            cut(name);
        }
        if let Some(subject) = &mut self.report.subject {
            cut(subject);
        }
    }

    /// Adds the response, and the time since the request.
    pub(super) fn complete(&mut self, response: &Response, fault: Option<WriteFault>, elapsed: Duration) {
        self.response = response.clone();
        self.response.truncate(MAX_TEXT);
        self.fault = fault;
        self.elapsed = elapsed;
    }

    /// Returns the approximate number of bytes that the record uses.
    pub fn size(&self) -> usize {
        let Self { request, report, response, .. } = self;
        let length = |headers: &Headers| headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
        let forwards = self.forwards.iter().map(|Forward { url, error, response, .. }| {
            url.len() + error.as_ref().map_or(0, String::len) + response.as_ref().map_or(0, Response::size)
        });
        RECORD_SIZE
            + request.target().len()
            + self.target.len()
            + length(request.headers())
            + request.body().len()
            + report.size()
            + response.size()
            + forwards.sum::<usize>()
    }

    /// Returns whether the response is a 2xx that the sender gets completely.
    pub const fn is_accepted(&self) -> bool {
        self.response.is_success() && !matches!(self.fault, Some(WriteFault::Close | WriteFault::Truncate))
    }

    /// Returns the status that the sender gets, or `None` if the connection is closed without a response.
    pub const fn status(&self) -> Option<u16> {
        match self.fault {
            Some(WriteFault::Close) => None,
            _ => Some(self.response.status),
        }
    }

    /// Returns the name of the fault in the response.
    pub fn fault_name(&self) -> Option<&'static str> {
        let name = |fault| ResponseAction::FAULTS.iter().find(|(_, other)| *other == fault).map(|(name, _)| *name);
        self.fault.and_then(name)
    }
}

impl Entry {
    /// Returns the approximate number of bytes that the entry uses.
    pub fn size(&self) -> usize {
        match self {
            Self::Delivery(record) => record.size(),
            Self::Refused(refusal) => refusal.size(),
            Self::NotSaved(_) => 0,
        }
    }
}

/// Cuts a long text to the limit of a record.
fn cut(text: &mut String) {
    let end = (0..=MAX_TEXT.min(text.len())).rfind(|&end| text.is_char_boundary(end));
    text.truncate(end.unwrap_or_default());
    text.shrink_to_fit();
}
