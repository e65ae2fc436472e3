//! Measures how long a receiver takes to respond.

use std::cmp::Ordering;
use std::time::Duration;

use crate::auth::cases::Failure;

use super::case_result::{CaseResult, ReceivedResponses};
use super::cases::Case;
use super::time_case::{SLOW, TimeCase};

/// The time until a 2xx, or until the probe stopped waiting for it.
#[derive(Clone, Debug)]
pub(super) struct ResponseTime {
    /// The label of the request.
    pub(super) label: String,
    /// The case that it counts for.
    pub(super) time_case: TimeCase,
    pub(super) time: Duration,
    pub(super) timed_out: bool,
}

impl ResponseTime {
    /// Returns true if it is too long.
    pub(super) fn exceeds(&self, limit: Duration) -> bool {
        self.timed_out || self.time > limit
    }

    pub(super) fn is_faster_than(&self, other: &Self) -> bool {
        compare(self, other) == Ordering::Less
    }
}

fn compare(one: &ResponseTime, other: &ResponseTime) -> Ordering {
    (one.timed_out, one.time).cmp(&(other.timed_out, other.time))
}

/// Returns the slowest response.
pub(super) fn slowest(times: &[ResponseTime]) -> Option<&ResponseTime> {
    times.iter().max_by(|one, other| compare(one, other))
}

/// Returns the result of a case about the slowest of `count` responses.
pub(super) fn result(case: Case, count: usize, slowest: &ResponseTime, limit: Duration) -> CaseResult {
    let time = if slowest.timed_out {
        format!("no response within {}", in_words(slowest.time))
    } else {
        in_words(slowest.time)
    };
    let summary = if count == 1 { time } else { format!("{time} for the slowest of {count}: {}", slowest.label) };
    let received = ReceivedResponses { summary, ..ReceivedResponses::default() };
    let failure = if slowest.timed_out { Failure::Silent } else { Failure::Late };
    CaseResult::from_parts(case, received, slowest.exceeds(limit).then_some(failure), Vec::new())
}

/// `12 ms`, `1.4 s`
fn in_words(time: Duration) -> String {
    if time < SLOW { format!("{} ms", time.as_millis()) } else { format!("{:.1} s", time.as_secs_f64()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_response_is_the_slowest() {
        let time = |millis, timed_out| ResponseTime {
            label: "page_created".to_owned(),
            time_case: TimeCase::Fast,
            time: Duration::from_millis(millis),
            timed_out,
        };
        let times = [time(900, false), time(100, true), time(1200, false)];
        assert!(slowest(&times).is_some_and(|slowest| slowest.timed_out));
        assert!(times[1].exceeds(SLOW) && times[2].exceeds(SLOW) && !times[0].exceeds(SLOW));
        assert_eq!((in_words(times[0].time), in_words(times[2].time)), ("900 ms".to_owned(), "1.2 s".to_owned()));
    }
}
