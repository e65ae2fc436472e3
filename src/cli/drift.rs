//! `cfwh drift`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::output::drift::DriftFormat;
use crate::profiles::{KnownEvent, Profile};

use super::limits::Limits;
use super::parsers::{known_event, profile, profile_help};

/// `cfwh drift`
#[derive(Debug, Args)]
pub struct Drift {
    /// Files, folders (their .json, .ndjson, .jsonl, .http and .har files that git does not ignore) or `-` for stdin [default: stdin]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// The size limits.
    #[command(flatten)]
    pub limits: Limits,
    /// Treat every body as this event
    #[arg(long, value_parser = known_event(), hide_possible_values = true)]
    pub event: Option<KnownEvent>,
    /// The sender.
    #[arg(long, help = profile_help("Compare with the document of this sender"), value_parser = profile(), default_value = "spec", hide_possible_values = true)]
    pub profile: &'static Profile,
    /// Print in this format: text, markdown, json [default: text]
    #[arg(long, value_enum, conflicts_with_all = ["json", "infer"], hide_possible_values = true)]
    pub format: Option<DriftFormat>,
    /// Ignore the differences in this file, the output of an earlier `drift --json`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "infer")]
    pub baseline: Option<PathBuf>,
    /// Print a JSON Schema that accepts every input instead
    #[arg(long, conflicts_with_all = ["json", "profile"])]
    pub infer: bool,
}
