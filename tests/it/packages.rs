//! The Debian package as `cargo deb` makes it: what is in it, where, and that it installs and runs.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use cfwh::cli::Cli;
use cfwh::cli::help::all_commands;
use clap::CommandFactory;

use crate::support::{Sandbox, cargo, expect_success};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

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
    let mut deb = cargo();
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
#[ignore = "needs lintian, cargo-deb, dpkg"]
#[cfg(target_os = "linux")]
fn lintian_finds_no_error_or_warning_in_the_debian_package() {
    let sandbox = Sandbox::new();
    let mut lintian = Command::new("lintian");
    expect_success(lintian.args(["--allow-root", "--fail-on", "error,warning"]).arg(debian_package(&sandbox)));
}
