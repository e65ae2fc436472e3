//! The subject of a request for people: the title of a page, or the name of a space or file.

use crate::json::{Node, Value};
use crate::profiles::ALL;

/// The properties that name a payload, the best first. A comment without a title is named by its content.
const NAMES: [&str; 3] = ["title", "name", "fileName"];

/// Returns whether a key is the key of a payload for any sender.
pub(super) fn is_payload_key(key: &str) -> bool {
    !key.is_empty() && ALL.into_iter().any(|profile| profile.bodies.iter().any(|body| body.key == key))
}

/// Ranks a property as a name; 0 is best. `holder` is the key of the object with the property: the payload, or its content.
pub(super) fn rank(holder: &str, key: &str, is_in_payload: bool) -> Option<usize> {
    let rank = NAMES.iter().position(|name| *name == key)?;
    if is_in_payload && is_payload_key(holder) {
        Some(rank)
    } else {
        (holder == "parent" && rank == 0).then_some(NAMES.len())
    }
}

/// Returns the title or the name.
pub(super) fn find<'n>(body: &'n Node<'_>) -> Option<&'n str> {
    let member = body.members()?.iter().rfind(|member| is_payload_key(&member.key))?;
    let payload = match &member.node.value {
        Value::Array(items) => items.first()?,
        _ => &member.node,
    };
    let own = NAMES.iter().find_map(|name| payload.get(name)?.as_str());
    own.or_else(|| payload.get("parent")?.get("title")?.as_str())
}

#[cfg(test)]
mod tests {
    use crate::json::parse;

    fn subject(body: &str) -> Option<String> {
        super::find(&parse(body.as_bytes()).expect("it is JSON")).map(str::to_owned)
    }

    #[test]
    fn the_subject_is_the_title_or_the_name() {
        assert_eq!(subject(r#"{"event":"x","page":{"id":"1","title":"Plan"}}"#).as_deref(), Some("Plan"));
        assert_eq!(
            subject(r#"{"label":{"name":"draft"},"associatedContent":{"title":"Plan"}}"#).as_deref(),
            Some("draft")
        );
        assert_eq!(subject(r#"{"page":7}"#), None);
    }

    #[test]
    fn subjects_of_confluence_cloud_are_found() {
        assert_eq!(subject(r#"{"blog":{"title":"News"}}"#).as_deref(), Some("News"));
        assert_eq!(
            subject(r#"{"attachments":[{"fileName":"a.pdf"}],"attachedTo":{"title":"P"}}"#).as_deref(),
            Some("a.pdf")
        );
        assert_eq!(subject(r#"{"comment":{"id":1,"parent":{"title":"Plan"}}}"#).as_deref(), Some("Plan"));
        assert_eq!(subject(r#"{"label":{"name":"draft","title":"draft"}}"#).as_deref(), Some("draft"));
    }
}
