//! How long responses may take, for the cases that are about that.

use std::time::Duration;

use crate::profiles::Profile;

/// How much longer than the sender a probe waits, so that a late response is told from none.
pub(super) const MARGIN: Duration = Duration::from_millis(500);

/// When a receiver is slow, however long its sender waits: works that take longer belong into a queue.
pub(super) const SLOW: Duration = Duration::from_secs(1);

/// The time of senders that say nothing about it: the shortest that is known of one.
const UNKNOWN_LIMIT: Duration = Duration::from_secs(5);

/// How long the sender waits for a response, or should be expected to.
pub(super) fn limit(profile: &Profile) -> Duration {
    profile.timeout.unwrap_or(UNKNOWN_LIMIT)
}

/// Which times a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeCase {
    /// Those of deliveries that were sent one by one.
    Fast,
    /// Those of deliveries that were sent all at once.
    Burst,
}

impl TimeCase {
    /// The longest time that passes.
    pub(super) fn limit(self, profile: &Profile) -> Duration {
        let half = limit(profile) / 2;
        match self {
            Self::Fast => half.min(SLOW),
            Self::Burst => half,
        }
    }

    /// How many requests are measured if there are no others.
    pub(super) const fn requests(self) -> usize {
        match self {
            Self::Fast => 1,
            Self::Burst => 20,
        }
    }

    /// How often a slow response is measured again.
    pub(super) const fn attempts(self) -> usize {
        match self {
            Self::Fast => 2,
            Self::Burst => 1,
        }
    }
}
