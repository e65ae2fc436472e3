//! When a request is retried, and after which pause. Confluence does not retry, so this is off unless asked for.

use std::time::{Duration, SystemTime};

use crate::models::request::Request;
use crate::models::response::Response;

use super::error::SendError;

/// Counts the retries of a delivery, from 1 (Jira's documentation).
pub const RETRY: &str = "X-Atlassian-Webhook-Retry";

/// The pause before the first retry; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause without `Retry-After`.
const MAX_PAUSE: Duration = Duration::from_secs(30);
/// The longest `Retry-After` that is honored. An endpoint that asks for more is down, for somebody at a terminal.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(120);

/// The most retries of one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetryPolicy(pub u32);

impl RetryPolicy {
    /// Returns the pause before the request is sent again, or `None` if it is not. `attempts` is how often it was sent.
    pub fn pause(self, attempts: u32, result: &Result<Response, SendError>) -> Option<Duration> {
        if attempts > self.0 || !is_transient(result) {
            return None;
        }
        let asked = result.as_ref().ok().and_then(retry_after).map(|pause| pause.min(MAX_RETRY_AFTER));
        Some(asked.unwrap_or_else(|| backoff(attempts, rand::random())))
    }
}

/// Returns whether another attempt may succeed: without a response, and with the statuses that Jira retries.
fn is_transient(result: &Result<Response, SendError>) -> bool {
    match result {
        Ok(response) => matches!(response.status, 408 | 409 | 425 | 429 | 500..=599),
        Err(SendError::Header(_) | SendError::Url { .. } | SendError::Interrupted | SendError::Skipped { .. }) => false,
        Err(_) => true,
    }
}

/// Half of the pause is random, so that senders that failed together do not return together.
fn backoff(attempts: u32, random: f64) -> Duration {
    let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(attempts - 1)).min(MAX_PAUSE);
    pause.mul_f64(0.5 + random / 2.0)
}

/// Returns the pause that the endpoint asks for: seconds, or a date (RFC 9110, section 10.2.3).
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers.text("Retry-After")?;
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value.trim()).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

/// Returns the request as its `retries`th retry: the same bytes and identifier, and the count.
pub fn with_retry_count(request: &Request, retries: u32) -> Request {
    let mut request = request.clone();
    request.headers_mut().set(RETRY, retries.to_string());
    request
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert!(RetryPolicy(1).pause(1, &response(status, None)).is_some(), "{status}");
        }
        for status in [200, 204, 301, 400, 401, 404, 410, 413, 422] {
            assert!(RetryPolicy(1).pause(1, &response(status, None)).is_none(), "{status}");
        }
        assert!(RetryPolicy(1).pause(1, &Err(SendError::ConnectionRefused)).is_some());
        assert!(RetryPolicy(1).pause(1, &Err(SendError::Header("A B".to_owned()))).is_none());
    }

    #[test]
    fn the_number_of_retries_is_limited() {
        assert!(RetryPolicy(2).pause(2, &response(503, None)).is_some());
        assert!(RetryPolicy(2).pause(3, &response(503, None)).is_none());
        assert!(RetryPolicy(0).pause(1, &response(503, None)).is_none());
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
        let pause = |value: &str| RetryPolicy(1).pause(1, &response(429, Some(value)));
        assert_eq!(pause("7"), Some(Duration::from_secs(7)));
        assert_eq!(pause("86400"), Some(MAX_RETRY_AFTER));
        assert_eq!(pause("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert!(pause("soon").is_some_and(|pause| pause <= FIRST_PAUSE));
    }
}
