//! How fast a receiver responds.

use super::cases::Case;
use super::time_case::TimeCase;

/// How fast a receiver responds to a valid delivery. It decides which cases run: all of them would take too long with a slow
/// receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Within the timeout of the probe.
    Fast,
    /// Later, but before the sender times out or soon after.
    Slow,
    /// Not in that time.
    Silent,
}

impl Pace {
    /// Returns true if a case runs with such a receiver.
    pub const fn allows(self, case: &Case) -> bool {
        match self {
            Self::Fast => true,
            Self::Slow => {
                let is_valid = case.is_essential() && case.is_about_auth();
                is_valid || matches!(case.time_case(), Some(TimeCase::Limit | TimeCase::Fast))
            }
            Self::Silent => case.is_essential(),
        }
    }
}
