//! Sends the requests of cases to a receiver.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::auth::Scheme;
use crate::auth::cases::RootCause;
use crate::auth::secret::EmptySecret;
use crate::client::endpoint::Endpoint;
use crate::client::error::SendError;
use crate::client::request_variant::{RequestVariant, VariantSender};
use crate::client::tls::Trust;
use crate::client::url::UrlTemplate;
use crate::models::response::Response;
use crate::profiles::Profile;

use super::case_request::{CaseRequest, ExpectedResponse, ResponseResult};
use super::case_result::CaseResult;
use super::cases::Case;
use super::context::CaseContext;
use super::response_time::{self, ResponseTime};
use super::time_case::{self, TimeCase};

/// Tests a receiver.
#[derive(Debug)]
pub struct Prober {
    sender: VariantSender,
    /// Waits as long as the sender of the profile does, if that is longer.
    patient: Option<Endpoint>,
    context: CaseContext,
    times: Mutex<Vec<ResponseTime>>,
}

/// The receiver cannot be tested.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// There is no HTTP server at the address.
    #[error("there is nothing to probe")]
    Unreachable(#[source] SendError),
    /// There can be no client for the address.
    #[error("there is nothing to probe")]
    Setup(#[source] SendError),
    /// The secret is none.
    #[error("{0}")]
    Secret(#[source] EmptySecret),
    /// A pattern names no case.
    #[error("there is no case `{0}`; fix: `cfwh probe --list` lists them")]
    UnknownCase(String),
}

impl Prober {
    /// Tests the receiver at `address` with bodies of a profile. Every response must be complete within `timeout`.
    ///
    /// # Errors
    /// Returns an error if a client cannot be set up.
    pub fn new(
        address: UrlTemplate,
        profile: &'static Profile,
        scheme: Option<Arc<dyn Scheme>>,
        timeout: Duration,
        trust: &Trust,
    ) -> Result<Self, SendError> {
        let limit = time_case::limit(profile);
        let patient = (limit >= timeout).then(|| Endpoint::new(address.url(), limit + time_case::MARGIN, trust));
        Ok(Self {
            sender: VariantSender::new(address.url(), timeout, trust)?,
            patient: patient.transpose()?,
            context: CaseContext::new(address, profile, scheme),
            times: Mutex::default(),
        })
    }

    /// Checks that the receiver is running, before all cases fail because it is not. Returns false if it is running but
    /// does not respond in time.
    ///
    /// # Errors
    /// Returns an error if there is no HTTP server at the address.
    pub fn check_reachable(&self) -> Result<bool, ProbeError> {
        let request = self.context.valid();
        match self.sender.send(&request.url, &request.delivery, RequestVariant::Plain) {
            Err(
                error @ (SendError::ConnectionRefused
                | SendError::Connect(_)
                | SendError::Certificate(_)
                | SendError::CertificateName { .. }
                | SendError::Proxy { .. }
                | SendError::NotHttp
                | SendError::NotTls
                | SendError::Tls(_)),
            ) => Err(ProbeError::Unreachable(error.with_advice())),
            result => Ok(!is_timeout(&result)),
        }
    }

    /// Runs one case.
    pub fn run(&self, case: Case) -> CaseResult {
        match case.time_case() {
            Some(time_case) => self.measure(case, time_case),
            None => self.run_requests(case),
        }
    }

    fn run_requests(&self, case: Case) -> CaseResult {
        let requests = case.requests(&self.context);
        let responses = if case.at_once { self.send_at_once(&requests) } else { self.send_in_order(&requests) };
        CaseResult::new(case, requests, responses)
    }

    /// Looks at the times of the responses so far. A slow one is measured again: one pause of the machine is no slow receiver.
    fn measure(&self, case: Case, time_case: TimeCase) -> CaseResult {
        let limit = time_case.limit(self.context.profile());
        let mut times = self.times_of(time_case);
        if times.is_empty() {
            let result = self.run_requests(case);
            times = self.times_of(time_case);
            if times.is_empty() {
                // Nothing was accepted, so there is nothing to measure.
                return result;
            }
        }
        let count = times.len();
        let Some(mut slowest) = response_time::slowest(&times).cloned() else { return self.run_requests(case) };
        for _ in 0..time_case.attempts() {
            if !slowest.exceeds(limit) {
                break;
            }
            let before = self.times_of(time_case).len();
            if time_case == TimeCase::Burst {
                self.run_requests(case);
            } else {
                let kind = self.context.profile().events.find(&slowest.label).unwrap_or(self.context.kind());
                let request = self.context.about(kind.name(), self.context.body(kind), ExpectedResponse::Accepted);
                let _ = self.send_at(&request, false);
            }
            let again = self.times_of(time_case);
            let Some(again) = again.get(before..).and_then(response_time::slowest) else { break };
            if again.is_faster_than(&slowest) {
                slowest = again.clone();
            }
        }
        response_time::result(case, count, &slowest, limit)
    }

    /// The times that a case is about.
    fn times_of(&self, time_case: TimeCase) -> Vec<ResponseTime> {
        let times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        times.iter().filter(|time| time.at_once == (time_case == TimeCase::Burst)).cloned().collect()
    }

    fn send_at_once(&self, requests: &[CaseRequest]) -> Vec<ResponseResult> {
        thread::scope(|scope| {
            let threads: Vec<_> = requests.iter().map(|request| scope.spawn(|| self.send_at(request, true))).collect();
            let join = |thread: thread::ScopedJoinHandle<'_, _>| {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            threads.into_iter().map(join).collect()
        })
    }

    /// Sends one request after the other. Stops at the first timeout: the others would probably only take as long.
    fn send_in_order(&self, requests: &[CaseRequest]) -> Vec<ResponseResult> {
        let mut responses = Vec::new();
        for request in requests {
            responses.push(self.send(request));
            if responses.last().is_some_and(is_timeout) {
                break;
            }
        }
        responses
    }

    /// Sends what receivers are known to accept by mistake instead of valid credentials. Returns what the receiver accepts.
    pub fn find_mistakes(&self) -> Vec<RootCause> {
        let Some(scheme) = self.context.scheme() else { return Vec::new() };
        let valid = self.context.valid();
        let accepts = |delivery| {
            let request = CaseRequest { delivery, ..valid.clone() }.readdressed();
            matches!(self.send(&request), Ok(response) if response.is_success())
        };
        let mistaken = scheme.mistaken(&valid.delivery);
        mistaken.into_iter().filter_map(|(cause, delivery)| accepts(delivery).then_some(cause)).collect()
    }

    /// Returns what builds requests.
    pub(super) const fn context(&self) -> &CaseContext {
        &self.context
    }

    /// Sends one request.
    pub(super) fn send(&self, request: &CaseRequest) -> ResponseResult {
        self.send_at(request, false)
    }

    /// Sends one request, and remembers how long the response took, if the receiver is to accept it as it is.
    fn send_at(&self, request: &CaseRequest, at_once: bool) -> ResponseResult {
        let start = Instant::now();
        if let (ExpectedResponse::AcceptedWithin(limit), Some(patient)) = (request.expected, &self.patient) {
            let result = patient.send(&request.url, &request.delivery);
            return if start.elapsed() > limit {
                Err(SendError::Timeout(limit))
            } else {
                result.map(|response| self.context.shown_response(request, response))
            };
        }
        let result = self.sender.send(&request.url, &request.delivery, request.variant);
        if request.variant == RequestVariant::Plain && request.expected == ExpectedResponse::Accepted {
            let timed_out = is_timeout(&result);
            if timed_out || result.as_ref().is_ok_and(Response::is_success) {
                let time = ResponseTime { label: request.label.clone(), at_once, time: start.elapsed(), timed_out };
                self.times.lock().unwrap_or_else(PoisonError::into_inner).push(time);
            }
        }
        match request.expected {
            ExpectedResponse::AcceptedWithin(limit) if start.elapsed() > limit => Err(SendError::Timeout(limit)),
            _ => result.map(|response| self.context.shown_response(request, response)),
        }
    }
}

const fn is_timeout(result: &ResponseResult) -> bool {
    matches!(result, Err(SendError::Timeout(_) | SendError::BodyTimeout { .. }))
}
