//! The web inspector: access, data and replays. `inspector_browser.rs` has the tests in a browser.

use std::fs;
use std::io::{Read, Write};

use serde_json::{Value, json};

use crate::json_lines::assert_described;
use crate::raw_client::{BODY, Response, SECRET, address, connect, exchange, good, read_response, request};
use crate::support::{Endpoint, Listener, Sandbox, listen_meanwhile, wait_until};

const JSON: &str = "Content-Type: application/json";

/// A receiver with an inspector, and the URL of the page.
fn inspected(sandbox: &Sandbox, arguments: &[&str]) -> (Listener, String) {
    let listener = Listener::start(sandbox, &[&["--secret", SECRET, "--inspect"], arguments].concat());
    let page = listener.ready["inspect"].as_str().expect("the URL of the page").to_owned();
    (listener, page)
}

/// The path of a URL.
fn path(url: &str) -> &str {
    &url["http://".len() + address(url).len()..]
}

/// Sends a request with these header lines besides `Host`.
fn send(page: &str, method: &str, target: &str, lines: &[&str], body: &str) -> Response {
    let host = format!("Host: {}", address(page));
    let names_host = lines.iter().any(|line| line.starts_with("Host:"));
    let own = if names_host { &[][..] } else { &[host.as_str()] };
    let lines = [own, lines].concat().iter().flat_map(|line| [*line, "\r\n"]).collect::<String>();
    let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    exchange(page, format!("{method} {target} HTTP/1.1\r\n{lines}{length}Connection: close\r\n\r\n{body}").as_bytes())
        .expect("a response")
}

fn get(page: &str, rest: &str) -> Response {
    send(page, "GET", &format!("{}{rest}", path(page)), &[], "")
}

fn read(page: &str, rest: &str) -> Value {
    let response = get(page, rest);
    assert_eq!(response.status, 200, "{rest}: {}", response.body);
    serde_json::from_str(&response.body).expect("JSON")
}

fn replay(page: &str, body: &Value) -> (u16, Value) {
    let origin = format!("Origin: http://{}", address(page));
    let target = format!("{}api/replay", path(page));
    let response = send(page, "POST", &target, &[JSON, &origin], &body.to_string());
    (response.status, serde_json::from_str(&response.body).expect("JSON"))
}

#[test]
fn only_the_page_itself_is_served() {
    let sandbox = Sandbox::new();
    let (_listener, page) = inspected(&sandbox, &[]);
    let (host, token) = (address(&page).to_owned(), path(&page).to_owned());
    let port = host.rsplit_once(':').expect("a port").1;
    assert!(host.starts_with("127.0.0.1:") && token.len() == 34, "{page}: a token of 128 bits");
    let own = format!("Origin: http://{host}");
    let localhost = format!("Host: localhost:{port}");
    let state = format!("{token}api/state");
    for (target, lines, expected) in [
        (token.as_str(), &[][..], 200),
        (&state, &[], 200),
        (&state, &[localhost.as_str()], 200),
        (&state, &[own.as_str(), "Sec-Fetch-Site: same-origin"], 200),
        (&token, &["Sec-Fetch-Site: none"], 200),
        // A link to it in a terminal that is a web page.
        (&token, &["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"], 200),
        (&state, &["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"], 403),
        (&token, &["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"], 403),
        (&state, &["Sec-Fetch-Site: cross-site"], 403),
        (&state, &["Sec-Fetch-Site: same-site"], 403),
        (&state, &["Host: evil.example"], 421),
        (&state, &[&format!("Host: evil.example:{port}")], 421),
        (&state, &["Host: 127.0.0.1"], 421),
        (&state, &[&format!("Host: 127.0.0.1.evil.example:{port}")], 421),
        (&state, &["Origin: http://evil.example"], 403),
        (&state, &["Origin: null"], 403),
        (&state, &[&format!("Origin: https://{host}")], 403),
        (&state, &["Origin: http://127.0.0.1:1"], 403),
        (&state, &[own.as_str(), "Origin: http://evil.example"], 403),
        ("/", &[], 404),
        ("/api/state", &[], 404),
        (&token[..token.len() - 1], &[], 404),
        ("/00000000000000000000000000000000/api/state", &[], 404),
        (&state.to_uppercase(), &[], 404),
        (&format!("{state}../../etc/passwd"), &[], 404),
        (&format!("{token}..%2f..%2fetc%2fpasswd"), &[], 404),
        (&format!("{token}page.js/../api/state"), &[], 404),
        (&format!("http://evil.example{state}"), &[], 421),
    ] {
        let response = send(&page, "GET", target, lines, "");
        assert_eq!(response.status, expected, "{target} {lines:?}: {}", response.body);
        assert!(!response.body.contains("root:"));
        let policy = response.header("Content-Security-Policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(response.header("Referrer-Policy"), Some("no-referrer"), "the URL has the token");
        assert_eq!(response.header("X-Content-Type-Options"), Some("nosniff"));
        assert_eq!(response.header("Access-Control-Allow-Origin"), None);
    }
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
        let response = send(&page, method, &state, &[&own, JSON], "");
        assert_eq!((response.status, response.header("Allow")), (405, Some("GET")), "{method}");
    }
}

#[test]
fn the_second_line_of_listen_is_the_url_of_the_page() {
    let sandbox = Sandbox::new();
    let run = listen_meanwhile(&sandbox, &["--secret", SECRET, "--inspect", "--count", "1"], |url| {
        assert_eq!(good(url), 200);
    });
    let line = run.expect(0).text().lines().nth(1).map(str::to_owned).expect("a second line");
    let url = line.strip_prefix("inspect http://127.0.0.1:").expect("the URL of the page");
    assert_eq!(url.split('/').nth(1).map(str::len), Some(32), "{line}");
}

#[test]
fn nothing_is_sent_for_another_page() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let (mut listener, page) = inspected(&sandbox, &[]);
    good(&listener.url);
    listener.next();
    let (host, target) = (address(&page).to_owned(), format!("{}api/replay", path(&page)));
    let own = format!("Origin: http://{host}");
    let body = json!({ "number": 1, "to": endpoint.url("/hook") }).to_string();
    for (lines, expected) in [
        (&[JSON][..], 403),
        (&[JSON, "Origin: http://evil.example"], 403),
        (&[JSON, "Origin: null"], 403),
        (&[JSON, &own, "Sec-Fetch-Site: cross-site"], 403),
        (&["Content-Type: text/plain", &own], 415),
        (&["Content-Type: application/x-www-form-urlencoded", &own], 415),
        (&[own.as_str()], 415),
    ] {
        assert_eq!(send(&page, "POST", &target, lines, &body).status, expected, "{lines:?}");
    }
    let without_token = send(&page, "POST", "/x/api/replay", &[JSON, &own], &body);
    assert_eq!((without_token.status, send(&page, "GET", &target, &[], "").status), (404, 405));
    assert_eq!(endpoint.received().len(), 0);
    assert_eq!(replay(&page, &serde_json::from_str(&body).expect("JSON")).0, 200);
    assert_eq!(endpoint.received().len(), 1);
}

#[test]
fn a_delivery_is_listed_explained_and_compared() {
    let sandbox = Sandbox::new();
    let (listener, page) = inspected(&sandbox, &[]);
    let update = |title: &str, line_end: &str| {
        let body = format!(r#"{{"event":"page_updated","page":{{"id":"7","title":"{title}"}}}}"#);
        let mut bytes = request("/webhooks/confluence", "", &body);
        bytes.extend(line_end.bytes());
        let text = String::from_utf8(bytes).expect("text");
        let length = format!("Content-Length: {}", body.len());
        let whole = text.replace(&length, &format!("Content-Length: {}", body.len() + line_end.len()));
        exchange(&listener.url, whole.as_bytes()).expect("a response").status
    };
    assert_eq!([update("Plan", ""), update("Plan B", ""), update("Plan C", "\n")], [200, 200, 401]);
    let list = read(&page, "api/deliveries");
    assert_eq!((&list["total"], &list["matched"], &list["omitted"]), (&json!(3), &json!(3), &json!(0)));
    let numbers = |query: &str| -> Vec<u64> {
        let list = read(&page, &format!("api/deliveries?{query}"));
        let rows = list["deliveries"].as_array().expect("rows");
        rows.iter().map(|row| row["number"].as_u64().expect("a number")).collect()
    };
    assert_eq!(numbers(""), [3, 2, 1], "the newest first");
    for (query, expected) in [
        ("limit=1", &[3][..]),
        ("before=3", &[2, 1]),
        ("after=2", &[3]),
        ("status=4xx", &[3]),
        ("status=200&search=plan%20b", &[2]),
        ("auth=mismatch", &[3]),
        ("event=page_*&verdict=unchecked", &[3]),
        ("auth=none", &[]),
        ("search=%22id%22:%227%22", &[3, 2, 1]),
    ] {
        assert_eq!(numbers(query), expected, "{query}");
    }
    let wrong = read(&page, "api/deliveries/3");
    let headline = wrong["headline"].as_str().expect("a sentence");
    assert!(headline.starts_with("401: the signature does not match, because "), "{headline}");
    assert_eq!(wrong["causes"][0]["cause"], "without-final-newline");
    assert!(wrong["advice"][0].as_str().expect("advice").starts_with("fix: "));
    let good = read(&page, "api/deliveries/2");
    assert_eq!(good["response"]["body"], "ok\n");
    assert!(good["lines"].as_array().expect("lines").len() > 4);
    let finding = |index: u64| &good["findings"][usize::try_from(index).expect("small")];
    let at_its_line = good["lines"].as_array().expect("lines").iter().find(|line| !line["findings"].is_null());
    let at_its_line = at_its_line.expect("a line with a finding");
    let pointer =
        finding(at_its_line["findings"][0].as_u64().expect("an index"))["pointer"].as_str().expect("a pointer");
    assert!(pointer.starts_with(at_its_line["pointer"].as_str().expect("a pointer")), "{at_its_line}");
    let diff = read(&page, "api/diff?b=2");
    assert_eq!(diff["a"], 1);
    assert_eq!(diff["relation"], "Compared with delivery 1, the previous page_updated for the same content.");
    let changed =
        json!([{ "pointer": "/page/title", "change": "changed", "before": "\"Plan\"", "after": "\"Plan B\"" }]);
    assert_eq!(diff["differences"], changed);
    assert_eq!(get(&page, "api/diff?b=1").status, 404, "there is none before it");
    assert_eq!(read(&page, "api/timeline")["lanes"][0]["id"], "7");
    for missing in ["api/deliveries/4", "api/deliveries/x", "api/deliveries/1/wget", "api/x", "api/", "x"] {
        assert_eq!(get(&page, missing).status, 404, "{missing}");
    }
    listener.interrupt();
}

#[test]
fn messages_match_their_schema() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let (mut listener, page) = inspected(&sandbox, &["--capture", "calls", "--forward", &endpoint.url("/")]);
    assert_eq!(good(&listener.url), 200);
    exchange(&listener.url, &request("/webhooks/confluence", "X-A: 1\r\n", "{\"event\":7,\"page\":[null,{}]}"))
        .expect("a response");
    listener.post("/webhooks/confluence", &[JSON, "X-Hub-Signature: sha256=00"], b"\xff");
    listener.post(
        "/webhooks/confluence",
        &[JSON, &format!("X-Hub-Signature: sha256={}", "0".repeat(64))],
        BODY.as_bytes(),
    );
    assert_eq!(good(&listener.url), 200);
    let mut said = vec![read(&page, "api/state"), read(&page, "api/deliveries"), read(&page, "api/timeline")];
    said.extend((1..=5).map(|number| read(&page, &format!("api/deliveries/{number}"))));
    said.extend(["api/diff?b=5", "api/diff?a=1&b=2", "api/diff?a=3&b=1"].map(|rest| read(&page, rest)));
    said.extend(["curl", "cfwh"].map(|tool| read(&page, &format!("api/deliveries/1/{tool}"))));
    said.push(replay(&page, &json!({ "number": 1, "to": endpoint.url("/") })).1);
    said.push(replay(&page, &json!({ "number": 1, "to": "http://192.0.2.1/" })).1);
    said.push(replay(&page, &json!({ "number": 1, "to": "x" })).1);
    said.push(serde_json::from_str(&get(&page, "api/x").body).expect("JSON"));
    (0..5).for_each(|_| drop(listener.next()));
    listener.interrupt();
    listener.finish().expect(0);
    said.extend(sandbox.run(&["inspect", "calls", "--html", "page.html", "--json"]).expect(0).json());
    assert_described("inspect", &said, 18);
}

#[test]
fn no_response_has_the_secret() {
    let sandbox = Sandbox::new();
    let (listener, page) = inspected(&sandbox, &["--capture", "calls"]);
    assert_eq!(good(&listener.url), 200);
    exchange(&listener.url, &request("/webhooks/confluence?x=1", "", BODY)[..]).expect("a response");
    let rests = ["", "page.js", "api/state", "api/deliveries", "api/deliveries/1", "api/timeline", "api/diff?b=2"];
    for rest in rests.into_iter().chain(["api/deliveries/1/curl", "api/deliveries/1/cfwh"]) {
        let response = get(&page, rest);
        assert_eq!(response.status, 200, "{rest}");
        assert!(!response.body.contains(SECRET), "{rest}: {}", response.body);
    }
    let curl = read(&page, "api/deliveries/1/curl");
    assert!(curl["command"].as_str().expect("a command").contains(&format!("'{}'", listener.url)), "{curl}");
}

#[test]
fn a_token_in_the_url_is_not_shown() {
    let sandbox = Sandbox::new();
    let arguments = ["--auth", "token", "--token", "key=t0ken-1", "--inspect"];
    let mut listener = Listener::start(&sandbox, &arguments);
    let page = listener.ready["inspect"].as_str().expect("a URL").to_owned();
    assert_eq!(listener.post("/webhooks/confluence?key=t0ken-1", &[JSON], BODY.as_bytes()).status, 200);
    listener.next();
    for rest in ["api/deliveries", "api/deliveries/1", "api/deliveries/1/curl", "api/deliveries/1/cfwh", "api/state"] {
        let response = get(&page, rest);
        assert!(response.status == 200 && !response.body.contains("t0ken-1"), "{rest}: {}", response.body);
    }
}

#[test]
fn a_replay_is_byte_exact_and_an_edit_changes_its_bytes_only() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::answering(&[200, 422], "no such space");
    let (mut listener, page) = inspected(&sandbox, &[]);
    let body = "{ \"event\" : \"page_created\",\n\t\"page\":{\"id\":\"1\",\"x\":1.0e0,\"title\":\"Pl\\u00e4n\"}, \"event2\":[]}\r\n";
    exchange(&listener.url, &request("/webhooks/confluence", "X-Mine: 1\r\n", body)).expect("a response");
    listener.next();
    let to = endpoint.url("/hook/{event}?a=b");
    let (status, result) = replay(&page, &json!({ "number": 1, "to": to }));
    assert_eq!(
        (status, &result["response"]["status"], &result["response"]["body"]),
        (200, &json!(200), &json!("no such space"))
    );
    let edits = json!([{ "set": "/page/title", "value": "\"B\"" }, { "unset": "/event2" }]);
    let (status, result) = replay(&page, &json!({ "number": 1, "to": to, "edits": edits, "resign": true }));
    assert_eq!((status, &result["response"]["status"]), (200, &json!(422)), "{result}");
    assert!(result["summary"].as_str().expect("a sentence").ends_with("with 2 edits, signed again."), "{result}");
    let received = endpoint.received();
    assert_eq!(received[0].body, body.as_bytes());
    assert_eq!((received[0].url.as_str(), received[0].header("X-Mine")), ("/hook/page_created?a=b", Some("1")));
    let edited = body.replace("\"Pl\\u00e4n\"", "\"B\"").replace(", \"event2\":[]", "");
    assert_eq!(String::from_utf8_lossy(&received[1].body), edited);
    let signature = received[1].header("X-Hub-Signature").expect("a signature");
    sandbox.write("edited.json", &edited);
    sandbox.run(&["verify", "edited.json", "--secret", SECRET, "--signature", signature]).expect(0);
    let refused = |request: Value, code: &str| {
        let (status, result) = replay(&page, &request);
        assert_eq!((status >= 400, result["code"].as_str()), (true, Some(code)), "{result}");
    };
    let edit = json!([{ "set": "/page/title", "value": "1" }]);
    refused(json!({ "number": 1, "to": to, "edits": edit }), "signed");
    refused(json!({ "number": 1, "to": "http://192.0.2.1/" }), "confirm");
    refused(json!({ "number": 1, "to": "ftp://127.0.0.1/" }), "invalid-url");
    refused(json!({ "number": 1, "to": "file:///etc/passwd" }), "invalid-url");
    refused(json!({ "number": 9, "to": to }), "unknown-delivery");
    refused(json!({ "number": 1, "to": to, "extra": 1 }), "invalid-request");
    let bad = json!([{ "set": "/page/title", "value": "not JSON" }]);
    refused(json!({ "number": 1, "to": to, "edits": bad, "resign": true }), "invalid-edit");
    assert_eq!(endpoint.received().len(), 2);
}

#[test]
fn events_say_what_is_received_and_the_end() {
    let sandbox = Sandbox::new();
    let (mut listener, page) = inspected(&sandbox, &[]);
    good(&listener.url);
    listener.next();
    let mut stream = connect(&page);
    let (path, host) = (path(&page), address(&page));
    write!(stream, "GET {path}api/events?after=0 HTTP/1.1\r\nHost: {host}\r\n\r\n").expect("it is sent");
    let head = read_response(&mut stream).expect("a head");
    assert_eq!(head.header("Content-Type"), Some("text/event-stream"));
    good(&listener.url);
    listener.request("GET", "/", &[], b"");
    let mut text = String::new();
    let mut read_until = |wanted: &str| {
        while !text.contains(wanted) {
            let mut bytes = [0; 4096];
            let count = stream.read(&mut bytes).expect("more");
            assert!(count > 0, "it ended without {wanted}: {text}");
            text.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    };
    read_until("event: deliveries\ndata: {\"deliveries\":[{\"number\":1,");
    read_until("\"number\":2,");
    read_until("event: refused\ndata: {\"count\":1,\"reason\":\"webhooks are not received at this path\"}");
    listener.interrupt();
    read_until("event: ended\n");
    listener.finish().expect(0);
}

#[test]
fn a_delivery_that_waited_for_an_endpoint_is_an_event_too() {
    let sandbox = Sandbox::new();
    let slow = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let to = format!("page_created=http://{}/", slow.local_addr().expect("an address"));
    let (mut listener, page) = inspected(&sandbox, &["--forward", &to]);
    let mut waiting = connect(&listener.url);
    waiting.write_all(&request("/webhooks/confluence", "", BODY)).expect("it is sent");
    let (mut endpoint, _) = slow.accept().expect("it is forwarded");
    let other = BODY.replace("page_created", "space_created");
    exchange(&listener.url, &request("/webhooks/confluence", "", &other)).expect("a response");
    assert_eq!(listener.next()["number"], 2);
    let list = read(&page, "api/deliveries");
    assert_eq!((&list["total"], &list["last"]), (&json!(1), &json!(1)));
    endpoint.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").expect("it is sent");
    assert_eq!(listener.next()["number"], 1);
    let mut stream = connect(&page);
    let (path, host) = (path(&page), address(&page));
    write!(stream, "GET {path}api/events?after=1 HTTP/1.1\r\nHost: {host}\r\n\r\n").expect("it is sent");
    read_response(&mut stream).expect("a head");
    let mut text = String::new();
    while !text.contains("\"number\":1,") {
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).expect("more");
        text.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    assert!(!text.contains("\"number\":2,"), "{text}");
}

#[test]
fn a_folder_is_followed_with_and_without_its_journal() {
    let sandbox = Sandbox::new();
    let captures = ["--capture", "calls"];
    let mut listener = Listener::start(&sandbox, &[&["--secret", SECRET], &captures[..]].concat());
    good(&listener.url);
    listener.post("/webhooks/confluence", &[JSON], BODY.as_bytes());
    listener.interrupt();
    listener.next();
    listener.next();
    listener.finish().expect(0);
    for has_journal in [true, false] {
        if !has_journal {
            fs::remove_file(sandbox.path().join("calls/deliveries.ndjson")).expect("it was there");
        }
        let command = sandbox.command(&["inspect", "calls", "--json", "--secret", SECRET]);
        let inspector = Listener::spawn(&sandbox, command);
        assert_eq!(inspector.ready["deliveries"], 2);
        let page = inspector.url.clone();
        let list = read(&page, "api/deliveries");
        let signatures = [&list["deliveries"][0]["signature"], &list["deliveries"][1]["signature"]];
        assert_eq!(signatures, ["unsigned", "valid"], "the secret verifies what no journal knows");
        assert_eq!(list["deliveries"][0]["status"], if has_journal { json!(401) } else { Value::Null });
        let first = sandbox.path().join("calls/000001-page_created.http");
        let name = "calls/000003-page_created.http";
        fs::copy(first, sandbox.path().join(name)).expect("it is copied");
        wait_until("the new capture is listed", || read(&page, "api/deliveries")["total"] == 3);
        fs::remove_file(sandbox.path().join(name)).expect("it was there");
        inspector.interrupt();
        assert_eq!(inspector.finish().code, 0);
    }
}

#[test]
fn the_oldest_deliveries_are_omitted_if_there_are_many() {
    let sandbox = Sandbox::new();
    let (listener, page) = inspected(&sandbox, &["-q"]);
    let arguments = ["send", "page_created", "--count", "1050", "--concurrency", "8", "-q", "--secret", SECRET];
    sandbox.run(&[&arguments[..], &["--to", &listener.url]].concat()).expect(0);
    let list = read(&page, "api/deliveries?limit=5000");
    assert_eq!((&list["total"], &list["omitted"]), (&json!(1000), &json!(50)));
    assert_eq!(list["deliveries"].as_array().expect("rows").len(), 1000);
    assert_eq!(get(&page, "api/deliveries/1").status, 404);
    assert_eq!(get(&page, "api/deliveries/1050").status, 200);
    assert_eq!(get(&page, "api/deliveries?status=odd").status, 400);
}

#[test]
fn a_missing_folder_is_an_error() {
    let run = Sandbox::new().run(&["inspect", "nowhere"]).expect(2);
    assert!(run.stderr.contains("cannot read the captures in nowhere"), "{}", run.stderr);
}

#[test]
fn the_page_in_a_file_has_its_data_and_neither_token_nor_secret() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--secret", SECRET, "--capture", "calls"]);
    good(&listener.url);
    let hostile = r#"{"event":"</script><script>alert(1)</script>","page":{"title":"<!--"}}"#;
    exchange(&listener.url, &request("/webhooks/confluence", "", hostile)).expect("a response");
    listener.interrupt();
    listener.next();
    listener.next();
    listener.finish().expect(0);
    let run = sandbox.run(&["inspect", "calls", "--secret", SECRET, "--html", "page.html"]).expect(0);
    assert!(run.text().starts_with("wrote page.html: 2 deliveries, "), "{}", run.text());
    let page = fs::read_to_string(sandbox.path().join("page.html")).expect("the page");
    assert!(!page.contains(SECRET) && !page.contains("alert(1)</script>"));
    assert_eq!(page.matches("</script>").count(), 2);
    assert!(page.contains("script-src 'sha256-") && !page.contains("unsafe"));
    let data = page.split_once("id=\"data\">").expect("data").1.split_once("</script>").expect("its end").0;
    let data: Value = serde_json::from_str(data).expect("JSON");
    assert_eq!(data["inspections"].as_array().expect("all").len(), 2);
    assert_eq!(data["inspections"][0]["event"], "</script><script>alert(1)</script>");
    let run = sandbox.run(&["inspect", "calls", "--html", "page.html", "--last", "1", "--json"]).expect(0);
    assert_eq!((&run.json()[0]["type"], &run.json()[0]["deliveries"]), (&json!("written"), &json!(1)));
    assert!(run.stderr.contains("the page contains the newest 1 of 2 deliveries"), "{}", run.stderr);
}

#[test]
fn a_deleted_capture_has_no_results() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--secret", SECRET, "--capture", "calls"]);
    (0..3).for_each(|_| assert_eq!(good(&listener.url), 200));
    listener.interrupt();
    (0..3).for_each(|_| drop(listener.next()));
    listener.finish().expect(0);
    let folder = sandbox.path().join("calls");
    for has_journal in [true, false] {
        if !has_journal {
            fs::remove_file(folder.join("deliveries.ndjson")).expect("it was there");
        }
        let inspector = Listener::spawn(&sandbox, sandbox.command(&["inspect", "calls", "--json", "--secret", SECRET]));
        let page = inspector.url.clone();
        let row = read(&page, "api/deliveries")["deliveries"][1].clone();
        let capture = folder.join("000002-page_created.http");
        let bytes = fs::read(&capture).expect("the capture");
        for (damage, expected) in
            [(None, "the capture does not exist anymore"), (Some("x"), "the file is not a capture anymore")]
        {
            fs::remove_file(&capture).expect("it was there");
            if let Some(text) = damage {
                fs::write(&capture, text).expect("it is written");
            }
            let view = read(&page, "api/deliveries/2");
            assert_eq!(
                (&view["headline"], &view["findings"], &view["lines"]),
                (&json!(expected), &json!([]), &json!(null))
            );
            for field in ["event", "bytes", "signature", "verdict", "status", "errors", "tone"] {
                assert_eq!(view[field], row[field], "{field} is what the list says");
            }
            assert_eq!(view["response"].is_null(), !has_journal);
            for rest in ["api/diff?a=1&b=2", "api/diff?a=2&b=3", "api/deliveries/2/curl", "api/deliveries/2/cfwh"] {
                let response = get(&page, rest);
                assert!(response.status >= 400 && response.body.contains(expected), "{rest}: {}", response.body);
            }
            assert_eq!(read(&page, "api/diff?b=3")["a"], 1, "the previous one that is there");
            let (status, result) = replay(&page, &json!({ "number": 2, "to": "http://127.0.0.1:1/" }));
            assert_eq!((status, &result["message"]), (422, &json!(expected)));
            assert_described("inspect", &[view], 1);
            fs::write(&capture, &bytes).expect("it is written");
        }
        inspector.interrupt();
        assert_eq!(inspector.finish().code, 0);
    }
}

#[test]
fn credentials_are_neither_on_the_page_nor_in_the_file() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let to = endpoint.url("/hook?fk=FWKEY88&api_key=FWKEY99").replace("http://", "http://fuser:FWPASS77@");
    let (mut listener, page) = inspected(&sandbox, &["--capture", "calls", "--forward", &to]);
    let lines = "Cookie: sid=COOK123\r\nAuthorization: Basic QkFTSUM1NQ==\r\nX-Api-Key: KEY456\r\n";
    for _ in 0..2 {
        let sent = exchange(&listener.url, &request("/webhooks/confluence", lines, BODY)).expect("a response");
        assert_eq!(sent.status, 200);
    }
    let other = lines.replace("Basic QkFTSUM1NQ==", "JWT TOK789.a.b");
    exchange(&listener.url, &request("/webhooks/confluence", &other, BODY)).expect("a response");
    let secrets = ["FWKEY88", "FWKEY99", "FWPASS77", "COOK123", "QkFTSUM1NQ==", "KEY456"];
    let rests = ["api/deliveries", "api/deliveries/2", "api/timeline", "api/diff?b=2", "api/diff?a=2&b=3", "api/state"];
    for rest in rests {
        let response = get(&page, rest);
        assert_eq!(response.status, 200, "{rest}: {}", response.body);
        for secret in secrets {
            assert!(!response.body.contains(secret), "{secret} in {rest}: {}", response.body);
        }
    }
    assert!(get(&page, "api/deliveries/2").body.contains("/hook?fk=[redacted]&api_key=[redacted]"));
    assert!(get(&page, "api/deliveries/3").body.contains("JWT TOK789.a.b"), "here, it explains a refusal");
    listener.interrupt();
    (0..3).for_each(|_| drop(listener.next()));
    listener.finish().expect(0);
    sandbox.run(&["inspect", "calls", "--secret", SECRET, "--html", "page.html"]).expect(0);
    let file = fs::read_to_string(sandbox.path().join("page.html")).expect("the page");
    for secret in secrets.into_iter().chain(["TOK789"]) {
        assert!(!file.contains(secret), "{secret} is in the file");
    }
    assert!(file.contains("Basic [redacted]") && file.contains("JWT [redacted]") && file.contains("sha256="));
}

#[test]
fn copied_commands_send_to_the_url_of_the_event() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--secret", SECRET, "--capture", "calls"]);
    good(&listener.url);
    listener.interrupt();
    listener.next();
    listener.finish().expect(0);
    let to = "http://u:pass9@127.0.0.1:9/a/{event}?e={event}";
    let inspector = Listener::spawn(&sandbox, sandbox.command(&["inspect", "calls", "--json", "--to", to]));
    for tool in ["curl", "cfwh"] {
        let command = read(&inspector.url, &format!("api/deliveries/1/{tool}"))["command"].to_string();
        assert!(command.contains("'http://127.0.0.1:9/a/page_created?e=page_created'"), "{command}");
    }
    let state = read(&inspector.url, "api/state");
    assert_eq!(state["to"], "http://127.0.0.1:9/a/{event}?e={event}", "what the page proposes");
    inspector.interrupt();
    assert_eq!(inspector.finish().code, 0);
}

#[test]
fn the_first_command_has_the_credentials_of_the_scheme() {
    let sandbox = Sandbox::new();
    for (arguments, expected) in [
        (&["--secret", SECRET][..], "cfwh send page_created --secret SECRET --to "),
        (&["--auth", "token", "--token", "k=v1"], "cfwh send page_created --auth token --token NAME=VALUE --to "),
        (&["--auth", "connect", "--secret", SECRET], "cfwh send page_created --auth connect --secret SECRET --to "),
    ] {
        let listener = Listener::start(&sandbox, &[arguments, &["--inspect"]].concat());
        let page = listener.ready["inspect"].as_str().expect("a URL").to_owned();
        let command = read(&page, "api/state")["try"].as_str().expect("a command").to_owned();
        assert!(command.starts_with(expected), "{arguments:?}: {command}");
        listener.interrupt();
    }
}

#[test]
fn a_port_in_use_names_the_option_of_the_inspector() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let arguments = ["listen", "--port", "0", "--secret", SECRET, "--inspect", &port];
    let run = Sandbox::new().run(&arguments).expect(2);
    assert!(run.stderr.contains("`--inspect` without a port picks a free one"), "{}", run.stderr);
    assert!(!run.stderr.contains("--port"), "{}", run.stderr);
}

#[test]
fn an_empty_folder_is_not_written_into_a_file() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path().join("empty")).expect("a folder");
    let run = sandbox.run(&["inspect", "empty", "--html", "page.html"]).expect(2);
    assert!(run.stderr.contains("no captures in empty"), "{}", run.stderr);
    assert!(!sandbox.path().join("page.html").exists());
}

#[test]
fn the_page_in_a_file_reads_only_the_newest_captures() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--secret", SECRET, "--capture", "calls"]);
    (0..4).for_each(|_| assert_eq!(good(&listener.url), 200));
    listener.interrupt();
    (0..4).for_each(|_| drop(listener.next()));
    listener.finish().expect(0);
    let data = || {
        let run =
            sandbox.run(&["inspect", "calls", "--secret", SECRET, "--html", "page.html", "--last", "2"]).expect(0);
        assert!(run.stderr.contains("the page contains the newest 2 of 4 deliveries"), "{}", run.stderr);
        let page = fs::read_to_string(sandbox.path().join("page.html")).expect("the page");
        let data = page.split_once("id=\"data\">").expect("data").1.split_once("</script>").expect("its end").0;
        serde_json::from_str::<Value>(data).expect("JSON")
    };
    let first = data();
    assert_eq!((&first["omitted"], &first["differences"][1]["a"]), (&json!(2), &json!(2)), "an older one is compared");
    // Without the journal, older captures are counted and not read: one that is none makes no difference.
    fs::remove_file(sandbox.path().join("calls/deliveries.ndjson")).expect("it was there");
    fs::write(sandbox.path().join("calls/000001-page_created.http"), "no capture").expect("it is written");
    let second = data();
    assert_eq!((&second["omitted"], second["differences"].as_array().map(Vec::len)), (&json!(2), Some(1)));
    assert_eq!(second["inspections"][1]["signature"], "valid");
}
