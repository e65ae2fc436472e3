//! From an event to the bytes of a body: the one serialisation of the house.

use crate::models::event::{Event, EventKind};

use super::Generator;
use super::edit::{Edit, EditError};

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

    /// The bodies, one after another, in constant memory.
    pub fn bodies<'a>(
        &'a self,
        generator: &'a mut Generator,
    ) -> impl Iterator<Item = Result<(EventKind, Vec<u8>), EditError>> + 'a {
        let rounds = (0..self.count).flat_map(|_| self.kinds.iter().copied());
        rounds.map(|kind| Ok((kind, self.body(generator, kind)?)))
    }

    /// The next body about this kind of event.
    ///
    /// # Errors
    /// When an edit cannot be made in it.
    pub fn body(&self, generator: &mut Generator, kind: EventKind) -> Result<Vec<u8>, EditError> {
        write(&generator.event(kind), &self.edits, self.layout)
    }
}

fn write(event: &Event, edits: &[Edit], layout: Layout) -> Result<Vec<u8>, EditError> {
    if edits.is_empty() {
        return Ok(layout.bytes(event));
    }
    let mut body = serde_json::to_value(event).expect("an event is JSON");
    for edit in edits {
        edit.apply(&mut body).map_err(|error| error.of(event.event))?;
    }
    Ok(layout.bytes(&body))
}

/// Room for most bodies, so that they are not moved while they grow.
const USUAL: usize = 1024;

impl Layout {
    fn bytes(self, body: &impl serde::Serialize) -> Vec<u8> {
        match self {
            Self::Pretty => {
                let mut bytes = Vec::with_capacity(USUAL);
                serde_json::to_writer_pretty(&mut bytes, body).expect("an event is JSON");
                bytes.push(b'\n');
                bytes
            }
            Self::Compact => {
                let mut bytes = Vec::with_capacity(USUAL);
                serde_json::to_writer(&mut bytes, body).expect("an event is JSON");
                bytes
            }
        }
    }
}
