//! A delivery that was applied twice, lost or overtaken.

use crate::auth::cases::{Failure, RootCause};

use super::super::case_request::CaseRequest;
use super::super::case_result::{CaseResult, ReceivedResponses};
use super::super::cases::Case;

/// Why a state is wrong.
#[derive(Clone, Debug)]
pub(super) struct StateFinding {
    /// What the receiver does wrong.
    pub(super) cause: RootCause,
    /// Which delivery shows it, and how the state differs.
    pub(super) sentence: String,
    /// The deliveries that show it, in the order in which they were sent.
    pub(super) requests: Vec<CaseRequest>,
}

impl StateFinding {
    /// Returns a finding without deliveries.
    pub(super) const fn new(cause: RootCause, sentence: String) -> Self {
        Self { cause, sentence, requests: Vec::new() }
    }

    /// Returns the result of the case.
    pub(super) fn result(self, case: Case) -> CaseResult {
        let received = ReceivedResponses {
            summary: self.sentence,
            request: self.requests.first().map(|request| request.label.clone()),
            ..ReceivedResponses::default()
        };
        let result = CaseResult::from_parts(case, received, Some(Failure::State), self.requests);
        CaseResult { follows_from: Some(self.cause.cause), ..result }
    }
}
