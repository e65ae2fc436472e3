//! All flags and their help. Values are parsed into types of the rooms below; nothing here does anything.

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

/// Receive, sign, verify, validate, send and fake Confluence Cloud webhooks, offline.
#[derive(Debug, Parser)]
#[command(
    name = "cfwh",
    version,
    help_template = help::TEMPLATE,
    before_help = "Example, in two terminals:
  cfwh listen --secret s3cret
  cfwh send page_updated --secret s3cret --to http://127.0.0.1:8080/webhooks/confluence",
    after_help = "Exit codes: 0 yes or done, 1 no (a check failed), 2 trouble (usage, unreadable input, no response).
`cfwh COMMAND --help` says what they mean for each command.",
    mut_subcommands = help::add_texts,
    max_term_width = 100,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Cli {
    /// The flags of every command.
    #[command(flatten)]
    pub global: Global,
    /// The command.
    #[command(subcommand)]
    pub command: Command,
}

/// The flags of every command.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Every command")]
pub struct Global {
    /// Use colour: auto, always or never; `auto` honors NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value = "auto", hide_possible_values = true)]
    pub color: ColorChoice,
    /// Print results as JSON, one object per line (`cfwh schema --output COMMAND` describes them)
    #[arg(long, global = true)]
    pub json: bool,
    /// Print errors only
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Print more detail
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Receive deliveries on this machine, verify and validate them
    Listen(Listen),
    /// Send events, files or captures to an endpoint, signed, as Confluence does
    Send(Send),
    /// Test a webhook receiver
    Probe(Probe),
    /// Show captures on a web page: search, compare, explain, replay
    Inspect(Inspect),
    /// Print realistic payloads
    Fake(Fake),
    /// Check payloads and captures against the document of the nineteen events
    Validate(Validate),
    /// Show how captures and payloads differ from the document, event by event
    Drift(Drift),
    /// List, show, compare, export and redact saved deliveries
    Captures(Captures),
    /// Print the signature of a body
    Sign(Sign),
    /// Check the signature of a body or a capture
    Verify(Verify),
    /// Print public keys as a JWKS, or serve them to a receiver
    Jwks(Jwks),
    /// List the events of a sender
    Events(Events),
    /// Print the JSON Schema of an event's body, or of a command's `--json` output
    Schema(Schema),
    /// List the rules that `validate` checks
    Rules,
    /// Print a shell's completion script
    Completions(Completions),
    /// Print a man page
    Man(Man),
    /// Print the help of a command, or of all commands as JSON
    Help(Help),
}
