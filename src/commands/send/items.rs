//! What the words on the command line stand for, as one sequence: made bodies, files, captures, in order and in
//! constant memory.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use bytes::Bytes;
use uuid::Uuid;

use crate::cli;
use crate::cli::making::Format;
use crate::cli::making::Kinds;
use crate::commands::input::{self, Form, Input};
use crate::commands::making;
use crate::generator::body::{Layout, Recipe};
use crate::generator::{Generator, Identifiers};
use crate::models::delivery::Delivery;
use crate::models::event::{EventKind, UnknownEvent, identify};
use crate::terminal::Terminal;

/// One thing to be sent.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The event's name, the file, or the file and the line.
    pub(super) source: Arc<str>,
    pub(super) kind: Option<EventKind>,
    pub(super) content: Content,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    /// A body that becomes a delivery with this identifier.
    Body(Bytes, Uuid),
    /// A whole delivery that was kept.
    Capture(Delivery),
}

/// Where bodies come from.
enum Source {
    Events(Recipe, Vec<Arc<str>>),
    Files(Vec<PathBuf>),
}

/// The sequence. `None` at its end, an error in the place of what cannot be read.
pub(super) struct Items {
    sources: Vec<Source>,
    event: Option<EventKind>,
    count: u64,
    /// Begin again at the end: for a load that lasts a given time.
    endless: bool,
    generator: Generator,
    identifiers: Identifiers,
    at: Place,
    /// Each item comes so many times.
    copies: usize,
    /// An item that is to come so many times more.
    copy: Option<(Item, usize)>,
    /// A body could not be made: none can.
    broken: bool,
}

/// How far the sequence has come.
#[derive(Default)]
struct Place {
    source: usize,
    /// Within a recipe.
    round: u64,
    kind: usize,
    /// Within files.
    inputs: Option<Box<dyn Iterator<Item = anyhow::Result<Input>> + Send>>,
    /// An input that is to be sent so many times more.
    again: Option<(Input, u64)>,
}

impl Items {
    /// Reads the words; each item comes `copies` times. A seed that is needed and was not given is said.
    pub(super) fn new(arguments: &cli::send::Send, copies: usize, terminal: &mut Terminal) -> anyhow::Result<Self> {
        let sources = arguments.sources.iter().map(|word| source(word, arguments)).collect::<Result<Vec<_>, _>>()?;
        let made = sources.iter().any(|source| matches!(source, Source::Events(..)));
        let seed = if made {
            making::seed(&arguments.making, terminal)
        } else {
            // Only identifiers are drawn, which nobody wants to have again.
            arguments.making.seed.unwrap_or_else(rand::random)
        };
        Ok(Self {
            sources,
            event: arguments.event,
            count: arguments.making.count.unwrap_or(1),
            endless: arguments.duration.is_some() && arguments.making.count.is_none(),
            generator: making::seeded(seed, &arguments.making),
            identifiers: Identifiers::new(seed),
            at: Place::default(),
            copies,
            copy: None,
            broken: false,
        })
    }

    /// How many there will be, where that can be told without reading: for the bar.
    pub(super) fn total(&self) -> Option<u64> {
        if self.endless {
            return None;
        }
        let total = self.sources.iter().try_fold(0_u64, |total, source| match source {
            Source::Events(recipe, _) => Some(total.saturating_add(recipe.total())),
            Source::Files(files) => {
                let single = |file: &PathBuf| !input::is_stdin(file) && Form::of(file) != Form::Lines;
                files.iter().all(single).then(|| total.saturating_add((files.len() as u64).saturating_mul(self.count)))
            }
        });
        total.map(|total| total.saturating_mul(self.copies as u64))
    }

    fn make(&mut self) -> Option<anyhow::Result<Item>> {
        let Some(Source::Events(recipe, names)) = self.sources.get(self.at.source) else { return None };
        if self.at.kind == recipe.kinds.len() {
            (self.at.kind, self.at.round) = (0, self.at.round + 1);
        }
        if self.at.round == recipe.count {
            return None;
        }
        let kind = recipe.kinds[self.at.kind];
        let source = Arc::clone(&names[self.at.kind]);
        self.at.kind += 1;
        let body = match recipe.body(&mut self.generator, kind) {
            Ok(body) => body,
            Err(error) => {
                self.broken = true;
                return Some(Err(error.into()));
            }
        };
        let content = Content::Body(body.into(), self.identifiers.draw());
        Some(Ok(Item { source, kind: Some(kind), content }))
    }

    fn read(&mut self) -> Option<anyhow::Result<Item>> {
        let Some(Source::Files(files)) = self.sources.get(self.at.source) else { return None };
        let (input, left) = if let Some(again) = self.at.again.take() {
            again
        } else {
            let inputs = self.at.inputs.get_or_insert_with(|| Box::new(input::deliveries(files.clone())));
            match inputs.next()? {
                Ok(input) => (input, self.count),
                Err(error) => return Some(Err(error)),
            }
        };
        let kind = self.event.or_else(|| identify(input.delivery.target(), input.delivery.body()));
        let content = match input.form {
            Form::Capture => Content::Capture(input.delivery.clone()),
            Form::Body | Form::Lines => Content::Body(input.delivery.shared_body(), self.identifiers.draw()),
        };
        let item = Item { source: input.name().into(), kind, content };
        if left > 1 {
            self.at.again = Some((input, left - 1));
        }
        Some(Ok(item))
    }
}

impl Iterator for Items {
    type Item = anyhow::Result<Item>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some((item, left)) = self.copy.take() {
            self.copy = (left > 1).then(|| (item.clone(), left - 1));
            return Some(Ok(item));
        }
        let item = self.draw()?;
        if let Ok(item) = &item {
            self.copy = (self.copies > 1).then(|| (item.clone(), self.copies - 1));
        }
        Some(item)
    }
}

impl Items {
    fn draw(&mut self) -> Option<anyhow::Result<Item>> {
        if self.broken {
            return None;
        }
        // One round without anything would go round for ever.
        let mut idle = 0;
        loop {
            if let Some(item) = self.make().or_else(|| self.read()) {
                return Some(item);
            }
            self.at = Place { source: self.at.source + 1, ..Place::default() };
            idle += 1;
            if self.at.source >= self.sources.len() {
                if !self.endless || idle > self.sources.len() {
                    return None;
                }
                self.at.source = 0;
            }
        }
    }
}

/// An event's name is an event, whatever files there are (`./page_created` is the file).
fn source(word: &PathBuf, arguments: &cli::send::Send) -> anyhow::Result<Source> {
    let layout = if arguments.format == Format::Pretty { Layout::Pretty } else { Layout::Compact };
    let events = |kinds: &[EventKind]| {
        let names = kinds.iter().map(|kind| kind.name().into()).collect();
        making::recipe(kinds, &arguments.making, layout).map(|recipe| Source::Events(recipe, names))
    };
    if let Some(kinds) = word.to_str().and_then(Kinds::named) {
        return events(&kinds.0);
    }
    if !input::is_stdin(word) && !word.exists() {
        let name = word.to_string_lossy();
        let UnknownEvent { nearest, .. } = match name.parse::<EventKind>() {
            Err(unknown) => unknown,
            Ok(kind) => return events(&[kind]),
        };
        let meant = nearest.map(|kind| format!("; did you mean `{kind}`?")).unwrap_or_default();
        bail!("`{name}` is neither an event nor a file that is there{meant}");
    }
    Ok(Source::Files(input::files(std::slice::from_ref(word))?))
}
