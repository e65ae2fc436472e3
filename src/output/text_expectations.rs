//! What was expected and what came, as a person reads it.

use std::fmt::Write;

use crate::receiver::expectations::Came;

use super::escape;
use super::results::Summary;
use super::text::{Paint, status_code};

/// So much of what came is listed; who waits for more looks at the lines above or at the captures.
const LISTED: usize = 50;

/// One line an expectation; when one is not met, what came, in order.
pub(super) fn table(summary: &Summary, came: &[Came], paint: Paint) -> String {
    let mut text = String::new();
    let width = summary.expectations.iter().map(|outcome| outcome.expected.len()).max().unwrap_or(0);
    for outcome in &summary.expectations {
        let word = if outcome.is_met { paint.good("met   ") } else { paint.bad("missed") };
        let _ = writeln!(text, "{word}  {:width$}  came: {}", outcome.expected, escape::line(&outcome.came));
    }
    if let Some(command) = &summary.command {
        let _ = writeln!(text, "{}  the command ended with {}", paint.bad("failed"), escape::line(command));
    }
    if summary.expectations.iter().all(|outcome| outcome.is_met) {
        return text;
    }
    text.push_str("what came, in order:\n");
    for line in lines(came, |status| status_code(status, paint)) {
        let _ = writeln!(text, "{line}");
    }
    text
}

/// What came, a line each.
pub(super) fn lines(came: &[Came], status: impl Fn(u16) -> String) -> Vec<String> {
    if came.is_empty() {
        return vec!["     nothing".to_owned()];
    }
    let mut lines: Vec<String> = came
        .iter()
        .take(LISTED)
        .map(|came| {
            let event = if came.event.is_empty() { "(no event)".into() } else { escape::line(&came.event) };
            let note = if came.is_accepted() { "" } else { "  refused, so it does not count" };
            format!("{:>4} {event:<18} {}{note}", came.number, status(came.status))
        })
        .collect();
    if came.len() > LISTED {
        lines.push(format!("     and {} more", came.len() - LISTED));
    }
    lines
}
