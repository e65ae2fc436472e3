//! From a snapshot to the bytes of a body: the one serialisation of the house.

use serde_json::Value;

use crate::models::event::EventKind;

use super::Generator;
use super::edit::{Edit, EditError};
use super::story::Story;

/// How a body is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Indented by two spaces, with a line end at the end.
    Pretty,
    /// On one line, without a line end.
    Compact,
}

/// What bodies are to be made.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The kinds of one round, in order.
    pub kinds: Vec<EventKind>,
    /// How many rounds.
    pub count: u64,
    /// What is changed in each body.
    pub edits: Vec<Edit>,
    /// How the bytes are laid out.
    pub layout: Layout,
}

impl Recipe {
    /// How many bodies there will be.
    #[must_use]
    pub const fn total(&self) -> u64 {
        (self.kinds.len() as u64).saturating_mul(self.count)
    }

    /// The kinds of the bodies, one after another.
    pub fn rounds(&self) -> impl Iterator<Item = EventKind> + '_ {
        (0..self.count).flat_map(|_| self.kinds.iter().copied())
    }

    /// The bodies, one after another, in constant memory.
    pub fn bodies<'a>(
        &'a self,
        generator: &'a mut Generator,
    ) -> impl Iterator<Item = Result<(EventKind, Vec<u8>), EditError>> + 'a {
        self.rounds().map(|kind| Ok((kind, self.body(generator, kind)?)))
    }

    /// The next body about this kind of event.
    ///
    /// # Errors
    /// When an edit cannot be made in it.
    pub fn body(&self, generator: &mut Generator, kind: EventKind) -> Result<Vec<u8>, EditError> {
        let mut bytes = Vec::with_capacity(USUAL);
        self.append(generator, kind, &mut bytes)?;
        Ok(bytes)
    }

    /// Writes the next body about this kind of event behind what is there.
    ///
    /// # Errors
    /// When an edit cannot be made in it.
    pub fn append(&self, generator: &mut Generator, kind: EventKind, bytes: &mut Vec<u8>) -> Result<(), EditError> {
        let start = bytes.len();
        generator.write(kind, bytes);
        self.finish(kind, start, bytes)
    }

    /// The events of a story, as many as there are rounds, with the edits made in each.
    pub fn events_of(self, mut story: Story) -> impl Iterator<Item = Result<(EventKind, Vec<u8>), EditError>> {
        (0..self.count).map(move |_| {
            let mut bytes = Vec::with_capacity(USUAL);
            self.append_story_event(&mut story, &mut bytes).map(|kind| (kind, bytes))
        })
    }

    /// Writes the next event of a story behind what is there, and says its kind.
    ///
    /// # Errors
    /// When an edit cannot be made in it.
    pub fn append_story_event(&self, story: &mut Story, bytes: &mut Vec<u8>) -> Result<EventKind, EditError> {
        let start = bytes.len();
        let kind = story.write(bytes);
        self.finish(kind, start, bytes).map(|()| kind)
    }

    /// Makes the edits in a body that was made elsewhere, and writes it behind what is there.
    ///
    /// # Errors
    /// When an edit cannot be made in it.
    pub fn append_edited(&self, kind: EventKind, body: &mut Value, bytes: &mut Vec<u8>) -> Result<(), EditError> {
        for edit in &self.edits {
            edit.apply(body).map_err(|error| error.of(kind))?;
        }
        self.layout.append(body, bytes);
        Ok(())
    }

    /// Makes the edits in a body that stands on one line from `start` on, and lays it out.
    fn finish(&self, kind: EventKind, start: usize, bytes: &mut Vec<u8>) -> Result<(), EditError> {
        if self.edits.is_empty() && self.layout == Layout::Compact {
            return Ok(());
        }
        let mut body: Value = serde_json::from_slice(&bytes[start..]).expect("what is written is JSON");
        bytes.truncate(start);
        self.append_edited(kind, &mut body, bytes)
    }
}

/// Room for most bodies, so that they are not moved while they grow.
const USUAL: usize = 1024;

impl Layout {
    /// Writes a body behind what is there.
    ///
    /// # Panics
    /// Never: any value is JSON.
    pub fn append(self, body: &Value, bytes: &mut Vec<u8>) {
        match self {
            Self::Pretty => {
                serde_json::to_writer_pretty(&mut *bytes, body).expect("a value is JSON");
                bytes.push(b'\n');
            }
            Self::Compact => serde_json::to_writer(bytes, body).expect("a value is JSON"),
        }
    }
}
