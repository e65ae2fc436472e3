//! Probe cases for the tokens of Forge.

use super::faults;
use crate::auth::cases::{
    ACCEPTED, AuthCase, AuthRequest, CRASHED, CaseId, Explains, Failure, FailurePattern, Level, REFUSED, Requirement,
    Role,
};

const MUST: Level = Level::Must;
const SHOULD: Level = Level::Should;
const RULE: &str = "Atlassian's documentation, Verifying Forge requests";

const VALID: CaseId = CaseId("fit/valid");
const RETRY: CaseId = CaseId("fit/retry");
const ROTATED_KEY: CaseId = CaseId("fit/rotated-key");
const MISSING: CaseId = CaseId("fit/missing");
const MALFORMED: CaseId = CaseId("fit/malformed");
const BAD_SIGNATURE: CaseId = CaseId("fit/bad-signature");
const OTHER_KEY: CaseId = CaseId("fit/other-key");
const UNKNOWN_KID: CaseId = CaseId("fit/unknown-kid");
const WRONG_KID: CaseId = CaseId("fit/wrong-kid");
const ALG_NONE: CaseId = CaseId("fit/alg-none");
const HS256: CaseId = CaseId("fit/hs256-with-public-key");
const OTHER_AUDIENCE: CaseId = CaseId("fit/other-audience");
const OTHER_ISSUER: CaseId = CaseId("fit/other-issuer");
const EXPIRED: CaseId = CaseId("fit/expired");
const NOT_YET_VALID: CaseId = CaseId("fit/not-yet-valid");

const REFUSE: &str = "respond with 401 if the token is missing, before you read the body";
const VERIFY: &str = "before you read the claims, verify the signature with RS256 and the key from the JWKS";
const ALGORITHM: &str = "accept only RS256, and ignore `alg` of the token";
const KID: &str = "look up the key by `kid`, and respond with 401 if the JWKS does not have it";
const ROTATE: &str = "fetch the JWKS again if it does not have the `kid` of the token: Atlassian rotates its keys";
const AUDIENCE: &str = "compare `aud` with the id of your app: the same key signs the tokens of all Forge apps";
const ISSUER: &str = "compare `iss` with forge/invocation-token";
const EXPIRY: &str = "compare `exp` with the current time, with at most one minute of leeway";

#[rustfmt::skip]
pub(super) static CASES: &[AuthCase] = &[
    AuthCase::valid(VALID, RULE, "a delivery with a valid token: 2xx",
        "fetch the keys from `cfwh jwks --serve` or --jwks-port, and compare the app id with --app-id"),
    AuthCase::accepted(RETRY, RULE, AuthRequest::Retry, "a retry with `retryContext`: 2xx", "ignore unknown members"),
    AuthCase::accepted(ROTATED_KEY, RULE, AuthRequest::SecondKey, "signed with the second key of the JWKS: 2xx", ROTATE).requiring(Requirement::ServedKeys),
    AuthCase::refused(MISSING, MUST, Role::Forged, RULE, &faults::MISSING_CREDENTIALS, "no Authorization header: 4xx", REFUSE),
    AuthCase::refused(MALFORMED, MUST, Role::Forged, RULE, &faults::MALFORMED, "a token without its signature: 4xx", VERIFY),
    AuthCase::refused(BAD_SIGNATURE, MUST, Role::Forged, RULE, &faults::BAD_SIGNATURE, "the signature of another token: 4xx", VERIFY),
    AuthCase::refused(OTHER_KEY, MUST, Role::Forged, RULE, &faults::OTHER_KEY, "signed with a different key than `kid` names: 4xx", VERIFY),
    AuthCase::refused(UNKNOWN_KID, MUST, Role::Forged, RULE, &faults::UNKNOWN_KID, "signed with a key that is not in the JWKS: 4xx", KID),
    AuthCase::refused(WRONG_KID, SHOULD, Role::Other, RULE, &faults::WRONG_KID, "signed with the correct key, but `kid` is not in the JWKS: 4xx", KID),
    AuthCase::refused(ALG_NONE, MUST, Role::Forged, RULE, &faults::ALG_NONE, "not signed, `alg` is `none`: 4xx", ALGORITHM),
    AuthCase::refused(HS256, MUST, Role::Forged, RULE, &faults::HS256_WITH_PUBLIC_KEY, "signed with HS256 and the public key as the secret: 4xx", ALGORITHM),
    AuthCase::refused(OTHER_AUDIENCE, MUST, Role::Forged, RULE, &faults::OTHER_AUDIENCE, "a token for a different app: 4xx", AUDIENCE),
    AuthCase::refused(OTHER_ISSUER, MUST, Role::Other, RULE, &faults::OTHER_ISSUER, "a token from a different issuer: 4xx", ISSUER),
    AuthCase::refused(EXPIRED, MUST, Role::Other, RULE, &faults::EXPIRED, "a token that expired five minutes ago: 4xx", EXPIRY),
    AuthCase::refused(NOT_YET_VALID, SHOULD, Role::Other, RULE, &faults::NOT_YET_VALID, "a token that becomes valid in ten minutes: 4xx", "compare `nbf` with the current time"),
];

const FORGED: &[CaseId] = &[MISSING, BAD_SIGNATURE, OTHER_KEY];

#[rustfmt::skip]
pub(super) static PATTERNS: &[FailurePattern] = &[
    FailurePattern::new(ACCEPTED, FORGED, "does not verify tokens", VERIFY).explaining(Explains::AlikeInScheme),
    FailurePattern::new(CRASHED, FORGED, "responds with 5xx to an invalid token", "respond with 401: after any other status, Forge retries").explaining(Explains::AlikeInScheme),
    FailurePattern::new(ACCEPTED, &[BAD_SIGNATURE, OTHER_KEY], "does not verify the signature of tokens", VERIFY).explaining(Explains::AlikeIds(&[MALFORMED, UNKNOWN_KID, WRONG_KID, ALG_NONE, HS256])),
    FailurePattern::new(REFUSED, &[VALID], "refuses valid tokens", "fetch the keys from `cfwh jwks --serve` or --jwks-port, and compare the app id with --app-id").explaining(Explains::Alike),
    // Such a receiver refuses the first case and accepts the second.
    FailurePattern::new(|failure| matches!(failure, Failure::Refused(_) | Failure::Accepted), &[ROTATED_KEY, WRONG_KID], "always uses the first key of the JWKS", KID),
    FailurePattern::new(ACCEPTED, &[ALG_NONE, HS256], "trusts `alg` of the token", ALGORITHM),
    FailurePattern::new(ACCEPTED, &[ALG_NONE], "accepts tokens without a signature, with `alg` set to `none`", ALGORITHM),
    FailurePattern::new(ACCEPTED, &[HS256], "accepts HS256 with the public key as the secret", ALGORITHM),
    FailurePattern::new(REFUSED, &[ROTATED_KEY], "finds only the first key of the JWKS", ROTATE),
    FailurePattern::new(REFUSED, &[RETRY], "refuses retries", "ignore `retryContext`"),
    FailurePattern::new(ACCEPTED, &[WRONG_KID], "ignores kid", KID),
    FailurePattern::new(ACCEPTED, &[MISSING], "accepts deliveries without a token", REFUSE),
    FailurePattern::new(ACCEPTED, &[MALFORMED], "accepts a token without a signature", VERIFY),
    FailurePattern::new(ACCEPTED, &[OTHER_AUDIENCE], "does not check the audience", AUDIENCE),
    FailurePattern::new(ACCEPTED, &[OTHER_ISSUER], "does not check the issuer", ISSUER),
    FailurePattern::new(ACCEPTED, &[EXPIRED], "does not check exp", EXPIRY),
    FailurePattern::new(ACCEPTED, &[NOT_YET_VALID], "does not check nbf", "compare `nbf` with the current time"),
];
