//! Reports and findings.

use std::borrow::Cow;
use std::ops::Range;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::models::event::{Entity, EventKind};
use crate::models::rule::{Rule, Severity};
use crate::profiles::{ALL, KnownEvent};

use super::story::facts::Facts;

/// The result of validating one request.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The event, if the document declares it.
    pub kind: Option<EventKind>,
    /// The entity, if known. It may be known without the event.
    pub entity: Option<Entity>,
    /// The event name in the request. It may be unknown, and it is not trusted text.
    pub event_name: Option<Cow<'static, str>>,
    /// The title or name of the subject, if [`Validator::with_subject`](super::Validator) is set.
    pub subject: Option<String>,
    /// The facts for story checks, if [`Validator::with_story`](super::Validator) is set.
    pub facts: Option<Box<Facts>>,
    /// The findings: a different sender first, then headers, then the body in order, then the story.
    pub findings: Vec<Finding>,
    /// The number of findings beyond the limit.
    pub omitted: usize,
    /// The highest severity of all findings, including the omitted ones.
    pub max_severity: Option<Severity>,
    /// Whether the request was only identified and not validated.
    pub is_unchecked: bool,
    /// Whether the request is a connection test.
    pub is_ping: bool,
}

/// The verdict of a report.
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
    /// Creates a report without findings.
    pub fn clean(kind: Option<EventKind>, entity: Entity) -> Self {
        let event_name = kind.map(|kind| kind.name().into());
        Self { kind, entity: Some(entity), event_name, ..Self::default() }
    }

    /// Creates the report of a connection test.
    pub fn ping() -> Self {
        Self { event_name: Some("ping".into()), is_ping: true, ..Self::default() }
    }

    /// Returns the event, if it is known, documented or not.
    pub fn event(&self) -> Option<KnownEvent> {
        self.kind.map(KnownEvent::from).or_else(|| KnownEvent::find(self.event_name.as_deref()?))
    }

    /// Returns the possible events if the entity is known but the event is not.
    pub fn candidates(&self) -> impl Iterator<Item = EventKind> {
        let entity = self.entity.filter(|_| self.kind.is_none());
        ALL[0].events.all().filter(move |kind| Some(kind.entity()) == entity)
    }

    /// Keeps at most `limit` findings, errors first, and only counts the others.
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

    /// Keeps findings of at most `limit` bytes in total, and only counts the others.
    pub fn truncate_bytes(&mut self, limit: usize) {
        let mut bytes = 0;
        let fits = |finding: &&Finding| {
            bytes += finding.size();
            bytes <= limit
        };
        self.truncate(self.findings.iter().take_while(fits).count());
    }

    /// Returns the size in memory, in bytes.
    pub fn size(&self) -> usize {
        let findings: usize = self.findings.iter().map(Finding::size).sum();
        findings + self.event_name.as_ref().map_or(0, |name| name.len()) + self.subject.as_ref().map_or(0, String::len)
    }

    /// Returns the verdict.
    pub const fn verdict(&self) -> ReportVerdict {
        match self.max_severity {
            None if self.is_unchecked => ReportVerdict::Unchecked,
            None => ReportVerdict::Clean,
            Some(Severity::Warning) => ReportVerdict::Warnings,
            Some(Severity::Error) => ReportVerdict::Errors,
        }
    }

    /// Turns warnings into errors.
    pub(super) fn raise_warnings(&mut self) {
        self.max_severity = self.max_severity.map(|_| Severity::Error);
        self.findings.iter_mut().for_each(|finding| finding.severity = Severity::Error);
    }
}

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// The severity of the rule, or `Error` with `--strict`.
    pub severity: Severity,
    /// The place in the request.
    pub location: FindingLocation,
    /// What is wrong, in one sentence.
    pub message: String,
    /// How to fix it, if known.
    pub help: Option<Cow<'static, str>>,
    /// A pointer into the document: `#/components/schemas/PagePayload/properties/id/type`.
    pub document: Option<String>,
}

impl Finding {
    /// Returns the size in memory, in bytes.
    fn size(&self) -> usize {
        let texts = self.message.len() + self.help.as_ref().map_or(0, |help| help.len());
        size_of::<Self>() + self.location.name().len() + texts + self.document.as_ref().map_or(0, String::len)
    }
}

/// Serializes a finding for JSON output.
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

/// The place of a finding in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindingLocation {
    /// A header field.
    Header {
        /// The name of the field.
        name: String,
        /// The index of the field.
        index: usize,
    },
    /// A token of the body.
    Body {
        /// A JSON Pointer (RFC 6901) to the value or to the missing property. Empty for the whole body.
        pointer: String,
        /// The position of the token, in bytes.
        span: Range<usize>,
    },
}

impl FindingLocation {
    /// Returns the JSON Pointer of a place in the body.
    pub fn pointer(&self) -> Option<&str> {
        match self {
            Self::Header { .. } => None,
            Self::Body { pointer, .. } => Some(pointer),
        }
    }
    /// Returns the name of the header or the JSON Pointer.
    pub fn name(&self) -> &str {
        match self {
            Self::Header { name, .. } => name,
            Self::Body { pointer, .. } => pointer,
        }
    }
}
