//! The `Authorization` header, in which tokens are sent: a word for the kind of token, a blank, the token.

use super::explanation::{Cause, Explanation};
use super::jwt::token::UnverifiedToken;
use super::token_checks::describe_time;
use super::url_token::parameters;
use super::verdict::{Rejection, RejectionKind};
use crate::models::request::Request;

/// The header.
pub(super) const HEADER: &str = "Authorization";

/// How a kind of token is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TokenPrefix {
    /// The word before the token.
    pub(super) word: &'static str,
    /// Must the word have this case?
    pub(super) is_case_sensitive: bool,
    /// Who sends it so.
    pub(super) sender: &'static str,
}

/// Receivers of Connect compare the word to the letter (atlassian-connect-express 11.5.3 refuses `jwt`).
pub(super) const CONNECT: TokenPrefix = TokenPrefix { word: "JWT", is_case_sensitive: true, sender: "Connect" };
/// The word of RFC 6750, which has no case (RFC 9110, section 11.1).
pub(super) const FORGE: TokenPrefix = TokenPrefix { word: "Bearer", is_case_sensitive: false, sender: "Forge" };

impl TokenPrefix {
    /// Is this the word, in any case?
    fn is_scheme(self, word: &str) -> bool {
        word.eq_ignore_ascii_case(self.word)
    }

    /// Puts a token into a request, in place of what is there.
    pub(super) fn set(self, request: &mut Request, token: &str) {
        request.headers_mut().set(HEADER, self.value(token));
    }

    /// Returns the value of the header with this token.
    pub(super) fn value(self, token: &str) -> String {
        format!("{} {token}", self.word)
    }

    /// Puts credentials that somebody copied into a request: the header with or without its name, or the token alone.
    pub(super) fn attach(self, request: &mut Request, credentials: &str) {
        let value = match credentials.split_once(':') {
            Some((name, value)) if name.trim().eq_ignore_ascii_case(HEADER) => value.trim(),
            _ => credentials.trim(),
        };
        let value = if value.contains(' ') { value.to_owned() } else { self.value(value) };
        request.headers_mut().set(HEADER, value);
    }

    /// Reads the token of a request. Nothing of it is verified.
    ///
    /// # Errors
    /// Returns why there is none.
    pub(super) fn read(self, request: &Request) -> Result<UnverifiedToken, Rejection> {
        let malformed = |message: String| Rejection::new(RejectionKind::Malformed, message);
        let mut values = request.headers().all(HEADER);
        let Some(value) = values.next() else {
            let rejection = Rejection::new(RejectionKind::Unsigned, "the Authorization header is missing");
            let hint =
                find_elsewhere(request).map(|(place, _)| format!("a token is in {place}: it is expected in {HEADER}"));
            return Err(Rejection { hint, ..rejection });
        };
        if values.next().is_some() {
            // Receivers disagree on which of them counts.
            return Err(malformed("the header occurs more than once".to_owned()));
        }
        let Self { word, sender, .. } = self;
        let text = String::from_utf8_lossy(value);
        let (found, token) = text.split_once(' ').unwrap_or(("", &text));
        if !self.is_scheme(found) {
            let found = if found.is_empty() { "nothing".to_owned() } else { format!("`{found}`") };
            return Err(malformed(format!("{found} stands before the token: {sender} writes `{word}`")));
        }
        if self.is_case_sensitive && found != word {
            return Err(malformed(format!("`{found}` stands before the token: receivers accept `{word}` only")));
        }
        UnverifiedToken::read(token).map_err(|error| malformed(format!("it is not a token: {error}")))
    }

    /// Reads a token wherever it is and whatever stands before it, and adds what that shows to an explanation.
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
                    let message =
                        format!("`{word}` stands before the token, and {} writes `{}`", self.sender, self.word);
                    explanation.causes.push(Cause { message: message.into(), ..OTHER_SCHEME });
                }
                _ => {}
            }
            return Some(token);
        }
        if values.is_empty() {
            let (place, token) = find_elsewhere(request)?;
            explanation.causes.push(Cause { message: format!("the token is in {place}").into(), ..OTHER_PLACE });
            return Some(token);
        }
        None
    }
}

/// A token that is not in its header, and where it is.
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
    "the token is not in Authorization",
    "pass the header Authorization on unchanged: Apache and some proxies remove it (`WSGIPassAuthorization On`)",
);
const MISSING_SCHEME: Cause = Cause::new(
    "without-scheme",
    "nothing stands before the token",
    "write the word of the scheme and a blank before it",
);
const OTHER_SCHEME: Cause = Cause::new(
    "other-scheme",
    "another word stands before the token",
    "write the word of the scheme as the sender does",
);
const REPEATED: Cause = Cause::new(
    "repeated-header",
    "the header Authorization occurs more than once",
    "send it once: receivers disagree on which counts",
);

/// What the time `exp` or `nbf` of a token shows.
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
    "a token is for one delivery: verify it when it arrives, and compare the clocks of both sides",
);
const NOT_YET_VALID: Cause = Cause::new(
    "not-yet-valid",
    "the token is not valid yet",
    "compare the clocks of both sides: they must be synchronised",
);
