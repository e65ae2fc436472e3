//! The site that events happen on: its people, its spaces, and what is written there.

use fake::Fake;
use fake::faker::name::en::{FirstName, LastName};
use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;

use super::titles;

/// What a generator draws from.
#[derive(Debug)]
pub(super) struct World {
    /// `https://acme.atlassian.net/wiki`
    pub(super) site: String,
    pub(super) people: Vec<Person>,
    pub(super) spaces: Vec<Space>,
}

#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) account_id: String,
}

#[derive(Debug)]
pub(super) struct Space {
    pub(super) id: i64,
    pub(super) key: String,
    pub(super) name: String,
    pub(super) personal: bool,
    pub(super) creator: usize,
}

/// Enough people and spaces that a hundred events are not all by the same three.
const PEOPLE: usize = 24;
const PERSONAL_SPACES: usize = 3;

impl World {
    pub(super) fn new(rng: &mut ChaCha8Rng) -> Self {
        let people: Vec<Person> = (0..PEOPLE).map(|_| Person::new(rng)).collect();
        let global = titles::SPACES.iter().map(|(key, name)| Space {
            id: 0,
            key: (*key).to_owned(),
            name: (*name).to_owned(),
            personal: false,
            creator: 0,
        });
        let personal = people[..PERSONAL_SPACES].iter().enumerate().map(|(index, person)| Space {
            id: 0,
            key: format!("~{}", person.account_id.replace([':', '-'], "")),
            name: person.name.clone(),
            personal: true,
            creator: index,
        });
        let mut spaces: Vec<Space> = global.chain(personal).collect();
        for space in &mut spaces {
            space.id = rng.random_range(98_305..9_999_999);
            if !space.personal {
                space.creator = rng.random_range(0..PEOPLE);
            }
        }
        Self { site: site(rng), people, spaces }
    }

    pub(super) fn person(&self, rng: &mut ChaCha8Rng) -> &Person {
        self.people.choose(rng).expect("a world has people")
    }

    pub(super) fn space(&self, rng: &mut ChaCha8Rng) -> &Space {
        self.spaces.choose(rng).expect("a world has spaces")
    }
}

impl Person {
    fn new(rng: &mut ChaCha8Rng) -> Self {
        let first: &str = FirstName().fake_with_rng(rng);
        let last: &str = LastName().fake_with_rng(rng);
        Self { name: format!("{first} {last}"), account_id: account_id(rng) }
    }
}

/// The three forms that occur: two issuers with a UUID, and the older 24 hex digits.
fn account_id(rng: &mut ChaCha8Rng) -> String {
    let uuid = uuid::Builder::from_random_bytes(rng.random()).into_uuid();
    match rng.random_range(0..10u8) {
        0..5 => format!("557058:{uuid}"),
        5..8 => format!("712020:{uuid}"),
        _ => format!("{:024x}", rng.random::<u128>() >> 32),
    }
}

fn site(rng: &mut ChaCha8Rng) -> String {
    let name: &str = LastName().fake_with_rng(rng);
    let suffix = ["group", "labs", "software", "works"].choose(rng).expect("there are suffixes");
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("https://{}-{suffix}.atlassian.net/wiki", name.to_lowercase())
}

/// An id as Confluence Cloud gives to content: up to ten digits.
pub(super) fn content_id(rng: &mut ChaCha8Rng) -> String {
    rng.random_range(65_537..4_294_967_295_u32).to_string()
}
