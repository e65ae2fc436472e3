//! How much commands read.

use clap::Args;

use super::parsers::body_size;

/// How much commands read of one body.
#[derive(Clone, Copy, Debug, Args)]
pub struct Limits {
    /// Refuse larger bodies, and files with one body: bytes, KiB or MiB [default: 64MiB]
    #[arg(long, value_name = "SIZE", default_value_t = MAX_BODY, hide_default_value = true, value_parser = body_size)]
    pub max_body: usize,
}

/// The most bytes of one body that are read without `--max-body`: fifty times as many as any sender sends.
pub const MAX_BODY: usize = 64 << 20;
