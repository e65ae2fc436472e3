//! The order in which the deliveries of a story are sent, and how.

use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;

/// The seed of random orders, so that they are the same in every run.
const SEED: u64 = 3;

/// One step of a plan. The number is the position of the delivery in the story.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    /// It is sent.
    Deliver(usize),
    /// It is sent on two connections at the same time.
    AtOnce(usize),
    /// The connection is closed after this time, and it is sent again as a retry.
    Retry(usize, Duration),
    /// It is sent, and after the response it is sent again as a retry.
    RetryAfter(usize),
    /// It is sent until there is a 2xx, then the receiver is killed and started again.
    KillAfter(usize),
    /// The same, and then it is sent again: the sender may not have received the 2xx.
    KillAfterAndRepeat(usize),
    /// The receiver is killed while it processes the delivery, after this part of the usual response time. Then it is started, and
    /// the delivery is sent again.
    KillDuring(usize, f64),
}

impl Step {
    /// The position of the delivery in the story.
    pub(super) const fn position(self) -> usize {
        match self {
            Self::Deliver(at)
            | Self::AtOnce(at)
            | Self::Retry(at, _)
            | Self::RetryAfter(at)
            | Self::KillAfter(at)
            | Self::KillAfterAndRepeat(at)
            | Self::KillDuring(at, _) => at,
        }
    }

    /// Returns true if the receiver is killed.
    pub(super) const fn kills(self) -> bool {
        matches!(self, Self::KillAfter(_) | Self::KillAfterAndRepeat(_) | Self::KillDuring(..))
    }
}

/// The story in its order.
pub(super) fn plain(positions: impl IntoIterator<Item = usize>) -> Vec<Step> {
    positions.into_iter().map(Step::Deliver).collect()
}

/// Each delivery twice.
pub(super) fn duplicated(count: usize) -> Vec<Step> {
    plain((0..count).flat_map(|at| [at, at]))
}

/// Each delivery on two connections.
pub(super) fn at_once(count: usize) -> Vec<Step> {
    (0..count).map(Step::AtOnce).collect()
}

/// Each delivery again, after timeouts that some receivers meet and others do not.
pub(super) fn retried(count: usize) -> Vec<Step> {
    (0..count).map(|at| Step::Retry(at, PATIENCE[at % PATIENCE.len()])).collect()
}

/// Each again as a retry after the response.
pub(super) fn retried_after(count: usize) -> Vec<Step> {
    (0..count).map(Step::RetryAfter).collect()
}

/// The timeouts of first attempts.
pub(super) const PATIENCE: [Duration; 3] =
    [Duration::from_millis(2), Duration::from_millis(8), Duration::from_millis(25)];

/// In reverse order: each delivery arrives before the ones that precede it.
pub(super) fn backwards(count: usize) -> Vec<Step> {
    plain((0..count).rev())
}

/// In random order.
pub(super) fn shuffled(steps: Vec<Step>) -> Vec<Step> {
    let mut steps = steps;
    steps.shuffle(&mut ChaCha8Rng::seed_from_u64(SEED));
    steps
}

/// The story twice, one after the other.
pub(super) fn twice(count: usize) -> Vec<Step> {
    plain((0..count).chain(0..count))
}

/// The story in its order, with another step for some of the deliveries.
pub(super) fn with_kills(count: usize, kills: usize, kill: impl Fn(usize, usize) -> Step) -> Vec<Step> {
    let every = (count / kills).max(1);
    let step = |at: usize| if at % every == every - 1 { kill(at, at / every) } else { Step::Deliver(at) };
    (0..count).map(step).collect()
}

/// The steps with the deliveries before this position.
pub(super) fn prefix(steps: &[Step], count: usize) -> Vec<Step> {
    steps.iter().copied().filter(|step| step.position() < count).collect()
}

/// The story up to `last`, which is sent before the delivery at `before`.
pub(super) fn moved(last: usize, before: usize) -> Vec<Step> {
    plain((0..before).chain([last]).chain(before..last))
}
