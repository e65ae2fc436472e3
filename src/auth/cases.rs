//! What a scheme contributes to `probe`: cases, and what failures among them point to.

use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::fault::Fault;

/// The page that says how to fix each case, at an anchor that is named after it.
const FIXES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/how-to/probe-fixes.md");

/// The name of a case: `sig/missing`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CaseId(pub &'static str);

impl CaseId {
    /// Returns the name as files and anchors have it: `sig-missing`.
    pub fn file_name(self) -> String {
        self.0.replace('/', "-")
    }

    /// Returns the URL of the page that says how to fix a receiver that fails the case.
    pub fn link(self) -> String {
        format!("{FIXES}#{}", self.file_name())
    }
}

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A valid delivery: a receiver that does not accept it is of no use.
    Valid,
    /// A forged delivery: a receiver that accepts it protects nothing.
    Forged,
    /// Anything else.
    Other,
}

/// What there is to know about a case before it is run.
#[derive(Clone, Copy, Debug)]
pub struct CaseInfo {
    /// Its name.
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
    pub role: Role,
}

/// The names of the fields are those of the JSON lines.
impl Serialize for CaseInfo {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut line = serializer.serialize_struct("CaseInfo", 7)?;
        line.serialize_field("case", &self.id)?;
        line.serialize_field("level", &self.level)?;
        line.serialize_field("role", &self.role)?;
        line.serialize_field("rule", self.rule)?;
        line.serialize_field("sent", self.sent)?;
        line.serialize_field("help", self.help)?;
        line.serialize_field("link", &self.id.link())?;
        line.end()
    }
}

/// A case that a scheme brings.
#[derive(Debug)]
pub struct AuthCase {
    /// What there is to know about it.
    pub info: CaseInfo,
    /// What is sent.
    pub request: AuthRequest,
    /// What must be known about the receiver to run it.
    pub requires: Requirement,
}

/// What must be known about a receiver to run a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Requirement {
    /// Nothing.
    #[default]
    None,
    /// Which installation it accepts tokens of.
    ClientKey,
    /// That it fetches its keys from the key set that the probe serves.
    ServedKeys,
}

impl AuthCase {
    /// Returns the case of a valid delivery, which must be accepted: a receiver that refuses it is of no use.
    pub const fn valid(id: CaseId, rule: &'static str, sent: &'static str, help: &'static str) -> Self {
        let info = CaseInfo { id, level: Level::Must, rule, sent, help, role: Role::Valid };
        Self { info, request: AuthRequest::Valid, requires: Requirement::None }
    }

    /// Returns the case of another delivery that must be accepted.
    pub const fn accepted(
        id: CaseId,
        rule: &'static str,
        request: AuthRequest,
        sent: &'static str,
        help: &'static str,
    ) -> Self {
        let info = CaseInfo { id, level: Level::Must, rule, sent, help, role: Role::Other };
        Self { info, request, requires: Requirement::None }
    }

    /// Returns the case of a delivery with this fault, which must be refused.
    pub const fn refused(
        id: CaseId,
        level: Level,
        role: Role,
        demanded_by: &'static str,
        fault: &'static Fault,
        sent: &'static str,
        help: &'static str,
    ) -> Self {
        let info = CaseInfo { id, level, rule: demanded_by, sent, help, role };
        Self { info, request: AuthRequest::Fault(fault), requires: Requirement::None }
    }

    /// Returns the same case, which needs this to be known.
    pub const fn requiring(self, requires: Requirement) -> Self {
        Self { requires, ..self }
    }
}

/// What a case of a scheme sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthRequest {
    /// A valid delivery, which must be accepted.
    Valid,
    /// The same body written in several ways, each with valid credentials, which must all be accepted.
    Spellings,
    /// A valid delivery that says that it is sent again, which must be accepted.
    Retry,
    /// A delivery that is signed with the second key of the key set, which must be accepted.
    SecondKey,
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
    /// The state of the receiver is not that which it must be.
    State,
}

impl Failure {
    /// Returns the failure in a word, for recordings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused(_) => "refused",
            Self::Crashed => "crashed",
            Self::Other(_) => "other",
            Self::Closed => "closed",
            Self::Silent => "silent",
            Self::State => "state",
        }
    }
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
