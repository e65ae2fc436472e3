//! The packages for Python and Node, with the program that is tested: they install without a compiler or a registry, and
//! pass arguments, streams, exit codes and signals through.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Sandbox, expect_success, tool, without_cargo_test_variables};

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

#[test]
#[ignore = "needs bash, maturin"]
fn the_wheel_installs_without_a_compiler_and_works() {
    let sandbox = Sandbox::new();
    let mut maturin = Command::new(tool("maturin"));
    maturin
        .args(["build", "--profile", "dev", "--compatibility", "linux", "--compression-method", "stored", "--out"])
        .arg(sandbox.path());
    without_cargo_test_variables(&mut maturin);
    expect_success(maturin.current_dir(Path::new(ROOT).join("python")).env("CARGO", packaging("tests-cargo")));
    let wheel = sandbox.path().read_dir().expect("a folder").next().expect("a wheel").expect("an entry");
    expect_success(Command::new(packaging("try-wheel")).arg(wheel.path()));
}
