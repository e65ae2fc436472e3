//! Where deliveries are judged and answered, on the receiver's threads.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime};

use http::Method;
use jiff::Timestamp;

use crate::auth::{Scheme, Verdict};
use crate::models::request::Request;
use crate::models::response::Response;
use crate::models::rule::Rule;
use crate::profiles::find_event;
use crate::profiles::is_undocumented;
use crate::receiver::expectations::Came;
use crate::receiver::webhook_request;
use crate::server::{Handler, RequestHead, ServerResponse, Stop};
use crate::store::captures::Captures;
use crate::validation::Validator;
use crate::validation::report::{Report, ReportVerdict};

use super::event_log::{Note, Received};
use super::fault_injection::FaultInjection;
use super::forwarding::Routes;
use super::queue::Outbox;
use super::run_end::Watch;

/// Judges and answers deliveries.
pub(super) struct Desk {
    pub(super) path: String,
    pub(super) scheme: Option<Arc<dyn Scheme>>,
    pub(super) validator: Validator,
    pub(super) strict: bool,
    pub(super) captures: Option<Captures>,
    pub(super) routes: Option<Routes>,
    pub(super) forward_unverified: bool,
    pub(super) bad: FaultInjection,
    pub(super) count: Option<u64>,
    pub(super) tally: Tally,
    pub(super) watch: Option<Watch>,
    pub(super) stop: Stop,
    pub(super) notes: Outbox,
    /// Nothing is to be shown, so nothing is to be said.
    pub(super) silent: bool,
}

/// How many came, and how they were answered.
#[derive(Default)]
pub(super) struct Tally {
    arrived: AtomicU64,
    accepted: AtomicU64,
    refused: AtomicU64,
}

impl Tally {
    pub(super) fn accepted(&self) -> u64 {
        self.accepted.load(Ordering::Relaxed)
    }

    pub(super) fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }
}

impl Handler for Desk {
    fn accept(&self, head: &RequestHead) -> Result<(), Response> {
        webhook_request::check(head, |path| self.serves(path))
    }

    async fn handle(self: Arc<Self>, delivery: Request, arrived: Instant) -> ServerResponse {
        let number = self.tally.arrived.fetch_add(1, Ordering::Relaxed) + 1;
        if self.count.is_some_and(|count| number > count) {
            return Response::text(503, "the receiver has everything it waited for and ends").into();
        }
        let mut received = self.take_in(number, delivery, arrived);
        if self.routes.is_none() && self.bad.delay.is_none() {
            let answer = self.objection(&received, true).unwrap_or_else(|| self.bad.success());
            return self.conclude(received, answer).into();
        }
        // In a task of its own, because a sender that gives up must not undo what has been begun.
        let task = tokio::spawn(async move {
            let answer = self.answer(&mut received).await;
            if let Some(delay) = self.bad.delay {
                tokio::time::sleep(delay).await;
            }
            self.conclude(received, answer)
        });
        task.await.unwrap_or_else(|_| Response::text(500, "the receiver failed on this delivery")).into()
    }

    fn report_refusal(&self, method: &Method, target: &str, response: &Response) {
        if !self.silent {
            let (method, target, response) = (method.to_string(), target.to_owned(), response.clone());
            self.notes.send(Note::Refused { method, target, response });
        }
    }
}

impl Desk {
    /// Is this a path that deliveries are posted to?
    fn serves(&self, path: &str) -> bool {
        let Some(rest) = path.strip_prefix(self.path.as_str()) else { return false };
        match rest.strip_prefix('/') {
            None => rest.is_empty(),
            Some(event) => {
                let event = event.trim_end_matches('/');
                event.is_empty() || find_event(event).is_some() || is_undocumented(event)
            }
        }
    }

    /// Verifies, keeps and validates.
    fn take_in(&self, number: u64, delivery: Request, arrived: Instant) -> Received {
        let at = Timestamp::now();
        // The signature is checked before anything reads the body as JSON.
        let verdict = self.scheme.as_ref().map(|scheme| scheme.verify(&delivery, SystemTime::now()));
        let report = self.validator.validate(&delivery, None);
        // Kept before it is answered: what got a 2xx is on disk.
        let (capture, kept) = match self.captures.as_ref().map(|captures| captures.keep(&delivery, report.kind)) {
            Some(Ok(path)) => (Some(path), true),
            Some(Err(error)) => {
                self.notes.send(Note::NotKept(error));
                (None, false)
            }
            None => (None, true),
        };
        Received { number, at, delivery, verdict, report, arrived, kept, capture, forwarded: Vec::new() }
    }

    /// The answer of an endpoint where the delivery goes on to one, else the receiver's own.
    async fn answer(&self, received: &mut Received) -> Response {
        let objection = self.objection(received, true);
        // What is refused goes no further, but for its signature when that is wanted.
        let goes_on = match &received.verdict {
            Some(Verdict::Valid) => objection.is_none(),
            _ => self.forward_unverified && self.objection(received, false).is_none(),
        };
        if let Some(routes) = self.routes.as_ref().filter(|_| goes_on)
            && let Some((answer, forwarded)) = routes.forward(&event_of(received), &received.delivery).await
        {
            received.forwarded = forwarded;
            return answer;
        }
        objection.unwrap_or_else(|| self.bad.success())
    }

    /// What there is against a delivery; the sentence never holds the right signature.
    fn objection(&self, received: &Received, must_verify: bool) -> Option<Response> {
        if !received.kept {
            return Some(Response::text(503, "the delivery could not be saved"));
        }
        let verdict = received.verdict.as_ref().filter(|_| must_verify);
        self.bad.failure(received.number).or_else(|| judgement(verdict, &received.report, self.strict))
    }

    /// Counts a delivery, says what became of it, and ends the run when it was the last.
    fn conclude(&self, received: Received, answer: Response) -> Response {
        let counter = if answer.is_success() { &self.tally.accepted } else { &self.tally.refused };
        counter.fetch_add(1, Ordering::Relaxed);
        if let Some(watch) = &self.watch {
            watch.observe(Came { number: received.number, event: event_of(&received), status: answer.status });
        }
        if !self.silent {
            let (status, elapsed) = (answer.status, received.arrived.elapsed());
            self.notes.send(Note::Received(Box::new(received), status, elapsed));
        }
        if self.count.is_some_and(|count| self.tally.accepted() + self.tally.refused() >= count) {
            self.stop.stop();
        }
        answer
    }
}

/// The name of the event, even where the document does not have it.
fn event_of(received: &Received) -> Cow<'static, str> {
    received.report.event_name.clone().unwrap_or_default()
}

/// What a delivery itself gives to object to.
fn judgement(verdict: Option<&Verdict>, report: &Report, strict: bool) -> Option<Response> {
    if let Some(rejection) = verdict.and_then(Verdict::rejection) {
        return Some(Response::text(401, rejection.to_string()));
    }
    if let Some(finding) = report.findings.iter().find(|finding| finding.rule == Rule::Json) {
        return Some(Response::text(400, finding.message.clone()));
    }
    if strict && report.verdict() == ReportVerdict::Errors {
        let first = report.findings.first().map(|finding| finding.message.as_str()).unwrap_or_default();
        return Some(Response::text(422, format!("invalid: {first}")));
    }
    None
}
