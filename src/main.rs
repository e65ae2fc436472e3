//! Parses, runs, turns an error into a sentence and an exit code.

use std::process::ExitCode;

use cfwh::cli::Cli;
use cfwh::commands;
use cfwh::commands::exit::Exit;
use cfwh::terminal::Terminal;
use clap::Parser;

/// A load makes and drops many small things a delivery, on every core: with the system's allocator, a quarter of its
/// samples lay in the C library, in `malloc`, `free` and `memmove` mostly.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors and go to stdout; a reader that has gone is none either.
            let _ = error.print();
            return if error.use_stderr() { Exit::Trouble.into() } else { Exit::Yes.into() };
        }
    };
    let global = cli.global;
    let mut terminal = Terminal::new(commands::settings(global));
    let exit = commands::run(cli.command, &mut terminal).and_then(|exit| {
        terminal.flush()?;
        Ok(exit)
    });
    match exit {
        Ok(exit) => exit.into(),
        Err(error) if commands::is_closed_pipe(&error) => Exit::Yes.into(),
        Err(error) => {
            terminal.error(&error);
            Exit::Trouble.into()
        }
    }
}
