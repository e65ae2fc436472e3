//! HTTP archives (HAR 1.2), which browsers and proxies export.

use anyhow::{Context, anyhow, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::models::request::{Headers, Request};
use crate::store::capture_format;

#[derive(Deserialize)]
struct Archive {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: ArchivedRequest,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ArchivedRequest {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Field>,
    post_data: Option<PostData>,
}

#[derive(Deserialize)]
struct Field {
    name: String,
    value: String,
}

#[derive(Deserialize)]
struct PostData {
    #[serde(default)]
    text: String,
    /// Not in the standard, but written by several programs: `base64`.
    encoding: Option<String>,
}

/// The deliveries in an archive, each with the number of its entry, from 1: the requests with POST.
///
/// # Errors
/// When the text is not an archive, or has no such request.
pub(super) fn deliveries(
    bytes: &[u8],
) -> anyhow::Result<impl Iterator<Item = (usize, anyhow::Result<Request>)> + use<>> {
    let archive: Archive = serde_json::from_slice(bytes)
        .map_err(|error| anyhow!("it is not an HTTP archive: see line {}, column {}", error.line(), error.column()))?;
    let requests = archive.log.entries.into_iter().map(|entry| entry.request).enumerate();
    let mut posts = requests.filter(|(_, request)| request.method == "POST").peekable();
    if posts.peek().is_none() {
        bail!("no input: the archive has no POST request");
    }
    Ok(posts.map(|(index, request)| {
        let number = index + 1;
        (number, delivery(request).with_context(|| format!("entry {number}")))
    }))
}

fn delivery(request: ArchivedRequest) -> anyhow::Result<Request> {
    let target = capture_format::origin_form(&request.url).with_context(|| format!("`{}` is no URL", request.url))?;
    let mut headers = Headers::new();
    for Field { name, value } in request.headers {
        // HTTP/2 has the host in a field that HTTP/1.1 has another name for.
        match name.as_str() {
            ":authority" => headers.append("Host", value),
            name if name.starts_with(':') => {}
            name => headers.append(name, value),
        }
    }
    let body = match request.post_data {
        Some(PostData { text, encoding: Some(encoding) }) if encoding == "base64" => {
            STANDARD.decode(text).context("the body is not in base64")?
        }
        Some(PostData { text, .. }) => text.into_bytes(),
        None => Vec::new(),
    };
    let delivery = Request::post(target, headers, body);
    capture_format::check_length(&delivery)?;
    Ok(delivery)
}
