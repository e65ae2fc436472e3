//! What the help of a command says before its options and after them: `help/COMMAND.txt`.

use clap::Command;

use crate::models::event::nearest;

/// Examples come first and exit codes last: most readers of a help text look for one of the two.
pub(super) const TEMPLATE: &str =
    "{before-help}{about-with-newline}\n{usage-heading} {usage}\n\n{all-args}{after-help}\n";

/// The texts of each command: examples, `{options}`, and notes.
pub(super) const TEXTS: [(&str, &str); 15] = [
    ("completions", include_str!("help/completions.txt")),
    ("drift", include_str!("help/drift.txt")),
    ("events", include_str!("help/events.txt")),
    ("fake", include_str!("help/fake.txt")),
    ("help", include_str!("help/help.txt")),
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

/// The options that `-h` shows, of commands with many. `--help` shows all.
const COMMON: [(&str, &[&str]); 8] = [
    ("listen", &["port", "path", "secret", "capture", "profile", "demo", "forward", "expect", "within"]),
    ("send", &["to", "secret", "profile", "count", "set", "fault", "retries", "rate", "dry-run", "export"]),
    ("probe", &["secret", "profile", "list", "only", "format", "save"]),
    ("fake", &["seed", "profile", "count", "set", "format", "out"]),
    ("validate", &["event", "profile", "story", "format", "report"]),
    ("drift", &["profile", "format", "baseline", "infer"]),
    ("sign", &["secret", "secret-file", "auth", "header", "url"]),
    ("verify", &["secret", "secret-file", "auth", "signature", "authorization", "explain"]),
];

/// Adds the texts of a command to its help.
pub(super) fn add_texts(command: Command) -> Command {
    let text = TEXTS.iter().find(|(name, _)| *name == command.get_name());
    let Some((examples, notes)) = text.and_then(|(_, text)| text.split_once("{options}")) else { return command };
    command.help_template(TEMPLATE).before_help(examples.trim()).after_help(notes.trim())
}

/// Returns a command with a short help, as `-h` shows it: the options that are common, and where the others are.
///
/// clap has a short and a long help too, but puts blank lines between the options of the long one.
pub fn summarize(command: Command) -> Command {
    command.mut_subcommands(|command| {
        let name = command.get_name().to_owned();
        let command = match COMMON.iter().find(|(other, _)| *other == name) {
            None => command,
            Some((_, common)) => command.mut_args(|argument| {
                let is_common = argument.get_long().is_none_or(|long| common.contains(&long));
                argument.hide(!is_common)
            }),
        };
        command.after_help(format!("`cfwh {name} --help` shows all options, and what the exit codes mean."))
    })
}

/// Finds a command by its name.
///
/// # Errors
/// If there is no such command. The text suggests a similar name.
pub fn find_command<'a>(whole: &'a Command, name: &str) -> Result<&'a Command, String> {
    whole.find_subcommand(name).ok_or_else(|| {
        let nearest = nearest(name, whole.get_subcommands().map(Command::get_name));
        let advice =
            nearest.map_or("`cfwh --help` lists them".to_owned(), |nearest| format!("did you mean `{nearest}`?"));
        format!("there is no command `{name}`; {advice}")
    })
}
