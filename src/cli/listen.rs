//! `cfwh listen`.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use crate::output::emit::ReportFormat;
use crate::profiles::Profile;
use crate::profiles::event_pattern::EventPattern;
use crate::receiver::expectation::Expectation;
use crate::receiver::fault_injection::ResponseRule;

pub use super::values::Route;

use super::authentication::Auth;
use super::completion::{event_patterns, reports};
use super::parsers::{
    body_size, duration, header, host, path, positive, probability, profile, profile_help, report, route, size, whole,
};

/// Stands for `--secret` without a value. Arguments of a process cannot contain NUL, so no user can give this value.
pub const GENERATE: &str = "\0generate";

const AUTHENTICATION: &str = "Authentication";
const FORWARDING: &str = "Forwarding";
const FAILING: &str = "Failures on purpose, to test senders";
const CHECK: &str = "Checks for CI";

/// `cfwh listen`
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is one flag")]
pub struct Listen {
    /// Listen on this address; other machines can reach every address that is not loopback
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    pub address: IpAddr,
    /// Listen on this port; 0 picks a free port [default: 8080; with --demo, 0]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<u16>)]
    pub port: Option<u16>,
    /// Receive at this path; one more path segment may name the event
    #[arg(long, default_value = "/webhooks/confluence", value_parser = path)]
    pub path: String,
    /// Also accept requests for this host and from its web pages, for example the host of a tunnel; repeatable
    #[arg(long, value_name = "HOST", value_hint = ValueHint::Hostname, value_parser = host)]
    pub allow_host: Vec<String>,
    /// Read a secret from this file, or from stdin if `-`; one final line end is ignored; repeatable, any secret may match
    #[arg(long, help_heading = AUTHENTICATION, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub secret_file: Vec<PathBuf>,
    /// Verify with this secret; without a value, generate a secret and print it; repeatable [env: CFWH_SECRET]
    #[arg(long, help_heading = AUTHENTICATION, value_name = "S", num_args = 0..=1, default_missing_value = GENERATE)]
    pub secret: Vec<OsString>,
    /// Save every delivery in this folder, byte for byte, before responding
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub capture: Option<PathBuf>,
    /// Limit the size of the folder; unverified deliveries may use 1/16 of it
    #[arg(long, value_name = "SIZE", default_value = "1GiB", requires = "capture", value_parser = size)]
    pub capture_limit: usize,
    /// The sender.
    #[arg(long, help = profile_help("Validate against the document of this sender"), value_parser = profile(), default_value = "spec", hide_possible_values = true)]
    pub profile: &'static Profile,
    /// Treat warnings as errors, and respond with 422 to deliveries with errors
    #[arg(long)]
    pub strict: bool,
    /// Refuse bodies larger than this: bytes, KiB or MiB
    #[arg(long, value_name = "SIZE", default_value = "1MiB", value_parser = body_size)]
    pub max_body: usize,
    /// Send one of each event and some invalid deliveries to itself, then exit
    #[arg(long, conflicts_with_all = ["count", "within", "until_eof", "expect", "forbid", "command", "respond", "respond_header", "respond_body", "fail_first", "fail_rate", "delay", "forward", "inspect"])]
    pub demo: bool,
    /// Also show deliveries on a web page, on this port of 127.0.0.1 or on a free port
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "0", allow_negative_numbers = true, value_parser = whole::<u16>)]
    pub inspect: Option<u16>,
    /// The authentication scheme.
    #[command(flatten)]
    pub auth: Auth,
    /// Forward verified deliveries to this endpoint and return its response; with a pattern, forward only these events:
    /// 'page_*=http://…'; {event} in the URL becomes the event's name; repeatable
    #[arg(long, value_name = "[PATTERN=]URL", value_hint = ValueHint::Url, value_parser = route, help_heading = FORWARDING)]
    pub forward: Vec<Route>,
    /// Also forward unverified deliveries
    #[arg(long, requires = "forward", help_heading = FORWARDING)]
    pub forward_unverified: bool,
    /// Sign forwarded deliveries with the local secret
    #[arg(long, requires = "forward", help_heading = FORWARDING)]
    pub resign: bool,
    /// Time out if the endpoint has not responded after this long
    #[arg(long, value_name = "TIME", default_value = "10s", allow_hyphen_values = true, value_parser = duration, requires = "forward", help_heading = FORWARDING)]
    pub forward_timeout: Duration,
    /// Respond with this status instead of 200, or close, truncate or drip the response; with a pattern, only to these
    /// events: 'page_*=503'; repeatable, the first match wins; with --fail-first and --fail-rate, use this instead of 503
    #[arg(long, value_name = "[PATTERN=]STATUS", allow_negative_numbers = true, help_heading = FAILING)]
    pub respond: Vec<ResponseRule>,
    /// Set a header of responses to accepted deliveries and of failures on purpose; repeatable
    #[arg(long, value_name = "NAME: VALUE", value_parser = header, help_heading = FAILING)]
    pub respond_header: Vec<(String, String)>,
    /// Use this body for responses to accepted deliveries and for failures on purpose
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = FAILING)]
    pub respond_body: Option<PathBuf>,
    /// Wait this long before each response: 500ms, 10s, 1m
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = duration, help_heading = FAILING)]
    pub delay: Option<Duration>,
    /// Respond with 503 to the first N deliveries
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, allow_negative_numbers = true, value_parser = whole::<u64>, help_heading = FAILING)]
    pub fail_first: u64,
    /// Respond with 503 to this fraction of the deliveries, 0 to 1
    #[arg(long, value_name = "P", allow_negative_numbers = true, value_parser = probability, help_heading = FAILING)]
    pub fail_rate: Option<f64>,
    /// Use this seed for --fail-rate: the same N fails the same deliveries [default: random; printed on stderr]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<u64>, requires = "fail_rate", help_heading = FAILING)]
    pub seed: Option<u64>,
    /// Exit after N deliveries; with --within or COMMAND, fail if fewer are received
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = positive::<u64>, help_heading = CHECK)]
    pub count: Option<u64>,
    /// Exit after this long: 500ms, 10s, 1m
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = duration, help_heading = CHECK)]
    pub within: Option<Duration>,
    /// Exit when stdin ends, for example because the parent process ended
    #[arg(long, help_heading = CHECK)]
    pub until_eof: bool,
    /// Fail unless these events are received, exactly N times or at least once; repeatable
    #[arg(long, value_name = "PATTERN[=N]", add = event_patterns(), help_heading = CHECK)]
    pub expect: Vec<Expectation>,
    /// Fail unless the expected events are received in this order
    #[arg(long, requires = "expect", help_heading = CHECK)]
    pub in_order: bool,
    /// Fail if one of these events is received; repeatable
    #[arg(long, value_name = "PATTERN", add = event_patterns(), help_heading = CHECK)]
    pub forbid: Vec<EventPattern>,
    /// Write the result of each expectation to this file: junit, github, sarif, json, text
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report, add = reports(), help_heading = CHECK)]
    pub report: Option<(&'static ReportFormat, PathBuf)>,
    /// Run the system under test, exit when it exits, and use its exit code if it fails
    #[arg(last = true, value_hint = ValueHint::CommandWithArguments, help_heading = CHECK)]
    pub command: Vec<OsString>,
}
