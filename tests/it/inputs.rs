//! What commands read: files of all kinds, stdin, folders, and nothing at all.

use serde_json::{Value, json};

use crate::support::{Endpoint, Listener, Run, Sandbox};
use cfwh::models::text::size;

/// The commands that read bodies, without their inputs.
fn readers(url: &str) -> Vec<Vec<&str>> {
    vec![
        vec!["validate"],
        vec!["validate", "--expect-invalid"],
        vec!["validate", "--story"],
        vec!["validate", "--json"],
        vec!["drift"],
        vec!["drift", "--infer"],
        vec!["verify", "--secret", "s"],
        vec!["verify", "--secret", "s", "--signature", "sha256=00"],
        vec!["sign", "--secret", "s"],
        vec!["send", "--to", url],
        vec!["send", "--to", url, "--dry-run"],
        vec!["send", "--to", url, "--concurrency", "2"],
        vec!["send", "--to", url, "--duration", "1h"],
    ]
}

/// The body of an event, on one line.
fn event_body(name: &str) -> String {
    Sandbox::new().run(&["fake", name, "--seed", "1", "--format", "json"]).expect(0).text().trim().to_owned()
}

fn run(sandbox: &Sandbox, command: &[&str], inputs: &[&str]) -> Run {
    sandbox.run(&[command, inputs].concat())
}

#[test]
fn no_input_is_an_error_in_every_command() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let url = endpoint.url("/");
    sandbox.write("empty.ndjson", "");
    sandbox.write("blank.jsonl", "\n  \r\n".repeat(300_000));
    sandbox.write("folder/empty.ndjson", "");
    sandbox.write("folder/b.ndjson", "\n");
    sandbox.write("other/readme.txt", "");
    for command in readers(&url) {
        for (inputs, sentence) in [
            (&["empty.ndjson"][..], "no input: empty.ndjson is empty"),
            (&["blank.jsonl"], "no input: blank.jsonl is empty"),
            (&["folder"], "no input: all 2 files are empty"),
            (&["other"], "no input: other contains no .json, .ndjson, .jsonl, .http or .har file"),
            (&["-"], "no input: stdin is empty"),
        ] {
            let is_refused =
                command[0] == "sign" && inputs[0].ends_with("er") || command.contains(&"1h") && inputs[0] == "-";
            if is_refused {
                continue;
            }
            let run = run(&sandbox, &command, inputs).expect(2);
            assert!(run.stderr.contains(sentence), "{command:?} {inputs:?}: {}", run.stderr);
            assert_eq!(run.stderr.matches("no input").count(), 1, "{command:?} {inputs:?}: {}", run.stderr);
        }
    }
    assert!(endpoint.received().is_empty());
}

/// An empty file among others is not an error, because logs may be empty.
#[test]
fn an_empty_file_among_others_is_not_an_error() {
    let sandbox = Sandbox::new();
    sandbox.write("a.ndjson", "");
    sandbox.write("b.ndjson", event_body("page_created"));
    run(&sandbox, &["validate"], &["a.ndjson", "b.ndjson"]).expect(0);
    run(&sandbox, &["validate"], &["b.ndjson", "a.ndjson"]).expect(0);
}

#[cfg(target_os = "linux")]
#[test]
fn endless_input_is_refused_in_bounded_memory() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let url = endpoint.url("/");
    for name in ["zero.json", "zero.ndjson", "zero.http", "zero.har"] {
        std::os::unix::fs::symlink("/dev/zero", sandbox.path().join(name)).expect("a link");
    }
    sandbox.write("body.json", event_body("page_created"));
    let limited = |line: &str| {
        let mut command = std::process::Command::new("sh");
        let line = format!("ulimit -v 1000000; exec {} {line}", env!("CARGO_BIN_EXE_cfwh"));
        command.args(["-c", &line]).current_dir(sandbox.path()).env_clear();
        sandbox.finish(command).expect(2)
    };
    let too_large = |file: &str, bytes: usize| {
        format!(
            "error: cannot read {}: it is larger than {}\n  fix: raise the limit with --max-body\n",
            if file == "-" { "stdin" } else { file },
            size(bytes as u64)
        )
    };
    for command in readers(&url) {
        // `sign` reads an infinite input forever, like other programs.
        let (has_limit, line) = (command[0] != "sign", command.join(" "));
        for name in ["zero.json", "zero.ndjson", "zero.http", "zero.har"] {
            if command[0] == "send" && name != "zero.json" {
                continue;
            }
            if command.contains(&"--json") {
                continue;
            }
            let small = limited(&format!("{line} --max-body 64KiB {name}"));
            assert!(small.stderr.contains(&too_large(name, 65536)), "{command:?} {name}: {}", small.stderr);
        }
        if has_limit && line.len() < 10 {
            let run = limited(&format!("{line} zero.json"));
            assert!(run.stderr.contains(&too_large("zero.json", 64 << 20)), "{command:?}: {}", run.stderr);
            let run = limited(&format!("{line} - < /dev/zero"));
            assert!(run.stderr.contains(&too_large("-", 64 << 20)), "{command:?}: {}", run.stderr);
        }
    }
    for line in ["sign body.json --secret-file /dev/zero", "verify body.json --secret-file - < /dev/zero"] {
        let run = limited(line);
        assert!(run.stderr.contains(": it is larger than 64 KiB\n"), "{}", run.stderr);
    }
    let run = limited("drift body.json --baseline /dev/zero");
    assert_eq!(run.stderr, too_large("/dev/zero", 64 << 20));
}

#[test]
fn the_limit_is_one_of_bodies_and_not_of_files_with_many() {
    let sandbox = Sandbox::new();
    let body = event_body("page_created");
    sandbox.write("lines.ndjson", format!("{body}\n").repeat(100));
    sandbox.write("body.json", &body);
    let exact = body.len().to_string();
    for file in ["lines.ndjson", "body.json"] {
        sandbox.run(&["validate", file, "--max-body", &exact]).expect(0);
        sandbox.run(&["validate", file, "--max-body", "100"]).expect(2);
        sandbox.run(&["sign", "--secret", "s", file, "--max-body", &exact]).expect(0);
        sandbox.run(&["sign", "--secret", "s", file, "--max-body", "100"]).expect(2);
    }
}

#[test]
fn an_array_of_bodies_is_several_bodies() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let generated = sandbox.run(&["fake", "all", "--seed", "1", "--format", "json"]).expect(0);
    sandbox.write("all.json", &generated.stdout);
    let bodies: Vec<&str> = generated.text().trim().trim_matches(['[', ']']).split(",\n").collect();
    let run = sandbox.run(&["validate", "all.json", "--json"]).expect(0);
    let lines: Vec<_> = run.json().iter().map(|line| line["line"].as_u64()).collect();
    assert_eq!(lines, (1..=19).map(Some).collect::<Vec<_>>());
    let run = sandbox.run_with(&["drift", "-"], &*generated.stdout).expect(0);
    assert!(run.stderr.starts_with("19 bodies: "), "{}", run.stderr);
    sandbox.run(&["send", "all.json", "--to", &endpoint.url("/")]).expect(0);
    let received: Vec<_> = endpoint.received().into_iter().map(|request| request.body).collect();
    assert_eq!(received, bodies.iter().map(|body| body.as_bytes()).collect::<Vec<_>>());
    // The signature covers every byte of the file.
    let signature = sandbox.run(&["sign", "all.json", "--secret", "s"]).expect(0);
    sandbox.run(&["verify", "all.json", "--secret", "s", "--signature", signature.text().trim()]).expect(0);
    for other in ["[]", "[1]", "[{}, 1]", "[{}] x", "[{},]"] {
        sandbox.write("other.json", other);
        let run = sandbox.run(&["validate", "other.json", "--json"]).expect(1);
        assert_eq!(run.json().len(), 1, "{other}");
    }
}

#[test]
fn an_archive_is_a_list_of_deliveries() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let body = event_body("page_created");
    let signature = sandbox.run_with(&["sign", "--secret", "s"], &*body).expect(0).text().trim().to_owned();
    let post = |data: Value| {
        let headers = json!([
            { "name": ":authority", "value": "receiver.test" },
            { "name": "content-type", "value": "application/json" },
            { "name": "x-hub-signature", "value": signature },
        ]);
        let url = "https://receiver.test/webhooks/page_created?lic=none";
        json!({ "request": { "method": "POST", "url": url, "headers": headers, "postData": data } })
    };
    let get = json!({ "request": { "method": "GET", "url": "https://receiver.test/", "headers": [] } });
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &body);
    let entries = [post(json!({ "text": body })), get.clone(), post(json!({ "text": encoded, "encoding": "base64" }))];
    sandbox.write("a.HAR", json!({ "log": { "version": "1.2", "entries": entries } }).to_string());
    let run = sandbox.run(&["verify", "a.HAR", "--secret", "s"]).expect(0);
    assert_eq!(run.text(), "valid      a.HAR:1\nvalid      a.HAR:3\n");
    sandbox.run(&["validate", "."]).expect(0);
    sandbox.run(&["send", "a.HAR", "--to", &endpoint.url("/hook")]).expect(0);
    let received = endpoint.received();
    assert_eq!(received.len(), 2);
    for request in received {
        assert_eq!((request.body, request.url.as_str()), (body.clone().into_bytes(), "/hook"));
        assert_eq!(
            request.headers.iter().filter(|(name, _)| name == "X-Hub-Signature" || name == "x-hub-signature").count(),
            1
        );
    }
    for (archive, sentence) in [
        (json!({ "log": { "entries": [get] } }).to_string(), "no input: the archive contains no POST request"),
        ("{}".to_owned(), "it is not an HTTP archive (line 1, column 2)"),
    ] {
        sandbox.write("b.har", archive);
        let run = sandbox.run(&["verify", "b.har", "--secret", "s"]).expect(2);
        assert_eq!(run.stderr, format!("error: cannot read b.har: {sentence}\n"));
    }
}

#[test]
fn folders_are_walked_as_other_tools_walk_them() {
    let sandbox = Sandbox::new();
    let body = event_body("page_created");
    for name in [
        "a.json",
        "b/B.JSON",
        "b/keep.json",
        "c/c.NdJson",
        ".hidden.json",
        ".git/x.json",
        "node_modules/x.json",
        "b/node_modules/y/x.json",
        "b/ignored.json",
        "target/x.json",
        "b/only/x.json",
        "c/only/x.json",
    ] {
        sandbox.write(name, &body);
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("a.json", sandbox.path().join("link.json")).expect("a link");
    sandbox.write(".gitignore", "# built\ntarget/\nignored*\n/b/only\n");
    sandbox.write("b/.gitignore", "*.json\n!keep.json\n");
    let listed = |folder: &str| -> Vec<String> {
        let run = sandbox.run(&["validate", folder, "--json"]).expect(0);
        run.json().iter().filter_map(|line| line["input"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(listed("."), ["./a.json", "./b/B.JSON", "./b/keep.json", "./c/c.NdJson", "./c/only/x.json"]);
    // The rules of a repository apply to its folders. A file that is named explicitly is always read.
    assert_eq!(listed("b"), ["b/B.JSON", "b/keep.json"]);
    assert_eq!(listed("target/x.json"), ["target/x.json"]);
    assert_eq!(listed(".git"), [".git/x.json"]);
    #[cfg(unix)]
    assert_eq!(listed("link.json"), ["link.json"]);
}

#[test]
fn text_in_utf_16_is_named() {
    let sandbox = Sandbox::new();
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    sandbox.write("body.json", event_body("page_created"));
    for mark in ["\u{feff}", ""] {
        sandbox.write("c.http", utf16(&format!("{mark}POST / HTTP/1.1\r\n\r\n{{}}")));
        let run = sandbox.run(&["validate", "-q", "c.http"]).expect(2);
        assert_eq!(run.stderr, "error: cannot read c.http: not a capture: it is in UTF-16\n  fix: save it as UTF-8\n");
        sandbox.write("baseline", utf16(&format!("{mark}{{}}\n")));
        let run = sandbox.run(&["drift", "body.json", "--baseline", "baseline"]).expect(2);
        assert_eq!(run.stderr, "error: cannot read baseline: it is in UTF-16\n  fix: save it as UTF-8\n");
        sandbox.write("x.har", utf16(&format!("{mark}{{}}\n")));
        let run = sandbox.run(&["validate", "-q", "x.har"]).expect(2);
        assert_eq!(run.stderr, "error: cannot read x.har: it is in UTF-16\n  fix: save it as UTF-8\n");
    }
    sandbox.write("baseline", "\n");
    let run = sandbox.run(&["drift", "body.json", "--baseline", "baseline"]).expect(2);
    assert_eq!(run.stderr, "error: baseline is empty\n  fix: write a baseline with `cfwh drift --json`\n");
}

#[test]
fn a_byte_order_mark_of_an_editor_is_no_part_of_a_baseline_or_an_archive() {
    let sandbox = Sandbox::new();
    sandbox.write("body.json", r#"{"event":"page_created","x":1}"#);
    let baseline = sandbox.run(&["drift", "body.json", "--json"]).expect(1).stdout;
    sandbox.write("baseline", ["\u{feff}".as_bytes(), &baseline].concat());
    sandbox.run(&["drift", "body.json", "--baseline", "baseline"]).expect(0);
    let archive = r#"{"log":{"entries":[{"request":{"method":"POST","url":"http://a/","postData":{"text":"{}"}}}]}}"#;
    sandbox.write("x.har", format!("\u{feff}{archive}"));
    assert_eq!(sandbox.run(&["validate", "x.har", "--json"]).json().len(), 1);
}

#[test]
fn requests_as_editors_write_them_are_read() {
    let sandbox = Sandbox::new();
    let body = event_body("page_created");
    let request = format!("POST http://localhost:3000/hooks\nContent-Type: application/json\n\n{body}");
    for start in ["", "###\n", "### one\n\n", "# a comment\n", "// a comment\n# @name one\n"] {
        sandbox.write("e.http", format!("{start}{request}\n\n###\n"));
        sandbox.run(&["validate", "e.http"]).expect(0);
        sandbox.run_with(&["validate", "-"], format!("{start}{request}")).expect(0);
    }
    sandbox.write("e.http", format!("@host = http://localhost:3000\n\n{request}"));
    let run = sandbox.run(&["validate", "-q", "e.http"]).expect(2);
    assert!(
        run.stderr.contains("it contains an editor variable (`@…`)\n  fix: replace it with its value"),
        "{}",
        run.stderr
    );
    for text in [format!("\u{feff}{request}"), format!("\u{feff}### one\n{request}")] {
        sandbox.write("e.http", &text);
        for run in [sandbox.run(&["validate", "-q", "e.http"]), sandbox.run_with(&["validate", "-q", "-"], text)] {
            assert!(run.expect(2).stderr.contains("a byte order mark\n  fix: save it as UTF-8 without one"));
        }
    }
}

#[test]
fn a_capture_with_another_length_than_its_body_is_refused() {
    let sandbox = Sandbox::new();
    let capture = |lengths: &str, body: &str| {
        sandbox.write("c.http", format!("POST /x HTTP/1.1\r\n{lengths}X-A: 1\r\n\r\n{body}"));
        sandbox.run(&["verify", "c.http", "--secret", "s"])
    };
    for (lengths, stated) in [
        ("Content-Length: 3\r\n", "3"),
        ("Content-Length: 2\r\ncontent-length: 1\r\n", "1"),
        ("Content-Length: two\r\n", "two"),
        ("Content-Length: -2\r\n", "-2"),
        ("Content-Length: +2\r\n", "+2"),
        ("Content-Length:\r\n", "empty"),
        ("Content-Length: 99999999999999999999999\r\n", "99999999999999999999999"),
    ] {
        let run = capture(lengths, "{}").expect(2);
        let sentence =
            format!("`Content-Length` is {stated}, but the body has 2 bytes, so it was changed after it was received");
        assert_eq!(run.stderr, format!("error: cannot read c.http: {sentence}\n"));
    }
    capture("Content-Length: 2\r\n", "{}").expect(1);
    capture("", "{}").expect(1);
}

/// Parsers disagree on these bodies, but they are JSON.
#[test]
fn json_that_some_parsers_refuse_is_a_warning_in_its_place() {
    let sandbox = Sandbox::new();
    let body = event_body("page_created");
    for (from, to, rule, message, token) in [
        (
            "\"title\":\"",
            r#""title":"\ud83d\ude00\ud800"#,
            "unpaired-surrogate",
            "`title` has an unpaired surrogate escape",
            "\\ud800",
        ),
        ("\"number\":1", "\"number\":1e400", "number-range", "`number` does not fit a double", "1e400"),
    ] {
        let edited = body.replacen(from, to, 1);
        assert_ne!(edited, body);
        sandbox.write("body.json", &edited);
        let run = sandbox.run(&["validate", "body.json", "--json"]).expect(0);
        let findings = run.json()[0]["findings"].as_array().expect("a list").clone();
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!((findings[0]["rule"].as_str(), findings[0]["message"].as_str()), (Some(rule), Some(message)));
        let column = edited.find(token).map(|at| at + 1);
        assert_eq!(findings[0]["column"].as_u64(), column.map(|column| column as u64), "{edited}");
        sandbox.run(&["validate", "body.json", "--strict"]).expect(1);
        sandbox.run(&["drift", "body.json"]).expect(0);
        let listener = Listener::start(&sandbox, &["--count", "1"]);
        let response = listener.post("/webhooks/confluence", &["Content-Type: application/json"], edited.as_bytes());
        assert!(response.head.starts_with("HTTP/1.1 200 "), "{}", response.head);
    }
}

#[test]
fn the_excerpt_shows_the_header_and_the_bytes_that_the_finding_is_about() {
    let sandbox = Sandbox::new();
    let body = event_body("page_created");
    let head = "POST / HTTP/1.1\r\nContent-Type: application/json\r\ncontent-type: text/plain\r\n\r\n";
    sandbox.write("c.http", format!("{head}{body}"));
    let run = sandbox.run(&["validate", "c.http"]).expect(1);
    assert!(run.text().contains("3 | content-type: text/plain\n"), "{}", run.text());
    sandbox.write("bom.json", format!("\u{feff}{body}"));
    let run = sandbox.run(&["validate", "bom.json"]).expect(1);
    assert!(run.text().contains("1 | \\u{feff}{\"timestamp\""), "{}", run.text());
    assert!(run.text().contains("| ^^^^^^^^\n"), "{}", run.text());
}

#[test]
fn a_wrong_type_or_a_repeated_key_does_not_lose_a_created_object() {
    let sandbox = Sandbox::new();
    let story = sandbox.run(&["fake", "story", "--seed", "3", "--count", "30", "--format", "ndjson"]).expect(0);
    let created = story.text().lines().find(|line| line.contains("page_created")).expect("a page");
    let page: Value = serde_json::from_str(created).expect("JSON");
    let page = &page["page"];
    let member = |key: &str| format!("\"{key}\":{}", page[key]);
    for (key, edited) in [
        ("title", "\"title\":7".to_owned()),
        ("title", format!("\"title\":\"x\",{}", member("title"))),
        ("title", r#""title":"\udfff""#.to_owned()),
        ("id", format!("\"id\":{}", page["id"].as_str().expect("text"))),
        ("id", format!("\"id\":\"0\",{}", member("id"))),
        ("spaceKey", "\"spaceKey\":7".to_owned()),
    ] {
        let line = created.replacen(&member(key), &edited, 1);
        assert_ne!(line, created, "{key}");
        sandbox.write("story.ndjson", story.text().replace(created, &line));
        let run = sandbox.run(&["validate", "--story", "--json", "story.ndjson"]);
        let rules: Vec<_> =
            run.json().iter().flat_map(|line| line["findings"].as_array().expect("a list").clone()).collect();
        let is_lost = |finding: &&Value| {
            finding["rule"] == "story/unidentified" || (finding["rule"] == "story/not-created" && key != "spaceKey")
        };
        assert_eq!(rules.iter().find(is_lost), None, "{edited}");
    }
    // The same number, however it is written.
    for id in ["0", "\"0\"", "0.0", "-0"] {
        let event =
            |name: &str, id: &str| format!("{{\"event\":\"{name}\",\"space\":{{\"id\":{id},\"key\":\"S\"}}}}\n");
        sandbox.write("space.ndjson", event("space_created", "0") + &event("space_updated", id));
        let run = sandbox.run(&["validate", "--story", "--json", "space.ndjson"]);
        assert!(!run.text().contains("story/"), "{id}: {}", run.text());
    }
}

#[test]
fn compressed_files_are_decompressed() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[]);
    let body = event_body("page_created");
    let gzip = |text: &str| {
        let deflated = miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 6);
        let length = u32::try_from(text.len()).expect("it is small").to_le_bytes();
        [&b"\x1f\x8b\x08\0\0\0\0\0\0\xff"[..], &deflated, &[0; 4], &length].concat()
    };
    sandbox.write("d/body.json.gz", gzip(&body));
    sandbox.write("d/lines.ndjson.GZ", [gzip(&format!("{body}\n")), gzip(&format!("{body}\n"))].concat());
    sandbox.write("d/c.http.gz", gzip(&format!("POST / HTTP/1.1\r\n\r\n{body}")));
    sandbox.write("d/other.gz", gzip(&body));
    let run = sandbox.run(&["validate", "d"]).expect(0);
    assert_eq!(run.stderr, "4 validated: 4 clean, 0 with warnings, 0 with errors\n");
    sandbox.write("body.json", &body);
    let signature = |file| sandbox.run(&["sign", file, "--secret", "s"]).expect(0).text().to_owned();
    assert_eq!(signature("d/body.json.gz"), signature("body.json"));
    sandbox.run(&["send", "d/body.json.gz", "--to", &endpoint.url("/")]).expect(0);
    assert_eq!(endpoint.received()[0].body, body.as_bytes());
    let mut cut = gzip(&body);
    cut.truncate(100);
    sandbox.write("cut.json.gz", cut);
    sandbox.write("plain.json.gz", &body);
    for name in ["cut.json.gz", "plain.json.gz"] {
        let run = sandbox.run(&["validate", "-q", name]).expect(2);
        assert!(run.stderr.starts_with(&format!("error: cannot read {name}: ")), "{}", run.stderr);
    }
    // A small file may hold a large body.
    sandbox.write("large.json.gz", gzip(&" ".repeat(1_000_000)));
    let run = sandbox.run(&["validate", "-q", "large.json.gz", "--max-body", "64KiB"]).expect(2);
    assert!(run.stderr.contains("it is larger than 64 KiB"), "{}", run.stderr);
}

#[test]
fn a_wrapped_delivery_gets_a_hint() {
    let sandbox = Sandbox::new();
    let body = event_body("page_created");
    let value: Value = serde_json::from_str(&body).expect("JSON");
    for (wrapper, help) in [
        (json!({ "log": { "entries": [] } }), "this is an HTTP archive: give the file the extension `.har`"),
        (json!({ "headers": {}, "body": body }), "the delivery may be in `body`: validate only that value"),
        (json!([{ "payload": value }]), "the delivery may be in `payload`: validate only that value"),
        (json!({ "a": 1 }), "set it with `--event NAME`: bodies of Confluence Cloud have no `event`"),
    ] {
        sandbox.write("body.json", wrapper.to_string());
        let run = sandbox.run(&["validate", "body.json", "--json"]).expect(1);
        assert_eq!(run.json()[0]["findings"][0]["help"].as_str(), Some(help), "{}", run.text());
    }
}
