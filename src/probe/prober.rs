//! Sends the requests of cases to a receiver.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use crate::auth::Scheme;
use crate::auth::cases::RootCause;
use crate::client::error::SendError;
use crate::client::request_variant::{RequestVariant, VariantSender};
use crate::client::tls::Trust;
use crate::client::url::UrlTemplate;
use crate::profiles::Profile;

use super::case_request::{CaseRequest, ExpectedResponse, ResponseResult};
use super::case_result::CaseResult;
use super::cases::Case;
use super::context::CaseContext;

/// Tests a receiver.
#[derive(Debug)]
pub struct Prober {
    sender: VariantSender,
    context: CaseContext,
}

/// The receiver cannot be tested.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// There is no HTTP server at the address.
    #[error("there is nothing to probe")]
    Unreachable(#[source] SendError),
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
            context: CaseContext::new(address, profile, scheme),
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
        let requests = case.requests(&self.context);
        let responses = if case.at_once { self.send_at_once(&requests) } else { self.send_in_order(&requests) };
        CaseResult::new(case, requests, responses)
    }

    fn send_at_once(&self, requests: &[CaseRequest]) -> Vec<ResponseResult> {
        thread::scope(|scope| {
            let threads: Vec<_> = requests.iter().map(|request| scope.spawn(|| self.send(request))).collect();
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
        let start = Instant::now();
        let result = self.sender.send(&request.url, &request.delivery, request.variant);
        match request.expected {
            ExpectedResponse::AcceptedWithin(limit) if start.elapsed() > limit => Err(SendError::Timeout(limit)),
            _ => result.map(|response| self.context.shown_response(request, response)),
        }
    }
}

const fn is_timeout(result: &ResponseResult) -> bool {
    matches!(result, Err(SendError::Timeout(_) | SendError::BodyTimeout { .. }))
}
