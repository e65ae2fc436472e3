//! Workflow commands of GitHub Actions: `::error file=…,line=…,col=…::message`, which become annotations.

use std::fmt::Write;

use crate::validation::report::{Place, Severity};

use super::emitter::Emitter;
use super::escape;
use super::located::{Located, locate};
use super::results::Judged;

pub(super) struct Annotations;

impl Emitter for Annotations {
    fn judged(&mut self, judged: &Judged<'_>) -> String {
        let mut commands = String::new();
        for Located { finding, start, end } in locate(judged) {
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            };
            let place = match &finding.place {
                Place::Header { name, .. } => name,
                Place::Body { pointer, .. } => pointer,
            };
            let lines = [Some(&finding.message), Some(place).filter(|place| !place.is_empty()), finding.help.as_ref()];
            // A stranger's text is one line here, and safe for the terminals that logs are read in.
            let message = lines.into_iter().flatten().map(|line| escape::line(line)).collect::<Vec<_>>().join("\n");
            // A runner shows columns only where a finding stays on one line.
            let columns = if start.line == end.line {
                format!(",col={},endColumn={}", start.column, end.column)
            } else {
                String::new()
            };
            // Writing to a String cannot fail.
            let _ = writeln!(
                commands,
                "::{command} file={},line={},endLine={}{columns},title={}::{}",
                // A file of such a name gets no annotation, but the log stays safe to read.
                property(&escape::line(judged.input)),
                start.line,
                end.line,
                property(finding.rule.id),
                data(&message),
            );
        }
        commands
    }
}

/// Text behind the second `::`. A runner decodes these three and nothing else, so nothing else can end the command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value: what separates properties is encoded too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_hostile_ends_a_command_or_starts_one() {
        assert_eq!(property("a,line=1::x\r\n::error::%0A"), "a%2Cline=1%3A%3Ax%0D%0A%3A%3Aerror%3A%3A%250A");
        assert_eq!(data("100%\n::error::x"), "100%25%0A::error::x");
    }
}
