//! Confluence Data Center and Server, 7.7 to 10. Sources: its source code, and Atlassian's documentation.

mod addresses;
mod body;
mod content;
mod events;
mod examples;
mod payloads;

use std::time::Duration;

use super::profile::{BodyType, DeliveryContext, EventIn, Ping, Profile, Retries};
use super::published;
use crate::json::{Node, Value};
use crate::models::breaker::BreakerRule;
use crate::models::event::Action;
use crate::models::event::Entity::{Attachment, BlogPost, Comment, Content, Group, Label, Page, Space, Theme, User};
use crate::models::request::{self, Headers};
use crate::models::snapshot::BodyChoice;

/// `datacenter`
pub static PROFILE: Profile = Profile {
    name: "datacenter",
    sender: "Confluence Data Center",
    yaml: include_str!("confluence-datacenter.yaml"),
    json: include_str!("confluence-datacenter.json"),
    events: events::EVENTS,
    bodies: &[
        BodyType::new("PageUpdatedEvent", Page, "page").only(&[Action::Updated]),
        BodyType::new("PageMovedEvent", Page, "page").only(&[Action::Moved]),
        BodyType::new("PageChildrenReorderedEvent", Page, "page").only(&[Action::ChildrenReordered]),
        BodyType::new("BlueprintPageEvent", Page, "page").only(&[Action::CreatedFromBlueprint]),
        BodyType::new("PageEvent", Page, "page"),
        BodyType::new("BlogPostEvent", BlogPost, "blog"),
        BodyType::new("CommentEvent", Comment, "comment"),
        BodyType::new("AttachmentEvent", Attachment, "attachments"),
        BodyType::new("ContentPermissionsEvent", Content, "content").only(&[Action::PermissionsUpdated]),
        BodyType::new("ContentEvent", Content, "content"),
        BodyType::new("LabelEvent", Label, "label"),
        BodyType::new("SpaceEvent", Space, "space"),
        BodyType::new("GroupEvent", Group, "group"),
        BodyType::new("UserFollowedEvent", User, "").only(&[Action::Followed]),
        // The source omits the profile if the account does not exist anymore.
        BodyType::new("UserEvent", User, ""),
        BodyType::new("ThemeEvent", Theme, ""),
    ],
    event_in: EventIn::Body("event"),
    envelope: None,
    scheme: "hmac",
    signs: true,
    write_headers,
    // The limit applies to connecting, and to the time between two packets.
    timeout: Some(Duration::from_secs(20)),
    retries: Retries::NONE,
    write_retry: published::write_retry,
    breaker: Some(&BREAKER),
    ping: Some(&PING),
    callbacks: None,
    // The members of a body depend on a setting of the site.
    expects_all_declared: false,
    // A few members identify its bodies, see `other_sender`.
    is_recognised_by_others: false,
    choices: &[BodyChoice::Full],
    write_body: body::write,
    examples: &examples::EXAMPLES,
};

/// The format of Atlassian's HTTP client, as captured from Bitbucket (`Atlassian HttpClient 4.2.0 / Bitbucket-9.5.2 (9005002) /
/// Default`). The version and build of Confluence are inferred.
const USER_AGENT: &str = "Atlassian HttpClient 4.2.0 / Confluence-9.2.0 (9109) / Default";

/// The header that repeats the event of the body.
const EVENT_KEY: &str = "X-Event-Key";

/// The constants of the source: 5 failures, 10 s, factor 1.2, 2 h.
static BREAKER: BreakerRule =
    BreakerRule { failures: 5, first: Duration::from_secs(10), factor: 1.2, longest: Duration::from_secs(2 * 3600) };

/// The connection test of the source. It is never signed, even if the webhook has a secret.
static PING: Ping = Ping { body: br#"{"test": true}"#, is_body: is_ping, write_headers: write_ping_headers };

/// Adds the headers of Data Center. It does not retry, so the request id identifies the delivery.
fn write_headers(context: &DeliveryContext<'_>, headers: &mut Headers) {
    headers.append(request::CONTENT_TYPE, "application/json; charset=utf-8");
    if let Some(event) = context.event {
        headers.append(EVENT_KEY, event);
    }
    headers.append("X-Request-Id", context.identifier);
    headers.append("User-Agent", USER_AGENT);
}

/// Returns whether a body is the connection test.
pub(super) fn is_ping(body: &Node<'_>) -> bool {
    matches!(body.members(), Some([only]) if only.key == "test" && matches!(only.node.value, Value::Boolean(true)))
}

fn write_ping_headers(headers: &mut Headers) {
    headers.append(request::CONTENT_TYPE, request::JSON);
    headers.append(EVENT_KEY, "diagnostics:ping");
    headers.append("User-Agent", USER_AGENT);
}
