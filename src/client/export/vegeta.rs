//! Targets for vegeta in JSON, one per line.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::client::url::Url;
use crate::models::request::Request;

use super::exporter::{ExportError, Exporter, text_headers};

pub(super) static EXPORTER: Exporter = Exporter::new("vegeta", write);

fn write(url: &Url, request: &Request) -> Result<Vec<u8>, ExportError> {
    let mut headers: Map<String, Value> = Map::new();
    for (name, value) in text_headers("vegeta", request)? {
        if let Value::Array(values) = headers.entry(name).or_insert_with(|| json!([])) {
            values.push(value.into());
        }
    }
    let body = STANDARD.encode(request.body());
    let target = json!({ "method": request.method().as_str(), "url": url.as_str(), "header": headers, "body": body });
    Ok(format!("{target}\n").into_bytes())
}
