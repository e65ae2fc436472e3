//! What a body is about, in a few words for a person: the title of its page, the name of its space.

use serde::Deserialize;

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow, alias = "space", alias = "comment", alias = "attachment", alias = "label", alias = "blogPost")]
    page: Option<Payload<'a>>,
}

#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(borrow, alias = "name")]
    title: Option<std::borrow::Cow<'a, str>>,
}

/// The title or name in the payload, where there is one that can be read.
#[must_use]
pub fn of(body: &[u8]) -> Option<String> {
    let body: Body<'_> = serde_json::from_slice(body).ok()?;
    Some(body.page?.title?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn the_title_or_the_name() {
        assert_eq!(of(br#"{"event":"x","page":{"id":"1","title":"Plan"}}"#).as_deref(), Some("Plan"));
        assert_eq!(of(br#"{"label":{"name":"draft"},"associatedContent":{"title":"Plan"}}"#).as_deref(), Some("draft"));
        assert_eq!(of(br#"{"page":7}"#), None);
        assert_eq!(of(b"nonsense"), None);
    }
}
