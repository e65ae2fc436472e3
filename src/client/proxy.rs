//! HTTP proxies from the environment: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`. reqwest does the same for
//! single requests.

use bytes::Bytes;
use http::header::{HOST, HeaderMap, PROXY_AUTHORIZATION};
use http::{HeaderValue, Method, Uri};
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper::upgrade::{self, Upgraded};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::error::SendError;
use super::url::{self, Url};

/// A proxy between this machine and an endpoint.
pub(super) struct Proxy {
    pub(super) host: String,
    pub(super) port: u16,
    authorization: Option<HeaderValue>,
    /// The host and port of the endpoint.
    endpoint: String,
}

impl Proxy {
    /// Returns the proxy for a URL, if one is configured. URLs on this machine never use a proxy.
    pub(super) fn from_environment(url: &Url) -> Result<Option<Self>, SendError> {
        let Some(proxy) = find(url)? else { return Ok(None) };
        let (uri, authorization) = (proxy.uri(), proxy.basic_auth().cloned());
        let Some(host) = uri.host().filter(|_| uri.scheme_str() == Some("http")) else {
            return Err(SendError::Connect("only proxies with http:// are supported here".to_owned()));
        };
        let endpoint = format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(80));
        Ok(Some(Self { host: host.to_owned(), port: uri.port_u16().unwrap_or(80), authorization, endpoint }))
    }

    /// Returns the host and port of the proxy.
    pub(super) fn name(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Returns the request target for a proxied `http` URL: the whole URL.
    pub(super) fn absolute(&self, target: &str) -> String {
        format!("http://{}{target}", self.endpoint)
    }

    /// Adds the credentials for the proxy.
    pub(super) fn authorize(&self, headers: &mut HeaderMap) {
        if let Some(authorization) = &self.authorization {
            headers.insert(PROXY_AUTHORIZATION, authorization.clone());
        }
    }

    /// Opens a tunnel through the proxy to the endpoint, for TLS.
    pub(super) async fn tunnel(&self, stream: TcpStream) -> Result<TokioIo<Upgraded>, SendError> {
        let network = |error: hyper::Error| match SendError::from_network(&error, SendError::Connect) {
            SendError::Closed => SendError::Proxy { proxy: self.name(), reason: "closed the connection".to_owned() },
            other => other.through(Some(&self.name())),
        };
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
            let reason = format!("responded with status {}", response.status().as_u16());
            return Err(SendError::Proxy { proxy: self.name(), reason });
        }
        Ok(TokioIo::new(upgrade::on(response).await.map_err(network)?))
    }
}

/// Returns the host and port of the proxy for a URL, for messages.
///
/// # Errors
/// Returns an error if an environment variable is not the URL of a proxy. reqwest would ignore such a variable and connect
/// without a proxy.
pub(super) fn name(url: &Url) -> Result<Option<String>, SendError> {
    let authority = |proxy: Intercept| {
        let uri = proxy.uri();
        format!("{}:{}", uri.host().unwrap_or_default(), uri.port_u16().unwrap_or(80))
    };
    Ok(find(url)?.map(authority))
}

/// Finds the proxy for a URL.
fn find(url: &Url) -> Result<Option<Intercept>, SendError> {
    let uri: Option<Uri> = url.origin().ascii_serialization().parse().ok().filter(|_| !url::is_loopback(url));
    let Some(uri) = uri else { return Ok(None) };
    match unreadable_variable(&uri) {
        Some(variable) => Err(SendError::ProxyVariable(variable)),
        None => Ok(Matcher::from_env().intercept(&uri)),
    }
}

/// Returns the variable that should contain the proxy for a URL, if its value is not the URL of a proxy.
fn unreadable_variable(uri: &Uri) -> Option<&'static str> {
    let first = |names: [&'static str; 2]| names.into_iter().find_map(|name| Some((name, std::env::var(name).ok()?)));
    let (_, exceptions) = first(["NO_PROXY", "no_proxy"]).unwrap_or_default();
    let readable = |proxy: String| {
        let matcher = Matcher::builder().all(proxy).no(exceptions.clone()).build();
        matcher.intercept(uri).is_some_and(|proxy| proxy.uri().host().is_some_and(|host| !host.is_empty()))
    };
    // In a CGI script, HTTP_PROXY is the `Proxy` header of the client.
    if std::env::var_os("REQUEST_METHOD").is_some() || !readable("http://proxy".to_owned()) {
        return None;
    }
    let of_scheme =
        if uri.scheme_str() == Some("https") { ["HTTPS_PROXY", "https_proxy"] } else { ["HTTP_PROXY", "http_proxy"] };
    let (name, value) =
        first(of_scheme).filter(|(_, value)| !value.is_empty()).or_else(|| first(["ALL_PROXY", "all_proxy"]))?;
    (!value.is_empty() && !readable(value)).then_some(name)
}
