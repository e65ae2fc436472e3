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

/// The options that `--shrink` conflicts with: it chooses itself what it sends, and how often.
const SHRINK_CONFLICTS: [&str; 10] =
    ["breaker", "concurrency", "count", "dry_run", "duration", "edit", "export", "fault", "rate", "retries"];

const BODIES: &str = "Bodies";
const DELIVERY: &str = "Delivery";
const LOAD: &str = "Load";

/// `cfwh send`
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is one flag")]
pub struct Send {
    /// The options on the command line.
    #[command(flatten)]
    pub given: GivenOptions,
    /// Events, files, folders of captures, `all` for one of each event, `story` for a realistic sequence, `ping`, a Connect callback such as `installed`, or `-` for stdin
    #[arg(
        value_name = "SOURCE",
        required_unless_present = "fault",
        value_parser = source(),
        hide_possible_values = true,
        add = sources()
    )]
    pub sources: Vec<PathBuf>,
    /// The size limits.
    #[command(flatten)]
    pub limits: Limits,
    /// Send to this URL; {event} becomes the event's name [env: CFWH_URL]
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
    #[arg(long, help_heading = "Authentication")]
    pub resign: bool,
    /// Also send the `Cookie` and `Authorization` headers of captures
    #[arg(long, help_heading = "Authentication")]
    pub keep_credentials: bool,
    /// The events to generate.
    #[command(flatten)]
    pub events: EventOptions,
    /// Open each body in $VISUAL or $EDITOR before anything is sent
    #[arg(long, help_heading = BODIES, conflicts_with_all = ["concurrency", "rate", "duration"])]
    pub edit: bool,
    /// Send generated bodies on one line (json, ndjson) or indented (pretty)
    #[arg(long, help_heading = BODIES, value_enum, default_value = "json")]
    pub format: BodyFormat,
    /// Wrap bodies in an object with this key
    #[arg(long, help_heading = BODIES, value_name = "KEY", value_parser = envelope())]
    pub envelope: Option<&'static str>,
    /// Use this event for bodies that do not name one
    #[arg(long, help_heading = BODIES, value_name = "EVENT", value_parser = known_event(), hide_possible_values = true)]
    pub event: Option<KnownEvent>,
    /// Set a header of the request; repeatable
    #[arg(short = 'H', long = "header", help_heading = BODIES, value_name = "NAME: VALUE", value_parser = header)]
    pub headers: Vec<(String, String)>,
    /// Break one thing on purpose; repeatable; `list` lists all faults
    #[arg(long, help_heading = BODIES, value_name = "KIND", add = faults())]
    pub fault: Vec<String>,
    /// Expect this response status: 401, 2xx; repeatable [default: 2xx]
    #[arg(long, help_heading = DELIVERY, value_name = "STATUS", allow_negative_numbers = true)]
    pub expect: Vec<StatusPattern>,
    /// Find the smallest body that still fails in the same way
    #[arg(long, help_heading = DELIVERY, conflicts_with_all = SHRINK_CONFLICTS)]
    pub shrink: bool,
    /// Time out after this long: 500ms, 10s [default: like the sender, or 10s]
    #[arg(long, help_heading = DELIVERY, value_name = "TIME", allow_hyphen_values = true, value_parser = duration)]
    pub timeout: Option<Duration>,
    /// Retry up to N times after no response, 408, 409, 425, 429 and 5xx, with increasing pauses, or after Retry-After;
    /// `auto` retries like the sender
    #[arg(long, help_heading = DELIVERY, value_name = "N|auto", default_value = "0", hide_default_value = true, allow_negative_numbers = true)]
    pub retries: RetryCount,
    /// Wait this long before each retry: 100ms, 60s
    #[arg(long, help_heading = DELIVERY, value_name = "TIME", allow_hyphen_values = true, value_parser = duration)]
    pub retry_delay: Option<Duration>,
    /// Skip deliveries after five failures in a row, as Data Center does
    #[arg(long, help_heading = DELIVERY)]
    pub breaker: bool,
    /// Save failed deliveries in this folder; `cfwh send DIR` sends them again
    #[arg(long, help_heading = DELIVERY, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub failed: Option<PathBuf>,
    /// Send up to C concurrent requests [default: 1; with --rate, 64]
    #[arg(long, help_heading = LOAD, value_name = "C", allow_negative_numbers = true, value_parser = positive::<u16>)]
    pub concurrency: Option<u16>,
    /// Start requests at this rate, without waiting for responses: 1000/s, 30/m
    #[arg(long, help_heading = LOAD, value_name = "R/s", allow_hyphen_values = true, value_parser = rate)]
    pub rate: Option<f64>,
    /// Stop after this long; without --count, repeat the sources until then
    #[arg(long, help_heading = LOAD, value_name = "TIME", allow_hyphen_values = true, value_parser = duration)]
    pub duration: Option<Duration>,
    /// Also trust the certificates in this PEM file
    #[arg(long, help_heading = DELIVERY, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "insecure")]
    pub cacert: Option<PathBuf>,
    /// Trust any certificate
    #[arg(long, help_heading = DELIVERY)]
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
    /// Print the signed requests for another tool instead of sending them
    #[arg(
        long,
        value_name = "TOOL",
        value_parser = exporter(),
        conflicts_with_all = ["expect", "timeout", "retries", "retry_delay", "breaker", "failed", "concurrency", "rate", "duration"]
    )]
    pub export: Option<&'static Exporter>,
}
