//! One deliberate fault in a delivery, for testing receivers.

use serde::Serialize;

use crate::models::status_pattern::{ExpectedStatuses, StatusPattern};

/// One thing that is wrong with a delivery. The names of the fields are those of the JSON lines.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Its name: `bad-signature`.
    #[serde(rename = "fault")]
    pub name: &'static str,
    /// What is wrong, in a few words.
    pub description: &'static str,
    /// What a right receiver does with it.
    #[serde(skip)]
    pub handling: FaultHandling,
    /// Does it need a secret?
    #[serde(skip)]
    pub needs_secret: bool,
    /// How many deliveries one becomes.
    #[serde(skip)]
    pub copies: usize,
}

impl Fault {
    /// A fault of one delivery, which must be refused.
    pub const fn new(name: &'static str, needs_secret: bool, description: &'static str) -> Self {
        Self { name, description, handling: FaultHandling::Refused, needs_secret, copies: 1 }
    }

    /// Returns the same fault, which a right receiver handles in this way.
    pub const fn handled(self, handling: FaultHandling) -> Self {
        Self { handling, ..self }
    }
}

/// What a right receiver does with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultHandling {
    /// It accepts the delivery: 2xx.
    Accepted,
    /// It accepts the delivery or refuses it: 2xx or 4xx.
    AcceptedOrRefused,
    /// It accepts the delivery or refuses it, unless the credentials cover the body: then it refuses it.
    RefusedIfCovered,
    /// It refuses the delivery: 4xx.
    Refused,
}

impl FaultHandling {
    /// Returns the statuses of a right receiver. `covers_body` says whether the credentials cover the body.
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
