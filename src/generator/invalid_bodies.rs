//! One invalid body for each rule. The body breaks this rule and no other, so a validator must refuse it.
//!
//! The document of the sender determines which rules its bodies can break.

use serde_json::{Value, json};

use crate::json::json_type::JsonType;
use crate::models::event::EventKind;
use crate::models::rule::Rule;
use crate::profiles::document::Document;
use crate::profiles::shape::{Format, Shape};
use crate::profiles::{KnownEvent, Profile};

use super::body::Layout;

/// The information that a validator needs, besides the body, to report the broken rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevealedBy {
    /// Only the body.
    Body,
    /// A URL path with a different event.
    Path,
    /// The expected event: `validate --event EVENT`.
    ExpectedEvent,
    /// The profile of the sender: `validate --profile NAME`.
    SenderProfile,
}

/// The rules that a single body can break, in the order of `cfwh rules`.
pub const BROKEN_BY_BODIES: [Rule; 20] = [
    Rule::Json,
    Rule::Type,
    Rule::Required,
    Rule::Enum,
    Rule::Format,
    Rule::Int64,
    Rule::OtherSender,
    Rule::UnknownEvent,
    Rule::MissingEvent,
    Rule::EventMismatch,
    Rule::PayloadMismatch,
    Rule::PathMismatch,
    Rule::UndocumentedEvent,
    Rule::MissingProperty,
    Rule::UndeclaredProperty,
    Rule::UnseenValue,
    Rule::RepeatedKey,
    Rule::UnpairedSurrogate,
    Rule::NumberRange,
    Rule::ContradictoryStatus,
];

/// Returns the information that a validator needs to report a rule for this sender.
pub fn revealed_by(rule: Rule, profile: &Profile) -> RevealedBy {
    match rule {
        Rule::EventMismatch => RevealedBy::ExpectedEvent,
        Rule::PathMismatch => RevealedBy::Path,
        // The published document requires no properties and lists no captured values.
        Rule::Required | Rule::UnseenValue if profile.expects_all_declared => RevealedBy::SenderProfile,
        _ => RevealedBy::Body,
    }
}

/// A valid body to change.
#[derive(Clone, Debug)]
pub struct ValidBody {
    /// The sender.
    pub profile: &'static Profile,
    /// The event.
    pub kind: EventKind,
    /// The body.
    pub body: Value,
}

impl ValidBody {
    /// Returns a body that breaks a rule.
    ///
    /// `other` is a body for the same event from a sender that validation recognizes. Returns `None` if bodies for this event cannot
    /// break the rule: for example, a label has no date and no URL.
    pub fn break_rule(&self, rule: Rule, other: Option<&Self>, layout: Layout) -> Option<Vec<u8>> {
        let Self { profile, kind, mut body } = self.clone();
        let shape = self.shape()?;
        if names_event(rule) && profile.names_event_in_url() {
            return None;
        }
        match rule {
            Rule::Json => {
                let bytes = layout.format(&body);
                let bytes = bytes.trim_ascii_end().strip_suffix(b"}")?;
                return Some(if layout == Layout::Pretty { [bytes, b"\n"].concat() } else { bytes.to_vec() });
            }
            Rule::Type => *self.plain_text(&shape, &mut body)? = json!(557_058),
            Rule::Required | Rule::UnseenValue => {
                let breaks = revealed_by(rule, profile);
                let source = if breaks == RevealedBy::SenderProfile { other? } else { self };
                body = if rule == Rule::Required { source.without_required()? } else { source.with_unseen_value()? };
            }
            Rule::OtherSender => body.clone_from(&other?.body),
            Rule::Enum => {
                let is_listed =
                    |key: &str, shape: &Shape, _: &Value| key != profile.event_key() && shape.values.is_some();
                let is_status =
                    |key: &str, shape: &Shape, value: &Value| key == "status" && is_listed(key, shape, value);
                let found = find(&body, &shape, &is_status).or_else(|| find(&body, &shape, &is_listed))?;
                let listed = &found.shape.values.as_ref()?.value;
                let other = ["deleted", "unlisted"].into_iter().find(|word| !listed.contains(word))?;
                *body.pointer_mut(&found.pointer)? = json!(other);
            }
            Rule::Format => {
                let has_format = |format: Format| {
                    move |_: &str, shape: &Shape, value: &Value| {
                        value.is_string() && shape.format.as_ref().is_some_and(|declared| declared.value == format)
                    }
                };
                let (found, invalid) = match find(&body, &shape, &has_format(Format::Uri)) {
                    Some(found) => (found, "/wiki/no address without a scheme"),
                    None => (find(&body, &shape, &has_format(Format::DateTime))?, "yesterday"),
                };
                *body.pointer_mut(&found.pointer)? = json!(invalid);
            }
            Rule::Int64 => {
                let found = find(&body, &shape, &|_, shape, value| value.is_number() && is_int64(shape))?;
                *body.pointer_mut(&found.pointer)? = json!(1_u64 << 63);
            }
            Rule::UnknownEvent => body = self.without_payload(&format!("{kind}x")),
            Rule::UndocumentedEvent => {
                let other = KnownEvent::all().find(|event| event.kind().is_none())?;
                body = self.without_payload(other.name());
            }
            Rule::MissingEvent => _ = body.as_object_mut()?.shift_remove(profile.event_key())?,
            Rule::EventMismatch | Rule::PathMismatch => {
                let sibling = sibling(profile, kind)?;
                // Only the name must be wrong.
                if let Some(status) = self.payload_mut(&mut body).and_then(|payload| payload.get_mut("status"))
                    && !sibling.is_removal()
                    && status_may_be(&shape, profile.key(kind), "current")
                {
                    *status = json!("current");
                }
                body[profile.event_key()] = json!(sibling.name());
            }
            Rule::PayloadMismatch => self.exchange_payload(&shape, &mut body)?,
            Rule::MissingProperty if profile.expects_all_declared => {
                let pointer = self.find_plain_text(&shape)?;
                body.as_object_mut()?.shift_remove(pointer.strip_prefix('/')?)?;
            }
            Rule::UndeclaredProperty => _ = body.as_object_mut()?.insert("undeclared".to_owned(), json!(true)),
            Rule::RepeatedKey => {
                let (key, value) = body.as_object()?.iter().find(|(key, _)| {
                    *key != profile.event_key()
                        && Some(key.as_str())
                            == self.find_plain_text(&shape).as_deref().and_then(|pointer| pointer.strip_prefix('/'))
                })?;
                let twice = format!("{{{}:{value},", json!(key));
                let text = String::from_utf8(layout.format(&body)).ok()?;
                return Some(text.replacen('{', &twice, 1).into_bytes());
            }
            // `Value` cannot represent these, so they are inserted into the text.
            Rule::UnpairedSurrogate => {
                *self.plain_text(&shape, &mut body)? = json!(PLACEHOLDER);
                return replace_placeholder(&body, layout, PLACEHOLDER, "\\ud800");
            }
            Rule::NumberRange => {
                let found = find(&body, &shape, &|_, shape, value| {
                    value.is_number()
                        && !is_int64(shape)
                        && (shape.allows(JsonType::Integer) || shape.allows(JsonType::Number))
                })?;
                *body.pointer_mut(&found.pointer)? = json!(PLACEHOLDER);
                return replace_placeholder(&body, layout, &format!("\"{PLACEHOLDER}\""), "1e400");
            }
            Rule::ContradictoryStatus => {
                let mut statuses = kind.contradictory_statuses().iter();
                let status = statuses.find(|status| status_may_be(&shape, profile.key(kind), status))?;
                *self.payload_mut(&mut body)?.get_mut("status")? = json!(status);
            }
            _ => return None,
        }
        Some(layout.format(&body))
    }

    fn shape(&self) -> Option<Shape> {
        Some(Document::new(self.profile).shape(self.profile.body(self.kind)?))
    }

    /// Returns the payload: the first attachment, if there may be several.
    fn payload_mut<'b>(&self, body: &'b mut Value) -> Option<&'b mut Value> {
        match body.get_mut(self.profile.key(self.kind))? {
            Value::Array(items) => items.first_mut(),
            payload => Some(payload),
        }
    }

    /// Returns a pointer to a string without restrictions: the first top-level string, such as the account of the user, or else the first
    /// string anywhere.
    fn find_plain_text(&self, shape: &Shape) -> Option<String> {
        let is_plain = |key: &str, shape: &Shape, value: &Value| {
            let is_text =
                value.is_string() && shape.types.as_ref().is_some_and(|types| types.value == [JsonType::String]);
            is_text
                && key != self.profile.event_key()
                && shape.values.is_none()
                && shape.format.is_none()
                && shape.seen.is_none()
        };
        let mut top = self.body.as_object()?.iter();
        let at_top = top.find_map(|(key, value)| is_plain(key, shape.property(key)?, value).then(|| format!("/{key}")));
        at_top.or_else(|| Some(find(&self.body, shape, &is_plain)?.pointer))
    }

    fn plain_text<'b>(&self, shape: &Shape, body: &'b mut Value) -> Option<&'b mut Value> {
        body.pointer_mut(&self.find_plain_text(shape)?)
    }

    /// Removes the first property that the document requires, from the payload or else from the body.
    fn without_required(&self) -> Option<Value> {
        let (shape, key) = (self.shape()?, self.profile.key(self.kind));
        let mut body = self.body.clone();
        let payload = shape.property(key).and_then(|payload| {
            let required = payload.items.as_deref().unwrap_or(payload).required.first()?.value;
            self.payload_mut(&mut body)?.as_object_mut()?.shift_remove(required)
        });
        if payload.is_none() {
            // A body without its event or its payload breaks other rules.
            let is_other = |required: &&str| ![key, self.profile.event_key()].contains(required);
            let required = shape.required.iter().map(|required| required.value).find(is_other)?;
            body.as_object_mut()?.shift_remove(required)?;
        }
        Some(body)
    }

    /// Sets a value that is not in captures, in the payload or else in the body.
    fn with_unseen_value(&self) -> Option<Value> {
        let (shape, key) = (self.shape()?, self.profile.key(self.kind));
        let mut body = self.body.clone();
        let is_listed = |_: &str, shape: &Shape, value: &Value| value.is_string() && shape.seen.is_some();
        let payload = body.get(key).zip(shape.property(key));
        let of_payload = payload.and_then(|(payload, shape)| find(payload, shape, &is_listed));
        let pointer = format!("/{key}{}", of_payload?.pointer);
        *body.pointer_mut(&pointer)? = json!("unseen");
        Some(body)
    }

    /// Sets a different event, and removes the payload. The members that all bodies share stay.
    fn without_payload(&self, event: &str) -> Value {
        let (base, mut body) = (Document::new(self.profile).base_shape(), self.body.clone());
        if let Some(members) = body.as_object_mut() {
            members.retain(|key, _| base.property(key).is_some() && key != self.profile.key(self.kind));
        }
        body[self.profile.event_key()] = json!(event);
        body
    }

    /// Replaces the payload with the payload of a different entity.
    fn exchange_payload(&self, shape: &Shape, body: &mut Value) -> Option<()> {
        let key = self.profile.key(self.kind);
        let members = body.as_object_mut()?;
        members.shift_remove(key)?;
        let forms = || self.profile.bodies.iter().filter(|form| !form.key.is_empty() && form.key != key);
        if !forms().any(|form| members.contains_key(form.key)) {
            let other = forms().find(|form| shape.property(form.key).is_none())?;
            members.insert(other.key.to_owned(), json!({}));
        }
        Some(())
    }
}

/// Returns whether the rule is about the event name in the body.
const fn names_event(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::UnknownEvent
            | Rule::MissingEvent
            | Rule::EventMismatch
            | Rule::PayloadMismatch
            | Rule::PathMismatch
            | Rule::UndocumentedEvent
            | Rule::ContradictoryStatus
    )
}

/// A declared value of a body.
struct DeclaredValue<'s> {
    pointer: String,
    shape: &'s Shape,
}

/// Returns the first declared value inside the body for which the predicate returns true. The predicate gets the key, too.
fn find<'s>(
    value: &Value,
    shape: &'s Shape,
    predicate: &dyn Fn(&str, &Shape, &Value) -> bool,
) -> Option<DeclaredValue<'s>> {
    let members: Vec<(String, &Value, &Shape)> = match value {
        Value::Object(members) => {
            members.iter().filter_map(|(key, value)| Some((key.clone(), value, shape.property(key)?))).collect()
        }
        Value::Array(items) => {
            let shape = shape.items.as_deref()?;
            items.iter().enumerate().map(|(index, item)| (index.to_string(), item, shape)).collect()
        }
        _ => return None,
    };
    members.into_iter().find_map(|(key, value, shape)| {
        if predicate(&key, shape, value) {
            return Some(DeclaredValue { pointer: format!("/{key}"), shape });
        }
        let inner = find(value, shape, predicate)?;
        Some(DeclaredValue { pointer: format!("/{key}{}", inner.pointer), ..inner })
    })
}

fn is_int64(shape: &Shape) -> bool {
    shape.format.as_ref().is_some_and(|format| format.value == Format::Int64)
}

/// The placeholder for text that `Value` cannot represent.
const PLACEHOLDER: &str = "placeholder";

fn replace_placeholder(body: &Value, layout: Layout, placeholder: &str, text: &str) -> Option<Vec<u8>> {
    let formatted = String::from_utf8(layout.format(body)).ok()?;
    Some(formatted.replacen(placeholder, text, 1).into_bytes())
}

/// Returns whether the payload under this key may have this status.
fn status_may_be(body: &Shape, key: &str, status: &str) -> bool {
    let declared = body.property(key).and_then(|payload| payload.property("status"));
    declared.is_some_and(|shape| shape.values.as_ref().is_none_or(|values| values.value.contains(&status)))
}

/// Returns another event with the same type of body and the same status, if there is one.
fn sibling(profile: &Profile, kind: EventKind) -> Option<EventKind> {
    let has_form = move |other: &EventKind| profile.body_index(*other) == profile.body_index(kind);
    let others = || profile.events.about(kind.entity()).filter(move |other| *other != kind).filter(has_form);
    others().find(|other| other.is_removal() == kind.is_removal()).or_else(|| others().next())
}
