//! `cfwh validate`: are these bodies what the document says?

mod reporters;

use crate::cli;
use crate::models::event::EventKind;
use crate::output::Terminal;
use crate::output::results::Judged;
use crate::output::validation_summary::Validated;
use crate::validation::Validator;
use crate::validation::report::{Conclusion, Report};
use crate::validation::story::StoryChecker;
use crate::validation::story::facts::Facts;

use super::exit::Exit;
use super::input::chunks::{self, Part};
use super::input::{self, Input, pipeline};
use reporters::Reporters;

pub(super) fn run(arguments: &cli::validate::Validate, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    input::stdin_at_most_once(&arguments.paths)?;
    let files = input::files(&arguments.paths)?;
    let limit = arguments.max_findings.unwrap_or(usize::MAX);
    let validator = Validator::of(arguments.profile).strict(arguments.strict).limit(limit);
    let reporters = Reporters::open(arguments, terminal)?;
    let list_all = reporters.list_clean || arguments.expect_invalid;
    let read = Reading { validator: &validator, event: arguments.event, list_all, story: arguments.story };
    let judge = |part: Part| read.judge(part);
    let mut minutes = Minutes {
        reporters,
        left: limit,
        expect_invalid: arguments.expect_invalid,
        story: arguments.story.then(StoryChecker::default),
        list_all,
        total: Validated::default(),
        terminal,
    };

    let parts = chunks::cut(files);
    if parts.is_one_file() {
        // Threads would cost more than a small file.
        parts.into_iter().try_for_each(|part| minutes.take(judge(part)))?;
    } else {
        pipeline::in_order(parts, judge, |judged| minutes.take(judged))?;
    }
    minutes.close()
}

/// What came of a part.
struct Judgement {
    total: Validated,
    /// What is to be told of it.
    told: Vec<(Input, Report)>,
    /// What the bodies say of their story, each in its turn; empty where there is none.
    story: Vec<Option<Facts>>,
    /// Why some of it could not be read.
    unreadable: Vec<anyhow::Error>,
}

/// How parts are judged, on any thread.
struct Reading<'a> {
    validator: &'a Validator,
    event: Option<EventKind>,
    /// Are clean inputs told too?
    list_all: bool,
    story: bool,
}

impl Reading<'_> {
    /// Judges the bodies of one part. What holds between bodies is judged later, in order, so of a story all are told.
    fn judge(&self, part: Part) -> Judgement {
        let mut judgement =
            Judgement { total: Validated::default(), told: Vec::new(), story: Vec::new(), unreadable: Vec::new() };
        for input in part.read() {
            let input = match input {
                Ok(input) => input,
                Err(error) => {
                    judgement.total.unreadable += 1;
                    judgement.unreadable.push(error);
                    continue;
                }
            };
            let report = self.validator.validate(&input.delivery, self.event);
            if self.story {
                judgement.story.push(report.kind.and_then(|kind| Facts::read(kind, input.delivery.body())));
                judgement.told.push((input, report));
                continue;
            }
            judgement.total.count(&report);
            if self.list_all || report.conclusion() != Conclusion::Clean {
                judgement.told.push((input, report));
            }
        }
        judgement
    }
}

/// Tells what was found, and keeps count.
struct Minutes<'a> {
    reporters: Reporters,
    /// Findings that may still be told.
    left: usize,
    expect_invalid: bool,
    /// What has happened so far, where the inputs are a story.
    story: Option<StoryChecker>,
    list_all: bool,
    total: Validated,
    terminal: &'a mut Terminal,
}

impl Minutes<'_> {
    fn take(&mut self, judgement: Judgement) -> anyhow::Result<()> {
        self.total.add(&judgement.total);
        for error in judgement.unreadable {
            self.terminal.error(&error);
        }
        let mut story = judgement.story.into_iter();
        for (input, mut report) in judgement.told {
            if let Some(sequence) = &mut self.story {
                sequence.judge(story.next().flatten().as_ref(), &input.delivery, &mut report, self.left);
                self.total.count(&report);
                if !self.list_all && report.conclusion() == Conclusion::Clean {
                    continue;
                }
            }
            let cut = report.findings.len().saturating_sub(self.left);
            report.findings.truncate(self.left);
            report.omitted += cut;
            self.total.untold += report.omitted as u64;
            self.left -= report.findings.len();
            if self.expect_invalid && report.conclusion() != Conclusion::Errors {
                self.terminal.say(&format!("{} has no errors, but was expected to be invalid", input.name()));
            }
            let judged = Judged { input: &input.file, line: input.line, delivery: &input.delivery, report: &report };
            self.reporters.judged(&judged, self.terminal)?;
        }
        Ok(())
    }

    fn close(self) -> anyhow::Result<Exit> {
        self.reporters.finish(self.terminal)?;
        self.terminal.validated(&self.total);
        let expected =
            if self.expect_invalid { self.total.errors == self.total.inputs } else { self.total.errors == 0 };
        Ok(if self.total.unreadable > 0 { Exit::Trouble } else { Exit::when(expected) })
    }
}
