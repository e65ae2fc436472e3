//! The cases that compare states of the receiver.

use crate::auth::cases::{CaseId, CaseInfo, Level, Role};

/// How the deliveries of a story are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum StateCase {
    /// Each twice.
    Duplicate,
    /// Each again after its response timed out.
    Retry,
    /// Each on two connections at the same time; then a story with the timestamps of another one.
    Concurrent,
    /// In another order.
    Reordered,
    /// The whole story twice, and in another order.
    Story,
    /// The receiver is killed and restarted during the story.
    Crash,
}

const DUPLICATE: CaseId = CaseId("state/duplicate");
const RETRY: CaseId = CaseId("state/retry");
const CONCURRENT: CaseId = CaseId("state/concurrent");
const REORDERED: CaseId = CaseId("state/reordered");
const STORY: CaseId = CaseId("state/story");
const CRASH: CaseId = CaseId("state/crash");

/// What Confluence guarantees about deliveries.
const GUARANTEE: &str = "Confluence sends at least once, in any order";

/// The cases, in the order in which they are run.
#[rustfmt::skip]
pub(super) static ALL: [(CaseInfo, StateCase); 6] = [
    case(DUPLICATE, StateCase::Duplicate, "a story with each delivery sent twice: same state as the plain story",
        "store which deliveries you applied, and respond with 2xx to duplicates"),
    case(RETRY, StateCase::Retry, "a story with each delivery retried after a timeout: same state as the plain story",
        "recognize a retry by its identifier, or by event, id and timestamp, even while you process the first attempt"),
    case(CONCURRENT, StateCase::Concurrent, "a story with each delivery on two connections at the same time, and one with the timestamps of another story: same state as the plain story",
        "let a unique key decide which of two copies is applied, and do not use the timestamp alone as that key"),
    case(REORDERED, StateCase::Reordered, "a story in reverse order and shuffled: same state as the plain story",
        "apply newer versions or timestamps only, and store removals"),
    case(STORY, StateCase::Story, "a story twice, in order and shuffled: same state as the plain story",
        "store identifiers for at least a day: senders repeat old deliveries"),
    case(CRASH, StateCase::Crash, "a story during which the receiver is killed after and before a 2xx, and restarted: same state as the plain story",
        "store a delivery and its effects in one transaction, and respond with 2xx after it"),
];

const fn case(id: CaseId, case: StateCase, sent: &'static str, help: &'static str) -> (CaseInfo, StateCase) {
    (CaseInfo { id, level: Level::Must, rule: GUARANTEE, sent, help, role: Role::Other }, case)
}

impl StateCase {
    /// The options that the case needs.
    pub(super) const fn needs(self) -> &'static str {
        match self {
            Self::Crash => "--state and -- COMMAND",
            _ => "--state",
        }
    }
}
