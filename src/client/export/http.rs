//! The `.http` files of editors. A single request is a capture too.

use super::exporter::Exporter;

pub(super) static EXPORTER: Exporter = Exporter {
    separator: "\r\n###\r\n",
    adds_host_and_length: false,
    ..Exporter::new("http", |url, request| Ok(request.to_message(url.as_str())))
};
