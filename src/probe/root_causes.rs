//! Finds the root causes of failures: one bug in a receiver often fails many cases.

use crate::auth::SchemeInfo;
use crate::auth::cases::{
    ACCEPTED, CLOSED, CRASHED, Cases, Explains, Failure, FailureFilter, FailurePattern, LATE, NO_RESPONSE, REFUSED,
    Role, RootCause, SILENT,
};

use super::case_result::CaseResult;
use super::cases;

/// A bug because of which all valid deliveries fail. It explains every other case that fails in the same way.
const fn wide(filter: FailureFilter, cause: &'static str, help: &'static str) -> FailurePattern {
    let pattern = FailurePattern::new(filter, &[], cause, help).explaining(Explains::Alike);
    FailurePattern { cases: Cases::Valid, ..pattern }
}

/// Bugs because of which every delivery fails. They are checked first.
#[rustfmt::skip]
static WIDE: [FailurePattern; 7] = [
    wide(|failure| failure == Failure::Refused(404), "responds with 404 at this path", "probe the URL that you registered, including its path"),
    wide(|failure| failure == Failure::Refused(405), "does not accept POST at this path", "route POST to the handler"),
    wide(|failure| matches!(failure, Failure::Refused(400 | 422)), "responds with 400 or 422 to valid deliveries", "read its responses (-v): it refuses a field, a type or the signature. Ignore unknown fields, and respond with 401 to wrong signatures"),
    wide(CLOSED, "closes the connection without a response", "read its log; if it uses TLS, probe its https:// URL"),
    wide(SILENT, "does not respond in time", "respond first and do the work later"),
    wide(CRASHED, "crashes on valid deliveries", "read its log"),
    wide(|failure| matches!(failure, Failure::Other(300..400)), "redirects", "register the URL that it redirects to: senders do not follow redirects"),
];

/// The receiver verifies signatures, and the probe has no secret.
static UNSIGNED: FailurePattern = FailurePattern::new(
    REFUSED,
    &[cases::KNOWN_EVENT],
    "refuses unsigned deliveries",
    "pass the secret of the receiver with --secret",
)
.explaining(Explains::Alike);

const RESPOND_FIRST: &str = "respond with 2xx first: put the delivery into a queue, and process it later";

/// Bugs because of which one or two cases fail. They are checked last.
#[rustfmt::skip]
static NARROW: [FailurePattern; 27] = [
    FailurePattern::new(LATE, &[cases::TIME_LIMIT], "responds after the sender has timed out", RESPOND_FIRST).explaining(Explains::AlikeIds(&[cases::FAST_RESPONSE, cases::FAST_BURST])),
    FailurePattern::new(LATE, &[cases::FAST_RESPONSE], "does its work before it responds", RESPOND_FIRST).explaining(Explains::AlikeIds(&[cases::FAST_BURST])),
    FailurePattern::new(LATE, &[cases::FAST_BURST], "handles concurrent deliveries one after the other", "respond with 2xx first, or handle deliveries concurrently"),
    FailurePattern::new(REFUSED, &[cases::PING], "refuses the connection test", "respond with 2xx to the connection test before you verify: it is not signed"),
    FailurePattern::new(CRASHED, &[cases::UNICODE, cases::RIGHT_TO_LEFT], "crashes on non-ASCII text", "read the body as UTF-8"),
    FailurePattern::new(CRASHED, &[cases::UNICODE], "crashes on emoji", "let the database store 4-byte characters (utf8mb4 in MySQL)"),
    FailurePattern::new(CRASHED, &[cases::NOT_JSON], "crashes on invalid JSON", "respond with 400 when parsing fails").explaining(Explains::AlikeIds(&[cases::EMPTY_BODY, cases::NESTED_BODY])),
    FailurePattern::new(CRASHED, &[cases::EMPTY_BODY], "crashes on an empty body", "respond with 400"),
    FailurePattern::new(CRASHED, &[cases::NESTED_BODY], "crashes on deeply nested JSON", "limit the nesting depth, and respond with 400"),
    FailurePattern::new(CRASHED, &[cases::LARGE_BODY], "crashes on large bodies", "limit the body size, and respond with 413"),
    FailurePattern::new(REFUSED, &[cases::CHUNKED_BODY], "requires Content-Length", "read the body to the end, also when it is chunked"),
    FailurePattern::new(REFUSED, &[cases::SLOW_BODY], "does not wait for a slow body", "read the body to the end, with a timeout of several seconds"),
    FailurePattern::new(CRASHED, &[cases::UNKNOWN_EVENT, cases::UNDOCUMENTED_EVENT], "crashes on unknown events", "add a default case for unknown events"),
    FailurePattern::new(REFUSED, &[cases::UNKNOWN_FIELD], "refuses unknown fields", "ignore unknown fields"),
    FailurePattern::new(|failure| failure == Failure::Refused(404), &[cases::ABSENT_EVENT], "has no route for URLs that end with the event name", "route /{event} to the same handler, or probe URL/{event}: Confluence Cloud registers one URL per event"),
    FailurePattern::new(|failure| matches!(failure, Failure::Refused(status) if status != 404), &[cases::ABSENT_EVENT], "reads the event name from the body only", "read it from the URL if the body has none"),
    FailurePattern::new(REFUSED, &[cases::DUPLICATE], "refuses duplicates", "respond with 2xx to deliveries that you already have"),
    FailurePattern::new(REFUSED, &[cases::OUT_OF_ORDER], "refuses deliveries that are out of order", "compare versions or timestamps, and respond with 2xx anyway"),
    FailurePattern::new(CRASHED, &[cases::CONCURRENT], "cannot handle concurrent deliveries", "respond first and do the work later, or handle deliveries concurrently"),
    FailurePattern::new(NO_RESPONSE, &[cases::CONCURRENT], "cannot handle concurrent deliveries", "respond first and do the work later, or handle deliveries concurrently"),
    FailurePattern::new(REFUSED, &[cases::KEEP_ALIVE], "breaks a reused connection after a refusal", "read the whole body even if you refuse the delivery, or close the connection"),
    FailurePattern::new(NO_RESPONSE, &[cases::KEEP_ALIVE], "breaks a reused connection after a refusal", "read the whole body even if you refuse the delivery, or close the connection"),
    FailurePattern::new(CRASHED, &[cases::CONTENT_TYPE], "crashes on a Content-Type other than JSON", "respond with 415 unless the Content-Type is JSON"),
    FailurePattern::new(REFUSED, &[cases::LOWER_CASE_HEADERS], "compares header names case-sensitively", "compare header names case-insensitively"),
    FailurePattern::new(ACCEPTED, &[cases::GET, cases::PUT], "accepts any method", "respond with 405 to every method but POST"),
    FailurePattern::new(REFUSED, &[cases::CHARSET], "compares the whole Content-Type", "compare the media type without its parameters, such as charset"),
    FailurePattern::new(REFUSED, &[cases::QUERY], "routes by the query string", "route by the path only"),
];

/// Returns the root causes of the failures, the widest first, and links each failure to its cause. `mistaken` lists what the
/// receiver accepts instead of valid credentials.
pub fn root_causes(
    results: &mut [CaseResult],
    scheme: Option<&'static SchemeInfo>,
    mistaken: Vec<RootCause>,
) -> Vec<RootCause> {
    let mut causes = mistaken;
    let mut explained = vec![false; results.len()];
    if rejects_valid(results) && !causes.is_empty() {
        // What it accepts instead explains why it refuses valid credentials.
        explained.fill(true);
        results
            .iter_mut()
            .filter(|result| result.has_failed())
            .for_each(|result| result.follows_from = Some(causes[0].cause));
    }
    let of_scheme = scheme.map_or(std::slice::from_ref(&UNSIGNED), |scheme| scheme.patterns);
    for pattern in WIDE.iter().chain(of_scheme).chain(&NARROW) {
        let failed = |result: &CaseResult| result.failure.is_some_and(pattern.filter);
        let is_case = |result: &CaseResult| match pattern.cases {
            Cases::Valid => result.case.info.role == Role::Valid,
            Cases::Ids(ids) => ids.contains(&result.case.id()),
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
        for (result, explained) in results.iter_mut().zip(&mut explained) {
            let id = result.case.id();
            let follows = is_case(result)
                || match pattern.explains {
                    Explains::Nothing => false,
                    Explains::Alike => failed(result),
                    Explains::AlikeIds(ids) => failed(result) && ids.contains(&id),
                    Explains::AlikeInScheme => failed(result) && result.case.is_about_auth(),
                    Explains::Ids(ids) => ids.contains(&id),
                };
            *explained |= follows;
            if follows && result.has_failed() && result.follows_from.is_none() {
                result.follows_from = Some(pattern.cause.cause);
            }
        }
    }
    causes
}

/// Returns true if the receiver refuses a delivery with valid credentials. Then `Prober::find_mistakes` can find the reason.
pub fn rejects_valid(results: &[CaseResult]) -> bool {
    let first = results.iter().find(|result| result.case.info.role == Role::Valid);
    first.is_some_and(|result| result.case.is_about_auth() && matches!(result.failure, Some(Failure::Refused(_))))
}
