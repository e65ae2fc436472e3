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
    /// Bodies to sign, byte for byte: files, captures (.http), lines of .ndjson files, or `-` for stdin [default: stdin]
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// Print the whole header: `X-Hub-Signature: sha256=…`; tokens are always printed with it
    #[arg(long, conflicts_with = "json")]
    pub header: bool,
    /// Sign this method (--auth connect) [default: POST]
    #[arg(long, value_parser = method)]
    pub method: Option<Method>,
    /// Sign this URL (--auth connect)
    #[arg(long, value_hint = ValueHint::Url, value_parser = absolute_url)]
    pub url: Option<Url>,
    /// Issue the token at this time: RFC 3339, seconds since 1970, or `now` (--auth connect or forge)
    #[arg(long, value_name = "TIME", value_parser = at)]
    pub at: Option<At>,
    /// Make the token valid for this long (--auth connect or forge) [default: like the sender, 180s or 25s]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub expires_in: Option<Duration>,
    /// Refuse bodies larger than this: bytes, KiB or MiB [default: no limit; captures and lines 64MiB]
    #[arg(long, value_name = "SIZE", value_parser = body_size)]
    pub max_body: Option<usize>,
    /// The secret to sign with.
    #[command(flatten)]
    pub secret: Secret,
    /// The authentication scheme.
    #[command(flatten)]
    pub auth: Auth,
}

/// `cfwh verify`
#[derive(Debug, Args)]
pub struct Verify {
    /// Captures (.http), or a body with --signature; `-` is stdin [default: stdin]
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub files: Vec<PathBuf>,
    /// The size limits.
    #[command(flatten)]
    pub limits: Limits,
    /// Verify this signature; `X-Hub-Signature:` before it is optional
    #[arg(long)]
    pub signature: Option<String>,
    /// Verify this token; `Authorization:` before it is optional (--auth connect or forge)
    #[arg(long, value_name = "TOKEN", conflicts_with = "signature")]
    pub authorization: Option<String>,
    /// Verify the token for this method (--auth connect) [default: POST]
    #[arg(long, value_parser = method, requires = "url")]
    pub method: Option<Method>,
    /// Verify the token for this URL; a capture contains its URL (--auth connect)
    #[arg(long, value_hint = ValueHint::Url, value_parser = absolute_url)]
    pub url: Option<Url>,
    /// Verify at this time: RFC 3339, seconds since 1970, or `now` (--auth connect or forge) [default: now]
    #[arg(long, value_name = "TIME", value_parser = at)]
    pub at: Option<At>,
    /// Explain why a signature does not match, if a known mistake reproduces it; otherwise list what was tried
    #[arg(long)]
    pub explain: bool,
    /// Print the expected signature if another was received
    #[arg(long)]
    pub show_expected: bool,
    /// The secrets to verify with.
    #[command(flatten)]
    pub secrets: Secrets,
    /// The authentication scheme.
    #[command(flatten)]
    pub auth: Auth,
}
