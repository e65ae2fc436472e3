//! A probe as a person reads it.

use std::fmt::Write;

use super::escape;
use super::results::{CaseRow, Probed, Tried};
use super::text::Paint;

/// The causes first: who reads no further knows what to mend.
pub(super) fn probed(probed: &Probed, verbose: bool, paint: Paint) -> String {
    let mut text = String::new();
    for cause in &probed.grade.causes {
        let _ = writeln!(text, "{} {}", paint.error("This receiver"), paint.bold(cause.cause));
        let _ = writeln!(text, "  {} {}", paint.dim("mend:"), cause.help);
    }
    if !text.is_empty() {
        text.push('\n');
    }
    for case in probed.cases.iter().filter(|case| case.failed()) {
        failed(case, paint, &mut text);
    }
    let passed: Vec<_> = probed.cases.iter().filter(|case| !case.failed()).collect();
    if verbose {
        for case in passed {
            let _ = writeln!(text, "{} {:<26} {}", paint.good("pass"), case.case, escape::line(&case.received));
        }
    } else if !passed.is_empty() {
        let mut line = paint.good("pass");
        let mut width = 4;
        for case in passed {
            if width + 1 + case.case.len() > 80 {
                line.push_str("\n    ");
                width = 4;
            }
            let _ = write!(line, " {}", case.case);
            width += 1 + case.case.len();
        }
        let _ = writeln!(text, "{line}");
    }
    let grade = &probed.grade;
    let letter = format!("grade {}", grade.grade);
    let letter = match grade.grade {
        'A' => paint.good(&letter),
        'B' | 'C' => paint.warning(&letter),
        _ => paint.bad(&letter),
    };
    let (passed, failed, time) = (grade.passed, grade.failed, probed.time.as_secs_f64());
    let _ = writeln!(text, "\n{letter}: {} ({passed} passed, {failed} failed, {time:.1} s)", grade.reason);
    text
}

fn failed(case: &Tried, paint: Paint, text: &mut String) {
    let level = if case.level == "MUST" { paint.error("MUST") } else { paint.warning("SHOULD") };
    let _ = writeln!(text, "{} {} {level}  {}", paint.error("fail"), paint.bold(case.case), paint.dim(case.rule));
    let _ = writeln!(text, "  {} {}", paint.dim("sent:"), case.sent);
    let _ = writeln!(text, "  {} {}", paint.dim("came:"), escape::line(&case.received));
    let _ = writeln!(text, "  {} {}\n", paint.dim("mend:"), case.help);
}

pub(super) fn cases(rows: &[CaseRow], paint: Paint) -> String {
    rows.iter().fold(String::new(), |mut text, row| {
        let _ = writeln!(text, "{}  {:<6}  {}", paint.bold(&format!("{:<26}", row.case)), row.level, row.sent);
        text
    })
}
