//! Probe cases for token in the URL.

use super::faults;
use crate::auth::cases::{ACCEPTED, AuthCase, CRASHED, CaseId, Explains, FailurePattern, Level, REFUSED, Role};

const MUST: Level = Level::Must;
const SHOULD: Level = Level::Should;
const RULE: &str = "cfwh";

const VALID: CaseId = CaseId("token/valid");
const MISSING: CaseId = CaseId("token/missing");
const EMPTY: CaseId = CaseId("token/empty");
const WRONG: CaseId = CaseId("token/wrong");
const IN_HEADER: CaseId = CaseId("token/in-header");

const REFUSE: &str = "respond with 401 if the URL has no token, before you read the body";
const COMPARE: &str = "compare the whole token, in constant time, and respond with 401 if it differs";

#[rustfmt::skip]
pub(super) static CASES: &[AuthCase] = &[
    AuthCase::valid(VALID, RULE, "a delivery with the token in its URL: 2xx", "compare the name and the value of the parameter with --token"),
    AuthCase::refused(MISSING, MUST, Role::Forged, RULE, &faults::MISSING_CREDENTIALS, "no token in the URL: 4xx", REFUSE),
    AuthCase::refused(EMPTY, MUST, Role::Forged, RULE, &faults::EMPTY_TOKEN, "an empty token: 4xx", COMPARE),
    AuthCase::refused(WRONG, MUST, Role::Forged, RULE, &faults::WRONG_TOKEN, "a wrong token: 4xx", COMPARE),
    AuthCase::refused(IN_HEADER, SHOULD, Role::Other, RULE, &faults::TOKEN_IN_HEADER, "the token in a header instead of the URL: 4xx",
        "read the token only from the URL: the sender does not put it anywhere else"),
];

#[rustfmt::skip]
pub(super) static PATTERNS: &[FailurePattern] = &[
    FailurePattern::new(ACCEPTED, &[MISSING, WRONG], "does not check the token", REFUSE).explaining(Explains::AlikeInScheme),
    FailurePattern::new(CRASHED, &[MISSING, WRONG], "responds with 5xx to a wrong token", "respond with 401: senders retry after 5xx").explaining(Explains::AlikeInScheme),
    FailurePattern::new(ACCEPTED, &[WRONG, EMPTY], "only checks whether the URL has a token", COMPARE),
    FailurePattern::new(REFUSED, &[VALID], "refuses the correct token", "compare the name and the value of its parameter with --token").explaining(Explains::Alike),
    FailurePattern::new(ACCEPTED, &[MISSING], "accepts deliveries without the token", REFUSE),
    FailurePattern::new(ACCEPTED, &[EMPTY], "accepts an empty token", "refuse to start without a token: an unset variable is an empty token"),
    FailurePattern::new(ACCEPTED, &[WRONG], "does not compare the token", COMPARE),
    FailurePattern::new(ACCEPTED, &[IN_HEADER], "accepts the token in a header", "read the token only from the URL"),
];
