//! `cfwh send`: retries, faults, what failed, and endpoints that misbehave.

use std::io::Write;
use std::net::Shutdown;
use std::time::{Duration, Instant};

use crate::raw_server::{RawServer, body, header};
use crate::support::{ClosedPort, Endpoint, Listener, Sandbox};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

#[test]
fn nothing_is_retried_by_default() {
    let endpoint = Endpoint::start(&[503]);
    let run = Sandbox::new().run(&["send", "page_created", "--json", "--to", &endpoint.url("/h")]).expect(1);
    assert_eq!(run.json()[0]["attempts"], 1);
    assert_eq!(endpoint.received().len(), 1);
}

#[test]
fn a_retry_repeats_the_delivery_with_a_retry_header() {
    for load in [&[][..], &["--concurrency", "1"]] {
        let endpoint = Endpoint::start(&[503, 429, 200]);
        let url = endpoint.url("/h");
        let mut arguments =
            vec!["send", "page_created", "--secret", "s3cret", "--retries", "3", "--json", "--to", &url];
        arguments.extend(load);
        let run = Sandbox::new().run(&arguments).expect(0);
        assert_eq!((&run.json()[0]["attempts"], &run.json()[0]["status"]), (&3.into(), &200.into()));
        let received = endpoint.received();
        let of = |name: &str| received.iter().map(|request| request.header(name)).collect::<Vec<_>>();
        assert_eq!(of("X-Atlassian-Webhook-Retry"), [None, Some("1"), Some("2")]);
        for name in ["X-Atlassian-Webhook-Identifier", "X-Hub-Signature"] {
            assert!(of(name)[0].is_some() && of(name).iter().all(|value| *value == of(name)[0]), "{name}");
        }
        assert!(received.iter().all(|request| request.body == received[0].body));
    }
}

#[test]
fn a_400_is_not_retried() {
    let endpoint = Endpoint::start(&[400]);
    Sandbox::new().run(&["send", "page_created", "--retries", "3", "--to", &endpoint.url("/h")]).expect(1);
    assert_eq!(endpoint.received().len(), 1);
}

#[test]
fn retry_after_is_honored() {
    let wire = RawServer::start(|number, stream| {
        let reply = if number == 0 { "HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n" } else { OK };
        stream.write_all(reply.as_bytes()).is_ok()
    });
    let start = Instant::now();
    Sandbox::new().run(&["send", "page_created", "--retries", "1", "--to", &wire.url()]).expect(0);
    assert!(start.elapsed() >= Duration::from_secs(1), "it came back after {:?}", start.elapsed());
}

#[test]
fn failed_deliveries_are_saved_and_can_be_sent_again() {
    for load in [&[][..], &["--concurrency", "4"]] {
        let sandbox = Sandbox::new();
        let endpoint = Endpoint::start(&[500, 200, 404]);
        let url = endpoint.url("/h");
        let mut arguments = vec!["send", "all", "--secret", "s3cret", "--to", &url, "--failed", "failed"];
        arguments.extend(load);
        sandbox.run(&arguments).expect(1);
        let kept = std::fs::read_dir(sandbox.path().join("failed")).expect("the folder").count();
        assert_eq!(kept, 2);
        let listener = Listener::start(&sandbox, &["--secret", "s3cret", "--count", "2"]);
        let run = sandbox.run(&["send", "failed", "--to", &listener.url, "--json"]).expect(0);
        assert_eq!(run.json().len(), 2);
        assert!(listener.finish().json().iter().take(2).all(|delivery| delivery["signature"] == "valid"));
    }
}

#[test]
fn an_unsendable_capture_does_not_stop_the_next() {
    for load in [&[][..], &["--concurrency", "2"]] {
        let (endpoint, sandbox) = (Endpoint::start(&[]), Sandbox::new());
        for (name, header) in [("1", "A(B: 1\r\n"), ("2", ""), ("3", "A: x\ry\r\n"), ("4", "@/etc/passwd;: 1\r\n")] {
            sandbox.write(&format!("calls/{name}.http"), format!("POST /h HTTP/1.1\r\n{header}\r\n{{}}"));
        }
        let url = endpoint.url("/h");
        let run = sandbox.run(&[&["send", "calls", "--json", "--to", &url], load].concat()).expect(2);
        for problem in ["1.http: not a capture: HTTP forbids the name", "3.http: not a capture: HTTP forbids the value"]
        {
            assert!(run.stderr.contains(problem), "{run:?}");
        }
        for tool in ["curl", "http", "hurl"] {
            let run = sandbox.run(&["send", "calls", "--export", tool, "--to", &url]).expect(2);
            assert!(!run.text().contains("passwd") && run.stderr.contains("calls/4.http"), "{run:?}");
        }
        for command in
            [&["validate"][..], &["verify", "--secret", "s3cret"], &["drift"], &["sign", "--secret", "s3cret"]]
        {
            let run = sandbox.run(&[command, &["calls/3.http"]].concat()).expect(2);
            assert!(run.stderr.contains("HTTP forbids the value of a header"), "{run:?}");
        }
        assert_eq!(endpoint.received().len(), 1);
    }
}

#[test]
fn conflicting_options_of_send_are_refused() {
    let sandbox = Sandbox::new();
    for (more, why) in [
        (&["-H", "Host: other"][..], "-H cannot set `Host`"),
        (&["-H", "content-length: 1"], "-H cannot set `content-length`"),
        (&["--export", "curl", "--insecure"], "--insecure and --cacert have no effect on --export"),
        (&["--dry-run", "--json"], "--dry-run prints the request itself"),
        (&["--dry-run", "--duration", "1ms"], "--duration"),
        (&["--dry-run", "--timeout", "1s"], "--timeout"),
        (&["--export", "curl", "--timeout", "1s"], "--timeout"),
        (&["--export", "http", "--rate", "1/s"], "--rate"),
        (&["--export", "k6", "--json"], "--export prints the format of its tool"),
    ] {
        let run = sandbox.run(&[&["send", "page_created", "--to", "http://receiver.test/h"], more].concat()).expect(2);
        assert!(run.stderr.contains(why), "{run:?}");
        assert_eq!(run.text(), "");
    }
}

#[test]
fn deliveries_without_a_response_are_saved_too() {
    let (sandbox, closed) = (Sandbox::new(), ClosedPort::new());
    sandbox.run(&["send", "page_created", "--to", &closed.url("/h"), "--failed", "failed"]).expect(2);
    assert!(sandbox.path().join("failed/000001-page_created.http").is_file());
}

#[test]
fn every_fault_gets_its_status_from_listen() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--secret", "s3cret"]);
    let rows = sandbox.run(&["send", "--fault", "list", "--json"]).expect(0).json();
    assert!(rows.len() > 12, "{} faults", rows.len());
    for row in &rows {
        let fault = row["fault"].as_str().expect("a name");
        let status = match fault {
            "duplicate" => 200,
            "empty-body" | "not-json" => 400,
            "wrong-content-type" | "no-content-type" => 415,
            _ => 401,
        };
        let arguments =
            ["send", "page_created", "--secret", "s3cret", "--fault", fault, "--json", "--to", &listener.url];
        let run = sandbox.run(&arguments).expect(0);
        let sent: Vec<_> = run.json().iter().map(|line| line["status"].clone()).collect();
        assert_eq!(sent, vec![serde_json::Value::from(status); if fault == "duplicate" { 2 } else { 1 }], "{fault}");
    }
}

#[test]
fn a_fault_that_is_accepted_fails_unless_a_right_receiver_accepts_it() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let rows = sandbox.run(&["send", "--fault", "list", "--json"]).expect(0).json();
    for row in &rows {
        let fault = row["fault"].as_str().expect("a name");
        let url = endpoint.url("/h");
        let run = sandbox.run(&["send", "page_created", "--secret", "s3cret", "--fault", fault, "--to", &url]);
        let may_be_accepted = row["expected"].as_array().expect("a list").contains(&"2xx".into());
        assert_eq!(run.code, i32::from(!may_be_accepted), "{fault}: {row}");
        if !may_be_accepted {
            assert!(run.text().contains("  200 ") && run.text().contains("  expected 4xx\n"), "{}", run.text());
        }
    }
    // The token of these schemes does not cover the body.
    for auth in ["connect", "forge", "token"] {
        let rows = sandbox.run(&["send", "--auth", auth, "--fault", "list", "--json"]).expect(0).json();
        let tampered = rows.iter().find(|row| row["fault"] == "tampered-body").expect("a fault");
        assert_eq!(tampered["expected"], serde_json::json!(["2xx", "4xx"]), "{auth}");
    }
    let run = sandbox.run(&["send", "--fault", "list"]).expect(0);
    assert!(run.text().contains("bad-signature          4xx         the last digit"), "{}", run.text());
}

#[test]
fn expected_statuses_decide_the_exit_code() {
    let sandbox = Sandbox::new();
    let code = |status: u16, more: &[&str]| {
        let endpoint = Endpoint::start(&[status]);
        sandbox.run(&[&["send", "page_created", "--json", "--to", &endpoint.url("/h")], more].concat())
    };
    for (status, expect, expected) in [
        (401, &["--expect", "401"][..], 0),
        (403, &["--expect", "401"], 1),
        (200, &["--expect", "4xx"], 1),
        (403, &["--expect", "2xx", "--expect", "403"], 0),
        (204, &["--expect", "2xx", "--expect", "403"], 0),
        (500, &["--expect", "2xx", "--expect", "403"], 1),
        (200, &["--fault", "not-json", "--expect", "2xx"], 0),
        (400, &["--fault", "not-json", "--fault", "duplicate", "--expect", "2xx"], 1),
    ] {
        let run = code(status, expect).expect(expected);
        assert_eq!(run.json()[0]["ok"], expected == 0, "{status} {expect:?}");
    }
    let closed = ClosedPort::new();
    sandbox.run(&["send", "page_created", "--expect", "5xx", "--to", &closed.url("/h")]).expect(2);
    let run = sandbox.run(&["send", "page_created", "--to", "http://receiver.test", "--expect", "ok"]).expect(2);
    assert!(run.stderr.contains("write a status or a class of statuses, such as 401 or 2xx"), "{}", run.stderr);
}

#[test]
fn unexpected_responses_are_saved_and_an_expected_one_ends_the_retries() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[401, 200]);
    let run = ["send", "page_created", "--count", "2", "--expect", "401", "--failed", "failed", "--json", "--to"];
    let lines = sandbox.run(&[&run[..], &[&endpoint.url("/h")]].concat()).expect(1).json();
    assert_eq!((&lines[2]["ok"], &lines[2]["refused"]), (&1.into(), &1.into()));
    assert_eq!(lines[2]["expected"], serde_json::json!(["401"]));
    assert_eq!(crate::support::captures(&sandbox.path().join("failed")).len(), 1);
    let endpoint = Endpoint::start(&[500, 503, 200]);
    let run = ["send", "page_created", "--expect", "503", "--retries", "5", "--retry-delay", "1ms", "--json", "--to"];
    let line = sandbox.run(&[&run[..], &[&endpoint.url("/h")]].concat()).expect(0).json().remove(0);
    assert_eq!((&line["status"], &line["attempts"], &line["ok"]), (&503.into(), &2.into(), &true.into()));
}

#[test]
fn a_load_counts_expected_responses() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[401; 8]);
    let url = endpoint.url("/h");
    let load = ["send", "page_created", "--count", "10", "--concurrency", "2", "--expect", "4xx", "--to", &url];
    let run = sandbox.run(&load).expect(1);
    let counts = "10 sent: 8 with 4xx as expected, 2 with another status, 0 unanswered in";
    assert!(run.text().contains(counts) && run.text().contains("2 got 200"), "{}", run.text());
    let endpoint = Endpoint::start(&[401; 10]);
    let url = endpoint.url("/h");
    let load =
        ["send", "page_created", "--count", "10", "--concurrency", "2", "--expect", "401", "--json", "--to", &url];
    let summary = sandbox.run(&load).expect(0).json().pop().expect("a line");
    assert_eq!((&summary["ok"], &summary["refused"]), (&10.into(), &0.into()));
}

#[test]
fn an_impossible_fault_exits_2() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["send", "page_created", "--to", "http://receiver.test", "--fault", "sha1"]).expect(2);
    assert!(run.stderr.contains("--fault sha1 needs a secret"), "{}", run.stderr);
    let run = sandbox.run(&["send", "page_created", "--to", "http://receiver.test", "--fault", "unsinged"]).expect(2);
    assert!(run.stderr.contains("did you mean `unsigned`?"), "{}", run.stderr);
    sandbox.run(&["send", "--fault", "unsigned"]).expect(2);
}

/// Sends both ways to a faulty endpoint. Returns the exit codes and the output.
fn told(wire: &RawServer) -> Vec<(i32, String)> {
    [&[][..], &["--concurrency", "1"]]
        .iter()
        .map(|load| {
            let url = wire.url();
            let mut arguments = vec!["send", "page_created", "--to", &url, "--timeout", "500ms"];
            arguments.extend(*load);
            let run = Sandbox::new().run(&arguments);
            (run.code, run.text().to_owned())
        })
        .collect()
}

#[track_caller]
fn expect_told(wire: &RawServer, code: i32, what: &str) {
    for (actual, text) in told(wire) {
        assert!(actual == code && text.contains(what), "exit {actual}: {text}");
    }
}

#[test]
fn both_senders_time_out() {
    expect_told(&RawServer::start(|_, _| true), 2, "no response within 0.5 s");
}

#[test]
fn a_reset_connection_exits_2() {
    let wire = RawServer::start(|_, stream| {
        let _ = stream.shutdown(Shutdown::Both);
        false
    });
    expect_told(&wire, 2, "the connection was closed before a response was received");
}

#[test]
fn both_senders_report_a_response_that_is_not_http() {
    expect_told(&RawServer::answering("220 smtp.example.com ESMTP\r\n"), 2, "the response is not HTTP");
}

#[test]
fn both_senders_show_a_redirect() {
    let wire = RawServer::answering(
        "HTTP/1.1 302 Found\r\nLocation: http://receiver.test/elsewhere\r\nContent-Length: 0\r\n\r\n",
    );
    expect_told(&wire, 1, "redirects to http://receiver.test/elsewhere");
    assert_eq!(wire.requests().len(), 2);
}

#[test]
fn a_compressed_response_is_not_shown_as_text() {
    let wire =
        RawServer::answering("HTTP/1.1 500 Oops\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x0b\x08");
    expect_told(&wire, 1, "(3 bytes that are not gzip, although Content-Encoding is gzip)");
}

#[test]
fn an_endless_response_is_cut_and_a_dripping_one_times_out() {
    let piece = vec![b'x'; 65536];
    let flood = RawServer::start(move |_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n");
        while stream.write_all(b"10000\r\n").is_ok()
            && stream.write_all(&piece).is_ok()
            && stream.write_all(b"\r\n").is_ok()
        {}
        false
    });
    expect_told(&flood, 1, "xxxx");
    let drip = RawServer::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx");
        true
    });
    expect_told(&drip, 2, "the response has status 200, but its body was not complete within 0.5 s");
    let steady_drip = RawServer::start(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 500 Oops\r\nContent-Length: 100000\r\n\r\n");
        while stream.write_all(b"x").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    });
    expect_told(&steady_drip, 2, "the response has status 500, but its body was not complete within 0.5 s");
}

#[test]
fn a_dry_run_prints_the_same_request_as_a_single_send_and_a_load() {
    for load in [&[][..], &["--concurrency", "2"]] {
        let (sandbox, wire) = (Sandbox::new(), RawServer::answering(OK));
        let url = format!("{}/{{event}}?a=b&c", wire.url());
        let mut arguments = vec!["send", "all", "--secret", "s3cret", "--seed", "1", "--at", "2026-01-01T00:00:00Z"];
        arguments.extend(["--to", &url, "-H", "x-mine: 1", "--fault", "two-signatures", "--fault", "duplicate"]);
        let dry = sandbox.run(&[&arguments[..], &["--dry-run"]].concat()).expect(0);
        assert_eq!(wire.connections(), 0);
        arguments.extend(load);
        sandbox.run(&[&arguments[..], &["--expect", "2xx"]].concat()).expect(0);
        let mut sent = wire.requests();
        assert_eq!(sent.len(), 38);
        if !load.is_empty() {
            // Two at once, so the order of receipt is not defined.
            let place = |request: &Vec<u8>| {
                dry.stdout.windows(request.len()).position(|window| window == request).expect("it was announced")
            };
            sent.sort_by_key(place);
        }
        assert!(
            sent.concat() == dry.stdout,
            "sent: {}\n\ndry: {}",
            String::from_utf8_lossy(&sent[0]),
            &dry.text()[..2000]
        );
        assert_eq!(header(&sent[0], "X-Mine").as_deref(), Some("1"));
        assert!(!body(&sent[0]).is_empty());
    }
}

#[test]
fn an_edit_changes_only_its_bytes_of_files_and_captures() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    let body = "{ \"event\" : \"page_created\",\r\n\t\"page\":{\"id\":1.0e0, \"title\":\"\\u00e9\\/\", \"id\" : 2} }\n";
    let edited = body.replace(" : 2", " : \"7\"").replace("\"title\":\"\\u00e9\\/\", ", "");
    let unsigned = format!("POST /page_created HTTP/1.1\r\nX-A: 1\r\n\r\n{body}");
    sandbox.write("body.json", body);
    sandbox.write("unsigned.http", &unsigned);
    sandbox.write("signed.http", unsigned.replace("X-A: 1", "X-Hub-Signature: sha256=00"));
    let to = endpoint.url("/");
    let edits = ["--set", "page.id=\"7\"", "--unset", "page.title", "--to", &to];
    let send = |more: &[&str]| sandbox.run(&[&["send"], more, &edits].concat());
    for more in [
        &["body.json"][..],
        &["body.json", "--concurrency", "1"],
        &["unsigned.http"],
        &["signed.http", "--resign", "--secret", "s3cret"],
        &["signed.http", "--resign", "--secret", "s3cret", "--count", "2"],
    ] {
        send(more).expect(0);
        let received = endpoint.received().pop().expect("a delivery");
        assert_eq!(String::from_utf8_lossy(&received.body), edited);
        if more.contains(&"--resign") {
            let signature = sandbox.run_with(&["sign", "--secret", "s3cret"], edited.as_str()).expect(0);
            assert_eq!(received.header("X-Hub-Signature"), Some(signature.text().trim()));
        }
    }
    for (more, problem) in [
        (&["signed.http"][..], "signature of signed.http\n  fix: sign it again with --resign"),
        (&["signed.http", "--export", "curl"], "the signature of signed.http"),
        (&["signed.http", "--dry-run"], "the signature of signed.http"),
        (&["body.json", "--set", "x.y=1"], "body.json has no `x.y`"),
    ] {
        let run = send(more).expect(2);
        assert!(!run.text().contains("POST") && run.stderr.contains(problem), "{run:?}");
    }
    sandbox.write("notes.txt", "hello");
    let run = send(&["notes.txt"]).expect(2);
    assert!(run.stderr.contains("notes.txt cannot be edited: the body is not JSON"), "{run:?}");
}

#[test]
fn options_that_no_source_can_use_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", "{}");
    sandbox.write("kept.http", "POST / HTTP/1.1\r\n\r\n{}");
    let captures = ["--seed=1", "--at=now", "--profile=cloud", "--format=json", "--secret=s3cret", "--auth=none"];
    let bodies = ["--at=now", "--profile=spec", "--format=pretty", "--resign", "--keep-credentials"];
    let events = ["--event=page_created", "--resign", "--keep-credentials"];
    let dry_run = |source: &[&str], option: &str| {
        sandbox.run(&[&["send", "--to", "http://h/", "--dry-run", option], source].concat())
    };
    for (source, options) in [("kept.http", &captures[..]), ("body.json", &bodies), ("page_created", &events)] {
        for option in options {
            let name = option.split('=').next().expect("a name");
            let run = dry_run(&[source], option).expect(2);
            if *option != "--resign" {
                assert!(run.stderr.contains(&format!("{name} has no effect: ")), "{source}: {run:?}");
            }
        }
    }
    // One source that can use an option is enough.
    for option in ["--at=now", "--event=page_created", "--keep-credentials", "--format=pretty", "--secret=s3cret"] {
        dry_run(&["page_created", "body.json", "kept.http", "--seed=1"], option).expect(0);
    }
}
