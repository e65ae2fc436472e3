//! What a scheme contributes to `probe`: cases, and what failures among them point to.

use std::fmt;

use serde::Serialize;

use super::fault::Fault;

/// The name of a case: `sig/missing`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct CaseId(pub &'static str);

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

/// How bad it is when a case fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Deliveries are lost, or forged ones are accepted.
    Must,
    /// It works, and could be better.
    Should,
}

impl Level {
    /// `MUST`, `SHOULD`
    pub const fn name(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
        }
    }
}

/// What a case means for the grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A valid delivery: a receiver that does not accept it is of no use.
    Valid,
    /// A forged delivery: a receiver that accepts it protects nothing.
    Forged,
    /// Anything else.
    Other,
}

/// What there is to know about a case before it is run. The names of the fields are those of the JSON lines.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CaseInfo {
    /// Its name.
    #[serde(rename = "case")]
    pub id: CaseId,
    /// How bad it is when it fails.
    pub level: Level,
    /// Who demands it.
    pub rule: &'static str,
    /// What is sent, and what must be received.
    pub sent: &'static str,
    /// How to fix a receiver that fails it.
    pub help: &'static str,
    /// What it means for the grade.
    #[serde(skip)]
    pub role: Role,
}

/// A case that a scheme brings.
#[derive(Debug)]
pub struct AuthCase {
    /// What there is to know about it.
    pub info: CaseInfo,
    /// What is sent.
    pub request: AuthRequest,
}

/// What a case of a scheme sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthRequest {
    /// A valid delivery, which must be accepted.
    Valid,
    /// The same body written in several ways, each with valid credentials, which must all be accepted.
    Spellings,
    /// A delivery with this fault, one of the scheme or a general one, which must be refused.
    Fault(&'static Fault),
}

/// How a case failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// A 2xx to what must be refused.
    Accepted,
    /// A 4xx to what must be accepted.
    Refused(u16),
    /// A 5xx.
    Crashed,
    /// Another status, mostly a redirect.
    Other(u16),
    /// The connection was closed, or never opened, without a response.
    Closed,
    /// No response in time.
    Silent,
}

/// Selects the failures that a pattern is about.
pub type FailureFilter = fn(Failure) -> bool;

/// A 2xx to what must be refused.
pub const ACCEPTED: FailureFilter = |failure| failure == Failure::Accepted;
/// Any 4xx to what must be accepted.
pub const REFUSED: FailureFilter = |failure| matches!(failure, Failure::Refused(_));
/// A 5xx.
pub const CRASHED: FailureFilter = |failure| failure == Failure::Crashed;
/// The connection was closed without a response.
pub const CLOSED: FailureFilter = |failure| failure == Failure::Closed;
/// No response in time.
pub const SILENT: FailureFilter = |failure| failure == Failure::Silent;
/// No response, in time or at all.
pub const NO_RESPONSE: FailureFilter = |failure| matches!(failure, Failure::Closed | Failure::Silent);

/// One bug of a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RootCause {
    /// What the receiver does: `verifies re-serialised JSON`.
    pub cause: &'static str,
    /// How to fix it.
    pub help: &'static str,
}

/// Cases that fail in the same way because of one bug.
#[derive(Debug)]
pub struct FailurePattern {
    /// How the cases fail.
    pub filter: FailureFilter,
    /// The cases, which all fail in this way.
    pub cases: Cases,
    /// Which other failures the same bug explains, so that they point to nothing else.
    pub explains: Explains,
    /// The bug.
    pub cause: RootCause,
}

impl FailurePattern {
    /// Returns the pattern of a bug that fails these cases, and explains no other failures.
    pub const fn new(filter: FailureFilter, cases: &'static [CaseId], cause: &'static str, help: &'static str) -> Self {
        Self { filter, cases: Cases::Ids(cases), explains: Explains::Nothing, cause: RootCause { cause, help } }
    }

    /// Returns the pattern of a bug that explains these failures, too.
    pub const fn explaining(self, explains: Explains) -> Self {
        Self { explains, ..self }
    }
}

/// The cases of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cases {
    /// Those that send valid deliveries ([`Role::Valid`]).
    Valid,
    /// These.
    Ids(&'static [CaseId]),
}

/// Which failures a bug explains besides its own cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explains {
    /// None.
    Nothing,
    /// All that fail in the same way.
    Alike,
    /// Those of these that fail in the same way.
    AlikeIds(&'static [CaseId]),
    /// All of the scheme that fail in the same way.
    AlikeInScheme,
    /// These, however they fail.
    Ids(&'static [CaseId]),
}
