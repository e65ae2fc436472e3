//! What a pattern of failures points to: one bug in a receiver often fails many cases.

use super::CaseResult;
use crate::auth::SchemeInfo;
use crate::auth::cases::{Cases, Explains, Failure, FailureKind, FailurePattern, Role, RootCause};

const fn pattern(
    kind: FailureKind,
    cases: Cases,
    explains: Explains,
    cause: &'static str,
    help: &'static str,
) -> FailurePattern {
    FailurePattern { kind, cases, explains, cause: RootCause { cause, help } }
}

const fn wide(kind: FailureKind, cause: &'static str, help: &'static str) -> FailurePattern {
    pattern(kind, Cases::Valid, Explains::Alike, cause, help)
}

const fn narrow(
    kind: FailureKind,
    cases: &'static [&'static str],
    cause: &'static str,
    help: &'static str,
) -> FailurePattern {
    pattern(kind, Cases::Ids(cases), Explains::Nothing, cause, help)
}

use FailureKind::{Accepted, Crashed, Redirected, Refused, RefusedWith, Silent};

/// Bugs that fail everything. They are looked for first.
static WIDE: [FailurePattern; 5] = [
    wide(RefusedWith(404), "receives nothing at this path", "probe the URL that it has registered, with its path"),
    wide(RefusedWith(405), "accepts no POST at this path", "route POST to the handler"),
    wide(Silent, "does not answer in time", "answer first and work later"),
    wide(Crashed, "crashes on valid deliveries", "look into its log"),
    wide(Redirected, "redirects", "register the URL that it redirects to: senders do not follow"),
];

/// What a receiver does that verifies, when the probe has no secret.
static UNSIGNED: FailurePattern = pattern(
    Refused,
    Cases::Ids(&["event/known"]),
    Explains::Alike,
    "refuses what it cannot verify",
    "give the secret that it verifies with: --secret",
);

/// Bugs that fail one or two cases. They are looked for last.
#[rustfmt::skip]
static NARROW: [FailurePattern; 22] = [
    narrow(Crashed, &["body/unicode", "body/right-to-left"], "crashes on text beyond ASCII", "read the body as UTF-8"),
    narrow(Crashed, &["body/unicode"], "crashes on emoji", "let the database store four bytes a character"),
    pattern(Crashed, Cases::Ids(&["body/not-json"]), Explains::AlikeIds(&["body/empty", "body/nested"]), "crashes on what is not JSON", "answer 400 when the parser fails"),
    narrow(Crashed, &["body/empty"], "crashes on an empty body", "answer 400"),
    narrow(Crashed, &["body/nested"], "crashes on deep nesting", "limit the depth"),
    narrow(Crashed, &["body/large"], "crashes on large bodies", "limit the size, and answer 413"),
    narrow(Refused, &["body/chunked"], "needs a Content-Length", "read the body to its end"),
    narrow(Refused, &["body/slow"], "does not wait for the body", "read the body to its end, with a deadline of seconds"),
    narrow(Crashed, &["event/unknown", "event/outside-document"], "crashes on unknown events", "give the lookup of the event a default"),
    narrow(Refused, &["event/unknown-field"], "refuses fields that it does not know", "ignore them"),
    narrow(Refused, &["event/absent"], "takes the event from the body only", "take it from the URL when the body has none"),
    narrow(Refused, &["deliver/duplicate"], "refuses duplicates", "answer 2xx to what you already have"),
    narrow(Refused, &["deliver/out-of-order"], "refuses late deliveries", "order by version or timestamp"),
    narrow(Crashed, &["deliver/concurrent"], "cannot handle several deliveries at once", "answer first and work later, or work on several at once"),
    narrow(Silent, &["deliver/concurrent"], "cannot handle several deliveries at once", "answer first and work later, or work on several at once"),
    narrow(Refused, &["deliver/keep-alive"], "loses track of a connection after a refusal", "read the body to its end even when you refuse it"),
    narrow(Silent, &["deliver/keep-alive"], "loses track of a connection after a refusal", "read the body to its end even when you refuse it"),
    narrow(Crashed, &["http/content-type"], "crashes on another Content-Type", "answer 415 to what is not JSON"),
    narrow(Refused, &["deliver/lower-case-headers"], "compares header names case-sensitively", "compare them without case"),
    narrow(Accepted, &["http/get", "http/put"], "accepts any method", "answer 405 to all but POST"),
    narrow(Refused, &["http/charset"], "compares the whole Content-Type", "compare the media type without its parameters"),
    narrow(Refused, &["http/query"], "routes by the query", "route by the path"),
];

/// What the failures point to, the widest cause first. `mistaken` is what the receiver was found to accept instead of
/// valid credentials.
pub fn root_causes(
    results: &[CaseResult],
    scheme: Option<&'static SchemeInfo>,
    mistaken: Vec<RootCause>,
) -> Vec<RootCause> {
    let mut causes = mistaken;
    let mut explained = vec![false; results.len()];
    if rejects_valid(results) && !causes.is_empty() {
        // What it accepts instead explains why it refuses everything that is right.
        explained.fill(true);
    }
    let of_scheme = scheme.map_or(std::slice::from_ref(&UNSIGNED), |scheme| scheme.patterns);
    for pattern in WIDE.iter().chain(of_scheme).chain(&NARROW) {
        let failed = |result: &CaseResult| result.failure.is_some_and(|failure| pattern.kind.matches(failure));
        let is_case = |result: &CaseResult| match pattern.cases {
            Cases::Valid => result.case.info.role == Role::Valid,
            Cases::Ids(ids) => ids.contains(&result.case.id().0),
        };
        let failing = || results.iter().zip(&explained).filter(|(result, _)| is_case(result));
        let expected = match pattern.cases {
            Cases::Valid => failing().count().max(1),
            Cases::Ids(ids) => ids.len(),
        };
        if failing().filter(|(result, explained)| failed(result) && !**explained).count() < expected {
            continue;
        }
        causes.push(pattern.cause);
        for (result, explained) in results.iter().zip(&mut explained) {
            let id = result.case.id();
            *explained |= is_case(result)
                || match pattern.explains {
                    Explains::Nothing => false,
                    Explains::Alike => failed(result),
                    Explains::AlikeIds(ids) => failed(result) && ids.contains(&id.0),
                    Explains::AlikeIn(group) => failed(result) && id.is_in(group),
                    Explains::Ids(ids) => ids.contains(&id.0),
                };
        }
    }
    causes
}

/// Does the receiver refuse a delivery with valid credentials? Then it is worth asking what it accepts instead.
pub fn rejects_valid(results: &[CaseResult]) -> bool {
    let first = results.iter().find(|result| result.case.info.role == Role::Valid);
    first.is_some_and(|result| result.case.is_auth() && matches!(result.failure, Some(Failure::Refused(_))))
}
