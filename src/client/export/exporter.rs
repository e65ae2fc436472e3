//! Defines an exporter: what is needed to write requests for one tool.

use crate::client::error::SendError;
use crate::client::outgoing;
use crate::client::url::{self, Url};
use crate::models::request::Request;

/// Writes requests for one tool.
#[derive(Debug)]
pub struct Exporter {
    /// The tool, as `--export` names it: `curl`.
    pub name: &'static str,
    /// The text before the first request.
    pub head: &'static str,
    /// The text between two requests.
    pub separator: &'static str,
    /// The text after the last request.
    pub tail: &'static str,
    /// Whether the tool adds `Content-Length` and `Host` itself.
    pub(super) adds_host_and_length: bool,
    /// Writes one request. Credentials are in its headers and not in its URL.
    pub(super) write: fn(&Url, &Request) -> Result<Vec<u8>, ExportError>,
}

/// Why a request cannot be exported for a tool.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The request is not valid HTTP.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The tool's format cannot express the request.
    #[error("{0}")]
    Unsupported(String),
}

impl Exporter {
    /// Returns an exporter for a tool that needs no text around requests, and adds `Content-Length` and `Host` itself.
    pub(super) const fn new(name: &'static str, write: fn(&Url, &Request) -> Result<Vec<u8>, ExportError>) -> Self {
        Self { name, head: "", separator: "", tail: "", adds_host_and_length: true, write }
    }

    /// Returns one request in the tool's format.
    ///
    /// # Errors
    /// Returns an error if the request cannot be sent, or the tool's format cannot express it.
    pub fn request(&self, url: &Url, request: &Request) -> Result<Vec<u8>, ExportError> {
        let mut sent = outgoing::as_sent(url, request)?;
        if self.adds_host_and_length {
            sent.headers_mut().remove("Content-Length");
            sent.headers_mut().remove("Host");
        }
        (self.write)(&url::without_credentials(url), &sent)
    }
}

/// Returns the headers of a request as text, for a tool that accepts only text.
pub(super) fn text_headers<'a>(
    tool: &'static str,
    request: &'a Request,
) -> Result<Vec<(&'a str, &'a str)>, ExportError> {
    let headers = request.headers().iter().map(|(name, value)| match std::str::from_utf8(value) {
        Ok(value) => Ok((name, value)),
        Err(_) => {
            Err(ExportError::Unsupported(format!("{tool} cannot send the header `{name}`: its value is not text")))
        }
    });
    headers.collect()
}
