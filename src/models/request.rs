//! One webhook request as bytes and headers.

use std::borrow::Cow;

use bytes::Bytes;

/// Identifies the registration (the document) or the delivery, the same across retries (Jira's documentation).
pub const IDENTIFIER: &str = "X-Atlassian-Webhook-Identifier";
/// The media type of the body, always [`JSON`].
pub const CONTENT_TYPE: &str = "Content-Type";
/// The only media type that the document allows.
pub const JSON: &str = "application/json";

/// The fields that belong to one connection and not to the delivery (RFC 9110, section 7.6.1), and the two that every
/// sender writes anew. They are dropped when a delivery goes on to another endpoint.
const HOP_BY_HOP: [&str; 12] = [
    "Connection",
    "Content-Length",
    "Expect",
    "Host",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "Proxy-Connection",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
];

/// One webhook request, exactly as it is on the wire. The body has no setter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    target: String,
    headers: Headers,
    body: Bytes,
}

impl Request {
    /// `target` is path and query (`/webhooks/confluence?lic=active`), or empty where it is not known.
    pub fn new(target: impl Into<String>, headers: Headers, body: impl Into<Bytes>) -> Self {
        Self { target: target.into(), headers, body: body.into() }
    }

    /// Path and query, or empty where it is not known.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The header fields, in the order of the wire.
    #[must_use]
    pub const fn headers(&self) -> &Headers {
        &self.headers
    }

    /// The header fields, to be added to: a signature, an identifier.
    pub const fn headers_mut(&mut self) -> &mut Headers {
        &mut self.headers
    }

    /// The same request with another body.
    #[must_use]
    pub fn with_body(&self, body: impl Into<Bytes>) -> Self {
        Self::new(self.target.clone(), self.headers.clone(), body)
    }

    /// The raw bytes.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The raw bytes, shared and not copied.
    #[must_use]
    pub fn shared_body(&self) -> Bytes {
        self.body.clone()
    }
}

/// Header fields in the order of the wire, repeats kept; names compare without case, values are bytes.
///
/// All names stand in one piece of memory and all values in another, because a receiver makes one of these for every
/// request, and two strings a field would be most of what it allocates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    names: String,
    values: Vec<u8>,
    /// Where the name and the value of each field end; they begin where those of the field before end.
    ends: Vec<(usize, usize)>,
}

impl Headers {
    /// No fields.
    #[must_use]
    pub const fn new() -> Self {
        Self { names: String::new(), values: Vec::new(), ends: Vec::new() }
    }

    /// No fields yet, and room for so many, with names and values of so many bytes together.
    #[must_use]
    pub fn with_capacity(fields: usize, bytes: usize) -> Self {
        Self {
            names: String::with_capacity(bytes),
            values: Vec::with_capacity(bytes),
            ends: Vec::with_capacity(fields),
        }
    }

    /// Adds a field at the end; one of the same name stays.
    pub fn append(&mut self, name: impl AsRef<str>, value: impl AsRef<[u8]>) {
        self.names.push_str(name.as_ref());
        self.values.extend_from_slice(value.as_ref());
        self.ends.push((self.names.len(), self.values.len()));
    }

    /// Puts one field in the place of all of this name.
    pub fn set(&mut self, name: &str, value: impl AsRef<[u8]>) {
        if self.get(name).is_none() {
            return self.append(name, value);
        }
        let mut set = Self::new();
        let mut is_there = false;
        for (other, old) in self.iter() {
            if !other.eq_ignore_ascii_case(name) {
                set.append(other, old);
            } else if !is_there {
                is_there = true;
                set.append(other, value.as_ref());
            }
        }
        if !is_there {
            set.append(name, value);
        }
        *self = set;
    }

    /// Drops every field of this name.
    pub fn remove(&mut self, name: &str) {
        self.retain(|other| !other.eq_ignore_ascii_case(name));
    }

    fn retain(&mut self, keeps: impl Fn(&str) -> bool) {
        *self = self.iter().filter(|(name, _)| keeps(name)).collect();
    }

    /// Drops what belongs to one connection and not to the delivery: the fields of RFC 9110, section 7.6.1, those that
    /// `Connection` names, and `Host` and `Content-Length`, which every sender writes anew.
    pub fn drop_hop_by_hop(&mut self) {
        let named = self.named_by_connection();
        self.retain(|name| !is_hop_by_hop(name, &named));
    }

    /// The fields that [`Headers::drop_hop_by_hop`] leaves, without a copy of them.
    pub fn end_to_end(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let named = self.named_by_connection();
        self.iter().filter(move |(name, _)| !is_hop_by_hop(name, &named))
    }

    fn named_by_connection(&self) -> Vec<String> {
        let names =
            |value| String::from_utf8_lossy(value).split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>();
        self.all("Connection").flat_map(names).collect()
    }

    /// The value of the first field of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The value of the first field of this name as text, for reading and showing; what is no UTF-8 is replaced.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get(name).map(String::from_utf8_lossy)
    }

    /// The values of all fields of this name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// All fields, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let mut start = (0, 0);
        self.ends.iter().map(move |&end| {
            let field = (&self.names[start.0..end.0], &self.values[start.1..end.1]);
            start = end;
            field
        })
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let mut headers = Self::new();
        for (name, value) in fields {
            headers.append(name, value);
        }
        headers
    }
}

fn is_hop_by_hop(name: &str, named: &[String]) -> bool {
    belongs_to_connection(name) || named.iter().any(|hop| hop.eq_ignore_ascii_case(name))
}

/// Does every sender write this field anew, for the connection that it has?
#[must_use]
pub fn belongs_to_connection(name: &str) -> bool {
    HOP_BY_HOP.iter().any(|hop| hop.eq_ignore_ascii_case(name))
}

/// Is this media type JSON as Confluence sends it: `application/json`, in any case, with or without parameters?
#[must_use]
pub fn is_json(media_type: &str) -> bool {
    media_type.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(JSON))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(fields: &[(&str, &str)]) -> Headers {
        fields.iter().copied().collect()
    }

    #[test]
    fn names_compare_without_case_and_repeats_are_kept() {
        let headers = headers(&[("X-A", "1"), ("x-a", "2"), ("X-B", "3")]);
        assert_eq!(headers.all("X-a").collect::<Vec<_>>(), [b"1", b"2"]);
        assert_eq!(headers.get("x-b"), Some(&b"3"[..]));
    }

    #[test]
    fn set_leaves_one_field_in_the_place_of_the_first() {
        let mut set = headers(&[("X-A", "1"), ("X-B", "2"), ("x-a", "3")]);
        set.set("X-A", "4");
        assert_eq!(set, headers(&[("X-A", "4"), ("X-B", "2")]));
    }

    #[test]
    fn what_belongs_to_the_connection_is_dropped_and_the_rest_kept() {
        let mut kept = headers(&[
            ("Host", "a"),
            ("connection", "close, X-Mine"),
            ("X-Mine", "1"),
            ("content-length", "2"),
            ("X-Hub-Signature", "sha256=00"),
        ]);
        kept.drop_hop_by_hop();
        assert_eq!(kept, headers(&[("X-Hub-Signature", "sha256=00")]));
    }

    #[test]
    fn json_is_json_with_a_charset_and_in_capitals() {
        assert!(is_json("application/json; charset=utf-8"));
        assert!(is_json("Application/JSON"));
        assert!(!is_json("application/jsonp"));
        assert!(!is_json("text/plain"));
    }
}
