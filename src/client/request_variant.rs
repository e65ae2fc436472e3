//! Deliveries in other manners than Confluence's: another method, a body in pieces, header names in lower case. For
//! trying receivers.

use std::io::{self, Cursor, Read};
use std::thread;
use std::time::{Duration, Instant};

use reqwest::blocking::{self, Body, Client, ClientBuilder};
use reqwest::header::CONTENT_LENGTH;
use reqwest::{Method, Url};

use crate::models::request::Request;
use crate::models::response::Response;

use super::endpoint::{self, SendError};
use super::tls::Trust;

/// How a delivery is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequestVariant {
    /// A POST on a new connection.
    #[default]
    Plain,
    /// On a connection that was used before, where there is one.
    Kept,
    /// Header names in lower case, as many proxies write them.
    LowerCase,
    /// Without `Content-Length`, in chunks.
    Chunked,
    /// The body in pieces with pauses between them.
    Slow,
    /// A GET without a body.
    Get,
    /// A PUT.
    Put,
}

/// A body that comes slowly takes so long in all: well over any pause of a network, well under any deadline of a server.
pub const SLOW: Duration = Duration::from_millis(1200);
const PIECES: u32 = 6;

/// Sends deliveries in any variant. Nothing is followed, nothing is sent again.
#[derive(Debug)]
pub struct Caller {
    timeout: Duration,
    fresh: Client,
    lower_case: Client,
    kept: Client,
}

impl Caller {
    /// Every answer must be whole within `timeout`.
    ///
    /// # Errors
    /// When no client can be made, because the system's certificates cannot be read for example.
    pub fn new(url: &Url, timeout: Duration, trust: &Trust) -> Result<Self, SendError> {
        let client = |shape: &dyn Fn(ClientBuilder) -> ClientBuilder| {
            endpoint::client(url, timeout, trust, shape).map_err(|error| SendError::Other(error.to_string()))
        };
        Ok(Self {
            timeout,
            fresh: client(&|client| client.http1_title_case_headers().pool_max_idle_per_host(0))?,
            lower_case: client(&|client| client.pool_max_idle_per_host(0))?,
            kept: client(&ClientBuilder::http1_title_case_headers)?,
        })
    }

    /// Sends one delivery and reads the reply.
    ///
    /// # Errors
    /// When no whole answer comes.
    pub fn call(&self, url: &Url, delivery: &Request, variant: RequestVariant) -> Result<Response, SendError> {
        let method = match variant {
            RequestVariant::Get => Method::GET,
            RequestVariant::Put => Method::PUT,
            _ => Method::POST,
        };
        let mut request = blocking::Request::new(method, url.clone());
        *request.headers_mut() = endpoint::header_map(&endpoint::host(url)?, delivery)?;
        let body = delivery.shared_body();
        *request.body_mut() = match variant {
            RequestVariant::Get => None,
            RequestVariant::Chunked => Some(Body::new(Cursor::new(body))),
            RequestVariant::Slow => {
                let length = body.len() as u64;
                Some(Body::sized(Slowly { left: length, body: Cursor::new(body), length }, length))
            }
            _ => Some(body.into()),
        };
        if matches!(variant, RequestVariant::Get | RequestVariant::Chunked) {
            request.headers_mut().remove(CONTENT_LENGTH);
        }
        let client = match variant {
            RequestVariant::Kept => &self.kept,
            RequestVariant::LowerCase => &self.lower_case,
            _ => &self.fresh,
        };
        endpoint::execute(client, request, self.timeout, Instant::now())
    }
}

/// Gives a body out in pieces.
struct Slowly<R> {
    body: R,
    left: u64,
    length: u64,
}

impl<R: Read> Read for Slowly<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left < self.length {
            thread::sleep(SLOW / PIECES);
        }
        let piece = usize::try_from(self.length.div_ceil(u64::from(PIECES))).unwrap_or(usize::MAX);
        let end = piece.min(buffer.len());
        let count = self.body.read(&mut buffer[..end])?;
        self.left -= count as u64;
        Ok(count)
    }
}
