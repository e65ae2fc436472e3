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
    /// What to do with them.
    #[command(subcommand)]
    pub action: CapturesAction,
}

/// What to do with captures.
#[derive(Debug, Subcommand)]
pub enum CapturesAction {
    /// List the deliveries of a folder
    List(CapturesList),
    /// Show a delivery: request, findings, and the response it got
    Show(CapturesShow),
    /// Compare two bodies or captures by their structure
    Diff(CapturesDiff),
    /// Print deliveries as an HTTP archive (HAR), or their bodies as NDJSON
    Export(CapturesExport),
    /// Copy a folder without names, titles, ids, hosts and tokens
    Redact(CapturesRedact),
}

/// Which deliveries of a folder are meant.
#[derive(Debug, Args)]
pub struct DeliveryFilter {
    /// Only these events: a name, or a pattern such as page_*; repeatable
    #[arg(long, value_name = "PATTERN", add = event_patterns())]
    pub event: Vec<EventPattern>,
    /// Only deliveries that got this status: 401, 2xx; repeatable
    #[arg(long, value_name = "STATUS")]
    pub status: Vec<StatusPattern>,
    /// Only deliveries with this verdict: clean, warnings, errors, unchecked; repeatable
    #[arg(long, value_name = "VERDICT", value_parser = ["clean", "warnings", "errors", "unchecked"], hide_possible_values = true)]
    pub verdict: Vec<String>,
    /// Only deliveries with this authentication: valid, unsigned, mismatch, hmac and so on; repeatable
    #[arg(long, value_name = "WORD", value_parser = auth_words(), hide_possible_values = true)]
    pub auth: Vec<String>,
    /// Only what was received since this time (RFC 3339, a date, or how long ago: 2h)
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub since: Option<Timestamp>,
    /// Only what was received before this time
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub until: Option<Timestamp>,
    /// Only deliveries with this text in the event, the subject, the URL, a header or the body
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// The sender.
    #[arg(long, help = profile_help("Validate again, with the document of this sender"), value_parser = profile(), hide_possible_values = true)]
    pub profile: Option<&'static Profile>,
}

/// `cfwh captures list`
#[derive(Debug, Args)]
pub struct CapturesList {
    /// The folder of `listen --capture`
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// Which deliveries.
    #[command(flatten)]
    pub filter: DeliveryFilter,
}

/// `cfwh captures show`
#[derive(Debug, Args)]
pub struct CapturesShow {
    /// The folder of `listen --capture`
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// The number of the delivery, as `captures list` prints it
    #[arg(value_name = "N")]
    pub number: u64,
    /// The sender.
    #[arg(long, help = profile_help("Validate with the document of this sender [default: as the journal says]"), value_parser = profile(), hide_possible_values = true)]
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
    /// The first capture or body, or `-`
    #[arg(value_name = "A", value_hint = ValueHint::FilePath)]
    pub before: PathBuf,
    /// The second one
    #[arg(value_name = "B", value_hint = ValueHint::FilePath)]
    pub after: PathBuf,
    /// How much is read.
    #[command(flatten)]
    pub limits: Limits,
}

/// `cfwh captures export`
#[derive(Debug, Args)]
pub struct CapturesExport {
    /// The folder of `listen --capture`
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// Print in this format: har (whole deliveries and responses), ndjson (a body a line)
    #[arg(long, value_enum, hide_possible_values = true)]
    pub format: ExportFormat,
    /// Which deliveries.
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
    /// The folder of `listen --capture`
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// Write the copy to this folder, which must be new or empty
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: PathBuf,
    /// Search the copy for every original word; exit code 1 if one is left
    #[arg(long)]
    pub verify: bool,
    /// Draw the replacements from this seed, so that they can be repeated (and guessed) [default: a random one]
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// The authentication of the originals.
    #[command(flatten)]
    pub auth: Auth,
    /// Their secrets.
    #[command(flatten)]
    pub secrets: Secrets,
}
