//! `cfwh listen`: what it receives, keeps, passes on and checks.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use crate::profiles::Profile;
use crate::profiles::event_pattern::EventPattern;
use crate::receiver::expectation::Expectation;

use super::TEMPLATE;
use super::parsers::{ProfileParser, duration, junit_file, path, probability, route, size};

/// What a lone `--secret` of `listen` stands for. No argument of a process can hold a NUL, so nobody can type it.
pub const GENERATE: &str = "\0generate";

const FORWARDING: &str = "Forwarding";
const BAD_RECEIVER: &str = "A bad receiver, to test senders";
const CHECK: &str = "A check for CI";

/// `cfwh listen`
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(
    help_template = TEMPLATE,
    before_help = "Examples:
  cfwh listen --secret                     make a secret, print it, receive
  cfwh listen --secret s --capture calls   keep every delivery in calls/
  cfwh listen --secret s --forward http://127.0.0.1:3000/hooks
  cfwh listen --secret --expect page_created=2 --within 30s -- ./create-two-pages.sh
  cfwh listen --demo                       send itself one of each event, then end",
    after_help = "Answers: 200 accepted; 401 unsigned, malformed or mismatched; 400 not JSON; 422 errors, with
--strict; 404 405 408 411 413 415 as HTTP has them; 503 not kept; 502 and 504 no answer from an
endpoint.

Only what is answered 2xx meets an expectation. Receiving ends when all that is expected has come,
or with COMMAND, which gets CFWH_URL, CFWH_PORT and a made CFWH_SECRET and prints to stderr.

Exit codes: 0 ended by a signal, --count or with all that was expected, 1 something is missing or
forbidden (a COMMAND that fails passes its own code on), 2 cannot listen."
)]
pub struct Listen {
    /// Address to listen on; anything but the loopback lets others in
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    pub address: IpAddr,
    /// Port to listen on; 0 picks a free one [default: 8080, with --demo 0]
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// Path to receive at; a further segment may name the event
    #[arg(long, value_name = "PATH", default_value = "/webhooks/confluence", value_parser = path)]
    pub path: String,
    /// Read a secret from a file, its final line end dropped; `-` is stdin; repeatable, any may match
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub secret_file: Vec<PathBuf>,
    /// Verify with this secret; without a value, make one and print it; repeatable [or: CFWH_SECRET]
    #[arg(long, value_name = "S", num_args = 0..=1, default_missing_value = GENERATE)]
    pub secret: Vec<OsString>,
    /// Keep every delivery in this folder, its body byte for byte, before it is answered
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub capture: Option<PathBuf>,
    /// What bodies are held against: `spec` is the published document, `cloud` what Confluence Cloud sends
    #[arg(long, value_name = "PROFILE", default_value = "spec", value_parser = ProfileParser)]
    pub profile: &'static Profile,
    /// Count warnings as errors, and answer 422 to errors
    #[arg(long)]
    pub strict: bool,
    /// Refuse larger bodies: bytes, or with KiB or MiB behind
    #[arg(long, value_name = "SIZE", default_value = "1MiB", value_parser = size)]
    pub max_body: usize,
    /// Send itself one of each event, signed, and end
    #[arg(long, conflicts_with_all = ["count", "within", "expect", "forbid", "command", "respond", "fail_first", "fail_rate", "delay", "forward"])]
    pub demo: bool,
    /// Pass what verified on to an endpoint, and its answer back; repeatable; only some events:
    /// 'page_*=http://…'; {event} becomes the event's name
    #[arg(long, value_name = "[PATTERN=]URL", value_hint = ValueHint::Url, value_parser = route, help_heading = FORWARDING)]
    pub forward: Vec<Route>,
    /// Pass on what did not verify, too
    #[arg(long, requires = "forward", help_heading = FORWARDING)]
    pub forward_unverified: bool,
    /// Give an endpoint so long for its answer
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration, help_heading = FORWARDING)]
    pub forward_timeout: Duration,
    /// Answer so instead of 200; with --fail-first or --fail-rate, 400 and above is what they answer
    #[arg(long, value_name = "STATUS", value_parser = clap::value_parser!(u16).range(200..600), help_heading = BAD_RECEIVER)]
    pub respond: Option<u16>,
    /// Wait so long before each answer: 500ms, 10s, 1m
    #[arg(long, value_name = "TIME", value_parser = duration, help_heading = BAD_RECEIVER)]
    pub delay: Option<Duration>,
    /// Answer 503 to the first N deliveries
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, help_heading = BAD_RECEIVER)]
    pub fail_first: u64,
    /// Answer 503 to a part of the deliveries, 0 to 1
    #[arg(long, value_name = "P", value_parser = probability, help_heading = BAD_RECEIVER)]
    pub fail_rate: Option<f64>,
    /// Let --fail-rate choose the same deliveries again; random without it, and said on stderr
    #[arg(long, value_name = "N", requires = "fail_rate", help_heading = BAD_RECEIVER)]
    pub seed: Option<u64>,
    /// End after so many deliveries; with --within or a COMMAND, fewer are a failure
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), help_heading = CHECK)]
    pub count: Option<u64>,
    /// End after so long, whatever came: 500ms, 10s, 1m
    #[arg(long, value_name = "TIME", value_parser = duration, help_heading = CHECK)]
    pub within: Option<Duration>,
    /// Fail unless this comes: exactly N times, or without N at least once; repeatable
    #[arg(long, value_name = "PATTERN[=N]", help_heading = CHECK)]
    pub expect: Vec<Expectation>,
    /// Fail unless what is expected comes in the order given
    #[arg(long, requires = "expect", help_heading = CHECK)]
    pub in_order: bool,
    /// Fail if this comes; repeatable
    #[arg(long, value_name = "PATTERN", help_heading = CHECK)]
    pub forbid: Vec<EventPattern>,
    /// Write what was expected and what came to a file, for a CI server
    #[arg(long, value_name = "junit=FILE", value_parser = junit_file, help_heading = CHECK)]
    pub report: Option<PathBuf>,
    /// Run the system under test, end with it, pass its failure on
    #[arg(last = true, value_name = "COMMAND", value_hint = ValueHint::CommandWithArguments, help_heading = CHECK)]
    pub command: Vec<OsString>,
}

/// A way from the receiver to an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The events that take it; without one, all.
    pub pattern: Option<EventPattern>,
    /// The endpoint, as given.
    pub url: String,
}
