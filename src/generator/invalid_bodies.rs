//! One body for each rule, which breaks that rule and no other: what a validator, or a receiver that validates, must
//! refuse.

use serde_json::{Value, json};

use crate::models::event::{Entity, EventKind};
use crate::models::rule::Rule;
use crate::profiles::document::Document;
use crate::profiles::{KnownEvent, Profile};

use super::body::Layout;

/// A way to make a body invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidBody {
    /// The rule that the body breaks.
    pub rule: Rule,
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

const fn by_body(rule: Rule) -> InvalidBody {
    InvalidBody { rule, revealed_by: RevealedBy::Body }
}

/// In the order of `cfwh rules`.
pub const INVALID_BODIES: [InvalidBody; 20] = [
    by_body(Rule::Json),
    by_body(Rule::Type),
    InvalidBody { rule: Rule::Required, revealed_by: RevealedBy::SenderProfile },
    by_body(Rule::Enum),
    by_body(Rule::Format),
    by_body(Rule::Int64),
    by_body(Rule::OtherSender),
    by_body(Rule::UnknownEvent),
    by_body(Rule::MissingEvent),
    InvalidBody { rule: Rule::EventMismatch, revealed_by: RevealedBy::ExpectedEvent },
    by_body(Rule::PayloadMismatch),
    InvalidBody { rule: Rule::PathMismatch, revealed_by: RevealedBy::Path },
    by_body(Rule::UndocumentedEvent),
    by_body(Rule::MissingProperty),
    by_body(Rule::UndeclaredProperty),
    InvalidBody { rule: Rule::UnseenValue, revealed_by: RevealedBy::SenderProfile },
    by_body(Rule::RepeatedKey),
    by_body(Rule::UnpairedSurrogate),
    by_body(Rule::NumberRange),
    by_body(Rule::ContradictoryStatus),
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
    pub fn make(self, valid: &ValidBody, other: &ValidBody, layout: Layout) -> Option<Vec<u8>> {
        let ValidBody { profile, kind, mut body } = valid.clone();
        let key = profile.key(kind);
        let payload = &mut body[key];
        match self.rule {
            Rule::Json => {
                let bytes = layout.format(&body);
                let bytes = bytes.trim_ascii_end().strip_suffix(b"}")?;
                return Some(if layout == Layout::Pretty { [bytes, b"\n"].concat() } else { bytes.to_vec() });
            }
            Rule::Type => body["userAccountId"] = json!(557_058),
            Rule::Required => body = without_required(other)?,
            Rule::OtherSender => body.clone_from(&other.body),
            Rule::Enum if kind.entity() == Entity::Label => body["associatedContent"]["type"] = json!("deleted"),
            Rule::Enum => payload["status"] = json!("deleted"),
            Rule::Format if kind.entity() == Entity::Label => return None,
            Rule::Format => payload["self"] = json!("/wiki/no address without a scheme"),
            Rule::Int64 => body["timestamp"] = json!(1_u64 << 63),
            Rule::UnknownEvent => body = without_payload(&body, &format!("{kind}x")),
            Rule::UndocumentedEvent => {
                let event = KnownEvent::all().find(|event| event.kind().is_none())?;
                body = without_payload(&body, event.name());
            }
            Rule::MissingEvent => _ = body.as_object_mut()?.shift_remove("event"),
            Rule::EventMismatch | Rule::PathMismatch => {
                let sibling = sibling(profile, kind)?;
                // Nothing but the name is to be wrong.
                if !sibling.is_removal() && payload.get("status").is_some() {
                    payload["status"] = json!("current");
                }
                body["event"] = json!(sibling.name());
            }
            Rule::PayloadMismatch => {
                body.as_object_mut()?.shift_remove(key);
                let other = profile.bodies.iter().find(|form| !form.key.is_empty() && form.key != key)?;
                body[other.key] = json!({});
            }
            Rule::MissingProperty => _ = body.as_object_mut()?.shift_remove("userAccountId"),
            Rule::UndeclaredProperty => body["undeclared"] = json!(true),
            Rule::UnseenValue => {
                let ValidBody { profile, kind, body: unseen } = other;
                body.clone_from(unseen);
                *body[profile.key(*kind)].get_mut("contentType")? = json!("unseen");
            }
            Rule::RepeatedKey => {
                let text = String::from_utf8(layout.format(&body)).ok()?;
                let twice = format!("{{\"userAccountId\":{},", body["userAccountId"]);
                return Some(text.replacen('{', &twice, 1).into_bytes());
            }
            // The model of JSON has neither of these, so they are put into the text.
            Rule::UnpairedSurrogate => {
                body["userAccountId"] = json!(PLACEHOLDER);
                return replace_placeholder(&body, layout, PLACEHOLDER, "\\ud800");
            }
            Rule::NumberRange => {
                *payload.pointer_mut("/version/number")? = json!(PLACEHOLDER);
                return replace_placeholder(&body, layout, &format!("\"{PLACEHOLDER}\""), "1e400");
            }
            Rule::ContradictoryStatus => payload["status"] = json!(kind.contradictory_statuses().first()?),
            _ => return None,
        }
        Some(layout.format(&body))
    }
}

/// What stands in a body for text that the model of JSON does not have.
const PLACEHOLDER: &str = "placeholder";

fn replace_placeholder(body: &Value, layout: Layout, placeholder: &str, text: &str) -> Option<Vec<u8>> {
    let formatted = String::from_utf8(layout.format(body)).ok()?;
    Some(formatted.replacen(placeholder, text, 1).into_bytes())
}

/// Leaves out the first property of the payload that its sender's document requires.
fn without_required(ValidBody { profile, kind, body }: &ValidBody) -> Option<Value> {
    let key = profile.key(*kind);
    let shape = Document::new(profile).shape(profile.body(*kind)?);
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
