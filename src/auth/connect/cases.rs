//! Probe cases for the tokens of Connect.

use super::faults;
use crate::auth::cases::{
    ACCEPTED, AuthCase, CRASHED, CaseId, Explains, FailurePattern, Level, REFUSED, Requirement, Role,
};

const MUST: Level = Level::Must;
const RULE: &str = "Atlassian's Connect documentation";

const VALID: CaseId = CaseId("jwt/valid");
const MISSING: CaseId = CaseId("jwt/missing");
const MALFORMED: CaseId = CaseId("jwt/malformed");
const BAD_SIGNATURE: CaseId = CaseId("jwt/bad-signature");
const OTHER_SECRET: CaseId = CaseId("jwt/other-secret");
const EMPTY_KEY: CaseId = CaseId("jwt/empty-key");
const ALG_NONE: CaseId = CaseId("jwt/alg-none");
const EXPIRED: CaseId = CaseId("jwt/expired");
const OTHER_ISSUER: CaseId = CaseId("jwt/other-issuer");
const OTHER_PATH: CaseId = CaseId("jwt/qsh-other-path");
const OTHER_METHOD: CaseId = CaseId("jwt/qsh-other-method");
const OTHER_QUERY: CaseId = CaseId("jwt/qsh-other-query");
const MISSING_QSH: CaseId = CaseId("jwt/qsh-missing");
const CONTEXT_QSH: CaseId = CaseId("jwt/qsh-context");

const REFUSE: &str = "respond with 401 if the token is missing, before you read the body";
const VERIFY: &str = "before you read the claims, verify the signature with HS256 and the secret of the installation";
const SET_SECRET: &str = "refuse tokens if the installation has no secret: anyone can sign with an empty secret";
const ALGORITHM: &str = "accept only HS256, and ignore `alg` of the token";
const HASH: &str = "compute `qsh` from the method, path and query of the request, and compare it with the token";

#[rustfmt::skip]
pub(super) static CASES: &[AuthCase] = &[
    AuthCase::valid(VALID, RULE, "a delivery with a valid token: 2xx", "check the secret, the scheme `JWT`, and the path of the app's base URL (--app-path)"),
    AuthCase::refused(MISSING, MUST, Role::Forged, RULE, &faults::MISSING_CREDENTIALS, "no Authorization header: 4xx", REFUSE),
    AuthCase::refused(MALFORMED, MUST, Role::Forged, RULE, &faults::MALFORMED, "a token without its signature: 4xx", VERIFY),
    AuthCase::refused(BAD_SIGNATURE, MUST, Role::Forged, RULE, &faults::BAD_SIGNATURE, "the signature of another token: 4xx", VERIFY),
    AuthCase::refused(OTHER_SECRET, MUST, Role::Forged, RULE, &faults::OTHER_SECRET, "signed with a different secret: 4xx", VERIFY),
    AuthCase::refused(EMPTY_KEY, MUST, Role::Forged, RULE, &faults::EMPTY_KEY, "signed with an empty secret: 4xx", SET_SECRET),
    AuthCase::refused(ALG_NONE, MUST, Role::Forged, RULE, &faults::ALG_NONE, "not signed, `alg` is `none`: 4xx", ALGORITHM),
    AuthCase::refused(EXPIRED, MUST, Role::Other, RULE, &faults::EXPIRED, "a token that expired five minutes ago: 4xx", "compare `exp` with the current time, with at most one minute of leeway"),
    AuthCase::refused(OTHER_ISSUER, MUST, Role::Other, RULE, &faults::OTHER_ISSUER, "the client key of another installation: 4xx",
        "look up the secret by `iss`, and respond with 401 if the installation is unknown").requiring(Requirement::ClientKey),
    AuthCase::refused(OTHER_PATH, MUST, Role::Other, RULE, &faults::WRONG_QSH, "a token for a different path: 4xx", HASH),
    AuthCase::refused(OTHER_METHOD, MUST, Role::Other, RULE, &faults::OTHER_METHOD, "a token for a GET request: 4xx", HASH),
    AuthCase::refused(OTHER_QUERY, MUST, Role::Other, RULE, &faults::OTHER_QUERY, "a token for a different query: 4xx", HASH),
    AuthCase::refused(MISSING_QSH, MUST, Role::Other, RULE, &faults::MISSING_QSH, "a token without `qsh`: 4xx", "refuse a token without `qsh`"),
    AuthCase::refused(CONTEXT_QSH, MUST, Role::Forged, RULE, &faults::CONTEXT_TOKEN, "a context token, with `qsh` set to `context-qsh`: 4xx",
        "refuse `context-qsh` at this URL: anyone who opens a page of the app has such a token"),
];

const FORGED: &[CaseId] = &[MISSING, BAD_SIGNATURE, OTHER_SECRET];

#[rustfmt::skip]
pub(super) static PATTERNS: &[FailurePattern] = &[
    FailurePattern::new(ACCEPTED, FORGED, "does not verify tokens", VERIFY).explaining(Explains::AlikeInScheme),
    FailurePattern::new(CRASHED, FORGED, "responds with 5xx to an invalid token", "respond with 401").explaining(Explains::AlikeInScheme),
    FailurePattern::new(ACCEPTED, &[BAD_SIGNATURE, OTHER_SECRET], "does not verify the signature of tokens", VERIFY).explaining(Explains::AlikeIds(&[MALFORMED, EMPTY_KEY, ALG_NONE])),
    FailurePattern::new(REFUSED, &[VALID], "refuses valid tokens", "compare its secret with the secret of the probe, and check that it accepts the scheme `JWT`").explaining(Explains::Alike),
    FailurePattern::new(ACCEPTED, &[OTHER_PATH, OTHER_METHOD, OTHER_QUERY], "does not check qsh", HASH).explaining(Explains::AlikeIds(&[MISSING_QSH, CONTEXT_QSH])),
    FailurePattern::new(ACCEPTED, &[MISSING], "accepts deliveries without a token", REFUSE),
    FailurePattern::new(ACCEPTED, &[ALG_NONE], "trusts `alg` of the token", ALGORITHM),
    FailurePattern::new(ACCEPTED, &[MALFORMED], "accepts a token without a signature", VERIFY),
    FailurePattern::new(ACCEPTED, &[EMPTY_KEY], "accepts tokens signed with an empty secret", SET_SECRET),
    FailurePattern::new(ACCEPTED, &[EXPIRED], "does not check exp", "compare `exp` with the current time"),
    FailurePattern::new(ACCEPTED, &[OTHER_ISSUER], "does not check the issuer", "look up the secret by `iss`"),
    FailurePattern::new(ACCEPTED, &[CONTEXT_QSH], "accepts context tokens", "refuse `context-qsh` at this URL"),
    FailurePattern::new(ACCEPTED, &[MISSING_QSH], "accepts tokens without qsh", "refuse a token without `qsh`"),
    FailurePattern::new(ACCEPTED, &[OTHER_PATH], "ignores the path when it checks qsh", HASH),
    FailurePattern::new(ACCEPTED, &[OTHER_METHOD], "ignores the method when it checks qsh", HASH),
    FailurePattern::new(ACCEPTED, &[OTHER_QUERY], "ignores the query when it checks qsh", HASH),
];
