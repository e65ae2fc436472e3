//! A run that must have the effect of the plain story.

use super::plan::Step;

/// How a story is sent, and how often.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    pub(super) steps: Vec<Step>,
    /// Does it have the timestamps of the plain run? Otherwise each run has other timestamps.
    pub(super) has_same_times: bool,
    /// How often it runs, at most. Races do not show in every run.
    pub(super) attempts: usize,
}

impl Trial {
    /// Returns a trial that has the same effect in every run.
    pub(super) const fn certain(steps: Vec<Step>) -> Self {
        Self { steps, has_same_times: false, attempts: 1 }
    }

    /// Returns the same trial with this number of attempts.
    pub(super) fn with_attempts(self, attempts: usize) -> Self {
        Self { attempts, ..self }
    }
}
