//! A receiver that is bad on purpose.

use std::path::Path;

use super::raw_client::good;
use super::support::{Listener, Sandbox, wait_until};

fn statuses(arguments: &[&str], count: usize) -> Vec<u16> {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &[&["--quiet"], arguments].concat());
    (0..count).map(|_| good(&listener.url)).collect()
}

#[test]
fn respond_fail_first_and_fail_rate_choose_the_status() {
    assert_eq!(statuses(&["--respond", "429"], 2), [429, 429]);
    assert_eq!(statuses(&["--respond", "204"], 2), [204, 204]);
    assert_eq!(statuses(&["--fail-first", "2"], 4), [503, 503, 200, 200]);
    assert_eq!(statuses(&["--fail-first", "1", "--respond", "500"], 2), [500, 200]);
    assert_eq!(statuses(&["--fail-first", "1", "--respond", "202"], 2), [503, 202]);
    assert_eq!(statuses(&["--fail-rate", "0"], 3), [200; 3]);
    assert_eq!(statuses(&["--fail-rate", "1"], 3), [503; 3]);
}

#[test]
fn the_same_seed_fails_the_same_deliveries() {
    let some = statuses(&["--fail-rate", "0.5", "--seed", "7"], 40);
    assert_eq!(some, statuses(&["--fail-rate", "0.5", "--seed", "7"], 40));
    assert_ne!(some, statuses(&["--fail-rate", "0.5", "--seed", "8"], 40));
    assert!(some.contains(&200) && some.contains(&503));
}

#[test]
fn a_delayed_response_is_late_and_still_counted_when_the_client_left() {
    use std::io::Write;
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--delay", "300ms", "--count", "2", "--capture", "calls"]);
    let mut hasty = super::raw_client::connect(&listener.url);
    let bytes = super::raw_client::request("/webhooks/confluence", "", super::raw_client::BODY);
    hasty.write_all(&bytes).expect("it is taken");
    // It is in hand when it is kept; only then does its sender give up.
    let is_capture = |path: &Path| path.extension().is_some_and(|ending| ending == "http");
    wait_until("it is kept", || {
        let mut entries = std::fs::read_dir(sandbox.path().join("calls")).expect("a folder");
        entries.any(|entry| is_capture(&entry.expect("an entry").path()))
    });
    drop(hasty);
    assert_eq!(good(&listener.url), 200);
    assert!(listener.next()["ms"].as_f64().expect("a number") >= 300.0);
    listener.next();
    let summary = listener.finish().expect(0).json();
    assert_eq!(summary[0]["received"], 2);
}
