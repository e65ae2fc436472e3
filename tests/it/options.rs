//! Every option of every command has an effect or is refused. Each way to use a command is run with each of its options:
//! something must be different from the run without it, or the run must be refused with exit code 2 and a sentence that names
//! the option.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

use cfwh::auth::secret::Secret;
use cfwh::auth::{Credentials, SchemeInfo, connect, forge};
use cfwh::cli::Cli;
use cfwh::cli::help::{all_commands, find_command};
use cfwh::models::request::{Headers, Request};
use clap::CommandFactory;
use serde_json::Value;

use crate::raw_client::{address, read_response};
use crate::support::{Endpoint, Received, Run, Sandbox};

/// The usages that are tried at once.
const THREADS: usize = 8;

/// A way to use a command. `{url}` is an endpoint that responds 503 first and 200 then.
struct Usage {
    command: &'static str,
    /// The special handling of the option.
    name: &'static str,
    arguments: &'static [&'static str],
}

impl Usage {
    fn sends(&self) -> bool {
        !self
            .arguments
            .iter()
            .any(|argument| ["--dry-run", "--export"].iter().any(|option| argument.starts_with(option)))
    }
}

const fn usage(command: &'static str, name: &'static str, arguments: &'static [&'static str]) -> Usage {
    Usage { command, name, arguments }
}

const BODY: &str = r#"{"event":"page_updated","page":{"id":1,"title":"A","x":1}}"#;

/// The line of a journal about a capture with this body.
const JOURNAL: &str = r#"{"number":1,"at":"2026-01-15T09:30:00Z","event":"page_updated","subject":"A","target":"/hooks","bytes":57,"profile":"spec","auth":"hmac","signature":"valid","verdict":"warnings","findings":[],"omitted":0,"status":200,"ms":0.5,"capture":"000001-page_updated.http","forwarded":[],"response":{"status":200,"headers":[],"body":"ok","truncated":false}}"#;

/// A line of `drift --json`.
const RESULT: &str = concat!(
    r#"{"event":"page_created","profile":"spec","cfwh":""#,
    env!("CARGO_PKG_VERSION"),
    r#"","bodies":1,"first_seen":null,"last_seen":null,"undeclared":[],"#,
    r##""unseen":[{"pointer":"/page","document":"#/components"}],"types":[],"values":[],"objects":[""]}"##
);

const USAGES: &[Usage] = &[
    usage("fake", "an event", &["page_created", "--seed=1", "--at=2026-01-15T09:30:00Z"]),
    usage("fake", "a story", &["story", "--seed=1", "--at=2026-01-15T09:30:00Z", "--count=20"]),
    usage("fake", "coverage", &["page_created", "--coverage", "--seed=1", "--at=2026-01-15T09:30:00Z"]),
    usage("fake", "invalid", &["page_created", "--invalid", "--seed=1", "--at=2026-01-15T09:30:00Z"]),
    usage("send", "an event", &["page_created", "--to={url}", "--seed=1", "--at=2026-01-15T09:30:00Z"]),
    usage("send", "a story", &["story", "--to={url}", "--seed=1", "--at=2026-01-15T09:30:00Z", "--count=20"]),
    usage("send", "a body", &["body.json", "--to={url}", "--seed=1"]),
    usage("send", "lines", &["bodies.ndjson", "--to={url}", "--seed=1"]),
    usage("send", "a capture", &["capture.http", "--to={url}"]),
    usage(
        "send",
        "a load",
        &["page_created", "--to={url}", "--seed=1", "--at=2026-01-15T09:30:00Z", "--concurrency=1"],
    ),
    usage("send", "a dry run", &["page_created", "--to={url}", "--seed=1", "--at=2026-01-15T09:30:00Z", "--dry-run"]),
    usage(
        "send",
        "an export",
        &["page_created", "--to={url}", "--seed=1", "--at=2026-01-15T09:30:00Z", "--export=curl"],
    ),
    usage("send", "a dry run of a capture", &["capture.http", "--to={url}", "--dry-run"]),
    usage("send", "an export of lines", &["bodies.ndjson", "--to={url}", "--seed=1", "--export=http"]),
    usage("probe", "a receiver", &["{url}", "--only=body/e*", "--only=body/u*"]),
    usage("probe", "a list", &["--list"]),
    usage("listen", "two deliveries", &["--json", "--port=0", "--count=2"]),
    usage("validate", "a capture", &["capture.http"]),
    usage("validate", "lines", &["bodies.ndjson"]),
    usage("drift", "a capture", &["capture.http"]),
    usage("drift", "a schema", &["capture.http", "--infer"]),
    usage("drift", "results", &["result.ndjson", "--merge"]),
    usage("sign", "a body", &["body.json", "--secret=a"]),
    usage("sign", "a header", &["body.json", "--secret=a", "--header"]),
    usage("verify", "a capture", &["capture.http", "--secret=a"]),
    usage("verify", "a body", &["body.json", "--secret=a", "--signature={signature}"]),
    usage(
        "sign",
        "a token of connect",
        &["--auth=connect", "--secret=one", "--at=1700000000", "--url=https://a/webhooks/x"],
    ),
    usage(
        "sign",
        "a callback of connect",
        &["--auth=connect", "--secret=one", "--at=1700000000", "--url=https://a/webhooks/installed"],
    ),
    usage(
        "verify",
        "a token of connect",
        &[
            "--auth=connect",
            "--secret=one",
            "--at=1700000500",
            "--url=https://a/webhooks/x",
            "--authorization={connect}",
        ],
    ),
    usage("verify", "a token of forge", &["--auth=forge", "--at=1700000500", "--authorization={forge}"]),
    usage("captures list", "with a journal", &["calls"]),
    usage("captures list", "without a journal", &["bare"]),
    usage("captures show", "a wrong signature", &["calls", "1", "--secret=b"]),
    usage("captures diff", "", &["body.json", "other.json"]),
    usage("captures export", "an archive", &["calls", "--format=har"]),
    usage("captures redact", "", &["calls", "--out=shared", "--seed=1"]),
    usage("inspect", "a page in a file", &["journal", "--html=page.html"]),
    usage("jwks", "", &[]),
    usage("events", "", &[]),
    usage("rules", "", &[]),
    usage("schema", "an event", &["page_created"]),
    usage("schema", "any event", &[]),
    usage("schema", "an output", &["--output=send"]),
    usage("schema", "a document", &["--asyncapi"]),
    usage("completions", "", &["bash"]),
    usage("man", "", &[]),
    usage("help", "a command", &["send"]),
    usage("help", "instructions", &["--skill"]),
];

/// The values to try an option with.
#[allow(clippy::match_same_arms, reason = "a row for each option")]
fn values(command: &str, option: &str) -> &'static [&'static str] {
    match option {
        "count" if command == "listen" => &["1", "2"],
        "allow-host" => &["a", "b"],
        "capture-limit" => &["1KiB", "2GiB"],
        "address" => &["127.0.0.2", "127.0.0.3"],
        "port" | "jwks-port" => &["0", "1"],
        "path" => &["/a", "/b"],
        "capture" => &["a", "b"],
        "inspect" => &["0", "1"],
        "html" => &["a.html", "b.html"],
        "last" => &["1", "2"],
        "max-body" => &["1", "2"],
        "forward" => &["{url}/a", "{url}/b"],
        "forward-timeout" => &["1s", "2s"],
        "respond" => &["202", "500"],
        "respond-header" => &["X-A: 1", "X-A: 2"],
        "respond-body" => &["body.json", "one.txt"],
        "delay" => &["1ms", "2ms"],
        "fail-first" | "fail-rate" => &["1", "0"],
        "within" => &["10s", "20s"],
        "expect" if command == "send" => &["503", "401"],
        "expect" | "forbid" => &["page_created", "space_created"],
        "secret" => &["one", "two"],
        "secret-file" => &["one.txt", "two.txt"],
        "auth" if command == "captures list" => &["valid", "mismatch"],
        "status" => &["2xx", "401"],
        "verdict" => &["clean", "warnings"],
        "since" | "until" => &["2026-01-15T09:00:00Z", "2026-01-15T10:00:00Z"],
        "search" => &["page", "nothing"],
        "auth" => &["hmac", "none"],
        "token" => &["a=b1", "a=b2"],
        "client-key" => &["a", "b"],
        "app-path" => &["/webhooks", "/b"],
        "app-id" => &["ari:cloud:ecosystem::app/1", "ari:cloud:ecosystem::app/2"],
        "key" => &["one.pem", "two.pem"],
        "method" => &["GET", "PUT"],
        "url" => &["https://a/webhooks/y", "https://b/webhooks/installed"],
        "expires-in" => &["1h", "2h"],
        "authorization" => &["JWT a.b.c", "Bearer a.b.c"],
        "seed" => &["2", "3"],
        "at" => &["2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"],
        "profile" => &["spec", "cloud"],
        "id-type" => &["integer", "string"],
        "count" => &["1", "3"],
        "duplicate" | "drop" => &["0.5", "1"],
        "set" => &["page.id=\"7\"", "page.id=\"8\""],
        "unset" => &["page.id", "page.title"],
        "event" => &["page_created", "space_created"],
        "header" => &["X-A: 1", "X-A: 2"],
        "fault" => &["not-json", "empty-body"],
        "timeout" => &["1us", "10s"],
        "retries" => &["0", "1"],
        "retry-delay" => &["1ms", "2ms"],
        "envelope" => &["payload", "none"],
        "failed" | "out" | "save" => &["a", "b"],
        "concurrency" => &["1", "2"],
        "rate" => &["1000/s", "100/s"],
        "duration" => &["1ms", "50ms"],
        "cacert" => &["missing.pem", "one.txt"],
        "record" => &["a", "b"],
        "against" | "only-failed" => &["missing.json", "body.json"],
        "only" | "skip" => &["body/empty", "body/unicode"],
        "state" => &["echo 1", "exit 1"],
        "settle" => &["1ms", "2ms"],
        "report" => &["json=report.json", "junit=report.xml"],
        "max-findings" => &["0", "1"],
        "baseline" => &["missing.ndjson", "drift.ndjson"],
        "signature" => &["{signature}", "sha256=00"],
        "output" => &["send", "listen"],
        "export" => &["curl", "http"],
        "to" => &["{url}/a", "{url}/b"],
        "color" => &["always", "never"],
        _ => &[],
    }
}

/// The values of an option that depend on the command.
fn formats(command: &str) -> &'static [&'static str] {
    match command {
        "fake" | "send" => &["pretty", "ndjson"],
        "drift" => &["text", "markdown"],
        "captures export" => &["har", "ndjson"],
        _ => &["text", "junit"],
    }
}

/// Options without an effect here, and why they are accepted.
const WITHOUT_EFFECT: &[(&str, &str, &str, &str)] = &[
    ("*", "*", "color", "not every output has colours"),
    ("*", "*", "verbose", "not every command has more detail"),
    ("send", SENT, "insecure", "it says how TLS is used, if it is used"),
    ("send", SENT, "cacert", "it says how TLS is used, if it is used"),
    ("send", "a load", "concurrency", "one delivery is sent at once anyway"),
    ("send", "a load", "rate", "one delivery is sent at once anyway"),
    ("send", SENT, "timeout", "the endpoint responds in time"),
    ("send", "*", "keep-credentials", "these captures have no credentials for others"),
    ("send", "a dry run of a capture", "event", "only a URL with {event} names it"),
    ("send", "an export of lines", "event", "only a URL with {event} names it"),
    ("probe", "a receiver", "all", "there are few failures"),
    ("probe", "*", "cacert", "it says how TLS is used, if it is used"),
    ("captures export", "*", "profile", "only what is chosen by verdict depends on it"),
    ("sign", "a token of connect", "key", "a sender of Connect has a key for its callbacks"),
    ("sign", "a callback of connect", "secret", "a sender of Connect has a secret for everything else"),
    ("verify", "a token of connect", "key", "a sender of Connect has a key for its callbacks"),
    ("verify", "a token of connect", "secret-file", "any of several secrets may match"),
    ("verify", "a token of connect", "max-body", "it says how much is read, and a token has no body"),
    ("verify", "a token of forge", "max-body", "it says how much is read, and a token has no body"),
    ("probe", "*", "insecure", "it says how TLS is used, if it is used"),
    ("probe", "*", "yes", "it allows a probe of another host, and this is none"),
    ("probe", "a receiver", "strict", "the exit code is 1 already"),
    ("listen", "*", "delay", "only the time is different"),
    ("listen", "*", "port", "which port is free is not known here"),
    ("listen", "*", "json", "the usage has it already"),
    ("schema", "*", "json", "a schema is JSON already"),
];

/// The usages of `send` that send.
const SENT: &str = "sent";

type ObservedRequest = (String, String, Vec<(String, String)>, Vec<u8>);

/// All that a run has done.
#[derive(Debug, PartialEq)]
struct Observation {
    code: i32,
    stdout: String,
    stderr: String,
    files: BTreeMap<String, Vec<u8>>,
    /// Method, URL, headers and body.
    requests: Vec<ObservedRequest>,
}

impl Observation {
    fn is_refusal_of(&self, option: &str) -> bool {
        self.code == 2 && self.stderr.contains(&format!("--{option}"))
    }
}

fn files(folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in folder.read_dir().expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.insert(path.display().to_string(), std::fs::read(&path).expect("a file"));
        }
    }
}

/// Text without what differs between two runs that do the same: the folder, the ports, and how long things took.
fn stable(text: &str, root: &str, ports: &[String]) -> String {
    let without_folder = text.replace(root, "");
    let text = ports.iter().fold(without_folder, |text, port| text.replace(port, ":PORT"));
    let line = |line: &str| {
        if let Ok(Value::Object(mut line)) = serde_json::from_str(line) {
            line.retain(|name, _| !["ms", "at", "seconds", "rate"].contains(&name.as_str()));
            return Value::Object(line).to_string();
        }
        // The width of a duration differs too.
        let mut words: Vec<&str> = line.split_whitespace().collect();
        for index in 1..words.len() {
            if ["ms", "µs"].iter().any(|unit| words[index].starts_with(unit))
                || ["s", "s,", "s)"].contains(&words[index])
            {
                words[index - 1] = "N";
            }
            if words[index] == "second" && index > 1 {
                words[index - 2] = "N";
            }
        }
        words.join(" ")
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

/// Posts a delivery for another host, a signed and an unsigned one to a listener, if it gets ready, and waits for its end.
fn deliver(mut child: Child, signature: &str, ports: &mut Vec<String>) -> Run {
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe"));
    let (mut stdout, mut responses) = (String::new(), String::new());
    lines.read_line(&mut stdout).expect("its stdout");
    if let Some(url) =
        serde_json::from_str(&stdout).ok().and_then(|line: Value| line["url"].as_str().map(str::to_owned))
    {
        ports.push(format!(":{}", address(&url).rsplit_once(':').expect("a port").1));
        let path = url.splitn(4, '/').nth(3).unwrap_or_default();
        for (host, signature) in [("a", signature), (address(&url), signature), (address(&url), "")] {
            // A listener that ends after one delivery refuses the second.
            let Ok(mut stream) = TcpStream::connect(address(&url)) else { break };
            let head =
                format!("POST /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Type: application/json");
            let length = BODY.len();
            let request = format!("{head}\r\nX-Hub-Signature: {signature}\r\nContent-Length: {length}\r\n\r\n{BODY}");
            let _ = stream.write_all(request.as_bytes());
            let response = read_response(&mut stream);
            responses.extend(response.map(|response| {
                let fields = response.head.lines().filter(|line| !line.to_ascii_lowercase().starts_with("date:"));
                fields.chain(response.body.lines()).fold(String::new(), |text, line| text + line + "\n")
            }));
        }
    }
    // It ends after two deliveries, unless it refuses them.
    let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).stderr(Stdio::null()).status();
    lines.read_to_string(&mut stdout).expect("its stdout");
    stdout += &responses;
    let output = child.wait_with_output().expect("it ends");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Run { code: output.status.code().unwrap_or(-1), stdout: stdout.into_bytes(), stderr }
}

/// The credentials of a scheme with the secret `one`, for a URL with the path /webhooks/x.
fn token(info: &SchemeInfo) -> String {
    let secrets = vec![Secret::new("one").expect("a secret")];
    let request = Request::post("/webhooks/x", Headers::new(), Vec::new());
    let at = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    (info.with)(Credentials::from_secrets(secrets)).expected(&request, at).expect("a token")
}

fn observe(usage: &Usage, extra: Option<&str>) -> Observation {
    let sandbox = Sandbox::new();
    let endpoint = Endpoint::start(&[503]);
    let url = endpoint.url("/hooks");
    sandbox.write("body.json", BODY);
    sandbox.write(
        "bodies.ndjson",
        "{\"event\":\"page_created\",\"page\":{\"id\":1}}\n{\"page\":{\"id\":\"2\",\"x\":1}}\n",
    );
    let signature = Secret::new("one").expect("a secret").sign(BODY.as_bytes()).to_string();
    let head = "POST /hooks HTTP/1.1\r\nContent-Type: application/json\r\nX-Hub-Signature: ";
    let capture = format!("{head}{signature}\r\n\r\n{BODY}");
    sandbox.write("capture.http", &capture);
    sandbox.write("captures/000001-page_created.http", &capture);
    for number in [1, 2, 3] {
        sandbox.write(&format!("journal/00000{number}-page_updated.http"), &capture);
    }
    sandbox.write(
        "journal/deliveries.ndjson",
        (1..=3).map(|number| JOURNAL.replace("000001", &format!("00000{number}")) + "\n").collect::<String>(),
    );
    sandbox.write("one.pem", include_str!("../../src/auth/jwt/example_key.pem"));
    sandbox.write("two.pem", include_str!("../../src/auth/jwt/other_key.pem"));
    sandbox.write("one.txt", "one");
    sandbox.write("two.txt", "two");
    sandbox.write("drift.ndjson", "");
    sandbox.write("result.ndjson", RESULT);
    sandbox.write("other.json", BODY.replace("page_updated", "page_created"));
    sandbox.write("bare/000001-page_updated.http", &capture);
    sandbox.write("calls/000001-page_updated.http", &capture);
    sandbox.write("calls/deliveries.ndjson", format!("{JOURNAL}\n"));
    let mut arguments: Vec<_> = usage.command.split(' ').map(str::to_owned).collect();
    let fill = |text: &str| {
        let text = text.replace("{url}", &url).replace("{signature}", &signature);
        // Signing with RSA takes a debug build as long as the run.
        let fill = |text: String, name: &str, info| {
            if text.contains(name) { text.replace(name, &token(info)) } else { text }
        };
        fill(fill(text, "{connect}", &connect::INFO), "{forge}", &forge::INFO)
    };
    arguments.extend(usage.arguments.iter().map(|argument| fill(argument)));
    if let Some(extra) = extra {
        // Repeating an option is a different error, so the tested option replaces the option of the example.
        let name = extra.split('=').next();
        arguments.retain(|other| other.split('=').next() != name);
        arguments.push(fill(extra));
    }
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let mut ports = vec![format!(":{}", address(&url).rsplit_once(':').expect("a port").1)];
    // What serves does not end by itself.
    let run = if usage.command == "listen" || extra == Some("--serve") {
        let mut command = sandbox.command(&arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        deliver(child, &signature, &mut ports)
    } else {
        sandbox.run(&arguments)
    };
    let root = sandbox.path().display().to_string();
    let mut found = BTreeMap::new();
    files(sandbox.path(), &mut found);
    // A page names the folder, as text does.
    let settle = |(path, bytes): (String, Vec<u8>)| {
        let is_page = Path::new(&path).extension().is_some_and(|ending| ending == "html");
        let bytes = if is_page { String::from_utf8_lossy(&bytes).replace(&root, "").into_bytes() } else { bytes };
        (path.replace(&root, ""), bytes)
    };
    let found = found.into_iter().map(settle).collect();
    let requests = endpoint.received().into_iter().map(|Received { method, url, headers, body }| {
        (method, url, headers.into_iter().filter(|(name, _)| name != "Host").collect(), body)
    });
    Observation {
        code: run.code,
        stdout: stable(&String::from_utf8_lossy(&run.stdout), &root, &ports),
        stderr: stable(&run.stderr, &root, &ports),
        files: found,
        requests: requests.collect(),
    }
}

/// The options of a usage that are accepted and do nothing.
fn ignored_options(usage: &Usage) -> Vec<String> {
    let cli = Cli::command();
    let words: Vec<_> = usage.command.split(' ').map(str::to_owned).collect();
    let command = find_command(&cli, &words).expect("a command");
    let plain = observe(usage, None);
    let is_ignored = |name: &str, option: &clap::Arg| {
        let is_flag = !option.get_action().takes_values();
        let values = if name == "format" { formats(usage.command) } else { values(usage.command, name) };
        assert!(is_flag || values.len() == 2, "--{name} of {} needs values to be tried with", usage.command);
        let tried: Vec<_> = values.iter().map(|value| format!("--{name}={value}")).collect();
        let tried = if is_flag { vec![format!("--{name}")] } else { tried };
        // One of two values may be the default.
        tried.iter().all(|option| {
            let run = observe(usage, Some(option));
            run == plain && !run.is_refusal_of(name)
        })
    };
    let is_accepted = |name: &str| {
        WITHOUT_EFFECT.iter().any(|(command, way, option, _)| {
            let is_way = if *way == SENT { usage.sends() } else { ["*", usage.name].contains(way) };
            ["*", usage.command].contains(command) && is_way && *option == name
        })
    };
    // Those of every command, too.
    let options = command.get_arguments().chain(cli.get_arguments().filter(|option| option.is_global_set()));
    let options = options.filter_map(|option| Some((option.get_long()?, option)));
    let tried =
        options.filter(|(name, _)| !usage.arguments.contains(&format!("--{name}").as_str()) && !is_accepted(name));
    let ignored = tried.filter(|(name, option)| is_ignored(name, option));
    ignored
        .map(|(name, _)| format!("cfwh {} ({}) accepts --{name} and ignores it", usage.command, usage.name))
        .collect()
}

#[test]
fn every_option_has_an_effect_or_is_refused() {
    let cli = Cli::command();
    for (words, _) in all_commands(&cli).into_iter().filter(|(_, command)| !command.has_subcommands()) {
        assert!(USAGES.iter().any(|usage| usage.command == words), "{words} has no usage");
    }
    let next = AtomicUsize::new(0);
    let problems = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(usage) = USAGES.get(next.fetch_add(1, Ordering::Relaxed)) {
                    problems.lock().expect("nobody panicked").extend(ignored_options(usage));
                }
            });
        }
    });
    let problems = problems.into_inner().expect("nobody panicked");
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
