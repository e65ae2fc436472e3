//! `cfwh sign`: the same digest as everybody else's HMAC-SHA256, and a secret that stays one.

use std::io::Write;
use std::process::{Command, Stdio};

use cfwh::auth::secret::Secret;

use crate::support::{ClosedPort, Sandbox, tool};

/// Atlassian's published vector, GitHub's one comma apart from it, and one with text outside ASCII.
const KNOWN: [(&str, &str); 3] = [
    ("Hello World!", "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"),
    ("Hello, World!", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"),
    ("{\"e\":\"é 😀\"}", "sha256=e82e353e06bea4c6be8f65f447c302f683fba95cf1878aa3cbb29fa123072e8f"),
];
/// What `openssl dgst -sha256 -hmac s` says of 64 MiB of zeros.
const LARGE: &str = "sha256=d5ac593116e1b5da2dade8ac4ab959a2cdd615798deae993e1397089dbc6ecbb\n";
const KNOWN_SECRET: &str = "It's a Secret to Everybody";

fn signature(secret: &str, body: &[u8]) -> String {
    Secret::new(secret).expect("a secret").sign(body).to_string()
}

#[test]
fn known_signatures_from_a_file_and_from_stdin() {
    let sandbox = Sandbox::new();
    for (body, expected) in KNOWN {
        sandbox.write("body", body);
        let of_file = sandbox.run(&["sign", "body", "--secret", KNOWN_SECRET]).expect(0);
        assert_eq!(of_file.text(), format!("{expected}\n"));
        assert_eq!(of_file.stderr, "");
        let of_stdin = sandbox.run_with(&["sign", "--secret", KNOWN_SECRET], body).expect(0);
        assert_eq!(of_stdin.text(), format!("{expected}\n"));
        let of_dash = sandbox.run_with(&["sign", "-", "--secret", KNOWN_SECRET], body).expect(0);
        assert_eq!(of_dash.text(), format!("{expected}\n"));
    }
}

/// Bodies that a signer might be tempted to read as text, and the secrets for them.
fn awkward() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("s", Vec::new()),
        ("s", b"\n".to_vec()),
        ("s", b"{}\r\n".to_vec()),
        ("s", b"\xef\xbb\xbf{}".to_vec()),
        ("pass word", (0..=255).collect()),
        ("schlüssel", b"\xff\xfe\0".repeat(100_000)),
    ]
}

#[test]
#[ignore = "needs openssl"]
fn openssl_makes_the_same_signatures() {
    let sandbox = Sandbox::new();
    for (secret, body) in awkward() {
        sandbox.write("body", &body);
        let openssl = Command::new(tool("openssl"))
            .args(["dgst", "-sha256", "-hmac", secret, "body"])
            .current_dir(sandbox.path())
            .output()
            .expect("openssl runs");
        let said = String::from_utf8(openssl.stdout).expect("openssl prints text");
        let (_, digest) = said.trim().rsplit_once(' ').expect("openssl prints a digest");
        let run = sandbox.run(&["sign", "body", "--secret", secret]).expect(0);
        assert_eq!(run.text(), format!("sha256={digest}\n"), "{} bytes", body.len());
    }
}

#[test]
#[ignore = "needs python3"]
fn python_makes_the_same_signatures() {
    const SIGN: &str = "import hashlib, hmac, sys
print('sha256=' + hmac.new(sys.argv[1].encode(), open('body', 'rb').read(), hashlib.sha256).hexdigest())";
    let sandbox = Sandbox::new();
    for (secret, body) in awkward() {
        sandbox.write("body", &body);
        let python = Command::new(tool("python3")).args(["-c", SIGN, secret]).current_dir(sandbox.path()).output();
        let python = python.expect("python3 runs");
        let run = sandbox.run(&["sign", "body", "--secret", secret]).expect(0);
        assert_eq!(run.stdout, python.stdout, "{} bytes", body.len());
    }
}

#[test]
fn signatures_of_several_files_are_printed_in_order_with_file_names() {
    let sandbox = Sandbox::new();
    sandbox.write("b.json", "b");
    sandbox.write("a.json", "a");
    let run = sandbox.run(&["sign", "b.json", "a.json", "--secret", "s3cret"]).expect(0);
    assert_eq!(run.text(), format!("{}  b.json\n{}  a.json\n", signature("s3cret", b"b"), signature("s3cret", b"a")));
}

#[test]
fn an_unreadable_file_does_not_stop_the_others_from_being_signed() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", "a");
    let run = sandbox.run(&["sign", "missing.json", "a.json", "--secret", "s3cret"]).expect(2);
    assert_eq!(run.text(), format!("{}  a.json\n", signature("s3cret", b"a")));
    assert!(run.stderr.starts_with("error: cannot read missing.json: "), "{}", run.stderr);
    sandbox.write("bad.http", "GET / HTTP/1.1\r\n\r\n");
    let run = sandbox.run(&["sign", "bad.http", "a.json", "--secret", "s3cret"]).expect(2);
    assert_eq!(run.text(), format!("{}  a.json\n", signature("s3cret", b"a")));
    assert!(run.stderr.starts_with("error: cannot read bad.http: not a capture"), "{}", run.stderr);
}

#[test]
fn header_prints_the_whole_header() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_with(&["sign", "--header", "--secret", "s3cret"], "x").expect(0);
    assert_eq!(run.text(), format!("X-Hub-Signature: {}\n", signature("s3cret", b"x")));
}

#[test]
fn the_body_of_a_capture_is_signed() {
    let sandbox = Sandbox::new();
    let body = b"{\r\n}\r\n";
    let capture = [b"POST /hook HTTP/1.1\r\nHost: a\r\n\r\n", &body[..]].concat();
    sandbox.write("c.http", capture);
    assert_eq!(
        sandbox.run(&["sign", "c.http", "--secret", "s3cret"]).expect(0).text(),
        format!("{}\n", signature("s3cret", body))
    );
}

#[test]
fn each_line_of_an_ndjson_file_is_signed_without_its_line_end() {
    let sandbox = Sandbox::new();
    sandbox.write("many.ndjson", "{\"a\":1}\n\n{\"b\":2}\r\n {}");
    let run = sandbox.run(&["sign", "many.ndjson", "--secret", "s3cret"]).expect(0);
    let expected: String = [(1, "{\"a\":1}"), (3, "{\"b\":2}"), (4, " {}")]
        .map(|(line, body)| format!("{}  many.ndjson:{line}\n", signature("s3cret", body.as_bytes())))
        .concat();
    assert_eq!(run.text(), expected);
}

#[test]
fn every_byte_of_stdin_is_signed() {
    let sandbox = Sandbox::new();
    let text = "{\"a\":1}\n{\"b\":2}\n";
    let run = sandbox.run_with(&["sign", "--secret", "s3cret"], text).expect(0);
    assert_eq!(run.text(), format!("{}\n", signature("s3cret", text.as_bytes())));
}

#[test]
fn json_prints_one_line_per_body() {
    let sandbox = Sandbox::new();
    sandbox.write("a.json", "a");
    let lines = sandbox.run_with(&["sign", "a.json", "-", "--secret", "s3cret", "--json"], "b").expect(0).json();
    assert_eq!(
        lines[0],
        serde_json::json!({ "input": "a.json", "signature": signature("s3cret", b"a"), "header": "X-Hub-Signature" })
    );
    assert_eq!(
        lines[1],
        serde_json::json!({ "input": "-", "signature": signature("s3cret", b"b"), "header": "X-Hub-Signature" })
    );
    assert_eq!(lines.len(), 2);
}

#[test]
fn only_one_final_line_end_of_a_secret_file_is_dropped() {
    let sandbox = Sandbox::new();
    for (file, secret) in [
        ("s", "s"),
        ("s\n", "s"),
        ("s\r\n", "s"),
        ("s\n\n", "s\n"),
        ("s\r", "s\r"),
        (" s \n", " s "),
        ("\u{feff}s", "\u{feff}s"),
    ] {
        sandbox.write("secret", file);
        let run = sandbox.run_with(&["sign", "--secret-file", "secret"], "x").expect(0);
        assert_eq!(run.text(), format!("{}\n", signature(secret, b"x")), "{file:?}");
    }
}

#[test]
fn a_secret_can_be_read_from_stdin() {
    let sandbox = Sandbox::new();
    sandbox.write("body", "x");
    let run = sandbox.run_with(&["sign", "body", "--secret-file", "-"], "s3cret\n").expect(0);
    assert_eq!(run.text(), format!("{}\n", signature("s3cret", b"x")));
}

#[test]
fn a_secret_can_be_any_bytes() {
    let sandbox = Sandbox::new();
    sandbox.write("secret", b"\xff\x00\xfe");
    let run = sandbox.run_with(&["sign", "--secret-file", "secret"], "x").expect(0);
    let expected = Secret::new(b"\xff\x00\xfe".to_vec()).expect("a secret").sign(b"x");
    assert_eq!(run.text(), format!("{expected}\n"));
}

#[test]
fn a_secret_on_the_command_line_overrides_the_environment() {
    let sandbox = Sandbox::new();
    sandbox.write("body", "x");
    sandbox.write("secret", "file");
    let sign = |arguments: &[&str]| {
        let mut command = sandbox.command(&[&["sign", "body"], arguments].concat());
        let output = command.env("CFWH_SECRET", "v4riable").output().expect("it runs");
        String::from_utf8(output.stdout).expect("text")
    };
    assert_eq!(sign(&[]), format!("{}\n", signature("v4riable", b"x")));
    assert_eq!(sign(&["--secret", "fl4g"]), format!("{}\n", signature("fl4g", b"x")));
    assert_eq!(sign(&["--secret-file", "secret"]), format!("{}\n", signature("file", b"x")));
}

#[test]
fn an_empty_secret_is_refused_from_every_source() {
    let sandbox = Sandbox::new();
    sandbox.write("body", "x");
    sandbox.write("empty", "");
    sandbox.write("line-end", "\n");
    for arguments in [["--secret", ""], ["--secret-file", "empty"], ["--secret-file", "line-end"]] {
        let run = sandbox.run(&[&["sign", "body"][..], &arguments].concat()).expect(2);
        assert!(run.stdout.is_empty(), "{}", run.text());
        assert!(run.stderr.starts_with("error: the secret is empty"), "{}", run.stderr);
    }
    let output = sandbox.command(&["sign", "body"]).env("CFWH_SECRET", "").output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: the secret is empty (CFWH_SECRET)"));
}

#[test]
fn without_a_secret_the_error_lists_the_sources() {
    let run = Sandbox::new().run_with(&["sign"], "x").expect(2);
    assert_eq!(run.stderr, "error: no secret\n  fix: give --secret-file PATH, --secret S or CFWH_SECRET\n");
}

/// No output may contain the secret, even in error messages.
#[test]
fn a_secret_never_appears_in_any_output() {
    const SECRET: &str = "hunter2-hunter2";
    let sandbox = Sandbox::new();
    sandbox.write("body", "x");
    sandbox.write("secret", SECRET);
    let closed = ClosedPort::new();
    let url = closed.url("/");
    for command in [
        vec!["sign", "body", "-v"],
        vec!["sign", "body", "--json", "-v"],
        vec!["sign", "missing", "-v"],
        vec!["verify", "body", "-v"],
        vec!["verify", "body", "--signature", "sha256=00", "--show-expected", "-v"],
        vec!["send", "page_created", "--to", &url, "--dry-run", "-v"],
        vec!["send", "page_created", "--to", &url, "-v"],
        vec!["send", "page_created", "--to", "nonsense", "-v"],
        vec!["listen", "--port", "0", "--capture", "body", "-v"],
        vec!["listen", "--demo", "-v"],
        vec!["listen", "--demo", "--json"],
    ] {
        for given in [["--secret", SECRET], ["--secret-file", "secret"]] {
            let run = sandbox.run(&[&command[..], &given].concat());
            let said = format!("{}{}", String::from_utf8_lossy(&run.stdout), run.stderr);
            assert!(!said.is_empty(), "{command:?} says nothing");
            assert!(!said.contains(SECRET), "{command:?} says {said}");
        }
    }
}

/// The highest resident memory of a process so far, in KiB.
#[cfg(target_os = "linux")]
fn peak_memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("the process is there");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells the peak");
    peak.trim().trim_end_matches("kB").trim().parse().expect("a number")
}

/// The program has read all but the last pipe's worth when everything is written, so its peak tells whether it holds
/// what it reads.
#[test]
#[cfg(target_os = "linux")]
fn memory_does_not_grow_with_the_body() {
    // The memory of the program itself does not depend on the body.
    let (little, much) = (peak_of_a_body(1), peak_of_a_body(32));
    assert!(much < little + 4 * 1024, "{much} KiB for a body of 32 MiB, {little} KiB for one of 1 MiB");
}

/// The peak of memory, in KiB, while a body of this many MiB is signed.
#[cfg(target_os = "linux")]
fn peak_of_a_body(mebibytes: usize) -> u64 {
    const MIB: usize = 1024 * 1024;
    let sandbox = Sandbox::new();
    let mut child = sandbox
        .command(&["sign", "--secret", "s3cret"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    let mut expected = Secret::new(b"s3cret".to_vec()).expect("a secret").signer();
    let mebibyte = vec![7; MIB];
    for _ in 0..mebibytes {
        pipe.write_all(&mebibyte).expect("it reads");
        expected.write_all(&mebibyte).expect("it takes everything");
    }
    let peak = peak_memory(child.id());
    drop(pipe);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.stdout, format!("{}\n", expected.finish()).into_bytes());
    peak
}

/// The same from a file, with the memory that a process may have at all held under the size of the body.
#[test]
#[cfg(target_os = "linux")]
fn a_file_larger_than_memory_is_signed() {
    let sandbox = Sandbox::new();
    let file = std::fs::File::create(sandbox.path().join("large")).expect("a file");
    // Sparse: it takes no room on the disk.
    file.set_len(64 * 1024 * 1024).expect("a size");
    let output = Command::new("sh")
        .args(["-c", "ulimit -v 49152 && exec \"$0\" sign large --secret s", env!("CARGO_BIN_EXE_cfwh")])
        .current_dir(sandbox.path())
        .env_remove("CFWH_SECRET")
        .output()
        .expect("sh runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    assert_eq!(String::from_utf8_lossy(&output.stdout), LARGE);
}
