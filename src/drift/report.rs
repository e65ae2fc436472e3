//! The differences between bodies and a document. The field names are those of `drift --json`.

use serde::{Deserialize, Serialize};

use crate::json::json_type::JsonType;
use crate::profiles::Profile;

use super::value_stats::{TimeRange, ValueStats};

/// How the bodies of one event differ from the document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct EventDrift {
    /// The event; `page_*` if the bodies do not name it, `None` if nothing is known about it.
    pub event: Option<String>,
    /// What the bodies were compared with.
    #[serde(flatten)]
    pub document: DocumentId,
    /// The number of bodies.
    pub bodies: u64,
    /// When the events happened.
    #[serde(flatten)]
    pub times: TimeRange,
    /// Properties that the document does not declare.
    pub undeclared: Vec<UndeclaredProperty>,
    /// Properties that the document declares and no body has.
    pub unseen: Vec<UnseenProperty>,
    /// Values of another type than the declared.
    pub types: Vec<DriftMismatch>,
    /// Values that are not in the declared list.
    pub values: Vec<DriftMismatch>,
    /// Pointers to the declared objects that were seen. What they have is not among `unseen`.
    #[serde(default)]
    pub objects: Vec<String>,
    /// How many differences a baseline has left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<usize>,
}

/// Which document bodies were compared with. Results of earlier versions do not say it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentId {
    /// The name of the profile.
    #[serde(default)]
    pub profile: String,
    /// The version of cfwh.
    #[serde(default)]
    pub cfwh: String,
}

impl DocumentId {
    /// Returns the id of the document of a profile.
    pub fn new(profile: &Profile) -> Self {
        Self { profile: profile.name.to_owned(), cfwh: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// A property that the document does not declare.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UndeclaredProperty {
    /// A JSON Pointer, with `*` for any index of an array.
    pub pointer: String,
    /// The JSON types of its values.
    pub types: Vec<JsonType>,
    /// How often and where it was seen.
    #[serde(flatten)]
    pub seen: ValueStats,
}

/// A property that the document declares and no body has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UnseenProperty {
    /// A JSON Pointer, with `*` for any index of an array.
    pub pointer: String,
    /// Where the document declares it.
    pub document: String,
}

/// Values that the document does not allow.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DriftMismatch {
    /// A JSON Pointer, with `*` for any index of an array.
    pub pointer: String,
    /// The declared types or values.
    pub declared: Vec<String>,
    /// The type, or the value if it looks like a word of a list, else only its length. If there are more different values
    /// than a list would have, the last ones in the alphabet are counted together as `more different texts`.
    pub found: String,
    /// How often and where it was seen.
    #[serde(flatten)]
    pub seen: ValueStats,
}

impl EventDrift {
    /// The number of differences.
    pub const fn count(&self) -> usize {
        self.undeclared.len() + self.unseen.len() + self.types.len() + self.values.len()
    }
}
