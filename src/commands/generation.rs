//! Makes generators from the options of `fake` and `send`, and requests from bodies.

use std::time::SystemTime;

use anyhow::{Context, bail};
use bytes::Bytes;
use jiff::Timestamp;
use uuid::Uuid;

use crate::auth::Scheme;
use crate::cli::generation::{At, EventOptions, EventSource};
use crate::generator::Generator;
use crate::generator::body::{Layout, Recipe};
use crate::generator::disorder::Disorder;
use crate::generator::edit::Edit;
use crate::generator::story::Story;
use crate::models::request::Request;
use crate::models::snapshot::{BodyChoice, BodyOptions};
use crate::output::Terminal;
use crate::profiles::{ALL, Profile};

/// The default number of events in a story: every kind is likely to occur, and a person can still read all of them.
const STORY_EVENTS: u64 = 100;

/// The time of the first event if only a seed is given: 2026-01-15T09:30:00Z.
const SEEDED_TIME: i64 = 1_768_469_400_000;

/// Returns the edits of each body.
pub(super) fn edits(options: &EventOptions) -> anyhow::Result<Vec<Edit>> {
    let set = options.set.iter().map(|text| Edit::set(text).context("--set"));
    set.chain(options.unset.iter().map(|text| Edit::unset(text).context("--unset"))).collect()
}

pub(super) fn recipe(source: &EventSource, options: &EventOptions, layout: Layout) -> anyhow::Result<Recipe> {
    let edits = edits(options)?;
    let (kinds, count) = match source {
        EventSource::Event(event) => (vec![options.profile.own_kind(*event)?], 1),
        EventSource::All => (options.profile.events.all().collect(), 1),
        EventSource::Story => (Vec::new(), STORY_EVENTS),
    };
    Ok(Recipe { kinds, count: options.count.unwrap_or(count), edits, layout })
}

/// Returns the chosen body options.
fn body_options(options: &EventOptions) -> anyhow::Result<BodyOptions> {
    let chosen = BodyOptions { is_full: options.full, id_type: options.id_type };
    let is_taken_by = |profile: &Profile, choice: BodyChoice| profile.choices.contains(&choice);
    let Some(choice) = chosen.choices().find(|choice| !is_taken_by(options.profile, *choice)) else {
        return Ok(chosen);
    };
    let (option, reason) = match choice {
        BodyChoice::Full => ("full", "because all of its bodies have the same form"),
        BodyChoice::IdType => ("id-type", "because all of its ids have the same type"),
    };
    let takers = ALL.into_iter().filter(|profile| is_taken_by(profile, choice));
    let takers: Vec<_> = takers.map(|profile| format!("--profile {profile}")).collect();
    let advice =
        if takers.is_empty() { "leave it out".to_owned() } else { format!("use it with {}", takers.join(", ")) };
    bail!("--{option} does not apply to --profile {}, {reason}; {advice}", options.profile)
}

/// Returns the changes to the order of a story. Single events have no order.
pub(super) fn disorder(options: &EventOptions, is_story: bool) -> anyhow::Result<Disorder> {
    let disorder = Disorder { shuffle: options.shuffle, duplicate: options.duplicate, drop: options.drop };
    if !is_story && !disorder.is_none() {
        bail!("--shuffle, --duplicate and --drop apply only to a story; try `cfwh fake story --shuffle`");
    }
    Ok(disorder)
}

/// The origin of generated bodies: the same seed and time give the same bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    pub(super) seed: u64,
    /// The time of the first event, in milliseconds since the Unix epoch.
    pub(super) at: i64,
    profile: &'static Profile,
    pub(super) options: BodyOptions,
}

impl Start {
    /// Chooses a seed and a time if the options do not, and prints them so that the same bytes can be generated again.
    ///
    /// # Errors
    /// Returns an error if a body option does not apply to the profile, or if the system clock is invalid.
    pub(super) fn new(options: &EventOptions, terminal: &mut Terminal) -> anyhow::Result<Self> {
        let body_options = body_options(options)?;
        let seed = options.seed.unwrap_or_else(|| {
            // 32 bits are easier to type, and four billion sites are enough.
            let seed = u64::from(rand::random::<u32>());
            terminal.say(&format!("seed {seed}"));
            seed
        });
        let at = match options.at {
            Some(At::Time(time)) => time,
            None if options.seed.is_some() => SEEDED_TIME,
            _ => {
                let now = Timestamp::try_from(SystemTime::now());
                let now = now.context("the system clock is after the year 9998; set the clock")?;
                terminal.say(&format!("at {now:.3}"));
                now.as_millisecond()
            }
        };
        Ok(Self { seed, at, profile: options.profile, options: body_options })
    }

    /// Chooses a seed for identifiers only. It is not printed, because nobody needs the same identifiers again.
    pub(super) fn for_identifiers(options: &EventOptions) -> Self {
        let seed = options.seed.unwrap_or_else(rand::random);
        Self { seed, at: SEEDED_TIME, profile: options.profile, options: BodyOptions::default() }
    }

    pub(super) fn generator(self) -> Generator {
        Generator::new(self.seed, self.at, self.profile).with_options(self.options)
    }

    pub(super) fn story(self) -> Story {
        Story::new(self.seed, self.at, self.profile).with_options(self.options)
    }
}

/// Returns the request that delivers a body to a path and query, with the headers of its sender, and credentials if a scheme
/// is given.
pub(super) fn request(
    profile: &Profile,
    event: Option<&str>,
    target: &str,
    body: impl Into<Bytes>,
    identifier: Uuid,
    scheme: Option<&dyn Scheme>,
) -> Request {
    let mut request = profile.delivery(target, event, body, identifier);
    if let Some(scheme) = scheme {
        scheme.authenticate(&mut request, SystemTime::now());
    }
    request
}
