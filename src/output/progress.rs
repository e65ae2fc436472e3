//! The progress of long work, on stderr.

use std::fmt::Write;
use std::io::Read;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

/// A bar, or a count where the end is not known; or nothing.
#[derive(Clone, Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    pub(super) fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }

    pub(super) fn visible(total: Option<u64>) -> Self {
        let (bar, template) = match total {
            Some(total) => (ProgressBar::new(total), "{bar:30} {human_pos}/{human_len}  {rate}  {eta} left"),
            None => (ProgressBar::no_length(), "{spinner} {human_pos}  {rate}  {elapsed}"),
        };
        let rate = |state: &ProgressState, text: &mut dyn Write| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{:.0}/s", state.per_sec());
        };
        bar.set_style(ProgressStyle::with_template(template).expect("the template is right").with_key("rate", rate));
        Self(bar)
    }

    /// Counts bytes of which `before` are done. Nothing is shown until more are read.
    pub(super) fn bytes(before: u64) -> Self {
        let bar = ProgressBar::no_length().with_position(before);
        let template = "{spinner} {bytes}  {bytes_per_sec}  {elapsed}";
        bar.set_style(ProgressStyle::with_template(template).expect("the template is right"));
        Self(bar)
    }

    /// Counts the bytes that are read.
    pub fn reading<R: Read>(&self, reader: R) -> impl Read + use<R> {
        self.0.wrap_read(reader)
    }

    /// One more is done.
    pub fn step(&self) {
        self.0.inc(1);
    }

    /// Makes room for a line of something else.
    pub fn pause<R>(&self, show: impl FnOnce() -> R) -> R {
        self.0.suspend(show)
    }

    /// Takes the bar away.
    pub fn end(&self) {
        self.0.finish_and_clear();
    }
}
