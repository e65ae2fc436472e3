//! Files that the program leaves behind: whole or not there, and for whom they are.

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
    for (umask, expected) in [("022", 0o644), ("027", 0o640)] {
        for (arguments, name) in writers(&endpoint.url("/")) {
            let mut command = std::process::Command::new("/bin/sh");
            command.args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_cfwh")]);
            command.args(&arguments).current_dir(sandbox.path()).env_clear();
            sandbox.finish(command);
            let file = sandbox.path().join(name);
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
