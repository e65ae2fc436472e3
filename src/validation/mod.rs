//! Is a body what the document says, and what a developer would expect?

mod engine;
mod fast_path;
mod findings;
mod formats;
pub mod position;
mod recognition;
pub mod report;
pub mod rules;
pub mod story;
pub mod subject;
mod value;
mod walk;
mod wording;

use std::sync::OnceLock;

use crate::models::event::{Entity, EventKind};
use crate::models::request::Request;
use crate::profiles::document::Document;
use crate::profiles::shape::Shape;
use crate::profiles::{ALL, Profile};
use fast_path::FastPath;
use report::Report;

/// Judges deliveries against a profile's document. It is made once and used for all; nothing in it changes.
#[derive(Debug)]
pub struct Validator {
    acceptor: FastPath,
    declarations: &'static Declarations,
    strict: bool,
    limit: usize,
}

/// What a profile's document declares, entity by entity.
#[derive(Debug)]
struct Declarations {
    profile: &'static Profile,
    entities: [Shape; Entity::ALL.len()],
    base: Shape,
    headers: Shape,
    /// Is a declared property missed wherever it is absent? The published document requires nothing, so what it declares
    /// is all there is to expect; the observed one knows what is always there and what comes and goes.
    wants_all: bool,
}

impl Declarations {
    /// Read when the first validation asks for them, and then there for all.
    fn of(profile: &'static Profile) -> &'static Self {
        static READ: [OnceLock<Declarations>; ALL.len()] = [const { OnceLock::new() }; ALL.len()];
        READ[profile.index()].get_or_init(|| Self::read(profile))
    }

    fn read(profile: &'static Profile) -> Self {
        let document = Document::new(profile);
        Self {
            profile,
            wants_all: profile.expects_all_declared,
            entities: Entity::ALL.map(|entity| document.shape(entity)),
            base: document.base_shape(),
            headers: document.header_shape(),
        }
    }

    const fn about(&self, entity: Entity) -> &Shape {
        &self.entities[entity as usize]
    }

    /// The key under which a body carries what it is about.
    const fn key(&self, entity: Entity) -> &'static str {
        self.profile.key(entity)
    }
}

impl Validator {
    /// Against the document of a profile.
    #[must_use]
    pub fn of(profile: &'static Profile) -> Self {
        let declarations = Declarations::of(profile);
        Self { acceptor: FastPath::new(declarations), declarations, strict: false, limit: usize::MAX }
    }

    /// Counts warnings as errors.
    #[must_use]
    pub const fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Keeps at most so many findings a delivery; the rest is counted.
    #[must_use]
    pub const fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// Judges one delivery. `expected` is the event that the caller says it is; without it the body's `event` tells,
    /// and without that the last segment of the target. There is no error: a body that is not JSON is a finding too.
    #[must_use]
    pub fn validate(&self, delivery: &Request, expected: Option<EventKind>) -> Report {
        self.accepts(delivery, expected).unwrap_or_else(|| self.examine(delivery, expected))
    }

    /// The fast way in alone: the report on a delivery that is clean beyond doubt, `None` for all that must be looked at
    /// more closely.
    #[must_use]
    pub fn accepts(&self, delivery: &Request, expected: Option<EventKind>) -> Option<Report> {
        self.acceptor.accept(delivery, expected)
    }

    /// The same without the fast way in: every finding, on every body. [`Validator::validate`] answers the same.
    #[must_use]
    pub fn examine(&self, delivery: &Request, expected: Option<EventKind>) -> Report {
        let limit = self.limit.max(recognition::ENOUGH);
        let check = |declarations, expected| engine::check_request(declarations, delivery, expected, limit);
        let mut report = check(self.declarations, expected);
        let others = if report.worst.is_some() { self.declarations.profile.recognises } else { &[] };
        for other in others {
            let observed = check(Declarations::of(other), expected);
            // Without an event the published document knows no payload to look at; any event about the entity will do.
            let published = match observed.candidates().next() {
                Some(assumed) => &check(self.declarations, Some(assumed)),
                None => &report,
            };
            report = recognition::cloud_body(published, observed, delivery.body()).unwrap_or(report);
        }
        report.cut(self.limit);
        if self.strict { report.strict() } else { report }
    }
}
