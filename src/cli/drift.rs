//! `cfwh drift`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use crate::models::event::EventKind;
use crate::profiles::Profile;

use super::TEMPLATE;
use super::parsers::{EventParser, ProfileParser};

/// `cfwh drift`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Examples:
  cfwh drift captures/
  cfwh drift --profile cloud captures/ --format markdown
  cfwh drift --json captures/ > known.drift.json
  cfwh drift captures/ --baseline known.drift.json   # in CI: 1 only on what is new
  cfwh drift captures/ --infer > captures.schema.json",
    after_help = "Says what the document does not declare, what it declares and no body has, and which types and
listed values differ; how often, first and last seen by the bodies' own `timestamp`, and one example
with its value left out.

Exit codes: 0 no difference (with --baseline: none that is new), 1 differences, 2 unreadable or no input."
)]
pub struct Drift {
    /// Files, folders (.json .ndjson .jsonl .http, recursively) or `-`; none is stdin
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// The event that every body is about
    #[arg(long, value_name = "EVENT", value_parser = EventParser, hide_possible_values = true)]
    pub event: Option<EventKind>,
    /// Held against what: `spec` is the published document, `cloud` what Confluence Cloud was seen to send
    #[arg(long, value_name = "PROFILE", default_value = "spec", value_parser = ProfileParser)]
    pub profile: &'static Profile,
    /// How to print it [default: text]
    #[arg(long, value_name = "FORMAT", conflicts_with_all = ["json", "infer"])]
    pub format: Option<DriftFormat>,
    /// Leave out what an earlier `drift --json` has told
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "infer")]
    pub baseline: Option<PathBuf>,
    /// Print a JSON Schema that accepts all inputs instead
    #[arg(long)]
    pub infer: bool,
}

/// How `drift` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the values are the words")]
pub enum DriftFormat {
    Text,
    Markdown,
    Json,
}
