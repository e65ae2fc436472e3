//! What a body is about, in a few words for a person: the title of its page, the name of its space or its file.

use std::borrow::Cow;

use serde::Deserialize;

/// The payloads of both profiles; a body carries one of them.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Body<'a> {
    #[serde(
        borrow,
        alias = "space",
        alias = "comment",
        alias = "attachment",
        alias = "label",
        alias = "blogPost",
        alias = "blog"
    )]
    page: Option<Payload<'a>>,
    #[serde(borrow)]
    attachments: Vec<Payload<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload<'a> {
    #[serde(borrow)]
    title: Option<Cow<'a, str>>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    file_name: Option<Cow<'a, str>>,
    /// What a comment of Confluence Cloud is on; it has no title of its own.
    #[serde(borrow)]
    parent: Option<Parent<'a>>,
}

#[derive(Deserialize)]
struct Parent<'a> {
    #[serde(borrow)]
    title: Option<Cow<'a, str>>,
}

/// The title or name in the payload, where there is one that can be read.
#[must_use]
pub fn of(body: &[u8]) -> Option<String> {
    let body: Body<'_> = serde_json::from_slice(body).ok()?;
    let payload = body.page.or_else(|| body.attachments.into_iter().next())?;
    let words = payload.title.or(payload.name).or(payload.file_name).or_else(|| payload.parent?.title)?;
    Some(words.into_owned())
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

    #[test]
    fn what_confluence_cloud_calls_them() {
        assert_eq!(of(br#"{"blog":{"title":"News"}}"#).as_deref(), Some("News"));
        assert_eq!(
            of(br#"{"attachments":[{"fileName":"a.pdf"}],"attachedTo":{"title":"P"}}"#).as_deref(),
            Some("a.pdf")
        );
        assert_eq!(of(br#"{"comment":{"id":1,"parent":{"title":"Plan"}}}"#).as_deref(), Some("Plan"));
        assert_eq!(of(br#"{"label":{"name":"draft","title":"draft"}}"#).as_deref(), Some("draft"));
    }
}
