//! One body a rule, which breaks that rule and no other: what a validator, or a receiver that validates, must refuse.

use serde_json::{Value, json};

use crate::models::event::{Entity, EventKind};
use crate::profiles::{ALL, cloud};

use super::body::Layout;

/// Something that is wrong with a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidBody {
    /// The rule that it breaks, as `cfwh rules` names it.
    pub rule: &'static str,
    /// What shows it.
    pub shown: Shown,
}

/// What shows a invalid_body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The body, whatever is known beside it.
    Alone,
    /// The body, where it was posted to the path of another event.
    InPath,
    /// The body, where the event is asked for that it is not about: `validate --event EVENT`.
    Expected,
    /// The body, held against what Confluence Cloud sends: `validate --profile cloud`.
    InCloud,
}

const fn alone(rule: &'static str) -> InvalidBody {
    InvalidBody { rule, shown: Shown::Alone }
}

/// In the order of `cfwh rules`.
pub const INVALID_BODIES: [InvalidBody; 17] = [
    alone("json"),
    alone("type"),
    InvalidBody { rule: "required", shown: Shown::InCloud },
    alone("enum"),
    alone("format"),
    alone("int64"),
    alone("cloud-body"),
    alone("unknown-event"),
    alone("no-event"),
    InvalidBody { rule: "other-event", shown: Shown::Expected },
    alone("other-subject"),
    InvalidBody { rule: "other-path", shown: Shown::InPath },
    alone("outside-event"),
    alone("missing-property"),
    alone("undeclared-property"),
    alone("repeated-key"),
    alone("contradictory-status"),
];

impl InvalidBody {
    /// Makes it in a clean body about this event, or in `observed`, what Confluence Cloud sends of such an event; `None`
    /// where bodies about it cannot have it: a label has no date and no address, and no status contradicts a removal.
    #[must_use]
    pub fn make(self, kind: EventKind, mut body: Value, mut observed: Value, layout: Layout) -> Option<Vec<u8>> {
        let key = kind.entity().key();
        let payload = &mut body[key];
        match self.rule {
            "json" => {
                // Cut off: all but the brackets that end it.
                let mut bytes = lay_out(&body, layout);
                bytes.truncate(bytes.trim_ascii_end().len() - 1);
                if layout == Layout::Pretty {
                    bytes.push(b'\n');
                }
                return Some(bytes);
            }
            "type" => body["userAccountId"] = json!(557_058),
            "required" => {
                let payload = &mut observed[cloud::PROFILE.key(kind.entity())];
                let thing = if payload.is_array() { &mut payload[0] } else { payload };
                let required = if kind.entity() == Entity::Label { "name" } else { "id" };
                thing.as_object_mut()?.shift_remove(required)?;
                return Some(lay_out(&observed, layout));
            }
            "cloud-body" => return Some(lay_out(&observed, layout)),
            "enum" => {
                let (object, name) = match kind.entity() {
                    Entity::Label => (&mut body["associatedContent"], "type"),
                    _ => (payload, "status"),
                };
                object[name] = json!("deleted");
            }
            "format" if kind.entity() == Entity::Label => return None,
            "format" => payload["self"] = json!("/wiki/no address without a scheme"),
            "int64" => {
                // No integer type holds it, so it is put in as text.
                body["timestamp"] = json!(0);
                let text = String::from_utf8(lay_out(&body, layout)).ok()?;
                let (before, after) = text.split_once("\"timestamp\":")?;
                let after = after.trim_start().strip_prefix('0')?;
                let space = if layout == Layout::Pretty { " " } else { "" };
                return Some(format!("{before}\"timestamp\":{space}9223372036854775808{after}").into_bytes());
            }
            "unknown-event" => {
                body["event"] = json!(format!("{kind}x"));
                body.as_object_mut()?
                    .retain(|name, _| ["timestamp", "event", "userAccountId"].contains(&name.as_str()));
            }
            "no-event" => _ = body.as_object_mut()?.shift_remove("event"),
            "other-event" | "other-path" => {
                let sibling = sibling(kind)?;
                // Nothing but the name is to be wrong.
                if !sibling.takes_away() && payload.get("status").is_some() {
                    payload["status"] = json!("current");
                }
                body["event"] = json!(sibling.name());
            }
            "other-subject" => {
                let members = body.as_object_mut()?;
                members.shift_remove(key);
                let other = if kind.entity() == Entity::Space { "page" } else { "space" };
                members.insert(other.to_owned(), json!({}));
            }
            "outside-event" => {
                body["event"] = json!("page_moved");
                body.as_object_mut()?
                    .retain(|name, _| ["timestamp", "event", "userAccountId"].contains(&name.as_str()));
            }
            "missing-property" => _ = body.as_object_mut()?.shift_remove("userAccountId"),
            "undeclared-property" => body["undeclared"] = json!(true),
            "repeated-key" => {
                let text = String::from_utf8(lay_out(&body, layout)).ok()?;
                let inserted = format!("{{\"userAccountId\":{},", body["userAccountId"]);
                return Some(text.replacen('{', &inserted, 1).into_bytes());
            }
            "contradictory-status" => payload["status"] = json!(contradiction(kind)?),
            _ => return None,
        }
        Some(lay_out(&body, layout))
    }
}

fn lay_out(body: &Value, layout: Layout) -> Vec<u8> {
    let mut bytes = Vec::new();
    layout.append(body, &mut bytes);
    bytes
}

/// Another event about the same content_type of thing, with the same status where there is one.
fn sibling(kind: EventKind) -> Option<EventKind> {
    let others = || ALL[0].events.all().filter(move |other| *other != kind && other.entity() == kind.entity());
    others().find(|other| other.takes_away() == kind.takes_away()).or_else(|| others().next())
}

fn contradiction(kind: EventKind) -> Option<&'static str> {
    kind.contradictory_statuses().first().copied()
}
