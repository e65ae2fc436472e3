//! What stands at each place of the bodies of one event, counted.
//!
//! Memory is bounded at every place, so not all keys and texts are told apart; those are that come first in the alphabet,
//! and not those that came first. What is first of everything is among the first of any part of it, so what a census says
//! does not depend on the parts that the bodies were counted in.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::Value;

use super::tally::{Cursor, Tally, Times, Type};
use super::{Seen, Source};

/// More different keys than this in one object are not names of properties; the others are counted together.
const KEYS: usize = 1000;
/// More different texts than this are no list of values; the others are counted together.
pub(super) const TEXTS: usize = 64;
/// Longer texts, in characters, are no word of a list; they are counted together.
pub(super) const LONGEST: usize = 40;

/// The bodies of one event.
#[derive(Debug, Default)]
pub(super) struct Census {
    pub(super) bodies: u64,
    pub(super) times: Times,
    pub(super) root: Place,
    /// How many values there were, at all places.
    values: u64,
}

/// One place in bodies: a property, or the items of an array.
#[derive(Debug, Default)]
pub(super) struct Place {
    /// How often each type stood here.
    pub(super) types: BTreeMap<Type, Tally>,
    pub(super) texts: Texts,
    pub(super) members: BTreeMap<String, Place>,
    /// What stood under keys beyond the number that is told apart.
    pub(super) others: Option<Box<Place>>,
    pub(super) items: Option<Box<Place>>,
}

/// The texts at one place.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// How often each short text stood here.
    pub(super) short: BTreeMap<String, Tally>,
    /// Short texts beyond the number that is told apart.
    pub(super) more: Option<Tally>,
    pub(super) long: Option<Tally>,
}

impl Census {
    pub(super) fn take(&mut self, source: Source<'_>, body: &Value) {
        let timestamp = body.get("timestamp").and_then(Value::as_i64);
        self.bodies += 1;
        self.times.take(timestamp);
        let mut cursor = Cursor { source, timestamp, pointer: String::new(), number: self.values };
        self.root.take(body, &mut cursor);
        self.values = cursor.number;
    }

    pub(super) fn merge(&mut self, later: Self) {
        self.bodies += later.bodies;
        self.times.merge(later.times);
        self.root.merge(later.root, self.values);
        self.values += later.values;
    }
}

impl Place {
    fn take(&mut self, value: &Value, cursor: &mut Cursor<'_>) {
        cursor.number += 1;
        self.types.entry(Type::of(value)).or_insert_with(|| Tally::new(value, cursor)).take(cursor.timestamp);
        match value {
            Value::String(text) => self.texts.take(text, value, cursor),
            Value::Array(items) => {
                let place = self.items.get_or_insert_default();
                for (index, item) in items.iter().enumerate() {
                    cursor.within(&index.to_string(), |cursor| place.take(item, cursor));
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    cursor.within(key, |cursor| self.member(key).take(member, cursor));
                }
            }
            _ => {}
        }
    }

    fn member(&mut self, key: &str) -> &mut Self {
        // Nearly always the key is known already, and needs no copy.
        if !self.members.contains_key(key) {
            if is_beyond(&self.members, KEYS, key) {
                return self.others.get_or_insert_default();
            }
            self.members.insert(key.to_owned(), Self::default());
            if self.members.len() > KEYS
                && let Some((_, last)) = self.members.pop_last()
            {
                self.others.get_or_insert_default().merge(last, 0);
            }
        }
        self.members.get_mut(key).expect("it has just been put there, and is not the last of too many")
    }

    /// Takes in what was counted elsewhere, of bodies that come after so many values.
    fn merge(&mut self, other: Self, after: u64) {
        for (kind, tally) in other.types {
            add(&mut self.types, kind, tally.after(after));
        }
        self.texts.merge(other.texts, after);
        for (key, place) in other.members {
            self.member(&key).merge(place, after);
        }
        if let Some(others) = other.others {
            self.others.get_or_insert_default().merge(*others, after);
        }
        if let Some(items) = other.items {
            self.items.get_or_insert_default().merge(*items, after);
        }
    }

    /// How often anything stood here.
    pub(super) fn count(&self) -> u64 {
        self.types.values().map(|tally| tally.count).sum()
    }

    /// What stood here, whatever its type; the example is of the first type.
    pub(super) fn seen(&self) -> Option<Seen> {
        let mut tallies = self.types.values();
        let mut seen = tallies.next()?.seen();
        for tally in tallies {
            let mut times = Times { first: seen.first_seen, last: seen.last_seen };
            times.merge(tally.times);
            (seen.first_seen, seen.last_seen) = (times.first, times.last);
            seen.count += tally.count;
        }
        Some(seen)
    }
}

impl Texts {
    fn take(&mut self, text: &str, value: &Value, cursor: &Cursor<'_>) {
        let together = if text.len() > LONGEST && text.chars().nth(LONGEST).is_some() {
            &mut self.long
        } else if let Some(tally) = self.short.get_mut(text) {
            return tally.take(cursor.timestamp);
        } else if is_beyond(&self.short, TEXTS, text) {
            &mut self.more
        } else {
            let mut tally = Tally::new(value, cursor);
            tally.take(cursor.timestamp);
            return self.add(text.to_owned(), tally);
        };
        together.get_or_insert_with(|| Tally::new(value, cursor)).take(cursor.timestamp);
    }

    fn add(&mut self, text: String, tally: Tally) {
        add(&mut self.short, text, tally);
        if self.short.len() > TEXTS
            && let Some((_, last)) = self.short.pop_last()
        {
            join(&mut self.more, last);
        }
    }

    fn merge(&mut self, other: Self, after: u64) {
        for (text, tally) in other.short {
            self.add(text, tally.after(after));
        }
        if let Some(more) = other.more {
            join(&mut self.more, more.after(after));
        }
        if let Some(long) = other.long {
            join(&mut self.long, long.after(after));
        }
    }
}

/// Is a new key one too many, and behind all that are known?
fn is_beyond<T>(known: &BTreeMap<String, T>, most: usize, key: &str) -> bool {
    known.len() >= most && known.last_key_value().is_some_and(|(last, _)| last.as_str() < key)
}

fn add<K: Ord>(tallies: &mut BTreeMap<K, Tally>, key: K, tally: Tally) {
    match tallies.entry(key) {
        Entry::Occupied(mut own) => own.get_mut().merge(tally),
        Entry::Vacant(place) => _ = place.insert(tally),
    }
}

fn join(own: &mut Option<Tally>, other: Tally) {
    match own {
        Some(own) => own.merge(other),
        None => *own = Some(other),
    }
}
