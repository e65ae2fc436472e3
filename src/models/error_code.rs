//! The kinds of errors, one row for each.

use serde::Serialize;

/// The description of a kind of error.
#[derive(Debug, Serialize)]
pub struct ErrorCodeInfo {
    /// The stable name: `not-found`.
    #[serde(rename = "code")]
    pub name: &'static str,
    /// What happened, in one sentence.
    pub description: &'static str,
    /// The advice for an error without advice. Empty if the fix depends on the error.
    #[serde(skip)]
    pub fix: &'static str,
}

macro_rules! error_codes {
    ($($code:ident $name:literal $description:literal $(fix $fix:literal)?;)*) => {
        /// A kind of error.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $(#[doc = concat!("`", $name, "`: ", $description)] $code,)*
        }

        impl ErrorCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$code,)*];

            /// Returns the description of the code.
            pub const fn info(self) -> &'static ErrorCodeInfo {
                match self {
                    $(Self::$code => &ErrorCodeInfo { name: $name, description: $description, fix: concat!($($fix)?) },)*
                }
            }
        }
    };
}

error_codes! {
    Usage "usage" "The command line is wrong, an input has the wrong content, or a secret is missing.";
    NotFound "not-found" "A file or a folder does not exist."
        fix "correct the path: a relative path starts in the current folder";
    PermissionDenied "permission-denied" "The operating system does not allow access."
        fix "use another path or port, or give this user access";
    AddressInUse "address-in-use" "Another program uses the port." fix "use another port, or 0 for a free one";
    NoSpace "no-space" "The disk is full, or the file is larger than a limit allows."
        fix "free some space, raise the limit, or write to another folder";
    Io "io" "A file, a folder or a socket cannot be used for another reason.";
    InvalidUrl "invalid-url" "The URL cannot be used.";
    InvalidHeader "invalid-header" "HTTP does not allow the name or the value of a header."
        fix "write the header as NAME: VALUE, in ASCII and on one line";
    ConnectionRefused "connection-refused" "No program listens at the address of the URL."
        fix "start the receiver, or correct the URL";
    CannotConnect "cannot-connect" "The host is unknown or cannot be reached." fix "correct the host in the URL";
    UntrustedCertificate "untrusted-certificate" "The certificate of the endpoint is not trusted, or is for another host."
        fix "trust it with --cacert FILE, or trust any certificate with --insecure";
    Proxy "proxy" "The proxy cannot be reached, or does not connect to the endpoint."
        fix "correct HTTPS_PROXY, or list the host in NO_PROXY";
    InvalidProxy "invalid-proxy" "An environment variable is not the URL of a proxy.";
    Tls "tls" "TLS cannot be set up." fix "give --cacert a file with PEM certificates";
    Timeout "timeout" "The response was not received in time."
        fix "respond with 2xx first and do the work later, or use a longer --timeout";
    ConnectionClosed "connection-closed" "The connection was closed before a response was received."
        fix "read the log of the receiver: it may have crashed";
    NotHttp "not-http" "The response is not HTTP.";
    NotTls "not-tls" "The endpoint does not use TLS on this port.";
    Skipped "skipped" "The circuit breaker skipped the delivery." fix "fix the failures before it, or leave out --breaker";
    Interrupted "interrupted" "A signal interrupted the command." fix "run the command again";
    Network "network" "The network failed for another reason.";
    State "state" "The state of the receiver cannot be read.";
}
