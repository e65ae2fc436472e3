//! `cfwh drift`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::models::event::EventKind;
use crate::output::drift::DriftFormat;
use crate::profiles::Profile;

use super::help_template::TEMPLATE;
use super::parsers::{event, profile, profile_help};

/// `cfwh drift`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Examples:
  cfwh drift captures/
  cfwh drift --profile cloud captures/ --format markdown
  cfwh drift --json captures/ > known.drift.json
  cfwh drift captures/ --baseline known.drift.json   # in CI: exit code 1 only for new differences
  cfwh drift captures/ --infer > captures.schema.json",
    after_help = "Prints properties that the document does not declare, declared properties that no body has, and
values of another type or outside the declared list: how often, when they were first and last seen
(by the `timestamp` of the bodies), and one example without its value.

Exit codes: 0 no difference (with --baseline: no new one), 1 differences, 2 unreadable or no input."
)]
pub struct Drift {
    /// Files, folders (.json .ndjson .jsonl .http, recursively) or `-`; none is stdin
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// Treat every body as this event
    #[arg(long, value_parser = event(), hide_possible_values = true)]
    pub event: Option<EventKind>,
    /// The sender.
    #[arg(long, help = profile_help("Compare with the document of this sender"), value_parser = profile(), default_value = "spec", hide_possible_values = true)]
    pub profile: &'static Profile,
    /// Print in this format: text, markdown, json [default: text]
    #[arg(long, value_enum, conflicts_with_all = ["json", "infer"], hide_possible_values = true)]
    pub format: Option<DriftFormat>,
    /// Leave out the differences in this output of an earlier `drift --json`
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "infer")]
    pub baseline: Option<PathBuf>,
    /// Print a JSON Schema that accepts all inputs instead
    #[arg(long)]
    pub infer: bool,
}
