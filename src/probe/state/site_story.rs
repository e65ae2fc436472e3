//! The story of the state cases, about another site in every run.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::generator::story::Story;
use crate::models::event::{Entity, EventKind};
use crate::models::text::truncate;

use super::super::case_request::{CaseRequest, ExpectedResponse};
use super::super::context::CaseContext;
use super::changes::{ChangeKind, StateChange};

/// Every run sends the same story.
const SEED: u64 = 7;
/// The number of deliveries in a story: enough for several versions of a page, for removals, comments and attachments.
pub(super) const DELIVERIES: usize = 48;
/// The most characters of a title that are shown.
const MAX_TITLE: usize = 40;

/// One delivery of a story.
#[derive(Clone, Debug)]
pub(super) struct StoryDelivery {
    pub(super) kind: EventKind,
    /// The title of the object, or its key or id.
    pub(super) subject: String,
    pub(super) request: CaseRequest,
}

/// A story about one site.
#[derive(Debug)]
pub(super) struct SiteStory {
    pub(super) deliveries: Vec<StoryDelivery>,
    /// All values of headers and bodies, in order.
    values: Vec<String>,
}

impl SiteStory {
    /// Returns the story about the site with this number. `now` is the time of its first event.
    pub(super) fn new(context: &CaseContext, number: u32, now: i64) -> Self {
        let mut story = Story::on_site(SEED, number, now, context.profile());
        let mut values = Vec::new();
        let mut deliveries = Vec::new();
        while deliveries.len() < DELIVERIES {
            let mut body = Vec::new();
            let kind = story.write(&mut body);
            if !is_in_story(kind) {
                continue;
            }
            let parsed: Value = serde_json::from_slice(&body).unwrap_or_default();
            let request = context.about(kind.name(), body, ExpectedResponse::Accepted);
            let headers = request.delivery.headers().iter();
            values.extend(headers.map(|(_, value)| String::from_utf8_lossy(value).into_owned()));
            collect(&parsed, &mut values);
            let subject =
                subject(&parsed).map_or_else(String::new, |subject| truncate(&subject, MAX_TITLE).into_owned());
            deliveries.push(StoryDelivery { kind, subject, request });
        }
        Self { deliveries, values }
    }

    /// Returns the values of another site for the values of this one: the same story has other values in the same places there.
    pub(super) fn names_on(&self, other: &Self) -> Names {
        let pairs = self.values.iter().zip(&other.values).filter(|(own, other)| own != other);
        let whole: HashMap<String, String> = pairs.map(|(own, other)| (own.clone(), other.clone())).collect();
        let mut parts: Vec<_> = whole.iter().map(|(own, other)| (own.clone(), other.clone())).collect();
        parts.retain(|(own, _)| own.len() >= MIN_PART);
        parts.sort_by_key(|(own, _)| std::cmp::Reverse(own.len()));
        Names { whole, parts }
    }
}

/// Returns true if an event is part of the story: every sender reports it, and a state can depend on it.
const fn is_in_story(kind: EventKind) -> bool {
    matches!(
        kind.entity(),
        Entity::Space | Entity::Page | Entity::BlogPost | Entity::Comment | Entity::Attachment | Entity::Label
    )
}

fn collect(value: &Value, values: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|value| collect(value, values)),
        Value::Array(elements) => elements.iter().for_each(|value| collect(value, values)),
        Value::String(text) => values.push(text.clone()),
        other => values.push(other.to_string()),
    }
}

/// Returns the first title, name or id in a body.
fn subject(body: &Value) -> Option<String> {
    let find = |name| find(body, name, 4);
    ["title", "fileName", "name", "id"].into_iter().find_map(find)
}

fn find(value: &Value, name: &str, depth: u8) -> Option<String> {
    let members = value.as_object().filter(|_| depth > 0)?;
    let own = members.get(name).and_then(|value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    });
    own.or_else(|| members.values().find_map(|value| find(value, name, depth - 1)))
}

/// Shorter values are replaced only if they are the whole text.
const MIN_PART: usize = 6;

/// The values of one site, and those of another site for them.
#[derive(Debug)]
pub(super) struct Names {
    whole: HashMap<String, String>,
    /// The longest first.
    parts: Vec<(String, String)>,
}

impl Names {
    /// Replaces the values in changes.
    pub(super) fn rename(&self, changes: Vec<StateChange>) -> Vec<StateChange> {
        let rename = |change: StateChange| StateChange {
            path: change.path.iter().map(|key| self.text(key)).collect(),
            what: match change.what {
                ChangeKind::Set(value) => ChangeKind::Set(self.value(&value)),
                increased @ ChangeKind::Increased(_) => increased,
            },
        };
        changes.into_iter().map(rename).collect()
    }

    fn value(&self, value: &Value) -> Value {
        match value {
            Value::Object(members) => Value::Object(
                members.iter().map(|(key, value)| (self.text(key), self.value(value))).collect::<Map<_, _>>(),
            ),
            Value::Array(elements) => Value::Array(elements.iter().map(|value| self.value(value)).collect()),
            Value::String(text) => Value::from(self.text(text)),
            Value::Number(number) => match self.whole.get(&number.to_string()) {
                Some(name) => name.parse::<i64>().map_or_else(|_| Value::from(name.as_str()), Value::from),
                None => value.clone(),
            },
            other => other.clone(),
        }
    }

    pub(super) fn text(&self, text: &str) -> String {
        if let Some(name) = self.whole.get(text) {
            return name.clone();
        }
        let mut text = text.to_owned();
        for (part, name) in &self.parts {
            if text.contains(part.as_str()) {
                text = replace(&text, part, name);
            }
        }
        text
    }
}

/// Replaces a part unless it is part of a longer word.
fn replace(text: &str, part: &str, name: &str) -> String {
    let (mut replaced, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(part) {
        let (before, after) = (&rest[..at], &rest[at + part.len()..]);
        let is_word = !replaced_end(&replaced, before).is_some_and(char::is_alphanumeric)
            && !after.chars().next().is_some_and(char::is_alphanumeric);
        replaced.extend([before, if is_word { name } else { part }]);
        rest = after;
    }
    replaced + rest
}

/// The character before a position.
fn replaced_end(replaced: &str, before: &str) -> Option<char> {
    before.chars().next_back().or_else(|| replaced.chars().next_back())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::url::UrlTemplate;
    use crate::profiles;
    use serde_json::json;

    #[test]
    fn the_same_story_happens_on_every_site() {
        for profile in profiles::ALL {
            let url = UrlTemplate::parse("http://127.0.0.1/hooks").expect("a URL");
            let context = CaseContext::new(url, profile, None);
            let [one, other] = [(1, 0), (2, 86_400_000)].map(|(number, now)| SiteStory::new(&context, number, now));
            assert_eq!(one.values.len(), other.values.len(), "{}", profile.name);
            let kinds = |story: &SiteStory| story.deliveries.iter().map(|delivery| delivery.kind).collect::<Vec<_>>();
            assert_eq!(kinds(&one), kinds(&other));
            let names = one.names_on(&other);
            for (own, other) in one.deliveries.iter().zip(&other.deliveries) {
                let [own, other] = [own, other]
                    .map(|delivery| serde_json::from_slice(delivery.request.delivery.body()).expect("JSON"));
                assert_eq!(names.value(&own), other, "{}", profile.name);
                assert_ne!(own, other);
            }
        }
    }

    #[test]
    fn ids_are_renamed_where_they_are_words() {
        let whole = HashMap::from([("123456".to_owned(), "777777".to_owned())]);
        let parts = whole.clone().into_iter().collect();
        let names = Names { whole, parts };
        assert_eq!(
            names.value(&json!([123_456, "page 123456 of 9123456", "a/123456/b"])),
            json!([777_777, "page 777777 of 9123456", "a/777777/b"])
        );
    }
}
