//! What `validate` concludes: a report, made of findings.

use std::ops::Range;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::models::event::{Entity, EventKind};
use crate::profiles::ALL;

use super::rules::Rule;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; the document allows it.
    Warning,
    /// The document does not allow it, or the delivery cannot be understood.
    Error,
}

impl Severity {
    /// The word in results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What is to be said about one delivery.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The event, where it could be facts.
    pub kind: Option<EventKind>,
    /// What the delivery is about, where that could be facts; it may be without the event being known.
    pub entity: Option<Entity>,
    /// What was found, the headers first, then in the order of the body. Before all of them stands that the body is what
    /// Confluence Cloud sends, behind them what does not fit the story.
    pub findings: Vec<Finding>,
    /// How many more there were than the validator was asked to keep.
    pub omitted: usize,
    /// The worst severity of all, the omitted ones included.
    pub worst: Option<Severity>,
}

/// The report in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the words of the results")]
pub enum Conclusion {
    Clean,
    Warnings,
    Errors,
}

impl Report {
    /// A report without a finding.
    #[must_use]
    pub fn clean(kind: Option<EventKind>, entity: Entity) -> Self {
        Self { kind, entity: Some(entity), ..Self::default() }
    }

    /// The events that the delivery may be about, where the entity is known and the event is not.
    pub fn candidates(&self) -> impl Iterator<Item = EventKind> {
        let entity = self.entity.filter(|_| self.kind.is_none());
        ALL[0].events.all().filter(move |kind| Some(kind.entity()) == entity)
    }

    /// Keeps at most so many findings; the rest is counted.
    pub(super) fn cut(&mut self, limit: usize) {
        self.omitted += self.findings.len().saturating_sub(limit);
        self.findings.truncate(limit);
    }

    /// Makes warnings errors.
    pub(super) fn strict(mut self) -> Self {
        self.worst = self.worst.map(|_| Severity::Error);
        self.findings.iter_mut().for_each(|finding| finding.severity = Severity::Error);
        self
    }

    /// The report in one word.
    #[must_use]
    pub const fn conclusion(&self) -> Conclusion {
        match self.worst {
            None => Conclusion::Clean,
            Some(Severity::Warning) => Conclusion::Warnings,
            Some(Severity::Error) => Conclusion::Errors,
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule that it breaks.
    pub rule: &'static Rule,
    /// As the rule has it, or `Error` under `--strict`.
    pub severity: Severity,
    /// Where in the delivery.
    pub place: Place,
    /// What was expected and what was found.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The place in the document: `#/components/schemas/PagePayload/properties/id/type`.
    pub document: Option<String>,
}

/// As in the JSON lines.
impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let header = self.place.pointer().is_none().then(|| self.place.name());
        let mut finding = serializer.serialize_struct("Finding", 8)?;
        finding.serialize_field("rule", self.rule.id)?;
        finding.serialize_field("severity", &self.severity)?;
        finding.serialize_field("origin", &self.rule.origin)?;
        finding.serialize_field("pointer", &self.place.pointer())?;
        finding.serialize_field("header", &header)?;
        finding.serialize_field("message", &self.message)?;
        finding.serialize_field("help", &self.help)?;
        finding.serialize_field("document", &self.document)?;
        finding.end()
    }
}

/// Where in a delivery a finding is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A header field.
    Header {
        /// Its name.
        name: String,
        /// How many fields stand before it.
        index: usize,
    },
    /// A token of the body.
    Body {
        /// JSON Pointer (RFC 6901) to the value, or to the property that is missing; empty for the whole body.
        pointer: String,
        /// The offending token, in bytes of the body.
        span: Range<usize>,
    },
}

impl Place {
    /// The JSON Pointer, of a place in the body.
    #[must_use]
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Self::Header { .. } => None,
            Self::Body { pointer, .. } => Some(pointer),
        }
    }

    /// The name of the header, or the JSON Pointer.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Header { name, .. } => name,
            Self::Body { pointer, .. } => pointer,
        }
    }
}
