//! The probe cases of a scheme, and the bugs that their failures point to.

use std::fmt;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::fault::Fault;

/// The page with a fix for each case. The anchor is the id of the case.
const FIXES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/how-to/probe-fixes.md");

/// The id of a probe case: `sig/missing`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CaseId(pub &'static str);

impl CaseId {
    /// Returns the id for file names and anchors: `sig-missing`.
    pub fn file_name(self) -> String {
        self.0.replace('/', "-")
    }

    /// Returns the URL of the page that says how to fix the receiver.
    pub fn link(self) -> String {
        format!("{FIXES}#{}", self.file_name())
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

/// How severe a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// The receiver loses deliveries or accepts forged ones.
    Must,
    /// The receiver works, but could be safer or more robust.
    Should,
}

impl Level {
    /// Returns the keyword of RFC 2119: `MUST` or `SHOULD`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
        }
    }
}

/// How a case affects the grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// A valid delivery: a receiver that refuses it does not work.
    Valid,
    /// A forged delivery: a receiver that accepts it is not secure.
    Forged,
    /// Any other case.
    Other,
}

/// The description of a case.
#[derive(Clone, Copy, Debug)]
pub struct CaseInfo {
    /// The id.
    pub id: CaseId,
    /// How severe a failure is.
    pub level: Level,
    /// The specification or document that requires it.
    pub rule: &'static str,
    /// What the probe sends, and the expected response.
    pub sent: &'static str,
    /// How to fix a receiver that fails the case.
    pub help: &'static str,
    /// How the case affects the grade.
    pub role: Role,
}

/// The field names are part of the JSON output.
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

/// A case of an authentication scheme.
#[derive(Debug)]
pub struct AuthCase {
    /// The description of the case.
    pub info: CaseInfo,
    /// The request that the probe sends.
    pub request: AuthRequest,
    /// What the probe must know about the receiver to run the case.
    pub requires: Requirement,
}

/// What the probe must know about a receiver to run a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Requirement {
    /// Nothing in particular.
    #[default]
    None,
    /// The client key of the installation that the receiver accepts.
    ClientKey,
    /// The receiver fetches its keys from the key set that the probe serves.
    ServedKeys,
}

impl AuthCase {
    /// Returns the case of a valid delivery that the receiver must accept.
    pub const fn valid(id: CaseId, rule: &'static str, sent: &'static str, help: &'static str) -> Self {
        let info = CaseInfo { id, level: Level::Must, rule, sent, help, role: Role::Valid };
        Self { info, request: AuthRequest::Valid, requires: Requirement::None }
    }

    /// Returns the case of an unusual delivery that the receiver must accept.
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

    /// Returns the case of a delivery with a fault that the receiver must refuse.
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

    /// Returns the same case with a requirement.
    pub const fn requiring(self, requires: Requirement) -> Self {
        Self { requires, ..self }
    }
}

/// The request that a case sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthRequest {
    /// A valid delivery. The receiver must accept it.
    Valid,
    /// The same body written in several ways, each with valid credentials. The receiver must accept all of them.
    Spellings,
    /// A valid delivery that is marked as a retry. The receiver must accept it.
    Retry,
    /// A delivery signed with the second key of the key set. The receiver must accept it.
    SecondKey,
    /// A delivery with a fault. The receiver must refuse it.
    Fault(&'static Fault),
}

/// How a case failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// 2xx for a delivery that the receiver must refuse.
    Accepted,
    /// 4xx for a delivery that the receiver must accept.
    Refused(u16),
    /// 5xx.
    Crashed,
    /// Another status, usually a redirect.
    Other(u16),
    /// The receiver closed or refused the connection without a response.
    Closed,
    /// A 2xx, but too late.
    Late,
    /// No response within the time limit.
    Silent,
    /// The receiver ended in the wrong state.
    State,
}

impl Failure {
    /// Returns the failure as one word, for recordings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Refused(_) => "refused",
            Self::Crashed => "crashed",
            Self::Other(_) => "other",
            Self::Closed => "closed",
            Self::Late => "late",
            Self::Silent => "silent",
            Self::State => "state",
        }
    }
}

/// Selects the failures that a pattern covers.
pub type FailureFilter = fn(Failure) -> bool;

/// 2xx for a delivery that the receiver must refuse.
pub const ACCEPTED: FailureFilter = |failure| failure == Failure::Accepted;
/// Any 4xx for a delivery that the receiver must accept.
pub const REFUSED: FailureFilter = |failure| matches!(failure, Failure::Refused(_));
/// 5xx.
pub const CRASHED: FailureFilter = |failure| failure == Failure::Crashed;
/// The receiver closed the connection without a response.
pub const CLOSED: FailureFilter = |failure| failure == Failure::Closed;
/// No response within the time limit.
pub const SILENT: FailureFilter = |failure| failure == Failure::Silent;
/// A response that is too late, or none in time.
pub const LATE: FailureFilter = |failure| matches!(failure, Failure::Late | Failure::Silent);
/// No response at all, or not within the time limit.
pub const NO_RESPONSE: FailureFilter = |failure| matches!(failure, Failure::Closed | Failure::Silent);

/// A bug of a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct RootCause {
    /// What the receiver does wrong: `verifies re-serialized JSON`.
    pub cause: &'static str,
    /// How to fix the bug.
    pub help: &'static str,
}

/// Cases that fail together because of one bug.
#[derive(Debug)]
pub struct FailurePattern {
    /// How the cases fail.
    pub filter: FailureFilter,
    /// The cases, which must all fail in this way.
    pub cases: Cases,
    /// Other failures that the same bug explains. They point to no further bug.
    pub explains: Explains,
    /// The bug.
    pub cause: RootCause,
}

impl FailurePattern {
    /// Returns a pattern that explains no failures besides its cases.
    pub const fn new(filter: FailureFilter, cases: &'static [CaseId], cause: &'static str, help: &'static str) -> Self {
        Self { filter, cases: Cases::Ids(cases), explains: Explains::Nothing, cause: RootCause { cause, help } }
    }

    /// Returns the same pattern, which also explains these failures.
    pub const fn explaining(self, explains: Explains) -> Self {
        Self { explains, ..self }
    }
}

/// The cases of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cases {
    /// The cases that send valid deliveries ([`Role::Valid`]).
    Valid,
    /// The listed cases.
    Ids(&'static [CaseId]),
}

/// The failures that a bug explains besides its own cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explains {
    /// No other failures.
    Nothing,
    /// All failures of the same kind.
    Alike,
    /// Failures of the same kind among the listed cases.
    AlikeIds(&'static [CaseId]),
    /// Failures of the same kind among the cases of the scheme.
    AlikeInScheme,
    /// Any failure of the listed cases.
    Ids(&'static [CaseId]),
}
