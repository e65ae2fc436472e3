//! Invalid tokens for testing receivers.

use crate::auth::fault::Fault;

pub(super) const MISSING_CREDENTIALS: Fault = Fault::new("missing-credentials", false, "no token in the URL");
pub(super) const EMPTY_TOKEN: Fault = Fault::new("empty-token", true, "an empty token");
pub(super) const WRONG_TOKEN: Fault = Fault::new("wrong-token", true, "a wrong token");
pub(super) const TOKEN_IN_HEADER: Fault =
    Fault::new("token-in-header", true, "the token in an X-Webhook-Token header instead of the URL");
