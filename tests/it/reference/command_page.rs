//! A page about each command, from its help and from the schema of its JSON lines.

use cfwh::cli::Cli;
use cfwh::cli::help::all_commands;
use cfwh::output::schemas::SCHEMAS;
use clap::{Command, CommandFactory};
use serde_json::Value;

use super::Page;
use super::markdown::{cell, code_list, escape, page, table};
use super::schema_fields;
use crate::support::Sandbox;

/// Lists of events are longer than this: the page about events has them.
const MOST_VALUES: usize = 12;

/// Returns a page for each command; subcommands are on the page of their command.
pub fn pages() -> Vec<Page> {
    let mut whole = Cli::command();
    whole.build();
    let described: Vec<Value> = Sandbox::new().run(&["help", "--json"]).expect(0).json();
    let commands = all_commands(&whole);
    let mut pages = Vec::new();
    for (words, command) in commands.iter().filter(|(words, _)| !words.contains(' ')) {
        let below = format!("{words} ");
        let mut text = section(words, command, &described, 2);
        for (words, command) in commands.iter().filter(|(other, _)| other.starts_with(&below)) {
            text.extend([format!("## cfwh {words}\n\n{}", section(words, command, &described, 3))]);
        }
        text += &json(words);
        pages.push((
            format!("commands/{words}.md"),
            page(&format!("cfwh {words}"), &format!("cfwh help {words}"), &text),
        ));
    }
    pages
}

/// The text about a command. Its headings have this level.
fn section(words: &str, command: &Command, described: &[Value], level: usize) -> String {
    let hashes = "#".repeat(level);
    let described = described.iter().find(|line| line["command"] == words).expect("help --json describes it");
    let about = described["about"].as_str().unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let mut text = format!("{}.\n\n```text\n{}\n```\n\n", escape(about), usage.trim_start_matches("Usage: ").trim());
    if let Some(examples) = command.get_before_help().map(ToString::to_string) {
        let lines = examples.lines().skip(1).map(|line| line.strip_prefix("  ").unwrap_or(line).to_owned() + "\n");
        text.extend([format!("{hashes} Examples\n\n```sh\n{}```\n\n", lines.collect::<String>())]);
    }
    let none = Vec::new();
    let arguments =
        described["arguments"].as_array().unwrap_or(&none).iter().filter(|argument| argument["name"] != "--help");
    let (options, positional): (Vec<_>, Vec<_>) =
        arguments.partition(|argument| argument["name"].as_str().unwrap_or_default().starts_with('-'));
    let rows = |arguments: &[&Value]| -> Vec<_> {
        arguments.iter().map(|argument| [name(argument), meaning(argument)]).collect()
    };
    if !positional.is_empty() {
        text.extend([format!("{hashes} Arguments\n\n{}\n", table(["Argument", "Meaning"], rows(&positional)))]);
    }
    let groups = groups(command, &options);
    if !groups.is_empty() {
        text.extend([format!("{hashes} Options\n\n")]);
    }
    for (heading, options) in groups {
        text.extend(heading.map(|heading| format!("{}:\n\n", escape(&heading))));
        text.extend([format!("{}\n", table(["Option", "Meaning"], rows(&options)))]);
    }
    let notes = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let notes: Vec<_> = notes.split("\n\n").filter(|notes| !notes.starts_with("Exit codes:")).map(escape).collect();
    if notes.iter().any(|notes| !notes.trim().is_empty()) {
        text.extend([format!("{hashes} Notes\n\n{}\n\n", notes.join("\n\n"))]);
    }
    let codes = described["exit_codes"].as_array().unwrap_or(&none).iter();
    let rows = codes.map(|code| [code["code"].to_string(), cell(code["meaning"].as_str().unwrap_or_default())]);
    text + &format!("{hashes} Exit codes\n\n{}\n", table(["Code", "Meaning"], rows))
}

/// The options under each heading of the help, in its order.
fn groups<'a>(command: &Command, options: &[&'a Value]) -> Vec<(Option<String>, Vec<&'a Value>)> {
    let mut groups: Vec<(Option<String>, Vec<&Value>)> = Vec::new();
    for option in options {
        let long = option["name"].as_str().unwrap_or_default().trim_start_matches("--");
        let argument = command.get_arguments().find(|argument| argument.get_long() == Some(long));
        let heading = argument.and_then(|argument| argument.get_help_heading()).map(str::to_owned);
        match groups.iter_mut().find(|(other, _)| *other == heading) {
            Some((_, group)) => group.push(option),
            None => groups.push((heading, vec![option])),
        }
    }
    groups.sort_by_key(|(heading, _)| heading.is_some());
    groups
}

/// ``-H`, `--header NAME: VALUE``
fn name(argument: &Value) -> String {
    let text = |key: &str| argument[key].as_str().map(str::to_owned);
    let long = text("name").unwrap_or_default();
    let long = match text("value") {
        Some(value) if long.starts_with('-') => format!("{long} {value}"),
        _ => long,
    };
    code_list(text("short").into_iter().chain([long]))
}

fn meaning(argument: &Value) -> String {
    let help = argument["help"].as_str().unwrap_or_default();
    let mut text = cell(help);
    let values: Vec<_> = argument["values"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if !values.is_empty() && values.len() <= MOST_VALUES {
        text.extend([format!(". Values: {}", code_list(values))]);
    }
    if argument["required"] == true {
        text += ". Required";
    }
    match argument["default"].as_str() {
        Some(default) if !["", "false"].contains(&default) && !help.contains("[default") => {
            text + &format!(". Default: {}", code_list([default]))
        }
        _ => text,
    }
}

/// What the command prints with `--json`.
fn json(words: &str) -> String {
    let Some((_, schema)) = SCHEMAS.iter().find(|(command, schema)| *command == words && !schema.is_empty()) else {
        return String::new();
    };
    let schema: Value = serde_json::from_str(schema).expect("a schema");
    let fields = schema_fields::tables(&schema);
    format!("## JSON\n\nFields of the lines that `--json` prints (`cfwh schema --output {words}`):\n\n{fields}")
}
