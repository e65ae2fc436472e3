//! Recipes: which bodies to generate, and how to edit and format them.

use serde_json::Value;

use crate::models::event::EventKind;

use super::edit::{Edit, EditError};
use super::single_event::Generator;
use super::story::Story;

/// The layout of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Indented by two spaces, with a newline at the end.
    Pretty,
    /// On one line, without a newline.
    Compact,
}

/// Which bodies to generate.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// The events of a round, in order.
    pub kinds: Vec<EventKind>,
    /// The number of rounds. For a story, the number of events.
    pub count: u64,
    /// The edits of each body.
    pub edits: Vec<Edit>,
    /// The layout of each body.
    pub layout: Layout,
}

impl Recipe {
    /// Returns the number of bodies.
    pub const fn total(&self) -> u64 {
        (self.kinds.len() as u64).saturating_mul(self.count)
    }

    /// Generates the bodies one by one, in constant memory.
    pub fn bodies(&self, generator: Generator) -> impl Iterator<Item = Result<(EventKind, Vec<u8>), EditError>> {
        let mut generator = generator;
        let kinds = (0..self.count).flat_map(|_| self.kinds.iter().copied());
        kinds.map(move |kind| Ok((kind, self.body(&mut generator, kind)?)))
    }

    /// Generates the next body for an event.
    ///
    /// # Errors
    ///
    /// Returns an error if an edit does not fit the body.
    pub fn body(&self, generator: &mut Generator, kind: EventKind) -> Result<Vec<u8>, EditError> {
        self.finish(kind, generator.body(kind))
    }

    /// Generates the events of a story.
    pub fn story_bodies(self, story: Story) -> impl Iterator<Item = Result<(EventKind, Vec<u8>), EditError>> {
        let mut story = story;
        // One buffer for all bodies: copying a body once is faster than growing a new buffer.
        let mut bytes = Vec::new();
        (0..self.count).map(move |_| {
            bytes.clear();
            let kind = story.write(&mut bytes);
            Ok((kind, self.finish(kind, bytes.clone())?))
        })
    }

    /// Formats and edits a body that is on one line.
    fn finish(&self, kind: EventKind, bytes: Vec<u8>) -> Result<Vec<u8>, EditError> {
        match self.layout {
            Layout::Compact => self.edit(kind, bytes),
            Layout::Pretty => self.finish_value(kind, &serde_json::from_slice(&bytes).expect("a body is JSON")),
        }
    }

    /// Formats and edits a body.
    ///
    /// # Errors
    ///
    /// Returns an error if an edit does not fit the body.
    pub fn finish_value(&self, kind: EventKind, body: &Value) -> Result<Vec<u8>, EditError> {
        self.edit(kind, self.layout.format(body))
    }

    fn edit(&self, kind: EventKind, body: Vec<u8>) -> Result<Vec<u8>, EditError> {
        self.edits.iter().try_fold(body, |body, edit| edit.apply(kind.name(), &body))
    }
}

impl Layout {
    /// Returns the bytes of a body.
    ///
    /// # Panics
    ///
    /// Never panics: a value is always valid JSON.
    pub fn format(self, body: &Value) -> Vec<u8> {
        match self {
            Self::Pretty => [serde_json::to_vec_pretty(body).expect("a value is JSON"), b"\n".to_vec()].concat(),
            Self::Compact => serde_json::to_vec(body).expect("a value is JSON"),
        }
    }
}
