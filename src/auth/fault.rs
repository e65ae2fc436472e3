//! A deliberate fault in a delivery, for testing receivers.

use serde::Serialize;

use crate::models::status_pattern::{ExpectedStatuses, StatusPattern};

/// A deliberate fault in a delivery. The field names are part of the JSON output.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The name: `bad-signature`.
    #[serde(rename = "fault")]
    pub name: &'static str,
    /// What is wrong with the delivery, in a few words.
    pub description: &'static str,
    /// How a correct receiver handles the delivery.
    #[serde(skip)]
    pub handling: FaultHandling,
    /// Whether the fault needs a secret.
    #[serde(skip)]
    pub needs_secret: bool,
    /// How many times the delivery is sent.
    #[serde(skip)]
    pub copies: usize,
}

impl Fault {
    /// Creates a fault that a receiver must refuse.
    pub const fn new(name: &'static str, needs_secret: bool, description: &'static str) -> Self {
        Self { name, description, handling: FaultHandling::Refused, needs_secret, copies: 1 }
    }

    /// Returns the same fault with another expected handling.
    pub const fn handled(self, handling: FaultHandling) -> Self {
        Self { handling, ..self }
    }
}

/// How a correct receiver handles a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultHandling {
    /// Accepts it: 2xx.
    Accepted,
    /// Accepts or refuses it: 2xx or 4xx.
    AcceptedOrRefused,
    /// Refuses it if the credentials cover the body. Otherwise accepts or refuses it.
    RefusedIfCovered,
    /// Refuses it: 4xx.
    Refused,
}

impl FaultHandling {
    /// Returns the statuses that a correct receiver sends. `covers_body` says whether the credentials cover the body.
    pub fn statuses(self, covers_body: bool) -> ExpectedStatuses {
        let (accepted, refused) = (StatusPattern::Class(2), StatusPattern::Class(4));
        let patterns = match self {
            Self::Accepted => vec![accepted],
            Self::RefusedIfCovered if covers_body => vec![refused],
            Self::AcceptedOrRefused | Self::RefusedIfCovered => vec![accepted, refused],
            Self::Refused => vec![refused],
        };
        ExpectedStatuses::new(patterns).unwrap_or_default()
    }
}
