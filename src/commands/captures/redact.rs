//! `cfwh captures redact`

use crate::auth::secret::Secret;
use crate::cli::captures::CapturesRedact;
use crate::commands::authentication::{self, SchemeUse};
use crate::commands::exit::Exit;
use crate::commands::{input, secret};
use crate::output::Terminal;
use crate::output::captures::Redaction;
use crate::redaction::{Redactor, Resigning, redact};

use super::open::open;

pub(super) fn run(arguments: &CapturesRedact, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let CapturesRedact { folder, out, verify, seed, auth, secrets } = arguments;
    input::check_stdin(&secrets.secret_file, terminal)?;
    authentication::check(auth, secrets.into())?;
    let known = if authentication::takes_secrets(auth) { secret::all(secrets.into(), terminal)? } else { Vec::new() };
    let is_known = !known.is_empty() || auth.token.is_some() || !auth.key.is_empty();
    let original = authentication::credentials(auth, known, &SchemeUse::default())?;
    // An empty folder is an error, as in the other commands.
    open(folder, terminal)?;
    // With the seed and the originals, anybody could generate all replacements again, so the secret does not depend on
    // the seed.
    let new_secret = hex::encode(rand::random::<[u8; 20]>());
    let resigning =
        Resigning { original: is_known.then_some(original), secret: Secret::new(new_secret.clone().into_bytes())? };
    let mut redactor = Redactor::new(seed.unwrap_or_else(rand::random));
    let redacted = redact(folder, out, &mut redactor, &resigning, *verify)?;
    let is_clean = redacted.leftovers.is_empty();
    terminal.print(&Redaction {
        folder: out.display().to_string(),
        secret: new_secret,
        is_verified: *verify,
        redacted,
    })?;
    Ok(Exit::when(is_clean))
}
