//! A receiver that is bad on purpose.

use super::raw_client::good;
use super::support::{Listener, Sandbox, captures, wait_until};

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
    wait_until("it is kept", || !captures(&sandbox.path().join("calls")).is_empty());
    drop(hasty);
    assert_eq!(good(&listener.url), 200);
    assert!(listener.next()["ms"].as_f64().expect("a number") >= 300.0);
    listener.next();
    let summary = listener.finish().expect(0).json();
    assert_eq!(summary[0]["received"], 2);
}

/// Posts a delivery without waiting for its response, until it is captured in `calls`.
fn post_captured(sandbox: &Sandbox, listener: &Listener) -> std::net::TcpStream {
    use std::io::Write;
    let mut stream = super::raw_client::connect(&listener.url);
    let bytes = super::raw_client::request("/webhooks/confluence", "", super::raw_client::BODY);
    stream.write_all(&bytes).expect("it is taken");
    wait_until("it is captured", || !captures(&sandbox.path().join("calls")).is_empty());
    stream
}

#[test]
fn deliveries_that_wait_for_their_response_at_the_end_are_counted() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let endpoint = format!("http://{}/", silent.local_addr().expect("an address"));
    let forward = ["--forward-unverified", "--forward-timeout", "60s", "--forward", &endpoint];
    for (options, status) in [(&["--delay", "60s"][..], 200), (&forward, 503)] {
        let sandbox = Sandbox::new();
        let listener = Listener::start(&sandbox, &[&["--capture", "calls"], options].concat());
        let mut stream = post_captured(&sandbox, &listener);
        listener.interrupt();
        let lines = listener.finish().expect(0).json();
        assert_eq!((&lines[0]["type"], &lines[0]["status"]), (&"delivery".into(), &status.into()), "{options:?}");
        assert_eq!((&lines[1]["type"], &lines[1]["received"]), (&"summary".into(), &1.into()), "{options:?}");
        let response = super::raw_client::read_response(&mut stream).expect("a response");
        assert_eq!(response.status, status, "{options:?}");
    }
}

/// Its response would wait for a minute.
#[cfg(unix)]
#[test]
fn a_sender_that_resets_its_connection_ends_the_delay() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--delay", "60s", "--count", "1", "--capture", "calls"]);
    let stream = post_captured(&sandbox, &listener);
    socket2::SockRef::from(&stream).set_linger(Some(std::time::Duration::ZERO)).expect("an option");
    drop(stream);
    let lines = listener.finish().expect(0).json();
    assert_eq!((&lines[0]["type"], &lines[0]["status"]), (&"delivery".into(), &200.into()));
}
