//! `cfwh schema`, `events`, `completions`, `help` and `man`.

use clap::Args;

use crate::profiles::{KnownEvent, Profile};

use super::completion::commands;
use super::parsers::{known_event, output_schema, profile, profile_help};

/// `cfwh schema`
#[derive(Debug, Args)]
pub struct Schema {
    /// The event; without it, the schema accepts the bodies of all events
    #[arg(value_name = "EVENT", value_parser = known_event(), hide_possible_values = true)]
    pub event: Option<KnownEvent>,
    /// The sender.
    #[arg(long, help = profile_help("Use the document of this sender"), value_parser = profile(), default_value = "spec", hide_possible_values = true)]
    pub profile: &'static Profile,
    /// Print the schema of this command's `--json` lines instead
    #[arg(long, value_name = "COMMAND", value_parser = output_schema(), conflicts_with_all = ["event", "profile"])]
    pub output: Option<&'static str>,
    /// Print the profile's AsyncAPI document instead; for `spec`, the published file, byte for byte
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
    /// The command, such as `send` or `captures list`; without it, `cfwh` itself
    #[arg(num_args = 0..=2, add = commands())]
    pub command: Vec<String>,
    /// Print instructions for coding agents, in the format of a SKILL.md file
    #[arg(long, conflicts_with_all = ["command", "json"])]
    pub skill: bool,
}

/// `cfwh man`
#[derive(Debug, Args)]
pub struct Man {
    /// The command, such as `send` or `captures list`; without it, `cfwh` itself
    #[arg(num_args = 0..=2, add = commands())]
    pub command: Vec<String>,
}
