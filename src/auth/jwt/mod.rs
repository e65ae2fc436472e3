//! JSON Web Tokens (RFC 7519).
//!
//! The `jsonwebtoken` crate signs and verifies, with *ring*. The schemes check times and claims themselves, because the time is a
//! parameter. They also choose the algorithm; a token never does.

mod der;
pub mod keys;
mod provider;
pub(super) mod token;
