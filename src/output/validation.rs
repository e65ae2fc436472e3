//! The results of `validate`. Findings are shown in the style of rustc: rule, location, source line, pointer and fix.

use std::fmt::Write;
use std::path::Path;

use serde::Serialize;

use crate::models::request::Request;
use crate::models::rule::{Rule, RuleInfo};
use crate::profiles::KnownEvent;
use crate::validation::position::locate;
use crate::validation::report::{Report, ReportVerdict};

use super::emit::check::{Check, CheckedRule, Checker, Location, Problem};
use super::escape;
use super::findings::{LocatedFinding, LocatedReport};
use super::show::Show;
use super::snippet::snippet;
use super::style::Style;

/// One input of `validate` with its findings.
#[derive(Debug, Serialize)]
pub struct ValidatedInput<'a> {
    input: &'a str,
    #[serde(skip)]
    path: &'a Path,
    line: usize,
    #[serde(flatten)]
    report: LocatedReport<'a>,
    #[serde(skip)]
    request: &'a Request,
}

/// Returns `validate` and its rules, for reports.
pub fn checker() -> Checker {
    let rule = |info: &'static RuleInfo| CheckedRule {
        id: info.id,
        level: info.severity,
        description: info.description,
        help: Some(info.help).filter(|help| !help.is_empty()),
        origin: info.origin.name(),
        link: None,
    };
    Checker { name: "cfwh", rules: Rule::ALL.iter().map(|rule| rule.info()).map(rule).collect() }
}

impl<'a> ValidatedInput<'a> {
    /// Returns the result of an input. `input` is the file name as text (`-` is stdin), `path` is the path, and `line` is the
    /// line of the file where the body begins, from 1.
    pub fn new(input: &'a str, path: &'a Path, line: usize, request: &'a Request, report: &'a Report) -> Self {
        Self {
            input,
            path,
            line,
            report: LocatedReport::new(report, &locate(&report.findings, request), line),
            request,
        }
    }

    /// Returns the input as a check, for reports.
    pub fn check(&self) -> Check<'_> {
        let problem = |located: &LocatedFinding<'a>| Problem {
            rule: located.finding.rule.id(),
            category: located.finding.rule.id(),
            level: located.finding.severity,
            message: located.finding.message.as_str().into(),
            help: located.finding.help.as_deref(),
            detail: String::new(),
            location: Some(Location {
                file: self.path.into(),
                name: located.finding.location.name(),
                region: Some((located.start, located.end)),
            }),
        };
        Check {
            name: format!("{}:{}", self.input, self.line).into(),
            group: self.report.event.map_or("unknown", KnownEvent::name),
            has_failed: self.report.verdict == ReportVerdict::Errors,
            problems: self.report.findings.iter().map(problem).collect(),
            result: self,
        }
    }
}

impl Show for ValidatedInput<'_> {
    fn text(&self, style: Style) -> String {
        let mut text: String = {
            let render =
                |located: &LocatedFinding<'_>| snippet(located.finding, located.start, self.input, self.request, style);
            self.report.findings.iter().map(render).collect()
        };
        // When the limit of the run is reached, only the summary has the count.
        if self.report.omitted > 0 && !self.report.findings.is_empty() {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}: and {} more\n", escape::line(self.input), self.report.omitted);
        }
        text
    }
}
