//! JUnit XML: one test case an input, failed when it has errors. Warnings go into the case's output.

use std::fmt::Write;

use crate::validation::report::{Conclusion, Severity};

use super::emitter::Emitter;
use super::junit_document::{Case, Failure, document};
use super::located::{Located, locate};
use super::results::Judged;

/// All cases; a JUnit file begins with their number, so it is written at the end.
#[derive(Default)]
pub(super) struct Junit {
    cases: Vec<Case>,
}

impl Emitter for Junit {
    fn judged(&mut self, judged: &Judged<'_>) -> String {
        let failure = (judged.report.conclusion() == Conclusion::Errors).then(|| {
            let first = locate(judged).find(|located| located.finding.severity == Severity::Error);
            Failure {
                kind: first.as_ref().map(|located| located.finding.rule.id.to_owned()),
                message: first.map(|located| located.finding.message.clone()),
                text: lines(judged, Severity::Error),
            }
        });
        self.cases.push(Case {
            name: format!("{}:{}", judged.input, judged.line),
            class: judged.report.kind.map_or("unknown", crate::models::event::EventKind::name).to_owned(),
            failure,
            output: lines(judged, Severity::Warning),
        });
        String::new()
    }

    fn finish(&mut self) -> String {
        document("cfwh", "cfwh validate", None, &self.cases).expect("writing into memory cannot fail")
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
