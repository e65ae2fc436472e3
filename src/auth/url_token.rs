//! A token in the query of a URL.

use std::borrow::Cow;
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

use super::secret::Secret;

/// The characters that a query does not encode: the unreserved ones of RFC 3986.
pub(super) const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The text that replaces the value of a token in output.
const HIDDEN: &str = "[redacted]";

/// A parameter in the query of a URL, with a value that only the sender and the receiver know.
#[derive(Clone, Debug)]
pub struct UrlToken {
    pub(super) name: String,
    pub(super) value: Secret,
}

/// The error for text that is not a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlTokenError {
    /// The name is missing, or the equals sign is.
    #[error("write NAME=VALUE: a parameter of the query of the URL, and its value")]
    Form,
    /// The value is empty.
    #[error("the value of the token is empty: anyone could guess it")]
    Empty,
}

impl FromStr for UrlToken {
    type Err = UrlTokenError;

    /// Parses `NAME=VALUE`. Name and value are not decoded; they are encoded when they become part of a URL.
    fn from_str(text: &str) -> Result<Self, UrlTokenError> {
        let (name, value) = text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or(UrlTokenError::Form)?;
        Ok(Self { name: name.to_owned(), value: Secret::new(value).map_err(|_| UrlTokenError::Empty)? })
    }
}

impl UrlToken {
    /// Returns the encoded parameter with this value.
    fn parameter(&self, value: &str) -> String {
        format!("{}={}", utf8_percent_encode(&self.name, ENCODED), utf8_percent_encode(value, ENCODED))
    }

    /// Returns whether an encoded parameter has the name of the token.
    fn is_named(&self, parameter: &str) -> bool {
        *decoded(parameter.split_once('=').map_or(parameter, |(name, _)| name)) == *self.name.as_bytes()
    }

    /// Returns the decoded values of the token in a target.
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

    /// Returns a target with the token appended, with this value.
    pub(super) fn with_value(&self, target: &str, value: &str) -> String {
        let others = self.without_token(target);
        format!("{others}{}{}", if others.contains('?') { '&' } else { '?' }, self.parameter(value))
    }

    /// Returns a target with the token.
    pub(super) fn with_token(&self, target: &str) -> String {
        self.with_value(target, &String::from_utf8_lossy(self.value.bytes()))
    }

    /// Returns a target without the value of the token, valid or not, for output.
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

/// Returns the encoded parameters in the query of a target.
pub(super) fn parameters(target: &str) -> impl Iterator<Item = &str> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    query.split('&').filter(|parameter| !parameter.is_empty())
}

/// Decodes a name or a value of a query.
pub(super) fn decoded(text: &str) -> Cow<'_, [u8]> {
    if text.contains('+') {
        return percent_decode(text.replace('+', " ").as_bytes()).collect::<Vec<_>>().into();
    }
    percent_decode(text.as_bytes()).into()
}
