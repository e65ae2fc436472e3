//! What the release workflow uploads is where `cargo binstall` looks for it, and the workflows are safe to run.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::expect_success;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn release_file_names_match_what_binstall_fetches() {
    let read = |name: &str| std::fs::read_to_string(Path::new(ROOT).join(name)).expect("a file");
    let (manifest, workflow) = (read("Cargo.toml"), read(".github/workflows/release.yml"));
    for part in [
        r#"pkg-url = "{ repo }/releases/download/v{ version }/{ name }-{ target }{ archive-suffix }""#,
        r#"bin-dir = "{ name }-{ target }/{ bin }{ binary-ext }""#,
    ] {
        assert!(manifest.contains(part), "{part}");
    }
    for part in ["name=cfwh-$TARGET", "tar czf \"$name.tgz\" \"$name\"", "7z a \"$name.zip\" \"$name\""] {
        assert!(workflow.contains(part), "{part}");
    }
    let deny = read("deny.toml");
    let targets: Vec<_> = workflow.lines().filter_map(|line| line.trim().strip_prefix("- target: ")).collect();
    assert_eq!(targets.len(), 5);
    for target in targets {
        assert!(deny.contains(&format!("\"{target}\"")), "deny.toml does not look at {target}");
    }
}

/// The workflows and the action, and what they contain.
fn workflows() -> Vec<(String, Value)> {
    let folder = Path::new(ROOT).join(".github/workflows");
    let workflows = folder.read_dir().expect("the workflows").map(|entry| entry.expect("an entry").path());
    let files = workflows.chain([Path::new(ROOT).join("action.yml")]);
    files
        .map(|file| {
            let text = std::fs::read_to_string(&file).expect("a file");
            (file.display().to_string(), serde_saphyr::from_str(&text).expect("YAML"))
        })
        .collect()
}

/// All values of this key, however deep.
fn all<'a>(value: &'a Value, key: &str) -> Vec<&'a Value> {
    let members = value.as_object().into_iter().flatten();
    let found = members.clone().filter(|(name, _)| *name == key).map(|(_, value)| value);
    let items = value.as_array().into_iter().flatten().chain(members.map(|(_, value)| value));
    found.chain(items.flat_map(|item| all(item, key))).collect()
}

#[test]
fn actions_are_pinned_by_digest_with_their_version_in_a_comment() {
    let workflows = workflows();
    assert!(workflows.len() >= 3, "the workflows were read");
    for (file, _) in &workflows {
        for line in std::fs::read_to_string(file).expect("a file").lines() {
            let Some((_, action)) =
                line.split_once("uses: ").filter(|(start, _)| start.trim_matches([' ', '-']).is_empty())
            else {
                continue;
            };
            let pinned = action.split_once('@').and_then(|(_, reference)| reference.split_once(" # v"));
            let is_pinned = pinned.is_some_and(|(digest, version)| {
                digest.len() == 40
                    && digest.chars().all(|digit| digit.is_ascii_hexdigit())
                    && version.split('.').count() == 3
            });
            assert!(is_pinned || action.starts_with("./ "), "{file}: {line}");
        }
    }
}

#[test]
fn workflows_have_few_permissions_time_limits_and_no_expressions_in_scripts() {
    for (file, workflow) in workflows() {
        for script in all(&workflow, "run").into_iter().filter_map(Value::as_str) {
            assert!(!script.contains("${{"), "{file}: {script}");
        }
        let Some(jobs) = workflow["jobs"].as_object() else { continue };
        assert_eq!(workflow["permissions"], json!({}), "{file}");
        for (name, job) in jobs {
            assert!(job["timeout-minutes"].is_u64(), "{file}: {name} has no time limit");
            assert_eq!(job["permissions"].as_object().map(serde_json::Map::len), Some(1), "{file}: {name}");
            let steps = job["steps"].as_array().expect("steps");
            let uses = |step: &Value, action| step["uses"].as_str().is_some_and(|uses| uses.starts_with(action));
            for step in steps.iter().filter(|step| uses(step, "actions/checkout@")) {
                assert_eq!(step["with"]["persist-credentials"], false, "{file}: {name}");
            }
            // A job that may write runs nothing of the repository.
            let writes = job["permissions"]["contents"] == "write";
            assert!(!writes || !steps.iter().any(|step| uses(step, "actions/checkout@")), "{file}: {name}");
        }
    }
}

#[test]
#[ignore = "needs bash"]
fn the_weekly_job_finds_every_ignored_test() {
    let listed = expect_success(&mut Command::new(Path::new(ROOT).join(".ci/ignored-tests")));
    let mut listed: Vec<_> = listed.lines().filter_map(|line| line.split('\t').next()).collect();
    let mut this = Command::new(std::env::current_exe().expect("this program"));
    let ignored = expect_success(this.args(["--ignored", "--list", "--format", "terse"]));
    let mut ignored: Vec<_> = ignored.lines().filter_map(|line| line.strip_suffix(": test")).collect();
    listed.sort_unstable();
    ignored.sort_unstable();
    assert_eq!(listed, ignored);
}

#[test]
#[ignore = "needs actionlint"]
fn actionlint_accepts_the_workflows() {
    expect_success(Command::new("actionlint").current_dir(ROOT));
}

#[test]
#[ignore = "needs zizmor"]
fn zizmor_accepts_the_workflows() {
    let mut zizmor = Command::new("zizmor");
    expect_success(zizmor.args(["--offline", "--no-progress", "--persona=pedantic", "."]).current_dir(ROOT));
}
