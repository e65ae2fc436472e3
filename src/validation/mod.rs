//! Compares requests with the document of a profile, and with what a developer would expect.

mod check;
mod fast_path;
mod formats;
mod mismatch;
pub mod position;
mod recognition;
pub mod report;
mod shapes;
pub mod story;
mod subject;
mod walker;
mod wording;

use crate::json::{self, Node, Pitfall, SyntaxError};
use crate::models::event::EventKind;
use crate::models::request::Request;
use crate::profiles::identify::{known_event, named_by_target};
use crate::profiles::{KnownEvent, OtherSender, Profile};
use check::check;
use fast_path::FastPath;
use report::Report;
use shapes::ProfileShapes;
use story::facts::Facts;

/// The largest body in which [`Validator::identify`] looks for the event, in bytes. Real deliveries have about 2 KiB.
const IDENTIFIED: usize = 64 * 1024;

/// Validates requests against the document of a profile. It is made once and never changes, so all threads can share it.
#[derive(Debug)]
pub struct Validator {
    fast_path: FastPath,
    shapes: &'static ProfileShapes,
    is_strict: bool,
    limit: usize,
    with_subject: bool,
    with_story: bool,
}

impl Validator {
    /// Validates against the document of this profile.
    pub fn new(profile: &'static Profile) -> Self {
        let shapes = ProfileShapes::get(profile);
        let fast_path = FastPath::new(shapes);
        Self { fast_path, shapes, is_strict: false, limit: usize::MAX, with_subject: false, with_story: false }
    }

    /// Returns the profile.
    pub const fn profile(&self) -> &'static Profile {
        self.shapes.profile
    }

    /// Makes warnings errors.
    pub const fn strict(mut self, is_strict: bool) -> Self {
        self.is_strict = is_strict;
        self
    }

    /// Keeps at most `limit` findings of each request and counts the others.
    pub const fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Reports what each request is about, [`Report::subject`].
    pub const fn with_subject(mut self, with_subject: bool) -> Self {
        self.with_subject = with_subject;
        self
    }

    /// Reports what each body says about its story, [`Report::facts`], for a [`story::StoryChecker`].
    pub const fn with_story(mut self, with_story: bool) -> Self {
        self.with_story = with_story;
        self
    }

    /// Validates one request. `expected` is the event that the caller asks for; without it the body's `event` names the
    /// event, and without that the last segment of the target does. It cannot fail: that a body is not JSON is a finding.
    pub fn validate(&self, request: &Request, expected: Option<KnownEvent>) -> Report {
        if self.is_ping(request) {
            return Report::ping();
        }
        self.validate_fast(request, expected).unwrap_or_else(|| self.validate_thoroughly(request, expected))
    }

    fn is_ping(&self, request: &Request) -> bool {
        self.shapes.profile.is_ping(request.body())
    }

    /// Tries the fast path alone: it returns the report on most requests without findings, and `None` for all others.
    pub fn validate_fast(&self, request: &Request, expected: Option<KnownEvent>) -> Option<Report> {
        if self.with_story { None } else { self.fast_path.check(request, expected, self.with_subject) }
    }

    /// Says what a request is about, and whether the fast path finds it clean; otherwise it is left unchecked. This costs
    /// little more than reading the body, and is for requests that anybody may have sent.
    pub fn identify(&self, request: &Request) -> Report {
        if self.is_ping(request) {
            return Report::ping();
        }
        self.validate_fast(request, None).unwrap_or_else(|| {
            let profile = self.shapes.profile;
            let body = Some(request.body()).filter(|body| body.len() <= IDENTIFIED);
            let name = body.and_then(|body| profile.event_name(body));
            let known = known_event(name.as_deref(), request.target());
            let kind = known.and_then(|known| profile.kind(known));
            let known = kind.map(KnownEvent::from).or(known);
            let event_name =
                known.map(|known| known.name().into()).or_else(|| name.map(|name| name.into_owned().into()));
            let entity = kind.map(EventKind::entity);
            Report { kind, entity, event_name, is_unchecked: true, ..Report::default() }
        })
    }

    /// Validates a delivery without the fast path. [`Validator::validate`] returns the same.
    pub fn validate_thoroughly(&self, request: &Request, expected: Option<KnownEvent>) -> Report {
        let body = json::parse_with_pitfalls(request.body());
        let limit = self.limit.max(recognition::MIN_FINDINGS);
        let mut report = check(self.shapes, request, &body, expected, limit);
        let tree = body.as_ref().ok().map(|(tree, _)| tree);
        if report.max_severity.is_some()
            && let Some(tree) = tree
        {
            report = self.recognise(request, &body, tree, expected, report);
        }
        let tree = tree.map(|tree| self.shapes.profile.unwrap(tree));
        let name = tree.and_then(|tree| tree.get(self.shapes.profile.event_key())).and_then(Node::as_str);
        let known = report.kind.map(KnownEvent::from).or(expected);
        report.event_name = match known.or_else(|| named_by_target(request.target()).filter(|_| name.is_none())) {
            Some(known) => Some(known.name().into()),
            None => name.map(|name| name.to_owned().into()),
        };
        report.subject = tree.filter(|_| self.with_subject).and_then(subject::find).map(str::to_owned);
        let facts = |tree| Facts::read(self.shapes.profile, report.kind?, tree);
        report.facts = tree.filter(|_| self.with_story).and_then(facts).map(Box::new);
        report.truncate(self.limit);
        if self.is_strict {
            report.raise_warnings();
        }
        report
    }

    /// Returns one finding that names the sender if the body is another sender's, and else the report on it.
    fn recognise(
        &self,
        request: &Request,
        body: &Result<(Node<'_>, Vec<Pitfall>), SyntaxError>,
        tree: &Node<'_>,
        expected: Option<KnownEvent>,
        report: Report,
    ) -> Report {
        let start = tree.span().start;
        if let Some(other) = OtherSender::find(tree, self.shapes.profile) {
            return recognition::name_sender(other, report, start);
        }
        let check =
            |shapes, expected| check(shapes, request, body, expected, self.limit.max(recognition::MIN_FINDINGS));
        let senders = self.shapes.profile.recognised_senders();
        let recognised = senders.filter_map(|sender| {
            let observed = check(ProfileShapes::get(sender), expected);
            // Without an event, the payload is checked as that of any event about the entity: in each of its forms, and the
            // one that fits best counts.
            let mut assumed: Vec<EventKind> = observed.candidates().collect();
            let profile = self.shapes.profile;
            assumed.dedup_by_key(|kind| profile.counterpart(*kind).and_then(|kind| profile.body_index(kind)));
            let reports = assumed.into_iter().map(|kind| check(self.shapes, Some(kind.into())));
            let declared = reports.min_by_key(recognition::count_objections);
            recognition::recognise(sender, declared.as_ref().unwrap_or(&report), observed, start)
        });
        // A body may pass for more than one sender's; the right one objects to least.
        recognised.min_by_key(|recognised| recognised.findings.len() + recognised.omitted).unwrap_or(report)
    }
}
