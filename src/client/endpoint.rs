//! One delivery to one endpoint: a single POST, no redirects, no retries, as Confluence does.

use std::error::Error;
use std::io::{self, Read};
use std::time::{Duration, Instant};

use reqwest::blocking::{self, Client, ClientBuilder};
use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, redirect};

use crate::models::request::{Headers, Request};
use crate::models::response::Response;

use super::tls::{Trust, TrustError};
use super::url::{Url, authority, is_loopback, target};

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
    /// The name has no address, or the address no route.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// The endpoint's certificate is not trusted.
    #[error("{0}")]
    Certificate(String),
    /// TLS cannot be prepared at our end.
    #[error(transparent)]
    Trust(#[from] TrustError),
    /// The time was up.
    #[error("no answer within {}", seconds(*.0))]
    Timeout(Duration),
    /// The time was up in the middle of the answer.
    #[error("{status} came, but its body did not end within {}", seconds(*.after))]
    Endless {
        /// The status that came.
        status: u16,
        /// How long was waited in all.
        after: Duration,
    },
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

impl Endpoint {
    /// An endpoint whose every answer must be whole within `timeout`. Proxies from the environment are used, but not for
    /// the machine itself.
    ///
    /// # Errors
    /// When no client can be made, because the system's certificates cannot be read for example.
    pub fn new(url: Url, timeout: Duration) -> Result<Self, SendError> {
        Self::trusting(url, timeout, &Trust::System)
    }

    /// The same, with a say in which certificates are trusted.
    ///
    /// # Errors
    /// As [`Endpoint::new`].
    pub fn trusting(url: Url, timeout: Duration, trust: &Trust) -> Result<Self, SendError> {
        let client = client(&url, timeout, trust, &ClientBuilder::http1_title_case_headers)?;
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
    pub fn deliver(&self, url: &Url, delivery: &Request) -> Result<Response, SendError> {
        let mut request = blocking::Request::new(Method::POST, url.clone());
        *request.headers_mut() = header_map(&host(url)?, delivery)?;
        *request.body_mut() = Some(delivery.shared_body().into());
        execute(&self.client, request, self.timeout, Instant::now())
    }
}

/// A client that follows nothing, with what `shape` adds to it.
pub(super) fn client(
    url: &Url,
    timeout: Duration,
    trust: &Trust,
    shape: &dyn Fn(ClientBuilder) -> ClientBuilder,
) -> Result<Client, SendError> {
    // An error only says that a provider is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder();
    let mut client = shape(client.timeout(timeout).redirect(redirect::Policy::none()).tcp_nodelay(true));
    if is_loopback(url) {
        client = client.no_proxy();
    }
    if url.scheme() == "http" {
        // Reading the system's certificates takes longer than everything else, and nothing needs them here.
        client = client.tls_certs_only([]);
    } else {
        client = client.tls_backend_preconfigured(trust.config()?);
    }
    client.build().map_err(|error| SendError::Other(chain(&error)))
}

/// Sends a request and reads the reply up to the cap; `start` is when it began.
pub(super) fn execute(
    client: &Client,
    request: blocking::Request,
    timeout: Duration,
    start: Instant,
) -> Result<Response, SendError> {
    let explained = |error: reqwest::Error| match error {
        error if error.is_timeout() => SendError::Timeout(timeout),
        error if error.is_connect() => explain(&error, SendError::Connect),
        error => explain(&error, SendError::Other),
    };
    let mut response = client.execute(request).map_err(explained)?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    let mut rest = response.by_ref().take(REPLY_CAP);
    let mut piece = [0; 8 * 1024];
    loop {
        match rest.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => body.extend_from_slice(&piece[..count]),
            Err(error) if is_late(&error) => return Err(SendError::Endless { status, after: timeout }),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // A body that breaks off leaves an answer all the same: the status came.
            Err(_) => break,
        }
        // reqwest gives each read its own time, which a body that drips always keeps to.
        if start.elapsed() >= timeout {
            return Err(SendError::Endless { status, after: timeout });
        }
    }
    Ok(Response { status, headers: received(response.headers()), body, elapsed: start.elapsed() })
}

fn is_late(error: &io::Error) -> bool {
    let by_reqwest = error.get_ref().and_then(|error| error.downcast_ref::<reqwest::Error>());
    error.kind() == io::ErrorKind::TimedOut || by_reqwest.is_some_and(reqwest::Error::is_timeout)
}

/// What an error of the network means to a sender; `other` is for what has no name here.
pub(super) fn explain(error: &(dyn Error + 'static), other: impl FnOnce(String) -> SendError) -> SendError {
    for cause in causes(error) {
        if let Some(hyper) = cause.downcast_ref::<hyper::Error>() {
            if hyper.is_parse() {
                return SendError::NotHttp;
            }
            if hyper.is_incomplete_message() || hyper.is_canceled() {
                return SendError::Closed;
            }
        }
        let Some(io) = cause.downcast_ref::<io::Error>() else { continue };
        if let Some(tls @ rustls::Error::InvalidCertificate(_)) = tls_error(io) {
            return SendError::Certificate(tls.to_string());
        }
        match io.kind() {
            io::ErrorKind::ConnectionRefused => return SendError::Refused,
            io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::UnexpectedEof => return SendError::Closed,
            _ => {}
        }
    }
    other(causes(error).last().map_or_else(|| error.to_string(), ToString::to_string))
}

/// TLS's own error, however often it was wrapped: `source` passes over what an `io::Error` holds.
fn tls_error(error: &io::Error) -> Option<&rustls::Error> {
    let inner = error.get_ref()?;
    inner.downcast_ref().or_else(|| tls_error(inner.downcast_ref()?))
}

/// The header fields of what came.
pub(crate) fn received(fields: &HeaderMap) -> Headers {
    let bytes = fields.iter().map(|(name, value)| name.as_str().len().max(value.len())).sum();
    let mut headers = Headers::with_capacity(fields.len(), bytes);
    for (name, value) in fields {
        headers.append(name, value);
    }
    headers
}

/// The error and what caused it, outermost first.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn chain(error: &(dyn Error + 'static)) -> String {
    causes(error).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// The header fields that a delivery goes out with, in the order and the case of the wire: fields of one name stand
/// together.
#[must_use]
pub fn fields(url: &Url, delivery: &Request) -> Headers {
    let mut headers = delivery.headers().clone();
    headers.drop_hop_by_hop();
    let unless_given = |headers: &mut Headers, name: &str, value: &str| {
        if headers.get(name).is_none() {
            headers.append(name, value);
        }
    };
    unless_given(&mut headers, "User-Agent", USER_AGENT);
    unless_given(&mut headers, "Accept", "*/*");
    headers.append("Host", authority(url));
    headers.append("Content-Length", delivery.body().len().to_string());
    let mut cased = Headers::new();
    for (name, _) in headers.iter() {
        if cased.get(name).is_none() {
            headers.all(name).for_each(|value| cased.append(title_case(name), value));
        }
    }
    cased
}

/// The same as hyper takes them, `host` being the authority. Loads make a hundred thousand of these in a second, so
/// nothing is copied twice; tests compare it with [`fields`].
pub(super) fn header_map(host: &HeaderValue, delivery: &Request) -> Result<HeaderMap, SendError> {
    let mut map = end_to_end(delivery)?;
    map.entry(header::USER_AGENT).or_insert(HeaderValue::from_static(USER_AGENT));
    map.entry(header::ACCEPT).or_insert(HeaderValue::from_static("*/*"));
    map.insert(header::HOST, host.clone());
    map.insert(header::CONTENT_LENGTH, delivery.body().len().into());
    Ok(map)
}

/// The header fields of a delivery but those that belong to one connection.
pub(super) fn end_to_end(delivery: &Request) -> Result<HeaderMap, SendError> {
    let mut map = HeaderMap::with_capacity(8);
    for (name, value) in delivery.headers().end_to_end() {
        let error = || SendError::Header(name.to_owned());
        let field = HeaderName::from_bytes(name.as_bytes()).map_err(|_| error())?;
        map.append(field, HeaderValue::from_bytes(value).map_err(|_| error())?);
    }
    Ok(map)
}

/// The authority of a URL as a header's value.
pub(super) fn host(url: &Url) -> Result<HeaderValue, SendError> {
    HeaderValue::try_from(authority(url)).map_err(|_| SendError::Header("Host".to_owned()))
}

/// The request that [`Endpoint::deliver`] sends, byte for byte as it goes over HTTP/1.1 (a test compares the two).
#[must_use]
pub fn request(url: &Url, delivery: &Request) -> Vec<u8> {
    let mut request = format!("POST {} HTTP/1.1\r\n", target(url)).into_bytes();
    for (name, value) in fields(url, delivery).iter() {
        request.extend_from_slice(name.as_bytes());
        request.extend_from_slice(b": ");
        request.extend_from_slice(value);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    request.extend_from_slice(delivery.body());
    request
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
