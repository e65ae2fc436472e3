//! Requests that `cfwh listen` refuses before they are deliveries: each is reported, and none holds up a delivery.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::Shutdown;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::raw_client::{BODY, SECRET, connect, exchange, good, read_response, request};
use super::support::{Listener, Run, Sandbox, captures, wait_until};

const PATH: &str = "/webhooks/confluence";

/// Sends bytes, closes the sending half, and waits until the connection is closed.
fn send(listener: &Listener, bytes: &[u8]) {
    let mut stream = connect(&listener.url);
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.read_to_end(&mut Vec::new());
}

fn end(listener: Listener) -> Run {
    listener.interrupt();
    listener.finish().expect(0)
}

#[test]
fn input_that_is_not_http_is_reported_with_a_reason() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &[]);
    let tls = [&[0x16, 0x03, 0x01, 0x00, 0x05, 0x01, b'\n'][..], &[0; 40]].concat();
    let long = format!("POST /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(70_000));
    let large = request(PATH, &format!("X-Long: {}\r\n", "a".repeat(200_000)), BODY);
    for (bytes, method, status, reason) in [
        (&tls[..], Value::Null, Value::from(400), "TLS"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", "PRI".into(), Value::Null, "HTTP/2"),
        (b"garbage\r\n\r\n", Value::Null, 400.into(), "not a valid HTTP/1.1 request"),
        (b"POST / HTTP/9.9\r\nHost: localhost\r\n\r\n", "POST".into(), 400.into(), "not a valid HTTP/1.1 request"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n", "POST".into(), 400.into(), "not a valid"),
        (b"POST / HTTP/1.1\r\nHost: loc", "POST".into(), Value::Null, "closed before the head was complete"),
        (b"half-a-line", Value::Null, Value::Null, "closed before the head was complete"),
        (long.as_bytes(), "POST".into(), 414.into(), "the URL is longer"),
        (&large, "POST".into(), 431.into(), "larger than 64 KiB"),
    ] {
        send(&listener, bytes);
        let line = listener.next();
        assert_eq!((&line["type"], &line["method"], &line["status"]), (&"refused".into(), &method, &status), "{line}");
        assert!(line["reason"].as_str().is_some_and(|text| text.contains(reason)), "{line}");
        assert!(line["at"].as_str().is_some_and(|at| at.ends_with('Z')), "{line}");
    }
    // A connection without a request is no request.
    send(&listener, b"");
    send(&listener, b"\r\n\r\n");
    assert_eq!(good(&listener.url), 200);
    let lines = end(listener).json();
    let summary = lines.last().expect("a summary");
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert_eq!((&summary["received"], &summary["accepted"], &summary["refused"]), (&10.into(), &1.into(), &9.into()));
}

#[test]
fn a_request_that_is_refused_while_its_body_is_read_has_one_line() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--max-body", "1KiB"]);
    let chunked = |body: &str| {
        let head =
            "HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        format!("POST {PATH} {head}{body}").into_bytes()
    };
    let cut_off = request(PATH, "", BODY);
    for (bytes, status) in [
        (chunked("no number\r\n"), 400),
        (chunked("5\r\nhel"), 400),
        (cut_off[..cut_off.len() - 3].to_vec(), 400),
        (request(PATH, "", &"x".repeat(2000)), 413),
    ] {
        send(&listener, &bytes);
        assert_eq!(listener.next()["status"], status);
    }
    assert_eq!(end(listener).json().len(), 1, "the summary alone is left");
}

#[test]
fn refused_requests_have_a_line_of_safe_text() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&["listen", "--port", "0", "--secret", SECRET]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
    let mut stdout = child.stdout.take().expect("a pipe");
    let url = {
        let mut ready = Vec::new();
        while !ready.ends_with(b"\n") {
            let mut byte = [0];
            stdout.read_exact(&mut byte).expect("the ready line");
            ready.extend(byte);
        }
        String::from_utf8(ready).expect("text").split_whitespace().nth(1).expect("a URL").to_owned()
    };
    exchange(&url, "GET /\u{9b}31m\u{202e} HTTP/1.1\r\nHost: localhost\r\n\r\n".as_bytes());
    exchange(&url, b"\x1b]0;owned\x07\r\n\r\n");
    // The lines are printed after the responses.
    let (mut text, mut stdout) = (String::new(), BufReader::new(stdout));
    for _ in 0..2 {
        stdout.read_line(&mut text).expect("a line");
    }
    let killed = Command::new("kill").arg(child.id().to_string()).status().expect("kill runs");
    assert!(killed.success());
    stdout.read_to_string(&mut text).expect("text");
    child.wait().expect("it ends");
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].contains("refused") && lines[0].contains("404 GET /\\u{9b}31m\\u{202e}: "), "{text}");
    assert!(lines[1].contains("400 this is not a valid HTTP/1.1 request"), "{text}");
}

#[test]
fn browsers_and_other_hosts_are_refused_unless_they_are_allowed() {
    let sandbox = Sandbox::new();
    let arguments = ["--secret", SECRET, "--capture", "kept", "--allow-host", "https://Hooks.example.com/x"];
    let mut listener = Listener::start(&sandbox, &arguments);
    let with = |host: &str, lines: &str| {
        let text = String::from_utf8(request(PATH, lines, BODY)).expect("text");
        text.replace("Host: localhost", &format!("Host: {host}")).into_bytes()
    };
    for (host, lines, status) in [
        ("127.0.0.1:1", "", 200),
        ("LOCALHOST.", "", 200),
        ("[::1]:8080", "", 200),
        ("hooks.example.com", "", 200),
        ("localhost", "Origin: https://hooks.example.com\r\n", 200),
        ("rebound.example:8080", "", 403),
        ("127.0.0.1.evil.example", "", 403),
        ("localhost", "Origin: https://evil.example\r\n", 403),
        ("localhost", "Origin: http://localhost:3000\r\n", 403),
        ("localhost", "Origin: null\r\n", 403),
    ] {
        let response = exchange(&listener.url, &with(host, lines)).expect("a response");
        assert_eq!(response.status, status, "{host} {lines}: {}", response.body);
        assert!(
            status == 200 || lines.contains("null") || response.body.contains("--allow-host "),
            "{}",
            response.body
        );
        let line = listener.next();
        assert_eq!(line["type"], if status == 200 { "delivery" } else { "refused" }, "{line}");
    }
    let absolute =
        String::from_utf8(with("localhost", "")).expect("text").replace(PATH, &format!("http://evil.example{PATH}"));
    assert_eq!(exchange(&listener.url, absolute.as_bytes()).expect("a response").status, 403);
    let without = String::from_utf8(with("localhost", "")).expect("text").replace("Host: localhost\r\n", "");
    let old = without.replace("HTTP/1.1", "HTTP/1.0");
    assert_eq!(exchange(&listener.url, old.as_bytes()).expect("a response").status, 200);
    let preflight = format!(
        "OPTIONS {PATH} HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n\
         Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n\r\n"
    );
    let response = exchange(&listener.url, preflight.as_bytes()).expect("a response");
    assert_eq!((response.status, response.header("Access-Control-Allow-Origin")), (403, None));
    assert_eq!(captures(&sandbox.path().join("kept")).len(), 6, "only what is accepted is saved");
}

#[test]
fn any_host_may_be_named_where_others_can_reach_the_receiver() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--secret", SECRET, "--address", "0.0.0.0"]);
    let text = String::from_utf8(request(PATH, "Origin: https://pages.example\r\n", BODY)).expect("text");
    let response = exchange(&listener.url, text.replace("Host: localhost", "Host: hooks.example").as_bytes());
    assert_eq!(response.expect("a response").status, 200);
    let run = sandbox.run(&["listen", "--port", "0", "--address", "0.0.0.0", "--allow-host", "a.example"]).expect(2);
    assert!(run.stderr.contains("--allow-host applies only to loopback addresses"), "{}", run.stderr);
    for host in ["", "*.example.com", "a b", "https://"] {
        sandbox.run(&["listen", "--port", "0", "--allow-host", host]).expect(2);
    }
}

#[test]
fn names_of_header_fields_keep_their_case_and_their_order_in_captures() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--secret", SECRET, "--capture", "kept"]);
    let lines = "X-Aa: 1\r\nx-bB:2\r\nx-aa: 3 \r\nX_ODD: caf\u{e9}\r\n";
    let one = String::from_utf8(request(PATH, lines, BODY)).expect("text").replace("X-Hub-Sig", "x-hUB-sig");
    let mut stream = connect(&listener.url);
    stream.write_all(one.repeat(2).as_bytes()).expect("it is taken");
    for _ in 0..2 {
        assert_eq!(read_response(&mut stream).expect("a response").status, 200, "names compare without case");
    }
    let expected =
        one.replace(PATH, &format!("http://localhost{PATH}")).replace("x-bB:2", "x-bB: 2").replace("3 \r", "3\r");
    for name in ["kept/000001-page_created.http", "kept/000002-page_created.http"] {
        assert_eq!(std::fs::read_to_string(sandbox.path().join(name)).expect("a capture"), expected);
    }
}

#[test]
#[cfg(unix)]
fn a_blocked_stderr_holds_up_no_delivery() {
    let sandbox = Sandbox::new();
    // Each delivery that cannot be saved is an error on stderr, which is not read.
    let mut listener = Listener::start(&sandbox, &["--secret", SECRET, "--capture", "kept"]);
    std::fs::remove_dir(sandbox.path().join("kept")).expect("an empty folder");
    for number in 1..=3000 {
        assert_eq!(good(&listener.url), 503);
        assert_eq!(listener.next()["number"], number);
    }
    listener.interrupt();
    assert_eq!(listener.wait_unread(), Some(0));
}

#[test]
#[cfg(unix)]
fn refused_requests_do_not_delay_deliveries_when_output_is_blocked() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--secret", SECRET]);
    let refused = format!("GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n", "a".repeat(1000));
    let mut stream = connect(&listener.url);
    for _ in 0..3000 {
        stream.write_all(refused.as_bytes()).expect("it is taken");
        assert_eq!(read_response(&mut stream).expect("a response").status, 404);
    }
    for _ in 0..100 {
        assert_eq!(good(&listener.url), 200);
    }
    let mut deliveries = 0;
    while deliveries < 100 {
        deliveries += usize::from(listener.next()["type"] == "delivery");
    }
    let lines = end(listener).json();
    assert_eq!(lines.last().expect("a summary")["refused"], 3000, "those without a line are counted");
}

#[test]
#[cfg(target_os = "linux")]
fn a_hangup_ends_the_receiver_and_its_command_unless_nohup_ignores_it() {
    let alive = |pid: &str| std::path::Path::new("/proc").join(pid).exists();
    for signal in ["-HUP", "-QUIT"] {
        let sandbox = Sandbox::new();
        let listener =
            Listener::start(&sandbox, &["--", "sh", "-c", "echo $$ > pid.tmp; mv pid.tmp pid; exec sleep 100"]);
        let file = sandbox.path().join("pid");
        wait_until("the command runs", || file.exists());
        let pid = std::fs::read_to_string(&file).expect("a number");
        listener.signal(signal);
        listener.finish().expect(0);
        assert!(!alive(pid.trim()), "the command ended too");
    }
    let sandbox = Sandbox::new();
    let mut command = Command::new("sh");
    let script = format!("trap '' HUP; exec {} listen --json --port 0", env!("CARGO_BIN_EXE_cfwh"));
    command.args(["-c", &script]).current_dir(sandbox.path()).env_clear().env("PATH", "/usr/bin:/bin");
    let listener = Listener::spawn(&sandbox, command);
    listener.signal("-HUP");
    assert_eq!(exchange(&listener.url, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("a response").status, 404);
    end(listener);
}

#[test]
#[cfg(unix)]
fn too_few_files_and_a_wrong_clock_are_a_sentence_at_the_start() {
    let sandbox = Sandbox::new();
    let program = env!("CARGO_BIN_EXE_cfwh");
    for arguments in
        ["listen --port 0", "listen --demo", "send page_created --to http://127.0.0.1:9/", "probe http://127.0.0.1:9/"]
    {
        let mut command = Command::new("sh");
        let script = format!("ulimit -n 8; exec {program} {arguments}");
        command
            .args(["-c", &script])
            .current_dir(sandbox.path())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::null());
        let run = sandbox.finish(command).expect(2);
        assert!(run.stderr.contains("may open only 8 files"), "{arguments}: {}", run.stderr);
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    }
}

#[test]
#[ignore = "needs faketime"]
#[cfg(target_os = "linux")]
fn a_clock_outside_of_the_dates_of_http_is_a_sentence_at_the_start() {
    let sandbox = Sandbox::new();
    for (date, words) in [("1960-01-01", "before the year 1970"), ("12000-01-01", "after the year 9998")] {
        for arguments in ["listen --demo", "send page_created --to http://127.0.0.1:9/", "fake page_created"] {
            let mut command = Command::new(super::support::tool("faketime"));
            command
                .current_dir(sandbox.path())
                .arg(date)
                .arg(env!("CARGO_BIN_EXE_cfwh"))
                .args(arguments.split(' '))
                .stdin(Stdio::null());
            let run = sandbox.finish(command).expect(2);
            assert!(run.stderr.contains(words), "{date} {arguments}: {}", run.stderr);
        }
    }
}
