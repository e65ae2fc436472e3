//! What is known about a received delivery. Whoever shows, saves or checks deliveries reads this.

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

/// The most that a record keeps of a body, of a response, of a name and of a title, in bytes. Real deliveries have about 2 KiB.
pub(super) const MAX_TEXT: usize = 16 * 1024;
/// The most that a record keeps of all findings together, in bytes.
const MAX_FINDINGS: usize = 64 * 1024;
/// What a record keeps in memory besides these texts, in bytes.
const RECORD_SIZE: usize = 1024;

/// A delivery with everything that was concluded about it. It is complete and does not change any more.
#[derive(Debug)]
pub struct Record {
    /// The number of the delivery, from 1, in the order of arrival.
    pub number: u64,
    /// When its head was received.
    pub received_at: Timestamp,
    /// The request, byte for byte; of a body over 16 KiB only the beginning.
    pub request: Request,
    /// Path and query as they may be shown: without a token that is a secret.
    pub target: String,
    /// The length of the whole body, in bytes.
    pub body_length: usize,
    /// The name of the profile that it is validated with.
    pub profile: &'static str,
    /// The name of the authentication scheme, or `none`.
    pub auth: &'static str,
    /// Whether it is authentic; `None` without a key to verify it with.
    pub verdict: Option<Verdict>,
    /// What validation found in its headers and its body.
    pub report: Report,
    /// Where the findings are.
    pub positions: Vec<Range<Position>>,
    /// The file it was saved to.
    pub capture: Option<PathBuf>,
    /// The response to a delivery that could not be saved.
    pub(super) not_saved: Option<Response>,
    /// What the endpoints responded that it was forwarded to.
    pub forwards: Vec<Forward>,
    /// The response to the sender; of a body over 16 KiB only the beginning.
    pub response: Response,
    /// How the response fails on its way, on purpose.
    pub fault: Option<WriteFault>,
    /// From the end of its head to the response.
    pub elapsed: Duration,
}

/// Something that happened at a receiver.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Entry {
    /// A delivery was responded to.
    Delivery(Arc<Record>),
    /// A request was refused before it was a delivery.
    Refused(Arc<Refusal>),
    /// A delivery could not be saved.
    NotSaved(Arc<CaptureError>),
}

/// A consumer of what happens at a receiver.
pub trait Subscriber: Send + Sync {
    /// Takes an entry. It is called on the thread of the connection, before the response is sent: a subscriber that waits
    /// makes the sender wait.
    fn receive(&self, entry: &Entry);
}

impl Record {
    /// Returns the name of the event, even if no document declares it; empty if nothing names it.
    pub fn event_name(&self) -> &str {
        self.report.event_name.as_deref().unwrap_or_default()
    }

    /// Does the record have the whole body?
    pub fn has_whole_body(&self) -> bool {
        self.request.body().len() == self.body_length
    }

    /// Gives back the memory of what is longer than a record may keep, as soon as the receiver needs it no more. A delivery
    /// may wait long for its response, and its record for the terminal.
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

    /// Adds the response, and the time until it.
    pub(super) fn complete(&mut self, response: &Response, fault: Option<WriteFault>, elapsed: Duration) {
        self.response = response.clone();
        self.response.truncate(MAX_TEXT);
        self.fault = fault;
        self.elapsed = elapsed;
    }

    /// Returns about how many bytes the record keeps in memory.
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

    /// Was the response a 2xx that the sender gets whole?
    pub const fn is_accepted(&self) -> bool {
        self.response.is_success() && !matches!(self.fault, Some(WriteFault::Close | WriteFault::Truncate))
    }

    /// Returns the status that the sender gets; `None` if the connection is closed before.
    pub const fn status(&self) -> Option<u16> {
        match self.fault {
            Some(WriteFault::Close) => None,
            _ => Some(self.response.status),
        }
    }

    /// Returns the word for how the response fails on its way.
    pub fn fault_name(&self) -> Option<&'static str> {
        let name = |fault| ResponseAction::FAULTS.iter().find(|(_, other)| *other == fault).map(|(name, _)| *name);
        self.fault.and_then(name)
    }
}

impl Entry {
    /// Returns about how many bytes the entry keeps in memory.
    pub fn size(&self) -> usize {
        match self {
            Self::Delivery(record) => record.size(),
            Self::Refused(refusal) => refusal.size(),
            Self::NotSaved(_) => 0,
        }
    }
}

/// Cuts a long text to what a record may keep of it.
fn cut(text: &mut String) {
    let end = (0..=MAX_TEXT.min(text.len())).rfind(|&end| text.is_char_boundary(end));
    text.truncate(end.unwrap_or_default());
    text.shrink_to_fit();
}
