//! The small commands: events, schema, rules, completions, man.

use clap::{Args, ValueEnum};

use crate::models::event::EventKind;
use crate::profiles::Profile;

use super::help_template::TEMPLATE;
use super::parsers::{event, profile, profile_help};

/// `cfwh events`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Example:\n  cfwh events",
    after_help = "Exit codes: 0 listed, 2 usage."
)]
pub struct Events {}

/// `cfwh schema`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Examples:
  cfwh schema page_updated > page_updated.schema.json
  cfwh schema --profile cloud page_updated
  cfwh schema --output listen",
    after_help = "Exit codes: 0 printed, 2 usage."
)]
pub struct Schema {
    /// The event; without it, the schema accepts the body of any event
    #[arg(value_name = "EVENT", value_parser = event(), hide_possible_values = true)]
    pub event: Option<EventKind>,
    /// The sender.
    #[arg(long, help = profile_help("Use the document of this sender"), value_parser = profile(), default_value = "spec", hide_possible_values = true)]
    pub profile: &'static Profile,
    /// Print the schema of one line of a command's `--json` output instead
    #[arg(long, value_name = "COMMAND", conflicts_with = "event")]
    pub output: Option<OutputSchema>,
    /// Print the profile's AsyncAPI document instead; that of `spec` is byte for byte as published
    #[arg(long, conflicts_with_all = ["event", "output"])]
    pub asyncapi: bool,
}

/// The commands with a schema of their `--json` lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the values are the commands")]
pub enum OutputSchema {
    Listen,
    Send,
    Probe,
    Validate,
    Drift,
    Sign,
    Verify,
    Events,
    Rules,
}

/// `cfwh rules`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Example:\n  cfwh rules",
    after_help = "Exit codes: 0 listed, 2 usage."
)]
pub struct Rules {}

/// `cfwh completions`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Example:\n  cfwh completions bash > ~/.local/share/bash-completion/completions/cfwh",
    after_help = "Exit codes: 0 printed, 2 usage."
)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `cfwh man`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Example:\n  cfwh man send | man -l -",
    after_help = "Exit codes: 0 printed, 2 usage."
)]
pub struct Man {
    /// The command; without it, the page of `cfwh` itself
    pub command: Option<String>,
}
