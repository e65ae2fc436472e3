//! `cfwh validate`: checks bodies and captures against the document.

mod reporters;

use crate::cli;
use crate::output::Terminal;
use crate::output::validation::ValidatedInput;
use crate::output::validation_summary::ValidationSummary;
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
    let list_passed = reporters.list_passed() || arguments.expect_invalid;
    let validate = |part: Part| validate(part, &validator, arguments, list_passed);
    let story = arguments.story.then(StoryChecker::default);
    let expect_invalid = arguments.expect_invalid;
    let total = ValidationSummary::default();
    let mut results = Results { reporters, limit, expect_invalid, story, list_passed, total, terminal };

    let parts = chunks::cut(files);
    if parts.is_one_file() {
        // Threads would cost more than a small file.
        parts.into_iter().try_for_each(|part| results.add(validate(part)))?;
    } else {
        pipeline::in_order(parts, validate, |validated| results.add(validated))?;
    }
    results.finish()
}

/// The results of one part of the inputs.
#[derive(Default)]
struct ValidatedPart {
    total: ValidationSummary,
    /// The inputs to report.
    inputs: Vec<(Input, Report)>,
    /// What these bodies say about their story, if there is one.
    story: Vec<Option<Facts>>,
    unreadable: Vec<anyhow::Error>,
}

/// Validates the bodies of one part, on any thread. Relations between bodies are checked later, in order, so that all bodies
/// of a story are returned.
fn validate(
    part: Part,
    validator: &Validator,
    arguments: &cli::validate::Validate,
    list_passed: bool,
) -> ValidatedPart {
    let mut validated = ValidatedPart::default();
    for input in part.read() {
        let input = match input {
            Ok(input) => input,
            Err(error) => {
                validated.unreadable.push(error);
                continue;
            }
        };
        let report = validator.validate(&input.delivery, arguments.event);
        if arguments.story {
            validated.story.push(report.kind.and_then(|kind| Facts::read(kind, input.delivery.body())));
        } else {
            validated.total.count(&report);
        }
        if arguments.story || list_passed || report.conclusion() != Conclusion::Clean {
            validated.inputs.push((input, report));
        }
    }
    validated.total.unreadable = validated.unreadable.len() as u64;
    validated
}

/// Reports the results in the order of the inputs.
struct Results<'a> {
    reporters: Reporters,
    /// How many more findings are shown.
    limit: usize,
    expect_invalid: bool,
    story: Option<StoryChecker>,
    list_passed: bool,
    total: ValidationSummary,
    terminal: &'a mut Terminal,
}

impl Results<'_> {
    fn add(&mut self, part: ValidatedPart) -> anyhow::Result<()> {
        self.total.add(&part.total);
        part.unreadable.iter().for_each(|error| self.terminal.error(error));
        let mut facts = part.story.into_iter();
        for (input, mut report) in part.inputs {
            if let Some(story) = &mut self.story {
                story.judge(facts.next().flatten().as_ref(), &input.delivery, &mut report, self.limit);
                self.total.count(&report);
                if !self.list_passed && report.conclusion() == Conclusion::Clean {
                    continue;
                }
            }
            report.omitted += report.findings.len().saturating_sub(self.limit);
            report.findings.truncate(self.limit);
            self.limit -= report.findings.len();
            self.total.omitted += report.omitted as u64;
            if self.expect_invalid && report.conclusion() != Conclusion::Errors {
                self.terminal.say(&format!("{} has no errors, but was expected to be invalid", input.name()));
            }
            let validated = ValidatedInput::new(&input.file, input.line, &input.delivery, &report);
            self.reporters.check(&validated.check(), self.terminal)?;
        }
        Ok(())
    }

    fn finish(self) -> anyhow::Result<Exit> {
        self.reporters.finish(self.terminal)?;
        self.terminal.say(&self.total.text());
        let expected = if self.expect_invalid { self.total.inputs() } else { 0 };
        let yes = self.total.errors() == expected;
        Ok(if self.total.unreadable > 0 { Exit::Trouble } else { Exit::when(yes) })
    }
}
