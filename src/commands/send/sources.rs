//! What the words on the command line stand for, as one sequence: generated bodies, files and captures, in order and in
//! constant memory.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use bytes::Bytes;
use uuid::Uuid;

use crate::cli;
use crate::cli::generation::{BodyFormat, EventSource};
use crate::commands::generation;
use crate::commands::input;
use crate::commands::input::batches::Input;
use crate::commands::input::file_format::{FileFormat, is_stdin};
use crate::generator::body::{Layout, Recipe};
use crate::generator::disorder::Disorder;
use crate::generator::edit::EditError;
use crate::generator::{Generator, Identifiers};
use crate::models::event::{EventKind, UnknownEvent};
use crate::models::request::Request;
use crate::output::Terminal;
use crate::profiles::identify::identify;

/// One thing to be sent.
#[derive(Clone, Debug)]
pub(super) struct Item {
    /// The event's name, the file, or the file and the line.
    pub(super) source: Arc<str>,
    pub(super) kind: Option<EventKind>,
    pub(super) content: ItemContent,
}

#[derive(Clone, Debug)]
pub(super) enum ItemContent {
    /// A body that becomes a delivery with this identifier.
    Body(Bytes, Uuid),
    /// A saved delivery.
    Capture(Request),
}

/// Where bodies come from.
enum Source {
    Events(Recipe, Vec<Arc<str>>),
    /// A story, and how many events it has.
    Story(Box<dyn Iterator<Item = Result<Item, EditError>> + Send>, u64),
    Files(Vec<PathBuf>),
}

/// The sequence of items, with errors for what cannot be read.
pub(super) struct Items {
    sources: Vec<Source>,
    event: Option<EventKind>,
    count: u64,
    /// Start over at the end: for a load that lasts a given time.
    endless: bool,
    generator: Generator,
    identifiers: Identifiers,
    at: Position,
    /// How often each item is sent.
    copies: usize,
    /// An item that is sent again, and how often.
    copy: Option<(Item, usize)>,
    /// A body could not be generated, so none can.
    is_broken: bool,
}

/// The position in the sequence.
#[derive(Default)]
struct Position {
    source: usize,
    /// Within a recipe.
    round: u64,
    kind: usize,
    /// Within files.
    inputs: Option<Box<dyn Iterator<Item = anyhow::Result<Input>> + Send>>,
    /// An input that is sent again, and how often.
    again: Option<(Input, u64)>,
}

impl Items {
    /// Reads the words; each item is sent `copies` times. If a seed is needed and none is given, a random one is
    /// printed.
    pub(super) fn new(arguments: &cli::send::Send, copies: usize, terminal: &mut Terminal) -> anyhow::Result<Self> {
        let words = arguments.sources.iter().map(Word::read).collect::<Result<Vec<_>, _>>()?;
        let has_story = words.iter().any(|word| matches!(word, Word::Events(EventSource::Story)));
        let disorder = generation::disorder(&arguments.events, has_story)?;
        let seed = if words.iter().any(|word| matches!(word, Word::Events(_))) {
            generation::seed(&arguments.events, terminal)
        } else {
            // Only identifiers are random, and nobody needs the same ones again.
            arguments.events.seed.unwrap_or_else(rand::random)
        };
        let endless = arguments.duration.is_some() && arguments.events.count.is_none();
        let reads_stdin = |word: &Word| matches!(word, Word::Files(files) if files.iter().any(|file| is_stdin(file)));
        if endless && words.iter().any(reads_stdin) {
            bail!(
                "--duration goes round its sources, but stdin can be read only once: put it into a file, or give --count"
            );
        }
        let sources = words.into_iter().map(|word| word.source(arguments, seed, disorder));
        let sources = sources.collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            sources,
            event: arguments.event,
            count: arguments.events.count.unwrap_or(1),
            endless,
            generator: generation::generator(seed, &arguments.events),
            identifiers: Identifiers::new(seed),
            at: Position::default(),
            copies,
            copy: None,
            is_broken: false,
        })
    }

    /// Are bodies generated, and not only read?
    pub(super) fn has_generated(&self) -> bool {
        self.sources.iter().any(|source| !matches!(source, Source::Files(_)))
    }

    /// Returns how many items there are, if that is known without reading: for the progress bar.
    pub(super) fn total(&self) -> Option<u64> {
        if self.endless {
            return None;
        }
        let total = self.sources.iter().try_fold(0_u64, |total, source| match source {
            Source::Events(recipe, _) => Some(total.saturating_add(recipe.total())),
            Source::Story(_, count) => Some(total.saturating_add(*count)),
            Source::Files(files) => {
                let single = |file: &PathBuf| !is_stdin(file) && FileFormat::from_path(file) != FileFormat::Lines;
                files.iter().all(single).then(|| total.saturating_add((files.len() as u64).saturating_mul(self.count)))
            }
        });
        total.map(|total| total.saturating_mul(self.copies as u64))
    }

    fn next_story_event(&mut self) -> Option<anyhow::Result<Item>> {
        let Some(Source::Story(story, _)) = self.sources.get_mut(self.at.source) else { return None };
        let item = story.next()?;
        self.is_broken = item.is_err();
        Some(item.map_err(Into::into))
    }

    fn next_event(&mut self) -> Option<anyhow::Result<Item>> {
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
                self.is_broken = true;
                return Some(Err(error.into()));
            }
        };
        let content = ItemContent::Body(body.into(), self.identifiers.next_uuid());
        Some(Ok(Item { source, kind: Some(kind), content }))
    }

    fn next_file(&mut self) -> Option<anyhow::Result<Item>> {
        let Some(Source::Files(files)) = self.sources.get(self.at.source) else { return None };
        let (input, left) = if let Some(again) = self.at.again.take() {
            again
        } else {
            let inputs = self.at.inputs.get_or_insert_with(|| Box::new(input::read(files.clone())));
            match inputs.next()? {
                Ok(input) => (input, self.count),
                Err(error) => return Some(Err(error)),
            }
        };
        let kind = self.event.or_else(|| identify(input.request.target(), input.request.body()));
        let content = match input.format {
            FileFormat::Capture => ItemContent::Capture(input.request.clone()),
            FileFormat::Body | FileFormat::Lines => {
                ItemContent::Body(input.request.shared_body(), self.identifiers.next_uuid())
            }
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
        let item = self.next_item()?;
        if let Ok(item) = &item {
            self.copy = (self.copies > 1).then(|| (item.clone(), self.copies - 1));
        }
        Some(item)
    }
}

impl Items {
    fn next_item(&mut self) -> Option<anyhow::Result<Item>> {
        if self.is_broken {
            return None;
        }
        // A round without any item would repeat for ever.
        let mut idle = 0;
        loop {
            if let Some(item) = self.next_event().or_else(|| self.next_story_event()).or_else(|| self.next_file()) {
                return Some(item);
            }
            self.at = Position { source: self.at.source + 1, ..Position::default() };
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

/// What a word on the command line stands for.
enum Word {
    Events(EventSource),
    Files(Vec<PathBuf>),
}

impl Word {
    /// An event's name is an event, whatever files there are (`./page_created` is the file).
    fn read(word: &PathBuf) -> anyhow::Result<Self> {
        if let Some(source) = word.to_str().and_then(EventSource::parse) {
            return Ok(Self::Events(source));
        }
        if !is_stdin(word) && !word.exists() {
            let name = word.to_string_lossy();
            let nearest = name.parse::<EventKind>().err().and_then(|UnknownEvent { nearest, .. }| nearest);
            let meant = nearest.map(|kind| format!("; did you mean `{kind}`?")).unwrap_or_default();
            bail!("`{name}` is not an event, and there is no such file{meant}");
        }
        Ok(Self::Files(input::list_files(std::slice::from_ref(word))?))
    }

    fn source(self, arguments: &cli::send::Send, seed: u64, disorder: Disorder) -> anyhow::Result<Source> {
        let events = match self {
            Self::Events(events) => events,
            Self::Files(files) => return Ok(Source::Files(files)),
        };
        let layout = if arguments.format == BodyFormat::Pretty { Layout::Pretty } else { Layout::Compact };
        let mut recipe = generation::recipe(&events, &arguments.events, layout)?;
        if let EventSource::Kinds(kinds) = events {
            let names = kinds.iter().map(|kind| kind.name().into()).collect();
            return Ok(Source::Events(recipe, names));
        }
        if arguments.duration.is_some() && arguments.events.count.is_none() {
            recipe.count = u64::MAX;
        }
        let count = recipe.count;
        let mut identifiers = Identifiers::for_story(seed);
        let mut number = 0_u64;
        let items = recipe.story_bodies(generation::story(seed, &arguments.events)).map(move |event| {
            let (kind, body) = event?;
            number += 1;
            // A duplicate is the same delivery again and keeps its identifier.
            let content = ItemContent::Body(body.into(), identifiers.next_uuid());
            Ok(Item { source: format!("story:{number}").into(), kind: Some(kind), content })
        });
        Ok(Source::Story(
            if disorder.is_none() { Box::new(items) } else { Box::new(disorder.apply(seed, items)) },
            count,
        ))
    }
}
