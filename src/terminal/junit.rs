//! JUnit XML: one test case an input, failed when it has errors. Warnings go into the case's output.

use std::fmt::Write;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::validation::report::{Conclusion, Severity};

use super::located::{Located, locate};
use super::rendering::Rendering;
use super::results::Judged;

/// All cases; a JUnit file begins with their number, so it is written at the end.
#[derive(Default)]
pub(super) struct Junit {
    cases: Vec<TestCase>,
}

impl Rendering for Junit {
    fn judged(&mut self, judged: &Judged<'_>) -> String {
        let status = if judged.report.conclusion() == Conclusion::Errors {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let first = locate(judged).find(|located| located.finding.severity == Severity::Error);
            if let Some(located) = first {
                status.set_type(located.finding.rule.id).set_message(located.finding.message.as_str());
            }
            status.set_description(lines(judged, Severity::Error));
            status
        } else {
            TestCaseStatus::success()
        };
        let mut case = TestCase::new(format!("{}:{}", judged.input, judged.line), status);
        case.set_classname(judged.report.kind.map_or("unknown", crate::models::event::EventKind::name));
        let warnings = lines(judged, Severity::Warning);
        if !warnings.is_empty() {
            case.set_system_out(warnings);
        }
        self.cases.push(case);
        String::new()
    }

    fn finish(&mut self) -> String {
        let mut suite = TestSuite::new("cfwh validate");
        suite.add_test_cases(self.cases.drain(..));
        let mut report = Report::new("cfwh");
        report.add_test_suite(suite);
        // It is written into memory, and every string is made fit for XML when it is set.
        report.to_string().expect("a report is XML")
    }
}

fn lines(judged: &Judged<'_>, severity: Severity) -> String {
    let mut text = String::new();
    for Located { finding, start, .. } in locate(judged).filter(|located| located.finding.severity == severity) {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{}:{}:{}: {}[{}]: {}",
            judged.input,
            start.line,
            start.column,
            finding.severity.name(),
            finding.rule.id,
            finding.message
        );
    }
    text
}
