//! The names of files as CI servers know them: relative to the checkout.

use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;

/// The current folder, and the names of the checkout: `GITHUB_WORKSPACE` in a GitHub action, else the current folder.
static FOLDERS: LazyLock<(PathBuf, Vec<PathBuf>)> = LazyLock::new(|| {
    let current = std::env::current_dir().unwrap_or_default();
    let workspace = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from).filter(|path| path.is_absolute());
    let workspace = workspace.unwrap_or_else(|| current.clone());
    // The variable may name the checkout by a link.
    let resolved = workspace.canonicalize().ok();
    (current, [Some(workspace), resolved].into_iter().flatten().collect())
});

/// Returns the path of a file from the checkout, with slashes; `None` for stdin and for a file outside of the checkout.
pub(super) fn relative_path(file: &str) -> Option<String> {
    let path = absolute_path(file)?;
    let relative = FOLDERS.1.iter().find_map(|workspace| path.strip_prefix(workspace).ok())?;
    Some(with_slashes(relative))
}

/// Returns the absolute path of a file, with slashes and without `.` and `..`; `None` for stdin.
pub(super) fn absolute(file: &str) -> Option<String> {
    absolute_path(file).map(|path| with_slashes(&path))
}

fn absolute_path(file: &str) -> Option<PathBuf> {
    if file == "-" {
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

fn with_slashes(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_checkout() {
        for file in ["a/b.json", "./a/b.json", ".//a//b.json", "x/../a/b.json"] {
            assert_eq!(relative_path(file).as_deref(), Some("a/b.json"), "{file}");
        }
        let current = std::env::current_dir().expect("a folder");
        assert_eq!(relative_path(&format!("{}/a.json", current.display())).as_deref(), Some("a.json"));
        assert_eq!(relative_path("-"), None);
        assert_eq!(relative_path("/a.json"), None);
        assert_eq!(absolute("/x/../a.json").as_deref(), Some("/a.json"));
    }
}
