//! Completes a request with the headers that are sent, and returns it in the form that is stored.

use http::Method;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::models::request::Request;

use super::error::SendError;
use super::url::{self, Url};

/// The default `User-Agent`.
pub const USER_AGENT: &str = concat!("cfwh/", env!("CARGO_PKG_VERSION"));

/// The headers that depend only on the host and the credentials of a URL.
#[derive(Clone, Debug)]
pub(super) struct HostHeaders {
    host: HeaderValue,
    authorization: Option<HeaderValue>,
}

impl HostHeaders {
    pub(super) fn new(url: &Url) -> Result<Self, SendError> {
        let value = |name: HeaderName, text: String| {
            HeaderValue::try_from(text).map_err(|_| SendError::Header(name.as_str().to_owned()))
        };
        Ok(Self {
            host: value(header::HOST, url::authority(url))?,
            authorization: url::authorization(url).map(|text| value(header::AUTHORIZATION, text)).transpose()?,
        })
    }

    /// Returns the headers that are sent, in their order on the wire, without headers that belong to a connection. A load
    /// calls this up to a hundred thousand times per second, so it copies nothing twice.
    pub(super) fn outgoing(&self, request: &Request) -> Result<HeaderMap, SendError> {
        let mut map = HeaderMap::with_capacity(8);
        for (name, value) in request.headers().end_to_end() {
            let error = || SendError::Header(name.to_owned());
            let field = HeaderName::from_bytes(name.as_bytes()).map_err(|_| error())?;
            map.append(field, HeaderValue::from_bytes(value).map_err(|_| error())?);
        }
        if let Some(authorization) = &self.authorization {
            map.insert(header::AUTHORIZATION, authorization.clone());
        }
        map.entry(header::USER_AGENT).or_insert(HeaderValue::from_static(USER_AGENT));
        map.entry(header::ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        map.insert(header::HOST, self.host.clone());
        if *request.method() != Method::GET || !request.body().is_empty() {
            map.insert(header::CONTENT_LENGTH, request.body().len().into());
        }
        Ok(map)
    }
}

/// Returns a request in the form that is sent to a URL: with its target, and all headers in their order and case on the
/// wire, but without the user and password of the URL.
///
/// # Errors
/// Returns an error if HTTP does not allow one of its headers.
pub fn as_sent(url: &Url, request: &Request) -> Result<Request, SendError> {
    let map = HostHeaders::new(&url::without_credentials(url))?.outgoing(request)?;
    let headers = map.iter().map(|(name, value)| (title_case(name.as_str()), value)).collect();
    Ok(Request::new(request.method().clone(), url::target(url), headers, request.shared_body()))
}

/// Returns a request in the form that is stored after it was sent to a URL: with target and `Host`, without the URL's
/// credentials.
pub fn as_stored(url: &Url, request: &Request) -> Request {
    let host = url::authority(url);
    let others = request.headers().iter().filter(|(name, _)| !name.eq_ignore_ascii_case("Host"));
    let headers = std::iter::once(("Host", host.as_bytes())).chain(others).collect();
    Request::new(request.method().clone(), url::target(url), headers, request.shared_body())
}

/// Returns a header name in title case, as hyper writes it: `X-Hub-Signature` for `x-hub-signature`.
pub(super) fn title_case(name: &str) -> String {
    let mut starts_word = true;
    let cased = name.chars().map(|letter| {
        let cased = if starts_word { letter.to_ascii_uppercase() } else { letter };
        starts_word = letter == '-';
        cased
    });
    cased.collect()
}
