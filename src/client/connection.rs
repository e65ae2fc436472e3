//! HTTP connections for loads and for forwarding, built on hyper. Single requests use reqwest instead.

use std::error::Error;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::models::request::Request;

use super::error::SendError;
use super::original_case::{self, OriginalCase};
use super::outgoing::HostHeaders;
use super::proxy::Proxy;
use super::receive::{BodyEnd, ReceivedResponse, receive};
use super::tls::Trust;
use super::url::{self, Url};

/// Opens connections to one host.
pub(super) struct Connector {
    host: String,
    port: u16,
    headers: HostHeaders,
    keeps_case: bool,
    proxy: Option<Proxy>,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    /// Whether the endpoint sent a response without a request. Then no connection is reused.
    sends_unasked: Arc<AtomicBool>,
}

/// An open connection.
pub(super) type Connection = SendRequest<Full<Bytes>>;

impl Connector {
    pub(super) fn new(url: &Url, trust: &Trust) -> Result<Self, SendError> {
        let host = url::host(url).to_owned();
        let tls = if url.scheme() == "https" {
            let name = ServerName::try_from(host.clone()).map_err(|error| SendError::Connect(error.to_string()))?;
            Some((TlsConnector::from(Arc::new(trust.client_config()?)), name))
        } else {
            None
        };
        let (port, headers) = (url.port_or_known_default().unwrap_or(80), HostHeaders::new(url)?);
        let proxy = Proxy::from_environment(url)?;
        Ok(Self { host, port, headers, keeps_case: false, proxy, tls, sends_unasked: Arc::default() })
    }

    /// Writes the names of header fields as the request has them. This works for the first request of a connection.
    pub(super) fn keep_case(self) -> Self {
        Self { keeps_case: true, ..self }
    }

    /// Sends a request and receives the response with at most `max_body` bytes of its body, all within `limit`.
    ///
    /// The connection is reused if the response was read to its end. If the connection was closed before the request was
    /// sent, or the endpoint sent more than a response on it, the request is sent on a new connection.
    pub(super) async fn exchange(
        &self,
        connection: &mut Option<Connection>,
        target: &str,
        request: &Request,
        limit: Duration,
        max_body: usize,
    ) -> Result<ReceivedResponse, SendError> {
        let received = {
            // Pinned, because moving a future of this size costs more than polling it.
            let response = pin!(self.send(connection, target, request));
            receive(response, limit, max_body).await
        };
        if !matches!(received, Ok(ReceivedResponse { end: BodyEnd::Complete, .. })) || self.sends_unasked() {
            *connection = None;
        }
        received.map_err(|error| if self.tls.is_none() { error.of_plain_http() } else { error })
    }

    /// Returns whether the endpoint sent more responses than it got requests. An extra response may have been counted as the
    /// response to the next request.
    pub(super) fn sends_unasked(&self) -> bool {
        self.sends_unasked.load(Ordering::Relaxed)
    }

    async fn send(
        &self,
        connection: &mut Option<Connection>,
        target: &str,
        request: &Request,
    ) -> Result<hyper::Response<Incoming>, SendError> {
        let network = |error: hyper::Error| SendError::from_network(&error, SendError::Other);
        let mut outgoing = hyper::Request::new(Full::new(request.shared_body()));
        *outgoing.method_mut() = request.method().clone();
        let proxy = self.proxy.as_ref().filter(|_| self.tls.is_none());
        let absolute = proxy.map(|proxy| proxy.absolute(target));
        let target = absolute.as_deref().unwrap_or(target);
        *outgoing.uri_mut() = target
            .parse()
            .map_err(|_| SendError::Url { url: target.to_owned(), reason: "it cannot be requested".to_owned() })?;
        *outgoing.headers_mut() = self.headers.outgoing(request)?;
        if let Some(proxy) = proxy {
            proxy.authorize(outgoing.headers_mut());
        }
        if let Some(sender) = connection
            && sender.ready().await.is_ok()
        {
            match sender.try_send_request(outgoing).await {
                Ok(response) => return Ok(response),
                Err(mut error) => match error.take_message() {
                    Some(unsent) => outgoing = unsent,
                    None => return Err(network(error.into_error())),
                },
            }
        }
        let head = if self.keeps_case { original_case::head(target, outgoing.headers(), request) } else { Vec::new() };
        let sender = connection.insert(Box::pin(self.connect(head)).await?);
        sender.send_request(outgoing).await.map_err(network)
    }

    /// Opens a connection. A non-empty `head` replaces the first head that hyper writes.
    async fn connect(&self, head: Vec<u8>) -> Result<Connection, SendError> {
        let connect = |error: std::io::Error| SendError::from_network(&error, SendError::Connect);
        let first = self.proxy.as_ref().map_or((&self.host, self.port), |proxy| (&proxy.host, proxy.port));
        let stream = TcpStream::connect((first.0.as_str(), first.1)).await;
        let proxy = self.proxy.as_ref().map(Proxy::name);
        let stream = stream.map_err(|error| connect(error).through(proxy.as_deref()))?;
        // Without this option, a body may wait 40 ms for the next packet. A socket that refuses the option is only slower.
        let _ = stream.set_nodelay(true);
        match (&self.tls, &self.proxy) {
            (None, _) if head.is_empty() => self.handshake(stream).await,
            (None, _) => self.handshake(OriginalCase::new(stream, head)).await,
            (Some((tls, name)), None) => {
                let stream = tls.connect(name.clone(), stream).await.map_err(connect)?;
                self.handshake(OriginalCase::new(stream, head)).await
            }
            (Some((tls, name)), Some(proxy)) => {
                let stream = tls.connect(name.clone(), proxy.tunnel(stream).await?).await.map_err(connect)?;
                self.handshake(OriginalCase::new(stream, head)).await
            }
        }
    }

    async fn handshake(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ) -> Result<Connection, SendError> {
        let handshake = http1::Builder::new().title_case_headers(true).handshake(TokioIo::new(stream)).await;
        let (sender, connection) = handshake.map_err(|error| SendError::from_network(&error, SendError::Other))?;
        let sends_unasked = Arc::clone(&self.sends_unasked);
        // Callers that wait for a response learn how the connection ended.
        tokio::spawn(async move {
            // All other errors are parse errors, happen during a request, or have a source.
            let is_unasked =
                |error: hyper::Error| !error.is_parse() && !error.is_incomplete_message() && error.source().is_none();
            if connection.await.is_err_and(is_unasked) {
                sends_unasked.store(true, Ordering::Relaxed);
            }
        });
        Ok(sender)
    }
}
