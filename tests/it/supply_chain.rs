//! The dependencies of the program. `deny.toml` has further rules for cargo-deny.

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::cargo;

/// Fewer than this many crates make a Linux binary, our own included.
const CRATES: usize = 166;

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("a file")
}

#[test]
#[ignore = "runs cargo"]
fn few_crates_make_the_program() {
    let mut cargo = cargo();
    cargo.args(["tree", "--locked", "--offline", "--edges", "normal,build", "--prefix", "none", "--no-dedupe"]);
    cargo.args(["--target", "x86_64-unknown-linux-gnu", "--format", "{p}"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = cargo.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout).expect("text");
    let crates: BTreeSet<_> = tree.lines().collect();
    assert!(crates.len() > 50, "the tree was read: {crates:?}");
    assert!(crates.len() < CRATES, "{} crates", crates.len());
}

#[test]
fn every_dependency_is_listed_in_architecture_md() {
    let manifest = file("Cargo.toml");
    let mut section = "";
    let mut asked = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            section = line;
        } else if section.ends_with("dependencies]") && !section.contains("dev-") {
            asked.extend(line.split_once(" = ").map(|(name, _)| name.to_owned()));
        }
    }
    let architecture = file("ARCHITECTURE.md");
    let table = architecture.split("## What it stands on").nth(1).and_then(|rest| rest.split("\n## ").next());
    let rows = table.expect("the section").lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let told: BTreeSet<_> = rows.map(|(name, _)| name.to_owned()).collect();
    assert_eq!(asked, told);
}
