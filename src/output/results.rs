//! What commands show, as data. The field names are those of the JSON lines; `cfwh schema --output` describes them.

use serde::Serialize;

use crate::auth::{Explanation, RejectionKind, Verdict};
use crate::models::request::Request;
use crate::receiver::expectations::Outcome;
use crate::validation::report::Report;

/// A signature of one input.
#[derive(Debug, Serialize)]
pub struct Signed<'a> {
    /// The file, with the line for a body of many; `-` is stdin.
    pub input: &'a str,
    /// `sha256=…`
    pub signature: String,
    /// Is the input to be named beside its signature?
    #[serde(skip)]
    pub named: bool,
    /// Is the header's name to stand in front?
    #[serde(skip)]
    pub header: bool,
}

/// A verdict on the signature of one input.
#[derive(Debug, Serialize)]
pub struct Verified<'a> {
    /// The file, with the line for a body of many; `-` is stdin.
    pub input: &'a str,
    /// `valid`, `unsigned`, `malformed`, `mismatch`
    pub verdict: &'static str,
    /// Why it is malformed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The right signature, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// Why it is not valid, where that was asked for.
    #[serde(flatten)]
    pub explanation: Option<Explanation>,
}

impl<'a> Verified<'a> {
    /// What to show of a verdict; the right signature only where it was asked for.
    #[must_use]
    pub fn new(input: &'a str, verdict: &Verdict, expected: Option<String>, explanation: Option<Explanation>) -> Self {
        let malformed = verdict.rejection().filter(|rejection| rejection.kind == RejectionKind::Malformed);
        let reason = malformed.map(|rejection| rejection.message.to_string());
        Self { input, verdict: verdict.name(), reason, expected, explanation }
    }
}

/// What was found in one input.
#[derive(Clone, Copy, Debug)]
pub struct Judged<'a> {
    /// The file; `-` is stdin.
    pub input: &'a str,
    /// The line of the file that the body begins on, from 1.
    pub line: usize,
    /// The delivery that was judged.
    pub delivery: &'a Request,
    /// What was found.
    pub report: &'a Report,
}

/// What became of one delivery that was sent.
#[derive(Debug, Serialize)]
pub struct Sent<'a> {
    /// The event, where it can be told.
    pub event: Option<&'static str>,
    /// Where the body came from: an event's name, a file, a file's line.
    pub source: &'a str,
    /// Where it went, without user and password.
    pub url: &'a str,
    /// What the endpoint answered.
    pub status: Option<u16>,
    /// From the first byte sent to the last one read, in milliseconds.
    pub ms: Option<f64>,
    /// How often it was sent.
    pub attempts: u32,
    /// Why there was no answer.
    pub error: Option<String>,
    /// The reply's beginning, where it was not a 2xx.
    #[serde(skip)]
    pub reply: Option<&'a [u8]>,
    /// What is to be said of the reply beside its text: where it redirects to, how it is compressed.
    #[serde(skip)]
    pub note: Option<String>,
}

/// The end of many deliveries.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Load {
    /// `summary`
    pub r#type: &'static str,
    /// Deliveries that came to an end.
    pub sent: u64,
    /// Those that got a 2xx.
    pub ok: u64,
    /// Those that got another status.
    pub refused: u64,
    /// Those that got no answer.
    pub unanswered: u64,
    /// From the beginning to the end.
    pub seconds: f64,
    /// Deliveries in a second.
    pub rate: f64,
    /// How long the answers took.
    pub ms: Latencies,
}

/// Latencies in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Latencies {
    /// Half of the answers came within this time.
    pub p50: f64,
    /// Nine of ten.
    pub p90: f64,
    /// Ninety-nine of a hundred.
    pub p99: f64,
    /// The slowest.
    pub max: f64,
}

/// A row of `cfwh send --fault list`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct FaultRow {
    /// Its name.
    pub fault: &'static str,
    /// What is wrong.
    pub description: &'static str,
}

/// A case of `probe`, and what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Tried {
    /// `sig/missing`
    pub case: &'static str,
    /// `MUST` or `SHOULD`
    pub level: &'static str,
    /// `pass` or `fail`
    pub verdict: &'static str,
    /// Whose rule it is.
    pub rule: &'static str,
    /// What was sent, and what must come back.
    pub sent: &'static str,
    /// What came back.
    pub received: String,
    /// How to mend it.
    pub help: &'static str,
}

impl Tried {
    /// Did it fail?
    #[must_use]
    pub fn failed(&self) -> bool {
        self.verdict == "fail"
    }
}

/// What the failures point to.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct RootCauseRow {
    /// What the receiver does.
    pub cause: &'static str,
    /// How to mend it.
    pub help: &'static str,
}

/// The end of a probe.
#[derive(Clone, Debug, Serialize)]
pub struct Graded {
    /// `grade`
    pub r#type: &'static str,
    /// `A` to `F`
    pub grade: char,
    /// Why it is not better.
    pub reason: String,
    /// Cases that passed.
    pub passed: usize,
    /// Cases that failed.
    pub failed: usize,
    /// What the failures point to, the widest first.
    pub causes: Vec<RootCauseRow>,
}

/// All of a probe.
#[derive(Clone, Debug)]
pub struct Probed {
    /// The receiver, without user and password.
    pub url: String,
    /// Every case that was run.
    pub cases: Vec<Tried>,
    /// The end of it.
    pub grade: Graded,
    /// How long it took.
    pub time: std::time::Duration,
}

/// A row of `cfwh probe --list`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CaseRow {
    /// `sig/missing`
    pub case: &'static str,
    /// `MUST` or `SHOULD`
    pub level: &'static str,
    /// Whose rule it is.
    pub rule: &'static str,
    /// What is sent, and what must come back.
    pub sent: &'static str,
    /// How to mend a receiver that fails it.
    pub help: &'static str,
}

/// The receiver is bound.
#[derive(Debug, Serialize)]
pub struct Ready<'a> {
    /// `ready`
    pub r#type: &'static str,
    /// Where to send to.
    pub url: &'a str,
    /// `given`, `generated` or `none`; never the value.
    pub secret: &'static str,
}

/// A delivery that was received.
#[derive(Debug)]
pub struct Receipt<'a> {
    /// From 1, in the order of arrival.
    pub number: u64,
    /// When it arrived.
    pub at: jiff::Timestamp,
    /// As it came.
    pub delivery: &'a Request,
    /// What the signature is worth; `None` where there is no secret to check it with.
    pub verdict: Option<&'a Verdict>,
    /// Why the signature is not valid, where that was looked for.
    pub explanation: Option<Explanation>,
    /// What it is about.
    pub subject: Option<String>,
    /// What was answered.
    pub status: u16,
    /// From the end of its head to the answer, in milliseconds.
    pub ms: f64,
    /// The file it is kept in.
    pub capture: Option<String>,
    /// Where it went on to.
    pub forwarded: &'a [Forwarded],
}

/// What became of a delivery that went on to an endpoint.
#[derive(Clone, Debug, Serialize)]
pub struct Forwarded {
    /// Where it went, the query included.
    pub url: String,
    /// What the endpoint answered.
    pub status: Option<u16>,
    /// Until its answer was whole, in milliseconds.
    pub ms: Option<f64>,
    /// Why there was no answer.
    pub error: Option<String>,
}

impl Receipt<'_> {
    /// The signature in one word.
    #[must_use]
    pub fn signature(&self) -> &'static str {
        self.verdict.map_or("unchecked", Verdict::name)
    }
}

/// The end of receiving.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Whole deliveries.
    pub received: u64,
    /// Those that got a 2xx.
    pub accepted: u64,
    /// Those that got another status.
    pub refused: u64,
    /// What was expected, and whether it came.
    pub expectations: Vec<Outcome>,
    /// How the system under test failed, where it did.
    pub command: Option<String>,
}

impl Summary {
    /// Of a run that expected nothing.
    #[must_use]
    pub const fn new(accepted: u64, refused: u64) -> Self {
        Self { received: accepted + refused, accepted, refused, expectations: Vec::new(), command: None }
    }
}

/// A row of `cfwh events`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct EventRow {
    /// Its name.
    pub event: &'static str,
    /// What it is about: the key of its payload.
    pub entity: &'static str,
    /// What it means.
    pub description: &'static str,
}

/// A row of `cfwh rules`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct RuleRow {
    /// The rule.
    pub rule: &'static str,
    /// `error` or `warning`, without `--strict`.
    pub severity: &'static str,
    /// `document` or `cfwh`.
    pub origin: &'static str,
    /// What holds when the rule is kept.
    pub description: &'static str,
}
