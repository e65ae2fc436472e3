//! Captures are evidence: what got a 2xx is in a file, whole, and for its owner alone.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use bytes::Bytes;
use cfwh::store::captures;

use super::raw_client::{BODY, connect, exchange, good, read_response, request};
use super::support::{Listener, Sandbox, wait_until};

fn captures(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| path.extension().is_some_and(|ending| ending == "http")).collect()
}

#[test]
fn acknowledged_deliveries_survive_kill_9() {
    use std::io::Write;
    let sandbox = Sandbox::new();
    let (acknowledged, next) = (Mutex::new(HashSet::new()), AtomicUsize::new(0));
    for round in 1..=3 {
        let listener = Listener::start(&sandbox, &["--quiet", "--capture", "calls"]);
        let url = listener.url.clone();
        thread::scope(|scope| {
            // It ends with this closure, even when that fails: as long as it lives, the senders go on.
            let listener = listener;
            for _ in 0..3 {
                scope.spawn(|| {
                    let mut stream = connect(&url);
                    loop {
                        let body =
                            format!(r#"{{"event":"page_created","n":{}}}"#, next.fetch_add(1, Ordering::Relaxed));
                        let sent = stream.write_all(&request("/webhooks/confluence", "", &body));
                        if sent.is_err() || read_response(&mut stream).is_none_or(|answer| answer.status != 200) {
                            return;
                        }
                        acknowledged.lock().expect("nobody panicked").insert(body);
                    }
                });
            }
            wait_until("so many are acknowledged", || {
                acknowledged.lock().expect("nobody panicked").len() >= round * 200
            });
            listener.signal("-KILL");
        });
    }
    let mut kept = HashSet::new();
    let mut numbers = HashSet::new();
    for path in captures(&sandbox.path().join("calls")) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(numbers.insert(name.split('-').next().expect("a number").to_owned()), "{name} has its number twice");
        let capture = captures::parse(&Bytes::from(fs::read(&path).expect("a file"))).expect("it is whole");
        let length = capture.delivery.headers().text("Content-Length").expect("a length").into_owned();
        assert_eq!(length, capture.delivery.body().len().to_string(), "{name}");
        kept.insert(String::from_utf8(capture.delivery.body().to_vec()).expect("text"));
    }
    assert!(acknowledged.into_inner().expect("nobody panicked").is_subset(&kept));
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_captures() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--quiet", "--capture", "incident/calls"]);
    assert_eq!(good(&listener.url), 200);
    let folder = sandbox.path().join("incident/calls");
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(captures(&folder).iter().map(|path| mode(path)).collect::<Vec<_>>(), [0o600]);
}

/// Without the folder nothing can be kept, and what is not kept must not get a 2xx.
#[test]
fn a_delivery_that_cannot_be_saved_gets_a_503() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--capture", "calls"]);
    let folder = sandbox.path().join("calls");
    fs::remove_dir(&folder).expect("it is empty");
    let refusal = exchange(&listener.url, &request("/webhooks/confluence", "", BODY)).expect("an answer");
    assert_eq!((refusal.status, refusal.body.as_str()), (503, "the delivery could not be saved\n"));
    let line = listener.next();
    assert_eq!((&line["status"], &line["capture"]), (&503.into(), &serde_json::Value::Null));
    fs::create_dir(&folder).expect("a folder");
    assert_eq!(good(&listener.url), 200);
    assert_eq!(captures(&folder).len(), 1);
    listener.interrupt();
    let run = listener.finish().expect(0);
    assert_eq!(run.json().last().map(|line| line["refused"].clone()), Some(1.into()));
    assert!(run.stderr.contains("error: cannot save a capture in calls: No such file or directory"), "{}", run.stderr);
}

#[test]
fn a_public_address_without_a_secret_is_warned_about() {
    let sandbox = Sandbox::new();
    for (arguments, warned) in
        [(&["--address", "0.0.0.0"][..], true), (&["--address", "0.0.0.0", "--secret", "s3cret"], false), (&[], false)]
    {
        let listener = Listener::start(&sandbox, arguments);
        listener.interrupt();
        let run = listener.finish().expect(0);
        assert_eq!(run.stderr.contains("others can reach this address"), warned, "{arguments:?}");
    }
}
