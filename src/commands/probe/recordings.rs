//! The recordings that a probe reads and writes.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::auth::cases::CaseId;
use crate::cli;
use crate::output::Terminal;
use crate::output::probe::RecordingComparison;
use crate::output::show::ToJson;
use crate::probe::cases::Case;
use crate::probe::{CaseChange, CaseResult, Recording};

use super::super::atomic_write;

/// The recordings of `--only-failed`, `--against` and `--record`.
pub(super) struct Recordings<'a> {
    only_failed: Option<(&'a Path, Recording)>,
    against: Option<(&'a Path, Recording)>,
    file: Option<&'a Path>,
}

impl<'a> Recordings<'a> {
    /// Reads recordings, and checks that one can be written, before anything is sent.
    pub(super) fn read(arguments: &'a cli::probe::Probe) -> anyhow::Result<Self> {
        let read = |file: &'a Option<PathBuf>| file.as_deref().map(read).transpose();
        if let Some(file) = &arguments.record {
            atomic_write::check(file)?;
        }
        Ok(Self {
            only_failed: read(&arguments.only_failed)?,
            against: read(&arguments.against)?,
            file: arguments.record.as_deref(),
        })
    }

    /// Checks that the recordings are of the same sender and scheme.
    pub(super) fn check(&self, profile: &str, auth: &str) -> anyhow::Result<()> {
        let mut recordings = self.only_failed.iter().chain(&self.against);
        recordings.try_for_each(|(file, recording)| {
            recording.check(profile, auth).with_context(|| file.display().to_string())
        })
    }

    /// Returns whether a case is selected.
    pub(super) fn selects(&self, id: CaseId) -> bool {
        self.only_failed.as_ref().is_none_or(|(_, recording)| recording.has_failed(id))
    }

    pub(super) const fn is_selection(&self) -> bool {
        self.only_failed.is_some()
    }

    /// Returns how often each case is run, at least.
    pub(super) fn runs(&self) -> u64 {
        1 + u64::from(self.file.is_some())
    }

    /// Adds to each result what has changed. Runs a case again if it is recorded or its result changed. A case with two
    /// different results is unstable. Returns the results of these runs.
    pub(super) fn compare(
        &self,
        results: &mut [CaseResult],
        run: impl FnOnce(Vec<Case>) -> anyhow::Result<Vec<CaseResult>>,
    ) -> anyhow::Result<Vec<CaseResult>> {
        if let Some((_, recording)) = &self.against {
            for result in &mut *results {
                result.change = Some(recording.change(result));
            }
        }
        let has_changed =
            |result: &CaseResult| matches!(result.change, Some(CaseChange::Regressed | CaseChange::Fixed));
        let is_again = |result: &&CaseResult| self.file.is_some() || has_changed(result);
        let cases: Vec<Case> = results.iter().filter(is_again).map(|result| result.case).collect();
        if cases.is_empty() {
            return Ok(Vec::new());
        }
        let again = run(cases)?;
        for result in results.iter_mut().filter(|result| has_changed(result)) {
            let other = again.iter().find(|other| other.case.id() == result.case.id());
            if other.is_some_and(|other| other.has_failed() != result.has_failed()) {
                result.change = Some(CaseChange::Unstable);
            }
        }
        Ok(again)
    }

    /// Groups cases by change. `all` has all existing cases.
    pub(super) fn comparison(&self, results: &[CaseResult], all: &[CaseId]) -> Option<RecordingComparison> {
        let (file, recording) = self.against.as_ref()?;
        Some(RecordingComparison { file: file.display().to_string(), changes: recording.changes(results, all) })
    }

    /// Writes the recording of `--record`, with one case per line, so that two recordings are easy to compare.
    pub(super) fn write(&self, recording: &Recording, terminal: &mut Terminal) -> anyhow::Result<()> {
        let Some(file) = self.file else { return Ok(()) };
        let text = recording.to_json().replace("[{", "[\n{").replace("},{", "},\n{").replace("}]", "}\n]") + "\n";
        atomic_write::write(file, text.as_bytes())?;
        let unstable: Vec<_> = recording.unstable().collect();
        let recorded = format!("recorded {} cases in {}", recording.cases.len(), file.display());
        if unstable.is_empty() {
            terminal.say(&recorded);
        } else {
            let (count, names) = (unstable.len(), unstable.join(", "));
            terminal
                .say(&format!("{recorded}, {count} of them unstable, which ended differently in two runs: {names}"));
        }
        Ok(())
    }
}

fn read(file: &Path) -> anyhow::Result<(&Path, Recording)> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let recording = Recording::read(&bytes).with_context(|| file.display().to_string())?;
    Ok((file, recording))
}
