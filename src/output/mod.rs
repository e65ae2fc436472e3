//! Everything that is shown: results on stdout, everything else on stderr. Nobody else writes to either.

pub mod drift;
pub mod emitter;
pub mod escape;
mod excerpt;
mod github;
mod json;
mod junit;
mod junit_document;
mod junit_expectations;
mod junit_probe;
mod located;
pub mod progress;
pub mod results;
mod sarif;
mod sarif_probe;
mod text;
mod text_expectations;
mod text_findings;
mod text_probe;
pub mod validation_summary;

use std::io::{self, BufWriter, IsTerminal, Write};

use serde::Serialize;

use crate::profiles::Profile;
use crate::receiver::expectations::Came;
use crate::validation::report::Report;
use progress::Progress;
use results::{CaseRow, EventRow, FaultRow, Load, Probed, Ready, Receipt, RuleRow, Sent, Signed, Summary, Verified};
use text::Paint;
use validation_summary::Validated;

/// How a run shows things.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// `Some` is the flag's word; without it each stream decides by the environment and by being a terminal.
    pub color: Option<bool>,
    /// Results as JSON lines.
    pub json: bool,
    /// Nothing but errors.
    pub quiet: bool,
    /// More on stderr.
    pub verbose: bool,
}

/// The two streams of a run, and how it shows things.
pub struct Terminal {
    out: Stream,
    err: Stream,
    settings: Settings,
}

struct Stream {
    to: Box<dyn Write + Send>,
    is_terminal: bool,
    paint: Paint,
}

/// Stdout, whose errors say that it is stdout: `No space left on device` alone leaves open where.
struct Stdout(io::Stdout);

#[derive(Debug, thiserror::Error)]
#[error("cannot write to stdout")]
struct NotWritten(#[source] io::Error);

impl Stdout {
    /// The kind stays, for a closed pipe is no failure.
    fn name<T>(result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| io::Error::new(error.kind(), NotWritten(error)))
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Self::name(self.0.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Self::name(self.0.flush())
    }
}

impl Terminal {
    /// The streams of the process.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let paint = |is_terminal| Paint::new(settings.color.unwrap_or_else(|| wants_color(is_terminal)));
        let (out, err) = (io::stdout(), io::stderr());
        Self {
            out: Stream {
                is_terminal: out.is_terminal(),
                paint: paint(out.is_terminal()),
                to: Box::new(BufWriter::new(Stdout(out))),
            },
            err: Stream { is_terminal: err.is_terminal(), paint: paint(err.is_terminal()), to: Box::new(err) },
            settings,
        }
    }

    /// Does the run want more said?
    #[must_use]
    pub const fn is_verbose(&self) -> bool {
        self.settings.verbose
    }

    /// Does the run want nothing but errors?
    #[must_use]
    pub const fn is_silent(&self) -> bool {
        self.settings.quiet
    }

    /// From now on, results are JSON lines.
    pub const fn speak_json(&mut self) {
        self.settings.json = true;
    }

    /// Does the run want JSON lines?
    #[must_use]
    pub const fn is_json(&self) -> bool {
        self.settings.json
    }

    /// Writes what is still held back.
    ///
    /// # Errors
    /// When stdout does not take it: it is closed, or its disk is full.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.to.flush()
    }

    /// A result that is bytes, unaltered.
    ///
    /// # Errors
    /// As [`Terminal::flush`]; so have all methods that show a result.
    pub fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.settings.quiet { Ok(()) } else { self.out.to.write_all(bytes) }
    }

    /// A request as it goes over the wire. To a pipe or a file it goes unaltered; on a terminal what a stranger wrote into a
    /// capture is made safe.
    #[allow(clippy::missing_errors_doc, reason = "as above")]
    pub fn request(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.out.is_terminal {
            return self.bytes(escape::lines(&String::from_utf8_lossy(bytes)).as_bytes());
        }
        self.bytes(bytes)
    }

    /// A signature.
    #[allow(missing_docs, clippy::missing_errors_doc, reason = "as above")]
    pub fn signed(&mut self, signed: &Signed<'_>) -> io::Result<()> {
        self.result(signed, |_| text::signed(signed))
    }

    /// A verdict on a signature.
    #[allow(clippy::missing_errors_doc, reason = "as `flush`")]
    pub fn verified(&mut self, verified: &Verified<'_>) -> io::Result<()> {
        self.result(verified, |paint| text::verified(verified, paint))
    }

    /// Does stdout take colour?
    #[must_use]
    pub const fn is_colored(&self) -> bool {
        self.out.paint.0
    }

    /// The end of a validation: how many inputs, and how they came out.
    pub fn validated(&mut self, validated: &Validated) {
        self.say(&validated.text());
    }

    /// How bodies differ from a document.
    #[allow(clippy::missing_errors_doc, reason = "as `flush`")]
    pub fn drift(&mut self, surveyed: &drift::Surveyed<'_>, format: drift::Format) -> io::Result<()> {
        match format {
            drift::Format::Json => {
                for event in surveyed.events {
                    let line = serde_json::to_string(event)?;
                    self.bytes(format!("{line}\n").as_bytes())?;
                }
            }
            drift::Format::Markdown => self.bytes(drift::markdown(surveyed).as_bytes())?,
            drift::Format::Text => self.bytes(drift::text(surveyed, self.out.paint).as_bytes())?,
        }
        self.flush()?;
        self.say(&drift::summary(surveyed));
        Ok(())
    }

    /// What became of one delivery that was sent.
    #[allow(clippy::missing_errors_doc, reason = "as `flush`")]
    pub fn sent(&mut self, sent: &Sent<'_>) -> io::Result<()> {
        if let Some(error) = sent.error.as_ref().filter(|_| self.settings.quiet) {
            // No answer is an error, and those are told even when quiet.
            self.error(&anyhow::anyhow!("{}: {error}", sent.source));
        }
        self.result(sent, |paint| text::sent(sent, paint))
    }

    /// The end of many deliveries.
    #[allow(clippy::missing_errors_doc, reason = "as `flush`")]
    pub fn load(&mut self, load: &Load) -> io::Result<()> {
        self.result(load, |_| text::load(load))?;
        self.flush()
    }

    /// A probe: the causes first, then what failed, then what passed, then the grade.
    #[allow(clippy::missing_errors_doc, reason = "as `flush`")]
    pub fn probed(&mut self, probed: &Probed) -> io::Result<()> {
        if self.settings.json {
            probed.cases.iter().try_for_each(|case| self.result(case, |_| String::new()))?;
            return self.result(&probed.grade, |_| String::new());
        }
        let verbose = self.settings.verbose;
        self.result(&probed.grade, |paint| text_probe::probed(probed, verbose, paint))
    }

    /// A probe as a `JUnit` report.
    #[allow(clippy::missing_errors_doc, reason = "as `flush`")]
    pub fn probed_junit(&mut self, probed: &Probed) -> io::Result<()> {
        self.bytes(&junit_probe::report(probed)?)
    }

    /// A probe as SARIF 2.1.0.
    #[allow(clippy::missing_errors_doc, reason = "as `flush`")]
    pub fn probed_sarif(&mut self, probed: &Probed) -> io::Result<()> {
        self.bytes(format!("{:#}\n", sarif_probe::log(probed)).as_bytes())
    }

    /// The cases of a probe.
    #[allow(clippy::missing_errors_doc, reason = "as `flush`")]
    pub fn cases(&mut self, rows: &[CaseRow]) -> io::Result<()> {
        self.rows(rows, text_probe::cases)
    }

    /// The faults that can be made.
    #[allow(clippy::missing_errors_doc, reason = "as `flush`")]
    pub fn faults(&mut self, rows: &[FaultRow]) -> io::Result<()> {
        self.rows(rows, text::faults)
    }

    /// Progress for long work: seen only where stderr is a terminal, and nothing is asked to be quiet.
    #[must_use]
    pub fn progress(&self, total: Option<u64>) -> Progress {
        if io::stderr().is_terminal() && !self.settings.quiet { Progress::visible(total) } else { Progress::hidden() }
    }

    /// The receiver is bound. Shown even when quiet, for it is what scripts wait for.
    #[allow(clippy::missing_errors_doc, reason = "as `flush`")]
    pub fn ready(&mut self, ready: &Ready<'_>) -> io::Result<()> {
        let quiet = std::mem::replace(&mut self.settings.quiet, false);
        let shown = self.result(ready, |paint| text::ready(ready, paint));
        self.settings.quiet = quiet;
        shown?;
        self.flush()
    }

    /// A secret that was made for this run: the only one that is ever shown, and that even when quiet. `events` is the
    /// URL that events are sent to.
    pub fn made_secret(&mut self, secret: &str, events: &str, profile: &'static Profile) {
        let text = text::made_secret(secret, events, profile);
        self.write_err(&text);
    }

    /// A delivery that was received.
    #[allow(clippy::missing_errors_doc, reason = "as `flush`")]
    pub fn receipt(&mut self, receipt: &Receipt<'_>, report: &Report) -> io::Result<()> {
        let line = json::receipt(receipt, report);
        let verbose = self.settings.verbose;
        self.result(&line, |paint| text::receipt(receipt, report, verbose, paint))?;
        self.flush()
    }

    /// The end of receiving.
    #[allow(clippy::missing_errors_doc, reason = "as `flush`")]
    pub fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        if self.settings.json {
            self.result(&json::summary(summary), |_| String::new())?;
        } else {
            self.say(&text::summary(summary));
        }
        self.flush()
    }

    /// Each thing that was expected, and when something is missing, all that came, in order. In JSON the summary and the
    /// deliveries' lines have it.
    #[allow(clippy::missing_errors_doc, reason = "as `flush`")]
    pub fn expectations(&mut self, summary: &Summary, came: &[Came]) -> io::Result<()> {
        if self.settings.json || self.settings.quiet {
            return Ok(());
        }
        let text = text_expectations::table(summary, came, self.out.paint);
        self.out.to.write_all(text.as_bytes())
    }

    /// The same as a JUnit report, for a file.
    ///
    /// # Errors
    /// Never in practice: a report is written to memory.
    pub fn junit_expectations(&self, summary: &Summary, came: &[Came]) -> io::Result<String> {
        junit_expectations::report(summary, came)
    }

    /// The nineteen events.
    #[allow(clippy::missing_errors_doc, reason = "as `flush`")]
    pub fn events(&mut self, rows: &[EventRow]) -> io::Result<()> {
        self.rows(rows, text::events)
    }

    /// The rules.
    #[allow(clippy::missing_errors_doc, reason = "as `flush`")]
    pub fn rules(&mut self, rows: &[RuleRow]) -> io::Result<()> {
        self.rows(rows, text::rules)
    }

    /// Says something beside the result, unless quiet.
    pub fn say(&mut self, text: &str) {
        if !self.settings.quiet {
            self.write_err(&format!("{}\n", escape::lines(text)));
        }
    }

    /// The same, only when more is wanted.
    pub fn explain(&mut self, text: &str) {
        if self.settings.verbose {
            self.say(text);
        }
    }

    /// Something that is not wrong yet.
    pub fn warn(&mut self, text: &str) {
        if !self.settings.quiet {
            let label = self.err.paint.warning("warning");
            self.write_err(&format!("{label}: {}\n", escape::line(text)));
        }
    }

    /// What went wrong, and its causes behind colons.
    pub fn error(&mut self, error: &anyhow::Error) {
        // What was found before is shown before; if stdout takes nothing, that is the error or the next one.
        let _ = self.flush();
        let label = self.err.paint.error("error");
        self.write_err(&format!("{label}: {}\n", escape::line(&format!("{error:#}"))));
    }

    /// Everything for stderr; there is nobody to tell when that fails.
    fn write_err(&mut self, text: &str) {
        let _ = self.err.to.write_all(text.as_bytes());
    }

    fn result(&mut self, line: &impl Serialize, human: impl FnOnce(Paint) -> String) -> io::Result<()> {
        if self.settings.quiet {
            return Ok(());
        }
        if self.settings.json {
            serde_json::to_writer(&mut self.out.to, line)?;
            return self.out.to.write_all(b"\n");
        }
        self.out.to.write_all(human(self.out.paint).as_bytes())
    }

    fn rows<R: Serialize>(&mut self, rows: &[R], human: impl FnOnce(&[R], Paint) -> String) -> io::Result<()> {
        if self.settings.json {
            return rows.iter().try_for_each(|row| self.result(row, |_| String::new()));
        }
        self.result(&rows, |paint| human(rows, paint))
    }
}

/// `NO_COLOR` and `TERM=dumb` turn colour off, `CLICOLOR_FORCE` and `FORCE_COLOR` on; else a terminal has it.
fn wants_color(is_terminal: bool) -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let forced = |name| set(name) && std::env::var_os(name).is_some_and(|value| value != "0");
    if set("NO_COLOR") {
        return false;
    }
    if forced("CLICOLOR_FORCE") || forced("FORCE_COLOR") {
        return true;
    }
    is_terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}
