//! Suggests what the user probably meant by arguments that other tools have and `cfwh` does not.

use std::ffi::OsStr;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Commands of similar tools, and the same task with `cfwh`.
const OTHER_COMMANDS: [(&str, &str); 4] = [
    ("trigger", "`cfwh send EVENT --to URL` sends an event"),
    ("replay", "`cfwh send CAPTURE --to URL` sends a saved delivery again"),
    ("forward", "`cfwh listen --forward URL` receives deliveries and forwards them"),
    ("serve", "`cfwh listen` receives deliveries"),
];

/// Adds a hint to a usage error.
pub fn add_hint<'a>(error: &mut Error, arguments: impl IntoIterator<Item = &'a OsStr>) {
    let arguments: Vec<_> = arguments.into_iter().map(OsStr::to_string_lossy).collect();
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let unknown = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => Some(word.as_str()),
        _ => None,
    };
    let hint = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let word = unknown(ContextKind::InvalidSubcommand);
            OTHER_COMMANDS.iter().find(|(name, _)| Some(*name) == word).map(|(_, hint)| (*hint).to_owned())
        }
        ErrorKind::UnknownArgument if has("listen") => match unknown(ContextKind::InvalidArg) {
            Some("-p") => Some("set the port with `--port N`".to_owned()),
            Some(word) if word.parse::<u16>().is_ok() => Some(format!("set the port with `--port {word}`")),
            Some(word) if is_url(word) => Some("forward deliveries with `--forward URL`".to_owned()),
            _ => None,
        },
        ErrorKind::MissingRequiredArgument if has("send") => {
            arguments.iter().any(|argument| is_url(argument)).then(|| "set the URL with `--to URL`".to_owned())
        }
        _ => None,
    };
    if let Some(hint) = hint {
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![hint.into()]));
    }
}

/// Returns whether a word is a URL and not a file name.
pub fn is_url(word: &str) -> bool {
    ["http://", "https://", "localhost:", "127.0.0.1:"].iter().any(|start| word.starts_with(start))
}
