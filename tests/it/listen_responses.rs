//! The responses of `cfwh listen`.

use cfwh::auth::secret::Secret;
use cfwh::server::MAX_BODY;

use crate::support::{Listener, Sandbox, captures};

const PATH: &str = "/webhooks/confluence";
const JSON: &str = "Content-Type: application/json";

fn signed(body: &[u8]) -> String {
    format!("X-Hub-Signature: {}", Secret::new(b"s3cret".to_vec()).expect("a secret").sign(body))
}

#[test]
fn requests_that_are_not_deliveries_get_the_right_4xx() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--max-body", "1KiB", "--capture", "kept"]);
    let large = "x".repeat(1025);
    for (method, target, headers, body, status) in [
        ("POST", "/elsewhere", &[JSON, "Content-Length: 2"][..], "{}", 404),
        ("POST", "/webhooks/confluence/nonsense", &[JSON, "Content-Length: 2"], "{}", 404),
        ("POST", "/webhooks/confluenceX", &[JSON, "Content-Length: 2"], "{}", 404),
        ("GET", "/", &[], "", 404),
        ("GET", PATH, &[], "", 405),
        ("PUT", PATH, &[JSON, "Content-Length: 2"], "{}", 405),
        ("POST", PATH, &[JSON], "", 411),
        ("POST", PATH, &[JSON, "Content-Length: 1025"], &large, 413),
        ("POST", PATH, &[JSON, "Transfer-Encoding: chunked"], &format!("401\r\n{large}\r\n0\r\n\r\n"), 413),
        ("POST", PATH, &["Content-Type: text/plain", "Content-Length: 2"], "{}", 415),
        ("POST", PATH, &["Content-Type: application/x-www-form-urlencoded", "Content-Length: 2"], "{}", 415),
        ("POST", PATH, &["Content-Length: 2"], "{}", 415),
        ("POST", PATH, &[JSON, "Content-Length: 2", "Content-Encoding: gzip"], "{}", 415),
        ("POST", PATH, &[JSON, "Content-Length: 2", "content-encoding: identity, br"], "{}", 415),
        ("POST", PATH, &[JSON, "Content-Length: 8"], "not JSON", 400),
        ("POST", PATH, &[JSON, "Content-Length: 0"], "", 400),
    ] {
        let answer = listener.request(method, target, headers, body.as_bytes());
        assert_eq!(answer.status, status, "{method} {target} {headers:?}: {}", answer.body);
        assert_eq!(answer.header("Allow"), (status == 405).then_some("POST"), "{method} {target}");
        assert!(answer.body.ends_with('\n') && answer.body.trim().len() > 5, "a sentence: {:?}", answer.body);
    }
    listener.interrupt();
    let run = listener.finish().expect(0);
    // Each request has its line. Only deliveries are saved: the two that are not JSON.
    let lines = run.json();
    let count = |kind: &str| lines.iter().filter(|line| line["type"] == kind).count();
    assert_eq!((count("refused"), count("delivery"), count("summary")), (14, 2, 1), "{lines:?}");
    let summary = lines.last().expect("a summary");
    assert_eq!((&summary["received"], &summary["accepted"], &summary["refused"]), (&16.into(), &0.into(), &16.into()));
    assert_eq!(captures(&sandbox.path().join("kept")).len(), 2);
    let refused = lines.iter().find(|line| line["status"] == 405).expect("the line of the GET");
    assert_eq!((&refused["method"], &refused["target"]), (&"GET".into(), &PATH.into()));
    assert_eq!(refused["reason"], "use POST to send webhooks");
}

#[test]
fn deliveries_are_accepted_in_every_valid_http_form() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--secret", "s3cret", "--max-body", "1KiB"]);
    let body = b"{\"event\":\"page_created\"}";
    let largest = format!("{{\"event\":\"page_created\",\"a\":\"{}\"}}", "x".repeat(1024 - 31));
    assert_eq!(largest.len(), 1024);
    let chunked = [b"5\r\n{\"eve\r\n13\r\n".as_slice(), b"nt\":\"page_created\"}", b"\r\n0\r\n\r\n"].concat();
    let signature = signed(body);
    for (target, headers, sent, length) in [
        (PATH, &[JSON, &signature][..], &body[..], 24),
        ("/webhooks/confluence/", &[JSON, &signature], body, 24),
        ("/webhooks/confluence?lic=active", &[JSON, &signature], body, 24),
        ("/webhooks/confluence/page_created?lic=none", &[JSON, &signature], body, 24),
        (PATH, &["content-type: Application/JSON; charset=utf-8", &signature.to_lowercase()], body, 24),
        (PATH, &[JSON, &signed(largest.as_bytes())], largest.as_bytes(), 1024),
    ] {
        let answer = listener.post(target, headers, sent);
        assert_eq!((answer.status, answer.body.as_str()), (200, "ok\n"), "{target} {headers:?}");
        let line = listener.next();
        assert_eq!((&line["signature"], &line["event"]), (&"valid".into(), &"page_created".into()), "{line}");
        assert_eq!((&line["target"], &line["bytes"]), (&target.into(), &length.into()));
    }
    let answer = listener.request("POST", PATH, &[JSON, &signature, "Transfer-Encoding: chunked"], &chunked);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(listener.next()["bytes"], 24);
}

#[test]
fn path_changes_where_deliveries_are_received() {
    let sandbox = Sandbox::new();
    for (path, good, bad) in [
        ("/hook", "/hook", PATH),
        ("/", "/", "/nonsense"),
        ("/a/b/", "/a/b/page_created", "/a"),
        ("/a b", "/a%20b", "/a"),
        ("/\u{e4}", "/%c3%a4/page_created", "/a"),
        ("/\u{e4}", "/\u{e4}", "/%e4"),
        ("/%7Ea", "/~a", "/a"),
        ("/a/../b/./c", "/b/c", "/a"),
    ] {
        let listener = Listener::start(&sandbox, &["--path", path]);
        let status = |target: &str| listener.post(target, &[JSON], b"{}").status;
        assert_eq!((status(good), status(bad)), (200, 404), "{path}");
        // The URL that it says can be sent to.
        sandbox.run(&["send", "page_created", "--to", &listener.url, "--seed", "1"]).expect(0);
        assert!(listener.url.is_ascii() && !listener.url.contains(' '), "{}", listener.url);
        assert!(path != "/hook" || listener.url.ends_with("/hook"), "{}", listener.url);
    }
    for path in ["hook", "", "/a?b", "/a#b", "/a\\b", "/a\nb", "/hooks/{event}"] {
        let run = sandbox.run(&["listen", "--port", "0", "--path", path]).expect(2);
        assert!(run.stderr.contains("--path"), "{}", run.stderr);
    }
}

#[test]
fn a_401_never_reveals_the_right_signature() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--secret", "s3cret", "--capture", "kept"]);
    let body = b"{\"event\":\"page_created\"}";
    let right = signed(body);
    let digest = &right["X-Hub-Signature: sha256=".len()..];
    for (headers, word) in [
        (vec![], "unsigned"),
        (vec!["X-Hub-Signature-256: sha256=00".to_owned()], "unsigned"),
        (vec!["X-Hub-Signature:".to_owned()], "malformed"),
        (vec![format!("X-Hub-Signature: {digest}")], "malformed"),
        (vec![format!("X-Hub-Signature: sha256={}", digest.to_uppercase())], "malformed"),
        (vec![right.clone(), right.clone()], "malformed"),
        (vec![signed(b"another body")], "mismatch"),
    ] {
        let mut all = vec![JSON];
        all.extend(headers.iter().map(String::as_str));
        let answer = listener.post(PATH, &all, body);
        assert_eq!(answer.status, 401, "{headers:?}");
        assert!(answer.body.starts_with(word), "{}", answer.body);
        assert!(!answer.body.contains(digest), "{}", answer.body);
        let line = listener.next();
        assert_eq!((&line["signature"], &line["status"]), (&word.into(), &401.into()));
        // Refused deliveries are saved too, so that they can be inspected.
        assert!(line["capture"].is_string());
    }
    assert_eq!(listener.post(PATH, &[JSON, &right], body).status, 200);
}

#[test]
fn the_signature_is_checked_before_the_json() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--secret", "s3cret", "--strict"]);
    assert_eq!(listener.post(PATH, &[JSON], b"not JSON").status, 401);
    assert_eq!(listener.post(PATH, &[JSON, &signed(b"not JSON")], b"not JSON").status, 400);
    assert_eq!(listener.post(PATH, &[JSON, &signed(b"{}")], b"{}").status, 422);
}

#[test]
fn invalid_bodies_get_422_only_with_strict() {
    let sandbox = Sandbox::new();
    let wrong = b"{\"event\":\"page_created\",\"page\":{\"id\":7}}";
    let mut lenient = Listener::start(&sandbox, &[]);
    assert_eq!(lenient.post(PATH, &[JSON], wrong).status, 200);
    let line = lenient.next();
    assert_eq!((&line["verdict"], &line["status"]), (&"errors".into(), &200.into()));
    assert!(line["findings"].as_array().is_some_and(|all| all.iter().any(|finding| finding["pointer"] == "/page/id")));
    let mut strict = Listener::start(&sandbox, &["--strict"]);
    let answer = strict.post(PATH, &[JSON], wrong);
    assert_eq!(answer.status, 422);
    assert!(answer.body.starts_with("invalid: "), "{}", answer.body);
    assert_eq!(strict.next()["status"], 422);
}

#[test]
fn any_of_several_secrets_is_accepted() {
    let sandbox = Sandbox::new();
    sandbox.write("old", "old\n");
    let listener = Listener::start(&sandbox, &["--secret", "new", "--secret-file", "old"]);
    assert_eq!(listener.ready["secret"], "given");
    for (secret, code) in [("new", 0), ("old", 0), ("other", 1)] {
        sandbox.run(&["send", "page_created", "--secret", secret, "--to", &listener.url, "--seed", "1"]).expect(code);
    }
}

#[test]
fn the_secret_may_come_from_the_environment() {
    let sandbox = Sandbox::new();
    let mut command = sandbox.command(&["listen", "--json", "--port", "0"]);
    command.env("CFWH_SECRET", "s3cret");
    let listener = Listener::spawn(&sandbox, command);
    assert_eq!(listener.ready["secret"], "given");
    assert_eq!(listener.post(PATH, &[JSON], b"{}").status, 401);
    assert_eq!(listener.post(PATH, &[JSON, &signed(b"{}")], b"{}").status, 200);
    assert_eq!(Listener::start(&sandbox, &[]).ready["secret"], "none");
}

/// The default of the option must equal the limit in the code.
#[test]
fn the_default_of_max_body_is_the_receivers_limit() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--quiet"]);
    let body = format!(r#"{{"event":"page_created"{}}}"#, " ".repeat(MAX_BODY));
    let largest = format!("{}}}", &body[..MAX_BODY - 1]);
    assert_eq!(listener.post(PATH, &[JSON], largest.as_bytes()).status, 200);
    assert_eq!(listener.post(PATH, &[JSON], &body.as_bytes()[..=MAX_BODY]).status, 413);
}
