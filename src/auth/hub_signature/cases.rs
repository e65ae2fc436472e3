//! How a receiver is tested for `X-Hub-Signature`.

use zeroize::Zeroizing;

use super::HEADER;
use crate::auth::cases::{
    AuthCase, AuthRequest, CaseId, CaseInfo, Cases, Explains, FailureKind, FailurePattern, Level, Role, RootCause,
};
use crate::auth::secret::Secret;
use crate::models::request::Request;

const MUST: Level = Level::Must;
const SHOULD: Level = Level::Should;
const WEBSUB: &str = "WebSub, section 7";

const fn valid(id: &'static str, request: AuthRequest, sent: &'static str, help: &'static str) -> AuthCase {
    let role = if matches!(request, AuthRequest::Valid) { Role::Valid } else { Role::Other };
    AuthCase { info: CaseInfo { id: CaseId(id), level: MUST, rule: WEBSUB, sent, help, role }, request }
}

const fn refused(
    id: &'static str,
    level: Level,
    fault: &'static str,
    role: Role,
    sent: &'static str,
    help: &'static str,
) -> AuthCase {
    let info = CaseInfo { id: CaseId(id), level, rule: WEBSUB, sent, help, role };
    AuthCase { info, request: AuthRequest::Fault(fault) }
}

const REFUSE: &str = "answer 401 before anything reads the body";
const FORM: &str = "accept `sha256=` and 64 lower-case hex digits, and nothing else";
const RAW: &str = "compute the HMAC over the raw bytes, before any JSON parser: express.raw(), request.get_data(), file_get_contents('php://input')";

#[rustfmt::skip]
pub(super) static CASES: &[AuthCase] = &[
    valid("sig/valid", AuthRequest::Valid, "a delivery with a valid signature: 2xx",
        "check the path, the secret (no line end in its file) and the header X-Hub-Signature"),
    refused("sig/missing", MUST, "unsigned", Role::Forged, "no X-Hub-Signature: 4xx", REFUSE),
    refused("sig/empty", MUST, "empty-signature", Role::Forged, "an empty X-Hub-Signature: 4xx", REFUSE),
    refused("sig/wrong", MUST, "bad-signature", Role::Forged, "a signature with another last digit: 4xx",
        "compare the whole digest, in constant time, and answer 401"),
    refused("sig/tampered-body", MUST, "tampered-body", Role::Forged, "one byte of the body changed after signing: 4xx",
        "compute the HMAC over the body that was received"),
    refused("sig/other-secret", MUST, "other-secret", Role::Forged, "signed with another secret: 4xx",
        "compare the signature instead of only checking that there is one"),
    refused("sig/sha1", MUST, "sha1", Role::Other, "signed with HMAC-SHA1: 4xx",
        "accept sha256= only: the sender does not choose the algorithm"),
    refused("sig/base64", SHOULD, "base64", Role::Other, "the right digest in base64: 4xx", FORM),
    refused("sig/bare-hex", SHOULD, "bare-hex", Role::Other, "the right digest without `sha256=`: 4xx", FORM),
    refused("sig/upper-case", SHOULD, "upper-case", Role::Other, "the right digest in upper case: 4xx", FORM),
    refused("sig/truncated", MUST, "truncated-signature", Role::Other, "the first half of the right digest: 4xx",
        "check the length before comparing: half a digest is easier to guess"),
    refused("sig/two-headers", SHOULD, "two-signatures", Role::Other, "a wrong X-Hub-Signature before the right one: 4xx",
        "refuse a delivery with two of them: proxies disagree on which counts"),
    refused("sig/reserialised", MUST, "reserialised", Role::Other, "JSON with odd spacing, signed as if it were compact: 4xx", RAW),
    valid("sig/raw-bytes", AuthRequest::Spellings,
        "odd spacing, escapes, number forms, key order, duplicate keys, each with a valid signature: 2xx", RAW),
];

const fn pattern(
    kind: FailureKind,
    cases: &'static [&'static str],
    explains: Explains,
    cause: &'static str,
    help: &'static str,
) -> FailurePattern {
    FailurePattern { kind, cases: Cases::Ids(cases), explains, cause: RootCause { cause, help } }
}

const FORGED: &[&str] = &["sig/missing", "sig/wrong", "sig/tampered-body", "sig/other-secret"];
const IN_GROUP: Explains = Explains::AlikeIn("sig");
const NOTHING: Explains = Explains::Nothing;

use FailureKind::{Accepted, Crashed, Refused};

#[rustfmt::skip]
pub(super) static PATTERNS: &[FailurePattern] = &[
    pattern(Accepted, FORGED, IN_GROUP, "ignores the signature", "compute the HMAC-SHA256 of the raw body and compare it with X-Hub-Signature"),
    pattern(Crashed, FORGED, IN_GROUP, "answers a bad signature with 5xx", "answer 401: after a 5xx, senders try again"),
    pattern(Accepted, &["sig/wrong", "sig/other-secret"], IN_GROUP, "only checks whether there is a signature", "compute the HMAC-SHA256 of the raw body and compare"),
    pattern(Accepted, &["sig/reserialised"], Explains::Ids(&["sig/raw-bytes"]), "verifies re-serialised JSON", "compute the HMAC over the raw bytes, before any JSON parser"),
    pattern(Refused, &["sig/valid", "sig/raw-bytes"], Explains::Alike, "refuses the right signature", "compare its secret with the one given here, and the header's name with X-Hub-Signature"),
    pattern(Refused, &["sig/raw-bytes"], NOTHING, "verifies or reads another body than it received", "compute the HMAC over the raw bytes, before any JSON parser"),
    pattern(Accepted, &["sig/missing"], NOTHING, "accepts unsigned deliveries", "refuse deliveries without X-Hub-Signature"),
    pattern(Accepted, &["sig/empty"], NOTHING, "accepts an empty signature", "refuse it as malformed"),
    pattern(Accepted, &["sig/upper-case"], NOTHING, "compares case-insensitively", "compare the bytes of the digest, or the text as it is"),
    pattern(Accepted, &["sig/bare-hex"], NOTHING, "accepts a digest without its prefix", "refuse what does not begin with sha256="),
    pattern(Accepted, &["sig/truncated"], NOTHING, "compares only as many digits as it received", "check the length first"),
    pattern(Accepted, &["sig/sha1"], NOTHING, "accepts HMAC-SHA1", "accept sha256= only"),
    pattern(Accepted, &["sig/base64"], NOTHING, "accepts base64", "accept hex only"),
    pattern(Accepted, &["sig/two-headers"], NOTHING, "accepts any of several signatures", "refuse a delivery with two"),
    pattern(Accepted, &["sig/wrong"], NOTHING, "does not compare the whole digest", "compare all of it, in constant time"),
    pattern(Accepted, &["sig/tampered-body"], NOTHING, "does not verify the whole body", "compute the HMAC over every byte"),
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
