//! Subjects that the published document does not have: tasks, users, groups, themes, relations and searches.

use std::sync::Arc;

use rand::RngExt;

use crate::models::snapshot::{Content, Group, Person, Relation, Search, Task, Theme};

use super::site::{Site, person, shift};
use super::text;

const DAY: i64 = 24 * 3_600_000;

impl Site {
    /// Creates an open task with a random assignee. Two in three tasks are due within a month.
    pub(super) fn create_task(&mut self) -> Task {
        let (id, assignee) = (self.next_id(), self.sample_person());
        let due = self.rng.random_ratio(2, 3).then(|| self.due_date());
        Task { id, is_done: false, assignee, due }
    }

    /// Changes a task: its status, its assignee or its due date.
    pub(super) fn change_task(&mut self, task: &mut Task) {
        match self.rng.random_range(0..4_u8) {
            0 => task.assignee = self.sample_other_person(&task.assignee),
            1 if task.due.is_none() => task.due = Some(self.due_date()),
            _ => task.is_done = !task.is_done,
        }
    }

    /// Returns midnight (UTC) on one of the next thirty days.
    fn due_date(&mut self) -> i64 {
        let due = shift(self.now, self.rng.random_range(1..=30) * DAY);
        due - due.rem_euclid(DAY)
    }

    /// Creates a user who is not one of the people of the site.
    pub(super) fn create_person(&mut self) -> Arc<Person> {
        person(&mut self.rng).0
    }

    /// Samples a person other than this one.
    pub(super) fn sample_other_person(&mut self, than: &Arc<Person>) -> Arc<Person> {
        loop {
            let other = self.sample_person();
            if !Arc::ptr_eq(&other, than) {
                return other;
            }
        }
    }

    pub(super) fn create_group(&mut self) -> Group {
        let id = uuid::Builder::from_random_bytes(self.rng.random()).into_uuid().to_string();
        Group { id, name: self.vocabulary.group_name(&mut self.rng) }
    }

    /// Creates a theme other than `old_key`, for one space or for all spaces.
    pub(super) fn create_theme(&mut self, old_key: &'static str, is_global: bool, space_id: i64) -> Theme {
        Theme { is_global, space_id, old_key, new_key: text::other_theme(old_key, &mut self.rng) }
    }

    pub(super) fn create_relation(&mut self, source: &Arc<Person>, target: Content) -> Relation {
        Relation { name: text::relation_name(&mut self.rng), source: Arc::clone(source), target }
    }

    pub(super) fn create_search(&mut self, results: Vec<Content>) -> Search {
        Search { query: self.vocabulary.query(&mut self.rng), results }
    }
}
