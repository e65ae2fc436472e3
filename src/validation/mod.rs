//! Validates requests against the document of a profile, and against common expectations.

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

/// The maximum size of a body in which [`Validator::identify`] looks for the event, in bytes. Real deliveries have about 2 KiB.
const IDENTIFIED: usize = 64 * 1024;

/// Validates requests against the document of a profile. It is immutable, so threads can share it.
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
    /// Creates a validator for a profile.
    pub fn new(profile: &'static Profile) -> Self {
        let shapes = ProfileShapes::get(profile);
        let fast_path = FastPath::new(shapes);
        Self { fast_path, shapes, is_strict: false, limit: usize::MAX, with_subject: false, with_story: false }
    }

    /// Returns the profile.
    pub const fn profile(&self) -> &'static Profile {
        self.shapes.profile
    }

    /// Reports warnings as errors.
    pub const fn strict(mut self, is_strict: bool) -> Self {
        self.is_strict = is_strict;
        self
    }

    /// Lists at most `limit` findings of each request, and only counts the others.
    pub const fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Sets [`Report::subject`] in reports.
    pub const fn with_subject(mut self, with_subject: bool) -> Self {
        self.with_subject = with_subject;
        self
    }

    /// Sets [`Report::facts`] in reports, for a [`story::StoryChecker`].
    pub const fn with_story(mut self, with_story: bool) -> Self {
        self.with_story = with_story;
        self
    }

    /// Validates a request.
    ///
    /// The event is `expected`, or else `event` in the body, or else the last segment of the path. A body that is not JSON is a finding
    /// and not an error.
    pub fn validate(&self, request: &Request, expected: Option<KnownEvent>) -> Report {
        if self.is_ping(request) {
            return Report::ping();
        }
        self.validate_fast(request, expected).unwrap_or_else(|| self.validate_thoroughly(request, expected))
    }

    fn is_ping(&self, request: &Request) -> bool {
        self.shapes.profile.is_ping(request.body())
    }

    /// Validates a request with the fast path only. Returns `None` if the request may have findings.
    pub fn validate_fast(&self, request: &Request, expected: Option<KnownEvent>) -> Option<Report> {
        if self.with_story { None } else { self.fast_path.check(request, expected, self.with_subject) }
    }

    /// Identifies the event of a request, and validates it with the fast path only.
    ///
    /// This costs little more than reading the body. It is for requests that failed authentication.
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

    /// Validates a request without the fast path. The result equals that of [`Validator::validate`].
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

    /// Returns a report with one finding if the body is from a different sender, or the full report otherwise.
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
            // Without an event, check the payload against every type of its entity, and use the best report.
            let mut assumed: Vec<EventKind> = observed.candidates().collect();
            let profile = self.shapes.profile;
            assumed.dedup_by_key(|kind| profile.counterpart(*kind).and_then(|kind| profile.body_index(kind)));
            let reports = assumed.into_iter().map(|kind| check(self.shapes, Some(kind.into())));
            let declared = reports.min_by_key(recognition::count_objections);
            recognition::recognise(sender, declared.as_ref().unwrap_or(&report), observed, start)
        });
        // A body may match several senders. Use the one with the fewest findings.
        recognised.min_by_key(|recognised| recognised.findings.len() + recognised.omitted).unwrap_or(report)
    }
}
