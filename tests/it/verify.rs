//! `cfwh verify`: every verdict, on a body and on a capture, with one secret and with several.

use cfwh::auth::secret::Secret;
use serde_json::json;

use crate::support::{Run, Sandbox};

const BODY: &str = "{\"event\":\"page_created\"}\n";

fn signature(secret: &str) -> String {
    Secret::new(secret).expect("a secret").sign(BODY.as_bytes()).to_string()
}

/// Verifies the body against a signature with the secret `s3cret`.
fn verify(signature: &str, more: &[&str]) -> Run {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", BODY);
    sandbox.run(&[&["verify", "body.json", "--secret", "s3cret", "--signature", signature], more].concat())
}

/// A capture with these header lines.
fn capture(sandbox: &Sandbox, name: &str, headers: &[String]) {
    let head: String = headers.iter().flat_map(|header| [header, "\r\n"]).collect();
    sandbox.write(name, format!("POST /webhooks/confluence HTTP/1.1\r\n{head}\r\n{BODY}"));
}

#[test]
fn the_right_signature_is_valid() {
    let run = verify(&signature("s3cret"), &[]).expect(0);
    assert_eq!(run.text(), "valid      body.json\n");
    assert_eq!(run.stderr, "");
}

#[test]
fn the_header_name_before_the_signature_is_ignored() {
    for name in ["X-Hub-Signature: ", "x-hub-signature:", "X-HUB-SIGNATURE :  "] {
        verify(&format!("{name}{}", signature("s3cret")), &[]).expect(0);
    }
    assert_eq!(
        verify(&format!("X-Hub-Signature-256: {}", signature("s3cret")), &[])
            .expect(1)
            .text()
            .split_whitespace()
            .next(),
        Some("malformed")
    );
}

#[test]
fn verify_accepts_the_output_of_sign() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", BODY);
    for header in [&[][..], &["--header"]] {
        let signed = sandbox.run(&[&["sign", "body.json", "--secret", "s3cret"], header].concat()).expect(0);
        verify(signed.text().trim_end(), &[]).expect(0);
    }
}

#[test]
fn the_signature_of_another_secret_or_body_is_a_mismatch() {
    let run = verify(&signature("other"), &[]).expect(1);
    assert_eq!(run.text(), "mismatch   body.json\n");
    let of_another_body =
        Secret::new(b"s3cret".to_vec()).expect("a secret").sign(BODY.trim_end().as_bytes()).to_string();
    assert_eq!(verify(&of_another_body, &[]).expect(1).text(), "mismatch   body.json\n");
}

#[test]
fn other_forms_of_a_signature_are_malformed_with_a_reason() {
    let good = signature("s3cret");
    let digits = &good["sha256=".len()..];
    for (wrong, reason) in [
        ("", "empty"),
        (digits, "prefix"),
        (&good.replace("sha256", "SHA256"), "lower case"),
        (&format!("sha256={}", digits.to_uppercase()), "upper case"),
        (&good[..70], "63 hex digits, not 64"),
        (&format!("{good}0"), "65 hex digits, not 64"),
        (&format!("sha1={}", &digits[..40]), "sha1"),
        (&format!("sha512={digits}{digits}"), "sha512"),
        ("sha256=pHccOfvpDzF8eCToPe8zyq6cs9l2whSs4fKTfhMyY8k=", "not hex"),
        (&format!("{good} "), "not hex"),
        ("\u{1b}[31m", "form"),
    ] {
        let run = verify(wrong, &[]).expect(1);
        assert!(run.text().starts_with("malformed  body.json\n"), "{wrong:?}: {}", run.text());
        assert!(run.text().contains(reason), "{wrong:?}: {}", run.text());
        assert!(!run.text().contains(&good), "{}", run.text());
    }
}

#[test]
fn a_body_alone_is_unsigned() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", BODY);
    let run = sandbox.run(&["verify", "body.json", "--secret", "s3cret"]).expect(1);
    assert_eq!(run.text(), "unsigned   body.json\n");
    assert!(run.stderr.contains("--signature"), "{}", run.stderr);
}

#[test]
fn the_signature_of_a_capture_is_verified() {
    let sandbox = Sandbox::new();
    capture(&sandbox, "good.http", &["Host: a".into(), format!("x-hub-signature: {}", signature("s3cret"))]);
    capture(&sandbox, "other.http", &[format!("X-Hub-Signature: {}", signature("other"))]);
    capture(&sandbox, "none.http", &["Host: a".into()]);
    capture(&sandbox, "empty.http", &["X-Hub-Signature:".into()]);
    let run =
        sandbox.run(&["verify", "good.http", "other.http", "none.http", "empty.http", "--secret", "s3cret"]).expect(1);
    let words: Vec<&str> = run.text().lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(
        words,
        ["valid      good.http", "mismatch   other.http", "unsigned   none.http", "malformed  empty.http"]
    );
    sandbox.run(&["verify", "good.http", "--secret", "s3cret"]).expect(0);
}

#[test]
fn every_capture_of_a_folder_is_verified() {
    let sandbox = Sandbox::new();
    for name in ["kept/1.http", "kept/2.http"] {
        capture(&sandbox, name, &[format!("X-Hub-Signature: {}", signature("s3cret"))]);
    }
    assert_eq!(sandbox.run(&["verify", "kept", "--secret", "s3cret"]).expect(0).text().lines().count(), 2);
}

#[test]
fn two_signature_headers_are_malformed() {
    let sandbox = Sandbox::new();
    let header = format!("X-Hub-Signature: {}", signature("s3cret"));
    capture(&sandbox, "two.http", &[header.clone(), header.to_lowercase()]);
    let run = sandbox.run(&["verify", "two.http", "--secret", "s3cret"]).expect(1);
    assert!(
        run.text().starts_with("malformed  two.http\n") && run.text().contains("more than one X-Hub-Signature"),
        "{}",
        run.text()
    );
}

#[test]
fn one_of_several_secrets_is_enough() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", BODY);
    sandbox.write("new", "new\n");
    let old = signature("old");
    let base = ["verify", "body.json", "--signature", &old];
    for secrets in [
        &["--secret", "old"][..],
        &["--secret", "new", "--secret", "old"],
        &["--secret", "old", "--secret", "new"],
        &["--secret-file", "new", "--secret", "old"],
    ] {
        sandbox.run(&[&base, secrets].concat()).expect(0);
    }
    sandbox.run(&[&base[..], &["--secret-file", "new", "--secret", "newer"]].concat()).expect(1);
}

#[test]
fn a_given_secret_overrides_the_environment() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", BODY);
    let from_environment = signature("v4riable");
    let base = ["verify", "body.json", "--signature", &from_environment];
    let code = |arguments: &[&str]| {
        let mut command = sandbox.command(&[&base, arguments].concat());
        command.env("CFWH_SECRET", "v4riable").output().expect("it runs").status.code()
    };
    assert_eq!(code(&[]), Some(0));
    assert_eq!(code(&["--secret", "s3cret"]), Some(1));
}

#[test]
fn the_right_signature_is_printed_only_when_asked_for() {
    let right = signature("s3cret");
    for more in [&[][..], &["--json"], &["-v"]] {
        let run = verify(&signature("other"), more).expect(1);
        assert!(!run.text().contains(&right) && !run.stderr.contains(&right));
    }
    let run = verify(&signature("other"), &["--show-expected"]).expect(1);
    assert!(run.text().contains(&format!("expected {right}\n")), "{}", run.text());
    let line = &verify("nonsense", &["--show-expected", "--json"]).expect(1).json()[0];
    assert_eq!(line["expected"], json!(right));
    assert!(!verify(&right, &["--show-expected"]).expect(0).text().contains(&right));
}

#[test]
fn json_has_a_line_for_every_input() {
    let sandbox = Sandbox::new();
    capture(&sandbox, "good.http", &[format!("X-Hub-Signature: {}", signature("s3cret"))]);
    capture(&sandbox, "none.http", &[]);
    let lines = sandbox.run(&["verify", "good.http", "none.http", "--secret", "s3cret", "--json"]).expect(1).json();
    assert_eq!(lines[0], json!({ "input": "good.http", "verdict": "valid" }));
    assert_eq!(lines[1], json!({ "input": "none.http", "verdict": "unsigned" }));
}

#[test]
fn the_highest_exit_code_wins() {
    let sandbox = Sandbox::new();
    capture(&sandbox, "none.http", &[]);
    let run = sandbox.run(&["verify", "missing.http", "none.http", "--secret", "s3cret"]).expect(2);
    assert_eq!(run.text(), "unsigned   none.http\n");
    assert!(run.stderr.contains("missing.http"), "{}", run.stderr);
    let no_secret = sandbox.run(&["verify", "none.http"]).expect(2);
    assert!(no_secret.stderr.starts_with("error: no secret\n"), "{}", no_secret.stderr);
}

#[test]
fn a_body_on_stdin_is_verified_byte_for_byte() {
    let sandbox = Sandbox::new();
    let signature = signature("s3cret");
    let arguments = ["verify", "--secret", "s3cret", "--signature", &signature];
    sandbox.run_with(&arguments, BODY).expect(0);
    sandbox.run_with(&arguments, BODY.trim_end()).expect(1);
}

/// A body that Python writes differently, with the signature of Python's form.
fn signed_by_python() -> (&'static str, String) {
    let rewritten = r#"{"page": {"title": "\u00e9/"}, "event": "page_created"}"#;
    let signature = Secret::new("s3cret").expect("a secret").sign(rewritten.as_bytes()).to_string();
    (r#"{"page":{"title":"é/"},"event":"page_created"}"#, signature)
}

#[test]
fn rewritten_json_with_a_line_end_names_both_causes() {
    // As `jq .` writes it.
    let (body, rewritten) =
        ("{\"event\":\"page_created\",\"n\":1}", "{\n  \"event\": \"page_created\",\n  \"n\": 1\n}\n");
    let signature = Secret::new("s3cret").expect("a secret").sign(rewritten.as_bytes()).to_string();
    let arguments = ["verify", "-", "--secret", "s3cret", "--signature", &signature, "--explain", "--json"];
    let line = Sandbox::new().run_with(&arguments, body).expect(1).json().remove(0);
    let causes: Vec<_> = line["causes"].as_array().expect("a list").iter().map(|cause| &cause["cause"]).collect();
    assert!(causes.contains(&&"pretty-json-2".into()) && causes.contains(&&"with-final-lf".into()), "{causes:?}");
}

#[test]
fn a_signature_that_is_not_a_digest_is_not_searched_for() {
    let arguments = ["verify", "-", "--secret", "s3cret", "--signature", "sha256=abc", "--explain"];
    let run = Sandbox::new().run_with(&arguments, "{}").expect(1);
    assert!(run.text().contains("so it cannot be compared"), "{run:?}");
}

#[test]
fn explain_names_the_causes_that_reproduce_the_signature() {
    let sandbox = Sandbox::new();
    let (body, signature) = signed_by_python();
    sandbox.write("body.json", body);
    let arguments = ["verify", "body.json", "--secret", "s3cret", "--signature", &signature];
    let explained = sandbox.run(&[&arguments[..], &["--explain"]].concat()).expect(1);
    assert_eq!(
        explained.text(),
        "mismatch   body.json\n           because Python's json.dumps(json.loads(body)) was signed [python-json]\n           \
         fix: sign and verify the raw bytes of the request: save them before a framework parses them\n"
    );
    assert_eq!(sandbox.run(&arguments).expect(1).text(), "mismatch   body.json\n");

    let line = sandbox.run(&[&arguments[..], &["--explain", "--json"]].concat()).expect(1).json().remove(0);
    assert_eq!(line["causes"][0]["cause"], "python-json");
    assert!(line["causes"][0]["help"].is_string());
}

#[test]
fn explain_says_when_no_cause_was_found() {
    let nonsense = format!("sha256={}", "0".repeat(64));
    let run = verify(&nonsense, &["--explain"]).expect(1);
    assert!(run.text().contains("no cause found; "), "{}", run.text());
    for wrong in [
        nonsense,
        signature("s3cret").to_uppercase(),
        signature("s3cret").replace("sha256=", ""),
        signature("s3cret\n"),
    ] {
        let right = signature("s3cret").replace("sha256=", "");
        let run = verify(&wrong, &["--explain"]).expect(1);
        assert!(!run.text().contains(&right), "{}", run.text());
    }
    assert!(verify(&signature("s3cret\n"), &["--explain"]).text().contains("[secret-with-lf]"));
    assert_eq!(verify(&signature("s3cret"), &["--explain"]).expect(0).text(), "valid      body.json\n");
}

#[test]
fn listen_with_verbose_explains_a_mismatch() {
    let (body, signature) = signed_by_python();
    let sandbox = Sandbox::new();
    for (flag, causes) in [("-v", json!("python-json")), ("--strict", json!(null))] {
        let mut listener = crate::support::Listener::start(&sandbox, &["--secret", "s3cret", "--count", "1", flag]);
        let headers = ["Content-Type: application/json", &format!("X-Hub-Signature: {signature}")];
        assert_eq!(listener.post("/webhooks/confluence", &headers, body.as_bytes()).status, 401);
        assert_eq!(listener.next()["causes"][0]["cause"], causes);
        listener.finish().expect(0);
    }
}
