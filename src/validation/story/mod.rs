//! Checks of stories: sequences of requests.
//!
//! [`Rule`] lists the rules. A checker stores the state of all existing objects, and only the ids of removed ones. So memory grows by
//! about thirty bytes for each removal, but not with the length of a story.

mod checks;
pub mod facts;
mod state;

use crate::json::{self, Node};
use crate::models::event::{Action, Entity};
use crate::models::request::Request;
use crate::models::rule::Rule;
use crate::profiles::Profile;

use super::report::{Finding, FindingLocation, Report};
use checks::{Checked, Violation, check_creator, check_details, check_same_space, check_trash, violation};
use facts::{About, Container, Facts, Id};
use state::{Presence, Resource, SiteState};

/// Checks the requests of a story, one after another.
#[derive(Debug, Default)]
pub struct StoryChecker {
    state: SiteState,
    /// The latest timestamp, in milliseconds since the Unix epoch.
    latest: Option<i64>,
}

impl StoryChecker {
    /// Checks the next request, and adds findings to its report, which has at most `limit` findings.
    ///
    /// If an object was never created, the checker reports that once, and then continues with the state in the body.
    pub fn check(&mut self, request: &Request, report: &mut Report, limit: usize) {
        let facts = report.facts.take();
        let profile = facts.as_ref().map(|facts| facts.profile);
        let checked = facts.map(|facts| [self.check_time(&facts), self.check_event(&facts)]);
        let unidentified = || [Err(Violation::unidentified()), Ok(())];
        for Violation { rule, pointer, message } in
            checked.unwrap_or_else(unidentified).into_iter().filter_map(Result::err)
        {
            let severity = rule.info().severity;
            report.max_severity = report.max_severity.max(Some(severity));
            if report.findings.len() >= limit {
                report.omitted += 1;
                continue;
            }
            let body = json::parse(request.body()).ok();
            let is_wrapped = |profile: &Profile| body.as_ref().is_some_and(|body| profile.wrapped(body).is_some());
            let envelope = profile.filter(|profile| is_wrapped(profile)).and_then(|profile| profile.envelope);
            let pointer = envelope.map_or(pointer.clone(), |key| format!("/{key}{pointer}"));
            let token = body.as_ref().map(|body| body.at(&pointer).unwrap_or(body));
            let span = token.map_or(0..1, Node::span);
            let location = FindingLocation::Body { pointer, span };
            report.findings.push(Finding { rule, severity, location, message, help: None, document: None });
        }
    }

    fn check_time(&mut self, facts: &Facts) -> Checked {
        let Some(now) = facts.timestamp else { return Ok(()) };
        let latest = self.latest.unwrap_or(now);
        self.latest = Some(latest.max(now));
        if now < latest {
            let message = format!("the event is {} ms older than the previous event", latest.abs_diff(now));
            return violation(Rule::StoryTime, ("", "timestamp"), message);
        }
        match facts.details.modified {
            Some(modified) if modified > now => {
                let message = format!("the version is {} ms newer than the event", modified.abs_diff(now));
                violation(Rule::StoryTime, (facts.pointer, "version"), message)
            }
            _ => Ok(()),
        }
    }

    fn check_event(&mut self, facts: &Facts) -> Checked {
        match &facts.about {
            About::Space { id, key } => self.check_space(facts, id, key),
            About::Content { id } => {
                let space = facts.details.space.as_deref();
                let surroundings = space.map_or(Ok(()), |key| self.check_in_space(facts, key));
                self.check_resource(facts, id, None, surroundings)
            }
            About::Item { id, container, in_reply_to } => {
                let surroundings = self.check_reply(facts, in_reply_to.as_ref(), container.as_ref());
                let content = |container: &Container| self.state.content_id(&container.id).clone();
                let on = container.as_ref().map(|container| (container, content(container)));
                self.check_resource(facts, id, on.as_ref(), surroundings)
            }
            About::Other => Ok(()),
            About::Label { name, prefix, container } => {
                // The content of a deleted label may not exist anymore.
                let container = container.as_ref().filter(|_| facts.kind.action() != Action::Deleted);
                container.map_or(Ok(()), |container| {
                    self.check_container(container)?;
                    self.check_label(facts, name, prefix.as_ref(), &container.id)
                })
            }
        }
    }

    fn check_space(&mut self, facts: &Facts, id: &Id, key: &str) -> Checked {
        let creator = &facts.details.creator;
        let checked = match self.state.space(key) {
            presence if facts.kind.action() == Action::Created => {
                let is_present = matches!(presence, Presence::Present(_));
                if !is_present && self.state.create_space(key, id, creator.clone()) {
                    return Ok(());
                }
                let message = format!("a space with the key `{key}` or the id {id} already exists");
                return violation(Rule::StoryRepeatedId, (facts.pointer, "id"), message);
            }
            Presence::Removed { .. } => {
                let message = format!("the space `{key}` was removed");
                return violation(Rule::StoryRemoved, (facts.pointer, "key"), message);
            }
            Presence::Unknown => {
                self.state.create_space(key, id, creator.clone());
                not_created((facts.pointer, "key"), format!("the space `{key}`"))
            }
            Presence::Present(space) if space.id.as_ref() == Some(id) => check_creator(facts, space.creator.as_deref()),
            Presence::Present(_) => not_created((facts.pointer, "id"), format!("the space `{key}` with the id {id}")),
        };
        if facts.kind.action() == Action::Removed {
            self.state.remove_space(key);
        }
        checked
    }

    /// Checks that the space of content exists.
    fn check_in_space(&mut self, facts: &Facts, key: &str) -> Checked {
        match self.state.space(key) {
            Presence::Present(_) => Ok(()),
            Presence::Removed { .. } => {
                let message = format!("the space `{key}` was removed with its content");
                violation(Rule::StoryRemovedSpace, (facts.pointer, facts.details.space_pointer), message)
            }
            Presence::Unknown => {
                self.state.assume_space(key);
                not_created((facts.pointer, facts.details.space_pointer), format!("the space `{key}`"))
            }
        }
    }

    /// Checks content or an item. The container of an item is its content, or a comment on its content.
    fn check_resource(
        &mut self,
        facts: &Facts,
        id: &Id,
        on: Option<&(&Container, Id)>,
        surroundings: Checked,
    ) -> Checked {
        let resource = Resource::new(facts, on.map(|(_, content)| content.clone()));
        let action = facts.kind.action();
        let is_unknown = matches!(self.state.resource(id), Presence::Unknown);
        let is_creation = matches!(action, Action::Created | Action::Copied | Action::CreatedFromBlueprint);
        if is_creation && (is_unknown || !facts.is_repetition()) {
            self.create(facts, id, resource)?;
            return surroundings;
        }
        // The event about the page was first.
        let is_repeated_removal = facts.is_repetition() && action == Action::Removed;
        if is_repeated_removal && matches!(self.state.resource(id), Presence::Removed { .. }) {
            return Ok(());
        }
        let exists = self.check_exists(facts, id, resource).and(surroundings);
        let Some(known) = self.state.resource_mut(id) else { return exists };
        let checked = exists.and_then(|()| check_details(facts, known)).and_then(|()| match on {
            None if matches!(facts.about, About::Content { .. }) => check_same_space(facts, known),
            Some((container, content)) if known.content.as_ref().is_some_and(|known| known != content) => {
                let message = format!("{id} was on different content before");
                violation(Rule::StoryContainer, (container.pointer, "id"), message)
            }
            _ => Ok(()),
        });
        let checked = checked.and_then(|()| check_trash(facts, known, id));
        known.update(&facts.details);
        match (action, &facts.details.space) {
            (Action::Trashed, _) => known.is_trashed = true,
            (Action::Restored, _) => known.is_trashed = false,
            (Action::Removed, _) => self.state.remove(id.clone(), false),
            (Action::Moved, Some(space)) => self.state.move_to_space(id, space),
            _ => {}
        }
        checked
    }

    fn create(&mut self, facts: &Facts, id: &Id, resource: Resource) -> Checked {
        if !matches!(self.state.resource(id), Presence::Unknown) {
            return violation(Rule::StoryRepeatedId, (facts.pointer, "id"), format!("{id} was already created"));
        }
        let is_first = resource.details.version.is_none_or(|version| version == 1);
        self.state.insert(id, resource);
        if is_first || facts.kind.action() == Action::Copied {
            return Ok(());
        }
        violation(Rule::StoryVersion, (facts.pointer, "version"), "the first version must be 1".to_owned())
    }

    /// Checks that an object exists.
    fn check_exists(&mut self, facts: &Facts, id: &Id, resource: Resource) -> Checked {
        let pointer = (facts.pointer, "id");
        match self.state.resource(id) {
            Presence::Present(known)
                if known.entity != resource.entity && ![known.entity, resource.entity].contains(&Entity::Content) =>
            {
                let message = format!("{id} is not {} {}", resource.entity.article(), resource.entity.noun());
                violation(Rule::StoryNotCreated, pointer, message)
            }
            Presence::Present(_) => Ok(()),
            Presence::Removed { with_space: true } => {
                violation(Rule::StoryRemovedSpace, pointer, format!("{id} was removed with its space"))
            }
            Presence::Removed { with_space: false } => {
                violation(Rule::StoryRemoved, pointer, format!("{id} was removed before"))
            }
            Presence::Unknown => {
                self.state.insert(id, resource);
                not_created(pointer, id.to_string())
            }
        }
    }

    /// Checks that the parent and the container of an item exist.
    fn check_reply(&mut self, facts: &Facts, in_reply_to: Option<&Id>, container: Option<&Container>) -> Checked {
        let exists = |id: &Id| matches!(self.state.resource(id), Presence::Present(_));
        if let Some(comment) = in_reply_to.filter(|comment| !exists(comment)) {
            let message = format!("the parent comment {comment} does not exist");
            return violation(Rule::StoryContainer, (facts.pointer, "inReplyTo"), message);
        }
        container.map_or(Ok(()), |container| self.check_container(container))
    }

    /// Checks that a container exists, is not in the trash, and has the title in the body.
    fn check_container(&mut self, container: &Container) -> Checked {
        let (id, pointer) = (&container.id, (container.pointer, "id"));
        match self.state.resource(id) {
            Presence::Present(_) => {}
            Presence::Removed { with_space } => {
                let rule = if with_space { Rule::StoryRemovedSpace } else { Rule::StoryContainer };
                return violation(rule, pointer, format!("the content {id} was removed"));
            }
            Presence::Unknown => {
                self.state.insert(id, Resource::from_container(container));
                return violation(Rule::StoryContainer, pointer, format!("the content {id} was not created before"));
            }
        }
        let content = self.state.content_id(id);
        let Presence::Present(known) = self.state.resource(content) else { return Ok(()) };
        if known.is_trashed {
            return violation(Rule::StoryTrashed, pointer, format!("the content {content} is in the trash"));
        }
        // The title of a comment contains the title of its page, which may have changed since.
        match (&known.details.title, &container.details.title) {
            (Some(title), Some(other)) if content == id && title != other => {
                let message = format!("the current title of {id} is different");
                violation(Rule::StoryTitle, (container.pointer, "title"), message)
            }
            _ => Ok(()),
        }
    }

    fn check_label(&mut self, facts: &Facts, name: &str, prefix: Option<&String>, on: &Id) -> Checked {
        let Some(Resource { labels, .. }) = self.state.resource_mut(on) else { return Ok(()) };
        let label = (name.to_owned(), prefix.cloned());
        let pointer = (facts.pointer, "name");
        // If the sender has an event for adding a label, its creation only means that the label exists.
        let is_added = match facts.kind.action() {
            Action::Added => true,
            Action::Created if !facts.profile.events.has(Entity::Label, Action::Added) => true,
            Action::Removed => false,
            _ => return Ok(()),
        };
        if !is_added {
            let is_known = labels.remove(&label);
            return if is_known { Ok(()) } else { not_created(pointer, format!("the label `{name}` on {on}")) };
        }
        if labels.insert(label) {
            return Ok(());
        }
        violation(Rule::StoryRepeatedId, pointer, format!("the label `{name}` is already on {on}"))
    }
}

fn not_created(pointer: (&str, &str), noun: String) -> Checked {
    violation(Rule::StoryNotCreated, pointer, noun + " was not created before")
}
