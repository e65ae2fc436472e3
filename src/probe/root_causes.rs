//! What a pattern of failures points to: one fault in a receiver often fails many cases.

use crate::models::request;

use super::context::CaseContext;
use super::{CaseRequest, CaseResult, Failure};

/// One fault of a receiver.
#[derive(Debug, PartialEq, Eq)]
pub struct Cause {
    /// What the receiver does: `verifies re-serialised JSON`.
    pub cause: &'static str,
    /// How to mend it.
    pub help: &'static str,
}

/// Something that a receiver may take instead of what is right.
pub(super) struct Experiment {
    pub(super) cause: Cause,
    /// `None` without a secret.
    pub(super) request: fn(&CaseContext) -> Option<CaseRequest>,
}

/// Asked when the right signature is refused.
pub(super) const EXPERIMENTS: [Experiment; 2] = [
    Experiment {
        cause: Cause {
            cause: "expects `X-Hub-Signature-256`",
            help: "that is GitHub's header: Confluence's is X-Hub-Signature",
        },
        request: |context| {
            let mut request = context.plain();
            let signature = request.delivery.headers().get(request::SIGNATURE)?.to_vec();
            request.delivery.headers_mut().remove(request::SIGNATURE);
            request.delivery.headers_mut().append("X-Hub-Signature-256", signature);
            Some(request)
        },
    },
    Experiment {
        cause: Cause {
            cause: "has a line end behind its secret",
            help: "drop the final line end of the file that it reads the secret from",
        },
        request: |context| {
            let mut request = context.plain();
            let signature = context.secret()?.with_line_end().sign(request.delivery.body()).to_string();
            request.delivery.headers_mut().set(request::SIGNATURE, signature);
            Some(request)
        },
    },
];

/// How a case fails, for a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Accepted,
    Refused,
    With(u16),
    Crashed,
    Silent,
    Redirected,
}

impl How {
    const fn is(self, failure: Failure) -> bool {
        match (self, failure) {
            (Self::With(expected), Failure::Refused(status)) => expected == status,
            (Self::Accepted, Failure::Accepted)
            | (Self::Refused, Failure::Refused(_))
            | (Self::Crashed, Failure::Crashed)
            | (Self::Silent, Failure::Silent) => true,
            (Self::Redirected, Failure::Other(status)) => status / 100 == 3,
            _ => false,
        }
    }
}

struct FailurePattern {
    how: How,
    /// All of them fail in this way. What a cause has explained is not explained again.
    cases: &'static [&'static str],
    cause: Cause,
}

const fn pattern(how: How, cases: &'static [&'static str], cause: &'static str, help: &'static str) -> FailurePattern {
    FailurePattern { how, cases, cause: Cause { cause, help } }
}

const FORGED: &[&str] = &["sig/missing", "sig/wrong", "sig/tampered-body", "sig/other-secret"];

/// Sent without a signature where the probe was given no secret.
const UNSIGNED: &str = "event/known";

const BLIND: &[&str] = &["sig/wrong", "sig/other-secret"];

/// From the wide to the narrow.
#[rustfmt::skip]
const PATTERNS: [FailurePattern; 44] = [
    pattern(How::With(404), &["sig/valid", "event/known"], "receives nothing at this path", "probe the URL that it has registered, path and all"),
    pattern(How::With(405), &["sig/valid", "event/known"], "takes no POST at this path", "route POST to the handler"),
    pattern(How::Silent, &["sig/valid", "event/known"], "does not answer in time", "answer first and work later"),
    pattern(How::Crashed, &["sig/valid", "event/known"], "breaks on right deliveries", "look into its log"),
    pattern(How::Redirected, &["sig/valid", "event/known"], "redirects", "register the URL that it redirects to: senders do not follow"),
    pattern(How::Accepted, FORGED, "ignores the signature", "compute the HMAC-SHA256 of the raw body and compare it with X-Hub-Signature"),
    pattern(How::Crashed, FORGED, "answers a bad signature with 5xx", "answer 401: a 5xx asks to be sent it again"),
    pattern(How::Accepted, BLIND, "looks only whether a signature is there", "compute the HMAC-SHA256 of the raw body and compare"),
    pattern(How::Accepted, &["sig/reserialised"], "verifies re-serialised JSON", "compute the HMAC over the raw bytes, before any JSON parser"),
    pattern(How::Refused, &["sig/valid", "sig/raw-bytes"], "refuses the right signature", "compare its secret with the one given here, and the header's name with X-Hub-Signature"),
    pattern(How::Refused, &[UNSIGNED], "refuses what it does not verify", "give the secret that it verifies with: --secret"),
    pattern(How::Refused, &["sig/raw-bytes"], "verifies or reads another body than came", "compute the HMAC over the raw bytes, before any JSON parser"),
    pattern(How::Accepted, &["sig/missing"], "takes unsigned deliveries", "refuse what has no X-Hub-Signature"),
    pattern(How::Accepted, &["sig/empty"], "takes an empty signature for none", "refuse it as malformed"),
    pattern(How::Accepted, &["sig/upper-case"], "compares case-insensitively", "compare the bytes of the digest, or the text as it is"),
    pattern(How::Accepted, &["sig/bare-hex"], "takes a digest without its prefix", "refuse what does not begin with sha256="),
    pattern(How::Accepted, &["sig/truncated"], "compares only as many digits as came", "check the length first"),
    pattern(How::Accepted, &["sig/sha1"], "takes HMAC-SHA1", "take sha256= only"),
    pattern(How::Accepted, &["sig/base64"], "takes base64", "take hex only"),
    pattern(How::Accepted, &["sig/two-headers"], "takes any of several signatures", "refuse a delivery with two"),
    pattern(How::Accepted, &["sig/wrong"], "does not compare the whole digest", "compare all of it, in constant time"),
    pattern(How::Accepted, &["sig/tampered-body"], "does not verify the whole body", "compute the HMAC over every byte"),
    pattern(How::Crashed, &["body/unicode", "body/right-to-left"], "crashes on text beyond ASCII", "read the body as UTF-8"),
    pattern(How::Crashed, &["body/unicode"], "crashes on emoji", "let the database store four bytes a character"),
    pattern(How::Crashed, &["body/not-json"], "crashes on what is not JSON", "answer 400 where the parser fails"),
    pattern(How::Crashed, &["body/empty"], "crashes on an empty body", "answer 400"),
    pattern(How::Crashed, &["body/nested"], "crashes on deep nesting", "bound the depth"),
    pattern(How::Crashed, &["body/large"], "crashes on large bodies", "bound the size, and answer 413"),
    pattern(How::Refused, &["body/chunked"], "needs a Content-Length", "read the body to its end"),
    pattern(How::Refused, &["body/slow"], "does not wait for the body", "read the body to its end, with a deadline of seconds"),
    pattern(How::Crashed, &["event/unknown", "event/outside-document"], "crashes on unknown events", "give the lookup of the event a default"),
    pattern(How::Refused, &["event/unknown-field"], "refuses fields that it does not know", "ignore them"),
    pattern(How::Refused, &["event/absent"], "takes the event from the body only", "take it from the URL where the body has none"),
    pattern(How::Refused, &["deliver/duplicate"], "refuses duplicates", "answer 2xx to what you had before"),
    pattern(How::Refused, &["deliver/out-of-order"], "refuses what comes late", "order by version or timestamp"),
    pattern(How::Crashed, &["deliver/concurrent"], "does not stand several at once", "answer first and work later, or work on several at once"),
    pattern(How::Silent, &["deliver/concurrent"], "does not stand several at once", "answer first and work later, or work on several at once"),
    pattern(How::Refused, &["deliver/keep-alive"], "loses track of a connection after a refusal", "read the body to its end even where it is refused"),
    pattern(How::Silent, &["deliver/keep-alive"], "loses track of a connection after a refusal", "read the body to its end even where it is refused"),
    pattern(How::Crashed, &["http/content-type"], "crashes on another Content-Type", "answer 415 to what is not JSON"),
    pattern(How::Refused, &["deliver/lower-case-headers"], "compares header names with their case", "compare them without"),
    pattern(How::Accepted, &["http/get", "http/put"], "takes any method", "answer 405 to all but POST"),
    pattern(How::Refused, &["http/charset"], "compares the Content-Type to the letter", "compare the media type without its parameters"),
    pattern(How::Refused, &["http/query"], "routes by the query", "route by the path"),
];

/// What the failures point to, the widest cause first; `asked` is what the receiver was found to take instead.
#[must_use]
pub fn causes(outcomes: &[CaseResult], asked: &[&'static Cause]) -> Vec<&'static Cause> {
    let mut causes: Vec<&'static Cause> = asked.to_vec();
    let mut explained: Vec<&'static str> = Vec::new();
    let failed = |id: &str, how: How| {
        outcomes.iter().any(|outcome| outcome.case.id == id && outcome.failure.is_some_and(|failure| how.is(failure)))
    };
    if is_refused_at_all(outcomes) && !asked.is_empty() {
        // What it takes instead explains why it refuses everything that is right.
        explained.extend(outcomes.iter().map(|outcome| outcome.case.id));
    }
    let has_secret = outcomes.iter().any(|outcome| outcome.case.id.starts_with("sig/"));
    for pattern in &PATTERNS {
        if has_secret && pattern.cases == [UNSIGNED] {
            continue;
        }
        let all = pattern.cases.iter().all(|id| failed(id, pattern.how) && !explained.contains(id));
        if all {
            causes.push(&pattern.cause);
            let alike = outcomes.iter().filter(|outcome| is_explained(pattern, outcome));
            explained.extend(alike.map(|outcome| outcome.case.id));
        }
    }
    causes
}

/// Is the right signature refused? Then it is worth asking what is taken instead.
#[must_use]
pub fn is_refused_at_all(outcomes: &[CaseResult]) -> bool {
    outcomes
        .iter()
        .any(|outcome| outcome.case.id == "sig/valid" && matches!(outcome.failure, Some(Failure::Refused(_))))
}

/// A wide pattern explains everything that fails in its way; the signatures' faults explain signatures only.
fn is_explained(pattern: &FailurePattern, outcome: &CaseResult) -> bool {
    let alike = outcome.failure.is_some_and(|failure| pattern.how.is(failure));
    let id = outcome.case.id;
    match pattern.cases {
        [first, ..] if *first == "sig/valid" => alike,
        // Who refuses everything that is not signed refuses all that is sent without a secret, whatever else is wrong.
        [one] if *one == UNSIGNED => alike,
        cases if cases == FORGED || cases == BLIND => alike && id.starts_with("sig/"),
        [one] if *one == "sig/reserialised" => id == "sig/raw-bytes" || id == *one,
        [one] if *one == "body/not-json" => alike && matches!(id, "body/not-json" | "body/empty" | "body/nested"),
        cases => cases.contains(&id),
    }
}
