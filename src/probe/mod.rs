//! Tests a receiver: a table of cases, each with a few deliveries and the expected responses; a grade; and the root cause,
//! if the failures point to one.

mod bodies;
pub mod cases;
mod context;
pub mod grade;
pub mod root_causes;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::auth::Scheme;
use crate::auth::cases::{Failure, RootCause};
use crate::client::error::SendError;
use crate::client::request_variant::{RequestVariant, VariantSender};
use crate::client::tls::Trust;
use crate::client::url::{Url, UrlTemplate};
use crate::models::request::Request;
use crate::models::response::Response;
use crate::models::text::truncate;
use crate::profiles::Profile;

use cases::Case;
use context::CaseContext;

/// How many failed requests of a case are described.
const MAX_DESCRIBED: usize = 3;

/// The response that a case expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedResponse {
    /// A 2xx.
    Accepted,
    /// Any 4xx.
    Refused,
    /// A 2xx or a 4xx: the receiver may accept or refuse it, but must not break.
    Answered,
}

impl ExpectedResponse {
    fn failure(self, result: &Result<Response, SendError>) -> Option<Failure> {
        let Ok(response) = result else { return Some(Failure::Silent) };
        match (response.status, self) {
            (200..=299, Self::Accepted | Self::Answered) | (400..=499, Self::Refused | Self::Answered) => None,
            (200..=299, Self::Refused) => Some(Failure::Accepted),
            (status @ 400..=499, Self::Accepted) => Some(Failure::Refused(status)),
            (500..=599, _) => Some(Failure::Crashed),
            (status, _) => Some(Failure::Other(status)),
        }
    }
}

/// One delivery of a case.
#[derive(Clone, Debug)]
pub struct CaseRequest {
    /// Distinguishes it from the other deliveries of the case.
    pub label: String,
    /// Where it is sent.
    pub url: Url,
    /// What is sent.
    pub delivery: Request,
    /// How it is sent.
    pub variant: RequestVariant,
    /// The expected response.
    pub expectation: ExpectedResponse,
}

/// The result of a case. The names of the fields are those of the JSON lines.
#[derive(Clone, Debug, Serialize)]
pub struct CaseResult {
    /// The case.
    #[serde(flatten)]
    pub case: Case,
    /// The statuses that were received; more detail if the case failed.
    pub received: String,
    /// What went wrong first.
    #[serde(rename = "verdict", serialize_with = "verdict")]
    pub failure: Option<Failure>,
    /// What was sent.
    #[serde(skip)]
    pub requests: Vec<CaseRequest>,
}

impl CaseResult {
    /// Returns true if the case failed.
    pub const fn has_failed(&self) -> bool {
        self.failure.is_some()
    }
}

#[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde demands this signature")]
fn verdict<S: Serializer>(failure: &Option<Failure>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(if failure.is_some() { "fail" } else { "pass" })
}

/// Tests a receiver.
#[derive(Debug)]
pub struct Prober {
    sender: VariantSender,
    context: CaseContext,
}

/// The receiver cannot be tested.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// Nothing responds with HTTP at the address.
    #[error("there is nothing to probe")]
    Unreachable(#[source] SendError),
}

impl Prober {
    /// Tests the receiver at `address` with bodies of a profile. It must respond within `timeout`.
    ///
    /// # Errors
    /// When no client can be made.
    pub fn new(
        address: UrlTemplate,
        profile: &'static Profile,
        scheme: Option<Arc<dyn Scheme>>,
        timeout: Duration,
        trust: &Trust,
    ) -> Result<Self, SendError> {
        Ok(Self {
            sender: VariantSender::new(address.url(), timeout, trust)?,
            context: CaseContext::new(address, profile, scheme),
        })
    }

    /// Checks that a receiver is running, before its cases all fail. Returns `false` if it does not respond in time.
    ///
    /// # Errors
    /// When nothing responds with HTTP at the address.
    pub fn check_reachable(&self) -> Result<bool, ProbeError> {
        let request = self.context.valid();
        match self.sender.send(&request.url, &request.delivery, RequestVariant::Plain) {
            Err(
                error @ (SendError::ConnectionRefused
                | SendError::Connect(_)
                | SendError::Certificate(_)
                | SendError::NotHttp
                | SendError::Tls(_)),
            ) => Err(ProbeError::Unreachable(error)),
            Err(SendError::Timeout(_) | SendError::BodyTimeout { .. }) => Ok(false),
            _ => Ok(true),
        }
    }

    /// Runs one case.
    pub fn run(&self, case: Case) -> CaseResult {
        let requests = case.requests(&self.context);
        let results: Vec<_> = if case.at_once {
            thread::scope(|scope| {
                let calls: Vec<_> = requests.iter().map(|request| scope.spawn(|| self.send(request))).collect();
                calls
                    .into_iter()
                    .map(|call| call.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                    .collect()
            })
        } else {
            // After one timeout, the other requests would only wait for theirs.
            let mut hung = false;
            let send = |request| {
                let result = (!hung).then(|| self.send(request));
                hung = matches!(result, Some(Err(SendError::Timeout(_) | SendError::BodyTimeout { .. })));
                result
            };
            requests.iter().map_while(send).collect()
        };
        let failed: Vec<_> = requests
            .iter()
            .zip(&results)
            .filter_map(|(request, result)| Some((request, result, request.expectation.failure(result)?)))
            .collect();
        let received = if failed.is_empty() {
            let mut statuses: Vec<_> = results.iter().map(status).collect();
            statuses.dedup();
            statuses.join(", ")
        } else {
            let has_label = requests.len() > 1;
            let mut list: Vec<_> = failed
                .iter()
                .take(MAX_DESCRIBED)
                .map(|(request, result, _)| match describe(result) {
                    text if has_label => format!("{}: {text}", request.label),
                    text => text,
                })
                .collect();
            if failed.len() > MAX_DESCRIBED {
                list.push(format!("and {} more", failed.len() - MAX_DESCRIBED));
            }
            list.join("; ")
        };
        let failure = failed.first().map(|(.., failure)| *failure);
        CaseResult { case, received, failure, requests }
    }

    /// Sends what receivers are known to accept by mistake instead of valid credentials. Returns what the receiver accepts.
    pub fn find_mistakes(&self) -> Vec<RootCause> {
        let Some(scheme) = self.context.scheme() else { return Vec::new() };
        let valid = self.context.valid();
        let accepts = |delivery| {
            let request = CaseRequest { delivery, ..valid.clone() };
            matches!(self.send(&request), Ok(response) if response.is_success())
        };
        let mistaken = scheme.mistaken(&valid.delivery);
        mistaken.into_iter().filter_map(|(cause, delivery)| accepts(delivery).then_some(cause)).collect()
    }

    fn send(&self, request: &CaseRequest) -> Result<Response, SendError> {
        self.sender.send(&request.url, &request.delivery, request.variant)
    }
}

fn status(result: &Result<Response, SendError>) -> String {
    result.as_ref().map_or_else(ToString::to_string, |response| response.status.to_string())
}

/// The status and the beginning of the first line of the body.
fn describe(result: &Result<Response, SendError>) -> String {
    const ENOUGH: usize = 60;
    let status = status(result);
    let text = result.as_ref().map(Response::body_text).unwrap_or_default();
    match text.lines().find(|line| !line.trim().is_empty()) {
        Some(line) => format!("{status} {:?}", truncate(line.trim(), ENOUGH)),
        None => status,
    }
}
