//! `cfwh captures`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueHint};
use jiff::Timestamp;

use crate::models::status_pattern::StatusPattern;
use crate::profiles::Profile;
use crate::profiles::event_pattern::EventPattern;

use super::authentication::{Auth, Secrets};
use super::completion::event_patterns;
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
}

/// `cfwh captures list`
#[derive(Debug, Args)]
pub struct CapturesList {
    /// The folder of `listen --capture`
    #[arg(value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub folder: PathBuf,
    /// List only these events: a name, or a pattern such as page_*; repeatable
    #[arg(long, value_name = "PATTERN", add = event_patterns())]
    pub event: Vec<EventPattern>,
    /// List only deliveries that got this status: 401, 2xx; repeatable
    #[arg(long, value_name = "STATUS")]
    pub status: Vec<StatusPattern>,
    /// List only deliveries with this verdict: clean, warnings, errors, unchecked; repeatable
    #[arg(long, value_name = "VERDICT", value_parser = ["clean", "warnings", "errors", "unchecked"], hide_possible_values = true)]
    pub verdict: Vec<String>,
    /// List only deliveries with this authentication: valid, unsigned, mismatch, hmac and so on; repeatable
    #[arg(long, value_name = "WORD", value_parser = auth_words(), hide_possible_values = true)]
    pub auth: Vec<String>,
    /// List only what was received since this time (RFC 3339, a date, or how long ago: 2h)
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub since: Option<Timestamp>,
    /// List only what was received before this time
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub until: Option<Timestamp>,
    /// List only deliveries with this text in the event, the subject, the URL, a header or the body
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// The sender.
    #[arg(long, help = profile_help("Validate again, with the document of this sender"), value_parser = profile(), hide_possible_values = true)]
    pub profile: Option<&'static Profile>,
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
