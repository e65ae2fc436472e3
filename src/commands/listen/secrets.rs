//! The secrets that `listen` verifies with: given, or made for this run.

use crate::auth::secret::Secret;
use crate::cli;
use crate::cli::listen::GENERATE;
use crate::commands::secret;

/// The secrets to verify with; any may match.
pub(super) struct ListenSecrets {
    pub(super) secrets: Vec<Secret>,
    /// The one that `--secret` without a value made, to be shown once.
    pub(super) made: Option<String>,
    generated: bool,
}

impl ListenSecrets {
    pub(super) fn gather(arguments: &cli::listen::Listen) -> anyhow::Result<Self> {
        let (generate, given): (Vec<_>, Vec<_>) = arguments.secret.iter().cloned().partition(|given| given == GENERATE);
        if !generate.is_empty() {
            let made = hex::encode(rand::random::<[u8; 20]>());
            let mut secrets = vec![Secret::new(made.clone().into_bytes())?];
            if !given.is_empty() || !arguments.secret_file.is_empty() {
                secrets.extend(secret::all(&arguments.secret_file, &given)?);
            }
            return Ok(Self { secrets, made: Some(made), generated: true });
        }
        let mut secrets = secret::all(&arguments.secret_file, &given)?;
        let generated = arguments.demo && secrets.is_empty();
        if generated {
            secrets.push(Secret::new(rand::random::<[u8; 20]>().to_vec())?);
        }
        Ok(Self { secrets, made: None, generated })
    }

    /// Where they are from, in one word; never what they are.
    pub(super) const fn origin(&self) -> &'static str {
        if self.secrets.is_empty() {
            "none"
        } else if self.generated {
            "generated"
        } else {
            "given"
        }
    }
}
