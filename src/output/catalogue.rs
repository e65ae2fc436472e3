//! The rows of the tables that need no input: events, rules, faults, cases of `probe`.

use crate::auth::Fault;
use crate::models::event::EventRow;
use crate::models::rule::{RuleInfo, Severity};
use crate::probe::cases::Case;

use super::show::Show;
use super::style::Style;

impl Show for EventRow {
    fn text(&self, style: Style) -> String {
        let name = style.bold(&format!("{:<18}", self.name));
        format!("{name}  {:<10}  {}\n", self.entity.key(), self.description)
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

impl Show for Fault {
    fn text(&self, style: Style) -> String {
        format!("{}  {}\n", style.bold(&format!("{:<19}", self.name)), self.description)
    }
}

impl Show for Case {
    fn text(&self, style: Style) -> String {
        format!("{}  {:<6}  {}\n", style.bold(&format!("{:<26}", self.info.id)), self.info.level.name(), self.info.sent)
    }
}
