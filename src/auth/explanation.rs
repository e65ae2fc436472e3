//! Why verification fails. Each cause is proven.

use std::borrow::Cow;

use serde::Serialize;

/// How much time an explanation may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Tries everything. A person waits for the result, so it takes seconds at most.
    Thorough,
    /// Skips what is slow: a body of 1 MiB takes less than 50 ms.
    Quick,
}

/// Why credentials are not valid, and which causes were tried.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[must_use]
pub struct Explanation {
    /// The causes that reproduce the received credentials. Empty if none does.
    pub causes: Vec<Cause>,
    /// The number of candidates that were compared with the credentials.
    pub tried: usize,
    /// The candidates, grouped by what was changed.
    pub searched: Vec<Searched>,
    /// What was not tried, and why.
    pub left_out: Vec<String>,
    /// What probably happened if no cause was found. Empty for the default wording about signatures.
    #[serde(skip)]
    pub otherwise: &'static str,
}

impl Explanation {
    /// Records compared candidates.
    pub(super) fn count(&mut self, what: &'static str, compared: usize, causes: &[&'static str]) {
        self.tried += compared;
        self.searched.push(Searched { what, compared, causes: causes.to_vec() });
    }
}

/// A group of candidates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Searched {
    /// What was changed: `the secret`.
    pub what: &'static str,
    /// The number of candidates that were compared.
    pub compared: usize,
    /// The ids of their causes. Empty if there are too many to list.
    pub causes: Vec<&'static str>,
}

/// A mistake that makes credentials invalid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// The stable id: `without-final-newline`.
    #[serde(rename = "cause")]
    pub id: &'static str,
    /// What happened, in one sentence.
    pub message: Cow<'static, str>,
    /// How to fix the mistake.
    pub help: &'static str,
}

impl Cause {
    /// Creates a cause.
    pub const fn new(id: &'static str, message: &'static str, help: &'static str) -> Self {
        Self { id, message: Cow::Borrowed(message), help }
    }
}
