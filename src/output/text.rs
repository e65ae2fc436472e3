//! Results as a person reads them. The only file that names `colored`.

use std::borrow::Cow;
use std::fmt::Write;

use colored::{Color, ColoredString, Colorize};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::auth::{Explanation, RejectionKind, Verdict};
use crate::profiles::Profile;
use crate::validation::report::{Conclusion, Place, Report, Severity};

use super::escape;
use super::results::{EventRow, FaultRow, Forwarded, Load, Ready, Receipt, RuleRow, Sent, Signed, Summary, Verified};

/// Whether a stream takes colour.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    pub(super) fn new(color: bool) -> Self {
        if color {
            // Each stream decides for itself, so the crate must not.
            colored::control::set_override(true);
        }
        Self(color)
    }

    fn with(self, text: &str, paint: impl FnOnce(&str) -> ColoredString) -> String {
        if self.0 { paint(text).to_string() } else { text.to_owned() }
    }

    pub(super) fn color(self, text: &str, color: Color) -> String {
        self.with(text, |text| text.color(color))
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.with(text, |text| text.dimmed())
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.with(text, |text| text.bold())
    }

    pub(super) fn good(self, text: &str) -> String {
        self.color(text, Color::Green)
    }

    pub(super) fn bad(self, text: &str) -> String {
        self.color(text, Color::Red)
    }

    /// As the snippets of findings have it.
    pub(super) fn arrow(self, text: &str) -> String {
        self.color(text, Color::BrightBlue)
    }

    pub(super) fn error(self, text: &str) -> String {
        self.with(text, |text| text.red().bold())
    }

    pub(super) fn warning(self, text: &str) -> String {
        self.with(text, |text| text.yellow().bold())
    }
}

pub(super) fn signed(signed: &Signed<'_>) -> String {
    let header = if signed.header { "X-Hub-Signature: " } else { "" };
    let name = if signed.named { format!("  {}", escape::line(signed.input)) } else { String::new() };
    format!("{header}{}{name}\n", signed.signature)
}

pub(super) fn verified(verified: &Verified<'_>, paint: Paint) -> String {
    let color = if verified.verdict == "valid" { Color::Green } else { Color::Red };
    let mut text =
        format!("{}  {}\n", paint.color(&format!("{:<9}", verified.verdict), color), escape::line(verified.input));
    if let Some(reason) = &verified.reason {
        let _ = writeln!(text, "           {}", escape::line(reason));
    }
    if let Some(expected) = &verified.expected {
        let _ = writeln!(text, "           expected {expected}");
    }
    if let Some(explanation) = &verified.explanation {
        explain(explanation, &" ".repeat(11), paint, &mut text);
    }
    text
}

/// Why a signature is wrong, a line each.
fn explain(explanation: &Explanation, margin: &str, paint: Paint, text: &mut String) {
    let mut causes = explanation.causes.iter().peekable();
    while let Some(cause) = causes.next() {
        let _ = writeln!(text, "{margin}because {} [{}]", paint.bold(cause.message), cause.id);
        // Causes of one sort are mended alike.
        if causes.peek().is_none_or(|next| next.help != cause.help) {
            let _ = writeln!(text, "{margin}help: {}", cause.help);
        }
    }
    if explanation.causes.is_empty() {
        let _ = match explanation.tried {
            0 => writeln!(
                text,
                "{margin}it is no digest in any form that is known, so there is nothing to compare it with"
            ),
            tried => writeln!(text, "{margin}no cause found, {tried} digests compared: {}", explanation.ruled_out),
        };
    }
}

pub(super) fn sent(sent: &Sent<'_>, paint: Paint) -> String {
    let event = sent.event.unwrap_or("-");
    let source =
        if sent.event == Some(sent.source) { String::new() } else { format!("  {}", escape::line(sent.source)) };
    match (&sent.error, sent.status, sent.ms) {
        (None, Some(status), Some(ms)) => {
            let mut text = format!("{event:<18}  {}  {:>8}{source}\n", status_code(status, paint), milliseconds(ms));
            let note = sent.note.iter().map(|note| escape::line(note));
            for line in note.chain(sent.reply.map(first_lines).unwrap_or_default()) {
                let _ = writeln!(text, "{:20}{}", "", paint.dim(&line));
            }
            text
        }
        (error, ..) => {
            let error = error.as_deref().unwrap_or("no answer");
            format!("{event:<18}  {}  {}{source}\n", paint.error("---"), escape::line(error))
        }
    }
}

pub(super) fn load(load: &Load) -> String {
    let Load { sent, ok, refused, unanswered, seconds, rate, ms, .. } = load;
    format!(
        "{sent} sent: {ok} ok, {refused} refused, {unanswered} unanswered in {seconds:.2} s, {rate:.0} a second\n\
         latency: p50 {}, p90 {}, p99 {}, max {}\n",
        milliseconds(ms.p50),
        milliseconds(ms.p90),
        milliseconds(ms.p99),
        milliseconds(ms.max)
    )
}

pub(super) fn faults(rows: &[FaultRow], paint: Paint) -> String {
    rows.iter().fold(String::new(), |mut text, row| {
        let _ = writeln!(text, "{}  {}", paint.bold(&format!("{:<19}", row.fault)), row.description);
        text
    })
}

/// So much of a reply as tells what went wrong.
fn first_lines(reply: &[u8]) -> Vec<String> {
    const LINES: usize = 3;
    const WIDTH: usize = 58;
    let text = String::from_utf8_lossy(reply);
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .take(LINES)
        .map(|line| fit(&escape::line(line), WIDTH))
        .collect()
}

pub(super) fn status_code(status: u16, paint: Paint) -> String {
    let color = match status {
        200..=299 => Color::Green,
        300..=399 => Color::Yellow,
        _ => Color::Red,
    };
    paint.color(&status.to_string(), color)
}

/// With as many digits as matter: `0.42 ms`, `4.2 ms`, `42 ms`.
fn milliseconds(ms: f64) -> String {
    let digits = if ms < 1.0 { 2 } else { usize::from(ms < 10.0) };
    format!("{ms:.digits$} ms")
}

pub(super) fn ready(ready: &Ready<'_>, paint: Paint) -> String {
    let note = if ready.secret == "none" { "  (no secret: signatures are not checked)" } else { "" };
    format!("{} {}{note}\n", paint.bold("ready"), ready.url)
}

pub(super) fn made_secret(secret: &str, events: &str, profile: &'static Profile) -> String {
    let is_default = profile.name == Profile::default_profile().name;
    let profile = if is_default { String::new() } else { format!(" --profile {profile}") };
    // A shell would read the braces of `{event}`.
    let to = if events.contains('{') { format!("'{events}'") } else { events.to_owned() };
    format!("secret {secret}\ntry    CFWH_SECRET={secret} cfwh send page_updated{profile} --to {to}\n")
}

/// One line, at most 80 columns; what is wrong in lines below it; with `verbose`, headers and body too.
pub(super) fn receipt(receipt: &Receipt<'_>, report: &Report, verbose: bool, paint: Paint) -> String {
    let at = receipt.at.to_zoned_datetime(jiff::tz::TimeZone::system());
    let event = event(report);
    let about = receipt.subject.as_deref().map(escape::line).unwrap_or_default();
    let signature = match receipt.signature() {
        word @ "valid" => paint.color(&format!("{word:<9}"), Color::Green),
        word @ "unchecked" => paint.dim(&format!("{word:<9}")),
        word => paint.color(&format!("{word:<9}"), Color::Red),
    };
    let mut text = format!(
        "{} {event:<18} {} {signature} {} {} {:>8}\n",
        paint.dim(&at.strftime("%H:%M:%S").to_string()),
        fit(&about, 17),
        conclusion(report, paint),
        status_code(receipt.status, paint),
        milliseconds(receipt.ms),
    );
    if let Some(rejection) = receipt.verdict.and_then(Verdict::rejection)
        && rejection.kind == RejectionKind::Malformed
    {
        let _ = writeln!(text, "{:9}signature: {}", "", rejection.message);
    }
    for Forwarded { url, status, ms, error } in receipt.forwarded {
        let outcome = match (status, ms) {
            (Some(status), Some(ms)) => format!("{} {}", status_code(*status, paint), milliseconds(*ms)),
            _ => paint.color(&escape::line(error.as_deref().unwrap_or("no answer")), Color::Red),
        };
        let _ = writeln!(text, "{:9}-> {}  {outcome}", "", escape::line(url));
    }
    for finding in report.findings.iter().filter(|finding| verbose || finding.severity == Severity::Error) {
        let place = match &finding.place {
            Place::Header { name, .. } => name,
            Place::Body { pointer, .. } => pointer,
        };
        let label = format!("{}[{}]", finding.severity.name(), finding.rule.id);
        let label = match finding.severity {
            Severity::Error => paint.color(&label, Color::Red),
            Severity::Warning => paint.color(&label, Color::Yellow),
        };
        let place = if place.is_empty() { String::new() } else { format!(" {}", escape::line(place)) };
        let _ = writeln!(text, "{:9}{label}{place}: {}", "", escape::line(&finding.message));
    }
    if let Some(explanation) = &receipt.explanation {
        explain(explanation, &" ".repeat(9), paint, &mut text);
    }
    if verbose {
        details(receipt, paint, &mut text);
    }
    text
}

/// The event's name; where the body leaves it open, what all that it may be have in common: `page_*`.
fn event(report: &Report) -> Cow<'static, str> {
    match (report.kind, report.entity) {
        (Some(kind), _) => Cow::Borrowed(kind.name()),
        (None, Some(entity)) => Cow::Borrowed(entity.pattern()),
        (None, None) => Cow::Borrowed("-"),
    }
}

fn details(receipt: &Receipt<'_>, paint: Paint, text: &mut String) {
    let _ = writeln!(text, "{:9}POST {}", "", escape::line(receipt.delivery.target()));
    for (name, value) in receipt.delivery.headers().iter() {
        let value = escape::line(&String::from_utf8_lossy(value));
        let _ = writeln!(text, "{:9}{}: {value}", "", paint.dim(&escape::line(name)));
    }
    text.push('\n');
    for line in highlight(&escape::lines(&String::from_utf8_lossy(receipt.delivery.body())), paint).lines() {
        let _ = writeln!(text, "{:9}{line}", "");
    }
    text.push('\n');
}

/// JSON with its keys, strings and words in colour. It goes by the quotes alone, so it never changes the text, JSON or not.
fn highlight(text: &str, paint: Paint) -> Cow<'_, str> {
    if !paint.0 {
        return Cow::Borrowed(text);
    }
    let mut painted = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(start) = rest.find('"') {
        painted.push_str(&rest[..start]);
        let end = closing_quote(&rest[start..]).map_or(rest.len(), |length| start + length);
        let is_key = rest[end..].trim_start().starts_with(':');
        painted.push_str(&paint.color(&rest[start..end], if is_key { Color::Blue } else { Color::Green }));
        rest = &rest[end..];
    }
    painted.push_str(rest);
    Cow::Owned(painted)
}

/// The length of a string in quotes, which `text` begins with.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().skip(1).find_map(|(index, character)| {
        let closes = character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        closes.then_some(index + 1)
    })
}

fn conclusion(report: &Report, paint: Paint) -> String {
    let count = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let some = |number: usize, noun: &str| match number + report.omitted {
        1 => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    };
    match report.conclusion() {
        Conclusion::Clean => paint.color(&format!("{:<11}", "clean"), Color::Green),
        Conclusion::Warnings => {
            paint.color(&format!("{:<11}", some(count(Severity::Warning), "warning")), Color::Yellow)
        }
        Conclusion::Errors => paint.color(&format!("{:<11}", some(count(Severity::Error), "error")), Color::Red),
    }
}

/// Exactly so many columns: filled up with spaces or cut with an ellipsis.
pub(super) fn fit(text: &str, width: usize) -> String {
    let mut fitted = String::new();
    let mut used = 0;
    if text.width() <= width {
        fitted.push_str(text);
        used = text.width();
    } else {
        for character in text.chars() {
            let columns = character.width().unwrap_or(0);
            if used + columns >= width {
                break;
            }
            fitted.push(character);
            used += columns;
        }
        fitted.push('…');
        used += 1;
    }
    fitted.extend(std::iter::repeat_n(' ', width - used));
    fitted
}

pub(super) fn summary(summary: &Summary) -> String {
    let Summary { received, accepted, refused, expectations, .. } = summary;
    let mut text = format!("{received} received: {accepted} accepted, {refused} refused");
    if !expectations.is_empty() {
        let met = expectations.iter().filter(|outcome| outcome.is_met).count();
        let _ = write!(text, "; {met} of {} expectations met", expectations.len());
    }
    text
}

pub(super) fn events(rows: &[EventRow], paint: Paint) -> String {
    rows.iter().fold(String::new(), |mut text, row| {
        let name = paint.bold(&format!("{:<18}", row.event));
        let _ = writeln!(text, "{name}  {:<10}  {}", row.entity, row.description);
        text
    })
}

pub(super) fn rules(rows: &[RuleRow], paint: Paint) -> String {
    rows.iter().fold(String::new(), |mut text, row| {
        let severity = format!("{:<7}", row.severity);
        let severity = if row.severity == "error" {
            paint.color(&severity, Color::Red)
        } else {
            paint.color(&severity, Color::Yellow)
        };
        let name = paint.bold(&format!("{:<20}", row.rule));
        let _ = writeln!(text, "{name}  {severity}  {:<8}  {}", row.origin, row.description);
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_fits_its_column_exactly() {
        assert_eq!(fit("ab", 4), "ab  ");
        assert_eq!(fit("abcd", 4), "abcd");
        assert_eq!(fit("abcde", 4), "abc…");
        assert_eq!(fit("新しい", 4), "新… ");
    }

    #[test]
    fn highlighting_changes_nothing_but_the_colour() {
        let text = r#"{"a": "b\"c", "d": [1, true], "e" "#;
        colored::control::set_override(true);
        let painted = highlight(text, Paint(true)).into_owned();
        assert!(painted.contains("\u{1b}[34m\"a\"\u{1b}[0m"));
        let plain = painted.replace("\u{1b}[34m", "").replace("\u{1b}[32m", "").replace("\u{1b}[0m", "");
        assert_eq!(plain, text);
    }
}
