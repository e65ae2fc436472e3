//! One example for each kind of failure of a load, in memory that does not grow with it.

use std::borrow::Cow;
use std::cmp::Reverse;

use super::error::SendError;
use super::load::SentRequest;
use super::load_stats::FailureExample;

/// The most kinds of failures that have an example. Further ones are in the counts only.
const MAX_KINDS: usize = 20;

/// A kind of failure: a status that is not 2xx, or a kind of error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Status(u16),
    Error(&'static str),
}

/// Collects failures.
#[derive(Debug, Default)]
pub struct FailureExamples(Vec<(Kind, FailureExample)>);

impl FailureExamples {
    /// Counts a delivery if it failed. One that was skipped was not sent.
    pub fn count(&mut self, sent: &SentRequest<'_>) {
        let kind = match &sent.result {
            Ok(response) if response.is_success() => return,
            Err(SendError::Skipped { .. }) => return,
            Ok(response) => Kind::Status(response.status),
            Err(error) => Kind::Error(error.code()),
        };
        if let Some((_, example)) = self.0.iter_mut().find(|(other, _)| *other == kind) {
            example.count += 1;
        } else if self.0.len() < MAX_KINDS {
            let response = sent.shown_response().map(Cow::into_owned);
            let example = FailureExample {
                count: 1,
                event: sent.prepared.event,
                source: sent.prepared.source.to_string(),
                status: response.as_ref().map(|response| response.status),
                error: sent.result.as_ref().err().map(SendError::sentence),
                response,
            };
            self.0.push((kind, example));
        }
    }

    /// Returns one example for each kind, the most frequent first.
    pub fn into_list(self) -> Vec<FailureExample> {
        let mut list: Vec<_> = self.0.into_iter().map(|(_, example)| example).collect();
        list.sort_by_key(|example| Reverse(example.count));
        list
    }
}
