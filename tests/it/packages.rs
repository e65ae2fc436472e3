//! The Debian package as `cargo deb` makes it: what is in it, where, and that it installs and runs. What the release
//! workflow uploads is where `cargo binstall` looks for it.

use std::path::Path;
use std::process::{Command, Stdio};

use cfwh::cli::Cli;
use clap::CommandFactory;

use crate::support::Sandbox;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn expect_success(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{command:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Everything that a package brings beside the program, and where Debian's policy and the shells look for it.
fn expected_files() -> Vec<String> {
    let cli = Cli::command();
    let pages = cli.get_subcommands().map(|command| format!("usr/share/man/man1/cfwh-{}.1.gz", command.get_name()));
    let others = [
        "usr/bin/cfwh",
        "usr/share/man/man1/cfwh.1.gz",
        "usr/share/bash-completion/completions/cfwh",
        "usr/share/zsh/vendor-completions/_cfwh",
        "usr/share/fish/vendor_completions.d/cfwh.fish",
        "usr/share/doc/cfwh/copyright",
        "usr/share/doc/cfwh/README.md",
    ];
    pages.chain(others.map(str::to_owned)).collect()
}

#[test]
#[ignore = "needs cargo-deb, dpkg"]
#[cfg(target_os = "linux")]
fn the_debian_package_installs_program_man_pages_and_completions() {
    let sandbox = Sandbox::new();
    // With the binary that is tested: a package of another profile differs in nothing else.
    let package = sandbox.path().join("cfwh.deb");
    let folder = Path::new(env!("CARGO_BIN_EXE_cfwh")).parent().and_then(Path::file_name).expect("a profile's folder");
    let profile = folder.to_str().map_or("dev", |folder| if folder == "debug" { "dev" } else { folder });
    let mut deb = Command::new(env!("CARGO"));
    deb.args(["deb", "--no-build", "--strip", "--fast", "--locked", "--offline", "--profile", profile, "--output"]);
    expect_success(deb.arg(&package).current_dir(ROOT));

    let root = sandbox.path().join("root");
    for folder in ["var/lib/dpkg/updates", "var/lib/dpkg/info"] {
        std::fs::create_dir_all(root.join(folder)).expect("a folder");
    }
    std::fs::write(root.join("var/lib/dpkg/status"), "").expect("a file");
    // What it depends on is in the real system, which this root does not know.
    let mut install = Command::new("dpkg");
    install.args(["--force-not-root", "--force-depends", "--force-bad-path", "--no-triggers", "--log=/dev/null"]);
    expect_success(install.arg(format!("--root={}", root.display())).arg("--install").arg(&package));
    for file in expected_files() {
        assert!(root.join(&file).is_file(), "{file} is missing");
    }
    let said = expect_success(Command::new(root.join("usr/bin/cfwh")).arg("--version"));
    assert_eq!(said, format!("cfwh {}\n", env!("CARGO_PKG_VERSION")));
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
fn release_file_names_match_what_binstall_fetches() {
    let read = |name: &str| std::fs::read_to_string(Path::new(ROOT).join(name)).expect("a file");
    let (manifest, workflow) = (read("Cargo.toml"), read(".github/workflows/release.yml"));
    for part in [
        r#"pkg-url = "{ repo }/releases/download/v{ version }/{ name }-{ target }{ archive-suffix }""#,
        r#"bin-dir = "{ name }-{ target }/{ bin }{ binary-ext }""#,
    ] {
        assert!(manifest.contains(part), "{part}");
    }
    for part in ["name=cfwh-${{ matrix.target }}", "tar czf \"$name.tgz\" \"$name\"", "7z a \"$name.zip\" \"$name\""] {
        assert!(workflow.contains(part), "{part}");
    }
    let deny = read("deny.toml");
    let targets: Vec<_> = workflow.lines().filter_map(|line| line.trim().strip_prefix("- target: ")).collect();
    assert_eq!(targets.len(), 5);
    for target in targets {
        assert!(deny.contains(&format!("\"{target}\"")), "deny.toml does not look at {target}");
    }
}

#[test]
#[ignore = "needs actionlint"]
fn actionlint_accepts_the_workflows() {
    expect_success(Command::new("actionlint").current_dir(ROOT));
}
