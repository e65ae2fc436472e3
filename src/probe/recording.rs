//! The outcomes of a probe in a file, and what has changed since. A recording has neither times nor secrets, so it can be
//! committed beside the receiver.

use serde::{Deserialize, Serialize};

use crate::auth::cases::CaseId;

use super::case_change::{CaseChange, CaseChanges};
use super::case_result::CaseResult;

/// The version of the form of recordings.
const FORMAT: u32 = 1;

/// The outcomes of a probe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "recording")]
pub struct Recording {
    /// The version of its form.
    pub format: u32,
    /// The version of the program that wrote it.
    pub cfwh: String,
    /// The sender.
    pub profile: String,
    /// The authentication scheme; `none` if deliveries were not authenticated.
    pub auth: String,
    /// The outcome of every case that was run.
    pub cases: Vec<RecordedCase>,
}

/// The outcome of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedCase {
    /// The name of the case.
    pub case: String,
    /// How it ended.
    pub verdict: RecordedVerdict,
    /// How it failed, if it always failed in the same way: `accepted`, `refused`, `crashed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// How a case ended in the runs that were recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordedVerdict {
    /// It passed.
    Pass,
    /// It failed.
    Fail,
    /// It passed once and failed once.
    Unstable,
}

/// The recording cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file is another one.
    #[error("it is not a recording: {0}; fix: name a file that `cfwh probe --record` wrote")]
    NotOne(String),
    /// A newer version wrote it.
    #[error("it is a recording of form {0}, and this version reads form {FORMAT}; fix: record again, or update cfwh")]
    Newer(u32),
    /// It is of another sender or another scheme.
    #[error(
        "it is a recording with --profile {profile} and the authentication {auth}; fix: probe with the same, or record again"
    )]
    Other {
        /// Its profile.
        profile: String,
        /// Its authentication scheme.
        auth: String,
    },
}

impl Recording {
    /// Returns the outcomes of two runs of the same cases: what they do not agree on is unstable.
    pub fn new(profile: &str, auth: &str, first: &[CaseResult], second: &[CaseResult]) -> Self {
        let record = |result: &CaseResult| {
            let again = second.iter().find(|other| other.case.id() == result.case.id()).unwrap_or(result);
            let failure = |result: &CaseResult| result.failure.map(|failure| failure.name().to_owned());
            RecordedCase {
                case: result.case.id().0.to_owned(),
                verdict: match (result.has_failed(), again.has_failed()) {
                    (false, false) => RecordedVerdict::Pass,
                    (true, true) => RecordedVerdict::Fail,
                    _ => RecordedVerdict::Unstable,
                },
                failure: failure(result).filter(|name| failure(again).as_ref() == Some(name)),
            }
        };
        Self {
            format: FORMAT,
            cfwh: env!("CARGO_PKG_VERSION").to_owned(),
            profile: profile.to_owned(),
            auth: auth.to_owned(),
            cases: first.iter().map(record).collect(),
        }
    }

    /// Reads a recording.
    ///
    /// # Errors
    /// Returns an error if the bytes are no recording, or one that a newer version wrote.
    pub fn read(bytes: &[u8]) -> Result<Self, RecordingError> {
        // The form of a newer version may have other members.
        #[derive(Deserialize)]
        struct Head {
            r#type: String,
            format: u32,
        }
        let not_one = |error: serde_json::Error| RecordingError::NotOne(error.to_string());
        let head: Head = serde_json::from_slice(bytes).map_err(not_one)?;
        match head {
            Head { r#type, .. } if r#type != "recording" => {
                Err(RecordingError::NotOne(format!("its type is `{type}`")))
            }
            Head { format, .. } if format > FORMAT => Err(RecordingError::Newer(format)),
            _ => serde_json::from_slice(bytes).map_err(not_one),
        }
    }

    /// Checks that it is about the same sender and scheme.
    ///
    /// # Errors
    /// Returns an error if it is not: its cases would be others.
    pub fn check(&self, profile: &str, auth: &str) -> Result<(), RecordingError> {
        if (self.profile.as_str(), self.auth.as_str()) == (profile, auth) {
            return Ok(());
        }
        Err(RecordingError::Other { profile: self.profile.clone(), auth: self.auth.clone() })
    }

    /// Returns whether a case failed, or sometimes did.
    pub fn has_failed(&self, id: CaseId) -> bool {
        self.verdict(id).is_some_and(|verdict| verdict != RecordedVerdict::Pass)
    }

    /// Returns the names of the cases that passed once and failed once.
    pub fn unstable(&self) -> impl Iterator<Item = &str> {
        let unstable = self.cases.iter().filter(|case| case.verdict == RecordedVerdict::Unstable);
        unstable.map(|case| case.case.as_str())
    }

    /// Returns what has happened to a case.
    pub fn change(&self, result: &CaseResult) -> CaseChange {
        match (self.verdict(result.case.id()), result.has_failed()) {
            (None, _) => CaseChange::New,
            (Some(RecordedVerdict::Unstable), _) => CaseChange::Unstable,
            (Some(RecordedVerdict::Fail), false) => CaseChange::Fixed,
            (Some(RecordedVerdict::Fail), true) => CaseChange::StillFailing,
            (Some(RecordedVerdict::Pass), false) => CaseChange::StillPassing,
            (Some(RecordedVerdict::Pass), true) => CaseChange::Regressed,
        }
    }

    fn verdict(&self, id: CaseId) -> Option<RecordedVerdict> {
        self.cases.iter().find(|case| case.case == id.0).map(|case| case.verdict)
    }

    /// Sorts the cases by what has happened to them. `all` are the cases that there are.
    pub fn changes(&self, results: &[CaseResult], all: &[CaseId]) -> CaseChanges {
        let now = |change: CaseChange| {
            let these = results.iter().filter(|result| result.change == Some(change));
            these.map(|result| result.case.id().0.to_owned()).collect()
        };
        let is_run = |name: &str| results.iter().any(|result| result.case.id().0 == name);
        let missing = self.cases.iter().map(|case| &case.case).filter(|name| !is_run(name)).cloned();
        let (not_run, gone) = missing.partition(|name| all.iter().any(|id| id.0 == name));
        CaseChanges {
            fixed: now(CaseChange::Fixed),
            regressed: now(CaseChange::Regressed),
            still_failing: now(CaseChange::StillFailing),
            unstable: now(CaseChange::Unstable),
            new: now(CaseChange::New),
            gone,
            not_run,
        }
    }
}
