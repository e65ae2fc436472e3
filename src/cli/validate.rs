//! `cfwh validate`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::output::emit::ReportFormat;
use crate::profiles::{KnownEvent, Profile};

use super::completion::reports;
use super::limits::Limits;
use super::parsers::{known_event, profile, profile_help, report, report_format, whole};

/// `cfwh validate`
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is one flag")]
pub struct Validate {
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
    #[arg(long, help = profile_help("Validate against the document of this sender"), value_parser = profile(), default_value = "spec", hide_possible_values = true)]
    pub profile: &'static Profile,
    /// Read a part of a larger input, which may be empty: each line begins with its number in the whole and a tab
    #[arg(long)]
    pub numbered: bool,
    /// Treat warnings as errors
    #[arg(long)]
    pub strict: bool,
    /// Also check the order of the inputs: no update before a creation or after a removal, versions that rise by one …
    /// (see docs/explanation/stories.md and `cfwh rules`)
    #[arg(long)]
    pub story: bool,
    /// Expect invalid inputs: exit with 0 if every input has errors, with 1 if one has none
    #[arg(long)]
    pub expect_invalid: bool,
    /// Print findings in this format: text, json, github (annotations), junit, sarif [default: text]
    #[arg(long, value_parser = report_format(), conflicts_with = "json", hide_possible_values = true)]
    pub format: Option<&'static ReportFormat>,
    /// Also write findings to this file, in this format; repeatable
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report, add = reports())]
    pub report: Vec<(&'static ReportFormat, PathBuf)>,
    /// Print at most N findings per input, errors first, and count the others
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<usize>)]
    pub max_findings: Option<usize>,
}
