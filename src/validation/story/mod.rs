//! What holds between the deliveries of a story: docs/stories.md lists it, `rules` names it. A sequence remembers what is
//! there, with its version and its place, and of what was removed the id alone; so memory grows with the removals of a
//! story, by some thirty bytes each, and not with its length.

mod checks;
pub mod facts;
mod state;

use crate::json::{self, Node, Value};
use crate::models::event::{Action, Entity};
use crate::models::request::Request;

use super::findings::{in_body, opening};
use super::report::{Finding, Report, Severity};
use super::rules;
use checks::{Breach, Held, breach, follows, same_creator, stays, trash};
use facts::{Facts, Id, Payload};
use state::{Existence, Live, State};

/// Deliveries of one story, one after another.
#[derive(Debug, Default)]
pub struct StoryChecker {
    state: State,
    /// The latest time that was facts.
    last: Option<i64>,
}

impl StoryChecker {
    /// Judges the next delivery: adds to its report what does not fit what came before. What is facts of something that was
    /// never created is believed from then on, so that one gap is one finding. `limit` is how many findings a report may
    /// have.
    pub fn judge(&mut self, facts: Option<&Facts>, delivery: &Request, report: &mut Report, limit: usize) {
        let breaches = match facts {
            Some(facts) => self.follow(facts),
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
    fn follow(&mut self, facts: &Facts) -> Vec<Breach> {
        let mut breaches = Vec::new();
        breaches.extend(self.time(facts).err());
        let held = match facts.kind.entity() {
            Entity::Page | Entity::BlogPost => self.content(facts),
            Entity::Space => self.space(facts),
            Entity::Comment | Entity::Attachment => self.item(facts),
            Entity::Label => self.label(facts),
        };
        breaches.extend(held.err());
        breaches
    }

    fn time(&mut self, facts: &Facts) -> Held {
        let Some(now) = facts.now else { return Ok(()) };
        let last = self.last.unwrap_or(now);
        self.last = Some(last.max(now));
        if now < last {
            let message = format!("it happened {} ms before the previous event", last.abs_diff(now));
            return breach(&rules::STORY_TIME, "/timestamp", message);
        }
        match facts.thing.when() {
            Some(when) if when > now => {
                let message = format!("its version was made {} ms after it happened", when.abs_diff(now));
                breach(&rules::STORY_TIME, facts.within("version"), message)
            }
            _ => Ok(()),
        }
    }

    fn space(&mut self, facts: &Facts) -> Held {
        let (Some(id), Some(key)) = (&facts.thing.id, &facts.thing.key) else { return Ok(()) };
        let existence = self.state.space(key);
        if facts.kind.action() == Action::Created {
            if matches!(existence, Existence::There)
                || !self.state.create_space(key, id, facts.thing.creator_account_id.clone())
            {
                let message =
                    format!("a space `{key}` with the id {id} was created before, or one of the two is taken");
                return breach(&rules::STORY_REPEATED_ID, facts.within("id"), message);
            }
            return Ok(());
        }
        match existence {
            Existence::Gone(_) => {
                return breach(
                    &rules::STORY_AFTER_REMOVAL,
                    facts.within("key"),
                    format!("the space `{key}` was removed"),
                );
            }
            Existence::Unknown => {
                self.state.create_space(key, id, facts.thing.creator_account_id.clone());
                let message = format!("the space `{key}` was not created before");
                self.state.delete_space_if(facts.kind.action() == Action::Removed, key);
                return breach(&rules::STORY_BEFORE_CREATION, facts.within("key"), message);
            }
            Existence::There => {}
        }
        let (known, creator) = self.state.space_facts(key);
        let held = if known == Some(id) {
            same_creator(facts, creator)
        } else {
            let message = format!("the space `{key}` was created with another id than {id}");
            breach(&rules::STORY_BEFORE_CREATION, facts.within("id"), message)
        };
        self.state.delete_space_if(facts.kind.action() == Action::Removed, key);
        held
    }

    fn content(&mut self, facts: &Facts) -> Held {
        let (Some(id), Some(space)) = (&facts.thing.id, &facts.thing.space_key) else { return Ok(()) };
        let in_space = self.in_space(facts, space);
        let live = Live::new(facts, None);
        if facts.kind.action() == Action::Created {
            self.create(facts, id, live)?;
            return in_space;
        }
        let is_there = self.is_there(facts, id, live).and(in_space);
        let Some(known) = self.state.thing(id) else { return is_there };
        let held = is_there.and_then(|()| follows(facts, known)).and_then(|()| stays(facts, known, space));
        let held = held.and_then(|()| trash(facts, known, id));
        known.update(facts);
        match facts.kind.action() {
            Action::Trashed => known.trashed = true,
            Action::Restored => known.trashed = false,
            Action::Removed => self.state.remove(id),
            _ => {}
        }
        held
    }

    /// Is there the space that content is in?
    fn in_space(&mut self, facts: &Facts, key: &str) -> Held {
        match self.state.space(key) {
            Existence::There => Ok(()),
            Existence::Gone(_) => {
                let message = format!("the space `{key}` was removed, and its content with it");
                breach(&rules::STORY_REMOVED_SPACE, facts.within("spaceKey"), message)
            }
            Existence::Unknown => {
                self.state.assume_space(key);
                let message = format!("the space `{key}` was not created before");
                breach(&rules::STORY_BEFORE_CREATION, facts.within("spaceKey"), message)
            }
        }
    }

    /// A comment or an attachment.
    fn item(&mut self, facts: &Facts) -> Held {
        let (Some(id), Some(on)) = (&facts.thing.id, facts.on.as_ref()) else { return Ok(()) };
        let container = self.container(facts, on);
        let content = on.id.as_ref().map(|on| self.state.content_of(on).clone());
        let live = Live::new(facts, content.clone());
        if facts.kind.action() == Action::Created {
            self.create(facts, id, live)?;
            return container;
        }
        let is_there = self.is_there(facts, id, live).and(container);
        let Some(known) = self.state.thing(id) else { return is_there };
        let mut held = is_there.and_then(|()| follows(facts, known));
        if held.is_ok() && known.on != content {
            held = breach(&rules::STORY_CONTAINER, facts.on_within("id"), format!("{id} was on something else before"));
        }
        known.update(facts);
        if facts.kind.action() == Action::Removed {
            self.state.remove(id);
        }
        held
    }

    fn label(&mut self, facts: &Facts) -> Held {
        let (Some(name), Some(on)) = (&facts.thing.name, facts.on.as_ref()) else { return Ok(()) };
        self.container(facts, on)?;
        let Some(id) = &on.id else { return Ok(()) };
        let label = (name.clone(), facts.thing.prefix.clone());
        let Some(Live { labels, .. }) = self.state.thing(id) else { return Ok(()) };
        let place = labels.iter().position(|other| *other == label);
        match (facts.kind.action(), place) {
            (Action::Created, None) => labels.push(label),
            (Action::Created, Some(_)) => {
                let message = format!("`{name}` is on {id} already");
                return breach(&rules::STORY_REPEATED_ID, facts.within("name"), message);
            }
            (_, Some(place)) => _ = labels.swap_remove(place),
            (_, None) => {
                let message = format!("`{name}` was not put on {id} before");
                return breach(&rules::STORY_BEFORE_CREATION, facts.within("name"), message);
            }
        }
        Ok(())
    }

    /// What something is on is there, is not in the trash, and has the title that is facts.
    fn container(&mut self, facts: &Facts, on: &Payload) -> Held {
        let Some(id) = &on.id else { return Ok(()) };
        let answered = facts.answers.as_ref().filter(|answered| !self.state.is_there(answered));
        if let Some(answered) = answered {
            let message = format!("the comment {answered}, which it answers, is not there");
            return breach(&rules::STORY_CONTAINER, format!("{}/inReplyTo", facts.at), message);
        }
        match self.state.existence(id) {
            Existence::There => {}
            Existence::Gone(with_space) => {
                let rule = if with_space { &rules::STORY_REMOVED_SPACE } else { &rules::STORY_CONTAINER };
                return breach(rule, facts.on_within("id"), format!("{id}, which it is on, was removed"));
            }
            Existence::Unknown => {
                self.state.insert(id, Live::of_container(on));
                let message = format!("{id}, which it is on, was not created before");
                return breach(&rules::STORY_CONTAINER, facts.on_within("id"), message);
            }
        }
        let content = self.state.content_of(id).clone();
        let Some(known) = self.state.thing(&content) else { return Ok(()) };
        if known.trashed {
            return breach(
                &rules::STORY_TRASHED,
                facts.on_within("id"),
                format!("{content}, which it is on, is in the trash"),
            );
        }
        // The title of a comment is made of that of its page, which may have changed since.
        match (&known.title, &on.title) {
            (Some(title), Some(other)) if content == *id && title != other => {
                breach(&rules::STORY_TITLE, facts.on_within("title"), format!("{id} has another title by now"))
            }
            _ => Ok(()),
        }
    }

    fn create(&mut self, facts: &Facts, id: &Id, live: Live) -> Held {
        if !matches!(self.state.existence(id), Existence::Unknown) {
            return breach(&rules::STORY_REPEATED_ID, facts.within("id"), format!("{id} was created before"));
        }
        let first = live.version.is_none_or(|version| version == 1);
        self.state.insert(id, live);
        if first {
            Ok(())
        } else {
            breach(&rules::STORY_VERSION, facts.within("version"), "the first version is 1".to_owned())
        }
    }

    /// Was it created, and not removed?
    fn is_there(&mut self, facts: &Facts, id: &Id, live: Live) -> Held {
        match self.state.existence(id) {
            Existence::There if self.state.is_a(id, facts.kind.entity()) => Ok(()),
            Existence::There => {
                let message = format!("{id} is no {}", facts.kind.entity().noun());
                breach(&rules::STORY_BEFORE_CREATION, facts.within("id"), message)
            }
            Existence::Gone(true) => {
                breach(&rules::STORY_REMOVED_SPACE, facts.within("id"), format!("{id} was removed with its space"))
            }
            Existence::Gone(false) => {
                breach(&rules::STORY_AFTER_REMOVAL, facts.within("id"), format!("{id} was removed before"))
            }
            Existence::Unknown => {
                self.state.insert(id, live);
                breach(&rules::STORY_BEFORE_CREATION, facts.within("id"), format!("{id} was not created before"))
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
