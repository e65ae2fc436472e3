//! Sends single requests to one endpoint. Like Confluence, it does not follow redirects and does not retry.

use std::time::Duration;

use http::header::CONTENT_LENGTH;
use reqwest::{Body, Client, ClientBuilder, redirect};
use tokio::runtime::{self, Runtime};

use crate::models::request::Request;
use crate::models::response::Response;

use super::error::SendError;
use super::interrupt::Interrupt;
use super::outgoing::HostHeaders;
use super::proxy;
use super::receive::receive;
use super::tls::Trust;
use super::url::{self, Url};

/// The most bytes that are read of a response body.
pub(super) const MAX_BODY: usize = 64 * 1024;

/// Sends requests to one host.
#[derive(Debug)]
pub struct Endpoint {
    runtime: Runtime,
    client: Client,
    timeout: Duration,
    max_body: usize,
    interrupt: Interrupt,
    /// The host and port of the proxy, if one is used.
    proxy: Option<String>,
}

impl Endpoint {
    /// Returns a client for the host of `url`. Every response must be complete within `timeout`. Proxies from the
    /// environment are used, except for this machine.
    ///
    /// Each request uses a new connection. On a reused connection, a late or repeated response would be taken for the
    /// response to the next request.
    ///
    /// # Errors
    /// Returns an error if the client cannot be set up, for example because the system has no certificates.
    pub fn new(url: &Url, timeout: Duration, trust: &Trust) -> Result<Self, SendError> {
        let options = |builder: ClientBuilder| builder.http1_title_case_headers().pool_max_idle_per_host(0);
        Self::build(url, timeout, trust, options)
    }

    /// Returns a client with all options.
    pub(super) fn build(
        url: &Url,
        timeout: Duration,
        trust: &Trust,
        options: impl FnOnce(ClientBuilder) -> ClientBuilder,
    ) -> Result<Self, SendError> {
        // This fails only if a provider is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder().redirect(redirect::Policy::none()).tcp_nodelay(true);
        let builder = if url::is_loopback(url) { builder.no_proxy() } else { builder };
        let builder = if url.scheme() == "http" {
            // Reading the certificates of the system is slow, and HTTP does not need them.
            builder.tls_certs_only([])
        } else {
            builder.tls_backend_preconfigured(trust.client_config()?)
        };
        let client = options(builder).build().map_err(|error| SendError::from_network(&error, SendError::Other))?;
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| SendError::Other(error.to_string()))?;
        let (interrupt, proxy) = (Interrupt::default(), proxy::name(url)?);
        Ok(Self { runtime, client, timeout, max_body: MAX_BODY, interrupt, proxy })
    }

    /// Uses an interrupt that ends pauses, and half a second later open requests.
    pub fn with_interrupt(self, interrupt: Interrupt) -> Self {
        Self { interrupt, ..self }
    }

    /// Sets how many bytes of a response body are read.
    pub fn with_max_body(self, max_body: usize) -> Self {
        Self { max_body, ..self }
    }

    /// Waits this long. Returns false if it was interrupted.
    pub fn pause(&self, time: Duration) -> bool {
        self.runtime.block_on(self.interrupt.pause(time))
    }

    /// Sends a request to `url`, which must be on this endpoint's host, and returns the response with the beginning of its
    /// body. Headers that belong to a connection are dropped. The body is sent unchanged.
    ///
    /// # Errors
    /// Returns an error if no complete response is received.
    pub fn send(&self, url: &Url, request: &Request) -> Result<Response, SendError> {
        self.send_body(url, request, request.shared_body().into(), true, Duration::ZERO)
    }

    /// Sends a request with a streamed body that takes some time to send. Without a stated length, the body is sent in chunks.
    pub(super) fn send_body(
        &self,
        url: &Url,
        request: &Request,
        body: Body,
        states_length: bool,
        body_time: Duration,
    ) -> Result<Response, SendError> {
        let mut outgoing = reqwest::Request::new(request.method().clone(), url::without_credentials(url));
        *outgoing.headers_mut() = HostHeaders::new(url)?.outgoing(request)?;
        *outgoing.body_mut() = Some(body);
        if !states_length {
            outgoing.headers_mut().remove(CONTENT_LENGTH);
        }
        let response = async {
            self.client.execute(outgoing).await.map(http::Response::from).map_err(|error| {
                let other = if error.is_connect() { SendError::Connect } else { SendError::Other };
                SendError::from_network(&error, other).through(self.proxy.as_deref())
            })
        };
        let received = async {
            tokio::select! {
                biased;
                received = receive(response, self.timeout + body_time, self.max_body) => received,
                () = self.interrupt.end_of_grace() => Err(SendError::Interrupted),
            }
        };
        let received = self.runtime.block_on(received);
        let is_plain = url.scheme() == "http";
        Ok(received.map_err(|error| if is_plain { error.of_plain_http() } else { error })?.into())
    }
}
