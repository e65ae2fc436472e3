//! When a delivery is sent again, and after how long. Nothing is, unless it is asked for: Confluence does not.

use std::time::{Duration, SystemTime};

use crate::models::request::Request;
use crate::models::response::Response;

use super::endpoint::SendError;

/// Counts the retries on a retried delivery, from 1 (Jira's documentation).
pub const RETRY: &str = "X-Atlassian-Webhook-Retry";

/// The pause before the first retry; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// No pause of ours is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// No endpoint makes us wait longer: who asks for more is as good as down for a tool at a terminal.
const LONGEST_WISH: Duration = Duration::from_secs(120);

/// How often a delivery may be sent again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RetryPolicy(pub u32);

impl RetryPolicy {
    /// How long to wait before the delivery is sent again; `None` where it is not to be. `retries` is how many there were
    /// already.
    #[must_use]
    pub fn pause(self, retries: u32, result: &Result<Response, SendError>) -> Option<Duration> {
        if retries >= self.0 || !deserves_another(result) {
            return None;
        }
        let wish = result.as_ref().ok().and_then(retry_after).map(|wish| wish.min(LONGEST_WISH));
        Some(wish.unwrap_or_else(|| backoff(retries, rand::random())))
    }
}

/// No answer, and the statuses that Jira sends again on: 408, 409, 425, 429 and 5xx.
fn deserves_another(result: &Result<Response, SendError>) -> bool {
    match result {
        Ok(reply) => matches!(reply.status, 408 | 409 | 425 | 429 | 500..=599),
        Err(SendError::Header(_) | SendError::Url { .. } | SendError::Trust(_)) => false,
        Err(_) => true,
    }
}

/// Half of it by chance, so that many senders that failed together do not come back together.
fn backoff(retries: u32, chance: f64) -> Duration {
    let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(retries)).min(LONGEST_PAUSE);
    pause.div_f64(2.0) + pause.mul_f64(chance / 2.0)
}

/// What the endpoint asks for in `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).
fn retry_after(reply: &Response) -> Option<Duration> {
    let value = reply.headers.text("Retry-After")?;
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value.trim()).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

/// The same delivery as it is sent the `retries`th time again: same bytes, same identifier, and the count.
#[must_use]
pub fn again(delivery: &Request, retries: u32) -> Request {
    let mut delivery = delivery.clone();
    delivery.headers_mut().set(RETRY, retries.to_string());
    delivery
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::request::Headers;

    #[allow(clippy::unnecessary_wraps, reason = "it is what a sender returns")]
    fn reply(status: u16, retry_after: Option<&str>) -> Result<Response, SendError> {
        let mut headers = Headers::new();
        if let Some(value) = retry_after {
            headers.append("retry-after", value);
        }
        Ok(Response { status, headers, body: Vec::new(), elapsed: Duration::ZERO })
    }

    #[test]
    fn only_what_may_pass_is_sent_again() {
        for status in [408, 409, 425, 429, 500, 502, 503, 504] {
            assert!(RetryPolicy(1).pause(0, &reply(status, None)).is_some(), "{status}");
        }
        for status in [200, 204, 301, 400, 401, 404, 410, 413, 422] {
            assert!(RetryPolicy(1).pause(0, &reply(status, None)).is_none(), "{status}");
        }
        assert!(RetryPolicy(1).pause(0, &Err(SendError::Refused)).is_some());
        assert!(RetryPolicy(1).pause(0, &Err(SendError::Header("A B".to_owned()))).is_none());
    }

    #[test]
    fn there_is_an_end_to_it() {
        assert!(RetryPolicy(2).pause(1, &reply(503, None)).is_some());
        assert!(RetryPolicy(2).pause(2, &reply(503, None)).is_none());
        assert!(RetryPolicy(0).pause(0, &reply(503, None)).is_none());
    }

    #[test]
    fn pauses_grow_up_to_a_bound() {
        assert_eq!(backoff(0, 0.0), Duration::from_millis(125));
        assert_eq!(backoff(0, 1.0), Duration::from_millis(250));
        assert_eq!(backoff(3, 1.0), Duration::from_secs(2));
        assert_eq!(backoff(u32::MAX, 1.0), LONGEST_PAUSE);
    }

    #[test]
    fn the_endpoints_wish_is_heeded_within_bounds() {
        let pause = |wish: &str| RetryPolicy(1).pause(0, &reply(429, Some(wish)));
        assert_eq!(pause("7"), Some(Duration::from_secs(7)));
        assert_eq!(pause("86400"), Some(LONGEST_WISH));
        assert_eq!(pause("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        assert!(pause("soon").is_some_and(|pause| pause <= FIRST_PAUSE));
    }
}
