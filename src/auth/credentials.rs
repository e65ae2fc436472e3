//! The credentials of a scheme.

use std::time::Duration;

#[cfg(feature = "jwt")]
use super::jwt::keys::RsaKey;
use super::secret::Secret;
use super::url_token::UrlToken;

/// The credentials of all schemes. Each scheme uses the parameters that its [`SchemeInfo`](super::SchemeInfo) lists, and
/// ignores the others.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// The shared secrets. The first one signs; each of them may verify, so that a secret can be rotated.
    pub secrets: Vec<Secret>,
    /// The token in the query of the URL.
    pub token: Option<UrlToken>,
    /// The client key of a Connect installation: `iss` in its tokens.
    pub client_key: Option<String>,
    /// The path of the base URL of a Connect app.
    pub app_path: Option<String>,
    /// The base URL of a Connect app, if known.
    pub base_url: Option<String>,
    /// The id of a Forge app: `aud` in its tokens.
    pub app_id: Option<String>,
    /// The RSA keys. The first one signs; each of them may verify.
    #[cfg(feature = "jwt")]
    pub keys: Vec<RsaKey>,
    /// The lifetime of tokens. `None` means the lifetime that the sender uses.
    pub lifetime: Option<Duration>,
}

impl Credentials {
    /// Returns credentials that consist of these secrets.
    pub fn from_secrets(secrets: Vec<Secret>) -> Self {
        Self { secrets, ..Self::default() }
    }
}

/// One field of [`Credentials`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// A shared secret.
    Secret,
    /// A token in the query of the URL.
    Token,
    /// The client key of a Connect app.
    ClientKey,
    /// The path of the base URL of a Connect app.
    AppPath,
    /// The id of a Forge app.
    AppId,
    /// An RSA key.
    Key,
}

impl Parameter {
    /// Returns the command-line option that sets it, without dashes.
    pub const fn option(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Token => "token",
            Self::ClientKey => "client-key",
            Self::AppPath => "app-path",
            Self::AppId => "app-id",
            Self::Key => "key",
        }
    }
}
