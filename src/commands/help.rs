//! `cfwh help`: prints the help of a command, or of all commands as JSON.

use anyhow::Error;
use clap::{Arg, ArgAction, Command, CommandFactory};

use crate::cli::help::{SKILL, all_commands, find_command};
use crate::cli::{self, Cli};
use crate::output::Terminal;
use crate::output::command_help::{ArgumentHelp, CommandHelp, ExitCodeHelp};

use super::exit::Exit;

pub(super) fn run(arguments: &cli::catalogue::Help, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    if arguments.skill {
        terminal.bytes(SKILL.as_bytes())?;
        return Ok(Exit::Yes);
    }
    let mut whole = Cli::command();
    whole.build();
    if arguments.command.is_empty() && terminal.is_json() {
        terminal.print(&describe(String::new(), &whole, terminal))?;
        for (words, command) in all_commands(&whole) {
            terminal.print(&describe(words, command, terminal))?;
        }
        return Ok(Exit::Yes);
    }
    let command = find_command(&whole, &arguments.command).map_err(Error::msg)?;
    terminal.print(&describe(arguments.command.join(" "), command, terminal))?;
    Ok(Exit::Yes)
}

fn describe(words: String, command: &Command, terminal: &Terminal) -> CommandHelp {
    let text = command.clone().render_help();
    let is_whole = words.is_empty();
    // Global options are listed once.
    let arguments = command.get_arguments().filter(|argument| is_whole || !argument.is_global_set());
    CommandHelp {
        command: words,
        about: command.get_about().map(ToString::to_string).unwrap_or_default(),
        arguments: arguments.map(argument).collect(),
        exit_codes: exit_codes(&text.to_string()),
        text: if terminal.style().color { text.ansi().to_string() } else { text.to_string() },
    }
}

fn argument(argument: &Arg) -> ArgumentHelp {
    let takes_value = argument.get_action().takes_values();
    let value = argument.get_value_names().unwrap_or_default().join(" ");
    let values = if takes_value { argument.get_possible_values() } else { Vec::new() };
    ArgumentHelp {
        name: argument.get_long().map_or_else(|| value.clone(), |long| format!("--{long}")),
        short: argument.get_short().map(|short| format!("-{short}")),
        values: values.iter().map(|value| value.get_name().to_owned()).collect(),
        default: argument.get_default_values().first().map(|value| value.to_string_lossy().into_owned()),
        required: argument.is_required_set(),
        repeatable: matches!(argument.get_action(), ArgAction::Append),
        help: argument.get_help().map(ToString::to_string).unwrap_or_default(),
        value: takes_value.then_some(value),
    }
}

/// Parses `Exit codes: 0 sent, 2 no response` at the end of a help text.
fn exit_codes(help: &str) -> Vec<ExitCodeHelp> {
    let Some((_, text)) = help.split_once("Exit codes: ") else { return Vec::new() };
    let paragraph = text.split(".\n").next().unwrap_or(text);
    let line = format!(", {}", paragraph.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.'));
    let starts: Vec<usize> = line.match_indices(", ").map(|(at, _)| at).filter(|at| is_code(&line[at + 2..])).collect();
    let ends = starts.iter().skip(1).copied().chain([line.len()]);
    let code = |(start, end): (&usize, usize)| {
        let (code, meaning) = line[start + 2..end].split_once(' ')?;
        Some(ExitCodeHelp { code: code.parse().ok()?, meaning: meaning.to_owned() })
    };
    starts.iter().zip(ends).filter_map(code).collect()
}

/// Returns whether a text begins with an exit code and a blank.
fn is_code(text: &str) -> bool {
    text.as_bytes().first().is_some_and(u8::is_ascii_digit) && text.as_bytes().get(1) == Some(&b' ')
}
