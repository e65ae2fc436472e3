//! A file that appears whole or not at all: a report, a body, a capture to be sent. Whoever looks while it is written, or
//! after a crash, finds what was there before.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::{Builder, NamedTempFile, TempPath};

/// A file that is being written.
pub(super) struct AtomicFile {
    path: PathBuf,
    writer: BufWriter<File>,
    /// The name until the file is whole. A pipe, a device or a link (`/dev/stdout` is all of them) is written to directly.
    temporary: Option<TempPath>,
}

/// Writes a file at once.
pub(super) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes)?;
    file.finish()
}

impl AtomicFile {
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let is_special = fs::symlink_metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
        let (file, temporary) = if is_special {
            (File::create(path).with_context(|| cannot_write(path))?, None)
        } else {
            let (file, temporary) = create_temporary(path).with_context(|| cannot_write(path))?.into_parts();
            (file, Some(temporary))
        };
        Ok(Self { path: path.to_owned(), writer: BufWriter::new(file), temporary })
    }

    pub(super) fn write_all(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.writer.write_all(bytes).with_context(|| cannot_write(&self.path))
    }

    /// Gives the file its name: everything is written.
    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        self.writer.flush().with_context(|| cannot_write(&self.path))?;
        let Some(temporary) = self.temporary else { return Ok(()) };
        temporary.persist(&self.path).with_context(|| cannot_write(&self.path))
    }
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

/// A temporary file is readable by its owner alone unless its permissions are given; this one is for the next step of a
/// pipeline, which another user may run. The umask still applies.
fn create_temporary(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    builder.tempfile_in(folder)
}
