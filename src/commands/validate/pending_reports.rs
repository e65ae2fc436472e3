//! The reports of a run with a limit of findings. They wait for the end of the run, because errors are shown before warnings,
//! even if the error is in the last input.

use crate::commands::input::batches::Input;
use crate::models::rule::Severity;
use crate::validation::report::Report;

/// The reports with findings to show at the end, at most as many as the limit of findings.
pub(super) struct PendingReports {
    limit: usize,
    reports: Vec<(Input, Report)>,
    findings: usize,
    warnings: usize,
}

impl PendingReports {
    pub(super) const fn new(limit: usize) -> Self {
        Self { limit, reports: Vec::new(), findings: 0, warnings: 0 }
    }

    /// Adds a report. If there are too many findings, the last warnings are left out first. Returns the reports without
    /// findings, which do not wait.
    pub(super) fn add(&mut self, input: Input, mut report: Report) -> Vec<(Input, Report)> {
        let free = self.limit - self.findings;
        let errors = report.findings.len() - warnings(&report);
        let replaced = errors.saturating_sub(free).min(self.warnings);
        report.truncate(free + replaced);
        if report.findings.is_empty() {
            return vec![(input, report)];
        }
        self.findings += report.findings.len();
        self.warnings += warnings(&report);
        self.reports.push((input, report));
        if replaced == 0 {
            return Vec::new();
        }
        self.leave_out_warnings(replaced);
        self.reports.extract_if(.., |(_, report)| report.findings.is_empty()).collect()
    }

    fn leave_out_warnings(&mut self, count: usize) {
        self.findings -= count;
        self.warnings -= count;
        let mut rest = count;
        for (_, report) in self.reports.iter_mut().rev() {
            if rest == 0 {
                break;
            }
            let left_out = warnings(report).min(rest);
            report.truncate(report.findings.len() - left_out);
            rest -= left_out;
        }
    }

    /// Returns all waiting reports, in the order of the inputs.
    pub(super) fn into_reports(self) -> Vec<(Input, Report)> {
        self.reports
    }
}

fn warnings(report: &Report) -> usize {
    report.findings.iter().filter(|finding| finding.severity == Severity::Warning).count()
}
