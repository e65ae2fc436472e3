//! One connection of a load: opened when it is needed, kept while it is good.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::Method;
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::HeaderValue;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use crate::models::request::{Headers, Request};
use crate::models::response::Response;

use super::endpoint::{self, REPLY_CAP, SendError};
use super::tls::Trust;
use super::url::{self, Url};

/// Opens connections to one host.
pub(super) struct Connector {
    /// Name or address, without the brackets of IPv6.
    host: String,
    port: u16,
    /// What stands in `Host`.
    authority: HeaderValue,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

/// An open connection.
pub(super) struct Connection(SendRequest<Full<Bytes>>);

impl Connector {
    pub(super) fn new(url: &Url, trust: &Trust) -> Result<Self, SendError> {
        let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
        let tls = if url.scheme() == "https" {
            let name = ServerName::try_from(host.clone()).map_err(|error| SendError::Connect(error.to_string()))?;
            Some((TlsConnector::from(Arc::new(trust.config()?)), name))
        } else {
            None
        };
        Ok(Self { host, port: url.port_or_known_default().unwrap_or(80), authority: endpoint::host(url)?, tls })
    }

    async fn connect(&self) -> Result<Connection, SendError> {
        let connect = |error: std::io::Error| endpoint::explain(&error, SendError::Connect);
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await.map_err(connect)?;
        // Without this a body may wait 40 ms for the next packet. A socket that refuses is merely slower.
        let _ = stream.set_nodelay(true);
        match &self.tls {
            None => handshake(stream).await,
            Some((tls, name)) => handshake(tls.connect(name.clone(), stream).await.map_err(connect)?).await,
        }
    }

    /// Sends a delivery on the connection, or on a new one, and reads the reply up to the cap, all within `limit`.
    pub(super) async fn exchange(
        &self,
        connection: &mut Option<Connection>,
        url: &Url,
        delivery: &Request,
        limit: Duration,
    ) -> Result<Response, SendError> {
        let start = Instant::now();
        let late = |_| SendError::Timeout(limit);
        let request = request(&self.authority, url, delivery)?;
        let response = timeout(limit, self.send(connection, request)).await.map_err(late)??;
        let status = response.status().as_u16();
        let ok = response.status().is_success();
        // Nobody looks at the fields of a success.
        let headers = if ok { Headers::new() } else { endpoint::received(response.headers()) };
        let body = response.into_body();
        if body.is_end_stream() {
            return Ok(Response { status, headers, body: Vec::new(), elapsed: start.elapsed() });
        }
        let rest = limit.saturating_sub(start.elapsed());
        let Ok((body, whole)) = timeout(rest, read(body)).await else {
            return Err(SendError::Endless { status, after: limit });
        };
        if !whole {
            *connection = None;
        }
        Ok(Response { status, headers, body, elapsed: start.elapsed() })
    }

    /// A connection that the endpoint closed meanwhile is opened anew, as long as nothing of the request has gone out.
    async fn send(
        &self,
        connection: &mut Option<Connection>,
        mut request: hyper::Request<Full<Bytes>>,
    ) -> Result<hyper::Response<Incoming>, SendError> {
        loop {
            let reused = connection.is_some();
            let Connection(sender) = match connection {
                Some(connection) => connection,
                None => connection.insert(self.connect().await?),
            };
            let error = match sender.ready().await {
                Err(error) if !reused => error,
                Err(_) => {
                    *connection = None;
                    continue;
                }
                Ok(()) => match sender.try_send_request(request).await {
                    Ok(response) => return Ok(response),
                    Err(mut failed) => match failed.take_message() {
                        Some(unsent) if reused => {
                            request = unsent;
                            *connection = None;
                            continue;
                        }
                        _ => failed.into_error(),
                    },
                },
            };
            return Err(endpoint::explain(&error, SendError::Other));
        }
    }
}

async fn handshake(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Result<Connection, SendError> {
    let handshake = http1::Builder::new().title_case_headers(true).handshake(TokioIo::new(stream)).await;
    let (sender, connection) = handshake.map_err(|error| endpoint::explain(&error, SendError::Other))?;
    // How it ends is told to whoever waits for an answer on it.
    tokio::spawn(connection);
    Ok(Connection(sender))
}

/// The body's beginning, and whether that was all. Reading stops at the cap: an endpoint may send without end.
async fn read(mut body: Incoming) -> (Vec<u8>, bool) {
    let cap = usize::try_from(REPLY_CAP).expect("the cap is small");
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        // A body that breaks off leaves an answer all the same: the status came.
        let Ok(frame) = frame else { return (bytes, false) };
        let Some(data) = frame.data_ref() else { continue };
        if bytes.len() + data.len() > cap {
            bytes.extend_from_slice(&data[..cap - bytes.len()]);
            return (bytes, false);
        }
        bytes.extend_from_slice(data);
    }
    (bytes, true)
}

fn request(host: &HeaderValue, url: &Url, delivery: &Request) -> Result<hyper::Request<Full<Bytes>>, SendError> {
    let mut request = hyper::Request::new(Full::new(delivery.shared_body()));
    *request.method_mut() = Method::POST;
    let target = url::target(url);
    *request.uri_mut() =
        target.parse().map_err(|_| SendError::Url { url: target, reason: "it cannot be requested".to_owned() })?;
    *request.headers_mut() = endpoint::header_map(host, delivery)?;
    Ok(request)
}
