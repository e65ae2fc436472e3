//! A delivery's way from end to end: send, listen, capture, verify, validate, replay. What goes in comes out, byte for
//! byte.

use std::path::Path;

use serde_json::Value;

use crate::support::all_events;
use crate::support::{Endpoint, Listener, Sandbox, captures, tool};

const SEEDED: [&str; 4] = ["--seed", "1", "--at", "2026-01-15T09:30:00Z"];

/// The body of a capture, found without the program's own reader.
fn body_of(capture: &Path) -> Vec<u8> {
    let bytes = std::fs::read(capture).expect("a capture");
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("an empty line");
    bytes[head + 4..].to_vec()
}

/// Header lines of a capture, lower-cased names, sorted.
fn headers_of(capture: &Path) -> Vec<(String, String)> {
    let bytes = std::fs::read(capture).expect("a capture");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, _) = text.split_once("\r\n\r\n").expect("an empty line");
    let mut headers: Vec<_> = head
        .lines()
        .skip(1)
        .map(|line| {
            let (name, value) = line.split_once(": ").expect("a header line");
            (name.to_lowercase(), value.to_owned())
        })
        .collect();
    headers.sort();
    headers
}

#[test]
fn every_event_can_be_received_captured_verified_validated_and_replayed() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--secret", "s3cret", "--capture", "kept"]);
    for (index, kind) in all_events().enumerate() {
        let name = kind.name();
        let arguments = ["send", name, "--secret", "s3cret", "--to", &listener.url, "--json"];
        let sent = sandbox.run(&[&arguments, &SEEDED[..]].concat()).expect(0).json();
        assert_eq!((sent.len(), &sent[0]["status"], &sent[0]["event"]), (1, &200.into(), &name.into()), "{sent:?}");

        let line = listener.next();
        assert_eq!(line["type"], "delivery");
        assert_eq!(line["number"], index + 1);
        assert_eq!(line["event"], name);
        assert_eq!((&line["signature"], &line["verdict"]), (&"valid".into(), &"clean".into()), "{line}");
        assert_eq!(line["findings"], Value::Array(Vec::new()));
        assert_eq!((&line["status"], &line["forwarded"]), (&200.into(), &Value::Array(Vec::new())));

        let capture = line["capture"].as_str().expect("it is kept").to_owned();
        assert_eq!(capture, format!("kept/{:06}-{name}.http", index + 1));
        let mut faked = sandbox.run(&[&["fake", name, "--format", "json"], &SEEDED[..]].concat()).expect(0).stdout;
        assert_eq!(faked.pop(), Some(b'\n'));
        assert_eq!(line["bytes"], faked.len());
        assert_eq!(body_of(&sandbox.path().join(&capture)), faked, "{name}");
        let verified = sandbox.run(&["verify", &capture, "--secret", "s3cret"]).expect(0);
        assert_eq!(verified.text(), format!("valid      {capture}\n"));
        let validated = sandbox.run(&["validate", &capture, "--strict", "--event", name]).expect(0);
        assert_eq!(validated.text(), "");
    }
    listener.interrupt();
    let end = listener.finish().expect(0).json();
    assert_eq!(
        end,
        [serde_json::json!({
            "type": "summary", "received": 19, "accepted": 19, "refused": 0, "expectations": [],
        })]
    );

    // Replay without a secret, with the saved signatures: once to `cfwh listen`, and once to another receiver.
    let endpoint = Endpoint::start(&[]);
    sandbox.run(&["send", "kept", "--to", &endpoint.url("/hook")]).expect(0);
    let again = Listener::start(&sandbox, &["--secret", "s3cret", "--capture", "again", "--count", "19"]);
    sandbox.run(&["send", "kept", "--to", &again.url]).expect(0);
    let lines = again.finish().expect(0).json();
    assert!(lines[..19].iter().all(|line| line["signature"] == "valid" && line["verdict"] == "clean"), "{lines:?}");

    let (kept, again) = (captures(&sandbox.path().join("kept")), captures(&sandbox.path().join("again")));
    let received = endpoint.received();
    assert_eq!((kept.len(), again.len(), received.len()), (19, 19, 19));
    for ((kept, again), received) in kept.iter().zip(&again).zip(&received) {
        assert_eq!(kept.file_name(), again.file_name());
        assert_eq!(body_of(kept), body_of(again));
        assert_eq!(body_of(kept), received.body);
        let but_host =
            |path: &Path| headers_of(path).into_iter().filter(|(name, _)| name != "host").collect::<Vec<_>>();
        assert_eq!(but_host(kept), but_host(again));
        for (name, value) in but_host(kept) {
            assert_eq!(received.header(&name), Some(value.as_str()), "{name}");
        }
    }
}

/// Bodies that a layer could be tempted to correct.
fn awkward() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("odd spacing", b"  {\t\"event\" :\n\n\"page_created\"  , \"page\":{ } }  ".to_vec()),
        ("repeated keys", br#"{"event":"page_created","event":"page_updated","a":1,"a":2}"#.to_vec()),
        ("escapes", br#"{"event":"page_created","a":"\u00e9\/\ud83d\ude00\u0000","\u0061":"\b"}"#.to_vec()),
        (
            "huge numbers",
            br#"{"event":"page_created","timestamp":123456789012345678901234567890,"b":1.0e400,"c":-0}"#.to_vec(),
        ),
        ("CRLF", b"{\r\n\"event\":\r\n\"page_created\"\r\n}\r\n".to_vec()),
        ("no line end", br#"{"event":"page_created"}"#.to_vec()),
        ("many line ends", b"{\"event\":\"page_created\"}\n\n\n".to_vec()),
        ("a byte order mark", b"\xef\xbb\xbf{\"event\":\"page_created\"}".to_vec()),
        ("no UTF-8", b"{\"event\":\"page_created\",\"a\":\"\xff\xfe\xc3(\"}".to_vec()),
        ("zeros", b"\0\0\0\0".to_vec()),
        ("a head of its own", b"POST / HTTP/1.1\r\nX: y\r\n\r\n{}".to_vec()),
        ("not JSON", b"a=1&b=%20\r\n\r\n".to_vec()),
        ("empty", Vec::new()),
        ("a mebibyte", format!("{{\"event\":\"page_created\",\"a\":\"{}\"}}", "é".repeat(524_270)).into_bytes()),
    ]
}

#[test]
fn body_bytes_are_the_same_after_every_step() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let first = Listener::start(&sandbox, &["--secret", "s3cret", "--capture", "first"]);
    let second = Listener::start(&sandbox, &["--secret", "s3cret", "--capture", "second"]);
    for (index, (what, body)) in awkward().into_iter().enumerate() {
        sandbox.write("body.bin", &body);
        // The body is saved before it is validated.
        let sent = sandbox.run(&["send", "body.bin", "--secret", "s3cret", "--to", &first.url]);
        assert!(sent.code < 2, "{what}: {} {}", sent.text(), sent.stderr);
        let kept = captures(&sandbox.path().join("first"))[index].clone();
        assert_eq!(body_of(&kept), body, "{what} is kept as it was");

        let capture = kept.to_str().expect("a name");
        sandbox.run(&["verify", capture, "--secret", "s3cret"]).expect(0);
        let signature = sandbox.run(&["sign", "body.bin", "--secret", "s3cret"]).expect(0).text().trim().to_owned();
        assert!(headers_of(&kept).contains(&("x-hub-signature".into(), signature.clone())), "{what}");

        let replayed = sandbox.run(&["send", capture, "--to", &second.url]);
        assert!(replayed.code < 2, "{what}: {} {}", replayed.text(), replayed.stderr);
        let kept_again = captures(&sandbox.path().join("second"))[index].clone();
        assert_eq!(body_of(&kept_again), body, "{what} is replayed as it was");
        sandbox.run(&["verify", kept_again.to_str().expect("a name"), "--secret", "s3cret"]).expect(0);

        sandbox.run(&["send", capture, "--to", &endpoint.url("/")]).expect(0);
        let received = endpoint.received().pop().expect("it came");
        assert_eq!(received.body, body, "{what} reaches another's receiver as it was");
        assert_eq!(received.header("X-Hub-Signature"), Some(signature.as_str()));
    }
}

#[test]
fn bodies_from_stdin_and_from_lines_are_sent_unchanged() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let to = endpoint.url("/");
    sandbox.run_with(&["send", "-", "--to", &to], " {\"a\": 1}\r\n").expect(0);
    sandbox.write("many.ndjson", "{\"a\":1}\r\n\n  {\"b\":2}\n{\"c\":3}");
    let run = sandbox.run(&["send", "many.ndjson", "--to", &to, "--json"]).expect(0).json();
    assert_eq!(
        run.iter().map(|line| line["source"].as_str()).collect::<Vec<_>>(),
        [Some("many.ndjson:1"), Some("many.ndjson:3"), Some("many.ndjson:4"),]
    );
    let bodies: Vec<_> = endpoint.received().into_iter().map(|received| received.body).collect();
    assert_eq!(bodies, [&b" {\"a\": 1}\r\n"[..], b"{\"a\":1}", b"  {\"b\":2}", b"{\"c\":3}"]);
}

#[test]
fn piping_fake_to_send_equals_sending_the_event() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let to = endpoint.url("/");
    let faked = sandbox.run(&[&["fake", "page_updated"], &SEEDED[..]].concat()).expect(0).stdout;
    let send = |source| vec!["send", source, "--secret", "s3cret", "--to", &to];
    sandbox.run_with(&[send("-"), SEEDED[..2].to_vec()].concat(), faked).expect(0);
    sandbox.run(&[send("page_updated"), SEEDED.to_vec(), vec!["--format", "pretty"]].concat()).expect(0);
    let [piped, direct] = &endpoint.received()[..] else { panic!("two deliveries") };
    assert_eq!((&piped.body, &piped.headers), (&direct.body, &direct.headers));
}

#[test]
fn the_receiver_reads_the_event_from_the_url() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &[]);
    sandbox.write("body.json", "{\"timestamp\":1}");
    let to = format!("{}/{{event}}?lic=active", listener.url);
    sandbox.run(&["send", "body.json", "--event", "page_trashed", "--to", &to]).expect(0);
    let line = listener.next();
    assert_eq!(
        (&line["event"], &line["target"]),
        (&"page_trashed".into(), &"/webhooks/confluence/page_trashed?lic=active".into(),)
    );
    assert_eq!(line["signature"], "unchecked");
}

#[test]
fn the_printed_command_works_with_the_generated_secret() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--secret"]);
    assert_eq!(listener.ready["secret"], "generated");
    let secret = listener.said().strip_prefix("secret ").expect("the secret is said").to_owned();
    let line = listener.said();
    let command = line.strip_prefix("try    ").expect("a command to try");
    assert_eq!(command, format!("CFWH_SECRET={secret} cfwh send page_updated --to {}", listener.url));
    assert!(!listener.ready.to_string().contains(&secret));

    // As a shell runs it, with the program in its PATH.
    let folder = Path::new(env!("CARGO_BIN_EXE_cfwh")).parent().expect("a folder");
    let tried =
        std::process::Command::new("/bin/sh").args(["-c", command]).env("PATH", folder).output().expect("sh runs");
    assert!(tried.status.success(), "{tried:?}");
    let line = listener.next();
    assert_eq!((&line["event"], &line["signature"]), (&"page_updated".into(), &"valid".into()));
    // And it is a secret: without it nothing passes.
    sandbox.run(&["send", "page_updated", "--secret", "gu3ss", "--to", &listener.url]).expect(1);
    assert_eq!(listener.next()["signature"], "mismatch");
}

/// Runs the example in `cfwh sign --help`, with another port.
#[test]
#[ignore = "needs curl"]
fn curl_with_the_header_of_sign_is_accepted() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--secret", "s3cret"]);
    let body = sandbox.run(&["fake", "page_created", "--seed", "1"]).expect(0).stdout;
    sandbox.write("body.json", &body);
    let header =
        sandbox.run(&["sign", "body.json", "--header", "--secret", "s3cret"]).expect(0).text().trim().to_owned();
    let arguments = ["-sS", "--noproxy", "*", "--json", "@body.json", "-H", &header, &listener.url];
    let curl = std::process::Command::new(tool("curl")).args(arguments).current_dir(sandbox.path()).output();
    let curl = curl.expect("curl runs");
    assert_eq!(String::from_utf8_lossy(&curl.stdout), "ok\n", "{curl:?}");
    let line = listener.next();
    assert_eq!(
        (&line["signature"], &line["verdict"], &line["bytes"]),
        (&"valid".into(), &"clean".into(), &body.len().into())
    );
}

#[test]
fn the_last_of_repeated_event_keys_counts_everywhere() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    let body = r#"{"event":"page_created","event":"page_updated"}"#;
    sandbox.write("body.json", body);
    assert_eq!(sandbox.run(&["validate", "--json", "body.json"]).expect(0).json()[0]["event"], "page_updated");
    assert_eq!(sandbox.run(&["drift", "--json", "body.json"]).expect(1).json()[0]["event"], "page_updated");
    sandbox.run(&["send", "body.json", "--to", &endpoint.url("/hooks/{event}")]).expect(0);
    assert_eq!(endpoint.received()[0].url, "/hooks/page_updated");
    let mut listener = Listener::start(&sandbox, &["--capture", "calls", "--count", "1"]);
    listener.post("/webhooks/confluence", &["Content-Type: application/json"], body.as_bytes());
    assert_eq!(listener.next()["event"], "page_updated");
    listener.finish();
    assert!(sandbox.path().join("calls/000001-page_updated.http").exists());
}
