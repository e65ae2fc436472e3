//! What happens to a delivery that is received: authenticate, capture, parse once, validate, decide, forward, respond. The
//! result is a [`record::Record`], which every subscriber gets.

pub mod allowed_hosts;
pub mod expectation;
pub mod expectations;
pub mod fault_injection;
pub mod forwarding;
pub mod record;
pub mod webhook_request;

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;
use percent_encoding::percent_decode_str;

use crate::auth::{Scheme, Verdict};
use crate::models::request::Request;
use crate::models::response::Response;
use crate::models::rule::Rule;
use crate::profiles::KnownEvent;
use crate::server::{Handler, Refusal, RequestHead, ServerResponse, Stop};
use crate::store::captures::Captures;
use crate::validation::Validator;
use crate::validation::report::ReportVerdict;

use allowed_hosts::AllowedHosts;
use fault_injection::FaultInjection;
use forwarding::Forwarding;
use record::{Entry, Record, Subscriber};

/// Receives deliveries; the handler of a [`Server`](crate::server::Server).
pub struct Receiver {
    /// The path that deliveries are posted to, without a slash at its end. One more segment may name the event.
    pub path: String,
    /// The hosts that requests may name; `None` if they may name any.
    pub allowed_hosts: Option<AllowedHosts>,
    /// Authenticates deliveries; without it, all are authentic.
    pub scheme: Option<Arc<dyn Scheme>>,
    /// Validates deliveries.
    pub validator: Validator,
    /// Are deliveries with errors refused?
    pub is_strict: bool,
    /// Saves deliveries before they are responded to.
    pub captures: Option<Captures>,
    /// Forwards deliveries.
    pub forwarding: Option<Forwarding>,
    /// Makes deliveries fail on purpose.
    pub fault_injection: FaultInjection,
    /// The number of deliveries after which the server stops.
    pub count: Option<u64>,
    /// Stops the server.
    pub stop: Stop,
    /// Get each entry, in this order.
    pub subscribers: Vec<Arc<dyn Subscriber>>,
    /// How many deliveries were received so far.
    pub counters: Counters,
}

/// How many deliveries were received, and how many of them were accepted.
#[derive(Debug, Default)]
pub struct Counters {
    received: AtomicU64,
    accepted: AtomicU64,
    refused: AtomicU64,
    refused_requests: AtomicU64,
}

impl Counters {
    /// Returns the number of deliveries with a 2xx response.
    pub fn accepted(&self) -> u64 {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Returns the number of deliveries with another response.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// Returns the number of requests that were refused before they were deliveries.
    pub fn refused_requests(&self) -> u64 {
        self.refused_requests.load(Ordering::Relaxed)
    }
}

impl Handler for Receiver {
    fn accept(&self, head: &RequestHead) -> Result<(), Response> {
        self.allowed_hosts.as_ref().map_or(Ok(()), |hosts| hosts.check(head))?;
        webhook_request::check(head, |path| self.serves(path))
    }

    async fn handle(self: Arc<Self>, request: Request, started: Instant) -> ServerResponse {
        let number = self.counters.received.fetch_add(1, Ordering::Relaxed) + 1;
        if self.count.is_some_and(|count| number > count) {
            return Response::text(503, "the receiver has everything it waited for and ends").into();
        }
        let mut record = self.examine(number, request);
        if self.forwarding.is_none() && self.fault_injection.delay.is_none() {
            let response = self.objection(&record, true).unwrap_or_else(|| self.fault_injection.success());
            return self.finish(record, started, response).into();
        }
        // A separate task goes on when the sender closes its connection.
        let task = tokio::spawn(async move {
            let response = self.respond(&mut record).await;
            if let Some(delay) = self.fault_injection.delay {
                tokio::time::sleep(delay).await;
            }
            self.finish(record, started, response)
        });
        task.await.unwrap_or_else(|_| Response::text(500, "the receiver failed on this delivery")).into()
    }

    fn report_refusal(&self, refusal: Refusal) {
        self.counters.refused_requests.fetch_add(1, Ordering::Relaxed);
        self.publish(&Entry::Refused(Arc::new(refusal)));
    }
}

impl Receiver {
    fn serves(&self, path: &str) -> bool {
        // Clients may encode more characters of a path than they must.
        let decode = |path| Cow::from(percent_decode_str(path));
        let path: Cow<'_, [u8]> = decode(path);
        let Some(rest) = path.strip_prefix(&*decode(&self.path)) else { return false };
        // The name of an event is ASCII.
        let Ok(rest) = std::str::from_utf8(rest) else { return false };
        match rest.strip_prefix('/').map(|event| event.trim_end_matches('/')) {
            None => rest.is_empty(),
            Some(event) => event.is_empty() || KnownEvent::find(event).is_some(),
        }
    }

    /// Authenticates, captures and validates a delivery. Returns its record before the response.
    fn examine(&self, number: u64, request: Request) -> Record {
        let received_at = Timestamp::now();
        let verdict = self.scheme.as_ref().map(|scheme| scheme.verify(&request, SystemTime::now()));
        // The bytes are with the operating system before anything reads them as JSON. The file gets its name when the event
        // is known, and before the response.
        let written = self.captures.as_ref().map(|captures| captures.write(&request));
        let report = self.validator.validate(&request, None);
        let saved =
            written.map(|written| written.and_then(|written| written.commit(report.event().map(KnownEvent::name))));
        let capture = saved.transpose().unwrap_or_else(|error| {
            self.publish(&Entry::NotSaved(Arc::new(error)));
            None
        });
        Record {
            number,
            received_at,
            request,
            verdict,
            report,
            capture,
            forwards: Vec::new(),
            response: Response::text(500, ""),
            elapsed: Duration::ZERO,
        }
    }

    /// Returns the response of an endpoint that the delivery is forwarded to, else the receiver's own.
    async fn respond(&self, record: &mut Record) -> Response {
        let objection = self.objection(record, true);
        if let Some(forwarding) = &self.forwarding {
            // A refused delivery is not forwarded, unless only authentication failed and that is wanted.
            let is_forwarded = match &record.verdict {
                Some(Verdict::Valid) => objection.is_none(),
                _ => forwarding.includes_unverified && self.objection(record, false).is_none(),
            };
            if is_forwarded
                && let Some((response, forwards)) = forwarding.forward(record.event_name(), &record.request).await
            {
                record.forwards = forwards;
                return response;
            }
        }
        objection.unwrap_or_else(|| self.fault_injection.success())
    }

    /// Returns the response to a delivery that is refused. Its text never contains the expected signature.
    fn objection(&self, record: &Record, needs_authentication: bool) -> Option<Response> {
        let Record { number, verdict, report, capture, .. } = record;
        if self.captures.is_some() && capture.is_none() {
            return Some(Response::text(503, "the delivery could not be saved"));
        }
        if let Some(failure) = self.fault_injection.failure(*number) {
            return Some(failure);
        }
        if let Some(rejection) = verdict.as_ref().filter(|_| needs_authentication).and_then(Verdict::rejection) {
            return Some(Response::text(401, rejection.to_string()));
        }
        if let Some(finding) = report.findings.iter().find(|finding| finding.rule == Rule::Json) {
            return Some(Response::text(400, finding.message.clone()));
        }
        let is_invalid = self.is_strict && report.verdict() == ReportVerdict::Errors;
        let first = report.findings.first().map(|finding| finding.message.as_str()).unwrap_or_default();
        is_invalid.then(|| Response::text(422, format!("invalid: {first}")))
    }

    /// Completes the record, publishes it, and stops the server after the last delivery.
    fn finish(&self, mut record: Record, started: Instant, response: Response) -> Response {
        record.elapsed = started.elapsed();
        record.response = response.clone();
        let counter = if record.is_accepted() { &self.counters.accepted } else { &self.counters.refused };
        counter.fetch_add(1, Ordering::Relaxed);
        self.publish(&Entry::Delivery(Arc::new(record)));
        if self.count.is_some_and(|count| self.counters.accepted() + self.counters.refused() >= count) {
            self.stop.stop();
        }
        response
    }

    fn publish(&self, entry: &Entry) {
        self.subscribers.iter().for_each(|subscriber| subscriber.receive(entry));
    }
}
