//! All profiles, and what is looked up in all of them.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use crate::models::event::{EventKind, UnknownEvent, nearest};

use super::profile::Profile;

/// All profiles, the default first.
pub static ALL: [&Profile; 2] = [&super::published::PROFILE, &super::cloud::PROFILE];

impl Profile {
    /// Returns the profile of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.into_iter().find(|profile| profile.name == name)
    }

    /// Returns the profile that is used unless another is named.
    pub fn default_profile() -> &'static Self {
        ALL[0]
    }

    /// Is it the profile that is used unless another is named?
    pub fn is_default(&self) -> bool {
        self.index() == 0
    }

    /// Returns its index in [`ALL`].
    pub fn index(&self) -> usize {
        ALL.iter().position(|profile| profile.name == self.name).unwrap_or_default()
    }

    /// Returns the other profiles with bodies that validation under this one recognises.
    pub fn recognised_senders(&self) -> impl Iterator<Item = &'static Self> {
        ALL.into_iter().filter(|other| other.is_recognised_by_others && other.name != self.name)
    }
}

/// Returns the event of this name, of any profile.
pub fn find_event(name: &str) -> Option<EventKind> {
    ALL.into_iter().find_map(|profile| profile.events.find(name))
}

impl FromStr for EventKind {
    type Err = UnknownEvent;

    fn from_str(name: &str) -> Result<Self, UnknownEvent> {
        find_event(name).ok_or_else(|| {
            let names = ALL.into_iter().flat_map(|profile| profile.events.all()).map(Self::name);
            UnknownEvent { name: name.to_owned(), nearest: nearest(name, names).and_then(find_event) }
        })
    }
}

impl<'de> Deserialize<'de> for EventKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = EventKind> {
        ALL.into_iter().flat_map(|profile| profile.events.all())
    }

    #[test]
    fn every_name_reads_back_as_its_kind() {
        for kind in all() {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
    }

    #[test]
    fn a_misspelt_name_is_answered_with_the_nearest() {
        for (wrong, meant) in [
            ("page_create", "page_created"),
            ("pageUpdated", "page_updated"),
            ("blogpost_created", "blog_created"),
            ("SPACE_REMOVED", "space_removed"),
            ("coment_removed", "comment_removed"),
        ] {
            let error = wrong.parse::<EventKind>().expect_err("it is misspelt");
            assert_eq!(error.nearest.map(EventKind::name), Some(meant), "{wrong}");
        }
        assert_eq!("hello".parse::<EventKind>().map_err(|error| error.nearest), Err(None));
    }
}
