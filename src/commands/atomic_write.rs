//! A file that appears whole or not at all: a report, a body, a capture to be sent. Whoever looks while it is written, or
//! after a crash, finds what was there before.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

/// A file in the making.
pub(super) struct AtomicFile {
    path: PathBuf,
    place: Place,
}

enum Place {
    /// It gets its name when it is whole.
    Temporary(NamedTempFile),
    /// A pipe, a device or a link (`/dev/stdout` is all of them) stays what it is, and is written to.
    There(File),
}

/// Writes a file at once.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes)?;
    file.finish()
}

impl AtomicFile {
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let is_there = fs::symlink_metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
        let place = if is_there { Place::There(File::create(path)?) } else { Place::Temporary(temporary(path)?) };
        Ok(Self { path: path.to_owned(), place })
    }

    /// All is written.
    pub(super) fn finish(self) -> io::Result<()> {
        match self.place {
            Place::Temporary(file) => file.persist(&self.path).map(drop).map_err(|error| error.error),
            Place::There(mut file) => file.flush(),
        }
    }
}

impl Write for AtomicFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.place {
            Place::Temporary(file) => file.write(bytes),
            Place::There(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.place {
            Place::Temporary(file) => file.flush(),
            Place::There(file) => file.flush(),
        }
    }
}

/// A temporary file is its owner's alone if nothing else is said; this one is for the next step of a pipeline, which may
/// be somebody else. The umask has its say.
fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = Builder::new();
    #[cfg(unix)]
    let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    #[cfg(unix)]
    builder.permissions(readable);
    builder.tempfile_in(folder)
}
