//! The small words of findings.

use std::borrow::Cow;

use crate::models::text::truncate;

/// `a`, `b` or `c`
pub(super) fn one_of(values: &[&str]) -> String {
    match values {
        [] => "no value".to_owned(),
        [only] => format!("\"{only}\""),
        [init @ .., last] => {
            let init: Vec<String> = init.iter().map(|value| format!("\"{value}\"")).collect();
            format!("{} or \"{last}\"", init.join(", "))
        }
    }
}

pub(super) fn quote(text: &str) -> String {
    format!("\"{}\"", cut(text))
}

pub(super) fn code(text: &str) -> String {
    format!("`{}`", cut(text))
}

/// Cuts a stranger's text to what a sentence can hold.
pub(super) fn cut(text: &str) -> Cow<'_, str> {
    truncate(text, 60)
}
