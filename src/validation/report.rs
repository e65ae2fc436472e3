//! The result of a validation: a report, made of findings.

use std::borrow::Cow;
use std::ops::Range;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::models::event::{Entity, EventKind};
use crate::models::rule::{Rule, Severity};
use crate::profiles::{ALL, KnownEvent};

use super::story::facts::Facts;

/// What was found in one request.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The event, if a document declares it.
    pub kind: Option<EventKind>,
    /// What the request is about, if that is known; it can be known without the event.
    pub entity: Option<Entity>,
    /// The name of the event, which may be in no document. The sender may have written any text.
    pub event_name: Option<Cow<'static, str>>,
    /// The title or the name of what the request is about. Only [`Validator::with_subject`](super::Validator) asks for it.
    pub subject: Option<String>,
    /// What the body says about its story. Only [`Validator::with_story`](super::Validator) asks for it.
    pub facts: Option<Box<Facts>>,
    /// First that the body is another sender's, then the headers, then the body in its order, then the story.
    pub findings: Vec<Finding>,
    /// How many more findings there were than the validator was asked to keep.
    pub omitted: usize,
    /// The highest severity of all findings, the omitted ones included.
    pub max_severity: Option<Severity>,
    /// Was the request only identified, and not validated?
    pub is_unchecked: bool,
    /// Is it the test of a connection, which is no delivery?
    pub is_ping: bool,
}

/// The report in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the words of the results")]
pub enum ReportVerdict {
    Clean,
    Warnings,
    Errors,
    Unchecked,
}

impl ReportVerdict {
    /// Returns the word in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Warnings => "warnings",
            Self::Errors => "errors",
            Self::Unchecked => "unchecked",
        }
    }
}

impl Report {
    /// A report without findings.
    pub fn clean(kind: Option<EventKind>, entity: Entity) -> Self {
        let event_name = kind.map(|kind| kind.name().into());
        Self { kind, entity: Some(entity), event_name, ..Self::default() }
    }

    /// The report on the test of a connection.
    pub fn ping() -> Self {
        Self { event_name: Some("ping".into()), is_ping: true, ..Self::default() }
    }

    /// The event, if it is known, whether or not a document declares it.
    pub fn event(&self) -> Option<KnownEvent> {
        self.kind.map(KnownEvent::from).or_else(|| KnownEvent::find(self.event_name.as_deref()?))
    }

    /// The events that the request may be about, if the entity is known and the event is not.
    pub fn candidates(&self) -> impl Iterator<Item = EventKind> {
        let entity = self.entity.filter(|_| self.kind.is_none());
        ALL[0].events.all().filter(move |kind| Some(kind.entity()) == entity)
    }

    /// Keeps at most `limit` findings, errors first, and counts the others.
    pub fn truncate(&mut self, limit: usize) {
        self.omitted += self.findings.len().saturating_sub(limit);
        let errors = self.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        let mut warnings = limit.saturating_sub(errors);
        self.findings.retain(|finding| {
            let is_kept = finding.severity == Severity::Error || warnings > 0;
            warnings -= usize::from(is_kept && finding.severity == Severity::Warning);
            is_kept
        });
        self.findings.truncate(limit);
    }

    /// Keeps as many findings as have at most `limit` bytes together, and counts the others.
    pub fn truncate_bytes(&mut self, limit: usize) {
        let mut bytes = 0;
        let fits = |finding: &&Finding| {
            bytes += finding.size();
            bytes <= limit
        };
        self.truncate(self.findings.iter().take_while(fits).count());
    }

    /// Returns the number of bytes that the report keeps in memory.
    pub fn size(&self) -> usize {
        let findings: usize = self.findings.iter().map(Finding::size).sum();
        findings + self.event_name.as_ref().map_or(0, |name| name.len()) + self.subject.as_ref().map_or(0, String::len)
    }

    /// The report in one word.
    pub const fn verdict(&self) -> ReportVerdict {
        match self.max_severity {
            None if self.is_unchecked => ReportVerdict::Unchecked,
            None => ReportVerdict::Clean,
            Some(Severity::Warning) => ReportVerdict::Warnings,
            Some(Severity::Error) => ReportVerdict::Errors,
        }
    }

    /// Makes errors of warnings.
    pub(super) fn raise_warnings(&mut self) {
        self.max_severity = self.max_severity.map(|_| Severity::Error);
        self.findings.iter_mut().for_each(|finding| finding.severity = Severity::Error);
    }
}

/// One broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// That of the rule, or `Error` under `--strict`.
    pub severity: Severity,
    /// Where in the request.
    pub location: FindingLocation,
    /// What was expected and what was found.
    pub message: String,
    /// How to fix it.
    pub help: Option<Cow<'static, str>>,
    /// A pointer into the document: `#/components/schemas/PagePayload/properties/id/type`.
    pub document: Option<String>,
}

impl Finding {
    /// The number of bytes that the finding keeps in memory.
    fn size(&self) -> usize {
        let texts = self.message.len() + self.help.as_ref().map_or(0, |help| help.len());
        size_of::<Self>() + self.location.name().len() + texts + self.document.as_ref().map_or(0, String::len)
    }
}

/// As in the JSON lines.
impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let header = self.location.pointer().is_none().then(|| self.location.name());
        let mut finding = serializer.serialize_struct("Finding", 8)?;
        finding.serialize_field("rule", &self.rule)?;
        finding.serialize_field("severity", &self.severity)?;
        finding.serialize_field("origin", &self.rule.info().origin)?;
        finding.serialize_field("pointer", &self.location.pointer())?;
        finding.serialize_field("header", &header)?;
        finding.serialize_field("message", &self.message)?;
        finding.serialize_field("help", &self.help)?;
        finding.serialize_field("document", &self.document)?;
        finding.end()
    }
}

/// Where in a request a finding is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindingLocation {
    /// A header field.
    Header {
        /// Its name.
        name: String,
        /// How many fields precede it.
        index: usize,
    },
    /// A token of the body.
    Body {
        /// A JSON Pointer (RFC 6901) to the value, or to the property that is missing; empty for the whole body.
        pointer: String,
        /// The offending token, in bytes of the body.
        span: Range<usize>,
    },
}

impl FindingLocation {
    /// The JSON Pointer of a location in the body.
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Self::Header { .. } => None,
            Self::Body { pointer, .. } => Some(pointer),
        }
    }
    /// The name of the header, or the JSON Pointer.
    pub fn name(&self) -> &str {
        match self {
            Self::Header { name, .. } => name,
            Self::Body { pointer, .. } => pointer,
        }
    }
}
