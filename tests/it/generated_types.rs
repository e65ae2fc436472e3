//! The commands of docs/how-to/generate-types.md make types of every profile, which compile.

use std::path::Path;
use std::process::Command;

use cfwh::profiles;

use crate::support::{Sandbox, tool};

/// Runs the commands of this section of the page for every profile.
fn generate(language: &str) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/how-to/generate-types.md");
    let page = std::fs::read_to_string(page).expect("a page");
    let (_, section) = page.split_once(&format!("\n## {language}\n")).expect("a section");
    let (_, commands) = section.split_once("\n```sh\n").expect("a block");
    let (commands, _) = commands.split_once("```").expect("its end");
    let path = std::env::var_os("PATH").expect("a PATH");
    let folders = Path::new(env!("CARGO_BIN_EXE_cfwh")).parent().map(Path::to_owned).into_iter();
    let path = std::env::join_paths(folders.chain(std::env::split_paths(&path))).expect("a PATH");
    for profile in profiles::ALL {
        let commands = commands.replace("--profile cloud", &format!("--profile {}", profile.name));
        let sandbox = Sandbox::new();
        let mut bash = Command::new(tool("bash"));
        bash.args(["-euo", "pipefail", "-c", &commands]).current_dir(sandbox.path()).env("PATH", &path);
        let output = bash.output().expect("it runs");
        let [stdout, stderr] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
        assert!(output.status.success(), "{commands}\n{stdout}\n{stderr}");
    }
}

#[test]
#[ignore = "needs json2ts, tsc"]
fn types_for_typescript_compile() {
    generate("TypeScript");
}

#[test]
#[ignore = "needs datamodel-codegen, mypy, pydantic"]
fn types_for_python_accept_a_body() {
    generate("Python");
}

#[test]
#[ignore = "needs quicktype, go"]
fn types_for_go_compile() {
    generate("Go");
}

#[test]
#[ignore = "needs quicktype, javac, jackson-databind"]
fn types_for_java_compile() {
    generate("Java");
}
