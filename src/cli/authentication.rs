//! The options for authentication.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::auth::{ALL, UrlToken};
use crate::profiles::Profile;

use super::parsers::{app_id, auth, auth_help, base_path};
use super::values::AuthChoice;

/// The options that choose an authentication scheme.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Authentication")]
pub struct Auth {
    /// The scheme; `None` is the default scheme if a secret is given.
    #[arg(id = "auth", long, value_name = "SCHEME", help = auth_help(), value_parser = auth(), hide_possible_values = true)]
    pub choice: Option<AuthChoice>,
    /// Send or expect this token in the URL's query (--auth token); visible to other users of this machine
    #[arg(long, value_name = "NAME=VALUE")]
    pub token: Option<UrlToken>,
    /// Use this client key, the `iss` of the app's tokens (--auth connect)
    #[arg(long, value_name = "KEY")]
    pub client_key: Option<String>,
    /// Do not sign this path of the app's base URL (--auth connect)
    #[arg(long, value_name = "PATH", value_parser = base_path)]
    pub app_path: Option<String>,
    /// Use this app id, the `aud` of its tokens (--auth forge)
    #[arg(long, value_name = "ARI", value_parser = app_id)]
    pub app_id: Option<String>,
    /// Sign or verify with this RSA key, a PEM file; verification also takes JWKS files, repeatable [default: the public example key of RFC 7515 A.2]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub key: Vec<PathBuf>,
}

impl Auth {
    /// Chooses the sender's scheme if the user chose none and the scheme needs no credentials.
    pub fn default_to(&mut self, profile: &Profile) {
        if self.choice.is_none() && self.token.is_none() {
            let own = ALL.iter().find(|scheme| scheme.name == profile.scheme && scheme.required.is_none());
            self.choice = own.map(|scheme| AuthChoice::Scheme(scheme));
        }
    }
}

/// The option for one secret.
#[derive(Debug, Args)]
#[command(next_help_heading = "Authentication")]
pub struct Secret {
    /// Read the secret from this file, or from stdin if `-`; one final line end is ignored
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, conflicts_with = "secret")]
    pub secret_file: Option<PathBuf>,
    /// Use this secret; visible to other users of this machine in the process list [env: CFWH_SECRET]
    #[arg(long, value_name = "S")]
    pub secret: Option<OsString>,
}

/// The option for several secrets.
#[derive(Debug, Args)]
#[command(next_help_heading = "Authentication")]
pub struct Secrets {
    /// Read a secret from this file, or from stdin if `-`; one final line end is ignored; repeatable, any secret may match
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub secret_file: Vec<PathBuf>,
    /// Use this secret; repeatable, any secret may match [env: CFWH_SECRET]
    #[arg(long, value_name = "S")]
    pub secret: Vec<OsString>,
}
