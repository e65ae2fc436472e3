//! Requests for other tools: a shell with curl, editors that run `.http` files, and load engines. Each request has its
//! own signature over its own bytes, so every receiver that verifies notices a tool that changes a body.
//!
//! A tool is a file with an [`Exporter`], its name in [`ExportFormat`] and its line in [`ExportFormat::exporter`].

mod curl;
mod http;
mod hurl;
mod k6;
mod vegeta;

use crate::models::request::Request;

use super::error::SendError;
use super::outgoing;
use super::url::{self, Url};

/// The tools that requests are exported for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[allow(missing_docs, reason = "each is the name of a tool")]
pub enum ExportFormat {
    Curl,
    Http,
    Vegeta,
    K6,
    Hurl,
}

/// Writes requests for one tool.
#[derive(Debug)]
pub struct Exporter {
    /// The text before the first request.
    pub head: &'static str,
    /// The text between two requests.
    pub separator: &'static str,
    /// The text after the last request.
    pub tail: &'static str,
    /// The tool states length and host itself.
    adds_host_and_length: bool,
    /// Writes one request. Its credentials are in its headers and not in its URL.
    write: fn(&Url, &Request) -> Result<Vec<u8>, ExportError>,
}

/// Why a request cannot be exported for a tool.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The request cannot be sent either.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The tool's format cannot express the request.
    #[error("{0}")]
    Unsupported(String),
}

impl ExportFormat {
    /// Returns what writes requests for the tool.
    pub const fn exporter(self) -> &'static Exporter {
        match self {
            Self::Curl => &curl::EXPORTER,
            Self::Http => &http::EXPORTER,
            Self::Vegeta => &vegeta::EXPORTER,
            Self::K6 => &k6::EXPORTER,
            Self::Hurl => &hurl::EXPORTER,
        }
    }
}

impl Exporter {
    /// Returns one request as the tool reads it.
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

/// Returns the headers of a request for a tool that takes text only.
fn text_headers<'a>(tool: &'static str, request: &'a Request) -> Result<Vec<(&'a str, &'a str)>, ExportError> {
    let headers = request.headers().iter().map(|(name, value)| match std::str::from_utf8(value) {
        Ok(value) => Ok((name, value)),
        Err(_) => {
            Err(ExportError::Unsupported(format!("{tool} cannot send the header `{name}`: its value is not text")))
        }
    });
    headers.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::url::UrlTemplate;

    /// The export of a request with one header.
    fn export(format: ExportFormat, header: (&str, &[u8]), body: &'static [u8]) -> Result<String, ExportError> {
        let url = UrlTemplate::parse("http://127.0.0.1:8080/hook?x={y}#z").expect("a URL");
        let request = Request::post("", [header].into_iter().collect(), body);
        Ok(String::from_utf8(format.exporter().request(url.url(), &request)?).expect("it is text"))
    }

    #[test]
    fn a_shell_gets_the_bytes_as_they_are() {
        let script = export(ExportFormat::Curl, ("X-A", b"it's"), b"@it's \\ $x\n").expect("it is written");
        assert!(script.contains("-H 'X-A: it'\\''s' \\\n"), "{script}");
        assert!(script.contains("--data-raw '@it'\\''s \\ $x\n' \\\n"), "{script}");
        let script = export(ExportFormat::Curl, ("X-A", b""), b"\xff\0").expect("it is written");
        assert!(script.starts_with("printf %s '/wA=' | base64 -d |") && script.contains("-H 'X-A;'"), "{script}");
    }

    #[test]
    fn hurl_sees_no_comment_and_no_template() {
        let entry = export(ExportFormat::Hurl, ("X-A", b"a#b\\{{c}}"), b"{}").expect("it is written");
        assert!(entry.contains("\nX-A: a\\#b\\\\\\u{7b}\\u{7b}c\\u{7d}\\u{7d}\n"), "{entry}");
        assert!(entry.contains("\nbase64,e30=;\n"), "{entry}");
    }

    #[test]
    fn a_header_that_a_format_cannot_express_is_an_error() {
        let error = export(ExportFormat::K6, ("X-A", b"\xff"), b"").expect_err("it is not text");
        assert_eq!(error.to_string(), "k6 cannot send the header `X-A`: its value is not text");
        assert!(matches!(export(ExportFormat::Http, ("X A", b""), b""), Err(ExportError::Send(SendError::Header(_)))));
    }
}
