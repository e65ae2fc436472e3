//! What was expected and what came, as a JUnit report for a CI server.

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use crate::expectations::Came;

use super::expectations::lines;
use super::results::Summary;

const NAME: &str = "cfwh listen";

/// One test case an expectation, and one for the command where it failed.
pub(super) fn report(summary: &Summary, came: &[Came]) -> Result<String, SerializeError> {
    let mut suite = TestSuite::new(NAME);
    let list = || lines(came, |status| status.to_string()).join("\n");
    for outcome in &summary.expectations {
        let mut verdict = if outcome.is_met { TestCaseStatus::success() } else { failure() };
        if !outcome.is_met {
            verdict.set_message(format!("expected {}, came: {}", outcome.expected, outcome.came));
            verdict.set_description(format!("what came, in order:\n{}", list()));
        }
        suite.add_test_case(named(&outcome.expected, verdict));
    }
    if let Some(command) = &summary.command {
        let mut verdict = failure();
        verdict.set_message(format!("the command ended with {command}"));
        suite.add_test_case(named("command", verdict));
    }
    let mut report = Report::new(NAME);
    report.add_test_suite(suite);
    report.to_string()
}

fn failure() -> TestCaseStatus {
    TestCaseStatus::non_success(NonSuccessKind::Failure)
}

fn named(name: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(NAME);
    case
}
