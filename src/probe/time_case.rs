//! How long responses may take.

use std::time::Duration;

use crate::profiles::Profile;

/// A response that takes longer is slow, even if its sender waits for it: long work belongs in a queue.
pub(super) const SLOW: Duration = Duration::from_secs(1);

/// The timeout of senders that do not document one: the shortest documented timeout.
const UNKNOWN_LIMIT: Duration = Duration::from_secs(5);

/// How long the sender waits for a response.
pub(super) fn limit(profile: &Profile) -> Duration {
    profile.timeout.unwrap_or(UNKNOWN_LIMIT)
}

/// How long the probe waits for a response of a slow receiver. It is longer than the sender waits, so that the probe can tell a
/// late response from a missing one.
pub(super) fn patience(profile: &Profile) -> Duration {
    limit(profile) * 5 / 4
}

/// The response times that a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeCase {
    /// That of a delivery for which the probe waits longer than the sender.
    Limit,
    /// Those of deliveries that were sent one by one.
    Fast,
    /// Those of deliveries that were sent concurrently.
    Burst,
}

impl TimeCase {
    /// Returns the longest time that passes.
    pub(super) fn limit(self, profile: &Profile) -> Duration {
        let limit = limit(profile);
        match self {
            Self::Limit => limit,
            Self::Fast => (limit / 2).min(SLOW),
            Self::Burst => limit / 2,
        }
    }

    /// Returns how many requests are sent if no other case measured any.
    pub(super) const fn requests(self) -> usize {
        match self {
            Self::Limit | Self::Fast => 1,
            Self::Burst => 20,
        }
    }

    /// Returns how often a slow response is measured again.
    pub(super) const fn attempts(self) -> usize {
        match self {
            Self::Fast => 2,
            Self::Limit | Self::Burst => 1,
        }
    }
}
