//! A circuit breaker like that of Data Center: after failures in a row, deliveries are skipped for a while.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::models::breaker::BreakerRule;

use super::error::SendError;

/// Counts failures in a row, and decides which deliveries are skipped.
///
/// Times are durations since any fixed time that the caller chooses.
#[derive(Debug)]
pub struct CircuitBreaker {
    rule: &'static BreakerRule,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// The number of failures in a row.
    failures: u32,
    /// The time until which deliveries are skipped.
    until: Duration,
}

impl CircuitBreaker {
    /// Returns a closed breaker.
    pub fn new(rule: &'static BreakerRule) -> Self {
        Self { rule, state: Mutex::default() }
    }

    /// Checks whether a delivery may be sent.
    ///
    /// # Errors
    /// Returns [`SendError::Skipped`] if it must not be sent. The delivery is lost.
    pub fn check(&self, now: Duration) -> Result<(), SendError> {
        let state = self.state();
        match state.until.checked_sub(now).filter(|left| !left.is_zero()) {
            Some(left) => Err(SendError::Skipped { failures: state.failures, left }),
            None => Ok(()),
        }
    }

    /// Counts the outcome of a delivery that was sent.
    pub fn record(&self, is_success: bool, now: Duration) {
        let mut state = self.state();
        if is_success {
            *state = State::default();
        } else {
            state.failures = state.failures.saturating_add(1);
            state.until = now + self.rule.skip(state.failures);
        }
    }

    /// A panic of another thread is raised when it is joined.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static RULE: BreakerRule =
        BreakerRule { failures: 2, first: Duration::from_secs(10), factor: 2.0, longest: Duration::from_secs(15) };

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn deliveries_are_skipped_until_the_time_is_over_and_a_success_resets_it() {
        let breaker = CircuitBreaker::new(&RULE);
        let is_open = |now| breaker.check(at(now)).is_err();
        breaker.record(false, at(100));
        assert!(!is_open(100), "one failure is too few");
        breaker.record(false, at(101));
        assert!(is_open(101) && is_open(110) && !is_open(111), "10 s");
        let error = breaker.check(at(104)).expect_err("it is skipped");
        assert_eq!(error.to_string(), "skipped after 2 failures in a row, for another 7 s");
        breaker.record(false, at(111));
        assert!(is_open(125) && !is_open(126), "15 s, the longest");
        breaker.record(true, at(126));
        breaker.record(false, at(127));
        assert!(!is_open(127), "it is the first failure again");
    }
}
