//! A circuit breaker: after some failures in a row, a sender stops sending to a receiver for a while.

use std::time::Duration;

/// Keeps 14,400 ms from becoming 14,399: the powers of 1.2 are not exact in a double.
const ROUNDING: f64 = 1e-6;

/// When deliveries are skipped, and for how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BreakerRule {
    /// The failures in a row after which deliveries are skipped.
    pub failures: u32,
    /// How long they are skipped after that many.
    pub first: Duration,
    /// How much longer after each further failure: 1.2 is 20 %.
    pub factor: f64,
    /// The longest.
    pub longest: Duration,
}

impl BreakerRule {
    /// Returns how long deliveries are skipped after this many failures in a row, to the millisecond.
    pub fn skip(&self, failures: u32) -> Duration {
        let Some(more) = failures.checked_sub(self.failures) else { return Duration::ZERO };
        let factor = self.factor.powi(i32::try_from(more).unwrap_or(i32::MAX));
        let milliseconds = (self.first.as_secs_f64() * 1000.0 * factor).min(self.longest.as_secs_f64() * 1000.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is at most the longest")]
        Duration::from_millis((milliseconds + ROUNDING).floor() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The constants of Confluence Data Center.
    const RULE: BreakerRule =
        BreakerRule { failures: 5, first: Duration::from_secs(10), factor: 1.2, longest: Duration::from_secs(7200) };

    #[test]
    fn skips_grow_by_a_fifth_with_each_failure_up_to_two_hours() {
        for (failures, milliseconds) in [
            (0, 0),
            (1, 0),
            (4, 0),
            (5, 10_000),
            (6, 12_000),
            (7, 14_400),
            (8, 17_280),
            (10, 24_883),
            (15, 61_917),
            (20, 154_070),
            (30, 953_962),
            (41, 7_088_018),
            (42, 7_200_000),
            (1000, 7_200_000),
            (u32::MAX, 7_200_000),
        ] {
            assert_eq!(RULE.skip(failures), Duration::from_millis(milliseconds), "{failures} failures");
        }
    }
}
