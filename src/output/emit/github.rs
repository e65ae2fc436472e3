//! Workflow commands of GitHub Actions: `::error file=…,line=…,col=…,title=…::message`, which become annotations.

use std::fmt::Write;

use crate::output::escape;

use super::check::{Check, Location, Problem};
use super::emitter::{Emitter, ReportFormat};
use super::workspace;

/// `github`
pub(super) static GITHUB: ReportFormat = ReportFormat {
    name: "github",
    help: "Workflow commands of GitHub Actions, which become annotations",
    new: |_, _| Box::new(Annotations),
};

struct Annotations;

impl Emitter for Annotations {
    fn check(&mut self, check: &Check<'_>) -> String {
        check.problems.iter().map(command).collect()
    }
}

fn command(problem: &Problem<'_>) -> String {
    let (mut properties, mut place) = (String::new(), None);
    if let Some(Location { file, region: Some((start, end)), .. }) = &problem.location {
        if let Some(file) = workspace::relative_path(file) {
            // A file with an unsafe name gets no annotation, so that the log is safe to read.
            let file = property(&escape::line(&workspace::with_slashes(&file)));
            // Writing to a String cannot fail.
            let _ = write!(properties, "file={file},line={},endLine={},", start.line, end.line);
            // Runners show columns only if the problem is on one line.
            if start.line == end.line {
                let _ = write!(properties, "col={},endColumn={},", start.column, end.column);
            }
        } else {
            place = Some(format!("{}:{}:{}", file.display(), start.line, start.column));
        }
    }
    let name = problem.location.as_ref().map(|location| location.name).filter(|name| !name.is_empty());
    let fix = problem.help.map(|help| format!("fix: {help}"));
    let lines = [Some(&*problem.message), place.as_deref(), name, fix.as_deref()].into_iter().flatten();
    let message = lines.map(escape::line).collect::<Vec<_>>().join("\n");
    format!("::{} {properties}title={}::{}\n", problem.level.name(), property(problem.rule), data(&message))
}

/// Encodes the text after the second `::`. Runners decode only these three characters, so no other can end the command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Encodes the value of a property, including the separators of properties.
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
