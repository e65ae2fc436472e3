//! The help of each command: examples and notes from `help/COMMAND.txt`, and options from clap.

use clap::Command;

use crate::models::event::nearest;

/// The order of a help page. Examples are first and exit codes last, because most readers look for one of these.
pub(super) const TEMPLATE: &str =
    "{about-with-newline}\n{usage-heading} {usage}\n\n{before-help}{all-args}{after-help}\n";

/// The text of each command: examples, `{options}` and notes.
pub(super) const TEXTS: [(&str, &str); 22] = [
    ("captures", include_str!("help/captures.txt")),
    ("captures diff", include_str!("help/captures-diff.txt")),
    ("captures export", include_str!("help/captures-export.txt")),
    ("captures list", include_str!("help/captures-list.txt")),
    ("captures redact", include_str!("help/captures-redact.txt")),
    ("captures show", include_str!("help/captures-show.txt")),
    ("completions", include_str!("help/completions.txt")),
    ("drift", include_str!("help/drift.txt")),
    ("events", include_str!("help/events.txt")),
    ("fake", include_str!("help/fake.txt")),
    ("help", include_str!("help/help.txt")),
    ("inspect", include_str!("help/inspect.txt")),
    ("jwks", include_str!("help/jwks.txt")),
    ("listen", include_str!("help/listen.txt")),
    ("man", include_str!("help/man.txt")),
    ("probe", include_str!("help/probe.txt")),
    ("rules", include_str!("help/rules.txt")),
    ("schema", include_str!("help/schema.txt")),
    ("send", include_str!("help/send.txt")),
    ("sign", include_str!("help/sign.txt")),
    ("validate", include_str!("help/validate.txt")),
    ("verify", include_str!("help/verify.txt")),
];

/// The instructions for coding agents that `help --skill` prints.
pub const SKILL: &str = include_str!("../../SKILL.md");

/// The options that `-h` shows for commands with many options. `--help` shows all.
const COMMON: [(&str, &[&str]); 11] = [
    ("listen", &["port", "path", "secret", "capture", "profile", "demo", "forward", "expect", "within", "inspect"]),
    ("send", &["to", "secret", "profile", "count", "set", "edit", "fault", "retries", "rate", "dry-run", "export"]),
    ("probe", &["secret", "profile", "list", "only", "state", "record", "against", "format", "save"]),
    ("inspect", &["secret", "secret-file", "profile", "to", "port", "html", "last"]),
    ("fake", &["seed", "profile", "count", "set", "format", "out"]),
    ("validate", &["event", "profile", "story", "format", "report"]),
    ("drift", &["profile", "format", "baseline", "infer"]),
    ("captures redact", &["out", "verify", "secret", "secret-file"]),
    ("captures show", &["profile", "auth", "secret", "secret-file"]),
    ("sign", &["secret", "secret-file", "auth", "header", "url"]),
    ("verify", &["secret", "secret-file", "auth", "signature", "authorization", "explain"]),
];

/// The number of example lines that `-h` shows.
const EXAMPLES_OF_SUMMARY: usize = 3;

/// Adds the texts to the help of a command and its subcommands.
pub(super) fn add_texts(command: Command) -> Command {
    let words = command.get_name().to_owned();
    add_text(command, &words)
}

fn add_text(command: Command, words: &str) -> Command {
    let command = command.mut_subcommands(|below| {
        let words = format!("{words} {}", below.get_name());
        add_text(below, &words)
    });
    let text = TEXTS.iter().find(|(other, _)| *other == words);
    let Some((examples, notes)) = text.and_then(|(_, text)| text.split_once("{options}")) else { return command };
    command.help_template(TEMPLATE).before_help(examples.trim()).after_help(notes.trim())
}

/// Returns a command with the short help of `-h`: the common options, and a pointer to `--help`.
///
/// clap has a short and a long help too, but it puts blank lines between the options of the long one.
pub fn summarize(command: Command) -> Command {
    let command = command.after_help("`cfwh COMMAND -h` summarizes a command. `cfwh --help` shows the exit codes.");
    command.mut_subcommands(|command| {
        let words = command.get_name().to_owned();
        summarize_one(command, &words)
    })
}

fn summarize_one(command: Command, words: &str) -> Command {
    let command = command.mut_subcommands(|below| {
        let words = format!("{words} {}", below.get_name());
        summarize_one(below, &words)
    });
    let command = match COMMON.iter().find(|(other, _)| *other == words) {
        None => command,
        Some((_, common)) => command.mut_args(|argument| {
            let is_common = argument.get_long().is_none_or(|long| common.contains(&long));
            argument.hide(!is_common)
        }),
    };
    let examples = command.get_before_help().map(ToString::to_string).unwrap_or_default();
    let first: Vec<_> = examples.lines().take(1 + EXAMPLES_OF_SUMMARY).collect();
    let command = command.before_help(first.join("\n"));
    command.after_help(format!("`cfwh {words} --help` shows all options and exit codes."))
}

/// Returns all commands and subcommands, each with its words after `cfwh`: `send`, `captures`, `captures list`.
pub fn all_commands(whole: &Command) -> Vec<(String, &Command)> {
    let mut commands = Vec::new();
    for command in whole.get_subcommands() {
        let name = command.get_name();
        commands.push((name.to_owned(), command));
        commands.extend(all_commands(command).into_iter().map(|(words, below)| (format!("{name} {words}"), below)));
    }
    commands
}

/// Finds a command by its words.
///
/// # Errors
/// Returns a message with a similar name if the command does not exist.
pub fn find_command<'a>(whole: &'a Command, words: &[String]) -> Result<&'a Command, String> {
    words.iter().try_fold(whole, |command, name| {
        command.find_subcommand(name).ok_or_else(|| {
            let nearest = nearest(name, command.get_subcommands().map(Command::get_name));
            let advice = nearest
                .map_or("`cfwh --help` lists all commands".to_owned(), |nearest| format!("did you mean `{nearest}`?"));
            format!("unknown command `{}`; {advice}", words.join(" "))
        })
    })
}
