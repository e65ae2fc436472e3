//! Parses, runs, turns an error into a sentence and an exit code.

use std::io;
use std::process::ExitCode;

use cfwh::cli::help::summarize;
use cfwh::cli::{Cli, hints, shells};
use cfwh::commands;
use cfwh::commands::environment;
use cfwh::commands::exit::Exit;
use cfwh::output::{Settings, Terminal, escape};
use clap::{ColorChoice, CommandFactory, FromArgMatches};

fn main() -> ExitCode {
    shells::answer_shell(Cli::command);
    environment::end_on_panic();
    let command = Cli::command().color(color());
    let parsed = if has_argument("-h") { summarize(command) } else { command }.try_get_matches();
    let cli = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(mut error) => {
            let arguments: Vec<_> = std::env::args_os().collect();
            hints::add_hint(&mut error, arguments.iter().map(AsRef::as_ref));
            return answer(&error).into();
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

/// Help and version are no errors and go to stdout; a reader that has gone is none either, but a full disk is.
fn answer(error: &clap::Error) -> Exit {
    let terminal = || Terminal::new(Settings::default());
    if error.use_stderr() && has_argument("--json") {
        terminal().usage_error(&one_line(error));
        return Exit::Trouble;
    }
    if error.use_stderr() && is_unsafe() {
        terminal().say(error.render().to_string().trim_end());
        return Exit::Trouble;
    }
    match error.print() {
        _ if error.use_stderr() => Exit::Trouble,
        Err(unwritten) if unwritten.kind() != io::ErrorKind::BrokenPipe => {
            terminal().error(&anyhow::Error::new(unwritten).context("cannot write to stdout"));
            Exit::Trouble
        }
        _ => Exit::Yes,
    }
}

/// The error of the command line in one line, with what clap suggests after a semicolon.
fn one_line(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let message: Vec<_> = lines().take_while(|line| !line.starts_with("tip:") && !line.starts_with("Usage:")).collect();
    let message = message.join(" ");
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    let tip = lines().find_map(|line| line.strip_prefix("tip: ").or_else(|| line.strip_prefix("Usage: ")));
    format!("{message}; {}", tip.unwrap_or("see cfwh --help"))
}

/// Is this on the command line? Help and usage errors are shown before the arguments are understood, so what they depend on is
/// looked for by hand.
fn has_argument(name: &str) -> bool {
    std::env::args_os().skip(1).take_while(|argument| argument != "--").any(|argument| argument == name)
}

/// Has the command line anything that must not reach a terminal as it is? A shell's `*` writes the names of strangers'
/// files into it, and clap repeats what it does not understand.
fn is_unsafe() -> bool {
    std::env::args_os().any(|argument| argument.to_string_lossy().contains(escape::is_unsafe))
}

/// What `--color` says. A usage error is shown before the arguments are understood, so the word is looked for by hand.
fn color() -> ColorChoice {
    let arguments: Vec<_> = std::env::args_os().skip(1).take_while(|argument| argument != "--").collect();
    let joined = arguments.iter().filter_map(|argument| argument.to_str()?.strip_prefix("--color="));
    let apart = arguments.windows(2).filter(|pair| pair[0] == "--color").filter_map(|pair| pair[1].to_str());
    match joined.chain(apart).last() {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}
