//! The GitHub action: its script is taken out of `action.yml` and run as a runner does it, with the real program.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::{Run, Sandbox, tool};

/// No inputs but the paths.
const PATHS_ONLY: &[(&str, &str)] = &[];

/// The script of the step of this name.
pub fn script(step: &str) -> String {
    let action = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml")).expect("a file");
    let action: Value = serde_saphyr::from_str(&action).expect("YAML");
    let steps = action["runs"]["steps"].as_array().expect("steps");
    let step = steps.iter().find(|other| other["name"] == step).expect("the step");
    assert_eq!(step["shell"], "bash");
    step["run"].as_str().expect("a script").to_owned()
}

/// A folder with payloads, and the program where the action installs it.
fn workspace() -> Sandbox {
    let sandbox = Sandbox::new();
    let good = sandbox.run(&["fake", "page_created", "--seed", "1"]).expect(0).stdout;
    let bad = "{\"event\":\"page_created\",\"timestamp\":true}";
    sandbox.write("good.json", &good);
    sandbox.write("bad.json", bad);
    sandbox.write("--help.json", bad);
    sandbox.write("-", bad);
    sandbox.write("[draft].json", bad);
    sandbox.write("payloads/first.json", &good);
    sandbox.write("payloads/notes.txt", "no payload");
    sandbox.write("payloads/deep/er/with a blank.json", bad);
    sandbox.write("right/a.json", &good);
    sandbox.write("right/b.json", &good);
    sandbox.write("right/two words.json", &good);
    let bin = sandbox.path().join("runner/cfwh/bin");
    std::fs::create_dir_all(&bin).expect("a folder");
    // A link: a copy that another thread has open while it starts a process cannot be run.
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_cfwh"), bin.join("cfwh")).expect("a link");
    sandbox
}

/// Runs the action with these inputs.
fn validate(sandbox: &Sandbox, paths: &str, inputs: &[(&str, &str)]) -> Run {
    run_script(sandbox, &script("Validate"), paths, inputs)
}

fn run_script(sandbox: &Sandbox, script: &str, paths: &str, inputs: &[(&str, &str)]) -> Run {
    let script = sandbox.write("runner/script.sh", script);
    let mut command = Command::new(tool("bash"));
    command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(script).current_dir(sandbox.path());
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("RUNNER_TEMP", sandbox.path().join("runner")).env("PATHS", paths);
    command.envs([("STRICT", "false"), ("SARIF", ""), ("JUNIT", "")]).envs(inputs.iter().copied());
    sandbox.finish(command)
}

/// Runs the action with these paths. Returns its exit code and the files that it annotates.
fn annotated(sandbox: &Sandbox, paths: &str) -> (i32, Vec<String>) {
    let run = validate(sandbox, paths, PATHS_ONLY);
    let files = run.text().lines().filter_map(|line| line.strip_prefix("::error file=")?.split(',').next());
    let mut files: Vec<_> = files.map(|file| file.trim_start_matches("./").to_owned()).collect();
    files.dedup();
    (run.code, files)
}

#[test]
#[ignore = "needs bash"]
fn every_line_of_the_paths_is_validated() {
    let sandbox = workspace();
    for paths in [
        "good.json\nbad.json\n",
        "bad.json\ngood.json",
        "\n\n  good.json  \n\t\n\tbad.json",
        "good.json\r\nbad.json\r\n",
    ] {
        assert_eq!(annotated(&sandbox, paths), (1, vec!["bad.json".to_owned()]), "{paths:?}");
    }
    assert_eq!(annotated(&sandbox, "good.json\nright/a.json\n"), (0, vec![]));
}

#[test]
#[ignore = "needs bash"]
fn paths_are_separated_by_blanks_too() {
    let sandbox = workspace();
    for paths in ["good.json bad.json", "bad.json\tgood.json", "good.json right\nright/a.json bad.json"] {
        assert_eq!(annotated(&sandbox, paths), (1, vec!["bad.json".to_owned()]), "{paths:?}");
    }
}

#[test]
#[ignore = "needs bash"]
fn patterns_stand_for_files_with_blanks_in_any_depth() {
    let sandbox = workspace();
    let deep = "payloads/deep/er/with a blank.json".to_owned();
    for paths in [
        "payloads/**/*.json",
        "**/with*",
        "payloads",
        "payloads/",
        "payloads/**",
        "payloads/deep/er/with a blank.json",
        "payloads/deep/er/with a *.json",
        "right/*.json payloads/*/*/*.json",
        "right/t?o words.json\npayloads/[d]eep",
    ] {
        assert_eq!(annotated(&sandbox, paths), (1, vec![deep.clone()]), "{paths:?}");
    }
    assert_eq!(annotated(&sandbox, "right/two words.json\nright/*.json right/[ab].json"), (0, vec![]));
}

#[test]
#[ignore = "needs bash"]
fn a_bash_without_double_stars_refuses_them_and_expands_others() {
    let sandbox = workspace();
    // As the bash 3.2 of macOS.
    let old = "shopt() { [ \"$2\" != globstar ] && builtin shopt \"$@\"; }\n".to_owned() + &script("Validate");
    let run = run_script(&sandbox, &old, "payloads/**/*.json", PATHS_ONLY).expect(2);
    assert!(run.text().contains("does not know **"), "{}", run.text());
    run_script(&sandbox, &old, "right/*.json payloads/*.json", PATHS_ONLY).expect(0);
    run_script(&sandbox, &old, "payloads", PATHS_ONLY).expect(1);
}

#[test]
#[ignore = "needs bash"]
fn a_file_that_two_patterns_match_is_validated_once() {
    let sandbox = workspace();
    for paths in ["right", "right/**", "right/**/*.json", "right/*"] {
        let run = validate(&sandbox, paths, PATHS_ONLY).expect(0);
        assert!(run.stderr.contains("3 "), "{paths}: {}", run.stderr);
    }
}

#[test]
#[ignore = "needs bash"]
fn names_are_neither_options_nor_stdin_nor_patterns_when_there_is_such_a_file() {
    let sandbox = workspace();
    for name in ["--help.json", "-", "[draft].json"] {
        assert_eq!(annotated(&sandbox, name), (1, vec![name.to_owned()]));
        assert_eq!(annotated(&sandbox, &format!("good.json {name}")), (1, vec![name.to_owned()]));
    }
    assert_eq!(annotated(&sandbox, "-* good.json"), (1, vec!["-".to_owned(), "--help.json".to_owned()]));
    assert_eq!(annotated(&sandbox, "--version"), (2, vec![]));
}

#[test]
#[ignore = "needs bash"]
fn paths_that_stand_for_nothing_are_an_error() {
    let sandbox = workspace();
    for paths in ["", " ", "\n", " \t\n \r\n\n"] {
        let run = validate(&sandbox, paths, PATHS_ONLY).expect(2);
        assert_eq!(run.text(), "::error title=cfwh::paths is empty: name a file, a folder or a pattern\n", "{paths:?}");
    }
    for (paths, missing) in [
        ("absent.json", "absent.json"),
        ("good.json absent.json", "absent.json"),
        ("good.json\nabsent/**/*.json\nright", "absent/**/*.json"),
        ("*.yaml", "*.yaml"),
        ("\"good.json\"", "\"good.json\""),
        ("100%", "100%25"),
        ("$(touch made)", "$(touch"),
        ("`touch made`", "`touch"),
    ] {
        let run = validate(&sandbox, paths, PATHS_ONLY).expect(2);
        let expected = format!("::error title=cfwh::paths: {missing} is no file, and as a pattern it matches none\n");
        assert_eq!(run.text(), expected);
    }
    assert!(!sandbox.path().join("made").exists());
    // A folder without payloads is the program's to refuse.
    std::fs::create_dir(sandbox.path().join("empty")).expect("a folder");
    let run = validate(&sandbox, "empty", PATHS_ONLY).expect(2);
    assert!(run.stderr.contains("empty contains no .json"), "{}", run.stderr);
}

#[test]
#[ignore = "needs bash"]
fn the_other_inputs_become_options() {
    let sandbox = workspace();
    sandbox.write("warned.json", "{\"event\":\"page_created\"}");
    validate(&sandbox, "warned.json", &[("STRICT", "false")]).expect(0);
    validate(&sandbox, "warned.json", &[("STRICT", "")]).expect(0);
    validate(&sandbox, "warned.json", &[("STRICT", "true")]).expect(1);
    for strict in ["True", "yes", "1", "true\n::error::"] {
        let run = validate(&sandbox, "good.json", &[("STRICT", strict)]).expect(2);
        assert_eq!(run.text(), "::error title=cfwh::strict is neither true nor false\n");
    }
    validate(&sandbox, "good.json bad.json", &[("SARIF", "re port.sarif"), ("JUNIT", "-junit.xml")]).expect(1);
    assert!(std::fs::read_to_string(sandbox.path().join("re port.sarif")).expect("a file").contains("2.1.0"));
    assert!(std::fs::read_to_string(sandbox.path().join("-junit.xml")).expect("a file").contains("<testsuites"));
}
