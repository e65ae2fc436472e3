//! One deliberate fault in a delivery, for testing receivers.

use serde::Serialize;

/// One thing that is wrong with a delivery. The names of the fields are those of the JSON lines.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Its name: `bad-signature`.
    #[serde(rename = "fault")]
    pub name: &'static str,
    /// What is wrong, in a few words.
    pub description: &'static str,
    /// Does it need a secret?
    #[serde(skip)]
    pub needs_secret: bool,
    /// How many deliveries one becomes.
    #[serde(skip)]
    pub copies: usize,
}

impl Fault {
    /// A fault of one delivery.
    pub const fn new(name: &'static str, needs_secret: bool, description: &'static str) -> Self {
        Self { name, description, needs_secret, copies: 1 }
    }
}
