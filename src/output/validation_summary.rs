//! The end of `validate`: how many inputs there were, their verdicts, and the events that bodies do not name.

use std::fmt::Write;

use crate::models::event::Entity;
use crate::profiles::Profile;
use crate::validation::report::Report;

/// How many inputs were validated, and with which result.
#[derive(Clone, Copy, Debug, Default)]
pub struct ValidationSummary {
    /// Inputs by their conclusion: clean, warnings, errors.
    verdicts: [u64; 3],
    /// Inputs that could not be read.
    pub unreadable: u64,
    /// Findings that were not shown because there were too many.
    pub omitted: u64,
    /// Bodies that do not name their event, by entity.
    unnamed: [u64; Entity::ALL.len()],
    /// Tests of a connection.
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

    /// Adds other counts.
    pub fn add(&mut self, other: &Self) {
        let counts = self.verdicts.iter_mut().chain(&mut self.unnamed);
        counts.zip(other.verdicts.into_iter().chain(other.unnamed)).for_each(|(count, more)| *count += more);
        self.pings += other.pings;
        self.unreadable += other.unreadable;
        self.omitted += other.omitted;
    }

    /// The number of inputs.
    pub fn inputs(&self) -> u64 {
        self.verdicts.iter().sum()
    }

    /// The number of inputs with errors.
    pub const fn errors(&self) -> u64 {
        self.verdicts[2]
    }

    /// Renders one sentence, after a note for each entity with bodies that do not name their event.
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
            1 => text += "note: a ping: the test of a connection, which is no event\n",
            many => {
                // Writing to a String cannot fail.
                let _ = writeln!(text, "note: {many} pings: tests of a connection, which are no events");
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

/// `created, updated, trashed, restored or removed`
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
