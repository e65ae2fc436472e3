//! Filters for lists of deliveries.

use std::fmt::Write;

use jiff::Timestamp;
use memchr::memmem::Finder;

use crate::models::request::Request;
use crate::models::status_pattern::StatusPattern;
use crate::profiles::event_pattern::EventPattern;

use super::summary::Summary;

/// A filter for deliveries. One entry of each list must match; an empty list matches everything.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Event patterns.
    pub events: Vec<EventPattern>,
    /// Statuses of the response.
    pub statuses: Vec<StatusPattern>,
    /// Verdicts of validation.
    pub verdicts: Vec<String>,
    /// Results of verification, or names of schemes.
    pub auth: Vec<String>,
    /// The earliest time of receipt.
    pub since: Option<Timestamp>,
    /// The time before which deliveries were received.
    pub until: Option<Timestamp>,
    /// Text in the row, the headers or the body. Ignores case.
    pub search: Option<String>,
}

impl Filter {
    /// Returns whether a row matches, ignoring [`Filter::search`]. Unknown values do not match.
    pub fn matches(&self, summary: &Summary) -> bool {
        let event = summary.event.as_deref().unwrap_or_default();
        let has =
            |words: &[String], found: &[&String]| words.is_empty() || words.iter().any(|word| found.contains(&word));
        let status = |pattern: &StatusPattern| summary.status.is_some_and(|status| pattern.matches(status));
        (self.events.is_empty() || self.events.iter().any(|pattern| pattern.matches(event)))
            && (self.statuses.is_empty() || self.statuses.iter().any(status))
            && has(&self.verdicts, &[&summary.verdict])
            && has(&self.auth, &[&summary.auth, &summary.signature])
            && self.since.is_none_or(|since| summary.at.is_some_and(|at| at >= since))
            && self.until.is_none_or(|until| summary.at.is_some_and(|at| at < until))
    }

    /// Returns whether a row contains [`Filter::search`].
    pub fn finds_in_row(&self, summary: &Summary) -> bool {
        let row = [summary.event.as_deref(), summary.subject.as_deref(), Some(&*summary.target)];
        let text = || row.iter().flatten().map(|text| text.to_lowercase()).collect::<Vec<_>>().join("\n");
        self.search.as_ref().is_none_or(|search| text().contains(&search.to_lowercase()))
    }

    /// Returns whether a request contains [`Filter::search`]. Also finds non-ASCII characters as JSON escapes (`\u00e9`).
    pub fn finds_in_request(&self, request: &Request) -> bool {
        let Some(search) = &self.search else { return true };
        let message = request.to_message(request.target());
        let text = String::from_utf8_lossy(&message).to_lowercase();
        let search = search.to_lowercase();
        let is_in = |needle: &str| Finder::new(needle).find(text.as_bytes()).is_some();
        is_in(&search) || (!search.is_ascii() && is_in(&escape(&search)))
    }
}

/// Escapes non-ASCII characters like JSON.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => escaped.push(byte.into()),
            // Writing to a String cannot fail.
            _ => _ = write!(escaped, "\\u{unit:04x}"),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::request::Headers;

    #[test]
    fn a_text_is_found_in_any_case_and_escaped() {
        let body = br#"{"page":{"title":"Caf\u00e9 \uD83D\uDE00 Z\u00fcrich"}}"#;
        let mut headers = Headers::new();
        headers.append("X-Trace", "AbC");
        let request = Request::post("/hooks?Lic=active", headers, &body[..]);
        let finds =
            |search: &str| Filter { search: Some(search.to_owned()), ..Filter::default() }.finds_in_request(&request);
        for search in ["caf", "CAFÉ", "é", "😀 z", "x-trace: abc", "lic=ACTIVE", "\"page\""] {
            assert!(finds(search), "{search}");
        }
        assert!(!finds("Bern"));
    }
}
