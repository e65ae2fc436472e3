//! Tokens that no receiver should accept.

use crate::auth::fault::Fault;

pub(super) const MISSING_CREDENTIALS: Fault = Fault::new("missing-credentials", false, "no token in the URL");
pub(super) const EMPTY_TOKEN: Fault = Fault::new("empty-token", true, "a token without a value");
pub(super) const WRONG_TOKEN: Fault = Fault::new("wrong-token", true, "another value of the token");
pub(super) const TOKEN_IN_HEADER: Fault =
    Fault::new("token-in-header", true, "the token in the header X-Webhook-Token instead of the URL");
