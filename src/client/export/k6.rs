//! A k6 script.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use crate::client::url::Url;
use crate::models::request::Request;

use super::exporter::{ExportError, Exporter, text_headers};

pub(super) static EXPORTER: Exporter = Exporter { head: HEAD, tail: TAIL, ..Exporter::new("k6", write) };

const HEAD: &str = "\
// Run it with `k6 run FILE`. For more concurrency raise `vus`, to send all deliveries again raise `iterations`.
import http from 'k6/http';
import encoding from 'k6/encoding';
import exec from 'k6/execution';
import { check } from 'k6';

const deliveries = [
";

const TAIL: &str = "\
];

export const options = {
  scenarios: { deliveries: { executor: 'shared-iterations', vus: 1, iterations: deliveries.length } },
};

export default function () {
  const delivery = deliveries[exec.scenario.iterationInTest % deliveries.length];
  const response = http.request(delivery.method, delivery.url, encoding.b64decode(delivery.body), {
    headers: delivery.headers,
    redirects: 0,
  });
  check(response, { 'the status is 2xx': (response) => response.status >= 200 && response.status < 300 });
}
";

fn write(url: &Url, request: &Request) -> Result<Vec<u8>, ExportError> {
    let mut headers: Map<String, Value> = Map::new();
    for (name, value) in text_headers("k6", request)? {
        if headers.insert(name.to_owned(), value.into()).is_some() {
            return Err(ExportError::Unsupported(format!("k6 cannot send the header `{name}` twice")));
        }
    }
    // JSON is JavaScript.
    let (url, body) = (url.as_str(), STANDARD.encode(request.body()));
    let delivery = json!({ "method": request.method().as_str(), "url": url, "headers": headers, "body": body });
    Ok(format!("  {delivery},\n").into_bytes())
}
