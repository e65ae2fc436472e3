//! What `fake` and `send` make events by, and `cfwh fake`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use crate::models::event::EventKind;
use crate::profiles::Profile;
use crate::profiles::find_event;

use super::TEMPLATE;
use super::parsers::{MadeParser, ProfileParser, at, probability};

/// What `fake` and `send` make events by.
#[derive(Debug, Args)]
pub struct Making {
    /// Make the same payloads again; random without it, and said on stderr
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// When the first event happens: RFC 3339 or `now`
    #[arg(long, value_name = "TIME", default_value = "now", value_parser = at)]
    pub at: At,
    /// The shapes of the bodies: spec, as the document declares them, or cloud, as Confluence Cloud sends them
    #[arg(long, value_name = "PROFILE", default_value = "spec", value_parser = ProfileParser, hide_possible_values = true)]
    pub profile: &'static Profile,
    /// How many of each [default: 1]; of a story's events [default: 100]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub count: Option<u64>,
    /// Tell a story in any order, within a thousand events
    #[arg(long)]
    pub shuffle: bool,
    /// Tell some events of a story twice: 0.1 is one of ten
    #[arg(long, value_name = "P", default_value = "0", value_parser = probability, hide_default_value = true)]
    pub duplicate: f64,
    /// Leave out some events of a story: 0.1 is one of ten
    #[arg(long, value_name = "P", default_value = "0", value_parser = probability, hide_default_value = true)]
    pub drop: f64,
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
  cfwh fake story --count 1000 --format ndjson --shuffle
  cfwh fake comment_created --set 'comment.container.type=\"blogpost\"' --unset comment.title",
    after_help = "The same version, seed and --at make the same bytes on every machine.

--invalid leaves out what takes more than a body to be wrong; with --out it writes `other-path` as
a capture, and `other-event` and `required`, which `cfwh validate --event EVENT` and `--profile
cloud` find. Labels have no `format`, and no status contradicts a removal, a space or a label.
`fake story --invalid --out DIR` writes a story for each rule of stories.

Bodies of `--profile cloud` do not say which event they are about: with --out, the files' names do.

Exit codes: 0 made, 2 usage or an unwritable folder."
)]
pub struct Fake {
    /// An event (`cfwh events` lists them), `all` for one of each, or `story` for a sequence that makes sense
    #[arg(value_name = "EVENT|all|story", value_parser = MadeParser, hide_possible_values = true)]
    pub made: Made,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub making: Making,
    /// pretty: indented; json: compact, several as one array; ndjson: one a line
    #[arg(long, value_enum, default_value = "pretty")]
    pub format: Format,
    /// Print instead the smallest set in which everything occurs: properties there and not there, every value of an enum,
    /// boundary numbers, awkward text
    #[arg(long, conflicts_with_all = ["count", "invalid"])]
    pub coverage: bool,
    /// Print instead one body a rule of `cfwh rules`, which breaks that rule alone; with --out, named by it
    #[arg(long, conflicts_with_all = ["count", "set", "unset"])]
    pub invalid: bool,
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

/// What a word stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Made {
    /// An event, or each of them.
    Kinds(Vec<EventKind>),
    /// Events that make sense together.
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
