//! Shows the progress of long tasks on stderr.

use std::fmt::Write;
use std::io::Read;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

/// A progress bar, a count if the total is unknown, or no output.
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

    /// Counts bytes, starting with `before`. It is shown when more bytes are read.
    pub(super) fn bytes(before: u64) -> Self {
        let bar = ProgressBar::no_length().with_position(before);
        let template = "{spinner} {bytes}  {bytes_per_sec}  {elapsed}";
        bar.set_style(ProgressStyle::with_template(template).expect("the template is right"));
        Self(bar)
    }

    /// Counts the read bytes.
    pub fn reading<R: Read>(&self, reader: R) -> impl Read + use<R> {
        self.0.wrap_read(reader)
    }

    /// Counts one more item.
    pub fn step(&self) {
        self.0.inc(1);
    }

    /// Hides the bar while another line is printed.
    pub fn pause<R>(&self, show: impl FnOnce() -> R) -> R {
        self.0.suspend(show)
    }

    /// Removes the bar.
    pub fn end(&self) {
        self.0.finish_and_clear();
    }
}
