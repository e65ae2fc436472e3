//! How senders authenticate deliveries. A [`Scheme`] signs and verifies whole requests and brings everything else that
//! depends on it: why a delivery is rejected, which faults can be simulated, and how a receiver is tested for it.
//!
//! Adding a scheme: one file or folder here, and one line in [`ALL`].

pub mod cases;
mod credentials;
mod explanation;
mod fault;
pub mod faults;
pub mod hub_signature;
mod scheme;
pub mod secret;
pub mod token;
mod url_token;
mod verdict;

pub use credentials::{Credentials, Parameter};
pub use explanation::{Cause, Effort, Explanation, Searched};
pub use fault::Fault;
pub use scheme::{Scheme, SchemeInfo};
pub use url_token::{UrlToken, UrlTokenError};
pub use verdict::{Rejection, RejectionKind, Verdict};

/// All schemes, the default first.
pub static ALL: &[&SchemeInfo] = &[&hub_signature::INFO, &token::INFO];

/// Returns the scheme that is used unless another is chosen.
pub fn default_scheme() -> &'static SchemeInfo {
    ALL[0]
}
