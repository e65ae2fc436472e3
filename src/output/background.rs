//! Writes on a separate thread, so that a blocked reader blocks nothing else.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, channel, sync_channel};
use std::thread;
use std::time::Duration;

/// The most waiting texts. Later texts are dropped.
const MAX_WAITING: usize = 256;
/// How long the reader may take for the waiting texts at the end.
const DRAIN_TIMEOUT: Duration = Duration::from_millis(500);

/// A writer that never waits.
pub(super) struct BackgroundWriter {
    /// `None` at the end.
    texts: Option<SyncSender<Vec<u8>>>,
    /// Closed when all texts are written.
    written: Receiver<()>,
}

impl BackgroundWriter {
    /// Starts the thread.
    ///
    /// # Errors
    /// Returns an error if the system provides no thread.
    pub(super) fn start(mut writer: impl Write + Send + 'static) -> io::Result<Self> {
        let (texts, waiting) = sync_channel::<Vec<u8>>(MAX_WAITING);
        let (end, written) = channel();
        thread::Builder::new().spawn(move || {
            let _end = end;
            waiting.iter().try_for_each(|text| writer.write_all(&text))
        })?;
        Ok(Self { texts: Some(texts), written })
    }
}

impl Write for BackgroundWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.texts.as_ref().map(|texts| texts.try_send(bytes.to_vec())) {
            Some(Ok(()) | Err(TrySendError::Full(_))) => Ok(bytes.len()),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for BackgroundWriter {
    fn drop(&mut self) {
        self.texts = None;
        // No message is sent on this channel: either the thread has ended, or the time is up.
        let _ = self.written.recv_timeout(DRAIN_TIMEOUT);
    }
}
