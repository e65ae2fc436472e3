//! The secrets that `listen` verifies with: given, or generated for this run.

use crate::auth::secret::Secret;
use crate::cli;
use crate::cli::listen::GENERATE;
use crate::commands::secret;

/// The secrets to verify with; any of them may match.
pub(super) struct ListenSecrets {
    pub(super) secrets: Vec<Secret>,
    /// The secret that `--secret` without a value generates, to be shown once.
    pub(super) generated: Option<String>,
    is_generated: bool,
}

impl ListenSecrets {
    pub(super) fn new(arguments: &cli::listen::Listen) -> anyhow::Result<Self> {
        if secret::is_off(arguments.auth) {
            secret::scheme(arguments.auth, &arguments.secret_file, &arguments.secret)?;
            return Ok(Self { secrets: Vec::new(), generated: None, is_generated: false });
        }
        let (generate, given): (Vec<_>, Vec<_>) = arguments.secret.iter().cloned().partition(|given| given == GENERATE);
        if !generate.is_empty() {
            let generated = hex::encode(rand::random::<[u8; 20]>());
            let mut secrets = vec![Secret::new(generated.clone().into_bytes())?];
            if !given.is_empty() || !arguments.secret_file.is_empty() {
                secrets.extend(secret::all(&arguments.secret_file, &given)?);
            }
            return Ok(Self { secrets, generated: Some(generated), is_generated: true });
        }
        let mut secrets = secret::all(&arguments.secret_file, &given)?;
        let is_generated = arguments.demo && secrets.is_empty();
        if is_generated {
            secrets.push(Secret::new(rand::random::<[u8; 20]>().to_vec())?);
        }
        Ok(Self { secrets, generated: None, is_generated })
    }

    /// Returns where they are from, in one word; never their values.
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
