//! The pre-commit hook checks payloads only.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::{Sandbox, all_events, tool};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

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
