//! Reads and writes HTTP archives (HAR 1.2), which browsers and proxies export. Captures exported as HAR can be read again,
//! byte for byte.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

use crate::models::recorded_response::RecordedResponse;
use crate::models::request::{CONTENT_TYPE, Headers, Request};

use super::capture_format::{self, FormatError};

/// The media type of a request without `Content-Type`.
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// Errors when an archive is read.
#[derive(Debug, thiserror::Error)]
pub enum HarError {
    /// The text is not an archive.
    #[error("it is not an HTTP archive (line {}, column {})", .0.line(), .0.column())]
    Form(serde_json::Error),
    /// The text is in UTF-16.
    #[error("it is in UTF-16; save it as UTF-8")]
    Utf16,
    /// The archive contains no POST request.
    #[error("no input: the archive contains no POST request")]
    NoPost,
    /// A request has an invalid URL.
    #[error("`{0}` is not a URL")]
    Url(String),
    /// A body or a value cannot be decoded.
    #[error("the {0} is not in base64")]
    Base64(&'static str),
    /// The length of a body differs from its header.
    #[error(transparent)]
    Length(#[from] FormatError),
}

/// An archive.
#[derive(Debug, Serialize, Deserialize)]
pub struct Archive {
    log: ArchiveLog,
}

#[derive(Debug, Serialize, Deserialize)]
struct ArchiveLog {
    #[serde(default)]
    version: String,
    #[serde(default)]
    creator: Creator,
    entries: Vec<Entry>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Creator {
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(default)]
    started_date_time: String,
    /// In milliseconds.
    #[serde(default)]
    time: f64,
    request: ArchivedRequest,
    #[serde(default)]
    response: ArchivedResponse,
    #[serde(default)]
    cache: NoCache,
    #[serde(default)]
    timings: Timings,
}

/// The cache, which is always empty.
#[derive(Debug, Default, Serialize, Deserialize)]
struct NoCache {}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ArchivedRequest {
    method: String,
    url: String,
    #[serde(default)]
    http_version: String,
    #[serde(default)]
    cookies: Vec<Pair>,
    #[serde(default)]
    headers: Vec<Pair>,
    #[serde(default)]
    query_string: Vec<Pair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<PostData>,
    #[serde(default)]
    headers_size: i64,
    #[serde(default)]
    body_size: i64,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ArchivedResponse {
    status: u16,
    status_text: String,
    http_version: String,
    cookies: Vec<Pair>,
    headers: Vec<Pair>,
    content: Content,
    #[serde(rename = "redirectURL")]
    redirect_url: String,
    headers_size: i64,
    body_size: i64,
}

/// A name with a value.
#[derive(Debug, Serialize, Deserialize)]
struct Pair {
    name: String,
    value: String,
    /// The value in base64 if it is not UTF-8. Custom fields begin with an underscore (HAR 1.2, "Custom Fields").
    #[serde(rename = "_valueBase64", skip_serializing_if = "Option::is_none")]
    bytes: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    text: String,
    /// `base64` or absent. The standard has this field only for responses, but several programs write it for requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Content {
    size: u64,
    mime_type: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<String>,
}

/// In milliseconds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Timings {
    send: f64,
    wait: f64,
    receive: f64,
}

/// The exported data of a delivery.
#[derive(Clone, Copy, Debug)]
pub struct ArchivedDelivery<'a> {
    /// The request.
    pub request: &'a Request,
    /// The time when it was received; the Unix epoch if it is unknown.
    pub at: Timestamp,
    /// The response, and its duration in milliseconds. Without a response, the status in the archive is 0, as in browsers.
    pub response: Option<(&'a RecordedResponse<'a>, f64)>,
}

impl Archive {
    /// Returns an archive of these deliveries.
    pub fn new<'a>(deliveries: impl IntoIterator<Item = ArchivedDelivery<'a>>) -> Self {
        let creator =
            Creator { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
        let entries = deliveries.into_iter().map(|delivery| Entry::new(&delivery)).collect();
        Self { log: ArchiveLog { version: "1.2".to_owned(), creator, entries } }
    }
}

impl ArchivedDelivery<'_> {
    /// Returns the delivery as an entry of an archive.
    pub fn entry(&self) -> impl Serialize {
        Entry::new(self)
    }
}

impl Entry {
    fn new(delivery: &ArchivedDelivery<'_>) -> Self {
        let time = delivery.response.map_or(0.0, |(_, time)| time);
        Self {
            started_date_time: delivery.at.to_string(),
            time,
            request: ArchivedRequest::new(delivery.request),
            response: delivery.response.map(|(response, _)| ArchivedResponse::new(response)).unwrap_or_default(),
            cache: NoCache {},
            timings: Timings { send: 0.0, wait: time, receive: 0.0 },
        }
    }
}

impl ArchivedRequest {
    fn new(request: &Request) -> Self {
        let headers = request.headers();
        let query = request.target().split_once('?').map_or("", |(_, query)| query);
        let cookies = headers.all("Cookie").flat_map(|value| value.split(|byte| *byte == b';'));
        let body = request.body();
        let (text, encoding) = text_or_base64(body);
        let media_type = headers.text(CONTENT_TYPE).unwrap_or(UNKNOWN_TYPE.into()).into_owned();
        Self {
            method: request.method().to_string(),
            url: capture_format::url(request),
            http_version: "HTTP/1.1".to_owned(),
            cookies: cookies.map(|cookie| Pair::split(&String::from_utf8_lossy(cookie))).collect(),
            headers: pairs(headers),
            query_string: query.split('&').filter(|part| !part.is_empty()).map(Pair::decode).collect(),
            post_data: (!body.is_empty()).then_some(PostData { mime_type: media_type, text, encoding }),
            headers_size: -1,
            body_size: i64::try_from(body.len()).unwrap_or(-1),
        }
    }
}

impl ArchivedResponse {
    fn new(response: &RecordedResponse<'_>) -> Self {
        let reason = http::StatusCode::from_u16(response.status).ok().and_then(|status| status.canonical_reason());
        let header = |name: &str| {
            let field = response.headers.iter().find(|field| field.name.eq_ignore_ascii_case(name));
            field.map(|field| field.value.clone().into_owned())
        };
        let pair = |name: &str, value: &str| Pair { name: name.to_owned(), value: value.to_owned(), bytes: None };
        let (text, encoding) = match (&response.body, &response.body_base64) {
            (Some(text), _) => (text.clone().into_owned(), None),
            (None, Some(text)) => (text.clone(), Some("base64".to_owned())),
            (None, None) => (String::new(), None),
        };
        let size = if encoding.is_some() { text.len() / 4 * 3 } else { text.len() };
        Self {
            status: response.status,
            status_text: reason.unwrap_or_default().to_owned(),
            http_version: "HTTP/1.1".to_owned(),
            cookies: Vec::new(),
            headers: response.headers.iter().map(|field| pair(&field.name, &field.value)).collect(),
            content: Content {
                size: size as u64,
                mime_type: header(CONTENT_TYPE).unwrap_or_else(|| UNKNOWN_TYPE.to_owned()),
                text,
                encoding,
            },
            redirect_url: header("Location").unwrap_or_default(),
            headers_size: -1,
            body_size: if response.truncated { -1 } else { i64::try_from(size).unwrap_or(-1) },
        }
    }
}

impl Pair {
    fn new(name: &str, value: &[u8]) -> Self {
        let bytes = std::str::from_utf8(value).is_err().then(|| STANDARD.encode(value));
        Self { name: name.to_owned(), value: String::from_utf8_lossy(value).into_owned(), bytes }
    }

    fn split(text: &str) -> Self {
        let (name, value) = text.trim().split_once('=').unwrap_or((text.trim(), ""));
        Self { name: name.to_owned(), value: value.to_owned(), bytes: None }
    }

    /// Decodes a query parameter like a browser.
    fn decode(parameter: &str) -> Self {
        let decode = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        Self { name: decode(name), value: decode(value), bytes: None }
    }
}

fn pairs(headers: &Headers) -> Vec<Pair> {
    headers.iter().map(|(name, value)| Pair::new(name, value)).collect()
}

/// Returns a body as text, or in base64 if it is not UTF-8.
fn text_or_base64(body: &[u8]) -> (String, Option<String>) {
    match std::str::from_utf8(body) {
        Ok(text) => (text.to_owned(), None),
        Err(_) => (STANDARD.encode(body), Some("base64".to_owned())),
    }
}

/// Returns the POST requests in an archive, each with the number of its entry, from 1.
///
/// # Errors
/// Returns an error if the text is not an archive, or contains no POST request.
pub fn deliveries(bytes: &[u8]) -> Result<impl Iterator<Item = (usize, Result<Request, HarError>)> + use<>, HarError> {
    if capture_format::is_utf16(bytes) {
        return Err(HarError::Utf16);
    }
    let bytes = capture_format::without_byte_order_mark(bytes);
    let archive: Archive = serde_json::from_slice(bytes).map_err(HarError::Form)?;
    let requests = archive.log.entries.into_iter().map(|entry| entry.request).enumerate();
    let mut posts = requests.filter(|(_, request)| request.method == "POST").peekable();
    if posts.peek().is_none() {
        return Err(HarError::NoPost);
    }
    Ok(posts.map(|(index, request)| (index + 1, delivery(request))))
}

fn delivery(request: ArchivedRequest) -> Result<Request, HarError> {
    let target = capture_format::origin_form(&request.url).ok_or_else(|| HarError::Url(request.url.clone()))?;
    let mut headers = Headers::new();
    for Pair { name, value, bytes } in request.headers {
        let value = match bytes {
            Some(bytes) => STANDARD.decode(bytes).map_err(|_| HarError::Base64("value of a header"))?,
            None => value.into_bytes(),
        };
        // HTTP/2 has the host in another field than HTTP/1.1.
        match name.as_str() {
            ":authority" => headers.append("Host", value),
            name if name.starts_with(':') => {}
            name => headers.append(name, value),
        }
    }
    let body = match request.post_data {
        Some(PostData { text, encoding: Some(encoding), .. }) if encoding == "base64" => {
            STANDARD.decode(text).map_err(|_| HarError::Base64("body"))?
        }
        Some(PostData { text, .. }) => text.into_bytes(),
        None => Vec::new(),
    };
    let delivery = Request::post(target, headers, body);
    capture_format::check_length(&delivery)?;
    Ok(delivery)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::response::Response;

    #[test]
    fn an_archive_reads_back_the_same() {
        let bodies = [&b""[..], b"\r\n\r\n", "{\"a\":\"é😀\\u0000\"}\n".as_bytes(), b"\xff\xfe\0", b"\x1f\x8b\x08\0"];
        let requests = bodies.map(|body| {
            let mut headers = Headers::new();
            headers.append("HOST", "127.0.0.1:8080");
            headers.append("x-odd", &b"caf\xe9"[..]);
            headers.append("X-Odd", "");
            headers.append("Cookie", "a=1; b");
            Request::post("/hooks/confluence?token=a%2Bb&x", headers, body)
        });
        let response = Response::text(401, "no");
        let response = RecordedResponse::from(&response);
        let deliveries = requests.iter().map(|request| ArchivedDelivery {
            request,
            at: Timestamp::UNIX_EPOCH,
            response: Some((&response, 1.5)),
        });
        let archive = serde_json::to_vec(&Archive::new(deliveries)).expect("JSON");
        let read: Vec<_> = super::deliveries(&archive).expect("an archive").map(|(_, request)| request).collect();
        assert_eq!(read.into_iter().collect::<Result<Vec<_>, _>>().expect("requests"), requests);
    }
}
