//! The reports of one run: stdout in one format, and any number of report files.

use std::path::PathBuf;

use crate::cli;
use crate::commands::atomic_write::AtomicFile;
use crate::output::emit::ReportFormat;
use crate::output::emit::check::Check;
use crate::output::emit::emitter::Emitter;
use crate::output::style::Style;
use crate::output::{Terminal, emit, validation};

/// The reports of one run.
pub(super) struct Reporters {
    stdout: Box<dyn Emitter>,
    files: Vec<(AtomicFile, Box<dyn Emitter>)>,
}

impl Reporters {
    pub(super) fn open(arguments: &cli::validate::Validate, terminal: &Terminal) -> anyhow::Result<Self> {
        let default = if terminal.is_json() { &emit::JSON } else { &emit::TEXT };
        let stdout = arguments.format.unwrap_or(default).emitter(validation::checker(), terminal.style());
        let open = |(format, path): &(&ReportFormat, PathBuf)| {
            Ok((AtomicFile::create(path)?, format.emitter(validation::checker(), Style::default())))
        };
        Ok(Self { stdout, files: arguments.report.iter().map(open).collect::<anyhow::Result<_>>()? })
    }

    /// Returns whether any report lists inputs without findings.
    pub(super) fn list_passed(&self) -> bool {
        self.stdout.lists_passed() || self.files.iter().any(|(_, emitter)| emitter.lists_passed())
    }

    pub(super) fn check(&mut self, check: &Check<'_>, terminal: &mut Terminal) -> anyhow::Result<()> {
        terminal.bytes(self.stdout.check(check).as_bytes())?;
        self.files.iter_mut().try_for_each(|(file, emitter)| file.write_all(emitter.check(check).as_bytes()))
    }

    /// Reports an unreadable input. The caller has printed the error.
    pub(super) fn unreadable(&mut self, error: &anyhow::Error) {
        let emitters = self.files.iter_mut().map(|(_, emitter)| emitter).chain([&mut self.stdout]);
        emitters.for_each(|emitter| emitter.unreadable(&format!("{error:#}")));
    }

    pub(super) fn finish(mut self, terminal: &mut Terminal) -> anyhow::Result<()> {
        self.stdout.finish_with(None, &mut |bytes| terminal.bytes(bytes))?;
        terminal.flush()?;
        self.stdout.warning().iter().for_each(|warning| terminal.warn(warning));
        for (mut file, mut emitter) in self.files {
            emitter.finish_with(None, &mut |bytes| file.write_all(bytes))?;
            file.finish()?;
            emitter.warning().iter().for_each(|warning| terminal.warn(warning));
        }
        Ok(())
    }
}
