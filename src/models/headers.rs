//! The header fields of one HTTP message.

use std::borrow::Cow;

use http::HeaderMap;

/// Fields that belong to one connection (RFC 9110, section 7.6.1), and `Host` and `Content-Length`, which every client sets
/// itself.
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

/// Prefixes of fields that describe the body or the event.
const DESCRIBING: [&str; 2] = ["content-", "x-atlassian-"];
/// Words in the names of fields with credentials.
const AUTHENTICATING: [&str; 4] = ["authorization", "cookie", "signature", "token"];

/// Header fields in the received order, including repeated fields. Names are case-insensitive. Values are bytes.
///
/// All names share one buffer, and all values share another. A server creates a `Headers` for every request, and two strings
/// for each field would cause most of its allocations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers {
    names: String,
    values: Vec<u8>,
    /// The end of each name and value. Each starts where the previous one ends.
    ends: Vec<(usize, usize)>,
}

impl Headers {
    /// Creates an empty list.
    pub const fn new() -> Self {
        Self { names: String::new(), values: Vec::new(), ends: Vec::new() }
    }

    /// Creates an empty list with capacity for a typical delivery.
    pub fn with_usual_capacity() -> Self {
        Self { names: String::with_capacity(256), values: Vec::with_capacity(512), ends: Vec::with_capacity(16) }
    }

    /// Appends a field. Keeps other fields with the same name.
    pub fn append(&mut self, name: impl AsRef<str>, value: impl AsRef<[u8]>) {
        self.names.push_str(name.as_ref());
        self.values.extend_from_slice(value.as_ref());
        self.ends.push((self.names.len(), self.values.len()));
    }

    /// Replaces all fields with this name with one field, at the position of the first one. Appends it if there is none.
    pub fn set(&mut self, name: &str, value: impl AsRef<[u8]>) {
        let mut value = Some(value);
        let mut headers = Self::new();
        for (other, old) in self.iter() {
            if !other.eq_ignore_ascii_case(name) {
                headers.append(other, old);
            } else if let Some(value) = value.take() {
                headers.append(other, value);
            }
        }
        if let Some(value) = value {
            headers.append(name, value);
        }
        *self = headers;
    }

    /// Removes all fields with this name.
    pub fn remove(&mut self, name: &str) {
        *self = self.iter().filter(|(other, _)| !other.eq_ignore_ascii_case(name)).collect();
    }

    /// Returns the value of the first field with this name.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.all(name).next()
    }

    /// Returns the value of the first field with this name as text. Invalid UTF-8 is replaced.
    pub fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get(name).map(String::from_utf8_lossy)
    }

    /// Returns the values of all fields with this name, in order.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.iter().filter(move |(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Returns the value of the field at `index`.
    pub fn nth(&self, index: usize) -> Option<&[u8]> {
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |(_, end)| *end);
        self.values.get(start..self.ends.get(index)?.1)
    }

    /// Returns all fields, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let mut start = (0, 0);
        self.ends.iter().map(move |&end| {
            let field = (&self.names[start.0..end.0], &self.values[start.1..end.1]);
            start = end;
            field
        })
    }

    /// Returns the fields to forward to another server: all except those that [belong to the connection](is_hop_by_hop) or that
    /// `Connection` lists. Fields with credentials and fields that describe the body are forwarded even if `Connection` lists
    /// them; otherwise a sender could change the meaning of the forwarded request.
    pub fn end_to_end(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let connection = self.all("Connection").filter_map(|value| std::str::from_utf8(value).ok());
        let named: Vec<&str> = connection.flat_map(|value| value.split(',').map(str::trim)).collect();
        self.iter().filter(move |(name, _)| {
            let is_named = || named.iter().any(|other| other.eq_ignore_ascii_case(name));
            !is_hop_by_hop(name) && (named.is_empty() || is_end_to_end(name) || !is_named())
        })
    }
}

impl<N: AsRef<str>, V: AsRef<[u8]>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let mut headers = Self::new();
        fields.into_iter().for_each(|(name, value)| headers.append(name, value));
        headers
    }
}

impl From<&HeaderMap> for Headers {
    fn from(map: &HeaderMap) -> Self {
        let bytes = map.iter().map(|(name, value)| name.as_str().len().max(value.len())).sum();
        let mut headers = Self {
            names: String::with_capacity(bytes),
            values: Vec::with_capacity(bytes),
            ends: Vec::with_capacity(map.len()),
        };
        map.iter().for_each(|(name, value)| headers.append(name, value));
        headers
    }
}

/// Returns whether a field belongs to one connection, so that every client sets it itself.
pub fn is_hop_by_hop(name: &str) -> bool {
    HOP_BY_HOP.iter().any(|hop| hop.eq_ignore_ascii_case(name))
}

/// Returns whether a field must be forwarded, even if `Connection` lists it.
fn is_end_to_end(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    DESCRIBING.iter().any(|start| name.starts_with(start)) || AUTHENTICATING.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(fields: &[(&str, &str)]) -> Headers {
        fields.iter().copied().collect()
    }

    #[test]
    fn names_compare_without_case_and_repeated_fields_are_kept() {
        let headers = headers(&[("X-A", "1"), ("x-a", "2"), ("X-B", "3")]);
        assert_eq!(headers.all("X-a").collect::<Vec<_>>(), [b"1", b"2"]);
        assert_eq!(headers.get("x-b"), Some(&b"3"[..]));
    }

    #[test]
    fn set_leaves_one_field_in_the_place_of_the_first() {
        let mut set = headers(&[("X-A", "1"), ("X-B", "2"), ("x-a", "3")]);
        set.set("X-A", "4");
        assert_eq!(set, headers(&[("X-A", "4"), ("X-B", "2")]));
        set.set("X-C", "5");
        assert_eq!(set.get("X-C"), Some(&b"5"[..]));
    }

    #[test]
    fn fields_of_the_connection_are_not_end_to_end() {
        let headers = headers(&[
            ("Host", "a"),
            ("connection", "close, X-Mine"),
            ("X-Mine", "1"),
            ("content-length", "2"),
            ("X-Hub-Signature", "sha256=00"),
        ]);
        assert_eq!(headers.end_to_end().collect::<Vec<_>>(), [("X-Hub-Signature", &b"sha256=00"[..])]);
    }

    #[test]
    fn connection_cannot_drop_credentials_or_fields_that_describe_the_body() {
        for name in
            ["X-Hub-Signature", "authorization", "Content-Type", "Content-Encoding", crate::models::request::IDENTIFIER]
        {
            let headers = headers(&[("Connection", &format!("close , {name}, X-Mine")), (name, "1"), ("X-Mine", "2")]);
            assert_eq!(headers.end_to_end().collect::<Vec<_>>(), [(name, &b"1"[..])]);
        }
    }
}
