//! Verified deliveries are forwarded to endpoints unchanged, and their responses are returned.

use super::raw_client::{BODY, SECRET, connect, exchange, good, request};
use super::raw_server::RawServer;
use super::support::{ClosedPort, Endpoint, Listener, Sandbox};

fn unsigned(target: &str) -> Vec<u8> {
    let text = String::from_utf8(request(target, "", BODY)).expect("text");
    text.replace("X-Hub-Signature", "X-Nothing").into_bytes()
}

#[test]
fn bytes_query_and_headers_are_forwarded_and_the_response_returned() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::answering(&[418], "short and stout\n");
    let mut listener = Listener::start(&sandbox, &["--secret", SECRET, "--forward", &endpoint.url("/hook?k=v")]);
    let body = "{ \"event\":\"page_created\",\r\n \"a\":1e2, \"a\":\"\\u00e9\" }\n";
    let lines = "X-Twice: 1\r\nX-Twice: 2\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nTE: trailers\r\n";
    let answer = exchange(&listener.url, &request("/webhooks/confluence?lic=a'%2f", lines, body)).expect("an answer");
    assert_eq!((answer.status, answer.body.as_str()), (418, "short and stout\n"));

    let [received] = &endpoint.received()[..] else { panic!("one delivery") };
    assert_eq!((received.method.as_str(), received.url.as_str()), ("POST", "/hook?k=v&lic=a'%2f"));
    assert_eq!(received.body, body.as_bytes());
    let twice: Vec<_> = received.headers.iter().filter(|(name, _)| name == "X-Twice").map(|(_, v)| v).collect();
    assert_eq!(twice, ["1", "2"]);
    assert_eq!((received.header("X-Hop"), received.header("TE")), (None, None));
    assert!(received.header("X-Hub-Signature").is_some());
    assert_eq!(received.header("Host").map(|host| format!("http://{host}/hook?k=v")), Some(endpoint.url("/hook?k=v")));

    let line = listener.next();
    assert_eq!((&line["status"], &line["forwarded"][0]["status"]), (&418.into(), &418.into()));
}

#[test]
fn names_of_header_fields_are_forwarded_in_their_case() {
    let sandbox = Sandbox::new();
    let endpoint = RawServer::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let listener = Listener::start(&sandbox, &["--secret", SECRET, "--forward", &endpoint.url()]);
    let text = String::from_utf8(request(
        "/webhooks/confluence",
        "x-lower: 1\r\nX-UPPER: 2\r\nX-miXed: 3\r\nx-MIXED: 4\r\n",
        BODY,
    ));
    let text = text.expect("text").replace("X-Hub-Sig", "X-HUB-sig");
    assert_eq!(exchange(&listener.url, text.as_bytes()).expect("an answer").status, 200);
    let received = String::from_utf8(endpoint.requests().remove(0)).expect("text");
    for line in ["x-lower: 1", "X-UPPER: 2", "X-miXed: 3", "x-MIXED: 4", "X-HUB-signature: sha256="] {
        assert!(received.contains(&format!("\r\n{line}")), "{received}");
    }
    assert!(received.ends_with(&format!("\r\n\r\n{BODY}")), "{received}");
}

#[test]
fn resign_signs_what_is_forwarded_and_keeps_the_bytes() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let options = ["--profile", "cloud", "--secret", SECRET, "--forward-unverified", "--resign"];
    let to = endpoint.url("/hook/{event}");
    let listener = Listener::start(&sandbox, &[&options[..], &["--forward", &to]].concat());
    for message in [unsigned("/webhooks/confluence/page_created"), good_message("sha256=00")] {
        exchange(&listener.url, &message).expect("an answer");
    }
    let received = endpoint.received();
    assert_eq!(received.len(), 2);
    for delivery in received {
        assert_eq!(delivery.body, BODY.as_bytes());
        let signatures: Vec<_> = delivery.headers.iter().filter(|(name, _)| name == "X-Hub-Signature").collect();
        let [(_, signature)] = signatures[..] else { panic!("{signatures:?}") };
        sandbox.write("body.json", &delivery.body);
        sandbox.run(&["verify", "body.json", "--secret", SECRET, "--signature", signature]).expect(0);
    }
    let run = sandbox.run(&["listen", "--forward", &to, "--forward-unverified", "--resign"]).expect(2);
    assert_eq!(
        run.stderr,
        "error: --resign signs with the local secret, but no secret is given\n  fix: give a secret\n"
    );
}

/// A delivery with this signature.
fn good_message(signature: &str) -> Vec<u8> {
    let text = String::from_utf8(unsigned("/webhooks/confluence/page_created")).expect("text");
    let (before, after) = text.split_once("X-Nothing: ").expect("a header");
    let (_, after) = after.split_once("\r\n").expect("a line");
    format!("{before}X-Hub-Signature: {signature}\r\n{after}").into_bytes()
}

#[test]
fn events_are_forwarded_by_pattern() {
    let sandbox = Sandbox::new();
    let [pages, all] = [Endpoint::start(&[]), Endpoint::start(&[500])];
    let (to_pages, to_all) = (format!("page_*={}", pages.url("/{event}")), format!("*_created={}", all.url("/all")));
    let listener = Listener::start(&sandbox, &["--secret", SECRET, "--forward", &to_pages, "--forward", &to_all]);
    assert_eq!(good(&listener.url), 500, "the sender hears of the one that failed");
    let updated = BODY.replace("created", "updated");
    assert_eq!(exchange(&listener.url, &request("/webhooks/confluence", "", &updated)).expect("an answer").status, 200);
    let blog = BODY.replace("page_created", "blog_removed");
    assert_eq!(exchange(&listener.url, &request("/webhooks/confluence", "", &blog)).expect("an answer").status, 200);
    let urls: Vec<_> = pages.received().into_iter().map(|received| received.url).collect();
    assert_eq!(urls, ["/page_created", "/page_updated"]);
    assert_eq!(all.received().len(), 1);
}

#[test]
fn only_verified_deliveries_are_forwarded_by_default() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let forward = ["--secret", SECRET, "--forward", &endpoint.url("/")];
    let strict = Listener::start(&sandbox, &forward);
    assert_eq!(exchange(&strict.url, &unsigned("/webhooks/confluence")).expect("an answer").status, 401);
    assert_eq!(endpoint.received().len(), 0);
    let mut all = forward.to_vec();
    all.push("--forward-unverified");
    let lenient = Listener::start(&sandbox, &all);
    assert_eq!(exchange(&lenient.url, &unsigned("/webhooks/confluence")).expect("an answer").status, 200);
    assert_eq!(endpoint.received().len(), 1);

    let run = sandbox.run(&["listen", "--port", "0", "--forward", "http://receiver.test/"]).expect(2);
    assert!(run.stderr.contains("--forward-unverified"), "{}", run.stderr);
}

#[test]
fn a_silent_endpoint_gives_502_or_504_and_blocks_no_other_delivery() {
    let sandbox = Sandbox::new();
    // One takes connections and never responds, the other refuses them.
    let closed = ClosedPort::new();
    let to_closed = format!("space_*={}", closed.url("/"));
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let to_silent = format!("page_*=http://{}/", silent.local_addr().expect("an address"));
    let arguments = ["--secret", SECRET, "--forward", &to_silent, "--forward", &to_closed];
    let listener = Listener::start(&sandbox, &[&arguments[..], &["--forward-timeout", "1500ms"]].concat());

    let mut waiting = Vec::new();
    for _ in 0..20 {
        let mut stream = connect(&listener.url);
        std::io::Write::write_all(&mut stream, &request("/webhooks/confluence", "", BODY)).expect("it is taken");
        waiting.push(stream);
    }
    let space = BODY.replace("page_created", "space_created");
    let refused = exchange(&listener.url, &request("/webhooks/confluence", "", &space)).expect("an answer");
    assert_eq!(refused.status, 502);
    assert!(refused.body.contains(&format!("{}: the connection was refused", closed.url("/"))));
    for mut stream in waiting {
        let late = super::raw_client::read_response(&mut stream).expect("an answer");
        assert_eq!(late.status, 504);
        assert!(late.body.contains("no response within 1.5 s"), "{late:?}");
    }
}

#[test]
fn a_late_second_response_is_not_taken_for_the_next_one() {
    let sandbox = Sandbox::new();
    let wire = RawServer::answering_twice();
    let listener = Listener::start(&sandbox, &["--secret", SECRET, "--forward", &wire.url()]);
    assert_eq!((0..10).map(|_| good(&listener.url)).collect::<Vec<_>>(), [200; 10]);
    let sent = sandbox.run(&["send", "page_created", "--count", "10", "--to", &wire.url(), "--json"]).expect(0);
    assert_eq!(sent.json().last().expect("a summary")["ok"], 10);
}

#[test]
fn credentials_of_the_url_are_sent_and_not_shown() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let url = endpoint.url("/hook").replace("http://", "http://user:hunter2@");
    let mut listener = Listener::start(&sandbox, &["--secret", SECRET, "--forward", &url, "-v"]);
    assert_eq!(good(&listener.url), 200);
    assert_eq!(endpoint.received()[0].header("Authorization"), Some("Basic dXNlcjpodW50ZXIy"));
    assert_eq!(listener.next()["forwarded"][0]["url"], endpoint.url("/hook"));
}

#[test]
fn connection_cannot_have_the_signature_or_the_type_of_the_body_dropped() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let listener = Listener::start(&sandbox, &["--secret", SECRET, "--forward", &endpoint.url("/")]);
    let lines = "Connection: X-Hub-Signature, Content-Type\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\n";
    let response = exchange(&listener.url, &request("/webhooks/confluence", lines, BODY)).expect("a response");
    assert_eq!(response.status, 200);
    let [received] = &endpoint.received()[..] else { panic!("one delivery") };
    assert!(received.header("X-Hub-Signature").is_some_and(|value| value.starts_with("sha256=")), "{received:?}");
    assert_eq!((received.header("Content-Type"), received.header("X-Hop")), (Some("application/json"), None));
}

/// A listener that forwards to itself, and two that forward to each other.
#[test]
fn a_forwarding_loop_ends_with_a_508() {
    let sandbox = Sandbox::new();
    for count in [1, 2] {
        let ports = [free_port(), free_port()];
        let start = |index: usize| {
            let next = format!("http://127.0.0.1:{}/webhooks/confluence", ports[(index + 1) % count]);
            let port = ports[index].to_string();
            let arguments = ["listen", "--json", "--secret", SECRET, "--forward", &next, "--port", &port];
            Listener::spawn(&sandbox, sandbox.command(&arguments))
        };
        let mut listeners: Vec<_> = (0..count).map(start).collect();
        let response = exchange(&listeners[0].url, &request("/webhooks/confluence", "", BODY)).expect("a response");
        assert_eq!(response.status, 508);
        assert!(response.body.contains("--forward leads back to it"), "{}", response.body);
        let line = listeners[0].next();
        let line = if line["type"] == "delivery" { line } else { listeners[0].next() };
        assert_eq!((&line["number"], &line["status"]), (&1.into(), &508.into()), "{line}");
        // Others are served as before.
        assert_eq!(exchange(&listeners[0].url, b"GET / HTTP/1.0\r\n\r\n").expect("a response").status, 404);
    }
}

/// Returns a port without a listener. The system does not assign it again soon.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
