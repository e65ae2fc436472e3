//! The URL of an endpoint, and the parts that are shown, stored and sent.

use std::fmt;
use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
pub use reqwest::Url;

use super::error::SendError;

/// The placeholder for an event's name in a URL.
pub const EVENT_PLACEHOLDER: &str = "{event}";
/// The placeholder as it is encoded in the path of a parsed URL.
const ENCODED_PLACEHOLDER: &str = "%7Bevent%7D";

/// A URL that may contain `{event}` in its path or query.
#[derive(Clone, Debug)]
pub struct UrlTemplate(Url);

impl UrlTemplate {
    /// Parses the URL of an endpoint: `http` or `https`, with a host, and with `{event}` only after the host.
    ///
    /// # Errors
    /// Returns an error with advice. It never contains the password of the URL.
    pub fn parse(text: &str) -> Result<Self, SendError> {
        let host_and_path = text.rsplit_once('@').map_or(text, |(_, rest)| rest);
        let error = |reason| SendError::Url { url: host_and_path.to_owned(), reason };
        match Url::parse(text) {
            Ok(url) if url.host_str().is_some_and(|host| host.contains(EVENT_PLACEHOLDER)) => {
                Err(error(format!("{EVENT_PLACEHOLDER} is allowed in the path of a URL, but not in its host")))
            }
            Ok(url) if matches!(url.scheme(), "http" | "https") => match placeholder(host_and_path) {
                Some(other) => Err(error(format!(
                    "`{other}` is not a placeholder; use {EVENT_PLACEHOLDER}, or write a brace as %7B or %7D"
                ))),
                None => Ok(Self(url)),
            },
            _ if text.parse::<u16>().is_ok() => {
                Err(error(format!("it is only a port; did you mean http://localhost:{text}?")))
            }
            _ if !text.contains("://") => {
                Err(error(format!("the scheme is missing; did you mean http://{host_and_path}?")))
            }
            Ok(url) => Err(error(format!("the scheme `{}` is not http or https", url.scheme()))),
            Err(reason) => Err(error(reason.to_string())),
        }
    }

    /// Returns whether the URL depends on the event.
    pub fn has_placeholder(&self) -> bool {
        let query = self.0.query().unwrap_or_default();
        self.0.path().contains(ENCODED_PLACEHOLDER) || query.contains(EVENT_PLACEHOLDER)
    }

    /// Returns the URL for an event.
    pub fn url_for(&self, event: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&self.0.path().replace(ENCODED_PLACEHOLDER, event));
        url.set_query(self.0.query().map(|query| query.replace(EVENT_PLACEHOLDER, event)).as_deref());
        url
    }

    /// Returns the URL with the placeholder. The URLs for events differ from it only in path and query.
    pub const fn url(&self) -> &Url {
        &self.0
    }
}

/// Shows the template without its credentials.
impl fmt::Display for UrlTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&without_credentials(&self.0).as_str().replace(ENCODED_PLACEHOLDER, EVENT_PLACEHOLDER))
    }
}

/// Returns a part of a URL that looks like a placeholder but is not `{event}`.
fn placeholder(url: &str) -> Option<String> {
    let rest = url.replace(EVENT_PLACEHOLDER, "");
    let start = rest.find(['{', '}'])?;
    let end = rest[start..].find('}').map_or(rest.len(), |end| start + end + 1);
    Some(rest[start..end].to_owned())
}

/// Returns whether a URL points to this machine: `localhost`, 127.0.0.0/8 or `[::1]`.
pub fn is_loopback(url: &Url) -> bool {
    let host = host(url);
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Returns the host name or address, without the brackets of IPv6.
pub fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
}

/// Returns a URL without user and password, to show and store.
pub fn without_credentials(url: &Url) -> Url {
    let mut url = url.clone();
    // Both fail only for URLs that cannot have credentials.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url
}

/// The headers that authenticated the sender of a captured delivery to its original receiver.
pub const FOREIGN_CREDENTIALS: [&str; 2] = ["Authorization", "Cookie"];

/// Returns whether a header of this name replaces the user and password of a URL.
pub fn replaces_credentials(name: &str) -> bool {
    name.eq_ignore_ascii_case("Authorization")
}

/// Returns the `Authorization` value for the user and password of a URL: basic authentication (RFC 7617).
pub fn authorization(url: &Url) -> Option<String> {
    let decode = |text| percent_decode_str(text).collect::<Vec<u8>>();
    let (user, password) = (decode(url.username()), url.password().map(decode));
    if user.is_empty() && password.is_none() {
        return None;
    }
    Some(format!("Basic {}", STANDARD.encode([user, password.unwrap_or_default()].join(&b':'))))
}

/// Returns the `Host` value for a URL. It contains the port unless it is the default port of the scheme.
pub fn authority(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or_default())
}

/// Returns a URL with another path and query.
pub fn with_target(url: &Url, target: &str) -> Url {
    let (path, query) = target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
    let mut url = url.clone();
    url.set_path(path);
    url.set_query(query);
    url
}

/// Returns the path and query of a URL.
pub fn target(url: &Url) -> String {
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}{query}", url.path())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> UrlTemplate {
        UrlTemplate::parse(text).expect("a URL")
    }

    #[test]
    fn a_url_without_a_scheme_gets_a_suggestion() {
        for text in ["localhost:8080/x", "127.0.0.1:8080", "example.com/hook"] {
            let error = UrlTemplate::parse(text).expect_err("it has no scheme").to_string();
            assert!(error.ends_with(&format!("did you mean http://{text}?")), "{error}");
        }
        let error = UrlTemplate::parse("ftp://me:hunter2@h/x").expect_err("it is not http").to_string();
        assert_eq!(error, "cannot send to `h/x`: the scheme `ftp` is not http or https");
        assert!(UrlTemplate::parse("http://").is_err());
    }

    #[test]
    fn the_placeholder_is_replaced_after_the_host() {
        let template = parse("http://me:hunter2@127.0.0.1:3000/hooks/{event}?about={event}");
        assert!(template.has_placeholder());
        assert_eq!(target(&template.url_for("page_moved")), "/hooks/page_moved?about=page_moved");
        assert_eq!(template.to_string(), "http://127.0.0.1:3000/hooks/{event}?about={event}");
        assert!(!parse("http://127.0.0.1/hooks").has_placeholder());
        assert!(UrlTemplate::parse("http://{event}.example.com/").is_err());
        assert!(UrlTemplate::parse("127.0.0.1/{event}").is_err());
    }

    #[test]
    fn other_braces_are_refused() {
        for (url, brace) in [
            ("http://h/{evnt}", "`{evnt}`"),
            ("http://u:p@h/{event}/{Event}?x", "`{Event}`"),
            ("http://h/?a={", "`{`"),
            ("http://h/x}y", "`}`"),
            ("http://h/{{event}}", "`{}`"),
            ("http://h/#{x}", "`{x}`"),
        ] {
            let error = UrlTemplate::parse(url).expect_err("it has another brace").to_string();
            assert!(error.contains(&format!("{brace} is not a placeholder")) && !error.contains("u:p"), "{error}");
        }
        assert_eq!(target(&parse("http://h/%7Bx%7D").url_for("page_moved")), "/%7Bx%7D");
    }

    #[test]
    fn this_machine_is_loopback() {
        let is_loopback = |text: &str| is_loopback(parse(text).url());
        assert!(
            is_loopback("http://localhost/") && is_loopback("http://127.9.9.9:1/") && is_loopback("http://[::1]:80/")
        );
        assert!(!is_loopback("http://127.0.0.1.example.com/") && !is_loopback("https://10.0.0.1/"));
    }
}
