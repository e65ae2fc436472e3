//! Follows the worked examples of CONTRIBUTING.md: their changes apply to the files, and the program that has them works.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Endpoint, Sandbox};

/// The changes of an example: the text that each file has after them.
type ChangedFiles = BTreeMap<String, String>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The examples with a `diff` block: the title and the lines of all of its blocks.
fn examples() -> Vec<(String, Vec<String>)> {
    let page = std::fs::read_to_string(root().join("CONTRIBUTING.md")).expect("a page");
    let sections = page.split("\n### ").skip(1).map(|section| {
        let title = section.lines().next().unwrap_or_default().to_owned();
        let blocks = section.split("\n```diff\n").skip(1).filter_map(|rest| rest.split("\n```").next());
        (title, blocks.flat_map(str::lines).map(str::to_owned).collect())
    });
    sections.collect()
}

/// A change: the lines before it and after it.
#[derive(Default)]
struct Hunk {
    before: String,
    after: String,
}

/// Applies the changes of an example. The lines before each must be in the file exactly once.
fn apply(lines: &[String], files: &mut ChangedFiles) {
    let (mut path, mut hunk) = (String::new(), Hunk::default());
    for line in lines.iter().map(String::as_str).chain(["@@"]) {
        if line.starts_with("--- ") {
            finish(&path, &mut hunk, files);
        } else if let Some(name) = line.strip_prefix("+++ b/") {
            name.clone_into(&mut path);
            let read = || std::fs::read_to_string(root().join(name)).unwrap_or_default();
            files.entry(path.clone()).or_insert_with(read);
        } else if line == "@@" {
            finish(&path, &mut hunk, files);
        } else {
            let (sign, text) = line.split_at_checked(1).unwrap_or((" ", ""));
            if sign != "+" {
                hunk.before.extend([text, "\n"]);
            }
            if sign != "-" {
                hunk.after.extend([text, "\n"]);
            }
        }
    }
}

/// Applies a change to its file.
fn finish(path: &str, hunk: &mut Hunk, files: &mut ChangedFiles) {
    let Hunk { before, after } = std::mem::take(hunk);
    if before.is_empty() && after.is_empty() {
        return;
    }
    let text = files.get_mut(path).unwrap_or_else(|| panic!("a change without a file:\n{after}"));
    if before.is_empty() {
        assert!(text.is_empty(), "{path} exists already");
        *text = after;
    } else {
        let start = format!("\n{text}").matches(&format!("\n{before}")).count();
        assert_eq!(start, 1, "{path} must have these lines once, before the change of CONTRIBUTING.md:\n{before}");
        *text = format!("\n{text}").replacen(&format!("\n{before}"), &format!("\n{after}"), 1).split_off(1);
    }
}

#[test]
fn the_worked_examples_apply_alone_and_together() {
    let (mut together, examples) = (ChangedFiles::new(), examples());
    assert_eq!(examples.len(), 4, "{examples:#?}");
    for (title, lines) in &examples {
        let mut alone = ChangedFiles::new();
        apply(lines, &mut alone);
        assert!(!alone.is_empty(), "{title}");
        apply(lines, &mut together);
    }
    assert!(together.len() > 10, "{:?}", together.keys());
}

/// Copies a folder without links. `link` makes hard links instead of copies.
fn copy(from: &Path, to: &Path, link: bool) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in from.read_dir().expect("a folder").map(|entry| entry.expect("an entry")) {
        let (kind, target) = (entry.file_type().expect("a kind"), to.join(entry.file_name()));
        if kind.is_dir() {
            copy(&entry.path(), &target, link);
        } else if kind.is_file() && !(link && std::fs::hard_link(entry.path(), &target).is_ok()) {
            std::fs::copy(entry.path(), &target).expect("a copy");
        }
    }
}

/// Builds the program with the changes of all examples. It shares the compiled dependencies of this build.
fn build_with_examples(folder: &Path) -> PathBuf {
    let mut changed = ChangedFiles::new();
    for (_, lines) in examples() {
        apply(&lines, &mut changed);
    }
    for name in ["Cargo.toml", "Cargo.lock", "README.md", "SKILL.md", "clippy.toml"] {
        std::fs::copy(root().join(name), folder.join(name)).expect("a copy");
    }
    for name in ["src", "examples", "benches", "tests"] {
        copy(&root().join(name), &folder.join(name), false);
    }
    for (path, text) in changed.iter().filter(|(path, _)| path.starts_with("src/")) {
        std::fs::create_dir_all(folder.join(path).parent().expect("a folder")).expect("a folder");
        std::fs::write(folder.join(path), text).expect("it is written");
    }
    let ours = Path::new(env!("CARGO_BIN_EXE_cfwh")).parent().expect("a folder");
    for name in ["deps", "build", ".fingerprint"] {
        copy(&ours.join(name), &folder.join("target/debug").join(name), true);
    }
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--locked", "--offline", "--bin", "cfwh"]).current_dir(folder);
    cargo.env("CARGO_TARGET_DIR", folder.join("target")).env_remove("RUSTFLAGS");
    assert!(cargo.status().expect("cargo runs").success(), "the worked examples do not compile");
    folder.join("target/debug/cfwh")
}

#[test]
#[ignore = "runs cargo"]
fn the_program_with_the_worked_examples_works() {
    let target = Path::new(env!("CARGO_BIN_EXE_cfwh")).ancestors().nth(2).expect("a folder");
    let folder = tempfile::tempdir_in(target).expect("a folder");
    let program = build_with_examples(folder.path());
    let sandbox = Sandbox::new();
    let run = |code: i32, arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.args(arguments).current_dir(sandbox.path()).env_clear();
        sandbox.finish(command).expect(code).text().to_owned()
    };
    // The rule: a body that breaks it is generated and found.
    assert!(run(0, &["rules"]).contains("nul-character"));
    let invalid = run(0, &["fake", "page_created", "--invalid", "--seed", "1", "--format", "ndjson"]);
    let body = invalid.lines().find(|line| line.contains("\\u0000")).expect("a body with this escape");
    sandbox.write("nul.json", body);
    assert!(run(1, &["validate", "nul.json", "--strict"]).contains("nul-character"));
    // The case: it is listed, and sends its title.
    let endpoint = Endpoint::start(&[200]);
    run(0, &["probe", &endpoint.url("/hooks"), "--only", "body/long-title"]);
    let long = |body: &[u8]| String::from_utf8_lossy(body).contains(&"ü".repeat(255));
    assert!(endpoint.received().iter().any(|request| long(&request.body)));
    // The event: its body is that of a space.
    let archived = run(0, &["fake", "space_archived", "--profile", "cloud", "--seed", "1"]);
    assert!(archived.contains("\"space\""), "{archived}");
    // The sender: it signs, and validation accepts what it sends.
    let endpoint = Endpoint::start(&[200]);
    run(0, &["send", "page_created", "--profile", "gateway", "--secret", "s", "--to", &endpoint.url("/{event}")]);
    let received = endpoint.received();
    assert!(received[0].header("X-Hub-Signature").is_some() && received[0].url.ends_with("/page_created"));
    let body = sandbox.write("gateway.json", &received[0].body);
    let body = body.to_str().expect("a path in UTF-8");
    run(0, &["validate", body, "--profile", "gateway", "--event", "page_created", "--strict"]);
}
