//! Which authentication scheme a command uses, made of its options. What does not fit the scheme is refused.

use std::sync::Arc;

use anyhow::bail;

use crate::auth::secret::Secret;
use crate::auth::{ALL, Credentials, Parameter, Scheme, SchemeInfo, default_scheme};
use crate::cli;
use crate::cli::values::AuthChoice;
use crate::output::Terminal;

use super::secret::{self, GivenSecrets};

/// Returns the chosen authentication scheme, or that of the options, with what was given for it; `None` if nothing is
/// authenticated.
pub(super) fn scheme(
    auth: &cli::Auth,
    given: GivenSecrets<'_>,
    terminal: &mut Terminal,
) -> anyhow::Result<Option<Arc<dyn Scheme>>> {
    check(auth, given)?;
    let secrets = if takes_secrets(auth) { secret::all(given, terminal)? } else { Vec::new() };
    with_secrets(auth, secrets)
}

/// The same with secrets that were read before.
pub(super) fn with_secrets(auth: &cli::Auth, secrets: Vec<Secret>) -> anyhow::Result<Option<Arc<dyn Scheme>>> {
    if is_off(auth) {
        return Ok(None);
    }
    let info = info(auth);
    let is_missing = match info.required {
        Some(Parameter::Secret) => secrets.is_empty(),
        Some(Parameter::Token) => auth.token.is_none(),
        None => false,
    };
    match info.required {
        Some(required) if is_missing && auth.choice.is_some() => bail!("--auth {} needs {}", info.name, how(required)),
        _ if is_missing => Ok(None),
        _ => Ok(Some((info.with)(Credentials { secrets, token: auth.token.clone() }))),
    }
}

/// Refuses options that the scheme does not take.
pub(super) fn check(auth: &cli::Auth, given: GivenSecrets<'_>) -> anyhow::Result<()> {
    let has_secret = !given.files.is_empty() || !given.secrets.is_empty();
    for (parameter, is_given) in [(Parameter::Secret, has_secret), (Parameter::Token, auth.token.is_some())] {
        if !is_given {
            continue;
        }
        let option = parameter.option();
        if is_off(auth) {
            bail!("--auth none uses no {option}: leave out --{option}, or --auth none");
        }
        if !info(auth).takes(parameter) {
            let takers: Vec<_> = ALL.iter().filter(|info| info.takes(parameter)).map(|info| info.name).collect();
            bail!("--{option} is for --auth {}: leave out --{option}, or choose that", takers.join(" and --auth "));
        }
    }
    Ok(())
}

/// Is authentication turned off?
pub(super) const fn is_off(auth: &cli::Auth) -> bool {
    matches!(auth.choice, Some(AuthChoice::None))
}

/// Returns whether the scheme has secrets that sender and receiver share.
pub(super) fn takes_secrets(auth: &cli::Auth) -> bool {
    !is_off(auth) && info(auth).takes(Parameter::Secret)
}

/// Returns the chosen authentication scheme, the one that the options are for, or the default one.
pub(super) fn info(auth: &cli::Auth) -> &'static SchemeInfo {
    match auth.choice {
        Some(AuthChoice::Scheme(info)) => info,
        _ if auth.token.is_some() => requiring(Parameter::Token),
        _ => default_scheme(),
    }
}

/// Returns the scheme that cannot do without this.
fn requiring(parameter: Parameter) -> &'static SchemeInfo {
    ALL.iter().find(|info| info.required == Some(parameter)).copied().unwrap_or_else(default_scheme)
}

/// How to give what is missing.
const fn how(parameter: Parameter) -> &'static str {
    match parameter {
        Parameter::Secret => "a secret: no secret: give --secret-file PATH, --secret S or CFWH_SECRET",
        Parameter::Token => "a token: give --token NAME=VALUE",
    }
}
