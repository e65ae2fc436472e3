//! A snapshot: what happened to which thing, by whom, when. It is written down in a profile's shape.

use crate::models::event::EventKind;

use super::entities::{Attachment, Comment, Content, Label, Space};
use super::site::{Person, Site};

/// In how many orders the keys of a body may come.
pub(super) const ORDERS: usize = 3;

/// One thing that happened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Snapshot<'a> {
    pub(super) world: &'a Site,
    pub(super) kind: EventKind,
    /// In milliseconds since the Unix epoch.
    pub(super) now: i64,
    /// Who did it.
    pub(super) actor: usize,
    /// A number below `ORDERS`: where a profile's keys come in several orders, which of them.
    pub(super) order: usize,
    pub(super) subject: Subject<'a>,
}

/// What it happened to, as it is after it happened; what was removed, as it was.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject<'a> {
    Content(&'a Content),
    Space(&'a Space),
    Comment(&'a Comment, &'a Content),
    Attachment(&'a Attachment, &'a Content),
    Label(&'a Label, &'a Content),
}

impl<'a> Snapshot<'a> {
    pub(super) fn actor(&self) -> &'a Person {
        self.world.person(self.actor)
    }
}
