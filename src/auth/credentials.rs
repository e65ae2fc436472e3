//! What a scheme is configured with.

use std::time::Duration;

#[cfg(feature = "jwt")]
use super::jwt::keys::RsaKey;
use super::secret::Secret;
use super::url_token::UrlToken;

/// Everything that schemes can be configured with. Each scheme takes what [`SchemeInfo`](super::SchemeInfo) says, and
/// ignores the rest.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// The shared secrets: the first signs, and any of them may verify, as while a secret is rotated.
    pub secrets: Vec<Secret>,
    /// The token in the URL's query.
    pub token: Option<UrlToken>,
    /// The client key of a Connect app's installation, `iss` in its tokens.
    pub client_key: Option<String>,
    /// The path of a Connect app's base URL.
    pub app_path: Option<String>,
    /// The base URL of a Connect app, where it is known.
    pub base_url: Option<String>,
    /// The id of a Forge app, `aud` in its tokens.
    pub app_id: Option<String>,
    /// The keys of tokens that are signed with one: the first signs, and any of them may verify.
    #[cfg(feature = "jwt")]
    pub keys: Vec<RsaKey>,
    /// How long tokens are valid, if not as long as the sender's.
    pub lifetime: Option<Duration>,
}

impl Credentials {
    /// Returns these secrets, and nothing else.
    pub fn from_secrets(secrets: Vec<Secret>) -> Self {
        Self { secrets, ..Self::default() }
    }
}

/// A part of [`Credentials`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameter {
    /// A shared secret.
    Secret,
    /// A token in the URL's query.
    Token,
    /// The client key of a Connect app.
    ClientKey,
    /// The path of a Connect app's base URL.
    AppPath,
    /// The id of a Forge app.
    AppId,
    /// An RSA key.
    Key,
}

impl Parameter {
    /// Returns the option that sets it, without its dashes.
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
