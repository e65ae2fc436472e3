//! `cfwh send`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum, ValueHint};

use crate::models::event::EventKind;

use super::generation::{BodyFormat, EventOptions};
use super::parsers::{EventParser, SourceParser, duration, header, rate};
use super::{Secret, TEMPLATE};

/// `cfwh send`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Examples:
  cfwh send page_updated --secret s --to http://127.0.0.1:8080/webhooks/confluence
  cfwh send body.json --secret s --to http://127.0.0.1:3000/hooks/{event}
  cfwh send story --secret s --profile cloud --to http://127.0.0.1:3000/hooks/{event}
  cfwh send captures/ --to http://127.0.0.1:3000/hooks --retries 3 --failed again/
  cfwh send all --secret s --to http://127.0.0.1:3000/hooks --rate 200/s --duration 30s
  cfwh send all --secret s --to http://127.0.0.1:3000/hooks --export k6 > load.js",
    after_help = "One POST each, in order, without redirects and retries, as Confluence does. A capture goes as it
was kept, with its own signature; --resign signs it again. Header names go out as `X-Hub-Signature`
has its letters, however they are written.

A load (--concurrency, --rate or --duration) shows what did not get a 2xx, and counts and latencies
at its end; with --rate, latencies count from the time that a delivery was due. With --json, every
delivery is a line.

Exit codes: 0 every reply was 2xx, 1 another reply, 2 usage, unreadable input or no answer."
)]
pub struct Send {
    /// Events, files, folders of captures, `all` for one of each event, `story` for a sequence, or `-`
    #[arg(
        value_name = "SOURCE",
        required_unless_present = "fault",
        value_parser = SourceParser,
        hide_possible_values = true
    )]
    pub sources: Vec<PathBuf>,
    /// Where to; {event} becomes the event's name
    #[arg(
        long,
        value_name = "URL",
        value_hint = ValueHint::Url,
        required_unless_present = "fault",
        default_value = "",
        hide_default_value = true
    )]
    pub to: String,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub secret: Secret,
    /// Sign captures again
    #[arg(long)]
    pub resign: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub events: EventOptions,
    /// Send generated bodies indented (pretty) or on one line (json, ndjson)
    #[arg(long, value_enum, default_value = "pretty")]
    pub format: BodyFormat,
    /// The event that a body without one is about
    #[arg(long, value_name = "EVENT", value_parser = EventParser, hide_possible_values = true)]
    pub event: Option<EventKind>,
    /// Add a header, or put it in the place of one of the same name; repeatable
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = header)]
    pub headers: Vec<(String, String)>,
    /// Get one thing wrong on purpose; repeatable; `--fault list` lists the kinds
    #[arg(long, value_name = "KIND")]
    pub fault: Vec<String>,
    /// Give up on an answer after so long: 500ms, 10s, 1m
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub timeout: Duration,
    /// Send again, up to so often, on no answer, 408, 409, 425, 429 and 5xx; backs off, heeds Retry-After
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub retries: u32,
    /// Keep what did not get a 2xx in this folder, for `cfwh send DIR`
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub failed: Option<PathBuf>,
    /// Send so many at once [default: 1; with --rate 64]
    #[arg(long, value_name = "C", value_parser = clap::value_parser!(u16).range(1..))]
    pub concurrency: Option<u16>,
    /// Begin so many in a time, whatever becomes of those before: 1000/s, 30/m
    #[arg(long, value_name = "R/s", value_parser = rate)]
    pub rate: Option<f64>,
    /// Begin none after so long; without --count, go on until then
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub duration: Option<Duration>,
    /// Trust the certificates in this PEM file too
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "insecure")]
    pub cacert: Option<PathBuf>,
    /// Trust any certificate
    #[arg(long)]
    pub insecure: bool,
    /// Print the exact request instead of sending it
    #[arg(long, conflicts_with = "export")]
    pub dry_run: bool,
    /// Print the requests for another tool, each with its signature, instead of sending them
    #[arg(long, value_name = "TOOL")]
    pub export: Option<Export>,
}

/// The tools that `send` writes its requests down for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the values are the tools")]
pub enum Export {
    Curl,
    Http,
    Vegeta,
    K6,
    Hurl,
}
