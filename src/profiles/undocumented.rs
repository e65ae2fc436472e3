//! Events that no document declares.

/// Names of events that Confluence is known to send and that no document declares, in alphabetical order. Sources:
/// Atlassian's Connect module reference and code of receivers.
pub static UNDOCUMENTED: [&str; 17] = [
    "attachment_restored",
    "attachment_trashed",
    "blog_moved",
    "blog_restored",
    "blog_trashed",
    "content_created",
    "content_removed",
    "content_updated",
    "label_added",
    "label_deleted",
    "page_archived",
    "page_children_reordered",
    "page_copied",
    "page_moved",
    "page_unarchived",
    "space_logo_updated",
    "space_permissions_updated",
];

/// Is this an event that Confluence is known to send although no document declares it?
pub fn is_undocumented(name: &str) -> bool {
    UNDOCUMENTED.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profiles::find_event;

    #[test]
    fn undocumented_names_are_sorted_and_in_no_catalogue() {
        assert!(UNDOCUMENTED.is_sorted());
        assert!(UNDOCUMENTED.iter().all(|name| find_event(name).is_none()));
        assert!(is_undocumented("page_moved"));
    }
}
