//! The release: its packages agree in versions, platforms and licenses, its files are where `cargo binstall` and the action
//! look for them, and its workflow is safe to run.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::expect_success;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const VERSION: &str = env!("CARGO_PKG_VERSION");

#[test]
fn release_file_names_match_those_that_binstall_fetches() {
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
    let targets: Vec<_> = workflow.lines().filter_map(|line| line.trim().strip_prefix("- target: ")).collect();
    assert_eq!(targets.len(), 7);
    let (deny, platforms, action) = (read("deny.toml"), read("npm/platforms.json"), read("action.yml"));
    for target in &targets {
        for (file, text) in [("deny.toml", &deny), ("npm/platforms.json", &platforms)] {
            assert!(text.contains(&format!("\"{target}\"")), "{file} has no {target}");
        }
    }
    // What the action downloads is what the workflow uploads.
    let downloads: Vec<_> = action.lines().filter_map(|line| line.trim().split_once(") archive=cfwh-")).collect();
    assert_eq!(downloads.len(), 5);
    for (runner, archive) in downloads {
        let (target, format) = archive.trim_end_matches(" ;;").rsplit_once('.').expect("a format");
        assert!(targets.contains(&target), "{runner}: {target}");
        assert_eq!(format, if target.contains("windows") { "zip" } else { "tgz" }, "{runner}");
    }
}

#[test]
fn packages_for_python_and_node_have_the_version_of_the_crate() {
    let read = |name: &str| std::fs::read_to_string(Path::new(ROOT).join(name)).expect("a file");
    assert!(read("pyproject.toml").contains(&format!("\"cfwh=={VERSION}\"")));
    let python = read("python/pyproject.toml");
    assert!(python.contains("dynamic = [\"version\"]"), "maturin takes the version of Cargo.toml");
    assert!(python.contains(&format!("description = \"{}\"", env!("CARGO_PKG_DESCRIPTION"))));

    let json = |name| serde_json::from_str::<Value>(&read(name)).expect("JSON");
    let (node, platforms) = (json("npm/cfwh/package.json"), json("npm/platforms.json"));
    assert_eq!(node["version"], VERSION);
    assert_eq!(node["scripts"]["postinstall"], Value::Null, "nothing runs at installation");
    let platforms = platforms.as_array().expect("a list").iter();
    let names = platforms.map(|row| (format!("@cfwh/{}", row["name"].as_str().expect("a name")), VERSION.into()));
    assert_eq!(node["optionalDependencies"], Value::Object(names.collect()));
    for license in ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT"] {
        assert_eq!(read(&format!("python/{license}")), read(license), "python/{license} differs");
    }
}

/// The workflows and the action, with their content.
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
            let permissions = job["permissions"].as_object().expect("permissions");
            let steps = job["steps"].as_array().expect("steps");
            let uses = |step: &Value, action| step["uses"].as_str().is_some_and(|uses| uses.starts_with(action));
            for step in steps.iter().filter(|step| uses(step, "actions/checkout@")) {
                assert_eq!(step["with"]["persist-credentials"], false, "{file}: {name}");
            }
            // A job that may write runs nothing of the repository.
            let reads_only = permissions.iter().all(|(scope, access)| scope == "contents" && access == "read");
            assert_eq!(reads_only, steps.iter().any(|step| uses(step, "actions/checkout@")), "{file}: {name}");
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

#[test]
#[ignore = "needs shellcheck"]
fn shellcheck_accepts_the_scripts() {
    let mut shellcheck = Command::new("shellcheck");
    let scripts = ["check", "try-deb", "try-npm", "try-static", "try-wheel", "tests-cargo"];
    shellcheck.arg("-x").args(scripts.map(|name| format!("packaging/{name}"))).args([
        ".ci/ignored-tests",
        ".ci/run",
        ".ci/tools.sh",
    ]);
    expect_success(shellcheck.current_dir(ROOT));
}
