//! Reads secrets from a file, the command line, or `CFWH_SECRET`. Options win over the variable.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::auth::secret::Secret;
use crate::cli;
use crate::output::Terminal;

use super::input;

const VARIABLE: &str = "CFWH_SECRET";
/// The largest file with a secret, in bytes.
const MAX_SECRET: usize = 64 * 1024;

/// The secrets on a command line.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct GivenSecrets<'a> {
    pub(super) files: &'a [PathBuf],
    pub(super) secrets: &'a [OsString],
}

impl<'a> From<&'a cli::Secret> for GivenSecrets<'a> {
    fn from(arguments: &'a cli::Secret) -> Self {
        Self { files: arguments.secret_file.as_slice(), secrets: arguments.secret.as_slice() }
    }
}

impl<'a> From<&'a cli::Secrets> for GivenSecrets<'a> {
    fn from(arguments: &'a cli::Secrets) -> Self {
        Self { files: &arguments.secret_file, secrets: &arguments.secret }
    }
}

/// Returns the secret of a command that needs exactly one.
pub(super) fn required(arguments: &cli::Secret, terminal: &mut Terminal) -> anyhow::Result<Secret> {
    all(arguments.into(), terminal)?.into_iter().next().context(NONE)
}

/// The error if a secret is needed and none is given.
pub(super) const NONE: &str = "no secret; give --secret-file PATH, --secret S or CFWH_SECRET";

/// Returns all given secrets. Warns about secrets that are probably not what the other side uses.
pub(super) fn all(given: GivenSecrets<'_>, terminal: &mut Terminal) -> anyhow::Result<Vec<Secret>> {
    let mut secrets = Vec::new();
    for path in given.files {
        secrets.push(read(from_file(path)?, &path.display().to_string(), terminal)?);
    }
    for secret in given.secrets {
        secrets.push(read(bytes(secret), "--secret", terminal)?);
    }
    if secrets.is_empty()
        && let Some(secret) = std::env::var_os(VARIABLE)
    {
        secrets.push(read(bytes(&secret), VARIABLE, terminal)?);
    }
    Ok(secrets)
}

/// Returns a file's bytes without one final line end, LF or CRLF, which editors add.
fn from_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    let cannot = || format!("cannot read the secret from {}", path.display());
    let mut bytes = input::read_file(path, MAX_SECRET)
        .and_then(|bytes| bytes.ok_or_else(|| io::Error::other("it is larger than 64 KiB")))
        .with_context(cannot)?;
    if bytes.ends_with(b"\n") {
        bytes.pop();
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
    }
    Ok(bytes)
}

fn read(bytes: Vec<u8>, origin: &str, terminal: &mut Terminal) -> anyhow::Result<Secret> {
    if let Some(encoding) = odd_encoding(&bytes) {
        terminal.warn(&format!(
            "the secret {encoding} ({origin}), and all of its bytes are used; save it as UTF-8 without a byte order mark"
        ));
    }
    let Ok(secret) = Secret::new(bytes) else {
        bail!("the secret is empty ({origin}), so anybody could sign with it; use a secret that is not empty");
    };
    Ok(secret)
}

/// Describes what an editor or a shell may have added to the secret.
fn odd_encoding(bytes: &[u8]) -> Option<&'static str> {
    let is_wide = |zeros: usize| bytes.len() > 1 && bytes.iter().skip(zeros).step_by(2).all(|&byte| byte == 0);
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Some("begins with a byte order mark"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("is in UTF-16"),
        _ if is_wide(0) || is_wide(1) => Some("is in UTF-16"),
        _ => None,
    }
}

fn bytes(text: &OsStr) -> Vec<u8> {
    text.as_encoded_bytes().to_vec()
}
