//! `cfwh validate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use crate::models::event::EventKind;
use crate::profiles::Profile;

use super::TEMPLATE;
use super::parsers::{EventParser, ProfileParser, report};

/// `cfwh validate`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Examples:
  cfwh validate body.json
  cfwh validate captures/ --strict
  cfwh validate --profile cloud captures/
  cfwh validate --format github --report sarif=cfwh.sarif captures/
  cfwh fake page_updated | cfwh validate -
  cfwh fake story --format ndjson | cfwh validate --story -",
    after_help = "Exit codes: 0 no errors, 1 errors (with --strict, warnings too), 2 unreadable or no input."
)]
pub struct Validate {
    /// Files, folders (.json .ndjson .jsonl .http, recursively) or `-`; none is stdin
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// The event that every body is about
    #[arg(long, value_name = "EVENT", value_parser = EventParser, hide_possible_values = true)]
    pub event: Option<EventKind>,
    /// What bodies are held against: `spec` is the published document, `cloud` what Confluence Cloud sends
    #[arg(long, value_name = "PROFILE", default_value = "spec", value_parser = ProfileParser)]
    pub profile: &'static Profile,
    /// Count warnings as errors
    #[arg(long)]
    pub strict: bool,
    /// Check that the inputs, in this order, make a story: nothing before its creation or after its removal, versions
    /// rising by one … (docs/stories.md, `cfwh rules`)
    #[arg(long)]
    pub story: bool,
    /// Expect errors: 0 when every input has some, 1 when one has none
    #[arg(long)]
    pub expect_invalid: bool,
    /// How to print findings: text, json, github (annotations), junit, sarif [default: text]
    #[arg(long, value_name = "FORMAT", conflicts_with = "json", hide_possible_values = true)]
    pub format: Option<ReportFormat>,
    /// Write them to a file too; repeatable
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report)]
    pub report: Vec<(ReportFormat, PathBuf)>,
    /// Print at most so many findings; the rest is counted
    #[arg(long, value_name = "N")]
    pub max_findings: Option<usize>,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the values are the words")]
pub enum ReportFormat {
    Text,
    Json,
    Github,
    Junit,
    Sarif,
}
