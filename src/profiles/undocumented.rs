//! Events that no document declares.

/// Names of events that Confluence is known to send and that no document declares, in alphabetical order. Sources:
/// Atlassian's Connect module reference, the source of Data Center, and the code of receivers. A profile that declares one
/// takes it from this list into its catalogue.
pub(super) static UNDOCUMENTED: [&str; 27] = [
    "app_policy_changed",
    "blueprint_page_created",
    "connect_addon_disabled",
    "connect_addon_enabled",
    "content_created",
    "content_permissions_updated",
    "content_removed",
    "content_restored",
    "content_trashed",
    "content_updated",
    "group_created",
    "group_removed",
    "page_initialized",
    "page_published",
    "page_snapshotted",
    "page_started",
    "plugin_enabled",
    "relation_created",
    "relation_deleted",
    "search_performed",
    "space_trashed",
    "theme_enabled",
    "user_created",
    "user_deactivated",
    "user_followed",
    "user_reactivated",
    "user_removed",
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
