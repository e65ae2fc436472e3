//! What a scheme is configured with.

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
}

impl Parameter {
    /// Returns the option that sets it, without its dashes.
    pub const fn option(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Token => "token",
        }
    }
}
