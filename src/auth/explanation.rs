//! Why a delivery is not authentic, as far as it can be proven.

use std::borrow::Cow;

use serde::Serialize;

/// How much time an explanation may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Everything is tried, within bounds that a person who waits for the result accepts.
    Thorough,
    /// What takes long is left out: 1 MiB takes less than 50 ms.
    Quick,
}

/// Why credentials are not valid, as far as it can be proven, and what was tried to find out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[must_use]
pub struct Explanation {
    /// What reproduces the credentials that were received; empty when nothing does.
    pub causes: Vec<Cause>,
    /// How many candidates were compared with the credentials.
    pub tried: usize,
    /// The candidates, by what was changed.
    pub searched: Vec<Searched>,
    /// What was not tried, and why.
    pub left_out: Vec<String>,
    /// What has happened if nothing that was tried has, in a few words; empty where the words for signatures fit.
    #[serde(skip)]
    pub otherwise: &'static str,
}

impl Explanation {
    /// Adds candidates that were compared.
    pub(super) fn count(&mut self, what: &'static str, compared: usize, causes: &[&'static str]) {
        self.tried += compared;
        self.searched.push(Searched { what, compared, causes: causes.to_vec() });
    }
}

/// Candidates of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Searched {
    /// What was changed: `the secret`.
    pub what: &'static str,
    /// How many candidates were compared.
    pub compared: usize,
    /// The ids of their causes; empty where they are too many to list.
    pub causes: Vec<&'static str>,
}

/// One way to get credentials wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// Its stable name: `without-final-newline`.
    #[serde(rename = "cause")]
    pub id: &'static str,
    /// What happened, in one sentence.
    pub message: Cow<'static, str>,
    /// How to fix it.
    pub help: &'static str,
}

impl Cause {
    /// Returns a cause.
    pub const fn new(id: &'static str, message: &'static str, help: &'static str) -> Self {
        Self { id, message: Cow::Borrowed(message), help }
    }
}
