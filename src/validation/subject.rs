//! What a request is about, in a few words for a person: the title of the page, the name of the space or of the file.

use crate::json::{Node, Value};
use crate::profiles::ALL;

/// The properties of a payload that can name it, the best first. A comment without a title is named by what it is on.
const NAMES: [&str; 3] = ["title", "name", "fileName"];

/// Is this the key of a payload in the bodies of any sender?
pub(super) fn is_payload_key(key: &str) -> bool {
    !key.is_empty() && ALL.into_iter().any(|profile| profile.bodies.iter().any(|body| body.key == key))
}

/// How good a name the property of this key is, 0 the best. `holder` is the key of the object that has the property: the
/// payload, or what the payload is on.
pub(super) fn rank(holder: &str, key: &str, is_in_payload: bool) -> Option<usize> {
    let rank = NAMES.iter().position(|name| *name == key)?;
    if is_in_payload && is_payload_key(holder) {
        Some(rank)
    } else {
        (holder == "parent" && rank == 0).then_some(NAMES.len())
    }
}

/// Finds the title or the name.
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
    fn the_title_or_the_name() {
        assert_eq!(subject(r#"{"event":"x","page":{"id":"1","title":"Plan"}}"#).as_deref(), Some("Plan"));
        assert_eq!(
            subject(r#"{"label":{"name":"draft"},"associatedContent":{"title":"Plan"}}"#).as_deref(),
            Some("draft")
        );
        assert_eq!(subject(r#"{"page":7}"#), None);
    }

    #[test]
    fn what_confluence_cloud_calls_them() {
        assert_eq!(subject(r#"{"blog":{"title":"News"}}"#).as_deref(), Some("News"));
        assert_eq!(
            subject(r#"{"attachments":[{"fileName":"a.pdf"}],"attachedTo":{"title":"P"}}"#).as_deref(),
            Some("a.pdf")
        );
        assert_eq!(subject(r#"{"comment":{"id":1,"parent":{"title":"Plan"}}}"#).as_deref(), Some("Plan"));
        assert_eq!(subject(r#"{"label":{"name":"draft","title":"draft"}}"#).as_deref(), Some("draft"));
    }
}
