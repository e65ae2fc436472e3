//! The results of `probe`.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use crate::auth::cases::{CaseInfo, Level, Role};
use crate::models::rule::Severity;
use crate::probe::cases::Case;
use crate::probe::grade::{Grade, RULE};
use crate::probe::{CaseChange, CaseChanges, CaseResult};

use super::emit::check::{Check, CheckSummary, CheckedRule, Checker, Location, Problem};
use super::escape;
use super::response::{Extent, lines};
use super::show::Show;
use super::style::Style;

/// The indentation of the lines of a response.
const INDENT: usize = 4;

/// The result of a probe. In JSON it is the grade line. Each case has a separate line.
#[derive(Debug, Serialize)]
pub struct ProbeReport {
    /// The folder for saved requests, for locations in reports.
    #[serde(skip)]
    pub folder: PathBuf,
    /// The result of every case.
    #[serde(skip)]
    pub results: Vec<CaseResult>,
    /// The grade.
    #[serde(flatten)]
    pub grade: Grade,
    /// The changes since a recording.
    #[serde(rename = "against", skip_serializing_if = "Option::is_none")]
    pub comparison: Option<RecordingComparison>,
    /// Whether the text also shows failures that follow from a named cause.
    #[serde(skip)]
    pub shows_all: bool,
    /// The duration of the probe.
    #[serde(skip)]
    pub elapsed: Duration,
}

/// The changes since a recording.
#[derive(Debug, Serialize)]
pub struct RecordingComparison {
    /// The file with the recording.
    pub file: String,
    /// The cases that have changed.
    #[serde(flatten)]
    pub changes: CaseChanges,
}

/// The rule for grades, shown after the list of cases.
#[derive(Debug, Serialize)]
pub struct GradeRule {
    rule: &'static str,
    /// The cases with valid deliveries. A receiver that fails one gets an F.
    valid: Vec<&'static str>,
    /// The cases with forged deliveries. A receiver that accepts one gets an F.
    forged: Vec<&'static str>,
}

impl GradeRule {
    /// Returns the rule for grades of these cases.
    pub fn of(cases: &[Case]) -> Self {
        let with = |role| cases.iter().filter(|case| case.info.role == role).map(|case| case.id().0).collect();
        Self { rule: RULE, valid: with(Role::Valid), forged: with(Role::Forged) }
    }
}

impl Show for GradeRule {
    fn text(&self, style: Style) -> String {
        let mut text = format!("\n{}\n", style.wrap(&format!("Grades: {}.", self.rule), 0));
        for (what, names) in [("Valid deliveries", &self.valid), ("Forged deliveries", &self.forged)] {
            if !names.is_empty() {
                // Writing to a String cannot fail.
                let _ = writeln!(text, "{}", style.wrap(&format!("{what}: {}.", names.join(", ")), 0));
            }
        }
        text
    }
}

impl ProbeReport {
    /// Returns `probe` and its cases, for reports.
    pub fn checker(&self) -> Checker {
        let rule = |result: &CaseResult| CheckedRule {
            id: result.case.info.id.0,
            level: severity(result.case.info),
            description: result.case.info.sent,
            help: Some(result.case.info.help),
            origin: result.case.info.rule,
            link: Some(result.case.id().link()),
        };
        Checker { name: "cfwh probe", rules: self.results.iter().map(rule).collect() }
    }

    /// Returns the cases as checks, for reports.
    pub fn checks(&self) -> impl Iterator<Item = Check<'_>> {
        self.results.iter().map(|result| {
            let case = result.case.info;
            let change = result.change.map(|change| format!("{}: ", in_words(change))).unwrap_or_default();
            let because = result.follows_from.map(|cause| format!("; this receiver {cause}")).unwrap_or_default();
            let problem = || Problem {
                rule: case.id.0,
                category: case.level.name(),
                level: level(result),
                message: format!("{change}sent {}; received {}{because}", case.sent, result.received.summary).into(),
                help: Some(case.help),
                detail: format!("rule: {}\nlink: {}\n", case.rule, case.id.link()),
                location: Some(Location { file: self.file(result).into(), name: "", region: None }),
            };
            let mut check = Check::new(case.id.0, "cfwh.probe", result.has_failed().then(problem), result);
            // Compared with a recording, only a regression is a failure.
            check.has_failed &= result.change.is_none_or(|change| change == CaseChange::Regressed);
            check
        })
    }

    /// Returns the failures that the text shows: with `all`, every failure. Otherwise unchanged failures are left out, and each
    /// cause is shown once.
    fn shown(&self) -> Vec<&CaseResult> {
        let mut causes = Vec::new();
        let mut is_shown = |result: &&CaseResult| {
            let is_known = matches!(result.change, Some(CaseChange::StillFailing | CaseChange::Unstable));
            let is_first = result.follows_from.is_none_or(|cause| {
                let is_first = !causes.contains(&cause);
                causes.push(cause);
                is_first
            });
            let has_regressed = result.change == Some(CaseChange::Regressed);
            self.shows_all || has_regressed || is_first && !is_known
        };
        self.results.iter().filter(|result| result.has_failed()).filter(|result| is_shown(result)).collect()
    }

    /// Returns the names of hidden failures that follow from a cause.
    fn folded(&self, cause: &str, shown: &[&CaseResult]) -> Vec<&'static str> {
        let is_shown = |result: &CaseResult| shown.iter().any(|other| other.case.id() == result.case.id());
        let follow = self.results.iter().filter(|result| result.follows_from == Some(cause) && !is_shown(result));
        follow.map(|result| result.case.id().0).collect()
    }

    /// Returns the file for the first request of a case, even if it is not saved, because code scanning refuses results without
    /// a file.
    fn file(&self, result: &CaseResult) -> PathBuf {
        self.folder.join(format!("{}.http", result.file_stem(0)))
    }

    /// Returns the end of the probe, for reports.
    pub fn summary(&self) -> CheckSummary<'_> {
        CheckSummary { result: self, elapsed: self.elapsed }
    }
}

/// Returns the severity of a failure. A failure that is not a regression is not an error.
fn level(result: &CaseResult) -> Severity {
    match result.change {
        None => severity(result.case.info),
        Some(CaseChange::Regressed) => Severity::Error,
        Some(_) => Severity::Warning,
    }
}

const fn in_words(change: CaseChange) -> &'static str {
    match change {
        CaseChange::Fixed => "fixed",
        CaseChange::Regressed => "regressed",
        CaseChange::StillFailing => "still failing",
        CaseChange::StillPassing => "still passing",
        CaseChange::Unstable => "unstable",
        CaseChange::New => "new",
    }
}

const fn severity(case: &CaseInfo) -> Severity {
    match case.level {
        Level::Must => Severity::Error,
        Level::Should => Severity::Warning,
    }
}

impl Show for CaseResult {
    /// Renders an empty text: the text of a probe begins with the causes, so the report renders the cases.
    fn text(&self, _: Style) -> String {
        String::new()
    }
}

impl Show for ProbeReport {
    /// Renders the causes first, because most readers need only these.
    fn text(&self, style: Style) -> String {
        let mut text = String::new();
        let shown = self.shown();
        // Writing to a String cannot fail.
        for cause in &self.grade.causes {
            let _ = writeln!(text, "{} {}", style.error("This receiver"), style.bold(cause.cause));
            let _ = writeln!(text, "{}", style.wrap(&format!("  {} {}", style.dim("fix:"), cause.help), 7));
            let folded = self.folded(cause.cause, &shown);
            if !folded.is_empty() {
                let failures = if folded.len() == 1 { "failure follows" } else { "failures follow" };
                let line = format!("  {} more {failures} from this: {}", folded.len(), folded.join(", "));
                let _ = writeln!(text, "{}", style.wrap(&line, 4));
            }
        }
        if !text.is_empty() {
            text.push('\n');
        }
        let passed: Vec<_> = self.results.iter().filter(|result| !result.has_failed()).collect();
        for result in shown {
            write_failed(&mut text, result, style);
        }
        if style.verbose {
            for result in passed {
                let received = escape::line(&result.received.summary);
                let _ = writeln!(text, "{} {:<26} {received}", style.green("pass"), result.case.id().0);
            }
        } else if !passed.is_empty() {
            write_passed(&mut text, &passed, style);
        }
        let Grade { letter, reason, passed, failed, .. } = &self.grade;
        let grade = match letter {
            None => "no grade".to_owned(),
            Some('A') => style.green("grade A"),
            Some(letter @ ('B' | 'C')) => style.warning(&format!("grade {letter}")),
            Some(letter) => style.red(&format!("grade {letter}")),
        };
        let seconds = self.elapsed.as_secs_f64();
        let _ = writeln!(text, "\n{grade}: {reason} ({passed} passed, {failed} failed, {seconds:.1} s)");
        if let Some(comparison) = &self.comparison {
            write_comparison(&mut text, comparison, style);
        }
        text
    }
}

/// Renders the lists of changed cases, and then their counts.
fn write_comparison(text: &mut String, RecordingComparison { file, changes }: &RecordingComparison, style: Style) {
    let counts: Vec<_> = changes.lists().map(|(what, names)| format!("{} {what}", names.len())).collect();
    // Writing to a String cannot fail.
    for (what, names) in changes.lists() {
        let heading = if what == "regressed" { style.red(what) } else { style.bold(what) };
        let names = names.iter().map(|name| escape::line(name)).collect::<Vec<_>>().join(", ");
        let _ = writeln!(text, "{}", style.wrap(&format!("{heading}: {names}"), 4));
    }
    let counts = if counts.is_empty() { "no change".to_owned() } else { counts.join(", ") };
    let _ = writeln!(text, "against {}: {counts}", escape::line(file));
}

fn write_failed(text: &mut String, result: &CaseResult, style: Style) {
    let case = result.case.info;
    let level = match case.level {
        Level::Must => style.error(case.level.name()),
        Level::Should => style.warning(case.level.name()),
    };
    // Writing to a String cannot fail.
    let word = if result.change == Some(CaseChange::Regressed) { "regressed" } else { "fail" };
    let _ = writeln!(text, "{} {} {level}  {}", style.error(word), style.bold(case.id.0), style.dim(case.rule));
    for (label, value) in
        [("sent:", case.sent), ("received:", &escape::line(&result.received.summary)), ("fix:", case.help)]
    {
        let _ = writeln!(text, "{}", style.wrap(&format!("  {} {value}", style.dim(&format!("{label:<9}"))), 12));
    }
    if style.verbose {
        let _ = writeln!(text, "  {} {}", style.dim("link:    "), case.id.link());
        for (label, response) in result.failed_responses() {
            let _ = writeln!(text, "  {}", style.dim(&escape::line(&format!("the response to {label}:"))));
            *text += &lines(response, Extent::Whole, INDENT, style);
        }
    }
    text.push('\n');
}

/// Renders the names of passed cases, in lines of limited width.
fn write_passed(text: &mut String, passed: &[&CaseResult], style: Style) {
    let mut width = 4;
    text.push_str(&style.green("pass"));
    for id in passed.iter().map(|result| result.case.id().0) {
        if width + 1 + id.len() > style.columns() {
            text.push_str("\n    ");
            width = 4;
        }
        text.extend([" ", id]);
        width += 1 + id.len();
    }
    text.push('\n');
}
