//! The bodies of cases: JSON in other forms than serialisers write. All are about the same page, as a profile writes it:
//! bodies of Confluence Cloud name no event, and their versions and ids are integers.

use serde_json::Value;

use crate::profiles::{ALL, EventIn, Profile, find_event};

/// The event of all bodies that are about no other.
pub(super) const EVENT: &str = "page_created";

/// The same body in five forms, each with a name.
pub(super) const fn spellings(profile: &Profile) -> &[(&'static str, &'static str); 5] {
    &profile.examples.spellings
}

/// A body with this head and a page.
fn with_page(profile: &Profile, head: &str, (id, title, version): (i64, &str, u32)) -> String {
    format!("{{{head},\"{}\":{}}}", payload_key(profile), (profile.examples.page)(id, title, version))
}

/// The key of a page in bodies of this profile.
fn payload_key(profile: &Profile) -> &'static str {
    find_event(EVENT).and_then(|event| profile.kind(event.into())).map_or("page", |kind| profile.key(kind))
}

/// A page with this id.
pub(super) fn with_id(profile: &Profile, id: i64) -> String {
    with_page(profile, &(profile.examples.head)(name(profile), NOW), (id, "Plan", 1))
}

/// Are the ids of pages numbers?
pub(super) fn has_integer_ids(profile: &Profile) -> bool {
    let page: Option<Value> = serde_json::from_str(&(profile.examples.page)(1, "Plan", 1)).ok();
    page.is_some_and(|page| page["id"].is_i64())
}

/// What the profile calls the event that all other bodies are about.
fn name(profile: &Profile) -> &'static str {
    name_of(profile, EVENT)
}

/// What the profile calls an event; it may have another name for it.
fn name_of<'e>(profile: &Profile, event: &'e str) -> &'e str {
    profile.events.find(event).map_or(event, |kind| kind.name())
}

/// 2026-01-15T09:30:00Z
const NOW: i64 = 1_768_469_400_000;

/// A page of this title.
pub(super) fn titled(profile: &Profile, title: &str) -> String {
    with_page(profile, &(profile.examples.head)(name(profile), NOW), (1, title, 1))
}

/// An event of this name about the page.
pub(super) fn named(profile: &Profile, event: &str) -> String {
    with_page(profile, &(profile.examples.head)(name_of(profile, event), NOW), (1, "Plan", 1))
}

/// An event about page 77 at this time.
pub(super) fn page_77(profile: &Profile, event: &str, timestamp: i64, version: u32) -> String {
    with_page(profile, &(profile.examples.head)(name_of(profile, event), timestamp), (77, "Plan", version))
}

/// Has properties at the top and in the payload that the published document does not declare, or that no document does.
pub(super) fn with_unknown_fields(profile: &Profile) -> String {
    let (head, page) = ((profile.examples.head)(name(profile), NOW), (profile.examples.page)(1, "Plan", 1));
    let page = page.strip_suffix('}').unwrap_or_default();
    format!(
        r#"{{{head},"accountType":"customer","robot":{{"is":true}},"{}":{page},"idAsString":"1","emoji":"1f680"}}}}"#,
        payload_key(profile)
    )
}

/// A body without an event, as Confluence Cloud sends it, whatever the profile.
pub(super) fn without_event() -> String {
    let sender = ALL.into_iter().find(|profile| profile.event_in == EventIn::Url);
    named(sender.unwrap_or(ALL[0]), EVENT)
}

/// Arrays in arrays, so deep that a recursive parser without a limit overflows its stack.
pub(super) fn nested(profile: &Profile) -> String {
    const DEPTH: usize = 2000;
    format!("{{{},\"deep\":{}{}}}", (profile.examples.head)(name(profile), NOW), "[".repeat(DEPTH), "]".repeat(DEPTH))
}

/// Longer than what a server reads together with the head.
pub(super) fn of_4_kilobytes(profile: &Profile) -> String {
    titled(profile, &"x".repeat(4000))
}

/// A body of one megabyte.
pub(super) fn large(profile: &Profile) -> String {
    titled(profile, &"x".repeat(1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_body_but_the_nested_one_is_json() {
        for profile in ALL {
            let mut bodies = vec![titled(profile, "x"), named(profile, "x"), page_77(profile, "x", 1, 2)];
            bodies.extend([with_unknown_fields(profile), without_event()]);
            bodies.extend(spellings(profile).iter().map(|(_, body)| (*body).to_owned()));
            for body in bodies {
                let value: serde_json::Value = serde_json::from_str(&body).unwrap_or_else(|e| panic!("{body}: {e}"));
                assert!(
                    ["page", "content"].iter().any(|key| value[key]["id"] == 1 || value[key]["id"] == "1")
                        || body.contains("77"),
                    "{body}"
                );
            }
        }
    }
}
