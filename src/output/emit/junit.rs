//! JUnit XML, with one test case per check. Warnings of a passed check are the output of its test case.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Read, Seek, Write};

use anyhow::Context;
use quick_xml::Writer;
use quick_xml::events::BytesText;
use tempfile::{SpooledTempFile, spooled_tempfile};

use crate::output::escape;

use super::check::{Check, CheckSummary, Problem};
use super::emitter::{Emitter, ReportFormat};

/// `junit`
pub(super) static JUNIT: ReportFormat = ReportFormat {
    name: "junit",
    help: "JUnit XML, for CI servers",
    new: |checker, _| Box::new(Junit::new(checker.name)),
};

/// The most bytes of test cases in memory.
const IN_MEMORY: usize = 1 << 20;

/// The test cases so far. A JUnit file begins with their number, so it is written at the end. Many test cases are stored in a
/// temporary file, because the test case of a small body is a hundred times as large as the body.
struct Junit {
    name: &'static str,
    tests: usize,
    failures: usize,
    errors: usize,
    cases: Writer<SpooledTempFile>,
    /// The error if the test cases cannot be stored.
    error: Option<io::Error>,
}

impl Junit {
    fn new(name: &'static str) -> Self {
        let cases = Writer::new_with_indent(spooled_tempfile(IN_MEMORY), b' ', 4);
        Self { name, tests: 0, failures: 0, errors: 0, cases, error: None }
    }
}

impl Emitter for Junit {
    fn check(&mut self, check: &Check<'_>) -> String {
        self.tests += 1;
        self.failures += usize::from(check.has_failed);
        if self.error.is_none() {
            self.error = write_case(&mut self.cases, check).err();
        }
        String::new()
    }

    fn unreadable(&mut self, message: &str) {
        self.tests += 1;
        self.errors += 1;
        if self.error.is_none() {
            self.error = write_unreadable(&mut self.cases, message).err();
        }
    }

    fn lists_passed(&self) -> bool {
        true
    }

    fn finish(&mut self, summary: Option<&CheckSummary<'_>>) -> String {
        let mut report = Vec::new();
        let mut write = |bytes: &[u8]| {
            report.extend_from_slice(bytes);
            Ok(())
        };
        // Reports that are rendered as a whole have few test cases, which are in memory.
        let _ = self.finish_with(summary, &mut write);
        String::from_utf8_lossy(&report).into_owned()
    }

    fn finish_with(
        &mut self,
        summary: Option<&CheckSummary<'_>>,
        write: &mut dyn FnMut(&[u8]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        const STORED: &str = "cannot store the test cases of the report";
        if let Some(error) = self.error.take() {
            return Err(error).context(STORED);
        }
        let Self { name, tests, failures, errors, .. } = self;
        let counts = format!(r#"name="{name}" tests="{tests}" failures="{failures}" errors="{errors}""#);
        let time =
            summary.map_or_else(String::new, |summary| format!(r#" time="{:.3}""#, summary.elapsed.as_secs_f64()));
        let head = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}{time}>\n<testsuite {counts} skipped=\"0\"{time}>\n"
        );
        write(head.as_bytes())?;
        let cases = self.cases.get_mut();
        cases.rewind().context(STORED)?;
        let mut block = vec![0; 64 * 1024];
        loop {
            match cases.read(&mut block).context(STORED)? {
                0 => break,
                length => write(&block[..length])?,
            }
        }
        write(if self.tests > 0 { b"\n" } else { b"" })?;
        write(b"</testsuite>\n</testsuites>\n")
    }
}

fn write_case(cases: &mut Writer<impl Write>, check: &Check<'_>) -> io::Result<()> {
    let worst = check.problems.iter().map(|problem| problem.level).max().filter(|_| check.has_failed);
    let (failures, warnings): (Vec<_>, Vec<_>) =
        check.problems.iter().partition(|problem| Some(problem.level) == worst);
    let (name, group) = (fit(&check.name), fit(check.group));
    let case = cases.create_element("testcase").with_attributes([("name", &*name), ("classname", &*group)]);
    if !check.has_failed && warnings.is_empty() {
        return case.write_empty().map(drop);
    }
    case.write_inner_content(|case| {
        if check.has_failed {
            let (message, category) = match failures.first() {
                Some(first) => (Cow::Owned(fit(&first.message)), first.category),
                None => (Cow::Borrowed("there are too many findings to list"), "omitted"),
            };
            let failure = case.create_element("failure").with_attributes([("message", &*message), ("type", category)]);
            let text = if failures.is_empty() { message.into_owned() } else { lines(&failures) };
            failure.write_text_content(BytesText::new(&text))?;
        }
        if !warnings.is_empty() {
            case.create_element("system-out").write_text_content(BytesText::new(&lines(&warnings)))?;
        }
        Ok(())
    })
    .map(drop)
}

/// Renders an unreadable input as an error of the test, not as a failure.
fn write_unreadable(cases: &mut Writer<impl Write>, message: &str) -> io::Result<()> {
    let message = fit(message);
    let case = cases.create_element("testcase").with_attributes([("name", &*message), ("classname", "unreadable")]);
    case.write_inner_content(|case| {
        let error = case.create_element("error").with_attributes([("message", &*message), ("type", "unreadable")]);
        error.write_text_content(BytesText::new(&message)).map(drop)
    })
    .map(drop)
}

fn lines(problems: &[&Problem<'_>]) -> String {
    let mut text = String::new();
    for problem in problems {
        if let Some(location) = &problem.location
            && let Some((start, _)) = location.region
        {
            // Writing to a String cannot fail.
            let _ = write!(text, "{}:{}:{}: ", location.file.display(), start.line, start.column);
        }
        let level = problem.level.name();
        let _ = writeln!(text, "{level}[{}]: {}", problem.rule, problem.message);
        if let Some(help) = problem.help {
            let _ = writeln!(text, "fix: {help}");
        }
        text.push_str(&problem.detail);
    }
    fit(&text)
}

/// Replaces characters that XML 1.0 does not allow, even escaped, and characters that would control a terminal that shows the
/// report.
fn fit(text: &str) -> String {
    escape::lines(text).replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}")
}
