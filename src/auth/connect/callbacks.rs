//! Lifecycle callbacks of an installation: their bodies, and how they are signed.
//!
//! Source: Atlassian's documentation of the app descriptor (`lifecycle`). The site and the app are made up.

use serde::Deserialize;
use serde_json::json;

use crate::auth::secret::Secret;

const INSTALLED: &str = "installed";
const UNINSTALLED: &str = "uninstalled";

/// The callbacks, by their `eventType`.
pub(super) static NAMES: [&str; 4] = [INSTALLED, "enabled", "disabled", UNINSTALLED];

/// Returns whether a key of Atlassian signs the callback. The receiver does not have the secret at that time.
pub(super) fn is_signed_with_key(name: &str) -> bool {
    [INSTALLED, UNINSTALLED].contains(&name)
}

/// Returns the body of a callback. `installed` contains the secret, so it returns `None` if the secret is not text.
pub(super) fn body(name: &str, client_key: &str, secret: &Secret) -> Option<Vec<u8>> {
    let mut body = json!({
        "key": "com.example.demo",
        "clientKey": client_key,
        "sharedSecret": std::str::from_utf8(secret.bytes()).ok(),
        "serverVersion": "6452",
        "pluginsVersion": "1000.0.0.example",
        "baseUrl": "https://example.atlassian.net/wiki",
        "productType": "confluence",
        "description": "Atlassian Confluence at https://example.atlassian.net/wiki",
        "eventType": name,
    });
    if name != INSTALLED {
        body.as_object_mut()?.shift_remove("sharedSecret");
    } else if body["sharedSecret"].is_null() {
        return None;
    }
    Some(body.to_string().into_bytes())
}

/// The parts of a body that its token depends on.
#[derive(Default)]
pub(super) struct TokenSubject {
    /// The user in the body.
    pub(super) account: Option<String>,
    /// The callback, if the body is one.
    pub(super) callback: Option<&'static str>,
}

/// Reads the parts of a body that its token depends on.
pub(super) fn subject(body: &[u8]) -> TokenSubject {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Members {
        user_account_id: Option<String>,
        client_key: Option<String>,
        event_type: Option<String>,
    }
    let Ok(members) = serde_json::from_slice::<Members>(body) else { return TokenSubject::default() };
    // Only a callback names its installation.
    let name = members.event_type.filter(|_| members.client_key.is_some());
    let callback = NAMES.into_iter().find(|callback| name.as_deref() == Some(*callback));
    TokenSubject { account: members.user_account_id, callback }
}
