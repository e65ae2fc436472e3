//! A file that gets its name after it is written. Without temporary names, `kill -9` and Ctrl-C leave no incomplete files
//! in the folder.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Once;

use tempfile::{Builder, TempPath};

/// The prefix of temporary names, on systems without unnamed files. These files are hidden, and no command reads them.
const TEMPORARY: &str = ".cfwh-";

/// The way in which a file gets its name.
#[derive(Clone, Copy, Debug)]
pub enum Naming {
    /// Links an open file without a name by its descriptor. This takes a fifth less time than by `/proc`, but before Linux
    /// 6.10 only root could do it.
    #[cfg(target_os = "linux")]
    Descriptor,
    /// Links an open file without a name by its path under `/proc`.
    #[cfg(target_os = "linux")]
    Proc,
    /// Renames a file with a temporary name, on systems without unnamed files.
    Temporary,
}

/// A file without a final name. Dropping it removes the file.
#[derive(Debug)]
pub struct UnnamedFile {
    /// The open file.
    pub file: File,
    naming: Naming,
    temporary: Option<TempPath>,
}

impl Naming {
    /// All ways, the best first.
    const ALL: &[Self] = &[
        #[cfg(target_os = "linux")]
        Self::Descriptor,
        #[cfg(target_os = "linux")]
        Self::Proc,
        Self::Temporary,
    ];

    /// Finds a way that works in a folder, by naming and removing an empty file. If none works, files cannot be saved there.
    pub(super) fn detect(folder: &Path) -> io::Result<Self> {
        let path = folder.join(format!("{TEMPORARY}{}", std::process::id()));
        // An earlier process with the same id may have been killed.
        let _ = std::fs::remove_file(&path);
        let mut result = Err(io::ErrorKind::Unsupported.into());
        for naming in Self::ALL {
            result = naming.create(folder, 0o600).and_then(|mut file| file.link(&path));
            if result.is_ok() {
                let _ = std::fs::remove_file(path);
                return Ok(*naming);
            }
        }
        result.map(|()| Self::Temporary)
    }

    /// Creates a file in a folder without its final name, with these permissions as far as the umask allows them.
    pub(super) fn create(self, folder: &Path, mode: u32) -> io::Result<UnnamedFile> {
        #[cfg(target_os = "linux")]
        if !matches!(self, Self::Temporary) {
            use rustix::fs::{Mode, OFlags, open};
            let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
            let file = open(folder, flags, Mode::from_raw_mode(mode))?.into();
            return Ok(UnnamedFile { file, naming: self, temporary: None });
        }
        let (file, temporary) = create_temporary(folder, mode)?.into_parts();
        Ok(UnnamedFile { file, naming: self, temporary: Some(temporary) })
    }
}

impl UnnamedFile {
    /// Creates a file in a folder without its final name, with these permissions as far as the umask allows them.
    ///
    /// # Errors
    /// Returns an error if the folder does not exist or cannot be written.
    pub fn create(folder: &Path, mode: u32) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        if Path::new("/proc/self/fd").exists()
            && let Ok(file) = Naming::Proc.create(folder, mode)
        {
            return Ok(file);
        }
        Naming::Temporary.create(folder, mode)
    }

    /// Gives the file a new name.
    ///
    /// # Errors
    /// Returns an error if a file or link with this name exists.
    pub(super) fn link(&mut self, path: &Path) -> io::Result<()> {
        if let Some(temporary) = self.temporary.take() {
            return temporary.persist_noclobber(path).map_err(|failed| {
                self.temporary = Some(failed.path);
                failed.error
            });
        }
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{AtFlags, CWD, linkat};
            use std::os::fd::AsRawFd;
            if matches!(self.naming, Naming::Descriptor) {
                linkat(&self.file, "", CWD, path, AtFlags::EMPTY_PATH)?;
            } else {
                let file = format!("/proc/self/fd/{}", self.file.as_raw_fd());
                linkat(CWD, file, CWD, path, AtFlags::SYMLINK_FOLLOW)?;
            }
        }
        Ok(())
    }

    /// Gives the file its name, and replaces a file or link with this name.
    ///
    /// # Errors
    /// Returns an error if a folder has this name.
    pub fn replace(mut self, path: &Path) -> io::Result<()> {
        match self.temporary.take() {
            Some(temporary) => temporary.persist(path).map_err(|failed| failed.error),
            None => match self.link(path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    // Only renaming replaces a file, so the file has a temporary name for a moment.
                    let folder = path.parent().unwrap_or(Path::new(""));
                    let named = Builder::new()
                        .prefix(TEMPORARY)
                        .make_in(folder, |name| self.link(name))
                        .map_err(|error| without_name(&error))?;
                    named.into_temp_path().persist(path).map_err(|failed| failed.error)
                }
                named => named,
            },
        }
    }
}

/// Returns the error without the temporary name, which is meaningless to users.
fn without_name(error: &io::Error) -> io::Error {
    let text = error.to_string();
    io::Error::new(error.kind(), text.split(" at path ").next().unwrap_or_default())
}

/// Creates a file with a temporary name. If the process is killed, the next process removes the file.
fn create_temporary(folder: &Path, mode: u32) -> io::Result<tempfile::NamedTempFile> {
    static CLEANING: Once = Once::new();
    CLEANING.call_once(|| remove_abandoned(folder));
    let mut builder = Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    #[cfg(not(unix))]
    let _ = mode;
    let file = builder.prefix(TEMPORARY).tempfile_in(folder).map_err(|error| without_name(&error))?;
    // The lock ends with the process. If files cannot be locked, old files are not removed either.
    let _ = file.as_file().try_lock();
    Ok(file)
}

/// Removes files with temporary names that no process is writing.
fn remove_abandoned(folder: &Path) {
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let is_temporary = entry.file_name().to_string_lossy().starts_with(TEMPORARY);
        if is_temporary && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn every_way_names_and_replaces_files_and_leaves_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, target) = (folder.path().join("a"), folder.path().join("target"));
        let names = || {
            let mut names: Vec<_> =
                folder.path().read_dir().expect("a folder").flatten().map(|entry| entry.file_name()).collect();
            names.sort();
            names
        };
        let mut ways = vec![Naming::Temporary];
        #[cfg(target_os = "linux")]
        ways.push(Naming::Proc);
        for naming in ways {
            let create = |text: &str| {
                let mut file = naming.create(folder.path(), 0o600).expect("a file");
                file.file.write_all(text.as_bytes()).expect("it is written");
                file
            };
            drop(create("dropped"));
            create("1").replace(&path).expect("it is named");
            create("2").replace(&path).expect("it is replaced");
            let error = create("3").link(&path).expect_err("it has a name");
            assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
            assert_eq!(std::fs::read_to_string(&path).expect("text"), "2", "{naming:?}");
            assert_eq!(names(), ["a"], "{naming:?}");
            #[cfg(unix)]
            {
                std::fs::write(&target, "old").expect("it is written");
                std::fs::remove_file(&path).expect("it is removed");
                std::os::unix::fs::symlink(&target, &path).expect("a link");
                create("4").replace(&path).expect("it takes the place of the link");
                assert_eq!(std::fs::read_to_string(&target).expect("text"), "old");
                std::fs::remove_file(&target).expect("it is removed");
            }
            std::fs::remove_file(&path).expect("it is removed");
        }
    }

    #[test]
    fn abandoned_files_are_removed_and_those_in_use_are_not() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join(".cfwh-abandoned"), "half").expect("it is written");
        std::fs::write(folder.path().join("other"), "").expect("it is written");
        let used = create_temporary(folder.path(), 0o600).expect("a file");
        remove_abandoned(folder.path());
        assert!(used.path().exists());
        assert!(!folder.path().join(".cfwh-abandoned").exists());
        assert!(folder.path().join("other").exists());
    }
}
