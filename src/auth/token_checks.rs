//! What the schemes with tokens check of their claims.

use jiff::Timestamp;

use super::jwt::token::UnverifiedToken;
use super::verdict::{Rejection, RejectionKind};

/// A rejection, for `?`.
pub(super) type TokenResult = Result<(), Rejection>;

/// Checks the algorithm that a token says it has: a receiver knows which one it must be.
pub(super) fn check_algorithm(token: &UnverifiedToken, algorithm: &str) -> TokenResult {
    if token.algorithm() == algorithm {
        return Ok(());
    }
    let message = format!("the token says `alg` {:?}, and only {algorithm} is accepted", token.algorithm());
    Err(Rejection::new(RejectionKind::WrongAlgorithm, message))
}

/// Checks `exp`, which a token must have, and `nbf`. There is no leeway.
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

/// The rejection of a token without this claim.
pub(super) fn missing(claim: &str) -> Rejection {
    Rejection::new(RejectionKind::Malformed, format!("the token has no `{claim}`"))
}

/// A time of a claim as people read it.
pub(super) fn describe_time(seconds: f64) -> String {
    #[allow(clippy::cast_possible_truncation, reason = "a float that does not fit becomes the nearest integer")]
    let time = Timestamp::from_second(seconds.floor() as i64);
    time.map_or_else(|_| seconds.to_string(), |time| time.to_string())
}
