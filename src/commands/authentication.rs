//! Makes the authentication scheme of a command from its options, and refuses options that do not apply to the scheme.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};

use crate::auth::jwt::keys::{EXAMPLE, RsaKey};
use crate::auth::secret::Secret;
use crate::auth::{ALL, Credentials, Parameter, Scheme, SchemeInfo, connect, default_scheme, forge};
use crate::cli;
use crate::cli::values::{At, AuthChoice};
use crate::client::url::Url;
use crate::output::Terminal;

use super::input;
use super::secret::{self, GivenSecrets};

/// The largest key file, in bytes.
const MAX_KEY: usize = 1024 * 1024;

/// How a command uses a scheme.
#[derive(Clone, Debug, Default)]
pub(super) struct SchemeUse<'a> {
    /// Whether it signs, so that it needs one private key.
    pub(super) signs: bool,
    /// The URL that deliveries are sent to.
    pub(super) url: Option<&'a Url>,
    /// The lifetime of tokens.
    pub(super) lifetime: Option<Duration>,
}

impl SchemeUse<'_> {
    /// Returns the use of a command that signs deliveries to this URL.
    pub(super) fn signing_for(url: &Url) -> SchemeUse<'_> {
        SchemeUse { signs: true, url: Some(url), lifetime: None }
    }
}

/// Returns the chosen scheme, or the scheme that the options imply, with its credentials. Returns `None` without
/// authentication.
pub(super) fn scheme(
    auth: &cli::Auth,
    given: GivenSecrets<'_>,
    scheme_use: &SchemeUse<'_>,
    terminal: &mut Terminal,
) -> anyhow::Result<Option<Arc<dyn Scheme>>> {
    check(auth, given)?;
    let secrets = if takes_secrets(auth) { secret::all(given, terminal)? } else { Vec::new() };
    with_secrets(auth, secrets, scheme_use)
}

/// Returns the scheme with secrets that were already read.
pub(super) fn with_secrets(
    auth: &cli::Auth,
    secrets: Vec<Secret>,
    scheme_use: &SchemeUse<'_>,
) -> anyhow::Result<Option<Arc<dyn Scheme>>> {
    if is_off(auth) {
        return Ok(None);
    }
    let info = info(auth);
    let is_missing = match info.required {
        Some(Parameter::Secret) => secrets.is_empty(),
        Some(Parameter::Token) => auth.token.is_none(),
        _ => false,
    };
    match info.required.map(how) {
        Some(how) if is_missing && auth.choice.is_some() => bail!("--auth {} needs {how}", info.name),
        _ if is_missing => return Ok(None),
        _ => {}
    }
    Ok(Some((info.with)(credentials(auth, secrets, scheme_use)?)))
}

/// Returns all given credentials, for any scheme.
pub(super) fn credentials(
    auth: &cli::Auth,
    secrets: Vec<Secret>,
    scheme_use: &SchemeUse<'_>,
) -> anyhow::Result<Credentials> {
    let base_url =
        scheme_use.url.map(|url| url.origin().ascii_serialization() + auth.app_path.as_deref().unwrap_or_default());
    Ok(Credentials {
        secrets,
        token: auth.token.clone(),
        client_key: auth.client_key.clone(),
        app_path: auth.app_path.clone(),
        base_url,
        app_id: auth.app_id.clone(),
        keys: keys(auth, scheme_use.signs)?,
        lifetime: scheme_use.lifetime,
    })
}

/// Prints a note that the built-in key is used, if the scheme needs only a key and none is given.
pub(super) fn name_built_in_key(auth: &cli::Auth, terminal: &mut Terminal) {
    let info = info(auth);
    if !is_off(auth) && info.has_key_set() && auth.key.is_empty() {
        terminal.say(&format!("no --key given: tokens are signed with {EXAMPLE}, which is public"));
    }
}

/// Reads the keys of a scheme.
fn keys(auth: &cli::Auth, signs: bool) -> anyhow::Result<Vec<RsaKey>> {
    if signs && auth.key.len() > 1 {
        bail!("only one key can sign, but --key is given more than once; give it once");
    }
    let keys = read_keys(&auth.key)?;
    if signs && keys.iter().any(|key| key.signing().is_none()) {
        bail!("the file of --key has no private key to sign with; give a PEM file with a PRIVATE KEY");
    }
    Ok(keys)
}

/// Reads key files.
pub(super) fn read_keys(files: &[impl AsRef<Path>]) -> anyhow::Result<Vec<RsaKey>> {
    let mut keys = Vec::new();
    for file in files {
        let file = file.as_ref();
        let cannot = || format!("cannot read a key from {}", file.display());
        let bytes = input::read_file(file, MAX_KEY).with_context(cannot)?;
        keys.extend(RsaKey::read(&bytes.unwrap_or_default()).with_context(cannot)?);
    }
    Ok(keys)
}

/// Refuses options that do not apply to the scheme.
pub(super) fn check(auth: &cli::Auth, given: GivenSecrets<'_>) -> anyhow::Result<()> {
    for (parameter, is_given) in [
        (Parameter::Secret, !given.files.is_empty() || !given.secrets.is_empty()),
        (Parameter::Token, auth.token.is_some()),
        (Parameter::ClientKey, auth.client_key.is_some()),
        (Parameter::AppPath, auth.app_path.is_some()),
        (Parameter::AppId, auth.app_id.is_some()),
        (Parameter::Key, !auth.key.is_empty()),
    ] {
        if !is_given {
            continue;
        }
        let option = parameter.option();
        if is_off(auth) {
            bail!("--{option} does not apply to --auth none; leave out one of them");
        }
        if !info(auth).takes(parameter) {
            let takers: Vec<_> = ALL.iter().filter(|info| info.takes(parameter)).map(|info| info.name).collect();
            bail!(
                "--{option} applies only to --auth {}; leave out --{option}, or choose that scheme",
                takers.join(" and --auth ")
            );
        }
    }
    Ok(())
}

/// Refuses options that apply only to other schemes. `is_given` has each option, and whether it was given.
pub(super) fn refuse_unfit(
    scheme: &SchemeInfo,
    options: &[(&str, bool)],
    fits: fn(&SchemeInfo) -> bool,
) -> anyhow::Result<()> {
    if fits(scheme) {
        return Ok(());
    }
    let Some((option, _)) = options.iter().find(|(_, is_given)| *is_given) else { return Ok(()) };
    let others: Vec<_> = ALL.iter().filter(|info| fits(info)).map(|info| info.name).collect();
    bail!(
        "--{option} applies only to --auth {}; leave it out with --auth {}",
        others.join(" and --auth "),
        scheme.name
    );
}

/// Returns whether authentication is turned off.
pub(super) const fn is_off(auth: &cli::Auth) -> bool {
    matches!(auth.choice, Some(AuthChoice::None))
}

/// Returns whether sender and receiver share a secret.
pub(super) fn takes_secrets(auth: &cli::Auth) -> bool {
    !is_off(auth) && info(auth).takes(Parameter::Secret)
}

/// Returns the chosen scheme, the scheme that the options imply, or the default scheme.
pub(super) fn info(auth: &cli::Auth) -> &'static SchemeInfo {
    match auth.choice {
        Some(AuthChoice::Scheme(info)) => info,
        _ if auth.token.is_some() => requiring(Parameter::Token),
        _ => default_scheme(),
    }
}

/// Returns the scheme that requires this parameter.
fn requiring(parameter: Parameter) -> &'static SchemeInfo {
    ALL.iter().find(|info| info.required == Some(parameter)).copied().unwrap_or_else(default_scheme)
}

/// Describes a missing parameter, and how to give it.
const fn how(parameter: Parameter) -> &'static str {
    match parameter {
        Parameter::Secret => "a secret; give --secret-file PATH, --secret S or CFWH_SECRET",
        Parameter::Token => "a token; give --token NAME=VALUE",
        Parameter::ClientKey => "a client key; give --client-key KEY",
        Parameter::AppPath => "a path; give --app-path PATH",
        Parameter::AppId => "an app id; give --app-id ARI",
        Parameter::Key => "a key; give --key FILE",
    }
}

/// Returns the time of an option, or the current time.
pub(super) fn time(at: Option<At>) -> SystemTime {
    match at {
        // Tokens have no times before 1970, so an earlier time is treated as 1970.
        Some(At::Time(milliseconds)) => UNIX_EPOCH + Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0)),
        _ => SystemTime::now(),
    }
}

/// Returns the `kid`s under which receivers of Forge and Connect look for the built-in key.
pub(super) const BUILT_IN_KEY_IDS: [&str; 2] = [forge::KEY_ID, connect::KEY_ID];
