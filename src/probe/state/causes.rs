//! The bugs that wrong states point to.

use crate::auth::cases::RootCause;

const fn cause(cause: &'static str, help: &'static str) -> RootCause {
    RootCause { cause, help }
}

pub(super) const APPLIES_TWICE: RootCause = cause(
    "applies duplicates twice",
    "store the identifier of each delivery (or its event, id and time) under a unique key in the transaction that applies it, and answer 2xx to what is there already",
);
pub(super) const RETRY_IS_NEW: RootCause = cause(
    "takes retries for new deliveries",
    "recognise a delivery by its identifier, or by event, id and time, not by its bytes: a retry may say that it is one",
);
pub(super) const RACES: RootCause = cause(
    "applies a delivery twice when its copy comes before it is done",
    "do not look first and insert then: insert under a unique key in the transaction that applies the delivery, and let the second insert fail",
);
pub(super) const DROPS_SAME_TIME: RootCause = cause(
    "drops deliveries of the same millisecond",
    "do not recognise duplicates by the timestamp alone: take the identifier of the delivery, or event, id and time",
);
pub(super) const DROPS_LATER: RootCause = cause(
    "takes later deliveries about the same object for duplicates",
    "add the version or the timestamp to what you recognise duplicates by: an object is updated many times",
);
pub(super) const LAST_WRITE_WINS: RootCause = cause(
    "lets an older delivery overwrite a newer one",
    "compare the version or the timestamp with what is stored, and apply only what is newer",
);
pub(super) const DROPS_EARLY_UPDATES: RootCause = cause(
    "drops updates that arrive before the creation",
    "insert what you do not know yet: an update has all that the creation has, and the creation comes later with an older version",
);
pub(super) const FORGETS_REMOVALS: RootCause = cause(
    "forgets removals that arrive before the creation",
    "store that the object was removed, and when, so that an older creation does not bring it back",
);
pub(super) const FORGETS_DELIVERIES: RootCause = cause(
    "forgets deliveries that it has applied",
    "remember identifiers for as long as senders repeat deliveries, a day at least, not a fixed number of them",
);
pub(super) const OTHER_ORDER: RootCause = cause(
    "ends in another state when deliveries come in another order",
    "apply what is newer by version or timestamp, and remember what was removed",
);
pub(super) const ACKNOWLEDGES_FIRST: RootCause = cause(
    "acknowledges before it stores",
    "answer 2xx only after the delivery is stored: what got a 2xx is never sent again",
);
pub(super) const REMEMBERS_IN_MEMORY: RootCause = cause(
    "forgets at a restart what it has applied",
    "store the identifiers of deliveries with their effects, not in memory",
);
pub(super) const APPLIES_PARTS: RootCause = cause(
    "applies a delivery in parts",
    "store the identifier of the delivery and all its effects in one transaction, so that a crash leaves all or nothing",
);
