//! `cfwh listen`: captures, output, and how it ends.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use crate::raw_client::{address, connect, read_response, request};
use crate::support::{Listener, Sandbox, captures, listen_meanwhile};

const PATH: &str = "/webhooks/confluence";
const JSON: &str = "Content-Type: application/json";

#[test]
fn a_capture_is_complete_before_the_response() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--capture", "kept"]);
    for number in 1..=20 {
        let body = format!("{{\"event\":\"page_created\",\"number\":{number}}}");
        assert_eq!(listener.post(PATH, &[JSON], body.as_bytes()).status, 200);
        // The response was received, so the capture exists even if the process is killed.
        let kept = sandbox.path().join(format!("kept/{number:06}-page_created.http"));
        assert!(std::fs::read_to_string(kept).expect("it is kept").ends_with(&format!("\r\n\r\n{body}")));
    }
    listener.signal("-KILL");
    let kept = sandbox.run(&["validate", "kept", "--json"]).expect(0);
    assert_eq!(kept.text().lines().count(), 20);
}

#[test]
fn capture_names_are_numbered_and_never_attacker_chosen() {
    let sandbox = Sandbox::new();
    for (body, name) in [
        ("{\"event\":\"page_created\"}", "000001-page_created.http"),
        ("{\"event\":\"../../etc/passwd\"}", "000002-unknown.http"),
        ("nonsense", "000003-unknown.http"),
    ] {
        let mut listener = Listener::start(&sandbox, &["--capture", "kept"]);
        listener.post(PATH, &[JSON], body.as_bytes());
        assert_eq!(listener.next()["capture"], format!("kept/{name}"));
    }
}

#[test]
fn an_unusable_capture_folder_is_reported_before_listening() {
    let sandbox = Sandbox::new();
    sandbox.write("taken", "");
    let run = sandbox.run(&["listen", "--port", "0", "--capture", "taken"]).expect(2);
    assert!(run.stderr.starts_with("error: cannot save captures in taken: "), "{}", run.stderr);
    assert_eq!(run.text(), "");
}

#[test]
fn a_report_that_cannot_be_written_is_reported_before_listening() {
    let sandbox = Sandbox::new();
    sandbox.write("folder/file", "");
    for (path, reason) in [
        ("missing/r.xml", "No such file or directory"),
        ("folder/file/r.xml", "Not a directory"),
        ("folder", "it is a folder"),
    ] {
        let run = sandbox.run(&["listen", "--port", "0", "--within", "1ms", "--report", &format!("junit={path}")]);
        let run = run.expect(2);
        assert!(run.stderr.starts_with(&format!("error: cannot write {path}: {reason}")), "{}", run.stderr);
        assert_eq!(run.text(), "");
    }
}

#[test]
fn sigint_and_sigterm_end_it_quickly_with_a_summary() {
    for signal in ["-INT", "-TERM"] {
        let sandbox = Sandbox::new();
        let listener = Listener::start(&sandbox, &[]);
        listener.post(PATH, &[JSON], b"{}");
        // A sender that never finishes must not hold it up.
        let mut half = TcpStream::connect(address(&listener.url)).expect("it listens");
        let head = format!("POST {PATH} HTTP/1.1\r\nHost: localhost\r\n{JSON}\r\nContent-Length: 10\r\n\r\n{{");
        half.write_all(head.as_bytes()).expect("it reads");
        let start = Instant::now();
        listener.signal(signal);
        let run = listener.finish().expect(0);
        // The promise is one second; five leave room for a busy machine and would still see a read timeout of ten.
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
        let lines = run.json();
        assert_eq!(
            lines.last().map(|line| (line["type"].clone(), line["received"].clone())),
            Some(("summary".into(), 1.into()))
        );
    }
}

#[test]
fn without_json_the_summary_is_on_stderr() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["listen", "--demo"]).expect(0);
    assert!(run.stderr.starts_with("22 received: 21 accepted, 1 refused\n"), "{}", run.stderr);
    assert!(run.text().starts_with("ready http://127.0.0.1:"), "{}", run.text());
    let lines: Vec<_> = run.text().lines().skip(1).collect();
    assert_eq!(lines.len(), 24, "{}", run.text());
    let deliveries = || lines.iter().filter(|line| !line.starts_with(' '));
    assert!(deliveries().all(|line| line.chars().count() <= 80), "{}", run.text());
    assert!(lines[..19].iter().all(|line| line.contains(" valid ") && line.contains(" clean ")), "{}", run.text());
    assert!(lines[19].contains(" mismatch ") && lines[19].contains(" 401 "), "{}", lines[19]);
    assert_eq!(lines[20].trim_start(), "no cause found; -v says what was tried");
    assert!([" valid ", " 1 error ", " 200 "].iter().all(|word| lines[21].contains(word)), "{}", lines[21]);
    assert!(lines[22].contains("error[type] /timestamp: "), "{}", lines[22]);
    assert!(lines[23].contains(" valid ") && lines[23].contains(" clean "), "{}", lines[23]);
}

#[test]
fn the_demo_explains_each_delivery_with_a_problem() {
    let sandbox = Sandbox::new();
    for (options, statuses) in [
        (&[][..], &[" 401  wrong credentials", " 200  an invalid body", " 200  a duplicate"][..]),
        (&["--strict"], &[" 401  wrong credentials", " 422  an invalid body", " 200  a duplicate"]),
        (&["--auth", "none"], &[" 200  an invalid body", " 200  a duplicate"]),
        (&["--profile", "cloud"], &[" 401  wrong credentials", " 200  an invalid body", " 200  a duplicate"]),
    ] {
        let run = sandbox.run(&[&["listen", "--demo"], options].concat()).expect(0);
        let notes: Vec<_> = run.stderr.lines().skip_while(|line| !line.starts_with("That was")).collect();
        assert_eq!(notes.len(), statuses.len() + 2, "{}", run.stderr);
        for (note, status) in notes[1..].iter().zip(statuses) {
            assert!(note.contains(status), "{options:?}: {note}");
        }
    }
}

#[test]
fn count_ends_it_after_n_deliveries() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--count", "2"]);
    sandbox.run(&["send", "page_created", "page_updated", "--to", &listener.url, "--seed", "1"]).expect(0);
    let lines = listener.finish().expect(0).json();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[2]["received"], 2);
}

#[test]
fn quiet_prints_only_the_ready_line() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--quiet", "--count", "1"]);
    sandbox.run(&["send", "page_created", "--to", &listener.url, "--seed", "1"]).expect(0);
    let run = listener.finish().expect(0);
    assert_eq!((run.text(), run.stderr.as_str()), ("", ""));

    let demo = sandbox.run(&["listen", "--demo", "--quiet"]).expect(0);
    assert!(demo.text().starts_with("ready http://") && demo.text().lines().count() == 1, "{}", demo.text());
    assert_eq!(demo.stderr, "");
}

#[test]
fn ready_is_printed_only_after_binding() {
    let sandbox = Sandbox::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    for json in [&[][..], &["--json"]] {
        let run = sandbox.run(&[&["listen", "--port", &port], json].concat()).expect(2);
        assert_eq!(run.text(), "");
        let sentence = format!("cannot listen on 127.0.0.1:{port}: ");
        assert!(run.stderr.contains(&sentence), "{}", run.stderr);
        assert_eq!(run.stderr.contains("\"code\":\"address-in-use\""), json.len() == 1, "{}", run.stderr);
    }
    // Once the line is printed, connections are accepted.
    for _ in 0..10 {
        let listener = Listener::start(&sandbox, &[]);
        assert_eq!(listener.post(PATH, &[JSON], b"{}").status, 200);
    }
}

/// If nothing reads the output, senders wait before deliveries fill the memory, and no delivery is lost.
#[test]
fn a_blocked_stdout_slows_senders_before_memory_fills() {
    const ALLOWED: u64 = 800;
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &[]);
    // A target that its line repeats: two of them are more than a pipe takes.
    let target = format!("{PATH}?{}", "x".repeat(60_000));
    let mut stream = connect(&listener.url);
    let bytes = request(&target, "", &format!(r#"{{"event":"page_created","filler":"{}"}}"#, "x".repeat(100_000)));
    // On a busy machine a response may be late. The test then treats it as blocked, which only makes the test weaker.
    stream.set_read_timeout(Some(Duration::from_secs(1))).expect("a timeout");
    let held_up = (1..=ALLOWED).find(|_| {
        stream.write_all(&bytes).expect("it reads");
        let is_held_up = stream.peek(&mut [0]).is_err();
        if !is_held_up {
            assert_eq!(read_response(&mut stream).expect("an answer").status, 200);
        }
        is_held_up
    });
    let held_up = held_up.unwrap_or_else(|| panic!("{ALLOWED} deliveries wait in memory"));
    for number in 1..=held_up {
        assert_eq!(listener.next()["number"], number);
    }
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    assert_eq!(read_response(&mut stream).expect("an answer").status, 200);
}

#[test]
fn a_blocked_stdout_does_not_delay_a_signal() {
    let sandbox = Sandbox::new();
    for signal in ["-INT", "-TERM"] {
        let mut listener = Listener::start(&sandbox, &["--capture", "kept"]);
        // A target that its line repeats: two of them are more than a pipe takes.
        let target = format!("{PATH}?{}", "x".repeat(60_000));
        for _ in 0..3 {
            assert_eq!(listener.post(&target, &[JSON], b"{}").status, 200);
        }
        listener.signal(signal);
        assert_eq!(listener.wait_unread(), Some(2), "not all was said");
    }
    assert_eq!(captures(&sandbox.path().join("kept")).len(), 6, "all of it is kept");
}

#[test]
fn without_a_secret_the_ready_line_has_a_note() {
    let sandbox = Sandbox::new();
    let run = listen_meanwhile(&sandbox, &["--count", "1"], |url| {
        sandbox.run(&["send", "page_created", "--to", url, "--seed", "1"]).expect(0);
    });
    let lines: Vec<&str> = run.text().lines().collect();
    assert!(lines[0].ends_with("  (no secret: signatures are not verified)"), "{lines:?}");
    assert!(lines[1].contains(" unchecked "), "{lines:?}");
    assert_eq!((run.code, run.stderr.as_str()), (0, "1 received: 1 accepted, 0 refused\n"));
}

#[test]
fn a_connection_can_carry_several_deliveries() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &[]);
    let mut stream = TcpStream::connect(address(&listener.url)).expect("it listens");
    let one = format!("POST {PATH} HTTP/1.1\r\nHost: localhost\r\n{JSON}\r\nContent-Length: 2\r\n\r\n{{}}");
    for number in 1..=3 {
        stream.write_all(one.as_bytes()).expect("it reads");
        assert_eq!(listener.next()["number"], number);
    }
}

#[test]
fn concurrent_deliveries_are_each_received_once() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--capture", "kept", "--count", "200"]);
    std::thread::scope(|scope| {
        for sender in 0..20 {
            let listener = &listener;
            scope.spawn(move || {
                for number in 0..10 {
                    let body = format!("{{\"sender\":{sender},\"number\":{number}}}");
                    assert_eq!(listener.post(PATH, &[JSON], body.as_bytes()).status, 200);
                }
            });
        }
    });
    let lines = listener.finish().expect(0).json();
    let mut numbers: Vec<_> = lines[..200].iter().filter_map(|line| line["number"].as_u64()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=200).collect::<Vec<_>>());
    let mut bodies: Vec<_> = captures(&sandbox.path().join("kept"))
        .into_iter()
        .map(|path| std::fs::read_to_string(path).expect("text"))
        .map(|text| text.rsplit("\r\n\r\n").next().expect("a body").to_owned())
        .collect();
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), 200);
}
