//! Finds the files in a folder like `rg`: it skips hidden files, `node_modules` and files that `.gitignore` excludes. It also
//! skips the journal of captures, because its lines are not bodies.

use std::io;
use std::path::{Path, PathBuf};

use crate::store::journal;

use super::chunk_reader::read_file;
use super::file_format::FileFormat;
use super::glob::matches_path;

const GITIGNORE: &str = ".gitignore";
/// The largest `.gitignore` that is read, in bytes.
const MAX_GITIGNORE: usize = 1024 * 1024;

/// One line of a `.gitignore`.
struct IgnoreRule {
    /// The folder of the file.
    folder: PathBuf,
    pattern: String,
    /// Whether the pattern matches a whole path, not a name.
    is_path: bool,
    is_for_folders: bool,
    /// Whether the rule includes paths that other rules exclude.
    is_exception: bool,
}

/// Adds the input files in a folder, in the order of names. Links to folders are not followed, so that a loop of links
/// ends.
///
/// # Errors
/// Returns an error if a folder cannot be listed.
pub(super) fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let real = folder.canonicalize()?;
    // The rules of a repository apply to all of its folders.
    let is_root = |folder: &&Path| folder.join(".git").exists();
    let root = real.ancestors().find(is_root).unwrap_or(&real);
    let above = real.ancestors().skip(1).take_while(|parent| parent.starts_with(root));
    let mut rules: Vec<_> = above.collect::<Vec<_>>().into_iter().rev().flat_map(read_rules).collect();
    search(folder, &real, &mut rules, files)
}

fn search(folder: &Path, real: &Path, rules: &mut Vec<IgnoreRule>, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let outer_rules = rules.len();
    rules.extend(read_rules(real));
    let mut entries: Vec<_> = folder.read_dir()?.collect::<io::Result<_>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (name, kind) = (entry.file_name(), entry.file_type()?);
        let (path, real) = (entry.path(), real.join(&name));
        let is_left_out =
            name.as_encoded_bytes().starts_with(b".") || name == "node_modules" || name == journal::FILE_NAME;
        if is_left_out || is_ignored(&real, kind.is_dir(), rules) {
            continue;
        }
        if kind.is_dir() {
            search(&path, &real, rules, files)?;
        } else if kind.is_file() && FileFormat::is_in_folder(&path) {
            files.push(path);
        }
    }
    rules.truncate(outer_rules);
    Ok(())
}

/// Returns the rules in a folder's `.gitignore`. An unreadable or too large file has no rules. A pipe or a device has no
/// rules either, because it may have no end.
fn read_rules(folder: &Path) -> Vec<IgnoreRule> {
    let path = folder.join(GITIGNORE);
    let bytes = if path.is_file() { read_file(&path, MAX_GITIGNORE).ok().flatten() } else { None };
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    text.lines().filter_map(|line| IgnoreRule::parse(folder, line.trim_end())).collect()
}

/// Returns whether a path is excluded. The last rule that matches decides.
fn is_ignored(path: &Path, is_folder: bool, rules: &[IgnoreRule]) -> bool {
    rules.iter().rev().find(|rule| rule.matches(path, is_folder)).is_some_and(|rule| !rule.is_exception)
}

impl IgnoreRule {
    fn parse(folder: &Path, line: &str) -> Option<Self> {
        let exception = line.strip_prefix('!');
        let pattern = exception.unwrap_or(line);
        if pattern.is_empty() || pattern.starts_with('#') {
            return None;
        }
        let for_folders = pattern.strip_suffix('/');
        let pattern = for_folders.unwrap_or(pattern);
        Some(Self {
            folder: folder.to_owned(),
            pattern: pattern.strip_prefix('/').unwrap_or(pattern).to_owned(),
            is_path: pattern.contains('/'),
            is_for_folders: for_folders.is_some(),
            is_exception: exception.is_some(),
        })
    }

    fn matches(&self, path: &Path, is_folder: bool) -> bool {
        let matched = if self.is_path { path.strip_prefix(&self.folder).ok() } else { path.file_name().map(Path::new) };
        (is_folder || !self.is_for_folders)
            && matched.is_some_and(|path| matches_path(&self.pattern, &path.to_string_lossy()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_ignored(lines: &str, path: &str, is_folder: bool) -> bool {
        let root = Path::new("/r");
        let rules: Vec<_> = lines.lines().filter_map(|line| IgnoreRule::parse(root, line)).collect();
        super::is_ignored(&root.join(path), is_folder, &rules)
    }

    #[test]
    fn patterns_are_those_of_git() {
        for (lines, path, is_folder, expected) in [
            ("*.json", "a/b.json", false, true),
            ("/*.json", "a/b.json", false, false),
            ("/*.json", "b.json", false, true),
            ("target/", "a/target", true, true),
            ("target/", "a/target", false, false),
            ("a/b.json", "x/a/b.json", false, false),
            ("**/b.json", "x/a/b.json", false, true),
            ("a/**/b.json", "a/x/y/b.json", false, true),
            ("a/**", "a/x/y.json", false, true),
            ("[ab]?.json", "b1.json", false, true),
            ("*.json\n!keep.json", "keep.json", false, false),
            ("!keep.json\n*.json", "keep.json", false, true),
            ("# b.json\n\n", "b.json", false, false),
            ("\\#b.json", "#b.json", false, true),
        ] {
            assert_eq!(is_ignored(lines, path, is_folder), expected, "{lines:?} {path}");
        }
    }
}
