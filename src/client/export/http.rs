//! The `.http` files of editors. A single request is a capture too.

use super::exporter::Exporter;

/// Writes each request as it is sent.
pub static MESSAGE: Exporter = Exporter {
    adds_host_and_length: false,
    ..Exporter::new("message", |_, request| Ok(request.to_message(request.target())))
};

pub(super) static EXPORTER: Exporter = Exporter {
    separator: "\r\n###\r\n",
    adds_host_and_length: false,
    ..Exporter::new("http", |url, request| Ok(request.to_message(url.as_str())))
};
