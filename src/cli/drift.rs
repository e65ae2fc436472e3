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
    #[arg(long, help = profile_help("Compare with the document of this sender") + " [default: spec]", value_parser = profile(), hide_possible_values = true)]
    pub profile: Option<&'static Profile>,
    /// Read a part of a larger input, which may be empty: each line begins with its number in the whole and a tab
    #[arg(long)]
    pub numbered: bool,
    /// Add up the results of earlier runs: each PATH is what `drift --json` printed for a part of the bodies
    #[arg(long, conflicts_with_all = ["event", "infer", "numbered"])]
    pub merge: bool,
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
