//! The `Authorization` header: an authentication scheme (RFC 9110, section 11.1), a space, and a token.

use super::explanation::{Cause, Explanation};
use super::jwt::token::UnverifiedToken;
use super::token_checks::describe_time;
use super::url_token::parameters;
use super::verdict::{Rejection, RejectionKind};
use crate::models::request::Request;

/// The name of the header.
pub(super) const HEADER: &str = "Authorization";

/// The authentication scheme that precedes one kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TokenPrefix {
    /// The scheme: `Bearer`.
    pub(super) word: &'static str,
    /// Whether receivers compare the scheme with its exact case.
    pub(super) is_case_sensitive: bool,
    /// The sender that uses the scheme, for messages.
    pub(super) sender: &'static str,
}

/// Receivers of Connect webhooks compare the exact case: atlassian-connect-express 11.5.3 refuses `jwt`.
pub(super) const CONNECT: TokenPrefix = TokenPrefix { word: "JWT", is_case_sensitive: true, sender: "Connect" };
/// The scheme of RFC 6750. Schemes are case-insensitive (RFC 9110, section 11.1).
pub(super) const FORGE: TokenPrefix = TokenPrefix { word: "Bearer", is_case_sensitive: false, sender: "Forge" };

impl TokenPrefix {
    /// Returns whether `word` is the scheme, in any case.
    fn is_scheme(self, word: &str) -> bool {
        word.eq_ignore_ascii_case(self.word)
    }

    /// Sets the `Authorization` header of a request, and replaces any other.
    pub(super) fn set(self, request: &mut Request, token: &str) {
        request.headers_mut().set(HEADER, self.value(token));
    }

    /// Returns the value of the header with this token.
    pub(super) fn value(self, token: &str) -> String {
        format!("{} {token}", self.word)
    }

    /// Adds copied credentials to a request: a whole header line, its value, or the token alone.
    pub(super) fn attach(self, request: &mut Request, credentials: &str) {
        let value = match credentials.split_once(':') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case(HEADER) => value.trim(),
            _ => credentials.trim(),
        };
        let value = if value.contains(' ') { value.to_owned() } else { self.value(value) };
        request.headers_mut().set(HEADER, value);
    }

    /// Reads the token of a request, and verifies nothing.
    ///
    /// # Errors
    ///
    /// Returns an error if the request has no token in this scheme.
    pub(super) fn read(self, request: &Request) -> Result<UnverifiedToken, Rejection> {
        let malformed = |message: String| Rejection::new(RejectionKind::Malformed, message);
        let mut values = request.headers().all(HEADER);
        let Some(value) = values.next() else {
            let rejection = Rejection::new(RejectionKind::Unsigned, "the Authorization header is missing");
            let hint = find_elsewhere(request)
                .map(|(place, _)| format!("{place} has a token: send it in the {HEADER} header"));
            return Err(Rejection { hint, ..rejection });
        };
        if values.next().is_some() {
            // Receivers disagree on which one counts.
            return Err(malformed("the request has more than one Authorization header".to_owned()));
        }
        let Self { word, sender, .. } = self;
        let text = String::from_utf8_lossy(value);
        let (found, token) = text.split_once(' ').unwrap_or(("", &text));
        if !self.is_scheme(found) {
            let found = if found.is_empty() { "nothing".to_owned() } else { format!("`{found}`") };
            return Err(malformed(format!("the token follows {found}: {sender} sends `{word}`")));
        }
        if self.is_case_sensitive && found != word {
            return Err(malformed(format!("the token follows `{found}`: receivers accept only `{word}`")));
        }
        UnverifiedToken::read(token).map_err(|error| malformed(format!("the header has no valid token: {error}")))
    }

    /// Finds the token anywhere in a request, with any scheme, and adds the causes that this reveals to `explanation`.
    pub(super) fn find(self, request: &Request, explanation: &mut Explanation) -> Option<UnverifiedToken> {
        explanation.count("the header", 1, &[OTHER_PLACE.id, MISSING_SCHEME.id, OTHER_SCHEME.id, REPEATED.id]);
        let values: Vec<_> = request.headers().all(HEADER).map(String::from_utf8_lossy).collect();
        if values.len() > 1 {
            explanation.causes.push(REPEATED);
        }
        let token = values.iter().find_map(|value| {
            let (word, token) = value.split_once(' ').unwrap_or(("", value));
            let token = UnverifiedToken::read(token.trim()).ok()?;
            Some((word.to_owned(), token))
        });
        if let Some((word, token)) = token {
            match word.as_str() {
                "" => explanation.causes.push(MISSING_SCHEME),
                word if !self.is_scheme(word) || (self.is_case_sensitive && word != self.word) => {
                    let message = format!("the token follows `{word}`, but {} sends `{}`", self.sender, self.word);
                    explanation.causes.push(Cause { message: message.into(), ..OTHER_SCHEME });
                }
                _ => {}
            }
            return Some(token);
        }
        if values.is_empty() {
            let (place, token) = find_elsewhere(request)?;
            explanation.causes.push(Cause {
                message: format!("the token is in {place}, not in the Authorization header").into(),
                ..OTHER_PLACE
            });
            return Some(token);
        }
        None
    }
}

/// Returns a token that is outside its header, and where it is.
fn find_elsewhere(request: &Request) -> Option<(String, UnverifiedToken)> {
    let in_headers = request.headers().iter().find_map(|(name, value)| {
        let text = String::from_utf8_lossy(value).into_owned();
        let token = UnverifiedToken::read(text.rsplit(' ').next().unwrap_or_default()).ok()?;
        Some((format!("the header {name}"), token))
    });
    let in_query = || {
        parameters(request.target()).find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            Some((format!("the query of the URL, as {name}"), UnverifiedToken::read(value).ok()?))
        })
    };
    in_headers.or_else(in_query)
}

const OTHER_PLACE: Cause = Cause::new(
    "token-elsewhere",
    "the token is not in the Authorization header",
    "pass the Authorization header on unchanged: Apache and some proxies remove it (`WSGIPassAuthorization On`)",
);
const MISSING_SCHEME: Cause = Cause::new(
    "without-scheme",
    "the Authorization header has a token but no scheme",
    "send the scheme and a space before the token",
);
const OTHER_SCHEME: Cause =
    Cause::new("other-scheme", "the Authorization header has the wrong scheme", "send the same scheme as the sender");
const REPEATED: Cause = Cause::new(
    "repeated-header",
    "the request has more than one Authorization header",
    "send one header: receivers disagree on which one counts",
);

/// Adds the causes that `exp` and `nbf` of a token reveal.
pub(super) fn time_causes(token: &UnverifiedToken, now: f64, explanation: &mut Explanation) {
    explanation.count("the times", 2, &[EXPIRED.id, NOT_YET_VALID.id]);
    if let Some(expires) = token.time("exp").filter(|expires| now >= *expires) {
        let message = format!(
            "the token expired at {}, {:.0} s before {}",
            describe_time(expires),
            now - expires,
            describe_time(now)
        );
        explanation.causes.push(Cause { message: message.into(), ..EXPIRED });
    }
    if let Some(begins) = token.time("nbf").filter(|begins| now < *begins) {
        let message = format!(
            "the token is valid from {}, {:.0} s after {}",
            describe_time(begins),
            begins - now,
            describe_time(now)
        );
        explanation.causes.push(Cause { message: message.into(), ..NOT_YET_VALID });
    }
}

const EXPIRED: Cause = Cause::new(
    "expired",
    "the token has expired",
    "verify the token as soon as you receive it, and synchronize the clocks of both sides",
);
const NOT_YET_VALID: Cause =
    Cause::new("not-yet-valid", "the token is not valid yet", "synchronize the clocks of both sides");
