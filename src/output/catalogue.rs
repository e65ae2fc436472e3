//! The rows of fixed tables: events, rules, faults and probe cases.

use serde::Serialize;

use crate::auth::{Fault, SchemeInfo};
use crate::models::event::EventRow;
use crate::models::rule::{RuleInfo, Severity};
use crate::models::status_pattern::ExpectedStatuses;
use crate::probe::cases::Case;

use super::show::Show;
use super::style::Style;

/// A row in the list of events.
#[derive(Debug, Serialize)]
pub struct EventLine {
    /// The event.
    #[serde(flatten)]
    pub row: &'static EventRow,
    /// The number of columns for the names of all events.
    #[serde(skip)]
    pub width: usize,
}

impl Show for EventLine {
    fn text(&self, style: Style) -> String {
        let EventRow { name, alias, entity, description, evidence, .. } = self.row;
        let name = style.bold(&format!("{name:<width$}", width = self.width));
        let alias = alias.map(|alias| format!(" [{alias}]")).unwrap_or_default();
        format!("{name}  {:<13}  {:<10}  {description}{alias}\n", entity.key(), evidence.name())
    }
}

impl Show for RuleInfo {
    fn text(&self, style: Style) -> String {
        let name = style.bold(&format!("{:<20}", self.id));
        let severity = format!("{:<7}", self.severity.name());
        let severity = match self.severity {
            Severity::Error => style.red(&severity),
            Severity::Warning => style.yellow(&severity),
        };
        format!("{name}  {severity}  {:<8}  {}\n", self.origin.name(), self.description)
    }
}

/// A row in the list of faults.
#[derive(Debug, Serialize)]
pub struct FaultLine {
    #[serde(flatten)]
    fault: &'static Fault,
    /// The statuses that a correct receiver responds with.
    expected: ExpectedStatuses,
}

impl FaultLine {
    /// Returns the row of a fault for deliveries with this scheme.
    pub fn new(fault: &'static Fault, scheme: &SchemeInfo) -> Self {
        Self { fault, expected: fault.handling.statuses(scheme.covers_body) }
    }
}

impl Show for FaultLine {
    fn text(&self, style: Style) -> String {
        let Fault { name, description, .. } = self.fault;
        format!("{}  {:<10}  {description}\n", style.bold(&format!("{name:<21}")), self.expected)
    }
}

impl Show for Case {
    fn text(&self, style: Style) -> String {
        let needs = self.options.map(|options| format!(" (needs {options})")).unwrap_or_default();
        let name = style.bold(&format!("{:<26}", self.info.id));
        format!("{name}  {:<6}  {}{needs}\n", self.info.level.name(), self.info.sent)
    }
}
