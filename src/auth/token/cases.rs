//! How a receiver is tested for a token in its URL.

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

const REFUSE: &str = "answer 401 to a URL without the token, before anything reads the body";
const COMPARE: &str = "compare the whole value of the token, in constant time, and answer 401";

#[rustfmt::skip]
pub(super) static CASES: &[AuthCase] = &[
    AuthCase::valid(VALID, RULE, "a delivery with the token in its URL: 2xx", "compare the name and the value of the parameter with --token"),
    AuthCase::refused(MISSING, MUST, Role::Forged, RULE, &faults::MISSING_CREDENTIALS, "no token in the URL: 4xx", REFUSE),
    AuthCase::refused(EMPTY, MUST, Role::Forged, RULE, &faults::EMPTY_TOKEN, "a token without a value: 4xx", COMPARE),
    AuthCase::refused(WRONG, MUST, Role::Forged, RULE, &faults::WRONG_TOKEN, "another value of the token: 4xx", COMPARE),
    AuthCase::refused(IN_HEADER, SHOULD, Role::Other, RULE, &faults::TOKEN_IN_HEADER, "the token in a header instead of the URL: 4xx",
        "read the token from the URL only: the sender puts it nowhere else"),
];

#[rustfmt::skip]
pub(super) static PATTERNS: &[FailurePattern] = &[
    FailurePattern::new(ACCEPTED, &[MISSING, WRONG], "does not check the token", REFUSE).explaining(Explains::AlikeInScheme),
    FailurePattern::new(CRASHED, &[MISSING, WRONG], "answers a wrong token with 5xx", "answer 401: after a 5xx, senders try again").explaining(Explains::AlikeInScheme),
    FailurePattern::new(ACCEPTED, &[WRONG, EMPTY], "only checks whether there is a token", COMPARE),
    FailurePattern::new(REFUSED, &[VALID], "refuses the right token", "compare the name and the value of its parameter with --token").explaining(Explains::Alike),
    FailurePattern::new(ACCEPTED, &[MISSING], "accepts deliveries without the token", REFUSE),
    FailurePattern::new(ACCEPTED, &[EMPTY], "accepts an empty token", "refuse to start without a token: a variable that is not set is an empty one"),
    FailurePattern::new(ACCEPTED, &[WRONG], "does not compare the value of the token", COMPARE),
    FailurePattern::new(ACCEPTED, &[IN_HEADER], "accepts the token in a header", "read it from the URL only"),
];
