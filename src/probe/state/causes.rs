//! The bugs that lead to a wrong state.

use crate::auth::cases::RootCause;

const fn cause(cause: &'static str, help: &'static str) -> RootCause {
    RootCause { cause, help }
}

pub(super) const APPLIES_TWICE: RootCause = cause(
    "applies duplicates twice",
    "insert the identifier of each delivery (or its event, id and timestamp) under a unique key in the transaction that applies it, and respond with 2xx to duplicates",
);
pub(super) const RETRY_IS_NEW: RootCause = cause(
    "treats retries as new deliveries",
    "recognize a delivery by its identifier, or by event, id and timestamp, and not by its bytes: the body of a retry can differ",
);
pub(super) const RACES: RootCause = cause(
    "applies a delivery twice when two copies arrive together",
    "do not check first and insert later: insert under a unique key in the transaction that applies the delivery, and let the second insert fail",
);
pub(super) const DROPS_SAME_TIME: RootCause = cause(
    "drops deliveries with the same timestamp",
    "do not recognize duplicates by the timestamp alone: use the identifier of the delivery, or event, id and timestamp",
);
pub(super) const DROPS_LATER: RootCause = cause(
    "treats later updates of an object as duplicates",
    "include the version or timestamp in the key that recognizes duplicates: an object is updated many times",
);
pub(super) const LAST_WRITE_WINS: RootCause = cause(
    "lets an older delivery overwrite a newer one",
    "compare the version or timestamp with the stored one, and apply newer deliveries only",
);
pub(super) const DROPS_EARLY_UPDATES: RootCause = cause(
    "drops updates that arrive before the creation",
    "insert objects that you do not know yet: an update has all fields of the creation, and the creation arrives later with an older version",
);
pub(super) const FORGETS_REMOVALS: RootCause = cause(
    "loses removals that arrive before the creation",
    "store that the object was removed, and when, so that an older creation does not restore it",
);
pub(super) const FORGETS_DELIVERIES: RootCause = cause(
    "forgets deliveries that it applied",
    "store identifiers for at least a day, and not a fixed number of them: senders repeat old deliveries",
);
pub(super) const OTHER_ORDER: RootCause =
    cause("depends on the order of deliveries", "apply newer versions or timestamps only, and store removals");
pub(super) const ACKNOWLEDGES_FIRST: RootCause = cause(
    "acknowledges deliveries before it stores them",
    "respond with 2xx only after the delivery is stored: a sender does not repeat a delivery that got 2xx",
);
pub(super) const REMEMBERS_IN_MEMORY: RootCause = cause(
    "forgets applied deliveries when it restarts",
    "store the identifiers of deliveries in the database with their effects, not in memory",
);
pub(super) const APPLIES_PARTS: RootCause = cause(
    "applies a delivery in several transactions",
    "store the identifier of the delivery and all its effects in one transaction, so that a crash leaves all or nothing",
);
