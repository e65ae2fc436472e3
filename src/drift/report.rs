//! The differences between bodies and a document. The field names are part of the JSON output.

use serde::{Deserialize, Serialize};

use crate::json::json_type::JsonType;

use super::value_stats::{TimeRange, ValueStats};

/// The differences of one event.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct EventDrift {
    /// The event. `page_*` if only the entity is known, and `None` if nothing is known.
    pub event: Option<String>,
    /// The number of bodies.
    pub bodies: u64,
    /// The time range of the events.
    #[serde(flatten)]
    pub times: TimeRange,
    /// Undeclared properties.
    pub undeclared: Vec<UndeclaredProperty>,
    /// Declared properties that no body has.
    pub unseen: Vec<UnseenProperty>,
    /// Values with an undeclared type.
    pub types: Vec<DriftMismatch>,
    /// Values that are not in the declared enum.
    pub values: Vec<DriftMismatch>,
}

/// An undeclared property.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UndeclaredProperty {
    /// A JSON Pointer, with `*` for any index of an array.
    pub pointer: String,
    /// The JSON types of its values.
    pub types: Vec<JsonType>,
    /// The number of occurrences, with an example.
    #[serde(flatten)]
    pub seen: ValueStats,
}

/// A declared property that no body has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UnseenProperty {
    /// A JSON Pointer, with `*` for any index of an array.
    pub pointer: String,
    /// A pointer to the declaration.
    pub document: String,
}

/// Values that the document does not allow.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DriftMismatch {
    /// A JSON Pointer, with `*` for any index of an array.
    pub pointer: String,
    /// The declared types or values.
    pub declared: Vec<String>,
    /// The type, or the value if it may be an enum value, or else only its length. If there are too many different values, the rest are
    /// counted together as `other values`.
    pub found: String,
    /// The number of occurrences, with an example.
    #[serde(flatten)]
    pub seen: ValueStats,
}

impl EventDrift {
    /// Returns the number of differences.
    pub const fn count(&self) -> usize {
        self.undeclared.len() + self.unseen.len() + self.types.len() + self.values.len()
    }
}
