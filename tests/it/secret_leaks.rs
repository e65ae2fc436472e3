//! No output contains a secret: the tests search the streams and files of every run for its secrets.
//!
//! `support.rs` asks this of every run of the program. Only secrets with a digit in them are looked for, since `old` may
//! be a word of ours. A secret that the program makes itself is no secret that it was given: it is printed on purpose.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// The secrets of a sandbox, and the files that a test wrote into it, which may hold them.
#[derive(Default)]
pub struct Secrets {
    given: Mutex<BTreeSet<Vec<u8>>>,
    own: Mutex<BTreeSet<PathBuf>>,
}

impl Secrets {
    /// A file that a test wrote.
    pub fn except(&self, path: &Path) {
        self.own.lock().expect("nobody panicked").insert(path.to_owned());
    }

    /// Records the secrets of a command: flags, files and environment.
    pub fn learn(&self, command: &Command) -> BTreeSet<Vec<u8>> {
        let folder = command.get_current_dir().expect("a sandbox's command has a folder");
        let mut found = BTreeSet::new();
        let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy().into_owned()).collect();
        for (index, argument) in arguments.iter().enumerate() {
            let next = arguments.get(index + 1);
            match (argument.as_str(), next) {
                ("--token", Some(token)) => {
                    found.extend(token.split_once('=').map(|(_, value)| value.as_bytes().to_vec()));
                }
                ("--secret", Some(secret)) => drop(found.insert(secret.clone().into_bytes())),
                ("--secret-file", Some(file)) => found.extend(std::fs::read(folder.join(file)).ok().map(trimmed)),
                _ => found.extend(argument.strip_prefix("--secret=").map(|secret| secret.as_bytes().to_vec())),
            }
        }
        let variables = command.get_envs().filter(|(name, _)| *name == "CFWH_SECRET");
        found.extend(variables.filter_map(|(_, value)| Some(value?.to_string_lossy().into_owned().into_bytes())));
        found.retain(|secret| secret.len() > 3 && secret.iter().any(u8::is_ascii_digit));
        self.given.lock().expect("nobody panicked").extend(found.iter().cloned());
        found
    }

    /// Fails when a file that a run left in this folder holds one of the secrets.
    pub fn expect_none_in(&self, folder: &Path) {
        let (given, own) = (self.given.lock().expect("nobody panicked"), self.own.lock().expect("nobody panicked"));
        if given.is_empty() {
            return;
        }
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in folder.read_dir().into_iter().flatten().flatten() {
                let path = entry.path();
                // A link is not followed: it is the test's.
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    folders.push(path);
                } else if entry.file_type().is_ok_and(|kind| kind.is_file()) && !own.contains(&path) {
                    expect_none(&given, &std::fs::read(&path).unwrap_or_default(), &path.display().to_string());
                }
            }
        }
    }
}

fn trimmed(mut secret: Vec<u8>) -> Vec<u8> {
    while secret.last().is_some_and(|byte| b"\r\n".contains(byte)) {
        secret.pop();
    }
    secret
}

/// Fails when these bytes hold one of the secrets, as it is, in hex or in base64.
#[track_caller]
pub fn expect_none(secrets: &BTreeSet<Vec<u8>>, bytes: &[u8], whose: &str) {
    for secret in secrets {
        for form in [secret.clone(), hex::encode(secret).into_bytes(), STANDARD_NO_PAD.encode(secret).into_bytes()] {
            assert!(
                !bytes.windows(form.len()).any(|window| window == form),
                "{whose} shows the secret {:?}: {}",
                String::from_utf8_lossy(secret),
                String::from_utf8_lossy(bytes)
            );
        }
    }
}

#[test]
#[should_panic(expected = "stdout shows the secret \"hunter2\"")]
fn a_printed_secret_is_detected() {
    let sandbox = crate::support::Sandbox::new();
    sandbox.write("body.json", "{\"event\":\"hunter2\"}");
    let mut command = sandbox.command(&["validate", "body.json"]);
    command.env("CFWH_SECRET", "hunter2");
    sandbox.finish(command);
}

#[test]
#[should_panic(expected = "left.txt shows the secret \"hunter2\"")]
fn a_secret_in_a_file_is_detected() {
    let sandbox = crate::support::Sandbox::new();
    sandbox.run(&["events", "--secret=hunter2"]);
    std::fs::write(sandbox.path().join("left.txt"), hex::encode("hunter2")).expect("it is written");
}
