//! Writes a file atomically: a report, a body or a capture. During the write, or after a crash, readers find the previous
//! file.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::store::unnamed_file::UnnamedFile;

/// The mode of a report, which another user may read in the next step of a pipeline. The umask applies.
const FOR_ALL: u32 = 0o644;
/// The mode of a body or a delivery, which only its owner may read.
const PRIVATE: u32 = 0o600;

/// A file that is being written.
pub(super) struct AtomicFile {
    path: PathBuf,
    writer: BufWriter<File>,
    /// The file without a name. A pipe, a device or a link, such as `/dev/stdout`, is written directly.
    unnamed: Option<UnnamedFile>,
}

/// Writes a file.
pub(super) fn write(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut file = AtomicFile::create(path)?;
    file.write_all(bytes)?;
    file.finish()
}

/// Checks that a file can be written, before a long task produces its content. Pipes and devices are not opened, because
/// that may wait for a reader.
pub(super) fn check(path: &Path) -> anyhow::Result<()> {
    if path.is_dir() {
        bail!("{}: it is a folder", cannot_write(path));
    }
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_file() => Ok(()),
        _ => UnnamedFile::create(folder(path), FOR_ALL).map(drop).with_context(|| cannot_write(path)),
    }
}

/// Writes a file that only its owner can read. A link is replaced, not followed.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut unnamed = UnnamedFile::create(folder(path), PRIVATE).with_context(|| cannot_write(path))?;
    unnamed.file.write_all(bytes).and_then(|()| unnamed.replace(path)).with_context(|| cannot_write(path))
}

impl AtomicFile {
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let is_special = fs::symlink_metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
        let created = if is_special {
            File::create(path).map(|file| (file, None))
        } else {
            UnnamedFile::create(folder(path), FOR_ALL)
                .and_then(|unnamed| Ok((unnamed.file.try_clone()?, Some(unnamed))))
        };
        let (file, unnamed) = created.with_context(|| cannot_write(path))?;
        Ok(Self { path: path.to_owned(), writer: BufWriter::new(file), unnamed })
    }

    pub(super) fn write_all(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.writer.write_all(bytes).with_context(|| cannot_write(&self.path))
    }

    /// Gives the complete file its name.
    pub(super) fn finish(mut self) -> anyhow::Result<()> {
        self.writer.flush().with_context(|| cannot_write(&self.path))?;
        let Some(unnamed) = self.unnamed else { return Ok(()) };
        unnamed.replace(&self.path).with_context(|| cannot_write(&self.path))
    }
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
