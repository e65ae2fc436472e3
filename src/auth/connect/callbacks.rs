//! The callbacks about the life of an installation: their bodies, and how they are signed.
//!
//! Source: Atlassian's documentation of the app descriptor (`lifecycle`). The site and the app are invented.

use serde::Deserialize;
use serde_json::json;

use crate::auth::secret::Secret;

const INSTALLED: &str = "installed";
const UNINSTALLED: &str = "uninstalled";

/// All of them, by the name of their `eventType`.
pub(super) static NAMES: [&str; 4] = [INSTALLED, "enabled", "disabled", UNINSTALLED];

/// Is a callback signed with a key of Atlassian? When these are received, the secret is not known yet or no longer.
pub(super) fn is_signed_with_key(name: &str) -> bool {
    [INSTALLED, UNINSTALLED].contains(&name)
}

/// Returns the body of a callback. `installed` tells the receiver the secret, so there is none if the secret is no text.
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

/// What a body is about, as far as tokens depend on it.
#[derive(Default)]
pub(super) struct TokenSubject {
    /// The user that it names.
    pub(super) account: Option<String>,
    /// The callback that it is.
    pub(super) callback: Option<&'static str>,
}

/// Reads what a body is about.
pub(super) fn subject(body: &[u8]) -> TokenSubject {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Members {
        user_account_id: Option<String>,
        client_key: Option<String>,
        event_type: Option<String>,
    }
    let Ok(members) = serde_json::from_slice::<Members>(body) else { return TokenSubject::default() };
    // Only a callback says for which installation it is.
    let name = members.event_type.filter(|_| members.client_key.is_some());
    let callback = NAMES.into_iter().find(|callback| name.as_deref() == Some(*callback));
    TokenSubject { account: members.user_account_id, callback }
}
