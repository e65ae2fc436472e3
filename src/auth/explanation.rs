//! Why a delivery is not authentic, as far as it can be proven.

use serde::Serialize;

/// How much time an explanation may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Everything is tried.
    Thorough,
    /// What takes long on large bodies is left out: 1 MiB takes less than 50 ms.
    Quick,
}

/// Why credentials are not valid, as far as it can be proven.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[must_use]
pub struct Explanation {
    /// What reproduces the credentials that were received; empty when nothing does.
    pub causes: Vec<Cause>,
    /// How many candidates were compared.
    #[serde(skip)]
    pub tried: usize,
    /// What is ruled out when nothing was found.
    #[serde(skip)]
    pub ruled_out: &'static str,
}

/// One way to get credentials wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// Its stable name: `without-final-newline`.
    #[serde(rename = "cause")]
    pub id: &'static str,
    /// What happened, in one sentence.
    pub message: &'static str,
    /// How to fix it.
    pub help: &'static str,
}
