//! Where findings go: stdout in one format, and any number of report files in theirs.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::cli;
use crate::commands::atomic_write::AtomicFile;
use crate::output::Terminal;
use crate::output::emitter::{Emitter, Format};
use crate::output::results::Judged;

/// All that is written in one run.
pub(super) struct Reporters {
    stdout: Box<dyn Emitter>,
    files: Vec<ReportFile>,
    /// Does any of the formats mention inputs without a finding?
    pub(super) list_clean: bool,
}

/// A report in the making: it gets its name when it is whole.
struct ReportFile {
    path: PathBuf,
    to: BufWriter<AtomicFile>,
    emitter: Box<dyn Emitter>,
}

impl Reporters {
    pub(super) fn open(arguments: &cli::validate::Validate, terminal: &Terminal) -> anyhow::Result<Self> {
        let default = if terminal.is_json() { Format::Json } else { Format::Text };
        let format = arguments.format.map_or(default, format_of);
        let mut list_clean = format.lists_clean();
        let mut files = Vec::new();
        for (format, path) in &arguments.report {
            let format = format_of(*format);
            list_clean |= format.lists_clean();
            let file = AtomicFile::create(path).with_context(|| cannot_write(path))?;
            files.push(ReportFile { path: path.clone(), to: BufWriter::new(file), emitter: format.emitter(false) });
        }
        Ok(Self { stdout: format.emitter(terminal.is_colored()), files, list_clean })
    }

    pub(super) fn judged(&mut self, judged: &Judged<'_>, terminal: &mut Terminal) -> anyhow::Result<()> {
        terminal.bytes(self.stdout.judged(judged).as_bytes())?;
        for file in &mut self.files {
            file.to.write_all(file.emitter.judged(judged).as_bytes()).with_context(|| cannot_write(&file.path))?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self, terminal: &mut Terminal) -> anyhow::Result<()> {
        terminal.bytes(self.stdout.finish().as_bytes())?;
        terminal.flush()?;
        for mut file in self.files {
            let cannot = || cannot_write(&file.path);
            file.to.write_all(file.emitter.finish().as_bytes()).with_context(cannot)?;
            let whole = file.to.into_inner().map_err(std::io::IntoInnerError::into_error).with_context(cannot)?;
            whole.finish().with_context(cannot)?;
        }
        Ok(())
    }
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

const fn format_of(format: cli::validate::ReportFormat) -> Format {
    match format {
        cli::validate::ReportFormat::Text => Format::Text,
        cli::validate::ReportFormat::Json => Format::Json,
        cli::validate::ReportFormat::Github => Format::Github,
        cli::validate::ReportFormat::Junit => Format::Junit,
        cli::validate::ReportFormat::Sarif => Format::Sarif,
    }
}
