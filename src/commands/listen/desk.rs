//! Where deliveries are judged and answered, on the receiver's threads.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use std::time::Instant;

use jiff::Timestamp;

use crate::captures::Captures;
use crate::models::delivery::{self, Delivery};
use crate::models::event::{EventKind, identify, is_known_outside_the_document};
use crate::signature::{self, Secret, Verdict};
use crate::terminal::results::Summary;
use crate::transport::receiver::{Answer, Reception, Stop};
use crate::validation::report::{Conclusion, Report};
use crate::validation::{Validator, rules};

use super::minutes::{Note, Received};

/// Judges and answers deliveries.
pub(super) struct Desk {
    pub(super) path: String,
    pub(super) secrets: Vec<Secret>,
    pub(super) validator: Validator,
    pub(super) strict: bool,
    pub(super) captures: Option<Captures>,
    pub(super) count: Option<u64>,
    pub(super) tally: Tally,
    pub(super) stop: Stop,
    pub(super) notes: SyncSender<Note>,
    /// Nothing is to be shown, so nothing is to be said.
    pub(super) silent: bool,
}

#[derive(Default)]
pub(super) struct Tally {
    arrived: AtomicU64,
    accepted: AtomicU64,
    refused: AtomicU64,
}

impl Tally {
    pub(super) fn summary(&self) -> Summary {
        let (accepted, refused) = (self.accepted.load(Ordering::Relaxed), self.refused.load(Ordering::Relaxed));
        Summary { r#type: "summary", received: accepted + refused, accepted, refused, expectations: &[] }
    }
}

impl Reception for Desk {
    fn serves(&self, path: &str) -> bool {
        let Some(rest) = path.strip_prefix(self.path.as_str()) else { return false };
        match rest.strip_prefix('/') {
            None => rest.is_empty(),
            Some(event) => {
                let event = event.trim_end_matches('/');
                event.is_empty() || EventKind::named(event).is_some() || is_known_outside_the_document(event)
            }
        }
    }

    fn receive(&self, delivery: Delivery, arrived: Instant) -> Answer {
        let number = self.tally.arrived.fetch_add(1, Ordering::Relaxed) + 1;
        if self.count.is_some_and(|count| number > count) {
            return Answer::new(503, "the receiver has what it waited for and ends");
        }
        let at = Timestamp::now();
        // The signature is checked before anything reads the body as JSON.
        let signatures = delivery.headers().all(delivery::SIGNATURE);
        let verdict =
            (!self.secrets.is_empty()).then(|| signature::verify_any(&self.secrets, delivery.body(), signatures));
        // Kept before it is judged and before it is answered: what got a 2xx is on disk.
        let kept = self
            .captures
            .as_ref()
            .map(|captures| captures.keep(&delivery, identify(delivery.target(), delivery.body())));
        let report = self.validator.validate(&delivery, None);
        let answer = match &kept {
            Some(Err(_)) => Answer::new(503, "the delivery could not be kept"),
            _ => judgement(verdict.as_ref(), &report, self.strict),
        };
        let counter = if answer.status / 100 == 2 { &self.tally.accepted } else { &self.tally.refused };
        counter.fetch_add(1, Ordering::Relaxed);
        let capture = match kept {
            Some(Ok(path)) => Some(path.display().to_string()),
            Some(Err(error)) => {
                self.note(Note::NotKept(error));
                None
            }
            None => None,
        };
        if !self.silent {
            let (status, elapsed) = (answer.status, arrived.elapsed());
            self.note(Note::Received(Box::new(Received {
                number,
                at,
                delivery,
                verdict,
                report,
                status,
                elapsed,
                capture,
            })));
        }
        if self.count.is_some_and(|count| self.tally.summary().received >= count) {
            self.stop.stop();
        }
        answer
    }

    fn refused(&self, method: &str, target: &str, answer: &Answer) {
        if !self.silent {
            let (method, target, answer) = (method.to_owned(), target.to_owned(), answer.clone());
            self.note(Note::Refused { method, target, answer });
        }
    }
}

impl Desk {
    fn note(&self, note: Note) {
        // When the inbox is gone, the run is ending.
        let _ = self.notes.send(note);
    }
}

/// The status that `listen` answers. The sentence never holds the right signature.
fn judgement(verdict: Option<&Verdict>, report: &Report, strict: bool) -> Answer {
    match verdict {
        Some(Verdict::Unsigned) => return Answer::new(401, "unsigned: the X-Hub-Signature header is missing"),
        Some(Verdict::Malformed(error)) => return Answer::new(401, format!("malformed X-Hub-Signature: {error}")),
        Some(Verdict::Mismatch { .. }) => {
            return Answer::new(401, "mismatch: X-Hub-Signature is not the signature of this body with this secret");
        }
        Some(Verdict::Valid) | None => {}
    }
    if let Some(finding) = report.findings.iter().find(|finding| finding.rule.id == rules::JSON.id) {
        return Answer::new(400, finding.message.clone());
    }
    if strict && report.conclusion() == Conclusion::Errors {
        let first = report.findings.first().map(|finding| finding.message.as_str()).unwrap_or_default();
        return Answer::new(422, format!("invalid: {first}"));
    }
    Answer::new(200, "ok")
}
