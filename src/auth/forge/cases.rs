//! How a receiver is tested for the tokens of Forge.

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

const REFUSE: &str = "answer 401 to what has no token, before anything reads the body";
const VERIFY: &str = "verify the signature with RS256 and the key of the JWKS before you read the claims";
const ALGORITHM: &str = "accept RS256 only, whatever the header of the token says";
const KID: &str = "look up the key by the `kid` of the token, and answer 401 if the JWKS has none";
const ROTATE: &str = "fetch the JWKS again if it has no key with the `kid` of the token: Atlassian changes its keys";
const AUDIENCE: &str =
    "compare `aud` with the id of your app: every Forge app gets tokens that are signed with the same key";
const ISSUER: &str = "compare `iss` with forge/invocation-token";
const EXPIRY: &str = "compare `exp` with the time, with a leeway of a minute at most";

#[rustfmt::skip]
pub(super) static CASES: &[AuthCase] = &[
    AuthCase::valid(VALID, RULE, "a delivery with a valid token: 2xx",
        "let it fetch its keys from `cfwh jwks --serve` or from --jwks-port, and compare the id of the app with --app-id"),
    AuthCase::accepted(RETRY, RULE, AuthRequest::Retry, "a delivery that is sent again, with `retryContext`: 2xx", "ignore members that you do not know"),
    AuthCase::accepted(ROTATED_KEY, RULE, AuthRequest::SecondKey, "signed with the second key of the JWKS: 2xx", ROTATE).requiring(Requirement::ServedKeys),
    AuthCase::refused(MISSING, MUST, Role::Forged, RULE, &faults::MISSING_CREDENTIALS, "no Authorization: 4xx", REFUSE),
    AuthCase::refused(MALFORMED, MUST, Role::Forged, RULE, &faults::MALFORMED, "a token without its signature: 4xx", VERIFY),
    AuthCase::refused(BAD_SIGNATURE, MUST, Role::Forged, RULE, &faults::BAD_SIGNATURE, "the signature of another token: 4xx", VERIFY),
    AuthCase::refused(OTHER_KEY, MUST, Role::Forged, RULE, &faults::OTHER_KEY, "signed with another key than `kid` names: 4xx", VERIFY),
    AuthCase::refused(UNKNOWN_KID, MUST, Role::Forged, RULE, &faults::UNKNOWN_KID, "signed with a key that the JWKS does not have: 4xx", KID),
    AuthCase::refused(WRONG_KID, SHOULD, Role::Other, RULE, &faults::WRONG_KID, "signed with the right key, with a `kid` that the JWKS does not have: 4xx", KID),
    AuthCase::refused(ALG_NONE, MUST, Role::Forged, RULE, &faults::ALG_NONE, "not signed, with the algorithm `none`: 4xx", ALGORITHM),
    AuthCase::refused(HS256, MUST, Role::Forged, RULE, &faults::HS256_WITH_PUBLIC_KEY, "signed with HS256, with the public key as the secret: 4xx", ALGORITHM),
    AuthCase::refused(OTHER_AUDIENCE, MUST, Role::Forged, RULE, &faults::OTHER_AUDIENCE, "a token for another app: 4xx", AUDIENCE),
    AuthCase::refused(OTHER_ISSUER, MUST, Role::Other, RULE, &faults::OTHER_ISSUER, "a token by another issuer: 4xx", ISSUER),
    AuthCase::refused(EXPIRED, MUST, Role::Other, RULE, &faults::EXPIRED, "a token that expired five minutes ago: 4xx", EXPIRY),
    AuthCase::refused(NOT_YET_VALID, SHOULD, Role::Other, RULE, &faults::NOT_YET_VALID, "a token that is valid in ten minutes: 4xx", "compare `nbf` with the time"),
];

const FORGED: &[CaseId] = &[MISSING, BAD_SIGNATURE, OTHER_KEY];

#[rustfmt::skip]
pub(super) static PATTERNS: &[FailurePattern] = &[
    FailurePattern::new(ACCEPTED, FORGED, "does not verify tokens at all", VERIFY).explaining(Explains::AlikeInScheme),
    FailurePattern::new(CRASHED, FORGED, "answers a bad token with 5xx", "answer 401: after any other status, Forge sends a wrong token again").explaining(Explains::AlikeInScheme),
    FailurePattern::new(ACCEPTED, &[BAD_SIGNATURE, OTHER_KEY], "reads tokens without verifying their signature", VERIFY).explaining(Explains::AlikeIds(&[MALFORMED, UNKNOWN_KID, WRONG_KID, ALG_NONE, HS256])),
    FailurePattern::new(REFUSED, &[VALID], "refuses the right token", "let it fetch its keys from `cfwh jwks --serve` or from --jwks-port, and compare the id of the app with --app-id").explaining(Explains::Alike),
    // The first case is refused, the second one is accepted.
    FailurePattern::new(|failure| matches!(failure, Failure::Refused(_) | Failure::Accepted), &[ROTATED_KEY, WRONG_KID], "uses the first key of the JWKS", KID),
    FailurePattern::new(ACCEPTED, &[ALG_NONE, HS256], "takes the algorithm from the token", ALGORITHM),
    FailurePattern::new(ACCEPTED, &[ALG_NONE], "accepts tokens with the algorithm none", ALGORITHM),
    FailurePattern::new(ACCEPTED, &[HS256], "accepts HS256 with the public key", ALGORITHM),
    FailurePattern::new(REFUSED, &[ROTATED_KEY], "does not find the second key of the JWKS", ROTATE),
    FailurePattern::new(REFUSED, &[RETRY], "refuses deliveries that are sent again", "ignore `retryContext`"),
    FailurePattern::new(ACCEPTED, &[WRONG_KID], "ignores kid", KID),
    FailurePattern::new(ACCEPTED, &[MISSING], "accepts deliveries without a token", REFUSE),
    FailurePattern::new(ACCEPTED, &[MALFORMED], "accepts a token without a signature", VERIFY),
    FailurePattern::new(ACCEPTED, &[OTHER_AUDIENCE], "does not check the audience", AUDIENCE),
    FailurePattern::new(ACCEPTED, &[OTHER_ISSUER], "does not check the issuer", ISSUER),
    FailurePattern::new(ACCEPTED, &[EXPIRED], "does not check exp", EXPIRY),
    FailurePattern::new(ACCEPTED, &[NOT_YET_VALID], "does not check nbf", "compare `nbf` with the time"),
];
