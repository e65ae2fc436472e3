//! The results of `probe`.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use crate::auth::cases::{CaseInfo, Level};
use crate::models::rule::Severity;
use crate::probe::CaseResult;
use crate::probe::grade::Grade;

use super::emit::check::{Check, CheckSummary, CheckedRule, Checker, Location, Problem};
use super::escape;
use super::response::{Extent, lines};
use super::show::Show;
use super::style::Style;

/// Blanks before the lines of a response.
const INDENT: usize = 4;

/// The result of a probe. In JSON it is the grade; the cases are lines of their own.
#[derive(Debug, Serialize)]
pub struct ProbeReport {
    /// The folder that requests are saved to, or would be.
    #[serde(skip)]
    pub folder: PathBuf,
    /// The result of every case.
    #[serde(skip)]
    pub results: Vec<CaseResult>,
    /// The grade.
    #[serde(flatten)]
    pub grade: Grade,
    /// How long the probe took.
    #[serde(skip)]
    pub elapsed: Duration,
}

impl ProbeReport {
    /// `probe` and its cases, for reports.
    pub fn checker(&self) -> Checker {
        let rule = |result: &CaseResult| CheckedRule {
            id: result.case.info.id.0,
            level: severity(result.case.info),
            description: result.case.info.sent,
            help: Some(result.case.info.help),
            origin: result.case.info.rule,
        };
        Checker { name: "cfwh probe", rules: self.results.iter().map(rule).collect() }
    }

    /// The cases as checks, for reports.
    pub fn checks(&self) -> impl Iterator<Item = Check<'_>> {
        self.results.iter().map(|result| {
            let case = result.case.info;
            let problem = || Problem {
                rule: case.id.0,
                category: case.level.name(),
                level: severity(case),
                message: format!("sent {}; received {}", case.sent, result.received.summary).into(),
                help: Some(case.help),
                detail: format!("rule: {}\n", case.rule),
                location: Some(Location { file: self.file(result).into(), name: "", region: None }),
            };
            Check::new(case.id.0, "cfwh.probe", result.has_failed().then(problem), result)
        })
    }

    /// Returns the file that the first request of a case is saved to, or would be: code scanning refuses a report with
    /// results that are in no file.
    fn file(&self, result: &CaseResult) -> PathBuf {
        self.folder.join(format!("{}.http", result.file_stem(0)))
    }

    /// The end of the probe, for reports.
    pub fn summary(&self) -> CheckSummary<'_> {
        CheckSummary { result: self, elapsed: self.elapsed }
    }
}

const fn severity(case: &CaseInfo) -> Severity {
    match case.level {
        Level::Must => Severity::Error,
        Level::Should => Severity::Warning,
    }
}

impl Show for CaseResult {
    /// Nothing: the text of a probe begins with the causes, so the report renders the cases.
    fn text(&self, _: Style) -> String {
        String::new()
    }
}

impl Show for ProbeReport {
    /// The causes come first: most readers need no more.
    fn text(&self, style: Style) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        for cause in &self.grade.causes {
            let _ = writeln!(text, "{} {}", style.error("This receiver"), style.bold(cause.cause));
            let _ = writeln!(text, "{}", style.wrap(&format!("  {} {}", style.dim("fix:"), cause.help), 7));
        }
        if !text.is_empty() {
            text.push('\n');
        }
        let (failed, passed): (Vec<_>, Vec<_>) = self.results.iter().partition(|result| result.has_failed());
        for result in failed {
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
        text
    }
}

fn write_failed(text: &mut String, result: &CaseResult, style: Style) {
    let case = result.case.info;
    let level = match case.level {
        Level::Must => style.error(case.level.name()),
        Level::Should => style.warning(case.level.name()),
    };
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{} {} {level}  {}", style.error("fail"), style.bold(case.id.0), style.dim(case.rule));
    for (label, value) in
        [("sent:", case.sent), ("received:", &escape::line(&result.received.summary)), ("fix:", case.help)]
    {
        let _ = writeln!(text, "{}", style.wrap(&format!("  {} {value}", style.dim(&format!("{label:<9}"))), 12));
    }
    if style.verbose {
        for (label, response) in result.failed_responses() {
            let _ = writeln!(text, "  {}", style.dim(&escape::line(&format!("the response to {label}:"))));
            *text += &lines(response, Extent::Whole, INDENT, style);
        }
    }
    text.push('\n');
}

/// The names of cases that passed, in lines of limited width.
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
