//! The end of a validation: how many bodies, how they came out, and which of them left their event open.

use std::fmt::Write;

use crate::models::event::{Entity, EventKind};
use crate::profiles::ALL;
use crate::validation::report::{Conclusion, Report};

/// How many bodies were judged, and how they came out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Validated {
    /// Bodies that were judged.
    pub inputs: u64,
    /// Those without a finding.
    pub clean: u64,
    /// Those with warnings and no error.
    pub warnings: u64,
    /// Those with errors.
    pub errors: u64,
    /// Inputs that could not be read.
    pub unreadable: u64,
    /// Findings that were not told, because there were more than was asked for.
    pub untold: u64,
    /// Bodies that may be of several events, by what they are about.
    pub open: [u64; Entity::ALL.len()],
}

impl Validated {
    /// Counts one body.
    pub const fn count(&mut self, report: &Report) {
        self.inputs += 1;
        match report.conclusion() {
            Conclusion::Clean => self.clean += 1,
            Conclusion::Warnings => self.warnings += 1,
            Conclusion::Errors => self.errors += 1,
        }
        if let (None, Some(entity)) = (report.kind, report.entity) {
            self.open[entity as usize] += 1;
        }
    }

    /// Takes in what was counted elsewhere.
    pub fn add(&mut self, other: &Self) {
        self.inputs += other.inputs;
        self.clean += other.clean;
        self.warnings += other.warnings;
        self.errors += other.errors;
        self.unreadable += other.unreadable;
        self.untold += other.untold;
        for (open, more) in self.open.iter_mut().zip(other.open) {
            *open += more;
        }
    }

    /// In a sentence for people, after one for each entity whose events were left open.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for (entity, &count) in Entity::ALL.into_iter().zip(&self.open) {
            // Writing to a String cannot fail.
            let _ = match count {
                0 => Ok(()),
                1 => {
                    let article = entity.article();
                    writeln!(text, "note: {article} {}; the body does not say", any_of(entity, "event"))
                }
                many => writeln!(text, "note: {many} {}; the bodies do not say", any_of(entity, "events")),
            };
        }
        let Self { inputs, clean, warnings, errors, unreadable, untold, .. } = self;
        let _ = write!(text, "{inputs} validated: {clean} clean, {warnings} with warnings, {errors} with errors");
        if *unreadable > 0 {
            let _ = write!(text, "; {unreadable} unreadable");
        }
        if *untold > 0 {
            let _ = write!(text, "; {untold} findings not shown");
        }
        text
    }
}

/// `page event: created, updated, trashed, restored or removed`
fn any_of(entity: Entity, events: &str) -> String {
    let mut names: Vec<&str> = ALL[0].events.about(entity).map(what_happened).collect();
    names.sort_by_key(|name| *name == "removed");
    let (last, init) = names.split_last().expect("every entity has events");
    format!("{} {events}: {} or {last}", entity.noun(), init.join(", "))
}

/// `created` of `page_created`.
fn what_happened(kind: EventKind) -> &'static str {
    kind.name().rsplit('_').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_open_is_said_once_an_entity() {
        let mut validated = Validated::default();
        for entity in [Entity::Page, Entity::Label, Entity::Label] {
            validated.count(&Report::clean(None, entity));
        }
        assert_eq!(
            validated.text(),
            "note: a page event: created, updated, trashed, restored or removed; the body does not say\n\
             note: 2 label events: created or removed; the bodies do not say\n\
             3 validated: 3 clean, 0 with warnings, 0 with errors"
        );
    }
}
