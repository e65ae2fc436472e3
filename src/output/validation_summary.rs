//! The summary of `validate`: the number of inputs, their verdicts, and the events that bodies do not name.

use std::fmt::Write;

use crate::models::event::Entity;
use crate::profiles::Profile;
use crate::validation::report::Report;

/// Counts the validated inputs by result.
#[derive(Clone, Copy, Debug, Default)]
pub struct ValidationSummary {
    /// The inputs by verdict: clean, warnings, errors.
    verdicts: [u64; 3],
    /// The unreadable inputs.
    pub unreadable: u64,
    /// The findings that were left out because there were too many.
    pub omitted: u64,
    /// The bodies that do not name their event, by entity.
    unnamed: [u64; Entity::ALL.len()],
    /// The connection tests.
    pings: u64,
}

impl ValidationSummary {
    /// Counts one input.
    pub const fn count(&mut self, report: &Report) {
        self.verdicts[report.verdict() as usize] += 1;
        self.pings += report.is_ping as u64;
        if let (None, Some(entity)) = (report.kind, report.entity) {
            self.unnamed[entity as usize] += 1;
        }
    }

    /// Adds the counts of another summary.
    pub fn add(&mut self, other: &Self) {
        let counts = self.verdicts.iter_mut().chain(&mut self.unnamed);
        counts.zip(other.verdicts.into_iter().chain(other.unnamed)).for_each(|(count, more)| *count += more);
        self.pings += other.pings;
        self.unreadable += other.unreadable;
        self.omitted += other.omitted;
    }

    /// Returns the number of inputs.
    pub fn inputs(&self) -> u64 {
        self.verdicts.iter().sum()
    }

    /// Returns the number of inputs with errors.
    pub const fn errors(&self) -> u64 {
        self.verdicts[2]
    }

    /// Renders a note for each entity with bodies that do not name their event, and then one sentence.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (entity, count) in Entity::ALL.into_iter().zip(self.unnamed).filter(|(_, count)| *count > 0) {
            let (count, events, bodies) = match count {
                1 => (entity.article().to_owned(), "event", "the body does not name it"),
                many => (many.to_string(), "events", "the bodies do not name them"),
            };
            // Writing to a String cannot fail.
            let _ = writeln!(text, "note: {count} {} {events}: {}; {bodies}", entity.noun(), transitions(entity));
        }
        match self.pings {
            0 => {}
            1 => text += "note: 1 ping, a connection test and not an event\n",
            many => {
                // Writing to a String cannot fail.
                let _ = writeln!(text, "note: {many} pings, connection tests and not events");
            }
        }
        let [clean, warnings, errors] = self.verdicts;
        let inputs = self.inputs();
        let _ = write!(text, "{inputs} validated: {clean} clean, {warnings} with warnings, {errors} with errors");
        if self.unreadable > 0 {
            let _ = write!(text, "; {} unreadable", self.unreadable);
        }
        if self.omitted > 0 {
            let _ = write!(text, "; {} findings not shown", self.omitted);
        }
        text
    }
}

/// Returns the possible transitions: `created, updated, trashed, restored or removed`.
fn transitions(entity: Entity) -> String {
    let names = Profile::default_profile()
        .events
        .all()
        .filter(|kind| kind.entity() == entity)
        .filter_map(|kind| kind.name().rsplit('_').next());
    let mut names: Vec<&str> = names.collect();
    names.sort_by_key(|name| *name == "removed");
    let (last, init) = names.split_last().expect("every entity has events");
    format!("{} or {last}", init.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_that_are_not_named_are_noted_once_per_entity() {
        let mut summary = ValidationSummary::default();
        for entity in [Entity::Page, Entity::Label, Entity::Label] {
            summary.count(&Report::clean(None, entity));
        }
        assert_eq!(
            summary.text(),
            "note: a page event: created, updated, trashed, restored or removed; the body does not name it\n\
             note: 2 label events: created or removed; the bodies do not name them\n\
             3 validated: 3 clean, 0 with warnings, 0 with errors"
        );
    }
}
