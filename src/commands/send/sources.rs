//! Turns the sources on the command line into one sequence of generated bodies, files and captures, in order and in constant
//! memory.

use std::iter;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};

use crate::auth::{self, SchemeInfo};
use crate::cli;
use crate::cli::generation::{BodyFormat, EventSource};
use crate::cli::hints::is_url;
use crate::commands::authentication;
use crate::commands::generation::{self, Start};
use crate::commands::input::batches::{Input, is_chunked};
use crate::commands::input::file_format::{FileFormat, is_stdin};
use crate::commands::input::{self, ReadOptions};
use crate::generator::Identifiers;
use crate::generator::body::{Layout, Recipe};
use crate::generator::disorder::Disorder;
use crate::generator::edit::{Edit, EditError};
use crate::json;
use crate::models::event::{EventKind, UnknownEvent};
use crate::models::request::Request;
use crate::output::Terminal;
use crate::profiles::{self, KnownEvent, Ping, Profile, profiles_with};

use super::item::{Item, ItemContent};
use super::prepare::RequestBuilder;

/// The number of files that are checked for JSON.
const MAX_CHECKED: usize = 100;

/// The sequence of items.
pub(super) struct Items<'a> {
    /// Whether some bodies are generated.
    pub(super) has_generated: bool,
    /// Whether there are connection tests, which are never signed.
    pub(super) has_pings: bool,
    /// Whether there are bodies, which are signed if a secret is given.
    pub(super) has_bodies: bool,
    /// The number of items for the progress bar, if it is known without reading them.
    pub(super) total: Option<u64>,
    /// The items, with an error for each unreadable one.
    pub(super) sequence: Box<dyn Iterator<Item = anyhow::Result<Item>> + Send + 'a>,
}

impl<'a> Items<'a> {
    /// Parses the sources. Each item is sent `copies` times. Prints a random seed if one is needed and none is given.
    pub(super) fn new(
        arguments: &'a cli::send::Send,
        builder: &'a RequestBuilder<'a>,
        terminal: &mut Terminal,
    ) -> anyhow::Result<Self> {
        // The editor is opened once for all copies.
        let copies = if arguments.edit { 1 } else { builder.copies() };
        let options = &arguments.events;
        let sources =
            arguments.sources.iter().map(|word| Source::parse(word, arguments)).collect::<Result<Vec<_>, _>>()?;
        let has_story = sources.iter().any(|source| matches!(source, Source::Story(_)));
        let has = |kind| sources.iter().any(|source| source.has(kind));
        let has_generated = has(SourceKind::Generated);
        for source in &sources {
            source.warn_unless_json(arguments.limits.max_body, terminal);
        }
        let has_pings = has(SourceKind::Ping);
        let has_bodies = has_generated || has(SourceKind::Body);
        refuse_unused(arguments, has)?;
        if arguments.edit {
            refuse_many(&sources, arguments)?;
        }
        let edits = generation::edits(options)?;
        let disorder = generation::disorder(options, has_story)?;
        let start = if has_generated { Start::new(options, terminal)? } else { Start::for_identifiers(options) };
        let is_endless = is_endless(arguments);
        if is_endless && arguments.sources.iter().any(|word| is_stdin(word)) {
            bail!(
                "--duration repeats its sources, but stdin can be read only once; put the body into a file, or give --count"
            );
        }
        let count = options.count.unwrap_or(1);
        let total = sources.iter().try_fold(0_u64, |total, source| Some(total.saturating_add(source.total(count)?)));
        let total = total.filter(|_| !is_endless).map(|total| total.saturating_mul(copies as u64));

        let sources: Arc<[Source]> = sources.into();
        let round = move || {
            let sources = Arc::clone(&sources);
            (0..sources.len()).flat_map(move |index| sources[index].drafts(arguments, start, disorder)).peekable()
        };
        let rounds = iter::repeat_with(round).take(if is_endless { usize::MAX } else { 1 });
        // A round that begins with an error, for example without input, would repeat forever.
        let mut has_failed = false;
        let drafts = rounds.map_while(move |mut round| {
            let goes_on = !std::mem::replace(&mut has_failed, !matches!(round.peek(), Some(Ok(_))));
            goes_on.then_some(round)
        });
        let drafts = drafts.flatten();
        let mut generator = start.generator();
        let mut identifiers = Identifiers::new(start.seed);
        let item = move |draft: anyhow::Result<Step>| match draft? {
            Step::Event(recipe, kind) => {
                let body = recipe.body(&mut generator, kind)?;
                Ok(Item::generated(kind.name(), kind, body, identifiers.next_uuid()))
            }
            Step::StoryEvent(item) => Ok(item),
            Step::Ping(ping) => Ok(Item::new("ping", None, ItemContent::Ping(ping))),
            Step::Callback(name) => {
                let body = edits.iter().try_fold(builder.callback_body(name)?, |body, edit| edit.apply(name, &body))?;
                let content = ItemContent::Body(body.into(), identifiers.next_uuid());
                Ok(Item::new(name, Some(name), content))
            }
            Step::Input(input) => {
                let source = input.name();
                let received = input.request.shared_body();
                let edit = |request: Request, edit: &Edit| {
                    edit.apply(&source, request.body()).map(|body| request.with_edited_body(body))
                };
                let request = edits.iter().try_fold(input.request, edit)?;
                let is_edited = request.body() != received;
                let event =
                    arguments.event.or_else(|| arguments.events.profile.identify(request.target(), request.body()));
                let content = match input.format {
                    FileFormat::Capture => ItemContent::Capture(request),
                    _ => ItemContent::Body(request.shared_body(), identifiers.next_uuid()),
                };
                Ok(Item { is_edited, ..Item::new(source, event.map(KnownEvent::name), content) })
            }
        };
        let mut items = Some(drafts.map(item).flat_map(move |item| repeat(item, copies)));
        let items = iter::from_fn(move || {
            let item = items.as_mut()?.next()?;
            // An edit that does not apply to a body would fail in every round.
            items.take_if(|_| matches!(&item, Err(error) if error.is::<EditError>()));
            Some(item)
        });
        Ok(Self { has_generated, has_pings, has_bodies, total, sequence: Box::new(items) })
    }
}

/// Refuses options that apply to none of the sources.
fn refuse_unused(arguments: &cli::send::Send, has: impl Fn(SourceKind) -> bool) -> anyhow::Result<()> {
    use SourceKind::{Body, Callback, Capture, Generated, Ping};
    let signs_captures = arguments.resign || !arguments.fault.is_empty();
    // A secret is allowed with a ping, to show that the ping is still not signed.
    let signed: &[_] =
        if signs_captures { &[Generated, Body, Callback, Ping, Capture] } else { &[Generated, Body, Callback, Ping] };
    // For some profiles, the delivery of a body is also known, not only its content.
    let profile: &[_] = if arguments.events.profile.timeout.is_some() {
        &[Generated, Callback, Ping, Body]
    } else {
        &[Generated, Callback, Ping]
    };
    let as_they_are = "captures are sent unchanged; sign them again with --resign";
    for (option, kinds, reason) in [
        ("seed", &[Generated, Body, Callback][..], "captures are sent unchanged"),
        ("at", &[Generated], "only generated events take a time"),
        ("profile", profile, "files are sent unchanged"),
        ("full", &[Generated], "files are sent unchanged"),
        ("id-type", &[Generated], "files are sent unchanged"),
        ("format", &[Generated], "files are sent unchanged"),
        ("envelope", &[Generated, Body], "captures are sent unchanged"),
        ("max-body", &[Body, Capture], "generated events are not read from files"),
        ("event", &[Body, Capture], "generated events have a name"),
        ("set", &[Generated, Body, Callback, Capture], "the body of a ping is fixed"),
        ("unset", &[Generated, Body, Callback, Capture], "the body of a ping is fixed"),
        ("secret", signed, as_they_are),
        ("secret-file", signed, as_they_are),
        ("auth", signed, as_they_are),
        ("token", signed, as_they_are),
        ("client-key", signed, as_they_are),
        ("app-path", signed, as_they_are),
        ("app-id", signed, as_they_are),
        ("key", signed, as_they_are),
        ("resign", &[Capture], "it applies only to captures"),
        ("keep-credentials", &[Capture], "it applies only to captures"),
    ] {
        if arguments.given.has(option) && !kinds.iter().any(|kind| has(*kind)) {
            bail!("--{option} has no effect: {reason}");
        }
    }
    Ok(())
}

/// Refuses sources with many bodies, which nobody wants to edit one by one.
fn refuse_many(sources: &[Source], arguments: &cli::send::Send) -> anyhow::Result<()> {
    for source in sources {
        let (word, reason) = match source {
            Source::Story(_) => ("story", "its events depend on each other"),
            Source::Events(recipe) if recipe.kinds.len() > 1 => ("all", "it contains every event"),
            Source::Pings(..) => ("ping", "the body of a ping is fixed"),
            _ => continue,
        };
        bail!("--edit does not apply to `{word}`: {reason}; give the events or files to edit");
    }
    if arguments.events.count.is_some_and(|count| count > 1) {
        bail!("--edit sends each source once; leave out --count");
    }
    Ok(())
}

/// Returns whether the sources are repeated, as in a load with a duration.
fn is_endless(arguments: &cli::send::Send) -> bool {
    arguments.duration.is_some() && arguments.events.count.is_none()
}

/// A source of items.
enum Source {
    Events(Arc<Recipe>),
    Story(Recipe),
    /// This number of connection tests.
    Pings(&'static Ping, u64),
    /// This number of callbacks about an installation.
    Callbacks(&'static str, u64),
    Files(Vec<PathBuf>),
}

/// The kinds of content that options apply to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SourceKind {
    /// Generated events.
    Generated,
    /// Connection tests.
    Ping,
    /// Callbacks about an installation.
    Callback,
    /// Bodies from files.
    Body,
    /// Whole deliveries.
    Capture,
}

/// A pending item.
enum Step {
    Event(Arc<Recipe>, EventKind),
    StoryEvent(Item),
    Ping(&'static Ping),
    Callback(&'static str),
    Input(Input),
}

impl Source {
    /// Parses a source. The name of an event is an event even if a file has the same name (`./page_created` is the file).
    fn parse(word: &PathBuf, arguments: &cli::send::Send) -> anyhow::Result<Self> {
        if word.as_os_str() == "ping" {
            return Ok(Self::Pings(find_ping(arguments.events.profile)?, arguments.events.count.unwrap_or(1)));
        }
        if let Some(name) = find_callback(&word.to_string_lossy(), arguments)? {
            return Ok(Self::Callbacks(name, arguments.events.count.unwrap_or(1)));
        }
        let events: EventSource = match word.to_string_lossy().parse() {
            Ok(events) => events,
            Err(_) if is_stdin(word) || word.exists() => {
                return Ok(Self::Files(input::list_files(std::slice::from_ref(word))?));
            }
            Err(UnknownEvent { name, .. }) if is_url(&name) => {
                // The message does not repeat a password.
                let name = name.rsplit_once('@').map_or(name.as_str(), |(_, host)| host);
                bail!("`{name}` is not an event, and no such file exists; to send to a URL, use --to");
            }
            Err(UnknownEvent { name, nearest }) => {
                let meant = nearest.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
                bail!("`{name}` is not an event, and no such file exists{meant}");
            }
        };
        let layout = if arguments.format == BodyFormat::Pretty { Layout::Pretty } else { Layout::Compact };
        let mut recipe = generation::recipe(&events, &arguments.events, layout)?;
        if events != EventSource::Story {
            return Ok(Self::Events(recipe.into()));
        }
        if is_endless(arguments) {
            recipe.count = u64::MAX;
        }
        Ok(Self::Story(recipe))
    }

    /// Returns whether the source has, or may have, content of this kind. The content of stdin is not known yet.
    fn has(&self, kind: SourceKind) -> bool {
        match self {
            Self::Events(_) | Self::Story(_) => kind == SourceKind::Generated,
            Self::Pings(..) => kind == SourceKind::Ping,
            Self::Callbacks(..) => kind == SourceKind::Callback,
            Self::Files(files) => files.iter().any(|file| match FileFormat::from_path(file) {
                _ if is_stdin(file) => matches!(kind, SourceKind::Body | SourceKind::Capture),
                FileFormat::Capture | FileFormat::Archive => kind == SourceKind::Capture,
                FileFormat::Body | FileFormat::Lines => kind == SourceKind::Body,
            }),
        }
    }

    /// Warns about files that are not JSON. They are sent, but probably by mistake.
    fn warn_unless_json(&self, max_body: usize, terminal: &mut Terminal) {
        let Self::Files(files) = self else { return };
        let bodies = files.iter().filter(|file| file.is_file() && FileFormat::from_path(file) == FileFormat::Body);
        for file in bodies.take(MAX_CHECKED) {
            // An unreadable file is an error later, when it is sent.
            let Ok(Some(body)) = input::read_file(file, max_body) else { continue };
            if let Err(error) = json::parse(&body) {
                terminal.warn(&format!("{} is sent unchanged: {}", file.display(), error.message));
            }
        }
    }

    /// Returns the number of items, if it is known without reading them. Each input of a file is sent `count` times.
    fn total(&self, count: u64) -> Option<u64> {
        match self {
            Self::Events(recipe) => Some(recipe.total()),
            Self::Story(recipe) => Some(recipe.count),
            Self::Pings(_, count) | Self::Callbacks(_, count) => Some(*count),
            Self::Files(files) if files.iter().any(|file| is_chunked(file)) => None,
            Self::Files(files) => Some((files.len() as u64).saturating_mul(count)),
        }
    }

    /// Returns the items of one round, with an error for each unreadable one.
    fn drafts<'a>(
        &self,
        arguments: &'a cli::send::Send,
        start: Start,
        disorder: Disorder,
    ) -> Box<dyn Iterator<Item = anyhow::Result<Step>> + Send + 'a> {
        match self {
            Self::Events(recipe) => {
                let recipe = Arc::clone(recipe);
                let kinds = recipe.kinds.len();
                let places = (0..recipe.count).flat_map(move |_| 0..kinds);
                Box::new(places.map(move |place| Ok(Step::Event(Arc::clone(&recipe), recipe.kinds[place]))))
            }
            Self::Story(recipe) => {
                let mut identifiers = Identifiers::for_story(start.seed);
                let mut numbers = 1_u64..;
                let story = recipe.clone().story_bodies(start.story());
                let items = story.map(move |event| {
                    let (kind, body) = event?;
                    let source = format!("story:{}", numbers.next().unwrap_or_default());
                    // A duplicate is the same delivery, with the same identifier.
                    Ok(Item::generated(source, kind, body, identifiers.next_uuid()))
                });
                let draft = |item: Result<Item, EditError>| Ok(Step::StoryEvent(item?));
                if disorder.is_none() {
                    Box::new(items.map(draft))
                } else {
                    Box::new(disorder.apply(start.seed, items).map(draft))
                }
            }
            &Self::Pings(ping, count) => Box::new((0..count).map(move |_| Ok(Step::Ping(ping)))),
            &Self::Callbacks(name, count) => Box::new((0..count).map(move |_| Ok(Step::Callback(name)))),
            Self::Files(files) => {
                let count = usize::try_from(arguments.events.count.unwrap_or(1)).unwrap_or(usize::MAX);
                let inputs = input::read(files.clone(), ReadOptions::json(arguments.limits))
                    .flat_map(move |input| repeat(input, count));
                Box::new(inputs.map(|input| Ok(Step::Input(input?))))
            }
        }
    }
}

/// Returns the ping of a sender.
fn find_ping(profile: &Profile) -> anyhow::Result<&'static Ping> {
    profile.ping.with_context(|| {
        let others = profiles_with(|other| other.ping.is_some()).unwrap_or_default();
        format!("{} does not send a ping; {others}", profile.sender)
    })
}

/// Returns the callback with this name, if it exists.
///
/// # Errors
/// Returns an error if only another sender or scheme has this callback.
fn find_callback(name: &str, arguments: &cli::send::Send) -> anyhow::Result<Option<&'static str>> {
    let find = |scheme: &'static SchemeInfo| scheme.callbacks.iter().find(|callback| **callback == name).copied();
    let Some((scheme, callback)) = auth::ALL.iter().find_map(|scheme| Some((scheme.name, find(scheme)?))) else {
        return Ok(None);
    };
    let is_chosen = !authentication::is_off(&arguments.auth) && authentication::info(&arguments.auth).name == scheme;
    if is_chosen && arguments.events.profile.callbacks == Some(scheme) {
        return Ok(Some(callback));
    }
    let sender = profiles::ALL.iter().find(|profile| profile.callbacks == Some(scheme));
    let sender = sender.map(|profile| format!("--profile {profile} ")).unwrap_or_default();
    bail!("`{name}` is a callback for apps with --auth {scheme}; add {sender}--auth {scheme}")
}

/// Returns an item several times, and an error once.
fn repeat<T: Clone>(item: anyhow::Result<T>, times: usize) -> impl Iterator<Item = anyhow::Result<T>> {
    let (item, error) = match item {
        Ok(item) => (Some(item), None),
        Err(error) => (None, Some(Err(error))),
    };
    item.into_iter().flat_map(move |item| iter::repeat_n(item, times)).map(Ok).chain(error)
}
