//! One body for each rule, which breaks that rule and no other: what a validator, or a receiver that validates, must
//! refuse.

use serde_json::{Value, json};

use crate::models::event::{Entity, EventKind};
use crate::profiles::Profile;
use crate::profiles::document::Document;

use super::body::Layout;

/// A way to make a body invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidBody {
    /// The rule that the body breaks, as `cfwh rules` names it.
    pub rule: &'static str,
    /// What reveals it.
    pub revealed_by: RevealedBy,
}

/// What it takes, beside the body, to see that the body is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevealedBy {
    /// Nothing.
    Body,
    /// The path of another event that it was posted to.
    Path,
    /// The event that it should be about: `validate --event EVENT`.
    ExpectedEvent,
    /// The profile of the sender that it is from: `validate --profile NAME`.
    SenderProfile,
}

const fn by_body(rule: &'static str) -> InvalidBody {
    InvalidBody { rule, revealed_by: RevealedBy::Body }
}

/// In the order of `cfwh rules`.
pub const INVALID_BODIES: [InvalidBody; 17] = [
    by_body("json"),
    by_body("type"),
    InvalidBody { rule: "required", revealed_by: RevealedBy::SenderProfile },
    by_body("enum"),
    by_body("format"),
    by_body("int64"),
    by_body("cloud-body"),
    by_body("unknown-event"),
    by_body("no-event"),
    InvalidBody { rule: "other-event", revealed_by: RevealedBy::ExpectedEvent },
    by_body("other-subject"),
    InvalidBody { rule: "other-path", revealed_by: RevealedBy::Path },
    by_body("outside-event"),
    by_body("missing-property"),
    by_body("undeclared-property"),
    by_body("repeated-key"),
    by_body("contradictory-status"),
];

/// A valid body, to be made invalid.
#[derive(Clone, Debug)]
pub struct ValidBody {
    /// The sender.
    pub profile: &'static Profile,
    /// The event.
    pub kind: EventKind,
    /// The body.
    pub body: Value,
}

impl InvalidBody {
    /// Makes a body invalid. `other` is a body about the same event from a sender that validation recognises under the
    /// profile of `valid`. Returns `None` if bodies about this event cannot break the rule: a label has no date and no
    /// URL, and no status contradicts a deletion.
    #[must_use]
    pub fn make(self, valid: &ValidBody, other: &ValidBody, layout: Layout) -> Option<Vec<u8>> {
        let ValidBody { profile, kind, mut body } = valid.clone();
        let key = profile.key(kind.entity());
        let payload = &mut body[key];
        match self.rule {
            "json" => {
                let bytes = layout.format(&body);
                let bytes = bytes.trim_ascii_end().strip_suffix(b"}")?;
                return Some(if layout == Layout::Pretty { [bytes, b"\n"].concat() } else { bytes.to_vec() });
            }
            "type" => body["userAccountId"] = json!(557_058),
            "required" => body = without_required(other)?,
            "cloud-body" => body.clone_from(&other.body),
            "enum" if kind.entity() == Entity::Label => body["associatedContent"]["type"] = json!("deleted"),
            "enum" => payload["status"] = json!("deleted"),
            "format" if kind.entity() == Entity::Label => return None,
            "format" => payload["self"] = json!("/wiki/no address without a scheme"),
            "int64" => body["timestamp"] = json!(1_u64 << 63),
            "unknown-event" => body = without_payload(&body, &format!("{kind}x")),
            "outside-event" => body = without_payload(&body, "page_moved"),
            "no-event" => _ = body.as_object_mut()?.shift_remove("event"),
            "other-event" | "other-path" => {
                let sibling = sibling(profile, kind)?;
                // Nothing but the name is to be wrong.
                if !sibling.is_removal() && payload.get("status").is_some() {
                    payload["status"] = json!("current");
                }
                body["event"] = json!(sibling.name());
            }
            "other-subject" => {
                body.as_object_mut()?.shift_remove(key);
                body[profile.key(if kind.entity() == Entity::Space { Entity::Page } else { Entity::Space })] =
                    json!({});
            }
            "missing-property" => _ = body.as_object_mut()?.shift_remove("userAccountId"),
            "undeclared-property" => body["undeclared"] = json!(true),
            "repeated-key" => {
                let text = String::from_utf8(layout.format(&body)).ok()?;
                let twice = format!("{{\"userAccountId\":{},", body["userAccountId"]);
                return Some(text.replacen('{', &twice, 1).into_bytes());
            }
            "contradictory-status" => payload["status"] = json!(kind.contradictory_statuses().first()?),
            _ => return None,
        }
        Some(layout.format(&body))
    }
}

/// Leaves out the first property of the payload that its sender's document requires.
fn without_required(ValidBody { profile, kind, body }: &ValidBody) -> Option<Value> {
    let key = profile.key(kind.entity());
    let shape = Document::new(profile).shape(kind.entity());
    let payload = shape.property(key)?;
    let (shape, pointer) = match &payload.items {
        Some(items) => (&**items, format!("/{key}/0")),
        None => (payload, format!("/{key}")),
    };
    let mut body = body.clone();
    body.pointer_mut(&pointer)?.as_object_mut()?.shift_remove(shape.required.first()?.value)?;
    Some(body)
}

/// Names another event, and leaves out what the event is about.
fn without_payload(body: &Value, event: &str) -> Value {
    json!({ "timestamp": body["timestamp"], "event": event, "userAccountId": body["userAccountId"] })
}

/// Returns another event about the same entity, with the same status if there is one.
fn sibling(profile: &Profile, kind: EventKind) -> Option<EventKind> {
    let others = || profile.events.about(kind.entity()).filter(move |other| *other != kind);
    others().find(|other| other.is_removal() == kind.is_removal()).or_else(|| others().next())
}
