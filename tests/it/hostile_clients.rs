//! Hostile and broken clients must not affect other deliveries.

use std::io::Write;
use std::net::Shutdown;

use super::raw_client::{BODY, SECRET, connect, exchange, good, read_response, request};
use super::support::{Endpoint, Listener, Sandbox};

const PATH: &str = "/webhooks/confluence";

fn listener(sandbox: &Sandbox, arguments: &[&str]) -> Listener {
    let mut all = vec!["--secret", SECRET, "--quiet"];
    all.extend(arguments);
    Listener::start(sandbox, &all)
}

fn status(listener: &Listener, bytes: &[u8]) -> Option<u16> {
    exchange(&listener.url, bytes).map(|answer| answer.status)
}

#[test]
fn endless_heads_do_not_block_others() {
    let sandbox = Sandbox::new();
    let listener = listener(&sandbox, &[]);
    let silent: Vec<_> = (0..300)
        .map(|_| {
            let mut stream = connect(&listener.url);
            stream
                .write_all(b"POST /webhooks/confluence HTTP/1.1\r\nHost: localhost\r\nContent-Ty")
                .expect("it is taken");
            stream
        })
        .collect();
    assert_eq!(good(&listener.url), 200);
    drop(silent);
}

#[test]
fn endless_bodies_do_not_block_others() {
    let sandbox = Sandbox::new();
    let listener = listener(&sandbox, &[]);
    let bytes = request(PATH, "", BODY);
    let dripping: Vec<_> = (0..200)
        .map(|_| {
            let mut stream = connect(&listener.url);
            stream.write_all(&bytes[..bytes.len() - 2]).expect("it is taken");
            stream
        })
        .collect();
    assert_eq!(good(&listener.url), 200);
    drop(dripping);
}

#[test]
fn requests_with_ambiguous_length_are_refused() {
    let sandbox = Sandbox::new();
    let listener = listener(&sandbox, &[]);
    let head = "POST /webhooks/confluence HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    for (lines, expected) in [
        ("Content-Length: -1\r\n", 400),
        ("Content-Length: 1000000000000\r\n", 413),
        ("Content-Length: 100000000000000000000\r\n", 400),
        ("Content-Length: 2\r\nContent-Length: 3\r\n", 400),
        ("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", 400),
        ("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", 400),
        ("Transfer-Encoding: chunked\r\nContent-Length: 2, 2\r\n", 400),
        ("Transfer-Encoding: chunked\r\nContent-Length: x\r\n", 400),
        ("Transfer-Encoding: gzip\r\n", 400),
        ("Transfer-Encoding: gzip, chunked\r\n", 501),
        ("Content-Length: 2\r\nExpect: magic\r\n", 417),
        ("Content-Length: 2\r\nHost: y\r\n", 400),
        ("Content-Length: 2\r\nContent-Type: text/plain\r\n", 415),
        ("", 411),
    ] {
        assert_eq!(status(&listener, format!("{head}{lines}\r\n{{}}").as_bytes()), Some(expected), "{lines}");
    }
    assert_eq!(good(&listener.url), 200);
}

#[test]
fn a_valid_delivery_before_an_ambiguous_one_is_accepted() {
    let sandbox = Sandbox::new();
    let listener = listener(&sandbox, &[]);
    let ambiguous = request("/webhooks/confluence", "Transfer-Encoding: chunked\r\n", BODY);
    let mut stream = connect(&listener.url);
    stream.write_all(&[request("/webhooks/confluence", "", BODY), ambiguous].concat()).expect("it is sent");
    let status = |stream: &mut _| read_response(stream).map(|answer| answer.status);
    assert_eq!((status(&mut stream), status(&mut stream)), (Some(200), Some(400)));
}

#[test]
fn a_chunked_body_is_accepted_up_to_the_limit() {
    let sandbox = Sandbox::new();
    let listener = listener(&sandbox, &["--max-body", "1KiB"]);
    let chunked = |body: &str| {
        let bytes = String::from_utf8(request(PATH, "", body)).expect("text");
        let head = bytes.replace(&format!("Content-Length: {}", body.len()), "Transfer-Encoding: chunked");
        let (head, _) = head.split_once("\r\n\r\n").expect("a head");
        format!("{head}\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len()).into_bytes()
    };
    assert_eq!(status(&listener, &chunked(BODY)), Some(200));
    assert_eq!(status(&listener, &chunked(&"x".repeat(2000))), Some(413));
    assert_eq!(good(&listener.url), 200);
}

#[test]
fn a_client_that_sends_everything_before_it_reads_gets_its_413() {
    let sandbox = Sandbox::new();
    let listener = listener(&sandbox, &["--max-body", "1KiB"]);
    assert_eq!(status(&listener, &request(PATH, "", &"x".repeat(4 << 20))), Some(413));
    assert_eq!(good(&listener.url), 200);
}

#[test]
fn heads_beyond_the_limits_are_refused() {
    let sandbox = Sandbox::new();
    let listener = listener(&sandbox, &[]);
    let long = format!("X-Long: {}\r\n", "a".repeat(100_000));
    assert_eq!(status(&listener, &request(PATH, &long, BODY)), Some(431));
    assert_eq!(status(&listener, &request(PATH, &"X-A: 1\r\n".repeat(500), BODY)), Some(431));
    assert_eq!(status(&listener, &request(PATH, "X-Odd: caf\u{e9}\r\n", BODY)), Some(200));
    assert_eq!(good(&listener.url), 200);
}

#[test]
fn http_1_0_pipelining_and_expect_continue_are_supported() {
    let sandbox = Sandbox::new();
    let listener = listener(&sandbox, &[]);
    let old = String::from_utf8(request(PATH, "", BODY)).expect("text").replace("HTTP/1.1", "HTTP/1.0");
    assert_eq!(status(&listener, old.as_bytes()), Some(200));

    let mut hasty = connect(&listener.url);
    hasty.write_all(&request(PATH, "", BODY).repeat(20)).expect("it is taken");
    for _ in 0..20 {
        assert_eq!(read_response(&mut hasty).expect("an answer").status, 200);
    }

    let mut careful = connect(&listener.url);
    let bytes = request(PATH, "Expect: 100-continue\r\n", BODY);
    let (head, body) = bytes.split_at(bytes.len() - BODY.len());
    careful.write_all(head).expect("it is taken");
    assert_eq!(read_response(&mut careful).expect("an answer").status, 100);
    careful.write_all(body).expect("it is taken");
    assert_eq!(read_response(&mut careful).expect("an answer").status, 200);
}

#[test]
fn a_client_that_closes_its_sending_half_gets_its_responses_and_is_counted() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--secret", SECRET]);
    let one = request(PATH, "", BODY);
    let old = String::from_utf8(one.clone()).expect("text").replace("HTTP/1.1", "HTTP/1.0").into_bytes();
    for (bytes, responses) in [(old, 1), (one.clone(), 1), (one.repeat(5), 5)] {
        let mut stream = connect(&listener.url);
        stream.write_all(&bytes).expect("it is taken");
        stream.shutdown(Shutdown::Write).expect("it is open");
        for _ in 0..responses {
            assert_eq!(read_response(&mut stream).expect("a response").status, 200);
            assert_eq!(listener.next()["status"], 200);
        }
        assert!(read_response(&mut stream).is_none(), "the connection ends after the last response");
    }
}

#[test]
fn a_slow_response_reaches_a_client_that_closed_its_sending_half() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[202]);
    for options in [&["--delay", "200ms"][..], &["--forward", &endpoint.url("/")]] {
        let mut listener = Listener::start(&sandbox, &[&["--secret", SECRET], options].concat());
        let mut stream = connect(&listener.url);
        stream.write_all(&request(PATH, "", BODY)).expect("it is taken");
        stream.shutdown(Shutdown::Write).expect("it is open");
        assert_eq!(read_response(&mut stream).expect("a response").status / 100, 2, "{options:?}");
        assert_eq!(listener.next()["number"], 1);
    }
}

#[test]
fn a_body_that_is_cut_off_by_closing_the_sending_half_is_refused() {
    let sandbox = Sandbox::new();
    let listener = listener(&sandbox, &[]);
    let mut stream = connect(&listener.url);
    stream.write_all(request(PATH, "", BODY).split_last().expect("bytes").1).expect("it is taken");
    stream.shutdown(Shutdown::Write).expect("it is open");
    assert_eq!(read_response(&mut stream).expect("a response").status, 400);
    assert_eq!(good(&listener.url), 200);
}

#[test]
fn random_bytes_never_cause_a_5xx() {
    let sandbox = Sandbox::new();
    let listener = listener(&sandbox, &[]);
    let mut state = 1_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33).to_le_bytes()[0]
    };
    for index in 0..1000 {
        let mut bytes = if index % 2 == 0 { b"POST /webhooks/confluence HTTP/1.1\r\n".to_vec() } else { Vec::new() };
        bytes.extend((0..random()).map(|_| random()).collect::<Vec<_>>());
        let mut stream = connect(&listener.url);
        let _ = stream.write_all(&bytes);
        let _ = stream.shutdown(Shutdown::Write);
        let answer = read_response(&mut stream);
        assert!(answer.as_ref().is_none_or(|answer| answer.status < 500), "{bytes:?}: {answer:?}");
    }
    assert_eq!(good(&listener.url), 200);
}

#[cfg(unix)]
#[test]
fn when_descriptors_run_out_the_longest_idle_connection_is_closed() {
    let sandbox = Sandbox::new();
    let mut command = std::process::Command::new("sh");
    let program = env!("CARGO_BIN_EXE_cfwh");
    let script = format!("ulimit -n 64; exec {program} listen --json --quiet --port 0 --secret {SECRET}");
    command.args(["-c", &script]).current_dir(sandbox.path()).env_clear().env("PATH", "/usr/bin:/bin");
    let listener = Listener::spawn(&sandbox, command);
    let idle: Vec<_> = (0..150).map(|_| connect(&listener.url)).collect();
    assert_eq!(good(&listener.url), 200);
    drop(idle);
    assert_eq!(good(&listener.url), 200);
}
