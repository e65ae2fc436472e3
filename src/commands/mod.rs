//! The commands, one file or folder each: read input, call the library, show the result, return the exit code.

mod atomic_write;
mod authentication;
mod captures;
mod catalogue;
mod drift;
pub mod environment;
pub mod exit;
mod fake;
mod file_size_limit;
mod generation;
mod help;
pub mod input;
mod inspect;
mod inspector_server;
mod jwks;
mod key_server;
mod listen;
mod packaging;
mod probe;
mod process;
mod secret;
mod send;
mod sign;
mod trust;
mod validate;
mod verify;

use std::io;
use std::time::SystemTime;

use crate::cli::{Command, Global};
use crate::output::{Settings, Terminal};
use exit::Exit;

/// Runs a command.
///
/// # Errors
/// Returns an error after wrong usage, unreadable input or no response. A failed check is not an error.
pub fn run(command: Command, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    environment::check_files()?;
    file_size_limit::report_as_error();
    match &command {
        Command::Listen(_) | Command::Send(_) | Command::Probe(_) | Command::Inspect(_) => {
            environment::check_network()?;
        }
        Command::Jwks(arguments) if arguments.serve => environment::check_network()?,
        Command::Fake(_) => environment::check_clock(SystemTime::now())?,
        _ => {}
    }
    match command {
        Command::Listen(mut arguments) => {
            arguments.auth.default_to(arguments.profile);
            listen::run(&arguments, terminal)
        }
        Command::Send(mut arguments) => {
            arguments.auth.default_to(arguments.events.profile);
            send::run(&arguments, terminal)
        }
        Command::Probe(mut arguments) => {
            arguments.auth.default_to(arguments.profile);
            probe::run(&arguments, terminal)
        }
        Command::Inspect(mut arguments) => {
            if let Some(profile) = arguments.profile {
                arguments.auth.default_to(profile);
            }
            inspect::run(&arguments, terminal)
        }
        Command::Fake(arguments) => fake::run(&arguments, terminal),
        Command::Validate(arguments) => validate::run(&arguments, terminal),
        Command::Drift(arguments) => drift::run(&arguments, terminal),
        Command::Captures(arguments) => captures::run(arguments.action, terminal),
        Command::Sign(arguments) => sign::run(&arguments, terminal),
        Command::Verify(arguments) => verify::run(&arguments, terminal),
        Command::Jwks(arguments) => jwks::run(&arguments, terminal),
        Command::Events(arguments) => catalogue::events(&arguments, terminal),
        Command::Schema(arguments) => catalogue::schema(&arguments, terminal),
        Command::Rules => catalogue::rules(terminal),
        Command::Completions(arguments) => packaging::completions(&arguments, terminal),
        Command::Help(arguments) => help::run(&arguments, terminal),
        Command::Man(arguments) => packaging::man(&arguments, terminal),
    }
}

/// Returns the output settings from the global options.
pub const fn settings(global: Global) -> Settings {
    let Global { color, json, quiet, verbose } = global;
    Settings { color, json, quiet, verbose }
}

/// Returns whether the error is a closed stdout, as with `head`. This is not a failure.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let is_broken_pipe = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref().is_some_and(is_broken_pipe))
}
