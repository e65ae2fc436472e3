//! The site that events happen on: its address, its people, its spaces, and how it numbers and dates things.

use fake::Fake;
use fake::faker::name::{de_de, en, fr_fr, ja_jp, pt_br};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;

use super::entities::Space;
use super::phrases;
use super::slab::Slab;
use super::text::Words;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// The times that RFC 3339 and `jiff` can write, 0000-01-01 to nearly the end of 9999, in milliseconds since the Unix epoch.
const TIMES: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_207_200_000;

/// What facts are about.
#[derive(Debug)]
pub(super) struct Site {
    /// `https://acme.atlassian.net/wiki`
    pub(super) site: String,
    pub(super) era: Era,
    pub(super) people: Vec<Person>,
    pub(super) spaces: Slab<Space>,
    pub(super) words: Words,
    /// The last id that was given; ids rise, with gaps.
    last_id: u64,
    /// What was there before has ids below this.
    first_id: u64,
    last_space_id: u64,
    /// How many spaces there were ever.
    founded: usize,
    /// How many of the people have, or had, a personal space.
    homes: usize,
}

/// One who has an account.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) account_id: String,
}

/// Deliveries of three years were captured, and their shapes differ. A site is of one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Era {
    /// 2021: ids are integers.
    First,
    /// 2024: beside them `idAsString` and `spaceId`.
    Second,
    /// 2026: ids are strings, and updates events_of `suppressNotifications`.
    Third,
}

/// Enough people that a hundred events are not all by the same three.
const PEOPLE: usize = 40;

impl Site {
    /// A site with people and without spaces: the beginning of a story.
    pub(super) fn empty(rng: &mut ChaCha8Rng) -> Self {
        let (people, first_names): (Vec<Person>, Vec<String>) = (0..PEOPLE).map(|_| Person::new(rng)).unzip();
        let first_id = 1 << 31 | u64::from(rng.random::<u32>() >> 2);
        Self {
            site: site(rng),
            era: *[Era::First, Era::Second, Era::Third].choose(rng).expect("there are eras"),
            people,
            spaces: Slab::new(),
            words: Words::new(first_names, rng),
            last_id: first_id,
            first_id,
            last_space_id: rng.random_range(98_305..999_999),
            founded: 0,
            homes: 0,
        }
    }

    /// A site that has been used for a while. `now` is when its history ends.
    pub(super) fn settled(now: i64, rng: &mut ChaCha8Rng) -> Self {
        const PERSONAL: usize = 4;
        let mut world = Self::empty(rng);
        for index in 0..phrases::SPACES.len() + PERSONAL {
            let creator = rng.random_range(0..PEOPLE);
            let personal = index >= phrases::SPACES.len();
            let created = earlier(now, rng.random_range(90..2000) * DAY);
            let mut space = world.create_space(personal, creator, created, rng);
            space.modified = earlier(now, rng.random_range(1..80) * DAY);
            space.home = world.older_id(rng);
            space.modifier = rng.random_range(0..PEOPLE);
            world.spaces.put(space);
        }
        world
    }

    pub(super) fn person(&self, index: usize) -> &Person {
        &self.people[index]
    }

    pub(super) fn anybody(&self, rng: &mut ChaCha8Rng) -> usize {
        rng.random_range(0..self.people.len())
    }

    /// A new space, which is not among the others yet. Whoever has had a personal one does not get a second: then it is a
    /// global one.
    pub(super) fn create_space(&mut self, personal: bool, creator: usize, now: i64, rng: &mut ChaCha8Rng) -> Space {
        self.last_space_id += rng.random_range(1..40_000_u64);
        let mut space = Space {
            id: self.last_space_id,
            home: self.next_id(rng),
            creator,
            created: now,
            modifier: creator,
            modified: now,
            ..Space::default()
        };
        if personal && self.homes < self.people.len() {
            let owner = &self.people[self.homes];
            space.personal = true;
            space.key = format!("~{}", owner.account_id.replace([':', '-'], ""));
            space.name.clone_from(&owner.name);
            (space.creator, space.modifier) = (self.homes, self.homes);
            self.homes += 1;
            return space;
        }
        self.words.description(rng, &mut space.description);
        if let Some((key, name)) = phrases::SPACES.get(self.founded) {
            (space.key, space.name) = ((*key).to_owned(), (*name).to_owned());
        } else {
            let letters = self.words.later_space(rng, &mut space.name);
            space.key = format!("{letters}{}", self.founded);
        }
        self.founded += 1;
        space
    }

    /// The id of something new.
    pub(super) fn next_id(&mut self, rng: &mut ChaCha8Rng) -> u64 {
        self.last_id += rng.random_range(1..400_u64);
        self.last_id
    }

    /// The id of something that has been there for a while.
    pub(super) fn older_id(&self, rng: &mut ChaCha8Rng) -> u64 {
        rng.random_range(65_537..self.first_id)
    }
}

impl Person {
    /// With the first name apart, which colleagues use. Most are English; a family name comes first in Japan.
    fn new(rng: &mut ChaCha8Rng) -> (Self, String) {
        let (first, last): (&str, &str) = match rng.random_range(0..20_u8) {
            0..2 => (de_de::FirstName().fake_with_rng(rng), de_de::LastName().fake_with_rng(rng)),
            2..4 => (fr_fr::FirstName().fake_with_rng(rng), fr_fr::LastName().fake_with_rng(rng)),
            4 => (pt_br::FirstName().fake_with_rng(rng), pt_br::LastName().fake_with_rng(rng)),
            5 => {
                let (first, last): (&str, &str) =
                    (ja_jp::FirstName().fake_with_rng(rng), ja_jp::LastName().fake_with_rng(rng));
                let person = Self { name: format!("{last} {first}"), account_id: account_id(rng) };
                return (person, first.to_owned());
            }
            _ => (en::FirstName().fake_with_rng(rng), en::LastName().fake_with_rng(rng)),
        };
        (Self { name: format!("{first} {last}"), account_id: account_id(rng) }, first.to_owned())
    }
}

/// The three forms that occur: two issuers with a UUID, and the older 24 hex digits.
fn account_id(rng: &mut ChaCha8Rng) -> String {
    let uuid = uuid::Builder::from_random_bytes(rng.random()).into_uuid();
    match rng.random_range(0..10_u8) {
        0..5 => format!("557058:{uuid}"),
        5..8 => format!("712020:{uuid}"),
        _ => format!("{:024x}", rng.random::<u128>() >> 32),
    }
}

fn site(rng: &mut ChaCha8Rng) -> String {
    let name: &str = en::LastName().fake_with_rng(rng);
    let suffix = ["group", "labs", "software", "works"].choose(rng).expect("there are suffixes");
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("https://{}-{suffix}.atlassian.net/wiki", name.to_lowercase())
}

/// The time so many milliseconds later, as far as RFC 3339 goes.
pub(super) fn later(now: i64, span: i64) -> i64 {
    now.saturating_add(span).clamp(*TIMES.start(), *TIMES.end())
}

/// The time so many milliseconds before.
pub(super) fn earlier(now: i64, span: i64) -> i64 {
    later(now, -span)
}
