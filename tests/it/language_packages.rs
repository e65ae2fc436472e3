//! The packages for Python and Node, with the program that is tested: they install without a compiler or a registry, and
//! pass arguments, streams, exit codes and signals through.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Sandbox, expect_success};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const PROGRAM: &str = env!("CARGO_BIN_EXE_cfwh");

fn packaging(script: &str) -> PathBuf {
    Path::new(ROOT).join("packaging").join(script)
}

#[test]
#[ignore = "needs bash, npm, tsc"]
fn the_npm_packages_install_and_pass_everything_through() {
    let sandbox = Sandbox::new();
    let packages = sandbox.path().join("packages");
    let target = if cfg!(target_arch = "aarch64") { "aarch64" } else { "x86_64" };
    let system = if cfg!(target_os = "macos") { "apple-darwin" } else { "unknown-linux-gnu" };
    let mut pack = Command::new(packaging("npm-packages"));
    expect_success(pack.arg(&packages).arg(format!("{target}-{system}={PROGRAM}")));
    expect_success(Command::new(packaging("try-npm")).arg(packages));
}
