//! `cfwh drift`: how bodies differ from the document, event by event.

use anyhow::{Context, bail};

use crate::cli;
use crate::cli::drift::DriftFormat;
use crate::drift::baseline::Baseline;
use crate::drift::{Source, Survey};
use crate::models::event::EventKind;
use crate::output::Terminal;
use crate::output::drift::{Format, Surveyed};

use super::exit::Exit;
use super::input::chunks::{self, Part};
use super::input::{self, pipeline};

pub(super) fn run(arguments: &cli::drift::Drift, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    input::stdin_at_most_once(&arguments.paths)?;
    let baseline = arguments.baseline.as_deref().map(read_baseline).transpose()?;
    let files = input::files(&arguments.paths)?;
    let mut survey = Survey::default();
    let mut unreadable = 0;
    let count = |part: Part| count(part, arguments.event);
    pipeline::in_order(chunks::cut(files), count, |(counted, errors): (Survey, Vec<anyhow::Error>)| {
        survey.merge(counted);
        unreadable += errors.len();
        for error in &errors {
            terminal.error(error);
        }
        Ok::<_, anyhow::Error>(())
    })?;
    if survey.is_empty() && unreadable == 0 {
        bail!("nothing was compared: no input is a JSON object");
    }
    let exit = |is_met| if unreadable > 0 { Exit::Trouble } else { Exit::when(is_met) };
    if arguments.infer {
        terminal.bytes(format!("{:#}\n", survey.schema()).as_bytes())?;
        return Ok(exit(true));
    }
    let mut events = survey.differences(arguments.profile);
    let known = baseline.map(|baseline| events.iter_mut().map(|drift| baseline.leave_new(drift)).sum());
    let format = match arguments.format {
        _ if terminal.is_json() => Format::Json,
        Some(DriftFormat::Json) => Format::Json,
        Some(DriftFormat::Markdown) => Format::Markdown,
        Some(DriftFormat::Text) | None => Format::Text,
    };
    let surveyed = Surveyed { events: &events, profile: arguments.profile, known, left_out: survey.left_out() };
    terminal.drift(&surveyed, format)?;
    Ok(exit(surveyed.differences() == 0))
}

/// Counts the bodies of one part, on any thread.
fn count(part: Part, event: Option<EventKind>) -> (Survey, Vec<anyhow::Error>) {
    let (mut survey, mut errors) = (Survey::default(), Vec::new());
    for input in part.read() {
        match input {
            Ok(input) => survey.take(Source { input: &input.file, line: input.line }, &input.delivery, event),
            Err(error) => errors.push(error),
        }
    }
    (survey, errors)
}

fn read_baseline(path: &std::path::Path) -> anyhow::Result<Baseline> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Baseline::read(&text).with_context(|| format!("{} is no baseline", path.display()))
}
