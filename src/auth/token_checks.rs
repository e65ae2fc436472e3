//! Checks of claims that all token schemes share.

use jiff::Timestamp;

use super::jwt::token::UnverifiedToken;
use super::verdict::{Rejection, RejectionKind};

/// The result of a check, for `?`.
pub(super) type TokenResult = Result<(), Rejection>;

/// Checks `alg`. A receiver must expect one algorithm and must not choose it by the token.
pub(super) fn check_algorithm(token: &UnverifiedToken, algorithm: &str) -> TokenResult {
    if token.algorithm() == algorithm {
        return Ok(());
    }
    let message = format!("`alg` of the token is {:?}: only {algorithm} is accepted", token.algorithm());
    Err(Rejection::new(RejectionKind::WrongAlgorithm, message))
}

/// Checks `exp`, which is required, and `nbf`, without leeway.
pub(super) fn check_times(token: &UnverifiedToken, now: f64) -> TokenResult {
    let Some(expires) = token.time("exp") else { return Err(missing("exp")) };
    if now >= expires {
        let message = format!("the token expired at {}", describe_time(expires));
        return Err(Rejection::new(RejectionKind::Expired, message));
    }
    match token.time("nbf") {
        Some(begins) if now < begins => {
            let message = format!("the token is valid from {}", describe_time(begins));
            Err(Rejection::new(RejectionKind::NotYetValid, message))
        }
        _ => Ok(()),
    }
}

/// Returns the rejection of a token without this claim.
pub(super) fn missing(claim: &str) -> Rejection {
    Rejection::new(RejectionKind::Malformed, format!("the token has no `{claim}`"))
}

/// Formats the time of a claim for people.
pub(super) fn describe_time(seconds: f64) -> String {
    #[allow(clippy::cast_possible_truncation, reason = "a float that does not fit becomes the nearest integer")]
    let time = Timestamp::from_second(seconds.floor() as i64);
    time.map_or_else(|_| seconds.to_string(), |time| time.to_string())
}
