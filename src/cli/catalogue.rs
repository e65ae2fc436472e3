//! The small commands: schema, completions, man, help.

use clap::Args;

use crate::profiles::{KnownEvent, Profile};

use super::completion::commands;
use super::parsers::{known_event, output_schema, profile, profile_help};

/// `cfwh schema`
#[derive(Debug, Args)]
pub struct Schema {
    /// The event; without it, the schema accepts the body of any event
    #[arg(value_name = "EVENT", value_parser = known_event(), hide_possible_values = true)]
    pub event: Option<KnownEvent>,
    /// The sender.
    #[arg(long, help = profile_help("Use the document of this sender"), value_parser = profile(), default_value = "spec", hide_possible_values = true)]
    pub profile: &'static Profile,
    /// Print the schema of one line of a command's `--json` output instead
    #[arg(long, value_name = "COMMAND", value_parser = output_schema(), conflicts_with_all = ["event", "profile"])]
    pub output: Option<&'static str>,
    /// Print the profile's AsyncAPI document instead; that of `spec` is byte for byte as published
    #[arg(long, conflicts_with_all = ["event", "output", "json"])]
    pub asyncapi: bool,
}

/// `cfwh events`
#[derive(Debug, Args)]
pub struct Events {
    /// The sender.
    #[arg(long, help = profile_help("List the events of this sender"), value_parser = profile(), default_value = "spec", hide_possible_values = true)]
    pub profile: &'static Profile,
}

/// `cfwh completions`
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `cfwh help`
#[derive(Debug, Args)]
pub struct Help {
    /// The command, `send` or `captures list`; without it, what all have in common
    #[arg(num_args = 0..=2, add = commands())]
    pub command: Vec<String>,
}

/// `cfwh man`
#[derive(Debug, Args)]
pub struct Man {
    /// The command, `send` or `captures list`; without it, the page of `cfwh` itself
    #[arg(num_args = 0..=2, add = commands())]
    pub command: Vec<String>,
}
