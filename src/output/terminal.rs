//! The output streams of a run.

use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Context;

use super::background::BackgroundWriter;
use super::error_line::{ErrorLine, split_advice};
use super::escape;
use super::highlight::highlight;
use super::progress::Progress;
use super::show::Show;
use super::style::{ColorChoice, Style};

/// The context of write errors, because `No space left on device` does not name the stream.
const CANNOT_WRITE: &str = "cannot write to stdout";
/// The most bytes in one write, so that a slow reader can be distinguished from a blocked one.
const PIECE: usize = 16 * 1024;

/// The output settings of a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// When to use color.
    pub color: ColorChoice,
    /// Whether to print results as JSON lines.
    pub json: bool,
    /// Whether to print only errors.
    pub quiet: bool,
    /// Whether to print more detail.
    pub verbose: bool,
}

/// The output streams of a run.
pub struct Terminal {
    out: Stream,
    err: Stream,
    settings: Settings,
    /// Whether the run ends when the reader closes stdout.
    ends_with_reader: bool,
    /// Whether the reader has closed stdout, like `head`. Then no more results are printed.
    is_closed: bool,
    written: Arc<AtomicUsize>,
}

/// Counts the written bytes.
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

    /// Ends the run with success when the reader closes stdout, like `head`. This is for commands that only print. Other
    /// commands stop printing but continue, because their exit code is also a result.
    pub const fn end_with_reader(&mut self) {
        self.ends_with_reader = true;
    }

    /// Writes to stderr on another thread from now on. If stderr is blocked, the run continues and messages are dropped.
    pub fn write_stderr_in_background(&mut self) {
        // Without another thread, writes may block.
        if let Ok(writer) = BackgroundWriter::start(io::stderr()) {
            self.err.writer = Box::new(writer);
        }
    }

    /// Returns a counter of the bytes written to both streams, which other threads can read.
    pub fn written(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.written)
    }

    /// Returns the output settings.
    pub const fn settings(&self) -> Settings {
        self.settings
    }

    /// Returns whether more detail is shown.
    pub const fn is_verbose(&self) -> bool {
        self.settings.verbose
    }

    /// Returns whether only errors are shown.
    pub const fn is_quiet(&self) -> bool {
        self.settings.quiet
    }

    /// Returns whether results are JSON lines.
    pub const fn is_json(&self) -> bool {
        self.settings.json
    }

    /// Prints results as JSON lines from now on.
    pub const fn set_json(&mut self) {
        self.settings.json = true;
    }

    /// Returns the style of stdout.
    pub const fn style(&self) -> Style {
        self.out.style
    }

    /// Writes the buffered bytes.
    ///
    /// # Errors
    /// Returns an error if stdout cannot be written, for example because a disk is full. A closed stdout is an error only after
    /// [`Terminal::end_with_reader`].
    pub fn flush(&mut self) -> anyhow::Result<()> {
        self.write_with(|writer| writer.flush())
    }

    /// Writes bytes to stdout unchanged, unless quiet.
    ///
    /// # Errors
    /// Returns the errors of [`Terminal::flush`].
    pub fn bytes(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        if self.settings.quiet { Ok(()) } else { self.write_out(bytes) }
    }

    /// Prints a result, as text or as a JSON line.
    ///
    /// # Errors
    /// Returns the errors of [`Terminal::flush`].
    pub fn print(&mut self, result: &dyn Show) -> anyhow::Result<()> {
        if self.settings.quiet { Ok(()) } else { self.print_always(result) }
    }

    /// Prints results in order.
    ///
    /// # Errors
    /// Returns the errors of [`Terminal::flush`].
    pub fn print_all<'r, R: Show + 'r>(&mut self, results: impl IntoIterator<Item = &'r R>) -> anyhow::Result<()> {
        results.into_iter().try_for_each(|result| self.print(result))
    }

    /// Prints a result even if quiet.
    ///
    /// # Errors
    /// Returns the errors of [`Terminal::flush`].
    pub fn print_always(&mut self, result: &dyn Show) -> anyhow::Result<()> {
        if self.settings.json {
            return self.write_json(&(result.to_json() + "\n"));
        }
        let text = result.text(self.out.style);
        self.write_out(text.as_bytes())
    }

    /// Writes JSON. On a terminal it is colored. On a terminal and with `--json`, unsafe characters are escaped. Otherwise its
    /// bytes do not change.
    ///
    /// # Errors
    /// Returns the errors of [`Terminal::flush`].
    pub fn json(&mut self, json: &[u8]) -> anyhow::Result<()> {
        match std::str::from_utf8(json) {
            _ if self.settings.quiet => Ok(()),
            Ok(json) if self.out.is_terminal || self.settings.json => self.write_json(&escape::json(json)),
            // The JSON may be invalid on purpose.
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

    /// Writes the exact request. On a terminal, unsafe characters are escaped.
    ///
    /// # Errors
    /// Returns the errors of [`Terminal::flush`].
    pub fn request(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        if self.out.is_terminal {
            return self.bytes(escape::lines(&String::from_utf8_lossy(bytes)).as_bytes());
        }
        self.bytes(bytes)
    }

    /// Starts a progress bar. It is visible only on a terminal, and not if quiet.
    pub fn progress(&self, total: Option<u64>) -> Progress {
        if self.shows_progress() { Progress::visible(total) } else { Progress::hidden() }
    }

    /// Starts a byte counter, like [`Terminal::progress`].
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
            let (message, advice) = split_advice(text);
            self.write_advised(&label, message, advice);
        }
    }

    /// Writes a usage error to stderr as a JSON line.
    pub fn usage_error(&mut self, text: &str) {
        self.write_err(&ErrorLine::usage(text).render());
    }

    /// Writes an error with its causes and advice to stderr, as text or as a JSON line.
    pub fn error(&mut self, error: &anyhow::Error) {
        // Write earlier results first. If stdout cannot be written, this error or the next one reports it.
        let _ = self.flush();
        self.write_error(error);
    }

    /// Writes an error to stderr while another thread may be blocked on stdout or stderr.
    pub fn error_beside(settings: Settings, error: &anyhow::Error) {
        let mut terminal = Self::new(settings);
        terminal.write_stderr_in_background();
        terminal.write_error(error);
    }

    fn write_error(&mut self, error: &anyhow::Error) {
        let line = ErrorLine::from(error);
        if self.settings.json {
            return self.write_err(&line.render());
        }
        let label = self.err.style.error("error");
        self.write_advised(&label, &line.message, line.fix.as_deref());
    }

    /// Writes a message, and its advice on a second line.
    fn write_advised(&mut self, label: &str, message: &str, advice: Option<&str>) {
        let mut lines = format!("{label}: {}\n", escape::line(message));
        if let Some(advice) = advice {
            let fix = self.err.style.dim("fix:");
            lines.extend([format!("  {fix} {}\n", escape::line(advice))]);
        }
        self.write_err(&lines);
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

    /// Writes to stderr. An error cannot be reported, so it is ignored.
    pub(super) fn write_err(&mut self, text: &str) {
        let _ = self.err.writer.write_all(text.as_bytes());
    }
}
