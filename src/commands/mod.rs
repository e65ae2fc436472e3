//! One file a subcommand, thin: read the input, call one skill, show the result, answer an exit.

mod atomic_write;
mod catalogue;
mod drift;
pub mod exit;
mod fake;
mod generation;
pub mod input;
mod listen;
mod packaging;
mod probe;
mod secret;
mod send;
mod sign;
mod validate;
mod verify;

use std::io;

use crate::cli::{Color, Command, Global};
use crate::output::{Settings, Terminal};
use exit::Exit;

/// Runs a command.
///
/// # Errors
/// When it cannot be found out: usage, unreadable input, no answer. A "no" is no error.
pub fn run(command: Command, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    match command {
        Command::Listen(arguments) => listen::run(&arguments, terminal),
        Command::Send(arguments) => send::run(&arguments, terminal),
        Command::Probe(arguments) => probe::run(&arguments, terminal),
        Command::Fake(arguments) => fake::run(&arguments, terminal),
        Command::Validate(arguments) => validate::run(&arguments, terminal),
        Command::Drift(arguments) => drift::run(&arguments, terminal),
        Command::Sign(arguments) => sign::run(&arguments, terminal),
        Command::Verify(arguments) => verify::run(&arguments, terminal),
        Command::Events(_) => catalogue::events(terminal),
        Command::Schema(arguments) => catalogue::schema(&arguments, terminal),
        Command::Rules(_) => catalogue::rules(terminal),
        Command::Completions(arguments) => packaging::completions(&arguments, terminal),
        Command::Man(arguments) => packaging::man(&arguments, terminal),
    }
}

/// How the flags that every command has want things shown.
#[must_use]
pub const fn settings(global: Global) -> Settings {
    let color = match global.color {
        Color::Auto => None,
        Color::Always => Some(true),
        Color::Never => Some(false),
    };
    Settings { color, json: global.json, quiet: global.quiet, verbose: global.verbose }
}

/// Did the reader of stdout go away, as `head` does? That is no failure of ours.
#[must_use]
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let kind = cause
            .downcast_ref::<io::Error>()
            .map(io::Error::kind)
            .or_else(|| cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind));
        kind == Some(io::ErrorKind::BrokenPipe)
    })
}
