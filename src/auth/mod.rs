//! How senders authenticate deliveries. A [`Scheme`] signs and verifies whole requests and brings everything else that
//! depends on it: why a delivery is rejected, which faults can be simulated, and how a receiver is tested for it.
//!
//! Adding a scheme: one file or folder here, and one line in [`ALL`].

#[cfg(feature = "jwt")]
mod authorization;
pub mod cases;
#[cfg(feature = "jwt")]
pub mod connect;
mod credentials;
mod explanation;
mod fault;
pub mod faults;
#[cfg(feature = "jwt")]
pub mod forge;
pub mod hub_signature;
#[cfg(feature = "jwt")]
pub mod jwt;
mod scheme;
pub mod secret;
pub mod token;
#[cfg(feature = "jwt")]
mod token_checks;
mod url_token;
mod verdict;

pub use credentials::{Credentials, Parameter};
pub use explanation::{Cause, Effort, Explanation, Searched};
pub use fault::{Fault, FaultHandling};
pub use scheme::{Scheme, SchemeInfo};
pub use url_token::{UrlToken, UrlTokenError};
pub use verdict::{Rejection, RejectionKind, Verdict};

/// All schemes, the default first.
pub static ALL: &[&SchemeInfo] = &[
    &hub_signature::INFO,
    #[cfg(feature = "jwt")]
    &connect::INFO,
    #[cfg(feature = "jwt")]
    &forge::INFO,
    &token::INFO,
];

/// Returns the scheme that is used unless another is chosen.
pub fn default_scheme() -> &'static SchemeInfo {
    ALL[0]
}
