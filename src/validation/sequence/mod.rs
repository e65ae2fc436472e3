//! What holds between the deliveries of a story: docs/stories.md lists it, `rules` names it. A sequence remembers what is
//! there, with its version and its place, and of what was removed the id alone; so memory grows with the removals of a
//! story, by some thirty bytes each, and not with its length.

mod checks;
mod memory;
pub mod told;

use crate::json::{self, Node, Value};
use crate::models::delivery::Delivery;
use crate::models::event::{Entity, EventKind};

use super::findings::{in_body, opening};
use super::report::{Finding, Report, Severity};
use super::rules;
use checks::{Breach, Held, breach, follows, is_creation, same_creator, stays, trash};
use memory::{Live, Memory, Whereabouts};
use told::{Id, Payload, Told};

/// Deliveries of one story, one after another.
#[derive(Debug, Default)]
pub struct Sequence {
    memory: Memory,
    /// The latest time that was told.
    last: Option<i64>,
}

impl Sequence {
    /// Judges the next delivery: adds to its report what does not fit what came before. What is told of something that was
    /// never created is believed from then on, so that one gap is one finding. `limit` is how many findings a report may
    /// have.
    pub fn judge(&mut self, told: Option<&Told>, delivery: &Delivery, report: &mut Report, limit: usize) {
        let breaches = match told {
            Some(told) => self.follow(told),
            None => vec![Breach {
                rule: &rules::STORY_UNPLACED,
                pointer: String::new(),
                message: "the body does not tell which thing it is about, or which event it is".to_owned(),
            }],
        };
        if breaches.is_empty() {
            return;
        }
        let body = json::read(delivery.body()).ok();
        for Breach { rule, pointer, message } in breaches {
            report.worst = report.worst.max(Some(Severity::Error));
            if report.findings.len() >= limit {
                report.omitted += 1;
                continue;
            }
            let place = in_body(&pointer, body.as_ref().map_or(0..1, |body| span(body, &pointer)));
            report.findings.push(Finding {
                rule,
                severity: Severity::Error,
                place,
                message,
                help: None,
                document: None,
            });
        }
    }

    /// Everything that does not fit, the times first.
    fn follow(&mut self, told: &Told) -> Vec<Breach> {
        let mut breaches = Vec::new();
        breaches.extend(self.time(told).err());
        let held = match told.kind.entity() {
            Entity::Page | Entity::BlogPost => self.content(told),
            Entity::Space => self.space(told),
            Entity::Comment | Entity::Attachment => self.item(told),
            Entity::Label => self.label(told),
        };
        breaches.extend(held.err());
        breaches
    }

    fn time(&mut self, told: &Told) -> Held {
        let Some(now) = told.now else { return Ok(()) };
        let last = self.last.unwrap_or(now);
        self.last = Some(last.max(now));
        if now < last {
            let message = format!("it happened {} ms before what was told before it", last.abs_diff(now));
            return breach(&rules::STORY_TIME, "/timestamp", message);
        }
        match told.thing.when() {
            Some(when) if when > now => {
                let message = format!("its version was made {} ms after it happened", when.abs_diff(now));
                breach(&rules::STORY_TIME, told.within("version"), message)
            }
            _ => Ok(()),
        }
    }

    fn space(&mut self, told: &Told) -> Held {
        let (Some(id), Some(key)) = (&told.thing.id, &told.thing.key) else { return Ok(()) };
        let whereabouts = self.memory.space(key);
        if told.kind == EventKind::SpaceCreated {
            if matches!(whereabouts, Whereabouts::There)
                || !self.memory.found(key, id, told.thing.creator_account_id.clone())
            {
                let message =
                    format!("a space `{key}` with the id {id} was created before, or one of the two is taken");
                return breach(&rules::STORY_REPEATED_ID, told.within("id"), message);
            }
            return Ok(());
        }
        match whereabouts {
            Whereabouts::Gone(_) => {
                return breach(
                    &rules::STORY_AFTER_REMOVAL,
                    told.within("key"),
                    format!("the space `{key}` was removed"),
                );
            }
            Whereabouts::Unknown => {
                self.memory.found(key, id, told.thing.creator_account_id.clone());
                let message = format!("the space `{key}` was not created before");
                self.memory.dissolve_if(told.kind == EventKind::SpaceRemoved, key);
                return breach(&rules::STORY_BEFORE_CREATION, told.within("key"), message);
            }
            Whereabouts::There => {}
        }
        let (known, creator) = self.memory.space_facts(key);
        let held = if known == Some(id) {
            same_creator(told, creator)
        } else {
            let message = format!("the space `{key}` was created with another id than {id}");
            breach(&rules::STORY_BEFORE_CREATION, told.within("id"), message)
        };
        self.memory.dissolve_if(told.kind == EventKind::SpaceRemoved, key);
        held
    }

    fn content(&mut self, told: &Told) -> Held {
        let (Some(id), Some(space)) = (&told.thing.id, &told.thing.space_key) else { return Ok(()) };
        let in_space = self.in_space(told, space);
        let live = Live::new(told, None);
        if is_creation(told.kind) {
            self.create(told, id, live)?;
            return in_space;
        }
        let is_there = self.is_there(told, id, live).and(in_space);
        let Some(known) = self.memory.thing(id) else { return is_there };
        let held = is_there.and_then(|()| follows(told, known)).and_then(|()| stays(told, known, space));
        let held = held.and_then(|()| trash(told, known, id));
        known.update(told);
        match told.kind {
            EventKind::PageTrashed => known.trashed = true,
            EventKind::PageRestored => known.trashed = false,
            EventKind::PageRemoved | EventKind::BlogRemoved => self.memory.remove(id),
            _ => {}
        }
        held
    }

    /// Is there the space that content is in?
    fn in_space(&mut self, told: &Told, key: &str) -> Held {
        match self.memory.space(key) {
            Whereabouts::There => Ok(()),
            Whereabouts::Gone(_) => {
                let message = format!("the space `{key}` was removed, and its content with it");
                breach(&rules::STORY_REMOVED_SPACE, told.within("spaceKey"), message)
            }
            Whereabouts::Unknown => {
                self.memory.suppose(key);
                let message = format!("the space `{key}` was not created before");
                breach(&rules::STORY_BEFORE_CREATION, told.within("spaceKey"), message)
            }
        }
    }

    /// A comment or an attachment.
    fn item(&mut self, told: &Told) -> Held {
        let (Some(id), Some(on)) = (&told.thing.id, told.on.as_ref()) else { return Ok(()) };
        let container = self.container(told, on);
        let content = on.id.as_ref().map(|on| self.memory.content_of(on).clone());
        let live = Live::new(told, content.clone());
        if is_creation(told.kind) {
            self.create(told, id, live)?;
            return container;
        }
        let is_there = self.is_there(told, id, live).and(container);
        let Some(known) = self.memory.thing(id) else { return is_there };
        let mut held = is_there.and_then(|()| follows(told, known));
        if held.is_ok() && known.on != content {
            held = breach(&rules::STORY_CONTAINER, told.on_within("id"), format!("{id} was on something else before"));
        }
        known.update(told);
        if matches!(told.kind, EventKind::CommentRemoved | EventKind::AttachmentRemoved) {
            self.memory.remove(id);
        }
        held
    }

    fn label(&mut self, told: &Told) -> Held {
        let (Some(name), Some(on)) = (&told.thing.name, told.on.as_ref()) else { return Ok(()) };
        self.container(told, on)?;
        let Some(id) = &on.id else { return Ok(()) };
        let label = (name.clone(), told.thing.prefix.clone());
        let Some(Live { labels, .. }) = self.memory.thing(id) else { return Ok(()) };
        let place = labels.iter().position(|other| *other == label);
        match (told.kind, place) {
            (EventKind::LabelCreated, None) => labels.push(label),
            (EventKind::LabelCreated, Some(_)) => {
                let message = format!("`{name}` is on {id} already");
                return breach(&rules::STORY_REPEATED_ID, told.within("name"), message);
            }
            (_, Some(place)) => _ = labels.swap_remove(place),
            (_, None) => {
                let message = format!("`{name}` was not put on {id} before");
                return breach(&rules::STORY_BEFORE_CREATION, told.within("name"), message);
            }
        }
        Ok(())
    }

    /// What something is on is there, is not in the trash, and has the title that is told.
    fn container(&mut self, told: &Told, on: &Payload) -> Held {
        let Some(id) = &on.id else { return Ok(()) };
        let answered = told.answers.as_ref().filter(|answered| !self.memory.is_there(answered));
        if let Some(answered) = answered {
            let message = format!("the comment {answered}, which it answers, is not there");
            return breach(&rules::STORY_CONTAINER, format!("{}/inReplyTo", told.at), message);
        }
        match self.memory.whereabouts(id) {
            Whereabouts::There => {}
            Whereabouts::Gone(with_space) => {
                let rule = if with_space { &rules::STORY_REMOVED_SPACE } else { &rules::STORY_CONTAINER };
                return breach(rule, told.on_within("id"), format!("{id}, which it is on, was removed"));
            }
            Whereabouts::Unknown => {
                self.memory.believe(id, Live::of_container(on));
                let message = format!("{id}, which it is on, was not created before");
                return breach(&rules::STORY_CONTAINER, told.on_within("id"), message);
            }
        }
        let content = self.memory.content_of(id).clone();
        let Some(known) = self.memory.thing(&content) else { return Ok(()) };
        if known.trashed {
            return breach(
                &rules::STORY_TRASHED,
                told.on_within("id"),
                format!("{content}, which it is on, is in the trash"),
            );
        }
        // The title of a comment is made of that of its page, which may have changed since.
        match (&known.title, &on.title) {
            (Some(title), Some(other)) if content == *id && title != other => {
                breach(&rules::STORY_TITLE, told.on_within("title"), format!("{id} has another title by now"))
            }
            _ => Ok(()),
        }
    }

    fn create(&mut self, told: &Told, id: &Id, live: Live) -> Held {
        if !matches!(self.memory.whereabouts(id), Whereabouts::Unknown) {
            return breach(&rules::STORY_REPEATED_ID, told.within("id"), format!("{id} was created before"));
        }
        let first = live.version.is_none_or(|version| version == 1);
        self.memory.believe(id, live);
        if first {
            Ok(())
        } else {
            breach(&rules::STORY_VERSION, told.within("version"), "the first version is 1".to_owned())
        }
    }

    /// Was it created, and not removed?
    fn is_there(&mut self, told: &Told, id: &Id, live: Live) -> Held {
        match self.memory.whereabouts(id) {
            Whereabouts::There if self.memory.is_a(id, told.kind.entity()) => Ok(()),
            Whereabouts::There => {
                let message = format!("{id} is no {}", told.kind.entity().noun());
                breach(&rules::STORY_BEFORE_CREATION, told.within("id"), message)
            }
            Whereabouts::Gone(true) => {
                breach(&rules::STORY_REMOVED_SPACE, told.within("id"), format!("{id} was removed with its space"))
            }
            Whereabouts::Gone(false) => {
                breach(&rules::STORY_AFTER_REMOVAL, told.within("id"), format!("{id} was removed before"))
            }
            Whereabouts::Unknown => {
                self.memory.believe(id, live);
                breach(&rules::STORY_BEFORE_CREATION, told.within("id"), format!("{id} was not created before"))
            }
        }
    }
}

/// The token at a pointer; where a body has another shape there, the innermost that it has.
fn span(body: &Node<'_>, pointer: &str) -> std::ops::Range<usize> {
    let mut node = body;
    for step in pointer.split('/').skip(1) {
        let inner = match &node.value {
            Value::Object(members) => json::last(members, step),
            Value::Array(items) => step.parse().ok().and_then(|index: usize| items.get(index)),
            _ => None,
        };
        let Some(inner) = inner else { return opening(node) };
        node = inner;
    }
    node.span.clone()
}
