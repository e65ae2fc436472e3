//! How senders authenticate deliveries.
//!
//! A [`Scheme`] signs and verifies whole requests. It also explains why verification fails, injects faults, and lists probe
//! cases for receivers.
//!
//! To add a scheme, add a file or folder here and a line to [`ALL`].

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

/// All schemes. The default scheme is first.
pub static ALL: &[&SchemeInfo] = &[
    &hub_signature::INFO,
    #[cfg(feature = "jwt")]
    &connect::INFO,
    #[cfg(feature = "jwt")]
    &forge::INFO,
    &token::INFO,
];

/// Returns the default scheme, `hmac`.
pub fn default_scheme() -> &'static SchemeInfo {
    ALL[0]
}
