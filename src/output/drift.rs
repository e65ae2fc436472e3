//! How bodies differ from a document, for people and for other programs.

use std::fmt::Write;

use jiff::Timestamp;

use crate::drift::{Drift, OtherType, OtherValue, Seen, Undeclared, Unseen};
use crate::profiles::Profile;

use super::escape;
use super::text::Paint;

/// How it is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For a pull request or a wiki: one table an event.
    Markdown,
    /// One JSON object a line, for every event.
    Json,
}

/// What came of a survey.
#[derive(Clone, Copy, Debug)]
pub struct Surveyed<'a> {
    /// Event by event.
    pub events: &'a [Drift],
    /// Whose document they were held against.
    pub profile: &'static Profile,
    /// How many differences a baseline knew already, where there was one.
    pub known: Option<usize>,
    /// Inputs that are no JSON object.
    pub left_out: u64,
}

impl Surveyed<'_> {
    /// How many differences there are, those that a baseline knows left out.
    #[must_use]
    pub fn differences(&self) -> usize {
        self.events.iter().map(Drift::count).sum()
    }
}

/// One difference, in words.
struct Row {
    what: &'static str,
    pointer: String,
    how: String,
    seen: Option<Seen>,
}

fn rows(drift: &Drift) -> Vec<Row> {
    let mut rows = Vec::with_capacity(drift.count());
    for Undeclared { pointer, types, seen } in &drift.undeclared {
        let (pointer, seen) = (pointer.clone(), Some(seen.clone()));
        rows.push(Row { what: "undeclared", pointer, how: types.join(" or "), seen });
    }
    for OtherType { pointer, declared, found, seen } in &drift.types {
        let (pointer, seen) = (pointer.clone(), Some(seen.clone()));
        rows.push(Row { what: "type", pointer, how: format!("{found}, declared {}", declared.join(" or ")), seen });
    }
    for OtherValue { pointer, declared, found, seen } in &drift.values {
        let (pointer, seen) = (pointer.clone(), Some(seen.clone()));
        rows.push(Row { what: "value", pointer, how: format!("{found}, declared {}", declared.join(" or ")), seen });
    }
    for Unseen { pointer, document } in &drift.unseen {
        let how = format!("declared in {document}");
        rows.push(Row { what: "unseen", pointer: pointer.clone(), how, seen: None });
    }
    rows
}

pub(super) fn text(surveyed: &Surveyed<'_>, paint: Paint) -> String {
    let mut text = String::new();
    for drift in surveyed.events {
        let rows = rows(drift);
        let outcome = if rows.is_empty() { nothing(surveyed) } else { "" };
        let span = span(drift.first_seen, drift.last_seen);
        let line = format!("{}  {}{span}  {outcome}", paint.bold(name(drift)), bodies(drift.bodies));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}", line.trim_end());
        let width = rows.iter().map(|row| escape::line(&row.pointer).chars().count()).max().unwrap_or_default().min(40);
        for row in &rows {
            let count = row.seen.as_ref().map_or_else(String::new, |seen| format!("{}x", seen.count));
            let _ = writeln!(
                text,
                "  {:<10}  {:<width$}  {count:>6}  {}",
                row.what,
                escape::line(&row.pointer),
                escape::line(&row.how)
            );
            if let Some(seen) = &row.seen {
                let _ = writeln!(text, "{:14}{}", "", paint.dim(&example(seen)));
            }
        }
        text.push('\n');
    }
    text
}

pub(super) fn markdown(surveyed: &Surveyed<'_>) -> String {
    let mut text = format!("# Drift from the document of profile `{}`\n\n", surveyed.profile);
    for drift in surveyed.events {
        let span = span(drift.first_seen, drift.last_seen);
        let _ = writeln!(text, "## {}\n\n{}{span}\n", name(drift), bodies(drift.bodies));
        let rows = rows(drift);
        if rows.is_empty() {
            let _ = writeln!(text, "{}\n", nothing(surveyed));
            continue;
        }
        text.push_str("| difference | where | how | seen | example |\n| --- | --- | --- | ---: | --- |\n");
        for row in rows {
            let (count, example) = match &row.seen {
                Some(seen) => (seen.count.to_string(), cell(&example(seen))),
                None => (String::new(), String::new()),
            };
            let _ = writeln!(
                text,
                "| {} | `{}` | {} | {count} | {example} |",
                row.what,
                cell(&row.pointer).replace('`', "'"),
                cell(&row.how)
            );
        }
        text.push('\n');
    }
    text
}

/// What is said on stderr at the end.
pub(super) fn summary(surveyed: &Surveyed<'_>) -> String {
    let bodies: u64 = surveyed.events.iter().map(|drift| drift.bodies).sum();
    let differences = surveyed.differences();
    let noun = if differences == 1 { "difference" } else { "differences" };
    let mut text = format!("{}: {differences} ", self::bodies(bodies));
    // Writing to a String cannot fail.
    let _ = match surveyed.known {
        Some(known) => write!(text, "new {noun}, {known} known"),
        None => write!(text, "{noun} from the document of profile `{}`", surveyed.profile),
    };
    if surveyed.left_out > 0 {
        let _ = write!(text, "; {} left out, being no JSON object", surveyed.left_out);
    }
    text
}

const fn nothing(surveyed: &Surveyed<'_>) -> &'static str {
    if surveyed.known.is_some() { "nothing new" } else { "as declared" }
}

fn name(drift: &Drift) -> &str {
    drift.event.as_deref().unwrap_or("(unknown event)")
}

fn bodies(count: u64) -> String {
    if count == 1 { "1 body".to_owned() } else { format!("{count} bodies") }
}

/// `, 2024-05-20T10:13:25.123Z to 2026-01-15T09:30:00.123Z`
fn span(first: Option<i64>, last: Option<i64>) -> String {
    match (first.and_then(time), last.and_then(time)) {
        (Some(first), Some(last)) if first == last => format!(", {first}"),
        (Some(first), Some(last)) => format!(", {first} to {last}"),
        _ => String::new(),
    }
}

fn time(milliseconds: i64) -> Option<String> {
    Timestamp::from_millisecond(milliseconds).ok().map(|time| format!("{time:.3}"))
}

fn example(seen: &Seen) -> String {
    let example = &seen.example;
    let span = span(seen.first_seen, seen.last_seen).replacen(", ", ", seen ", 1);
    escape::line(&format!("e.g. {}:{} {} ({}){span}", example.input, example.line, example.pointer, example.value))
}

/// Text that came from outside, in a cell of a table.
fn cell(text: &str) -> String {
    let escaped = escape::line(text);
    let mut cell = String::with_capacity(escaped.len());
    for character in escaped.chars() {
        match character {
            '<' => cell.push_str("&lt;"),
            '&' => cell.push_str("&amp;"),
            '|' | '*' | '_' | '[' | ']' | '!' | '~' | '#' => {
                cell.push('\\');
                cell.push(character);
            }
            other => cell.push(other),
        }
    }
    cell
}
