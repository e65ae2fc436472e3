//! Is a body what the document says, and what a developer would expect?

mod accept;
mod findings;
mod formats;
mod judge;
pub mod locate;
pub mod report;
pub mod rules;
pub mod sequence;
pub mod subject;
mod value;
mod walk;
mod wording;

use crate::documents::Document;
use crate::documents::shape::Shape;
use crate::models::delivery::Delivery;
use crate::models::event::{Entity, EventKind};
use accept::Acceptor;
use report::Report;

/// Judges deliveries against the document. It is made once and used for all; nothing in it changes.
#[derive(Debug)]
pub struct Validator {
    acceptor: Acceptor,
    declarations: Declarations,
    strict: bool,
    limit: usize,
}

/// What the document declares, entity by entity.
#[derive(Debug)]
struct Declarations {
    entities: [Shape; Entity::ALL.len()],
    base: Shape,
    headers: Shape,
}

impl Declarations {
    fn of(document: &Document) -> Self {
        Self {
            entities: Entity::ALL.map(|entity| document.shape(entity)),
            base: document.base_shape(),
            headers: document.header_shape(),
        }
    }

    const fn about(&self, entity: Entity) -> &Shape {
        &self.entities[entity as usize]
    }
}

impl Validator {
    /// Against the document as published.
    #[must_use]
    pub fn published() -> Self {
        let declarations = Declarations::of(&Document::published());
        Self { acceptor: Acceptor::new(&declarations.entities), declarations, strict: false, limit: usize::MAX }
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
    pub fn validate(&self, delivery: &Delivery, expected: Option<EventKind>) -> Report {
        match self.accepts(delivery, expected) {
            Some(kind) => Report::clean(kind),
            None => self.examine(delivery, expected),
        }
    }

    /// The fast way in alone: the event of a delivery that is clean beyond doubt, `None` for all that must be looked at
    /// more closely.
    #[must_use]
    pub fn accepts(&self, delivery: &Delivery, expected: Option<EventKind>) -> Option<EventKind> {
        self.acceptor.accept(delivery, expected)
    }

    /// The same without the fast way in: every finding, on every body. [`Validator::validate`] answers the same.
    #[must_use]
    pub fn examine(&self, delivery: &Delivery, expected: Option<EventKind>) -> Report {
        judge::judge(&self.declarations, delivery, expected, self.strict, self.limit)
    }
}
