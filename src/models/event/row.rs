//! The rows of event catalogues.

use serde::Serialize;

use super::action::Action;
use super::entity::Entity;

/// The evidence that a sender sends an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Evidence {
    /// The published AsyncAPI document declares it.
    Published,
    /// A captured delivery shows it.
    Captured,
    /// The sender's source code shows it.
    Source,
    /// The sender's documentation describes it.
    Documented,
    /// Inferred from similar events.
    Inferred,
}

impl Evidence {
    /// Returns the word for results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Captured => "captured",
            Self::Source => "source",
            Self::Documented => "documented",
            Self::Inferred => "inferred",
        }
    }
}

/// One event of a sender: a row of the catalogue of its profile. The field names are part of the JSON output.
#[derive(Debug, Serialize)]
pub struct EventRow {
    /// The name in deliveries: `page_created`.
    #[serde(rename = "event")]
    pub name: &'static str,
    /// The name of the same event in the published document, if it differs: `page_created` for
    /// `avi:confluence:created:page`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<&'static str>,
    /// The subject of the event.
    pub entity: Entity,
    /// What happened to the subject.
    #[serde(skip)]
    pub action: Action,
    /// The relative frequency of the event in stories. 0 if it does not occur.
    #[serde(skip)]
    pub weight: u16,
    /// A description in one sentence.
    pub description: &'static str,
    /// The evidence for the row.
    pub evidence: Evidence,
}

/// Creates a row without an alias.
pub const fn row(
    name: &'static str,
    entity: Entity,
    action: Action,
    weight: u16,
    evidence: Evidence,
    description: &'static str,
) -> EventRow {
    EventRow { name, alias: None, entity, action, weight, description, evidence }
}
