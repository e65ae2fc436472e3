//! The options of `fake` and `send` that generate events, and `cfwh fake`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use crate::models::snapshot::IdType;
use crate::profiles::Profile;

pub use super::values::{At, EventSource};

use super::given::GivenOptions;
use super::parsers::{at, event_source, positive, probability, profile, profile_help, whole};

/// Which events `fake` and `send` generate.
#[derive(Debug, Args)]
pub struct EventOptions {
    /// Generate the same payloads for the same N; without it, a random seed is used and printed on stderr with the time
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<u64>)]
    pub seed: Option<u64>,
    /// Set the time of the first event: RFC 3339 or `now` [default: now, with --seed 2026-01-15T09:30:00Z]
    #[arg(long, value_name = "TIME", value_parser = at)]
    pub at: Option<At>,
    /// The sender.
    #[arg(long, help = profile_help("Generate bodies of this sender"), value_parser = profile(), default_value = "spec", hide_possible_values = true)]
    pub profile: &'static Profile,
    /// Write whole objects, as some sites do, instead of ids: --profile datacenter
    #[arg(long)]
    pub full: bool,
    /// Write ids as integers or as strings: --profile cloud [default: depends on the seed]
    #[arg(long, value_enum, value_name = "TYPE")]
    pub id_type: Option<IdType>,
    /// Generate N of each event [default: 1], or a story of N events [default: 100]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = positive::<u64>)]
    pub count: Option<u64>,
    /// Shuffle the events of a story, within a window of a thousand
    #[arg(long)]
    pub shuffle: bool,
    /// Duplicate this fraction of the events of a story: 0.1 is 10 %
    #[arg(long, value_name = "P", default_value = "0", allow_negative_numbers = true, value_parser = probability, hide_default_value = true)]
    pub duplicate: f64,
    /// Drop this fraction of the events of a story: 0.1 is 10 %
    #[arg(long, value_name = "P", default_value = "0", allow_negative_numbers = true, value_parser = probability, hide_default_value = true)]
    pub drop: f64,
    /// Set the JSON value at a path: page.version.number=3; repeatable
    #[arg(long, value_name = "PATH=JSON")]
    pub set: Vec<String>,
    /// Remove what is at a path: page.title; repeatable
    #[arg(long, value_name = "PATH")]
    pub unset: Vec<String>,
}

/// `cfwh fake`
#[derive(Debug, Args)]
pub struct Fake {
    /// What was typed.
    #[command(flatten)]
    pub given: GivenOptions,
    /// An event (`cfwh events` lists them), `all` for one of each, or `story` for a sequence that makes sense
    #[arg(value_name = "EVENT|all|story", value_parser = event_source(), hide_possible_values = true)]
    pub source: EventSource,
    /// The events to generate.
    #[command(flatten)]
    pub events: EventOptions,
    /// Print indented (pretty), compact with several bodies as an array (json), or one a line (ndjson)
    #[arg(long, value_enum, default_value = "pretty")]
    pub format: BodyFormat,
    /// Print the smallest set of bodies that covers properties present and missing, every value of an enum, boundary
    /// numbers and awkward text
    #[arg(long, conflicts_with_all = ["count", "invalid"])]
    pub coverage: bool,
    /// Print one body for each rule of `cfwh rules`, which breaks only that rule; with --out, files are named by the
    /// rule
    #[arg(long, conflicts_with_all = ["count", "set", "unset"])]
    pub invalid: bool,
    /// Write one file for each body into this folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
}

/// How bodies are laid out and separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the values are the words")]
pub enum BodyFormat {
    Pretty,
    Json,
    Ndjson,
}
