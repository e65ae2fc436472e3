//! The receivers among the examples are as right as they say.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::interop::{Guarded, free_port, wait_for};
use crate::support::{Sandbox, cargo};

#[test]
#[ignore = "runs cargo"]
fn the_receiver_example_gets_an_a() {
    expect_an_a("receiver");
}

#[test]
#[ignore = "runs cargo"]
fn the_receiver_example_on_axum_gets_an_a() {
    expect_an_a("axum_receiver");
}

fn expect_an_a(example: &str) {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut build = cargo();
    build.args(["build", "--quiet", "--locked", "--offline", "--example", example]).current_dir(root);
    assert!(build.status().expect("cargo runs").success());
    let folder = Path::new(env!("CARGO_BIN_EXE_cfwh")).parent().expect("a folder").join("examples");
    let port = free_port();
    let mut receiver = Command::new(folder.join(example));
    let _receiver =
        Guarded(receiver.arg(format!("127.0.0.1:{port}")).stdout(Stdio::null()).spawn().expect("it starts"));
    wait_for(port);
    let run = Sandbox::new().run(&["probe", &format!("http://127.0.0.1:{port}/"), "--secret", "s3cret"]).expect(0);
    assert!(run.text().contains("grade A"), "{}", run.text());
}
