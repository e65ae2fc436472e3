//! The circuit breaker of a sender: after several failures in a row, it skips deliveries for some time.

use std::time::Duration;

/// Corrects rounding errors, because powers of 1.2 are not exact in a double: 14,400 ms must not become 14,399.
const ROUNDING: f64 = 1e-6;

/// The rule of a circuit breaker: when it skips deliveries, and how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BreakerRule {
    /// The number of failures in a row that opens the circuit.
    pub failures: u32,
    /// How long the sender skips deliveries after that number of failures.
    pub first: Duration,
    /// The factor for each further failure. 1.2 adds 20 %.
    pub factor: f64,
    /// The maximum duration.
    pub longest: Duration,
}

impl BreakerRule {
    /// Returns how long the sender skips deliveries after `failures` failures in a row, in whole milliseconds.
    pub fn skip(&self, failures: u32) -> Duration {
        let Some(more) = failures.checked_sub(self.failures) else { return Duration::ZERO };
        let factor = self.factor.powi(i32::try_from(more).unwrap_or(i32::MAX));
        let milliseconds = (self.first.as_secs_f64() * 1000.0 * factor).min(self.longest.as_secs_f64() * 1000.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is at most `longest`")]
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
    fn each_failure_skips_a_fifth_longer_up_to_two_hours() {
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
