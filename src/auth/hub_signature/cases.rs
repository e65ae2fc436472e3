//! Probe cases for `X-Hub-Signature`.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::signature::HEADER;
use super::{faults, json_rewrites};
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

const REWRITTEN: RootCause = RootCause {
    cause: "verifies re-serialized JSON",
    help: "compute the HMAC over the raw bytes, before you parse JSON",
};

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
    "refuse to start without a secret: an unset variable is an empty secret, and anyone can sign with that";
const REFUSE: &str = "respond with 401 before you read the body";
const FORM: &str = "accept only `sha256=` followed by 64 lower-case hex digits";
const RAW: &str = "compute the HMAC over the raw bytes, before you parse JSON: express.raw(), request.get_data(), file_get_contents('php://input')";

#[rustfmt::skip]
pub(super) static CASES: &[AuthCase] = &[
    AuthCase::valid(VALID, WEBSUB, "a delivery with a valid signature: 2xx",
        "check the path, the secret (no newline in its file) and the X-Hub-Signature header"),
    refused(MISSING, MUST, &faults::UNSIGNED, Role::Forged, "no X-Hub-Signature header: 4xx", REFUSE),
    refused(EMPTY, MUST, &faults::EMPTY_SIGNATURE, Role::Forged, "an empty X-Hub-Signature header: 4xx", REFUSE),
    refused(WRONG, MUST, &faults::BAD_SIGNATURE, Role::Forged, "a signature with a wrong last digit: 4xx",
        "compare the whole digest, in constant time, and respond with 401 if it differs"),
    refused(TAMPERED_BODY, MUST, &general_faults::TAMPERED_BODY, Role::Forged, "one byte of the body changes after signing: 4xx",
        "compute the HMAC over the received body"),
    refused(OTHER_SECRET, MUST, &faults::OTHER_SECRET, Role::Forged, "signed with a different secret: 4xx",
        "compare the signature; do not only check that the header exists"),
    refused(EMPTY_KEY, MUST, &faults::EMPTY_KEY, Role::Forged, "signed with an empty secret: 4xx", SET_SECRET),
    refused(SHA1, MUST, &faults::SHA1, Role::Other, "signed with HMAC-SHA1: 4xx",
        "accept only sha256=: the sender must not choose the algorithm"),
    refused(BASE64, SHOULD, &faults::BASE64, Role::Other, "the correct digest in base64: 4xx", FORM),
    refused(BARE_HEX, SHOULD, &faults::BARE_HEX, Role::Other, "the correct digest without `sha256=`: 4xx", FORM),
    refused(UPPER_CASE, SHOULD, &faults::UPPER_CASE, Role::Other, "the correct digest in upper case: 4xx", FORM),
    refused(TRUNCATED, MUST, &faults::TRUNCATED_SIGNATURE, Role::Other, "the first half of the correct digest: 4xx",
        "check the length before you compare: half a digest is easier to guess"),
    refused(TWO_HEADERS, SHOULD, &faults::TWO_SIGNATURES, Role::Other, "a wrong X-Hub-Signature header before the correct one: 4xx",
        "refuse a delivery with two signatures: proxies disagree on which one counts"),
    refused(RESERIALISED, MUST, &faults::RESERIALISED, Role::Other, "JSON with unusual spacing, with the signature of its compact form: 4xx", RAW),
    AuthCase::accepted(RAW_BYTES, WEBSUB, AuthRequest::Spellings,
        "unusual spacing, escapes, number forms, key order and duplicate keys, each with a valid signature: 2xx", RAW),
];

const FORGED: &[CaseId] = &[MISSING, WRONG, TAMPERED_BODY, OTHER_SECRET];

#[rustfmt::skip]
pub(super) static PATTERNS: &[FailurePattern] = &[
    FailurePattern::new(ACCEPTED, FORGED, "ignores the signature", "compute the HMAC-SHA256 of the raw body, and compare it with X-Hub-Signature").explaining(Explains::AlikeInScheme),
    FailurePattern::new(CRASHED, FORGED, "responds with 5xx to an invalid signature", "respond with 401: senders retry after 5xx").explaining(Explains::AlikeInScheme),
    FailurePattern::new(ACCEPTED, &[WRONG, OTHER_SECRET], "only checks that the signature header exists", "compute the HMAC-SHA256 of the raw body, and compare it with the header").explaining(Explains::AlikeInScheme),
    FailurePattern::new(ACCEPTED, &[RESERIALISED], REWRITTEN.cause, REWRITTEN.help).explaining(Explains::Ids(&[RAW_BYTES])),
    FailurePattern::new(REFUSED, &[VALID, RAW_BYTES], "refuses valid signatures", "compare its secret with the secret of the probe, and check that it reads X-Hub-Signature").explaining(Explains::Alike),
    FailurePattern::new(REFUSED, &[RAW_BYTES], "verifies or reads a body that differs from the received one", "compute the HMAC over the raw bytes, before you parse JSON"),
    FailurePattern::new(ACCEPTED, &[MISSING], "accepts unsigned deliveries", "refuse deliveries without an X-Hub-Signature header"),
    FailurePattern::new(ACCEPTED, &[EMPTY_KEY], "accepts signatures made with an empty secret", SET_SECRET),
    FailurePattern::new(ACCEPTED, &[EMPTY], "accepts an empty signature", "refuse an empty signature as malformed"),
    FailurePattern::new(ACCEPTED, &[UPPER_CASE], "ignores the case of the digest", "compare the exact text, or the bytes, of the digest"),
    FailurePattern::new(ACCEPTED, &[BARE_HEX], "accepts a digest without its prefix", "refuse a value that does not start with sha256="),
    FailurePattern::new(ACCEPTED, &[TRUNCATED], "compares only the received digits", "check the length first"),
    FailurePattern::new(ACCEPTED, &[SHA1], "accepts HMAC-SHA1", "accept only sha256="),
    FailurePattern::new(ACCEPTED, &[BASE64], "accepts base64", "accept only hex"),
    FailurePattern::new(ACCEPTED, &[TWO_HEADERS], "accepts a delivery with two signatures", "refuse a delivery with two signatures"),
    FailurePattern::new(ACCEPTED, &[WRONG], "does not compare the whole digest", "compare the whole digest, in constant time"),
    FailurePattern::new(ACCEPTED, &[TAMPERED_BODY], "does not verify the whole body", "compute the HMAC over all bytes of the body"),
];

/// Returns the signatures that buggy receivers are known to expect, each with the bug.
pub(super) fn mistaken(secret: &Secret, request: &Request) -> Vec<(RootCause, Request)> {
    let mut github = request.clone();
    github.headers_mut().remove(HEADER);
    github.headers_mut().append("X-Hub-Signature-256", secret.sign(request.body()).to_string());
    let with_signature = |signature: String| {
        let mut request = request.clone();
        request.headers_mut().set(HEADER, signature);
        request
    };
    let with_line_end = Secret::from_bytes(Zeroizing::new([secret.bytes().as_slice(), b"\n"].concat()));
    let mut mistaken = vec![
        (
            RootCause {
                cause: "expects `X-Hub-Signature-256`",
                help: "read X-Hub-Signature: X-Hub-Signature-256 is the header of GitHub",
            },
            github,
        ),
        (
            RootCause {
                cause: "has a newline at the end of its secret",
                help: "remove the newline when you read the secret from a file",
            },
            with_signature(with_line_end.sign(request.body()).to_string()),
        ),
    ];
    // Several libraries write the same bytes, and some write the bytes of the body.
    let rewritten: BTreeSet<_> =
        json_rewrites::all(request.body()).into_iter().flatten().map(|(_, body)| body).collect();
    let rewritten = rewritten.iter().filter(|body| body.as_slice() != request.body());
    mistaken.extend(rewritten.map(|body| (REWRITTEN, with_signature(secret.sign(body).to_string()))));
    mistaken
}
