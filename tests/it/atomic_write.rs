//! Written files: they are complete or missing, and only their owner can read private ones.

use std::fs;
use std::path::Path;

use crate::support::{Endpoint, Sandbox};

/// The commands that write a file, each with the file.
fn writers(endpoint: &str) -> Vec<(Vec<&str>, &'static str)> {
    vec![
        (vec!["fake", "page_created", "--seed", "1", "--out", "."], "page_created.json"),
        (vec!["fake", "page_created", "--seed", "1", "--invalid", "--out", "."], "type.json"),
        (vec!["validate", "body.json", "--report", "junit=validated.xml"], "validated.xml"),
        (vec!["listen", "--port", "0", "--within", "1ms", "--report", "junit=listened.xml"], "listened.xml"),
        (vec!["probe", endpoint, "--only", "event/unknown", "--save", "."], "event-unknown.http"),
    ]
}

/// A file that is written in place can be seen half, and is lost when the rest cannot be written.
#[test]
fn a_complete_file_replaces_the_old_one() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", "{}");
    let endpoint = Endpoint::start(&[]);
    for (arguments, name) in writers(&endpoint.url("/")) {
        let (file, old) = (sandbox.write(name, "old"), sandbox.path().join(format!("{name}.old")));
        fs::hard_link(&file, &old).expect("a second name");
        sandbox.run(&arguments);
        assert_ne!(fs::read_to_string(&file).expect("the new one"), "old", "{arguments:?}");
        assert_eq!(fs::read_to_string(&old).expect("the old one"), "old", "{arguments:?}");
    }
    let names = fs::read_dir(sandbox.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().starts_with('.')), "a temporary file is left");
}

#[cfg(unix)]
#[test]
fn written_files_follow_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    sandbox.write("body.json", "{}");
    let endpoint = Endpoint::start(&[]);
    let mode = |path: &Path| fs::metadata(path).expect("it is written").permissions().mode() & 0o777;
    for (umask, report) in [("022", 0o644), ("027", 0o640)] {
        for (arguments, name) in writers(&endpoint.url("/")) {
            let mut command = std::process::Command::new("/bin/sh");
            command.args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_cfwh")]);
            command.args(&arguments).current_dir(sandbox.path()).env_clear();
            sandbox.finish(command);
            let file = sandbox.path().join(name);
            // Bodies and deliveries are for their owner alone.
            let expected = if arguments[0] == "fake" || arguments[0] == "probe" { 0o600 } else { report };
            assert_eq!(mode(&file), expected, "{arguments:?} with umask {umask}");
            fs::remove_file(file).expect("it was there");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_device_is_written_to_and_not_replaced() {
    let sandbox = Sandbox::new();
    let listened =
        sandbox.run(&["listen", "--port", "0", "--within", "1ms", "--report", "junit=/dev/stdout"]).expect(0);
    assert!(listened.text().contains("<testsuites"), "{}", listened.text());
    sandbox.write("body.json", "{}");
    sandbox.write("reports/validated.xml", "old");
    let link = sandbox.path().join("validated.xml");
    std::os::unix::fs::symlink("reports/validated.xml", &link).expect("a link");
    sandbox.run(&["validate", "body.json", "--report", "junit=validated.xml"]);
    assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
    assert!(fs::read_to_string(sandbox.path().join("reports/validated.xml")).expect("text").contains("<testsuites"));
}

/// A link in a folder that others can write to would send bodies and signed requests wherever they like.
#[cfg(unix)]
#[test]
fn links_are_replaced_and_not_followed() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let elsewhere = sandbox.write("elsewhere", "old");
    for (arguments, name) in [
        (vec!["fake", "page_created", "--out", "new"], "new/page_created.json"),
        (vec!["fake", "page_created", "--invalid", "--out", "new"], "new/path-mismatch.http"),
        (vec!["fake", "story", "--invalid", "--out", "new"], "new/story/version.ndjson"),
        (vec!["probe", &endpoint.url("/"), "--only", "event/unknown", "--save", "new"], "new/event-unknown.http"),
    ] {
        sandbox.run(&arguments);
        let file = sandbox.path().join(name);
        fs::remove_file(&file).expect("it was written");
        std::os::unix::fs::symlink(&elsewhere, &file).expect("a link");
        sandbox.run(&arguments);
        assert!(fs::symlink_metadata(&file).expect("it is there").is_file(), "{arguments:?}");
        assert_eq!(fs::read_to_string(&elsewhere).expect("text"), "old", "{arguments:?}");
        let folder = file.parent().expect("a folder");
        assert_eq!(fs::metadata(folder).expect("a folder").permissions().mode() & 0o777, 0o700, "{arguments:?}");
        fs::remove_dir_all(sandbox.path().join("new")).expect("it was there");
    }
}

/// `validate` does not end while it reads from an open pipe, and `fake` writes many files.
#[cfg(target_os = "linux")]
#[test]
fn a_terminated_run_leaves_no_temporary_file() {
    use std::process::{Command, Stdio};
    let sandbox = Sandbox::new();
    for arguments in [
        &["validate", "-", "--report", "junit=report.xml", "--report", "sarif=report.sarif"][..],
        &["fake", "all", "--count", "1000000", "--out", "bodies"],
    ] {
        let mut command = sandbox.command(arguments);
        let mut child = command.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
        let opened = |child: u32| {
            let files = fs::read_dir(format!("/proc/{child}/fd")).into_iter().flatten().flatten();
            files.filter_map(|file| fs::read_link(file.path()).ok()).any(|file| file.starts_with(sandbox.path()))
        };
        crate::support::wait_until("it writes", || opened(child.id()));
        // A shell that runs the tests in the background ignores SIGINT for them.
        let status = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill runs");
        assert!(status.success());
        child.wait().expect("it ends");
        for folder in [sandbox.path().to_owned(), sandbox.path().join("bodies")] {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            let hidden = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with('.'));
            assert_eq!(hidden.count(), 0, "{arguments:?}");
        }
    }
    assert!(!sandbox.path().join("report.xml").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn a_limit_on_the_size_of_files_is_an_error_with_a_sentence() {
    let sandbox = Sandbox::new();
    let limited = |line: &str| {
        let mut command = std::process::Command::new("sh");
        let line = format!("ulimit -f 1; {}", line.replace("cfwh", env!("CARGO_BIN_EXE_cfwh")));
        command.args(["-c", &line]).current_dir(sandbox.path()).env_clear();
        sandbox.finish(command).expect(2)
    };
    sandbox.write("body.ndjson", "{}\n".repeat(10_000));
    let run = limited("cfwh fake all --count 100 > bodies");
    assert!(run.stderr.contains("error: cannot write to stdout: File too large (os error 27)\n"), "{}", run.stderr);
    let run = limited("cfwh fake page_created --set page.title=\"\\\"$(printf %3000s)\\\"\" --out .");
    assert!(run.stderr.contains("error: cannot write ./page_created.json: File too large"), "{}", run.stderr);
    let run = limited("cfwh validate -q body.ndjson --report sarif=report.sarif");
    assert!(run.stderr.contains("error: cannot write report.sarif: File too large"), "{}", run.stderr);
}
