//! The reports of one run: stdout in one format, and any number of files in theirs.

use std::io::{BufWriter, IntoInnerError, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::cli;
use crate::commands::atomic_write::AtomicFile;
use crate::output::emit::check::Check;
use crate::output::emit::emitter::Emitter;
use crate::output::style::Style;
use crate::output::{Terminal, emit, validation};

/// The reports of one run.
pub(super) struct Reporters {
    stdout: Box<dyn Emitter>,
    files: Vec<ReportFile>,
}

struct ReportFile {
    path: PathBuf,
    writer: BufWriter<AtomicFile>,
    emitter: Box<dyn Emitter>,
}

impl Reporters {
    pub(super) fn open(arguments: &cli::validate::Validate, terminal: &Terminal) -> anyhow::Result<Self> {
        let default = if terminal.is_json() { &emit::JSON } else { &emit::TEXT };
        let stdout = arguments.format.unwrap_or(default).emitter(validation::checker(), terminal.style());
        let mut files = Vec::new();
        for (format, path) in &arguments.report {
            let file = AtomicFile::create(path).with_context(|| cannot_write(path))?;
            let emitter = format.emitter(validation::checker(), Style::default());
            files.push(ReportFile { path: path.clone(), writer: BufWriter::new(file), emitter });
        }
        Ok(Self { stdout, files })
    }

    /// Returns true if any of the reports lists inputs without findings.
    pub(super) fn list_passed(&self) -> bool {
        self.stdout.lists_passed() || self.files.iter().any(|file| file.emitter.lists_passed())
    }

    pub(super) fn check(&mut self, check: &Check<'_>, terminal: &mut Terminal) -> anyhow::Result<()> {
        terminal.bytes(self.stdout.check(check).as_bytes())?;
        for ReportFile { path, writer, emitter } in &mut self.files {
            writer.write_all(emitter.check(check).as_bytes()).with_context(|| cannot_write(path))?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self, terminal: &mut Terminal) -> anyhow::Result<()> {
        terminal.bytes(self.stdout.finish(None).as_bytes())?;
        terminal.flush()?;
        for ReportFile { path, mut writer, mut emitter } in self.files {
            let cannot = || cannot_write(&path);
            writer.write_all(emitter.finish(None).as_bytes()).with_context(cannot)?;
            let file = writer.into_inner().map_err(IntoInnerError::into_error).with_context(cannot)?;
            file.finish().with_context(cannot)?;
        }
        Ok(())
    }
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}", path.display())
}
