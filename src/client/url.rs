//! The URL of an endpoint: how it is read, shown and written into a request.

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
pub use reqwest::Url;

use super::endpoint::SendError;

/// Reads the URL of an endpoint: `http` or `https`, with a host.
///
/// # Errors
/// When it is anything else; the error says what to write.
pub fn parse_url(text: &str) -> Result<Url, SendError> {
    let error = |reason| no_url(text, reason);
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        _ if !text.contains("://") => {
            let meant = without_user(text);
            Err(error(format!("the scheme is missing; did you mean http://{meant}?")))
        }
        Ok(url) => Err(error(format!("`{}` is neither http nor https", url.scheme()))),
        Err(reason) => Err(error(reason.to_string())),
    }
}

/// What is wrong with the URL of an endpoint. A password in it is not repeated.
pub(super) fn no_url(text: &str, reason: String) -> SendError {
    SendError::Url { url: without_user(text).to_owned(), reason }
}

fn without_user(text: &str) -> &str {
    text.rsplit_once('@').map_or(text, |(_, rest)| rest)
}

/// Is this the machine itself: `localhost`, 127.0.0.0/8 or `[::1]`?
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// What the user and the password of a URL become on the wire: HTTP's basic authentication (RFC 7617).
#[must_use]
pub fn authorization(url: &Url) -> Option<String> {
    let decoded = |text| percent_decode_str(text).collect::<Vec<u8>>();
    let user = decoded(url.username());
    let password = url.password().map(decoded);
    if user.is_empty() && password.is_none() {
        return None;
    }
    Some(format!("Basic {}", STANDARD.encode([user, password.unwrap_or_default()].join(&b':'))))
}

/// A URL as it may be shown: a user and a password in it are left out.
#[must_use]
pub fn without_credentials(url: &Url) -> Url {
    let mut url = url.clone();
    // Both fail only for URLs that can have none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// What stands in `Host`: the port only where it is not the scheme's own.
#[must_use]
pub fn authority(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or_default())
}

/// Path and query.
#[must_use]
pub fn target(url: &Url) -> String {
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}{query}", url.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_without_a_scheme_is_answered_with_one_that_has() {
        for text in ["localhost:8080/x", "127.0.0.1:8080", "example.com/hook"] {
            let error = parse_url(text).expect_err("it has no scheme").to_string();
            assert!(error.ends_with(&format!("did you mean http://{text}?")), "{error}");
        }
        assert!(parse_url("ftp://example.com").expect_err("not http").to_string().contains("neither http nor https"));
        assert!(parse_url("http://").is_err());
    }

    #[test]
    fn the_machine_itself_is_loopback() {
        let loopback = |text: &str| is_loopback(&parse_url(text).expect("a URL"));
        assert!(loopback("http://localhost/") && loopback("http://127.9.9.9:1/") && loopback("http://[::1]:80/"));
        assert!(!loopback("http://127.0.0.1.example.com/") && !loopback("https://10.0.0.1/"));
    }
}
