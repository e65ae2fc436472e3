//! JSON Web Tokens (RFC 7519) for the schemes that carry one. The library `jsonwebtoken` signs and verifies, with *ring*; times
//! and claims are checked by the schemes, because the time is a parameter, and the algorithm is theirs to choose, never the
//! token's.

mod der;
pub mod keys;
mod provider;
pub(super) mod token;
