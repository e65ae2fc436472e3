//! The size limits of commands that read files.

use clap::Args;

use super::parsers::body_size;

/// The options for size limits.
#[derive(Clone, Copy, Debug, Args)]
pub struct Limits {
    /// Refuse bodies larger than this: bytes, KiB or MiB [default: 64MiB]
    #[arg(long, value_name = "SIZE", default_value_t = MAX_BODY, hide_default_value = true, value_parser = body_size)]
    pub max_body: usize,
}

/// The default of `--max-body`, in bytes: fifty times the largest body of any sender.
pub const MAX_BODY: usize = 64 << 20;
