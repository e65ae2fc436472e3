//! What was expected and what came, as a JUnit report for a CI server.

use std::io;

use crate::receiver::expectations::Came;

use super::junit_document::{Case, Failure, document};
use super::results::Summary;
use super::text_expectations::lines;

const NAME: &str = "cfwh listen";

/// One test case an expectation, and one for the command where it failed.
pub(super) fn report(summary: &Summary, came: &[Came]) -> io::Result<String> {
    let mut cases = Vec::new();
    for outcome in &summary.expectations {
        let missed = || Failure {
            message: Some(format!("expected {}, came: {}", outcome.expected, outcome.came)),
            text: format!("what came, in order:\n{}", lines(came, |status| status.to_string()).join("\n")),
            ..Failure::default()
        };
        cases.push(named(&outcome.expected, (!outcome.is_met).then(missed)));
    }
    if let Some(command) = &summary.command {
        let message = Some(format!("the command ended with {command}"));
        cases.push(named("command", Some(Failure { message, ..Failure::default() })));
    }
    document(NAME, NAME, None, &cases)
}

fn named(name: &str, failure: Option<Failure>) -> Case {
    Case { name: name.to_owned(), class: NAME.to_owned(), failure, ..Case::default() }
}
