//! `cfwh validate`: checks bodies and captures against the sender's document.

mod pending_reports;
mod reporters;

use crate::cli;
use crate::output::Terminal;
use crate::output::validation::ValidatedInput;
use crate::output::validation_summary::ValidationSummary;
use crate::profiles::KnownEvent;
use crate::validation::Validator;
use crate::validation::report::{Report, ReportVerdict};
use crate::validation::story::StoryChecker;

use super::exit::Exit;
use super::input::batches::{Batch, Input, Inputs, batches, is_chunked};
use super::input::{self, ReadOptions, parallel};
use pending_reports::PendingReports;
use reporters::Reporters;

pub(super) fn run(arguments: &cli::validate::Validate, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let files = input::list_files(&arguments.paths)?;
    input::check_stdin(&files, terminal)?;
    let limit = arguments.max_findings.unwrap_or(usize::MAX);
    let validator = Validator::new(arguments.profile).strict(arguments.strict).limit(limit).with_story(arguments.story);
    let reporters = Reporters::open(arguments, terminal)?;
    let list_passed = reporters.list_passed() || arguments.expect_invalid;
    // The order of a story is checked later, on one thread, so all reports are included.
    let include_clean = list_passed || arguments.story;
    let validate = |inputs| validate(inputs, &validator, arguments.event, include_clean);
    let story = arguments.story.then(StoryChecker::default);
    let expect_invalid = arguments.expect_invalid;
    let total = ValidationSummary::default();
    let pending = arguments.max_findings.map(PendingReports::new);
    let mut results = Results { reporters, limit, pending, expect_invalid, story, list_passed, total, terminal };

    let options = ReadOptions { numbered: arguments.numbered, ..ReadOptions::json(arguments.limits) };
    let mut batches = batches(&files, options).map(Batch::read);
    if let [file] = files.as_slice()
        && !is_chunked(file)
    {
        // For a small file, threads would take longer than the validation.
        batches.try_for_each(|batch| results.add_all(validate(batch), validate))?;
    } else {
        parallel::map_in_order(batches, validate, |validated| results.add_all(validated, validate))?;
    }
    results.finish()
}

/// The number of inputs that are validated before their results are shown. One file with an array may contain a million.
const MAX_INPUTS: usize = 1024;

/// The results of one batch of the inputs.
struct ValidatedBatch<'a> {
    /// The counts of inputs without a report in this batch.
    total: ValidationSummary,
    inputs: Vec<(Input, Report)>,
    unreadable: Vec<anyhow::Error>,
    /// The inputs that are not validated yet.
    rest: Option<Inputs<'a>>,
}

/// Validates the first of these inputs, on any thread.
fn validate<'a>(
    mut rest: Inputs<'a>,
    validator: &Validator,
    event: Option<KnownEvent>,
    include_clean: bool,
) -> ValidatedBatch<'a> {
    let (total, mut count) = (ValidationSummary::default(), 0);
    let mut validated = ValidatedBatch { total, inputs: Vec::new(), unreadable: Vec::new(), rest: None };
    for input in rest.by_ref().take(MAX_INPUTS) {
        count += 1;
        match input {
            Ok(input) => {
                let report = validator.validate(&input.request, event);
                if include_clean || report.verdict() != ReportVerdict::Clean {
                    validated.inputs.push((input, report));
                } else {
                    validated.total.count(&report);
                }
            }
            Err(error) => validated.unreadable.push(error),
        }
    }
    validated.rest = (count == MAX_INPUTS).then_some(rest);
    validated
}

/// Reports the results in the order of the inputs.
struct Results<'a> {
    reporters: Reporters,
    /// How many findings are shown.
    limit: usize,
    /// The waiting reports, if the number of findings is limited.
    pending: Option<PendingReports>,
    expect_invalid: bool,
    story: Option<StoryChecker>,
    list_passed: bool,
    total: ValidationSummary,
    terminal: &'a mut Terminal,
}

impl Results<'_> {
    /// Adds the results of a batch, and validates the rest of it.
    fn add_all<'b>(
        &mut self,
        mut batch: ValidatedBatch<'b>,
        validate: impl Fn(Inputs<'b>) -> ValidatedBatch<'b>,
    ) -> anyhow::Result<()> {
        while let Some(rest) = batch.rest.take() {
            self.add(batch)?;
            batch = validate(rest);
        }
        self.add(batch)
    }

    fn add(&mut self, batch: ValidatedBatch<'_>) -> anyhow::Result<()> {
        self.total.add(&batch.total);
        self.total.unreadable += batch.unreadable.len() as u64;
        for error in &batch.unreadable {
            self.terminal.error(error);
            self.reporters.unreadable(error);
        }
        for (input, mut report) in batch.inputs {
            if let Some(story) = self.story.as_mut().filter(|_| !report.is_ping) {
                story.check(&input.request, &mut report, self.limit);
            }
            self.total.count(&report);
            if !self.list_passed && report.verdict() == ReportVerdict::Clean {
                continue;
            }
            match self.pending.take() {
                Some(mut pending) => {
                    let shown = pending.add(input, report);
                    self.pending = Some(pending);
                    shown.iter().try_for_each(|(input, report)| self.show(input, report))?;
                }
                None => self.show(&input, &report)?,
            }
        }
        Ok(())
    }

    fn show(&mut self, input: &Input, report: &Report) -> anyhow::Result<()> {
        self.total.omitted += report.omitted as u64;
        if self.expect_invalid && report.verdict() != ReportVerdict::Errors {
            self.terminal.say(&format!("{} was expected to be invalid, but has no errors", input.name()));
        }
        let validated = ValidatedInput::new(&input.file, &input.path, input.line, &input.request, report);
        self.reporters.check(&validated.check(), self.terminal)
    }

    fn finish(mut self) -> anyhow::Result<Exit> {
        let pending = self.pending.take().map(PendingReports::into_reports).unwrap_or_default();
        pending.iter().try_for_each(|(input, report)| self.show(input, report))?;
        self.reporters.finish(self.terminal)?;
        self.terminal.say(&self.total.text());
        let expected = if self.expect_invalid { self.total.inputs() } else { 0 };
        let yes = self.total.errors() == expected;
        Ok(if self.total.unreadable > 0 { Exit::Trouble } else { Exit::when(yes) })
    }
}
