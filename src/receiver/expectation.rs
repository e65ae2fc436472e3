//! An expectation about the deliveries of a run.

use std::fmt;
use std::str::FromStr;

use crate::profiles::event_pattern::{EventPattern, UnknownPattern};

/// An expected number of deliveries: `page_created=2` is exactly two, `page_created` is at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The events.
    pub pattern: EventPattern,
    /// The exact number of deliveries; `None` is at least one.
    pub times: Option<u64>,
}

/// A text that is not an expectation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpectationError {
    /// The part before the `=`.
    #[error(transparent)]
    EventPattern(#[from] UnknownPattern),
    /// The part after it.
    #[error("`{0}` is not a number of deliveries; expected a number, like page_created=2")]
    Times(String),
}

impl FromStr for Expectation {
    type Err = ExpectationError;

    fn from_str(text: &str) -> Result<Self, ExpectationError> {
        let (pattern, times) = match text.split_once('=') {
            None => (text, None),
            Some((pattern, times)) => {
                (pattern, Some(times.trim().parse().map_err(|_| ExpectationError::Times(times.to_owned()))?))
            }
        };
        Ok(Self { pattern: pattern.trim().parse()?, times })
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.times {
            Some(times) => write!(f, "{}={times}", self.pattern),
            None => write!(f, "{}", self.pattern),
        }
    }
}

impl Expectation {
    /// Returns whether this number of deliveries meets the expectation.
    pub fn is_met(&self, received: u64) -> bool {
        self.times.map_or(received > 0, |times| received == times)
    }

    /// Returns whether this number of deliveries is too large.
    pub fn is_exceeded(&self, received: u64) -> bool {
        self.times.is_some_and(|times| received > times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_expectation_has_a_reason() {
        let error = |text: &str| text.parse::<Expectation>().expect_err("it is not an expectation").to_string();
        assert_eq!(
            error("page_created=x"),
            "`x` is not a number of deliveries; expected a number, like page_created=2"
        );
        assert!(error("page_create=2").contains("did you mean `page_created`?"));
    }
}
