//! One event of a sender, as a row of its catalogue.

use serde::Serialize;

use super::action::Action;
use super::entity::Entity;

/// Where the knowledge about an event comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Evidence {
    /// The published AsyncAPI document declares it.
    Published,
    /// A delivery was captured.
    Captured,
    /// The sender's source code shows it.
    Source,
    /// The sender's documentation describes it.
    Documented,
    /// It follows from similar events.
    Inferred,
}

impl Evidence {
    /// Returns the word for it, as in JSON lines.
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

/// One event of a sender: a row of the profile's catalogue. The names of the fields are those of the JSON lines.
#[derive(Debug, Serialize)]
pub struct EventRow {
    /// The name on the wire: `page_created`.
    #[serde(rename = "event")]
    pub name: &'static str,
    /// The name of the same event in the published document, where the sender has another: `page_created` is
    /// `avi:confluence:created:page`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alias: Option<&'static str>,
    /// What the event is about.
    pub entity: Entity,
    /// What it does to it.
    #[serde(skip)]
    pub action: Action,
    /// How often it occurs in a story, relative to the other events.
    #[serde(skip)]
    pub weight: u16,
    /// What the event means, in one sentence.
    pub description: &'static str,
    /// Where the row comes from.
    pub evidence: Evidence,
}

/// Returns the row of an event that has no other name in the published document.
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
