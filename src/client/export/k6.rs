//! A k6 script.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::client::url::Url;
use crate::models::request::Request;

use super::exporter::{ExportError, Exporter, text_headers};

pub(super) static EXPORTER: Exporter = Exporter {
    head: include_str!("k6_script/head.js"),
    tail: include_str!("k6_script/tail.js"),
    ..Exporter::new("k6", write)
};

fn write(url: &Url, request: &Request) -> Result<Vec<u8>, ExportError> {
    let mut headers: Map<String, Value> = Map::new();
    for (name, value) in text_headers("k6", request)? {
        if headers.insert(name.to_owned(), value.into()).is_some() {
            return Err(ExportError::Unsupported(format!("k6 cannot send the header `{name}` twice")));
        }
    }
    // Every JSON text is a JavaScript expression.
    let (url, body) = (url.as_str(), STANDARD.encode(request.body()));
    let delivery = json!({ "method": request.method().as_str(), "url": url, "headers": headers, "body": body });
    Ok(format!("  {delivery},\n").into_bytes())
}
