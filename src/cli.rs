//! Every flag and its help. Parsing goes into types from below; nothing here does anything.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

use crate::models::event::EventKind;
use crate::models::expectation::Expectation;
use crate::models::pattern::Pattern;

/// What a lone `--secret` of `listen` stands for. No argument of a process can hold a NUL, so nobody can type it.
pub const GENERATE: &str = "\0generate";

/// Examples stand first, exit codes last: most readers of a help text look for one of the two.
const TEMPLATE: &str = "{before-help}{about-with-newline}\n{usage-heading} {usage}\n\n{all-args}{after-help}\n";

const FORWARDING: &str = "Forwarding";
const BAD_RECEIVER: &str = "A bad receiver, to test senders";
const CHECK: &str = "A check for CI";

/// Receive, sign, verify, validate, send and fake Confluence Cloud webhooks, offline.
#[derive(Debug, Parser)]
#[command(
    name = "cfwh",
    version,
    help_template = "{before-help}{about-with-newline}\n{usage-heading} {usage}\n\n{all-args}{after-help}\n",
    before_help = "Example, in two terminals:
  cfwh listen --secret s3cret
  cfwh send page_updated --secret s3cret --to http://127.0.0.1:8080/webhooks/confluence",
    after_help = "Exit codes: 0 yes or done, 1 no (a check failed), 2 trouble (usage, unreadable input, no answer).
`cfwh COMMAND --help` says what they mean for each command.",
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct Cli {
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub global: Global,
    #[command(subcommand)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub command: Command,
}

/// The flags that every command has.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Every command")]
pub struct Global {
    /// When to colour: `auto` only on a terminal, and heeds NO_COLOR, CLICOLOR_FORCE and TERM=dumb
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", hide_possible_values = true)]
    pub color: Color,
    /// Print results as JSON, one object a line (`cfwh schema --output COMMAND` describes them)
    #[arg(long, global = true)]
    pub json: bool,
    /// Print errors only; the exit code tells the rest
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more, on stderr
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the values are the words")]
pub enum Color {
    Auto,
    Always,
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Receive deliveries on this machine, verify and validate them, and say what arrived
    Listen(Listen),
    /// Send events, files or captures to an endpoint, signed, as Confluence does
    Send(Send),
    /// Try a receiver of your own: is it right?
    Probe(Probe),
    /// Print realistic payloads
    Fake(Fake),
    /// Check payloads and captures against the document of the nineteen events
    Validate(Validate),
    /// Print the signature of a body
    Sign(Sign),
    /// Check the signature of a body or a capture
    Verify(Verify),
    /// List the nineteen events
    Events(Events),
    /// Print the JSON Schema of an event's body, or of a command's `--json` output
    Schema(Schema),
    /// List the rules that `validate` checks
    Rules(Rules),
    /// Print a shell's completion script
    Completions(Completions),
    /// Print a man page
    Man(Man),
}

/// The secret, for commands that take one.
#[derive(Debug, Args)]
pub struct Secret {
    /// Read the secret from a file, its final line end dropped; `-` is stdin
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, conflicts_with = "secret")]
    pub secret_file: Option<PathBuf>,
    /// The secret itself; other users of this machine may see it in the process list [or: CFWH_SECRET]
    #[arg(long, value_name = "S")]
    pub secret: Option<OsString>,
}

/// The secrets, for commands that take several.
#[derive(Debug, Args)]
pub struct Secrets {
    /// Read a secret from a file, its final line end dropped; `-` is stdin; repeatable, any may match
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub secret_file: Vec<PathBuf>,
    /// A secret itself; repeatable, any may match [or: CFWH_SECRET]
    #[arg(long, value_name = "S")]
    pub secret: Vec<OsString>,
}

/// `cfwh listen`
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(
    help_template = TEMPLATE,
    before_help = "Examples:
  cfwh listen --secret                     make a secret, print it, receive
  cfwh listen --secret s --capture calls   keep every delivery in calls/
  cfwh listen --secret s --forward http://127.0.0.1:3000/hooks
  cfwh listen --secret --expect page_created=2 --within 30s -- ./create-two-pages.sh
  cfwh listen --demo                       send itself one of each event, then end",
    after_help = "Answers: 200 accepted; 401 unsigned, malformed or mismatched; 400 not JSON; 422 errors, with
--strict; 404 405 408 411 413 415 as HTTP has them; 503 not kept; 502 and 504 no answer from an
endpoint.

Only what is answered 2xx meets an expectation. Receiving ends when all that is expected has come,
or with COMMAND, which gets CFWH_URL, CFWH_PORT and a made CFWH_SECRET and prints to stderr.

Exit codes: 0 ended by a signal, --count or with all that was expected, 1 something is missing or
forbidden (a COMMAND that fails passes its own code on), 2 cannot listen."
)]
pub struct Listen {
    /// Address to listen on; anything but the loopback lets others in
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    pub address: IpAddr,
    /// Port to listen on; 0 picks a free one [default: 8080, with --demo 0]
    #[arg(long, value_name = "N")]
    pub port: Option<u16>,
    /// Path to receive at; a further segment may name the event
    #[arg(long, value_name = "PATH", default_value = "/webhooks/confluence", value_parser = path)]
    pub path: String,
    /// Read a secret from a file, its final line end dropped; `-` is stdin; repeatable, any may match
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub secret_file: Vec<PathBuf>,
    /// Verify with this secret; without a value, make one and print it; repeatable [or: CFWH_SECRET]
    #[arg(long, value_name = "S", num_args = 0..=1, default_missing_value = GENERATE)]
    pub secret: Vec<OsString>,
    /// Keep every delivery in this folder, byte for byte, before it is answered
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub capture: Option<PathBuf>,
    /// Count warnings as errors, and answer 422 to errors
    #[arg(long)]
    pub strict: bool,
    /// Refuse larger bodies: bytes, or with KiB or MiB behind
    #[arg(long, value_name = "SIZE", default_value = "1MiB", value_parser = size)]
    pub max_body: usize,
    /// Send itself one of each event, signed, and end
    #[arg(long, conflicts_with_all = ["count", "within", "expect", "forbid", "command", "respond", "fail_first", "fail_rate", "delay", "forward"])]
    pub demo: bool,
    /// Pass what verified on to an endpoint, and its answer back; repeatable; only some events:
    /// 'page_*=http://…'; {event} becomes the event's name
    #[arg(long, value_name = "[PATTERN=]URL", value_hint = ValueHint::Url, value_parser = route, help_heading = FORWARDING)]
    pub forward: Vec<Route>,
    /// Pass on what did not verify, too
    #[arg(long, requires = "forward", help_heading = FORWARDING)]
    pub forward_unverified: bool,
    /// Give an endpoint so long for its answer
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration, help_heading = FORWARDING)]
    pub forward_timeout: Duration,
    /// Answer so instead of 200; with --fail-first or --fail-rate, 400 and above is what they answer
    #[arg(long, value_name = "STATUS", value_parser = clap::value_parser!(u16).range(200..600), help_heading = BAD_RECEIVER)]
    pub respond: Option<u16>,
    /// Wait so long before each answer: 500ms, 10s, 1m
    #[arg(long, value_name = "TIME", value_parser = duration, help_heading = BAD_RECEIVER)]
    pub delay: Option<Duration>,
    /// Answer 503 to the first N deliveries
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, help_heading = BAD_RECEIVER)]
    pub fail_first: u64,
    /// Answer 503 to a part of the deliveries, 0 to 1
    #[arg(long, value_name = "P", value_parser = probability, help_heading = BAD_RECEIVER)]
    pub fail_rate: Option<f64>,
    /// Let --fail-rate choose the same deliveries again; random without it, and said on stderr
    #[arg(long, value_name = "N", requires = "fail_rate", help_heading = BAD_RECEIVER)]
    pub seed: Option<u64>,
    /// End after so many deliveries; with --within or a COMMAND, fewer are a failure
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), help_heading = CHECK)]
    pub count: Option<u64>,
    /// End after so long, whatever came: 500ms, 10s, 1m
    #[arg(long, value_name = "TIME", value_parser = duration, help_heading = CHECK)]
    pub within: Option<Duration>,
    /// Fail unless this comes: exactly N times, or without N at least once; repeatable
    #[arg(long, value_name = "PATTERN[=N]", help_heading = CHECK)]
    pub expect: Vec<Expectation>,
    /// Fail unless what is expected comes in the order given
    #[arg(long, requires = "expect", help_heading = CHECK)]
    pub in_order: bool,
    /// Fail if this comes; repeatable
    #[arg(long, value_name = "PATTERN", help_heading = CHECK)]
    pub forbid: Vec<Pattern>,
    /// Write what was expected and what came to a file, for a CI server
    #[arg(long, value_name = "junit=FILE", value_parser = junit_file, help_heading = CHECK)]
    pub report: Option<PathBuf>,
    /// Run the system under test, end with it, pass its failure on
    #[arg(last = true, value_name = "COMMAND", value_hint = ValueHint::CommandWithArguments, help_heading = CHECK)]
    pub command: Vec<OsString>,
}

/// A way from the receiver to an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The events that take it; without one, all.
    pub pattern: Option<Pattern>,
    /// The endpoint, as given.
    pub url: String,
}

/// `cfwh sign`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Examples:
  cfwh sign body.json --secret-file secret.txt
  curl --json @body.json -H \"$(cfwh sign body.json --header --secret s)\" http://127.0.0.1:8080/hook",
    after_help = "Exit codes: 0 signed, 2 no secret or unreadable input."
)]
pub struct Sign {
    /// Bodies to sign, byte for byte; `-` or none is stdin. Of a capture (.http) its body, of .ndjson each line
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub secret: Secret,
    /// Print the whole header: X-Hub-Signature: sha256=…
    #[arg(long)]
    pub header: bool,
}

/// `cfwh verify`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Examples:
  cfwh verify calls/000001-page_created.http --secret-file secret.txt
  cfwh verify body.json --signature sha256=7571… --secret s --explain",
    after_help = "Prints valid, unsigned, malformed or mismatch. Only `sha256=` and 64 lower-case hex digits are a
signature.

Exit codes: 0 all valid, 1 at least one is not, 2 no secret or unreadable input."
)]
pub struct Verify {
    /// Captures (.http), which bring their own signature, or a body with --signature; `-` or none is stdin
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub secrets: Secrets,
    /// The signature of the body, with or without `X-Hub-Signature:` in front
    #[arg(long, value_name = "SIGNATURE")]
    pub signature: Option<String>,
    /// Say why a signature is wrong, where that can be proven by reproducing it
    #[arg(long)]
    pub explain: bool,
    /// Print the right signature where another came
    #[arg(long)]
    pub show_expected: bool,
}

/// `cfwh validate`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Examples:
  cfwh validate body.json
  cfwh validate captures/ --strict
  cfwh validate --format github --report sarif=cfwh.sarif captures/
  cfwh fake page_updated | cfwh validate -",
    after_help = "Exit codes: 0 no errors, 1 errors (with --strict, warnings too), 2 unreadable or no input."
)]
pub struct Validate {
    /// Files, folders (.json .ndjson .jsonl .http, recursively) or `-`; none is stdin
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub paths: Vec<PathBuf>,
    /// The event that every body is about
    #[arg(long, value_name = "EVENT", value_parser = EventParser, hide_possible_values = true)]
    pub event: Option<EventKind>,
    /// Count warnings as errors
    #[arg(long)]
    pub strict: bool,
    /// Expect errors: 0 when every input has some, 1 when one has none
    #[arg(long)]
    pub expect_invalid: bool,
    /// How to print findings: text, json, github (annotations), junit, sarif [default: text]
    #[arg(long, value_name = "FORMAT", conflicts_with = "json", hide_possible_values = true)]
    pub format: Option<ReportFormat>,
    /// Write them to a file too; repeatable
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report)]
    pub report: Vec<(ReportFormat, PathBuf)>,
    /// Print at most so many findings; the rest is counted
    #[arg(long, value_name = "N")]
    pub max_findings: Option<usize>,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the values are the words")]
pub enum ReportFormat {
    Text,
    Json,
    Github,
    Junit,
    Sarif,
}

/// What `fake` and `send` make events by.
#[derive(Debug, Args)]
pub struct Making {
    /// Make the same payloads again; random without it, and said on stderr
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// When the first event happens: RFC 3339 or `now`
    #[arg(long, value_name = "TIME", default_value = "now", value_parser = at)]
    pub at: At,
    /// How many of each [default: 1]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub count: Option<u64>,
    /// Put a JSON value at a path: page.version.number=3; repeatable
    #[arg(long, value_name = "PATH=JSON")]
    pub set: Vec<String>,
    /// Leave out what is at a path: page.title; repeatable
    #[arg(long, value_name = "PATH")]
    pub unset: Vec<String>,
}

/// `cfwh fake`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Examples:
  cfwh fake page_updated
  cfwh fake all --format ndjson --count 100 --seed 1
  cfwh fake comment_created --set 'comment.container.type=\"blogpost\"' --unset comment.title",
    after_help = "The same version, seed and --at make the same bytes on every machine.

Exit codes: 0 made, 2 usage or an unwritable folder."
)]
pub struct Fake {
    /// An event (`cfwh events` lists them), or `all` for one of each
    #[arg(value_name = "EVENT|all", value_parser = KindsParser, hide_possible_values = true)]
    pub kinds: Kinds,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub making: Making,
    /// pretty: indented; json: compact, several as one array; ndjson: one a line
    #[arg(long, value_enum, default_value = "pretty")]
    pub format: Format,
    /// Write one file each into this folder instead
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
}

/// How `fake` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the values are the words")]
pub enum Format {
    Pretty,
    Json,
    Ndjson,
}

/// `cfwh send`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Examples:
  cfwh send page_updated --secret s --to http://127.0.0.1:8080/webhooks/confluence
  cfwh send body.json --secret s --to http://127.0.0.1:3000/hooks/{event}
  cfwh send captures/ --to http://127.0.0.1:3000/hooks --retries 3 --failed again/
  cfwh send all --secret s --to http://127.0.0.1:3000/hooks --rate 200/s --duration 30s
  cfwh send all --secret s --to http://127.0.0.1:3000/hooks --export k6 > load.js",
    after_help = "One POST each, in order, without redirects and retries, as Confluence does. A capture goes as it
was kept, with its own signature; --resign signs it again. Header names go out as `X-Hub-Signature`
has its letters, however they are written.

A load (--concurrency, --rate or --duration) shows what did not get a 2xx, and counts and latencies
at its end; with --rate, latencies count from the time that a delivery was due. With --json, every
delivery is a line.

Exit codes: 0 every reply was 2xx, 1 another reply, 2 usage, unreadable input or no answer."
)]
pub struct Send {
    /// Events, files, folders of captures, `all` for one of each event, or `-`
    #[arg(
        value_name = "SOURCE",
        required_unless_present = "fault",
        value_parser = SourceParser,
        hide_possible_values = true
    )]
    pub sources: Vec<PathBuf>,
    /// Where to; {event} becomes the event's name
    #[arg(
        long,
        value_name = "URL",
        value_hint = ValueHint::Url,
        required_unless_present = "fault",
        default_value = "",
        hide_default_value = true
    )]
    pub to: String,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub secret: Secret,
    /// Sign captures again
    #[arg(long)]
    pub resign: bool,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub making: Making,
    /// Bodies that are made are indented (pretty), or on one line (json, ndjson)
    #[arg(long, value_enum, default_value = "pretty")]
    pub format: Format,
    /// The event that a body without one is about
    #[arg(long, value_name = "EVENT", value_parser = EventParser, hide_possible_values = true)]
    pub event: Option<EventKind>,
    /// Add a header, or put it in the place of one of the same name; repeatable
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = header)]
    pub headers: Vec<(String, String)>,
    /// Get one thing wrong on purpose; repeatable; `--fault list` lists the kinds
    #[arg(long, value_name = "KIND")]
    pub fault: Vec<String>,
    /// Give up on an answer after so long: 500ms, 10s, 1m
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub timeout: Duration,
    /// Send again, up to so often, on no answer, 408, 409, 425, 429 and 5xx; backs off, heeds Retry-After
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub retries: u32,
    /// Keep what did not get a 2xx in this folder, for `cfwh send DIR`
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub failed: Option<PathBuf>,
    /// Send so many at once [default: 1; with --rate 64]
    #[arg(long, value_name = "C", value_parser = clap::value_parser!(u16).range(1..))]
    pub concurrency: Option<u16>,
    /// Begin so many in a time, whatever becomes of those before: 1000/s, 30/m
    #[arg(long, value_name = "R/s", value_parser = rate)]
    pub rate: Option<f64>,
    /// Begin none after so long; without --count, go on until then
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub duration: Option<Duration>,
    /// Trust the certificates in this PEM file too
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "insecure")]
    pub cacert: Option<PathBuf>,
    /// Trust any certificate
    #[arg(long)]
    pub insecure: bool,
    /// Print the exact request instead of sending it
    #[arg(long, conflicts_with = "export")]
    pub dry_run: bool,
    /// Print the requests for another tool, each with its signature, instead of sending them
    #[arg(long, value_name = "TOOL")]
    pub export: Option<Export>,
}

/// The tools that `send` writes its requests down for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the values are the tools")]
pub enum Export {
    Curl,
    Http,
    Vegeta,
    K6,
    Hurl,
}

/// `cfwh probe`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Examples:
  cfwh probe http://127.0.0.1:3000/hooks --secret s
  cfwh probe http://127.0.0.1:3000/hooks --secret s --only 'sig/*'
  cfwh probe --list",
    after_help = "Sends some eighty deliveries, wrong ones among them, to your receiver, and says what it got wrong and
how to mend it. A receiver may refuse with any 4xx; a 5xx or no answer is a finding. Without a
secret, sig/* is left out.

Grades: A all pass, B all that MUST, C one or two that MUST fail, D three to five, E more, F forged
deliveries are taken or right ones are not.

Exit codes: 0 all that MUST pass do (with --strict, what SHOULD too), 1 they do not, 2 nobody there
or usage."
)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Probe {
    /// The receiver
    #[arg(value_name = "URL", value_hint = ValueHint::Url, required_unless_present = "list")]
    pub url: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub secret: Secret,
    /// List the cases, and send nothing
    #[arg(long)]
    pub list: bool,
    /// Run these cases only: sig/missing, body/*; repeatable
    #[arg(long, value_name = "ID")]
    pub only: Vec<String>,
    /// Leave these cases out: deliver/*; repeatable
    #[arg(long, value_name = "ID")]
    pub skip: Vec<String>,
    /// How to print the results
    #[arg(long, value_enum, default_value = "text")]
    pub format: ProbeFormat,
    /// Keep every delivery in this folder, named after its case
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub save: Option<PathBuf>,
    /// What SHOULD pass counts for the exit code too
    #[arg(long)]
    pub strict: bool,
    /// Probe a host that is not this machine
    #[arg(long)]
    pub yes: bool,
    /// Give up on an answer after so long: 500ms, 10s
    #[arg(long, value_name = "TIME", default_value = "3s", value_parser = duration)]
    pub timeout: Duration,
    /// Trust any certificate
    #[arg(long)]
    pub insecure: bool,
}

/// How `probe` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the values are the words")]
pub enum ProbeFormat {
    Text,
    Json,
    Junit,
    Sarif,
}

/// `cfwh events`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Example:\n  cfwh events",
    after_help = "Exit codes: 0 listed, 2 usage."
)]
pub struct Events {}

/// `cfwh schema`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Examples:
  cfwh schema page_updated > page_updated.schema.json
  cfwh schema --output listen",
    after_help = "Exit codes: 0 printed, 2 usage."
)]
pub struct Schema {
    /// The event; without it, a schema that any of the nineteen bodies meets
    #[arg(value_name = "EVENT", value_parser = EventParser, hide_possible_values = true)]
    pub event: Option<EventKind>,
    /// Print the schema of one line of a command's `--json` output instead
    #[arg(long, value_name = "COMMAND", conflicts_with = "event")]
    pub output: Option<Output>,
    /// Print the AsyncAPI document instead, byte for byte as published
    #[arg(long, conflicts_with_all = ["event", "output"])]
    pub asyncapi: bool,
}

/// The commands whose `--json` lines have a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the values are the commands")]
pub enum Output {
    Listen,
    Send,
    Probe,
    Validate,
    Sign,
    Verify,
    Events,
    Rules,
}

/// `cfwh rules`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Example:\n  cfwh rules",
    after_help = "Exit codes: 0 listed, 2 usage."
)]
pub struct Rules {}

/// `cfwh completions`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Example:\n  cfwh completions bash > ~/.local/share/bash-completion/completions/cfwh",
    after_help = "Exit codes: 0 printed, 2 usage."
)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `cfwh man`
#[derive(Debug, Args)]
#[command(
    help_template = TEMPLATE,
    before_help = "Example:\n  cfwh man send | man -l -",
    after_help = "Exit codes: 0 printed, 2 usage."
)]
pub struct Man {
    /// The command; without it, the page of the whole
    pub command: Option<String>,
}

/// The kinds that a word stands for: one event, or `all`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kinds(pub Vec<EventKind>);

impl Kinds {
    /// Reads an event's name or `all`; `None` for anything else.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        if word == "all" {
            Some(Self(EventKind::all().collect()))
        } else {
            EventKind::named(word).map(|kind| Self(vec![kind]))
        }
    }
}

/// When the first event happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// When the command runs.
    Now,
    /// In milliseconds since the Unix epoch.
    Time(i64),
}

/// Names of events, offered by completions and suggested on a slip.
#[derive(Clone)]
struct EventParser;

impl TypedValueParser for EventParser {
    type Value = EventKind;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<EventKind, clap::Error> {
        StringValueParser::new().try_map(|name| name.parse::<EventKind>()).parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(event_names()))
    }
}

/// Names of events, and `all`.
#[derive(Clone)]
struct KindsParser;

impl TypedValueParser for KindsParser {
    type Value = Kinds;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Kinds, clap::Error> {
        StringValueParser::new()
            .try_map(|name| match Kinds::named(&name) {
                Some(kinds) => Ok(kinds),
                None => name.parse::<EventKind>().map(|kind| Kinds(vec![kind])),
            })
            .parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(event_names().chain([PossibleValue::new("all")])))
    }
}

/// Names of events and paths: anything is let through, and the names are offered.
#[derive(Clone)]
struct SourceParser;

impl TypedValueParser for SourceParser {
    type Value = PathBuf;

    fn parse_ref(
        &self,
        _: &clap::Command,
        _: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<PathBuf, clap::Error> {
        Ok(value.into())
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(event_names().chain([PossibleValue::new("all")])))
    }
}

fn event_names() -> impl Iterator<Item = PossibleValue> {
    EventKind::all().map(|kind| PossibleValue::new(kind.name()))
}

fn report(text: &str) -> Result<(ReportFormat, PathBuf), String> {
    let (format, file) = text.split_once('=').ok_or("write FORMAT=FILE: junit=report.xml")?;
    let format = ReportFormat::from_str(format, false)
        .map_err(|_| format!("there is no format `{format}`: text, json, github, junit, sarif"))?;
    if file.is_empty() {
        return Err("the file's name is missing: junit=report.xml".to_owned());
    }
    Ok((format, file.into()))
}

fn path(text: &str) -> Result<String, String> {
    if !text.starts_with('/') || text.contains(['?', '#']) {
        return Err("a path begins with a slash and has no query: /webhooks/confluence".to_owned());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

fn size(text: &str) -> Result<usize, String> {
    let (number, factor) = match text {
        _ if text.ends_with("MiB") => (&text[..text.len() - 3], 1 << 20),
        _ if text.ends_with("KiB") => (&text[..text.len() - 3], 1 << 10),
        _ => (text, 1),
    };
    let size = number.trim().parse::<usize>().ok().and_then(|number| number.checked_mul(factor));
    size.ok_or_else(|| "write bytes, KiB or MiB: 65536, 64KiB, 1MiB".to_owned())
}

/// `http://…`, or `PATTERN=http://…`: a pattern has neither a colon nor a slash.
fn route(text: &str) -> Result<Route, String> {
    match text.split_once('=') {
        Some((pattern, url)) if !pattern.contains([':', '/']) => {
            let pattern = pattern.parse::<Pattern>().map_err(|error| error.to_string())?;
            Ok(Route { pattern: Some(pattern), url: url.to_owned() })
        }
        _ => Ok(Route { pattern: None, url: text.to_owned() }),
    }
}

fn probability(text: &str) -> Result<f64, String> {
    let probability = text.parse::<f64>().ok().filter(|number| (0.0..=1.0).contains(number));
    probability.ok_or_else(|| "write a number from 0 to 1: 0.2 is a fifth".to_owned())
}

fn junit_file(text: &str) -> Result<PathBuf, String> {
    match text.split_once('=') {
        Some(("junit", file)) if !file.is_empty() => Ok(file.into()),
        _ => Err("write junit=FILE".to_owned()),
    }
}

fn at(text: &str) -> Result<At, String> {
    if text == "now" {
        return Ok(At::Now);
    }
    let time: jiff::Timestamp = text
        .parse()
        .map_err(|_| "write a time from the years 0 to 9998 as RFC 3339, 2026-01-15T09:30:00Z, or `now`".to_owned())?;
    Ok(At::Time(time.as_millisecond()))
}

fn duration(text: &str) -> Result<Duration, String> {
    let duration = text.parse::<jiff::SignedDuration>().ok().and_then(|duration| Duration::try_from(duration).ok());
    duration.filter(|duration| !duration.is_zero()).ok_or_else(|| "write a time as 500ms, 10s or 1m".to_owned())
}

/// Per second.
fn rate(text: &str) -> Result<f64, String> {
    let (number, seconds) = match text.split_once('/') {
        None | Some((_, "s")) => (text.trim_end_matches("/s"), 1.0),
        Some((number, "m")) => (number, 60.0),
        Some((number, "h")) => (number, 3600.0),
        Some(_) => ("", 1.0),
    };
    let rate = number.parse::<f64>().ok().map(|number| number / seconds);
    // Ten million a second is more than any loopback takes.
    rate.filter(|rate| *rate > 0.0 && *rate <= 1e7).ok_or_else(|| "write a rate as 1000/s, 30/m or 5/h".to_owned())
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("a header is written `Name: value`; the colon is missing")?;
    let name = name.trim_end();
    if name.is_empty() || name.contains(|c: char| !c.is_ascii_graphic()) {
        return Err("a header is written `Name: value`; this name cannot be one".to_owned());
    }
    if value.contains(|c: char| c.is_control() && c != '\t') {
        return Err("a header's value is one line of text".to_owned());
    }
    Ok((name.to_owned(), value.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_hold_together() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn times_and_sizes_are_read_with_their_units() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1.5s"), Ok(Duration::from_millis(1500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for wrong in ["", "s", "-1s", "1y", "0s", "1e400s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
        assert_eq!(size("64KiB"), Ok(65536));
        assert_eq!(size("12"), Ok(12));
        assert!(size("99999999999999MiB").is_err());
        assert_eq!(rate("1000/s"), Ok(1000.0));
        assert_eq!(rate("30/m"), Ok(0.5));
        assert_eq!(rate("2.5"), Ok(2.5));
        for wrong in ["", "/s", "0/s", "-1/s", "1/d", "inf", "nan", "1e9/s"] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
    }
}
