//! How a receiver is tested for `X-Hub-Signature`.

use zeroize::Zeroizing;

use super::faults;
use super::signature::HEADER;
use crate::auth::cases::{
    ACCEPTED, AuthCase, AuthRequest, CRASHED, CaseId, Explains, FailurePattern, Level, REFUSED, Role, RootCause,
};
use crate::auth::fault::Fault;
use crate::auth::faults as general_faults;
use crate::auth::secret::Secret;
use crate::models::request::Request;

const MUST: Level = Level::Must;
const SHOULD: Level = Level::Should;
const WEBSUB: &str = "WebSub, section 7";

const VALID: CaseId = CaseId("sig/valid");
const MISSING: CaseId = CaseId("sig/missing");
const EMPTY: CaseId = CaseId("sig/empty");
const WRONG: CaseId = CaseId("sig/wrong");
const TAMPERED_BODY: CaseId = CaseId("sig/tampered-body");
const OTHER_SECRET: CaseId = CaseId("sig/other-secret");
const EMPTY_KEY: CaseId = CaseId("sig/empty-key");
const SHA1: CaseId = CaseId("sig/sha1");
const BASE64: CaseId = CaseId("sig/base64");
const BARE_HEX: CaseId = CaseId("sig/bare-hex");
const UPPER_CASE: CaseId = CaseId("sig/upper-case");
const TRUNCATED: CaseId = CaseId("sig/truncated");
const TWO_HEADERS: CaseId = CaseId("sig/two-headers");
const RESERIALISED: CaseId = CaseId("sig/reserialised");
const RAW_BYTES: CaseId = CaseId("sig/raw-bytes");

const fn refused(
    id: CaseId,
    level: Level,
    fault: &'static Fault,
    role: Role,
    sent: &'static str,
    help: &'static str,
) -> AuthCase {
    AuthCase::refused(id, level, role, WEBSUB, fault, sent, help)
}

const SET_SECRET: &str =
    "refuse to start without a secret: a variable that is not set is an empty one, with which anybody can sign";
const REFUSE: &str = "answer 401 before anything reads the body";
const FORM: &str = "accept `sha256=` and 64 lower-case hex digits, and nothing else";
const RAW: &str = "compute the HMAC over the raw bytes, before any JSON parser: express.raw(), request.get_data(), file_get_contents('php://input')";

#[rustfmt::skip]
pub(super) static CASES: &[AuthCase] = &[
    AuthCase::valid(VALID, WEBSUB, "a delivery with a valid signature: 2xx",
        "check the path, the secret (no line end in its file) and the header X-Hub-Signature"),
    refused(MISSING, MUST, &faults::UNSIGNED, Role::Forged, "no X-Hub-Signature: 4xx", REFUSE),
    refused(EMPTY, MUST, &faults::EMPTY_SIGNATURE, Role::Forged, "an empty X-Hub-Signature: 4xx", REFUSE),
    refused(WRONG, MUST, &faults::BAD_SIGNATURE, Role::Forged, "a signature with another last digit: 4xx",
        "compare the whole digest, in constant time, and answer 401"),
    refused(TAMPERED_BODY, MUST, &general_faults::TAMPERED_BODY, Role::Forged, "one byte of the body changed after signing: 4xx",
        "compute the HMAC over the body that was received"),
    refused(OTHER_SECRET, MUST, &faults::OTHER_SECRET, Role::Forged, "signed with another secret: 4xx",
        "compare the signature instead of only checking that there is one"),
    refused(EMPTY_KEY, MUST, &faults::EMPTY_KEY, Role::Forged, "signed with an empty secret: 4xx", SET_SECRET),
    refused(SHA1, MUST, &faults::SHA1, Role::Other, "signed with HMAC-SHA1: 4xx",
        "accept sha256= only: the sender does not choose the algorithm"),
    refused(BASE64, SHOULD, &faults::BASE64, Role::Other, "the right digest in base64: 4xx", FORM),
    refused(BARE_HEX, SHOULD, &faults::BARE_HEX, Role::Other, "the right digest without `sha256=`: 4xx", FORM),
    refused(UPPER_CASE, SHOULD, &faults::UPPER_CASE, Role::Other, "the right digest in upper case: 4xx", FORM),
    refused(TRUNCATED, MUST, &faults::TRUNCATED_SIGNATURE, Role::Other, "the first half of the right digest: 4xx",
        "check the length before comparing: half a digest is easier to guess"),
    refused(TWO_HEADERS, SHOULD, &faults::TWO_SIGNATURES, Role::Other, "a wrong X-Hub-Signature before the right one: 4xx",
        "refuse a delivery with two of them: proxies disagree on which counts"),
    refused(RESERIALISED, MUST, &faults::RESERIALISED, Role::Other, "JSON with odd spacing, signed as if it were compact: 4xx", RAW),
    AuthCase::accepted(RAW_BYTES, WEBSUB, AuthRequest::Spellings,
        "odd spacing, escapes, number forms, key order, duplicate keys, each with a valid signature: 2xx", RAW),
];

const FORGED: &[CaseId] = &[MISSING, WRONG, TAMPERED_BODY, OTHER_SECRET];

#[rustfmt::skip]
pub(super) static PATTERNS: &[FailurePattern] = &[
    FailurePattern::new(ACCEPTED, FORGED, "ignores the signature", "compute the HMAC-SHA256 of the raw body and compare it with X-Hub-Signature").explaining(Explains::AlikeInScheme),
    FailurePattern::new(CRASHED, FORGED, "answers a bad signature with 5xx", "answer 401: after a 5xx, senders try again").explaining(Explains::AlikeInScheme),
    FailurePattern::new(ACCEPTED, &[WRONG, OTHER_SECRET], "only checks whether there is a signature", "compute the HMAC-SHA256 of the raw body and compare").explaining(Explains::AlikeInScheme),
    FailurePattern::new(ACCEPTED, &[RESERIALISED], "verifies re-serialised JSON", "compute the HMAC over the raw bytes, before any JSON parser").explaining(Explains::Ids(&[RAW_BYTES])),
    FailurePattern::new(REFUSED, &[VALID, RAW_BYTES], "refuses the right signature", "compare its secret with the one given here, and the header's name with X-Hub-Signature").explaining(Explains::Alike),
    FailurePattern::new(REFUSED, &[RAW_BYTES], "verifies or reads another body than it received", "compute the HMAC over the raw bytes, before any JSON parser"),
    FailurePattern::new(ACCEPTED, &[MISSING], "accepts unsigned deliveries", "refuse deliveries without X-Hub-Signature"),
    FailurePattern::new(ACCEPTED, &[EMPTY_KEY], "accepts signatures made with an empty secret", SET_SECRET),
    FailurePattern::new(ACCEPTED, &[EMPTY], "accepts an empty signature", "refuse it as malformed"),
    FailurePattern::new(ACCEPTED, &[UPPER_CASE], "compares case-insensitively", "compare the bytes of the digest, or the text as it is"),
    FailurePattern::new(ACCEPTED, &[BARE_HEX], "accepts a digest without its prefix", "refuse what does not begin with sha256="),
    FailurePattern::new(ACCEPTED, &[TRUNCATED], "compares only as many digits as it received", "check the length first"),
    FailurePattern::new(ACCEPTED, &[SHA1], "accepts HMAC-SHA1", "accept sha256= only"),
    FailurePattern::new(ACCEPTED, &[BASE64], "accepts base64", "accept hex only"),
    FailurePattern::new(ACCEPTED, &[TWO_HEADERS], "accepts any of several signatures", "refuse a delivery with two"),
    FailurePattern::new(ACCEPTED, &[WRONG], "does not compare the whole digest", "compare all of it, in constant time"),
    FailurePattern::new(ACCEPTED, &[TAMPERED_BODY], "does not verify the whole body", "compute the HMAC over every byte"),
];

/// What receivers are known to accept instead of the right signature.
pub(super) fn mistaken(secret: &Secret, request: &Request) -> Vec<(RootCause, Request)> {
    let mut github = request.clone();
    github.headers_mut().remove(HEADER);
    github.headers_mut().append("X-Hub-Signature-256", secret.sign(request.body()).to_string());
    let mut with_line_end = request.clone();
    let key = Secret::from_bytes(Zeroizing::new([secret.bytes().as_slice(), b"\n"].concat()));
    with_line_end.headers_mut().set(HEADER, key.sign(request.body()).to_string());
    vec![
        (
            RootCause {
                cause: "expects `X-Hub-Signature-256`",
                help: "that is GitHub's header: Confluence's is X-Hub-Signature",
            },
            github,
        ),
        (
            RootCause {
                cause: "has a line end after its secret",
                help: "drop the final line end of the file that it reads the secret from",
            },
            with_line_end,
        ),
    ]
}
