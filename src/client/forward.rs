//! A delivery passed on to an endpoint, and the endpoint's reply brought back.

use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::http::uri::InvalidUri;
use hyper::{Method, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};

use crate::models::request::Request;

use super::endpoint::{self, SendError};
use super::tls::Trust;
use super::url;
use crate::server::response::Answer;

/// What an endpoint may reply, in bytes; it is passed back whole or not at all. Webhooks are answered with a line, and as many
/// replies may be held as there are connections.
const MAX_REPLY: usize = 1024 * 1024;
/// An idle connection to an endpoint is kept so long. Few servers close sooner; one that does just when a delivery is
/// written costs that delivery.
const IDLE: Duration = Duration::from_secs(2);

/// The statuses that end an exchange and that HTTP knows classes for. Nobody asked for a 101.
const FINAL: RangeInclusive<u16> = 200..=599;

/// Passes deliveries on. Clones share their connections.
#[derive(Clone, Debug)]
pub struct Forwarder {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    deadline: Duration,
}

/// Where deliveries are passed on to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForwardUrl(String);

/// What became of a delivery at one endpoint.
#[derive(Clone, Debug)]
pub struct Forwarded {
    /// Where it went, the delivery's query included.
    pub url: String,
    /// What goes back to the sender: the endpoint's reply, or a 502 or 504 that says what happened.
    pub answer: Answer,
    /// Why there was no reply.
    pub error: Option<String>,
    /// Until the reply was whole, or the attempt was given up.
    pub elapsed: Duration,
}

impl ForwardUrl {
    /// Reads a URL: `http` or `https`, with a host, without user and password.
    ///
    /// # Errors
    /// When it is anything else; the error says what to write.
    pub fn parse(text: &str) -> Result<Self, SendError> {
        let error = |reason: &str| url::no_url(text, reason.to_owned());
        let url = url::parse_url(text)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(error("a user and a password in it are not supported"));
        }
        let text = text.split('#').next().unwrap_or_default();
        text.parse::<Uri>().map_err(|_| error("write spaces and other special characters as %20"))?;
        Ok(Self(text.to_owned()))
    }

    /// Is it `https`?
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"))
    }

    /// The URL with a delivery's query behind its own, to the letter.
    fn with_query_of(&self, target: &str) -> String {
        match target.split_once('?') {
            Some((_, query)) if self.0.contains('?') => format!("{}&{query}", self.0),
            Some((_, query)) => format!("{}?{query}", self.0),
            None => self.0.clone(),
        }
    }
}

impl Forwarder {
    /// A forwarder that gives an endpoint so long for a whole reply. The system's certificates are read only where they
    /// are needed.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub fn new(deadline: Duration, https: bool) -> Result<Self, SendError> {
        let mut config = if https {
            Trust::System.config()?
        } else {
            // An error only says that a provider is there already.
            let _ = rustls::crypto::ring::default_provider().install_default();
            ClientConfig::builder().with_root_certificates(RootCertStore::empty()).with_no_client_auth()
        };
        // The connector says itself which protocols it speaks.
        config.alpn_protocols.clear();
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(config)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .http1_title_case_headers(true)
            .build(connector);
        Ok(Self { client, deadline })
    }

    /// Passes one delivery on, its body, its query and its headers as they are; what belongs to the connection is
    /// dropped. There is always an answer: without a reply it is a 502, or a 504 when the time is up.
    pub async fn forward(&self, to: &ForwardUrl, delivery: &Request) -> Forwarded {
        let start = Instant::now();
        let url = to.with_query_of(delivery.target());
        let outcome = match tokio::time::timeout(self.deadline, self.exchange(&url, delivery)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err((502, error.to_string())),
            Err(_) => Err((504, SendError::Timeout(self.deadline).to_string())),
        };
        let elapsed = start.elapsed();
        match outcome {
            Ok(answer) => Forwarded { url, answer, error: None, elapsed },
            Err((status, reason)) => {
                let answer = Answer::new(status, format!("the endpoint {url}: {reason}"));
                Forwarded { url, answer, error: Some(reason), elapsed }
            }
        }
    }

    async fn exchange(&self, url: &str, delivery: &Request) -> Result<Answer, SendError> {
        let mut request = hyper::Request::new(Full::new(delivery.shared_body()));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = url.parse().map_err(|error: InvalidUri| SendError::Other(error.to_string()))?;
        *request.headers_mut() = endpoint::end_to_end(delivery)?;
        let reply =
            self.client.request(request).await.map_err(|error| endpoint::explain(&error, SendError::Connect))?;
        let (head, body) = reply.into_parts();
        let status = head.status.as_u16();
        if !FINAL.contains(&status) {
            return Err(SendError::Other(format!("it answered {status}, which is no answer to a delivery")));
        }
        let body = read(body).await?;
        let mut headers = endpoint::received(&head.headers);
        headers.drop_hop_by_hop();
        Ok(Answer::passed_on(status, headers, body))
    }
}

/// The whole body, in one piece of memory: an endpoint may send it byte by byte.
async fn read(mut body: Incoming) -> Result<Bytes, SendError> {
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| endpoint::explain(&error, SendError::Other))?;
        let Some(piece) = frame.data_ref() else { continue };
        if whole.len() + piece.len() > MAX_REPLY {
            return Err(SendError::Other(format!("its answer is larger than {MAX_REPLY} bytes")));
        }
        whole.extend_from_slice(piece);
    }
    Ok(whole.freeze())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_goes_on_to_the_letter_behind_the_endpoints_own() {
        let to = |url: &str, target: &str| ForwardUrl::parse(url).expect("a URL").with_query_of(target);
        assert_eq!(to("http://h/x", "/hook"), "http://h/x");
        assert_eq!(to("http://h/x", "/hook?a='%2f'&a=2"), "http://h/x?a='%2f'&a=2");
        assert_eq!(to("http://h?k=v#part", "/hook?a=1"), "http://h?k=v&a=1");
    }

    #[test]
    fn a_password_is_refused_and_not_repeated() {
        let error = ForwardUrl::parse("http://me:hunter2@h/x").expect_err("it has a password").to_string();
        assert!(error.starts_with("`h/x` is no URL") && !error.contains("hunter2"), "{error}");
    }
}
