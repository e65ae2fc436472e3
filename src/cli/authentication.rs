//! The flags for authentication.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::auth::{ALL, UrlToken};
use crate::profiles::Profile;

use super::parsers::{app_id, auth, auth_help, base_path};
use super::values::AuthChoice;

/// The authentication scheme, for commands that let the user choose one.
#[derive(Clone, Debug, Args)]
pub struct Auth {
    /// The scheme; `None` is the default one if there is a secret.
    #[arg(id = "auth", long, value_name = "SCHEME", help = auth_help(), value_parser = auth(), hide_possible_values = true)]
    pub choice: Option<AuthChoice>,
    /// The token in the URL's query (--auth token); other users of this machine may see it
    #[arg(long, value_name = "NAME=VALUE")]
    pub token: Option<UrlToken>,
    /// The client key of the app's installation, `iss` in its tokens (--auth connect)
    #[arg(long, value_name = "KEY")]
    pub client_key: Option<String>,
    /// The path of the app's base URL, which tokens do not cover (--auth connect)
    #[arg(long, value_name = "PATH", value_parser = base_path)]
    pub app_path: Option<String>,
    /// The id of the app, `aud` in its tokens (--auth forge)
    #[arg(long, value_name = "ARI", value_parser = app_id)]
    pub app_id: Option<String>,
    /// Sign or verify with this RSA key (PEM; to verify also JWKS, repeatable) [default: the public example key of RFC 7515 A.2]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub key: Vec<PathBuf>,
}

impl Auth {
    /// Chooses the scheme of the sender if nothing else is chosen, and if it can do without anything that was not given.
    pub fn default_to(&mut self, profile: &Profile) {
        if self.choice.is_none() && self.token.is_none() {
            let own = ALL.iter().find(|scheme| scheme.name == profile.scheme && scheme.required.is_none());
            self.choice = own.map(|scheme| AuthChoice::Scheme(scheme));
        }
    }
}

/// The secret, for commands that take one.
#[derive(Debug, Args)]
pub struct Secret {
    /// Read the secret from a file (`-` is stdin), without its final line end
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath, conflicts_with = "secret")]
    pub secret_file: Option<PathBuf>,
    /// Use this secret; other users of this machine may see it in the process list [or: CFWH_SECRET]
    #[arg(long, value_name = "S")]
    pub secret: Option<OsString>,
}

/// The secrets, for commands that take several.
#[derive(Debug, Args)]
pub struct Secrets {
    /// Read a secret from a file (`-` is stdin), without its final line end; repeatable, any may match
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub secret_file: Vec<PathBuf>,
    /// Use this secret; repeatable, any may match [or: CFWH_SECRET]
    #[arg(long, value_name = "S")]
    pub secret: Vec<OsString>,
}
