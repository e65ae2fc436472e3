//! Bodies of other senders that a few members identify. They are recognized under every profile.

use crate::json::{Node, Value};

use super::profile::Profile;
use super::{datacenter, forge};

/// A sender, and how to recognize its bodies under every profile.
#[derive(Debug)]
pub struct OtherSender {
    /// The name of the sender, for messages: `Confluence Data Center`.
    pub sender: &'static str,
    /// The profile of the sender, if it has one.
    pub profile: Option<&'static Profile>,
    /// The evidence, as the second half of a sentence.
    pub sign: &'static str,
    /// Returns whether the sender sends such a body.
    pub sends: fn(&Node<'_>) -> bool,
}

/// The senders, in the order in which bodies are compared with them.
static OTHER_SENDERS: [OtherSender; 5] = [
    OtherSender {
        sender: datacenter::PROFILE.sender,
        profile: Some(&datacenter::PROFILE),
        sign: "it has `event` and `userKey`, and its ids are integers",
        sends: |body| has_text(body, "event") && (body.get("userKey").is_some() || has_data_center_entity(body)),
    },
    OtherSender {
        sender: datacenter::PROFILE.sender,
        profile: Some(&datacenter::PROFILE),
        sign: "it is a connection test and not an event",
        sends: datacenter::is_ping,
    },
    OtherSender {
        sender: forge::PROFILE.sender,
        profile: Some(&forge::PROFILE),
        sign: "it has the event in `eventType`",
        sends: |body| has_forge_event(body) || body.get("payload").is_some_and(has_forge_event),
    },
    OtherSender {
        sender: "Connect",
        profile: None,
        sign: "it is a lifecycle callback (installed, enabled, disabled or uninstalled) and not an event",
        sends: |body| has_text(body, "eventType") && has_text(body, "clientKey"),
    },
    OtherSender {
        sender: "Jira",
        profile: None,
        sign: "it has the event in `webhookEvent`",
        // Some services forward events of Confluence in the format of Jira.
        sends: |body| {
            has_text(body, "webhookEvent") && ["page", "blog", "space"].iter().all(|key| body.get(key).is_none())
        },
    },
];

impl OtherSender {
    /// Returns the sender of a body, if it is not the sender of the profile.
    pub fn find(body: &Node<'_>, profile: &Profile) -> Option<&'static Self> {
        let mut others = OTHER_SENDERS.iter().filter(|other| other.profile != Some(profile));
        others.find(|other| (other.sends)(body))
    }
}

fn has_text(body: &Node<'_>, key: &str) -> bool {
    body.get(key).and_then(Node::as_str).is_some()
}

/// Returns whether the event is from Forge: `avi:confluence:created:page`, `avi:forge:installed:app`.
fn has_forge_event(body: &Node<'_>) -> bool {
    body.get("eventType").and_then(Node::as_str).is_some_and(|name| name.starts_with("avi:"))
}

/// Returns whether the body has an entity of Data Center. It has user keys, or only an integer id and a timestamp.
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
