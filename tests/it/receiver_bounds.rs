//! A sender cannot use unlimited time, memory or disk.

use std::io::Write;
use std::net::TcpListener;

use super::raw_client::{BODY, SECRET, address, connect, exchange, read_response, request};
use super::support::{Listener, Sandbox, captures, wait_until};

const PATH: &str = "/webhooks/confluence";
const JSON: &str = "Content-Type: application/json";
const MIB: usize = 1024 * 1024;

/// The most memory that a listener has used so far, in bytes.
#[cfg(target_os = "linux")]
fn peak_memory(listener: &Listener) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{}/status", listener.id())).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux says it");
    line.trim_end_matches("kB").trim().parse::<usize>().expect("a number") * 1024
}

/// A body of about this length that breaks a rule every few bytes.
fn flawed_body(length: usize) -> String {
    let members: Vec<_> = (0..length / 13).map(|number| format!(",\"k{number:07}\":1")).collect();
    let members = members.concat();
    format!("{{\"event\":\"page_created\"{members}}}")
}

/// The number of deliveries that were captured in a folder of the sandbox.
fn captured(sandbox: &Sandbox, folder: &str) -> usize {
    captures(&sandbox.path().join(folder)).len()
}

#[test]
fn a_delivery_that_fails_authentication_is_identified_but_not_validated_in_full() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--secret", SECRET, "--capture", "calls"]);
    let forged = ["X-Hub-Signature: sha256=00", JSON];
    let valid = sandbox.run(&["fake", "page_created", "--seed", "1"]).expect(0).stdout;
    for (body, event, verdict) in [
        (&valid[..], "page_created".into(), "clean"),
        (BODY.as_bytes(), "page_created".into(), "unchecked"),
        (b"{\"event\":\"page_created\",\"event\":7}", serde_json::Value::Null, "unchecked"),
        (b"not JSON", serde_json::Value::Null, "unchecked"),
        (flawed_body(MIB - 1000).as_bytes(), serde_json::Value::Null, "unchecked"),
    ] {
        assert_eq!(listener.post(PATH, &forged, body).status, 401);
        let line = listener.next();
        assert_eq!((&line["event"], &line["verdict"]), (&event, &verdict.into()), "{line}");
        assert_eq!(line["findings"], serde_json::json!([]), "{line}");
    }
    let signed = request(PATH, "", BODY);
    assert_eq!(exchange(&listener.url, &signed).expect("a response").status, 200);
    assert_eq!(listener.next()["verdict"], "warnings");
}

/// The sender is gone, and with it everybody who needs the bodies; the response still waits.
#[cfg(target_os = "linux")]
#[test]
fn bodies_are_given_back_while_a_response_is_delayed() {
    const COUNT: usize = 150;
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--delay", "60s", "--capture", "calls"]);
    let bytes = request(PATH, "", &format!("{{\"a\":\"{}\"}}", "x".repeat(MIB - 100)));
    for count in 1..=COUNT {
        let mut stream = connect(&listener.url);
        stream.write_all(&bytes).expect("it reads");
        wait_until("it is saved", || captured(&sandbox, "calls") == count);
    }
    let peak = peak_memory(&listener);
    assert!(peak < 60 * MIB, "{} MiB for {COUNT} deliveries of 1 MiB", peak / MIB);
}

#[test]
fn deliveries_beyond_the_queue_limit_get_a_503() {
    let sandbox = Sandbox::new();
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let endpoint = format!("http://{}/", silent.local_addr().expect("an address"));
    let arguments = ["--forward-unverified", "--forward", &endpoint, "--forward-timeout", "60s", "--max-body", "20MiB"];
    let mut listener = Listener::start(&sandbox, &arguments);
    let bytes = request(PATH, "", &format!("{{\"a\":\"{}\"}}", "x".repeat(20 * MIB - 100)));
    // Four of the largest bodies may wait. With their headers they are more than that, so the fourth is refused.
    let mut waiting = Vec::new();
    for _ in 0..4 {
        let mut stream = connect(&listener.url);
        stream.write_all(&bytes).expect("it reads");
        waiting.push(stream);
    }
    let line = listener.next();
    assert_eq!((&line["status"], &line["forwarded"]), (&503.into(), &serde_json::json!([])));
}

/// Each delivery breaks rules below a key that is nearly as long as its body, and the pointer of each finding has that key.
#[cfg(target_os = "linux")]
#[test]
fn findings_that_wait_for_a_blocked_stdout_are_bounded() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &[]);
    let key = "k".repeat(150_000);
    let body = format!("{{\"event\":\"page_created\",\"{key}\":{{\"a\":{{{}}}}}}}", "\"b\":1,".repeat(500) + "\"b\":1");
    let target = format!("{PATH}?{}", "x".repeat(60_000));
    for _ in 0..30 {
        assert_eq!(listener.post(&target, &[JSON], body.as_bytes()).status, 200);
    }
    let peak = peak_memory(&listener);
    assert!(peak < 80 * MIB, "{} MiB", peak / MIB);
}

/// If nothing reads the output, the process still ends and writes the report.
#[cfg(unix)]
#[test]
fn the_report_is_written_when_output_is_blocked() {
    let sandbox = Sandbox::new();
    let target = format!("{PATH}?{}", "x".repeat(60_000));
    for (end, options) in [("a signal", &[][..]), ("time", &["--within", "2s"])] {
        let arguments = [&["--report", "junit=report.xml", "--expect", "page_removed"], options].concat();
        let mut listener = Listener::start(&sandbox, &arguments);
        for _ in 0..3 {
            assert_eq!(listener.post(&target, &[JSON], b"{}").status, 200);
        }
        if options.is_empty() {
            listener.interrupt();
        }
        assert_eq!(listener.wait_unread(), Some(2), "{end}");
        let error: serde_json::Value = serde_json::from_str(&listener.said()).expect("a line of JSON");
        let message = "stdout is blocked, so not every delivery was shown: 3 accepted, 0 refused";
        assert_eq!((&error["type"], &error["message"]), (&"error".into(), &message.into()), "{end}");
        let report = std::fs::read_to_string(sandbox.path().join("report.xml")).expect("a report");
        assert!(report.contains("expected page_removed, received: none"), "{report}");
        std::fs::remove_file(sandbox.path().join("report.xml")).expect("it was there");
    }
}

/// A slow reader is not one that reads nothing: all of the output is shown, though it takes seconds.
#[cfg(unix)]
#[test]
fn a_slow_reader_gets_the_whole_output_after_the_end() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["-v", "--secret", SECRET, "--expect", "page_removed"]);
    let target = format!("{PATH}?{}", "x".repeat(60_000));
    for _ in 0..12 {
        let forged = ["X-Hub-Signature: sha256=00", JSON];
        assert_eq!(listener.post(&target, &forged, &vec![b'x'; MIB - 1]).status, 401);
    }
    listener.interrupt();
    for number in 1..=12 {
        std::thread::sleep(std::time::Duration::from_millis(200));
        assert_eq!(listener.next()["number"], number);
    }
    assert_eq!(listener.next()["type"], "summary");
    listener.finish().expect(1);
}

#[cfg(unix)]
#[test]
fn two_signals_end_the_program_at_any_time() {
    let sandbox = Sandbox::new();
    let fifo = sandbox.path().join("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().expect("mkfifo runs").success());
    for first in ["-INT", "-TERM"] {
        let mut listener = Listener::start(&sandbox, &["--report", "junit=fifo"]);
        listener.signal(first);
        wait_until("it no longer listens", || std::net::TcpStream::connect(address(&listener.url)).is_err());
        listener.signal(if first == "-INT" { "-TERM" } else { "-INT" });
        assert_eq!(listener.wait_unread(), Some(2));
    }
    // Signals of one kind are merged while they wait, so the second is sent until the process has ended.
    let mut listener = Listener::start(&sandbox, &["--report", "junit=fifo", "--within", "100ms"]);
    wait_until("it no longer listens", || std::net::TcpStream::connect(address(&listener.url)).is_err());
    wait_until("it ends", || {
        listener.interrupt();
        listener.has_ended()
    });
}

#[cfg(unix)]
#[test]
fn deliveries_that_wait_leave_connections_free_for_others() {
    const CONNECTIONS: usize = 32;
    let sandbox = Sandbox::new();
    let mut command = std::process::Command::new("sh");
    let program = env!("CARGO_BIN_EXE_cfwh");
    let script = format!("ulimit -n {}; exec {program} listen --json --port 0 --delay 60s", 2 * CONNECTIONS);
    command.args(["-c", &script]).current_dir(sandbox.path()).env_clear().env("PATH", "/usr/bin:/bin");
    let mut listener = Listener::spawn(&sandbox, command);
    let mut waiting = Vec::new();
    for _ in 0..=CONNECTIONS - CONNECTIONS / 8 {
        let mut stream = connect(&listener.url);
        stream.write_all(&request(PATH, "", BODY)).expect("it reads");
        waiting.push(stream);
    }
    assert_eq!(listener.next()["status"], 503);
    assert_eq!(exchange(&listener.url, b"GET / HTTP/1.0\r\n\r\n").expect("a response").status, 404);
}

/// A sender that has closed its side is mostly gone. It gets its response all the same, only earlier.
#[cfg(unix)]
#[test]
fn senders_that_have_closed_make_room_for_others() {
    const CONNECTIONS: usize = 32;
    let sandbox = Sandbox::new();
    let mut command = std::process::Command::new("sh");
    let program = env!("CARGO_BIN_EXE_cfwh");
    let script = format!("ulimit -n {}; exec {program} listen --json --port 0 --delay 60s", 2 * CONNECTIONS);
    command.args(["-c", &script]).current_dir(sandbox.path()).env_clear().env("PATH", "/usr/bin:/bin");
    let mut listener = Listener::spawn(&sandbox, command);
    let url = listener.url.clone();
    let post = || {
        let mut stream = connect(&url);
        stream.write_all(&request(PATH, "", BODY)).expect("it reads");
        stream
    };
    let mut first = post();
    first.shutdown(std::net::Shutdown::Write).expect("it is open");
    // All that may wait, the first included.
    let waiting: Vec<_> = (0..CONNECTIONS - CONNECTIONS / 8).map(|_| post()).collect();
    assert_eq!(listener.next()["status"], 200, "the first makes room");
    assert_eq!(read_response(&mut first).expect("a response").status, 200);
    let refused = post();
    assert_eq!(listener.next()["status"], 503, "nobody else does");
    drop((waiting, refused));
}
