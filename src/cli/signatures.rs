//! `cfwh sign` and `cfwh verify`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueHint};
use http::Method;

use crate::client::url::Url;

use super::authentication::{Auth, Secret, Secrets};
use super::limits::Limits;
use super::parsers::{absolute_url, at, body_size, duration, method};
use super::values::At;

/// `cfwh sign`
#[derive(Debug, Args)]
pub struct Sign {
    /// Bodies to sign, byte for byte; `-` or none is stdin. The body of a capture (.http), each line of .ndjson
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// The secret to sign with.
    #[command(flatten)]
    pub secret: Secret,
    /// The authentication scheme.
    #[command(flatten)]
    pub auth: Auth,
    /// Print the whole header, as tokens always are: X-Hub-Signature: sha256=…
    #[arg(long, conflicts_with = "json")]
    pub header: bool,
    /// The method that the token is for (--auth connect) [default: POST]
    #[arg(long, value_parser = method)]
    pub method: Option<Method>,
    /// The URL that the token is for (--auth connect)
    #[arg(long, value_hint = ValueHint::Url, value_parser = absolute_url)]
    pub url: Option<Url>,
    /// Make the token at this time: RFC 3339, seconds since 1970, or `now` (--auth connect or forge)
    #[arg(long, value_name = "TIME", value_parser = at)]
    pub at: Option<At>,
    /// Make the token valid for this long (--auth connect or forge) [default: as the sender does, 180s or 25s]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub expires_in: Option<Duration>,
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
    /// Verify this token, with or without `Authorization:` before it (--auth connect or forge)
    #[arg(long, value_name = "TOKEN", conflicts_with = "signature")]
    pub authorization: Option<String>,
    /// The method of the request (--auth connect) [default: POST]
    #[arg(long, value_parser = method, requires = "url")]
    pub method: Option<Method>,
    /// The URL of the request, if it is not in a capture (--auth connect)
    #[arg(long, value_hint = ValueHint::Url, value_parser = absolute_url)]
    pub url: Option<Url>,
    /// Verify at this time: RFC 3339, seconds since 1970, or `now` (--auth connect or forge) [default: now]
    #[arg(long, value_name = "TIME", value_parser = at)]
    pub at: Option<At>,
    /// Explain why a signature is wrong, if the received one can be reproduced; else list what was tried
    #[arg(long)]
    pub explain: bool,
    /// Print the right signature if another was received
    #[arg(long)]
    pub show_expected: bool,
}
