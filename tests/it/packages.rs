//! The Debian package as `cargo deb` makes it: what is in it, where, and that it installs and runs. What the release
//! workflow uploads is where `cargo binstall` looks for it. The workflows are safe to run, and the pre-commit hook checks
//! payloads only.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cfwh::cli::Cli;
use cfwh::cli::help::all_commands;
use clap::CommandFactory;
use serde_json::{Value, json};

use crate::support::{Sandbox, all_events, tool};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn expect_success(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The files of a package besides the program, at the paths of Debian's policy and of the shells.
fn expected_files() -> Vec<String> {
    let cli = Cli::command();
    let page = |(words, _): (String, _)| format!("usr/share/man/man1/cfwh-{}.1.gz", words.replace(' ', "-"));
    let pages = all_commands(&cli).into_iter().map(page);
    let others = [
        "usr/bin/cfwh",
        "usr/share/man/man1/cfwh.1.gz",
        "usr/share/bash-completion/completions/cfwh",
        "usr/share/zsh/vendor-completions/_cfwh",
        "usr/share/fish/vendor_completions.d/cfwh.fish",
        "usr/share/doc/cfwh/copyright",
        "usr/share/doc/cfwh/changelog.gz",
        "usr/share/doc/cfwh/changelog.Debian.gz",
        "usr/share/doc/cfwh/README.md",
    ];
    pages.chain(others.map(str::to_owned)).collect()
}

/// Makes the package with the binary that is tested: a package of another profile differs in nothing else.
///
/// `cargo deb` writes the stripped program to one path in `target/`, whatever `--output` says, so packages are made one by one.
fn debian_package(sandbox: &Sandbox) -> PathBuf {
    let lock = File::create(Path::new(env!("CARGO_TARGET_TMPDIR")).join("cargo-deb.lock")).expect("a file");
    lock.lock().expect("a lock");
    let package = sandbox.path().join("cfwh.deb");
    let folder = Path::new(env!("CARGO_BIN_EXE_cfwh")).parent().and_then(Path::file_name).expect("a profile's folder");
    let profile = folder.to_str().map_or("dev", |folder| if folder == "debug" { "dev" } else { folder });
    let mut deb = Command::new(env!("CARGO"));
    deb.args(["deb", "--no-build", "--strip", "--fast", "--locked", "--offline", "--profile", profile, "--output"]);
    expect_success(deb.arg(&package).current_dir(ROOT));
    package
}

#[test]
#[ignore = "needs cargo-deb, dpkg"]
#[cfg(target_os = "linux")]
fn the_debian_package_installs_program_man_pages_completions_and_licences() {
    let sandbox = Sandbox::new();
    let package = debian_package(&sandbox);
    let root = sandbox.path().join("root");
    for folder in ["var/lib/dpkg/updates", "var/lib/dpkg/info"] {
        std::fs::create_dir_all(root.join(folder)).expect("a folder");
    }
    std::fs::write(root.join("var/lib/dpkg/status"), "").expect("a file");
    // The dependencies are in the real system and not in this root.
    let mut install = Command::new("dpkg");
    install.args(["--force-not-root", "--force-depends", "--force-bad-path", "--no-triggers", "--log=/dev/null"]);
    expect_success(install.arg(format!("--root={}", root.display())).arg("--install").arg(&package));
    for file in expected_files() {
        assert!(root.join(&file).is_file(), "{file} is missing");
    }
    let said = expect_success(Command::new(root.join("usr/bin/cfwh")).arg("--version"));
    assert_eq!(said, format!("cfwh {}\n", env!("CARGO_PKG_VERSION")));
    let read = |path: PathBuf| std::fs::read_to_string(path).expect("a file");
    let doc = root.join("usr/share/doc/cfwh");
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        assert_eq!(read(doc.join(licence)), read(Path::new(ROOT).join(licence)));
    }
    let copyright = read(doc.join("copyright"));
    for line in read(Path::new(ROOT).join("LICENSE-MIT")).lines() {
        assert!(copyright.contains(line), "debian/copyright lacks a line of LICENSE-MIT: {line}");
    }
    let changelog = read(Path::new(ROOT).join("debian/changelog"));
    assert!(changelog.starts_with(concat!("cfwh (", env!("CARGO_PKG_VERSION"), "-1) ")), "{changelog}");
    let field = |field| expect_success(Command::new("dpkg-deb").arg("--field").arg(&package).arg(field));
    assert!(field("Depends").starts_with("libc6 ("), "{}", field("Depends"));
    assert_eq!(field("Package"), "cfwh\n");
}

#[test]
#[ignore = "needs mandoc"]
fn mandoc_accepts_the_man_pages() {
    for page in Path::new(ROOT).join("man").read_dir().expect("the pages") {
        let page = page.expect("an entry").path();
        expect_success(Command::new("mandoc").args(["-T", "lint", "-W", "error"]).arg(page));
    }
}

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
    let deny = read("deny.toml");
    let targets: Vec<_> = workflow.lines().filter_map(|line| line.trim().strip_prefix("- target: ")).collect();
    assert_eq!(targets.len(), 5);
    for target in targets {
        assert!(deny.contains(&format!("\"{target}\"")), "deny.toml does not look at {target}");
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

#[test]
#[ignore = "needs lintian, cargo-deb, dpkg"]
#[cfg(target_os = "linux")]
fn lintian_finds_no_error_in_the_debian_package() {
    let sandbox = Sandbox::new();
    let mut lintian = Command::new("lintian");
    expect_success(lintian.args(["--allow-root", "--fail-on", "error"]).arg(debian_package(&sandbox)));
}

/// Runs the hook in a repository with these files, and returns whether it passed and what it printed.
fn pre_commit(files: &[(&str, &str)]) -> (bool, String) {
    let sandbox = Sandbox::new();
    let hooks = std::fs::read_to_string(Path::new(ROOT).join(".pre-commit-hooks.yaml")).expect("a file");
    let mut hooks: Value = serde_saphyr::from_str(&hooks).expect("YAML");
    // The program that is tested, instead of one that pre-commit builds.
    hooks[0]["language"] = "system".into();
    let validate = hooks[0]["entry"].as_str().and_then(|entry| entry.strip_prefix("cfwh ")).expect("a command");
    hooks[0]["entry"] = format!("{} {validate}", env!("CARGO_BIN_EXE_cfwh")).into();
    let config = json!({ "repos": [{ "repo": "local", "hooks": hooks }] });
    sandbox.write(".pre-commit-config.yaml", config.to_string());
    for (name, body) in files {
        sandbox.write(name, body);
    }
    let run = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(tool(program));
        command.args(arguments).current_dir(sandbox.path()).env("HOME", sandbox.path()).env_remove("XDG_CACHE_HOME");
        command.stdin(Stdio::null()).output().expect("it runs")
    };
    assert!(run("git", &["init", "--quiet"]).status.success());
    assert!(run("git", &["add", "--all"]).status.success());
    let output = run("pre-commit", &["run", "--all-files", "--verbose"]);
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
#[ignore = "needs git, pre-commit"]
fn the_pre_commit_hook_checks_files_that_are_named_after_an_event_and_no_others() {
    const BAD: &str = "{\"event\":\"page_created\",\"timestamp\":true}";
    let others = ["package.json", "tsconfig.json", ".vscode/settings.json", "requests.http", "homepage_created.json"];
    let others = others.into_iter().chain(["page_created/index.json", "label_encoder.json", "page_created.json.txt"]);
    let (passed, text) = pre_commit(&others.map(|name| (name, BAD)).collect::<Vec<_>>());
    assert!(passed && text.contains("no files to check"), "{text}");

    let events: Vec<_> = all_events().map(|kind| format!("{kind}.json")).collect();
    let files = events.iter().map(String::as_str).chain(["package.json"]).map(|name| (name, BAD));
    let (passed, text) = pre_commit(&files.collect::<Vec<_>>());
    assert!(!passed && events.iter().all(|name| text.contains(&format!("--> {name}:"))), "{text}");
    assert!(!text.contains("package.json"), "{text}");

    let names = [
        "calls/000001-page_created.http",
        "a b/blog_removed-2.ndjson",
        "test_page_trashed.jsonl",
        "-page_created.json",
    ];
    let (passed, text) = pre_commit(&names.map(|name| (name, BAD)));
    assert!(!passed && names.iter().all(|name| text.contains(name)), "{text}");
}
