//! The `.http` files of editors. A single request is a capture too.

use crate::client::url::Url;
use crate::models::request::Request;

use super::exporter::{ExportError, Exporter, text_headers};

/// Writes each request as it is sent.
pub static MESSAGE: Exporter = Exporter {
    adds_host_and_length: false,
    ..Exporter::new("message", |_, request| Ok(request.to_message(request.target())))
};

pub(super) static EXPORTER: Exporter = Exporter { separator: "\r\n###\r\n", ..Exporter::new("http", write) };

/// Characters that editors interpret at the start of a body: comments, included files, variables and scripts.
const COMMANDS: [char; 6] = ['#', '/', '<', '>', '@', '?'];

fn write(url: &Url, request: &Request) -> Result<Vec<u8>, ExportError> {
    let refuse = |why: &str| Err(ExportError::Unsupported(format!("editors would change the request: {why}")));
    let Ok(body) = std::str::from_utf8(request.body()) else { return refuse("its body is not UTF-8") };
    if body.contains(['\n', '\r']) {
        return refuse("its body has more than one line");
    }
    if body.trim() != body || body.starts_with(COMMANDS) {
        return refuse("its body begins or ends with characters that they remove or interpret");
    }
    if text_headers("an editor", request)?.iter().any(|(_, value)| value.contains("{{")) || body.contains("{{") {
        return refuse("they interpret `{{` as a variable");
    }
    Ok(request.to_message(url.as_str()))
}
