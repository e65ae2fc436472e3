//! Parses the command line, runs the command, and turns errors into messages and exit codes.

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
    shells::complete_for_shell(Cli::command);
    environment::end_on_panic();
    let command = Cli::command().color(color());
    let parsed = if has_argument("-h") { summarize(command) } else { command }.try_get_matches();
    let cli = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(mut error) => {
            let arguments: Vec<_> = std::env::args_os().collect();
            hints::add_hint(&mut error, arguments.iter().map(AsRef::as_ref));
            return print_clap_output(&error).into();
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

/// Prints help, the version or a usage error, and returns the exit code. A closed stdout is not an error, but a full disk is.
fn print_clap_output(error: &clap::Error) -> Exit {
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

/// Returns a usage error in one line, with clap's advice after a semicolon.
fn one_line(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let is_content = |line: &&str| !line.is_empty() && !line.starts_with("For more information");
    let lines = || text.lines().map(str::trim).filter(is_content);
    let message: Vec<_> = lines().take_while(|line| !line.starts_with("tip:") && !line.starts_with("Usage:")).collect();
    let message = message.join(" ");
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    let advice = |label: &'static str| lines().find_map(|line| line.strip_prefix(label));
    match advice("tip: ").or_else(|| advice("Usage: ")) {
        Some(advice) => format!("{message}; {advice}"),
        // The messages of value parsers contain advice.
        None => match message.split_once(": expected ") {
            Some((message, form)) => format!("{message}; use {form}"),
            None if message.contains("; ") => message.to_owned(),
            None => message.replacen(" [possible values: ", "; use one of [", 1),
        },
    }
}

/// Returns whether an argument is on the command line. Help and usage errors are printed before the arguments are parsed, so
/// this searches the arguments directly.
fn has_argument(name: &str) -> bool {
    std::env::args_os().skip(1).take_while(|argument| argument != "--").any(|argument| argument == name)
}

/// Returns whether the command line has characters that are unsafe for a terminal. A `*` in a shell inserts names of untrusted
/// files, and clap prints arguments that it cannot parse.
fn is_unsafe() -> bool {
    std::env::args_os().any(|argument| argument.to_string_lossy().contains(escape::is_unsafe))
}

/// Returns the value of `--color`. Usage errors are printed before the arguments are parsed, so this searches the arguments
/// directly.
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
