//! Facts of the world in the shape that the document declares. Ids, versions, times, authors and titles agree.

use jiff::Timestamp;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;

use super::titles;
use super::world::{self, World, content_id};
use crate::models::event::{Entity, Event, EventKind};
use crate::models::payload::{
    AssociatedContent, Attachment, AttachmentType, BlogPost, BlogPostType, Comment, CommentType, Container,
    ContainerType, ContentStatus, ItemStatus, Label, Page, PageType, Space, SpaceStatus, SpaceType, Version,
};

const HOUR: i64 = 3_600_000;

/// An event that happens at `now`, in milliseconds since the Unix epoch.
pub(super) fn event(world: &World, kind: EventKind, now: i64, rng: &mut ChaCha8Rng) -> Event {
    let actor = &world.person(rng).account_id;
    let mut event = Event { timestamp: Some(now), user_account_id: Some(actor.clone()), ..Event::empty(kind) };
    match kind.entity() {
        Entity::Page => event.page = Some(page(world, kind, now, actor, rng)),
        Entity::Space => event.space = Some(space(world, kind, actor, rng)),
        Entity::Comment => event.comment = Some(comment(world, kind, now, actor, rng)),
        Entity::Attachment => event.attachment = Some(attachment(world, kind, actor, rng)),
        Entity::Label => {
            event.label =
                Some(Label { name: Some(titles::label(rng).to_owned()), prefix: Some(prefix(rng).to_owned()) });
            event.associated_content = Some(page_or_blog_post(rng));
        }
        Entity::BlogPost => event.blog_post = Some(blog_post(world, kind, now, actor, rng)),
    }
    event
}

fn page(world: &World, kind: EventKind, now: i64, actor: &str, rng: &mut ChaCha8Rng) -> Page {
    let id = content_id(rng);
    let people = authors(world, kind, actor, rng);
    Page {
        r#type: Some(PageType::Page),
        status: Some(content_status(kind)),
        title: Some(titles::page(rng)),
        space_key: Some(world.space(rng).key.clone()),
        version: Some(version(kind, now, rng)),
        creator_account_id: Some(people.creator),
        last_modifier_account_id: Some(people.last_modifier),
        self_: Some(format!("{}/rest/api/content/{id}", world.site)),
        id: Some(id),
    }
}

fn blog_post(world: &World, kind: EventKind, now: i64, actor: &str, rng: &mut ChaCha8Rng) -> BlogPost {
    let id = content_id(rng);
    let people = authors(world, kind, actor, rng);
    BlogPost {
        r#type: Some(BlogPostType::BlogPost),
        status: Some(content_status(kind)),
        title: Some(titles::blog_post(rng)),
        space_key: Some(world.space(rng).key.clone()),
        version: Some(version(kind, now, rng)),
        creator_account_id: Some(people.creator),
        last_modifier_account_id: Some(people.last_modifier),
        self_: Some(format!("{}/rest/api/content/{id}", world.site)),
        id: Some(id),
    }
}

fn space(world: &World, kind: EventKind, actor: &str, rng: &mut ChaCha8Rng) -> Space {
    if kind == EventKind::SpaceCreated {
        let name = titles::project(rng);
        let key = initials(&name, rng);
        return Space {
            id: Some(rng.random_range(98_305..9_999_999)),
            name: Some(name),
            r#type: Some(SpaceType::Global),
            status: Some(SpaceStatus::Current),
            creator_account_id: Some(actor.to_owned()),
            self_: Some(format!("{}/rest/api/space/{key}", world.site)),
            key: Some(key),
        };
    }
    let space = world.space(rng);
    let archived = kind == EventKind::SpaceUpdated && rng.random_ratio(1, 8);
    Space {
        id: Some(space.id),
        key: Some(space.key.clone()),
        name: Some(space.name.clone()),
        r#type: Some(if space.personal { SpaceType::Personal } else { SpaceType::Global }),
        status: Some(if archived { SpaceStatus::Archived } else { SpaceStatus::Current }),
        creator_account_id: Some(world.people[space.creator].account_id.clone()),
        self_: Some(format!("{}/rest/api/space/{}", world.site, space.key)),
    }
}

fn comment(world: &World, kind: EventKind, now: i64, actor: &str, rng: &mut ChaCha8Rng) -> Comment {
    let id = content_id(rng);
    let mut container = page_or_blog_post(rng);
    let title = format!("Re: {}", container.title.as_deref().unwrap_or_default());
    if rng.random_ratio(1, 4) {
        // A reply is on the comment that it answers, whose title is the page's with the same `Re: `.
        container = Container { r#type: Some(ContainerType::Comment), title: Some(title.clone()), ..container };
    }
    let Version { number, when, .. } = version(kind, now, rng);
    let creator = authors(world, kind, actor, rng).creator;
    Comment {
        r#type: Some(CommentType::Comment),
        status: Some(item_status(kind)),
        title: Some(title),
        version: Some(Version { number, when, message: None, minor_edit: None }),
        container: Some(container),
        creator_account_id: Some(creator),
        self_: Some(format!("{}/rest/api/content/{id}", world.site)),
        id: Some(id),
    }
}

fn attachment(world: &World, kind: EventKind, actor: &str, rng: &mut ChaCha8Rng) -> Attachment {
    let id = format!("att{}", content_id(rng));
    let (title, media_type, file_size) = titles::file(rng);
    let creator = authors(world, kind, actor, rng).creator;
    Attachment {
        r#type: Some(AttachmentType::Attachment),
        status: Some(item_status(kind)),
        title: Some(title),
        media_type: Some(media_type.to_owned()),
        file_size: Some(file_size),
        container: Some(page_or_blog_post(rng)),
        creator_account_id: Some(creator),
        self_: Some(format!("{}/rest/api/content/{id}", world.site)),
        id: Some(id),
    }
}

fn page_or_blog_post(rng: &mut ChaCha8Rng) -> AssociatedContent {
    let is_page = rng.random_ratio(4, 5);
    Container {
        id: Some(content_id(rng)),
        r#type: Some(if is_page { ContainerType::Page } else { ContainerType::BlogPost }),
        title: Some(if is_page { titles::page(rng) } else { titles::blog_post(rng) }),
    }
}

struct Authors {
    creator: String,
    last_modifier: String,
}

/// Who made it and who changed it last: the one who acts, where the event is the making or the change.
fn authors(world: &World, kind: EventKind, actor: &str, rng: &mut ChaCha8Rng) -> Authors {
    let creator = if is_creation(kind) { actor } else { world::World::person(world, rng).account_id.as_str() };
    let last_modifier = if is_change(kind) { actor } else { creator };
    Authors { creator: creator.to_owned(), last_modifier: last_modifier.to_owned() }
}

fn version(kind: EventKind, now: i64, rng: &mut ChaCha8Rng) -> Version {
    let number = if is_creation(kind) {
        1
    } else if is_change(kind) {
        rng.random_range(2..60)
    } else {
        rng.random_range(1..60)
    };
    // What is trashed, restored or removed makes no version: the last one is from before.
    let when = if is_change(kind) { now } else { now.saturating_sub(rng.random_range(HOUR..60 * 24 * HOUR)) };
    Version {
        number: Some(number),
        when: Some(rfc3339(when)),
        message: Some(if number == 1 { "" } else { titles::version_message(rng) }.to_owned()),
        minor_edit: Some(number > 1 && rng.random_ratio(1, 5)),
    }
}

/// As Confluence writes times: UTC, always three digits of a second.
fn rfc3339(milliseconds: i64) -> String {
    let timestamp = Timestamp::from_millisecond(milliseconds).unwrap_or(if milliseconds < 0 {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    });
    format!("{timestamp:.3}")
}

const fn content_status(kind: EventKind) -> ContentStatus {
    match kind {
        EventKind::PageTrashed | EventKind::PageRemoved | EventKind::BlogRemoved => ContentStatus::Trashed,
        _ => ContentStatus::Current,
    }
}

const fn item_status(kind: EventKind) -> ItemStatus {
    match kind {
        EventKind::CommentRemoved | EventKind::AttachmentRemoved => ItemStatus::Trashed,
        _ => ItemStatus::Current,
    }
}

const fn is_creation(kind: EventKind) -> bool {
    use EventKind as E;
    matches!(kind, E::PageCreated | E::SpaceCreated | E::CommentCreated | E::AttachmentCreated | E::BlogCreated)
}

/// Does the event make a version, the first or a later one?
const fn is_change(kind: EventKind) -> bool {
    use EventKind as E;
    is_creation(kind)
        || matches!(kind, E::PageUpdated | E::SpaceUpdated | E::CommentUpdated | E::AttachmentUpdated | E::BlogUpdated)
}

/// Nearly all labels are global.
fn prefix(rng: &mut ChaCha8Rng) -> &'static str {
    match rng.random_range(0..20u8) {
        0 => "my",
        1 => "team",
        _ => "global",
    }
}

/// A key from a name's initials, with a number so that two projects rarely share one: `PAS17`.
fn initials(name: &str, rng: &mut ChaCha8Rng) -> String {
    let letters = name.split([' ', '-']).filter_map(|word| word.chars().next()).filter(char::is_ascii_alphabetic);
    let letters: String = letters.map(|letter| letter.to_ascii_uppercase()).collect();
    format!("{letters}{}", rng.random_range(10..100u8))
}
