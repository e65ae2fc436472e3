//! Where secrets come from: a file, the command line, or `CFWH_SECRET`. What is given on the command line wins.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};

use crate::auth::secret::Secret;
use crate::auth::{Scheme, SchemeInfo, default_scheme};
use crate::cli;
use crate::cli::values::AuthChoice;
use crate::output::Terminal;

use super::input;

const VARIABLE: &str = "CFWH_SECRET";
/// The largest file that is read as a secret, in bytes.
const MAX_SECRET: usize = 64 * 1024;

/// The one secret of a command that may have one.
pub(super) fn one(arguments: &cli::Secret, terminal: &mut Terminal) -> anyhow::Result<Option<Secret>> {
    let files = arguments.secret_file.as_slice();
    let given = arguments.secret.as_slice();
    Ok(all(files, given, terminal)?.into_iter().next())
}

/// The one secret of a command that needs one.
pub(super) fn required(arguments: &cli::Secret, terminal: &mut Terminal) -> anyhow::Result<Secret> {
    one(arguments, terminal)?.context(NONE)
}

/// Returns the chosen authentication scheme, or the default one, with the secrets that were given; `None` if nothing is
/// authenticated.
pub(super) fn scheme(
    auth: cli::Auth,
    files: &[PathBuf],
    given: &[OsString],
    terminal: &mut Terminal,
) -> anyhow::Result<Option<Arc<dyn Scheme>>> {
    if is_off(auth) {
        if files.is_empty() && given.is_empty() {
            return Ok(None);
        }
        bail!("--auth none uses no secret: leave out the secret, or --auth none");
    }
    with_secrets(auth, all(files, given, terminal)?)
}

/// Returns the chosen authentication scheme, or the default one, with these secrets; `None` if there are none.
pub(super) fn with_secrets(auth: cli::Auth, secrets: Vec<Secret>) -> anyhow::Result<Option<Arc<dyn Scheme>>> {
    match auth.choice {
        Some(AuthChoice::Scheme(info)) if secrets.is_empty() => bail!("--auth {} needs a secret: {NONE}", info.name),
        _ => Ok((!secrets.is_empty()).then(|| (info(auth).with_secrets)(secrets))),
    }
}

/// Is authentication turned off?
pub(super) const fn is_off(auth: cli::Auth) -> bool {
    matches!(auth.choice, Some(AuthChoice::None))
}

/// Returns the chosen authentication scheme, or the default one.
pub(super) fn info(auth: cli::Auth) -> &'static SchemeInfo {
    match auth.choice {
        Some(AuthChoice::Scheme(info)) => info,
        _ => default_scheme(),
    }
}

/// What to say where a secret is needed and none is given.
pub(super) const NONE: &str = "no secret: give --secret-file PATH, --secret S or CFWH_SECRET";

/// All secrets that were given. Warns of those that are most likely not what the other side uses.
pub(super) fn all(files: &[PathBuf], given: &[OsString], terminal: &mut Terminal) -> anyhow::Result<Vec<Secret>> {
    let mut secrets = Vec::new();
    for path in files {
        secrets.push(read(from_file(path)?, &path.display().to_string(), terminal)?);
    }
    for secret in given {
        secrets.push(read(bytes(secret), "--secret", terminal)?);
    }
    if secrets.is_empty()
        && let Some(secret) = std::env::var_os(VARIABLE)
    {
        secrets.push(read(bytes(&secret), VARIABLE, terminal)?);
    }
    Ok(secrets)
}

/// A file's bytes without one final line end, LF or CRLF: editors add it, and nobody means it.
fn from_file(path: &Path) -> anyhow::Result<Vec<u8>> {
    let cannot = || format!("cannot read the secret from {}", path.display());
    let mut bytes = input::read_file(path, MAX_SECRET)
        .and_then(|bytes| bytes.ok_or_else(|| io::Error::other("it has more than 64 KiB")))
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
            "the secret {encoding} ({origin}): all its bytes are used; save it as UTF-8 without a mark"
        ));
    }
    let Ok(secret) = Secret::new(bytes) else {
        bail!("the secret is empty ({origin}): anybody could sign with it");
    };
    Ok(secret)
}

/// What an editor or a shell may have added to the secret or made of it.
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
