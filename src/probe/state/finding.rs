//! A delivery that was applied twice, lost or overtaken.

use crate::auth::cases::{Failure, RootCause};

use super::super::case_request::CaseRequest;
use super::super::case_result::{CaseResult, ReceivedResponses};
use super::super::cases::Case;

/// Why a state is wrong.
#[derive(Clone, Debug)]
pub(super) struct StateFinding {
    /// What the receiver does, if that is known.
    pub(super) cause: RootCause,
    /// Which delivery it is about, and what the state is.
    pub(super) sentence: String,
    /// The deliveries that show it, in the order in which they were sent.
    pub(super) requests: Vec<CaseRequest>,
}

impl StateFinding {
    /// The result of the case.
    pub(super) fn result(self, case: Case) -> CaseResult {
        let received = ReceivedResponses {
            summary: self.sentence,
            request: self.requests.first().map(|request| request.label.clone()),
            ..ReceivedResponses::default()
        };
        CaseResult::from_parts(case, received, Some(Failure::State), self.requests)
    }
}
