//! The tokens of Connect apps and of Forge remotes: made, sent, received, verified, explained; and the keys that receivers ask
//! for.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::support::{Endpoint, Listener, Run, Sandbox};

const AUTHORIZATION: &str = "Authorization";
const SECRET: &str = "cfwh-test-shared-secret-0123456789abcdef";
const HOOK: &str = "https://app.example.com/webhooks/page_created?lic=active";
/// The expected token for `HOOK` at 1700000000.
const CONNECT: &str = "JWT eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiI3YjZiMmUxYS0wYzFkLTRmMmUtOWEzYi01YzZkN2U4ZjlhMGIiLCJpYXQiOjE3MDAwMDAwMDAsImV4cCI6MTcwMDAwMDE4MCwicXNoIjoiOTE3NDI4M2Y5YmI4NTY5NTdiZmFmOGM5MjM1MWUzNzkzOWI5NWU5ZGY4ODllYjQwNjYxZGIxZjNhZDZiZjcyOCIsInN1YiI6IjU1NzA1ODowMDAwMDAwMC0wMDAwLTAwMDAtMDAwMC0wMDAwMDAwMDAwMDEiLCJjb250ZXh0Ijp7fX0.kouNEPxxvtlqBYKj4KZDBZ-5cYaToPlEsVP15taInlU";
/// A second private key, and the public half of the built-in one.
const OTHER_KEY: &str = include_str!("../../src/auth/jwt/other_key.pem");
const MODULUS: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";

/// The header, or the claims, of a token after a word.
fn part(value: &str, index: usize) -> Value {
    let token = value.split(' ').next_back().expect("a token").trim();
    let json = URL_SAFE_NO_PAD.decode(token.split('.').nth(index).expect("three parts")).expect("base64url");
    serde_json::from_slice(&json).expect("JSON")
}

#[test]
fn sign_prints_the_known_token_of_connect() {
    let arguments = ["sign", "--auth", "connect", "--url", HOOK, "--at", "1700000000", "--secret", SECRET];
    let sandbox = Sandbox::new();
    let run = sandbox.run(&arguments).expect(0);
    assert_eq!(run.text(), format!("{AUTHORIZATION}: {CONNECT}\n"));
    let line = sandbox.run(&[&arguments[..], &["--json", "--method", "post"]].concat()).expect(0).json().remove(0);
    assert_eq!(line["signature"], CONNECT);
    assert_eq!((&line["header"], &line["input"]), (&AUTHORIZATION.into(), &format!("POST {HOOK}").into()));

    let more = ["--method", "GET", "--client-key", "abc", "--app-path", "/webhooks", "--expires-in", "15m"];
    let run = sandbox.run(&[&arguments[..], &more].concat()).expect(0);
    let claims = part(run.text(), 1);
    assert_eq!((&claims["iss"], &claims["exp"]), (&"abc".into(), &1_700_000_900.into()));
    assert_ne!(claims["qsh"], part(CONNECT, 1)["qsh"]);
}

#[test]
fn the_callbacks_of_an_installation_have_the_base_url_as_their_audience() {
    let sandbox = Sandbox::new();
    sandbox.write("key.pem", OTHER_KEY);
    let sign = |url: &str, more: &[&str]| {
        let run = ["sign", "--auth", "connect", "--secret", "s", "--url", url];
        sandbox.run(&[&run, more].concat()).expect(0).text().trim().to_owned()
    };
    let built_in = sign("https://app.example.com/c/installed", &["--app-path", "/c/"]);
    assert_eq!(part(&built_in, 0)["alg"], "RS256");
    assert_eq!(part(&built_in, 0)["kid"], "cfwh-test-kid-1");
    assert_eq!(part(&built_in, 1)["aud"], serde_json::json!(["https://app.example.com/c"]));
    let own = sign("https://app.example.com/uninstalled", &["--key", "key.pem"]);
    assert_ne!(part(&own, 0)["kid"], "cfwh-test-kid-1");
    assert_eq!(part(&sign("https://app.example.com/enabled", &[]), 0)["alg"], "HS256");
}

/// The body of a callback, as Atlassian documents its members.
fn callback_body(name: &str, secret: &str) -> String {
    let secret = if name == "installed" { format!("\"sharedSecret\":\"{secret}\",") } else { String::new() };
    format!(
        "{{\"key\":\"com.example.demo\",\"clientKey\":\"7b6b2e1a-0c1d-4f2e-9a3b-5c6d7e8f9a0b\",{secret}\
         \"serverVersion\":\"6452\",\"pluginsVersion\":\"1000.0.0.example\",\"baseUrl\":\"https://example.atlassian.net/wiki\",\
         \"productType\":\"confluence\",\"description\":\"Atlassian Confluence at https://example.atlassian.net/wiki\",\
         \"eventType\":\"{name}\"}}"
    )
}

#[test]
fn callbacks_about_an_installation_are_sent_as_documented_and_signed_as_the_callback_needs() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    let credentials = ["--profile", "cloud", "--auth", "connect", "--secret", SECRET];
    let callbacks = [("installed", "RS256"), ("enabled", "HS256"), ("disabled", "HS256"), ("uninstalled", "RS256")];
    for (name, algorithm) in callbacks {
        // The path does not say which callback it is.
        let url = endpoint.url("/app/lifecycle");
        let run = [&["send", name, "--to", &url, "--app-path", "/app", "-v"], &credentials[..]].concat();
        let run = sandbox.run(&run).expect(0);
        assert!(!run.stderr.contains(SECRET) && !run.text().contains(SECRET), "{name}: {}{}", run.text(), run.stderr);
        let received = endpoint.received().pop().expect("a request");
        assert_eq!(String::from_utf8_lossy(&received.body), callback_body(name, SECRET));
        let token = received.header(AUTHORIZATION).expect("a token");
        assert_eq!(part(token, 0)["alg"], algorithm, "{name}");
        assert_eq!(part(token, 1)["iss"], "7b6b2e1a-0c1d-4f2e-9a3b-5c6d7e8f9a0b");
        let base_url = if algorithm == "RS256" { serde_json::json!([endpoint.url("/app")]) } else { Value::Null };
        assert_eq!(part(token, 1)["aud"], base_url, "{name}");
    }
    assert_eq!(endpoint.received().len(), 4);
}

#[test]
fn a_callback_takes_the_client_key_edits_and_the_name_in_the_url() {
    let (sandbox, endpoint) = (Sandbox::new(), Endpoint::start(&[]));
    let send = ["send", "installed", "--profile", "cloud", "--auth", "connect", "--secret", SECRET, "--to"];
    let url = endpoint.url("/{event}");
    let more = [url.as_str(), "--client-key", "abc", "--set", "baseUrl=\"https://other.example\"", "--count", "2"];
    sandbox.run(&[&send[..], &more].concat()).expect(0);
    let received = endpoint.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].url, "/installed");
    let body: Value = serde_json::from_slice(&received[0].body).expect("JSON");
    assert_eq!((&body["clientKey"], &body["baseUrl"]), (&"abc".into(), &"https://other.example".into()));
    assert_eq!(part(received[0].header(AUTHORIZATION).expect("a token"), 1)["iss"], "abc");

    // The search for leaks ignores secrets without a digit. Here, the secret is printed on purpose.
    let dry =
        ["send", "installed", "--profile", "cloud", "--auth", "connect", "--secret", "shared-secret", "--dry-run"];
    let run = sandbox.run(&[&dry[..], &["--to", "http://127.0.0.1:9/installed"]].concat()).expect(0);
    assert!(run.text().trim_end().ends_with(&callback_body("installed", "shared-secret")), "{}", run.text());
    for option in ["--at=now", "--full", "--format=pretty", "--event=page_created", "--resign"] {
        let run = sandbox.run(&[&send[..], &["http://127.0.0.1:9/installed", option]].concat()).expect(2);
        assert!(run.stderr.contains("has no effect"), "{option}: {}", run.stderr);
    }
}

#[test]
fn only_the_path_tells_a_receiver_that_a_callback_is_signed_with_a_key() {
    let sandbox = Sandbox::new();
    let credentials = ["--auth", "connect", "--secret", SECRET];
    for (path, verdict) in [("/app/installed", "valid"), ("/app/page_created", "wrong-algorithm")] {
        let mut listener = Listener::start(&sandbox, &[&credentials[..], &["--path", path]].concat());
        let send = ["send", "installed", "--profile", "cloud", "--to", &listener.url];
        sandbox.run(&[&send[..], &credentials].concat());
        let line = listener.next();
        assert_eq!(line["signature"], verdict, "{path}: {line}");
    }
}

#[test]
fn sign_prints_a_token_of_forge_that_verify_accepts_for_25_seconds() {
    let sandbox = Sandbox::new();
    let sign = ["sign", "--auth", "forge", "--at", "2023-11-14T22:13:20Z"];
    let run = sandbox.run(&sign).expect(0);
    let header = run.text().trim();
    assert!(header.starts_with("Authorization: Bearer ey"), "{header}");
    assert_eq!(
        part(header, 0),
        serde_json::json!({ "typ": "JWT", "kid": "forge/invocation-token/cfwh-test", "alg": "RS256" })
    );
    let claims = part(header, 1);
    assert_eq!(claims["aud"], "ari:cloud:ecosystem::app/11111111-2222-3333-4444-555555555555");
    assert_eq!((&claims["iss"], &claims["exp"]), (&"forge/invocation-token".into(), &1_700_000_025.into()));
    assert_ne!(part(sandbox.run(&sign).expect(0).text(), 1)["jti"], claims["jti"]);
    let verify = |at: &str, more: &[&str]| {
        let arguments = [&["verify", "--auth", "forge", "--authorization", header, "--at", at], more].concat();
        sandbox.run(&arguments).text().split(' ').next().expect("a verdict").to_owned()
    };
    assert_eq!(verify("1700000010", &[]), "valid");
    assert_eq!(verify("1700000025", &[]), "expired");
    assert_eq!(verify("1699999999", &[]), "not-yet-valid");
    assert_eq!(verify("1700000010", &["--app-id", "ari:cloud:ecosystem::app/1"]), "wrong-audience");
    let run = sandbox.run(&[&sign[..], &["--app-id", "ari:cloud:ecosystem::app/1", "--expires-in", "1h"]].concat());
    let claims = part(run.expect(0).text(), 1);
    assert_eq!((&claims["app"]["id"], &claims["exp"]), (&"ari:cloud:ecosystem::app/1".into(), &1_700_003_600.into()));
}

#[test]
fn verify_checks_tokens_at_the_time_and_for_the_url_that_are_given() {
    let sandbox = Sandbox::new();
    let head = format!("POST /webhooks/page_created?lic=active HTTP/1.1\r\nAuthorization: {CONNECT}\r\n\r\n{{}}");
    sandbox.write("capture.http", &head);
    sandbox.write("body.json", "{}");
    let verify = |arguments: &[&str]| {
        let run = sandbox.run(&[&["verify", "--auth", "connect", "--secret", SECRET, "--json"], arguments].concat());
        run.json().remove(0)["verdict"].as_str().expect("a verdict").to_owned()
    };
    assert_eq!(verify(&["capture.http", "--at", "1700000010"]), "valid");
    assert_eq!(verify(&["capture.http", "--at", "1700000180"]), "expired");
    assert_eq!(verify(&["capture.http"]), "expired", "the default is now");
    let alone = ["--authorization", CONNECT, "--at", "1700000010", "--url"];
    assert_eq!(verify(&[&alone[..], &[HOOK]].concat()), "valid");
    assert_eq!(verify(&[&alone[..], &[HOOK, "body.json"]].concat()), "valid");
    assert_eq!(verify(&[&alone[..], &[HOOK, "--method", "GET"]].concat()), "wrong-qsh");
    assert_eq!(
        verify(&[&alone[..], &["https://other.example.com/webhooks/page_created?lic=none"]].concat()),
        "wrong-qsh"
    );
    assert_eq!(verify(&["capture.http", "--at", "1700000010", "--client-key", "abc"]), "wrong-issuer");
}

/// What an explanation names.
fn causes(run: &Run) -> Vec<String> {
    let line = run.json().remove(0);
    let causes = line["causes"].as_array().expect("causes");
    causes.iter().map(|cause| cause["cause"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn explain_says_why_a_token_is_not_valid_and_what_was_tried() {
    let sandbox = Sandbox::new();
    let explain = |arguments: &[&str]| {
        let verify = ["verify", "--auth", "connect", "--authorization", CONNECT, "--explain", "--at", "1700000010"];
        sandbox.run(&[&verify, arguments].concat()).expect(1)
    };
    let secret = &["--secret", SECRET];
    let without_licence = "https://app.example.com/webhooks/page_created";
    assert_eq!(causes(&explain(&[secret, &["--json", "--url", without_licence][..]].concat())), ["qsh-with-licence"]);
    let with_path = "https://app.example.com/c/webhooks/page_created?lic=active";
    let run = explain(&[secret, &["--url", with_path][..]].concat());
    assert!(run.text().starts_with("wrong-qsh"), "{}", run.text());
    assert!(run.text().contains("omits \"/c\" at the start of the path [qsh-without-base-path]"), "{}", run.text());
    assert!(run.text().contains("fix: `qsh` excludes the path of the app's base URL: set it with --app-path"));
    let run = explain(&["--url", HOOK, "--secret", "another secret"]);
    assert!(run.text().starts_with("mismatch"), "{}", run.text());
    for tried in [
        "no cause found",
        "the secret, ",
        "secret-with-lf",
        "the times, 2: expired, not-yet-valid",
        "the secret is different",
    ] {
        assert!(run.text().contains(tried), "{tried}: {}", run.text());
    }
    let expired = ["verify", "--auth", "forge", "--explain", "--json", "--authorization"];
    let token = sandbox.run(&["sign", "--auth", "forge", "--at", "1700000000"]).expect(0).text().trim().to_owned();
    assert_eq!(causes(&sandbox.run(&[&expired[..], &[token.as_str()]].concat()).expect(1)), ["expired"]);
    assert_eq!(
        causes(&sandbox.run(&[&expired[..], &[CONNECT]].concat()).expect(1)),
        ["other-scheme", "token-of-connect"]
    );
}

/// The arguments of a sender and of a receiver that fit.
const PAIRS: [&[&str]; 3] = [
    &["--auth", "connect", "--secret", SECRET, "--client-key", "client"],
    &["--auth", "connect", "--secret", SECRET, "--app-path", "/webhooks", "--client-key", "client"],
    &["--auth", "forge"],
];

#[test]
fn listen_verifies_single_deliveries_and_loads_of_send() {
    for pair in PAIRS {
        let sandbox = Sandbox::new();
        let mut listener = Listener::start(&sandbox, pair);
        assert_eq!(listener.ready["auth"], pair[1]);
        let url = format!("{}/{{event}}?lic=active", listener.url);
        for more in [&["--count", "2"][..], &["--count", "6", "--concurrency", "3"]] {
            let run = [&["send", "page_created", "--profile", "cloud", "--to", &url], pair, more].concat();
            sandbox.run(&run).expect(0);
        }
        for _ in 0..8 {
            let line = listener.next();
            assert_eq!((&line["signature"], &line["status"]), (&"valid".into(), &200.into()), "{line}");
        }
    }
}

#[test]
fn listen_refuses_every_fault_of_a_token() {
    for (pair, own) in [(PAIRS[0], 14), (PAIRS[2], 13)] {
        let sandbox = Sandbox::new();
        let mut listener = Listener::start(&sandbox, pair);
        let list = sandbox.run(&["send", "--auth", pair[1], "--fault", "list", "--json"]).expect(0).json();
        let names: Vec<_> = list.iter().map(|fault| fault["fault"].as_str().expect("a name")).collect();
        assert_eq!(names[own], "tampered-body", "the general ones follow: {names:?}");
        for fault in &names[..own] {
            let run = [&["send", "page_created", "--to", &listener.url, "--fault", fault], pair].concat();
            sandbox.run(&run).expect(0);
            let line = listener.next();
            assert_ne!(line["signature"], "valid", "{fault}");
            assert_eq!(line["status"], 401, "{fault}");
        }
    }
}

#[test]
fn a_load_with_tokens_has_a_token_for_each_delivery() {
    let endpoint = Endpoint::start(&[200; 3]);
    let to = endpoint.url("/events");
    Sandbox::new().run(&["send", "page_created", "--count", "3", "--auth", "forge", "--to", &to]).expect(0);
    let received = endpoint.received();
    let ids: Vec<_> = received
        .iter()
        .map(|request| part(request.header(AUTHORIZATION).expect("a token"), 1)["jti"].clone())
        .collect();
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2], "{ids:?}");
}

#[test]
fn a_capture_is_signed_again_with_a_fresh_token_for_its_new_url() {
    let sandbox = Sandbox::new();
    let head = format!(
        "POST /webhooks/page_created?lic=active HTTP/1.1\r\nContent-Type: application/json\r\nAuthorization: {CONNECT}\r\n\r\n{{}}"
    );
    sandbox.write("capture.http", &head);
    let pair = &["--auth", "connect", "--secret", SECRET];
    let mut listener = Listener::start(&sandbox, pair);
    let url = listener.url.clone();
    sandbox.run(&[&["send", "capture.http", "--resign", "--to", &url], &pair[..]].concat()).expect(0);
    assert_eq!(listener.next()["signature"], "valid");
    sandbox.run(&["send", "capture.http", "--to", &url]).expect(1);
    assert_eq!(listener.next()["signature"], "unsigned", "a foreign token is left out");
    sandbox.run(&["send", "capture.http", "--keep-credentials", "--to", &url]).expect(1);
    assert_eq!(listener.next()["signature"], "wrong-qsh", "it is for the URL that it was captured at");
}

#[test]
fn own_keys_sign_and_verify_as_pem_and_as_a_key_set() {
    let sandbox = Sandbox::new();
    sandbox.write("key.pem", OTHER_KEY);
    let set = sandbox.run(&["jwks", "--key", "key.pem"]).expect(0).stdout;
    sandbox.write("set.json", &set);
    let set: Value = serde_json::from_slice(&set).expect("JSON");
    let token = sandbox.run(&["sign", "--auth", "forge", "--key", "key.pem"]).expect(0).text().trim().to_owned();
    assert_eq!(part(&token, 0)["kid"], set["keys"][0]["kid"]);
    for (keys, verdict, code) in
        [(&["--key", "key.pem"][..], "valid", 0), (&["--key", "set.json"], "valid", 0), (&[], "unknown-key", 1)]
    {
        let run = [&["verify", "--auth", "forge", "--authorization", &token], keys].concat();
        assert!(sandbox.run(&run).expect(code).text().starts_with(verdict), "{keys:?}");
    }
    for (arguments, error) in [
        (&["sign", "--auth", "forge", "--key", "set.json"][..], "--key has no private key"),
        (&["sign", "--auth", "forge", "--key", "key.pem", "--key", "key.pem"], "--key is given more than once"),
        (&["sign", "--auth", "forge", "--key", "absent.pem"], "cannot read a key from absent.pem"),
        (&["jwks", "--key", "body.json"], "cannot read a key from body.json"),
    ] {
        sandbox.write("body.json", "{}");
        let run = sandbox.run(arguments).expect(2);
        assert!(run.stderr.contains(error), "{}", run.stderr);
    }
}

#[test]
fn options_that_do_not_fit_a_token_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", "{}");
    sandbox.write("key.pem", OTHER_KEY);
    for (arguments, error) in [
        (
            &["sign", "--auth", "connect", "--secret", "s"][..],
            "--auth connect signs a method and a URL\n  fix: give --url URL",
        ),
        (&["sign", "--auth", "connect", "--url", HOOK], "--auth connect needs a secret"),
        (
            &["sign", "--auth", "forge", "--url", HOOK],
            "--url applies only to --auth connect\n  fix: leave it out with --auth forge",
        ),
        (
            &["sign", "--auth", "forge", "body.json"],
            "the token of --auth forge does not cover a body\n  fix: leave out body.json",
        ),
        (&["sign", "--auth", "forge", "--header"], "--header applies only to signatures of bodies"),
        (&["sign", "--auth", "forge", "--secret", "s"], "--secret applies only to --auth hmac and --auth connect"),
        (&["sign", "--auth", "none"], "--auth none has no signature"),
        (&["sign", "--token", "a=b"], "--auth token has no signature"),
        (
            &["sign", "body.json", "--secret", "s", "--at", "now"],
            "--at applies only to --auth connect and --auth forge",
        ),
        (
            &["sign", "body.json", "--secret", "s", "--key", "key.pem"],
            "--key applies only to --auth connect and --auth forge",
        ),
        (
            &["verify", "body.json", "--secret", "s", "--authorization", CONNECT],
            "--authorization applies only to --auth connect",
        ),
        (&["verify", "body.json", "--secret", "s", "--at", "now"], "--at applies only to --auth connect"),
        (&["verify", "body.json", "--auth", "connect", "--secret", "s"], "give --url URL, or a capture"),
        (
            &["verify", "body.json", "--auth", "forge", "--client-key", "a"],
            "--client-key applies only to --auth connect",
        ),
        (&["verify", "--auth", "forge", "--authorization", CONNECT, "--at", "12"], "in seconds since 1970"),
        (
            &["send", "installed", "--secret", "s", "--to", "http://127.0.0.1:9/"],
            "`installed` is a callback for apps with --auth connect\n  fix: add --profile cloud --auth connect",
        ),
        (
            &["send", "disabled", "--profile", "cloud", "--auth", "none", "--to", "http://127.0.0.1:9/"],
            "`disabled` is a callback for apps with --auth connect",
        ),
        (
            &[
                "send",
                "enabled",
                "--profile",
                "forge",
                "--auth",
                "connect",
                "--secret",
                "s",
                "--to",
                "http://127.0.0.1:9/",
            ],
            "`enabled` is a callback for apps with --auth connect",
        ),
        (
            &["send", "uninstalled", "--profile", "cloud", "--auth", "connect", "--to", "http://127.0.0.1:9/"],
            "--auth connect needs a secret",
        ),
        (
            &["send", "page_created", "--auth", "forge", "--to", "http://u:p@127.0.0.1:9/"],
            "the user and password of the URL",
        ),
        (
            &["send", "page_created", "--app-id", "ari:cloud:ecosystem::app/1", "--to", "http://127.0.0.1:9/"],
            "--app-id applies only to --auth forge",
        ),
        (
            &["send", "page_created", "--auth", "forge", "--app-id", "1", "--to", "http://127.0.0.1:9/"],
            "expected an app id",
        ),
    ] {
        let run = sandbox.run(arguments).expect(2);
        assert!(run.stderr.contains(error) && run.stdout.is_empty(), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn jwks_prints_public_keys_and_serves_them() {
    let sandbox = Sandbox::new();
    sandbox.write("key.pem", OTHER_KEY);
    let printed = sandbox.run(&["jwks"]).expect(0).json_whole();
    let key = serde_json::json!({
        "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "forge/invocation-token/cfwh-test", "n": MODULUS, "e": "AQAB"
    });
    assert_eq!(printed, serde_json::json!({ "keys": [key] }));
    assert_eq!(sandbox.run(&["jwks", "--json"]).expect(0).json_whole(), printed);
    let served = Listener::spawn(&sandbox, sandbox.command(&["jwks", "--serve", "--json", "--port", "0"]));
    assert!(served.url.ends_with("/.well-known/jwks.json"), "{}", served.url);
    let response = served.request("GET", "/.well-known/jwks.json", &[], b"");
    assert_eq!(response.status, 200);
    assert!(response.head.to_lowercase().contains("content-type: application/json"), "{}", response.head);
    assert_eq!(serde_json::from_str::<Value>(&response.body).expect("JSON"), printed);
    for path in ["/cfwh-test-kid-1", "/forge%2Finvocation-token%2Fcfwh-test", "/forge/invocation-token/cfwh-test"] {
        let response = served.request("GET", path, &[], b"");
        assert!(response.body.starts_with("-----BEGIN PUBLIC KEY-----\nMIIBIjANBg"), "{path}: {}", response.body);
    }
    assert_eq!(served.request("GET", "/", &[], b"").status, 404);
    assert_eq!(served.request("POST", "/.well-known/jwks.json", &["Content-Length: 0"], b"").status, 405);
    served.interrupt();
    served.finish().expect(0);
    let both = sandbox.run(&["jwks", "--key", "key.pem", "--key", "key.pem"]).expect(0).json_whole();
    assert_eq!(both["keys"].as_array().map(Vec::len), Some(2));
    assert!(!both.to_string().contains(r#""d":"#), "no private half: {both}");
}

#[test]
fn a_generated_secret_of_connect_comes_with_the_command_to_try() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["listen", "--auth", "connect", "--secret", "--port", "0", "--within", "1ms"]).expect(0);
    assert!(run.stderr.contains("cfwh send page_updated --auth connect --to http://"), "{}", run.stderr);
    for (auth, names_key) in [("connect", false), ("forge", true)] {
        let run = sandbox.run(&["listen", "--auth", auth, "--demo"]).expect(0);
        assert_eq!(run.stderr.contains("the public example key of RFC 7515 A.2"), names_key, "{}", run.stderr);
    }
}
