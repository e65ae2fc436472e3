//! Which authentication scheme a command uses, made of its options. What does not fit the scheme is refused.

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

/// The largest file that is read as a key, in bytes.
const MAX_KEY: usize = 1024 * 1024;

/// What a command knows of a scheme beside the options that all commands have.
#[derive(Clone, Debug, Default)]
pub(super) struct SchemeUse<'a> {
    /// Does it sign, so that it needs one private key?
    pub(super) signs: bool,
    /// The URL that deliveries are sent to.
    pub(super) url: Option<&'a Url>,
    /// How long tokens are valid.
    pub(super) lifetime: Option<Duration>,
}

impl SchemeUse<'_> {
    /// Signs deliveries to this URL.
    pub(super) fn signing_for(url: &Url) -> SchemeUse<'_> {
        SchemeUse { signs: true, url: Some(url), lifetime: None }
    }
}

/// Returns the chosen authentication scheme, or that of the options, with what was given for it; `None` if nothing is
/// authenticated.
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

/// The same with secrets that were read before.
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

/// Returns everything that was given for authentication, whatever the scheme is.
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

/// Says that the built-in key is used, where nothing but a key makes deliveries authentic and none is given.
pub(super) fn name_built_in_key(auth: &cli::Auth, terminal: &mut Terminal) {
    let info = info(auth);
    if !is_off(auth) && info.has_key_set() && auth.key.is_empty() {
        terminal.say(&format!("no --key: tokens are signed with {EXAMPLE}, which everybody has"));
    }
}

/// Reads the keys of a scheme.
fn keys(auth: &cli::Auth, signs: bool) -> anyhow::Result<Vec<RsaKey>> {
    if signs && auth.key.len() > 1 {
        bail!("--key is given more than once, and one key signs: leave out the others");
    }
    let keys = read_keys(&auth.key)?;
    if signs && keys.iter().any(|key| key.signing().is_none()) {
        bail!("--key has no private key, and signing needs one: give a PEM file with PRIVATE KEY");
    }
    Ok(keys)
}

/// Reads files with keys.
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

/// Refuses options that the scheme does not take.
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
            bail!("--auth none uses no {option}: leave out --{option}, or --auth none");
        }
        if !info(auth).takes(parameter) {
            let takers: Vec<_> = ALL.iter().filter(|info| info.takes(parameter)).map(|info| info.name).collect();
            bail!("--{option} is for --auth {}: leave out --{option}, or choose that", takers.join(" and --auth "));
        }
    }
    Ok(())
}

/// Refuses options that are about what other schemes cover. `is_given` has each option, and whether it was given.
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
    bail!("--{option} is for --auth {}: leave it out with --auth {}", others.join(" and --auth "), scheme.name);
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
        Parameter::ClientKey => "a client key: give --client-key KEY",
        Parameter::AppPath => "a path: give --app-path PATH",
        Parameter::AppId => "an app: give --app-id ARI",
        Parameter::Key => "a key: give --key FILE",
    }
}

/// Returns the time of an option, or the present one.
pub(super) fn time(at: Option<At>) -> SystemTime {
    match at {
        // Times before 1970 are no times of tokens: they are as expired as the first of them.
        Some(At::Time(milliseconds)) => UNIX_EPOCH + Duration::from_millis(u64::try_from(milliseconds).unwrap_or(0)),
        _ => SystemTime::now(),
    }
}

/// The `kid`s of the built-in key, by which receivers of Forge and of Connect look for it.
pub(super) const BUILT_IN_KEY_IDS: [&str; 2] = [forge::KEY_ID, connect::KEY_ID];
