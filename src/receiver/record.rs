//! What is known about a received delivery. Whoever shows, saves or checks deliveries reads this.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::auth::Verdict;
use crate::client::forward::Forward;
use crate::models::request::Request;
use crate::models::response::Response;
pub use crate::server::Refusal;
use crate::store::captures::CaptureError;
use crate::validation::report::Report;

/// A delivery with everything that was concluded about it. It is complete and does not change any more.
#[derive(Debug)]
pub struct Record {
    /// The number of the delivery, from 1, in the order of arrival.
    pub number: u64,
    /// When its head was received.
    pub received_at: Timestamp,
    /// The request, byte for byte.
    pub request: Request,
    /// Whether it is authentic; `None` without a key to verify it with.
    pub verdict: Option<Verdict>,
    /// What validation found in its headers and its body.
    pub report: Report,
    /// The file it was saved to.
    pub capture: Option<PathBuf>,
    /// What the endpoints responded that it was forwarded to.
    pub forwards: Vec<Forward>,
    /// The response to the sender.
    pub response: Response,
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

    /// Was the response a 2xx?
    pub const fn is_accepted(&self) -> bool {
        self.response.is_success()
    }
}

impl Entry {
    /// Returns the number of bytes from the sender that the entry keeps in memory.
    pub fn size(&self) -> usize {
        match self {
            Self::Delivery(record) => {
                let request = &record.request;
                let headers = request.headers().iter().map(|(name, value)| name.len() + value.len());
                request.target().len() + headers.sum::<usize>() + request.body().len()
            }
            Self::Refused(refusal) => refusal.size(),
            Self::NotSaved(_) => 0,
        }
    }
}
