//! `cfwh sign` and `cfwh verify`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::authentication::{Auth, Secret, Secrets};
use super::limits::Limits;
use super::parsers::body_size;

/// `cfwh sign`
#[derive(Debug, Args)]
pub struct Sign {
    /// Bodies to sign, byte for byte; `-` or none is stdin. The body of a capture (.http), each line of .ndjson
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// The secret to sign with.
    #[command(flatten)]
    pub secret: Secret,
    /// Print the whole header: X-Hub-Signature: sha256=…
    #[arg(long, conflicts_with = "json")]
    pub header: bool,
    /// Refuse larger bodies: bytes, KiB or MiB [default: no limit; 64MiB for captures and lines]
    #[arg(long, value_name = "SIZE", value_parser = body_size)]
    pub max_body: Option<usize>,
}

/// `cfwh verify`
#[derive(Debug, Args)]
pub struct Verify {
    /// Captures (.http), which contain their signature, or a body with --signature; `-` or none is stdin
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// How much is read.
    #[command(flatten)]
    pub limits: Limits,
    /// The secrets to verify with.
    #[command(flatten)]
    pub secrets: Secrets,
    /// The authentication scheme.
    #[command(flatten)]
    pub auth: Auth,
    /// Verify this signature, with or without `X-Hub-Signature:` before it
    #[arg(long)]
    pub signature: Option<String>,
    /// Explain why a signature is wrong, if the received one can be reproduced; else list what was tried
    #[arg(long)]
    pub explain: bool,
    /// Print the right signature if another was received
    #[arg(long)]
    pub show_expected: bool,
}
