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
