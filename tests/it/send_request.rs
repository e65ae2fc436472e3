//! The request that `cfwh send` makes: its headers, its URL, and that `--dry-run` prints nothing else.

use crate::raw_server::RawServer;
use crate::support::{Endpoint, Sandbox};

const SEEDED: [&str; 4] = ["--seed", "1", "--at", "2026-01-15T09:30:00Z"];

/// Receives one request, responds with 200, and returns the request.
fn over_the_wire(sandbox: &Sandbox, arguments: &[&str], path: &str) -> (Vec<u8>, Vec<u8>) {
    let server = RawServer::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let url = server.url_of(path);
    let options = match arguments[0].rsplit_once('.') {
        None => &SEEDED[..],
        Some((_, "http")) => &[],
        Some(_) => &SEEDED[..2],
    };
    let arguments = [&["send"], arguments, options, &["--to", &url]].concat();
    let printed = sandbox.run(&[&arguments[..], &["--dry-run"]].concat()).expect(0).stdout;
    sandbox.run(&arguments).expect(0);
    (printed, server.requests().remove(0))
}

#[test]
fn a_dry_run_prints_exactly_the_sent_request() {
    let sandbox = Sandbox::new();
    sandbox.write("empty.json", "");
    sandbox.write(
        "kept.http",
        b"POST /x HTTP/1.1\r\nhost: a\r\nX-A: 1\r\nx-b: caf\xe9\r\nx-a: 3\r\nConnection: x-gone\r\nX-Gone: 1\r\n\r\n{\r\n}",
    );
    for (arguments, path) in [
        (&["page_created"][..], ""),
        (&["page_created", "--secret", "s3cret"], "/hook?lic=active"),
        (
            &[
                "page_created",
                "-H",
                "X-A: 1",
                "-H",
                "user-agent: me",
                "-H",
                "Content-Type: application/json; charset=utf-8",
            ],
            "/",
        ),
        (&["page_created", "-H", "Accept: text/plain"], "/hooks/{event}?x=é#part"),
        (&["empty.json"], "/"),
        (&["kept.http"], "/"),
        (&["kept.http", "--resign", "--secret", "s3cret"], "/a b"),
    ] {
        let (printed, sent) = over_the_wire(&sandbox, arguments, path);
        assert_eq!(String::from_utf8_lossy(&printed), String::from_utf8_lossy(&sent), "{arguments:?}");
        assert_eq!(printed, sent);
    }
}

#[test]
fn header_names_are_sent_in_the_documents_case() {
    let (_, sent) = over_the_wire(&Sandbox::new(), &["page_created", "--secret", "s3cret"], "/");
    let sent = String::from_utf8_lossy(&sent).into_owned();
    let names: Vec<_> = sent.lines().skip(1).map_while(|line| line.split_once(':')).map(|(name, _)| name).collect();
    assert_eq!(&names[..3], ["Content-Type", "X-Atlassian-Webhook-Identifier", "X-Hub-Signature"], "{sent}");
    assert!(sent.contains("\r\nContent-Type: application/json\r\n"), "{sent}");
}

#[test]
fn without_a_secret_nothing_is_signed() {
    let endpoint = Endpoint::start(&[]);
    Sandbox::new().run(&["send", "page_created", "--to", &endpoint.url("/"), "--seed", "1"]).expect(0);
    let received = endpoint.received();
    assert_eq!(received[0].header("X-Hub-Signature"), None);
    assert_eq!((received[0].method.as_str(), received[0].header("Content-Type")), ("POST", Some("application/json")));
}

#[test]
fn every_delivery_has_its_own_identifier() {
    let endpoint = Endpoint::start(&[]);
    let arguments = ["send", "page_created", "--count", "3", "--to", &endpoint.url("/"), "--seed", "1"];
    Sandbox::new().run(&arguments).expect(0);
    let mut identifiers: Vec<_> = endpoint
        .received()
        .iter()
        .map(|received| received.header("X-Atlassian-Webhook-Identifier").expect("it has one").to_owned())
        .collect();
    assert!(identifiers.iter().all(|identifier| identifier.len() == 36 && identifier.as_bytes()[14] == b'4'));
    identifiers.sort();
    identifiers.dedup();
    assert_eq!(identifiers.len(), 3);
}

#[test]
fn a_capture_keeps_its_headers_when_it_is_replayed() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    sandbox.write(
        "kept.http",
        "POST http://elsewhere.example/old HTTP/1.1\r\nHost: elsewhere.example\r\nUser-Agent: Atlassian\r\n\
         X-Hub-Signature: sha256=kept as it is\r\nX-Twice: 1\r\nX-Twice: 2\r\nX-Atlassian-Webhook-Identifier: i\r\n\
         Content-Length: 2\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\nKeep-Alive: x\r\n\r\n{}",
    );
    let mut command = sandbox.command(&["send", "kept.http", "--to", &endpoint.url("/new")]);
    command.env("CFWH_SECRET", "other");
    sandbox.finish(command).expect(0);
    let received = endpoint.received().remove(0);
    assert_eq!(received.url, "/new");
    assert_eq!(received.header("User-Agent"), Some("Atlassian"));
    assert_eq!(received.header("X-Hub-Signature"), Some("sha256=kept as it is"));
    assert_eq!(received.header("X-Atlassian-Webhook-Identifier"), Some("i"));
    let twice: Vec<_> =
        received.headers.iter().filter(|(name, _)| name == "X-Twice").map(|(_, value)| value.as_str()).collect();
    assert_eq!(twice, ["1", "2"]);
    assert_eq!(received.header("Content-Length"), Some("2"));
    for gone in ["Transfer-Encoding", "Connection", "Keep-Alive", "Content-Type"] {
        assert_eq!(received.header(gone), None, "{gone}");
    }
}

#[test]
fn resign_signs_a_capture_again_and_changes_nothing_else() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let to = endpoint.url("/");
    sandbox.write("kept.http", "POST / HTTP/1.1\r\nX-A: 1\r\nx-hub-signature: sha256=old\r\n\r\n{}");
    sandbox.run(&["send", "kept.http", "--resign", "--secret", "s3cret", "--to", &to]).expect(0);
    let received = endpoint.received().remove(0);
    let signature = sandbox.run_with(&["sign", "--secret", "s3cret"], "{}").expect(0).text().trim().to_owned();
    assert_eq!(received.header("X-Hub-Signature"), Some(signature.as_str()));
    assert_eq!((received.header("X-A"), received.body.as_slice()), (Some("1"), &b"{}"[..]));
    let without = sandbox.run(&["send", "kept.http", "--resign", "--to", &to]).expect(2);
    assert!(without.stderr.starts_with("error: --resign needs a secret"), "{}", without.stderr);
}

#[test]
fn event_in_the_url_is_replaced() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let to = endpoint.url("/{event}?again={event}");
    sandbox.write("body.json", "{\"event\":\"space_removed\"}");
    sandbox.write("none.json", "{}");
    sandbox.write("kept.http", "POST /hooks/label_created HTTP/1.1\r\n\r\n{}");
    sandbox.run(&["send", "page_created", "body.json", "kept.http", "--to", &to, "--seed", "1"]).expect(0);
    sandbox.run(&["send", "none.json", "--event", "blog_removed", "--to", &to]).expect(0);
    let urls: Vec<_> = endpoint.received().into_iter().map(|received| received.url).collect();
    assert_eq!(
        urls,
        ["page_created", "space_removed", "label_created", "blog_removed"].map(|name| format!("/{name}?again={name}"))
    );
    let unknown = sandbox.run(&["send", "none.json", "--to", &to]).expect(2);
    assert!(
        unknown.stderr.contains("the event is unknown for none.json\n  fix: give it with --event"),
        "{}",
        unknown.stderr
    );
    assert_eq!(endpoint.received().len(), 4);
}

#[test]
fn header_options_add_and_replace() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let to = endpoint.url("/");
    let headers = ["-H", "X-Mine: a: b ", "-H", "x-hub-signature: mine", "-H", "X-Empty:"];
    sandbox
        .run(&[&["send", "page_created", "--seed", "1", "--secret", "s3cret", "--to", &to], &headers[..]].concat())
        .expect(0);
    let received = endpoint.received().remove(0);
    assert_eq!(received.header("X-Mine"), Some("a: b"));
    assert_eq!(received.header("X-Empty"), Some(""));
    let signatures = received.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("x-hub-signature"));
    assert_eq!(signatures.map(|(_, value)| value.as_str()).collect::<Vec<_>>(), ["mine"]);
}

#[test]
fn a_non_ascii_host_is_sent_in_punycode() {
    let run = Sandbox::new().run(&["send", "page_created", "--to", "http://Bücher.example/x", "--dry-run"]).expect(0);
    assert!(run.text().contains("\r\nHost: xn--bcher-kva.example\r\n"), "{}", run.text());
}
