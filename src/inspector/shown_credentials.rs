//! Hides credentials. Signatures are shown, because a signature is valid for one body only.

use std::borrow::Cow;

use crate::client::url;
use crate::models::recorded_response::HeaderField;
use crate::models::request::Headers;

use super::inspection::Inspection;

/// The replacement of credentials.
const HIDDEN: &str = "[redacted]";
/// Parts of names that indicate credentials.
const NAMES: [&str; 9] = ["token", "secret", "password", "passwd", "api-key", "apikey", "api_key", "session", "csrf"];

/// The audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// The user on this machine. Tokens are shown, because they help to explain a rejection.
    LocalUser,
    /// Anyone with a saved page.
    SavedPage,
}

/// Returns the replacement of a header value, or `None` if the value may be shown.
fn hidden(name: &str, value: &str, shown: Audience) -> Option<String> {
    let name = name.to_ascii_lowercase();
    if name.ends_with("authorization") {
        let (scheme, credentials) = value.split_once(' ').unwrap_or(("", value));
        let is_shown = shown == Audience::LocalUser && !scheme.eq_ignore_ascii_case("basic") && !scheme.is_empty();
        return (!is_shown && !credentials.is_empty()).then(|| format!("{scheme} {HIDDEN}").trim_start().to_owned());
    }
    let is_credential = name.contains("cookie") || NAMES.iter().any(|part| name.contains(part));
    is_credential.then(|| HIDDEN.to_owned())
}

/// Returns header fields without credentials.
pub(super) fn without_credentials(headers: &Headers, shown: Audience) -> Headers {
    let field = |(name, value): (&str, &[u8])| {
        let hidden = hidden(name, &String::from_utf8_lossy(value), shown);
        (name.to_owned(), hidden.map_or_else(|| value.to_vec(), String::into_bytes))
    };
    headers.iter().map(field).collect()
}

/// Hides the credentials of a delivery.
pub(super) fn hide_credentials(inspection: &mut Inspection, shown: Audience) {
    let request = &mut inspection.request.request;
    *request.headers_mut() = without_credentials(request.headers(), shown);
    let hide = |field: &mut HeaderField<'static>| {
        if let Some(value) = hidden(&field.name, &field.value, shown) {
            field.value = value.into();
        }
    };
    if let Some(response) = &mut inspection.response {
        response.headers.iter_mut().for_each(hide);
    }
    for forward in &mut inspection.forwarded {
        forward.url = Cow::Owned(shown_url(&forward.url, inspection.summary.event.as_deref()));
    }
}

/// Returns a URL without its user, password and query values, because any of them may be a secret. Event names are kept.
fn shown_url(text: &str, event: Option<&str>) -> String {
    let (rest, query) = text.split_once('?').map_or((text, None), |(rest, query)| (rest, Some(query)));
    let rest = url::Url::parse(rest).map_or_else(
        |_| rest.to_owned(),
        |parsed| match parsed.username() {
            "" if parsed.password().is_none() => rest.to_owned(),
            _ => url::without_credentials(&parsed).into(),
        },
    );
    let Some(query) = query else { return rest };
    let parameter = |parameter: &str| match parameter.split_once('=') {
        Some((name, value)) if !value.is_empty() && Some(value) != event => format!("{name}={HIDDEN}"),
        _ => parameter.to_owned(),
    };
    format!("{rest}?{}", query.split('&').map(parameter).collect::<Vec<_>>().join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_hidden_and_signatures_are_not() {
        use Audience::{LocalUser, SavedPage};
        for (name, value, shown, expected) in [
            ("Cookie", "sid=1", LocalUser, Some("[redacted]")),
            ("Set-Cookie", "sid=1", LocalUser, Some("[redacted]")),
            ("X-Api-Key", "1", LocalUser, Some("[redacted]")),
            ("authorization", "Basic dTpw", LocalUser, Some("Basic [redacted]")),
            ("Proxy-Authorization", "dTpw", LocalUser, Some("[redacted]")),
            ("Authorization", "JWT a.b.c", LocalUser, None),
            ("Authorization", "JWT a.b.c", SavedPage, Some("JWT [redacted]")),
            ("Authorization", "", SavedPage, None),
            ("X-Hub-Sig", "sha256=00", SavedPage, None),
            ("Content-Type", "application/json", SavedPage, None),
        ] {
            assert_eq!(hidden(name, value, shown).as_deref(), expected, "{name}: {value}");
        }
    }

    #[test]
    fn only_the_event_stays_of_the_query_of_an_endpoint() {
        let shown = |url| shown_url(url, Some("page_created"));
        assert_eq!(shown("http://u:p@h:1/a?k=1&e=page_created&x&y="), "http://h:1/a?k=[redacted]&e=page_created&x&y=");
        assert_eq!(shown("http://h/a"), "http://h/a");
    }
}
