//! Why a request got no response.

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::CertificateError;

/// Why a request got no response.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The URL cannot be used.
    #[error("cannot send to `{url}`: {reason}")]
    Url {
        /// The URL as given, without its credentials.
        url: String,
        /// The reason.
        reason: String,
    },
    /// A header cannot be sent.
    #[error("the header `{0}` cannot be sent: its name or value has characters that HTTP does not allow")]
    Header(String),
    /// Nothing listens there.
    #[error("the connection was refused: is the receiver running?")]
    ConnectionRefused,
    /// The name has no address, or the address no route.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// The endpoint's certificate is not trusted.
    #[error("{0}")]
    Certificate(String),
    /// TLS cannot be set up on our side.
    #[error("{0}")]
    Tls(String),
    /// There was no response in time.
    #[error("no response within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    /// There was a status in time, but not the whole body.
    #[error("received status {status}, but not the whole body within {} s", .timeout.as_secs_f64())]
    BodyTimeout {
        /// The status.
        status: u16,
        /// The time allowed for the whole exchange.
        timeout: Duration,
    },
    /// The connection ended before the response was complete.
    #[error("the connection was closed before a response was received")]
    Closed,
    /// The same without TLS: a server with TLS closes such connections.
    #[error(
        "the connection was closed before a response was received: if the endpoint uses TLS, write https:// instead of http://"
    )]
    ClosedPlain,
    /// The response is not HTTP.
    #[error("the response is not HTTP: an endpoint with TLS has an https:// URL")]
    NotHttp,
    /// The response to an `https` request is not TLS.
    #[error("the endpoint does not use TLS on this port: write http:// instead of https://")]
    NotTls,
    /// The user ended it.
    #[error("interrupted")]
    Interrupted,
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl SendError {
    /// Returns a stable word for the kind of error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Url { .. } => "invalid-url",
            Self::Header(_) => "invalid-header",
            Self::ConnectionRefused => "connection-refused",
            Self::Connect(_) => "cannot-connect",
            Self::Certificate(_) => "untrusted-certificate",
            Self::Tls(_) => "tls",
            Self::Timeout(_) | Self::BodyTimeout { .. } => "timeout",
            Self::Closed | Self::ClosedPlain => "connection-closed",
            Self::NotHttp => "not-http",
            Self::NotTls => "not-tls",
            Self::Interrupted => "interrupted",
            Self::Other(_) => "network",
        }
    }

    /// Adds what a closed connection may mean where there is no TLS.
    pub(super) fn of_plain_http(self) -> Self {
        if matches!(self, Self::Closed) { Self::ClosedPlain } else { self }
    }

    /// Names the cause of a network error; `other` is for those that have no variant here.
    pub(super) fn from_network(error: &(dyn Error + 'static), other: impl FnOnce(String) -> Self) -> Self {
        for cause in causes(error) {
            if let Some(hyper) = cause.downcast_ref::<hyper::Error>() {
                if hyper.is_parse() {
                    return Self::NotHttp;
                }
                if hyper.is_incomplete_message() || hyper.is_canceled() {
                    return Self::Closed;
                }
            }
            let Some(io) = cause.downcast_ref::<io::Error>() else { continue };
            match tls_error(io) {
                Some(rustls::Error::InvalidCertificate(error)) => return Self::Certificate(certificate_problem(error)),
                Some(rustls::Error::InvalidMessage(_)) => return Self::NotTls,
                _ => {}
            }
            match io.kind() {
                io::ErrorKind::ConnectionRefused => return Self::ConnectionRefused,
                io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
                | io::ErrorKind::UnexpectedEof => return Self::Closed,
                _ => {}
            }
        }
        other(causes(error).last().map_or_else(|| error.to_string(), ToString::to_string))
    }
}

/// Returns TLS's own error, however often it was wrapped: `source` skips what an `io::Error` holds.
fn tls_error(error: &io::Error) -> Option<&rustls::Error> {
    let inner = error.get_ref()?;
    inner.downcast_ref().or_else(|| tls_error(inner.downcast_ref()?))
}

/// Says what is wrong with a certificate.
fn certificate_problem(error: &CertificateError) -> String {
    let problem = match error {
        CertificateError::UnknownIssuer => "it is self-signed, or from an authority that this system does not know",
        // A certificate of `openssl req -x509` claims to be an authority.
        CertificateError::Other(error) if error.to_string().contains("CaUsedAsEndEntity") => "it is self-signed",
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "it is not valid yet",
        other => return format!("invalid peer certificate: {other}"),
    };
    format!("invalid peer certificate: {problem}")
}

/// Returns the error and its causes, outermost first.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
