//! Where secrets come from: a file, the command line, or `CFWH_SECRET`. What is given on the command line wins.

use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};

use crate::auth::secret::Secret;
use crate::auth::{Scheme, SchemeInfo, default_scheme};
use crate::cli;
use crate::cli::values::AuthChoice;

use super::input::file_format::is_stdin;

const VARIABLE: &str = "CFWH_SECRET";

/// The one secret of a command that may have one.
pub(super) fn one(arguments: &cli::Secret) -> anyhow::Result<Option<Secret>> {
    let files = arguments.secret_file.as_slice();
    let given = arguments.secret.as_slice();
    Ok(all(files, given)?.into_iter().next())
}

/// The one secret of a command that needs one.
pub(super) fn required(arguments: &cli::Secret) -> anyhow::Result<Secret> {
    one(arguments)?.context(NONE)
}

/// Returns the chosen authentication scheme, or the default one, with the secrets that were given; `None` if nothing is
/// authenticated.
pub(super) fn scheme(
    auth: cli::Auth,
    files: &[PathBuf],
    given: &[OsString],
) -> anyhow::Result<Option<Arc<dyn Scheme>>> {
    if is_off(auth) {
        if files.is_empty() && given.is_empty() {
            return Ok(None);
        }
        bail!("--auth none uses no secret: leave out the secret, or --auth none");
    }
    with_secrets(auth, all(files, given)?)
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

/// All secrets that were given.
pub(super) fn all(files: &[PathBuf], given: &[OsString]) -> anyhow::Result<Vec<Secret>> {
    let mut secrets = Vec::new();
    for path in files {
        secrets.push(from_file(path)?);
    }
    for secret in given {
        secrets.push(read(bytes(secret), "--secret")?);
    }
    if secrets.is_empty()
        && let Some(secret) = std::env::var_os(VARIABLE)
    {
        secrets.push(read(bytes(&secret), VARIABLE)?);
    }
    Ok(secrets)
}

/// A file's bytes without one final line end, LF or CRLF: editors add it, and nobody means it.
fn from_file(path: &Path) -> anyhow::Result<Secret> {
    let cannot = || format!("cannot read the secret from {}", path.display());
    let mut bytes = Vec::new();
    if is_stdin(path) {
        std::io::stdin().lock().read_to_end(&mut bytes).with_context(cannot)?;
    } else {
        bytes = std::fs::read(path).with_context(cannot)?;
    }
    if bytes.ends_with(b"\n") {
        bytes.pop();
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
    }
    read(bytes, &path.display().to_string())
}

fn read(bytes: Vec<u8>, origin: &str) -> anyhow::Result<Secret> {
    let Ok(secret) = Secret::new(bytes) else {
        bail!("the secret is empty ({origin}): anybody could sign with it");
    };
    Ok(secret)
}

fn bytes(text: &OsStr) -> Vec<u8> {
    text.as_encoded_bytes().to_vec()
}
