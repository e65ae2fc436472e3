//! Findings with their places in the file that they were read from.

use crate::validation::position::{Locator, Position};
use crate::validation::report::{Finding, Place};

use super::results::Judged;

/// A finding, and where the offending token begins and ends, as an editor counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Located<'a> {
    pub(super) finding: &'a Finding,
    pub(super) start: Position,
    /// The column behind the token.
    pub(super) end: Position,
}

/// The findings of one input. In a file with one body a line, and in a capture, lines are the file's.
pub(super) fn locate<'a>(judged: &Judged<'a>) -> impl Iterator<Item = Located<'a>> {
    let Judged { delivery, report, line, .. } = *judged;
    let mut starts = Locator::new(delivery.body());
    let mut ends = Locator::new(delivery.body());
    report.findings.iter().map(move |finding| {
        let (start, end) = match &finding.place {
            Place::Header { name, index } => {
                let length = name.len() + 2 + delivery.headers().get(name).map_or(0, <[u8]>::len);
                // The request line is the first line.
                let line = index + 2;
                (Position { line, column: 1 }, Position { line, column: length + 1 })
            }
            Place::Body { span, .. } => {
                (in_file(starts.position(span.start), line), in_file(ends.position(span.end), line))
            }
        };
        Located { finding, start, end }
    })
}

/// A place in a body as a place in the file that the body begins in at `body_line`.
const fn in_file(position: Position, body_line: usize) -> Position {
    Position { line: position.line + body_line - 1, ..position }
}
