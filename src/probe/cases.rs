//! The cases: those of the authentication scheme, then those of every receiver.

use http::Method;
use serde::Serialize;

use crate::auth::cases::{AuthRequest, CaseId, CaseInfo, Level, Requirement, Role};
use crate::auth::{SchemeInfo, faults};
use crate::client::request_variant::RequestVariant;
use crate::models::request;
use crate::profiles::{KnownEvent, Profile};

use super::bodies;
use super::case_request::CaseRequest;
use super::case_request::ExpectedResponse::{Accepted, AcceptedOrRefused, Refused};
use super::context::CaseContext;
use super::state_cases::{self, StateCase};
use super::time_case::TimeCase;

/// One test of a receiver.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Case {
    /// Its name, level and texts.
    #[serde(flatten)]
    pub info: &'static CaseInfo,
    #[serde(skip)]
    build: Build,
    #[serde(skip)]
    needs: Needs,
    /// The options that it needs.
    #[serde(rename = "needs", skip_serializing_if = "Option::is_none")]
    pub options: Option<&'static str>,
    /// Are its requests sent concurrently?
    #[serde(skip)]
    pub at_once: bool,
}

/// What a case needs to be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// Nothing.
    Nothing,
    /// An authentication scheme with its keys, and what its case needs.
    Scheme(Requirement),
    /// That deliveries are not authenticated.
    NoScheme,
    /// A state that can be read.
    State,
    /// The same, and that the receiver can be killed.
    Process,
}

/// What is known about a receiver. It decides which cases can run.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is one condition")]
pub struct Conditions {
    /// Are deliveries authenticated?
    pub is_authenticated: bool,
    /// Is the client key known that it accepts tokens of?
    pub has_client_key: bool,
    /// Does it fetch its keys from the key set that the probe serves?
    pub has_served_keys: bool,
    /// Can its state be read?
    pub has_state: bool,
    /// Can it be killed and started again?
    pub has_process: bool,
}

/// How a case makes its requests.
#[derive(Clone, Copy, Debug)]
enum Build {
    Auth(AuthRequest),
    General(fn(&CaseContext) -> Vec<CaseRequest>),
    State(StateCase),
    Time(TimeCase),
}

impl Case {
    /// Its name.
    pub const fn id(&self) -> CaseId {
        self.info.id
    }

    /// Returns true if it also runs when the receiver does not respond in time. All cases would take too long and show no more.
    pub const fn is_essential(&self) -> bool {
        matches!(self.info.role, Role::Valid)
    }

    /// Returns true if it can run under these conditions.
    pub const fn runs(&self, conditions: Conditions) -> bool {
        match self.needs {
            Needs::Nothing => true,
            Needs::Scheme(Requirement::None) => conditions.is_authenticated,
            Needs::Scheme(Requirement::ClientKey) => conditions.is_authenticated && conditions.has_client_key,
            Needs::Scheme(Requirement::ServedKeys) => conditions.is_authenticated && conditions.has_served_keys,
            Needs::NoScheme => !conditions.is_authenticated,
            Needs::State => conditions.has_state,
            Needs::Process => conditions.has_state && conditions.has_process,
        }
    }

    /// Returns true if it belongs to an authentication scheme.
    pub(super) const fn is_about_auth(&self) -> bool {
        matches!(self.build, Build::Auth(_))
    }

    /// Returns which states it compares, if it does.
    pub(super) const fn state_case(&self) -> Option<StateCase> {
        match self.build {
            Build::State(case) => Some(case),
            _ => None,
        }
    }

    /// Returns true if it compares states of the receiver.
    pub const fn is_about_state(&self) -> bool {
        self.state_case().is_some()
    }

    /// Returns what it measures, if it is about response times.
    pub(super) const fn time_case(&self) -> Option<TimeCase> {
        match self.build {
            Build::Time(case) => Some(case),
            _ => None,
        }
    }

    /// Returns the requests that it sends. A case about response times sends them only if no other case was run; a case about
    /// states sends stories instead.
    pub(super) fn requests(&self, context: &CaseContext) -> Vec<CaseRequest> {
        match self.build {
            Build::General(build) => build(context),
            Build::State(_) => Vec::new(),
            Build::Time(case) => (0..case.requests()).map(|_| context.valid()).collect(),
            Build::Auth(AuthRequest::Valid) => vec![context.valid()],
            Build::Auth(AuthRequest::Retry) => vec![context.retried()],
            Build::Auth(AuthRequest::SecondKey) => vec![context.with_second_key()],
            Build::Auth(AuthRequest::Fault(fault)) => vec![context.faulty(fault, Refused)],
            Build::Auth(AuthRequest::Spellings) => {
                let spellings = bodies::spellings(context.profile()).iter();
                spellings.map(|(name, body)| context.signed(name, *body, Accepted)).collect()
            }
        }
    }
}

/// Returns all cases for a sender in the order in which they run. Without a scheme, these are the cases that need no key.
pub fn all(profile: &Profile, scheme: Option<&'static SchemeInfo>) -> impl Iterator<Item = Case> {
    let auth = scheme.into_iter().flat_map(|scheme| scheme.cases);
    let auth = auth.map(|case| Case {
        info: &case.info,
        build: Build::Auth(case.request),
        needs: Needs::Scheme(case.requires),
        options: None,
        at_once: false,
    });
    let general = GENERAL.iter().filter(move |general| (general.applies)(profile));
    let general = general.map(|General { info, build, needs, .. }| Case {
        info,
        build: Build::General(*build),
        needs: *needs,
        options: None,
        at_once: info.id == CONCURRENT,
    });
    let state = state_cases::ALL.iter().map(|(info, case)| Case {
        info,
        build: Build::State(*case),
        needs: if matches!(case, StateCase::Crash) { Needs::Process } else { Needs::State },
        options: Some(case.needs()),
        at_once: false,
    });
    // These measure the requests of the other cases.
    let times = TIMES.iter().filter(move |timed| (timed.applies)(profile));
    let times = times.map(|Timed { info, time_case, .. }| Case {
        info,
        build: Build::Time(*time_case),
        needs: Needs::Nothing,
        options: None,
        at_once: matches!(time_case, TimeCase::Burst),
    });
    auth.chain(general).chain(times).chain(state)
}

pub(super) const NO_TOKEN: CaseId = CaseId("token/none");
pub(super) const PING: CaseId = CaseId("ping/accepted");
pub(super) const UNICODE: CaseId = CaseId("body/unicode");
pub(super) const RIGHT_TO_LEFT: CaseId = CaseId("body/right-to-left");
pub(super) const EMPTY_BODY: CaseId = CaseId("body/empty");
pub(super) const NOT_JSON: CaseId = CaseId("body/not-json");
pub(super) const NESTED_BODY: CaseId = CaseId("body/nested");
pub(super) const LARGE_BODY: CaseId = CaseId("body/large");
pub(super) const CHUNKED_BODY: CaseId = CaseId("body/chunked");
pub(super) const SLOW_BODY: CaseId = CaseId("body/slow");
pub(super) const KNOWN_EVENT: CaseId = CaseId("event/known");
pub(super) const UNKNOWN_EVENT: CaseId = CaseId("event/unknown");
pub(super) const UNKNOWN_FIELD: CaseId = CaseId("event/unknown-field");
pub(super) const UNDOCUMENTED_EVENT: CaseId = CaseId("event/outside-document");
pub(super) const ABSENT_EVENT: CaseId = CaseId("event/absent");
pub(super) const INTEGER_ID: CaseId = CaseId("id/integer");
pub(super) const LARGE_ID: CaseId = CaseId("id/large");
pub(super) const DUPLICATE: CaseId = CaseId("deliver/duplicate");
pub(super) const OUT_OF_ORDER: CaseId = CaseId("deliver/out-of-order");
pub(super) const CONCURRENT: CaseId = CaseId("deliver/concurrent");
pub(super) const KEEP_ALIVE: CaseId = CaseId("deliver/keep-alive");
pub(super) const LOWER_CASE_HEADERS: CaseId = CaseId("deliver/lower-case-headers");
pub(super) const GET: CaseId = CaseId("http/get");
pub(super) const PUT: CaseId = CaseId("http/put");
pub(super) const CONTENT_TYPE: CaseId = CaseId("http/content-type");
pub(super) const CHARSET: CaseId = CaseId("http/charset");
pub(super) const QUERY: CaseId = CaseId("http/query");
pub(super) const TIME_LIMIT: CaseId = CaseId("time/limit");
pub(super) const FAST_RESPONSE: CaseId = CaseId("time/fast");
pub(super) const FAST_BURST: CaseId = CaseId("time/burst");

/// A case that does not depend on the scheme.
struct General {
    info: CaseInfo,
    build: fn(&CaseContext) -> Vec<CaseRequest>,
    /// Does it apply to receivers of this sender?
    applies: fn(&Profile) -> bool,
    needs: Needs,
}

impl General {
    /// Restricts the case to some senders.
    const fn only(self, applies: fn(&Profile) -> bool) -> Self {
        Self { applies, ..self }
    }

    /// Restricts the case to deliveries without authentication.
    const fn unauthenticated(self) -> Self {
        Self { needs: Needs::NoScheme, ..self }
    }

    /// Marks the case as one with valid deliveries: a receiver that fails it is of no use.
    const fn valid(self) -> Self {
        Self { info: CaseInfo { role: Role::Valid, ..self.info }, ..self }
    }
}

const fn case(
    id: CaseId,
    level: Level,
    rule: &'static str,
    sent: &'static str,
    help: &'static str,
    build: fn(&CaseContext) -> Vec<CaseRequest>,
) -> General {
    General {
        info: CaseInfo { id, level, rule, sent, help, role: Role::Other },
        build,
        applies: |_| true,
        needs: Needs::Nothing,
    }
}

const MUST: Level = Level::Must;
const SHOULD: Level = Level::Should;

/// Where the requirement is from.
const DOCUMENT: &str = "the AsyncAPI document";
const CLOUD: &str = "what Confluence Cloud sends";
const SENDER: &str = "the sender of the profile";
const HTTP: &str = "HTTP (RFC 9110, 9112)";
const CFWH: &str = "cfwh";

#[rustfmt::skip]
static GENERAL: &[General] = &[
    case(UNICODE, MUST, DOCUMENT, "a title with umlauts, Japanese and emoji: 2xx",
        "read the body as UTF-8, and let the database store 4-byte characters",
        |context| vec![context.signed("unicode", bodies::titled(context.profile(), "Übergabe 新しい 🚀 👩‍💻 e\u{301}"), Accepted)]),
    case(RIGHT_TO_LEFT, MUST, DOCUMENT, "a title in Hebrew and Arabic, with a direction mark: 2xx",
        "accept every character, and escape it where you display it",
        |context| vec![context.signed("right-to-left", bodies::titled(context.profile(), "תוכנית العمل \u{202e}abc\u{202c}"), Accepted)]),
    case(NO_TOKEN, SHOULD, CFWH, "a delivery to the URL without its query: 4xx",
        "put a token into the URL that you register, and refuse deliveries without it: this sender does not sign, so anybody can send to the path",
        |context| {
            let request = context.valid();
            let mut url = request.url.clone();
            url.set_query(None);
            vec![CaseRequest { expected: Refused, ..context.sent_to(url, request) }]
        }).only(|profile| !profile.signs).unauthenticated(),
    case(PING, MUST, SENDER, "the unsigned connection test: 2xx",
        "respond with 2xx to the connection test before you verify: it is not signed, and has no effect",
        |context| context.ping().into_iter().collect()).only(|profile| profile.ping.is_some()),
    case(EMPTY_BODY, MUST, HTTP, "an empty body, signed: 2xx or 4xx", "respond with 400 unless the body is JSON", |context| vec![context.faulty(&faults::EMPTY_BODY, AcceptedOrRefused)]),
    case(NOT_JSON, MUST, HTTP, "a body that is not JSON, signed: 2xx or 4xx", "respond with 400 unless the body is JSON", |context| vec![context.faulty(&faults::NOT_JSON, AcceptedOrRefused)]),
    case(NESTED_BODY, MUST, HTTP, "JSON with 2,000 levels of nesting: 2xx or 4xx",
        "limit the nesting depth of the parser, and respond with 400", |context| vec![context.signed("nested", bodies::nested(context.profile()), AcceptedOrRefused)]),
    case(LARGE_BODY, MUST, HTTP, "a body of 1 MB: 2xx or 4xx", "limit the body size, and respond with 413", |context| vec![context.signed("large", bodies::large(context.profile()), AcceptedOrRefused)]),
    case(CHUNKED_BODY, SHOULD, HTTP, "a body in chunks, without Content-Length: 2xx",
        "read the body to the end instead of Content-Length bytes: proxies send chunks", |context| vec![context.variant(RequestVariant::Chunked, Accepted)]),
    case(SLOW_BODY, SHOULD, HTTP, "a body that takes one second to arrive: 2xx",
        "read the body to the end, with a timeout of several seconds", |context| vec![CaseRequest { variant: RequestVariant::SlowBody, ..context.signed("slow", bodies::of_4_kilobytes(context.profile()), Accepted) }]),

    case(KNOWN_EVENT, MUST, DOCUMENT, "one of each event of the sender: 2xx", "respond with 2xx to events that you do not use, too",
        |context| context.profile().events.all().map(|kind| context.about(kind.name(), context.body(kind), Accepted)).collect()).valid(),
    case(UNKNOWN_EVENT, MUST, CFWH, "an event name that does not exist: 2xx or 4xx",
        "add a default case for unknown events: Confluence adds events without notice", |context| { let name = context.kind().name().replace("created", "frobnicated"); vec![context.about(&name, bodies::named(context.profile(), &name), AcceptedOrRefused)] }),
    case(UNKNOWN_FIELD, MUST, CLOUD, "fields that the document does not declare: 2xx",
        "ignore unknown fields: Confluence Cloud sends accountType, updateTrigger and more",
        |context| vec![context.signed("unknown fields", bodies::with_unknown_fields(context.profile()), Accepted)]),
    case(UNDOCUMENTED_EVENT, MUST, CLOUD, "two events that Confluence sends and the document does not declare: 2xx or 4xx",
        "add a default case for unknown events: Confluence sends more events than any document declares",
        |context| undocumented(context.profile()).map(|name| context.about(name, bodies::named(context.profile(), name), AcceptedOrRefused)).collect()),
    case(ABSENT_EVENT, SHOULD, CLOUD, "the event name at the end of the path and not in the body: 2xx",
        "read the event name from the URL: bodies of Confluence Cloud do not contain it",
        |context| {
            let request = context.signed("no event", bodies::without_event(), Accepted);
            if context.names_events() {
                return vec![request];
            }
            let mut url = request.url.clone();
            url.set_path(&format!("{}/page_created", url.path().trim_end_matches('/')));
            vec![context.sent_to(url, request)]
        }).only(Profile::is_default),
    case(INTEGER_ID, MUST, SENDER, "an id that is a number: 2xx", "accept an id as a number or as a string",
        |context| vec![context.signed("integer id", bodies::with_id(context.profile(), 1_048_577), Accepted)]).only(bodies::has_integer_ids),
    case(LARGE_ID, MUST, SENDER, "an id that a double cannot represent, 9007199254740993: 2xx",
        "read ids as 64-bit integers or as strings: migrated sites have such ids",
        |context| vec![context.signed("large id", bodies::with_id(context.profile(), 9_007_199_254_740_993), Accepted)]),

    case(DUPLICATE, MUST, CLOUD, "the same delivery twice: 2xx both times",
        "store which deliveries you handled, and respond with 2xx to duplicates",
        |context| { let request = context.valid(); vec![CaseRequest { label: "first".to_owned(), ..request.clone() }, CaseRequest { label: "second".to_owned(), ..request }] }),
    case(OUT_OF_ORDER, MUST, CLOUD, "a page's update before its creation: 2xx both times",
        "compare versions or timestamps, and do not refuse late deliveries",
        |context| vec![
            context.page_77("page_updated", 1_768_469_500_000, 2),
            context.page_77(bodies::EVENT, 1_768_469_400_000, 1),
        ]),
    case(CONCURRENT, MUST, CLOUD, "20 concurrent deliveries: 2xx to all",
        "respond first and do the work later, or handle deliveries concurrently",
        |context| (1..=20).map(|number| CaseRequest { label: format!("number {number}"), ..context.valid() }).collect()),
    case(KEEP_ALIVE, MUST, HTTP, "a delivery on a connection after a refused one: 2xx",
        "read the whole body even if you refuse the delivery, or close the connection",
        |context| vec![CaseRequest { variant: RequestVariant::ReusedConnection, ..context.forged(AcceptedOrRefused) }, CaseRequest { variant: RequestVariant::ReusedConnection, ..context.valid() }]),
    case(LOWER_CASE_HEADERS, MUST, HTTP, "header names in lower case: 2xx",
        "compare header names case-insensitively: HTTP/2 and many proxies send them in lower case", |context| vec![context.variant(RequestVariant::LowerCaseHeaders, Accepted)]),

    case(GET, SHOULD, HTTP, "a GET: 4xx", "respond with 405 and Allow: POST", |context| vec![context.with_method(Method::GET)]),
    case(PUT, SHOULD, HTTP, "a PUT: 4xx", "respond with 405 and Allow: POST", |context| vec![context.with_method(Method::PUT)]),
    case(CONTENT_TYPE, MUST, HTTP, "Content-Type: text/plain: 2xx or 4xx", "respond with 415 unless the Content-Type is JSON", |context| vec![context.faulty(&faults::WRONG_CONTENT_TYPE, AcceptedOrRefused)]),
    case(CHARSET, MUST, CLOUD, "Content-Type: application/json; charset=utf-8: 2xx",
        "compare the media type without its parameters, such as charset",
        |context| { let mut request = context.valid(); request.delivery.headers_mut().set(request::CONTENT_TYPE, "application/json; charset=utf-8"); vec![request] }),
    case(QUERY, MUST, CLOUD, "a query string after the path, ?lic=active: 2xx", "route by the path only",
        |context| { let request = context.valid(); let mut url = request.url.clone(); url.query_pairs_mut().append_pair("lic", "active"); vec![context.sent_to(url, request)] }),
];

const RESPOND_FIRST: &str = "respond with 2xx first: put the delivery into a queue, and process it later";

/// A case about response times.
struct Timed {
    info: CaseInfo,
    time_case: TimeCase,
    /// Does it apply to receivers of this sender?
    applies: fn(&Profile) -> bool,
}

impl Timed {
    const fn new(
        id: CaseId,
        level: Level,
        rule: &'static str,
        sent: &'static str,
        help: &'static str,
        time_case: TimeCase,
    ) -> Self {
        Self { info: CaseInfo { id, level, rule, sent, help, role: Role::Other }, time_case, applies: |_| true }
    }

    /// Restricts the case to some senders.
    const fn only(self, applies: fn(&Profile) -> bool) -> Self {
        Self { applies, ..self }
    }

    /// Marks the case as one with valid deliveries: a receiver that fails it is of no use.
    const fn valid(self) -> Self {
        Self { info: CaseInfo { role: Role::Valid, ..self.info }, ..self }
    }
}

/// A sender counts a delivery as failed if the response arrives after its timeout.
#[rustfmt::skip]
static TIMES: [Timed; 4] = [
    Timed::new(TIME_LIMIT, MUST, SENDER, "a valid delivery: 2xx before the sender times out", RESPOND_FIRST, TimeCase::Limit).only(|profile| profile.timeout.is_some()).valid(),
    Timed::new(TIME_LIMIT, SHOULD, CFWH, "a valid delivery: 2xx within 5 s, because the timeout of this sender is not known", RESPOND_FIRST, TimeCase::Limit).only(|profile| profile.timeout.is_none()),
    Timed::new(FAST_RESPONSE, SHOULD, CFWH, "the deliveries of the other cases, one by one: 2xx within 1 s", RESPOND_FIRST, TimeCase::Fast),
    Timed::new(FAST_BURST, SHOULD, CFWH, "20 concurrent deliveries: 2xx to all within half of the sender's timeout",
        "respond with 2xx first, or handle deliveries concurrently: otherwise the last one waits for all others", TimeCase::Burst),
];

/// Returns two known events that this profile does not have.
fn undocumented(profile: &Profile) -> impl Iterator<Item = &'static str> {
    KnownEvent::all().filter(|event| profile.kind(*event).is_none()).map(KnownEvent::name).take(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::ALL;
    use crate::profiles;

    #[test]
    fn every_case_has_a_unique_name_and_a_group() {
        for (profile, scheme) in
            profiles::ALL.into_iter().flat_map(|profile| ALL.iter().map(move |scheme| (profile, scheme)))
        {
            let ids: Vec<CaseId> = all(profile, Some(scheme)).map(|case| case.id()).collect();
            for id in &ids {
                assert_eq!(ids.iter().filter(|other| *other == id).count(), 1, "{id}");
                let group = id.0.split_once('/').map(|(group, _)| group);
                let groups =
                    ["sig", "token", "jwt", "fit", "ping", "body", "event", "id", "deliver", "http", "time", "state"];
                assert!(groups.map(Some).contains(&group), "{id}");
            }
        }
    }
}
