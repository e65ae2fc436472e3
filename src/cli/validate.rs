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
pub struct Validate {
    /// Files, folders (.json .ndjson .jsonl .http .har, without what .gitignore names) or `-`; none is stdin
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// How much is read.
    #[command(flatten)]
    pub limits: Limits,
    /// Treat every body as this event
    #[arg(long, value_parser = known_event(), hide_possible_values = true)]
    pub event: Option<KnownEvent>,
    /// The sender.
    #[arg(long, help = profile_help("Validate against the document of this sender"), value_parser = profile(), default_value = "spec", hide_possible_values = true)]
    pub profile: &'static Profile,
    /// Treat warnings as errors
    #[arg(long)]
    pub strict: bool,
    /// Check that the inputs, in this order, are a possible story: nothing before its creation or after its removal,
    /// versions rising by one … (docs/explanation/stories.md, `cfwh rules`)
    #[arg(long)]
    pub story: bool,
    /// Expect errors: exit with 0 if every input has some, with 1 if one has none
    #[arg(long)]
    pub expect_invalid: bool,
    /// Print findings in this format: text, json, github (annotations), junit, sarif [default: text]
    #[arg(long, value_parser = report_format(), conflicts_with = "json", hide_possible_values = true)]
    pub format: Option<&'static ReportFormat>,
    /// Write findings to a file too; repeatable
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report, add = reports())]
    pub report: Vec<(&'static ReportFormat, PathBuf)>,
    /// Print at most N findings, errors first, and count the rest
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<usize>)]
    pub max_findings: Option<usize>,
}
