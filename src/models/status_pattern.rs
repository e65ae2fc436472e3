//! Patterns for HTTP statuses.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// A status or a class of statuses: `401` or `2xx`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusPattern {
    /// One status.
    One(u16),
    /// All statuses that start with this digit.
    Class(u16),
}

/// The error for text that is not a status pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a status or a class of statuses, such as 401 or 2xx")]
pub struct StatusPatternError;

impl StatusPattern {
    /// Returns whether the pattern matches a status.
    pub const fn matches(self, status: u16) -> bool {
        match self {
            Self::One(one) => status == one,
            Self::Class(digit) => status / 100 == digit,
        }
    }
}

impl FromStr for StatusPattern {
    type Err = StatusPatternError;

    fn from_str(text: &str) -> Result<Self, StatusPatternError> {
        let pattern = match text.strip_suffix("xx").or_else(|| text.strip_suffix("XX")) {
            Some(digit) => digit.parse().ok().filter(|digit| (1..=9).contains(digit)).map(Self::Class),
            None => text.parse().ok().filter(|status| (100..=999).contains(status)).map(Self::One),
        };
        pattern.filter(|_| text.len() == 3).ok_or(StatusPatternError)
    }
}

impl fmt::Display for StatusPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(status) => write!(f, "{status}"),
            Self::Class(digit) => write!(f, "{digit}xx"),
        }
    }
}

impl Serialize for StatusPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The expected statuses: `2xx` by default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ExpectedStatuses(Vec<StatusPattern>);

impl ExpectedStatuses {
    /// Creates a set of patterns. Returns `None` if it is empty.
    pub fn new(patterns: impl Into<Vec<StatusPattern>>) -> Option<Self> {
        let patterns = patterns.into();
        (!patterns.is_empty()).then_some(Self(patterns))
    }

    /// Returns whether a status is expected.
    pub fn includes(&self, status: u16) -> bool {
        self.0.iter().any(|pattern| pattern.matches(status))
    }

    /// Returns whether exactly 2xx is expected, like senders do.
    pub fn is_success(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for ExpectedStatuses {
    fn default() -> Self {
        Self(vec![StatusPattern::Class(2)])
    }
}

impl fmt::Display for ExpectedStatuses {
    /// Writes `401` or `2xx or 4xx`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let patterns: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.pad(&patterns.join(" or "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_of_several_patterns_is_expected() {
        let both = ExpectedStatuses::new([StatusPattern::Class(2), StatusPattern::One(401)]).expect("two patterns");
        assert!(both.includes(204) && both.includes(401) && !both.includes(403) && !both.is_success());
        assert_eq!(both.to_string(), "2xx or 401");
        assert!(ExpectedStatuses::default().includes(299) && ExpectedStatuses::default().is_success());
        assert_eq!(ExpectedStatuses::new([]), None);
    }

    #[test]
    fn a_pattern_is_a_status_or_a_class() {
        let pattern = |text: &str| text.parse::<StatusPattern>();
        assert_eq!(pattern("401"), Ok(StatusPattern::One(401)));
        assert!(pattern("2xx").is_ok_and(|pattern| pattern.matches(204) && !pattern.matches(404)));
        assert_eq!(pattern("5XX").map(|pattern| pattern.to_string()), Ok("5xx".to_owned()));
        for wrong in ["", "xx", "0xx", "2x", "2xxx", "+99", "99", "1000", "ok", "20x"] {
            assert_eq!(pattern(wrong), Err(StatusPatternError), "{wrong}");
        }
    }
}
