//! The result of `drift`: text, a document in Markdown, or JSON lines.

use std::fmt::Write;

use jiff::Timestamp;

use crate::drift::report::{DriftMismatch, EventDrift, UndeclaredProperty, UnseenProperty};
use crate::drift::value_stats::{TimeRange, ValueStats};
use crate::profiles::Profile;

use super::escape;
use super::show::ToJson;
use super::style::Style;

/// The format of a drift report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum DriftFormat {
    /// Text for people
    Text,
    /// One table per event, for a pull request or a wiki
    Markdown,
    /// One JSON object per event
    Json,
}

/// The differences between bodies and a document.
#[derive(Clone, Copy, Debug)]
pub struct DriftReport<'a> {
    /// The differences of each event.
    pub events: &'a [EventDrift],
    /// The profile of the document that the bodies were compared with.
    pub profile: &'static Profile,
    /// The number of differences that are left out because the baseline has them; `None` without a baseline.
    pub known: Option<usize>,
    /// The number of inputs that are not JSON objects, or are connection tests.
    pub skipped: u64,
}

impl DriftReport<'_> {
    /// Returns the number of differences.
    pub fn count(&self) -> usize {
        self.events.iter().map(EventDrift::count).sum()
    }

    /// Renders the report.
    pub fn render(&self, format: DriftFormat, style: Style) -> String {
        let heading = format!("# Drift from the document of profile `{}`\n\n", self.profile);
        match format {
            DriftFormat::Text => self.events.iter().map(|drift| self.event_text(drift, style)).collect(),
            DriftFormat::Markdown => self.events.iter().fold(heading, |text, drift| text + &self.event_markdown(drift)),
            DriftFormat::Json => self.events.iter().map(|drift| drift.to_json() + "\n").collect(),
        }
    }

    /// Renders the summary in one sentence.
    pub fn summary(&self) -> String {
        let bodies: u64 = self.events.iter().map(|drift| drift.bodies).sum();
        let count = self.count();
        let noun = if count == 1 { "difference" } else { "differences" };
        let mut text = format!("{}: {count} ", body_count(bodies));
        // Writing to a String cannot fail.
        let _ = match self.known {
            Some(known) => write!(text, "new {noun}, {known} known"),
            None => write!(text, "{noun} from the document of profile `{}`", self.profile),
        };
        if self.skipped > 0 {
            let _ = write!(text, "; {} skipped: not a JSON object, or a ping", self.skipped);
        }
        text
    }

    fn event_text(&self, drift: &EventDrift, style: Style) -> String {
        let rows = rows(drift);
        let note = if rows.is_empty() { self.no_difference() } else { "" };
        let line = format!("{}  {}{}  {note}", style.bold(name(drift)), body_count(drift.bodies), period(drift.times));
        let mut text = format!("{}\n", line.trim_end());
        let width = rows.iter().map(|row| escape::line(row.pointer).chars().count()).max().unwrap_or_default().min(40);
        for Row { difference, pointer, how, seen } in rows {
            let (pointer, how) = (escape::line(pointer), escape::line(&how));
            let count = seen.map_or_else(String::new, |seen| format!("{}x", seen.count));
            // Writing to a String cannot fail.
            let _ = writeln!(text, "  {difference:<10}  {pointer:<width$}  {count:>6}  {how}");
            if let Some(seen) = seen {
                let _ = writeln!(text, "{:14}{}", "", style.dim(&example(seen)));
            }
        }
        text + "\n"
    }

    fn event_markdown(&self, drift: &EventDrift) -> String {
        let mut text = format!("## {}\n\n{}{}\n\n", name(drift), body_count(drift.bodies), period(drift.times));
        let rows = rows(drift);
        if rows.is_empty() {
            return text + self.no_difference() + "\n\n";
        }
        text.push_str("| difference | where | how | seen | example |\n| --- | --- | --- | ---: | --- |\n");
        for Row { difference, pointer, how, seen } in rows {
            let (pointer, how) = (cell(pointer).replace('`', "'"), cell(&how));
            let (count, example) =
                seen.map_or_else(Default::default, |seen| (seen.count.to_string(), cell(&example(seen))));
            // Writing to a String cannot fail.
            let _ = writeln!(text, "| {difference} | `{pointer}` | {how} | {count} | {example} |");
        }
        text + "\n"
    }

    const fn no_difference(&self) -> &'static str {
        if self.known.is_some() { "nothing new" } else { "as declared" }
    }
}

/// A difference in words.
struct Row<'a> {
    difference: &'static str,
    pointer: &'a str,
    how: String,
    seen: Option<&'a ValueStats>,
}

fn rows(drift: &EventDrift) -> Vec<Row<'_>> {
    let mut rows = Vec::with_capacity(drift.count());
    for UndeclaredProperty { pointer, types, seen } in &drift.undeclared {
        let types: Vec<_> = types.iter().map(|json_type| json_type.name()).collect();
        rows.push(Row { difference: "undeclared", pointer, how: types.join(" or "), seen: Some(seen) });
    }
    for (difference, mismatches) in [("type", &drift.types), ("value", &drift.values)] {
        for DriftMismatch { pointer, declared, found, seen } in mismatches {
            let how = format!("{found}, declared {}", declared.join(" or "));
            rows.push(Row { difference, pointer, how, seen: Some(seen) });
        }
    }
    for UnseenProperty { pointer, document } in &drift.unseen {
        rows.push(Row { difference: "unseen", pointer, how: format!("declared in {document}"), seen: None });
    }
    rows
}

fn name(drift: &EventDrift) -> &str {
    drift.event.as_deref().unwrap_or("(unknown event)")
}

fn body_count(count: u64) -> String {
    if count == 1 { "1 body".to_owned() } else { format!("{count} bodies") }
}

/// Formats a period: `, 2024-05-20T10:13:25.123Z to 2026-01-15T09:30:00.123Z`.
fn period(times: TimeRange) -> String {
    let time = |milliseconds| Timestamp::from_millisecond(milliseconds).ok().map(|time| format!("{time:.3}"));
    match (times.first_seen.and_then(time), times.last_seen.and_then(time)) {
        (Some(first), Some(last)) if first == last => format!(", {first}"),
        (Some(first), Some(last)) => format!(", {first} to {last}"),
        _ => String::new(),
    }
}

fn example(seen: &ValueStats) -> String {
    let example = &seen.example;
    let period = period(seen.times).replacen(", ", ", seen ", 1);
    escape::line(&format!("e.g. {}:{} {} ({}){period}", example.input, example.line, example.pointer, example.value))
}

/// Escapes text from a body for a table cell.
fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for character in escape::line(text).chars() {
        match character {
            '<' => cell.push_str("&lt;"),
            '&' => cell.push_str("&amp;"),
            '|' | '*' | '_' | '[' | ']' | '!' | '~' | '#' => cell.extend(['\\', character]),
            other => cell.push(other),
        }
    }
    cell
}
