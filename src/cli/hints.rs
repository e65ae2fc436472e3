//! What was probably meant by arguments that `cfwh` does not have, but similar tools do.

use std::ffi::OsStr;

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Commands of similar tools, and what does the same here.
const OTHER_COMMANDS: [(&str, &str); 4] = [
    ("trigger", "`cfwh send EVENT --to URL` sends an event"),
    ("replay", "`cfwh send CAPTURE --to URL` sends a saved delivery again"),
    ("forward", "`cfwh listen --forward URL` receives deliveries and forwards them"),
    ("serve", "`cfwh listen` receives deliveries"),
];

/// Adds to an error what the arguments probably meant.
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
            Some("-p") => Some("the port is set with `--port N`".to_owned()),
            Some(word) if word.parse::<u16>().is_ok() => Some(format!("the port is set with `--port {word}`")),
            Some(word) if is_url(word) => Some("deliveries are forwarded with `--forward URL`".to_owned()),
            _ => None,
        },
        ErrorKind::MissingRequiredArgument if has("send") => {
            arguments.iter().any(|argument| is_url(argument)).then(|| "the URL is set with `--to URL`".to_owned())
        }
        _ => None,
    };
    if let Some(hint) = hint {
        error.remove(ContextKind::SuggestedSubcommand);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![hint.into()]));
    }
}

/// Is the word a URL, which is no file?
pub fn is_url(word: &str) -> bool {
    ["http://", "https://", "localhost:", "127.0.0.1:"].iter().any(|start| word.starts_with(start))
}
