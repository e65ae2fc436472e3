//! Defines all commands, options and their help. Values are parsed into types of other modules.

mod authentication;
pub mod captures;
pub mod catalogue;
mod completion;
pub mod drift;
pub mod generation;
pub mod given;
pub mod help;
pub mod hints;
pub mod inspect;
pub mod jwks;
pub mod limits;
pub mod listen;
mod parsers;
pub mod probe;
pub mod send;
pub mod shells;
pub mod signatures;
pub mod validate;
pub mod values;

use clap::{Args, Parser, Subcommand};

use crate::output::style::ColorChoice;

use captures::Captures;
use catalogue::{Completions, Events, Help, Man, Schema};
use drift::Drift;
use generation::Fake;
use inspect::Inspect;
use jwks::Jwks;
use listen::Listen;
use probe::Probe;
use send::Send;
use signatures::{Sign, Verify};
use validate::Validate;

pub use authentication::{Auth, Secret, Secrets};

/// Test receivers of Confluence webhooks: receive, send, verify, validate and fake deliveries.
#[derive(Debug, Parser)]
#[command(
    name = "cfwh",
    version,
    help_template = help::TEMPLATE,
    before_help = "Example, in two terminals:
  cfwh listen --secret s3cret
  cfwh send page_updated --secret s3cret --to http://127.0.0.1:8080/webhooks/confluence",
    after_help = "`cfwh COMMAND --help` shows the options, examples and exit codes of a command.

Exit codes: 0 yes or done, 1 no (a check failed), 2 trouble (usage, unreadable input, no response).",
    mut_subcommands = help::add_texts,
    max_term_width = 100,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Cli {
    /// The options of every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The options of every command.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Use color: auto (if the output is a terminal), always, never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value = "auto", hide_possible_values = true)]
    pub color: ColorChoice,
    /// Print results as JSON, one object per line; `cfwh schema --output COMMAND` prints the schema
    #[arg(long, global = true)]
    pub json: bool,
    /// Print errors only, and show no progress bar
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print more detail
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Receive deliveries on this machine, and verify and validate them
    Listen(Listen),
    /// Send signed events, files or captures to an endpoint, as Confluence does
    Send(Send),
    /// Test a receiver with valid and invalid deliveries, and grade it
    Probe(Probe),
    /// Show captures on a web page, where you can search, compare, explain and replay them
    Inspect(Inspect),
    /// Generate realistic event bodies
    Fake(Fake),
    /// Check bodies and captures against the sender's document
    Validate(Validate),
    /// Report how bodies and captures differ from the sender's document, by event
    Drift(Drift),
    /// List, show, compare, export and redact saved deliveries
    Captures(Captures),
    /// Print the signature of a body, or a token
    Sign(Sign),
    /// Verify the signature or token of a body or capture
    Verify(Verify),
    /// Print public keys as a JWKS, or serve them
    Jwks(Jwks),
    /// List the events of a sender
    Events(Events),
    /// Print the JSON Schema of event bodies, or of a command's `--json` output
    Schema(Schema),
    /// List the rules that `validate` checks
    Rules,
    /// Print the completion script for a shell
    Completions(Completions),
    /// Print a man page
    Man(Man),
    /// Print the help of a command, or of all commands as JSON
    Help(Help),
}
