//! Completes values that parsers do not list.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};

use clap_complete::engine::{
    ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter,
};

use crate::auth::{self, faults};
use crate::models::event::{Entity, EventKind};
use crate::output::emit;
use crate::probe::cases;
use crate::profiles::{self, KnownEvent, Profile};

use super::help::TEXTS;

fn candidates<T: Into<OsString>>(values: impl IntoIterator<Item = T>) -> Vec<CompletionCandidate> {
    values.into_iter().map(CompletionCandidate::new).collect()
}

/// Completes the sources of `send`: events, `all`, `story`, `ping`, callbacks and files. Offers events of other profiles
/// only after a first letter, because there are many.
pub(super) fn sources() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| {
        let typed_text = typed.to_string_lossy();
        let is_shown =
            |event: &EventKind| !typed.is_empty() || Profile::default_profile().events.all().any(|own| own == *event);
        let events = KnownEvent::all().filter_map(KnownEvent::kind).filter(is_shown).map(EventKind::name);
        let callbacks = auth::ALL.iter().flat_map(|scheme| scheme.callbacks).copied();
        let words = events.chain(["all", "story", "ping"]).chain(callbacks.filter(|_| !typed.is_empty()));
        let mut found = candidates(words.filter(|name| name.starts_with(typed_text.as_ref())));
        found.extend(PathCompleter::any().complete(typed));
        found
    })
}

/// Completes event names, and a pattern such as `page_*` for each entity.
pub(super) fn event_patterns() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        candidates(Entity::ALL.into_iter().take(6).map(Entity::pattern).chain(KnownEvent::all().map(KnownEvent::name)))
    })
}

/// Completes the faults of all schemes, and `list`.
pub(super) fn faults() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let names = auth::ALL.iter().flat_map(|scheme| faults::all(scheme)).map(|fault| fault.name);
        candidates(unique(names.chain(["list"])))
    })
}

/// Removes duplicates: schemes share some faults and cases.
fn unique(names: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut seen = BTreeSet::new();
    names.filter(|name| seen.insert(*name)).collect()
}

/// Completes the ids of probe cases of all schemes.
pub(super) fn probe_cases() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let of_profile = |profile| auth::ALL.iter().flat_map(move |scheme| cases::all(profile, Some(scheme)));
        candidates(unique(profiles::ALL.into_iter().flat_map(of_profile).map(|case| case.id().0)))
    })
}

/// Completes `junit=` and the other report formats. A file name follows.
pub(super) fn reports() -> ArgValueCandidates {
    ArgValueCandidates::new(|| candidates(emit::ALL.map(|format| format!("{}=", format.name))))
}

/// Completes commands, without their subcommands.
pub(super) fn commands() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        candidates(TEXTS.map(|(words, _)| words).into_iter().filter(|words| !words.contains(' ')))
    })
}
