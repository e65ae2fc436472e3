//! `cfwh fake`, and the options of generated events that `send` has too.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use crate::models::event::EventKind;
use crate::profiles::{Profile, find_event};

use super::TEMPLATE;
use super::parsers::{at, made, probability, profile};

/// The options of generated events.
#[derive(Debug, Args)]
pub struct Making {
    /// Generate the same payloads again; without it, a random seed is printed on stderr
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Set the time of the first event: RFC 3339 or `now`
    #[arg(long, value_name = "TIME", default_value = "now", value_parser = at)]
    pub at: At,
    /// Use the shapes of this profile: `spec` is the published document, `cloud` what Confluence Cloud sends
    #[arg(long, value_parser = profile(), default_value = "spec", hide_possible_values = true)]
    pub profile: &'static Profile,
    /// Generate N of each event [default: 1], or N events of a story [default: 100]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub count: Option<u64>,
    /// Shuffle the events of a story, each by at most a thousand places
    #[arg(long)]
    pub shuffle: bool,
    /// Duplicate this fraction of the events of a story: 0.1 is 10 %
    #[arg(long, value_name = "P", default_value = "0", value_parser = probability, hide_default_value = true)]
    pub duplicate: f64,
    /// Drop this fraction of the events of a story: 0.1 is 10 %
    #[arg(long, value_name = "P", default_value = "0", value_parser = probability, hide_default_value = true)]
    pub drop: f64,
    /// Set the JSON value at a path: page.version.number=3; repeatable
    #[arg(long, value_name = "PATH=JSON")]
    pub set: Vec<String>,
    /// Remove the value at a path: page.title; repeatable
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
  cfwh fake story --count 1000 --format ndjson --shuffle
  cfwh fake comment_created --set 'comment.container.type=\"blogpost\"' --unset comment.title",
    after_help = "The same version, seed and --at generate the same bytes on every machine.

--invalid leaves out rules that a body alone cannot break; with --out it writes `other-path` as a
capture, and `other-event` and `required`, which `cfwh validate --event EVENT` and `--profile cloud`
find. Labels have no `format`, and no status contradicts a removal, a space or a label.
`fake story --invalid --out DIR` writes a story for each rule of stories.

Bodies of `--profile cloud` do not name their event: with --out, the names of the files do.

Exit codes: 0 generated, 2 usage or an unwritable folder."
)]
pub struct Fake {
    /// An event (`cfwh events` lists them), `all` for one of each, or `story` for a consistent sequence
    #[arg(value_name = "EVENT|all|story", value_parser = made(), hide_possible_values = true)]
    pub made: Made,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub making: Making,
    /// Print in this format: pretty (indented), json (compact, several as one array), ndjson (one per line)
    #[arg(long, value_enum, default_value = "pretty", hide_possible_values = true)]
    pub format: Format,
    /// Print the smallest set that covers everything instead: each property present and absent, every value of an enum,
    /// boundary numbers, difficult text
    #[arg(long, conflicts_with_all = ["count", "invalid"])]
    pub coverage: bool,
    /// Print one body per rule of `cfwh rules` instead, which breaks only that rule; with --out, named after it
    #[arg(long, conflicts_with_all = ["count", "set", "unset"])]
    pub invalid: bool,
    /// Write each body to a file in this folder instead
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
}

/// The format of generated bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the values are the words")]
pub enum Format {
    Pretty,
    Json,
    Ndjson,
}

/// What is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// One event, or all.
    Kinds(Vec<EventKind>),
    /// A consistent sequence of events.
    Story,
}

impl Made {
    /// Reads an event's name, `all` or `story`; `None` for anything else.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "all" => Some(Self::Kinds(Profile::default_profile().events.all().collect())),
            "story" => Some(Self::Story),
            name => find_event(name).map(|kind| Self::Kinds(vec![kind])),
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
