//! The results of `listen` besides deliveries: the ready line, the generated secret, expectations and the summary.

use std::fmt::Write;
use std::path::Path;

use serde::Serialize;

use crate::auth::{SchemeInfo, default_scheme};
use crate::models::rule::Severity;
use crate::profiles::Profile;
use crate::receiver::expectations::{Outcome, ReceivedDelivery};

use super::emit::ReportFormat;
use super::emit::check::{Check, CheckedRule, Checker, Location, Problem};
use super::escape;
use super::sending::optional_status;
use super::show::Show;
use super::style::Style;
use super::terminal::Terminal;

const NAME: &str = "cfwh listen";

/// The number of received deliveries that are listed if an expectation is missed.
const MAX_LISTED: usize = 50;

/// The receiver is ready.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "ready")]
pub struct Ready<'a> {
    /// The URL for deliveries.
    pub url: &'a str,
    /// The authentication scheme, or `none`.
    pub auth: &'static str,
    /// `given`, `generated` or `none`; never the value.
    pub secret: &'static str,
    /// The URL of the web inspector, with its token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inspect: Option<&'a str>,
}

/// The summary of a run.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename = "summary")]
pub struct ListenSummary {
    /// The number of requests, including those that were not deliveries.
    pub received: u64,
    /// The number of deliveries with a 2xx response.
    pub accepted: u64,
    /// The number of deliveries with another response, and of requests that were not deliveries.
    pub refused: u64,
    /// The number of accepted connection tests, which are not events.
    #[serde(skip_serializing_if = "is_zero")]
    pub pings: u64,
    /// The expectations and their outcomes.
    pub expectations: Vec<Outcome>,
    /// How the system under test failed.
    #[serde(skip)]
    pub command: Option<String>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl ListenSummary {
    /// Returns the summary of a run without expectations.
    pub const fn new(accepted: u64, refused: u64) -> Self {
        Self { received: accepted + refused, accepted, refused, pings: 0, expectations: Vec::new(), command: None }
    }

    /// Renders the expectations, and a failed command, as a report.
    pub fn report(&self, received: &[ReceivedDelivery], format: &ReportFormat) -> String {
        let expectations = self.expectations.iter().map(|outcome| {
            let message = || format!("expected {}, received: {}", outcome.expected, outcome.received);
            let problem = (!outcome.is_met).then(|| problem(message(), list(received, Style::default())));
            Check::new(&outcome.expected, NAME, problem, outcome)
        });
        let command = self.command.iter().map(|command| {
            let problem = problem(command.clone(), String::new());
            Check::new("command", NAME, Some(problem), self)
        });
        let checker = Checker { name: NAME, rules: vec![EXPECTATION] };
        format.render(checker, Style::default(), expectations.chain(command), None)
    }
}

/// The rule of every expectation.
const EXPECTATION: CheckedRule = CheckedRule {
    id: "expectation",
    level: Severity::Error,
    description: "All expected deliveries are received, no forbidden ones are, and the command succeeds.",
    help: Some("compare the received deliveries with the expected ones"),
    origin: NAME,
    link: None,
};

fn problem(message: String, detail: String) -> Problem<'static> {
    let CheckedRule { id, level, .. } = EXPECTATION;
    // Code scanning refuses results without a file.
    let location = Some(Location { file: Path::new("listen").into(), name: "", region: None });
    Problem { rule: id, category: id, level, message: message.into(), help: None, detail, location }
}

impl Show for Ready<'_> {
    fn text(&self, style: Style) -> String {
        let note = match self.auth {
            "none" => "  (no secret: signatures are not verified)".to_owned(),
            name if name == default_scheme().name => String::new(),
            name => format!("  (--auth {name})"),
        };
        let inspect = self.inspect.map(|url| format!("{} {url}\n", style.bold("inspect"))).unwrap_or_default();
        format!("{} {}{note}\n{inspect}", style.bold("ready"), self.url)
    }
}

impl Show for Outcome {
    fn text(&self, style: Style) -> String {
        let word = if self.is_met { style.green("met   ") } else { style.red("missed") };
        format!("{word}  {:<21}  received: {}\n", self.expected, escape::line(&self.received))
    }
}

impl Show for ListenSummary {
    fn text(&self, _: Style) -> String {
        let Self { received, accepted, refused, pings, expectations, .. } = self;
        let mut text = format!("{received} received: {accepted} accepted, {refused} refused");
        if *pings > 0 {
            // Writing to a String cannot fail.
            let _ = write!(text, "; {pings} of the accepted {}", if *pings == 1 { "is a ping" } else { "are pings" });
        }
        if !expectations.is_empty() {
            let met = expectations.iter().filter(|outcome| outcome.is_met).count();
            // Writing to a String cannot fail.
            let _ = write!(text, "; {met} of {} expectations met", expectations.len());
        }
        text
    }
}

impl Terminal {
    /// Prints the ready line, even if quiet, because scripts wait for it.
    ///
    /// # Errors
    /// Returns the errors of [`Terminal::flush`].
    pub fn ready(&mut self, ready: &Ready<'_>) -> anyhow::Result<()> {
        self.print_always(ready)?;
        self.flush()
    }

    /// Writes a generated secret to stderr, even if quiet. No other secret is ever shown. `events` is the URL for events.
    pub fn generated_secret(
        &mut self,
        secret: &str,
        events: &str,
        profile: &'static Profile,
        auth: &'static SchemeInfo,
    ) {
        let auth = if auth.name == default_scheme().name { String::new() } else { format!(" --auth {}", auth.name) };
        let profile = if profile.is_default() { String::new() } else { format!(" --profile {profile}") };
        // A shell would read the braces of `{event}`.
        let to = if events.contains('{') { format!("'{events}'") } else { events.to_owned() };
        let send = format!("CFWH_SECRET={secret} cfwh send page_updated{profile}{auth} --to {to}");
        self.write_err(&format!("secret {secret}\ntry    {send}\n"));
    }

    /// Prints the summary: as a result in JSON, otherwise as a note.
    ///
    /// # Errors
    /// Returns the errors of [`Terminal::flush`].
    pub fn summary(&mut self, summary: &ListenSummary) -> anyhow::Result<()> {
        if self.is_json() {
            self.print(summary)?;
        } else {
            self.say(&summary.text(self.style()));
        }
        self.flush()
    }

    /// Prints each expectation and, if one was missed, the received deliveries. In JSON, the summary and the deliveries already
    /// contain both.
    ///
    /// # Errors
    /// Returns the errors of [`Terminal::flush`].
    pub fn expectations(&mut self, summary: &ListenSummary, received: &[ReceivedDelivery]) -> anyhow::Result<()> {
        if self.is_json() {
            return Ok(());
        }
        let style = self.style();
        let mut text: String = summary.expectations.iter().map(|outcome| outcome.text(style)).collect();
        if let Some(command) = &summary.command {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}  {}", style.red("failed"), escape::line(command));
        }
        if summary.expectations.iter().any(|outcome| !outcome.is_met) {
            text += &list(received, style);
        }
        self.bytes(text.as_bytes())
    }
}

/// Lists the received deliveries, one per line.
fn list(received: &[ReceivedDelivery], style: Style) -> String {
    let mut text = "received, in order:\n".to_owned();
    for delivery in received.iter().take(MAX_LISTED) {
        let event = if delivery.event.is_empty() { "(no event)".into() } else { escape::line(&delivery.event) };
        let note = if delivery.is_accepted { "" } else { "  refused, not counted" };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{:>4} {event:<18} {}{note}", delivery.number, optional_status(delivery.status, style));
    }
    match received.len() {
        0 => text.push_str("     nothing\n"),
        count if count > MAX_LISTED => _ = writeln!(text, "     and {} more", count - MAX_LISTED),
        _ => {}
    }
    text
}
