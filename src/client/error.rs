//! Why a request got no response.

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::CertificateError;

use crate::models::error_code::ErrorCode;

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
    #[error("the header `{0}` cannot be sent: HTTP does not allow its name or value")]
    Header(String),
    /// No program listens at the address.
    #[error("the connection was refused; start the receiver, or correct the URL")]
    ConnectionRefused,
    /// The host name has no address, or the address is unreachable.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// The endpoint's certificate is not trusted.
    #[error("invalid peer certificate: {0}")]
    Certificate(String),
    /// The endpoint's certificate is for other hosts.
    #[error("invalid peer certificate: it is for {names}, not for {host}")]
    CertificateName {
        /// The host of the URL.
        host: String,
        /// The hosts that it is for.
        names: String,
    },
    /// The proxy cannot be reached, or does not connect to the endpoint.
    #[error("the proxy {proxy} {reason}")]
    Proxy {
        /// Its host and port.
        proxy: String,
        /// What the proxy did.
        reason: String,
    },
    /// An environment variable does not contain the URL of a proxy.
    #[error("{0} is not the URL of a proxy; set it to http://HOST:PORT, or unset it")]
    ProxyVariable(&'static str),
    /// The client cannot set up TLS.
    #[error("{0}")]
    Tls(String),
    /// The response was not received in time.
    #[error("no response within {} s", .0.as_secs_f64())]
    Timeout(Duration),
    /// The status was received in time, but not the whole body.
    #[error("the response has status {status}, but its body was not complete within {} s", .timeout.as_secs_f64())]
    BodyTimeout {
        /// The status.
        status: u16,
        /// The time allowed for the whole exchange.
        timeout: Duration,
    },
    /// The connection ended before the response was complete.
    #[error("the connection was closed before a response was received")]
    Closed,
    /// The connection ended in the same way, and the URL has no TLS. A server with TLS closes such connections.
    #[error(
        "the connection was closed before a response was received; if the endpoint uses TLS, use https:// in the URL"
    )]
    ClosedPlain,
    /// The response is not HTTP.
    #[error("the response is not HTTP; if the endpoint uses TLS, use https:// in the URL")]
    NotHttp,
    /// The response to an `https` request is not TLS.
    #[error("the endpoint does not use TLS on this port; use http:// in the URL")]
    NotTls,
    /// The request was not sent, because the circuit breaker is open.
    #[error("skipped after {failures} failures in a row, for another {} s", .left.as_secs_f64().ceil())]
    Skipped {
        /// The failures.
        failures: u32,
        /// The time until deliveries are sent again.
        left: Duration,
    },
    /// The user interrupted the request.
    #[error("interrupted")]
    Interrupted,
    /// Any other error.
    #[error("{0}")]
    Other(String),
}

impl SendError {
    /// Returns the kind of error.
    pub const fn code(&self) -> ErrorCode {
        match self {
            Self::Url { .. } => ErrorCode::InvalidUrl,
            Self::Header(_) => ErrorCode::InvalidHeader,
            Self::ConnectionRefused => ErrorCode::ConnectionRefused,
            Self::Connect(_) => ErrorCode::CannotConnect,
            Self::Certificate(_) | Self::CertificateName { .. } => ErrorCode::UntrustedCertificate,
            Self::Proxy { .. } => ErrorCode::Proxy,
            Self::ProxyVariable(_) => ErrorCode::InvalidProxy,
            Self::Tls(_) => ErrorCode::Tls,
            Self::Timeout(_) | Self::BodyTimeout { .. } => ErrorCode::Timeout,
            Self::Closed | Self::ClosedPlain => ErrorCode::ConnectionClosed,
            Self::NotHttp => ErrorCode::NotHttp,
            Self::NotTls => ErrorCode::NotTls,
            Self::Skipped { .. } => ErrorCode::Skipped,
            Self::Interrupted => ErrorCode::Interrupted,
            Self::Other(_) => ErrorCode::Network,
        }
    }

    /// Returns the error with its advice, if it has one.
    pub fn sentence(&self) -> String {
        self.advice().map_or_else(|| self.to_string(), |advice| format!("{self}; {advice}"))
    }

    /// Returns how to send to the endpoint anyway, with the options of `send` and `probe`.
    pub const fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Certificate(_) => Some("trust it with --cacert FILE, or trust any certificate with --insecure"),
            Self::CertificateName { .. } => {
                Some("use a host of the certificate, or trust any certificate with --insecure")
            }
            _ => None,
        }
    }

    /// Adds the advice to the message.
    pub fn with_advice(self) -> Self {
        let Some(advice) = self.advice() else { return self };
        match self {
            Self::Certificate(problem) => Self::Certificate(format!("{problem}; {advice}")),
            Self::CertificateName { host, names } => {
                Self::Certificate(format!("it is for {names}, not for {host}; {advice}"))
            }
            other => other,
        }
    }

    /// Names the proxy if it cannot be reached.
    pub(super) fn through(self, proxy: Option<&str>) -> Self {
        let reason = match (&self, proxy) {
            (Self::ConnectionRefused, Some(_)) => "refused the connection".to_owned(),
            (Self::Connect(reason), Some(_)) => format!("did not connect: {reason}"),
            _ => return self,
        };
        Self::Proxy { proxy: proxy.unwrap_or_default().to_owned(), reason }
    }

    /// Adds a hint about TLS to a closed connection without TLS.
    pub(super) fn of_plain_http(self) -> Self {
        if matches!(self, Self::Closed) { Self::ClosedPlain } else { self }
    }

    /// Finds the cause of a network error. `other` makes the error if no variant fits.
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
                Some(rustls::Error::InvalidCertificate(error)) => return Self::from_certificate(error),
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

    /// Describes what is wrong with a certificate.
    fn from_certificate(error: &CertificateError) -> Self {
        let problem = match error {
            CertificateError::UnknownIssuer => "it is self-signed, or its authority is unknown to this system",
            // A certificate of `openssl req -x509` claims to be an authority.
            CertificateError::Other(error) if error.to_string().contains("CaUsedAsEndEntity") => "it is self-signed",
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired",
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "it is not valid yet",
            CertificateError::NotValidForNameContext { expected, presented } => {
                let names: Vec<_> = presented.iter().map(|name| bare_name(name)).collect();
                let names = if names.is_empty() { "no host".to_owned() } else { names.join(", ") };
                return Self::CertificateName { host: expected.to_str().into_owned(), names };
            }
            other => return Self::Certificate(other.to_string()),
        };
        Self::Certificate(problem.to_owned())
    }
}

/// Returns the plain name from rustls's output: `localhost` from `DnsName("localhost")`, `::1` from `IpAddress(::1)`.
fn bare_name(name: &str) -> &str {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"')
}

/// Returns the TLS error inside wrapped errors. `source` skips the inner error of an `io::Error`.
fn tls_error(error: &io::Error) -> Option<&rustls::Error> {
    let inner = error.get_ref()?;
    inner.downcast_ref().or_else(|| tls_error(inner.downcast_ref()?))
}

/// Returns the error and its causes, outermost first.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
