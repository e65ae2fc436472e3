//! Paths of files relative to the checkout, as CI servers expect them.

use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

/// Returns the current folder, and the paths of the checkout: `GITHUB_WORKSPACE` in a GitHub action, or the current folder.
static FOLDERS: LazyLock<(PathBuf, Vec<PathBuf>)> = LazyLock::new(|| {
    let current = std::env::current_dir().unwrap_or_default();
    let workspace = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from).filter(|path| path.is_absolute());
    let workspace = workspace.unwrap_or_else(|| current.clone());
    // The variable may contain a link to the checkout.
    let resolved = workspace.canonicalize().ok();
    (current, [Some(workspace), resolved].into_iter().flatten().collect())
});

/// Returns the path of a file relative to the checkout, or `None` for stdin and for a file outside of the checkout.
pub(super) fn relative_path(file: &Path) -> Option<PathBuf> {
    let path = absolute(file)?;
    FOLDERS.1.iter().find_map(|workspace| path.strip_prefix(workspace).ok()).map(Path::to_owned)
}

/// Returns the absolute path of a file, without `.` and `..`, or `None` for stdin.
pub(super) fn absolute(file: &Path) -> Option<PathBuf> {
    if file.as_os_str() == "-" {
        return None;
    }
    let mut path = PathBuf::new();
    for component in FOLDERS.0.join(file).components() {
        match component {
            Component::ParentDir => drop(path.pop()),
            other => path.push(other),
        }
    }
    Some(path)
}

/// Returns a path as text, with slashes on every system.
pub(super) fn with_slashes(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_checkout() {
        for file in ["a/b.json", "./a/b.json", ".//a//b.json", "x/../a/b.json"] {
            assert_eq!(relative_path(Path::new(file)).as_deref(), Some(Path::new("a/b.json")), "{file}");
        }
        let current = std::env::current_dir().expect("a folder");
        assert_eq!(relative_path(&current.join("a.json")).as_deref(), Some(Path::new("a.json")));
        assert_eq!(relative_path(Path::new("-")), None);
        assert_eq!(relative_path(Path::new("/a.json")), None);
        assert_eq!(absolute(Path::new("/x/../a.json")).as_deref(), Some(Path::new("/a.json")));
    }
}
