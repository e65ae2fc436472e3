//! Saves the outcomes of a probe, and compares later probes with them. A recording contains no times and no secrets, so it can be
//! committed with the receiver.

use serde::{Deserialize, Serialize};

use crate::auth::cases::CaseId;

use super::case_change::{CaseChange, CaseChanges};
use super::case_result::CaseResult;

/// The version of the file format.
const FORMAT: u32 = 1;

/// The outcomes of a probe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "recording")]
pub struct Recording {
    /// The version of the file format.
    pub format: u32,
    /// The version of the program that wrote it.
    pub cfwh: String,
    /// The profile of the sender.
    pub profile: String,
    /// The authentication scheme; `none` if deliveries were not authenticated.
    pub auth: String,
    /// The outcome of every case that ran.
    pub cases: Vec<RecordedCase>,
}

/// The members that recordings of all versions have.
#[derive(Deserialize)]
struct Head {
    r#type: String,
    format: u32,
}

/// The outcome of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedCase {
    /// The name of the case.
    pub case: String,
    /// How it ended.
    pub verdict: RecordedVerdict,
    /// How it failed, if it failed in the same way in both runs: `accepted`, `refused`, `crashed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// How a case ended in the two recorded runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RecordedVerdict {
    /// It passed.
    Pass,
    /// It failed.
    Fail,
    /// It passed in one run and failed in the other.
    Unstable,
}

/// The recording cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file is not a recording.
    #[error("it is not a recording: {0}; name a file that `cfwh probe --record` wrote")]
    NotOne(String),
    /// A newer version wrote it.
    #[error("its format is {0}, and this version reads format {FORMAT}; record again, or update cfwh")]
    Newer(u32),
    /// It was recorded with another profile or scheme.
    #[error(
        "it was recorded with --profile {profile} and the authentication {auth}; probe with the same options, or record again"
    )]
    Other {
        /// Its profile.
        profile: String,
        /// Its authentication scheme.
        auth: String,
    },
}

impl Recording {
    /// Returns the outcomes of two runs of the same cases. Cases that ended differently are unstable.
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
    /// Returns an error if the bytes are not a recording, or if a newer version wrote it.
    pub fn read(bytes: &[u8]) -> Result<Self, RecordingError> {
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

    /// Returns true if the bytes are a recording of any version.
    pub fn is_one(bytes: &[u8]) -> bool {
        serde_json::from_slice::<Head>(bytes).is_ok_and(|head| head.r#type == "recording")
    }

    /// Checks that it was recorded with this profile and scheme.
    ///
    /// # Errors
    /// Returns an error if it was not: the cases would be different.
    pub fn check(&self, profile: &str, auth: &str) -> Result<(), RecordingError> {
        if (self.profile.as_str(), self.auth.as_str()) == (profile, auth) {
            return Ok(());
        }
        Err(RecordingError::Other { profile: self.profile.clone(), auth: self.auth.clone() })
    }

    /// Returns true if a case failed in at least one run.
    pub fn has_failed(&self, id: CaseId) -> bool {
        self.verdict(id).is_some_and(|verdict| verdict != RecordedVerdict::Pass)
    }

    /// Returns the names of the unstable cases.
    pub fn unstable(&self) -> impl Iterator<Item = &str> {
        let unstable = self.cases.iter().filter(|case| case.verdict == RecordedVerdict::Unstable);
        unstable.map(|case| case.case.as_str())
    }

    /// Returns what changed in a case.
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

    /// Sorts the cases by what changed. `all` lists the existing cases.
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
