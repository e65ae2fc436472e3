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
use super::pace::Pace;
use super::response_time::{self, ResponseTime};
use super::time_case::{self, TimeCase};

/// Tests a receiver.
#[derive(Debug)]
pub struct Prober {
    sender: VariantSender,
    timeout: Duration,
    /// Waits longer than the sender of the profile does.
    patient: Endpoint,
    pace: Pace,
    context: CaseContext,
    times: Mutex<Vec<ResponseTime>>,
}

/// The receiver cannot be tested.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// No HTTP server listens at the address.
    #[error("cannot reach the receiver")]
    Unreachable(#[source] SendError),
    /// A client for the address cannot be set up.
    #[error("cannot reach the receiver")]
    Setup(#[source] SendError),
    /// The secret is empty.
    #[error("{0}")]
    Secret(#[source] EmptySecret),
    /// A pattern matches no case.
    #[error("unknown case `{0}`; list the cases with `cfwh probe --list`")]
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
        Ok(Self {
            sender: VariantSender::new(address.url(), timeout, trust)?,
            timeout,
            patient: Endpoint::new(address.url(), time_case::patience(profile).max(timeout), trust)?,
            pace: Pace::Fast,
            context: CaseContext::new(address, profile, scheme),
            times: Mutex::default(),
        })
    }

    /// Checks that there is a receiver, finds out how fast it responds, and removes the cases that would take too long with it.
    ///
    /// # Errors
    /// Returns an error if no HTTP server listens at the address.
    pub fn adapt(&mut self, cases: &mut Vec<Case>) -> Result<Pace, ProbeError> {
        let pace = self.find_pace(cases.iter().any(|case| case.time_case() == Some(TimeCase::Limit)))?;
        if cases.iter().any(|case| pace.allows(case)) {
            cases.retain(|case| pace.allows(case));
        }
        self.pace = pace;
        Ok(pace)
    }

    /// Tests a receiver that is known to respond at this pace.
    #[must_use]
    pub fn with_pace(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    /// Sends a valid delivery. With `is_patient`, waits longer than the sender does, and records the response time.
    fn find_pace(&self, is_patient: bool) -> Result<Pace, ProbeError> {
        let (request, start) = (self.context.valid(), Instant::now());
        let result = if is_patient {
            self.send_for(&request, TimeCase::Limit)
        } else {
            self.sender.send(&request.url, &request.delivery, RequestVariant::Plain)
        };
        match result {
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
            result if is_timeout(&result) => Ok(Pace::Silent),
            _ if start.elapsed() > self.timeout => Ok(Pace::Slow),
            _ => Ok(Pace::Fast),
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
        let responses = match case.time_case() {
            Some(time_case @ TimeCase::Limit) => {
                requests.iter().map(|request| self.send_for(request, time_case)).collect()
            }
            _ if case.at_once => self.send_at_once(&requests),
            _ => self.send_in_order(&requests),
        };
        CaseResult::new(case, requests, responses)
    }

    /// Measures the response times so far. A slow one is measured again, because the machine may have paused.
    fn measure(&self, case: Case, time_case: TimeCase) -> CaseResult {
        let limit = time_case.limit(self.context.profile());
        let mut times = self.times_of(time_case);
        if times.is_empty() {
            let result = self.run_requests(case);
            times = self.times_of(time_case);
            if times.is_empty() {
                // The receiver accepted no delivery, so no time was measured.
                return result;
            }
        }
        let count = times.len();
        let Some(mut slowest) = response_time::slowest(&times).cloned() else { return self.run_requests(case) };
        // A slow receiver is slow every time.
        let attempts = if self.pace == Pace::Fast { time_case.attempts() } else { 0 };
        for _ in 0..attempts {
            if !slowest.exceeds(limit) {
                break;
            }
            let before = self.times_of(time_case).len();
            if time_case == TimeCase::Burst {
                self.run_requests(case);
            } else {
                let kind = self.context.profile().events.find(&slowest.label).unwrap_or(self.context.kind());
                let request = self.context.about(kind.name(), self.context.body(kind), ExpectedResponse::Accepted);
                let _ = self.send_for(&request, time_case);
            }
            let again = self.times_of(time_case);
            let Some(again) = again.get(before..).and_then(response_time::slowest) else { break };
            if again.is_faster_than(&slowest) {
                slowest = again.clone();
            }
        }
        response_time::result(case, count, &slowest, limit)
    }

    /// Returns the times that a case is about.
    fn times_of(&self, time_case: TimeCase) -> Vec<ResponseTime> {
        let times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        times.iter().filter(|time| time.time_case == time_case).cloned().collect()
    }

    fn send_at_once(&self, requests: &[CaseRequest]) -> Vec<ResponseResult> {
        thread::scope(|scope| {
            let threads: Vec<_> =
                requests.iter().map(|request| scope.spawn(|| self.send_for(request, TimeCase::Burst))).collect();
            let join = |thread: thread::ScopedJoinHandle<'_, _>| {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            threads.into_iter().map(join).collect()
        })
    }

    /// Sends one request after the other. Stops at the first timeout: the others would probably time out, too.
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

    /// Sends credentials that receivers are known to accept by mistake. Returns those that this receiver accepts.
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
        self.send_for(request, TimeCase::Fast)
    }

    /// Sends one request. Records how long the response took, if the receiver must accept the request as it is.
    fn send_for(&self, request: &CaseRequest, time_case: TimeCase) -> ResponseResult {
        let start = Instant::now();
        let is_plain = request.variant == RequestVariant::Plain;
        let result = if is_plain && (time_case == TimeCase::Limit || self.pace == Pace::Slow) {
            self.patient.send(&request.url, &request.delivery)
        } else {
            self.sender.send(&request.url, &request.delivery, request.variant)
        };
        if is_plain && request.expected == ExpectedResponse::Accepted {
            let timed_out = is_timeout(&result);
            if timed_out || result.as_ref().is_ok_and(Response::is_success) {
                let time = ResponseTime { label: request.label.clone(), time_case, time: start.elapsed(), timed_out };
                self.times.lock().unwrap_or_else(PoisonError::into_inner).push(time);
            }
        }
        result.map(|response| self.context.shown_response(request, response))
    }
}

const fn is_timeout(result: &ResponseResult) -> bool {
    matches!(result, Err(SendError::Timeout(_) | SendError::BodyTimeout { .. }))
}
