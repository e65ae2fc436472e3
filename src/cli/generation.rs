//! `cfwh fake`, and the options that `fake` and `send` share.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use crate::models::snapshot::IdType;
use crate::profiles::Profile;

pub use super::values::{At, EventSource};

use super::given::GivenOptions;
use super::parsers::{at, event_source, positive, probability, profile, profile_help, whole};

/// The options for generated events and for edits of bodies.
#[derive(Debug, Args)]
#[command(next_help_heading = "Bodies")]
pub struct EventOptions {
    /// Use this seed: the same N generates the same bodies [default: random; printed on stderr with the time]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole::<u64>)]
    pub seed: Option<u64>,
    /// Set the time of the first event: RFC 3339 or `now` [default: now; with --seed, 2026-01-15T09:30:00Z]
    #[arg(long, value_name = "TIME", value_parser = at)]
    pub at: Option<At>,
    /// The sender.
    #[arg(long, help = profile_help("Generate bodies of this sender"), value_parser = profile(), default_value = "spec", hide_possible_values = true)]
    pub profile: &'static Profile,
    /// Write whole objects instead of ids (--profile datacenter)
    #[arg(long)]
    pub full: bool,
    /// Write ids as integers or as strings (--profile cloud) [default: depends on the seed]
    #[arg(long, value_enum, value_name = "TYPE")]
    pub id_type: Option<IdType>,
    /// Generate N bodies of each event [default: 1], or a story of N events [default: 100]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = positive::<u64>)]
    pub count: Option<u64>,
    /// Shuffle the events of a story, each by at most a thousand places
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
    /// Remove the value at a path: page.title; repeatable
    #[arg(long, value_name = "PATH")]
    pub unset: Vec<String>,
}

/// `cfwh fake`
#[derive(Debug, Args)]
pub struct Fake {
    /// The options on the command line.
    #[command(flatten)]
    pub given: GivenOptions,
    /// An event (see `cfwh events`), `all` for one of each, or `story` for a realistic sequence
    #[arg(value_name = "EVENT|all|story", value_parser = event_source(), hide_possible_values = true)]
    pub source: EventSource,
    /// The events to generate.
    #[command(flatten)]
    pub events: EventOptions,
    /// Print bodies indented (pretty), compact and several as an array (json), or one per line (ndjson)
    #[arg(long, value_enum, default_value = "pretty")]
    pub format: BodyFormat,
    /// Print a small set of bodies that covers present and missing properties, all enum values, boundary numbers and
    /// unusual text
    #[arg(long, conflicts_with_all = ["count", "invalid"])]
    pub coverage: bool,
    /// Print one invalid body for each rule of `cfwh rules`; it breaks only that rule; with --out, file names are the
    /// rules
    #[arg(long, conflicts_with_all = ["count", "set", "unset"])]
    pub invalid: bool,
    /// Write each body to a file in this folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub out: Option<PathBuf>,
}

/// The layout of printed bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs, reason = "the values are the words")]
pub enum BodyFormat {
    Pretty,
    Json,
    Ndjson,
}
