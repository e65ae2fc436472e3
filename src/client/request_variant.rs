//! Sends requests in forms that Confluence does not use, to test receivers: chunked bodies, lower-case header names.

use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::StreamBody;
use hyper::body::Frame;
use reqwest::{Body, ClientBuilder};
use tokio::time::sleep;

use crate::models::request::Request;
use crate::models::response::Response;

use super::endpoint::Endpoint;
use super::error::SendError;
use super::tls::Trust;
use super::url::Url;

/// The form of a request on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequestVariant {
    /// On a new connection, like Confluence.
    #[default]
    Plain,
    /// On a reused connection, if one is open.
    ReusedConnection,
    /// Header names in lower case, as many proxies write them.
    LowerCaseHeaders,
    /// Without `Content-Length`, in chunks.
    Chunked,
    /// With the body in pieces, with pauses between them.
    SlowBody,
}

/// How long a slow body takes: longer than usual network pauses, shorter than usual server deadlines.
pub const SLOW_BODY: Duration = Duration::from_millis(1200);
const PIECES: u32 = 6;

/// Sends requests in any variant to one host. It does not follow redirects and does not retry.
#[derive(Debug)]
pub struct VariantSender {
    plain: Endpoint,
    lower_case: Endpoint,
    reused: Endpoint,
}

impl VariantSender {
    /// Returns a sender to the host of `url`. Every response must be complete within `timeout`.
    ///
    /// # Errors
    /// Returns an error if a client cannot be set up, for example without the system's certificates.
    pub fn new(url: &Url, timeout: Duration, trust: &Trust) -> Result<Self, SendError> {
        Ok(Self {
            plain: Endpoint::new(url, timeout, trust)?,
            lower_case: Endpoint::build(url, timeout, trust, |builder| builder.pool_max_idle_per_host(0))?,
            reused: Endpoint::build(url, timeout, trust, ClientBuilder::http1_title_case_headers)?,
        })
    }

    /// Sends a request and returns the response with the beginning of its body.
    ///
    /// # Errors
    /// Returns an error if no complete response is received.
    pub fn send(&self, url: &Url, request: &Request, variant: RequestVariant) -> Result<Response, SendError> {
        let body = request.shared_body();
        match variant {
            RequestVariant::Plain => self.plain.send(url, request),
            RequestVariant::ReusedConnection => self.reused.send(url, request),
            RequestVariant::LowerCaseHeaders => self.lower_case.send(url, request),
            RequestVariant::Chunked => {
                self.plain.send_body(url, request, pieces(body, 1, Duration::ZERO), false, Duration::ZERO)
            }
            RequestVariant::SlowBody => {
                self.plain.send_body(url, request, pieces(body, PIECES, SLOW_BODY / PIECES), true, SLOW_BODY)
            }
        }
    }
}

/// Returns a body in pieces with pauses between them.
fn pieces(body: Bytes, count: u32, pause: Duration) -> Body {
    let size = body.len().div_ceil(count as usize);
    let pieces = stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        sleep(pause).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, Infallible>(Frame::data(piece)), rest))
    });
    Body::wrap(StreamBody::new(pieces))
}
