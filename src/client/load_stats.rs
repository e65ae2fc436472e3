//! Counts and latencies of many requests, in bounded memory.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

use crate::models::response::Response;
use crate::models::status_pattern::ExpectedStatuses;

use super::error::SendError;

/// Latencies are counted in microseconds up to an hour, with three digits.
const LONGEST: u64 = 3_600_000_000;
const DIGITS: u8 = 3;

/// Counts and latencies.
#[derive(Clone, Debug)]
pub struct LoadStats {
    /// Requests that were sent.
    pub sent: u64,
    /// Responses with an expected status.
    pub ok: u64,
    /// Responses with another status.
    pub refused: u64,
    /// Requests without a response.
    pub unanswered: u64,
    /// Requests that the circuit breaker skipped. They are lost.
    pub skipped: u64,
    /// Whether the endpoint sent responses without requests.
    pub has_extra_responses: bool,
    latencies: Histogram<u64>,
}

/// The summary of a load. The field names are those of the last line of `send --json`.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename = "summary")]
pub struct LoadSummary {
    /// Deliveries with an outcome.
    pub sent: u64,
    /// Deliveries with an expected response.
    pub ok: u64,
    /// Deliveries with another response.
    pub refused: u64,
    /// Deliveries without a response.
    pub unanswered: u64,
    /// The expected statuses.
    pub expected: ExpectedStatuses,
    /// Deliveries that a circuit breaker skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<u64>,
    /// The elapsed time.
    pub seconds: f64,
    /// Deliveries per second.
    pub rate: f64,
    /// The latencies of the responses.
    pub ms: Latencies,
    /// One example of each kind of failure, for a load.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<FailureExample>,
}

/// One kind of failure in a load, with the first example.
#[derive(Clone, Debug, Serialize)]
pub struct FailureExample {
    /// The number of deliveries with this status, or with an error of this kind.
    pub count: u64,
    /// The event of the first delivery.
    pub event: Option<&'static str>,
    /// The source of its body.
    pub source: String,
    /// The status of its response.
    pub status: Option<u16>,
    /// Why no response was received.
    pub error: Option<String>,
    /// Its response.
    pub response: Option<Response>,
}

/// Latencies in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Latencies {
    /// The median.
    pub p50: f64,
    /// The 90th percentile.
    pub p90: f64,
    /// The 99th percentile.
    pub p99: f64,
    /// The slowest.
    pub max: f64,
}

impl Default for LoadStats {
    fn default() -> Self {
        let latencies = Histogram::new_with_bounds(1, LONGEST, DIGITS).expect("the bounds are in order");
        Self { sent: 0, ok: 0, refused: 0, unanswered: 0, skipped: 0, has_extra_responses: false, latencies }
    }
}

impl LoadStats {
    /// Counts one request. A skipped request was not sent, and a request without a response has no latency.
    pub fn count(&mut self, result: &Result<Response, SendError>, is_expected: bool, latency: Duration) {
        if matches!(result, Err(SendError::Skipped { .. })) {
            self.skipped += 1;
            return;
        }
        self.sent += 1;
        match result {
            Ok(_) if is_expected => self.ok += 1,
            Ok(_) => self.refused += 1,
            Err(_) => {
                self.unanswered += 1;
                return;
            }
        }
        self.latencies.saturating_record(u64::try_from(latency.as_micros()).unwrap_or(LONGEST));
    }

    /// Adds the counts of another thread.
    pub(super) fn merge(mut self, other: &Self) -> Self {
        self.sent += other.sent;
        self.ok += other.ok;
        self.refused += other.refused;
        self.unanswered += other.unanswered;
        self.skipped += other.skipped;
        self.latencies.add(&other.latencies).expect("all have the same bounds");
        self
    }

    /// Summarizes a load that took this long.
    pub fn summary(&self, elapsed: Duration, expected: ExpectedStatuses) -> LoadSummary {
        let Self { sent, ok, refused, unanswered, skipped, .. } = *self;
        let seconds = elapsed.as_secs_f64();
        #[allow(clippy::cast_precision_loss, reason = "nobody sends 2^53 deliveries")]
        let rate = if seconds > 0.0 { sent as f64 / seconds } else { 0.0 };
        let skipped = Some(skipped).filter(|count| *count > 0);
        LoadSummary {
            sent,
            ok,
            refused,
            unanswered,
            expected,
            skipped,
            seconds,
            rate,
            ms: self.latencies(),
            examples: Vec::new(),
        }
    }

    /// Returns the latencies of all responses, or zeros without responses.
    pub fn latencies(&self) -> Latencies {
        #[allow(clippy::cast_precision_loss, reason = "an hour in microseconds is exact in a double")]
        let at = |quantile| self.latencies.value_at_quantile(quantile) as f64 / 1000.0;
        Latencies { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_are_those_of_the_responses() {
        let mut stats = LoadStats::default();
        for ms in 1..=99 {
            stats.count(&Ok(Response::text(200, "ok")), true, Duration::from_millis(ms));
        }
        stats.count(&Ok(Response::text(500, "down")), false, Duration::from_secs(1));
        let mut other = LoadStats::default();
        other.count(&Err(SendError::ConnectionRefused), false, Duration::from_secs(9));
        let stats = stats.merge(&other);
        assert_eq!((stats.sent, stats.ok, stats.refused, stats.unanswered), (101, 99, 1, 1));
        let Latencies { p50, p90, p99, max } = stats.latencies();
        let near = |value: f64, expected: f64| (value - expected).abs() <= expected / 1000.0;
        assert!(near(p50, 50.0) && near(p90, 90.0) && near(p99, 99.0) && near(max, 1000.0), "{p50} {p90} {p99} {max}");
    }
}
