//! The `.http` files of editors. A single request is a capture too.

use super::Exporter;

pub(super) const EXPORTER: Exporter = Exporter {
    head: "",
    separator: "\r\n###\r\n",
    tail: "",
    adds_host_and_length: false,
    write: |url, request| Ok(request.to_message(url.as_str())),
};
