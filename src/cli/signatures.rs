//! `cfwh sign` and `cfwh verify`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::authentication::{Auth, Secret, Secrets};
use super::help_template::TEMPLATE;

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
    /// Bodies to sign, byte for byte; `-` or none is stdin. The body of a capture (.http), each line of .ndjson
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
    /// Captures (.http), which contain their signature, or a body with --signature; `-` or none is stdin
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub secrets: Secrets,
    #[command(flatten)]
    #[allow(missing_docs, reason = "clap shows the fields' docs")]
    pub auth: Auth,
    /// Verify this signature, with or without `X-Hub-Signature:` before it
    #[arg(long)]
    pub signature: Option<String>,
    /// Explain why a signature is wrong, if the received signature can be reproduced
    #[arg(long)]
    pub explain: bool,
    /// Print the right signature if another was received
    #[arg(long)]
    pub show_expected: bool,
}
