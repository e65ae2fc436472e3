//! Senders with bodies that are recognised by a few members, whatever the profile: those without a profile, and those with
//! bodies so short that there is little else to compare.

use crate::json::{Node, Value};

use super::profile::Profile;
use super::{datacenter, forge};

/// A sender, and how its bodies are recognised whatever the profile.
#[derive(Debug)]
pub struct OtherSender {
    /// The sender in a sentence: `Confluence Data Center`.
    pub sender: &'static str,
    /// Its profile, if it has one.
    pub profile: Option<&'static Profile>,
    /// What shows that it is the sender, as the second half of a sentence.
    pub sign: &'static str,
    /// Does it send bodies like this one?
    pub sends: fn(&Node<'_>) -> bool,
}

/// The senders, and in which order bodies are compared with them.
static OTHER_SENDERS: [OtherSender; 5] = [
    OtherSender {
        sender: datacenter::PROFILE.sender,
        profile: Some(&datacenter::PROFILE),
        sign: "`event` with `userKey`, and ids that are integers",
        sends: |body| has_text(body, "event") && (body.get("userKey").is_some() || has_data_center_entity(body)),
    },
    OtherSender {
        sender: datacenter::PROFILE.sender,
        profile: Some(&datacenter::PROFILE),
        sign: "the test of a connection, which is no event",
        sends: datacenter::is_ping,
    },
    OtherSender {
        sender: forge::PROFILE.sender,
        profile: Some(&forge::PROFILE),
        sign: "the event is in `eventType`",
        sends: |body| has_forge_event(body) || body.get("payload").is_some_and(has_forge_event),
    },
    OtherSender {
        sender: "Connect",
        profile: None,
        sign: "the app was installed, enabled, disabled or uninstalled, which is no event",
        sends: |body| has_text(body, "eventType") && has_text(body, "clientKey"),
    },
    OtherSender {
        sender: "Jira",
        profile: None,
        sign: "the event is in `webhookEvent`",
        // Some services pass on the events of Confluence in Jira's form.
        sends: |body| {
            has_text(body, "webhookEvent") && ["page", "blog", "space"].iter().all(|key| body.get(key).is_none())
        },
    },
];

impl OtherSender {
    /// Returns the sender of a body, if it is another than that of the profile.
    pub fn find(body: &Node<'_>, profile: &Profile) -> Option<&'static Self> {
        let mut others = OTHER_SENDERS.iter().filter(|other| other.profile != Some(profile));
        others.find(|other| (other.sends)(body))
    }
}

fn has_text(body: &Node<'_>, key: &str) -> bool {
    body.get(key).and_then(Node::as_str).is_some()
}

/// `avi:confluence:created:page`, `avi:forge:installed:app`
fn has_forge_event(body: &Node<'_>) -> bool {
    body.get("eventType").and_then(Node::as_str).is_some_and(|name| name.starts_with("avi:"))
}

/// Data Center names people by their keys. By default it sends the id alone, as an integer, always with a time.
fn has_data_center_entity(body: &Node<'_>) -> bool {
    let has_time = body.get("timestamp").is_some();
    let is_entity = |entity: &Node<'_>| {
        let id = entity.get("id").map(|id| &id.value);
        let is_id_alone = entity.members().is_some_and(|members| members.len() == 1);
        (has_time && is_id_alone && matches!(id, Some(Value::Number(_))))
            || ["creatorKey", "lastModifierKey"].iter().any(|key| entity.get(key).is_some())
    };
    body.members().unwrap_or_default().iter().any(|member| is_entity(&member.node))
}
