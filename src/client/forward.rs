//! Forwards a received request to an endpoint and returns the endpoint's response.

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::models::request::Request;
use crate::models::response::Response;

use super::connection::Connector;
use super::error::SendError;
use super::receive::BodyEnd;
use super::tls::Trust;
use super::url::{self, EVENT_PLACEHOLDER, UrlTemplate};

/// The largest body of an endpoint's response, in bytes. A larger body is not returned. Receivers usually respond with one
/// line, and every connection may hold a response in memory.
const MAX_BODY: usize = 1024 * 1024;

/// The advice for an untrusted certificate of an endpoint.
const UNTRUSTED: &str = "use its http:// URL, or add its authority to the trusted certificates of this system";

/// Forwards requests to one endpoint.
pub struct Forwarder {
    template: UrlTemplate,
    connector: Connector,
    timeout: Duration,
}

/// The outcome of a forwarded request.
#[derive(Clone, Debug, Serialize)]
pub struct Forward {
    /// The URL, with the query of the request and without credentials.
    pub url: String,
    /// The status of the endpoint's response.
    pub status: Option<u16>,
    /// The time until the response was complete, in milliseconds.
    pub ms: Option<f64>,
    /// Why no response was received.
    pub error: Option<String>,
    /// The endpoint's response, with the headers that belong to the connection.
    #[serde(skip)]
    pub response: Option<Response>,
}

impl Forwarder {
    /// Returns a forwarder to a URL. Every response must be complete within `timeout`.
    ///
    /// # Errors
    /// Returns an error if the URL cannot be used, or the system's certificates cannot be read for an `https` URL.
    pub fn new(url: &str, timeout: Duration) -> Result<Self, SendError> {
        let template = UrlTemplate::parse(url)?;
        let connector = Connector::new(template.url(), &Trust::System)?.keep_case();
        Ok(Self { template, connector, timeout })
    }

    /// Forwards a request. Body, query and headers do not change, except for headers that belong to the connection, and
    /// fields of the same name, which become adjacent.
    ///
    /// Returns the outcome, and the response for the sender: the endpoint's response without headers that belong to the
    /// connection, 504 after a timeout, or 502 after any other failure.
    ///
    /// `prepare` gets the request with the target at the endpoint, and may sign it.
    ///
    /// Each request uses a new connection. On a reused connection, a late or repeated response would be taken for the
    /// response to the next request.
    pub async fn forward(
        &self,
        event: &str,
        mut request: Request,
        prepare: impl FnOnce(&mut Request),
    ) -> (Forward, Response) {
        let start = Instant::now();
        let is_event = !event.is_empty() && event.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let (url, result) = if self.template.has_placeholder() && !is_event {
            let reason = format!("the URL contains {EVENT_PLACEHOLDER}, but the event of this delivery is unknown");
            (self.template.to_string(), Err(SendError::Other(reason)))
        } else {
            let url = self.template.url_for(event);
            let target = with_query(&url::target(&url), request.target());
            let shown = url.origin().ascii_serialization() + &target;
            request.set_target(target);
            prepare(&mut request);
            (shown, self.exchange(&request).await)
        };
        match result {
            Ok(received) => {
                let ms = start.elapsed().as_secs_f64() * 1000.0;
                let response =
                    Response::new(received.status, received.headers.end_to_end().collect(), received.body.clone());
                let (status, ms) = (Some(received.status), Some(ms));
                (Forward { url, status, ms, error: None, response: Some(received) }, response)
            }
            Err(error) => {
                let is_timeout = matches!(error, SendError::Timeout(_) | SendError::BodyTimeout { .. });
                let status = if is_timeout { 504 } else { 502 };
                // The query may contain a token, and this text is shown.
                let endpoint = url.split('?').next().unwrap_or_default();
                let response = Response::text(status, format!("the endpoint {endpoint}: {error}"));
                let shown = match error {
                    SendError::Certificate(_) | SendError::CertificateName { .. } => format!("{error}; {UNTRUSTED}"),
                    other => other.to_string(),
                };
                (Forward { url, status: None, ms: None, error: Some(shown), response: None }, response)
            }
        }
    }

    async fn exchange(&self, request: &Request) -> Result<Response, SendError> {
        let received = self.connector.exchange(&mut None, request.target(), request, self.timeout, MAX_BODY).await?;
        let status = received.head.status.as_u16();
        match received.end {
            // The request did not ask for a 101, and HTTP has no classes above 5xx.
            _ if !(200..=599).contains(&status) => {
                Err(SendError::Other(format!("the response has the status {status}, which is not a final status")))
            }
            BodyEnd::Complete => Ok(received.into()),
            BodyEnd::TooLarge => Err(SendError::Other(format!("the response is larger than {MAX_BODY} bytes"))),
            BodyEnd::Broken(error) => Err(error),
        }
    }
}

/// Appends the query of a received target to that of an endpoint, byte for byte.
fn with_query(endpoint: &str, received: &str) -> String {
    match received.split_once('?') {
        Some((_, query)) if endpoint.contains('?') => format!("{endpoint}&{query}"),
        Some((_, query)) => format!("{endpoint}?{query}"),
        None => endpoint.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_is_appended_byte_for_byte() {
        assert_eq!(with_query("/x", "/hook"), "/x");
        assert_eq!(with_query("/x", "/hook?a='%2f'&a=2"), "/x?a='%2f'&a=2");
        assert_eq!(with_query("/?k=v", "/hook?a=1"), "/?k=v&a=1");
    }
}
