//! The flaws of receivers, and what a probe must find: the cases that fail, the root causes and the grade.

use crate::flawed_receiver::Flaw;

/// What a probe finds in a receiver with this flaw.
pub struct Expected {
    pub flaw: Flaw,
    /// The cases that fail.
    pub cases: &'static [&'static str],
    /// The root causes, in order.
    pub causes: &'static [&'static str],
    pub grade: &'static str,
}

/// The cases in which a receiver must accept a delivery, without `body/slow`.
const ACCEPTED: &[&str] = &[
    "sig/valid",
    "sig/raw-bytes",
    "body/unicode",
    "body/right-to-left",
    "body/chunked",
    "event/known",
    "event/unknown-field",
    "event/absent",
    "deliver/duplicate",
    "deliver/out-of-order",
    "deliver/concurrent",
    "deliver/keep-alive",
    "deliver/lower-case-headers",
    "http/charset",
    "http/query",
    "id/large",
    "time/limit",
    "time/fast",
    "time/burst",
];

/// The cases with a wrong signature.
pub const FORGED: &[&str] = &[
    "sig/missing",
    "sig/empty",
    "sig/wrong",
    "sig/tampered-body",
    "sig/other-secret",
    "sig/empty-key",
    "sig/sha1",
    "sig/base64",
    "sig/bare-hex",
    "sig/upper-case",
    "sig/truncated",
    "sig/two-headers",
    "sig/reserialised",
];

/// A receiver that responds with 500 to them also fails the case of a reused connection.
const FORGED_AND_KEEP_ALIVE: &[&str] = &[
    "sig/missing",
    "sig/empty",
    "sig/wrong",
    "sig/tampered-body",
    "sig/other-secret",
    "sig/empty-key",
    "sig/sha1",
    "sig/base64",
    "sig/bare-hex",
    "sig/upper-case",
    "sig/truncated",
    "sig/two-headers",
    "sig/reserialised",
    "deliver/keep-alive",
];

/// Every case of a probe with a secret, without `body/slow`.
const ALL: &[&str] = &[
    "sig/valid",
    "sig/raw-bytes",
    "body/unicode",
    "body/right-to-left",
    "body/chunked",
    "event/known",
    "event/unknown-field",
    "event/absent",
    "deliver/duplicate",
    "deliver/out-of-order",
    "deliver/concurrent",
    "deliver/keep-alive",
    "deliver/lower-case-headers",
    "http/charset",
    "http/query",
    "id/large",
    "time/limit",
    "time/fast",
    "time/burst",
    "sig/missing",
    "sig/empty",
    "sig/wrong",
    "sig/tampered-body",
    "sig/other-secret",
    "sig/empty-key",
    "sig/sha1",
    "sig/base64",
    "sig/bare-hex",
    "sig/upper-case",
    "sig/truncated",
    "sig/two-headers",
    "sig/reserialised",
    "body/empty",
    "body/not-json",
    "body/nested",
    "body/large",
    "event/unknown",
    "event/outside-document",
    "http/get",
    "http/put",
    "http/content-type",
];

const fn expected(
    flaw: Flaw,
    failed: &'static [&'static str],
    causes: &'static [&'static str],
    grade: &'static str,
) -> Expected {
    Expected { flaw, cases: failed, causes, grade }
}

#[rustfmt::skip]
pub const EXPECTED: &[Expected] = &[
    expected(Flaw::IgnoresSignature, FORGED, &["ignores the signature"], "F"),
    expected(Flaw::OnlyLooksForSignature, &["sig/wrong", "sig/tampered-body", "sig/other-secret", "sig/empty-key", "sig/sha1", "sig/base64", "sig/bare-hex", "sig/upper-case", "sig/truncated", "sig/two-headers", "sig/reserialised"], &["only checks that the signature header exists"], "F"),
    expected(Flaw::TakesUnsigned, &["sig/missing"], &["accepts unsigned deliveries"], "F"),
    expected(Flaw::TakesEmptySignature, &["sig/empty"], &["accepts an empty signature"], "F"),
    expected(Flaw::TakesEmptyKey, &["sig/empty-key"], &["accepts signatures made with an empty secret"], "F"),
    expected(Flaw::Reserialises, &["sig/reserialised", "sig/raw-bytes"], &["verifies re-serialized JSON"], "C"),
    expected(Flaw::ExpectsGitHubsHeader, ACCEPTED, &["expects `X-Hub-Signature-256`"], "F"),
    expected(Flaw::SecretWithLineEnd, ACCEPTED, &["has a newline at the end of its secret"], "F"),
    expected(Flaw::OtherSecret, ACCEPTED, &["refuses valid signatures"], "F"),
    expected(Flaw::AnyCase, &["sig/upper-case"], &["ignores the case of the digest"], "B"),
    expected(Flaw::NoPrefix, &["sig/bare-hex"], &["accepts a digest without its prefix"], "B"),
    expected(Flaw::Prefix, &["sig/truncated"], &["compares only the received digits"], "C"),
    expected(Flaw::Sha1, &["sig/sha1"], &["accepts HMAC-SHA1"], "C"),
    expected(Flaw::Base64, &["sig/base64"], &["accepts base64"], "B"),
    expected(Flaw::AnyOfTwo, &["sig/two-headers"], &["accepts a delivery with two signatures"], "B"),
    expected(Flaw::FailsOnBadSignature, FORGED_AND_KEEP_ALIVE, &["responds with 5xx to an invalid signature"], "E"),
    expected(Flaw::AsciiOnly, &["body/unicode", "body/right-to-left"], &["crashes on non-ASCII text"], "C"),
    expected(Flaw::EmptyIsFatal, &["body/empty"], &["crashes on an empty body"], "C"),
    expected(Flaw::NotJsonIsFatal, &["body/empty", "body/not-json", "body/nested"], &["crashes on invalid JSON"], "D"),
    expected(Flaw::DepthIsFatal, &["body/nested"], &["crashes on deeply nested JSON"], "C"),
    expected(Flaw::SizeIsFatal, &["body/large"], &["crashes on large bodies"], "C"),
    expected(Flaw::NoChunks, &["body/chunked"], &["requires Content-Length"], "B"),
    expected(Flaw::Impatient, &["body/slow"], &["does not wait for a slow body"], "B"),
    expected(Flaw::UnknownEventIsFatal, &["event/unknown", "event/outside-document"], &["crashes on unknown events"], "C"),
    expected(Flaw::ClosedFields, &["event/unknown-field"], &["refuses unknown fields"], "C"),
    expected(Flaw::EventInBodyOnly, &["event/absent"], &["reads the event name from the body only"], "B"),
    expected(Flaw::RefusesDuplicates, &["deliver/duplicate"], &["refuses duplicates"], "C"),
    expected(Flaw::RefusesLate, &["deliver/out-of-order"], &["refuses deliveries that are out of order"], "C"),
    expected(Flaw::OneAtATime, &["deliver/concurrent"], &["cannot handle concurrent deliveries"], "C"),
    expected(Flaw::LosesTheConnection, &["deliver/keep-alive"], &["breaks a reused connection after a refusal"], "C"),
    expected(Flaw::CaseOfHeaders, &["deliver/lower-case-headers"], &["compares header names case-sensitively"], "C"),
    expected(Flaw::AnyMethod, &["http/get", "http/put"], &["accepts any method"], "B"),
    expected(Flaw::ExactContentType, &["http/charset"], &["compares the whole Content-Type"], "C"),
    expected(Flaw::ContentTypeIsFatal, &["http/content-type"], &["crashes on a Content-Type other than JSON"], "C"),
    expected(Flaw::SignsIndentedJson, ACCEPTED, &["verifies re-serialized JSON"], "F"),
    expected(Flaw::RoutesByQuery, &["http/query"], &["routes by the query string"], "C"),
    expected(Flaw::WrongPath, ACCEPTED, &["responds with 404 at this path"], "F"),
    expected(Flaw::Redirects, ALL, &["redirects"], "F"),
    // A probe of this one takes 15 s, so only `tests/probe_mutants.py` runs all of its cases.
    expected(Flaw::Hangs, &["sig/valid", "event/known"], &["does not respond in time"], "F"),
];
