//! Captures are evidence: what got a 2xx is in a file, whole, and for its owner alone.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use bytes::Bytes;
use cfwh::store::capture_format;

use super::raw_client::{BODY, SECRET, connect, exchange, good, read_response, request};
use super::support::{Listener, Sandbox, captures, wait_until};

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
        let capture = capture_format::parse(&Bytes::from(fs::read(&path).expect("a file"))).expect("it is whole");
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

/// Without the folder, no delivery can be saved, and a delivery that is not saved must not get a 2xx.
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
    assert!(run.stderr.contains("cannot save a capture in calls: No such file or directory"), "{}", run.stderr);
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
        assert_eq!(run.stderr.contains("other machines can reach this address"), warned, "{arguments:?}");
    }
}

#[test]
fn a_folder_at_its_limit_refuses_deliveries() {
    let sandbox = Sandbox::new();
    let folder = sandbox.path().join("calls");
    let arguments = ["--secret", SECRET, "--capture", "calls", "--capture-limit", "24KiB"];
    // What an earlier run saved counts too. Each capture takes a block of 4 KiB, and the journal takes some.
    for status in [200, 507] {
        let mut listener = Listener::start(&sandbox, &arguments);
        let statuses = [0; 3].map(|_| {
            let response = exchange(&listener.url, &request("/webhooks/confluence", "", BODY)).expect("a response");
            let line = listener.next();
            assert_eq!(line["status"], response.status);
            assert_eq!(line["capture"].is_string(), response.status == 200, "{line}");
            response.status
        });
        assert_eq!(statuses[2], status, "{statuses:?}");
        assert_eq!(exchange(&listener.url, b"GET / HTTP/1.0\r\n\r\n").expect("a response").status, 404);
        listener.interrupt();
        let run = listener.finish().expect(0);
        let length = |path: &Path| fs::metadata(path).expect("a file").len();
        let space = captures(&folder).len() as u64 * 4096 + length(&folder.join("deliveries.ndjson"));
        assert!(space <= 24 * 1024, "{space}");
        let error = "cannot save a capture in calls: its limit of 24 KiB is reached";
        assert_eq!(run.stderr.matches(error).count(), usize::from(status == 507), "{}", run.stderr);
    }
    let refused = sandbox.run(&["listen", "--capture-limit", "1GiB"]).expect(2);
    assert!(refused.stderr.contains("--capture <DIR>"), "{}", refused.stderr);
}

#[test]
fn deliveries_that_fail_authentication_use_only_a_share_of_the_folder() {
    let sandbox = Sandbox::new();
    let arguments = ["--quiet", "--secret", SECRET, "--capture", "calls", "--capture-limit", "256KiB"];
    let listener = Listener::start(&sandbox, &arguments);
    for _ in 0..10 {
        let unsigned = listener.post("/webhooks/confluence", &["Content-Type: application/json"], BODY.as_bytes());
        assert_eq!(unsigned.status, 401);
    }
    let folder = sandbox.path().join("calls");
    assert_eq!(captures(&folder).len(), 4, "a sixteenth is four blocks");
    assert_eq!(good(&listener.url), 200);
    assert_eq!(captures(&folder).len(), 5);
    listener.interrupt();
    let run = listener.finish().expect(0);
    assert_eq!(
        run.stderr.matches("cannot save a capture in calls: its limit of 16 KiB for unverified deliveries").count(),
        1,
        "{}",
        run.stderr
    );
}

/// Not even root can create a file in `/proc`.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_to_is_refused_at_the_start() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["listen", "--port", "0", "--capture", "/proc/self"]).expect(2);
    assert!(run.stderr.starts_with("error: cannot save captures in /proc/self: "), "{}", run.stderr);
    assert_eq!(run.text(), "");
}

#[test]
fn names_sort_in_the_order_of_arrival_beyond_the_millionth() {
    let sandbox = Sandbox::new();
    let mut saved = Vec::new();
    for last in ["999998-unknown.http", "a9999998-unknown.http"] {
        sandbox.write(&format!("calls/{last}"), "");
        let mut listener = Listener::start(&sandbox, &["--capture", "calls"]);
        for _ in 0..3 {
            assert_eq!(good(&listener.url), 200);
            saved.push(listener.next()["capture"].as_str().expect("a file").to_owned());
        }
    }
    let names = ["999999", "a1000000", "a1000001", "a9999999", "b10000000", "b10000001"];
    assert_eq!(saved, names.map(|number| format!("calls/{number}-page_created.http")));
    assert!(saved.is_sorted());
}
