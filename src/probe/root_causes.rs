//! What a pattern of failures points to: one bug in a receiver often fails many cases.

use crate::auth::SchemeInfo;
use crate::auth::cases::{
    ACCEPTED, CLOSED, CRASHED, Cases, Explains, Failure, FailureFilter, FailurePattern, NO_RESPONSE, REFUSED, Role,
    RootCause, SILENT,
};

use super::case_result::CaseResult;
use super::cases;

/// A bug that fails all valid deliveries and explains everything that fails in the same way.
const fn wide(filter: FailureFilter, cause: &'static str, help: &'static str) -> FailurePattern {
    let pattern = FailurePattern::new(filter, &[], cause, help).explaining(Explains::Alike);
    FailurePattern { cases: Cases::Valid, ..pattern }
}

/// Bugs that fail everything. They are looked for first.
#[rustfmt::skip]
static WIDE: [FailurePattern; 7] = [
    wide(|failure| failure == Failure::Refused(404), "receives nothing at this path", "probe the URL that it has registered, with its path"),
    wide(|failure| failure == Failure::Refused(405), "accepts no POST at this path", "route POST to the handler"),
    wide(|failure| matches!(failure, Failure::Refused(400 | 422)), "answers 400 or 422 to valid deliveries", "look at its responses (-v): it refuses a field, a type or the signature; ignore what it does not know, and answer 401 to wrong signatures"),
    wide(CLOSED, "closes the connection without a response", "look into its log; if it uses TLS, probe its https:// URL"),
    wide(SILENT, "does not answer in time", "answer first and work later"),
    wide(CRASHED, "crashes on valid deliveries", "look into its log"),
    wide(|failure| matches!(failure, Failure::Other(300..400)), "redirects", "register the URL that it redirects to: senders do not follow"),
];

/// A receiver that verifies, when the probe has no secret.
static UNSIGNED: FailurePattern = FailurePattern::new(
    REFUSED,
    &[cases::KNOWN_EVENT],
    "refuses what it cannot verify",
    "give the secret that it verifies with: --secret",
)
.explaining(Explains::Alike);

const ANSWER_FIRST: &str = "answer 2xx first: put the delivery into a queue, and work on it later";

/// Bugs that fail one or two cases. They are looked for last.
#[rustfmt::skip]
static NARROW: [FailurePattern; 27] = [
    FailurePattern::new(SILENT, &[cases::TIME_LIMIT], "answers after the sender has given up", ANSWER_FIRST).explaining(Explains::AlikeIds(&[cases::FAST_RESPONSE, cases::FAST_BURST])),
    FailurePattern::new(SILENT, &[cases::FAST_RESPONSE], "works before it answers", ANSWER_FIRST).explaining(Explains::AlikeIds(&[cases::FAST_BURST])),
    FailurePattern::new(SILENT, &[cases::FAST_BURST], "lets deliveries wait for one another", "answer 2xx first, or work on several deliveries at once"),
    FailurePattern::new(REFUSED, &[cases::PING], "refuses the test of the connection", "answer 2xx to the body of a test before you verify: it has no signature"),
    FailurePattern::new(CRASHED, &[cases::UNICODE, cases::RIGHT_TO_LEFT], "crashes on text beyond ASCII", "read the body as UTF-8"),
    FailurePattern::new(CRASHED, &[cases::UNICODE], "crashes on emoji", "let the database store four bytes a character"),
    FailurePattern::new(CRASHED, &[cases::NOT_JSON], "crashes on what is not JSON", "answer 400 when the parser fails").explaining(Explains::AlikeIds(&[cases::EMPTY_BODY, cases::NESTED_BODY])),
    FailurePattern::new(CRASHED, &[cases::EMPTY_BODY], "crashes on an empty body", "answer 400"),
    FailurePattern::new(CRASHED, &[cases::NESTED_BODY], "crashes on deep nesting", "limit the depth"),
    FailurePattern::new(CRASHED, &[cases::LARGE_BODY], "crashes on large bodies", "limit the size, and answer 413"),
    FailurePattern::new(REFUSED, &[cases::CHUNKED_BODY], "needs a Content-Length", "read the body to its end"),
    FailurePattern::new(REFUSED, &[cases::SLOW_BODY], "does not wait for the body", "read the body to its end, with a deadline of seconds"),
    FailurePattern::new(CRASHED, &[cases::UNKNOWN_EVENT, cases::UNDOCUMENTED_EVENT], "crashes on unknown events", "give the lookup of the event a default"),
    FailurePattern::new(REFUSED, &[cases::UNKNOWN_FIELD], "refuses fields that it does not know", "ignore them"),
    FailurePattern::new(|failure| failure == Failure::Refused(404), &[cases::ABSENT_EVENT], "receives nothing at URLs that end with an event", "give every event the same handler, or probe URL/{event}: Cloud has one URL for each event"),
    FailurePattern::new(|failure| matches!(failure, Failure::Refused(status) if status != 404), &[cases::ABSENT_EVENT], "takes the event from the body only", "take it from the URL when the body has none"),
    FailurePattern::new(REFUSED, &[cases::DUPLICATE], "refuses duplicates", "answer 2xx to what you already have"),
    FailurePattern::new(REFUSED, &[cases::OUT_OF_ORDER], "refuses late deliveries", "order by version or timestamp"),
    FailurePattern::new(CRASHED, &[cases::CONCURRENT], "cannot handle several deliveries at once", "answer first and work later, or work on several at once"),
    FailurePattern::new(NO_RESPONSE, &[cases::CONCURRENT], "cannot handle several deliveries at once", "answer first and work later, or work on several at once"),
    FailurePattern::new(REFUSED, &[cases::KEEP_ALIVE], "loses track of a connection after a refusal", "read the body to its end even when you refuse it"),
    FailurePattern::new(NO_RESPONSE, &[cases::KEEP_ALIVE], "loses track of a connection after a refusal", "read the body to its end even when you refuse it"),
    FailurePattern::new(CRASHED, &[cases::CONTENT_TYPE], "crashes on another Content-Type", "answer 415 to what is not JSON"),
    FailurePattern::new(REFUSED, &[cases::LOWER_CASE_HEADERS], "compares header names case-sensitively", "compare them without case"),
    FailurePattern::new(ACCEPTED, &[cases::GET, cases::PUT], "accepts any method", "answer 405 to all but POST"),
    FailurePattern::new(REFUSED, &[cases::CHARSET], "compares the whole Content-Type", "compare the media type without its parameters"),
    FailurePattern::new(REFUSED, &[cases::QUERY], "routes by the query", "route by the path"),
];

/// What the failures point to, the widest cause first; each failure that a cause explains says so afterwards. `mistaken` is
/// what the receiver was found to accept instead of valid credentials.
pub fn root_causes(
    results: &mut [CaseResult],
    scheme: Option<&'static SchemeInfo>,
    mistaken: Vec<RootCause>,
) -> Vec<RootCause> {
    let mut causes = mistaken;
    let mut explained = vec![false; results.len()];
    if rejects_valid(results) && !causes.is_empty() {
        // What it accepts instead explains why it refuses everything that is right.
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

/// Does the receiver refuse a delivery with valid credentials? Then it is worth asking what it accepts instead.
pub fn rejects_valid(results: &[CaseResult]) -> bool {
    let first = results.iter().find(|result| result.case.info.role == Role::Valid);
    first.is_some_and(|result| result.case.is_about_auth() && matches!(result.failure, Some(Failure::Refused(_))))
}
