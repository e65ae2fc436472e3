//! Retries: the body of a retry has the additional member `retryContext`.

use crate::json;
use crate::models::request::Request;
use crate::models::retry::{FailureKind, Retry};
use crate::profiles::profile::Profile;

/// Adds `retryContext` to a body without changing other bytes. A body that is not an object stays unchanged.
pub(super) fn write(profile: &Profile, retry: Retry, request: &mut Request) {
    let body = request.body();
    let Ok(tree) = json::parse(body) else { return };
    let event = profile.unwrap(&tree);
    let Some(members) = event.members() else { return };
    let context =
        format!(r#"{{"retryData":null,"retryCount":{},"retryReason":"{}"}}"#, retry.number, reason(retry.failure));
    // A captured delivery may be a retry itself.
    let (replaced, text) = if let Some(earlier) = event.get("retryContext") {
        (earlier.span(), context)
    } else {
        let separator = if members.is_empty() { "" } else { "," };
        let end = event.span().end - 1;
        (end..end, format!(r#"{separator}"retryContext":{context}"#))
    };
    let retried = [&body[..replaced.start], text.as_bytes(), &body[replaced.end..]].concat();
    *request = request.with_body(retried);
}

/// Atlassian's documentation, "Sending Atlassian app and lifecycle events to a remote".
const fn reason(failure: FailureKind) -> &'static str {
    match failure {
        FailureKind::Timeout => "TIMEOUT_ERROR",
        FailureKind::Unauthorized => "INVALID_FORGE_INVOCATION_TOKEN",
        FailureKind::Other => "INVALID_REMOTE_INVOCATION_ERROR",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::request::Headers;

    fn retried(body: &'static str, number: u32, failure: FailureKind) -> String {
        let mut request = Request::post("", Headers::new(), body);
        write(&crate::profiles::forge::PROFILE, Retry { number, failure }, &mut request);
        String::from_utf8(request.body().to_vec()).expect("UTF-8")
    }

    #[test]
    fn the_context_is_the_last_member_and_nothing_else_changes() {
        for (body, number, failure, expected) in [
            (
                r#"{"eventType":"avi:confluence:created:page", "a":1.0}"#,
                1,
                FailureKind::Timeout,
                r#"{"eventType":"avi:confluence:created:page", "a":1.0,"retryContext":{"retryData":null,"retryCount":1,"retryReason":"TIMEOUT_ERROR"}}"#,
            ),
            (
                r#"{"payload":{"eventType":"x"}}"#,
                2,
                FailureKind::Unauthorized,
                r#"{"payload":{"eventType":"x","retryContext":{"retryData":null,"retryCount":2,"retryReason":"INVALID_FORGE_INVOCATION_TOKEN"}}}"#,
            ),
            (
                r#"{"retryContext":{"retryCount":1},"a":2}"#,
                4,
                FailureKind::Other,
                r#"{"retryContext":{"retryData":null,"retryCount":4,"retryReason":"INVALID_REMOTE_INVOCATION_ERROR"},"a":2}"#,
            ),
            (
                "{}",
                1,
                FailureKind::Other,
                r#"{"retryContext":{"retryData":null,"retryCount":1,"retryReason":"INVALID_REMOTE_INVOCATION_ERROR"}}"#,
            ),
            ("[1]", 1, FailureKind::Other, "[1]"),
            ("not JSON", 1, FailureKind::Other, "not JSON"),
        ] {
            assert_eq!(retried(body, number, failure), expected);
        }
    }
}
