//! `cfwh captures`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};
use jiff::Timestamp;

use crate::models::status_pattern::StatusPattern;
use crate::profiles::Profile;
use crate::profiles::event_pattern::EventPattern;

use super::authentication::{Auth, Secrets};
use super::completion::event_patterns;
use super::limits::Limits;
use super::parsers::{auth_words, moment, profile, profile_help};

/// `cfwh captures`
#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true, disable_help_subcommand = true)]
pub struct Captures {
    /// The subcommand.
    #[command(subcommand)]
    pub action: CapturesAction,
}

/// The subcommands of `captures`.
#[derive(Debug, Subcommand)]
pub enum CapturesAction {
    /// List the deliveries in a folder
    List(CapturesList),
    /// Show one delivery: request, findings and response
    Show(CapturesShow),
    /// Compare the structure of two bodies or captures
    Diff(CapturesDiff),
    /// Export deliveries as an HTTP archive (HAR) or as NDJSON
    Export(CapturesExport),
    /// Copy a folder and replace names, titles, ids, hosts and tokens
    Redact(CapturesRedact),
}

/// The options that select deliveries of a folder.
#[derive(Debug, Args)]
pub struct DeliveryFilter {
    /// Select these events: a name, or a pattern such as page_*; repeatable
    #[arg(long, value_name = "PATTERN", add = event_patterns())]
    pub event: Vec<EventPattern>,
    /// Select deliveries with this response status: 401, 2xx; repeatable
    #[arg(long, value_name = "STATUS")]
    pub status: Vec<StatusPattern>,
    /// Select deliveries with this verdict: clean, warnings, errors, unchecked; repeatable
    #[arg(long, value_name = "VERDICT", value_parser = ["clean", "warnings", "errors", "unchecked"], hide_possible_values = true)]
    pub verdict: Vec<String>,
    /// Select deliveries with this scheme or authentication result: hmac, valid, unsigned, mismatch …; repeatable
    #[arg(long, value_name = "WORD", value_parser = auth_words(), hide_possible_values = true)]
    pub auth: Vec<String>,
    /// Select deliveries received at or after this time: RFC 3339, a date, or a duration before now (2h)
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub since: Option<Timestamp>,
    /// Select deliveries received before this time
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub until: Option<Timestamp>,
    /// Select deliveries with this text in the event, subject, URL, headers or body
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// The sender.
    #[arg(long, help = profile_help("Validate again, against the document of this sender"), value_parser = profile(), hide_possible_values = true)]
    pub profile: Option<&'static Profile>,
}

/// `cfwh captures list`
#[derive(Debug, Args)]
pub struct CapturesList {
    /// The folder that `listen --capture` wrote
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// Selects deliveries.
    #[command(flatten)]
    pub filter: DeliveryFilter,
}

/// `cfwh captures show`
#[derive(Debug, Args)]
pub struct CapturesShow {
    /// The folder that `listen --capture` wrote
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// The number of the delivery, from `captures list`
    #[arg(value_name = "N")]
    pub number: u64,
    /// The sender.
    #[arg(long, help = profile_help("Validate against the document of this sender [default: the profile in the journal]"), value_parser = profile(), hide_possible_values = true)]
    pub profile: Option<&'static Profile>,
    /// The authentication.
    #[command(flatten)]
    pub auth: Auth,
    /// The secrets.
    #[command(flatten)]
    pub secrets: Secrets,
}

/// `cfwh captures diff`
#[derive(Debug, Args)]
pub struct CapturesDiff {
    /// The first capture or body; `-` is stdin
    #[arg(value_name = "A", value_hint = ValueHint::FilePath)]
    pub before: PathBuf,
    /// The second capture or body; `-` is stdin
    #[arg(value_name = "B", value_hint = ValueHint::FilePath)]
    pub after: PathBuf,
    /// The size limits.
    #[command(flatten)]
    pub limits: Limits,
}

/// `cfwh captures export`
#[derive(Debug, Args)]
pub struct CapturesExport {
    /// The folder that `listen --capture` wrote
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// Export in this format: har (whole deliveries and responses) or ndjson (one body per line)
    #[arg(long, value_enum, hide_possible_values = true)]
    pub format: ExportFormat,
    /// Selects deliveries.
    #[command(flatten)]
    pub filter: DeliveryFilter,
}

/// A format of `captures export`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// An HTTP archive
    Har,
    /// One body on each line
    Ndjson,
}

/// `cfwh captures redact`
#[derive(Debug, Args)]
pub struct CapturesRedact {
    /// The folder that `listen --capture` wrote
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// Write the copy to this folder; it must be new or empty
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,
    /// Search the copy for every original word, and exit with 1 if one is found
    #[arg(long)]
    pub verify: bool,
    /// Generate replacements from this seed, which makes them repeatable but guessable [default: random]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// The authentication of the originals.
    #[command(flatten)]
    pub auth: Auth,
    /// The secrets of the originals.
    #[command(flatten)]
    pub secrets: Secrets,
}
