//! `cfwh send`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};

use crate::client::export::Exporter;
use crate::models::status_pattern::StatusPattern;
use crate::profiles::KnownEvent;

use super::authentication::{Auth, Secret};
use super::completion::{faults, sources};
use super::generation::{BodyFormat, EventOptions};
use super::given::GivenOptions;
use super::limits::Limits;
use super::parsers::{duration, envelope, exporter, header, known_event, positive, rate, source};
use super::values::RetryCount;

/// What `--shrink` leaves no room for: it sends one delivery, again and again, as it chooses.
const SHRINK_CONFLICTS: [&str; 10] =
    ["breaker", "concurrency", "count", "dry_run", "duration", "edit", "export", "fault", "rate", "retries"];

/// `cfwh send`
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is one flag")]
pub struct Send {
    /// What was typed.
    #[command(flatten)]
    pub given: GivenOptions,
    /// Events, files, folders of captures, `all` for one of each event, `story` for a sequence, `ping`, a callback of Connect (`installed`), or `-`
    #[arg(
        value_name = "SOURCE",
        required_unless_present = "fault",
        value_parser = source(),
        hide_possible_values = true,
        add = sources()
    )]
    pub sources: Vec<PathBuf>,
    /// How much is read.
    #[command(flatten)]
    pub limits: Limits,
    /// Send to this URL; {event} becomes the event's name [or: CFWH_URL]
    #[arg(
        long,
        value_name = "URL",
        value_hint = ValueHint::Url,
        env = "CFWH_URL",
        hide_env = true,
        required_unless_present = "fault",
        default_value = "",
        hide_default_value = true
    )]
    pub to: String,
    /// The secret to sign with.
    #[command(flatten)]
    pub secret: Secret,
    /// The authentication scheme.
    #[command(flatten)]
    pub auth: Auth,
    /// Sign captures again
    #[arg(long)]
    pub resign: bool,
    /// Send the `Cookie` and `Authorization` of captures, too
    #[arg(long)]
    pub keep_credentials: bool,
    /// The events to generate.
    #[command(flatten)]
    pub events: EventOptions,
    /// Open each body in $VISUAL or $EDITOR before it is sent
    #[arg(long, conflicts_with_all = ["concurrency", "rate", "duration"])]
    pub edit: bool,
    /// Send generated bodies on one line (json, ndjson) or indented (pretty)
    #[arg(long, value_enum, default_value = "json")]
    pub format: BodyFormat,
    /// Wrap bodies in an object with this key, as some senders do
    #[arg(long, value_name = "KEY", value_parser = envelope())]
    pub envelope: Option<&'static str>,
    /// The event that a body without one is about
    #[arg(long, value_name = "EVENT", value_parser = known_event(), hide_possible_values = true)]
    pub event: Option<KnownEvent>,
    /// Set a header, or replace the one of the same name; repeatable
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = header)]
    pub headers: Vec<(String, String)>,
    /// Break one thing on purpose; repeatable; `--fault list` lists the kinds
    #[arg(long, value_name = "KIND", add = faults())]
    pub fault: Vec<String>,
    /// Expect a response with this status: 401, 2xx; repeatable [default: 2xx]
    #[arg(long, value_name = "STATUS", allow_negative_numbers = true)]
    pub expect: Vec<StatusPattern>,
    /// Find the smallest body that still fails in the same way
    #[arg(long, conflicts_with_all = SHRINK_CONFLICTS)]
    pub shrink: bool,
    /// Time out after this long: 500ms, 10s, 1m [default: as long as the sender waits, or 10s]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = duration)]
    pub timeout: Option<Duration>,
    /// Retry up to N times on no response, 408, 409, 425, 429 and 5xx; backs off, honors Retry-After; `auto` retries as
    /// the sender does
    #[arg(long, value_name = "N|auto", default_value = "0", hide_default_value = true, allow_negative_numbers = true)]
    pub retries: RetryCount,
    /// Wait this long before each retry: 100ms, 60s
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = duration)]
    pub retry_delay: Option<Duration>,
    /// Skip deliveries after failures in a row, as Data Center does
    #[arg(long)]
    pub breaker: bool,
    /// Save deliveries without an expected response in this folder, for `cfwh send DIR`
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub failed: Option<PathBuf>,
    /// Send up to C concurrent requests [default: 1; with --rate 64]
    #[arg(long, value_name = "C", allow_negative_numbers = true, value_parser = positive::<u16>)]
    pub concurrency: Option<u16>,
    /// Start requests at this rate, whether or not earlier ones have ended: 1000/s, 30/m
    #[arg(long, value_name = "R/s", allow_hyphen_values = true, value_parser = rate)]
    pub rate: Option<f64>,
    /// Start no request after this long; without --count, repeat the sources until then
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, value_parser = duration)]
    pub duration: Option<Duration>,
    /// Trust the certificates in this PEM file, too
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "insecure")]
    pub cacert: Option<PathBuf>,
    /// Trust any certificate
    #[arg(long)]
    pub insecure: bool,
    /// Print the exact request instead of sending it
    #[arg(
        long,
        conflicts_with_all = [
            "export", "expect", "timeout", "retries", "retry_delay", "breaker", "failed", "concurrency", "rate", "duration", "insecure",
            "cacert",
        ]
    )]
    pub dry_run: bool,
    /// Print the requests for another tool, each with its signature, instead of sending them
    #[arg(
        long,
        value_name = "TOOL",
        value_parser = exporter(),
        conflicts_with_all = ["expect", "timeout", "retries", "retry_delay", "breaker", "failed", "concurrency", "rate", "duration"]
    )]
    pub export: Option<&'static Exporter>,
}
