//! The name and the value of a token in the query of a URL.

use std::borrow::Cow;
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

use super::secret::Secret;

/// What is not encoded in a query: the unreserved characters of RFC 3986.
pub(super) const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What is shown instead of the value of a token.
const HIDDEN: &str = "[redacted]";

/// A parameter of a URL's query whose value only the sender and the receiver know.
#[derive(Clone, Debug)]
pub struct UrlToken {
    pub(super) name: String,
    pub(super) value: Secret,
}

/// Why a text is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlTokenError {
    /// It has no equals sign, or nothing before it.
    #[error("write NAME=VALUE: the name of a parameter of the URL's query, and its value")]
    Form,
    /// It has no value.
    #[error("the value of the token is empty: anybody could guess it")]
    Empty,
}

impl FromStr for UrlToken {
    type Err = UrlTokenError;

    /// Parses `NAME=VALUE`. Both are taken as they are and encoded where they become part of a URL.
    fn from_str(text: &str) -> Result<Self, UrlTokenError> {
        let (name, value) = text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or(UrlTokenError::Form)?;
        Ok(Self { name: name.to_owned(), value: Secret::new(value).map_err(|_| UrlTokenError::Empty)? })
    }
}

impl UrlToken {
    /// Returns the parameter as it stands in a URL with this value.
    fn parameter(&self, value: &str) -> String {
        format!("{}={}", utf8_percent_encode(&self.name, ENCODED), utf8_percent_encode(value, ENCODED))
    }

    /// Is a parameter of a query, still encoded, the one of the token?
    fn is_named(&self, parameter: &str) -> bool {
        *decoded(parameter.split_once('=').map_or(parameter, |(name, _)| name)) == *self.name.as_bytes()
    }

    /// Returns the values that a target has for the token, decoded.
    pub(super) fn values<'a>(&self, target: &'a str) -> Vec<Cow<'a, [u8]>> {
        let parameters = parameters(target).filter(|parameter| self.is_named(parameter));
        parameters.map(|parameter| decoded(parameter.split_once('=').map_or("", |(_, value)| value))).collect()
    }

    /// Returns a target without the token.
    pub(super) fn without_token(&self, target: &str) -> String {
        let (path, _) = target.split_once('?').unwrap_or((target, ""));
        let others: Vec<_> = parameters(target).filter(|parameter| !self.is_named(parameter)).collect();
        if others.is_empty() { path.to_owned() } else { format!("{path}?{}", others.join("&")) }
    }

    /// Returns a target with this value of the token, at its end.
    pub(super) fn with_value(&self, target: &str, value: &str) -> String {
        let others = self.without_token(target);
        format!("{others}{}{}", if others.contains('?') { '&' } else { '?' }, self.parameter(value))
    }

    /// Returns a target with the right value of the token.
    pub(super) fn with_token(&self, target: &str) -> String {
        self.with_value(target, &String::from_utf8_lossy(self.value.bytes()))
    }

    /// Returns a target as it may be shown: without the value of the token, right or wrong.
    pub(super) fn redacted<'a>(&self, target: &'a str) -> Cow<'a, str> {
        if !parameters(target).any(|parameter| self.is_named(parameter)) {
            return Cow::Borrowed(target);
        }
        let (path, _) = target.split_once('?').unwrap_or((target, ""));
        let parameters = parameters(target).map(|parameter| match parameter.split_once('=') {
            Some((name, _)) if self.is_named(parameter) => format!("{name}={HIDDEN}"),
            _ => parameter.to_owned(),
        });
        Cow::Owned(format!("{path}?{}", parameters.collect::<Vec<_>>().join("&")))
    }
}

/// The parameters of a target's query, still encoded.
pub(super) fn parameters(target: &str) -> impl Iterator<Item = &str> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    query.split('&').filter(|parameter| !parameter.is_empty())
}

/// The bytes of a name or a value of a query.
pub(super) fn decoded(text: &str) -> Cow<'_, [u8]> {
    if text.contains('+') {
        return percent_decode(text.replace('+', " ").as_bytes()).collect::<Vec<_>>().into();
    }
    percent_decode(text.as_bytes()).into()
}
