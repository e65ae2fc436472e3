//! Parses `--cacert` and `--insecure`: the certificates that a command trusts.

use std::io;
use std::path::Path;

use anyhow::Context;

use crate::client::tls::Trust;

use super::input;

/// The largest file with certificates, in bytes. All certificates of a system have about 200 KiB.
const MAX_FILE: usize = 16 * 1024 * 1024;

/// Returns the trusted certificates: those of the system, also those of a file, or any.
pub(super) fn trust(is_insecure: bool, file: Option<&Path>) -> anyhow::Result<Trust> {
    match file {
        _ if is_insecure => Ok(Trust::Any),
        None => Ok(Trust::System),
        Some(path) => {
            let pem = input::read_file(path, MAX_FILE)
                .and_then(|bytes| bytes.ok_or_else(|| io::Error::other("it is larger than 16 MiB")))
                .with_context(|| format!("cannot read {}", path.display()))?;
            Trust::also(&pem).with_context(|| format!("cannot use {}", path.display()))
        }
    }
}
