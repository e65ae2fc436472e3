//! The output streams of a run.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;

use super::background::BackgroundWriter;
use super::error_line::ErrorLine;
use super::escape;
use super::highlight::highlight;
use super::progress::Progress;
use super::show::Show;
use super::style::{ColorChoice, Style};

/// `No space left on device` alone does not say where.
const CANNOT_WRITE: &str = "cannot write to stdout";
/// The most that is written at once, in bytes, so that a slow reader can be told from one that reads nothing.
const PIECE: usize = 16 * 1024;

/// How a run shows its results.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// When to use colour.
    pub color: ColorChoice,
    /// Print results as JSON lines.
    pub json: bool,
    /// Print errors only.
    pub quiet: bool,
    /// Print more detail.
    pub verbose: bool,
}

/// The output streams of a run.
pub struct Terminal {
    out: Stream,
    err: Stream,
    settings: Settings,
    /// Does the run end when the reader of stdout has closed it?
    ends_with_reader: bool,
    /// Has the reader of stdout closed it, as `head` does? Then nothing more is printed.
    is_closed: bool,
    written: Arc<AtomicUsize>,
}

/// Counts the bytes that were written.
struct CountingWriter<W> {
    writer: W,
    written: Arc<AtomicUsize>,
}

impl<W: Write> Write for CountingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.writer.write(&bytes[..bytes.len().min(PIECE)])?;
        self.written.fetch_add(count, Ordering::Relaxed);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

struct Stream {
    writer: Box<dyn Write + Send>,
    is_terminal: bool,
    style: Style,
}

impl Terminal {
    /// Opens the streams of the process.
    pub fn new(settings: Settings) -> Self {
        let stream = |writer, is_terminal| {
            let width = terminal_size::terminal_size().filter(|_| is_terminal);
            let style = Style {
                color: settings.color.is_colored(is_terminal),
                verbose: settings.verbose,
                width: width.map(|(width, _)| width.0.into()),
            };
            Stream { writer, is_terminal, style }
        };
        let (out, err) = (io::stdout(), io::stderr());
        let (out_is_terminal, err_is_terminal) = (out.is_terminal(), err.is_terminal());
        let written = Arc::<AtomicUsize>::default();
        let out = BufWriter::new(CountingWriter { writer: out, written: Arc::clone(&written) });
        let err = CountingWriter { writer: err, written: Arc::clone(&written) };
        Self {
            out: stream(Box::new(out), out_is_terminal),
            err: stream(Box::new(err), err_is_terminal),
            settings,
            ends_with_reader: false,
            is_closed: false,
            written,
        }
    }

    /// Ends the run with success when the reader of stdout closes it, as `head` does: for commands that only print. Other
    /// commands print no more and go on, because their exit code is a result too.
    pub const fn end_with_reader(&mut self) {
        self.ends_with_reader = true;
    }

    /// Writes to stderr on another thread from now on: if nobody reads it, the run goes on and messages are dropped.
    pub fn write_stderr_in_background(&mut self) {
        // Without another thread, writing waits.
        if let Ok(writer) = BackgroundWriter::start(io::stderr()) {
            self.err.writer = Box::new(writer);
        }
    }

    /// Returns the number of bytes that both streams have taken so far, for whoever watches from another thread.
    pub fn written(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.written)
    }

    /// Returns how this terminal shows results.
    pub const fn settings(&self) -> Settings {
        self.settings
    }

    /// Returns true if more detail is wanted.
    pub const fn is_verbose(&self) -> bool {
        self.settings.verbose
    }

    /// Returns true if only errors are shown.
    pub const fn is_quiet(&self) -> bool {
        self.settings.quiet
    }

    /// Returns true if results are JSON lines.
    pub const fn is_json(&self) -> bool {
        self.settings.json
    }

    /// Prints results as JSON lines from now on.
    pub const fn set_json(&mut self) {
        self.settings.json = true;
    }

    /// The style of stdout.
    pub const fn style(&self) -> Style {
        self.out.style
    }

    /// Writes what is buffered.
    ///
    /// # Errors
    /// If the disk of stdout is full; if its reader has closed it, only after [`Terminal::end_with_reader`].
    pub fn flush(&mut self) -> anyhow::Result<()> {
        self.write_with(|writer| writer.flush())
    }

    /// Writes bytes to stdout unchanged, unless quiet.
    ///
    /// # Errors
    /// As [`Terminal::flush`].
    pub fn bytes(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        if self.settings.quiet { Ok(()) } else { self.write_out(bytes) }
    }

    /// Prints a result, as text or as a JSON line.
    ///
    /// # Errors
    /// As [`Terminal::flush`].
    pub fn print(&mut self, result: &dyn Show) -> anyhow::Result<()> {
        if self.settings.quiet { Ok(()) } else { self.print_always(result) }
    }

    /// Prints results, one after another.
    ///
    /// # Errors
    /// As [`Terminal::flush`].
    pub fn print_all<'r, R: Show + 'r>(&mut self, results: impl IntoIterator<Item = &'r R>) -> anyhow::Result<()> {
        results.into_iter().try_for_each(|result| self.print(result))
    }

    /// Prints a result even if quiet.
    ///
    /// # Errors
    /// As [`Terminal::flush`].
    pub fn print_always(&mut self, result: &dyn Show) -> anyhow::Result<()> {
        if self.settings.json {
            return self.write_json(&(result.to_json() + "\n"));
        }
        let text = result.text(self.out.style);
        self.write_out(text.as_bytes())
    }

    /// Writes JSON: on a terminal coloured, and there and under `--json` with unsafe characters escaped. Elsewhere its bytes
    /// stay as they are.
    ///
    /// # Errors
    /// As [`Terminal::flush`].
    pub fn json(&mut self, json: &[u8]) -> anyhow::Result<()> {
        match std::str::from_utf8(json) {
            _ if self.settings.quiet => Ok(()),
            Ok(json) if self.out.is_terminal || self.settings.json => self.write_json(&escape::json(json)),
            // JSON that is broken on purpose.
            Err(_) if self.out.is_terminal => self.request(json),
            _ => self.bytes(json),
        }
    }

    fn write_json(&mut self, json: &str) -> anyhow::Result<()> {
        if self.out.is_terminal {
            return self.write_out(highlight(json, self.out.style).as_bytes());
        }
        self.write_out(json.as_bytes())
    }

    /// Writes a request as it is sent. On a terminal, unsafe characters are escaped.
    ///
    /// # Errors
    /// As [`Terminal::flush`].
    pub fn request(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        if self.out.is_terminal {
            return self.bytes(escape::lines(&String::from_utf8_lossy(bytes)).as_bytes());
        }
        self.bytes(bytes)
    }

    /// Starts a progress bar. It is only visible if stderr is a terminal, and not if quiet.
    pub fn progress(&self, total: Option<u64>) -> Progress {
        if self.shows_progress() { Progress::visible(total) } else { Progress::hidden() }
    }

    /// Starts a count of bytes, as [`Terminal::progress`].
    pub fn byte_progress(&self, before: u64) -> Progress {
        if self.shows_progress() { Progress::bytes(before) } else { Progress::hidden() }
    }

    const fn shows_progress(&self) -> bool {
        self.err.is_terminal && !self.settings.quiet
    }

    /// Writes a note to stderr, unless quiet.
    pub fn say(&mut self, text: &str) {
        if !self.settings.quiet {
            self.write_err(&format!("{}\n", escape::lines(text)));
        }
    }

    /// Writes a note to stderr if verbose.
    pub fn explain(&mut self, text: &str) {
        if self.settings.verbose {
            self.say(text);
        }
    }

    /// Writes a warning to stderr, unless quiet.
    pub fn warn(&mut self, text: &str) {
        if !self.settings.quiet {
            let label = self.err.style.warning("warning");
            self.write_err(&format!("{label}: {}\n", escape::line(text)));
        }
    }

    /// Writes a usage error to stderr as a line of JSON.
    pub fn usage_error(&mut self, text: &str) {
        self.write_err(&ErrorLine::new("usage", text).render());
    }

    /// Writes an error and its causes to stderr; in JSON as a line of JSON.
    pub fn error(&mut self, error: &anyhow::Error) {
        // Earlier results come first. If stdout cannot be written to, that is this error or the next one.
        let _ = self.flush();
        self.write_error(error);
    }

    /// Writes an error to stderr while another thread waits for the reader of stdout, and perhaps for that of stderr.
    pub fn error_beside(settings: Settings, error: &anyhow::Error) {
        let mut terminal = Self::new(settings);
        terminal.write_stderr_in_background();
        terminal.write_error(error);
    }

    fn write_error(&mut self, error: &anyhow::Error) {
        if self.settings.json {
            return self.write_err(&ErrorLine::from(error).render());
        }
        let label = self.err.style.error("error");
        self.write_err(&format!("{label}: {}\n", escape::line(&format!("{error:#}"))));
    }

    fn write_out(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.write_with(|writer| writer.write_all(bytes))
    }

    fn write_with(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        match write(&mut self.out.writer) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe && !self.ends_with_reader => {
                self.is_closed = true;
                Ok(())
            }
            result => result.context(CANNOT_WRITE),
        }
    }

    /// If stderr cannot be written to, there is no place to report it.
    pub(super) fn write_err(&mut self, text: &str) {
        let _ = self.err.writer.write_all(text.as_bytes());
    }
}
