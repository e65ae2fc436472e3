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
        assert!(run.stderr.starts_with("error: --auth none uses no secret"), "{}", run.stderr);
        let run = sandbox.run(&[command, &["--auth", "hmac"]].concat()).expect(2);
        assert!(run.stderr.starts_with("error: --auth hmac needs a secret: "), "{}", run.stderr);
        let run = sandbox.run(&[command, &["--auth", "hmca"]].concat()).expect(2);
        assert!(run.stderr.contains("hmac") && run.stderr.contains("none"), "{}", run.stderr);
    }
    let run = sandbox.run(&["listen", "--port", "0", "--auth", "none", "--secret"]).expect(2);
    assert!(run.stderr.starts_with("error: --auth none uses no secret"), "{}", run.stderr);
    let run = sandbox.run(&["verify", "body.json", "--auth", "none"]).expect(2);
    assert_eq!(run.stderr, "error: --auth none leaves nothing to verify\n");
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
            let expected = warning.map(|warning| format!("{warning} ({file}): all its bytes are used"));
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
