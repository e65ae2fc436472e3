//! The secrets that `listen` verifies with: given, or generated for this run.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::bail;

use crate::auth::secret::Secret;
use crate::cli;
use crate::cli::listen::GENERATE;
use crate::commands::authentication;
use crate::commands::secret::{self, GivenSecrets};
use crate::output::Terminal;
use crate::profiles::KnownEvent;

/// The secrets to verify with; any of them may match.
pub(super) struct ListenSecrets {
    pub(super) secrets: Vec<Secret>,
    /// The secret that `--secret` without a value generates, to be shown once.
    pub(super) generated: Option<String>,
    is_generated: bool,
}

impl ListenSecrets {
    pub(super) fn new(arguments: &cli::listen::Listen, terminal: &mut Terminal) -> anyhow::Result<Self> {
        let given = GivenSecrets { files: &arguments.secret_file, secrets: &arguments.secret };
        authentication::check(&arguments.auth, given)?;
        if !authentication::takes_secrets(&arguments.auth) {
            return Ok(Self { secrets: Vec::new(), generated: None, is_generated: false });
        }
        let (generate, typed): (Vec<_>, Vec<_>) = arguments.secret.iter().cloned().partition(|given| given == GENERATE);
        typed.iter().try_for_each(|given| refuse_misplaced(given))?;
        if !generate.is_empty() {
            let generated = hex::encode(rand::random::<[u8; 20]>());
            let mut secrets = vec![Secret::new(generated.clone().into_bytes())?];
            if !typed.is_empty() || !arguments.secret_file.is_empty() {
                secrets.extend(secret::all(GivenSecrets { secrets: &typed, ..given }, terminal)?);
            }
            return Ok(Self { secrets, generated: Some(generated), is_generated: true });
        }
        let mut secrets = secret::all(GivenSecrets { secrets: &typed, ..given }, terminal)?;
        let is_generated = arguments.demo && secrets.is_empty();
        if is_generated {
            secrets.push(Secret::new(rand::random::<[u8; 20]>().to_vec())?);
        }
        Ok(Self { secrets, generated: None, is_generated })
    }

    /// Returns the origin of the secrets in one word, never their values.
    pub(super) const fn origin(&self) -> &'static str {
        if self.secrets.is_empty() {
            "none"
        } else if self.is_generated {
            "generated"
        } else {
            "given"
        }
    }
}

/// Refuses a secret that looks like a mistake: with a forgotten `--`, the next word becomes the value of `--secret`.
fn refuse_misplaced(given: &OsStr) -> anyhow::Result<()> {
    let shown = given.display();
    if Path::new(given).exists() {
        bail!(
            "--secret {shown} is the name of a file: `--secret-file {shown}` reads the secret from it, \
             `--secret -- {shown}` generates a secret and runs it"
        );
    }
    if given.to_str().is_some_and(|name| KnownEvent::find(name).is_some()) {
        bail!(
            "--secret {shown} is the name of an event; to generate a secret and wait for the event, use `--secret --expect {shown}`"
        );
    }
    Ok(())
}
