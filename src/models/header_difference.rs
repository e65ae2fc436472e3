//! The differences between the headers of two requests.

use std::collections::HashMap;

use serde::Serialize;

use super::headers::Headers;

/// A header field that differs between two requests. Names are case-insensitive, and the order of different names is ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeaderDifference {
    /// The name, as written in the first request that has it.
    pub name: String,
    /// The value in the first request. Invalid UTF-8 is replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The value in the second request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

impl Headers {
    /// Returns the differences: first the fields of `self` in order, then the fields that only `after` has. Repeated fields are
    /// compared in order.
    pub fn differences(&self, after: &Self) -> Vec<HeaderDifference> {
        let mut others: HashMap<(String, usize), &[u8]> = number(after).map(|(key, _, value)| (key, value)).collect();
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let mut found = Vec::new();
        for (key, name, before) in number(self) {
            let after = others.remove(&key);
            if after != Some(before) {
                found.push(HeaderDifference {
                    name: name.to_owned(),
                    before: Some(text(before)),
                    after: after.map(text),
                });
            }
        }
        let added = number(after).filter(|(key, ..)| others.contains_key(key));
        found.extend(added.map(|(_, name, value)| HeaderDifference {
            name: name.to_owned(),
            before: None,
            after: Some(text(value)),
        }));
        found
    }
}

/// Returns each field with a key: its name in lower case, and its number among the fields with this name.
fn number(headers: &Headers) -> impl Iterator<Item = ((String, usize), &str, &[u8])> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    headers.iter().map(move |(name, value)| {
        let lower = name.to_ascii_lowercase();
        let count = counts.entry(lower.clone()).or_default();
        *count += 1;
        ((lower, *count), name, value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_compare_without_case_and_order() {
        let headers = |fields: &[(&str, &str)]| fields.iter().copied().collect::<Headers>();
        let before = headers(&[("Host", "a"), ("X-A", "1"), ("x-a", "2"), ("X-Gone", "")]);
        let after = headers(&[("x-a", "1"), ("X-A", "3"), ("host", "a"), ("X-New", "n")]);
        let found: Vec<_> = before
            .differences(&after)
            .into_iter()
            .map(|field| (field.name, field.before.unwrap_or("-".into()), field.after.unwrap_or("-".into())))
            .collect();
        let row = |name: &str, before: &str, after: &str| (name.to_owned(), before.to_owned(), after.to_owned());
        assert_eq!(found, [row("x-a", "2", "3"), row("X-Gone", "", "-"), row("X-New", "-", "n")]);
    }
}
