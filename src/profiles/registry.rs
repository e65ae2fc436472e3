//! All profiles, and what is looked up in all of them.

use crate::models::event::EventKind;

use super::profile::Profile;

/// All profiles, the default first.
pub static ALL: [&Profile; 4] =
    [&super::published::PROFILE, &super::cloud::PROFILE, &super::datacenter::PROFILE, &super::forge::PROFILE];

impl Profile {
    /// Returns the profile of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.into_iter().find(|profile| profile.name == name)
    }

    /// Returns the profile that is used unless another is named.
    pub fn default_profile() -> &'static Self {
        ALL[0]
    }

    /// Returns the profile with this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        ALL.into_iter().find(|profile| profile.name == name)
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

/// Says which profiles have something: `--profile datacenter` has it.
pub fn profiles_with(has: impl Fn(&Profile) -> bool) -> Option<String> {
    let profiles = ALL.iter().filter(|profile| has(profile));
    let options: Vec<String> = profiles.map(|profile| format!("`--profile {profile}`")).collect();
    match options.split_last()? {
        (only, []) => Some(format!("{only} has it")),
        (last, init) => Some(format!("{} and {last} have it", init.join(", "))),
    }
}
