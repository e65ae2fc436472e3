//! What the help of a command says before its options and after them: `help/COMMAND.txt`.

use clap::Command;

/// Examples come first and exit codes last: most readers of a help text look for one of the two.
pub(super) const TEMPLATE: &str =
    "{before-help}{about-with-newline}\n{usage-heading} {usage}\n\n{all-args}{after-help}\n";

/// The texts of each command: examples, `{options}`, and notes.
const TEXTS: [(&str, &str); 13] = [
    ("completions", include_str!("help/completions.txt")),
    ("drift", include_str!("help/drift.txt")),
    ("events", include_str!("help/events.txt")),
    ("fake", include_str!("help/fake.txt")),
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

/// Adds the texts of a command to its help.
pub(super) fn add_texts(command: Command) -> Command {
    let text = TEXTS.iter().find(|(name, _)| *name == command.get_name());
    let Some((examples, notes)) = text.and_then(|(_, text)| text.split_once("{options}")) else { return command };
    command.help_template(TEMPLATE).before_help(examples.trim()).after_help(notes.trim())
}
