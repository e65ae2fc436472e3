//! Handles received deliveries: authenticates, captures, parses once, validates, decides, forwards and responds. The result
//! is a [`record::Record`], which every subscriber gets.

pub mod allowed_hosts;
pub mod expectation;
pub mod expectations;
pub mod fault_injection;
pub mod forwarding;
pub mod in_flight;
pub mod journal;
pub mod record;
pub mod webhook_request;

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;
use percent_encoding::percent_decode_str;

use crate::auth::{Rejection, RejectionKind, Scheme, Verdict};
use crate::client::forward::Forward;
use crate::models::request::Request;
use crate::models::response::Response;
use crate::models::rule::Rule;
use crate::profiles::KnownEvent;
use crate::server::{Client, Handler, Refusal, RequestHead, ServerResponse, Stop};
use crate::store::captures::{CaptureError, Captures};
use crate::validation::Validator;
use crate::validation::report::ReportVerdict;

use allowed_hosts::AllowedHosts;
use fault_injection::{FaultInjection, PlannedResponse, served};
use forwarding::Forwarding;
use in_flight::InFlight;
use record::{Entry, Record, Subscriber};

const NOT_SAVED: &str = "the delivery could not be saved\n";
const FULL: &str = "the delivery could not be saved: the folder has reached its limit\n";
const NO_TIME: &str = "the receiver stopped waiting for the endpoint\n";
const LOOP: &str = "the delivery was already forwarded by this receiver: --forward leads back to it";

/// Receives deliveries; the handler of a [`Server`](crate::server::Server).
pub struct Receiver {
    /// The path that receives deliveries, without a final slash. One more path segment may name the event.
    pub path: String,
    /// The hosts that requests may use; `None` allows any host.
    pub allowed_hosts: Option<AllowedHosts>,
    /// Authenticates deliveries. Without it, every delivery counts as authentic.
    pub scheme: Option<Arc<dyn Scheme>>,
    /// Whether a connection test is accepted without credentials, because the sender never signs it.
    pub accepts_unsigned_pings: bool,
    /// Validates deliveries.
    pub validator: Validator,
    /// Whether deliveries with errors are refused.
    pub is_strict: bool,
    /// Saves deliveries before the response.
    pub captures: Option<Captures>,
    /// Forwards deliveries.
    pub forwarding: Option<Forwarding>,
    /// Makes deliveries fail on purpose.
    pub fault_injection: FaultInjection,
    /// The number of deliveries after which the server stops.
    pub count: Option<u64>,
    /// Stops the server.
    pub stop: Stop,
    /// The subscribers. Each entry goes to all of them, in this order.
    pub subscribers: Vec<Arc<dyn Subscriber>>,
    /// The deliveries that wait for a response.
    pub in_flight: InFlight,
    /// The number of deliveries so far.
    pub counters: Counters,
}

/// Counts received and accepted deliveries.
#[derive(Debug, Default)]
pub struct Counters {
    received: AtomicU64,
    accepted: AtomicU64,
    refused: AtomicU64,
    pings: AtomicU64,
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

    /// Returns the number of accepted deliveries that were connection tests.
    pub fn pings(&self) -> u64 {
        self.pings.load(Ordering::Relaxed)
    }

    /// Returns the number of requests that were refused before they were deliveries.
    pub fn refused_requests(&self) -> u64 {
        self.refused_requests.load(Ordering::Relaxed)
    }
}

impl Handler for Receiver {
    fn accept(&self, head: &RequestHead) -> Result<(), Response> {
        self.allowed_hosts.as_ref().map_or(Ok(()), |hosts| hosts.check(head))?;
        webhook_request::check(head, |path| self.serves(path))?;
        match &self.forwarding {
            Some(forwarding) if forwarding.is_loop(&head.headers) => Err(Response::text(508, LOOP)),
            _ => Ok(()),
        }
    }

    async fn handle(self: Arc<Self>, request: Request, started: Instant, client: Client) -> ServerResponse {
        let number = self.counters.received.fetch_add(1, Ordering::Relaxed) + 1;
        if self.count.is_some_and(|count| number > count) {
            return Response::text(503, "the receiver has received all expected deliveries and is stopping").into();
        }
        let mut record = self.examine(number, request);
        let objection = self.objection(&record, true);
        let forwarding =
            self.forwarding.as_ref().filter(|forwarding| self.is_forwarded(&record, objection.is_some(), forwarding));
        let own = objection.unwrap_or_else(|| self.fault_injection.success(record.event_name()));
        if forwarding.is_none() {
            record.shrink();
            if self.fault_injection.delay.is_none() {
                return served(self.finish(record, started, own));
            }
        }
        let is_forwarded = forwarding.is_some();
        // A separate task continues after the sender closes its connection.
        let task = tokio::spawn(async move {
            let Some(mut held) = self.in_flight.hold(held_size(&record), client).await else {
                record.shrink();
                let busy = Response::text(503, "too many deliveries are waiting for their response");
                return self.finish(record, started, (busy, None));
            };
            let mut response = own;
            if let Some(forwarding) = self.forwarding.as_ref().filter(|_| is_forwarded) {
                let forwarded = tokio::select! {
                    biased;
                    forwarded = forwarding.forward(record.event_name(), &record.request) => forwarded,
                    () = held.end() => Some((Response::text(503, NO_TIME), Vec::new())),
                };
                if let Some((theirs, forwards)) = forwarded {
                    let shown = |forward: Forward| self.shown_forward(forward);
                    (response, record.forwards) = ((theirs, None), forwards.into_iter().map(shown).collect());
                }
                record.shrink();
                held.reduce(held_size(&record));
            }
            if let Some(delay) = self.fault_injection.delay {
                held.pause(delay).await;
            }
            self.finish(record, started, response)
        });
        let failed = |_| (Response::text(500, "the receiver failed to handle this delivery"), None);
        served(task.await.unwrap_or_else(failed))
    }

    async fn complete(&self) {
        self.in_flight.complete().await;
    }

    fn report_refusal(&self, mut refusal: Refusal) {
        if let Some(target) = &mut refusal.target {
            *target = self.shown_target(target).into_owned();
        }
        self.counters.refused_requests.fetch_add(1, Ordering::Relaxed);
        self.publish(&Entry::Refused(Arc::new(refusal)));
    }
}

impl Receiver {
    /// Returns a target that is safe to show, without secrets.
    fn shown_target<'a>(&self, target: &'a str) -> Cow<'a, str> {
        self.scheme.as_ref().map_or(Cow::Borrowed(target), |scheme| scheme.shown_target(target))
    }

    /// Returns the outcome at an endpoint that is safe to show, without secrets.
    fn shown_forward(&self, forward: Forward) -> Forward {
        let url = self.shown_target(&forward.url).into_owned();
        let response = forward.response.map(|response| {
            let mut response = response.redacted(&forward.url, &url);
            response.truncate(record::MAX_TEXT);
            response
        });
        Forward { url, response, ..forward }
    }

    fn serves(&self, path: &str) -> bool {
        // Clients may encode more characters of a path than necessary.
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

    /// Authenticates, captures and validates a delivery. Returns its record, still without the response.
    fn examine(&self, number: u64, request: Request) -> Record {
        let received_at = Timestamp::now();
        let verdict = self.scheme.as_ref().map(|scheme| scheme.verify(&request, SystemTime::now()));
        // Anybody can send an unverified delivery, so unless it is used, it costs little more than its hash, and gets only a
        // small share of the folder.
        let uses_unverified = self.forwarding.as_ref().is_some_and(|forwarding| forwarding.includes_unverified);
        let is_trusted = uses_unverified || !matches!(verdict, Some(Verdict::Rejected(_)));
        // The operating system has the bytes before they are parsed as JSON. The file gets its name when the event is known,
        // and before the response.
        let written = self.captures.as_ref().map(|captures| captures.write(&request, is_trusted));
        let report =
            if is_trusted { self.validator.validate(&request, None) } else { self.validator.identify(&request) };
        let saved =
            written.map(|written| written.and_then(|written| written.commit(report.event().map(KnownEvent::name))));
        let mut not_saved = None;
        let capture = saved.transpose().unwrap_or_else(|error| {
            let is_full = matches!(error, CaptureError::Full { .. });
            not_saved = Some(if is_full { Response::text(507, FULL) } else { Response::text(503, NOT_SAVED) });
            if !matches!(error, CaptureError::Full { is_repeated: true, .. }) {
                self.publish(&Entry::NotSaved(Arc::new(error)));
            }
            None
        });
        Record {
            number,
            received_at,
            body_length: request.body().len(),
            target: self.shown_target(request.target()).into_owned(),
            request,
            profile: self.validator.profile().name,
            auth: self.scheme.as_ref().map_or("none", |scheme| scheme.info().name),
            verdict,
            report,
            positions: Vec::new(),
            capture,
            not_saved,
            forwards: Vec::new(),
            response: Response::text(500, ""),
            fault: None,
            elapsed: Duration::ZERO,
        }
    }

    /// Returns whether a delivery is forwarded. A refused delivery is not, unless it only failed authentication and unverified
    /// deliveries are forwarded.
    fn is_forwarded(&self, record: &Record, is_refused: bool, forwarding: &Forwarding) -> bool {
        match &record.verdict {
            Some(Verdict::Valid) => !is_refused,
            _ => forwarding.includes_unverified && self.objection(record, false).is_none(),
        }
    }

    /// Returns the response to a delivery that is refused, because it is invalid or on purpose.
    fn objection(&self, record: &Record, needs_authentication: bool) -> Option<PlannedResponse> {
        let failure = self.fault_injection.failure(record.number, record.event_name());
        failure.or_else(|| Some((self.refusal(record, needs_authentication)?, None)))
    }

    /// Returns the response to an invalid delivery. It never contains the expected signature.
    fn refusal(&self, record: &Record, needs_authentication: bool) -> Option<Response> {
        let Record { verdict, report, not_saved, .. } = record;
        let rejection = verdict.as_ref().filter(|_| needs_authentication).and_then(Verdict::rejection);
        let is_accepted = |rejection: &Rejection| {
            self.accepts_unsigned_pings && report.is_ping && rejection.kind == RejectionKind::Unsigned
        };
        if let Some(rejection) = rejection.filter(|rejection| !is_accepted(rejection)) {
            return Some(Response::text(401, rejection.to_string()));
        }
        if let Some(response) = not_saved {
            return Some(response.clone());
        }
        if let Some(finding) = report.findings.iter().find(|finding| finding.rule == Rule::Json) {
            return Some(Response::text(400, finding.message.clone()));
        }
        let is_invalid = self.is_strict && report.verdict() == ReportVerdict::Errors;
        let first = report.findings.first().map(|finding| finding.message.as_str()).unwrap_or_default();
        is_invalid.then(|| Response::text(422, format!("invalid: {first}")))
    }

    /// Completes the record, publishes it, and stops the server after the last delivery.
    fn finish(&self, mut record: Record, started: Instant, planned: PlannedResponse) -> PlannedResponse {
        record.complete(&planned.0, planned.1, started.elapsed());
        let counter = if record.is_accepted() { &self.counters.accepted } else { &self.counters.refused };
        counter.fetch_add(1, Ordering::Relaxed);
        self.counters.pings.fetch_add(u64::from(record.report.is_ping && record.is_accepted()), Ordering::Relaxed);
        self.publish(&Entry::Delivery(Arc::new(record)));
        if self.count.is_some_and(|count| self.counters.accepted() + self.counters.refused() >= count) {
            self.stop.stop();
        }
        planned
    }

    fn publish(&self, entry: &Entry) {
        self.subscribers.iter().for_each(|subscriber| subscriber.receive(entry));
    }
}

/// Returns the approximate number of bytes that a waiting delivery uses: its record, and the read buffer of its connection,
/// which hyper grows from 8 KiB to 64 KiB.
fn held_size(record: &Record) -> usize {
    let buffer = if record.body_length < 8 * 1024 { 8 } else { 64 };
    record.size() + buffer * 1024
}
