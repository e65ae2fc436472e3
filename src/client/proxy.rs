//! HTTP proxies, as the environment names them: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`. For single requests
//! reqwest does the same.

use bytes::Bytes;
use http::header::{HOST, HeaderMap, PROXY_AUTHORIZATION};
use http::{HeaderValue, Method, Uri};
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper::upgrade::{self, Upgraded};
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::error::SendError;
use super::url::{self, Url};

/// A proxy between this machine and an endpoint.
pub(super) struct Proxy {
    pub(super) host: String,
    pub(super) port: u16,
    authorization: Option<HeaderValue>,
    /// Host and port of the endpoint.
    endpoint: String,
}

impl Proxy {
    /// Returns the proxy for a URL, if there is one. URLs on this machine have none.
    pub(super) fn from_environment(url: &Url) -> Result<Option<Self>, SendError> {
        let uri: Option<Uri> = url.origin().ascii_serialization().parse().ok().filter(|_| !url::is_loopback(url));
        let Some(proxy) = uri.and_then(|uri| Matcher::from_env().intercept(&uri)) else { return Ok(None) };
        let (uri, authorization) = (proxy.uri(), proxy.basic_auth().cloned());
        let Some(host) = uri.host().filter(|_| uri.scheme_str() == Some("http")) else {
            return Err(SendError::Connect("only proxies with http:// are supported here".to_owned()));
        };
        let endpoint = format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(80));
        Ok(Some(Self { host: host.to_owned(), port: uri.port_u16().unwrap_or(80), authorization, endpoint }))
    }

    /// Returns the target of a request to the proxy itself, which is for an `http` URL.
    pub(super) fn absolute(&self, target: &str) -> String {
        format!("http://{}{target}", self.endpoint)
    }

    /// Adds the credentials for the proxy.
    pub(super) fn authorize(&self, headers: &mut HeaderMap) {
        if let Some(authorization) = &self.authorization {
            headers.insert(PROXY_AUTHORIZATION, authorization.clone());
        }
    }

    /// Returns a connection to the endpoint through the proxy, for TLS.
    pub(super) async fn tunnel(&self, stream: TcpStream) -> Result<TokioIo<Upgraded>, SendError> {
        let network = |error: hyper::Error| SendError::from_network(&error, SendError::Connect);
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(network)?;
        tokio::spawn(connection.with_upgrades());
        let invalid = |_| SendError::Connect(format!("{} cannot be requested from a proxy", self.endpoint));
        let mut request = hyper::Request::new(Empty::<Bytes>::new());
        *request.method_mut() = Method::CONNECT;
        *request.uri_mut() = self.endpoint.parse().map_err(invalid)?;
        if let Ok(host) = HeaderValue::from_str(&self.endpoint) {
            request.headers_mut().insert(HOST, host);
        }
        self.authorize(request.headers_mut());
        let response = sender.send_request(request).await.map_err(network)?;
        if !response.status().is_success() {
            let status = response.status().as_u16();
            return Err(SendError::Connect(format!("the proxy responded with status {status}")));
        }
        Ok(TokioIo::new(upgrade::on(response).await.map_err(network)?))
    }
}
