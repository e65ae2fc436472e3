//! What `fake` and `send` make events by, and `cfwh fake`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use crate::models::event::EventKind;

use super::TEMPLATE;
use super::values::{KindsParser, at};

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
