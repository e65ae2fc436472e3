//! The cases that look at the state of the receiver.

use crate::auth::cases::{CaseId, CaseInfo, Level, Role};

/// How the deliveries of a story are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum StateCase {
    /// Each twice.
    Duplicate,
    /// Each again after its response did not come in time.
    Retry,
    /// Each on two connections at the same time, and others that happened in the same millisecond.
    Concurrent,
    /// In another order.
    Reordered,
    /// The whole story twice, and in another order.
    Story,
    /// The receiver is killed in between.
    Crash,
}

const DUPLICATE: CaseId = CaseId("state/duplicate");
const RETRY: CaseId = CaseId("state/retry");
const CONCURRENT: CaseId = CaseId("state/concurrent");
const REORDERED: CaseId = CaseId("state/reordered");
const STORY: CaseId = CaseId("state/story");
const CRASH: CaseId = CaseId("state/crash");

/// What Confluence guarantees.
const GUARANTEE: &str = "Confluence sends at least once, in any order";

/// The cases, in the order in which they are run.
#[rustfmt::skip]
pub(super) static ALL: [(CaseInfo, StateCase); 6] = [
    case(DUPLICATE, StateCase::Duplicate, "a story with each delivery twice: the state of the plain story",
        "remember the deliveries that you have applied, and answer 2xx to what you already have"),
    case(RETRY, StateCase::Retry, "a story with each delivery again after no response in time: the state of the plain story",
        "recognise a retry by its identifier, or by event, id and time, even while you work on the first attempt"),
    case(CONCURRENT, StateCase::Concurrent, "a story with each delivery on two connections at the same time, and one at the times of another: the state of the plain story",
        "let a unique key decide which of two deliveries is applied, and do not take the time alone for that key"),
    case(REORDERED, StateCase::Reordered, "a story backwards and shuffled: the state of the plain story",
        "apply what is newer by version or timestamp, and remember what was removed"),
    case(STORY, StateCase::Story, "a story twice, in order and shuffled: the state of the plain story",
        "remember deliveries for as long as senders repeat them, which is longer than a story"),
    case(CRASH, StateCase::Crash, "a story in which the receiver is killed after and before a 2xx, and restarted: the state of the plain story",
        "store a delivery and its effect in one transaction, and answer 2xx after it"),
];

const fn case(id: CaseId, case: StateCase, sent: &'static str, help: &'static str) -> (CaseInfo, StateCase) {
    (CaseInfo { id, level: Level::Must, rule: GUARANTEE, sent, help, role: Role::Other }, case)
}

impl StateCase {
    /// The option without which the case cannot be run, and what follows it on the command line.
    pub(super) const fn needs(self) -> &'static str {
        match self {
            Self::Crash => "--state and -- COMMAND",
            _ => "--state",
        }
    }
}
