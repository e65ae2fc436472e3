//! The form of a `JUnit` file: one suite, a case a line of it. `quick-xml` writes the XML.

use std::io;
use std::time::Duration;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::escape;

/// One test case; passed where it has no failure.
#[derive(Default)]
pub(super) struct Case {
    pub name: String,
    pub class: String,
    pub failure: Option<Failure>,
    /// What is shown beside it, failed or not.
    pub output: String,
}

/// Why a case failed.
#[derive(Default)]
pub(super) struct Failure {
    pub kind: Option<String>,
    pub message: Option<String>,
    pub text: String,
}

/// The whole file, its last line end included. A file begins with its counts, so all cases must be known.
///
/// # Errors
///
/// None in practice: it is written into memory.
pub(super) fn document(name: &str, suite: &str, time: Option<Duration>, cases: &[Case]) -> io::Result<String> {
    let failed = cases.iter().filter(|case| case.failure.is_some()).count().to_string();
    let count = cases.len().to_string();
    let counts = [("tests", count.as_str()), ("failures", &failed), ("errors", "0"), ("skipped", "0")];

    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 4);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let mut outer = BytesStart::new("testsuites").with_attributes([("name", name)]).with_attributes(counts);
    if let Some(time) = time {
        outer.push_attribute(("time", format!("{:.3}", time.as_secs_f64()).as_str()));
    }
    let inner = BytesStart::new("testsuite").with_attributes([("name", suite)]).with_attributes(counts);
    writer.write_event(Event::Start(outer))?;
    writer.write_event(Event::Start(inner))?;
    for case in cases {
        write(&mut writer, case)?;
    }
    writer.write_event(Event::End(BytesEnd::new("testsuite")))?;
    writer.write_event(Event::End(BytesEnd::new("testsuites")))?;
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(io::Error::other)
}

fn write(writer: &mut Writer<Vec<u8>>, case: &Case) -> io::Result<()> {
    let (name, class) = (fit(&case.name), fit(&case.class));
    let start = BytesStart::new("testcase").with_attributes([("name", name.as_str()), ("classname", class.as_str())]);
    if case.failure.is_none() && case.output.is_empty() {
        return writer.write_event(Event::Empty(start));
    }
    writer.write_event(Event::Start(start))?;
    if let Some(failure) = &case.failure {
        let mut start = BytesStart::new("failure");
        for (name, value) in [("message", &failure.message), ("type", &failure.kind)] {
            if let Some(value) = value {
                start.push_attribute((name, fit(value).as_str()));
            }
        }
        element(writer, start, &failure.text)?;
    }
    if !case.output.is_empty() {
        element(writer, BytesStart::new("system-out"), &case.output)?;
    }
    writer.write_event(Event::End(BytesEnd::new("testcase")))
}

fn element(writer: &mut Writer<Vec<u8>>, start: BytesStart<'_>, text: &str) -> io::Result<()> {
    let end = start.to_end().into_owned();
    writer.write_event(Event::Start(start))?;
    writer.write_event(Event::Text(BytesText::new(&fit(text))))?;
    writer.write_event(Event::End(end))
}

/// Characters that XML 1.0 cannot hold, even escaped, are shown by their number, and so is what would reach the
/// terminal of a server that prints the report.
fn fit(text: &str) -> String {
    escape::lines(text).replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}")
}
