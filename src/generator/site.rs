//! A site: its URL, people, spaces, clock and ids.

use std::sync::Arc;

use fake::Fake;
use fake::faker::name::{de_de, en, fr_fr, ja_jp, pt_br};
use indexmap::IndexMap;
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;

use crate::models::event::{Action, Entity, EventKind};
use crate::models::snapshot::{
    Attachment, BodyOptions, Content, Era, Label, ObjectMeta, Person, Relation, Snapshot, Space, Subject, Version,
};
use crate::profiles::Profile;

use super::random::random;
use super::text::{self, PHRASES, Vocabulary};

const DAY: i64 = 24 * 3_600_000;

/// The times that both RFC 3339 and `jiff` support, in milliseconds since the Unix epoch: from 0000-01-01 to almost the end of 9999.
const TIMES: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_207_200_000;

/// The number of people: enough that a hundred events are not all by the same three people.
const PEOPLE: usize = 40;

/// A capacity that is enough for most bodies, so that buffers do not have to grow.
pub(super) const USUAL_SIZE: usize = 1024;

#[derive(Debug)]
pub(super) struct Site {
    pub(super) profile: &'static Profile,
    /// `https://acme-labs.atlassian.net/wiki`
    address: String,
    pub(super) era: Era,
    pub(super) options: BodyOptions,
    people: Vec<Arc<Person>>,
    /// The spaces, by id.
    pub(super) spaces: IndexMap<i64, Space>,
    pub(super) vocabulary: Vocabulary,
    pub(super) rng: ChaCha8Rng,
    /// The time of the next event, in milliseconds since the Unix epoch.
    pub(super) now: i64,
    /// The latest id. Ids ascend, with gaps.
    last_id: i64,
    /// The first id of the story. Older objects have smaller ids.
    first_id: i64,
    last_space_id: i64,
    /// The numbers of global and personal spaces so far.
    global_spaces: usize,
    personal_spaces: usize,
    /// A suffix for keys of global spaces and names of labels, so that two sites do not share them.
    suffix: String,
}

impl Site {
    /// Creates a site with people and without spaces.
    pub(super) fn new(seed: u64, now: i64, profile: &'static Profile) -> Self {
        let mut rng = random(seed, 0);
        let (people, first_names) = (0..PEOPLE).map(|_| person(&mut rng)).unzip();
        let first_id = 1 << 31 | i64::from(rng.random::<u32>() >> 2);
        Self {
            profile,
            address: address(&mut rng),
            era: *[Era::Of2021, Era::Of2024, Era::Of2026].choose(&mut rng).expect("there are eras"),
            options: BodyOptions::default(),
            people,
            spaces: IndexMap::new(),
            vocabulary: Vocabulary::new(first_names, &mut rng),
            now,
            last_id: first_id,
            first_id,
            last_space_id: rng.random_range(98_305..999_999),
            global_spaces: 0,
            personal_spaces: 0,
            suffix: String::new(),
            rng,
        }
    }

    /// Turns the site into another one with the same vocabulary, so that the same events happen there with a different URL, people, ids,
    /// keys and labels. Sites with different numbers below 2^28 share no ids.
    pub(super) fn renumber(&mut self, number: u32) {
        /// The range of ids of a site: more than any story needs that is sent to a receiver.
        const IDS: i64 = 1 << 18;
        let mut rng = random(u64::from(number), 5);
        self.people = (0..PEOPLE).map(|_| person(&mut rng).0).collect();
        self.suffix = format!("X{number:X}");
        let host = format!("-{}.atlassian", self.suffix.to_lowercase());
        self.address = address(&mut rng).replace(".atlassian", &host);
        self.first_id = (1 << 31) + i64::from(number) * IDS;
        self.last_id = self.first_id;
        self.last_space_id = (1 << 20) + i64::from(number) * IDS * 2;
    }

    /// Adds the spaces of an established site.
    pub(super) fn with_spaces(mut self) -> Self {
        const PERSONAL: usize = 4;
        for index in 0..PHRASES.spaces.len() + PERSONAL {
            let (creator, created) = (self.sample_person(), self.past_time(90 * DAY..2000 * DAY));
            let mut space = self.create_space(index >= PHRASES.spaces.len(), &creator, created);
            (space.modifier, space.modified) = (self.sample_person(), self.past_time(DAY..80 * DAY));
            space.home_page_id = self.past_id();
            self.spaces.insert(space.id, space);
        }
        self
    }

    pub(super) fn sample_person(&mut self) -> Arc<Person> {
        Arc::clone(self.people.choose(&mut self.rng).expect("a site has people"))
    }

    /// Samples the index of a space.
    pub(super) fn sample_space(&mut self) -> Option<usize> {
        sample(&self.spaces, &mut self.rng, |_| true)
    }

    /// Creates a space, without adding it to the site. If all people have a personal space already, the space is global.
    pub(super) fn create_space(&mut self, is_personal: bool, creator: &Arc<Person>, created: i64) -> Space {
        let owner = self.people.get(self.personal_spaces).filter(|_| is_personal);
        let (is_personal, creator) = (owner.is_some(), Arc::clone(owner.unwrap_or(creator)));
        let (key, name, description);
        if is_personal {
            self.personal_spaces += 1;
            key = format!("~{}", creator.account_id.replace([':', '-'], ""));
            (name, description) = (creator.name.clone(), String::new());
        } else {
            description = self.space_description();
            if let Some(first) = PHRASES.spaces.get(self.global_spaces) {
                (key, name) = (format!("{}{}", first.key, self.suffix), first.name.clone());
            } else {
                let later = PHRASES.later_spaces.choose(&mut self.rng).expect("there are later spaces");
                key = format!("{}{}{}", later.key, self.global_spaces, self.suffix);
                name = self.vocabulary.capitalized(&later.name, &mut self.rng);
            }
            self.global_spaces += 1;
        }
        self.last_space_id += self.rng.random_range(1..40_000_i64);
        Space {
            id: self.last_space_id,
            key,
            name,
            description,
            is_personal,
            is_archived: false,
            home_page_id: self.next_id(),
            modifier: Arc::clone(&creator),
            creator,
            created,
            modified: created,
        }
    }

    pub(super) fn space_description(&mut self) -> String {
        self.vocabulary.space_description(&mut self.rng)
    }

    pub(super) fn create_content(&mut self, entity: Entity, meta: ObjectMeta, space_id: i64) -> Content {
        let title = self.vocabulary.title(entity, &mut self.rng);
        Content {
            entity,
            meta,
            title,
            space_id,
            is_trashed: false,
            is_archived: false,
            is_live: false,
            parent_id: None,
            labels: Vec::new(),
        }
    }

    pub(super) fn create_attachment(&mut self, meta: ObjectMeta, content_id: i64) -> Attachment {
        let file = text::file_type(&mut self.rng);
        let name = self.vocabulary.fill(&file.name, &mut self.rng);
        let [smallest, largest] = file.sizes;
        let size = self.rng.random_range(smallest..largest);
        let (media_type, is_trashed, is_archived) = (&file.media_type, false, false);
        Attachment { meta, content_id, name, media_type, size, is_trashed, is_archived }
    }

    pub(super) fn create_label(&mut self, name: String, content_id: i64, owner: Arc<Person>) -> Label {
        Label { name, prefix: text::label_prefix(&mut self.rng), content_id, owner }
    }

    /// Returns the name of a label, with the suffix of the site.
    pub(super) fn label_name(&mut self) -> String {
        text::label_name(&mut self.rng) + &self.suffix.to_lowercase()
    }

    /// Creates the metadata of an object that `creator` creates now.
    pub(super) fn create_meta(&mut self, creator: &Arc<Person>) -> ObjectMeta {
        ObjectMeta::new(self.next_id(), creator, self.now)
    }

    /// Creates the next version.
    pub(super) fn update(&mut self, meta: &mut ObjectMeta, by: &Arc<Person>) {
        let (number, when, by) = (meta.version.number + 1, self.now, Arc::clone(by));
        let message = text::version_message(&mut self.rng);
        meta.version = Version { number, when, by, message, is_minor: self.rng.random_ratio(1, 5) };
    }

    /// Returns a new id.
    pub(super) fn next_id(&mut self) -> i64 {
        self.last_id += self.rng.random_range(1..400_i64);
        self.last_id
    }

    /// Returns the id of an older object.
    pub(super) fn past_id(&mut self) -> i64 {
        self.rng.random_range(65_537..self.first_id)
    }

    /// Returns a past time. `milliseconds` is the range of its distance from now.
    pub(super) fn past_time(&mut self, milliseconds: std::ops::Range<i64>) -> i64 {
        shift(self.now, -self.rng.random_range(milliseconds))
    }

    /// Appends the body of an event to `bytes`, and advances the clock by seconds or minutes, as on a busy site.
    pub(super) fn write(&mut self, kind: EventKind, actor: &Person, subject: &Subject, bytes: &mut Vec<u8>) {
        let (actor, space) = match subject {
            // The owner creates a personal space.
            Subject::Space(space) if kind.action() == Action::Created => (&*space.creator, space),
            Subject::Space(space) => (actor, space),
            Subject::Content(content)
            | Subject::Comment(_, content)
            | Subject::Attachment(_, content)
            | Subject::Label(_, content)
            | Subject::Moved { content, .. }
            | Subject::Reordered { parent: content, .. }
            | Subject::Copied(content, _)
            | Subject::Task { content, .. }
            | Subject::Relation(Relation { target: content, .. }) => (actor, &self.spaces[&content.space_id]),
            Subject::Theme(theme) => (actor, &self.spaces[&theme.space_id]),
            Subject::User(_) | Subject::Group(_) | Subject::Search(_) => (actor, &self.spaces[0]),
        };
        let (site, era, timestamp, variation) = (&self.address, self.era, self.now, self.rng.random());
        let options = self.options;
        (self.profile.write_body)(
            &Snapshot { kind, timestamp, actor, site, era, space, subject, options, variation },
            bytes,
        );
        self.now = shift(self.now, self.rng.random_range(800..180_000));
    }
}

/// Samples the index of a matching entry.
pub(super) fn sample<K, V>(
    map: &IndexMap<K, V>,
    rng: &mut ChaCha8Rng,
    predicate: impl Fn(&V) -> bool,
) -> Option<usize> {
    if map.is_empty() {
        return None;
    }
    let start = rng.random_range(0..map.len());
    (start..map.len()).chain(0..start).find(|&index| predicate(&map[index]))
}

/// Creates a person, and returns the first name too. Most names are English. A Japanese name starts with the family name.
pub(super) fn person(rng: &mut ChaCha8Rng) -> (Arc<Person>, String) {
    const JAPANESE: u8 = 5;
    let language = rng.random_range(0..20_u8);
    let (first, last): (&str, &str) = match language {
        0..2 => (de_de::FirstName().fake_with_rng(rng), de_de::LastName().fake_with_rng(rng)),
        2..4 => (fr_fr::FirstName().fake_with_rng(rng), fr_fr::LastName().fake_with_rng(rng)),
        4 => (pt_br::FirstName().fake_with_rng(rng), pt_br::LastName().fake_with_rng(rng)),
        JAPANESE => (ja_jp::FirstName().fake_with_rng(rng), ja_jp::LastName().fake_with_rng(rng)),
        _ => (en::FirstName().fake_with_rng(rng), en::LastName().fake_with_rng(rng)),
    };
    let name = if language == JAPANESE { format!("{last} {first}") } else { format!("{first} {last}") };
    (Arc::new(Person { name, account_id: account_id(rng) }), first.to_owned())
}

/// Returns an account ID in one of three formats: a UUID with one of two issuers, or the older 24 hex digits.
fn account_id(rng: &mut ChaCha8Rng) -> String {
    let uuid = uuid::Builder::from_random_bytes(rng.random()).into_uuid();
    match rng.random_range(0..10_u8) {
        0..5 => format!("557058:{uuid}"),
        5..8 => format!("712020:{uuid}"),
        _ => format!("{:024x}", rng.random::<u128>() >> 32),
    }
}

fn address(rng: &mut ChaCha8Rng) -> String {
    let name: &str = en::LastName().fake_with_rng(rng);
    let suffix = ["group", "labs", "software", "works"].choose(rng).expect("there are suffixes");
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("https://{}-{suffix}.atlassian.net/wiki", name.to_lowercase())
}

/// Adds milliseconds to a time, within the range of RFC 3339.
pub(super) fn shift(time: i64, milliseconds: i64) -> i64 {
    time.saturating_add(milliseconds).clamp(*TIMES.start(), *TIMES.end())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_entry_that_matches_is_sampled_and_no_other() {
        let mut rng = random(1, 0);
        let numbers: IndexMap<u32, u32> = (0..10).map(|number| (number, number)).collect();
        let sampled: BTreeSet<_> = (0..100).map(|_| sample(&numbers, &mut rng, |number| number % 3 == 0)).collect();
        assert_eq!(sampled, [0, 3, 6, 9].map(Some).into());
        assert_eq!(sample(&numbers, &mut rng, |number| *number > 9), None);
        assert_eq!(sample(&IndexMap::<u32, u32>::new(), &mut rng, |_| true), None);
    }
}
