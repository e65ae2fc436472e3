//! The cases.

use crate::auth::faults::Fault;
use crate::client::request_variant::RequestVariant;
use crate::models::request;

use super::ExpectedResponse::{Accepted, Answered, Refused};
use super::context::CaseContext;
use super::{CaseRequest, Level, bodies};

/// One thing to be tried.
#[derive(Debug)]
pub struct Case {
    /// `sig/missing`
    pub id: &'static str,
    /// How bad it is when it fails.
    pub level: Level,
    /// Whose rule it is.
    pub rule: &'static str,
    /// What is sent, and what must come back.
    pub sent: &'static str,
    /// How to mend a receiver that fails it.
    pub help: &'static str,
    /// The deliveries.
    pub requests: fn(&CaseContext) -> Vec<CaseRequest>,
    /// Are they sent all at once?
    pub at_once: bool,
}

impl Case {
    /// Is it about signatures, so that it needs a secret?
    #[must_use]
    pub fn needs_secret(&self) -> bool {
        self.id.starts_with("sig/")
    }
}

const fn case(
    id: &'static str,
    level: Level,
    rule: &'static str,
    sent: &'static str,
    help: &'static str,
    requests: fn(&CaseContext) -> Vec<CaseRequest>,
) -> Case {
    Case { id, level, rule, sent, help, requests, at_once: false }
}

const MUST: Level = Level::Must;
const SHOULD: Level = Level::Should;

/// Whose rules they are.
const WEBSUB: &str = "WebSub, section 7";
const DOCUMENT: &str = "the AsyncAPI document";
const CLOUD: &str = "what Confluence Cloud sends";
const HTTP: &str = "HTTP (RFC 9110, 9112)";
const CFWH: &str = "cfwh";

const UNSIGNED_HELP: &str = "answer 401 before anything reads the body";
const FORM_HELP: &str = "take `sha256=` and 64 lower-case hex digits, and nothing else";

/// All cases, in the order that they are run.
#[rustfmt::skip]
pub const CASES: &[Case] = &[
    case("sig/valid", MUST, WEBSUB, "a delivery that is rightly signed: 2xx",
        "check the path, the secret (no line end in its file) and the header X-Hub-Signature", |context| vec![context.plain()]),
    case("sig/missing", MUST, WEBSUB, "no X-Hub-Signature: 4xx", UNSIGNED_HELP, |context| vec![context.faulty(Fault::Unsigned, Refused)]),
    case("sig/empty", MUST, WEBSUB, "an empty X-Hub-Signature: 4xx", UNSIGNED_HELP, |context| vec![context.faulty(Fault::EmptySignature, Refused)]),
    case("sig/wrong", MUST, WEBSUB, "a signature with another last digit: 4xx",
        "compare the whole digest, in constant time, and answer 401", |context| vec![context.faulty(Fault::BadSignature, Refused)]),
    case("sig/tampered-body", MUST, WEBSUB, "one byte of the body changed after signing: 4xx",
        "compute the HMAC over the body that came", |context| vec![context.faulty(Fault::TamperedBody, Refused)]),
    case("sig/other-secret", MUST, WEBSUB, "signed with another secret: 4xx",
        "compare the signature, do not only look whether it is there", |context| vec![context.faulty(Fault::OtherSecret, Refused)]),
    case("sig/sha1", MUST, WEBSUB, "signed with HMAC-SHA1: 4xx", "take sha256= only: the sender does not choose the algorithm", |context| vec![context.faulty(Fault::Sha1, Refused)]),
    case("sig/base64", SHOULD, WEBSUB, "the right digest in base64: 4xx", FORM_HELP, |context| vec![context.faulty(Fault::Base64, Refused)]),
    case("sig/bare-hex", SHOULD, WEBSUB, "the right digest without `sha256=`: 4xx", FORM_HELP, |context| vec![context.faulty(Fault::BareHex, Refused)]),
    case("sig/upper-case", SHOULD, WEBSUB, "the right digest in upper case: 4xx", FORM_HELP, |context| vec![context.faulty(Fault::UpperCase, Refused)]),
    case("sig/truncated", MUST, WEBSUB, "the first half of the right digest: 4xx",
        "check the length before comparing: half a digest is easier to guess", |context| vec![context.faulty(Fault::TruncatedSignature, Refused)]),
    case("sig/two-headers", SHOULD, WEBSUB, "a wrong X-Hub-Signature before the right one: 4xx",
        "refuse a delivery with two of them: proxies disagree on which counts", |context| vec![context.faulty(Fault::TwoSignatures, Refused)]),
    case("sig/reserialised", MUST, WEBSUB, "JSON with odd spacing, signed as if it were compact: 4xx",
        "compute the HMAC over the raw bytes, before any JSON parser: express.raw(), request.get_data(), file_get_contents('php://input')",
        |context| vec![context.faulty(Fault::Reserialised, Refused)]),
    case("sig/raw-bytes", MUST, WEBSUB, "odd spacing, escapes, number forms, key order, duplicate keys, each rightly signed: 2xx",
        "compute the HMAC over the raw bytes, before any JSON parser: express.raw(), request.get_data(), file_get_contents('php://input')",
        |context| bodies::spellings(context.profile()).iter().map(|(name, body)| context.signed(name, *body, Accepted)).collect()),

    case("body/unicode", MUST, DOCUMENT, "a title with umlauts, Japanese and emoji: 2xx",
        "read the body as UTF-8, and let the database store four bytes a character",
        |context| vec![context.signed("unicode", bodies::titled(context.profile(), "Übergabe 新しい 🚀 👩‍💻 e\u{301}"), Accepted)]),
    case("body/right-to-left", MUST, DOCUMENT, "a title in Hebrew and Arabic, with a direction mark: 2xx",
        "let every character through, and escape it where it is shown",
        |context| vec![context.signed("right-to-left", bodies::titled(context.profile(), "תוכנית العمل \u{202e}abc\u{202c}"), Accepted)]),
    case("body/empty", MUST, HTTP, "no body at all, signed: 2xx or 4xx", "answer 400 to what is not JSON", |context| vec![context.faulty(Fault::EmptyBody, Answered)]),
    case("body/not-json", MUST, HTTP, "a body that is not JSON, signed: 2xx or 4xx", "answer 400 to what is not JSON", |context| vec![context.faulty(Fault::NotJson, Answered)]),
    case("body/nested", MUST, HTTP, "JSON two thousand levels deep: 2xx or 4xx",
        "bound the depth that the parser takes, and answer 400", |context| vec![context.signed("nested", bodies::nested(context.profile()), Answered)]),
    case("body/large", MUST, HTTP, "one megabyte: 2xx or 4xx", "bound the size, and answer 413", |context| vec![context.signed("large", bodies::large(context.profile()), Answered)]),
    case("body/chunked", SHOULD, HTTP, "a body in chunks, without Content-Length: 2xx",
        "read the body to its end instead of so many bytes: proxies send chunks", |context| vec![context.in_manner(RequestVariant::Chunked, Accepted)]),
    case("body/slow", SHOULD, HTTP, "a body that takes a second to come: 2xx",
        "read the body to its end, with a deadline of seconds", |context| vec![CaseRequest { variant: RequestVariant::Slow, ..context.signed("slow", bodies::of_4_kilobytes(context.profile()), Accepted) }]),

    case("event/known", MUST, DOCUMENT, "each of the nineteen events: 2xx", "answer 2xx to events that you do not care about, too",
        |context| context.profile().events.all().map(|kind| context.about(kind.name(), context.body(kind), Accepted)).collect()),
    case("event/unknown", MUST, CFWH, "an event of a name that does not exist: 2xx or 4xx",
        "give the lookup of the event a default: names are added without notice", |context| vec![context.about("page_frobnicated", bodies::named(context.profile(), "page_frobnicated"), Answered)]),
    case("event/unknown-field", MUST, CLOUD, "fields that the document does not declare: 2xx",
        "ignore what you do not know: Cloud sends accountType, updateTrigger and more",
        |context| vec![context.signed("unknown fields", bodies::with_unknown_fields(context.profile()), Accepted)]),
    case("event/outside-document", MUST, CLOUD, "page_moved and label_added, which the document lacks: 2xx or 4xx",
        "give the lookup of the event a default: Confluence sends more than the nineteen",
        |context| ["page_moved", "label_added"].map(|name| context.about(name, bodies::named(context.profile(), name), Answered)).into()),
    case("event/absent", SHOULD, CLOUD, "no event in the body, its name at the end of the path: 2xx",
        "take the event from the URL that you registered for it: Cloud bodies do not name it",
        |context| {
            let mut request = context.signed("no event", bodies::without_event(), Accepted);
            if !context.names_events() {
                let path = format!("{}/page_created", request.url.path().trim_end_matches('/'));
                request.url.set_path(&path);
            }
            vec![request]
        }),

    case("deliver/duplicate", MUST, CLOUD, "the same delivery twice: 2xx both times",
        "remember what you have handled, and answer 2xx to what you had before",
        |context| { let request = context.plain(); vec![CaseRequest { label: "first".to_owned(), ..request.clone() }, CaseRequest { label: "second".to_owned(), ..request }] }),
    case("deliver/out-of-order", MUST, CLOUD, "a page's update before its creation: 2xx both times",
        "order by version or timestamp, and do not refuse what comes late",
        |context| vec![
            context.about("page_updated", bodies::page_77(context.profile(), "page_updated", 1_768_469_500_000, 2), Accepted),
            context.about("page_created", bodies::page_77(context.profile(), "page_created", 1_768_469_400_000, 1), Accepted),
        ]),
    Case { at_once: true, ..case("deliver/concurrent", MUST, CLOUD, "twenty deliveries at once: 2xx to all",
        "answer first and work later, or work on several at once",
        |context| (1..=20).map(|number| CaseRequest { label: format!("number {number}"), ..context.plain() }).collect()) },
    case("deliver/keep-alive", MUST, HTTP, "a delivery on the connection of one that was refused: 2xx",
        "read a body to its end even where it is refused, or close the connection",
        |context| vec![CaseRequest { variant: RequestVariant::Kept, ..context.faulty(Fault::OtherSecret, Answered) }, CaseRequest { variant: RequestVariant::Kept, ..context.plain() }]),
    case("deliver/lower-case-headers", MUST, HTTP, "header names in lower case: 2xx",
        "compare header names without case: HTTP/2 and many proxies write them small", |context| vec![context.in_manner(RequestVariant::LowerCase, Accepted)]),

    case("http/get", SHOULD, HTTP, "a GET: 4xx", "answer 405 with Allow: POST", |context| vec![context.in_manner(RequestVariant::Get, Refused)]),
    case("http/put", SHOULD, HTTP, "a PUT: 4xx", "answer 405 with Allow: POST", |context| vec![context.in_manner(RequestVariant::Put, Refused)]),
    case("http/content-type", MUST, HTTP, "Content-Type: text/plain: 2xx or 4xx", "answer 415 to what is not JSON", |context| vec![context.faulty(Fault::WrongContentType, Answered)]),
    case("http/charset", MUST, CLOUD, "Content-Type: application/json; charset=utf-8: 2xx",
        "compare the media type without its parameters",
        |context| { let mut request = context.plain(); request.delivery.headers_mut().set(request::CONTENT_TYPE, "application/json; charset=utf-8"); vec![request] }),
    case("http/query", MUST, CLOUD, "a query behind the path, ?lic=active: 2xx", "route by the path, and ignore the query",
        |context| { let mut request = context.plain(); request.url.query_pairs_mut().append_pair("lic", "active"); vec![request] }),
];

/// The case of this name.
#[must_use]
pub fn named(id: &str) -> Option<&'static Case> {
    CASES.iter().find(|case| case.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_has_a_name_of_its_own() {
        for case in CASES {
            assert_eq!(CASES.iter().filter(|other| other.id == case.id).count(), 1, "{}", case.id);
            assert!(
                case.id
                    .split_once('/')
                    .is_some_and(|(group, _)| { ["sig", "body", "event", "deliver", "http"].contains(&group) })
            );
        }
    }
}
