//! A probe as a `JUnit` report: a suite, a test a case. What SHOULD pass and does not is a failure of type `SHOULD`.

use std::io;

use super::escape;
use super::junit_document::{Case, Failure, document};
use super::results::Probed;

pub(super) fn report(probed: &Probed) -> io::Result<Vec<u8>> {
    let cases: Vec<Case> = probed
        .cases
        .iter()
        .map(|case| {
            let failure = case.failed().then(|| Failure {
                kind: Some(case.level.to_string()),
                message: Some(format!("sent {}; came {}", case.sent, escape::line(&case.received))),
                text: format!("{}\nrule: {}", case.help, case.rule),
            });
            Case { name: case.case.to_string(), class: "cfwh.probe".to_owned(), failure, ..Case::default() }
        })
        .collect();
    document("cfwh probe", "cfwh probe", Some(probed.time), &cases).map(String::into_bytes)
}
