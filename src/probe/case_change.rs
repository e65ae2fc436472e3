//! What changed in cases since a recording.

use serde::Serialize;

/// What changed in a case since a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseChange {
    /// It failed, and passes now.
    Fixed,
    /// It passed, and fails now.
    Regressed,
    /// It failed, and fails now.
    StillFailing,
    /// It passed, and passes now.
    StillPassing,
    /// It passed in one run and failed in another, now or in the recording.
    Unstable,
    /// The recording does not have it.
    New,
}

/// The names of cases by what changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CaseChanges {
    /// Those that failed, and pass now.
    pub fixed: Vec<String>,
    /// Those that passed, and fail now.
    pub regressed: Vec<String>,
    /// Those that failed, and fail now.
    pub still_failing: Vec<String>,
    /// Those that passed in one run and failed in another.
    pub unstable: Vec<String>,
    /// Those that the recording does not have.
    pub new: Vec<String>,
    /// Those of the recording that no longer exist.
    pub gone: Vec<String>,
    /// Those of the recording that did not run now.
    pub not_run: Vec<String>,
}

impl CaseChanges {
    /// Returns the lists that are not empty, each with its name.
    pub fn lists(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        let lists: [(&'static str, &[String]); 7] = [
            ("regressed", &self.regressed),
            ("fixed", &self.fixed),
            ("still failing", &self.still_failing),
            ("unstable", &self.unstable),
            ("new", &self.new),
            ("gone", &self.gone),
            ("not run", &self.not_run),
        ];
        lists.into_iter().filter(|(_, names)| !names.is_empty())
    }
}
