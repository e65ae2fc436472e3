//! The journal beside captures: `deliveries.ndjson`, one line for each delivery that got a response.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::raw_client::{BODY, SECRET, exchange, good, request};
use crate::support::{Endpoint, Listener, Sandbox, tool};

const JSON: &str = "Content-Type: application/json";

/// The lines of a journal.
fn journal(folder: &Path) -> Vec<Value> {
    let text = fs::read_to_string(folder.join("deliveries.ndjson")).expect("a journal");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn the_journal_has_the_output_of_listen_and_the_response() {
    let sandbox = Sandbox::new();
    let mut listener = Listener::start(&sandbox, &["--secret", SECRET, "--capture", "calls"]);
    listener.post(
        "/webhooks/confluence",
        &[JSON],
        br#"{"event":"page_created","page":{"id":"7","title":"Line\nend"}}"#,
    );
    listener.post("/webhooks/confluence/page_removed", &[JSON], b"\xff");
    assert_eq!(good(&listener.url), 200);
    let printed = [listener.next(), listener.next(), listener.next()];
    listener.interrupt();
    listener.finish().expect(0);
    let lines = journal(&sandbox.path().join("calls"));
    assert_eq!(lines.len(), 3);
    for (line, printed) in lines.iter().zip(&printed) {
        for field in ["number", "target", "bytes", "signature", "event", "status", "ms", "verdict", "omitted"] {
            assert_eq!(line[field], printed[field], "{field}");
        }
        let seconds = |at: &Value| at.as_str().expect("a time")[.."2026-01-15T09:10:00".len()].to_owned();
        assert_eq!(seconds(&line["at"]), seconds(&printed["at"]));
        assert_eq!(format!("calls/{}", line["capture"].as_str().expect("a name")), printed["capture"]);
        let findings = line["findings"].as_array().expect("findings");
        assert_eq!(findings.len(), printed["findings"].as_array().expect("findings").len());
        for (finding, printed) in findings.iter().zip(printed["findings"].as_array().expect("findings")) {
            for (field, value) in finding.as_object().expect("a finding") {
                assert_eq!(value, &printed[field], "{field}");
            }
        }
        assert_eq!((&line["profile"], &line["auth"]), (&json!("spec"), &json!("hmac")));
        assert_eq!(line["response"]["status"], line["status"]);
    }
    assert_eq!(
        (&lines[0]["signature"], &lines[0]["subject"]),
        (&json!("unsigned"), &Value::Null),
        "nobody vouches for it"
    );
    assert_eq!(
        lines[2]["response"],
        json!({
            "status": 200,
            "headers": [{"name": "Content-Type", "value": "text/plain; charset=utf-8"}],
            "body": "ok\n",
            "truncated": false,
        })
    );
}

#[test]
fn a_response_of_an_endpoint_is_in_the_journal() {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::answering(&[422], "no such space");
    let to = endpoint.url("/hook");
    let arguments = ["--capture", "calls", "--forward-unverified", "--forward", &to];
    let mut listener = Listener::start(&sandbox, &arguments);
    let body = br#"{"page":{"id":"7","title":"Line\nend"}}"#;
    listener.post("/webhooks/confluence/page_created", &[JSON], body);
    listener.next();
    listener.interrupt();
    listener.finish().expect(0);
    let lines = journal(&sandbox.path().join("calls"));
    assert_eq!(
        (lines[0]["status"].clone(), lines[0]["response"]["body"].clone()),
        (json!(422), json!("no such space"))
    );
    assert_eq!((&lines[0]["subject"], &lines[0]["auth"]), (&json!("Line\nend"), &json!("none")));
    assert_eq!(lines[0]["forwarded"][0]["status"], 422);
    assert_eq!(lines[0]["forwarded"][0]["url"], to);
}

/// `kill -9` may lose the lines of the last moment. It leaves no line that cannot be read, or the next run removes it.
#[cfg(unix)]
#[test]
fn a_journal_is_whole_after_kill_9_and_the_next_run_goes_on() {
    let sandbox = Sandbox::new();
    let folder = sandbox.path().join("calls");
    let mut listener = Listener::start(&sandbox, &["--quiet", "--capture", "calls"]);
    (0..50).for_each(|_| assert_eq!(good(&listener.url), 200));
    listener.signal("-KILL");
    listener.wait_unread();
    let before = journal(&folder).len();
    let path = folder.join("deliveries.ndjson");
    let torn = [fs::read(&path).expect("a journal"), b"{\"number\":51,\"at\":\"20".to_vec()].concat();
    fs::write(&path, torn).expect("it is written");
    let listener = Listener::start(&sandbox, &["--quiet", "--capture", "calls"]);
    assert_eq!(good(&listener.url), 200);
    listener.interrupt();
    listener.finish().expect(0);
    let lines = journal(&folder);
    assert_eq!(lines.len(), before + 1);
    assert_eq!(lines[before]["capture"], "000051-page_created.http");
}

#[test]
fn a_delivery_that_could_not_be_saved_has_a_journal_line_if_space_is_left() {
    let sandbox = Sandbox::new();
    let listener =
        Listener::start(&sandbox, &["--quiet", "--secret", SECRET, "--capture", "calls", "--capture-limit", "9KiB"]);
    let statuses =
        [0; 20].map(|_| exchange(&listener.url, &request("/webhooks/confluence", "", BODY)).expect("one").status);
    listener.interrupt();
    listener.finish().expect(0);
    let saved = statuses.iter().take_while(|status| **status == 200).count();
    assert!((1..3).contains(&saved) && statuses[saved..].iter().all(|status| *status == 507), "{statuses:?}");
    let lines = journal(&sandbox.path().join("calls"));
    assert!(lines.len() < statuses.len() && lines.len() > saved, "{}", lines.len());
    assert_eq!((&lines[saved]["status"], &lines[saved]["capture"]), (&json!(507), &Value::Null));
    let size = fs::metadata(sandbox.path().join("calls/deliveries.ndjson")).expect("a file").len();
    assert!(size <= 9 * 1024 - 4096 * saved as u64, "{size}");
}

#[test]
fn a_journal_that_cannot_be_written_is_an_error_at_the_start() {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.path().join("calls/deliveries.ndjson")).expect("a folder");
    let run = sandbox.run(&["listen", "--port", "0", "--capture", "calls"]).expect(2);
    assert!(run.stderr.starts_with("error: cannot write deliveries.ndjson in calls: "), "{}", run.stderr);
}

#[test]
fn walks_of_folders_leave_the_journal_out() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--quiet", "--capture", "calls"]);
    assert_eq!(good(&listener.url), 200);
    listener.interrupt();
    listener.finish().expect(0);
    let lines = sandbox.run(&["validate", "calls", "--json"]).json();
    assert_eq!(lines.iter().map(|line| line["input"].clone()).collect::<Vec<_>>(), ["calls/000001-page_created.http"]);
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_journal() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--quiet", "--capture", "calls"]);
    assert_eq!(good(&listener.url), 200);
    listener.interrupt();
    listener.finish().expect(0);
    let mode = fs::metadata(sandbox.path().join("calls/deliveries.ndjson")).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// Runs the queries of the documentation on a real journal.
#[test]
#[ignore = "needs python3, duckdb"]
fn duckdb_answers_the_queries_of_the_documentation() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--quiet", "--capture", "calls"]);
    listener.post("/webhooks/confluence", &[JSON], br#"{"event":"page_created","page":{"id":7}}"#);
    assert_eq!(good(&listener.url), 200);
    listener.interrupt();
    listener.finish().expect(0);
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/how-to/query-the-journal.md"))
        .expect("a page");
    let queries = page.split_once("```sql\n").and_then(|(_, rest)| rest.split_once("```")).expect("queries").0;
    let script = "import duckdb, json, sys\nfor query in sys.argv[1].split(';'):\n    if query.strip(): print(json.dumps(duckdb.sql(query).fetchall()))";
    let run = std::process::Command::new(tool("python3"))
        .args(["-c", script, queries])
        .current_dir(sandbox.path())
        .output()
        .expect("it runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let lines: Vec<Value> =
        run.stdout.split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0][0][0], &lines[0][0][2], &lines[0][0][3]), (&json!("page_created"), &json!(200), &json!(2)));
    let rules = lines[1].as_array().expect("rows");
    assert!(rules.iter().any(|row| row[0] == "type" && row[1] == "/page/id"), "{rules:?}");
}

#[test]
fn text_from_senders_is_visible_in_the_journal() {
    let sandbox = Sandbox::new();
    let listener = Listener::start(&sandbox, &["--quiet", "--capture", "calls"]);
    let body = "{\"event\":\"page_created\",\"page\":{\"title\":\"a\u{202e}b\u{7f}c ##vso[x]\"}}";
    listener.post("/webhooks/confluence", &[JSON], body.as_bytes());
    listener.interrupt();
    listener.finish().expect(0);
    let text = fs::read_to_string(sandbox.path().join("calls/deliveries.ndjson")).expect("a journal");
    assert!(!text.contains(['\u{202e}', '\u{7f}']) && !text.contains("##vso"), "{text}");
    assert_eq!(journal(&sandbox.path().join("calls"))[0]["subject"], "a\u{202e}b\u{7f}c ##vso[x]");
}
