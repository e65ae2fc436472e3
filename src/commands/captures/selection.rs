//! Selects deliveries of a folder by options.

use crate::cli::captures::DeliveryFilter;
use crate::inspector::Inspector;
use crate::inspector::filter::Filter;
use crate::inspector::summary::Summary;
use crate::store::folder::SavedDelivery;

/// Selects deliveries.
pub(super) struct Selection {
    inspector: Inspector,
    filter: Filter,
}

impl Selection {
    pub(super) fn new(options: DeliveryFilter) -> Self {
        let DeliveryFilter { event, status, verdict, auth, since, until, search, profile } = options;
        Self {
            inspector: Inspector { profile, scheme: None },
            filter: Filter { events: event, statuses: status, verdicts: verdict, auth, since, until, search },
        }
    }

    /// Returns the row of a delivery if it is selected.
    pub(super) fn choose(&self, delivery: &SavedDelivery) -> anyhow::Result<Option<Summary>> {
        let summary = self.inspector.summary(delivery)?;
        let is_chosen =
            self.filter.matches(&summary) && (self.filter.finds_in_row(&summary) || self.finds_in_capture(delivery)?);
        Ok(is_chosen.then_some(summary))
    }

    pub(super) const fn inspector(&self) -> &Inspector {
        &self.inspector
    }

    fn finds_in_capture(&self, delivery: &SavedDelivery) -> anyhow::Result<bool> {
        if delivery.capture.is_none() {
            return Ok(false);
        }
        Ok(self.filter.finds_in_request(&self.inspector.capture(delivery)?.delivery))
    }
}
