//! Undocumented events.

/// Events that Confluence sends and that no profile has, in alphabetical order.
///
/// Sources: Atlassian's Connect module reference, the source of Data Center, and the code of receivers.
pub(super) static UNDOCUMENTED: [&str; 13] = [
    "app_policy_changed",
    "connect_addon_disabled",
    "connect_addon_enabled",
    "content_removed",
    "page_initialized",
    "page_published",
    "page_snapshotted",
    "page_started",
    "plugin_enabled",
    "relation_created",
    "relation_deleted",
    "search_performed",
    "space_trashed",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profiles::find_event;

    #[test]
    fn undocumented_names_are_sorted_and_in_no_catalogue() {
        assert!(UNDOCUMENTED.is_sorted());
        assert!(UNDOCUMENTED.iter().all(|name| find_event(name).is_none()));
    }
}
