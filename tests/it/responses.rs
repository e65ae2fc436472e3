//! Responses of receivers and endpoints are shown and saved unchanged, with a size limit, and are safe for a terminal.

use std::io::Write;

use serde_json::{Value, json};

use crate::raw_client::{BODY, SECRET, exchange, good, request};
use crate::raw_server::RawServer;
use crate::support::{ClosedPort, Endpoint, Listener, Run, Sandbox, listen_meanwhile};

const SEND: [&str; 6] = ["send", "page_created", "--seed", "1", "--auth", "none"];

/// An endpoint that responds with a status line, these header lines and this body.
fn responding(status: &str, lines: &str, body: impl AsRef<[u8]>) -> RawServer {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {status}\r\n{lines}Content-Length: {}\r\n\r\n", body.len());
    let response = [head.as_bytes(), body].concat();
    RawServer::start(move |_, stream| stream.write_all(&response).is_ok())
}

fn send(server: &RawServer, more: &[&str]) -> Run {
    Sandbox::new().run(&[&SEND, &["--to", &server.url()][..], more].concat())
}

/// The lines below the first one, without their indentation.
fn shown(run: &Run) -> Vec<&str> {
    run.text().lines().skip(1).map(|line| line.strip_prefix(&" ".repeat(20)).unwrap_or(line)).collect()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let deflated = miniz_oxide::deflate::compress_to_vec(text, 9);
    let length = u32::try_from(text.len()).expect("a length").to_le_bytes();
    [&b"\x1f\x8b\x08\0\0\0\0\0\0\xff"[..], &deflated, &[0; 4], &length].concat()
}

#[test]
fn a_refusal_is_shown_with_its_status_line_and_its_json_indented() {
    let body = r#"{"error":"no","ids":[1,1.50e0],"error":"\u00e9"}"#;
    let server = responding("422 Not Today", "Content-Type: application/json\r\nx-trace-ID: 7\r\n", body);
    let run = send(&server, &[]).expect(1);
    let json =
        ["{", "  \"error\": \"no\",", "  \"ids\": [", "    1,", "    1.50e0", "  ],", "  \"error\": \"\\u00e9\"", "}"];
    assert_eq!(shown(&run), [&["HTTP/1.1 422 Not Today"], &json[..]].concat());

    let run = send(&server, &["-v"]).expect(1);
    let head = ["HTTP/1.1 422 Not Today", "Content-Type: application/json", "X-Trace-Id: 7", "Content-Length: 48", ""];
    assert_eq!(shown(&run), [&head[..], &json[..]].concat());
    let colored = send(&server, &["--color", "always"]).expect(1);
    assert!(colored.text().contains("\u{1b}[34m\"error\"\u{1b}[0m: \u{1b}[32m\"no\"\u{1b}[0m"), "{}", colored.text());
}

#[test]
fn only_a_delivery_without_access_gets_advice_about_the_secret() {
    for (status, has_advice) in [("401 Unauthorized", true), ("403 Forbidden", true), ("404 Not Found", false)] {
        let server = responding(status, "", "no");
        let run = send(&server, &[]).expect(1);
        let fix = run.text().lines().last().filter(|line| line.starts_with("  fix: compare the secret"));
        assert_eq!(fix.is_some(), has_advice, "{status}: {}", run.text());
    }
    let server = responding("401 Unauthorized", "", "no");
    assert!(!send(&server, &["--expect", "404"]).expect(1).text().contains("fix:"));
}

#[test]
fn a_success_is_one_line_unless_verbose() {
    let server = responding("200 OK", "Content-Type: text/plain\r\nSet-Cookie: id=1\r\n", "thanks\n");
    assert_eq!(send(&server, &[]).expect(0).text().lines().count(), 1);
    let run = send(&server, &["-v"]).expect(0);
    let expected =
        ["HTTP/1.1 200 OK", "Content-Type: text/plain", "Set-Cookie: id=1", "Content-Length: 7", "", "thanks"];
    assert_eq!(shown(&run), expected);
}

#[test]
fn ten_lines_of_a_failure_are_shown() {
    let body: Vec<_> = (1..=25).map(|line| format!("line {line}\n\n")).collect();
    let server = responding("500 Oops", "Content-Type: text/plain\r\n", body.concat());
    let run = send(&server, &[]).expect(1);
    let lines = shown(&run);
    assert_eq!((lines.len(), lines[10]), (12, "line 10"));
    assert_eq!(lines[11], "… and 15 more lines; -v shows the whole response");
    assert!(send(&server, &["-v"]).expect(1).text().contains("line 25"));
}

#[test]
fn an_error_page_is_shown_as_text() {
    let page = "<!doctype html><html><head><title>Not Found</title><style>a{}</style><script>alert(1)</script></head>\
                <body><h1>404 &mdash; gone</h1><p>No <b>such</b> page &amp; no \u{1b}[31mcolour</p></body></html>";
    let server = responding("404 Not Found", "Content-Type: text/html; charset=utf-8\r\n", page);
    let run = send(&server, &[]).expect(1);
    let expected = ["HTTP/1.1 404 Not Found", "Not Found", "404 — gone", "No such page & no \\u{1b}[31mcolour"];
    assert_eq!(shown(&run), expected);
}

#[test]
fn a_body_that_is_no_text_is_named_and_gzip_is_read() {
    let png = responding("500 Oops", "Content-Type: image/png\r\n", b"\x89PNG\xff");
    assert_eq!(shown(&send(&png, &[]).expect(1)), ["HTTP/1.1 500 Oops", "(5 bytes of image/png)"]);
    let empty = responding("500 Oops", "", "");
    assert_eq!(shown(&send(&empty, &[]).expect(1)), ["HTTP/1.1 500 Oops", "(no body)"]);
    let other = responding("500 Oops", "Content-Encoding: br\r\n", b"\x0b\x01\x80a\x03");
    assert_eq!(shown(&send(&other, &[]).expect(1)), ["HTTP/1.1 500 Oops", "(5 bytes, compressed: br)"]);
    let compressed = gzip(b"{\"a\":1}");
    let json = responding("500 Oops", "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", &compressed);
    let run = send(&json, &[]).expect(1);
    let note = format!("(decompressed from {} bytes of gzip)", compressed.len());
    assert_eq!(shown(&run), ["HTTP/1.1 500 Oops", "{", "  \"a\": 1", "}", &note]);
}

#[test]
fn a_compressed_body_without_end_is_shown_in_part() {
    let bomb = gzip(&vec![b'a'; 50 * 1024 * 1024]);
    assert!(bomb.len() < 64 * 1024, "{}", bomb.len());
    let server = responding("500 Oops", "Content-Type: text/plain\r\nContent-Encoding: gzip\r\n", &bomb);
    for more in [&[][..], &["-v"]] {
        let run = send(&server, more).expect(1);
        assert!(run.stdout.len() < 70 * 1024, "{} bytes", run.stdout.len());
        assert!(run.text().contains("(the beginning, decompressed from "), "{}", &run.text()[run.text().len() - 200..]);
    }
}

#[test]
fn hostile_bodies_reach_no_terminal() {
    let hostile = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{202e}evil\u{9b}31m\n::set-output name=x::1";
    let deep = "[".repeat(30_000) + &"]".repeat(30_000);
    let long = hostile.repeat(2000);
    for (content_type, body) in [
        ("text/plain", hostile.as_bytes()),
        ("text/html", hostile.as_bytes()),
        ("application/json", hostile.as_bytes()),
        ("application/json", deep.as_bytes()),
        ("text/plain", long.as_bytes()),
        ("text/plain", b"\xff\xfe\x1b[2J"),
        ("image/\u{1b}[2J", b"\xff"),
    ] {
        let lines = format!("Content-Type: {content_type}\r\n").replace('\u{1b}', "\u{9b}");
        let server = responding("500 \u{9b}31mOops", &lines, body);
        for more in [&[][..], &["-v"], &["--concurrency", "1"]] {
            let run = send(&server, more).expect(1);
            let unsafe_ =
                run.text().chars().find(|c| c.is_control() && *c != '\n' || matches!(c, '\u{202a}'..='\u{202e}'));
            assert_eq!(unsafe_, None, "{content_type} {more:?}");
            assert!(run.text().lines().all(|line| !line.trim_start().starts_with("::")), "{}", run.text());
            // Lines in a pipe are not truncated to a width, but a line of a megabyte would be useless.
            assert!(!more.is_empty() || run.text().lines().all(|line| line.chars().count() <= 4096 + 20));
        }
        let line = send(&server, &["--json"]).expect(1).json().remove(0);
        assert_eq!(line["response"]["status"], 500);
    }
}

#[test]
fn json_lines_have_the_whole_response() {
    let lines = "Content-Type: application/json\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n";
    let server = responding("401 Unauthorized", lines, "{\"error\" : 1}\n");
    let field = |name: &str, value: &str| json!({ "name": name, "value": value });
    let headers = [
        field("Content-Type", "application/json"),
        field("Set-Cookie", "a=1"),
        field("Set-Cookie", "b=2"),
        field("Content-Length", "14"),
    ];
    let expected = json!({
        "status": 401, "headers": headers, "body": "{\"error\" : 1}\n", "truncated": false
    });
    for more in [&["--json"][..], &["--json", "--concurrency", "1"]] {
        assert_eq!(send(&server, more).expect(1).json()[0]["response"], expected);
    }
    // The headers of a success, too, in a load.
    let server = responding("201 Created", "X-A: 1\r\n", b"\xff");
    for more in [&["--json"][..], &["--json", "--concurrency", "1"]] {
        let response = send(&server, more).expect(0).json()[0]["response"].clone();
        assert_eq!((&response["headers"][0], &response["body_base64"]), (&field("X-A", "1"), &"/w==".into()));
        assert_eq!(response["body"], Value::Null);
    }
    let closed = ClosedPort::new();
    let run = Sandbox::new().run(&[&SEND, &["--json", "--to", &closed.url("/")][..]].concat()).expect(2);
    assert_eq!(run.json()[0]["response"], Value::Null);
}

#[test]
fn a_long_response_is_truncated_at_64_kib_with_a_note() {
    let server = responding("500 Oops", "Content-Type: text/plain\r\n", "é".repeat(64 * 1024));
    let run = send(&server, &[]).expect(1);
    assert!(run.text().ends_with("… the body is cut at 64 KiB\n"), "{}", run.text());
    let response = send(&server, &["--json"]).expect(1).json()[0]["response"].clone();
    assert_eq!((response["body"].as_str().map(str::len), &response["truncated"]), (Some(64 * 1024), &true.into()));
}

#[test]
fn the_response_to_the_last_attempt_is_shown() {
    let server = RawServer::start(|number, stream| {
        let text = format!("HTTP/1.1 503 Busy\r\nContent-Length: 1\r\n\r\n{number}");
        stream.write_all(text.as_bytes()).is_ok()
    });
    for load in [&[][..], &["--concurrency", "1"]] {
        let run = send(&server, &[&["--json", "--retries", "2", "--retry-delay", "1ms"], load].concat()).expect(1);
        let line = run.json().remove(0);
        let last = if load.is_empty() { "2" } else { "5" };
        assert_eq!((&line["attempts"], &line["response"]["body"]), (&3.into(), &last.into()));
    }
}

#[test]
fn a_load_shows_one_example_of_each_kind_of_failure() {
    let server = RawServer::start(|number, stream| {
        let (status, body) = match number % 4 {
            0 => ("503 Busy", "{\"wait\":true}"),
            1 => ("200 OK", "fine"),
            2 => ("422 No", "<html><title>No</title></html>"),
            _ => return false,
        };
        let text = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let _ = stream.write_all(text.as_bytes());
        false
    });
    let load = ["--concurrency", "1", "--count", "40"];
    let run = send(&server, &load).expect(2);
    for (part, count) in [
        ("10 got 503, for example page_created:\n                    HTTP/1.1 503 Busy\n                    {\n", 1),
        ("10 got 422, for example page_created:\n                    HTTP/1.1 422 No\n                    No\n", 1),
        ("10 got the connection was closed before a response was received", 1),
        ("HTTP/1.1 503 Busy", 1),
        ("… and 20 more without 2xx", 0),
    ] {
        assert_eq!(run.text().matches(part).count(), count, "{part}: {}", run.text());
    }
    let lines = send(&server, &[&load[..], &["--json"]].concat()).expect(2).json();
    let summary = lines.last().expect("a summary");
    let examples = summary["examples"].as_array().expect("a list");
    let kinds: Vec<_> = examples.iter().map(|example| (&example["status"], &example["count"])).collect();
    assert_eq!(kinds.len(), 3);
    assert!(kinds.contains(&(&503.into(), &10.into())) && kinds.contains(&(&Value::Null, &10.into())), "{kinds:?}");
    let busy = examples.iter().find(|example| example["status"] == 503).expect("an example");
    assert_eq!(busy["response"]["body"], "{\"wait\":true}");
    let fine = responding("200 OK", "", "");
    assert_eq!(send(&fine, &["--concurrency", "1", "--json"]).expect(0).json()[1].get("examples"), None);
}

#[test]
fn the_response_of_an_endpoint_is_shown_with_verbose_only() {
    let server =
        responding("422 Not Today", "Content-Type: application/json\r\nConnection: keep-alive\r\n", "{\"a\":1}");
    let forward = ["--secret", SECRET, "--forward", &server.url()];
    for (more, is_shown) in [(&[][..], false), (&["-v"], true)] {
        let sandbox = Sandbox::new();
        let arguments = [&forward[..], &["--count", "1"], more].concat();
        let run = listen_meanwhile(&sandbox, &arguments, |url| assert_eq!(good(url), 422));
        let block = "            HTTP/1.1 422 Not Today\n            Content-Type: application/json\n            \
                     Connection: keep-alive\n            Content-Length: 7\n\n            {\n              \"a\": 1\n            }\n";
        assert_eq!(run.text().contains(block), is_shown, "{}", run.text());
        let mut listener = Listener::start(&sandbox, &[&forward[..], more].concat());
        assert_eq!(good(&listener.url), 422);
        let forwarded = listener.next()["forwarded"][0].clone();
        assert_eq!(forwarded.get("response").is_some(), is_shown);
        if is_shown {
            let response = &forwarded["response"];
            assert_eq!((&response["status"], &response["body"]), (&422.into(), &"{\"a\":1}".into()));
            assert_eq!(response["headers"][1], json!({ "name": "Connection", "value": "keep-alive" }));
        }
    }
}

#[test]
fn a_record_keeps_16_kib_of_the_response_of_an_endpoint() {
    let body = "a".repeat(500 * 1024);
    let server = responding("200 OK", "Content-Type: text/plain\r\n", &body);
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--secret", SECRET, "--forward", &server.url(), "-v"]);
    let received = exchange(&listener.url, &request("/webhooks/confluence", "", BODY)).expect("a response");
    assert_eq!(received.body, body, "the sender gets all of it");
    let response = listener.next()["forwarded"][0]["response"].clone();
    assert_eq!((response["body"].as_str().map(str::len), &response["truncated"]), (Some(16 * 1024), &true.into()));
}

#[test]
fn probe_shows_and_saves_the_responses() {
    let server = responding("500 Oops", "Content-Type: application/json\r\nX-A: 1\r\n", "{\"error\":[]}");
    let sandbox = Sandbox::new();
    let url = server.url();
    let probe = |more: &[&str]| sandbox.run(&[&["probe", &url, "--only", "body/empty"], more].concat());
    let text = probe(&[]).expect(1);
    assert!(!text.text().contains("HTTP/1.1 500 Oops"), "{}", text.text());
    let text = probe(&["-v"]).expect(1);
    let block = "the response to empty-body:\n    HTTP/1.1 500 Oops\n    Content-Type: application/json\n    X-A: 1\n    \
                 Content-Length: 12\n\n    {\n      \"error\": []\n    }\n";
    assert!(text.text().contains(block), "{}", text.text());
    let received = probe(&["--json", "--save", "saved"]).expect(1).json()[0]["received"].clone();
    assert_eq!((&received["summary"], &received["status"]), (&"500 \"{\\\"error\\\":[]}\"".into(), &500.into()));
    assert_eq!((&received["body"], &received["truncated"]), (&"{\"error\":[]}".into(), &false.into()));
    assert_eq!((&received["request"], &received["error"]), (&"empty-body".into(), &Value::Null));
    let saved = std::fs::read_to_string(sandbox.path().join("saved/body-empty.response.http")).expect("a file");
    let head = "HTTP/1.1 500 Oops\r\nContent-Type: application/json\r\nX-A: 1\r\nContent-Length: 12\r\n\r\n";
    assert_eq!(saved, format!("{head}{{\"error\":[]}}"));
    assert!(sandbox.path().join("saved/body-empty.http").is_file());
}

#[test]
fn a_saved_response_is_no_delivery() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    let url = endpoint.url("/");
    sandbox.run(&["probe", &url, "--only", "deliver/*", "--save", "saved"]);
    let count = |ending: &str| {
        let names = std::fs::read_dir(sandbox.path().join("saved")).expect("the folder");
        names.filter(|name| name.as_ref().expect("an entry").file_name().to_string_lossy().ends_with(ending)).count()
    };
    let (all, responses) = (count(".http"), count(".response.http"));
    assert!(responses > 0 && responses <= all - responses, "{responses} of {all}");
    let sent = sandbox.run(&["send", "saved", "--to", &url, "--json"]).expect(0);
    assert_eq!(sent.json().len(), all - responses);
    let validated = sandbox.run(&["validate", "saved", "--json"]).expect(0);
    assert_eq!(validated.json().len(), all - responses);
}

#[test]
fn a_token_in_the_url_is_hidden_in_responses() {
    let server = RawServer::start(|_, stream| {
        let body = "cannot POST /hook?hook=t0ken-5ecret";
        let head = "HTTP/1.1 302 Found\r\nLocation: http://h/login?hook=t0ken-5ecret&next=1\r\n";
        stream.write_all(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).is_ok()
    });
    let (sandbox, url) = (Sandbox::new(), server.url());
    let token = ["--auth", "token", "--token", "hook=t0ken-5ecret"];
    // The sandbox fails the test if a stream or a file has the token.
    for more in [&[][..], &["-v"], &["--json"], &["--concurrency", "1"], &["--concurrency", "1", "--json"]] {
        let run = sandbox.run(&[&["send", "page_created", "--to", &url], &token[..], more].concat()).expect(1);
        assert!(run.text().contains("hook=[redacted]&next=1"), "{}", run.text());
    }
    for more in [&[][..], &["-v"], &["--json"]] {
        let probe = ["probe", &url, "--only", "body/empty"];
        let run = sandbox.run(&[&probe[..], &token, more].concat()).expect(1);
        assert!(run.text().contains("hook=[redacted]&next=1"), "{}", run.text());
    }
    let arguments = [&token[..], &["--forward", &url, "-v"]].concat();
    let mut listener = Listener::start(&sandbox, &arguments);
    let to = listener.url.clone();
    sandbox.run(&[&["send", "page_created", "--to", &to], &token[..]].concat()).expect(1);
    let forwarded = listener.next()["forwarded"][0].clone();
    assert_eq!(forwarded["response"]["headers"][0]["value"], "http://h/login?hook=[redacted]&next=1");
}
