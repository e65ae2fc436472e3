//! One delivery to one endpoint: a single POST, no redirects, no retries, as Confluence does.

use std::error::Error;
use std::io::{self, Read};
use std::net::IpAddr;
use std::time::{Duration, Instant};

use reqwest::blocking::Client;
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Url, redirect};

use crate::models::delivery::{Delivery, Headers, Reply};

/// What of a reply is read. Nobody looks at more than its first lines, and an endpoint may send without end.
pub const REPLY_CAP: u64 = 64 * 1024;

/// Names us where a delivery does not name its sender itself.
pub const USER_AGENT: &str = concat!("cfwh/", env!("CARGO_PKG_VERSION"));

/// Where deliveries are sent.
#[derive(Debug)]
pub struct Endpoint {
    url: Url,
    client: Client,
    timeout: Duration,
}

/// Why there was no reply.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The URL cannot be used.
    #[error("`{url}` is no URL to send to: {reason}")]
    Url {
        /// As given.
        url: String,
        /// Why not.
        reason: String,
    },
    /// A header cannot be sent.
    #[error("the header `{0}` cannot be sent: its name or value has characters that HTTP does not allow")]
    Header(String),
    /// Nobody listens there.
    #[error("the connection was refused: is the receiver running?")]
    Refused,
    /// The name has no address, the address no route, the certificate no trust.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// The time was up.
    #[error("no answer within {}", seconds(*.0))]
    Timeout(Duration),
    /// The connection ended in the middle.
    #[error("the connection was closed before an answer came")]
    Closed,
    /// What came is not HTTP.
    #[error("what came back is not HTTP")]
    NotHttp,
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}

/// Reads the URL of an endpoint: `http` or `https`, with a host.
///
/// # Errors
/// When it is anything else; the error says what to write.
pub fn parse_url(text: &str) -> Result<Url, SendError> {
    let error = |reason: String| SendError::Url { url: text.to_owned(), reason };
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        _ if !text.contains("://") => Err(error(format!("the scheme is missing; did you mean http://{text}?"))),
        Ok(url) => Err(error(format!("`{}` is neither http nor https", url.scheme()))),
        Err(reason) => Err(error(reason.to_string())),
    }
}

/// Is this the machine itself: `localhost`, 127.0.0.0/8 or `[::1]`?
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
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

impl Endpoint {
    /// An endpoint whose every answer must be whole within `timeout`. Proxies from the environment are used, but not for
    /// the machine itself.
    ///
    /// # Errors
    /// When no client can be made, because the system's certificates cannot be read for example.
    pub fn new(url: Url, timeout: Duration) -> Result<Self, SendError> {
        // An error only says that a provider is there already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = Client::builder()
            .timeout(timeout)
            .redirect(redirect::Policy::none())
            .http1_title_case_headers()
            .user_agent(USER_AGENT)
            .tcp_nodelay(true);
        if is_loopback(&url) {
            client = client.no_proxy();
        }
        if url.scheme() == "http" {
            // Reading the system's certificates takes longer than everything else, and nothing needs them here.
            client = client.tls_certs_only([]);
        }
        let client = client.build().map_err(|error| SendError::Other(chain(&error)))?;
        Ok(Self { url, client, timeout })
    }

    /// Where deliveries go.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// Sends one delivery to `url`, which is this endpoint's or one that differs in its path, and reads the reply. Fields
    /// that belong to one connection are dropped; the body goes as it is.
    ///
    /// # Errors
    /// When no whole answer comes.
    pub fn deliver(&self, url: &Url, delivery: &Delivery) -> Result<Reply, SendError> {
        let headers = outgoing(delivery.headers());
        let mut request = self.client.post(url.clone()).body(delivery.shared_body());
        for (name, value) in headers.iter() {
            let error = || SendError::Header(name.to_owned());
            let field = HeaderName::from_bytes(name.as_bytes()).map_err(|_| error())?;
            request = request.header(field, HeaderValue::from_bytes(value).map_err(|_| error())?);
        }
        let start = Instant::now();
        let mut response = request.send().map_err(|error| self.explain(&error))?;
        let mut body = Vec::new();
        // A body that breaks off leaves an answer all the same: the status came.
        if let Err(error) = response.by_ref().take(REPLY_CAP).read_to_end(&mut body)
            && is_timeout(&error)
        {
            return Err(SendError::Timeout(self.timeout));
        }
        Ok(Reply { status: response.status().as_u16(), body, elapsed: start.elapsed() })
    }

    fn explain(&self, error: &reqwest::Error) -> SendError {
        if error.is_timeout() {
            return SendError::Timeout(self.timeout);
        }
        for cause in causes(error) {
            if let Some(hyper) = cause.downcast_ref::<hyper::Error>() {
                if hyper.is_parse() {
                    return SendError::NotHttp;
                }
                if hyper.is_incomplete_message() || hyper.is_canceled() {
                    return SendError::Closed;
                }
            }
            match cause.downcast_ref::<io::Error>().map(io::Error::kind) {
                Some(io::ErrorKind::ConnectionRefused) => return SendError::Refused,
                Some(
                    io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::BrokenPipe
                    | io::ErrorKind::UnexpectedEof,
                ) => return SendError::Closed,
                _ => {}
            }
        }
        let last = causes(error).last().map_or_else(|| error.to_string(), ToString::to_string);
        if error.is_connect() { SendError::Connect(last) } else { SendError::Other(last) }
    }
}

/// The error and what caused it, outermost first.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// Was it the time that ended reading a reply? reqwest wraps its own error into one of I/O, of the kind `Other`.
fn is_timeout(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
    error.kind() == io::ErrorKind::TimedOut || inner.is_some_and(reqwest::Error::is_timeout)
}

fn chain(error: &(dyn Error + 'static)) -> String {
    causes(error).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

fn outgoing(headers: &Headers) -> Headers {
    let mut headers = headers.clone();
    headers.drop_hop_by_hop();
    headers
}

/// The request that [`Endpoint::deliver`] sends, byte for byte as it goes over HTTP/1.1 (a test compares the two). Fields
/// of one name go together, and what the connection needs goes last.
#[must_use]
pub fn request(url: &Url, delivery: &Delivery) -> Vec<u8> {
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut request = format!("POST {}{query} HTTP/1.1\r\n", url.path()).into_bytes();
    let mut headers = together(&outgoing(delivery.headers()));
    headers.append("Content-Length", delivery.body().len().to_string());
    for (name, value) in [("Accept", "*/*"), ("User-Agent", USER_AGENT)] {
        if headers.get(name).is_none() {
            headers.append(name, value);
        }
    }
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    headers.append("Host", format!("{}{port}", url.host_str().unwrap_or_default()));
    for (name, value) in headers.iter() {
        request.extend_from_slice(title_case(name).as_bytes());
        request.extend_from_slice(b": ");
        request.extend_from_slice(value);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    request.extend_from_slice(delivery.body());
    request
}

/// Fields of one name in the place of the first of them.
fn together(headers: &Headers) -> Headers {
    let mut grouped = Headers::new();
    for (name, _) in headers.iter() {
        if grouped.get(name).is_none() {
            headers.all(name).for_each(|value| grouped.append(name, value));
        }
    }
    grouped
}

/// `x-hub-signature` as `X-Hub-Signature`.
fn title_case(name: &str) -> String {
    let mut start = true;
    name.chars()
        .map(|c| {
            let cased = if start { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
            start = c == '-';
            cased
        })
        .collect()
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
