//! All profiles, and lookups in them.

use crate::models::event::EventKind;

use super::profile::Profile;

/// All profiles. The default profile is first.
pub static ALL: [&Profile; 4] =
    [&super::published::PROFILE, &super::cloud::PROFILE, &super::datacenter::PROFILE, &super::forge::PROFILE];

impl Profile {
    /// Returns the profile with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.into_iter().find(|profile| profile.name == name)
    }

    /// Returns the default profile.
    pub fn default_profile() -> &'static Self {
        ALL[0]
    }

    /// Returns the profile with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        ALL.into_iter().find(|profile| profile.name == name)
    }

    /// Returns whether it is the default profile.
    pub fn is_default(&self) -> bool {
        self.index() == 0
    }

    /// Returns its index in [`ALL`].
    pub fn index(&self) -> usize {
        ALL.iter().position(|profile| profile.name == self.name).unwrap_or_default()
    }

    /// Returns the profiles that validation recognizes under this profile: those with another document.
    pub fn recognised_senders(&self) -> impl Iterator<Item = &'static Self> {
        ALL.into_iter().filter(|other| other.is_recognised_by_others && other.json != self.json)
    }
}

/// Returns the event with this name in any profile.
pub fn find_event(name: &str) -> Option<EventKind> {
    ALL.into_iter().find_map(|profile| profile.events.find(name))
}

/// Returns a sentence about the profiles that match: `--profile datacenter` has it.
pub fn profiles_with(has: impl Fn(&Profile) -> bool) -> Option<String> {
    let profiles = ALL.iter().filter(|profile| has(profile));
    let options: Vec<String> = profiles.map(|profile| format!("`--profile {profile}`")).collect();
    match options.split_last()? {
        (only, []) => Some(format!("{only} has it")),
        (last, init) => Some(format!("{} and {last} have it", init.join(", "))),
    }
}
