//! The flags for authentication.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::auth::UrlToken;

use super::parsers::{auth, auth_help};
use super::values::AuthChoice;

/// The authentication scheme, for commands that let the user choose one.
#[derive(Clone, Debug, Args)]
pub struct Auth {
    /// The scheme; `None` is the default one if there is a secret.
    #[arg(id = "auth", long, value_name = "SCHEME", help = auth_help(), value_parser = auth(), hide_possible_values = true)]
    pub choice: Option<AuthChoice>,
    /// The token in the query of the URL (--auth token); other users of this machine may see it
    #[arg(long, value_name = "NAME=VALUE")]
    pub token: Option<UrlToken>,
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
