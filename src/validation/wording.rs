//! The small words of findings.

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

/// So much of a stranger's text as a sentence can bear.
pub(super) fn cut(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.char_indices().nth(LONGEST) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
