//! `--auth`: the scheme that deliveries are authenticated with.

use crate::support::{Endpoint, Listener, Sandbox};

const SIGNATURE: &str = "X-Hub-Signature";

#[test]
fn the_default_scheme_signs_if_there_is_a_secret() {
    for (arguments, is_signed) in [
        (&["--secret", "s3cret"][..], true),
        (&["--auth", "hmac", "--secret", "s3cret"], true),
        (&["--auth", "none"], false),
    ] {
        let endpoint = Endpoint::start(&[200]);
        let url = endpoint.url("/h");
        let arguments = [&["send", "page_created", "--to", &url], arguments].concat();
        Sandbox::new().run(&arguments).expect(0);
        assert_eq!(endpoint.received()[0].header(SIGNATURE).is_some(), is_signed, "{arguments:?}");
    }
}

#[test]
fn none_ignores_the_secret_of_the_environment() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[200]);
    let mut command = sandbox.command(&["send", "page_created", "--auth", "none", "--to", &endpoint.url("/h")]);
    command.env("CFWH_SECRET", "s3cret");
    sandbox.finish(command).expect(0);
    assert_eq!(endpoint.received()[0].header(SIGNATURE), None);

    let mut command = sandbox.command(&["listen", "--json", "--port", "0", "--auth", "none"]);
    command.env("CFWH_SECRET", "s3cret");
    let listener = Listener::spawn(&sandbox, command);
    assert_eq!(listener.ready["secret"], "none");
    assert_eq!(listener.post("/webhooks/confluence", &["Content-Type: application/json"], b"{}").status, 200);
}

#[test]
fn a_scheme_and_secrets_that_do_not_fit_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", "{}");
    let closed = "http://127.0.0.1:9/h";
    for command in [&["send", "page_created", "--to", closed][..], &["probe", closed], &["listen", "--port", "0"]] {
        let run = sandbox.run(&[command, &["--auth", "none", "--secret", "s3cret"]].concat()).expect(2);
        assert!(run.stderr.starts_with("error: --secret does not apply to --auth none"), "{}", run.stderr);
        let run = sandbox.run(&[command, &["--auth", "hmac"]].concat()).expect(2);
        assert!(run.stderr.starts_with("error: --auth hmac needs a secret\n  fix: give"), "{}", run.stderr);
        let run = sandbox.run(&[command, &["--auth", "hmca"]].concat()).expect(2);
        assert!(run.stderr.contains("hmac") && run.stderr.contains("none"), "{}", run.stderr);
    }
    let run = sandbox.run(&["listen", "--port", "0", "--auth", "none", "--secret"]).expect(2);
    assert!(run.stderr.starts_with("error: --secret does not apply to --auth none"), "{}", run.stderr);
    let run = sandbox.run(&["verify", "body.json", "--auth", "none"]).expect(2);
    assert_eq!(run.stderr, "error: --auth none has no signature to verify\n  fix: choose another scheme\n");
}

#[test]
fn a_secret_with_a_byte_order_mark_or_in_utf_16_gets_a_warning_in_every_command() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", "{}");
    sandbox.write("mark", "\u{feff}s3cret\n");
    sandbox.write("utf-16", "\u{feff}s3cret\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    sandbox.write("big-endian", "s3cret".encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>());
    sandbox.write("plain", "s3cret\n");
    let commands: [&[&str]; 4] = [
        &["sign", "body.json"],
        &["verify", "body.json"],
        &["send", "page_created", "--to", "http://127.0.0.1:9/", "--dry-run"],
        &["listen", "--port", "0", "--within", "1ms"],
    ];
    for command in commands {
        for (file, warning) in [
            ("mark", Some("byte order mark")),
            ("utf-16", Some("UTF-16")),
            ("big-endian", Some("UTF-16")),
            ("plain", None),
        ] {
            let run = sandbox.run(&[command, &["--secret-file", file]].concat());
            let expected = warning.map(|warning| format!("{warning} ({file}), and all of its bytes are used"));
            let warned = expected.as_ref().map_or(!run.stderr.contains("warning"), |text| run.stderr.contains(text));
            assert!(warned, "{command:?} {file}: {}", run.stderr);
        }
    }
    let run = sandbox.run(&["sign", "body.json", "--secret", "\u{feff}s"]).expect(0);
    assert!(run.stderr.starts_with("warning: the secret begins with a byte order mark (--secret)"), "{}", run.stderr);
    let quiet = sandbox.run(&["sign", "body.json", "--secret-file", "mark", "-q"]).expect(0);
    assert_eq!(quiet.stderr, "");
}

#[test]
fn listen_refuses_a_secret_that_is_the_name_of_a_file_or_an_event() {
    let sandbox = Sandbox::new();
    sandbox.write("cmd.sh", "exit 0");
    sandbox.write("folder/secret.txt", "s");
    for (value, fix) in [
        ("./cmd.sh", "`--secret -- ./cmd.sh`"),
        ("folder/secret.txt", "`--secret-file folder/secret.txt`"),
        ("folder", "is the name of a file"),
        ("page_created", "`--secret --expect page_created`"),
        // No document declares it.
        ("page_moved", "`--secret --expect page_moved`"),
    ] {
        for more in [&["--demo"][..], &["--secret", "other", "--demo"], &["--auth", "hmac", "--demo"]] {
            let run = sandbox.run(&[&["listen", "--secret", value], more].concat()).expect(2);
            assert!(run.stderr.starts_with(&format!("error: --secret {value} is the name")), "{}", run.stderr);
            assert!(run.stderr.contains(fix), "{}", run.stderr);
        }
    }
    // Other commands take any secret.
    sandbox.run_with(&["sign", "--secret", "page_created"], "{}").expect(0);
}

const TOKEN: &[&str] = &["--token", "token=t0ken/+x"];
/// The token, encoded for a URL.
const ENCODED: &str = "token=t0ken%2F%2Bx";

#[test]
fn a_token_is_sent_in_the_query_of_the_url_and_not_shown() {
    for (url, target) in [
        ("/hook", format!("/hook?{ENCODED}")),
        ("/hook/{event}?lic=active", format!("/hook/page_created?lic=active&{ENCODED}")),
        ("/hook?token=old", format!("/hook?{ENCODED}")),
    ] {
        let endpoint = Endpoint::start(&[200]);
        let to = endpoint.url(url);
        let run = Sandbox::new().run(&[&["send", "page_created", "--json", "-v", "--to", &to], TOKEN].concat());
        let line = run.expect(0).json().remove(0);
        assert_eq!(endpoint.received()[0].url, target);
        assert_eq!(endpoint.received()[0].header(SIGNATURE), None);
        assert_eq!(line["url"], to.replace("{event}", "page_created"));
    }
}

#[test]
fn a_load_sends_the_token_with_every_delivery() {
    let endpoint = Endpoint::start(&[200; 4]);
    let to = endpoint.url("/hook");
    let arguments = [&["send", "page_created", "--count", "4", "--concurrency", "2", "--to", &to], TOKEN].concat();
    Sandbox::new().run(&arguments).expect(0);
    let received = endpoint.received();
    assert_eq!(received.len(), 4);
    assert!(received.iter().all(|request| request.url == format!("/hook?{ENCODED}")));
}

#[test]
fn listen_accepts_only_deliveries_with_the_token_and_shows_it_nowhere() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[200; 9]);
    let forward = endpoint.url("/app");
    let listener = Listener::start(&sandbox, &[&["-v", "--forward", &forward], TOKEN].concat());
    assert_eq!((&listener.ready["auth"], &listener.ready["secret"]), (&"token".into(), &"none".into()));
    let json = &["Content-Type: application/json"];
    for (query, status) in [
        (format!("?{ENCODED}"), 200),
        (format!("?lic=active&{ENCODED}"), 200),
        (String::new(), 401),
        ("?token=t0ken%2F%2B".to_owned(), 401),
        (format!("?{ENCODED}&{ENCODED}"), 401),
    ] {
        assert_eq!(listener.post(&format!("/webhooks/confluence{query}"), json, b"{}").status, status, "{query}");
    }
    assert_eq!(listener.post(&format!("/elsewhere?{ENCODED}"), json, b"{}").status, 404);
    listener.interrupt();
    // The streams of a listener are searched for the token.
    let lines = listener.finish().expect(0).json();
    let seen: Vec<_> = lines.iter().filter(|line| line["type"] == "delivery").collect();
    let signatures: Vec<_> = seen.iter().map(|line| line["signature"].as_str().expect("a word")).collect();
    assert_eq!(signatures, ["valid", "valid", "unsigned", "mismatch", "malformed"]);
    assert_eq!(seen[1]["target"], "/webhooks/confluence?lic=active&token=[redacted]");
    assert!(seen[1]["forwarded"][0]["url"].as_str().expect("a URL").ends_with("/app?lic=active&token=[redacted]"));
    let refused = lines.iter().find(|line| line["type"] == "refused").expect("a refused request");
    assert_eq!(refused["target"], "/elsewhere?token=[redacted]");
    assert_eq!(endpoint.received()[1].url, format!("/app?lic=active&{ENCODED}"), "the endpoint gets the whole query");
}

#[test]
fn verify_reads_the_token_of_captures() {
    let sandbox = Sandbox::new();
    let capture = |target: &str| format!("POST {target} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{{}}");
    sandbox.write("right.http", capture(&format!("/h?{ENCODED}")));
    sandbox.write("missing.http", capture("/h"));
    sandbox.write("line.http", capture(&format!("/h?{ENCODED}%0A")));
    let verify = |name: &str, code| sandbox.run(&[&["verify", name, "--explain"], TOKEN].concat()).expect(code);
    assert!(verify("right.http", 0).text().starts_with("valid "));
    assert!(verify("missing.http", 1).text().starts_with("unsigned "));
    let run = verify("line.http", 1);
    assert!(run.text().starts_with("mismatch ") && run.text().contains("[secret-with-lf]"), "{}", run.text());
    let run = sandbox.run(&[&["verify", "missing.http", "--show-expected"], TOKEN].concat()).expect(2);
    assert!(run.stderr.contains("--show-expected would print the token itself"), "{}", run.stderr);
}

#[test]
fn faults_of_the_token_are_refused_by_listen() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, TOKEN);
    let faults = sandbox.run(&["send", "--auth", "token", "--fault", "list", "--json"]).expect(0).json();
    let own: Vec<_> = faults.iter().map(|fault| fault["fault"].as_str().expect("a name")).take(4).collect();
    assert_eq!(own, ["missing-credentials", "empty-token", "wrong-token", "token-in-header"]);
    for fault in own {
        let run = [&["send", "page_created", "--json", "--fault", fault, "--to", &listener.url], TOKEN].concat();
        let line = sandbox.run(&run).expect(0).json().remove(0);
        assert_eq!(line["status"], 401, "{fault}");
    }
}

#[test]
fn options_of_other_schemes_are_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", "{}");
    let closed = "http://127.0.0.1:9/h";
    for (arguments, error) in [
        (
            &["--auth", "hmac", "--token", "a=b"][..],
            "--token applies only to --auth token\n  fix: leave out --token, or choose that scheme",
        ),
        (&["--auth", "none", "--token", "a=b"], "--token does not apply to --auth none\n  fix: leave out one of them"),
        (
            &["--token", "a=b", "--secret", "s"],
            "--secret applies only to --auth hmac and --auth connect\n  fix: leave out --secret, or choose that scheme",
        ),
        (&["--auth", "token"], "--auth token needs a token\n  fix: give --token NAME=VALUE"),
    ] {
        for command in [&["send", "page_created", "--to", closed][..], &["probe", closed], &["listen", "--port", "0"]] {
            let run = sandbox.run(&[command, arguments].concat()).expect(2);
            assert_eq!(run.stderr, format!("error: {error}\n"), "{command:?} {arguments:?}");
        }
    }
    for token in ["token", "=x", "token="] {
        sandbox.run(&["send", "page_created", "--to", closed, "--token", token]).expect(2);
    }
    let run = sandbox.run(&["verify", "body.json", "--token", "a=b", "--signature", "sha256=00"]).expect(2);
    assert_eq!(run.stderr, "error: --signature applies only to --auth hmac\n  fix: leave it out with --auth token\n");
}
