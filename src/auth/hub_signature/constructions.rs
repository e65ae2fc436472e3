//! Computations that a sender may have used instead of the HMAC of the body.

use memchr::memmem;

use super::digest::Digest;
use crate::auth::explanation::Cause;
use crate::models::request::Request;

/// The maximum number of header values to try in one place. A request may have thousands.
const MOST_VALUES: usize = 4;

/// A computation, with the cause that it proves.
#[derive(Clone)]
pub(super) struct Construction {
    pub(super) cause: Cause,
    shape: Shape,
}

#[derive(Clone)]
enum Shape {
    Swapped,
    Hash,
    HashSecretFirst,
    HashBodyFirst,
    /// The HMAC of these texts around the body.
    Between(String, String),
}

const fn not_hmac(id: &'static str, message: &'static str) -> Cause {
    Cause::new(id, message, "compute the HMAC-SHA256 of the body with the secret as the key")
}

const fn signs_more(id: &'static str, message: &'static str) -> Cause {
    Cause::new(id, message, "sign only the body: unlike other senders, Confluence signs nothing else")
}

const SHAPES: [(Cause, Shape); 4] = [
    (not_hmac("swapped", "the arguments are swapped: the body was the key, and the secret was signed"), Shape::Swapped),
    (not_hmac("plain-hash", "it is a hash of the body without a secret, not an HMAC"), Shape::Hash),
    (not_hmac("secret-and-body-hash", "it is a hash of the secret and the body, not an HMAC"), Shape::HashSecretFirst),
    (not_hmac("body-and-secret-hash", "it is a hash of the body and the secret, not an HMAC"), Shape::HashBodyFirst),
];

const BODY: &str = "{body}";
const TIMESTAMP: &str = "{timestamp}";
const ID: &str = "{id}";
const URL: &str = "{URL}";
const METHOD: &str = "{method}";

/// Signed texts. The names in braces stand for values of the request.
static TEMPLATES: [(Cause, &str); 9] = [
    (signs_more("timestamp-dot-body", "`timestamp.body` was signed, as Stripe does"), "{timestamp}.{body}"),
    (signs_more("v0-timestamp-body", "`v0:timestamp:body` was signed, as Slack does"), "v0:{timestamp}:{body}"),
    (
        signs_more("id-timestamp-body", "`id.timestamp.body` was signed, as Standard Webhooks does"),
        "{id}.{timestamp}.{body}",
    ),
    (signs_more("timestamp-and-body", "the timestamp and the body were signed"), "{timestamp}{body}"),
    (signs_more("body-and-timestamp", "the body and the timestamp were signed"), "{body}{timestamp}"),
    (signs_more("url-and-body", "the URL and the body were signed"), "{URL}{body}"),
    (signs_more("body-and-url", "the body and the URL were signed"), "{body}{URL}"),
    (signs_more("method-url-and-body", "the method, the URL and the body were signed"), "{method}{URL}{body}"),
    (
        signs_more("method-url-body-and-timestamp", "the method, the URL, the body and the timestamp were signed"),
        "{method}{URL}{body}{timestamp}",
    ),
];

impl Construction {
    /// Returns whether the computation produces the digest, with this key and this body.
    pub(super) fn matches(&self, digest: &Digest, key: &[u8], body: &[u8]) -> bool {
        match &self.shape {
            Shape::Swapped => digest.is_hmac(body, &[key]),
            Shape::Hash => digest.is_hash(&[body]),
            Shape::HashSecretFirst => digest.is_hash(&[key, body]),
            Shape::HashBodyFirst => digest.is_hash(&[body, key]),
            Shape::Between(before, after) => digest.is_hmac(key, &[before.as_bytes(), body, after.as_bytes()]),
        }
    }

    /// Returns whether the result depends on the secret.
    pub(super) const fn uses_secret(&self) -> bool {
        !matches!(self.shape, Shape::Hash)
    }
}

/// Returns the computations for a request, and which ones are skipped because the request lacks a value.
pub(super) fn all(request: &Request) -> (Vec<Construction>, Option<String>) {
    let values = values(request);
    let shapes = SHAPES.into_iter().map(|(cause, shape)| Construction { cause, shape });
    let filled = TEMPLATES.iter().flat_map(|(cause, template)| {
        fill(template, &values).into_iter().filter_map(|text| {
            let (before, after) = text.split_once(BODY)?;
            Some(Construction { cause: cause.clone(), shape: Shape::Between(before.to_owned(), after.to_owned()) })
        })
    });
    let missing: Vec<_> = values.iter().filter(|(_, values)| values.is_empty()).map(|(name, _)| *name).collect();
    let is_left_out = |template: &str| missing.iter().any(|name| template.contains(name));
    let left_out: Vec<_> = TEMPLATES.iter().filter(|(_, text)| is_left_out(text)).map(|(cause, _)| cause.id).collect();
    let sentence =
        || format!("{}: the request has no {}", left_out.join(", "), missing.join(", ").replace(['{', '}'], ""));
    let left_out = (!left_out.is_empty()).then(sentence);
    (shapes.chain(filled).collect(), left_out)
}

/// Returns the values of a request for each name in braces.
fn values(request: &Request) -> [(&'static str, Vec<String>); 4] {
    let is_number = |value: &&str| (9..=16).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_digit());
    let headers =
        || request.headers().iter().filter_map(|(name, value)| Some((name, std::str::from_utf8(value).ok()?)));
    let listed = headers()
        .filter(|(name, _)| name.to_ascii_lowercase().contains("signature"))
        .flat_map(|(_, value)| value.split([',', ' ', ';']))
        .filter_map(|part| part.strip_prefix("t="));
    let in_headers = headers().map(|(_, value)| value.trim()).chain(listed).filter(is_number).map(str::to_owned);
    let timestamps = in_headers.take(MOST_VALUES).chain(body_timestamp(request.body())).collect();
    let is_id = |name: &str| {
        let name = name.to_ascii_lowercase();
        name.ends_with("-id") || name.ends_with("-identifier")
    };
    let ids = headers().filter(|(name, _)| is_id(name)).map(|(_, value)| value.trim().to_owned());
    let method = (!request.target().is_empty()).then(|| request.method().to_string());
    [
        (TIMESTAMP, timestamps),
        (ID, ids.take(MOST_VALUES).collect()),
        (URL, urls(request)),
        (METHOD, method.into_iter().collect()),
    ]
}

/// Returns the path with the query, the path alone, and the URLs that senders and tunnels may use.
fn urls(request: &Request) -> Vec<String> {
    let target = request.target();
    let path = target.split('?').next().unwrap_or_default();
    let mut urls: Vec<String> = [target, path].into_iter().filter(|text| !text.is_empty()).map(str::to_owned).collect();
    urls.dedup();
    for host in ["X-Forwarded-Host", "Host"].into_iter().filter_map(|name| request.headers().text(name)) {
        urls.extend(["https", "http"].map(|scheme| format!("{scheme}://{host}{target}")));
    }
    urls
}

/// Returns the digits after the first `"timestamp":` of a body.
fn body_timestamp(body: &[u8]) -> Option<String> {
    const KEY: &[u8] = b"\"timestamp\"";
    let rest = &body[memmem::find(body, KEY)? + KEY.len()..];
    let rest = rest.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
    let length = rest.iter().take(20).take_while(|byte| byte.is_ascii_digit()).count();
    (length > 0).then(|| String::from_utf8_lossy(&rest[..length]).into_owned())
}

/// Returns the template, filled with every combination of values.
fn fill(template: &str, values: &[(&str, Vec<String>)]) -> Vec<String> {
    values.iter().fold(vec![template.to_owned()], |texts, (name, values)| {
        let fill = |text: &String| {
            if text.contains(name) {
                values.iter().map(|value| text.replace(name, value)).collect()
            } else {
                vec![text.clone()]
            }
        };
        texts.iter().flat_map(fill).collect()
    })
}

/// Returns the causes of all computations.
pub(super) fn causes() -> impl Iterator<Item = Cause> {
    SHAPES.into_iter().map(|(cause, _)| cause).chain(TEMPLATES.iter().map(|(cause, _)| cause.clone()))
}
