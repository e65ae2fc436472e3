//! Every flag and its help. Parsing goes into types from below; nothing here does anything.

pub mod catalogue;
pub mod drift;
pub mod generation;
pub mod listen;
mod parsers;
pub mod probe;
pub mod send;
pub mod signatures;
pub mod validate;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

use catalogue::{Completions, Events, Man, Rules, Schema};
use drift::Drift;
use generation::Fake;
use listen::Listen;
use probe::Probe;
use send::Send;
use signatures::{Sign, Verify};
use validate::Validate;

/// Examples stand first, exit codes last: most readers of a help text look for one of the two.
const TEMPLATE: &str = "{before-help}{about-with-newline}\n{usage-heading} {usage}\n\n{all-args}{after-help}\n";

/// Receive, sign, verify, validate, send and fake Confluence Cloud webhooks, offline.
#[derive(Debug, Parser)]
#[command(
    name = "cfwh",
    version,
    help_template = "{before-help}{about-with-newline}\n{usage-heading} {usage}\n\n{all-args}{after-help}\n",
    before_help = "Example, in two terminals:
  cfwh listen --secret s3cret
  cfwh send page_updated --secret s3cret --to http://127.0.0.1:8080/webhooks/confluence",
    after_help = "Exit codes: 0 yes or done, 1 no (a check failed), 2 trouble (usage, unreadable input, no answer).
`cfwh COMMAND --help` says what they mean for each command.",
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Cli {
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub global: Global,
    #[command(subcommand)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub command: Command,
}

/// The flags that every command has.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Every command")]
pub struct Global {
    /// When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    pub color: Color,
    /// Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)
    #[arg(long, global = true)]
    pub json: bool,
    /// Print errors only; the exit code tells the rest
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more, on stderr
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the values are the words")]
pub enum Color {
    Auto,
    Always,
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Receive deliveries on this machine, verify and validate them, and say what arrived
    Listen(Listen),
    /// Send events, files or captures to an endpoint, signed, as Confluence does
    Send(Send),
    /// Try a receiver of your own: is it right?
    Probe(Probe),
    /// Print realistic payloads
    Fake(Fake),
    /// Check payloads and captures against the document of the nineteen events
    Validate(Validate),
    /// Say how captures and payloads differ from the document, event by event
    Drift(Drift),
    /// Print the signature of a body
    Sign(Sign),
    /// Check the signature of a body or a capture
    Verify(Verify),
    /// List the nineteen events
    Events(Events),
    /// Print the JSON Schema of an event's body, or of a command's `--json` output
    Schema(Schema),
    /// List the rules that `validate` checks
    Rules(Rules),
    /// Print a shell's completion script
    Completions(Completions),
    /// Print a man page
    Man(Man),
}

/// The secret, for commands that take one.
#[derive(Debug, Args)]
pub struct Secret {
    /// Read the secret from a file, its final line end dropped; `-` is stdin
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, conflicts_with = "secret")]
    pub secret_file: Option<PathBuf>,
    /// The secret itself; other users of this machine may see it in the process list [or: CFWH_SECRET]
    #[arg(long, value_name = "S")]
    pub secret: Option<OsString>,
}

/// The secrets, for commands that take several.
#[derive(Debug, Args)]
pub struct Secrets {
    /// Read a secret from a file, its final line end dropped; `-` is stdin; repeatable, any may match
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub secret_file: Vec<PathBuf>,
    /// A secret itself; repeatable, any may match [or: CFWH_SECRET]
    #[arg(long, value_name = "S")]
    pub secret: Vec<OsString>,
}
