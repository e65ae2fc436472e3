//! A probe as a `JUnit` report: a suite, a test a case. What SHOULD pass and does not is a failure of type `SHOULD`.

use std::io;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::escape;
use super::results::Probed;

pub(super) fn report(probed: &Probed) -> io::Result<Vec<u8>> {
    let mut suite = TestSuite::new("cfwh probe");
    for case in &probed.cases {
        let status = if case.failed() {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(case.level);
            let received = escape::line(&case.received);
            status.set_message(format!("sent {}; came {received}", case.sent));
            status.set_description(format!("{}\nrule: {}", case.help, case.rule));
            status
        } else {
            TestCaseStatus::success()
        };
        let mut test = TestCase::new(case.case, status);
        test.set_classname("cfwh.probe");
        suite.add_test_case(test);
    }
    let mut report = Report::new("cfwh probe");
    report.set_time(probed.time);
    report.add_test_suite(suite);
    let text = report.to_string().map_err(io::Error::other)?;
    Ok(text.into_bytes())
}
