//! Decides whether and when a request is retried. Confluence does not retry, so retries are off by default.

use std::time::{Duration, SystemTime};

use crate::models::response::Response;
use crate::models::retry::FailureKind;
use crate::models::status_pattern::ExpectedStatuses;

use super::error::SendError;

/// The pause before the first retry; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause without `Retry-After`.
const MAX_PAUSE: Duration = Duration::from_secs(30);
/// The longest `Retry-After` that is honored. For a user at a terminal, an endpoint that asks for more is down.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(120);

/// Which requests are retried, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The most retries of one request.
    pub count: u32,
    /// The pause before each retry. Without it, pauses grow.
    pub delay: Option<Duration>,
    /// Whether every response that is not a 2xx is retried, and `Retry-After` is ignored. Some senders do this.
    pub retries_everything: bool,
}

impl RetryPolicy {
    /// Returns the pause before the next attempt, or `None` if the request is not retried. `attempts` counts the attempts so
    /// far. An expected response ends the retries, whatever its status.
    pub fn pause(
        self,
        attempts: u32,
        result: &Result<Response, SendError>,
        expected: &ExpectedStatuses,
    ) -> Option<Duration> {
        if result.as_ref().is_ok_and(|response| expected.includes(response.status)) {
            return None;
        }
        let is_retried = if self.retries_everything { has_failed(result) } else { is_transient(result) };
        if attempts > self.count || !is_retried {
            return None;
        }
        let response = result.as_ref().ok().filter(|_| !self.retries_everything);
        let asked = response.and_then(retry_after).map(|pause| pause.min(MAX_RETRY_AFTER));
        Some(asked.or(self.delay).unwrap_or_else(|| backoff(attempts, rand::random())))
    }
}

/// Returns whether an attempt failed with no response or a response that is not a 2xx. A request that cannot be sent is
/// not retried, because it would fail again.
fn has_failed(result: &Result<Response, SendError>) -> bool {
    match result {
        Ok(response) => !response.is_success(),
        Err(error) => !is_final(error),
    }
}

const fn is_final(error: &SendError) -> bool {
    matches!(error, SendError::Header(_) | SendError::Url { .. } | SendError::Interrupted | SendError::Skipped { .. })
}

/// Describes why an attempt failed.
pub fn failure_kind(result: &Result<Response, SendError>) -> FailureKind {
    match result {
        Ok(response) if response.status == 401 => FailureKind::Unauthorized,
        Err(SendError::Timeout(_) | SendError::BodyTimeout { .. }) => FailureKind::Timeout,
        _ => FailureKind::Other,
    }
}

/// Returns whether another attempt may succeed: after no response, or a status that Jira retries.
fn is_transient(result: &Result<Response, SendError>) -> bool {
    match result {
        Ok(response) => matches!(response.status, 408 | 409 | 425 | 429 | 500..=599),
        Err(error) => !is_final(error),
    }
}

/// Makes half of the pause random, so that senders that failed together do not retry together.
fn backoff(attempts: u32, random: f64) -> Duration {
    let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(attempts - 1)).min(MAX_PAUSE);
    pause.mul_f64(0.5 + random / 2.0)
}

/// Returns the pause from `Retry-After`: seconds or a date (RFC 9110, section 10.2.3).
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers.text("Retry-After")?;
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value.trim()).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn up_to(count: u32) -> RetryPolicy {
        RetryPolicy { count, ..RetryPolicy::default() }
    }

    fn pause(policy: RetryPolicy, attempts: u32, result: &Result<Response, SendError>) -> Option<Duration> {
        policy.pause(attempts, result, &ExpectedStatuses::default())
    }

    #[allow(clippy::unnecessary_wraps, reason = "it is what a sender returns")]
    fn response(status: u16, retry_after: Option<&str>) -> Result<Response, SendError> {
        let mut response = Response::text(status, "no");
        if let Some(value) = retry_after {
            response.headers.append("retry-after", value);
        }
        Ok(response)
    }

    #[test]
    fn only_transient_failures_are_retried() {
        for status in [408, 409, 425, 429, 500, 502, 503, 504] {
            assert!(pause(up_to(1), 1, &response(status, None)).is_some(), "{status}");
        }
        for status in [200, 204, 301, 400, 401, 404, 410, 413, 422] {
            assert!(pause(up_to(1), 1, &response(status, None)).is_none(), "{status}");
        }
        assert!(pause(up_to(1), 1, &Err(SendError::ConnectionRefused)).is_some());
        assert!(pause(up_to(1), 1, &Err(SendError::Header("A B".to_owned()))).is_none());
    }

    #[test]
    fn the_number_of_retries_is_limited() {
        assert!(pause(up_to(2), 2, &response(503, None)).is_some());
        assert!(pause(up_to(2), 3, &response(503, None)).is_none());
        assert!(pause(up_to(0), 1, &response(503, None)).is_none());
    }

    #[test]
    fn pauses_grow_up_to_a_bound() {
        assert_eq!(backoff(1, 0.0), Duration::from_millis(125));
        assert_eq!(backoff(1, 1.0), Duration::from_millis(250));
        assert_eq!(backoff(4, 1.0), Duration::from_secs(2));
        assert_eq!(backoff(u32::MAX, 1.0), MAX_PAUSE);
    }

    #[test]
    fn retry_after_is_honored_within_bounds() {
        let honored = |value: &str| pause(up_to(1), 1, &response(429, Some(value)));
        assert_eq!(honored("7"), Some(Duration::from_secs(7)));
        assert_eq!(honored("86400"), Some(MAX_RETRY_AFTER));
        assert_eq!(honored("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert!(honored("soon").is_some_and(|pause| pause <= FIRST_PAUSE));
    }

    #[test]
    fn a_sender_may_retry_everything_after_the_same_pause() {
        let delay = Duration::from_secs(60);
        let policy = RetryPolicy { count: 4, delay: Some(delay), retries_everything: true };
        for status in [301, 400, 401, 404, 422, 500] {
            assert_eq!(pause(policy, 4, &response(status, Some("7"))), Some(delay), "{status}");
            assert_eq!(pause(policy, 5, &response(status, None)), None, "{status}");
        }
        assert_eq!(pause(policy, 1, &response(204, None)), None);
        assert_eq!(pause(policy, 1, &Err(SendError::Closed)), Some(delay));
        assert_eq!(pause(policy, 1, &Err(SendError::Interrupted)), None);
    }

    #[test]
    fn a_pause_that_was_chosen_gives_way_to_retry_after() {
        let policy = RetryPolicy { delay: Some(Duration::from_millis(5)), ..up_to(1) };
        assert_eq!(pause(policy, 1, &response(503, None)), Some(Duration::from_millis(5)));
        assert_eq!(pause(policy, 1, &response(503, Some("7"))), Some(Duration::from_secs(7)));
    }

    #[test]
    fn an_expected_response_is_not_retried() {
        let expected = ExpectedStatuses::new(["503".parse().expect("a pattern")]).expect("a pattern");
        assert_eq!(up_to(3).pause(1, &response(503, None), &expected), None);
        assert!(up_to(3).pause(1, &response(500, None), &expected).is_some());
        assert_eq!(up_to(3).pause(1, &response(200, None), &expected), None, "a 2xx is never retried");
    }

    #[test]
    fn failures_have_a_kind() {
        assert_eq!(failure_kind(&response(401, None)), FailureKind::Unauthorized);
        assert_eq!(failure_kind(&response(403, None)), FailureKind::Other);
        assert_eq!(failure_kind(&Err(SendError::Timeout(Duration::ZERO))), FailureKind::Timeout);
        assert_eq!(failure_kind(&Err(SendError::Closed)), FailureKind::Other);
    }
}
