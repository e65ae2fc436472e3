//! What a sequence remembers: everything that is there, and the ids of what was removed.

use std::collections::{HashMap, HashSet};

use crate::models::event::Entity;

use super::facts::{Facts, Id, Payload};

/// Something that is there.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) entity: Entity,
    pub(super) space: Option<String>,
    pub(super) version: Option<i64>,
    /// When that version was made, in milliseconds since the Unix epoch.
    pub(super) when: Option<i64>,
    pub(super) title: Option<String>,
    pub(super) creator: Option<String>,
    pub(super) trashed: bool,
    /// Name and prefix of its labels.
    pub(super) labels: Vec<(String, Option<String>)>,
    /// The content that it is on.
    pub(super) on: Option<Id>,
    /// The comment that it answers.
    answers: Option<Id>,
    /// The comments and attachments on it.
    items: HashSet<Id>,
}

impl Live {
    /// As a body tells it; `on` is the content that it is on.
    pub(super) fn new(facts: &Facts, on: Option<Id>) -> Self {
        let direct = facts.on.as_ref().and_then(|on| on.id.clone()).filter(|id| Some(id) != on.as_ref());
        Self {
            entity: facts.kind.entity(),
            space: facts.thing.space_key.clone(),
            version: facts.thing.version(),
            when: facts.thing.when(),
            title: facts.thing.title.clone(),
            creator: facts.thing.creator_account_id.clone(),
            trashed: false,
            labels: Vec::new(),
            on,
            answers: facts.answers.clone().or(direct),
            items: HashSet::new(),
        }
    }

    /// Content that nothing more is known of than what a comment on it tells.
    pub(super) fn of_container(on: &Payload) -> Self {
        Self {
            entity: Entity::Page,
            space: on.space_key.clone(),
            version: on.version(),
            when: on.when(),
            title: on.title.clone(),
            creator: on.creator_account_id.clone(),
            trashed: false,
            labels: Vec::new(),
            on: None,
            answers: None,
            items: HashSet::new(),
        }
    }

    /// Takes over what a body tells anew.
    pub(super) fn update(&mut self, facts: &Facts) {
        self.version = facts.thing.version().or(self.version);
        self.when = facts.thing.when().or(self.when);
        if facts.thing.title.is_some() {
            self.title.clone_from(&facts.thing.title);
        }
    }
}

#[derive(Debug, Default)]
struct Space {
    id: Option<Id>,
    creator: Option<String>,
    contents: HashSet<Id>,
}

/// Where something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Existence {
    There,
    /// Removed; `true` where it went with its space.
    Gone(bool),
    Unknown,
}

/// What is there, and what is not any more.
#[derive(Debug, Default)]
pub(super) struct State {
    spaces: HashMap<String, Space>,
    gone_spaces: HashSet<String>,
    space_ids: HashSet<Id>,
    things: HashMap<Id, Live>,
    /// What answers a comment, by the id of the comment, which need not have been facts of.
    answers: HashMap<Id, HashSet<Id>>,
    /// Removed; `true` where it went with its space.
    gone: HashMap<Id, bool>,
}

impl State {
    pub(super) fn space(&self, key: &str) -> Existence {
        if self.spaces.contains_key(key) {
            Existence::There
        } else if self.gone_spaces.contains(key) {
            Existence::Gone(true)
        } else {
            Existence::Unknown
        }
    }

    /// Keeps a new space; `false` where its id is taken. A removed space's key may be taken again.
    pub(super) fn create_space(&mut self, key: &str, id: &Id, creator: Option<String>) -> bool {
        self.gone_spaces.remove(key);
        self.spaces.insert(key.to_owned(), Space { id: Some(id.clone()), creator, contents: HashSet::new() });
        self.space_ids.insert(id.clone())
    }

    /// Believes that there is a space, of which no more is known.
    pub(super) fn assume_space(&mut self, key: &str) {
        self.spaces.insert(key.to_owned(), Space::default());
    }

    pub(super) fn space_facts(&self, key: &str) -> (Option<&Id>, Option<&str>) {
        self.spaces.get(key).map_or((None, None), |space| (space.id.as_ref(), space.creator.as_deref()))
    }

    /// Removes a space with everything in it, where that is what happened.
    pub(super) fn delete_space_if(&mut self, removed: bool, key: &str) {
        let Some(space) = removed.then(|| self.spaces.remove(key)).flatten() else { return };
        self.gone_spaces.insert(key.to_owned());
        for content in space.contents {
            self.forget(&content, true);
        }
    }

    pub(super) fn existence(&self, id: &Id) -> Existence {
        match self.gone.get(id) {
            _ if self.things.contains_key(id) => Existence::There,
            Some(with_space) => Existence::Gone(*with_space),
            None => Existence::Unknown,
        }
    }

    pub(super) fn is_there(&self, id: &Id) -> bool {
        self.things.contains_key(id)
    }

    pub(super) fn is_a(&self, id: &Id, entity: Entity) -> bool {
        self.things.get(id).is_some_and(|live| live.entity == entity)
    }

    /// What is there under an id.
    pub(super) fn thing(&mut self, id: &Id) -> Option<&mut Live> {
        self.things.get_mut(id)
    }

    /// The content that something is on; content itself is its own.
    pub(super) fn content_of<'a>(&'a self, id: &'a Id) -> &'a Id {
        self.things.get(id).and_then(|live| live.on.as_ref()).unwrap_or(id)
    }

    /// Keeps something that is there.
    pub(super) fn insert(&mut self, id: &Id, live: Live) {
        if let Some(content) = live.on.as_ref().and_then(|on| self.things.get_mut(on)) {
            content.items.insert(id.clone());
        } else if let Some(space) = live.space.as_ref().and_then(|key| self.spaces.get_mut(key)) {
            space.contents.insert(id.clone());
        }
        if let Some(answered) = &live.answers {
            self.answers.entry(answered.clone()).or_default().insert(id.clone());
        }
        self.things.insert(id.clone(), live);
    }

    /// Removes something with everything on it; a comment with its answers.
    pub(super) fn remove(&mut self, id: &Id) {
        self.forget(id, false);
    }

    fn forget(&mut self, id: &Id, with_space: bool) {
        // Not by recursion: a stranger may tell of answers to answers without end.
        let mut leaving = vec![id.clone()];
        while let Some(id) = leaving.pop() {
            let Some(live) = self.things.remove(&id) else { continue };
            self.detach(&id, &live);
            leaving.extend(live.items);
            leaving.extend(self.answers.remove(&id).unwrap_or_default());
            self.gone.insert(id, with_space);
        }
    }

    /// Takes something off everything that lists it.
    fn detach(&mut self, id: &Id, live: &Live) {
        if let Some(space) = live.space.as_ref().and_then(|key| self.spaces.get_mut(key)) {
            space.contents.remove(id);
        }
        if let Some(content) = live.on.as_ref().and_then(|on| self.things.get_mut(on)) {
            content.items.remove(id);
        }
        if let Some(answered) = &live.answers
            && let Some(answers) = self.answers.get_mut(answered)
        {
            answers.remove(id);
            if answers.is_empty() {
                self.answers.remove(answered);
            }
        }
    }
}
