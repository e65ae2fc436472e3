//! Keeps one example of each kind of failure of a load, in bounded memory.

use std::borrow::Cow;
use std::cmp::Reverse;

use super::error::SendError;
use super::load::SentRequest;
use super::load_stats::FailureExample;
use super::outcome_kind::OutcomeKind;

/// The most kinds of failures with an example. Other kinds are only counted.
const MAX_KINDS: usize = 20;

/// Collects failures.
#[derive(Debug, Default)]
pub struct FailureExamples(Vec<(OutcomeKind, FailureExample)>);

impl FailureExamples {
    /// Counts a delivery if it failed. A skipped delivery was not sent and does not count.
    pub fn count(&mut self, sent: &SentRequest<'_>) {
        if sent.is_expected() || matches!(sent.result, Err(SendError::Skipped { .. })) {
            return;
        }
        let kind = OutcomeKind::of(&sent.result);
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

    /// Returns one example of each kind, the most frequent kind first.
    pub fn into_list(self) -> Vec<FailureExample> {
        let mut list: Vec<_> = self.0.into_iter().map(|(_, example)| example).collect();
        list.sort_by_key(|example| Reverse(example.count));
        list
    }
}
